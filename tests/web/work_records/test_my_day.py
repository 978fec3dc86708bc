"""今天我做了什么: every record linked, complete or with what is missing named, late with its reason; looking is only counted."""

from datetime import datetime, timedelta

import pytest

from db.clock import CHINA, at, now
from db.tables.agreements import Agreement
from rules.codes import AgreementState, ReferralState
from rules.journal import EventKind
from tests.cast import LING
from tests.web.conftest import MORNING
from tests.web.rows import put_agreement, put_job, put_referral, put_seeker
from tests.web.work_records.conftest import note

PAGE = "/desk/records"


def rows(page) -> list[str]:
    """What each row says was done."""
    return [tag.select("td")[1].text.strip() for tag in page.select("table.records tbody tr")]


async def test_a_clerk_reads_what_she_did_today_in_the_order_of_the_day(clerk):
    job = await put_job("G261201-010001", verified_on=MORNING.date())
    await note(EventKind.JOB_DRAFTED, subject_id=job, version=1)
    await note(EventKind.JOB_PUBLISHED, subject_id=job, channels=["WEBSITE"])
    await note(EventKind.JOB_REVIEW_TAKEN, subject_id=job, who="zhou")
    page = await clerk.reads(PAGE)
    assert rows(page) == ["起草岗位", "发布岗位"]
    assert page.select_one("table.records a")["href"] == "/desk/jobs/G261201-010001"
    assert page.select_one("table.records .tag.ok").text == "齐全"
    assert "2 条记录" in page.words(".tiles")
    assert "2 / 2 24小时内" in page.words(".tiles")


async def test_what_is_missing_is_named_once_with_the_way_to_complete_it(clerk):
    job = await put_job("G261201-010001")
    await note(EventKind.JOB_PUBLISHED, subject_id=job)
    await note(EventKind.JOB_REVISED, subject_id=job)
    page = await clerk.reads(PAGE)
    cells = [tag.select("td")[4] for tag in page.select("table.records tbody tr")]
    assert "缺项" in cells[0].text
    assert "超过15天没有核实" in cells[0].text
    assert cells[0].a["href"] == "/desk/jobs/G261201-010001"
    assert cells[1].text.strip() == "同上"
    assert "0 / 1 不缺项" in page.words(".tiles")


@pytest.mark.parametrize(
    ("age", "state", "words", "tag"),
    [
        (0, ReferralState.PROPOSED, "零工还没有答复", "在办"),
        (5, ReferralState.PROPOSED, "零工还没有答复", "缺项"),
        (5, ReferralState.WORKER_ACCEPTED, "雇主还没有答复", "缺项"),
        (5, ReferralState.CONFIRMED, "到没到岗还没有登记", "在办"),  # the work begins today
        (5, ReferralState.EVALUATED, "齐全", "齐全"),
    ],
)
async def test_a_referral_waits_for_answers_and_an_end(clerk, age, state, words, tag):
    job, seeker = await put_job("G261201-010001"), await put_seeker()
    with at(MORNING - timedelta(days=age)):
        referral = await put_referral("T26120100001", job, seeker, state=state)
        await note(EventKind.REFERRAL_PROPOSED, "referral", referral)
        day = now().astimezone(CHINA).date()
    page = await clerk.reads(f"{PAGE}?day={day}")
    cell = page.select("table.records tbody td")[4]
    assert words in cell.text
    assert tag in cell.text


async def test_an_agreement_lacks_its_delivery(clerk):
    job, seeker = await put_job("G261201-010001"), await put_seeker()
    referral = await put_referral("T26120100001", job, seeker)
    agreement = await put_agreement("X26120100001", referral)
    before = now() - timedelta(days=4)
    await Agreement.update({Agreement.state: AgreementState.SIGNED.value, Agreement.signed_at: before, Agreement.changed_at: before}).where(
        Agreement.id == agreement
    )
    await note(EventKind.AGREEMENT_SIGNED, "agreement", agreement)
    cell = (await clerk.reads(PAGE)).select("table.records tbody td")[4]
    assert "签好了，还没有交给零工一份" in cell.text
    assert "没有上传签字的扫描件" in cell.text


async def test_signing_in_and_looking_are_counted_not_listed(clerk):
    await note(EventKind.SIGNED_IN, "account", 2001)
    await note(EventKind.REVEALED, "seeker", 7, purpose="CALL")
    await note(EventKind.REVEALED, "seeker", 8, purpose="CALL")
    page = await clerk.reads(PAGE)
    assert rows(page) == []
    assert "登录1次、查看完整个人信息2次" in page.words("#entries")
    assert "没有要签认的记录" in page.words("#signing")


async def test_a_late_entry_stands_on_its_day_with_the_reason_and_is_told_today(clerk):
    await note(EventKind.SIGNED_IN, "account", 2001)
    happened = MORNING - timedelta(days=3)
    await note(EventKind.JOB_VERIFIED, at=happened, late_reason="停电，纸上先记，电话13900000101")
    today = await clerk.reads(PAGE)
    assert rows(today) == []
    assert "今天补记了以前的事： 11月28日" in today.words("main")
    day = await clerk.reads(f"{PAGE}?day=2026-11-28")
    assert "补记 晚了3天" in day.words("table.records")
    assert "停电，纸上先记" in day.words("table.records")
    assert "13900000101" not in day.text
    assert "0 / 1 24小时内" in day.words(".tiles")
    assert rows(await clerk.reads(f"{PAGE}?day=2026-11-28&show=late")) == ["核实岗位"]


async def test_a_reason_for_what_was_in_time_makes_nothing_late(clerk):
    await note(EventKind.JOB_VERIFIED, at=now() - timedelta(hours=2), late_reason="多写了")
    page = await clerk.reads(PAGE)
    assert "补记" not in page.words("table.records")


async def test_the_list_is_narrowed_to_what_is_missing(clerk):
    fresh, stale = await put_job("G261201-010001", verified_on=MORNING.date()), await put_job("G261201-010002")
    await note(EventKind.JOB_PUBLISHED, subject_id=fresh)
    await note(EventKind.JOB_VERIFIED, subject_id=stale)
    assert rows(await clerk.reads(f"{PAGE}?show=lacking")) == ["核实岗位"]
    assert rows(await clerk.reads(f"{PAGE}?show=junk")) == ["发布岗位", "核实岗位"]
    fragment = await clerk.reads(f"{PAGE}?show=lacking", fragment=True)
    assert fragment.find("html") is None
    assert rows(fragment) == ["核实岗位"]


async def test_a_long_day_turns_its_pages(clerk):
    for number in range(205):
        await note(EventKind.CALLED, "sign_in", number)
    first = await clerk.reads(PAGE)
    assert len(rows(first)) == 200
    assert "请翻到最后一页" in first.words("#signing")
    last = await clerk.reads(first.select_one("a[rel=next]")["href"])
    assert len(rows(last)) == 5
    assert last.select_one("#own_password")


async def test_nobody_reads_a_day_to_come_and_junk_is_today(clerk):
    for typed in ("2026-12-02", "gestern", "0001-01-01", ""):
        assert "今天我做了什么" in (await clerk.reads(f"{PAGE}?day={typed}")).words("h1")


async def test_work_at_another_station_is_listed_without_its_page(clerk):
    await put_job("G261201-060001", LING)
    job = await put_job("G261201-060002", LING)
    await note(EventKind.JOB_VERIFIED, subject_id=job, station=LING)
    page = await clerk.reads(PAGE)
    assert rows(page) == ["核实岗位"]
    assert page.select("table.records a") == []


async def test_legal_people_and_officers_have_no_day_to_sign(lawyer, officer):
    await lawyer.reads(PAGE, status=403)
    await officer.reads(PAGE, status=403)


async def test_the_front_page_says_which_days_are_not_signed(clerk):
    with at(datetime(2026, 11, 30, 10, 0, tzinfo=CHINA)):
        await note(EventKind.JOB_VERIFIED)
    page = await clerk.reads("/desk")
    assert "工作记录还没签认" in page.words("main")
    assert page.select_one("a[href='/desk/records?day=2026-11-30']")
