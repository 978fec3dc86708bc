"""Transactions: all or nothing, whatever goes wrong, and nobody's work lost when two meet."""

import asyncio
import contextlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextvars import Context
from pathlib import Path

import pytest

from db.engine.sqlite import StationSQLite
from db.errors import ConstraintViolated, StorageBusy, StorageConflict
from db.tables.parameters import Counter
from db.transaction import action, in_transaction, reading, transact, writing
from piccolo_conf import DB
from rules.errors import RuleBroken
from tests.db.test_engine import ask, scratch  # noqa: F401


@action
async def put(name: str, value: int = 0) -> str:
    await Counter.insert(Counter(name=name, value=value))
    return name


@action
async def count_up(name: str) -> int:
    row = await Counter.select(Counter.value).where(Counter.name == name).first()
    await asyncio.sleep(0)
    await Counter.update({Counter.value: row["value"] + 1}).where(Counter.name == name)
    return row["value"] + 1


async def names() -> set[str]:
    return {row["name"] for row in await Counter.select(Counter.name)}


async def test_an_action_is_kept_and_answers(database):
    assert await put("a") == "a"
    assert await names() == {"a"}
    assert not in_transaction()


async def test_an_action_that_fails_leaves_nothing(database):
    @action
    async def half() -> None:
        await put("a")
        raise RuleBroken("不行")

    with pytest.raises(RuleBroken):
        await half()
    assert await names() == set()


async def test_a_constraint_comes_out_as_itself(database):
    await put("a")
    with pytest.raises(ConstraintViolated) as caught:
        await put("a")
    assert caught.value.constraint == "counter.name"


async def test_an_inner_action_joins_and_a_caught_one_is_undone_alone(database):
    @action
    async def outer() -> None:
        await put("before")

        @action
        async def inner() -> None:
            await put("inner")
            await put("before")  # refused: it is there already

        with pytest.raises(ConstraintViolated):
            await inner()
        await put("after")

    await outer()
    assert await names() == {"before", "after"}


async def test_forty_at_once_that_read_then_write_lose_nothing(database):
    await put("n")
    answers = await asyncio.gather(*(count_up("n") for _ in range(40)))
    assert sorted(answers) == list(range(1, 41))
    assert await Counter.select(Counter.value).first() == {"value": 40}


async def test_a_failing_commit_is_reported_and_the_next_transaction_works(scratch):  # noqa: F811
    @action
    async def orphan() -> None:
        await ask("INSERT INTO scratch (id, a, parent) VALUES (1, 'x', 99)")

    for _ in range(3):
        with pytest.raises(ConstraintViolated) as caught:
            await orphan()
        assert caught.value.kind == "foreign_key"
        assert not in_transaction()
    await put("later")
    assert await names() == {"later"}
    assert await ask("SELECT count(*) AS n FROM scratch") == [{"n": 0}]


async def test_a_conflict_runs_the_whole_function_again(database):
    runs = []

    async def meets_another() -> None:
        runs.append(1)
        await Counter.insert(Counter(name=f"run {len(runs)}"))
        if len(runs) < 4:
            raise StorageConflict("40001")

    await transact(meets_another)
    assert await names() == {"run 4"}


async def test_a_conflict_without_end_is_busy_and_keeps_nothing(database, monkeypatch):
    monkeypatch.setattr("db.transaction.ATTEMPTS", 3)
    runs = []

    async def never() -> None:
        runs.append(1)
        raise StorageConflict("40001")

    with pytest.raises(StorageBusy):
        await transact(never)
    assert len(runs) == 3


async def test_what_lost_twice_runs_while_nobody_else_writes(database, monkeypatch):
    asked, writing = [], DB.writing

    def noted(*, alone: bool = False):
        asked.append(alone)
        return writing(alone=alone)

    monkeypatch.setattr(type(DB), "writing", staticmethod(noted))

    async def loses_often() -> None:
        if len(asked) < 4:
            raise StorageConflict("40001")
        await Counter.insert(Counter(name="at last"))

    await transact(loses_often)
    assert asked == [False, False, True, True]
    assert await names() == {"at last"}


async def test_an_action_alone_and_one_beside_it_are_both_kept(database):
    async def write(name: str, alone: bool) -> None:
        async with DB.writing(alone=alone):
            await Counter.insert(Counter(name=name))
            await asyncio.sleep(0.02)

    await asyncio.gather(*(write(f"{number}", number % 3 == 0) for number in range(9)))
    assert await names() == {str(number) for number in range(9)}


async def test_an_inner_conflict_runs_the_outer_function_again(database):
    runs = []

    @action
    async def inner() -> None:
        if len(runs) == 1:
            raise StorageConflict("40001")

    @action
    async def outer() -> None:
        runs.append(1)
        await put("outer")
        await inner()

    await outer()
    assert len(runs) == 2
    assert await names() == {"outer"}


@pytest.mark.parametrize("turns", range(0, 12, 2))
async def test_a_cancelled_action_leaves_nothing_and_blocks_nobody(database, turns):
    started = asyncio.Event()

    @action
    async def slow() -> None:
        await put("slow")
        started.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(slow())
    if turns:
        for _ in range(turns):
            await asyncio.sleep(0)
    else:
        await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.wait_for(put("next"), 5)
    assert await names() == {"next"}


@pytest.fixture
async def file_engine(tmp_path) -> AsyncIterator[StationSQLite]:
    """A SQLite engine of its own with one table, whatever the tests run on."""
    engine = StationSQLite(path=str(tmp_path / "station.db"), readers=1)
    await engine.start_connection_pool()
    await engine.fetch("CREATE TABLE t (n INTEGER)")
    yield engine
    await engine.close_connection_pool()


_ANOTHER = """
import asyncio, sys
from db.engine.sqlite import StationSQLite

async def main():
    engine = StationSQLite(path=sys.argv[1])
    await engine.start_connection_pool()
    async with engine.writing():
        await engine.fetch("INSERT INTO t VALUES (2)")
    await engine.close_connection_pool()

asyncio.run(main())
"""


async def test_on_sqlite_another_process_that_ends_leaves_the_log_of_this_one_alone(file_engine):
    path = str(file_engine.path)
    async with file_engine.writing():
        await file_engine.fetch("INSERT INTO t VALUES (1)")
    log = os.stat(path + "-wal").st_ino
    await asyncio.to_thread(subprocess.run, [sys.executable, "-c", _ANOTHER, path], check=True, cwd=Path(__file__).parents[2])
    assert os.stat(path + "-wal").st_ino == log, "the other one took itself for the last and removed the log in use"
    async with file_engine.writing():
        await file_engine.fetch("INSERT INTO t VALUES (3)")
    with contextlib.closing(sqlite3.connect(path)) as fresh:
        assert fresh.execute("SELECT n FROM t ORDER BY n").fetchall() == [(1,), (2,), (3,)]
        assert fresh.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


async def test_on_sqlite_waiting_writers_go_in_the_order_they_came(file_engine):
    order: list[int] = []

    async def note(number: int) -> None:
        async with file_engine.writing():
            order.append(number)

    await asyncio.gather(*(note(number) for number in range(20)))
    assert order == list(range(20))


async def test_on_sqlite_one_who_waits_too_long_is_told_that_it_is_busy(file_engine, monkeypatch):
    monkeypatch.setattr("db.engine.sqlite.BUSY_SECONDS", 0.05)

    async def write() -> None:
        async with file_engine.writing():
            await file_engine.fetch("INSERT INTO t VALUES (1)")

    async with file_engine.writing():
        with pytest.raises(StorageBusy):
            await asyncio.get_running_loop().create_task(write(), context=Context())
    await write()
    assert await file_engine.fetch("SELECT n FROM t") == [{"n": 1}]


async def test_on_sqlite_a_task_that_outlives_its_transaction_writes_on_its_own(file_engine):
    go = asyncio.Event()

    async def afterwards() -> None:
        await go.wait()
        async with file_engine.writing():
            await file_engine.fetch("INSERT INTO t VALUES (2)")

    async with file_engine.writing():
        await file_engine.fetch("INSERT INTO t VALUES (1)")
        task = asyncio.create_task(afterwards())
    with contextlib.suppress(KeyError):
        async with file_engine.writing():
            go.set()
            await asyncio.sleep(0.02)  # were it still inside, it would write into this one
            raise KeyError
    await task
    assert await file_engine.fetch("SELECT n FROM t ORDER BY n") == [{"n": 1}, {"n": 2}]


async def test_a_reading_block_sees_one_moment(database):
    await put("before")

    async def elsewhere() -> None:
        await put("meanwhile")

    async with reading():
        first = await names()
        await asyncio.get_running_loop().create_task(elsewhere(), context=Context())
        assert await names() == first == {"before"}
    assert await names() == {"before", "meanwhile"}


async def test_an_action_inside_a_reading_block_is_a_mistake(database):
    with pytest.raises(RuntimeError, match="reading"):
        async with reading():
            await put("a")
    assert await names() == set()


async def test_writing_inside_writing_is_undone_alone(database):
    async with writing():
        await put("kept")
        with contextlib.suppress(KeyError):
            async with writing():
                await put("undone")
                raise KeyError
    assert await names() == {"kept"}


async def test_without_a_pool_transactions_work_all_the_same(database):
    await DB.close_connection_pool()
    try:
        await put("a")
        with pytest.raises(ConstraintViolated):
            await put("a")
        assert await names() == {"a"}
    finally:
        await DB.start_connection_pool()
