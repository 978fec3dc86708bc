"""Workbooks as people fill them in, and as nobody should: made from our own template, then changed."""

import io
import zipfile
from typing import Any

import openpyxl

from rules.codes import ImportKind
from rules.workbooks import EXAMPLE, SHEETS
from tests.web.security.scene import identity
from web.workbooks.writing import template

SEEKER: dict[str, Any] = {
    "name": "周水生",
    "id_number": "420199197803129017",
    "phone": "19900000101",
    "subdistrict": "走马岭街道",
    "community": "物流园社区",
    "trade1": "快递分拣",
    "slots": "周一至周五白天",
    "consent": "是",
    "consent_method": "本人在纸质告知书上签名",
    "original_seen": "是",
    "pledge": "是",
}
JOB: dict[str, Any] = {
    "employer": "91420112MA4K000018",
    "title": "快递分拣日结",
    "trade": "快递分拣",
    "headcount": "5",
    "duties": "分拣包裹，按片区放好，最重不超过15公斤。",
    "subdistrict": "金银湖街道",
    "landmark": "宏图大道地铁站",
    "exact_address": "宏图大道18号3号库2楼",
    "start_date": "2026-12-03",
    "end_date": "2026-12-04",
    "start_time": "08:00",
    "end_time": "17:30",
    "break_minutes": "90",
    "valid_to": "2026-12-20",
    "pay_basis": "计时",
    "pay_fen": "220",
    "pay_unit": "天",
    "settle_cycle": "日结",
    "pay_method": "现金",
    "insurance": "雇主代买意外险",
    "benefits": "管午饭",
    "promise": "是",
}


def seeker(n: int, **changes: Any) -> dict[str, Any]:
    """The n-th of many different people, grown up, in order."""
    return {
        **SEEKER,
        "name": f"零工{chr(0x4E00 + n % 2000)}",
        "id_number": identity(f"420199{1985 + n % 15}{1 + n % 12:02d}{1 + n % 28:02d}{n % 1000:03d}"),
        "phone": f"199{n:08d}",
        **changes,
    }


def job(n: int, **changes: Any) -> dict[str, Any]:
    """The n-th of many different demands of the one employer."""
    return {**JOB, "title": f"快递分拣{n}组", **changes}


def filled(kind: str, rows: list[dict[str, Any]], *, example: bool = True) -> bytes:
    """The template of `kind` with these rows by column key, as a person saves it."""
    sheet = SHEETS[ImportKind(kind)]
    book = openpyxl.load_workbook(io.BytesIO(template(sheet)))
    page = book.worksheets[0]
    if not example:
        page.delete_rows(2)
    for place, row in enumerate(rows, 3 if example else 2):
        for column, each in enumerate(sheet.columns, 1):
            if row.get(each.key) not in (None, ""):
                cell = page.cell(place, column)
                cell.value = row[each.key]
                if isinstance(row[each.key], str):
                    cell.data_type = "s"
    return saved(book)


def saved(book: Any) -> bytes:
    """The workbook's bytes."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def repacked(body: bytes, *, replace: dict[str, bytes] | None = None, add: dict[str, bytes] | None = None) -> bytes:
    """The same workbook with parts replaced and added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, (replace or {}).get(entry.filename, old.read(entry)))
        for name, content in (add or {}).items():
            new.writestr(name, content)
    return out.getvalue()


def cells(body: bytes, sheet: int = 0) -> list[dict[str, Any]]:
    """The rows of a returned workbook by column label."""
    page = openpyxl.load_workbook(io.BytesIO(body)).worksheets[sheet]
    rows = list(page.iter_rows())
    labels = [str(cell.value or "").rstrip("*") for cell in rows[0]]
    return [{label: cell.value for label, cell in zip(labels, row, strict=False) if cell.value not in (None, "")} for row in rows[1:]]


__all__ = ["EXAMPLE", "JOB", "SEEKER", "cells", "filled", "identity", "job", "repacked", "saved", "seeker"]
