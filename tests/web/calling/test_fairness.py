"""The month's fairness: every figure opens to its rows, nobody is named, and officers see the stations they supervise."""

import io
from datetime import timedelta

import openpyxl
import pytest

from rules.codes import CallAnswer, SignInState, SkipReason
from tests.cast import LAKE, LING, PEOPLE
from tests.web.calling_scene import DAY, o_clock, put_call, put_sign_in, squeezed
from tests.web.rows import put_job
from web.listings import listing_for, rows_of
from web.workbooks.writing import exported

HOME, ROWS, SHEET = "/desk/fairness", "/desk/fairness/rows", "/desk/fairness/sheet.pdf"
CODE = "ZD-420112015-01"


@pytest.fixture
async def a_month(house):
    """Ten people get a place after 0 to 9 days; one comes twice and gets none; one comes back after a short job."""
    job = await put_job("G261201-010001", published_at=o_clock(5))
    for ticket in range(1, 11):
        sign_in = await put_sign_in(ticket, o_clock(5, 30, ticket), waited=ticket - 1, state=SignInState.OUT)
        await put_call(sign_in, job, answer=CallAnswer.GOES, referral_number=f"T261201{ticket:05d}", made=o_clock(6, ticket))
    idle = await put_sign_in(11, o_clock(5, 31), waited=20)
    await put_sign_in(1, o_clock(5, 31, day=DAY + timedelta(days=1)), waited=21, seeker="Q26015000011")
    back = await put_sign_in(12, o_clock(5, 32), waited=1, returned_at=o_clock(8))
    await put_call(back, job, answer=CallAnswer.GOES, referral_number="T26120100012", made=o_clock(6, 20))
    walked = await put_sign_in(13, o_clock(5, 33), returned_at=o_clock(8))
    await put_call(idle, job, skip=SkipReason.SKILL, made=o_clock(6, 0))
    await put_call(idle, job, skip=SkipReason.NAMED, by="zhou", note="周经理点名", made=o_clock(6, 30))
    await put_call(walked, job, named=True, before=(11,), by="zhou", made=o_clock(6, 31))
    await put_sign_in(1, o_clock(5, 30, day=DAY - timedelta(days=1)), seeker="Q26015000099")
    return job


def tiles(page):
    """label → figure."""
    return {tile.get_text().removeprefix(tile.select_one("b").text): tile.select_one("b").text for tile in page.select(".tile")}


async def test_the_figures_of_a_month(clerk, a_month):
    page = await clerk.reads(HOME)
    assert tiles(page) == {
        "签到人次": "14",
        "来过的人数": "13",
        "派到活的人次": "11",
        "当天没派到活的人次": "3",
        "整月没派到活的人数": "2",
        "雇主点名": "1",
        "跳过": "2",
        "没按顺序叫号（应为0）": "0",
        "短工当天回站": "1",
        "公布了种子没有抽签的天数（应为0）": "0",
    }
    assert "王小" not in page.text


async def test_waits_stand_by_decile_and_each_opens_to_those_who_waited_no_longer(clerk, a_month):
    page = await clerk.reads(HOME)
    links = page.select("a[href*='days=']")
    assert [link.text for link in links] == ["1天" if n == 1 else f"{n}天" for n in (1, 1, 2, 3, 4, 5, 6, 7, 8, 9)]
    rows = await clerk.reads(links[3]["href"])
    assert sorted(int(row.select("td")[3].text) for row in rows.select("tbody tr")) == [0, 1, 1, 2, 3]


@pytest.mark.parametrize(
    ("show", "count", "words"),
    [
        ("placed", 11, "零工…001"),
        ("unplaced", 3, "零工…011"),
        ("people", 2, "零工…011"),
        ("named", 1, "武汉某物流公司"),
        ("skips", 2, "不会做这种活"),
        ("returned", 1, "零工…012"),
    ],
)
async def test_every_figure_opens_to_as_many_rows(clerk, a_month, show, count, words):
    page = await clerk.reads(f"{ROWS}?month=2026-12&show={show}")
    assert len(page.select("tbody tr")) == count
    assert words in page.words("table")
    for private in ("王小", "湖滨"):
        assert private not in page.text
    part = await clerk.reads(f"{ROWS}?month=2026-12&show={show}", fragment=True)
    assert part.select_one("h1") is None
    assert len(part.select("tbody tr")) == count


async def test_who_came_twice_without_a_place_stands_once_with_both_times(clerk, a_month):
    page = await clerk.reads(f"{ROWS}?show=people")
    row = next(row for row in page.select("tbody tr") if "零工…011" in row.text)
    assert row.select("td")[1].text == "2"


async def test_skips_are_counted_by_clerk_and_reason(clerk, a_month):
    page = await clerk.reads(HOME)
    links = {link["href"]: link.text for link in page.select("a[href*='show=skips&clerk=']")}
    assert links[f"{ROWS}?month=2026-12&show=skips&clerk=zhou&reason=NAMED"] == "1"
    rows = await clerk.reads(f"{ROWS}?month=2026-12&show=skips&clerk=zhou")
    assert "周经理点名" in rows.words("tbody")
    assert "不会做" not in rows.words("tbody")


async def test_named_requests_are_counted_by_employer(clerk, a_month):
    page = await clerk.reads(HOME)
    link = page.select_one("a[href*='employer=e']")
    assert link.text == "1"
    assert "武汉某物流公司" in (await clerk.reads(link["href"])).words("tbody")
    assert "没有这样的记录" in (await clerk.reads(f"{ROWS}?show=named&employer=e5")).words(".empty")


async def test_a_call_past_somebody_without_a_reason_is_found(clerk, a_month):
    walked = await put_sign_in(14, o_clock(5, 34))
    await put_call(walked, await put_job("G261201-010009", published_at=o_clock(5)), before=(11,), made=o_clock(7))
    page = await clerk.reads(HOME)
    assert tiles(page)["没按顺序叫号（应为0）"] == "1"
    rows = await clerk.reads(f"{ROWS}?show=out-of-order")
    assert "零工…014" in rows.words("tbody")


async def test_nothing_out_of_order_says_what_that_means(clerk, a_month):
    assert "排在前面又合适的人都已经叫过" in (await clerk.reads(f"{ROWS}?show=out-of-order")).words(".empty")


async def test_officers_see_their_stations_and_nobody_else_s(officer, overseer, sit_down, a_month):
    for visitor in (officer, overseer):
        page = await visitor.reads(HOME)
        row = next(row for row in page.select("tbody tr") if "金银湖" in row.text)
        assert [cell.text for cell in row.select("td")] == ["14", "11", "3", "1", "2"]
        page = await visitor.reads(row.select_one("a")["href"])
        assert tiles(page)["派到活的人次"] == "11"
        rows = await visitor.reads(f"{ROWS}?station={CODE}&show=skips")
        assert "零工…011" in rows.words("tbody")
        assert not rows.select("a[href^='/desk/calling']")
    elsewhere = await sit_down("qian")
    assert "金银湖" not in (await elsewhere.reads(HOME)).words("main")
    await elsewhere.reads(f"{ROWS}?station={CODE}", status=404)
    await elsewhere.fetches(f"{SHEET}?station={CODE}", status=404)


async def test_another_station_sees_its_own_month_only(stranger, a_month):
    page = await stranger.reads(f"{HOME}?station={CODE}")
    assert tiles(page)["签到人次"] == "0"
    assert "没有这样的记录" in (await stranger.reads(f"{ROWS}?station={CODE}&show=placed")).words(".empty")


async def test_the_legal_point_and_passers_by_do_not_see_it(lawyer, passer_by, sit_down, house):
    for visitor in (lawyer, await sit_down("he"), await sit_down("admin")):
        await visitor.reads(HOME, status=403)
        await visitor.reads(ROWS, status=403)
        await visitor.fetches(SHEET, status=403)
    await passer_by.reads(HOME, status=303)


@pytest.mark.parametrize(
    "query",
    [
        "month=2026-11",
        "month=abc",
        "show=nonsense",
        "show=people&after=junk",
        "days=99999999999999999999",
        "clerk='&employer=eeee",
        "reason=X",
    ],
)
async def test_junk_in_the_address_is_dropped(clerk, a_month, query):
    await clerk.reads(f"{ROWS}?{query}")
    await clerk.reads(f"{HOME}?{query}")


async def test_more_than_a_page_of_rows_goes_on(clerk, house):
    for ticket in range(1, 61):
        await put_sign_in(ticket, o_clock(5, 30) + timedelta(seconds=ticket))
    for show in ("unplaced", "people"):
        page = await clerk.reads(f"{ROWS}?show={show}")
        assert len(page.select("tbody tr")) == 50
        assert len((await clerk.reads(page.select_one("a[rel=next]")["href"])).select("tbody tr")) == 10


async def test_the_rows_are_exported_as_they_stand_there(house, a_month):
    listing = listing_for(PEOPLE["chen"], "fairness")
    asked = {"show": "skips", "month": "2026-12", "clerk": "zhou"}
    rows = [row async for row in rows_of(listing, PEOPLE["chen"], asked, 100)]
    assert len(rows) == 1
    cells = [cell(rows[0]) for _, cell in listing.columns]
    assert "跳过：雇主点名要别人 周经理点名" in cells
    head = {"title": listing.title, "marked": "m", "narrowed": "", "mark": "m", "footer": "f"}
    book = openpyxl.load_workbook(io.BytesIO(exported(head, [label for label, _ in listing.columns], [cells])))
    assert "零工…011" in {str(cell.value) for row in book.active.iter_rows() for cell in row}
    assert not [row async for row in rows_of(listing, PEOPLE["lin"], {**asked, "station": CODE}, 100)]


async def test_the_month_is_printed_without_names(clerk, overseer, a_month, printer):
    text = squeezed((await clerk.fetches(f"{SHEET}?month=2026-12")).content)
    for words in (
        "派工公平情况月报",
        "2026年12月",
        "派到活的人次11",
        "没按顺序叫号（应为0）0",
        "武汉某物流公司1",
        "2002周*雇主点名要别人1",
        "100%",
        "9天",
    ):
        assert words in text, words
    for private in ("王小", "周建国", "湖滨"):
        assert private not in text
    assert "派到活的人次11" in squeezed((await overseer.fetches(f"{SHEET}?month=2026-12&station={CODE}")).content)
    assert LING != LAKE
