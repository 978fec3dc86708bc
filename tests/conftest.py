"""The database under the tests: SQLite in memory-backed files, or the PostgreSQL that DATABASE_URL names.

The schema is migrated once. Each test that asks for `database` gets it empty, with the engine's pool running in the
tests' event loop. The PostgreSQL database is emptied after each test, so its name must say that it is for tests.
"""

import asyncio
import contextlib
import gc
import os
import shutil
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

_FOLDER = Path(tempfile.mkdtemp(prefix="station-tests-", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None))
os.environ["STATION_DATA"] = str(_FOLDER)
os.environ.pop("STATION_KEYS", None)
os.environ.pop("STATION_ENV", None)


def _own_postgres(url: str) -> str:
    """The database of this test process; workers of a parallel run get one each."""
    if "test" not in urlsplit(url).path:
        pytest.exit("DATABASE_URL: tests empty the database, so its name must contain 'test'", returncode=2)
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if not worker:
        return url
    import asyncpg

    from db.engine import postgres_config

    name = f"{urlsplit(url).path.lstrip('/')}_{worker}"

    async def create() -> None:
        connection = await asyncpg.connect(**postgres_config(url))
        with contextlib.suppress(asyncpg.DuplicateDatabaseError):
            await connection.execute(f'CREATE DATABASE "{name}"')
        await connection.close()

    asyncio.run(create())
    return url.replace(urlsplit(url).path, f"/{name}", 1)


if os.environ.get("DATABASE_URL"):
    os.environ["DATABASE_URL"] = _own_postgres(os.environ["DATABASE_URL"])


def pytest_collection_finish() -> None:
    """What was collected lives to the end: keep the garbage collector from walking through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def pytest_sessionfinish() -> None:
    """Nothing of the tests stays behind."""
    shutil.rmtree(_FOLDER, ignore_errors=True)


@pytest.fixture(scope="session")
def migrated() -> Iterator[Path | None]:
    """The schema, made once by the migrations: a template file on SQLite, the database itself on PostgreSQL."""
    from db.migrate import migrate
    from piccolo_conf import DB

    if DB.engine_type == "sqlite":
        DB.readers = 1
        DB.path = str(_FOLDER / "template.db")
    else:
        asyncio.run(_raze_postgres())
    asyncio.run(migrate())
    if DB.engine_type != "sqlite":
        yield None
        return
    connection = sqlite3.connect(DB.path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    yield Path(DB.path)


@pytest.fixture(scope="session")
def empty_database(migrated: Path | None) -> Callable[[], AbstractAsyncContextManager[None]]:
    """Opens an empty database of the current schema for the event loop of whoever enters; empties it again at the end.

    On PostgreSQL the pool stays open for the next test: new connections know no statement and no table yet, which took the
    server as long as the questions themselves.
    """
    from db.queries import wages
    from piccolo_conf import DB

    @contextlib.asynccontextmanager
    async def opened() -> AsyncIterator[None]:
        own: Path | None = None
        if migrated is not None:
            own = _FOLDER / "test" / "station.db"
            shutil.rmtree(own.parent, ignore_errors=True)
            own.parent.mkdir()
            shutil.copyfile(migrated, own)
            DB.path = str(own)
        if own is not None or DB.pool is None:
            await DB.start_connection_pool()
        wages._kept = None  # the answers of an hour are kept for as long as the pool lives
        yield
        if own is None and DB.pool is not None:
            await _empty_postgres()
        else:
            await DB.close_connection_pool()

    return opened


@pytest.fixture
async def no_pool() -> None:
    """Nobody is connected: as commands find a database."""
    from piccolo_conf import DB

    if DB.engine_type != "sqlite" and DB.pool is not None:
        await DB.close_connection_pool()


@pytest.fixture
async def database(empty_database: Callable[[], AbstractAsyncContextManager[None]]) -> AsyncIterator[None]:
    """An empty database of the current schema, with the engine's pool running in this test's event loop."""
    async with empty_database():
        yield


async def _raze_postgres() -> None:
    """Begin with nothing at all: the migrations of another version may have run here before."""
    from piccolo_conf import DB

    await DB.run_ddl("DROP SCHEMA public CASCADE")
    await DB.run_ddl("CREATE SCHEMA public")


async def _empty_postgres() -> None:
    """Delete every row past the triggers that refuse it; needs a superuser, as only tests have."""
    from piccolo_conf import DB

    async with DB.pool.acquire() as connection:
        tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename <> 'migration'")
        async with connection.transaction():
            await connection.execute("SET LOCAL session_replication_role = replica")
            await connection.execute(";".join(f'DELETE FROM "{row["tablename"]}"' for row in tables))
