"""The schema beyond tables: indexes over several columns, triggers, the search index. One list per engine.

Migrations keep their own frozen copy of what stood here when they were made (`db.migrate`). A change here needs a
new migration; `python -m db.migrate check` and script/check say when one is missing.
"""

from __future__ import annotations

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
    'CREATE UNIQUE INDEX "employer_once_per_station" ON "employer" ("station", "id_index")',
    'CREATE UNIQUE INDEX "job_version_number" ON "job_version" ("job", "number")',
    'CREATE INDEX "job_station_state" ON "job" ("station", "state")',
    'CREATE INDEX "seeker_station_newest" ON "seeker" ("station", "id")',
    'CREATE UNIQUE INDEX "seeker_trade_once" ON "seeker_trade" ("seeker", "trade")',
    'CREATE UNIQUE INDEX "refusal_count_day" ON "refusal_count" ("station", "day")',
    'CREATE INDEX "referral_station_newest" ON "referral" ("station", "id")',
    # A worker is proposed for a post once at a time.
    """CREATE UNIQUE INDEX "referral_open_pair" ON "referral" ("job", "seeker")
    WHERE "state" IN ('PROPOSED', 'WORKER_ACCEPTED', 'EMPLOYER_ACCEPTED', 'CONFIRMED')""",
    'CREATE UNIQUE INDEX "rule_board_version" ON "rule_board" ("station", "kind", "version")',
    'CREATE UNIQUE INDEX "paper_copy" ON "paper" ("kind", "number", "copy_number")',
    'CREATE UNIQUE INDEX "placement_once" ON "placement" ("referral")',
    'CREATE UNIQUE INDEX "placement_day" ON "placement" ("seeker", "job", "started_on")',
    'CREATE INDEX "placement_station_day" ON "placement" ("station", "started_on")',
    'CREATE INDEX "agreement_station_newest" ON "agreement" ("station", "id")',
    # One agreement in force per referral; a voided one makes room for the next.
    """CREATE UNIQUE INDEX "agreement_live" ON "agreement" ("referral") WHERE "state" <> 'VOID'""",
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
_APPEND_ONLY: list[str] = []

TRIGGERS: dict[str, list[str]] = {
    engine: [*JOURNAL_TRIGGERS[engine], *(each for table in _APPEND_ONLY for each in append_only(table)[engine])]
    for engine in ("sqlite", "postgres")
}

# Tokens are made by one Python function for both engines; see db/search.py.
SEARCH: dict[str, list[str]] = {
    "sqlite": ["CREATE VIRTUAL TABLE job_search USING fts5(body, content='', tokenize=\"unicode61 tokenchars '_'\", detail='none')"],
    "postgres": [
        "CREATE TABLE job_search (id bigint PRIMARY KEY, tokens tsvector NOT NULL)",
        "CREATE INDEX job_search_tokens ON job_search USING gin (tokens)",
    ],
}


def statements(engine_type: str) -> list[str]:
    """Everything of this module in the order it must run, after the tables exist."""
    return [*INDEXES[engine_type], *TRIGGERS[engine_type], *SEARCH[engine_type]]
