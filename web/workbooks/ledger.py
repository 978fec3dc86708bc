"""A monthly ledger as a workbook: one sheet a part, sums alive, corrections beside what they replaced. Runs in the worker process.

Figures of part 1 that the lists give are formulas over their sheets, where these come to the figure that was signed; the
others are the signed figures. Formulas are made of nothing that anybody typed, and carry their value for whoever does
not calculate.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
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
from rules.ledger_papers import OLD_COLUMN, Strip, circled, grouped, is_money, strips_of, total_of, unbroken
from rules.workbooks import harmless
from web.workbooks.writing import AUTHOR, text_cell

SUMMARY, CLOSING = "汇总", "文字总结"
HEAD_ROWS = 3
"""Rows of a list before its lines: title, which month and version, headings."""
_SUMMARY_WIDTHS, _CLOSING_WIDTHS = (40, 8, 14, 14, 14), (18, 130)
_WIDEST, _STRIPS, _LINE = 30, 60, 15
"""The widest a column of a list grows, in letters; that of the strips where there are any; a line's height in points."""

_HEAD, _SHADE = PatternFill("solid", fgColor="E3E8EE"), PatternFill("solid", fgColor="FBF6E6")
_THIN = Side(style="thin", color="8A9199")
_EDGES = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_BOLD, _TITLE, _SOFT = Font(bold=True), Font(bold=True, size=14), Font(italic=True, color="5B646D")
_RED, _STRUCK = Font(bold=True, color="B00010"), Font(strike=True, color="5B646D")
_OLD, _NEW = InlineFont(strike=True, color="5B646D"), InlineFont(b=True, color="B00010")
_WRAP, _TOP, _RIGHT = Alignment(wrap_text=True, vertical="top"), Alignment(vertical="top"), Alignment(horizontal="right")
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

    def tall(self, page: Any, row: int, cells: Iterable[tuple[str, float]]) -> None:
        """Room for what wraps in a row; `cells`: texts and their widths. Not every program finds the height by itself."""
        lines = max((_lines(text, width) for text, width in cells), default=1)
        if lines > 1:
            page.row_dimensions[row].height = lines * _LINE

    def formula(self, page: Any, text: str, value: float, shape: str = "General") -> Any:
        """A formula of ours and what it comes to."""
        cell = WriteOnlyCell(page, value=text)
        cell.number_format, cell.border, cell.alignment = shape, _EDGES, _TOP
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


def _letters(text: str) -> int:
    """How wide the longest line of a text is, in Latin letters: a Chinese character is two."""
    return max((sum(1 if char < "\u2e80" else 2 for char in line) for line in text.split("\n")), default=0)


def _lines(text: str, width: float) -> int:
    """How many lines a text takes in a column."""
    return sum(-(-_letters(line) // max(1, int(width) - 2)) or 1 for line in text.split("\n"))


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


def _none(page: Any) -> Any:
    """A dash where there is no figure."""
    cell = _plain(page, "—")
    cell.alignment = _RIGHT
    return cell


def _plain(page: Any, text: str, *, font: Font | None = None) -> Any:
    cell = text_cell(page, text)
    cell.border, cell.alignment = _EDGES, _WRAP
    if font:
        cell.font = font
    return cell


def _figure(page: Any, value: float, shape: str = "General", *, font: Font | None = None) -> Any:
    cell = WriteOnlyCell(page, value=value)
    cell.border, cell.number_format, cell.alignment = _EDGES, shape, _TOP
    if font:
        cell.font = font
    return cell


def _summary(made: Book) -> None:
    page, header = made.sheet(SUMMARY, _SUMMARY_WIDTHS, "1:3"), made.content.header
    _title_rows(made, page, f"{month_label(header.month)}零工驿站月度工作台账　一、汇总")
    _heads(page, ("项目", "单位", "本月", "1月起累计", "上年同月"))
    rows = {row.key: place for place, row in enumerate(made.content.summary, start=HEAD_ROWS + 1)}
    for row in made.content.summary:
        label = _plain(page, f"　　{row.label}" if row.indent else row.label)
        cells = [label, _plain(page, row.unit), _month_cell(made, page, row, rows)]
        for column, value in (("D", row.year), ("E", row.year_before)):
            rate = _rate(made, page, row, rows, column, value)
            cells.append(rate or (_none(page) if value is None else _figure(page, _number(value, row.unit), _shape(row.unit))))
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
    place = HEAD_ROWS + len(made.content.summary) + 1
    for label, text in facts:
        if text:
            place += 1
            made.tall(page, place, [(text, sum(_SUMMARY_WIDTHS[1:]))])
            page.merged_cells.add(f"B{place}:E{place}")
            page.append([_plain(page, label), _plain(page, text), *(_plain(page, "") for _ in "CDE")])


def _number(value: int, unit: str) -> float:
    """A figure as it is calculated with: yuan, a share of one, or the number itself."""
    return value / 100 if unit == Unit.MONEY.label else value / 1000 if unit == Unit.RATE.label else value


def _shape(unit: str) -> str:
    return {Unit.MONEY.label: _MONEY, Unit.RATE.label: _RATE}.get(unit, "General")


def _month_cell(made: Book, page: Any, row: SummaryRow, rows: dict[str, int]) -> Any:
    if rate := _rate(made, page, row, rows, "C", row.month):
        return rate
    if row.month is None:
        return _none(page)
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
    if not below or above is None or above * 1000 // below != value:
        return None
    return made.formula(page, f"=INT({column}{rows[part.value]}*1000/{column}{rows[whole.value]})/1000", value / 1000, _RATE)


def _list(made: Book, listed: LedgerList) -> None:
    title = sheet_name(listed.kind)
    corrections = made.lists.get(LedgerListKind.CORRECTIONS)
    strips = [strips_of(line, listed, corrections) for line in listed.lines]
    widths = _widths(listed, any(strips))
    page = made.sheet(title, widths, f"1:{HEAD_ROWS}")
    _title_rows(made, page, f"{listed.kind.mark} {listed.kind.label}")
    _heads(page, ("序号", *(column.label for column in listed.columns), "经办人", "补录、更正、作废"))
    for number, (line, under) in enumerate(zip(listed.lines, strips, strict=True), start=1):
        told = "\n".join(f"{strip.title}　{strip.words}" for strip in under)
        texts = ["作废" if line.void else "", *(_shown(cell) for cell in line.cells), line.signed, told]
        made.tall(page, HEAD_ROWS + number, zip(texts, widths, strict=True))
        cells = _line(page, number, line, under)
        if listed.kind is LedgerListKind.CORRECTIONS:
            cells[1 + OLD_COLUMN].font = _STRUCK
        page.append(cells)
    if not listed.lines:
        page.append([_plain(page, "本月没有。")])
    elif any(column.summed for column in listed.columns):
        page.append(_totals(made, page, listed))


def _shown(cell: Cell) -> str:
    """What stands in a cell, with the values that were struck through."""
    return " ".join([*cell.was, cell.text]) + "①" * len(cell.marks)


def _widths(listed: LedgerList, strips: bool) -> tuple[float, ...]:
    """序号, the columns as wide as what stands in them (numbers and dates never break), 经办人, and the strips."""

    def wide(label: str, texts: Sequence[str]) -> float:
        run = max((unbroken(text) for text in texts), default=0)
        return max(8, _letters(label) + 2, run + 2, min(max((_letters(text) for text in texts), default=0) + 2, _WIDEST))

    columns = [wide(column.label, [_shown(line.cells[place]) for line in listed.lines]) for place, column in enumerate(listed.columns)]
    return (9, *columns, 12, _STRIPS if strips else 20)


def _line(page: Any, number: int, line: Line, strips: Sequence[Strip]) -> list[Any]:
    if line.void:
        cells = [_plain(page, f"{number}（作废）", font=_STRUCK), *(_plain(page, cell.text, font=_STRUCK) for cell in line.cells)]
    else:
        cells = [_figure(page, number), *(_value(page, cell) for cell in line.cells)]
    told = _told(page, strips)
    if strips:
        told.fill = _SHADE
    return [*cells, _plain(page, line.signed), told]


def _told(page: Any, strips: Sequence[Strip]) -> Any:
    """Why a line came late, was corrected or does not hold: the old values struck through, also of numbers, whose cell holds only one."""
    pieces: list[Any] = []
    for strip in strips:
        before, old, after = (harmless(text) for text in strip.struck)
        pieces.append(("\n" if pieces else "") + f"{strip.title}　{before}")
        pieces += [TextBlock(_OLD, old), after] if old else []
    if not any(isinstance(each, TextBlock) for each in pieces):
        return _plain(page, "".join(pieces))
    found = WriteOnlyCell(page, value=CellRichText(*pieces))
    found.border, found.alignment = _EDGES, _WRAP
    return found


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
    page = made.sheet(CLOSING, _CLOSING_WIDTHS, "1:2")
    _title_rows(made, page, "三、文字总结")
    for place, (name, label) in enumerate(WORDS.items(), start=HEAD_ROWS):
        made.tall(page, place, [(getattr(made.content, name), _CLOSING_WIDTHS[1])])
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
