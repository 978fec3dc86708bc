"""A check on the spot: the seed first, then the lines that follow from it, then what was found, once and for all to see."""

import re

import pytest

from db.actions.ledger import new_version
from db.actions.samples import draw_sample
from db.clock import at
from db.queries import samples as queries
from db.tables.documents import Paper
from db.tables.journal import JournalEntry
from db.tables.ledger import Sample, SampleLine
from rules.codes import PaperKind
from rules.errors import RuleBroken
from rules.samples import sampled
from tests.cast import LAKE, PEOPLE
from tests.web.ledger.conftest import NOVEMBER, put_activity
from tests.web.rows import put_job, put_placement, put_referral, put_seeker
from tests.web.samples.conftest import DESK, HOME
from web.routes.samples import sample_sheet

CODE, MONTH = "ZD-420112015-01", 202611


async def kept() -> dict:
    row = await Sample.select().first()
    assert row is not None
    return row


async def test_an_officer_publishes_a_seed_and_the_station_sees_it_at_once(closed, overseer, manager):
    saved = await overseer.sends(HOME, page=HOME, checked_station=CODE, checked_month="2026年11月")
    page = await overseer.follows(saved)
    row = await kept()
    assert re.fullmatch(r"[0-9a-f]{32}", row["seed"])
    assert row["number"] == "CC202611-420112015-01-1"
    assert row["population"] == 3
    assert row["seed"] in page.words("dl")
    seen = await manager.reads(f"{DESK}/{row['number']}")
    assert row["seed"] in seen.words("dl")
    assert seen.select_one("form[action$=drawing]") is None
    assert row["number"] in (await manager.reads(DESK)).words("#samples")
    entry = await JournalEntry.select(JournalEntry.body).where(JournalEntry.kind == "SAMPLE_SEED_PUBLISHED").first()
    assert row["seed"] in entry["body"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"checked_month": "2026-10"}, "还没有结账"),
        ({"checked_month": "十一月"}, "月份没看懂"),
        ({"checked_month": ""}, "请填写月份"),
        ({"checked_station": ""}, "请选择驿站"),
        ({"checked_station": "ZD-420112006-01"}, "请在列表里选择"),
    ],
)
async def test_a_seed_needs_a_closed_month_of_a_station_in_reach(closed, overseer, fields, words):
    page = await overseer.sends(HOME, page=HOME, status=422, **({"checked_station": CODE, "checked_month": "2026-11"} | fields))
    assert words in page.words(".problems")
    assert page.select_one("input#checked_month")["value"] == fields.get("checked_month", "2026-11")
    assert await Sample.count() == 0


async def test_a_published_seed_is_not_replaced(seeded, overseer):
    page = await overseer.sends(HOME, page=HOME, status=422, checked_station=CODE, checked_month="2026-11")
    assert "公布以后不能换" in page.words(".problems")
    assert await Sample.count() == 1


async def test_what_is_drawn_follows_from_the_seed_and_anybody_recomputes_it(drawn, overseer):
    row = await kept()
    expected = [each.line for each in sampled(CODE, MONTH, row["seed"], 3, 2)]
    lines = await SampleLine.select(SampleLine.line, SampleLine.position, SampleLine.placement).order_by(SampleLine.position)
    assert [line["line"] for line in lines] == expected
    page = await overseer.reads(f"{HOME}/{drawn}")
    assert [int(tr.select("td")[1].text) for tr in page.select("tbody tr")] == expected
    assert f"ZD-420112015-01|202611|{row['seed']}|3|③序号" in page.words("aside")
    assert "王小明" not in page.words()
    entry = await JournalEntry.select(JournalEntry.body).where(JournalEntry.kind == "SAMPLE_DRAWN").first()
    assert f'"drawn_lines":{str(expected).replace(" ", "")}' in entry["body"]


async def test_the_version_is_fixed_with_the_seed(seeded, november, overseer):
    """What the station enters after the seed is out does not change who is drawn."""
    with at(NOVEMBER):
        job, seeker = await put_job("G261110-010009"), await put_seeker("Q26015000129")
        await put_placement(await put_referral("T26111000019", job, seeker), job, seeker, started_on=NOVEMBER.date())
        await put_activity("TRAINING", NOVEMBER.date(), "HD261110009")
    await new_version(MONTH, "补记一人", actor=PEOPLE["wu"])
    page = f"{HOME}/{seeded}"
    await overseer.sends(f"{page}/drawing", page=page, size="3")
    row = await kept()
    assert (row["population"], row["size"]) == (3, 3)
    assert sorted(await SampleLine.select(SampleLine.line).output(as_list=True)) == [1, 2, 3]


async def test_it_is_drawn_once(drawn, overseer):
    row = await queries.sample_with((await kept())["id"])
    with pytest.raises(RuleBroken, match="已经抽过了"):
        await draw_sample(row["id"], 3, ["a", "b", "c"], actor=PEOPLE["sun"])
    assert (await overseer.reads(f"{HOME}/{drawn}")).select_one("form[action$=drawing]") is None
    assert await JournalEntry.count().where(JournalEntry.kind == "SAMPLE_DRAWN") == 1


@pytest.mark.parametrize(("size", "words"), [("", "请填写"), ("0", "1到100"), ("4", "1到3条"), ("两条", "整数")])
async def test_a_sample_of_no_size_is_refused(seeded, overseer, size, words):
    page = f"{HOME}/{seeded}"
    shown = await overseer.sends(f"{page}/drawing", page=page, status=422, size=size)
    assert words in shown.words(".problems")
    assert (await kept())["drawn_at"] is None


async def test_what_was_found_is_written_down_once_and_the_manager_reads_it(drawn, overseer, manager):
    page = f"{HOME}/{drawn}"
    address = f"{page}/lines/1/verdict"
    shown = await overseer.sends(address, page=page, status=422, verdict="FABRICATED", note="", checked_on="2026-12-01")
    assert "哪里不一样" in shown.words(".problems")
    await overseer.sends(address, verdict="FABRICATED", note="打电话说没去过", checked_on="2026-12-01")
    seen = (await manager.reads(f"{DESK}/{drawn}")).words("tbody")
    assert "不属实 打电话说没去过" in seen
    refused = await overseer.sends(address, page=page, status=422, verdict="GENUINE", note="", checked_on="2026-12-01")
    assert "不能再改" in refused.words(".problems")
    row = (await manager.reads(DESK)).select_one("#samples tbody tr")
    assert [cell.text for cell in row.select("td")[-5:]] == ["1", "0", "0", "1", "0"]
    entry = await JournalEntry.select(JournalEntry.body).where(JournalEntry.kind == "SAMPLE_CHECKED").first()
    assert "没去过" not in entry["body"]


@pytest.mark.parametrize("day", ["2026-12-02", "2026-10-31"])
async def test_a_check_happens_neither_tomorrow_nor_before_the_month(drawn, overseer, day):
    page = f"{HOME}/{drawn}"
    shown = await overseer.sends(f"{page}/lines/2/verdict", page=page, status=422, verdict="GENUINE", note="", checked_on=day)
    assert "核查日期不对" in shown.words(".problems")
    assert shown.select_one(f'form[action="{page}/lines/2/verdict"] input[name=checked_on]')["value"] == day


async def test_the_sheet_has_what_the_ledger_says_masked_and_how_to_recompute_it(drawn, overseer, real_printer):
    row = await queries.sample_in(PEOPLE["sun"].scope, drawn)
    sheet = await sample_sheet(row, "https://lg.example.gov.cn")
    assert sheet.verify_url == f"https://lg.example.gov.cn/verify/{drawn}"
    assert sheet.labels[:2] == ("推荐单号", "岗位编号")
    assert [line[1] for line in sheet.lines] == [each.line for each in sampled(CODE, MONTH, row["seed"], 3, 2)]
    assert "王小明" not in str(sheet)
    answer = await overseer.fetches(f"{DESK}/{drawn}/sheet.pdf")
    assert answer.content.startswith(b"%PDF")
    again = await overseer.fetches(f"{DESK}/{drawn}/sheet.pdf")
    assert again.content == answer.content
    assert await Paper.count().where(Paper.kind == PaperKind.SAMPLE_SHEET.value) == 1


async def test_there_is_no_sheet_before_it_was_drawn(seeded, overseer, quick_printer):
    await overseer.fetches(f"{DESK}/{seeded}/sheet.pdf", status=404)


async def test_the_manager_and_the_clerk_draw_nothing(seeded, manager, clerk):
    await manager.reads(DESK)
    await manager.sends(f"{HOME}/{seeded}/drawing", status=403, size="1")
    await manager.reads(HOME, status=403)
    await clerk.reads(DESK, status=403)


async def test_another_subdistrict_does_not_see_it(drawn, sit_down):
    other = await sit_down("qian")
    await other.reads(f"{HOME}/{drawn}", status=404)
    await other.reads(HOME)
    await other.sends(f"{HOME}/{drawn}/lines/1/verdict", status=404, verdict="GENUINE", note="", checked_on="2026-12-01")
    assert "还没有驿站结过账" in (await other.reads(HOME)).words("main")


async def test_the_list_is_narrowed_and_says_when_nothing_fits(drawn, officer):
    assert drawn in (await officer.reads(f"{HOME}?month=2026-11&state=drawn")).words("#samples")
    assert "没有符合条件" in (await officer.reads(f"{HOME}?month=2026-10")).words("#samples")
    fragment = await officer.reads(HOME, fragment=True)
    assert fragment.select_one("h1") is None
    assert drawn in fragment.words("table")


async def test_a_station_where_nobody_was_placed_is_not_checked(house, manager, overseer):
    from tests.web.ledger.conftest import closes

    await closes(manager)
    page = await overseer.sends(HOME, page=HOME, status=422, checked_station=CODE, checked_month="2026-11")
    assert "不用抽查" in page.words(".problems")
    assert LAKE
