"""Indexes of the two libraries.

The statements are a frozen copy: what an old database ran must not change when db/ddl.py does.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-22T21:30:01:000000"
VERSION = "1.38.0"
DESCRIPTION = "Indexes of the two libraries"

STATEMENTS = {
    "sqlite": [
        'DROP INDEX "employer_once_per_station"',
        'DROP INDEX "referral_open_pair"',
        'CREATE UNIQUE INDEX "employer_once_per_station" ON "employer" ("station", "id_index")\n    WHERE NOT ("source" = \'SELF\' AND "state" IN (\'PENDING\', \'REJECTED\'))',
        'CREATE UNIQUE INDEX "referral_open_pair" ON "referral" ("job", "seeker")\n    WHERE "state" IN (\'APPLIED\', \'PROPOSED\', \'WORKER_ACCEPTED\', \'EMPLOYER_ACCEPTED\', \'CONFIRMED\')',
        'CREATE INDEX "reveal_account_day" ON "reveal" ("account", "day")',
        'CREATE INDEX "reveal_subject" ON "reveal" ("subject", "subject_id", "id")',
        'CREATE UNIQUE INDEX "alert_once_a_day" ON "alert" ("kind", "station", "subject", "subject_id", "day")',
        'CREATE INDEX "alert_station_open" ON "alert" ("station", "cleared_at")',
        'CREATE UNIQUE INDEX "seeker_version_number" ON "seeker_version" ("seeker", "number")',
        'CREATE UNIQUE INDEX "device_of_account" ON "device" ("key", "account")',
        'CREATE UNIQUE INDEX "account_work_no_once" ON "account" ("station", "work_no") WHERE "station" IS NOT NULL AND "work_no" <> \'\'',
        'CREATE UNIQUE INDEX "account_of_seeker" ON "account" ("seeker") WHERE "seeker" IS NOT NULL',
        'CREATE INDEX "referral_seeker_station_newest" ON "referral" ("seeker_station", "id")',
        'CREATE INDEX "job_alert_live" ON "job_alert" ("ended_at", "id")',
        'CREATE INDEX "seeker_station_confirmed" ON "seeker" ("station", "state", "confirmed_on")',
        'CREATE INDEX "seeker_name_birth" ON "seeker" ("name", "birth_date")',
        'CREATE INDEX "job_newest" ON "job" ("published_at") WHERE "listed"',
        'CREATE INDEX "job_station_verified" ON "job" ("station", "state", "verified_on")',
        'CREATE INDEX "import_station_newest" ON "import" ("station", "id")',
        'CREATE UNIQUE INDEX "retention_run_once" ON "retention_run" ("confirmed")',
        'CREATE INDEX "export_station_newest" ON "export" ("station", "id")',
        'CREATE INDEX "export_asker_newest" ON "export" ("asked_by", "id")',
        'CREATE UNIQUE INDEX "import_row_once" ON "import_row" ("batch", "row")',
        'CREATE VIRTUAL TABLE seeker_search USING fts5(body, content=\'\', tokenize="unicode61 tokenchars \'_\'", detail=\'none\')',
    ],
    "postgres": [
        'DROP INDEX "employer_once_per_station"',
        'DROP INDEX "referral_open_pair"',
        'CREATE UNIQUE INDEX "employer_once_per_station" ON "employer" ("station", "id_index")\n    WHERE NOT ("source" = \'SELF\' AND "state" IN (\'PENDING\', \'REJECTED\'))',
        'CREATE UNIQUE INDEX "referral_open_pair" ON "referral" ("job", "seeker")\n    WHERE "state" IN (\'APPLIED\', \'PROPOSED\', \'WORKER_ACCEPTED\', \'EMPLOYER_ACCEPTED\', \'CONFIRMED\')',
        'CREATE INDEX "reveal_account_day" ON "reveal" ("account", "day")',
        'CREATE INDEX "reveal_subject" ON "reveal" ("subject", "subject_id", "id")',
        'CREATE UNIQUE INDEX "alert_once_a_day" ON "alert" ("kind", "station", "subject", "subject_id", "day")',
        'CREATE INDEX "alert_station_open" ON "alert" ("station", "cleared_at")',
        'CREATE UNIQUE INDEX "seeker_version_number" ON "seeker_version" ("seeker", "number")',
        'CREATE UNIQUE INDEX "device_of_account" ON "device" ("key", "account")',
        'CREATE UNIQUE INDEX "account_work_no_once" ON "account" ("station", "work_no") WHERE "station" IS NOT NULL AND "work_no" <> \'\'',
        'CREATE UNIQUE INDEX "account_of_seeker" ON "account" ("seeker") WHERE "seeker" IS NOT NULL',
        'CREATE INDEX "referral_seeker_station_newest" ON "referral" ("seeker_station", "id")',
        'CREATE INDEX "job_alert_live" ON "job_alert" ("ended_at", "id")',
        'CREATE INDEX "seeker_station_confirmed" ON "seeker" ("station", "state", "confirmed_on")',
        'CREATE INDEX "seeker_name_birth" ON "seeker" ("name", "birth_date")',
        'CREATE INDEX "job_newest" ON "job" ("published_at") WHERE "listed"',
        'CREATE INDEX "job_station_verified" ON "job" ("station", "state", "verified_on")',
        'CREATE INDEX "import_station_newest" ON "import" ("station", "id")',
        'CREATE UNIQUE INDEX "retention_run_once" ON "retention_run" ("confirmed")',
        'CREATE INDEX "export_station_newest" ON "export" ("station", "id")',
        'CREATE INDEX "export_asker_newest" ON "export" ("asked_by", "id")',
        'CREATE UNIQUE INDEX "import_row_once" ON "import_row" ("batch", "row")',
        'CREATE TABLE seeker_search (id bigint PRIMARY KEY, tokens tsvector NOT NULL)',
        'CREATE INDEX seeker_search_tokens ON seeker_search USING gin (tokens)',
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
