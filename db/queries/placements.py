"""Questions about placements (上岗)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from piccolo.columns.combination import And, Or
from piccolo.query.functions.aggregate import Count

from db.paging import DESK_ROWS, Page, page_of, place
from db.queries.scope import within
from db.queries.stations import stations_in
from db.tables.agreements import Agreement
from db.tables.referrals import Evidence, Placement
from rules.codes import NOT_IN_FORCE, SIGNED_STATES, AgreementState, EmployerKind
from rules.masking import public_employer_name, public_worker
from rules.permissions import Scope
from rules.placements import annual_target, strength_of

_SHOWN = (
    Placement.id,
    Placement.started_on,
    Placement.evidence,
    Placement.evidence_note,
    Placement.recorded_at,
    Placement.recorded_by.name.as_alias("recorder"),
    Placement.referral.as_alias("referral_id"),
    Placement.referral.number.as_alias("referral"),
    Placement.job.number.as_alias("job"),
    Placement.job.title.as_alias("title"),
    Placement.seeker.name.as_alias("worker"),
    Placement.seeker.number.as_alias("seeker"),
    Placement.job.employer.name.as_alias("employer"),
    Placement.job.employer.kind.as_alias("employer_kind"),
    Placement.station.name.as_alias("station"),
    Placement.supplied_by.name.as_alias("supplier"),
    Placement.ended_on,
    Placement.ended_how,
    Placement.ended_by_side,
    Placement.ended_reason,
    Placement.worked_minutes,
    Placement.pieces,
    Placement.pay_due_fen,
    Placement.pay_due_on,
    Placement.ended_recorded_by.name.as_alias("ender"),
    Placement.ended_recorded_at,
    Placement.disputed_at,
)


@dataclass(frozen=True, slots=True)
class StationYear:
    """A station's placements of a year: 人次, distinct persons, what it owes, and 人次 per month (January first)."""

    station: str
    count: int
    persons: int
    target: int
    months: tuple[int, ...]


async def placements_of(scope: Scope, month: date, after: str = "", *, named: bool) -> Page:
    """Starts in the month of `month`, newest first; a page of the desk.

    `named` False hides who they are: worker by the end of the number, household by its kind, unit by its branch.
    """
    first, end = _month(month)
    wanted = [within(scope, Placement.station), Placement.started_on >= first, Placement.started_on < end]
    if start := place(after, (str, int)):
        day = _day(start[0])
        if day:
            wanted.append(Or(Placement.started_on < day, And(Placement.started_on == day, Placement.id < start[1])))
    rows = (
        await Placement.select(*_SHOWN)
        .where(*wanted)
        .order_by(Placement.started_on, ascending=False)
        .order_by(Placement.id, ascending=False)
        .limit(DESK_ROWS + 1)
    )
    page = page_of(rows, DESK_ROWS, "started_on", "id")
    agreements = await _agreements([row["referral_id"] for row in page.rows])
    await add_strengths(page.rows)
    for row in page.rows:
        row["agreement"] = agreements.get(row["referral_id"]) if named else None
        if not named:
            row["worker"] = public_worker(row["seeker"])
            row["employer"] = public_employer_name(EmployerKind(row["employer_kind"]), row["employer"], row["title"])
    return page


async def _agreements(referrals: list[int]) -> dict[int, dict[str, Any]]:
    if not referrals:
        return {}
    over = [state.value for state in NOT_IN_FORCE]
    rows = (
        await Agreement.select(Agreement.referral, Agreement.number, Agreement.state)
        .where(Agreement.referral.is_in(referrals), Agreement.state.not_in(over))
        .order_by(Agreement.id)
    )
    rows.sort(key=lambda row: AgreementState(row["state"]) in SIGNED_STATES)  # the signed one holds until its amendment is signed
    return {row["referral"]: row for row in rows}


def shown_columns() -> tuple[Any, ...]:
    """The columns of a placement as lists show it; `add_strengths` puts its evidence beside."""
    return _SHOWN


async def placement_of_referral(referral_id: int) -> dict[str, Any] | None:
    """The start recorded for a referral the caller found in scope, with its evidence; None when there is none yet."""
    row = await Placement.select(*_SHOWN).where(Placement.referral == referral_id).first()
    if row:
        await add_strengths([row])
    return row


async def add_strengths(rows: list[dict[str, Any]]) -> None:
    """Put `proofs` (kind, note, who, when; the first one first) and `strength` beside each of these placements."""
    if not rows:
        return
    found: dict[int, list[dict[str, Any]]] = {}
    kept = (
        await Evidence.select(
            Evidence.id,
            Evidence.placement,
            Evidence.kind,
            Evidence.note,
            Evidence.recorded_by.name.as_alias("recorder"),
            Evidence.recorded_at,
        )
        .where(Evidence.placement.is_in([row["id"] for row in rows]))
        .order_by(Evidence.id)
    )
    for each in kept:
        found.setdefault(each["placement"], []).append(each)
    for row in rows:
        first = {"kind": row["evidence"], "note": row["evidence_note"], "recorder": row["recorder"], "recorded_at": row["recorded_at"]}
        row["proofs"] = found.get(row["id"], [first])
        row["strength"] = strength_of([row["evidence"], *(proof["kind"] for proof in row["proofs"])])


async def evidence_of(placement_id: int) -> list[dict[str, Any]]:
    """Everything that proves that a work began, oldest first: kind, note, who wrote it down when."""
    return (
        await Evidence.select(Evidence.kind, Evidence.note, Evidence.recorded_by.name.as_alias("recorder"), Evidence.recorded_at)
        .where(Evidence.placement == placement_id)
        .order_by(Evidence.id)
    )


async def running_on(job_id: int) -> list[dict[str, Any]]:
    """Who is at work on a post the caller found in scope: placement id, first day, worker, referral; at most 500, in order of start."""
    return (
        await Placement.select(
            Placement.id,
            Placement.started_on,
            Placement.seeker.name.as_alias("worker"),
            Placement.referral.number.as_alias("referral"),
            Placement.referral.job_version.as_alias("job_version"),
        )
        .where(Placement.job == job_id, Placement.ended_on.is_null())
        .order_by(Placement.started_on)
        .order_by(Placement.id)
        .limit(500)
    )


async def years_of_stations(scope: Scope, year: int, whole_year: int) -> list[StationYear]:
    """Each reachable station's placements of `year` beside its share of the `whole_year` target, most first.

    At most the first fifty stations by code.
    """
    first, end = date(year, 1, 1), date(year + 1, 1, 1)
    counted = (
        await Placement.select(Placement.station, Placement.started_on, Count(alias="count"))
        .where(within(scope, Placement.station), Placement.started_on >= first, Placement.started_on < end)
        .group_by(Placement.station, Placement.started_on)
    )
    persons = (
        await Placement.select(Placement.station, Count(distinct=[Placement.seeker], alias="persons"))
        .where(within(scope, Placement.station), Placement.started_on >= first, Placement.started_on < end)
        .group_by(Placement.station)
    )
    stations = (await stations_in(scope)).rows
    found = [_year_of(station, counted, persons, year, whole_year) for station in stations]
    return sorted(found, key=lambda one: (-one.count, one.station))


def _year_of(
    station: dict[str, Any], counted: list[dict[str, Any]], persons: list[dict[str, Any]], year: int, whole_year: int
) -> StationYear:
    months = [0] * 12
    for row in counted:
        if row["station"] == station["id"]:
            months[row["started_on"].month - 1] += row["count"]
    return StationYear(
        station=station["name"],
        count=sum(months),
        persons=next((row["persons"] for row in persons if row["station"] == station["id"]), 0),
        target=annual_target(whole_year, station["opened_on"], year),
        months=tuple(months),
    )


def _month(day: date) -> tuple[date, date]:
    first = day.replace(day=1)
    return first, (first.replace(year=first.year + 1, month=1) if first.month == 12 else first.replace(month=first.month + 1))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
