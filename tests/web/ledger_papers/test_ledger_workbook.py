"""The workbook of a month: its formulas come to the signed figures and the paper's totals, and nothing typed is calculated."""

import io
import re
import zipfile
from dataclasses import replace

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock

from rules.ledger import Cell, LedgerListKind, Unit, figure_text
from rules.ledger_papers import is_money, total_of
from rules.ledger_versions import to_bytes
from rules.workbooks import harmless
from tests.documents import ledger_samples
from tests.web.exports.test_every_list import PAYLOADS
from web.workbooks.calling import ledger_workbook as made_apart
from web.workbooks.ledger import HEAD_ROWS, SUMMARY, ledger_workbook, sheet_name

ONE = r"(?:'([^']+)'!)?([A-Z]+)([0-9]+)"


class Recalculated:
    """What a spreadsheet shows after it calculated the few formulas we write."""

    def __init__(self, body: bytes) -> None:
        self.book = openpyxl.load_workbook(io.BytesIO(body))

    def value(self, sheet: str, place: str) -> float:
        """The number in a cell."""
        found = self.book[sheet][place].value
        return self.result(sheet, found) if isinstance(found, str) and found.startswith("=") else found

    def result(self, sheet: str, formula: str) -> float:
        """What a formula comes to."""
        if match := re.fullmatch(rf"={ONE}", formula):
            return self.value(match[1] or sheet, match[2] + match[3])
        if match := re.fullmatch(r"=INT\(([A-Z]+[0-9]+)\*1000/([A-Z]+[0-9]+)\)/1000", formula):
            return self.value(sheet, match[1]) * 1000 // self.value(sheet, match[2]) / 1000
        match = re.fullmatch(rf"=(SUM|COUNT)\({ONE}:([A-Z]+)([0-9]+)\)", formula)
        assert match, formula
        where, column = match[2] or sheet, match[3]
        assert match[5] == column
        values = [self.value(where, f"{column}{row}") for row in range(int(match[4]), int(match[6]) + 1)]
        numbers = [value for value in values if isinstance(value, int | float)]
        return len(numbers) if match[1] == "COUNT" else sum(numbers)


def rows_of_summary(content):
    return {row.key: (place, row) for place, row in enumerate(content.summary, start=HEAD_ROWS + 1)}


@pytest.fixture(scope="module")
def content():
    return ledger_samples.content(lines=25)


@pytest.fixture(scope="module")
def body(content):
    return ledger_workbook(content)


def test_there_is_a_sheet_a_part(body):
    names = openpyxl.load_workbook(io.BytesIO(body)).sheetnames
    assert names == [SUMMARY, *(f"{kind.mark}{kind.label}" for kind in LedgerListKind), "文字总结"]


@pytest.mark.parametrize("lines", [0, 25])
def test_every_figure_comes_to_what_was_signed(lines):
    content = ledger_samples.content(lines=lines)
    calculated = Recalculated(ledger_workbook(content))
    for place, row in rows_of_summary(content).values():
        for column, signed in (("C", row.month), ("D", row.year), ("E", row.year_before)):
            value = calculated.value(SUMMARY, f"{column}{place}")
            if signed is None:
                assert value == "—"
                continue
            share = {Unit.MONEY.label: 100, Unit.RATE.label: 1000}.get(row.unit, 1)
            assert figure_text(round(value * share), row.unit) == figure_text(signed, row.unit), row.key


def test_figures_are_alive_where_the_lists_give_them():
    content = ledger_samples.content()
    book = openpyxl.load_workbook(io.BytesIO(ledger_workbook(content)))
    alive = {key for key, (place, _) in rows_of_summary(content).items() if str(book[SUMMARY][f"C{place}"].value).startswith("=")}
    assert alive >= {"PLACED", "POSTS", "HEADCOUNT", "SEEKERS", "TRAININGS", "TRAINED", "RECOVERED", "CALL_RATE", "SATISFACTION"}


def test_a_figure_that_the_lists_do_not_give_is_the_signed_one():
    """The lists say three; what was signed says four: four stands there, and no formula that says otherwise."""
    content = ledger_samples.content()
    summary = tuple(replace(row, month=4) if row.key == "PLACED" else row for row in content.summary)
    calculated = Recalculated(ledger_workbook(replace(content, summary=summary)))
    place, _ = rows_of_summary(content)["PLACED"]
    assert calculated.book[SUMMARY][f"C{place}"].value == 4


def test_totals_are_alive_and_equal_those_of_the_paper(content, body):
    calculated = Recalculated(body)
    seen = 0
    for listed in content.lists:
        for place, column in enumerate(listed.columns):
            if not column.summed or not listed.lines:
                continue
            cell = f"{openpyxl.utils.get_column_letter(place + 2)}{HEAD_ROWS + len(listed.lines) + 1}"
            assert calculated.book[sheet_name(listed.kind)][cell].value.startswith("=SUM(")
            share = 100 if is_money(listed, place) else 1
            assert round(calculated.value(sheet_name(listed.kind), cell) * share) == total_of(listed, place)
            seen += 1
    assert seen >= 5


def test_each_formula_carries_its_value_for_whoever_does_not_calculate(body):
    calculated, kept = Recalculated(body), openpyxl.load_workbook(io.BytesIO(body), data_only=True)
    formulas = [
        (page.title, cell.coordinate) for page in calculated.book for row in page.iter_rows() for cell in row if cell.data_type == "f"
    ]
    assert len(formulas) > 10
    for sheet, place in formulas:
        assert kept[sheet][place].value == pytest.approx(calculated.value(sheet, place)), (sheet, place)


def test_corrections_stand_beside_what_they_replaced():
    book = openpyxl.load_workbook(io.BytesIO(ledger_workbook(ledger_samples.content())), rich_text=True)
    page = book["③推荐上岗明细"]
    text = page["J5"]
    assert isinstance(text.value, CellRichText)
    old = [part for part in text.value if isinstance(part, TextBlock) and part.font.strike]
    assert [part.text for part in old] == ["2026-11-03"]
    assert str(text.value) == "2026-11-03 2026-11-04④"
    assert "原记“2026-11-03”" in text.comment.text
    amount = page["I5"]
    assert amount.value == 540
    assert "原记“360”" in amount.comment.text
    assert "漏记加班4小时" in str(page["O5"].value)
    told = [part.text for part in page["O5"].value if isinstance(part, TextBlock) and part.font.strike]
    assert told == ["360", "2026-11-03"], "a number's cell holds one number; what it replaced is struck through beside it"
    assert book["⑨更改记录"]["D4"].font.strike
    assert page["A6"].value == "3（作废）"
    assert page["B6"].font.strike
    assert "用工单位取消派单" in page["O6"].value
    assert "补录" in page["O7"].value


def test_it_prints_landscape_with_heads_on_every_page(body):
    for page in openpyxl.load_workbook(io.BytesIO(body)):
        assert page.page_setup.orientation == "landscape"
        assert page.print_title_rows
        assert "更改处以删除线保留原记录" in page.oddFooter.left.text


def test_a_rate_that_does_not_come_out_even_is_alive_too():
    """Two of three is 66.6, rounded down as on the page and the paper."""
    content = ledger_samples.content()
    figures = {"CALLS": 2, "CALLS_DUE": 3, "CALL_RATE": 666}
    summary = tuple(replace(row, month=figures.get(row.key, row.month)) for row in content.summary)
    calculated = Recalculated(ledger_workbook(replace(content, summary=summary)))
    place, _ = rows_of_summary(content)["CALL_RATE"]
    assert str(calculated.book[SUMMARY][f"C{place}"].value).startswith("=")
    assert calculated.value(SUMMARY, f"C{place}") == 0.666


def test_nothing_is_cut_off_in_a_column(content, body):
    """Numbers and dates have room on one line, whatever wraps has a row that is tall enough, the facts stand over four columns."""
    book = openpyxl.load_workbook(io.BytesIO(body))
    page = book["③推荐上岗明细"]
    assert page.column_dimensions["B"].width >= len("2026-11-03") + 2
    for place, column in enumerate(content.lists[2].columns, start=2):
        letter = openpyxl.utils.get_column_letter(place)
        assert page.column_dimensions[letter].width >= 2 * len(column.label.replace("/", "")) - 2, column.label
    assert page.column_dimensions["O"].width == 60
    assert page.row_dimensions[5].height >= 30
    assert page.row_dimensions[4].height is None or page.row_dimensions[4].height >= 30
    first = book[SUMMARY]
    unit = next(row for row in range(1, first.max_row + 1) if first[f"A{row}"].value == "监督管理单位")
    assert f"B{unit}:E{unit}" in {str(each) for each in first.merged_cells.ranges}
    ending = next(row for row in range(1, first.max_row + 1) if first[f"A{row}"].value == "说明")
    assert first.row_dimensions[ending].height >= 30


def test_nothing_typed_is_calculated():
    """Payloads in every text of every list, plain, corrected and void, stay text."""
    content = ledger_samples.content()
    lists = []
    for listed in content.lists:
        line = next(iter(listed.lines), None) or ledger_samples.busy_line(listed.kind, 1)
        lines = []
        for payload in PAYLOADS:
            plain = tuple(Cell(payload) for _ in line.cells)
            corrected = tuple(Cell(payload, was=(payload,), marks=(1,)) for _ in line.cells)
            lines += [
                replace(line, cells=plain, signed=payload, void=""),
                replace(line, cells=corrected, late=payload),
                replace(line, cells=plain, void=payload),
            ]
        lists.append(replace(listed, lines=tuple(lines)))
    words = {"main_work": PAYLOADS[0], "plans": PAYLOADS[1]}
    body = ledger_workbook(replace(content, lists=tuple(lists), **words))
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        formulas = {
            text
            for name in parts.namelist()
            if name.startswith("xl/worksheets")
            for text in re.findall(r"<f>(.*?)</f>", parts.read(name).decode())
        }
    assert all(re.match(r"(SUM|COUNT|INT)\(|'[①-⑨&#;0-9]", text) for text in formulas), formulas
    assert not any("HYPERLINK" in text or "cmd" in text or "DDE" in text for text in formulas)
    page = openpyxl.load_workbook(io.BytesIO(body))["③推荐上岗明细"]
    for place, payload in enumerate(PAYLOADS):
        cell = page.cell(HEAD_ROWS + 1 + 3 * place, 2)
        assert cell.data_type == "s"
        assert cell.value == harmless(payload)


async def test_the_worker_makes_the_same_workbook(content):
    body = await made_apart(to_bytes(content), "预览")
    book = openpyxl.load_workbook(io.BytesIO(body))
    assert "预览" in book[SUMMARY]["A2"].value
    assert book["③推荐上岗明细"].max_row == HEAD_ROWS + len(content.lists[2].lines) + 1
