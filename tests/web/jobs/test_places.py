"""Places: counted when somebody starts, never given twice, given back when a placement fails."""

import pytest

from db.actions.jobs import pause_job, reopen_place, take_place
from db.queries.jobs import post_facts
from db.search import newest_matches
from db.tables.jobs import Job
from db.tables.journal import JournalEntry
from db.transaction import transact
from rules.errors import RuleBroken
from rules.search import query_tokens
from tests.cast import PEOPLE
from tests.web.posts_scene import put_published


async def facts_of(ref):
    row = await Job.select(Job.state, Job.listed, Job.placed_count).where(Job.id == ref.id).first()
    return row["state"], row["listed"], row["placed_count"]


async def test_the_last_place_fills_the_post_and_takes_it_off_the_board(house):
    ref = await put_published(headcount=2)
    await transact(take_place, ref.id)
    assert await facts_of(ref) == ("PUBLISHED", True, 1)
    assert (await post_facts(ref.id)).free_places == 1
    await transact(take_place, ref.id)
    assert await facts_of(ref) == ("FILLED", False, 2)
    assert await newest_matches(query_tokens("分拣")) == []
    with pytest.raises(RuleBroken, match="名额已满"):
        await transact(take_place, ref.id)
    assert await JournalEntry.count().where(JournalEntry.kind == "JOB_FILLED") == 1


async def test_a_failed_placement_opens_the_post_again(house):
    ref = await put_published(headcount=1)
    await transact(take_place, ref.id)
    await transact(reopen_place, ref.id)
    assert await facts_of(ref) == ("PUBLISHED", True, 0)
    assert await newest_matches(query_tokens("分拣")) == [ref.id]
    await transact(reopen_place, ref.id)
    assert (await facts_of(ref))[2] == 0


async def test_a_paused_post_can_still_be_filled(house):
    ref = await put_published(headcount=1)
    await pause_job(ref.id, actor=PEOPLE["chen"])
    await transact(take_place, ref.id)
    assert await facts_of(ref) == ("FILLED", False, 1)
