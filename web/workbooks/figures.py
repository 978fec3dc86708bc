"""Writing the workbook of the statistics: figures as numbers, totals and rates as live formulas, every text as text."""

import io
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import save_workbook

from rules.workbooks import harmless
from web.workbooks.writing import AUTHOR, text_cell

_BOLD, _SOFT = Font(bold=True), Font(italic=True, color="5B646D")
_FORMATS = {"money": "#,##0.00", "hourly": "0.00", "rate": "0.0%", "ratio": "0.00", "days": "0.0"}
_DIVIDED = {"money": 100, "hourly": 100, "rate": 1000, "ratio": 100, "days": 10}


def statistics(head: Mapping[str, str], sheets: Iterable[Mapping[str, Any]]) -> bytes:
    """One sheet a table. A total is =SUM of its rows, except where some are kept back or counted once over all."""
    book = Workbook(write_only=True)
    book.properties.creator = book.properties.lastModifiedBy = AUTHOR
    book.properties.title, book.properties.description = harmless(head["title"]), harmless(head["about"])
    for sheet in sheets:
        page = book.create_sheet(harmless(sheet["title"])[:31])
        page.column_dimensions["A"].width = 24
        for place in range(2, 2 + max(len(part["columns"]) for part in sheet["parts"])):
            page.column_dimensions[get_column_letter(place)].width = 18
        page.page_setup.orientation = "landscape"
        page.page_setup.fitToHeight = 0
        page.sheet_properties.pageSetUpPr.fitToPage = True
        page.oddFooter.right.text = "第&P页，共&N页"
        page.append([_words(page, head["about"], _BOLD)])
        page.append([_words(page, head["as_of"], _SOFT)])
        line = 2
        for part in sheet["parts"]:
            line = _part(page, part, line)
    out = io.BytesIO()
    save_workbook(book, out)
    return out.getvalue()


def _words(page: Any, text: str, font: Font | None = None) -> Any:
    cell = text_cell(page, text)
    if font:
        cell.font = font
    return cell


def _part(page: Any, part: Mapping[str, Any], line: int) -> int:
    """Write a breakdown below `line`; the last line it takes."""
    page.append([])
    page.append([_words(page, part["title"], _BOLD)])
    page.append([_words(page, part["head"], _BOLD), *(_words(page, column["label"], _BOLD) for column in part["columns"])])
    line += 3
    first = line + 1
    for label, cells in part["rows"]:
        line += 1
        page.append([_words(page, label), *(_figure(page, part["columns"], n, cells, line) for n in range(len(cells)))])
    if part["total"]:
        label, cells = part["total"]
        line += 1
        made = [_total(page, part, n, cells, first, line) for n in range(len(cells))]
        page.append([_words(page, label, _BOLD), *made])
    if part["note"]:
        page.append([_words(page, part["note"], _SOFT)])
        line += 1
    return line


def _figure(page: Any, columns: list[Mapping[str, Any]], n: int, cells: list[list[Any]], line: int) -> Any:
    text, amount = cells[n]
    if columns[n]["part"] is not None and amount is not None:
        return _formula(page, columns[n], _share(columns[n], line))
    return _number(page, columns[n]["shape"], amount) if amount is not None else _right(text_cell(page, text))


def _total(page: Any, part: Mapping[str, Any], n: int, cells: list[list[Any]], first: int, line: int) -> Any:
    column, letter = part["columns"][n], get_column_letter(n + 2)
    whole = all(row[1][n][1] is not None for row in part["rows"])
    if column["adds"] and whole and part["rows"] and cells[n][1] is not None:
        made = _formula(page, column, f"=SUM({letter}{first}:{letter}{line - 1})")
    else:
        made = _figure(page, part["columns"], n, cells, line)
    made.font = _BOLD
    return made


def _share(column: Mapping[str, Any], line: int) -> str:
    """A rate is rounded down to a tenth of a percent, a ratio half up, as the page shows them."""
    part, whole = (f"{get_column_letter(column[each] + 2)}{line}" for each in ("part", "whole"))
    work_out = f"ROUNDDOWN({part}/{whole},3)" if column["shape"] == "rate" else f"ROUND({part}/{whole},2)"
    return f'=IF({whole}=0,"—",{work_out})'


def _formula(page: Any, column: Mapping[str, Any], text: str) -> Any:
    cell = WriteOnlyCell(page, value=text)
    cell.number_format = _FORMATS.get(column["shape"], "0")
    return cell


def _number(page: Any, shape: str, amount: int) -> Any:
    divisor = _DIVIDED.get(shape)
    cell = WriteOnlyCell(page, value=Decimal(amount) / divisor if divisor else amount)
    cell.number_format = _FORMATS.get(shape, "0")
    return cell


def _right(cell: Any) -> Any:
    cell.alignment = Alignment(horizontal="right")
    return cell
