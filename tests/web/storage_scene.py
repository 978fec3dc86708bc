"""A disk that is full or may only be read, under a station that is open: on both engines, as the database itself says it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from db.tables.accounts import Submission
from piccolo_conf import DB

_FULL = """CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING errcode = 'disk_full'; END $f$"""


async def _writer(sql: str) -> Any:
    return await DB.pool_here().writer.fetch(sql)


@asynccontextmanager
async def full_disk() -> AsyncIterator[None]:
    """Not one page more: SQLite's own limit; on PostgreSQL the error a server raises that cannot extend a file."""
    if DB.engine_type == "sqlite":
        await _writer("PRAGMA wal_checkpoint(TRUNCATE)")
        await _writer("VACUUM")
        pages = (await _writer("PRAGMA page_count"))[0]["page_count"]
        await _writer(f"PRAGMA max_page_count = {pages}")
        try:
            yield
        finally:
            await _writer("PRAGMA max_page_count = 1073741823")
        return
    tables = ("journal_entry", Submission._meta.tablename)
    await DB.run_ddl(_FULL)
    for table in tables:
        await DB.run_ddl(f"CREATE TRIGGER a_full_disk BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION full_disk()")
    try:
        yield
    finally:
        for table in tables:
            await DB.run_ddl(f"DROP TRIGGER a_full_disk ON {table}")
        await DB.run_ddl("DROP FUNCTION full_disk")


@asynccontextmanager
async def read_only() -> AsyncIterator[None]:
    """Every write is refused by the database, which still answers questions."""
    if DB.engine_type == "sqlite":
        await _writer("PRAGMA query_only = ON")
        try:
            yield
        finally:
            await _writer("PRAGMA query_only = OFF")
        return
    await _by_default("on")
    try:
        yield
    finally:
        await _by_default("off")


async def _by_default(setting: str) -> None:
    """What new transactions of this database may do, for connections that are opened from now on."""
    name = (await DB._run_in_pool("SELECT current_database() AS name"))[0]["name"]
    async with DB.pool.acquire() as connection:
        await connection.execute("SET default_transaction_read_only = off")
        await connection.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = {setting}')
    await DB.pool.expire_connections()
