"""Appeals: asked once for each decision, answered by somebody else, and what follows."""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from db.actions.appeals import ask_appeal, decide_appeal
from db.actions.jobs import approve_job, take_down_job, take_review
from db.actions.people import employer_account
from db.clock import at
from db.tables.jobs import Job, JobAppeal
from db.tables.journal import JournalEntry
from rules.errors import RuleBroken
from tests.cast import PEOPLE, move_in
from tests.web.posts_scene import OTHER_CODE, put_employer, put_published

ZHOU, WU, SUN = PEOPLE["zhou"], PEOPLE["wu"], PEOPLE["sun"]


@pytest.fixture
async def house(database):
    with at(datetime(2026, 12, 1, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))):
        await move_in()
        yield


async def taken_down():
    employer = await put_employer()
    boss = await employer_account(employer, password_hash="", actor=None)
    ref = await put_published(employer=employer)
    await take_down_job(ref.id, "有人举报收押金", "《就业促进法》第66条", actor=ZHOU)
    return ref, boss


async def state_of(ref):
    return await Job.select(Job.state, Job.reviewer, Job.listed).where(Job.id == ref.id).first()


async def test_an_upheld_appeal_is_reviewed_anew(house):
    ref, boss = await taken_down()
    appeal = await ask_appeal(ref.id, "我们从来没有收过押金", actor=boss)
    await decide_appeal(appeal, True, "问了三位工人，没有收押金", actor=WU)
    assert await state_of(ref) == {"state": "IN_REVIEW", "reviewer": None, "listed": False}
    row = await JournalEntry.select().where(JournalEntry.kind == "JOB_APPEAL_DECIDED").first()
    assert json.loads(row["body"])["particulars"]["upheld"] is True
    await take_review(ref.id, actor=WU)
    await approve_job(ref.id, set(), actor=WU)
    assert (await state_of(ref))["state"] == "APPROVED"


async def test_a_refused_appeal_is_final(house):
    ref, boss = await taken_down()
    appeal = await ask_appeal(ref.id, "我们从来没有收过押金", actor=boss)
    await decide_appeal(appeal, False, "有收据和转账记录为证", actor=SUN)
    assert (await state_of(ref))["state"] == "TAKEN_DOWN"
    with pytest.raises(RuleBroken, match="已经答复"):
        await ask_appeal(ref.id, "还是不同意这个结果", actor=boss)
    with pytest.raises(RuleBroken, match="已经答复过"):
        await decide_appeal(appeal, True, "再看看这件事情", actor=WU)


async def test_who_took_it_down_does_not_answer(house):
    ref, boss = await taken_down()
    appeal = await ask_appeal(ref.id, "我们从来没有收过押金", actor=boss)
    with pytest.raises(RuleBroken, match="别人答复"):
        await decide_appeal(appeal, False, "我觉得没有处理错", actor=ZHOU)
    with pytest.raises(RuleBroken, match="原因"):
        await decide_appeal(appeal, False, "没有", actor=WU)
    assert (await JobAppeal.select(JobAppeal.decision).first())["decision"] == ""


async def test_one_appeal_at_a_time_and_only_ones_own(house):
    ref, boss = await taken_down()
    rival = await employer_account(
        await put_employer(id_number=OTHER_CODE, phone="13900000002", name="武汉云帆餐饮有限公司"), password_hash="", actor=None
    )
    with pytest.raises(RuleBroken, match="没有找到"):
        await ask_appeal(ref.id, "替别人说句公道话", actor=rival)
    await ask_appeal(ref.id, "我们从来没有收过押金", actor=boss)
    with pytest.raises(RuleBroken, match="请等答复"):
        await ask_appeal(ref.id, "我们真的没有收过押金", actor=boss)
