"""Bringing a database to the schema of this version.

    python -m db.migrate             run what has not run yet, in one transaction: the old schema or the new one
    python -m db.migrate check       say what the migrations lack, compared with db/tables and db/ddl; exit 1 then
    python -m db.migrate new NAME    write a migration from the changes in db/tables (script/new-migration)
    python -m db.migrate remake      development before the first release only: write the two opening migrations anew

Run it in one process before the web processes start. Changes of db/ddl.py are added to a new migration by hand,
as statements frozen in that file, like the ones of the second opening migration.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import io
import re
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from piccolo.apps.migrations.commands import new as piccolo_new
from piccolo.apps.migrations.commands.forwards import run_forwards
from piccolo.apps.migrations.tables import Migration
from piccolo.querystring import QueryString

from db import ddl
from db.errors import StorageBusy
from db.piccolo_app import APP_CONFIG
from db.search import index_every_name
from piccolo_conf import DB

WAIT_SECONDS = 60.0
FOLDER = Path(APP_CONFIG.resolved_migrations_folder_path)

_RAW_MIGRATION = '''"""{title}

The statements are a frozen copy: what an old database ran must not change when db/ddl.py does.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "{id}"
VERSION = "{version}"
DESCRIPTION = "{description}"

STATEMENTS = {{
{statements}}}


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="station", description=DESCRIPTION)

    async def run():
        engine = engine_finder()
        for statement in STATEMENTS[engine.engine_type]:
            await engine.run_ddl(statement)

    manager.add_raw(run)
    return manager
'''


class MigrationFailed(Exception):
    """The database is as it was before; the cause is chained."""


async def migrate() -> None:
    """Run every migration that has not run, all in one transaction, then check what they left.

    MigrationFailed: nothing was changed. Two processes at once are safe: the second waits and finds nothing to do.
    """
    deadline = asyncio.get_running_loop().time() + WAIT_SECONDS
    while True:
        try:
            return await _migrate_once()
        except StorageBusy as busy:  # another process migrates, which may take longer than a query may wait
            if asyncio.get_running_loop().time() > deadline:
                raise MigrationFailed("another process is still writing to the database") from busy


async def _migrate_once() -> None:
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said):
            async with DB.transaction():
                if DB.engine_type == "postgres":
                    await DB.run_ddl("SELECT pg_advisory_xact_lock(hashtextextended('station migrations', 0))")
                await Migration.create_table(if_not_exists=True)  # Piccolo's own look would see other schemas' too
                outcome = await run_forwards("station")
                if not outcome.success:
                    raise MigrationFailed(outcome.message)
                await index_every_name()
                await _assert_sound()
    except (MigrationFailed, StorageBusy):
        raise
    except Exception as error:
        raise MigrationFailed(f"{error}\n{said.getvalue()}".strip()) from error


async def _assert_sound() -> None:
    if DB.engine_type == "sqlite" and (broken := await DB.run_ddl("PRAGMA foreign_key_check")):
        raise MigrationFailed(f"rows whose reference is gone: {broken[:3]}")
    present = {row["name"] for row in await DB.run_querystring(QueryString(_TRIGGER_NAMES[DB.engine_type]))}
    wanted = {name for text in ddl.TRIGGERS[DB.engine_type] for name in re.findall(r"^CREATE TRIGGER (\w+)", text)}
    if missing := wanted - present:
        raise MigrationFailed(f"missing triggers: {', '.join(sorted(missing))}")


_TRIGGER_NAMES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgres": "SELECT tgname AS name FROM pg_trigger WHERE NOT tgisinternal",
}


async def create_directly() -> None:
    """Create the schema from db/tables and db/ddl without migrations: what migrations are compared with."""
    from piccolo.table import sort_table_classes

    async with DB.transaction():
        for table in sort_table_classes(list(APP_CONFIG.table_classes)):
            await table.create_table()
        for statement in ddl.statements(DB.engine_type):
            await DB.run_ddl(statement)


async def new_migration(name: str, moment: datetime | None = None) -> Path | None:
    """Write a migration from the difference between db/tables and the migrations so far; None when there is none.

    Renames are not asked about: they become a removal and an addition, so write those by hand.
    """
    description = re.sub(r"[\"'\\]", "", name)  # Piccolo puts it between quotes as it is
    fixed = moment or datetime.now()  # noqa: DTZ005 - Piccolo's own numbering
    piccolo_new.now = lambda: fixed
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            meta = await piccolo_new._create_new_migration(app_config=APP_CONFIG, auto=True, description=description, auto_input="n")
    except piccolo_new.NoChanges:
        return None
    return Path(meta.migration_path)


async def remake() -> list[Path]:
    """Write the two opening migrations anew from db/tables and db/ddl; only before the first release."""
    for old in list(FOLDER.glob("station_*.py")):  # noqa: ASYNC240 - a command line, nobody waits
        old.unlink()
    moment = datetime.now().replace(microsecond=0)  # noqa: DTZ005
    tables = await new_migration("every table", moment)
    if tables is None:
        raise MigrationFailed("db/tables holds no table")
    later = moment + timedelta(seconds=1)
    frozen = "".join(
        f'    "{engine}": [\n' + "".join(f"        {text!r},\n" for text in ddl.statements(engine)) + "    ],\n"
        for engine in ("sqlite", "postgres")
    )
    identity = later.strftime("%Y-%m-%dT%H:%M:%S:%f")
    beyond = FOLDER / f"station_{re.sub('[^0-9a-z]', '_', identity.lower())}.py"
    title = "Indexes, triggers and the search index of the opening schema."
    text = _RAW_MIGRATION.format(
        title=title, id=identity, version=piccolo_new.__VERSION__, description=title.rstrip("."), statements=frozen
    )
    beyond.write_text(text)
    return [tables, beyond]


async def pending_migrations() -> bool:
    """Whether a migration of this version has not run in the database yet."""
    done = set(await Migration.get_migrations_which_ran(app_name=APP_CONFIG.app_name))
    return not done.issuperset(_migration_ids())


@functools.cache
def _migration_ids() -> frozenset[str]:
    """The ids of the migration files of this version."""
    texts = (path.read_text() for path in FOLDER.glob("*.py"))
    return frozenset(found[1] for text in texts if (found := re.search(r'^ID = "([^"]+)"', text, re.M)))


async def schema_differences() -> list[str]:
    """What an empty database lacks or has too much after migrating, compared with db/tables and db/ddl.

    Empty when migrations are up to date. Works on the configured engine, in places of its own: two throw-away
    files, or two throw-away schemas of the PostgreSQL database. The pool must not be running.
    """
    from db.schema import elsewhere, schema

    async with elsewhere(DB):
        await migrate()
        migrated = await schema(DB)
    async with elsewhere(DB):
        await create_directly()
        wanted = await schema(DB)
    return [f"the migrations lack: {each}" for each in sorted(wanted - migrated)] + [
        f"only in the migrations: {each}" for each in sorted(migrated - wanted)
    ]


async def _command(words: list[str]) -> int:
    match words:
        case []:
            await migrate()
            print("The database has the schema of this version.")
        case ["check"]:
            differences = await schema_differences()
            print("\n".join(differences) or "The migrations are up to date.")
            return 1 if differences else 0
        case ["new", name]:
            written = await new_migration(name)
            print(f"Written: {written.name}" if written else "db/tables has not changed; nothing was written.")
        case ["remake"]:
            for path in await remake():
                print(f"Written: {path.name}")
        case _:
            print(__doc__)
            return 2
    return 0


def main() -> Any:
    """The command line; exit code 1 and the cause when something failed."""
    try:
        return asyncio.run(_command(sys.argv[1:]))
    except MigrationFailed as error:
        print(f"The database was left as it was: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
