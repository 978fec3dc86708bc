"""Statistics as files: a workbook that still calculates and never runs what somebody typed, and the paper P16."""

import io
import re

import openpyxl
import pypdf
import pytest

from db.tables.documents import Paper
from db.tables.employers import Employer
from db.tables.journal import JournalEntry
from rules.statistics.cells import Column, PartSpec, Shape, laid_out
from tests.cast import LAKE, PEOPLE
from tests.web.statistics.conftest import NOVEMBER
from web.statistics import parts_of, question_of
from web.statistics_papers import _plain
from web.workbooks.figures import statistics

HOME, OFFICE = "/desk/statistics", "/supervision/statistics"
HEAD = {"title": "统计表", "about": "=1+1", "as_of": "数到今天"}


def worked_out(page, cell) -> object:
    """The value of a cell, with the few formulas that are written worked out as a spreadsheet does."""
    text = cell.value
    if not (isinstance(text, str) and cell.data_type == "f"):
        return text
    if found := re.fullmatch(r"=SUM\(([A-Z])(\d+):\1(\d+)\)", text):
        return sum(worked_out(page, page[f"{found[1]}{n}"]) for n in range(int(found[2]), int(found[3]) + 1))
    found = re.fullmatch(r'=IF\(([A-Z]\d+)=0,"—",(ROUNDDOWN|ROUND)\(([A-Z]\d+)/\1,(\d)\)\)', text)
    assert found, text
    whole, part, digits = worked_out(page, page[found[1]]), worked_out(page, page[found[3]]), 10 ** int(found[4])
    if not whole:
        return "—"
    return part * digits // whole / digits if found[2] == "ROUNDDOWN" else (part * digits * 2 + whole) // (whole * 2) / digits


def opened(parts) -> openpyxl.worksheet.worksheet.Worksheet:
    body = statistics(HEAD, [{"title": "表", "parts": [_plain(part) for part in parts]}])
    return openpyxl.load_workbook(io.BytesIO(body)).worksheets[0]


@pytest.mark.parametrize("table", ["supply", "people", "agreements", "rights", "ranking", "target", "quality", "sharing", "pay"])
async def test_what_the_workbook_works_out_is_what_the_page_shows(paperwork, table):
    question = await question_of(PEOPLE["zheng"], {"table": table, "kind": "month", "day": "2026-11-01"})
    parts = await parts_of(question)
    page = opened(parts)
    lines = {}
    for line in page.iter_rows(min_row=3):
        if line[0].value:
            lines.setdefault(line[0].value, []).append(line)
    divided = {Shape.MONEY: 100, Shape.HOURLY: 100, Shape.RATE: 1000, Shape.RATIO: 100, Shape.DAYS: 10}
    seen = 0
    for part in parts:
        for row in (*part.rows, *([part.total] if part.total else [])):
            line = lines[row.label].pop(0)
            for column, cell, kept in zip(part.columns, row.cells, line[1:], strict=False):
                value = worked_out(page, kept)
                if cell.amount is None:
                    assert value == cell.text
                else:
                    assert float(value) == pytest.approx(cell.amount / divided.get(column.shape, 1)), (part.key, row.key, column.key)
                    seen += 1
    assert seen


def test_totals_are_alive_unless_something_of_them_is_kept_back():
    spec = PartSpec(
        "p", "p", "p", (Column("n", "人"), Column("m", "人次"), Column("r", "率", shape=Shape.RATE, part="n", whole="m")), personal=True
    )
    part = laid_out(spec, [("a", "甲"), ("b", "乙")], {"n": {"a": 9, "b": 8}, "m": {"a": 19, "b": 3}})
    page = opened([part])
    lines = {row[0].value: row for row in page.iter_rows()}
    assert lines["合计"][1].value == "=SUM(B6:B7)"
    assert lines["合计"][2].value == 22
    assert lines["乙"][2].value == "<5"
    assert "ROUNDDOWN" in lines["合计"][3].value


@pytest.mark.parametrize("typed", ["=1+1", '=HYPERLINK("http://evil.example","点我")', "+1+1", "@SUM(1)", "-2+3+cmd|' /C calc'!A0"])
async def test_what_somebody_typed_stays_text(november, typed):
    await Employer.update({Employer.industry: typed[:40]}).where(Employer.station == LAKE)
    question = await question_of(PEOPLE["wu"], {"table": "employers", "kind": "month", "day": "2026-11-01"})
    page = opened(await parts_of(question))
    kept = [cell for row in page.iter_rows() for cell in row if cell.value == typed[:40]]
    assert kept
    assert all(cell.data_type == "s" for cell in kept)
    assert page["A1"].data_type == "s"


async def test_the_manager_takes_all_twelve_tables_along(manager, paperwork):
    response = await manager.fetches(f"{HOME}/tables.xlsx?all=1&{NOVEMBER}")
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    assert [sheet.title for sheet in book.worksheets][:2] == ["1 供求总表", "2 工种分布"]
    assert len(book.worksheets) == 12
    assert book.worksheets[0]["A1"].value == "金银湖零工驿站　2026年11月"


async def test_the_paper_is_issued_once_for_the_own_station(manager, paperwork, printer):
    url = f"{HOME}/sheet.pdf?table=target&{NOVEMBER}"
    first = (await manager.fetches(url)).content
    again = (await manager.fetches(url)).content
    assert first == again
    papers = await Paper.select(Paper.number, Paper.kind, Paper.copy_number)
    assert papers == [{"number": "TJM2611-10-420112015-01", "kind": "P16", "copy_number": 1}]
    pdf = pypdf.PdfReader(io.BytesIO(first))
    assert pdf.pages[0].mediabox.width > pdf.pages[0].mediabox.height
    words = "".join("".join(page.extract_text() for page in pdf.pages).split())
    for said in ("统计表", "10年度目标进度", "金银湖零工驿站", "2026年11月", "全年任务499", "457", "填报人"):
        assert said in words, said
    assert await JournalEntry.count().where(JournalEntry.kind == "STATISTICS_EXPORTED") == 2


async def test_all_twelve_tables_are_one_paper(manager, paperwork, printer):
    body = (await manager.fetches(f"{HOME}/sheet.pdf?all=1&{NOVEMBER}")).content
    pdf = pypdf.PdfReader(io.BytesIO(body))
    words = "".join("".join(page.extract_text() for page in pdf.pages).split())
    assert all(said in words for said in ("1供求总表", "3群体帮扶表", "8维权", "12余缺调剂"))
    assert len(pdf.pages) >= 12
    assert (await Paper.select(Paper.number).first())["number"] == "TJM2611-0-420112015-01"


async def test_officers_print_without_issuing(officer, november, printer):
    body = (await officer.fetches(f"{OFFICE}/sheet.pdf?table=supply&{NOVEMBER}")).content
    words = "".join("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(body)).pages).split())
    assert "全区驿站" in words
    assert not await Paper.count()
    entry = await JournalEntry.select(JournalEntry.chain).where(JournalEntry.kind == "STATISTICS_EXPORTED").first()
    assert entry["chain"] == "district"


async def test_another_stations_tables_are_not_to_be_had(manager, november):
    await manager.fetches(f"{HOME}/sheet.pdf?scope=ZD-420112006-01&{NOVEMBER}", status=404)
    await manager.fetches(f"{HOME}/tables.xlsx?scope=ZD-420112006-01&{NOVEMBER}", status=404)
    assert not await JournalEntry.count().where(JournalEntry.kind == "STATISTICS_EXPORTED")
