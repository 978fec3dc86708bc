"""What the database itself keeps as it was submitted (art. 23), for every table that holds records: triggers on both engines.

No row of these tables goes away. Of their columns
- `fixed` never change;
- `once` are written once, and afterwards change only to what a row of `correction` says for exactly this record and field
  (the correction no other one replaces; its `stored`);
- `blanked` may also become empty, when personal data have been kept long enough (db/actions/retention.py);
- `sealed` may become empty or be sealed anew under another key (db/rotate_keys.py), and nothing else;
- `settled` is (sealed column, moment): rewritten while it is a draft, kept like `sealed` once the moment is set;
- what is not named here follows the record's life: its state, who works on it, when it is next due.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kept:
    """The columns of one table, by how they are kept. `id` is always fixed."""

    fixed: tuple[str, ...] = ()
    once: tuple[str, ...] = ()
    blanked: tuple[str, ...] = ()
    sealed: tuple[str, ...] = ()
    settled: tuple[tuple[str, str], ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column the trigger looks at."""
        return ("id", *self.fixed, *self.once, *self.blanked, *self.sealed, *(name for name, _ in self.settled))


KEPT: dict[str, Kept] = {
    "placement": Kept(
        fixed=("referral", "job", "seeker", "station", "evidence", "recorded_by", "recorded_at"),
        once=(
            *("started_on", "evidence_note", "supplied_by", "ended_on", "ended_how", "ended_by_side", "ended_reason"),
            *("worked_minutes", "pieces", "pay_due_fen", "pay_due_on", "ended_recorded_by", "ended_recorded_at", "disputed_at"),
        ),
    ),
    "referral": Kept(
        fixed=("number", "job", "job_version", "seeker", "station", "seeker_station", "created_by", "created_at"),
        once=("worker_reason", "employer_reason", "employer_answered_by", "close_reason"),
    ),
    "agreement": Kept(
        fixed=("number", "referral", "station", "amends", "drafted_by", "created_at"),
        once=(
            *("signed_at", "delivered_at", "delivered_how", "delivered_by", "archived_at", "archive_place"),
            *("ended_on", "end_reason", "ended_by", "notice_on", "notice_how", "voided_at", "void_reason"),
        ),
        settled=(("values", "signed_at"),),
    ),
    "signed_scan": Kept(fixed=("agreement", "media_type", "size", "sha256", "uploaded_by", "uploaded_at")),
    "signature": Kept(
        fixed=("signing", "agreement", "side", "place", "strokes_sha256", "text_sha256", "code_checked_at", "signed_at", "witnessed_by"),
        sealed=("strokes",),
    ),
    "guidance": Kept(
        fixed=("number", "referral", "station", "proposed_type", "proposed_by_row", "chosen_type", "given_by", "given_at"),
        blanked=("override_reason",),
        sealed=("answers",),
    ),
    "follow_up": Kept(
        fixed=(
            *("placement", "referral", "station", "kind", "side", "attempt", "due_on", "answered", "again", "fee_charged", "injured"),
            *("disputed", "agreement_got", "complaint", "legal_case", "made_by", "made_on", "made_at"),
        ),
        once=("method", "result", "satisfaction", "arrived", "performance", "pay_state", "pay_fen"),
        blanked=("spoken_with",),
        sealed=("note",),
    ),
    "rating": Kept(
        fixed=(
            *("referral", "station", "side", "about", "attitude", "speed", "accuracy", "surroundings", "tags", "how"),
            *("recorded_by", "given_at"),
        ),
        once=("replied_at", "replied_by"),
        sealed=("words", "reply"),
    ),
    "complaint": Kept(
        fixed=("number", "station", "kind", "source", "referral", "follow_up_id", "seeker", "employer", "opened_by", "opened_at"),
        sealed=("words", "contact"),
    ),
    "complaint_step": Kept(fixed=("complaint", "state", "by", "at"), sealed=("words",)),
    "legal_case": Kept(
        fixed=("number", "station", "kind", "referral", "placement", "follow_up_id", "employer", "seeker", "opened_by", "opened_at"),
        once=("claim_fen", "recovered_fen", "limit_on"),
        sealed=("facts",),
    ),
    "case_step": Kept(fixed=("legal_case", "state", "by", "at"), sealed=("words",)),
    "paper": Kept(
        fixed=(
            *("number", "kind", "copy_number", "subject", "subject_id", "station", "sha256", "unsigned_sha256"),
            *("issued_by", "issued_at"),
        ),
        once=("voided_at", "voided_by", "void_reason"),
        sealed=("snapshot",),
    ),
    "correction": Kept(
        fixed=(
            *("number", "station", "record", "record_id", "record_number", "field", "old_text", "new_text", "stored", "reason"),
            *("month", "replaces", "entry", "ledger", "made_by", "made_at"),
        ),
        sealed=("old_sealed", "new_sealed"),
    ),
    "activity": Kept(
        fixed=("number", "station", "kind", "topic", "level", "employer", "seeker", "late_reason", "recorded_by", "recorded_at"),
        once=("held_on", "title", "people", "offered", "wanted", "matched", "outcome", "place", "amount_fen"),
        sealed=("note",),
    ),
    "sign_in": Kept(
        fixed=("station", "day", "ticket", "seeker", "arrived_at", "signed_at", "late", "waiting_since", "token", "signed_by"),
        once=("how",),
    ),
    "call": Kept(
        fixed=("station", "day", "sign_in", "job", "kind", "reason", "note", "named", "before", "counter", "made_by", "made_at"),
        once=("referral_number",),
    ),
    "job": Kept(fixed=("source", "author", "created_at")),
    "job_version": Kept(
        fixed=("job", "number", "terms", "changed", "author", "created_at"),
        sealed=("exact_address", "contact_name", "contact_phone", "pickup_place"),
    ),
    "job_appeal": Kept(fixed=("job", "reason", "asked_by", "asked_at"), once=("decision", "decision_reason", "decided_by", "decided_at")),
    "employer": Kept(fixed=("source", "created_by", "created_at")),
    "seeker": Kept(fixed=("number", "source", "created_by")),
    "seeker_version": Kept(fixed=("seeker", "number", "changed", "author", "at"), blanked=("reason",), sealed=("record",)),
    "seeker_group": Kept(fixed=("seeker", "kind", "added_by", "added_at"), once=("ended_by", "ended_at")),
    "consent": Kept(
        fixed=("seeker", "purpose", "notice_version", "wording", "method", "given_at", "recorded_by"), once=("withdrawn_at", "withdrawn_by")
    ),
    "rights_request": Kept(fixed=("seeker", "kind", "field", "by_proxy", "asked_by", "asked_at")),
    "order_take": Kept(fixed=("job", "station", "round", "ring", "taken_by", "taken_at"), once=("ended_at", "ended_by", "ended_reason")),
    "ledger": Kept(fixed=("station", "month")),
    "sample": Kept(fixed=("number", "station", "month", "seed", "published_by", "published_at"), once=("drawn_by", "drawn_at")),
    "sample_line": Kept(fixed=("sample", "position", "placement"), once=("verdict", "note", "checked_by", "checked_on", "checked_at")),
}
"""Table → what of it is kept. Retention empties columns here and deletes no row of these tables."""

LOOKED_AT = Kept(fixed=("account", "station", "subject", "subject_id", "fields", "purpose", "day", "at"), blanked=("note",))
"""Looks at personal data (reveal): kept like the rest while they are kept; their own rule takes them out after three years."""

SUBMITTED_ONCE = ("job_review", "job_outcome", "employer_decision", "lint_release")
"""Tables whose rows never change at all."""

_KEEP_SUBMITTED = """CREATE FUNCTION keep_submitted() RETURNS trigger LANGUAGE plpgsql AS $f$
DECLARE
  was jsonb := to_jsonb(old); will jsonb := to_jsonb(new);
  each text; how text; name text; before text; after text; said text;
BEGIN
  FOREACH each IN ARRAY TG_ARGV LOOP
    how := split_part(each, ':', 1); name := split_part(each, ':', 2);
    before := coalesce(was ->> name, ''); after := coalesce(will ->> name, '');
    CONTINUE WHEN before = after;
    IF how = 'once' THEN
      CONTINUE WHEN before = '';
      SELECT c.stored INTO said FROM correction c WHERE c.record = tg_table_name AND c.record_id = old.id AND c.field = name
        AND NOT EXISTS (SELECT 1 FROM correction l WHERE l.replaces = c.id);
      CONTINUE WHEN said = after;
    ELSIF how = 'blanked' THEN
      CONTINUE WHEN after = '';
    ELSIF how = 'settled' AND was ->> split_part(each, ':', 3) IS NULL THEN
      CONTINUE;
    ELSIF how IN ('sealed', 'settled') THEN
      CONTINUE WHEN before = '' OR after = '' OR (after LIKE 's1.%' AND split_part(after, '.', 3) <> split_part(before, '.', 3));
    END IF;
    RAISE EXCEPTION '% is append-only: UPDATE of %', tg_table_name, name USING errcode = 'restrict_violation';
  END LOOP;
  RETURN new;
END $f$"""


def _same(column: str) -> str:
    return f'new."{column}" IS NOT old."{column}"'


def _resealed(column: str) -> str:
    """Not a first writing, not emptied, and not under another key (the third part of "s1.<suite>.<key>.<text>")."""
    key = "substr({0}, 6, instr(substr({0}, 6), '.'))"
    old, new = key.format(f'old."{column}"'), key.format(f'new."{column}"')
    return f"old.\"{column}\" <> '' AND new.\"{column}\" <> '' AND ({new} = {old} OR new.\"{column}\" NOT LIKE 's1.%')"


def _sqlite_guards(table: str, kept: Kept) -> list[str]:
    guards = [_same(column) for column in ("id", *kept.fixed)]
    for column in kept.once:
        said = (
            f"(SELECT c.stored FROM correction c WHERE c.record = '{table}' AND c.record_id = old.id AND c.field = '{column}'"
            " AND NOT EXISTS (SELECT 1 FROM correction l WHERE l.replaces = c.id))"
        )
        guards.append(
            f'{_same(column)} AND old."{column}" IS NOT NULL AND old."{column}" <> \'\''
            f" AND {said} IS NOT CAST(coalesce(new.\"{column}\", '') AS TEXT)"
        )
    guards += [f"{_same(column)} AND new.\"{column}\" IS NOT ''" for column in kept.blanked]
    guards += [f"{_same(column)} AND {_resealed(column)}" for column in kept.sealed]
    guards += [f'{_same(column)} AND old."{moment}" IS NOT NULL AND {_resealed(column)}' for column, moment in kept.settled]
    return guards


def _arguments(kept: Kept) -> str:
    given = [f"fixed:{column}" for column in ("id", *kept.fixed)]
    for how in ("once", "blanked", "sealed"):
        given += [f"{how}:{column}" for column in getattr(kept, how)]
    given += [f"settled:{column}:{moment}" for column, moment in kept.settled]
    return ", ".join(f"'{each}'" for each in given)


def _update(engine: str, table: str, kept: Kept) -> str:
    of = ", ".join(f'"{column}"' for column in kept.columns)
    if engine == "postgres":
        return (
            f'CREATE TRIGGER {table}_kept_update BEFORE UPDATE OF {of} ON "{table}" FOR EACH ROW'
            f" EXECUTE FUNCTION keep_submitted({_arguments(kept)})"
        )
    guards = "\n    OR ".join(f"({guard})" for guard in _sqlite_guards(table, kept))
    return (
        f'CREATE TRIGGER {table}_kept_update BEFORE UPDATE OF {of} ON "{table}" WHEN {guards}\n'
        f"  BEGIN SELECT RAISE(ABORT, '{table} is append-only: UPDATE'); END"
    )


def _removal(engine: str, table: str) -> list[str]:
    """On SQLite REPLACE is refused with it, through recursive_triggers, which every connection sets."""
    if engine == "postgres":
        return [
            f'CREATE TRIGGER {table}_kept_delete BEFORE DELETE ON "{table}" FOR EACH ROW EXECUTE FUNCTION refuse_change()',
            f'CREATE TRIGGER {table}_kept_truncate BEFORE TRUNCATE ON "{table}" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()',
        ]
    return [
        f"CREATE TRIGGER {table}_kept_delete BEFORE DELETE ON \"{table}\" BEGIN SELECT RAISE(ABORT, '{table} is append-only: DELETE'); END"
    ]


def _kept(engine: str) -> list[str]:
    made = [_KEEP_SUBMITTED] if engine == "postgres" else []
    for table, kept in KEPT.items():
        made += [*_removal(engine, table), _update(engine, table, kept)]
    return [*made, _update(engine, "reveal", LOOKED_AT)]


KEPT_TRIGGERS: dict[str, list[str]] = {engine: _kept(engine) for engine in ("sqlite", "postgres")}
"""The statements, after `refuse_change()` exists."""
