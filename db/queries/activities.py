"""Questions about work besides referrals (活动记录). Notes come back sealed; only `opened_note` opens one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from db.paging import DESK_ROWS, Page, page_of, place
from db.queries.scope import within
from db.tables.activities import Activity
from db.tables.employers import Employer
from db.tables.jobs import Job
from db.tables.seekers import Seeker
from db.vault import vault
from rules.codes import ActivityKind
from rules.numbers import NumberKind, kind_of, normal
from rules.permissions import Scope

_ROW = (
    Activity.id,
    Activity.number,
    Activity.station,
    Activity.station.name.as_alias("station_name"),
    Activity.kind,
    Activity.held_on,
    Activity.topic,
    Activity.title,
    Activity.people,
    Activity.offered,
    Activity.wanted,
    Activity.matched,
    Activity.level,
    Activity.outcome,
    Activity.place,
    Activity.late_reason,
    Activity.employer,
    Activity.employer.name.as_alias("employer_name"),
    Activity.employer.kind.as_alias("employer_kind"),
    Activity.seeker.number.as_alias("seeker_number"),
    Activity.recorded_by.name.as_alias("recorded_by_name"),
    Activity.recorded_at,
)


@dataclass(frozen=True, slots=True)
class ActivityFilter:
    """What the list is narrowed to: a kind, and a month as 2026-11; "" leaves a side open."""

    kind: str = ""
    month: str = ""

    @classmethod
    def of(cls, kind: str = "", month: str = "") -> ActivityFilter:
        """The filter as typed; what is no kind or no month is dropped."""
        known = kind if kind in ActivityKind._value2member_map_ else ""
        return cls(known, month if re.fullmatch(r"20[0-9]{2}-(?:0[1-9]|1[0-2])", month) else "")


def _chosen(scope: Scope, chosen: ActivityFilter) -> list[Any]:
    conditions = [within(scope, Activity.station)]
    if chosen.kind:
        conditions.append(Activity.kind == chosen.kind)
    if chosen.month:
        year, month = int(chosen.month[:4]), int(chosen.month[5:])
        conditions += [Activity.held_on >= date(year, month, 1), Activity.held_on < date(year + month // 12, month % 12 + 1, 1)]
    return conditions


async def activities_of(scope: Scope, chosen: ActivityFilter, after: str = "") -> Page:
    """The work registered by stations in reach, last registered first, 50 to a page; no notes."""
    query = Activity.select(*_ROW).where(*_chosen(scope, chosen))
    if start := place(after, (int,)):
        query = query.where(Activity.id < start[0])
    return page_of(await query.order_by(Activity.id, ascending=False).limit(DESK_ROWS + 1), DESK_ROWS, "id")


async def activity_in(scope: Scope, number: str) -> dict[str, Any] | None:
    """One work by its number; None out of reach. No note."""
    return await Activity.select(*_ROW).where(within(scope, Activity.station), Activity.number == number).first()


async def opened_note(activity_id: int) -> str:
    """The plain note of one work, "" when there is none."""
    row = await Activity.select(Activity.note).where(Activity.id == activity_id).first()
    return vault().open("activity.note", activity_id, row["note"]) if row and row["note"] else ""


async def seeker_meant(scope: Scope, typed: str) -> int | None:
    """The seeker in reach with this number; None for everything else."""
    row = await Seeker.select(Seeker.id).where(within(scope, Seeker.station), Seeker.number == normal(typed)).first()
    return row["id"] if row else None


async def employer_meant(scope: Scope, typed: str) -> int | None:
    """The employer in reach behind the number of a post, or with exactly this name; None when there is none or several."""
    if kind_of(number := normal(typed)) is NumberKind.JOB:
        row = await Job.select(Job.employer).where(within(scope, Job.station), Job.number == number).first()
        return row["employer"] if row else None
    named = Employer.select(Employer.id).where(within(scope, Employer.station), Employer.name == typed, Employer.merged_into.is_null())
    rows = await named.limit(2)
    return rows[0]["id"] if len(rows) == 1 else None
