"""A monthly ledger as a workbook: one sheet a part, sums alive, corrections beside what they replaced. Runs in the worker process.

Figures of part 1 that the lists give are formulas over their sheets, where these come to the figure that was signed; the
others are the signed figures. Formulas are made of nothing that anybody typed, and carry their value for whoever does
not calculate.
"""

import io
import re
import zipfile
from collections.abc import Iterable
from functools import partial
from html import unescape
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import save_workbook

from rules.codes import BuildMode, OperationMode
from rules.ledger import (
    FOOTER,
    PART_AND_WHOLE,
    WORDS,
    Cell,
    LedgerContent,
    LedgerFigure,
    LedgerList,
    LedgerListKind,
    Line,
    SummaryRow,
    Unit,
    month_label,
)
from rules.ledger_papers import circled, grouped, is_money, strips_of, total_of
from rules.workbooks import harmless
from web.workbooks.writing import AUTHOR, text_cell

SUMMARY, CLOSING = "汇总", "文字总结"
HEAD_ROWS = 3
"""Rows of a list before its lines: title, which month and version, headings."""

_HEAD, _SHADE = PatternFill("solid", fgColor="E3E8EE"), PatternFill("solid", fgColor="FBF6E6")
_THIN = Side(style="thin", color="8A9199")
_EDGES = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_BOLD, _TITLE, _SOFT = Font(bold=True), Font(bold=True, size=14), Font(italic=True, color="5B646D")
_RED, _STRUCK = Font(bold=True, color="B00010"), Font(strike=True, color="5B646D")
_OLD, _NEW = InlineFont(strike=True, color="5B646D"), InlineFont(b=True, color="B00010")
_WRAP = Alignment(wrap_text=True, vertical="top")
_MONEY, _RATE = "#,##0.00", "0.0%"

_F, _K = LedgerFigure, LedgerListKind
COUNTED: dict[LedgerFigure, LedgerListKind] = {
    _F.POSTS: _K.JOBS,
    _F.SEEKERS: _K.SEEKERS,
    _F.PLACED: _K.PLACEMENTS,
    _F.CASES: _K.CASES,
    _F.TRAININGS: _K.TRAININGS,
}
"""Figures that are the lines of a list."""
SUMMED: dict[LedgerFigure, tuple[LedgerListKind, str]] = {
    _F.HEADCOUNT: (_K.JOBS, "招工人数"),
    _F.TRAINED: (_K.TRAININGS, "人次"),
    _F.RECOVERED: (_K.CASES, "追回（元）"),
}
"""Figures that are the sum of a list's column."""


def sheet_name(kind: LedgerListKind) -> str:
    """①岗位登记明细."""
    return f"{kind.mark}{kind.label}"


class Book:
    """The workbook while it is made; remembers what each formula comes to."""

    def __init__(self, content: LedgerContent, note: str) -> None:
        self.content, self.note = content, note
        self.book = Workbook(write_only=True)
        self.values: dict[str, dict[str, float]] = {}
        self.lists = {each.kind: each for each in content.lists}
        header = content.header
        self.number = header.number or "未结账"
        self.book.properties.creator = self.book.properties.lastModifiedBy = AUTHOR
        self.book.properties.title = harmless(f"{month_label(header.month)}月度工作台账 {self.number}")

    def sheet(self, title: str, widths: Iterable[float], repeated: str) -> Any:
        """A landscape sheet whose heads repeat, with page numbers and the sentence of art. 23 below."""
        page = self.book.create_sheet(title)
        for place, width in enumerate(widths, start=1):
            page.column_dimensions[get_column_letter(place)].width = width
        page.print_title_rows = repeated
        page.freeze_panes = f"A{int(repeated.split(':')[1]) + 1}"
        page.page_setup.orientation, page.page_setup.paperSize = "landscape", 9
        page.page_setup.fitToHeight = 0
        page.sheet_properties.pageSetUpPr.fitToPage = True
        page.oddFooter.left.text = f"{self.number}　{FOOTER}".replace("&", "＆")
        page.oddFooter.right.text = "第&P页，共&N页"
        self.values[title] = {}
        return page

    def formula(self, page: Any, text: str, value: float, shape: str = "General") -> Any:
        """A formula of ours and what it comes to."""
        cell = WriteOnlyCell(page, value=text)
        cell.number_format, cell.border = shape, _EDGES
        self.values[page.title][text.removeprefix("=")] = value
        return cell

    def saved(self) -> bytes:
        """The bytes, each formula with its value: previews and phones do not calculate."""
        out = io.BytesIO()
        save_workbook(self.book, out)
        return _with_values(out.getvalue(), [each.title for each in self.book.worksheets], self.values)


def ledger_workbook(content: LedgerContent, note: str = "") -> bytes:
    """The workbook of a version; `note` stands on every sheet of a preview."""
    made = Book(content, note)
    _summary(made)
    for listed in content.lists:
        _list(made, listed)
    _closing(made)
    return made.saved()


def _title_rows(made: Book, page: Any, title: str) -> None:
    header = made.content.header
    first = text_cell(page, title)
    first.font = _TITLE
    page.append([first])
    said = f"{header.station}（{header.station_code}）　{month_label(header.month)}　{made.number}　第{header.version}版　{made.note}"
    second = text_cell(page, said)
    second.font = _SOFT
    page.append([second])


def _heads(page: Any, labels: Iterable[str]) -> None:
    cells = [text_cell(page, label) for label in labels]
    for cell in cells:
        cell.font, cell.fill, cell.border, cell.alignment = _BOLD, _HEAD, _EDGES, Alignment(wrap_text=True, horizontal="center")
    page.append(cells)


def _plain(page: Any, text: str, *, font: Font | None = None) -> Any:
    cell = text_cell(page, text)
    cell.border, cell.alignment = _EDGES, _WRAP
    if font:
        cell.font = font
    return cell


def _figure(page: Any, value: float, shape: str = "General", *, font: Font | None = None) -> Any:
    cell = WriteOnlyCell(page, value=value)
    cell.border, cell.number_format = _EDGES, shape
    if font:
        cell.font = font
    return cell


def _summary(made: Book) -> None:
    page, header = made.sheet(SUMMARY, (40, 8, 14, 14, 14), "1:3"), made.content.header
    _title_rows(made, page, f"{month_label(header.month)}零工驿站月度工作台账　一、汇总")
    _heads(page, ("项目", "单位", "本月", "1月起累计", "上年同月"))
    rows = {row.key: place for place, row in enumerate(made.content.summary, start=HEAD_ROWS + 1)}
    for row in made.content.summary:
        label = _plain(page, f"　　{row.label}" if row.indent else row.label)
        cells = [label, _plain(page, row.unit), _month_cell(made, page, row, rows)]
        for column, value in (("D", row.year), ("E", row.year_before)):
            rate = _rate(made, page, row, rows, column, value)
            cells.append(rate or (_plain(page, "—") if value is None else _figure(page, _number(value, row.unit), _shape(row.unit))))
        page.append(cells)
    page.append([])
    facts = (
        ("建设方式", BuildMode.label_of(header.build_mode)),
        ("运营方式", OperationMode.label_of(header.operation_mode)),
        ("运营方", header.operator),
        ("填报人", header.filled_by),
        ("负责人", header.manager),
        ("监督管理单位", header.supervising_unit),
        ("更改原因", header.reason),
        ("核验码", "" if made.note else grouped(made.content.head_hash)),
        ("说明", FOOTER),
    )
    for label, text in facts:
        if text:
            page.append([_plain(page, label), _plain(page, text)])


def _number(value: int, unit: str) -> float:
    """A figure as it is calculated with: yuan, a share of one, or the number itself."""
    return value / 100 if unit == Unit.MONEY.label else value / 1000 if unit == Unit.RATE.label else value


def _shape(unit: str) -> str:
    return {Unit.MONEY.label: _MONEY, Unit.RATE.label: _RATE}.get(unit, "General")


def _month_cell(made: Book, page: Any, row: SummaryRow, rows: dict[str, int]) -> Any:
    if rate := _rate(made, page, row, rows, "C", row.month):
        return rate
    if row.month is None:
        return _plain(page, "—")
    if found := _from_lists(made, row):
        return made.formula(page, found, _number(row.month, row.unit), _shape(row.unit))
    return _figure(page, _number(row.month, row.unit), _shape(row.unit))


def _from_lists(made: Book, row: SummaryRow) -> str:
    """The formula that counts this figure from the lists, when it comes to what was signed; else ""."""
    if row.key not in LedgerFigure._value2member_map_:
        return ""
    figure = LedgerFigure(row.key)
    if (kind := COUNTED.get(figure)) and (listed := made.lists.get(kind)) and listed.lines and listed.counted == row.month:
        return f"=COUNT('{sheet_name(kind)}'!A{HEAD_ROWS + 1}:A{HEAD_ROWS + len(listed.lines)})"
    kind, label = SUMMED.get(figure, (None, ""))
    listed = made.lists.get(kind) if kind else None
    place = next((at for at, column in enumerate(listed.columns) if column.label == label), None) if listed else None
    if listed is None or kind is None or place is None or not listed.lines or total_of(listed, place) != row.month:
        return ""
    return f"='{sheet_name(kind)}'!{get_column_letter(place + 2)}{HEAD_ROWS + len(listed.lines) + 1}"


def _rate(made: Book, page: Any, row: SummaryRow, rows: dict[str, int], column: str, value: int | None) -> Any:
    """A rate as the part through the whole of the same column; None for other figures, or where it does not come to the signed one."""
    figure = LedgerFigure(row.key) if row.key in LedgerFigure._value2member_map_ else None
    if value is None or figure not in PART_AND_WHOLE:
        return None
    part, whole = PART_AND_WHOLE[figure]
    amounts = {each.key: {"C": each.month, "D": each.year, "E": each.year_before}[column] for each in made.content.summary}
    above, below = amounts.get(part.value), amounts.get(whole.value)
    if not below or above is None or (above * 2000 + below) // (below * 2) != value:
        return None
    return made.formula(page, f"=ROUND({column}{rows[part.value]}/{column}{rows[whole.value]},3)", value / 1000, _RATE)


def _list(made: Book, listed: LedgerList) -> None:
    title = sheet_name(listed.kind)
    wide = 150 / (sum(column.share for column in listed.columns) or 1)
    widths = (9, *(max(8.0, column.share * wide) for column in listed.columns), 12, 60)
    page = made.sheet(title, widths, f"1:{HEAD_ROWS}")
    _title_rows(made, page, f"{listed.kind.mark} {listed.kind.label}")
    _heads(page, ("序号", *(column.label for column in listed.columns), "经办人", "补录、更正、作废"))
    corrections = made.lists.get(LedgerListKind.CORRECTIONS)
    for number, line in enumerate(listed.lines, start=1):
        page.append(_line(page, number, line, listed, corrections))
    if not listed.lines:
        page.append([_plain(page, "本月没有。")])
    elif any(column.summed for column in listed.columns):
        page.append(_totals(made, page, listed))


def _line(page: Any, number: int, line: Line, listed: LedgerList, corrections: LedgerList | None) -> list[Any]:
    if line.void:
        cells = [_plain(page, f"{number}（作废）", font=_STRUCK), *(_plain(page, cell.text, font=_STRUCK) for cell in line.cells)]
    else:
        cells = [_figure(page, number), *(_value(page, cell) for cell in line.cells)]
    strips = strips_of(line, listed, corrections)
    told = _plain(page, "\n".join(f"{strip.title}　{strip.words}" for strip in strips))
    if strips:
        told.fill = _SHADE
    return [*cells, _plain(page, line.signed), told]


def _value(page: Any, cell: Cell) -> Any:
    marks = "".join(circled(mark) for mark in cell.marks)
    if cell.amount is not None:
        found = _figure(page, cell.amount / 100 if cell.money else cell.amount, _MONEY if cell.money else "General")
        if cell.was:
            found.font = _RED
    elif cell.was:
        old = [part for text in cell.was for part in (TextBlock(_OLD, harmless(text) or "（空）"), " ")]
        found = WriteOnlyCell(page, value=CellRichText(*old, TextBlock(_NEW, (harmless(cell.text) or "（空）") + marks)))
        found.border, found.alignment = _EDGES, _WRAP
    else:
        return _plain(page, cell.text)
    if cell.was:
        note = Comment(harmless(f"更正{marks}：原记“{'”，“'.join(cell.was)}”，更正为“{cell.text}”。原因见第⑨表。"), AUTHOR)
        note.width, note.height = 260, 90
        found.comment = note
    return found


def _totals(made: Book, page: Any, listed: LedgerList) -> list[Any]:
    first, last = HEAD_ROWS + 1, HEAD_ROWS + len(listed.lines)
    cells = [_plain(page, "合计", font=_BOLD)]
    for place, column in enumerate(listed.columns):
        if not column.summed:
            cells.append(_plain(page, ""))
            continue
        letter, money = get_column_letter(place + 2), is_money(listed, place)
        total = total_of(listed, place)
        summed = made.formula(
            page, f"=SUM({letter}{first}:{letter}{last})", total / 100 if money else total, _MONEY if money else "General"
        )
        summed.font = _BOLD
        cells.append(summed)
    return [*cells, _plain(page, ""), _plain(page, "")]


def _closing(made: Book) -> None:
    page = made.sheet(CLOSING, (18, 130), "1:2")
    _title_rows(made, page, "三、文字总结")
    for name, label in WORDS.items():
        page.append([_plain(page, label, font=_BOLD), _plain(page, getattr(made.content, name))])


_FORMULA = re.compile(rb"<f>([^<]*)</f><v(?: ?/>|></v>)")


def _with_values(body: bytes, titles: list[str], values: dict[str, dict[str, float]]) -> bytes:
    """The same workbook, each formula with the value it comes to."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            if found := re.fullmatch(r"xl/worksheets/sheet([0-9]+)\.xml", entry.filename):
                content = _FORMULA.sub(partial(_calculated, values[titles[int(found[1]) - 1]]), content)
            new.writestr(entry, content)
    return out.getvalue()


def _calculated(kept: dict[str, float], match: re.Match[bytes]) -> bytes:
    value = kept[unescape(match[1].decode())]
    return b"<f>" + match[1] + b"</f><v>" + f"{value:.12g}".encode() + b"</v>"
