"""Indexes of agreements and papers.

The statements are a frozen copy: what an old database ran must not change when db/ddl.py does.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-23T05:00:01:000000"
VERSION = "1.38.0"
DESCRIPTION = "Indexes of agreements and papers"

STATEMENTS = {
    "sqlite": [
        'DROP INDEX "agreement_live"',
        'CREATE UNIQUE INDEX "agreement_live" ON "agreement" ("referral")\n    WHERE "amends" IS NULL AND "state" NOT IN (\'VOID\', \'CANCELLED\', \'AMENDED\')',
        'CREATE UNIQUE INDEX "agreement_amended_once" ON "agreement" ("amends")\n    WHERE "amends" IS NOT NULL AND "state" NOT IN (\'VOID\', \'CANCELLED\')',
        'CREATE UNIQUE INDEX "agreement_wording_version" ON "agreement_wording" ("type", "version")',
        'CREATE UNIQUE INDEX "official_text_version" ON "official_text" ("type", "version")',
        'CREATE INDEX "guidance_referral_newest" ON "guidance" ("referral", "id")',
        'CREATE INDEX "incoming_scan_station_newest" ON "incoming_scan" ("station", "id")',
        'CREATE UNIQUE INDEX "signing_open" ON "signing" ("agreement") WHERE "ended_at" IS NULL',
        'CREATE UNIQUE INDEX "signature_once" ON "signature" ("signing", "side")',
        'CREATE INDEX "paper_station_newest" ON "paper" ("station", "id")',
        'CREATE INDEX "print_run_station_newest" ON "print_run" ("station", "id")',
        'CREATE UNIQUE INDEX "print_item_place" ON "print_item" ("run", "position")',
    ],
    "postgres": [
        'DROP INDEX "agreement_live"',
        'CREATE UNIQUE INDEX "agreement_live" ON "agreement" ("referral")\n    WHERE "amends" IS NULL AND "state" NOT IN (\'VOID\', \'CANCELLED\', \'AMENDED\')',
        'CREATE UNIQUE INDEX "agreement_amended_once" ON "agreement" ("amends")\n    WHERE "amends" IS NOT NULL AND "state" NOT IN (\'VOID\', \'CANCELLED\')',
        'CREATE UNIQUE INDEX "agreement_wording_version" ON "agreement_wording" ("type", "version")',
        'CREATE UNIQUE INDEX "official_text_version" ON "official_text" ("type", "version")',
        'CREATE INDEX "guidance_referral_newest" ON "guidance" ("referral", "id")',
        'CREATE INDEX "incoming_scan_station_newest" ON "incoming_scan" ("station", "id")',
        'CREATE UNIQUE INDEX "signing_open" ON "signing" ("agreement") WHERE "ended_at" IS NULL',
        'CREATE UNIQUE INDEX "signature_once" ON "signature" ("signing", "side")',
        'CREATE INDEX "paper_station_newest" ON "paper" ("station", "id")',
        'CREATE INDEX "print_run_station_newest" ON "print_run" ("station", "id")',
        'CREATE UNIQUE INDEX "print_item_place" ON "print_item" ("run", "position")',
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
