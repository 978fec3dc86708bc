"""Writing workbooks: the templates, a checked workbook with its reasons, an exported list. Runs in the worker process.

Every text is written as text, never as something to calculate: type string, format "@", and the quote prefix where a
spreadsheet might still take it for a formula.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.writer.excel import save_workbook

from rules.workbooks import (
    MAXIMUM_ROWS,
    REASON,
    RESULT,
    Column,
    Reads,
    Sheet,
    begins_like_a_formula,
    harmless,
)

AUTHOR = "零工驿站"
_HEAD = PatternFill("solid", fgColor="E3E8EE")
_WANTED = PatternFill("solid", fgColor="FFF3D6")
_SHADES = {
    "wrong": PatternFill("solid", fgColor="FFD9D9"),
    "duplicate": PatternFill("solid", fgColor="FFF3D6"),
    "fresh": PatternFill("solid", fgColor="E4F3E9"),
    "child": PatternFill("solid", fgColor="E3E8EE"),
}
_THIN = Side(style="thin", color="C9CED4")
_EDGES = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_SOFT = Font(italic=True, color="5B646D")
_BOLD = Font(bold=True)
_CHOICES = "选项"


def text_cell(page: Any, text: str) -> Any:
    """A cell that holds exactly this text, whatever it begins with."""
    plain = harmless(text)
    cell = WriteOnlyCell(page, value="")
    cell.value = plain
    cell.data_type = "s"
    cell.number_format = "@"
    if begins_like_a_formula(plain):
        cell.quotePrefix = True
    return cell


def template(sheet: Sheet) -> bytes:
    """The empty form: a header, an example row, drop-downs, text columns, and how to fill it in."""
    book = Workbook(write_only=True)
    page = book.create_sheet(sheet.title)
    guide = book.create_sheet("填写说明")
    _prepare(book, page, sheet, first_column=1, last_row=MAXIMUM_ROWS + 2)
    page.append([_head(page, column) for column in sheet.columns])
    example = [text_cell(page, column.example) for column in sheet.columns]
    for cell in example:
        cell.font = _SOFT
    page.append(example)
    _guide(guide, sheet)
    return _saved(book)


def _prepare(book: Any, page: Any, sheet: Sheet, *, first_column: int, last_row: int) -> None:
    """Column widths, text format, frozen head and drop-downs; the choices stand on a hidden sheet."""
    lists = book.create_sheet(_CHOICES)
    lists.sheet_state = "hidden"
    offered: list[tuple[str, ...]] = []
    for place, column in enumerate(sheet.columns, first_column):
        letter = get_column_letter(place)
        page.column_dimensions[letter].width = column.width
        page.column_dimensions[letter].number_format = "@"
        if not column.listed:
            continue
        if column.listed not in offered:
            offered.append(column.listed)
        source = get_column_letter(offered.index(column.listed) + 1)
        choice = DataValidation(
            type="list",
            formula1=f"{_CHOICES}!${source}$1:${source}${len(column.listed)}",
            allow_blank=True,
            showErrorMessage=True,
            errorTitle=column.label,
            error="请从下拉里选。",
            errorStyle="warning" if column.reads is Reads.SLOTS else "stop",
        )
        choice.add(f"{letter}2:{letter}{last_row}")
        page.data_validations.append(choice)
    for row in range(max((len(each) for each in offered), default=0)):
        lists.append([text_cell(lists, each[row]) if row < len(each) else None for each in offered])
    page.freeze_panes = f"{get_column_letter(first_column + 1)}2"


def _head(page: Any, column: Column) -> Any:
    cell = text_cell(page, f"{column.label}*" if column.required else column.label)
    cell.font, cell.border = _BOLD, _EDGES
    cell.fill = _WANTED if column.required else _HEAD
    if column.hint:
        cell.comment = _note(column.hint)
    return cell


def _note(text: str) -> Comment:
    note = Comment(harmless(text), AUTHOR)
    note.width, note.height = 260, 30 + 22 * (1 + len(text) // 18)
    return note


def _guide(guide: Any, sheet: Sheet) -> None:
    guide.column_dimensions["A"].width, guide.column_dimensions["B"].width, guide.column_dimensions["C"].width = 22, 8, 90
    for line in sheet.guide:
        guide.append([text_cell(guide, line)])
    guide.append([])
    guide.append([text_cell(guide, text) for text in ("栏", "必填", "怎样填")])
    for column in sheet.columns:
        how = column.hint
        if column.reads is Reads.CHOICES:
            how = f"{how}：{'、'.join(label for _, label in column.options)}"
        elif column.reads is Reads.YES:
            how = how or "是的填“是”，不是的空着"
        elif column.reads is Reads.CHOICE:
            how = "；".join(filter(None, (how, "从下拉里选")))
        guide.append([text_cell(guide, text) for text in (column.label, "必填" if column.required else "", how)])


def checked(sheet: Sheet, rows: Iterable[Mapping[str, Any]], words: Mapping[str, str]) -> bytes:
    """The rows as they were uploaded with what each came to: coloured, the reason beside it and in the wrong cell.

    Each row has `row`, `state`, `cells`, `problems`, `notes` and `number` (of the record it became). `words` names the
    states. The workbook can be corrected and uploaded again. A child's row shows its number only.
    """
    book = Workbook(write_only=True)
    page = book.create_sheet(sheet.title)
    guide = book.create_sheet("填写说明")
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 16, 44
    _prepare(book, page, sheet, first_column=3, last_row=MAXIMUM_ROWS + 2)
    front = [text_cell(page, RESULT), text_cell(page, REASON)]
    for cell in front:
        cell.font, cell.border, cell.fill = _BOLD, _EDGES, _HEAD
    page.append([*front, *(_head(page, column) for column in sheet.columns)])
    wrapped = Alignment(wrap_text=True, vertical="top")
    for row in rows:
        page.append(_checked_row(page, sheet, row, words, wrapped))
    _guide(guide, sheet)
    return _saved(book)


def _checked_row(page: Any, sheet: Sheet, row: Mapping[str, Any], words: Mapping[str, str], wrapped: Alignment) -> list[Any]:
    shade = _SHADES[row["state"]]
    result = text_cell(page, f"第{row['row']}行：{row.get('number') or words[row['state']]}")
    by_key: dict[str, list[str]] = {}
    for key, message in row["problems"]:
        by_key.setdefault(key, []).append(message)
    labels = {column.key: column.label for column in sheet.columns}
    reasons = [f"{labels.get(key, '')}：{'；'.join(messages)}" for key, messages in by_key.items()]
    reason = text_cell(page, "\n".join([*reasons, *(f"提示：{note}" for note in row["notes"])]))
    result.fill = reason.fill = shade
    reason.alignment = wrapped
    if row["state"] == "child":
        return [result, reason]
    line = [result, reason]
    cells = row["cells"]
    for column in sheet.columns:
        text = cells.get(column.key, "")
        if not text and column.key not in by_key:
            line.append(None)
            continue
        cell = text_cell(page, text)
        if column.key in by_key:
            cell.fill = shade
            cell.comment = _note("；".join(by_key[column.key]))
        line.append(cell)
    return line


def exported(head: Mapping[str, str], labels: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A list with its mark: the first lines say who, when, what for; the mark stands in the properties and the footer, too.

    `head` has title, marked (the watermark line), narrowed (the filter in words), mark, footer.
    """
    book = Workbook(write_only=True)
    book.properties.creator = book.properties.lastModifiedBy = AUTHOR
    book.properties.title, book.properties.description = harmless(head["title"]), harmless(head["marked"])
    for name in ("mark", "marked"):
        book.custom_doc_props.append(StringProperty(name=f"station-{name}", value=harmless(head[name])))
    page = book.create_sheet(head["title"][:31])
    for place in range(1, len(labels) + 1):
        page.column_dimensions[get_column_letter(place)].width = 18
        page.column_dimensions[get_column_letter(place)].number_format = "@"
    page.freeze_panes = "A4"
    page.print_title_rows = "1:3"
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    # "&" begins a code in headers and footers
    page.oddFooter.left.text, page.oddFooter.right.text = head["footer"].replace("&", "＆"), "第&P页，共&N页"
    for text in (head["marked"], head["narrowed"]):
        cell = text_cell(page, text)
        cell.font = _SOFT
        page.append([cell])
    heads = [text_cell(page, label) for label in labels]
    for cell in heads:
        cell.font, cell.border, cell.fill = _BOLD, _EDGES, _HEAD
    page.append(heads)
    for row in rows:
        page.append([text_cell(page, text) if text else None for text in row])
    return _saved(book)


def _saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    save_workbook(book, out)
    return out.getvalue()
