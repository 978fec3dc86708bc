"""Statistics as files: 统计表 (P16) on paper, and the workbook with live totals."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from db.clock import CHINA
from db.queries.documents import station_on_paper
from rules.codes import SUBDISTRICTS, PaperKind
from rules.documents import StationImprint
from rules.numbers import sheet_number
from rules.permissions import Actor, Reach
from rules.stations import DISTRICT_BUREAU
from rules.statistics.cells import Part
from rules.statistics.drawings import Drawing
from rules.statistics.papers import PrintedTable, StatisticsSheet, printed_part
from rules.statistics.tables import StatTable
from web.papers import issued_pdf, printed_pdf, station_imprint
from web.render import show_date
from web.request import StationRequest
from web.statistics import Question
from web.workbooks.calling import statistics_workbook

Printed = Sequence[tuple[StatTable, tuple[Part, ...], tuple[Drawing, ...]]]


async def statistics_file(request: StationRequest, kind: PaperKind, question: Question, tables: Printed) -> bytes:
    """The PDF of these tables: issued under a number for the own station, otherwise printed without one being kept."""
    actor = request.actor
    own = actor.station_id is not None and [row["id"] for row in question.here] == [actor.station_id]
    imprint = await _imprint(actor, question)
    paper = sheet(question, imprint, tables)
    if not own:
        return await printed_pdf(request, kind, paper)
    station = question.here[0]["id"]
    return await issued_pdf(request, kind=kind, number=paper.number, subject="station", subject_id=station, station_id=station, paper=paper)


async def _imprint(actor: Actor, question: Question) -> StationImprint:
    """The station where only one was counted; otherwise the office that counted."""
    if len(question.here) == 1:
        return station_imprint(await station_on_paper(question.here[0]["id"]))
    name = DISTRICT_BUREAU.name
    if actor.scope.reach is Reach.SUBDISTRICT:
        name = f"{SUBDISTRICTS.get(actor.subdistrict or '', '')}办事处"
    elif actor.scope.reach is Reach.OPERATOR:
        name = actor.operator or ""
    return StationImprint(
        name=name,
        code=question.label,
        phone=DISTRICT_BUREAU.phone,
        complaint_phone=DISTRICT_BUREAU.phone,
        supervising_unit=DISTRICT_BUREAU.name,
        supervising_phone=DISTRICT_BUREAU.phone,
        address="",
        opening_hours="",
    )


def sheet(question: Question, imprint: StationImprint, tables: Printed) -> StatisticsSheet:
    """What P16 says."""
    period = question.period
    as_of = max(min(period.last, question.asked.day), period.first)
    which = "0" if len(tables) > 1 else str(tables[0][0].number)
    code = question.here[0]["code"] if len(question.here) == 1 else "ZD-" + (question.narrowed or "QQ")
    return StatisticsSheet(
        station=imprint,
        number=sheet_number("TJ", code, f"{period.code}-{which}"),
        created=datetime.combine(as_of, time(), CHINA),
        period=period.label,
        scope=question.label,
        as_of=show_date(as_of),
        tables=tuple(
            PrintedTable(table.number, table.label, tuple(map(printed_part, parts)), drawings) for table, parts, drawings in tables
        ),
    )


async def figures_workbook(question: Question, tables: Sequence[tuple[StatTable, tuple[Part, ...]]]) -> bytes:
    """The tables as a workbook, a sheet each: figures as numbers, totals and rates as formulas."""
    head = {
        "title": "统计表",
        "about": f"{question.label}　{question.period.label}",
        "as_of": f"数到{show_date(max(min(question.period.last, question.asked.day), question.period.first))}",
    }
    return await statistics_workbook(
        head, [{"title": f"{table.number} {table.label}", "parts": [_plain(part) for part in parts]} for table, parts in tables]
    )


def _plain(part: Part) -> dict[str, Any]:
    places = {column.key: n for n, column in enumerate(part.columns)}
    return {
        "title": part.title,
        "note": part.note,
        "head": part.rows_of,
        "columns": [
            {
                "label": column.heading,
                "shape": column.shape.value,
                "adds": column.adds and not column.part,
                "part": places.get(column.part),
                "whole": places.get(column.whole),
            }
            for column in part.columns
        ],
        "rows": [[row.label, [[cell.text, cell.amount] for cell in row.cells]] for row in part.rows],
        "total": [part.total.label, [[cell.text, cell.amount] for cell in part.total.cells]] if part.total else None,
    }
