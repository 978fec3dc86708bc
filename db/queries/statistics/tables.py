"""The twelve tables: figures gathered for the stations in reach, and the rows behind any one of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from db.paging import Page
from db.queries.stations import stations_to_choose
from db.queries.statistics import papers, persons, stations, work
from db.queries.statistics.facts import NONE, Asked, Counted, counted_together, rows_of, total_of
from db.tables.stations import Station
from rules.codes import (
    SUBDISTRICTS,
    TRADES,
    AgreementType,
    BuildMode,
    CaseKind,
    Education,
    InsuranceState,
    Labelled,
    PersonGroup,
    RejectReason,
    SettleCycle,
)
from rules.corrections import RECORDS
from rules.kpi import projected
from rules.permissions import Scope
from rules.person_groups import GUARDED
from rules.placements import annual_target, due_by
from rules.statistics.cells import ALL, Cell, Part, PartSpec, laid_out
from rules.statistics.tables import PARTS, AgeBand, Gender, Organisation, PayBand, StatTable, WaitBand

COUNTED: dict[str, dict[str, Counted]] = {**work.COUNTED, **persons.COUNTED, **papers.COUNTED, **stations.COUNTED}
"""Breakdown → column → what is counted. Columns that are missing here are worked out."""

MOST_INDUSTRIES = 30
UNSAID = "没有登记"

Keys = list[tuple[str, str]]
StationRow = dict[str, Any]

_TABLES: dict[str, tuple[type[Labelled], str]] = {
    "waiting": (WaitBand, ""),
    "ages": (AgeBand, ""),
    "genders": (Gender, ""),
    "educations": (Education, UNSAID),
    "organisations": (Organisation, UNSAID),
    "pay_bands": (PayBand, ""),
    "settle_cycles": (SettleCycle, UNSAID),
    "agreement_types": (AgreementType, ""),
    "insurance": (InsuranceState, "没有写明"),
    "case_kinds": (CaseKind, ""),
    "reject_reasons": (RejectReason, "没有写明"),
}
_BY_STATION = frozenset({"supply", "below_minimum", "cover", "ranking", "target", "quality", "sharing"})


@dataclass(frozen=True, slots=True)
class Sees:
    """What of the tables somebody gets beyond figures: every station's place, the own one, or none ("all", "own", "none");
    lists of persons behind a group; the groups that only the manager sees.
    """

    places: str = "none"
    groups: bool = False
    guarded: bool = False


async def stations_reached(scope: Scope, narrowed: str = "") -> list[StationRow]:
    """The stations in the asker's reach: id, code, name, opened_on. `narrowed` is a station's code, a subdistrict's or a build mode."""
    query = Station.select(Station.id, Station.code, Station.name, Station.opened_on, Station.subdistrict, Station.build_mode)
    query = query.where(Station.id.is_in([row["id"] for row in await stations_to_choose(scope)] or [0]))
    if narrowed in SUBDISTRICTS:
        query = query.where(Station.subdistrict == narrowed)
    elif narrowed in BuildMode._value2member_map_:
        query = query.where(Station.build_mode == narrowed)
    elif narrowed:
        query = query.where(Station.code == narrowed)
    return await query.order_by(Station.code)


async def table_of(table: StatTable, asked: Asked, here: Sequence[StationRow], sees: Sees, *, whole_year: int) -> tuple[Part, ...]:
    """Every breakdown of a table over the stations `here`. `whole_year` is the target of a year (art. 11)."""
    specs = [spec for spec in PARTS[table] if spec.key != "supply_months" or len(_months(asked)) > 1]
    found = await _counted_once(specs, _asked_for(specs[0], asked))
    return tuple([await _part(spec, _asked_for(spec, asked), here, sees, whole_year, found) for spec in specs])


Found = dict[tuple[str, str], dict[str, int]]
"""(breakdown, column) → group → figure."""


async def _counted_once(specs: Sequence[PartSpec], asked: Asked) -> Found:
    """Every counted column of these breakdowns, each fact read once however many breakdowns count it."""
    wanted: dict[int, list[tuple[str, str]]] = {}
    facts = {}
    for spec in specs:
        for column, counts in COUNTED.get(spec.key, {}).items():
            facts[id(counts.fact)] = counts.fact
            wanted.setdefault(id(counts.fact), []).append((spec.key, column))
    found: Found = {}
    for key, places in wanted.items():
        figures = await counted_together(facts[key], asked, [COUNTED[part][column].by for part, column in places])
        found |= dict(zip(places, figures, strict=True))
    return found


def _asked_for(spec: PartSpec, asked: Asked) -> Asked:
    """The year so far for the target; the period itself for everything else."""
    if not spec.key.startswith("target"):
        return asked
    return replace(asked, first=date(asked.last.year, 1, 1), last=max(min(asked.last, asked.day), date(asked.last.year, 1, 1)))


async def _part(spec: PartSpec, asked: Asked, here: Sequence[StationRow], sees: Sees, whole_year: int, counts_of: Found) -> Part:
    figures: dict[str, dict[str, int | None]] = {}
    totals: dict[str, int | None] = {}
    codes = {str(row["id"]): row["code"] for row in here}
    for column, counts in COUNTED.get(spec.key, {}).items():
        found = counts_of[spec.key, column]
        figures[column] = {codes[key]: n for key, n in found.items()} if counts.by is None else dict(found)
        if not next(each for each in spec.columns if each.key == column).adds:
            totals[column] = await total_of(counts.fact, asked)
    note = await _worked_out(spec, asked, here, sees, whole_year, figures, totals)
    keys = _keys(spec, asked, here, figures, sees)
    if spec.key == "industries":
        keys = _most(keys, figures)
    opens = sees.groups if spec.key == "groups" else True
    part = laid_out(spec, keys, figures, totals, opens=opens)
    if spec.key == "groups" and not sees.guarded:
        part = _closed(part, {group.value for group in GUARDED})
    part = _closed(part, {_REST})
    return replace(part, note=note) if note else part


async def _worked_out(
    spec: PartSpec,
    asked: Asked,
    here: Sequence[StationRow],
    sees: Sees,
    whole_year: int,
    figures: dict[str, dict[str, int | None]],
    totals: dict[str, int | None],
) -> str:
    """Put in the columns that no single fact counts; a note when this table has another one than usual."""
    match spec.key:
        case "trades":
            medians, totals["pay"] = await work.middle_pay(asked)
            figures["pay"] = dict(medians)
        case "groups":
            figures |= {column: dict(found) for column, found in (await persons.by_group(asked)).items()}
        case "case_kinds":
            figures["days"], totals["days"] = await papers.days_to_close(asked)
        case "ranking":
            return await _places(spec, asked, here, sees, figures)
        case "target":
            for row in here:
                code, opened = row["code"], row["opened_on"]
                figures.setdefault("target", {})[code] = annual_target(whole_year, opened, asked.last.year)
                figures.setdefault("due", {})[code] = due_by(whole_year, opened, asked.last)
                figures.setdefault("projected", {})[code] = projected(figures["placed"].get(code) or 0, opened, asked.last)
        case "target_months":
            so_far = 0
            for month in _months(asked):
                key, end = f"{month:%Y-%m}", min(_month_end(month), asked.last)
                so_far += figures["placed"].get(key) or 0
                figures.setdefault("so_far", {})[key] = so_far
                figures.setdefault("due", {})[key] = sum(due_by(whole_year, row["opened_on"], end) for row in here)
    return ""


async def _places(spec: PartSpec, asked: Asked, here: Sequence[StationRow], sees: Sees, figures: dict[str, dict[str, int | None]]) -> str:
    """Put the places in: of everybody, of the own station among all of the district, or of nobody."""
    if sees.places == "all":
        counts = [figures["placed"].get(row["code"]) or 0 for row in here]
        figures["place"] = {row["code"]: 1 + sum(n > count for n in counts) for row, count in zip(here, counts, strict=True)}
        return spec.note
    if sees.places == "own" and len(here) == 1:
        everywhere = await stations.placed_everywhere(asked.first, asked.last)
        own = everywhere.get(here[0]["id"], 0)
        figures["place"] = {here[0]["code"]: 1 + sum(n > own for n in everywhere.values())}
        return f"{spec.note}名次是在全区所有驿站里的。"
    return "名次由街道、区里看；驿站负责人看自己驿站的名次。"


def _keys(spec: PartSpec, asked: Asked, here: Sequence[StationRow], figures: Mapping[str, Mapping[str, int | None]], sees: Sees) -> Keys:
    """The rows of a breakdown in order: what there is to list, and whatever else was found."""
    found = {key for column in figures.values() for key in column}
    match spec.key:
        case name if name in _BY_STATION:
            order = sorted(here, key=lambda row: -(figures["placed"].get(row["code"]) or 0)) if name == "ranking" else here
            return [(row["code"], row["name"]) for row in order]
        case "supply_months" | "target_months":
            return [(f"{month:%Y-%m}", f"{month.year}年{month.month}月") for month in _months(asked)]
        case "trades":
            listed = [(code, trade.label) for code, trade in TRADES.items() if code in found]
        case "groups":
            return [(group.value, group.label) for group in PersonGroup if sees.guarded or group not in GUARDED]
        case "industries":
            listed = sorted((key, UNSAID if key == NONE else key) for key in found)
        case "corrected_records":
            listed = [(name, record.label) for name, record in RECORDS.items() if name in found]
        case _:
            table, unsaid = _TABLES[spec.key]
            listed = table.choices()
            if unsaid and NONE in found:
                listed = [*listed, (NONE, unsaid)]
    known = {key for key, _ in listed}
    return [*listed, *((key, UNSAID if key == NONE else key) for key in sorted(found - known))]


_REST = "rest"


def _most(keys: Keys, figures: dict[str, dict[str, int | None]]) -> Keys:
    """The industries with most posts; what is left in one row that opens nowhere."""
    weight: Counter[str] = Counter()
    for column in ("headcount", "placed", "employers"):
        weight.update({key: n or 0 for key, n in figures.get(column, {}).items()})
    order = sorted(keys, key=lambda pair: (-weight[pair[0]], pair[0]))
    rest = [key for key, _ in order[MOST_INDUSTRIES:]]
    if not rest:
        return order
    for counts in figures.values():
        counts[_REST] = sum(counts.get(key) or 0 for key in rest)
    return [*order[:MOST_INDUSTRIES], (_REST, f"其余{len(rest)}种")]


def _closed(part: Part, keys: set[str]) -> Part:
    """The same part with rows that open nowhere."""
    if not any(row.key in keys for row in part.rows):
        return part
    shut = [replace(row, cells=tuple(replace(cell, opens=False) for cell in row.cells)) if row.key in keys else row for row in part.rows]
    return replace(part, rows=tuple(shut))


def _months(asked: Asked) -> list[date]:
    found, month = [], asked.first.replace(day=1)
    while month <= asked.last:
        found.append(month)
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return found


def _month_end(month: date) -> date:
    return date.fromordinal(date(month.year + month.month // 12, month.month % 12 + 1, 1).toordinal() - 1)


async def figure_in(spec: PartSpec, column: str, row: str, asked: Asked, here: Sequence[StationRow], sees: Sees) -> tuple[str, Cell] | None:
    """A figure that opens to its rows, with the label of its row; None when there is none, or it is kept back."""
    asked = _asked_for(spec, asked)
    part = await _part(spec, asked, here, sees, 0, await _counted_once([spec], asked))
    place = next((n for n, each in enumerate(part.columns) if each.key == column), None)
    found = next((each for each in (*part.rows, part.total) if each and each.key == row), None)
    if place is None or found is None or not found.cells[place].opens:
        return None
    return found.label, found.cells[place]


async def rows_behind(spec: PartSpec, column: str, row: str, asked: Asked, here: Sequence[StationRow], after: str = "") -> Page:
    """The rows behind a figure that `figure_in` found: on, number, link, what, worker (never a name), more, station."""
    asked = _asked_for(spec, asked)
    if spec.key == "groups":
        fact = persons.group_rows(column, PersonGroup(row), asked)
        return await rows_of(fact, asked, None, ALL, after) if fact else Page([])
    counts = COUNTED[spec.key][column]
    key = row
    if counts.by is None and row != ALL:
        key = next((str(each["id"]) for each in here if each["code"] == row), NONE)
    return await rows_of(counts.fact, asked, counts.by, key, after)
