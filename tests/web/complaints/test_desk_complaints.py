"""The desk answers complaints: the station its own, the supervising unit what goes past it, nobody one about himself."""

from datetime import timedelta

import pytest

from db.actions.complaints import alert_overdue_complaints, move_complaint, open_complaint
from db.clock import at, now
from db.queries.alerts import alerts_of
from db.tables.accounts import Session
from db.tables.complaints import Complaint, ComplaintStep
from db.tables.journal import JournalEntry
from db.tables.seekers import Reveal
from rules.codes import ComplaintDecision, ComplaintKind, ComplaintLevel, ComplaintRoute, ComplaintSource
from rules.complaints import ComplaintEvent
from tests.cast import LAKE, PEOPLE
from tests.web.conftest import MORNING
from tests.web.rows import put_job, put_referral, put_seeker

URL = "/desk/complaints"
SAID = "岗位写的是搬运，去了才知道要下水作业。"
PHONE = "13900000077"


async def put_complaint(kind=ComplaintKind.FALSE_POST, **changes):
    """A complaint at 金银湖 station; its number."""
    facts = {
        "station_id": LAKE,
        "kind": kind,
        "level": ComplaintLevel.NORMAL,
        "route": ComplaintRoute.STATION,
        "source": ComplaintSource.ONLINE,
        "words": SAID,
        "contact": PHONE,
        "actor": None,
    }
    return await open_complaint(**{**facts, **changes})


async def row_of(number):
    return await Complaint.select().where(Complaint.number == number).first()


@pytest.fixture
async def ours(house):
    """One the station answers."""
    return await put_complaint()


@pytest.fixture
async def past(house):
    """One about a fee: past the station."""
    return await put_complaint(ComplaintKind.FEE)


async def takes(visitor, number, event, *, status=303, **fields):
    url = f"{URL}/{number}"
    return await visitor.sends(f"{url}/steps", status=status, page=url, event=event, **fields)


async def test_the_manager_takes_it_through_all_its_steps(manager, ours):
    page = await manager.reads(URL)
    assert ours in page.words("#complaints")
    assert SAID not in page.text
    page = await manager.reads(f"{URL}/{ours}")
    assert SAID in page.words("main")
    assert PHONE not in page.text
    await takes(manager, ours, "acknowledge")
    await takes(manager, ours, "investigate", words="问了雇主和两名零工。")
    await takes(manager, ours, "decide", decision="UPHELD", words="岗位写得不清楚，属实。")
    await takes(manager, ours, "reply", words="岗位已经下架，雇主已改正。")
    assert (await row_of(ours))["decided_by"] == PEOPLE["wu"].id
    await takes(manager, ours, "satisfied")
    row = await row_of(ours)
    assert (row["state"], row["decision"]) == ("SATISFIED", "UPHELD")
    assert "已经办完" in (await manager.reads(f"{URL}/{ours}")).words("main")
    kinds = [each["kind"] for each in await JournalEntry.select(JournalEntry.kind).order_by(JournalEntry.id)]
    assert kinds.count("COMPLAINT_STEP") == 5
    assert not [row for row in await JournalEntry.select(JournalEntry.body) if "下水" in row["body"] or PHONE in row["body"]]
    assert "没有要办的投诉" in (await manager.reads(URL)).words(".empty")
    assert ours in (await manager.reads(f"{URL}?state=closed")).words("#complaints")


async def test_a_refused_step_says_why_and_keeps_the_typing(manager, ours):
    await takes(manager, ours, "acknowledge")
    page = await takes(manager, ours, "investigate", status=422, words="问了")
    assert "至少5个字" in page.words(".problems")
    assert page.words("#words") == "问了"
    await takes(manager, ours, "investigate", words="问了雇主和两名零工。")
    page = await takes(manager, ours, "decide", status=422, decision="", words="岗位写得不清楚，属实。")
    assert "请选择结论" in page.words(".problems")
    page = await takes(manager, ours, "reply", status=422, words="岗位写得不清楚，属实。")
    assert page.words(".problems")
    assert (await row_of(ours))["state"] == "INVESTIGATING"


async def test_the_same_step_sent_twice_is_taken_once(manager, ours):
    await takes(manager, ours, "acknowledge")
    answer = await manager.client.post(f"{URL}/{ours}/steps", data=manager.last)
    assert answer.status_code == 303
    assert await ComplaintStep.count() == 1


async def test_a_clerk_reads_and_writes_down_but_does_not_decide(clerk, ours):
    page = await clerk.reads(f"{URL}/{ours}")
    assert not page.select("form[action$=steps]")
    await clerk.sends(f"{URL}/{ours}/steps", status=403, event="acknowledge")
    await clerk.reads(f"{URL}/{ours}/reveal", status=403)


async def test_what_goes_past_the_station_does_not_exist_for_it(clerk, manager, past):
    for visitor in (clerk, manager):
        assert past not in (await visitor.reads(f"{URL}?state=all")).text
        await visitor.reads(f"{URL}/{past}", status=404)
    await manager.sends(f"{URL}/{past}/steps", status=404, page=URL, event="acknowledge")
    assert "1件投诉由监督单位办理" in (await manager.reads(URL)).words(".note")
    assert not (await clerk.reads(URL)).select(".note")
    assert past not in (await manager.reads("/desk/journal")).text
    assert past not in (await manager.reads("/desk/alerts")).text


async def test_the_supervising_office_answers_it_and_the_district_may(overseer, officer, past):
    assert past in (await overseer.reads("/desk/alerts")).words("main")
    assert SAID in (await overseer.reads(f"{URL}/{past}")).words("main")
    await takes(overseer, past, "acknowledge")
    await takes(officer, past, "investigate", words="调取了当天的登记。")
    assert (await row_of(past))["state"] == "INVESTIGATING"


async def test_the_office_of_another_subdistrict_and_other_roles_stay_outside(sit_down, stranger, lawyer, past, ours):
    qian = await sit_down("qian")
    for number in (past, ours):
        await qian.reads(f"{URL}/{number}", status=404)
        await stranger.reads(f"{URL}/{number}", status=404)
    await lawyer.reads(URL, status=403)


async def test_officers_look_on_while_the_station_answers(overseer, ours):
    page = await overseer.reads(f"{URL}/{ours}")
    assert "由驿站办理" in page.words(".note")
    page = await takes(overseer, ours, "acknowledge", status=422)
    assert (await row_of(ours))["state"] == "RECEIVED"


async def answered(number, by="wu"):
    for event in ("acknowledge", "investigate", "decide", "reply"):
        await move_complaint(
            (await row_of(number))["id"], ComplaintEvent(event), "查过了，情况属实。", decision=ComplaintDecision.PARTLY, actor=PEOPLE[by]
        )


async def test_who_is_not_content_is_reviewed_by_those_above_and_not_by_the_station(manager, overseer, ours):
    await answered(ours)
    await takes(manager, ours, "dissatisfied", words="没有赔我来回的车费。")
    assert "监督单位复核" in (await manager.reads(f"{URL}/{ours}")).words(".note")
    await takes(overseer, ours, "review")
    await takes(overseer, ours, "finish", decision="UPHELD", words="请驿站负责人当面道歉。")
    row = await row_of(ours)
    assert (row["state"], row["decision"], row["closed_at"] is not None) == ("FINAL", "UPHELD", True)


async def test_nobody_reviews_the_own_decision(overseer, officer, past):
    await answered(past, by="sun")
    await takes(overseer, past, "dissatisfied")
    assert "另一位监管人员" in (await overseer.reads(f"{URL}/{past}")).words(".note")
    await takes(officer, past, "review")
    assert (await row_of(past))["state"] == "SUPERVISOR_REVIEW"


async def test_nobody_sees_a_complaint_about_himself(sit_down, manager, overseer, house):
    number = await put_complaint(ComplaintKind.PRIVACY, against_account=PEOPLE["sun"].id)
    await overseer.reads(f"{URL}/{number}", status=404)
    assert number not in (await overseer.reads(f"{URL}?state=all")).text
    await manager.reads(f"{URL}/{number}", status=404)


async def test_one_that_turns_out_to_be_about_staff_goes_past_the_station(manager, clerk, overseer, ours):
    assert ours in (await clerk.reads(URL)).text
    url = f"{URL}/{ours}"
    page = await manager.sends(f"{url}/accused", status=422, page=url, account="")
    assert "说的是哪位" in page.words(".problems")
    await manager.sends(f"{url}/accused", page=url, account=str(PEOPLE["chen"].id))
    for visitor in (clerk, manager):
        await visitor.reads(url, status=404)
    assert "陈小满" in (await overseer.reads(url)).words("main")
    assert (await alerts_of(PEOPLE["sun"].scope)).rows


async def test_a_clerk_writes_down_what_somebody_says_at_the_counter(clerk, house):
    job, seeker = await put_job("G261201-010001"), await put_seeker()
    await put_referral("T26120100001", job, seeker)
    fields = {"kind": "FALSE_POST", "words": SAID, "contact": PHONE, "referral": "T26120100001"}
    page = await clerk.sends(URL, status=200, page=f"{URL}/new", **fields)
    assert "只显示这一次" in page.words("main")
    row = await Complaint.select().first()
    assert (row["seeker"], row["source"], row["route"], row["station"]) == (seeker, "COUNTER", "STATION", LAKE)
    answer = await clerk.client.post(URL, data=clerk.last)
    assert answer.status_code == 303
    assert await Complaint.count() == 1


async def test_the_counter_form_refuses_and_keeps(clerk, overseer, house):
    page = await clerk.sends(URL, status=422, page=f"{URL}/new", kind="FALSE_POST", words=SAID, referral="T26120199999")
    assert "没有找到这个推荐单号" in page.words(".problems")
    assert page.words("#words") == SAID
    page = await clerk.sends(URL, status=422, kind="OTHER", words=SAID, referral="", against=str(PEOPLE["chen"].id))
    assert "您自己" in page.words(".problems")
    page = await clerk.sends(URL, status=422, kind="OTHER", words=SAID, referral="", against=str(PEOPLE["lin"].id))
    assert page.words(".problems")
    assert not await Complaint.exists()
    await overseer.reads(f"{URL}/new", status=403)


async def test_whoever_answers_sees_the_phone_for_a_purpose_that_is_kept(manager, sit_down, ours):
    qian = await sit_down("qian")
    await Session.update({Session.confirmed_at: now()}, force=True)
    url = f"{URL}/{ours}/reveal"
    await manager.reads(url)
    page = await manager.sends(url, status=200, fields=["contact"], purpose="RIGHTS")
    assert PHONE in page.words("main")
    look = await Reveal.select().first()
    assert (look["subject"], look["fields"], look["purpose"]) == ("complaint", "contact", "RIGHTS")
    await qian.reads(url, status=404)


async def test_a_broken_promise_alarms_whoever_answers_once_a_day(ours, past):
    assert await alert_overdue_complaints() == 0
    with at(MORNING + timedelta(days=2)):
        assert await alert_overdue_complaints() == 2
        assert await alert_overdue_complaints() == 0
        station = [row["subject_id"] for row in (await alerts_of(PEOPLE["wu"].scope)).rows if row["kind"] == "COMPLAINT_OVERDUE"]
        above = {row["subject_id"] for row in (await alerts_of(PEOPLE["sun"].scope)).rows if row["kind"] == "COMPLAINT_OVERDUE"}
    assert station == [(await row_of(ours))["id"]]
    assert (await row_of(past))["id"] in above


async def test_the_list_is_narrowed_paged_and_has_its_fragment(manager, house):
    numbers = [await put_complaint() for _ in range(51)]
    await put_complaint(ComplaintKind.PRIVACY)
    page = await manager.reads(f"{URL}?kind=FALSE_POST")
    assert numbers[0] not in page.text
    assert numbers[0] in (await manager.reads(page.select_one("a[rel=next]")["href"])).words("#complaints")
    sheet = await manager.reads(f"{URL}?kind=PRIVACY", fragment=True)
    assert len(sheet.select("tbody tr")) == 1
    assert sheet.select_one("html") is None
    assert len((await manager.reads(f"{URL}?state=all&word={numbers[3].lower()}")).select("tbody tr")) == 1
    assert "没有这样的投诉" in (await manager.reads(f"{URL}?state=overdue")).words(".empty")


async def test_t21_a_fee_told_in_a_call_back_opens_an_urgent_one_and_tells_the_supervisor(clerk, overseer, house):
    number = await put_complaint(
        ComplaintKind.FEE,
        level=ComplaintLevel.HIGH,
        route=ComplaintRoute.SUPERVISOR,
        source=ComplaintSource.FOLLOW_UP,
        words="",
        contact="",
        follow_up_id=1,
        actor=PEOPLE["chen"],
    )
    await clerk.reads(f"{URL}/{number}", status=404)
    alerts = (await alerts_of(PEOPLE["sun"].scope)).rows
    assert [row["kind"] for row in alerts] == ["FEE_CHARGED"]
    assert not (await alerts_of(PEOPLE["wu"].scope)).rows
    page = await overseer.reads(f"{URL}/{number}")
    assert "紧急" in page.words("h1") + page.words(".headline")
