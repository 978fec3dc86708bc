"""Asking once for many rows: remembered within the block, never beyond it, and never what was undone."""

import contextlib

import pytest

from db.actions.journal import record
from db.errors import ConstraintViolated
from db.tables.journal import JournalEntry
from db.tables.parameters import Counter
from db.transaction import action, asked_once, recall, remember, remembering, together
from db.verify_journal import verify
from rules.errors import RuleBroken
from rules.journal import EventKind
from tests.db.test_journal import CHEN


@asked_once
async def counters() -> int:
    return await Counter.count()


@action
async def put(name: str, *, refuse: bool = False) -> None:
    await Counter.insert(Counter(name=name, value=0))
    await record(EventKind.SEEKER_CONFIRMED, subject="seeker", subject_id=7, actor=CHEN, station_id=1001)
    if refuse:
        raise RuleBroken("不行")


async def test_a_question_is_asked_once_in_the_block_and_each_time_outside_it(database):
    @action
    async def many() -> list[int]:
        said = [await counters()]
        await put("a")
        said.append(await counters())
        with remembering():
            said.append(await counters())
            await put("b")
            said.append(await counters())
        said.append(await counters())
        return said

    assert await many() == [0, 1, 1, 1, 2]


async def test_outside_a_transaction_nothing_is_remembered(database):
    with remembering():
        assert await counters() == 0
        remember("key", 1)
        assert recall("key") is None
        await put("a")
        assert await counters() == 1


async def test_what_was_undone_is_forgotten_and_the_chain_goes_on_whole(database):
    @action
    async def many() -> None:
        with remembering():
            await put("a")
            with contextlib.suppress(RuleBroken):
                await put("b", refuse=True)
            await put("c")
            await put("d")

    await many()
    rows = await JournalEntry.select(JournalEntry.seq).order_by(JournalEntry.seq)
    assert [row["seq"] for row in rows] == [1, 2, 3]
    walk, problem = await verify()
    assert (walk.count, problem) == (3, None)
    assert await Counter.count() == 3


async def test_inserts_run_together_stand_or_fall_together(database):
    @action
    async def pair(first: str, second: str) -> None:
        await together(Counter.insert(Counter(name=first, value=0)), Counter.insert(Counter(name=second, value=0)))

    await pair("a", "b")
    with pytest.raises(ConstraintViolated) as caught:
        await pair("c", "b")
    assert caught.value.constraint == "counter.name"
    assert {row["name"] for row in await Counter.select(Counter.name)} == {"a", "b"}
