"""What anybody may know of a station: where, when, who runs it, who supervises it, what hangs on its walls."""

import json
from datetime import date, timedelta

from db.tables.jobs import Job
from db.tables.stations import Station
from rules.codes import BoardKind, StationState
from tests.cast import LAKE, LING
from tests.web.rows import put_job, put_version

PAGE = "/stations/ZD-420112015-01"


async def test_the_list_shows_every_station_under_its_subdistrict_with_a_number_to_tap(passer_by):
    page = await passer_by.reads("/stations")
    assert [tag.text for tag in page.select("h2")] == ["走马岭街道", "金银湖街道"]
    lake = page.select_one("section.place:has(a[href='/stations/ZD-420112015-01'])")
    assert "宏图大道" in lake.text
    assert "每天 6:00–18:00" in lake.text
    assert lake.select_one("a[href='tel:027-83000015']")


async def test_a_closed_station_leaves_the_list_and_a_suspended_one_says_so(passer_by):
    await Station.update({Station.state: StationState.CLOSED.value}).where(Station.id == LING)
    await Station.update({Station.state: StationState.SUSPENDED.value}).where(Station.id == LAKE)
    page = await passer_by.reads("/stations")
    assert "走马岭零工驿站" not in page.words()
    assert "停业整改中" in page.words()


async def test_without_any_station_the_list_says_where_to_ask(passer_by):
    await Station.update({Station.state: StationState.CLOSED.value}, force=True)
    page = await passer_by.reads("/stations")
    assert "12333" in page.words(".note")


async def test_a_station_shows_all_its_public_facts(passer_by):
    facts = {Station.licence_no: "鄂人服证第115号", Station.facilities: json.dumps(["water", "free_wifi"])}
    await Station.update(facts).where(Station.id == LAKE)
    words = (await passer_by.reads(PAGE)).words()
    for fact in (
        "宏图大道18号",
        "每天 6:00–18:00",
        "027-83000015",
        "027-83000016",
        "武汉湖畔人力资源有限公司",
        "机构自建",
        "金银湖街道办事处",
        "027-83000099",
        "每周三下午",
        "饮水、免费WIFI",
        "鄂人服证第115号",
        "运营中",
    ):
        assert fact in words


async def test_a_station_never_names_who_works_there(passer_by):
    words = (await passer_by.reads(PAGE)).words()
    assert "吴站长" not in words
    assert "陈小满" not in words


async def test_suspension_and_removal_are_public(passer_by):
    await Station.update({Station.state: StationState.SUSPENDED.value}).where(Station.id == LAKE)
    assert "暂停登记、发布和推荐" in (await passer_by.reads(PAGE)).words(".note")
    await Station.update({Station.state: StationState.REVOKED.value}).where(Station.id == LAKE)
    assert "已摘牌" in (await passer_by.reads(PAGE)).words(".note")


async def test_open_posts_are_counted_and_lead_to_the_board(passer_by):
    today = date(2026, 12, 1)
    await put_job("G261201-010001", listed=True, valid_to=today)
    await put_job("G261201-010002", listed=True, valid_to=today - timedelta(days=1))
    await put_job("G261201-010003", listed=False, valid_to=today)
    await put_job("G261201-010004", station=LING, listed=True, valid_to=today)
    assert await Job.count() == 4
    page = await passer_by.reads(PAGE)
    assert "正在招工的岗位有 1 个" in page.words(".say")
    assert page.select_one(".say a[href='/jobs?subdistrict=420112015']")


async def test_all_ten_boards_are_there_on_both_papers(passer_by):
    page = await passer_by.reads(PAGE)
    links = {tag["href"] for tag in page.select(".sheet")}
    assert links == {f"{PAGE}/boards/{kind.value}.pdf?paper={paper}" for kind in BoardKind for paper in ("A3", "A2")}


async def test_an_unknown_station_or_board_is_not_found(passer_by):
    for url in ("/stations/ZD-420112015-99", "/stations/abc", f"{PAGE}/boards/menu", f"{PAGE}/boards/menu.pdf", f"{PAGE}/boards/pdf"):
        await passer_by.reads(url, status=404)


async def test_a_board_can_be_read_on_a_phone_with_the_stations_own_values(passer_by):
    words = (await passer_by.reads(f"{PAGE}/boards/complaint")).words("main")
    assert "电话027-83000016，监督电话027-83000099" in words
    assert "直接由金银湖街道办事处受理" in words
    assert "第1版，自2026年1月2日起施行" in words
    wages = (await passer_by.reads(f"{PAGE}/boards/rights")).words("main")
    assert "每小时不低于24元" in wages


async def test_a_version_whose_day_has_not_come_is_announced_but_not_shown(passer_by):
    for version, day in ((1, date(2026, 1, 2)), (2, date(2026, 12, 1)), (3, date(2026, 12, 20))):
        await put_version(version, day)
    page = await passer_by.reads(f"{PAGE}/boards/hygiene")
    assert "第2种写法" in page.words("main")
    assert "自2026年12月20日起" in page.words("main")
    early = await passer_by.reads(f"{PAGE}/boards/hygiene?version=1")
    assert "第1种写法" in early.words("main")
    assert "已经换成新版" in early.words(".note")
    assert "还没有施行" in (await passer_by.reads(f"{PAGE}/boards/hygiene?version=3")).words(".note")
    assert "第2种写法" in (await passer_by.reads(f"{PAGE}/boards/hygiene?version=abc")).words("main")
