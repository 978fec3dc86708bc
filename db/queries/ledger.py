"""Questions about the monthly ledger (月度台账, art. 23): where each month stands, what it says, its versions and steps."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from piccolo.query.functions.aggregate import Count

from db import archive
from db.clock import CHINA, now, today
from db.paging import Page
from db.queries import stations as station_queries
from db.queries.ledger_figures import summary_of
from db.queries.ledger_lists import lists_of, moment_text
from db.queries.stations import stations_in, subdistrict_office
from db.queries.work_records import chain_head, month_of_people
from db.tables.corrections import Correction
from db.tables.ledger import Ledger, LedgerStep, LedgerVersion
from db.tables.records import SignedDay
from rules.codes import LedgerState
from rules.journal import ZERO, chain_of
from rules.ledger import (
    LedgerContent,
    LedgerHeader,
    LedgerList,
    LedgerListKind,
    due_on,
    first_day,
    is_overdue,
    last_day,
    ledger_number,
    month_of,
    months_since,
    next_month,
    state_on,
    was_late,
)
from rules.ledger_versions import from_bytes, list_from_bytes
from rules.permissions import Reach, Scope
from rules.stations import Office, supervising_unit

_LEDGER = (
    *(Ledger.id, Ledger.station, Ledger.month, Ledger.state, Ledger.version, Ledger.due_on, Ledger.submitted_at, Ledger.changed_at),
    *(Ledger.main_work, Ledger.problems, Ledger.plans, Ledger.words_by.name.as_alias("worded_by")),
)
_VERSION = (
    *(LedgerVersion.id, LedgerVersion.ledger, LedgerVersion.station, LedgerVersion.month, LedgerVersion.number),
    *(LedgerVersion.version, LedgerVersion.summary, LedgerVersion.main_work, LedgerVersion.problems, LedgerVersion.plans),
    *(LedgerVersion.archive_key, LedgerVersion.sha256, LedgerVersion.size, LedgerVersion.head_chain, LedgerVersion.head_seq),
    *(LedgerVersion.head_hash, LedgerVersion.reason, LedgerVersion.filled_by, LedgerVersion.signed_name, LedgerVersion.closed_at),
)


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What of a month's work is not as it should be when the month is closed: none of it forbids closing."""

    unsigned: list[tuple[str, int]]
    """(name, days not signed or signed before the last entry)."""
    incomplete: int
    """Records that were incomplete when their day was signed."""

    @property
    def any(self) -> bool:
        """Whether there is anything."""
        return bool(self.unsigned or self.incomplete)


def blank(station_id: int, month: int) -> dict[str, Any]:
    """A month of which nothing is kept yet, as a row."""
    words = dict.fromkeys(("main_work", "problems", "plans"), "")
    row: dict[str, Any] = {"id": None, "station": station_id, "month": month, "state": LedgerState.OPEN.value, "version": 0, **words}
    return _read(row | {"due_on": due_on(month), "submitted_at": None, "changed_at": None, "worded_by": None})


def _read(row: dict[str, Any]) -> dict[str, Any]:
    """The state as of today and what the due day says, beside the row: state (LedgerState), submitted_on, overdue, late."""
    submitted = row["submitted_at"].astimezone(CHINA).date() if row["submitted_at"] else None
    return {
        **row,
        "state": state_on(LedgerState(row["state"]), row["month"], today()),
        "submitted_on": submitted,
        "overdue": is_overdue(submitted, row["due_on"], today()),
        "late": was_late(submitted, row["due_on"], today()),
    }


def began_on(station: dict[str, Any]) -> date:
    """The day from which a station keeps its ledger here: it had opened, and was entered into the product."""
    return max(station["opened_on"], station["created_at"].astimezone(CHINA).date())


async def months_of(station: dict[str, Any], page: int = 0, size: int = 24) -> tuple[list[dict[str, Any]], bool]:
    """The months of a station the caller found in scope, newest first, and whether older ones follow."""
    months = months_since(began_on(station), today())
    wanted = list(months[page * size : (page + 1) * size])
    rows = await Ledger.select(*_LEDGER).where(Ledger.station == station["id"], Ledger.month.is_in(wanted or [0]))
    kept = {row["month"]: _read(row) for row in rows}
    corrected = await _corrected([station["id"]], wanted)
    found = [kept.get(month) or blank(station["id"], month) for month in wanted]
    for row in found:
        row["corrections"] = corrected.get((station["id"], row["month"]), 0)
    return found, len(months) > (page + 1) * size


async def month_in(scope: Scope, code: str, month: int) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """The station with this code in reach and the row of its month; None outside reach and for months it has no ledger of."""
    station = await station_queries.station_in(scope, code)
    if station is None or month not in months_since(began_on(station), today()):
        return None
    return station, await month_row(station["id"], month)


async def month_row(station_id: int, month: int) -> dict[str, Any]:
    """The row of a month, or a blank one."""
    row = await Ledger.select(*_LEDGER).where(Ledger.station == station_id, Ledger.month == month).first()
    return _read(row) if row else blank(station_id, month)


async def unit_of(station: dict[str, Any]) -> str:
    """The name of the unit that supervises a station: computed from who built it and where it lies, never typed (art. 22)."""
    office = await subdistrict_office(station["subdistrict"])
    here = Office(office["office"], office["phone"]) if office else Office(station["subdistrict_name"], "")
    return supervising_unit(station["build_mode"], here).name


async def live_content(
    station: dict[str, Any], month: int, *, manager: str, row: dict[str, Any] | None = None, version: int = 0, reason: str = ""
) -> LedgerContent:
    """The month as the cabinet tells it now: what a version would say if it were signed by `manager` at this moment.

    `version` 0 is a preview. Ask inside the transaction that signs it.
    """
    row = row or await month_row(station["id"], month)
    chain = chain_of(station["id"])
    head = await chain_head(chain)
    header = LedgerHeader(
        station=station["name"],
        station_code=station["code"],
        build_mode=station["build_mode"],
        operation_mode=station["operation_mode"],
        operator=station["operator"],
        month=month,
        filled_by=row["worded_by"] or manager,
        manager=manager,
        supervising_unit=await unit_of(station),
        version=version,
        number=ledger_number(month, station["code"], version) if version else "",
        reason=reason,
    )
    return LedgerContent(
        header=header,
        summary=await summary_of(station["id"], month, today()),
        lists=await lists_of(station["id"], month, today()),
        main_work=row["main_work"],
        problems=row["problems"],
        plans=row["plans"],
        head_chain=chain,
        head_seq=head["seq"],
        head_hash=head["hash"] or ZERO,
        made_at=moment_text(now()),
    )


async def versions_of(ledger_id: int | None) -> list[dict[str, Any]]:
    """Every signed version of a month, newest first, each with its counts (`corrections`, `late`)."""
    rows = await LedgerVersion.select(*_VERSION).where(LedgerVersion.ledger == (ledger_id or 0)).order_by(LedgerVersion.version)
    return [_counted(row) for row in reversed(rows)]


def _counted(row: dict[str, Any]) -> dict[str, Any]:
    counts = json.loads(row["summary"])
    return {**row, "corrections": counts["corrections"], "late": counts["late"]}


async def version_of(ledger_id: int | None, version: int) -> dict[str, Any] | None:
    """One signed version of a month the caller found in scope."""
    row = await LedgerVersion.select(*_VERSION).where(LedgerVersion.ledger == (ledger_id or 0), LedgerVersion.version == version).first()
    return _counted(row) if row else None


async def opened_version(row: dict[str, Any]) -> LedgerContent:
    """What a version says, out of the archive. ArchiveDamaged: the file is gone or is not what was signed."""
    return from_bytes(await archive.opened(row["archive_key"], row["sha256"]))


async def opened_list(row: dict[str, Any], kind: LedgerListKind) -> LedgerList:
    """One list of a version, out of the archive; as `opened_version`."""
    return list_from_bytes(await archive.opened(row["archive_key"], row["sha256"]), kind)


async def steps_of(ledger_id: int | None) -> list[dict[str, Any]]:
    """What was done with a month, oldest first."""
    return (
        await LedgerStep.select(
            *(LedgerStep.id, LedgerStep.version, LedgerStep.kind, LedgerStep.note, LedgerStep.at),
            LedgerStep.by.name.as_alias("by_name"),
        )
        .where(LedgerStep.ledger == (ledger_id or 0))
        .order_by(LedgerStep.id)
    )


async def unfinished(station_id: int, month: int) -> Unfinished:
    """The unsigned days and incomplete records of a month."""
    first = first_day(month)
    scope = Scope(Reach.STATION, station_id=station_id)
    people = await month_of_people(scope, station_id, first, (last_day(month) - first).days + 1)
    unsigned = [(person["name"], sum(bool(day["new"]) for day in person["days"].values())) for person in people]
    incomplete = sum(day["incomplete"] or 0 for person in people for day in person["days"].values())
    return Unfinished([(name, days) for name, days in unsigned if days], incomplete)


@dataclass(frozen=True, slots=True)
class MonthFilter:
    """What the matrix of months is narrowed to; "" leaves a side open. `state` is a LedgerState, "overdue" or "corrected"."""

    state: str = ""
    subdistrict: str = ""
    year: int = 0


async def matrix(scope: Scope, months: Sequence[int], wanted: MonthFilter, after: str = "") -> Page:
    """The stations in reach with their row of each month: `months` maps a month to its row, None before it kept one.

    A page of stations; those of which no month fits the filter are left out.
    """
    page = await stations_in(scope, after)
    stations = [row for row in page.rows if not wanted.subdistrict or row["subdistrict"] == wanted.subdistrict]
    ids = [row["id"] for row in stations]
    rows = await Ledger.select(*_LEDGER).where(Ledger.station.is_in(ids or [0]), Ledger.month.is_in(list(months) or [0]))
    kept = {(row["station"], row["month"]): _read(row) for row in rows}
    corrected, late = await _corrected(ids, months), await _entered_late(ids, months)
    for station in stations:
        opened = month_of(began_on(station))
        station["months"] = {}
        for month in months:
            key = (station["id"], month)
            row = kept.get(key) or blank(station["id"], month) if opened <= month else None
            station["months"][month] = row and {**row, "corrections": corrected.get(key, 0), "entered_late": late.get(key, 0)}
    if wanted.state:
        stations = [station for station in stations if any(row and _fits(row, wanted.state) for row in station["months"].values())]
    return Page(stations, page.next)


def _fits(row: dict[str, Any], state: str) -> bool:
    if state == "overdue":
        return bool(row["late"])
    if state == "corrected":
        return bool(row["corrections"])
    return row["state"] == state


async def _corrected(stations: Sequence[int], months: Sequence[int]) -> dict[tuple[int, int], int]:
    """How many corrections each month's records have."""
    rows = (
        await Correction.select(Correction.station, Correction.month, Count(alias="n"))
        .where(Correction.station.is_in(list(stations) or [0]), Correction.month.is_in(list(months) or [0]))
        .group_by(Correction.station, Correction.month)
    )
    return {(row["station"], row["month"]): row["n"] for row in rows}


async def _entered_late(stations: Sequence[int], months: Sequence[int]) -> dict[tuple[int, int], int]:
    """How many entries each month's signed days counted as late; of several rounds the one that counted most."""
    if not months:
        return {}
    rows = await SignedDay.select(SignedDay.station, SignedDay.account, SignedDay.day, SignedDay.late).where(
        SignedDay.station.is_in(list(stations) or [0]),
        SignedDay.day >= first_day(min(months)),
        SignedDay.day < first_day(next_month(max(months))),
        SignedDay.late > 0,
    )
    most: dict[tuple[int, int, date], int] = defaultdict(int)
    for row in rows:
        key = (row["station"], row["account"], row["day"])
        most[key] = max(most[key], row["late"])
    found: dict[tuple[int, int], int] = defaultdict(int)
    for (station, _, day), late in most.items():
        found[station, month_of(day)] += late
    return found
