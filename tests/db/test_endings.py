"""The last days of a post in the cabinet: whose word verifies it, who may end it, what stays ended."""

import json
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from db.actions.endings import confirm_job, end_job, tell_outcome
from db.actions.jobs import draft_job, extend_job, pause_job, reopen_place, revise_job, submit_job
from db.actions.people import employer_account
from db.clock import at
from db.tables.jobs import Job, JobOutcome
from db.tables.journal import JournalEntry
from rules.codes import EndReason, FoundWhere, PostSource, VerifyMethod
from rules.errors import RuleBroken
from tests.cast import PEOPLE, move_in
from tests.web.posts_scene import OTHER_CODE, TERMS, put_employer, put_published

CHEN = PEOPLE["chen"]
MORNING = datetime(2026, 12, 1, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
SECOND = datetime(2026, 12, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
async def house(database):
    with at(MORNING):
        await move_in()
        yield


@pytest.fixture
async def post(house):
    return await put_published()


async def row_of(post):
    return await Job.select().where(Job.id == post.id).first()


async def particulars(kind: str) -> dict:
    row = await JournalEntry.select(JournalEntry.body).where(JournalEntry.kind == kind).first()
    return json.loads(row["body"])["particulars"]


async def test_staff_prolong_for_the_employer_and_that_verifies_the_post(post):
    with at(SECOND):
        with pytest.raises(RuleBroken, match="怎样核实"):
            await extend_job(post.id, date(2026, 12, 28), "雇主来电话说还要", actor=CHEN)
        await extend_job(post.id, date(2026, 12, 28), "雇主来电话说还要", actor=CHEN, method=VerifyMethod.PHONE)
    row = await row_of(post)
    assert (row["verified_on"], row["verify_method"], row["verified_by"]) == (date(2026, 12, 2), "PHONE", CHEN.id)
    told = await particulars("JOB_EXTENDED")
    assert (told["by_proxy"], told["method"]) == (True, "PHONE")


async def test_a_post_that_was_ended_as_full_stays_ended_when_somebody_does_not_come(post):
    await Job.update({Job.placed_count: 1}).where(Job.id == post.id)
    await end_job(post.id, EndReason.FOUND, "", actor=CHEN)
    assert (await particulars("JOB_ENDED_EARLY"))["by_proxy"] is True
    await reopen_inside(post)
    row = await row_of(post)
    assert (row["state"], row["listed"], row["placed_count"]) == ("FILLED", False, 0)


async def reopen_inside(post):
    from db.transaction import transact

    await transact(reopen_place, post.id)


async def test_a_post_that_was_never_public_has_no_outcome(house):
    employer = await put_employer()
    ref = await draft_job(employer, TERMS, source=PostSource.COUNTER, actor=CHEN)
    await Job.update({Job.state: "WITHDRAWN"}).where(Job.id == ref.id)
    with pytest.raises(RuleBroken, match="没有公开过"):
        await tell_outcome(ref.id, 1, FoundWhere.STATION, "", actor=CHEN)
    assert not await JobOutcome.exists()


async def test_an_employer_acts_on_nothing_of_others(post):
    rival = await employer_account(
        await put_employer(id_number=OTHER_CODE, phone="13900000002", name="武汉云帆餐饮有限公司"), password_hash="", actor=None
    )
    owner = (await row_of(post))["employer"]
    for act in (
        lambda: pause_job(post.id, actor=rival),
        lambda: end_job(post.id, EndReason.FOUND, "", actor=rival),
        lambda: extend_job(post.id, date(2026, 12, 28), "还差两个人没招满", actor=rival),
        lambda: tell_outcome(post.id, 1, FoundWhere.STATION, "", actor=rival),
        lambda: confirm_job(post.id, actor=rival),
        lambda: revise_job(post.id, TERMS, actor=rival),
        lambda: submit_job(post.id, {}, actor=rival),
        lambda: draft_job(owner, TERMS, source=PostSource.EMPLOYER, actor=rival),
    ):
        with pytest.raises(RuleBroken, match="没有找到"):
            await act()
    assert (await row_of(post))["state"] == "PUBLISHED"
