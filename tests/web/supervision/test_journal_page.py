"""The journal page: what was done, by whom, about what, and its place in the chain. Never anything personal."""

from datetime import timedelta

from db.actions.journal import record
from db.clock import at, now
from db.tables.journal import JournalEntry
from db.transaction import transact
from rules.journal import EventKind
from tests.cast import LAKE, LING, PEOPLE
from tests.web.rows import put_job, put_referral, put_seeker

PAGE = "/desk/journal"


async def note(kind: EventKind, subject: str = "job", subject_id: int = 1, station: int | None = LAKE, who: str = "chen", **facts):
    """One entry."""
    await transact(record, kind, subject=subject, subject_id=subject_id, actor=PEOPLE[who], station_id=station, **facts)


def rows(page) -> list[str]:
    """What each row says was done."""
    return [tag.select("td")[2].text.strip() for tag in page.select("tbody tr")]


async def test_the_newest_entry_stands_first_with_who_when_and_its_link(manager):
    job = await put_job("G261201-010001")
    await note(EventKind.JOB_DRAFTED, subject_id=job, version=1)
    await note(EventKind.JOB_PUBLISHED, subject_id=job, who="zhou", channels=["WEBSITE", "SCREEN"])
    page = await manager.reads(PAGE)
    assert rows(page) == ["发布岗位", "起草岗位"]
    first = page.select_one("tbody tr")
    for words in ("2026-12-01 09:00", "周建国", "发布渠道：线上网站、信息发布屏", "#2"):
        assert words in first.text
    assert first.select_one("a")["href"] == "/desk/jobs/G261201-010001"
    entry = await JournalEntry.select(JournalEntry.hash).where(JournalEntry.seq == 2).first()
    assert first.select_one("code").text == entry["hash"][:10]


async def test_a_manager_sees_the_own_station_only(manager):
    await note(EventKind.JOB_DRAFTED)
    await note(EventKind.JOB_REJECTED, station=LING, who="lin")
    await note(EventKind.PARAMETER_SET, "parameter", station=None, who="zheng")
    assert rows(await manager.reads(PAGE)) == ["起草岗位"]


async def test_officers_see_their_reach(officer, overseer):
    await note(EventKind.JOB_DRAFTED)
    await note(EventKind.JOB_REJECTED, station=LING, who="lin")
    await note(EventKind.PARAMETER_SET, "parameter", station=None, who="zheng", code="min_wage_hour_tier1", value="26")
    assert rows(await officer.reads(PAGE)) == ["设定法定参数", "驳回岗位", "起草岗位"]
    assert rows(await overseer.reads(PAGE)) == ["起草岗位"]


async def test_an_officer_narrows_to_one_station_in_reach(officer, overseer):
    await note(EventKind.JOB_DRAFTED)
    await note(EventKind.JOB_REJECTED, station=LING, who="lin")
    assert rows(await officer.reads(f"{PAGE}?station=ZD-420112006-01")) == ["驳回岗位"]
    # a station out of reach is an unknown value, and unknown values are dropped
    assert rows(await overseer.reads(f"{PAGE}?station=ZD-420112006-01")) == ["起草岗位"]


async def test_entries_are_filtered_by_kind_and_by_day_in_china(manager):
    await note(EventKind.JOB_DRAFTED)
    with at(now() - timedelta(hours=9, minutes=30)):
        await note(EventKind.JOB_PUBLISHED)
    assert rows(await manager.reads(f"{PAGE}?kind=JOB_DRAFTED")) == ["起草岗位"]
    assert rows(await manager.reads(f"{PAGE}?day=2026-11-30")) == ["发布岗位"]
    assert rows(await manager.reads(f"{PAGE}?day=2026-12-01&kind=")) == ["起草岗位"]


async def test_a_filter_nobody_understands_is_dropped(manager):
    await note(EventKind.JOB_DRAFTED)
    page = await manager.reads(f"{PAGE}?kind=NOPE&day=yesterday&after=junk&page=abc")
    assert rows(page) == ["起草岗位"]
    assert not page.select(".problems")


async def test_nothing_found_says_how_to_go_on(manager):
    page = await manager.reads(f"{PAGE}?day=2020-01-01")
    assert "没有符合条件的记录" in page.words(".empty")
    assert page.select_one(".empty a[href='/desk/journal']")


async def test_the_second_page_goes_on_where_the_first_ended(manager):
    for n in range(53):
        await note(EventKind.JOB_DRAFTED, version=n + 1)
    first = await manager.reads(PAGE)
    assert len(rows(first)) == 50
    second = await manager.reads(first.select_one("a[rel=next]")["href"])
    assert [tag.select("td")[-1].text.split()[0] for tag in second.select("tbody tr")] == ["#3", "#2", "#1"]
    assert second.select_one("a[rel=prev]")["href"] == PAGE


async def test_the_list_comes_alone(manager):
    await note(EventKind.JOB_DRAFTED)
    part = await manager.reads(PAGE, fragment=True)
    assert rows(part) == ["起草岗位"]
    assert not part.select("h1")


async def test_sealed_values_and_numbers_typed_into_reasons_do_not_show(manager):
    await note(EventKind.REVEALED, "seeker", 7, phone="s1.k1.xxxx", reason="打13912345678核实")
    words = (await manager.reads(PAGE)).words("tbody")
    assert "s1." not in words
    assert "13912345678" not in words
    assert "139****5678" in words


async def test_a_late_entry_says_why_it_came_late(manager):
    await note(EventKind.JOB_VERIFIED, at=now() - timedelta(days=2), late_reason="停电，纸上先记")
    words = (await manager.reads(PAGE)).words("tbody")
    assert "2026-11-29 09:00" in words
    assert "补记 停电，纸上先记" in words


async def test_a_subject_the_role_may_not_open_is_named_without_a_link(officer):
    referral = await put_referral("T26120100001", await put_job("G261201-010001"), await put_seeker())
    await note(EventKind.REFERRAL_PROPOSED, "referral", referral)
    page = await officer.reads(PAGE)
    assert "推荐 T26120100001" in page.words("tbody")
    assert not page.select("tbody a")


async def test_staff_operators_and_the_administrator_do_not_read_the_journal(clerk, passer_by, sit_down):
    await clerk.reads(PAGE, status=403)
    await (await sit_down("he")).reads(PAGE, status=403)
    await (await sit_down("admin")).reads(PAGE, status=403)
    await passer_by.reads(PAGE, status=303)
