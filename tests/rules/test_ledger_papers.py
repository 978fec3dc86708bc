"""A ledger on paper: strips under corrected lines, totals without voided ones, booklets that lose no line."""

from dataclasses import replace

import pytest

from rules.codes import PaperKind
from rules.ledger import Cell, LedgerListKind
from rules.ledger_papers import (
    BOOKLET_LINES,
    LIST_WIDTH,
    PrintedList,
    Strip,
    booklets_of,
    circled,
    least_tall,
    lines_in,
    rows_of,
    shortened,
    total_shown,
)
from rules.snapshots import paper_from_snapshot, same_paper, snapshot_of
from tests.documents import ledger_samples, samples


def listed(sheet, kind):
    return next(each for each in sheet.lists if each.listed.kind is kind)


def test_a_corrected_line_says_old_new_why_when_and_by_whom():
    line = listed(samples.ledger_sheet(), LedgerListKind.PLACEMENTS).lines[1]
    assert [strip.title for strip in line.strips] == ["更正①", "更正④"]
    assert line.strips[0].words == "应付报酬（元）：原记“360”更正为“540”；原因：漏记加班4小时；更正时间：2026-11-05 09:15；经手人：陈小满"
    assert line.strips[0].pens == ("经手人签名", "当事人签名")


def test_a_strip_strikes_the_old_value_through():
    strip = listed(samples.ledger_sheet(), LedgerListKind.PLACEMENTS).lines[1].strips[0]
    assert strip.struck == ("应付报酬（元）：原记“", "360", strip.words.partition("360")[2])
    assert Strip("补录", "网络中断").struck == ("网络中断", "", "")


@pytest.mark.parametrize(
    ("text", "width", "rows"),
    [
        ("2026-11-03", 25, 1),
        ("", 9, 1),
        ("单位保洁", 15.1, 1),
        ("单位保洁", 14, 2),
        ("已到岗，满意", 12, 3),
        ("XLW-2026-000001已签", 31, 2),
    ],
)
def test_numbers_stay_whole_and_no_row_begins_with_a_comma(text, width, rows):
    assert rows_of(text, width) == rows


def test_the_columns_of_a_long_list_are_made_to_take_few_rows():
    sheet = samples.ledger_sheet()
    list_three = listed(sheet, LedgerListKind.PLACEMENTS).listed
    place = [column.label for column in list_three.columns].index("佐证")
    long = Cell("推荐上岗单回执：雇主在回执上签名，已到岗。")
    lines = tuple(replace(line, cells=(*line.cells[:place], long, *line.cells[place + 1 :])) for line in list_three.lines)
    widths = PrintedList(replace(list_three, lines=lines), ()).widths
    assert sum(widths) == pytest.approx(LIST_WIDTH, abs=0.1)
    assert rows_of(long.text, widths[place]) == 2
    assert all(rows_of(line.cells[0].text, widths[0]) == 1 for line in lines), "dates are not broken"


def test_columns_that_take_no_fewer_rows_stay_as_they_are():
    usual = (60.0, 60.0)
    assert least_tall(("日期", "事项"), [["2026-11-03", "装卸"]], usual, (20.0, 0.0)) == usual
    assert least_tall(("日期", "事项"), [], usual, (20.0, 0.0)) == usual
    assert least_tall(("日期", "事项"), [["2026-11-03", "装卸" * 14]], usual, (22.0, 0.0))[1] > 80


def test_a_correction_that_was_corrected_has_both_strips():
    line = listed(samples.ledger_sheet(), LedgerListKind.JOBS).lines[0]
    assert [strip.title for strip in line.strips] == ["更正②", "更正③"]


def test_void_and_late_lines_say_so():
    lines = listed(samples.ledger_sheet(), LedgerListKind.PLACEMENTS).lines
    assert lines[2].strips[0].title == "作废"
    assert lines[2].strips[0].words.startswith("用工单位取消派单")
    assert lines[3].strips[0].title == "补录"


def test_what_is_void_does_not_count():
    placements = listed(samples.ledger_sheet(), LedgerListKind.PLACEMENTS)
    assert placements.total[7] == "1260"
    assert total_shown(placements.listed, 0) == ""


@pytest.mark.parametrize(("number", "mark"), [(1, "①"), (20, "⑳"), (21, "(21)"), (0, "(0)")])
def test_corrections_have_marks(number, mark):
    assert circled(number) == mark


def test_booklets_hold_every_line_once():
    content = ledger_samples.content(lines=2 * BOOKLET_LINES + 7)
    booklets = booklets_of(content)
    assert (booklets[0].part, booklets[-1].part) == ("summary", "closing")
    for each in content.lists:
        pieces = [booklet for booklet in booklets if booklet.part == each.kind.value]
        assert [piece.number for piece in pieces] == list(range(1, len(pieces) + 1))
        assert all(piece.of == len(pieces) for piece in pieces)
        numbers = []
        for piece in pieces:
            sheet = replace(samples.ledger_sheet(content=content), booklet=piece)
            numbers += [line.number for line in listed(sheet, each.kind).lines]
        assert numbers == list(range(1, len(each.lines) + 1))


def test_totals_stand_where_a_list_ends():
    content = ledger_samples.content(lines=BOOKLET_LINES + 10)
    pieces = [each for each in booklets_of(content) if each.part == "3"]
    totals = [listed(replace(samples.ledger_sheet(content=content), booklet=piece), LedgerListKind.PLACEMENTS).total for piece in pieces]
    assert not totals[0]
    assert totals[1]


def test_a_preview_is_short():
    content = ledger_samples.content(lines=3000)
    assert lines_in(shortened(content)) <= 9 * 30
    assert shortened(content).summary == content.summary


def test_what_is_kept_with_the_number_names_the_content_without_holding_it():
    sheet = replace(samples.ledger_sheet(), content=None)
    kept = snapshot_of(sheet)
    assert "武汉某物流公司" not in kept
    assert paper_from_snapshot(PaperKind.LEDGER, kept) == sheet
    assert not same_paper(PaperKind.LEDGER, kept, snapshot_of(replace(sheet, content_sha256="2" * 64)))
    with pytest.raises(LookupError):
        _ = sheet.said
