"""统计表 (P16): tables of one period and scope as they are printed and kept with their number."""

from __future__ import annotations

from dataclasses import dataclass

from rules.documents import Paper
from rules.statistics.cells import Part
from rules.statistics.drawings import Drawing


@dataclass(frozen=True, slots=True)
class PrintedPart:
    """A breakdown in words: headings, rows (label first), the total ("" label for none)."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """One of the twelve tables with its plots."""

    number: int
    title: str
    parts: tuple[PrintedPart, ...]
    drawings: tuple[Drawing, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticsSheet(Paper):
    """统计表 (P16). `scope` names the stations that were counted, `as_of` the last day that is in it."""

    period: str
    scope: str
    as_of: str
    tables: tuple[PrintedTable, ...]


def printed_part(part: Part) -> PrintedPart:
    """A breakdown as it is printed."""
    return PrintedPart(
        title=part.title,
        headings=(part.rows_of, *(column.heading for column in part.columns)),
        rows=tuple((row.label, *(cell.text for cell in row.cells)) for row in part.rows),
        total=(part.total.label, *(cell.text for cell in part.total.cells)) if part.total else (),
        note=part.note,
    )
