"""Appeals: an employer objects to a take-down; somebody who did not take it down answers, once, with a reason."""

import pytest

from db.actions.appeals import ask_appeal
from db.actions.jobs import take_down_job
from db.tables.jobs import Job, JobAppeal
from db.tables.journal import JournalEntry
from tests.cast import PEOPLE
from tests.web.posts_scene import put_published

URL = "/desk/appeals"


@pytest.fixture
async def appeal(house):
    """The id of an appeal against a take-down by 老周."""
    post = await put_published()
    await take_down_job(post.id, "有人说要交押金，先下架核查。", "《劳动合同法》第9条", actor=PEOPLE["zhou"])
    return await ask_appeal(post.id, "没有收过押金，门口有告示。", actor=PEOPLE["chen"])


async def state():
    return (await Job.select(Job.state).first())["state"]


async def test_the_manager_sees_what_was_decided_and_what_is_objected(manager, appeal):
    page = await manager.reads(URL)
    assert "没有收过押金" in page.words("#appeals")
    page = await manager.reads(f"{URL}/{appeal}")
    assert "《劳动合同法》第9条" in page.words("main")
    assert "周建国" in page.words("main")


async def test_an_appeal_that_holds_brings_the_post_back_to_review(manager, appeal):
    await manager.sends(f"{URL}/{appeal}", page=f"{URL}/{appeal}", decision="UPHELD", reason="核实过，确实没有收押金。")
    assert await state() in ("SUBMITTED", "IN_REVIEW")
    assert "没有等着答复" in (await manager.reads(URL)).words(".empty")
    assert "核实过" in (await manager.reads(f"{URL}/{appeal}")).words("main")
    assert (await JournalEntry.select(JournalEntry.kind).order_by(JournalEntry.id, ascending=False).first())["kind"] == "JOB_APPEAL_DECIDED"


async def test_an_appeal_that_does_not_hold_leaves_the_post_down(officer, appeal):
    await officer.sends(f"{URL}/{appeal}", page=f"{URL}/{appeal}", decision="REFUSED", reason="两名零工反映交过押金。")
    assert await state() == "TAKEN_DOWN"
    assert "不成立" in (await officer.reads(f"{URL}?answered=1")).words("#appeals")


async def test_reason_and_decision_are_needed_and_kept(manager, appeal):
    page = await manager.sends(f"{URL}/{appeal}", status=422, page=f"{URL}/{appeal}", decision="UPHELD", reason="")
    assert page.select_one("input[value=UPHELD]").has_attr("checked")
    page = await manager.sends(f"{URL}/{appeal}", status=422, decision="", reason="核实过，确实没有收押金。")
    assert "怎样答复" in page.words(".problems")
    assert page.words("#reason") == "核实过，确实没有收押金。"


async def test_who_took_it_down_does_not_answer(manager, house):
    post = await put_published()
    await take_down_job(post.id, "有人说要交押金，先下架核查。", "《劳动合同法》第9条", actor=PEOPLE["wu"])
    appeal = await ask_appeal(post.id, "没有收过押金，门口有告示。", actor=PEOPLE["chen"])
    page = await manager.reads(f"{URL}/{appeal}")
    assert "请由别人答复" in page.words(".note")
    page = await manager.sends(f"{URL}/{appeal}", status=422, decision="UPHELD", reason="核实过，确实没有收押金。")
    assert page.words(".problems")
    assert (await JobAppeal.select(JobAppeal.decision).first())["decision"] == ""


async def test_answering_twice_answers_once(manager, officer, appeal):
    await manager.reads(f"{URL}/{appeal}")
    await officer.reads(f"{URL}/{appeal}")
    await manager.sends(f"{URL}/{appeal}", decision="REFUSED", reason="两名零工反映交过押金。")
    page = await officer.sends(f"{URL}/{appeal}", status=422, decision="UPHELD", reason="核实过，确实没有收押金。")
    assert "已经答复过" in page.words(".problems")


async def test_strangers_and_clerks_stay_outside(sit_down, clerk, appeal):
    await clerk.reads(URL, status=403)
    qian = await sit_down("qian")
    await qian.reads(f"{URL}/{appeal}", status=404)
    assert "没有收过押金" not in (await qian.reads(URL)).text


async def test_the_fragment_stands_alone(manager, appeal):
    sheet = await manager.reads(URL, fragment=True)
    assert sheet.select_one("#appeals")
    assert sheet.select_one("html") is None
