"""The engines: what every query, on SQLite as on PostgreSQL, can rely on."""

import asyncio
import os
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Coroutine
from contextvars import Context
from pathlib import Path
from typing import Any

import pytest
from piccolo.querystring import QueryString

from db.engine import engine_from_environment, postgres_config
from db.errors import ConstraintViolated, StorageBusy, StorageDown, StorageFull, StorageReadOnly, translation
from db.tables.parameters import Counter
from piccolo_conf import DB

SQLITE = DB.engine_type == "sqlite"


async def ask(sql: str, *args) -> list:
    return [dict(row) for row in await DB.run_querystring(QueryString(sql, *args))]


@pytest.fixture
async def scratch(database: None) -> AsyncIterator[None]:
    """Two tables with every kind of constraint, one of them checked only at COMMIT."""
    await DB.run_ddl("CREATE TABLE scratch_parent (id bigint PRIMARY KEY)")
    await DB.run_ddl(
        "CREATE TABLE scratch (id bigint PRIMARY KEY, a text NOT NULL, b text, amount bigint,"
        " parent bigint REFERENCES scratch_parent (id) DEFERRABLE INITIALLY DEFERRED,"
        " CONSTRAINT scratch_amount CHECK (amount >= 0))"
    )
    await DB.run_ddl("CREATE UNIQUE INDEX scratch_pair ON scratch (a, b)")
    yield
    await DB.run_ddl("DROP TABLE scratch")
    await DB.run_ddl("DROP TABLE scratch_parent")


async def test_a_row_written_is_read_back(database):
    await Counter.insert(Counter(name="posts", value=2**62))
    assert await Counter.select() == [{"name": "posts", "value": 2**62}]


@pytest.mark.parametrize(
    ("values", "kind", "constraint"),
    [
        ("(1, 'x', 'y', 1, NULL), (2, 'x', 'y', 1, NULL)", "unique", "scratch.a,b"),
        ("(1, 'x', 'y', 1, NULL), (1, 'z', 'y', 1, NULL)", "unique", "scratch.id"),
        ("(1, NULL, 'y', 1, NULL)", "not_null", "scratch.a"),
        ("(1, 'x', 'y', -1, NULL)", "check", "scratch_amount"),
        ("(1, 'x', 'y', 1, 77)", "foreign_key", ""),
    ],
)
async def test_a_broken_constraint_reads_the_same_on_both_engines(scratch, values, kind, constraint):
    with pytest.raises(ConstraintViolated) as caught:
        await ask(f"INSERT INTO scratch (id, a, b, amount, parent) VALUES {values}")
    assert (caught.value.kind, caught.value.constraint) == (kind, constraint)
    assert await ask("SELECT count(*) AS n FROM scratch") == [{"n": 0}]


async def test_the_message_of_a_broken_constraint_holds_no_value(scratch):
    with pytest.raises(ConstraintViolated) as caught:
        await ask("INSERT INTO scratch (id, a, b) VALUES (1, '13800000000', 'y'), (2, '13800000000', 'y')")
    assert "13800000000" not in str(caught.value)


async def test_the_version_changes_with_every_commit_and_only_then(database):
    first = await DB.version()
    await Counter.select()
    assert await DB.version() == first
    await Counter.insert(Counter(name="a"))
    second = await DB.version()
    async with DB.writing():
        await Counter.insert(Counter(name="b"))
    third = await DB.version()
    assert len({first, second, third}) == 3


async def test_the_version_changes_when_another_process_commits(database):
    before = await DB.version()
    if SQLITE:
        other = sqlite3.connect(DB.path)
        other.execute("INSERT INTO counter (name, value) VALUES ('a', 1)")
        other.commit()
        other.close()
    else:
        other = await DB.get_new_connection()
        await other.execute("INSERT INTO counter (name, value) VALUES ('a', 1)")
        await other.close()
    assert await DB.version() != before


async def test_the_version_is_new_after_a_restart(database):
    if not SQLITE:  # PostgreSQL's own count lives in the server and goes on
        assert ":" in await DB.version()
        return
    before = await DB.version()
    await DB.close_connection_pool()
    await DB.start_connection_pool()
    assert await DB.version() != before


async def test_a_long_read_gives_the_right_answer_and_lets_others_go_on(database):
    if SQLITE:
        count = "SELECT count(*) AS n FROM (WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c"
        long = asyncio.create_task(ask(f"{count} WHERE i < 300000) SELECT i FROM c)"))
    else:
        long = asyncio.create_task(ask("SELECT count(*) AS n FROM generate_series(1, 300000) WHERE pg_sleep(0) IS NULL"))
    turns = 0
    while not long.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns > 3
    assert list((await long)[0].values()) == [300000 if SQLITE else 0]


async def turns_while(work: Coroutine[Any, Any, Any]) -> tuple[int, Any]:
    """How often somebody else had a turn while this was done, and what it gave."""
    done, turns = asyncio.create_task(work), 0
    while not done.done():
        await asyncio.sleep(0)
        turns += 1
    return turns, await done


async def test_a_short_transaction_keeps_the_loop_and_a_long_one_lets_others_go(database, monkeypatch):
    if not SQLITE:
        return
    writer, ran = DB.pool_here().writer, {"here": 0, "there": 0}
    here, there = writer.fetch_here, writer.fetch

    def counting_here(*given: Any) -> Any:
        ran["here"] += 1
        return here(*given)

    async def counting_there(*given: Any) -> Any:
        ran["there"] += 1
        return await there(*given)

    monkeypatch.setattr(writer, "fetch_here", counting_here)
    monkeypatch.setattr(writer, "fetch", counting_there)
    for statements, expected in ((100, {"here": 100, "there": 2}), (400, {"here": 250, "there": 254})):
        async with DB.writing():
            for number in range(statements):
                await ask("INSERT INTO counter (name, value) VALUES ({}, 1)", f"{statements}-{number}")
        assert ran == expected  # beginning and end are always there
    assert await Counter.count() == 500


async def test_a_long_read_in_a_transaction_lets_others_go_on_and_loses_nothing(database):
    sql = "SELECT count(*) AS n FROM (WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 300000) SELECT i FROM c)"

    async def work() -> Any:
        async with DB.writing():
            await Counter.insert(Counter(name="before"))
            found = await ask(sql if SQLITE else "SELECT count(*) AS n FROM generate_series(1, 300000)")
            await Counter.insert(Counter(name="after"))
        return found[0]["n"]

    turns, found = await turns_while(work())
    assert (found, await Counter.count()) == (300000, 2)
    assert turns > 3


async def test_a_mark_set_on_the_loop_is_gone_back_to(database):
    async with DB.writing() as transaction:
        await Counter.insert(Counter(name="kept"))
        mark = await transaction.savepoint()
        await Counter.insert(Counter(name="undone"))
        await mark.rollback_to()
    assert [row["name"] for row in await Counter.select(Counter.name)] == ["kept"]


async def test_a_read_that_begins_with_with_does_not_wait_for_the_writer(database):
    sql = "WITH one AS (SELECT 1 AS n) SELECT n FROM one"

    async def elsewhere() -> list:
        return await ask(sql)

    async with DB.writing():
        outside = asyncio.get_running_loop().create_task(elsewhere(), context=Context())
        assert await asyncio.wait_for(outside, 2) == [{"n": 1}]


async def test_a_writing_with_is_kept(database):
    await ask("WITH one AS (SELECT 'w' AS name) INSERT INTO counter (name, value) SELECT name, 7 FROM one")
    assert await Counter.select(Counter.value).where(Counter.name == "w").first() == {"value": 7}


async def test_sqlite_keeps_what_it_acknowledged(database):
    if not SQLITE:
        assert (await ask("SHOW synchronous_commit")) == [{"synchronous_commit": "on"}]
        return
    async with DB.writing() as writer:
        for name, value in {"synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1, "journal_mode": "wal"}.items():
            assert list((await writer.connection.fetch(f"PRAGMA {name}"))[0].values()) == [value]


async def test_a_reader_cannot_write(database):
    with pytest.raises((StorageDown, StorageBusy)):
        async with DB.reading():
            await Counter.insert(Counter(name="a"))
    assert await Counter.count() == 0


async def test_a_file_that_is_not_a_database_is_storage_down(tmp_path):
    from db.engine.sqlite import StationSQLite

    path = tmp_path / "station.db"
    path.write_bytes(b"not a database at all" * 300)
    with pytest.raises(StorageDown):
        await StationSQLite(path=str(path)).start_connection_pool()


async def test_a_server_that_does_not_answer_is_storage_down():
    from db.engine.postgres import StationPostgres

    engine = StationPostgres(config=postgres_config("postgresql://nobody@127.0.0.1:9/nothing"))
    with pytest.raises(StorageDown):
        await engine.start_connection_pool()


async def test_the_database_file_belongs_to_the_service_alone(tmp_path):
    from db.engine.sqlite import StationSQLite

    engine = StationSQLite(path=str(tmp_path / "new" / "station.db"))
    await engine.start_connection_pool()
    await engine.close_connection_pool()
    assert (tmp_path / "new" / "station.db").stat().st_mode & 0o077 == 0
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("SQLITE_BUSY_SNAPSHOT", StorageBusy),
        ("SQLITE_FULL", StorageFull),
        ("SQLITE_READONLY", StorageReadOnly),
        ("SQLITE_IOERR_WRITE", StorageDown),
    ],
)
def test_driver_errors_have_a_meaning(name, ours):
    error = sqlite3.OperationalError("x")
    error.sqlite_errorname = name
    assert type(translation(error)) is ours


def test_an_error_without_a_meaning_passes_unchanged():
    assert translation(sqlite3.OperationalError("no such table: x")) is None
    assert translation(KeyError("x")) is None


def test_the_environment_chooses_the_engine(monkeypatch, tmp_path):
    monkeypatch.setenv("STATION_DATA", str(tmp_path / "d"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert engine_from_environment().path == str(tmp_path / "d" / "station.db")
    assert not (tmp_path / "d").exists()
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:s%40crt@db.example:6000/station?pgbouncer=1")
    config = engine_from_environment().config
    assert (config["user"], config["password"], config["host"], config["port"]) == ("me", "s@crt", "db.example", 6000)
    assert (config["database"], config["statement_cache_size"]) == ("station", 0)
    monkeypatch.setenv("DATABASE_URL", "mysql://x/y")
    with pytest.raises(ValueError, match="postgresql://"):
        engine_from_environment()


def test_importing_the_configuration_touches_no_network():
    environment = {**os.environ, "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/nothing"}
    run = subprocess.run(
        [sys.executable, "-c", "import piccolo_conf"],
        capture_output=True,
        text=True,
        env=environment,
        cwd=Path(__file__).parents[2],
        check=False,
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
