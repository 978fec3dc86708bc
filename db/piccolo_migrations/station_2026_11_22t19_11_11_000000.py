"""Indexes, triggers and the search index of the opening schema.

The statements are a frozen copy: what an old database ran must not change when db/ddl.py does.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-22T19:11:11:000000"
VERSION = "1.38.0"
DESCRIPTION = "Indexes, triggers and the search index of the opening schema"

STATEMENTS = {
    "sqlite": [
        'CREATE UNIQUE INDEX "journal_entry_place" ON "journal_entry" ("chain", "seq")',
        'CREATE UNIQUE INDEX "journal_entry_hash" ON "journal_entry" ("hash")',
        'CREATE INDEX "journal_entry_subject" ON "journal_entry" ("subject", "subject_id")',
        'CREATE INDEX "journal_entry_station_at" ON "journal_entry" ("station_id", "at")',
        'CREATE INDEX "job_board_begun" ON "job" ("start_date", "id", "valid_to", "end_date", "trade", "subdistrict", "settle_cycle", "benefits") WHERE "listed"',
        'CREATE INDEX "job_board_coming" ON "job" ("start_date", "id" DESC, "valid_to", "end_date", "trade", "subdistrict", "settle_cycle", "benefits") WHERE "listed"',
        'CREATE INDEX "job_trade_begun" ON "job" ("trade", "start_date", "id", "valid_to", "end_date", "subdistrict", "settle_cycle", "benefits") WHERE "listed"',
        'CREATE INDEX "job_trade_coming" ON "job" ("trade", "start_date", "id" DESC, "valid_to", "end_date", "subdistrict", "settle_cycle", "benefits") WHERE "listed"',
        'CREATE INDEX "job_subdistrict_begun" ON "job" ("subdistrict", "start_date", "id", "valid_to", "end_date", "trade", "settle_cycle", "benefits") WHERE "listed"',
        'CREATE INDEX "job_subdistrict_coming" ON "job" ("subdistrict", "start_date", "id" DESC, "valid_to", "end_date", "trade", "settle_cycle", "benefits") WHERE "listed"',
        'CREATE INDEX "job_settle_begun" ON "job" ("settle_cycle", "start_date", "id", "valid_to", "end_date", "trade", "subdistrict", "benefits") WHERE "listed"',
        'CREATE INDEX "job_settle_coming" ON "job" ("settle_cycle", "start_date", "id" DESC, "valid_to", "end_date", "trade", "subdistrict", "benefits") WHERE "listed"',
        'CREATE UNIQUE INDEX "employer_once_per_station" ON "employer" ("station", "id_index")',
        'CREATE UNIQUE INDEX "job_version_number" ON "job_version" ("job", "number")',
        'CREATE INDEX "job_station_state" ON "job" ("station", "state")',
        'CREATE INDEX "seeker_station_newest" ON "seeker" ("station", "id")',
        'CREATE UNIQUE INDEX "seeker_trade_once" ON "seeker_trade" ("seeker", "trade")',
        'CREATE UNIQUE INDEX "refusal_count_day" ON "refusal_count" ("station", "day")',
        'CREATE INDEX "referral_station_newest" ON "referral" ("station", "id")',
        'CREATE UNIQUE INDEX "referral_open_pair" ON "referral" ("job", "seeker")\n    WHERE "state" IN (\'PROPOSED\', \'WORKER_ACCEPTED\', \'EMPLOYER_ACCEPTED\', \'CONFIRMED\')',
        'CREATE UNIQUE INDEX "rule_board_version" ON "rule_board" ("station", "kind", "version")',
        'CREATE UNIQUE INDEX "paper_copy" ON "paper" ("kind", "number", "copy_number")',
        'CREATE UNIQUE INDEX "placement_once" ON "placement" ("referral")',
        'CREATE UNIQUE INDEX "placement_day" ON "placement" ("seeker", "job", "started_on")',
        'CREATE INDEX "placement_station_day" ON "placement" ("station", "started_on")',
        'CREATE INDEX "agreement_station_newest" ON "agreement" ("station", "id")',
        'CREATE UNIQUE INDEX "agreement_live" ON "agreement" ("referral") WHERE "state" <> \'VOID\'',
        "CREATE TRIGGER journal_entry_no_update BEFORE UPDATE ON journal_entry BEGIN SELECT RAISE(ABORT, 'journal_entry is append-only: UPDATE'); END",
        "CREATE TRIGGER journal_entry_no_delete BEFORE DELETE ON journal_entry BEGIN SELECT RAISE(ABORT, 'journal_entry is append-only: DELETE'); END",
        "CREATE TRIGGER journal_entry_link BEFORE INSERT ON journal_entry BEGIN\n  SELECT RAISE(ABORT, 'journal_entry is append-only: REPLACE') WHERE EXISTS (\n    SELECT 1 FROM journal_entry\n    WHERE (chain = new.chain AND seq = new.seq) OR hash = new.hash OR id = new.id);\n  SELECT RAISE(ABORT, 'journal_entry is append-only: wrong number') WHERE typeof(new.seq) <> 'integer'\n    OR new.seq IS NOT coalesce((SELECT max(seq) FROM journal_entry WHERE chain = new.chain), 0) + 1;\n  SELECT RAISE(ABORT, 'journal_entry is append-only: wrong link') WHERE length(new.hash) <> 64\n    OR new.prev IS NOT coalesce(\n      (SELECT hash FROM journal_entry WHERE chain = new.chain ORDER BY seq DESC LIMIT 1), '0000000000000000000000000000000000000000000000000000000000000000');\n  SELECT RAISE(ABORT, 'journal_entry is append-only: corrects an unknown entry') WHERE new.corrects IS NOT NULL\n    AND NOT EXISTS (SELECT 1 FROM journal_entry WHERE id = new.corrects AND chain = new.chain);\nEND",
        'CREATE VIRTUAL TABLE job_search USING fts5(body, content=\'\', tokenize="unicode61 tokenchars \'_\'", detail=\'none\')',
    ],
    "postgres": [
        'CREATE UNIQUE INDEX "journal_entry_place" ON "journal_entry" ("chain", "seq")',
        'CREATE UNIQUE INDEX "journal_entry_hash" ON "journal_entry" ("hash")',
        'CREATE INDEX "journal_entry_subject" ON "journal_entry" ("subject", "subject_id")',
        'CREATE INDEX "journal_entry_station_at" ON "journal_entry" ("station_id", "at")',
        'CREATE INDEX "job_board_begun" ON "job" ("start_date", "id", "valid_to", "end_date", "trade", "subdistrict", "settle_cycle", "benefits") WHERE "listed"',
        'CREATE INDEX "job_board_coming" ON "job" ("start_date", "id" DESC, "valid_to", "end_date", "trade", "subdistrict", "settle_cycle", "benefits") WHERE "listed"',
        'CREATE INDEX "job_trade_begun" ON "job" ("trade", "start_date", "id", "valid_to", "end_date", "subdistrict", "settle_cycle", "benefits") WHERE "listed"',
        'CREATE INDEX "job_trade_coming" ON "job" ("trade", "start_date", "id" DESC, "valid_to", "end_date", "subdistrict", "settle_cycle", "benefits") WHERE "listed"',
        'CREATE INDEX "job_subdistrict_begun" ON "job" ("subdistrict", "start_date", "id", "valid_to", "end_date", "trade", "settle_cycle", "benefits") WHERE "listed"',
        'CREATE INDEX "job_subdistrict_coming" ON "job" ("subdistrict", "start_date", "id" DESC, "valid_to", "end_date", "trade", "settle_cycle", "benefits") WHERE "listed"',
        'CREATE INDEX "job_settle_begun" ON "job" ("settle_cycle", "start_date", "id", "valid_to", "end_date", "trade", "subdistrict", "benefits") WHERE "listed"',
        'CREATE INDEX "job_settle_coming" ON "job" ("settle_cycle", "start_date", "id" DESC, "valid_to", "end_date", "trade", "subdistrict", "benefits") WHERE "listed"',
        'CREATE UNIQUE INDEX "employer_once_per_station" ON "employer" ("station", "id_index")',
        'CREATE UNIQUE INDEX "job_version_number" ON "job_version" ("job", "number")',
        'CREATE INDEX "job_station_state" ON "job" ("station", "state")',
        'CREATE INDEX "seeker_station_newest" ON "seeker" ("station", "id")',
        'CREATE UNIQUE INDEX "seeker_trade_once" ON "seeker_trade" ("seeker", "trade")',
        'CREATE UNIQUE INDEX "refusal_count_day" ON "refusal_count" ("station", "day")',
        'CREATE INDEX "referral_station_newest" ON "referral" ("station", "id")',
        'CREATE UNIQUE INDEX "referral_open_pair" ON "referral" ("job", "seeker")\n    WHERE "state" IN (\'PROPOSED\', \'WORKER_ACCEPTED\', \'EMPLOYER_ACCEPTED\', \'CONFIRMED\')',
        'CREATE UNIQUE INDEX "rule_board_version" ON "rule_board" ("station", "kind", "version")',
        'CREATE UNIQUE INDEX "paper_copy" ON "paper" ("kind", "number", "copy_number")',
        'CREATE UNIQUE INDEX "placement_once" ON "placement" ("referral")',
        'CREATE UNIQUE INDEX "placement_day" ON "placement" ("seeker", "job", "started_on")',
        'CREATE INDEX "placement_station_day" ON "placement" ("station", "started_on")',
        'CREATE INDEX "agreement_station_newest" ON "agreement" ("station", "id")',
        'CREATE UNIQUE INDEX "agreement_live" ON "agreement" ("referral") WHERE "state" <> \'VOID\'',
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $f$\nBEGIN\n  RAISE EXCEPTION '% is append-only: %', tg_table_name, tg_op USING errcode = 'restrict_violation';\nEND $f$",
        'CREATE TRIGGER journal_entry_no_change BEFORE UPDATE OR DELETE ON journal_entry FOR EACH ROW EXECUTE FUNCTION refuse_change()',
        'CREATE TRIGGER journal_entry_no_truncate BEFORE TRUNCATE ON journal_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()',
        "CREATE FUNCTION journal_entry_link() RETURNS trigger LANGUAGE plpgsql AS $f$\nDECLARE head record;\nBEGIN\n  PERFORM pg_advisory_xact_lock(hashtextextended('journal_entry:' || new.chain, 0));\n  SELECT seq, hash INTO head FROM journal_entry WHERE chain = new.chain ORDER BY seq DESC LIMIT 1;\n  IF new.seq IS DISTINCT FROM coalesce(head.seq, 0) + 1\n    OR new.prev IS DISTINCT FROM coalesce(head.hash, repeat('0', 64)) THEN\n    RAISE EXCEPTION 'journal_entry: the chain has gone on' USING errcode = 'serialization_failure';\n  END IF;\n  IF length(new.hash) <> 64 THEN\n    RAISE EXCEPTION 'journal_entry is append-only: wrong link' USING errcode = 'restrict_violation';\n  END IF;\n  IF new.corrects IS NOT NULL\n    AND NOT EXISTS (SELECT 1 FROM journal_entry WHERE id = new.corrects AND chain = new.chain) THEN\n    RAISE EXCEPTION 'journal_entry is append-only: corrects an unknown entry' USING errcode = 'restrict_violation';\n  END IF;\n  RETURN new;\nEND $f$",
        'CREATE TRIGGER journal_entry_link BEFORE INSERT ON journal_entry FOR EACH ROW EXECUTE FUNCTION journal_entry_link()',
        'CREATE TABLE job_search (id bigint PRIMARY KEY, tokens tsvector NOT NULL)',
        'CREATE INDEX job_search_tokens ON job_search USING gin (tokens)',
    ],
}


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="station", description=DESCRIPTION)

    async def run():
        engine = engine_finder()
        for statement in STATEMENTS[engine.engine_type]:
            await engine.run_ddl(statement)

    manager.add_raw(run)
    return manager
