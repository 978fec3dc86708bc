"""A ledger on paper: strips under corrected lines, totals without voided ones, booklets that lose no line."""

from dataclasses import replace

import pytest

from rules.codes import PaperKind
from rules.ledger import LedgerListKind
from rules.ledger_papers import BOOKLET_LINES, booklets_of, circled, lines_in, shortened, total_shown
from rules.snapshots import paper_from_snapshot, same_paper, snapshot_of
from tests.documents import ledger_samples, samples


def listed(sheet, kind):
    return next(each for each in sheet.lists if each.listed.kind is kind)


def test_a_corrected_line_says_old_new_why_when_and_by_whom():
    line = listed(samples.ledger_sheet(), LedgerListKind.PLACEMENTS).lines[1]
    assert [strip.title for strip in line.strips] == ["更正①", "更正④"]
    assert line.strips[0].words == "应付报酬（元）：原记“360”更正为“540”；原因：漏记加班4小时；更正时间：2026-11-05 09:15；经手人：陈小满"
    assert line.strips[0].pens == ("经手人签名", "当事人签名")


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
