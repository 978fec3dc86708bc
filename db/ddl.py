"""The schema beyond tables: indexes over several columns, triggers, the search index. One list per engine.

Migrations keep their own frozen copy of what stood here when they were made (`db.migrate`). A change here needs a
new migration; `python -m db.migrate check` and script/check say when one is missing.
"""

from __future__ import annotations

from db.kept_records import KEPT_TRIGGERS, SUBMITTED_ONCE

# The public board reads listed posts by their first day: begun ones newest first (a scan backwards), coming ones soonest
# first. Each filter that may find few posts has the same pair, so that no page reads through everybody else's posts.
# What else is asked stands at the end, so that a post that does not answer, or is only counted, is not even opened.
BOARD_INDEXES = [
    f'CREATE INDEX "job_{name}_{phase}" ON "job" ({column}"start_date", "id"{direction}, "valid_to", "end_date", {rest}) WHERE "listed"'
    for name, column, rest in (
        ("board", "", '"trade", "subdistrict", "settle_cycle", "benefits"'),
        ("trade", '"trade", ', '"subdistrict", "settle_cycle", "benefits"'),
        ("subdistrict", '"subdistrict", ', '"trade", "settle_cycle", "benefits"'),
        ("settle", '"settle_cycle", ', '"trade", "subdistrict", "benefits"'),
    )
    for phase, direction in (("begun", ""), ("coming", " DESC"))
]

# Indexes both engines understand. Every list page needs one that serves its WHERE and ORDER BY.
_INDEXES = [
    'CREATE UNIQUE INDEX "journal_entry_place" ON "journal_entry" ("chain", "seq")',
    'CREATE UNIQUE INDEX "journal_entry_hash" ON "journal_entry" ("hash")',
    'CREATE INDEX "journal_entry_subject" ON "journal_entry" ("subject", "subject_id")',
    'CREATE INDEX "journal_entry_station_at" ON "journal_entry" ("station_id", "at")',
    *BOARD_INDEXES,
    # Whoever registers online learns nothing of an earlier registration: theirs stands beside it until it is verified.
    """CREATE UNIQUE INDEX "employer_once_per_station" ON "employer" ("station", "id_index")
    WHERE NOT ("source" = 'SELF' AND "state" IN ('PENDING', 'REJECTED'))""",
    'CREATE UNIQUE INDEX "job_version_number" ON "job_version" ("job", "number")',
    'CREATE INDEX "job_station_state" ON "job" ("station", "state")',
    'CREATE INDEX "seeker_station_newest" ON "seeker" ("station", "id")',
    'CREATE UNIQUE INDEX "seeker_trade_once" ON "seeker_trade" ("seeker", "trade")',
    'CREATE UNIQUE INDEX "refusal_count_day" ON "refusal_count" ("station", "day")',
    'CREATE INDEX "referral_station_newest" ON "referral" ("station", "id")',
    # A worker is proposed for a post once at a time.
    """CREATE UNIQUE INDEX "referral_open_pair" ON "referral" ("job", "seeker")
    WHERE "state" IN ('APPLIED', 'PROPOSED', 'WORKER_ACCEPTED', 'EMPLOYER_ACCEPTED', 'CONFIRMED')""",
    'CREATE UNIQUE INDEX "rule_board_version" ON "rule_board" ("station", "kind", "version")',
    'CREATE UNIQUE INDEX "paper_copy" ON "paper" ("kind", "number", "copy_number")',
    'CREATE UNIQUE INDEX "placement_once" ON "placement" ("referral")',
    'CREATE UNIQUE INDEX "placement_day" ON "placement" ("seeker", "job", "started_on")',
    'CREATE INDEX "placement_station_day" ON "placement" ("station", "started_on")',
    'CREATE INDEX "agreement_station_newest" ON "agreement" ("station", "id")',
    # One agreement in force per referral; one that ended without being carried out makes room for the next. Its amendment
    # stands beside it until both sides have signed that one.
    """CREATE UNIQUE INDEX "agreement_live" ON "agreement" ("referral")
    WHERE "amends" IS NULL AND "state" NOT IN ('VOID', 'CANCELLED', 'AMENDED')""",
    """CREATE UNIQUE INDEX "agreement_amended_once" ON "agreement" ("amends")
    WHERE "amends" IS NOT NULL AND "state" NOT IN ('VOID', 'CANCELLED')""",
    'CREATE UNIQUE INDEX "agreement_wording_version" ON "agreement_wording" ("type", "version")',
    'CREATE UNIQUE INDEX "official_text_version" ON "official_text" ("type", "version")',
    'CREATE INDEX "guidance_referral_newest" ON "guidance" ("referral", "id")',
    'CREATE INDEX "incoming_scan_station_newest" ON "incoming_scan" ("station", "id")',
    # One sitting at a time, and one signature per side of it.
    'CREATE UNIQUE INDEX "signing_open" ON "signing" ("agreement") WHERE "ended_at" IS NULL',
    'CREATE UNIQUE INDEX "signature_once" ON "signature" ("signing", "side")',
    'CREATE INDEX "paper_station_newest" ON "paper" ("station", "id")',
    'CREATE INDEX "print_run_station_newest" ON "print_run" ("station", "id")',
    'CREATE UNIQUE INDEX "print_item_place" ON "print_item" ("run", "position")',
    'CREATE INDEX "reveal_account_day" ON "reveal" ("account", "day")',
    'CREATE INDEX "reveal_subject" ON "reveal" ("subject", "subject_id", "id")',
    'CREATE UNIQUE INDEX "alert_once_a_day" ON "alert" ("kind", "station", "above", "subject", "subject_id", "day")',
    'CREATE INDEX "alert_station_open" ON "alert" ("station", "cleared_at")',
    'CREATE UNIQUE INDEX "seeker_version_number" ON "seeker_version" ("seeker", "number")',
    'CREATE UNIQUE INDEX "device_of_account" ON "device" ("key", "account")',
    # One account one person: a work number is given once at a station, whether the account is in use or not.
    """CREATE UNIQUE INDEX "account_work_no_once" ON "account" ("station", "work_no") WHERE "station" IS NOT NULL AND "work_no" <> ''""",
    """CREATE UNIQUE INDEX "account_of_seeker" ON "account" ("seeker") WHERE "seeker" IS NOT NULL""",
    'CREATE INDEX "referral_seeker_station_newest" ON "referral" ("seeker_station", "id")',
    'CREATE INDEX "job_alert_live" ON "job_alert" ("ended_at", "id")',
    'CREATE INDEX "seeker_station_confirmed" ON "seeker" ("station", "state", "confirmed_on")',
    'CREATE INDEX "seeker_name_birth" ON "seeker" ("name", "birth_date")',
    'CREATE INDEX "job_newest" ON "job" ("published_at") WHERE "listed"',
    'CREATE INDEX "job_station_verified" ON "job" ("station", "state", "verified_on")',
    'CREATE INDEX "import_station_newest" ON "import" ("station", "id")',
    # A dry run is carried out once.
    'CREATE UNIQUE INDEX "retention_run_once" ON "retention_run" ("confirmed")',
    'CREATE INDEX "export_station_newest" ON "export" ("station", "id")',
    'CREATE INDEX "export_asker_newest" ON "export" ("asked_by", "id")',
    'CREATE UNIQUE INDEX "import_row_once" ON "import_row" ("batch", "row")',
    'CREATE UNIQUE INDEX "calling_rule_version" ON "calling_rule" ("station", "version")',
    # One draw a day: a seed that was published cannot be replaced by a better one.
    'CREATE UNIQUE INDEX "draw_of_day" ON "draw" ("station", "day")',
    # Once a day however often somebody is scanned, and no ticket twice.
    'CREATE UNIQUE INDEX "sign_in_once" ON "sign_in" ("station", "day", "seeker")',
    'CREATE UNIQUE INDEX "sign_in_ticket" ON "sign_in" ("station", "day", "ticket")',
    'CREATE INDEX "call_station_day" ON "call" ("station", "day", "id")',
    # One member of staff takes care of an order at a time.
    """CREATE UNIQUE INDEX "order_take_live" ON "order_take" ("job") WHERE "state" = 'TAKEN'""",
    'CREATE INDEX "order_take_live_at" ON "order_take" ("station", "state", "deadline")',
    """CREATE UNIQUE INDEX "neighbour_once" ON "neighbour" ("station", "neighbour") WHERE "ended_at" IS NULL""",
    'CREATE UNIQUE INDEX "match_run_number" ON "match_run" ("station", "number")',
    'CREATE UNIQUE INDEX "suggestion_pair" ON "suggestion" ("run", "job", "seeker")',
    'CREATE INDEX "placement_seeker_start" ON "placement" ("seeker", "started_on")',
    'CREATE INDEX "placement_station_end" ON "placement" ("station", "ended_on")',
    'CREATE INDEX "placement_station_pay" ON "placement" ("station", "pay_due_on")',
    'CREATE INDEX "follow_up_of_placement" ON "follow_up" ("placement", "kind", "side")',
    'CREATE INDEX "follow_up_station_newest" ON "follow_up" ("station", "id")',
    'CREATE UNIQUE INDEX "rating_ticket_once" ON "rating_ticket" ("referral", "side")',
    'CREATE UNIQUE INDEX "rating_once" ON "rating" ("referral", "side", "about")',
    'CREATE INDEX "rating_station_newest" ON "rating" ("station", "id")',
    'CREATE INDEX "complaint_station_newest" ON "complaint" ("station", "id")',
    'CREATE INDEX "legal_case_station_newest" ON "legal_case" ("station", "id")',
    'CREATE INDEX "legal_case_employer_state" ON "legal_case" ("employer", "state")',
    'CREATE INDEX "screen_live" ON "screen" ("station", "revoked_at")',
    # What one person did on one day; with the kind, so that days are counted without opening an entry.
    'CREATE INDEX "journal_entry_account_at" ON "journal_entry" ("account_id", "at", "kind")',
    'CREATE UNIQUE INDEX "signed_day_round" ON "signed_day" ("account", "day", "round")',
    'CREATE INDEX "signed_day_station_day" ON "signed_day" ("station", "day")',
    'CREATE INDEX "correction_of_record" ON "correction" ("record", "record_id")',
    'CREATE INDEX "correction_station_newest" ON "correction" ("station", "id")',
    'CREATE INDEX "correction_station_month" ON "correction" ("station", "month")',
    # Corrections of one field stand in one line: of two people who correct the same value, the second is told.
    """CREATE UNIQUE INDEX "correction_first" ON "correction" ("record", "record_id", "field") WHERE "replaces" IS NULL""",
    """CREATE UNIQUE INDEX "correction_replaced_once" ON "correction" ("replaces") WHERE "replaces" IS NOT NULL""",
    'CREATE INDEX "correction_entry" ON "correction" ("entry")',
    'CREATE INDEX "activity_station_newest" ON "activity" ("station", "id")',
    'CREATE INDEX "activity_station_day" ON "activity" ("station", "kind", "held_on")',
    """CREATE UNIQUE INDEX "seeker_group_once" ON "seeker_group" ("seeker", "kind") WHERE "ended_at" IS NULL""",
    'CREATE UNIQUE INDEX "ledger_of_month" ON "ledger" ("station", "month")',
    'CREATE INDEX "ledger_month_state" ON "ledger" ("month", "state")',
    'CREATE UNIQUE INDEX "ledger_version_once" ON "ledger_version" ("ledger", "version")',
    'CREATE INDEX "sample_station_newest" ON "sample" ("station", "id")',
    'CREATE UNIQUE INDEX "sample_line_place" ON "sample_line" ("sample", "position")',
    'CREATE UNIQUE INDEX "signed_head_day" ON "signed_head" ("chain", "day")',
    # What the ledger and the statistics count by month.
    'CREATE INDEX "job_station_created" ON "job" ("station", "created_at")',
    'CREATE INDEX "seeker_station_created" ON "seeker" ("station", "created_at")',
    'CREATE INDEX "referral_station_created" ON "referral" ("station", "created_at")',
    'CREATE INDEX "employer_station_created" ON "employer" ("station", "created_at")',
    'CREATE INDEX "agreement_station_created" ON "agreement" ("station", "created_at")',
    'CREATE INDEX "follow_up_station_made" ON "follow_up" ("station", "made_on")',
    'CREATE INDEX "rating_station_given" ON "rating" ("station", "given_at")',
    # Referrals by the station whose staff made them, reviews by decision, and what was entered late: few among very many.
    'CREATE INDEX "referral_credited" ON "referral" (COALESCE("referred_by", "station"), "created_at")',
    'CREATE INDEX "job_review_decided" ON "job_review" ("decision", "at")',
    """CREATE INDEX "journal_entry_late" ON "journal_entry" ("station_id", "at") WHERE "body" LIKE '%"late_reason":%'""",
]

INDEXES: dict[str, list[str]] = {"sqlite": _INDEXES, "postgres": _INDEXES}


def append_only(table: str) -> dict[str, list[str]]:
    """Triggers that refuse every UPDATE and DELETE (and TRUNCATE) of `table`: ConstraintViolated "append_only".

    On SQLite INSERT OR REPLACE is refused too, through recursive_triggers, which every connection sets.
    """
    sqlite = [
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only: {verb}'); END"
        for verb in ("UPDATE", "DELETE")
    ]
    postgres = [
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    ]
    return {"sqlite": sqlite, "postgres": postgres}


_REFUSE_CHANGE = """CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN
  RAISE EXCEPTION '% is append-only: %', tg_table_name, tg_op USING errcode = 'restrict_violation';
END $f$"""

# The numbers and hashes must continue the chain, or INSERT OR REPLACE and gaps would rewrite history.
_SQLITE_LINK = """CREATE TRIGGER journal_entry_link BEFORE INSERT ON journal_entry BEGIN
  SELECT RAISE(ABORT, 'journal_entry is append-only: REPLACE') WHERE EXISTS (
    SELECT 1 FROM journal_entry
    WHERE (chain = new.chain AND seq = new.seq) OR hash = new.hash OR id = new.id);
  SELECT RAISE(ABORT, 'journal_entry is append-only: wrong number') WHERE typeof(new.seq) <> 'integer'
    OR new.seq IS NOT coalesce((SELECT max(seq) FROM journal_entry WHERE chain = new.chain), 0) + 1;
  SELECT RAISE(ABORT, 'journal_entry is append-only: wrong link') WHERE length(new.hash) <> 64
    OR new.prev IS NOT coalesce(
      (SELECT hash FROM journal_entry WHERE chain = new.chain ORDER BY seq DESC LIMIT 1), '{zero}');
  SELECT RAISE(ABORT, 'journal_entry is append-only: corrects an unknown entry') WHERE new.corrects IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM journal_entry WHERE id = new.corrects AND chain = new.chain);
END""".format(zero="0" * 64)

# The lock makes writers of one chain wait for each other; who comes late starts again with the new head.
_POSTGRES_LINK = [
    """CREATE FUNCTION journal_entry_link() RETURNS trigger LANGUAGE plpgsql AS $f$
DECLARE head record;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('journal_entry:' || new.chain, 0));
  SELECT seq, hash INTO head FROM journal_entry WHERE chain = new.chain ORDER BY seq DESC LIMIT 1;
  IF new.seq IS DISTINCT FROM coalesce(head.seq, 0) + 1
    OR new.prev IS DISTINCT FROM coalesce(head.hash, repeat('0', 64)) THEN
    RAISE EXCEPTION 'journal_entry: the chain has gone on' USING errcode = 'serialization_failure';
  END IF;
  IF length(new.hash) <> 64 THEN
    RAISE EXCEPTION 'journal_entry is append-only: wrong link' USING errcode = 'restrict_violation';
  END IF;
  IF new.corrects IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM journal_entry WHERE id = new.corrects AND chain = new.chain) THEN
    RAISE EXCEPTION 'journal_entry is append-only: corrects an unknown entry' USING errcode = 'restrict_violation';
  END IF;
  RETURN new;
END $f$""",
    "CREATE TRIGGER journal_entry_link BEFORE INSERT ON journal_entry FOR EACH ROW EXECUTE FUNCTION journal_entry_link()",
]

JOURNAL_TRIGGERS: dict[str, list[str]] = {
    "sqlite": [*append_only("journal_entry")["sqlite"], _SQLITE_LINK],
    "postgres": [_REFUSE_CHANGE, *append_only("journal_entry")["postgres"], *_POSTGRES_LINK],
}

# Tables beside the journal whose rows must never change: "ledger_snapshot", …
_APPEND_ONLY: list[str] = [
    *("evidence", "calling_rule", *SUBMITTED_ONCE),
    *("correction_review", "signed_day", "ledger_version", "ledger_step", "verification", "signed_head"),
]

# A published seed stays as it is, and a draw is held once: afterwards nothing of it changes, and no draw goes away.
_DRAW_KEPT = """old.held_at IS NOT NULL OR new.held_at IS NULL OR new.id <> old.id OR new.station <> old.station
    OR new.day <> old.day OR new.seed <> old.seed OR new.published_at <> old.published_at"""
DRAW_TRIGGERS: dict[str, list[str]] = {
    "sqlite": [
        f"""CREATE TRIGGER draw_no_update BEFORE UPDATE ON draw WHEN {_DRAW_KEPT}
  BEGIN SELECT RAISE(ABORT, 'draw is append-only: UPDATE'); END""",
        "CREATE TRIGGER draw_no_delete BEFORE DELETE ON draw BEGIN SELECT RAISE(ABORT, 'draw is append-only: DELETE'); END",
    ],
    "postgres": [
        f"CREATE TRIGGER draw_no_update BEFORE UPDATE ON draw FOR EACH ROW WHEN ({_DRAW_KEPT}) EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER draw_no_delete BEFORE DELETE ON draw FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER draw_no_truncate BEFORE TRUNCATE ON draw FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    ],
}

TRIGGERS: dict[str, list[str]] = {
    engine: [
        *JOURNAL_TRIGGERS[engine],
        *(each for table in _APPEND_ONLY for each in append_only(table)[engine]),
        *DRAW_TRIGGERS[engine],
        *KEPT_TRIGGERS[engine],
    ]
    for engine in ("sqlite", "postgres")
}

# What public pages are made of. SQLite counts the changes of these alone, so that sign-ins and printing leave kept pages be;
# PostgreSQL has no cheap count that follows commits, its pages go by every commit (`version`).
PUBLIC_TABLES = ("job", "job_version", "employer", "station", "subdistrict", "rule_board", "emblem")
PUBLIC_CHANGES: dict[str, list[str]] = {
    "sqlite": [
        "CREATE TABLE public_change (count INTEGER NOT NULL)",
        "INSERT INTO public_change (count) VALUES (0)",
        *(
            f"CREATE TRIGGER {table}_public_{verb.lower()} AFTER {verb} ON {table} BEGIN UPDATE public_change SET count = count + 1; END"
            for table in PUBLIC_TABLES
            for verb in ("INSERT", "UPDATE", "DELETE")
        ),
    ],
    "postgres": [],
}

# Tokens are made by one Python function for both engines; see db/search.py.
_FTS = "CREATE VIRTUAL TABLE {} USING fts5(body, content='', tokenize=\"unicode61 tokenchars '_'\", detail='none')"
_GIN = ("CREATE TABLE {0} (id bigint PRIMARY KEY, tokens tsvector NOT NULL)", "CREATE INDEX {0}_tokens ON {0} USING gin (tokens)")
SEARCH: dict[str, list[str]] = {
    "sqlite": [_FTS.format(name) for name in ("job_search", "seeker_search")],
    "postgres": [statement.format(name) for name in ("job_search", "seeker_search") for statement in _GIN],
}


def statements(engine_type: str) -> list[str]:
    """Everything of this module in the order it must run, after the tables exist."""
    return [*INDEXES[engine_type], *TRIGGERS[engine_type], *SEARCH[engine_type], *PUBLIC_CHANGES[engine_type]]
