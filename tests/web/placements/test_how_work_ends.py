"""How a work ends: hours, pay and its day as agreed, more evidence, a whole post's workers at once, and what follows."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from db.actions.placements import place
from db.clock import CHINA, at
from db.queries.candidates import seeker_facts
from db.queries.referrals import referral_with_id
from db.tables.journal import JournalEntry
from db.tables.referrals import Evidence, Placement
from db.tables.seekers import Seeker
from rules.codes import ReferralState, StartEvidence
from tests.cast import PEOPLE
from tests.web.agreement_scene import TERMS, put_scene, put_second, state_of

END = "/desk/referrals/T26120100001/ending"
START = "/desk/referrals/T26120100001/placement"
TOGETHER = "/desk/jobs/G261201-010001/endings"
CHEN = PEOPLE["chen"]


THREE_DAYS = replace(TERMS, start_date=date(2026, 11, 29), end_date=date(2026, 12, 1))


async def begin(scene, day=date(2026, 11, 29)):
    return await place(scene.referral, StartEvidence.EMPLOYER_CONFIRMATION, day, "周经理电话确认", actor=CHEN)


@pytest.fixture
async def at_work(house):
    """Somebody who began two days ago on a post for two; today is the last day agreed."""
    with at(datetime(2026, 11, 29, 9, 0, tzinfo=CHINA)):
        scene = await put_scene(state=ReferralState.CONFIRMED, headcount=2, terms=THREE_DAYS)
        await begin(scene)
    return scene


async def ended(referral: int) -> dict:
    row = await Placement.select().where(Placement.referral == referral).first()
    assert row
    return row


async def test_a_clerk_writes_down_the_end_with_the_pay_as_agreed(clerk, at_work):
    page = await clerk.reads(END)
    assert page.select_one("#ended_on")["value"] == "2026-12-01"
    assert page.select_one("#hours")["value"] == "24"
    assert "660 元" in page.words("aside")
    saved = await clerk.sends(END, page=END)
    page = await clerk.follows(saved)
    assert "660 元" in page.words("main .card")
    row = await ended(at_work.referral)
    assert (row["ended_how"], row["worked_minutes"], row["pay_due_fen"], row["pay_due_on"]) == ("COMPLETED", 1440, 66000, date(2026, 12, 1))
    assert await state_of(at_work.referral) == "COMPLETED"
    kinds = {each["kind"] for each in await JournalEntry.select(JournalEntry.kind)}
    assert {"PLACEMENT_ENDED", "REFERRAL_COMPLETED"} <= kinds
    repeated = await clerk.client.post(END, data=clerk.last)
    assert repeated.status_code == 303
    refused = await clerk.sends(END, page=START, status=422, how="COMPLETED", ended_on="2026-12-01")
    assert "已经登记过结束" in refused.words(".problems")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"ended_on": "2026-12-02"}, "不能晚于今天"),
        ({"ended_on": "2026-11-28"}, "早于到岗日期"),
        ({"ended_on": ""}, "请填写最后一天"),
        ({"how": ""}, "中途结束"),
        ({"how": "QUIT_EARLY", "reason": "家里有事"}, "哪一方"),
        ({"how": "QUIT_EARLY", "side": "WORKER", "reason": ""}, "写明原因"),
        ({"pay_due": "600"}, "按约定应付660元"),
        ({"pay_due": "很多"}, "金额只能填数字"),
        ({"pay_due_on": "2026-12-20"}, "按约定12月1日付清"),
        ({"hours": "999"}, "比这几天的时间还多"),
        ({"hours": "八"}, "请填数字"),
    ],
)
async def test_an_end_that_does_not_fit_comes_back_with_the_typing_kept(clerk, at_work, fields, words):
    page = await clerk.sends(END, page=END, status=422, **fields)
    assert words in page.words(".problems")
    for name in set(fields) - {"how", "side"}:
        assert page.select_one(f"#{name}")["value"] == fields[name]
    assert await state_of(at_work.referral) == "PLACED"


async def test_other_pay_and_another_day_need_their_reason(clerk, at_work):
    await clerk.sends(END, page=END, pay_due="600", pay_due_on="2026-12-05", reason="第三天只做了半天，双方都同意")
    row = await ended(at_work.referral)
    assert (row["pay_due_fen"], row["pay_due_on"], row["ended_reason"]) == (60000, date(2026, 12, 5), "第三天只做了半天，双方都同意")


async def test_who_leaves_early_says_why_and_is_paid_for_the_days_worked(clerk, at_work):
    await clerk.sends(END, page=END, how="QUIT_EARLY", side="WORKER", reason="家里有急事", ended_on="2026-11-30", hours="16")
    row = await ended(at_work.referral)
    assert (row["ended_how"], row["ended_by_side"], row["pay_due_fen"]) == ("QUIT_EARLY", "WORKER", 44000)
    assert await state_of(at_work.referral) == "ENDED_EARLY"
    page = await clerk.reads("/desk/referrals/T26120100001")
    assert "零工提出" in page.words("main")
    assert "440 元" in page.words("main")


async def test_after_the_end_the_worker_looks_for_work_and_the_days_are_free_again(clerk, at_work):
    assert (await seeker_facts(at_work.seeker)).engagements
    row = await Seeker.select(Seeker.state).where(Seeker.id == at_work.seeker).first()
    assert row["state"] == "ENGAGED"
    await clerk.sends(END, page=END)
    row = await Seeker.select(Seeker.state).where(Seeker.id == at_work.seeker).first()
    assert row["state"] == "ACTIVE"
    assert (await seeker_facts(at_work.seeker)).engagements == ()


async def test_contacts_end_thirty_days_after_the_real_end(clerk, at_work):
    await clerk.sends(END, page=END, how="QUIT_EARLY", side="EMPLOYER", reason="活提前做完了", ended_on="2026-11-29", hours="8")
    for days, seen in [(30, True), (31, False)]:
        with at(datetime(2026, 11, 29, 12, 0, tzinfo=CHINA) + timedelta(days=days)):
            referral = await referral_with_id(at_work.referral)
            assert referral["contact_visible"] is seen


async def test_the_foreman_calls_at_six_and_all_are_done_at_once(clerk, at_work):
    second = await put_second(at_work, ReferralState.CONFIRMED)
    await place(second.referral, StartEvidence.EMPLOYER_CONFIRMATION, date(2026, 12, 1), "周经理电话确认，到岗晚了两天", actor=CHEN)
    page = await clerk.reads(TOGETHER)
    assert len(page.select("input[name=who][checked]")) == 2
    who = [box["value"] for box in page.select("input[name=who]")]
    await clerk.sends(TOGETHER, page=TOGETHER, who=who, hours="8")
    first, later = await ended(at_work.referral), await ended(second.referral)
    assert (first["pay_due_fen"], later["pay_due_fen"]) == (66000, 22000)
    assert (first["worked_minutes"], later["worked_minutes"]) == (480, 480)
    entries = [each for each in await JournalEntry.select(JournalEntry.kind) if each["kind"] == "PLACEMENT_ENDED"]
    assert len(entries) == 2
    page = await clerk.reads(TOGETHER)
    assert "没有人在做" in page.words(".empty")


async def test_only_the_chosen_are_done_and_nobody_chosen_is_refused(clerk, at_work):
    second = await put_second(at_work, ReferralState.CONFIRMED)
    await begin(second, date(2026, 12, 1))
    page = await clerk.reads(TOGETHER)
    first = page.select("input[name=who]")[0]["value"]
    refused = await clerk.sends(TOGETHER, page=TOGETHER, status=422, who=[], hours="7.5")
    assert "请勾选做完的人" in refused.words(".problems")
    assert refused.select_one("#hours")["value"] == "7.5"
    await clerk.sends(TOGETHER, page=TOGETHER, who=[first], hours="7.5")
    assert sorted([await state_of(at_work.referral), await state_of(second.referral)]) == ["COMPLETED", "PLACED"]


async def test_an_end_in_the_future_names_the_person_and_ends_nobody(clerk, at_work):
    page = await clerk.reads(TOGETHER)
    who = [box["value"] for box in page.select("input[name=who]")]
    refused = await clerk.sends(TOGETHER, page=TOGETHER, status=422, who=who, ended_on="2026-12-09")
    assert "李小明：最后一天不能晚于今天" in refused.words(".problems")
    assert await state_of(at_work.referral) == "PLACED"


async def test_the_slip_that_comes_back_makes_the_evidence_strong(clerk, at_work):
    page = await clerk.reads(START)
    assert "证明力：中" in page.words("main")
    await clerk.sends("/desk/referrals/T26120100001/evidence", page=START, evidence="RETURN_SLIP", note="回执第3号夹")
    page = await clerk.reads(START)
    assert "证明力：强" in page.words("main")
    assert "周经理电话确认" in page.words("main")
    assert [row["kind"] for row in await Evidence.select(Evidence.kind).order_by(Evidence.id)] == ["EMPLOYER_CONFIRMATION", "RETURN_SLIP"]
    listed = await clerk.reads("/desk/placements?month=2026-11")
    assert "回执第3号夹" in listed.words("main details")


@pytest.mark.parametrize(
    ("evidence", "note", "words"),
    [
        ("", "", "请选择依据"),
        ("SIGNED_AGREEMENT", "", "还没有双方签好的协议"),
        ("WORKER_AND_CALL", "", "打电话核实"),
        ("EMPLOYER_CONFIRMATION", "周经理电话确认", "已经登记过了"),
    ],
)
async def test_evidence_that_proves_nothing_new_is_refused(clerk, at_work, evidence, note, words):
    page = await clerk.sends("/desk/referrals/T26120100001/evidence", page=START, status=422, evidence=evidence, note=note)
    assert words in page.words(".problems")
    assert await Evidence.count() == 1


async def test_only_the_desk_of_the_station_writes_ends_down(stranger, officer, lawyer, passer_by, at_work):
    for visitor, status in [(stranger, 404), (officer, 403), (lawyer, 403), (passer_by, 303)]:
        await visitor.reads(END, status=status)
        await visitor.reads(TOGETHER, status=status)
    await stranger.sends(END, page="/desk/placements", status=404, how="COMPLETED", ended_on="2026-12-01")
    await stranger.sends(TOGETHER, page="/desk/placements", status=404, ended_on="2026-12-01")
    await stranger.sends("/desk/referrals/T26120100001/evidence", page="/desk/placements", status=404, evidence="RETURN_SLIP")
    assert await state_of(at_work.referral) == "PLACED"


async def test_before_the_start_there_is_no_end(clerk, house):
    await put_scene(state=ReferralState.CONFIRMED)
    await clerk.reads(END, status=404)


async def test_an_end_of_two_days_ago_needs_a_reason_and_is_kept_as_late(clerk, at_work):
    page = await clerk.sends(END, page=END, status=422, how="COMPLETED", ended_on="2026-11-29", hours="8")
    assert "最后一天已过去超过一天，请在“说明”里写明补登的原因" in page.words(".problems")
    assert page.select_one("#ended_on")["value"] == "2026-11-29"
    await clerk.sends(END, how="COMPLETED", ended_on="2026-11-29", hours="8", reason="雇主今天才说干完了")
    entry = await JournalEntry.select().where(JournalEntry.kind == "PLACEMENT_ENDED").first()
    assert entry["at"].astimezone(CHINA).date() == date(2026, 11, 29)
    assert '"late_reason":"雇主今天才说干完了"' in entry["body"]


async def test_an_end_of_yesterday_is_in_time_and_its_words_are_no_reason_for_being_late(clerk, at_work):
    await clerk.sends(END, page=END, how="COMPLETED", ended_on="2026-11-30", hours="16", reason="一切正常")
    entry = await JournalEntry.select().where(JournalEntry.kind == "PLACEMENT_ENDED").first()
    assert entry["at"].astimezone(CHINA).date() == date(2026, 11, 30)
    assert "late_reason" not in entry["body"]


async def test_many_ends_of_two_days_ago_share_their_reason(clerk, at_work):
    await clerk.reads(TOGETHER)
    who = clerk.filled(TOGETHER).get("who") or [tag["value"] for tag in clerk.page.select("input[name=who]")]
    page = await clerk.sends(TOGETHER, status=422, who=who, ended_on="2026-11-29", hours="8")
    assert "补登的原因" in page.words(".problems")
    await clerk.sends(TOGETHER, who=who, ended_on="2026-11-29", hours="8", reason="雇主今天才说干完了")
    assert (await ended(at_work.referral))["ended_on"] == date(2026, 11, 29)
