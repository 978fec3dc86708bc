"""What is counted: one fact is a condition over rows of one table, counted per group or shown row by row, so that both agree."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from db.clock import CHINA
from db.paging import DESK_ROWS, Page, page_of, place
from db.tables.stations import Station
from piccolo_conf import DB
from rules.statistics.cells import ALL

NONE = "none"
"""The key of rows that name no group."""

Text = str | Mapping[str, str]
"""SQL that both engines understand, or one text for each."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is counted where and when: ids of stations the caller found in scope, and both ends of the period.

    `day` is today. `guarded`: whether the asker may see groups of persons that only the manager sees.
    """

    stations: tuple[int, ...]
    first: date
    last: date
    day: date
    guarded: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """One table to count in, under one alias. `moment` is "" where a fact is about now; `timed`: it is a moment, not a day.

    `joins` are reached by name when a condition, a group or a row needs them. `shows` are the columns of a row with the
    joins `shown_with`, `reads` turns one into what people see: on, number, link, what, worker, more, station. `grouped` ends
    the text where several rows of the table are one row for people. `within` names columns of the table itself that a group
    may hang on alone (`By.within`).
    """

    table: str
    id: str
    station: str
    moment: str
    timed: bool
    joins: Mapping[str, str]
    shows: tuple[str, ...]
    reads: Callable[[dict[str, Any]], dict[str, Any]]
    shown_with: tuple[str, ...] = ()
    grouped: str = ""
    within: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class By:
    """What rows are grouped by: SQL that gives a short text, and the joins it needs.

    With `edges` ((value, where it begins), the lowest first) it gives a whole number, and the group is the step it lies in.
    `within`: what alone says the group, where one thing does: the day, the seeker or the post.
    """

    key: Text | Callable[[Asked], str]
    joins: tuple[str, ...] = ()
    edges: tuple[tuple[str, int], ...] = ()
    within: str = ""

    def sql(self, asked: Asked) -> str:
        """The expression on this engine; a row without a group is of group "none"."""
        text = self.key(asked) if callable(self.key) else engine_text(self.key)
        return f"COALESCE(NULLIF(CAST({text} AS VARCHAR(60)), ''), '{NONE}')"

    def group_of(self, key: str) -> str:
        """The group of what `sql` gave."""
        if not self.edges or key == NONE:
            return key
        return next((value for value, begins in reversed(self.edges) if int(key) >= begins), self.edges[0][0])

    def condition(self, key: str, asked: Asked) -> tuple[str, list[Any]]:
        """SQL, with its values, that a row is of the group `key`."""
        if not self.edges:
            return f"{self.sql(asked)} = {{}}", [key]
        place = next((n for n, (value, _) in enumerate(self.edges) if value == key), None)
        if place is None:
            return "1 = 0", []
        number = self.key(asked) if callable(self.key) else engine_text(self.key)
        ends = [f"{number} >= {self.edges[place][1]}"] if place else []
        ends += [f"{number} < {self.edges[place + 1][1]}"] if place + 1 < len(self.edges) else []
        return " AND ".join(ends), []


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure: rows of a source under a condition, counted or summed up. `where` may ask what day it is."""

    source: Source
    where: Text | Callable[[Asked], str] = ""
    value: Text = "COUNT(*)"
    joins: tuple[str, ...] = ()

    def condition(self, asked: Asked) -> str:
        """The condition on this engine."""
        return self.where(asked) if callable(self.where) else engine_text(self.where)


@dataclass(frozen=True, slots=True)
class Counted:
    """The figures of a column: a fact and what it is grouped by (None: by the station it counts for)."""

    fact: Fact
    by: By | None = None


def engine_text(text: Text) -> str:
    """The SQL for the engine in use."""
    return text if isinstance(text, str) else text[DB.engine_type]


def month_of(column: str, *, timed: bool) -> Text:
    """2026-11 of a day or a moment, in station time."""
    if timed:
        return {
            "sqlite": f"strftime('%Y-%m', {column}, '+8 hours')",
            "postgres": f"to_char({column} AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM')",
        }
    return {"sqlite": f"substr({column}, 1, 7)", "postgres": f"to_char({column}, 'YYYY-MM')"}


def steps(expression: str, edges: Sequence[tuple[str, int]]) -> str:
    """SQL for the step in which a whole number lies: (value, where it begins), the lowest first."""
    cases = " ".join(f"WHEN {expression} >= {begins} THEN '{value}'" for value, begins in reversed(edges[1:]))
    return f"CASE {cases} ELSE '{edges[0][0]}' END"


def literal(text: str) -> str:
    """A word of a code table as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def among(codes: Sequence[str]) -> str:
    """A list of codes as SQL."""
    return "(" + ", ".join(literal(code) for code in codes) + ")"


def moments(first: date, last: date) -> tuple[datetime, datetime]:
    """From the first moment of a day to the one after the last day ended, at the station."""
    return datetime.combine(first, time(), CHINA), datetime.combine(last + timedelta(days=1), time(), CHINA)


def _where(fact: Fact, asked: Asked) -> tuple[str, list[Any]]:
    source = fact.source
    parts = [f"{source.station} IN ({', '.join('{}' for _ in asked.stations)})"]
    values: list[Any] = list(asked.stations)
    if source.moment:
        parts.append(f"{source.moment} >= {{}} AND {source.moment} < {{}}")
        values += moments(asked.first, asked.last) if source.timed else (asked.first, asked.last + timedelta(days=1))
    if condition := fact.condition(asked):
        parts.append(f"({condition})")
    return " AND ".join(parts), values


def _from(source: Source, joins: Sequence[str]) -> str:
    return " ".join([source.table, *_joined(source, joins)])


def _joined(source: Source, joins: Sequence[str]) -> list[str]:
    return [text for name, text in source.joins.items() if name in joins]


async def counted(fact: Fact, asked: Asked, by: By | None = None) -> dict[str, int]:
    """The figure per group; grouped by station its keys are ids as text."""
    return (await counted_together(fact, asked, [by]))[0]


async def counted_together(fact: Fact, asked: Asked, groupings: Sequence[By | None]) -> list[dict[str, int]]:
    """The figure once per grouping, in one reading of the rows.

    A figure of distinct persons may only be asked for like this where each person is in one group of every grouping.
    """
    if not asked.stations:
        return [{} for _ in groupings]
    where, values = _where(fact, asked)
    keys = [by.sql(asked) if by else f"CAST({fact.source.station} AS VARCHAR(20))" for by in groupings]
    joins = (*fact.joins, *(join for by in groupings if by for join in by.joins))
    columns = ", ".join(f"{key} AS k{n}" for n, key in enumerate(keys))
    places = ", ".join(str(n + 1) for n in range(len(keys)))
    if first := _counted_first(fact, groupings):
        each = "COUNT(*)" if fact.value == "COUNT(*)" else "1"
        rows = f"SELECT {first}, {each} AS n FROM {fact.source.table} WHERE {where} GROUP BY {first}"
        table = " ".join([f"({rows}) AS {fact.source.table.split()[-1]}", *_joined(fact.source, joins)])
        sql = f"SELECT {columns}, SUM(n) AS n FROM {table} GROUP BY {places}"
    else:
        sql = f"SELECT {columns}, {engine_text(fact.value)} AS n FROM {_from(fact.source, joins)} WHERE {where} GROUP BY {places}"
    found: list[dict[str, int]] = [{} for _ in groupings]
    for row in await Station.raw(sql, *values):
        for n, figures in enumerate(found):
            by = groupings[n]
            group = by.group_of(row[f"k{n}"]) if by else row[f"k{n}"]
            figures[group] = figures.get(group, 0) + int(row["n"] or 0)
    return found


def _counted_first(fact: Fact, groupings: Sequence[By | None]) -> str:
    """The columns by which rows may be counted before they are grouped, "" for none.

    A year is then 365 days to be grouped, and a month's work is looked up once for each person or post, not for each row.
    """
    source, names = fact.source, {by.within for by in groupings if by} or {"day"}
    column = source.within.get(names.pop(), "") if len(names) == 1 else ""
    if not column or fact.joins:
        return ""
    if column == source.moment:
        return f"{source.station}, {column}" if fact.value == "COUNT(*)" else ""
    return column if None not in groupings and fact.value in ("COUNT(*)", f"COUNT(DISTINCT {column})") else ""


async def total_of(fact: Fact, asked: Asked) -> int:
    """The figure of all groups together: what is counted once counts once."""
    if not asked.stations:
        return 0
    where, values = _where(fact, asked)
    sql = f"SELECT {engine_text(fact.value)} AS n FROM {_from(fact.source, fact.joins)} WHERE {where}"
    return int((await Station.raw(sql, *values))[0]["n"] or 0)


async def middles(fact: Fact, asked: Asked, by: By, amount: str, least: int) -> tuple[dict[str, int], int | None]:
    """The median of `amount` (a whole number) per group and over all, for as many rows as `least` at least."""
    if not asked.stations:
        return {}, None
    where, values = _where(fact, asked)
    table = _from(fact.source, (*fact.joins, *by.joins))
    found: dict[str, int] = {}
    for key in (by.sql(asked), literal(ALL)):
        sql = (
            "SELECT k, MIN(v) AS low, MAX(v) AS high FROM ("
            f"SELECT {key} AS k, {amount} AS v, ROW_NUMBER() OVER (PARTITION BY {key} ORDER BY {amount}) AS place, "
            f"COUNT(*) OVER (PARTITION BY {key}) AS n FROM {table} WHERE {where} AND {amount} IS NOT NULL"
            f") AS placed WHERE n >= {int(least)} AND place IN ((n + 1) / 2, (n + 2) / 2) GROUP BY k"
        )
        found |= {row["k"]: (int(row["low"]) + int(row["high"])) // 2 for row in await Station.raw(sql, *values)}
    overall = found.pop(ALL, None)
    return found, overall


async def rows_of(fact: Fact, asked: Asked, by: By | None, key: str, after: str = "") -> Page:
    """The rows behind a figure, newest first. `key` is the group's (a station's id as text), ALL for every one."""
    if not asked.stations:
        return Page([])
    source = fact.source
    where, values = _where(fact, asked)
    joins = list(fact.joins)
    if key != ALL:
        of_group, more = by.condition(key, asked) if by else (f"CAST({source.station} AS VARCHAR(20)) = {{}}", [key])
        where += f" AND {of_group}"
        values += more
        joins += by.joins if by else ()
    if start := place(after, (int,)):
        where += f" AND {source.id} < {{}}"
        values.append(start[0])
    shows = ", ".join((f"{source.id} AS id", *source.shows))
    shown = _from(source, source.shown_with)
    if source.grouped:
        table = _from(source, (*source.shown_with, *joins))
        sql = f"SELECT {shows} FROM {table} WHERE {where} {source.grouped} ORDER BY 1 DESC LIMIT {DESK_ROWS + 1}"
    else:  # the ids first, so that what is shown is only looked up for one page
        ids = f"SELECT DISTINCT {source.id} AS id FROM {_from(source, joins)} WHERE {where} ORDER BY 1 DESC LIMIT {DESK_ROWS + 1}"
        sql = f"SELECT {shows} FROM {shown} WHERE {source.id} IN (SELECT id FROM ({ids}) AS newest) ORDER BY 1 DESC"
    page = page_of([dict(row) for row in await Station.raw(sql, *values)], DESK_ROWS, "id")
    page.rows[:] = [{"id": row["id"], **_BARE, **source.reads(row)} for row in page.rows]
    return page


_BARE: dict[str, Any] = {"on": None, "number": "", "link": "", "what": "", "worker": "", "more": "", "station": ""}


def day_of(value: Any) -> date | None:
    """A day out of raw SQL: SQLite gives text for it; a moment as the day at the station."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if len(value) > 10 else date.fromisoformat(value)
    if isinstance(value, datetime):
        return value.astimezone(CHINA).date()
    return value if isinstance(value, date) else None
