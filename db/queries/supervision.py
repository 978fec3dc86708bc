"""Questions of those who look after several stations (监督): figures per station, and the rows behind them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from piccolo.columns.combination import And, Or
from piccolo.query.functions.aggregate import Count

from db.paging import DESK_ROWS, Page, page_of, place
from db.queries.scope import within
from db.tables.accounts import Account
from db.tables.agreements import Agreement
from db.tables.jobs import Job
from db.tables.referrals import Placement, Referral
from rules.codes import NOT_IN_FORCE
from rules.permissions import PUBLIC_ROLES, Scope

_PUBLIC = [role.value for role in sorted(PUBLIC_ROLES)]

_NOT_IN_FORCE = [state.value for state in NOT_IN_FORCE]


def _open(today: date) -> Any:
    """The posts that stand on the board that day."""
    in_time = And(Job.valid_to >= today, Or(Job.end_date.is_null(), Job.end_date >= today))
    return And(Job.listed.eq(True), in_time)


async def figures(station_ids: Sequence[int], *, today: date, year_began: datetime) -> dict[int, dict[str, int]]:
    """Open posts today, and referrals, agreements and placements of this year, per station; zeros where there is nothing."""
    first, last = date(today.year, 1, 1), date(today.year, 12, 31)
    found: dict[int, dict[str, int]] = {
        station: {"open_posts": 0, "referrals": 0, "agreements": 0, "placements": 0} for station in station_ids
    }
    if not found:
        return found
    of = list(found)
    counted = {
        "open_posts": await Job.select(Job.station, Count(alias="n")).where(Job.station.is_in(of), _open(today)).group_by(Job.station),
        "referrals": await Referral.select(Referral.station, Count(alias="n"))
        .where(Referral.station.is_in(of), Referral.created_at >= year_began)
        .group_by(Referral.station),
        "agreements": await Agreement.select(Agreement.station, Count(alias="n"))
        .where(Agreement.station.is_in(of), Agreement.created_at >= year_began, Agreement.state.not_in(_NOT_IN_FORCE))
        .group_by(Agreement.station),
        "placements": await Placement.select(Placement.station, Count(alias="n"))
        .where(Placement.station.is_in(of), Placement.started_on >= first, Placement.started_on <= last)
        .group_by(Placement.station),
    }
    for name, rows in counted.items():
        for row in rows:
            found[row["station"]][name] = row["n"]
    return found


async def accounts_per_station(station_ids: Sequence[int]) -> dict[int, int]:
    """How many accounts in use each station has."""
    if not station_ids:
        return {}
    rows = (
        await Account.select(Account.station, Count(alias="n"))
        .where(Account.station.is_in(list(station_ids)), Account.active.eq(True), Account.role.not_in(_PUBLIC))
        .group_by(Account.station)
    )
    return {row["station"]: row["n"] for row in rows}


async def posts_of_station(scope: Scope, station_id: int, today: date, after: str = "") -> Page:
    """The open posts of a station, newest first: number, title, state, places, start, valid until."""
    query = (
        Job.select(Job.id, Job.number, Job.title, Job.state, Job.headcount, Job.placed_count, Job.start_date, Job.valid_to)
        .where(within(scope, Job.station), Job.station == station_id, _open(today))
        .order_by(Job.id, ascending=False)
        .limit(DESK_ROWS + 1)
    )
    if start := place(after, (int,)):
        query = query.where(Job.id < start[0])
    return page_of(await query, DESK_ROWS, "id")


async def placements_of_station(scope: Scope, station_id: int, year: int, after: str = "") -> Page:
    """The placements of a station in a year, newest first. `seeker_name` is as kept: mask it before showing it."""
    query = (
        Placement.select(
            Placement.id,
            Placement.started_on,
            Placement.evidence,
            Placement.job.number.as_alias("job_number"),
            Placement.job.title.as_alias("title"),
            Placement.seeker.name.as_alias("seeker_name"),
            Placement.referral.number.as_alias("referral_number"),
        )
        .where(
            within(scope, Placement.station),
            Placement.station == station_id,
            Placement.started_on >= date(year, 1, 1),
            Placement.started_on <= date(year, 12, 31),
        )
        .order_by(Placement.id, ascending=False)
        .limit(DESK_ROWS + 1)
    )
    if start := place(after, (int,)):
        query = query.where(Placement.id < start[0])
    return page_of(await query, DESK_ROWS, "id")


async def referrals_of_station(scope: Scope, station_id: int, year_began: datetime, after: str = "") -> Page:
    """The referrals of a station since that moment, newest first: number, post, state, when. Nobody's name."""
    query = (
        Referral.select(
            Referral.id,
            Referral.number,
            Referral.state,
            Referral.created_at,
            Referral.job.number.as_alias("job_number"),
            Referral.job.title.as_alias("title"),
        )
        .where(within(scope, Referral.station), Referral.station == station_id, Referral.created_at >= year_began)
        .order_by(Referral.id, ascending=False)
        .limit(DESK_ROWS + 1)
    )
    if start := place(after, (int,)):
        query = query.where(Referral.id < start[0])
    return page_of(await query, DESK_ROWS, "id")


async def agreements_of_station(scope: Scope, station_id: int, year_began: datetime, after: str = "") -> Page:
    """The agreements of a station since that moment that were not voided, cancelled or replaced, newest first. Nobody's name."""
    query = (
        Agreement.select(
            Agreement.id,
            Agreement.number,
            Agreement.state,
            Agreement.created_at,
            Agreement.referral.job.number.as_alias("job_number"),
            Agreement.referral.job.title.as_alias("title"),
        )
        .where(
            within(scope, Agreement.station),
            Agreement.station == station_id,
            Agreement.created_at >= year_began,
            Agreement.state.not_in(_NOT_IN_FORCE),
        )
        .order_by(Agreement.id, ascending=False)
        .limit(DESK_ROWS + 1)
    )
    if start := place(after, (int,)):
        query = query.where(Agreement.id < start[0])
    return page_of(await query, DESK_ROWS, "id")


async def accounts_in(scope: Scope, after: str = "", station_id: int | None = None) -> Page:
    """The accounts in the asker's reach by sign-in name, those switched off too; never a password hash."""
    query = (
        Account.select(
            Account.id,
            Account.login,
            Account.name,
            Account.work_no,
            Account.role,
            Account.station.name.as_alias("station_name"),
            Account.operator,
            Account.subdistrict,
            Account.active,
            Account.created_at,
        )
        .where(within(scope, Account.station), Account.role.not_in(_PUBLIC))
        .order_by(Account.login)
        .limit(DESK_ROWS + 1)
    )
    if station_id is not None:
        query = query.where(Account.station == station_id)
    if start := place(after, (str,)):
        query = query.where(Account.login > start[0])
    return page_of(await query, DESK_ROWS, "login")
