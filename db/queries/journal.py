"""Questions about the journal (工作记录): what was done at the stations in reach, newest first."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from piccolo.columns.combination import WhereRaw

from db.clock import CHINA
from db.paging import DESK_ROWS, Page, page_of, place
from db.tables.activities import Activity
from db.tables.agreements import Agreement
from db.tables.jobs import Job
from db.tables.journal import JournalEntry
from db.tables.referrals import Placement, Referral
from db.tables.seekers import Seeker
from db.tables.stations import Station
from rules.journal import EventKind, chain_of
from rules.permissions import Reach, Scope

_ENTRY = (
    JournalEntry.id,
    JournalEntry.chain,
    JournalEntry.seq,
    JournalEntry.hash,
    JournalEntry.at,
    JournalEntry.kind,
    JournalEntry.subject,
    JournalEntry.subject_id,
    JournalEntry.station_id,
    JournalEntry.signed_name,
    JournalEntry.corrects,
    JournalEntry.body,
)


def _reached(scope: Scope) -> Any:
    # The journal has no foreign keys: the stations in reach are asked for by their ids.
    match scope.reach:
        case Reach.STATION:
            return JournalEntry.chain == chain_of(scope.station_id or 0)
        case Reach.OPERATOR:
            return JournalEntry.station_id.is_in(Station.select(Station.id).where(Station.operator == scope.operator))
        case Reach.SUBDISTRICT:
            return JournalEntry.station_id.is_in(Station.select(Station.id).where(Station.subdistrict == scope.subdistrict))
        case Reach.DISTRICT:
            return WhereRaw("1 = 1")


async def entries_in(
    scope: Scope,
    *,
    kind: EventKind | None = None,
    day: date | None = None,
    station_id: int | None = None,
    after: str = "",
) -> Page:
    """The entries in the asker's reach, newest first, narrowed to a kind, a day in China and a station.

    Each row has `particulars` and `late_reason` read from the entry's text, and `subject_number` where there is one.
    """
    one_chain = scope.reach is Reach.STATION or station_id is not None
    # Inside one chain its numbers are the order, and the index on them serves every page alike.
    order = JournalEntry.seq if one_chain else JournalEntry.id
    query = JournalEntry.select(*_ENTRY).where(_reached(scope)).order_by(order, ascending=False).limit(DESK_ROWS + 1)
    if station_id is not None:
        query = query.where(JournalEntry.chain == chain_of(station_id))
    if kind is not None:
        query = query.where(JournalEntry.kind == kind.value)
    if day is not None:
        began = datetime.combine(day, time(), CHINA)
        query = query.where(JournalEntry.at >= began, JournalEntry.at < began + timedelta(days=1))
    if start := place(after, (int,)):
        query = query.where(order < start[0])
    page = page_of(await query, DESK_ROWS, "seq" if one_chain else "id")
    for row in page.rows:
        body = json.loads(row.pop("body"))
        row["particulars"], row["late_reason"] = body["particulars"], body.get("late_reason", "")
    await _number(page.rows)
    return page


async def _number(rows: list[dict[str, Any]]) -> None:
    """Put the public number of each row's subject beside it: one question per kind of subject on the page."""
    numbers: dict[tuple[str, int], str] = {}
    for subject, ask in _NUMBERS.items():
        ids = {row["subject_id"] for row in rows if row["subject"] == subject}
        if ids:
            numbers |= {(subject, found["id"]): found["number"] for found in await ask(ids)}
    for row in rows:
        row["subject_number"] = numbers.get((row["subject"], row["subject_id"]), "")


async def _jobs(ids: Iterable[int]) -> list[dict[str, Any]]:
    return await Job.select(Job.id, Job.number).where(Job.id.is_in(list(ids)))


async def _seekers(ids: Iterable[int]) -> list[dict[str, Any]]:
    return await Seeker.select(Seeker.id, Seeker.number).where(Seeker.id.is_in(list(ids)))


async def _referrals(ids: Iterable[int]) -> list[dict[str, Any]]:
    return await Referral.select(Referral.id, Referral.number).where(Referral.id.is_in(list(ids)))


async def _agreements(ids: Iterable[int]) -> list[dict[str, Any]]:
    return await Agreement.select(Agreement.id, Agreement.number).where(Agreement.id.is_in(list(ids)))


async def _placements(ids: Iterable[int]) -> list[dict[str, Any]]:
    return await Placement.select(Placement.id, Placement.referral.number.as_alias("number")).where(Placement.id.is_in(list(ids)))


async def _stations(ids: Iterable[int]) -> list[dict[str, Any]]:
    return await Station.select(Station.id, Station.code.as_alias("number")).where(Station.id.is_in(list(ids)))


async def _activities(ids: Iterable[int]) -> list[dict[str, Any]]:
    return await Activity.select(Activity.id, Activity.number).where(Activity.id.is_in(list(ids)))


_NUMBERS = {
    "job": _jobs,
    "seeker": _seekers,
    "referral": _referrals,
    "agreement": _agreements,
    "placement": _placements,
    "station": _stations,
    "activity": _activities,
}


async def station_names(station_ids: Iterable[int]) -> dict[int, str]:
    """The names of stations by id."""
    rows = await Station.select(Station.id, Station.name).where(Station.id.is_in(sorted(set(station_ids)) or [0]))
    return {row["id"]: row["name"] for row in rows}
