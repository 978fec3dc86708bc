"""The wall: boards print with the station's own values, the manager rewrites them, and every version stays."""

import io
import json
import subprocess
from datetime import date

import pypdf
import pytest

from db.actions.stations import edit_board, open_station
from db.queries.stations import board_versions, own_station, station_with_code
from db.tables.journal import JournalEntry
from db.tables.parameters import LegalParameter
from db.tables.stations import RuleBoard, Station
from rules.board_editing import board_rows
from rules.boards import board_text
from rules.codes import BoardKind, BuildMode, OperationMode
from rules.errors import RuleBroken, RulesBroken
from rules.stations import Facility, NewStation
from tests.cast import LAKE, LING, PEOPLE
from tests.web.rows import put_version
from web.boards import SHEETS

PUBLIC = "/stations/ZD-420112015-01/boards"
HYGIENE = "/desk/boards/hygiene"
NEW_TEXT = "1. 每天早晚各打扫一次。\n2. 垃圾分类投放，日产日清。\n3. 保持通风，每天开窗三次。"


def read_back(pdf: bytes) -> str:
    """The text of a PDF without white space."""
    told = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return "".join(told.stdout.decode().split())


async def test_a_board_prints_with_this_stations_values(passer_by, printer):
    answer = await passer_by.fetches(f"{PUBLIC}/complaint.pdf?paper=A3")
    assert answer.headers["content-type"] == "application/pdf"
    text = read_back(answer.content)
    for words in (
        "投诉举报办法",
        "金银湖零工驿站",
        "电话027-83000016，监督电话027-83000099",
        "金银湖街道办事处",
        "第1版自2026年1月2日起施行",
    ):
        assert words in text
    assert "{" not in text


async def test_paper_size_is_asked_for_and_junk_means_a3(passer_by, printer):
    sizes = {}
    for paper in ("A3", "A2", "B5"):
        pdf = (await passer_by.fetches(f"{PUBLIC}/free.pdf?paper={paper}")).content
        sizes[paper] = round(float(pypdf.PdfReader(io.BytesIO(pdf)).pages[0].mediabox.width))
    assert sizes == {"A3": 842, "A2": 1191, "B5": 842}
    assert len(SHEETS) == 2


async def test_the_minimum_wage_on_the_board_is_the_one_in_force_today(passer_by, printer):
    first = (await passer_by.fetches(f"{PUBLIC}/rights.pdf")).content
    assert "每小时不低于24元" in read_back(first)
    await LegalParameter.insert(
        LegalParameter(code="min_wage_hour_tier1", value="26", unit="元/小时", valid_from=date(2026, 12, 1), valid_to=None, basis="测试")
    )
    assert "每小时不低于26元" in read_back((await passer_by.fetches(f"{PUBLIC}/rights.pdf")).content)


async def test_a_board_with_a_hole_is_not_printed(passer_by):
    await Station.update({Station.complaint_phone: ""}).where(Station.id == LAKE)
    page = await passer_by.reads(f"{PUBLIC}/complaint", status=422)
    assert "驿站投诉电话" in page.words()


async def test_the_manager_rewrites_a_board_and_the_old_version_stays(manager, passer_by, printer):
    await manager.reads(HYGIENE)
    sent = await manager.sends(HYGIENE, lines=NEW_TEXT, effective_from="2026-12-01")
    page = await manager.follows(sent)
    assert "新版已保存" in page.words(".said")
    assert "每天开窗三次" in page.words("textarea")

    versions = await board_versions(await own_station(LAKE), BoardKind.HYGIENE)
    assert [(row["version"], row["edited_by"]) for row in versions] == [(2, "吴站长"), (1, "统一文本")]
    assert versions[1]["lines"] == board_rows(board_text(BoardKind.HYGIENE))
    assert "每天开窗三次" in read_back((await passer_by.fetches(f"{PUBLIC}/hygiene.pdf")).content)
    old = await passer_by.reads(f"{PUBLIC}/hygiene?version=1")
    assert "空调滤网按季清洗" in old.words("main")
    assert "空调滤网按季清洗" in read_back((await manager.fetches(f"{HYGIENE}/versions/1")).content)


async def test_a_new_version_leaves_a_journal_entry(manager, printer):
    await manager.sends(HYGIENE, page=HYGIENE, lines=NEW_TEXT, effective_from="2026-12-05")
    (entry,) = await JournalEntry.select().where(JournalEntry.kind == "BOARD_EDITED")
    assert (entry["signed_name"], entry["station_id"]) == ("吴站长", LAKE)
    assert json.loads(entry["body"])["particulars"] == {"board": "hygiene", "version": 2, "effective_from": "2026-12-05"}


async def test_a_version_for_next_week_does_not_hang_today(manager, passer_by, printer):
    await manager.sends(HYGIENE, page=HYGIENE, lines=NEW_TEXT, effective_from="2026-12-08")
    assert "空调滤网按季清洗" in (await passer_by.reads(f"{PUBLIC}/hygiene")).words("main")
    assert "第2版自2026年12月8日起" in (await manager.reads("/desk/boards")).words("table")


async def test_only_this_stations_board_changes(manager, passer_by, printer):
    await manager.sends(HYGIENE, page=HYGIENE, lines=NEW_TEXT, effective_from="2026-12-01")
    other = await passer_by.reads("/stations/ZD-420112006-01/boards/hygiene")
    assert "空调滤网按季清洗" in other.words("main")
    assert await RuleBoard.count().where(RuleBoard.station == LING) == 0


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"lines": "", "effective_from": "2026-12-01"}, "请填写制度内容"),
        ({"lines": "只有一条。", "effective_from": "2026-12-01"}, "现在有1条"),
        ({"lines": NEW_TEXT, "effective_from": "2026-11-30"}, "不能早于今天"),
        ({"lines": NEW_TEXT, "effective_from": "明天"}, "施行日期没看懂"),
        ({"lines": NEW_TEXT + "\n找{老王}。", "effective_from": "2026-12-01"}, "不认识{老王}"),
        ({"lines": "打扫卫生。" * 2000, "effective_from": "2026-12-01"}, "最多2400个字"),
        ({"lines": NEW_TEXT, "effective_from": "2026-12-01", "based_on": "9"}, "刚才保存了第1版"),
    ],
)
async def test_a_refused_text_says_why_and_keeps_the_typing(manager, printer, fields, said):
    page = await manager.sends(HYGIENE, page=HYGIENE, status=422, **fields)
    assert said in page.words(".problems")
    assert page.select_one("textarea").text.strip() == fields["lines"].strip()
    assert page.select_one("[name=effective_from]")["value"] == fields["effective_from"]
    assert await RuleBoard.count() == 0


async def test_a_text_too_long_for_its_sheet_comes_back(manager, printer):
    text = "\n".join(f"第{n}条，{'每天打扫两次并作好记录' * 7}。" for n in range(10, 36))
    page = await manager.sends(HYGIENE, page=HYGIENE, status=422, lines=text, effective_from="2026-12-01")
    assert "一张纸放不下" in page.words(".problems")
    assert "第35条" in page.select_one("textarea").text
    assert await RuleBoard.count() == 0


async def test_a_character_no_printer_has_is_refused_by_name(manager, printer):
    page = await manager.sends(HYGIENE, page=HYGIENE, status=422, lines=NEW_TEXT + "\n请微笑😀。", effective_from="2026-12-01")
    assert "😀" in page.words(".problems")
    assert await RuleBoard.count() == 0


async def test_a_script_tag_on_a_board_is_shown_as_text(manager, passer_by, printer):
    text = NEW_TEXT + "\n<script>alert(1)</script>不许乱写。"
    await manager.sends(HYGIENE, page=HYGIENE, lines=text, effective_from="2026-12-01")
    page = await passer_by.reads(f"{PUBLIC}/hygiene")
    assert "<script>alert(1)</script>不许乱写。" in page.words(".read-lines")
    assert "<script>alert(1)</script>" in read_back((await passer_by.fetches(f"{PUBLIC}/hygiene.pdf")).content)


async def test_a_second_submit_of_the_same_form_makes_no_second_version(manager, printer):
    await manager.sends(HYGIENE, page=HYGIENE, lines=NEW_TEXT, effective_from="2026-12-01")
    await manager.sends(HYGIENE, **manager.last)
    assert await RuleBoard.count() == 2


async def test_staff_read_the_boards_and_may_not_rewrite_them(clerk):
    page = await clerk.reads(HYGIENE)
    assert "空调滤网按季清洗" in page.words("main")
    assert not page.select("textarea")
    await clerk.sends(HYGIENE, status=403, lines=NEW_TEXT, effective_from="2026-12-01")
    assert await RuleBoard.count() == 0


async def test_who_works_at_no_station_has_no_wall(officer, passer_by):
    await officer.reads("/desk/boards", status=404)
    await passer_by.reads("/desk/boards", status=303)


async def test_unknown_boards_and_versions_are_not_found(manager):
    await manager.reads("/desk/boards/menu", status=404)
    await manager.fetches(f"{HYGIENE}/versions/7", status=404)


async def test_the_list_names_the_ten_boards_with_version_and_day(manager):
    await put_version(1, date(2026, 1, 2))
    await put_version(2, date(2026, 11, 1))
    page = await manager.reads("/desk/boards")
    assert len(page.select("tbody tr")) == 10
    row = next(tag for tag in page.select("tbody tr") if "卫生管理制度" in tag.text)
    assert "第2版" in row.text
    assert "2026年11月1日" in row.text


NEW_STATION = NewStation(
    name="将军路零工驿站",
    build_mode=BuildMode.DISTRICT_LED,
    operation_mode=OperationMode.GOV_PURCHASED,
    operator="武汉同心人力资源有限公司",
    subdistrict="420112004",
    community="示范社区",
    address="将军路6号",
    landmark="将军路地铁站",
    floor_area_m2=120,
    opening_hours="每天 6:00–18:00",
    phone="027-83000004",
    complaint_phone="027-83000014",
    manager_name="刘站长",
    opened_on=date(2026, 3, 1),
    facilities=(Facility.WATER, Facility.WIFI),
)


async def test_a_station_opens_with_its_code_supervisor_and_ten_boards(house):
    opened = await open_station(NEW_STATION, actor=PEOPLE["zheng"])
    assert opened.code == "ZD-420112004-01"
    station = await station_with_code(opened.code)
    assert (station["supervising_unit"], station["supervising_phone"]) == ("东西湖区人力资源和社会保障局", "12333")
    assert await RuleBoard.count().where(RuleBoard.station == opened.id) == 10
    (entry,) = await JournalEntry.select().where(JournalEntry.kind == "STATION_OPENED")
    assert (entry["chain"], entry["seq"]) == (f"station:{opened.id}", 1)
    assert (await open_station(NEW_STATION, actor=None)).code == "ZD-420112004-02"


async def test_a_station_too_small_does_not_open_and_leaves_nothing(house):
    from dataclasses import replace

    with pytest.raises(RulesBroken):
        await open_station(replace(NEW_STATION, floor_area_m2=40), actor=PEOPLE["zheng"])
    with pytest.raises(RuleBroken, match="没有这个街道"):
        await open_station(replace(NEW_STATION, subdistrict="420112099"), actor=PEOPLE["zheng"])
    assert await Station.count() == 2
    assert await JournalEntry.count() == 0


async def test_two_editions_of_the_same_version_cannot_both_be_kept(house):
    rows = NEW_TEXT
    await edit_board(LAKE, BoardKind.HYGIENE, rows, date(2026, 12, 1), based_on=1, actor=PEOPLE["wu"])
    with pytest.raises(RuleBroken, match="第2版"):
        await edit_board(LAKE, BoardKind.HYGIENE, rows + "\n不乱扔。", date(2026, 12, 1), based_on=1, actor=PEOPLE["wu"])
    with pytest.raises(RuleBroken, match="没有改动"):
        await edit_board(LAKE, BoardKind.HYGIENE, rows, date(2026, 12, 1), based_on=2, actor=PEOPLE["wu"])
    assert await RuleBoard.count() == 2
