"""Indexes of the working day.

The statements are a frozen copy: what an old database ran must not change when db/ddl.py does.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-23T01:00:01:000000"
VERSION = "1.38.0"
DESCRIPTION = "Indexes of the working day"

STATEMENTS = {
    "sqlite": [
        'DROP INDEX "alert_once_a_day"',
        'CREATE UNIQUE INDEX "alert_once_a_day" ON "alert" ("kind", "station", "above", "subject", "subject_id", "day")',
        'CREATE UNIQUE INDEX "calling_rule_version" ON "calling_rule" ("station", "version")',
        'CREATE UNIQUE INDEX "draw_of_day" ON "draw" ("station", "day")',
        'CREATE UNIQUE INDEX "sign_in_once" ON "sign_in" ("station", "day", "seeker")',
        'CREATE UNIQUE INDEX "sign_in_ticket" ON "sign_in" ("station", "day", "ticket")',
        'CREATE INDEX "call_station_day" ON "call" ("station", "day", "id")',
        'CREATE UNIQUE INDEX "order_take_live" ON "order_take" ("job") WHERE "state" = \'TAKEN\'',
        'CREATE INDEX "order_take_live_at" ON "order_take" ("station", "state", "deadline")',
        'CREATE UNIQUE INDEX "neighbour_once" ON "neighbour" ("station", "neighbour") WHERE "ended_at" IS NULL',
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
        "CREATE TRIGGER evidence_no_update BEFORE UPDATE ON evidence BEGIN SELECT RAISE(ABORT, 'evidence is append-only: UPDATE'); END",
        "CREATE TRIGGER evidence_no_delete BEFORE DELETE ON evidence BEGIN SELECT RAISE(ABORT, 'evidence is append-only: DELETE'); END",
        "CREATE TRIGGER calling_rule_no_update BEFORE UPDATE ON calling_rule BEGIN SELECT RAISE(ABORT, 'calling_rule is append-only: UPDATE'); END",
        "CREATE TRIGGER calling_rule_no_delete BEFORE DELETE ON calling_rule BEGIN SELECT RAISE(ABORT, 'calling_rule is append-only: DELETE'); END",
        "CREATE TRIGGER draw_no_update BEFORE UPDATE ON draw WHEN old.held_at IS NOT NULL OR new.held_at IS NULL OR new.id <> old.id OR new.station <> old.station\n    OR new.day <> old.day OR new.seed <> old.seed OR new.published_at <> old.published_at\n  BEGIN SELECT RAISE(ABORT, 'draw is append-only: UPDATE'); END",
        "CREATE TRIGGER draw_no_delete BEFORE DELETE ON draw BEGIN SELECT RAISE(ABORT, 'draw is append-only: DELETE'); END",
    ],
    "postgres": [
        'DROP INDEX "alert_once_a_day"',
        'CREATE UNIQUE INDEX "alert_once_a_day" ON "alert" ("kind", "station", "above", "subject", "subject_id", "day")',
        'CREATE UNIQUE INDEX "calling_rule_version" ON "calling_rule" ("station", "version")',
        'CREATE UNIQUE INDEX "draw_of_day" ON "draw" ("station", "day")',
        'CREATE UNIQUE INDEX "sign_in_once" ON "sign_in" ("station", "day", "seeker")',
        'CREATE UNIQUE INDEX "sign_in_ticket" ON "sign_in" ("station", "day", "ticket")',
        'CREATE INDEX "call_station_day" ON "call" ("station", "day", "id")',
        'CREATE UNIQUE INDEX "order_take_live" ON "order_take" ("job") WHERE "state" = \'TAKEN\'',
        'CREATE INDEX "order_take_live_at" ON "order_take" ("station", "state", "deadline")',
        'CREATE UNIQUE INDEX "neighbour_once" ON "neighbour" ("station", "neighbour") WHERE "ended_at" IS NULL',
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
        'CREATE TRIGGER evidence_no_change BEFORE UPDATE OR DELETE ON evidence FOR EACH ROW EXECUTE FUNCTION refuse_change()',
        'CREATE TRIGGER evidence_no_truncate BEFORE TRUNCATE ON evidence FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()',
        'CREATE TRIGGER calling_rule_no_change BEFORE UPDATE OR DELETE ON calling_rule FOR EACH ROW EXECUTE FUNCTION refuse_change()',
        'CREATE TRIGGER calling_rule_no_truncate BEFORE TRUNCATE ON calling_rule FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()',
        'CREATE TRIGGER draw_no_update BEFORE UPDATE ON draw FOR EACH ROW WHEN (old.held_at IS NOT NULL OR new.held_at IS NULL OR new.id <> old.id OR new.station <> old.station\n    OR new.day <> old.day OR new.seed <> old.seed OR new.published_at <> old.published_at) EXECUTE FUNCTION refuse_change()',
        'CREATE TRIGGER draw_no_delete BEFORE DELETE ON draw FOR EACH ROW EXECUTE FUNCTION refuse_change()',
        'CREATE TRIGGER draw_no_truncate BEFORE TRUNCATE ON draw FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()',
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
