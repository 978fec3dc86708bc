"""Questions about person groups (帮扶类别, domain reference 7.11): one person's groups, and figures without persons.

Whose groups they are is for the person's own station alone; everybody else gets the figures of `…_by_group`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from db.clock import CHINA
from db.queries.scope import within
from db.tables.seekers import Seeker, SeekerGroup
from piccolo_conf import DB
from rules.codes import PersonGroup, ReferralState
from rules.permissions import Scope
from rules.person_groups import AGE_FROM, GUARDED, GroupEnd

_COLUMNS = (
    SeekerGroup.id,
    SeekerGroup.seeker,
    SeekerGroup.kind,
    SeekerGroup.proof,
    SeekerGroup.added_at,
    SeekerGroup.added_by.name.as_alias("added_by"),
    SeekerGroup.ended_at,
    SeekerGroup.ended_by.name.as_alias("ended_by"),
    SeekerGroup.ended_reason,
    SeekerGroup.consent,
    SeekerGroup.consent.wording.as_alias("wording"),
    SeekerGroup.consent.method.as_alias("method"),
)


async def groups_of(scope: Scope, seeker_id: int, *, guarded: bool) -> list[dict[str, Any]]:
    """A seeker's groups in the asker's reach with proof and consent: those that count first, then ended ones, newest first.

    `guarded`: whether the asker may see what only the manager sees.
    """
    station: Any = SeekerGroup.seeker.station
    query = SeekerGroup.select(*_COLUMNS).where(within(scope, station), SeekerGroup.seeker == seeker_id)
    if not guarded:
        query = query.where(SeekerGroup.kind.not_in([group.value for group in GUARDED]))
    return _in_order(await query.order_by(SeekerGroup.id, ascending=False))


async def own_groups(seeker_id: int) -> list[dict[str, Any]]:
    """Everything kept of a person's groups, for the person: as `groups_of`, nothing left out."""
    return _in_order(await SeekerGroup.select(*_COLUMNS).where(SeekerGroup.seeker == seeker_id).order_by(SeekerGroup.id, ascending=False))


def _in_order(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    shown = [{**row, "label": PersonGroup.label_of(row["kind"]), "live": row["ended_at"] is None} for row in rows]
    return sorted(shown, key=lambda row: not row["live"])


async def held_groups(seeker_id: int) -> set[PersonGroup]:
    """The told groups a seeker is in now, guarded ones among them: for rules, never for a page."""
    rows = await SeekerGroup.select(SeekerGroup.kind).where(SeekerGroup.seeker == seeker_id, SeekerGroup.ended_at.is_null())
    return {PersonGroup(row["kind"]) for row in rows}


async def group_with_id(group_id: int) -> dict[str, Any] | None:
    """One row with its seeker's station and number, for the action that ends it."""
    return (
        await SeekerGroup.select(
            *_COLUMNS, SeekerGroup.seeker.station.as_alias("station"), SeekerGroup.seeker.number.as_alias("seeker_number")
        )
        .where(SeekerGroup.id == group_id)
        .first()
    )


async def registered_by_group(stations: Sequence[int], first: date, last: date) -> dict[PersonGroup, int]:
    """How many people registered at these stations from `first` to `last` belong to each group: 人."""
    return await _counted(_REGISTERED, stations, _moments(first, last), first, last)


async def referred_by_group(stations: Sequence[int], first: date, last: date) -> dict[PersonGroup, int]:
    """推荐人次 of each group in that time, credited as the yearly figures are: to the station whose staff referred."""
    return await _counted(_REFERRED, stations, _moments(first, last), first, last)


async def placed_by_group(stations: Sequence[int], first: date, last: date) -> dict[PersonGroup, int]:
    """推荐成功就业人次 of each group that started in that time at these stations' referrals."""
    return await _counted(_PLACED, stations, (first, last + timedelta(days=1)), first, last)


async def trained_by_group(stations: Sequence[int], first: date, last: date) -> dict[PersonGroup, int]:
    """培训人次 of each group in that time, as far as a training is registered for one named seeker."""
    return await _counted(_TRAINED, stations, (first, last + timedelta(days=1)), first, last)


def _moments(first: date, last: date) -> tuple[datetime, datetime]:
    return datetime.combine(first, time(), CHINA), datetime.combine(last + timedelta(days=1), time(), CHINA)


# Days as whole numbers, 20261123, on both engines: the difference of two of them is 10000 for each full year.
_DAY = {"sqlite": "CAST(replace({}, '-', '') AS INTEGER)", "postgres": "CAST(to_char({}, 'YYYYMMDD') AS INTEGER)"}
_DAY_OF_MOMENT = {
    "sqlite": "CAST(strftime('%Y%m%d', {}, '+8 hours') AS INTEGER)",
    "postgres": "CAST(to_char({} AT TIME ZONE 'Asia/Shanghai', 'YYYYMMDD') AS INTEGER)",
}

# What happened, as (from, seeker, when it happened, whether that is a moment, which rows).
_Event = tuple[str, str, str, bool, str]
_CREDITED = "COALESCE(e.referred_by, e.station) IN ({stations})"  # as the index says it
_REGISTERED: _Event = ("seeker e", "e.id", "e.created_at", True, "e.station IN ({stations})")
_REFERRED: _Event = ("referral e", "e.seeker", "e.created_at", True, f"{_CREDITED} AND e.state <> '{ReferralState.APPLIED.value}'")
_PLACED: _Event = ("placement e", "e.seeker", "e.started_on", False, "e.station IN ({stations})")
_TRAINED: _Event = ("activity e", "e.seeker", "e.held_on", False, "e.station IN ({stations}) AND e.kind = 'TRAINING'")

# Somebody is in a group on the day of the event unless it had ended before; told by the end of the period is soon enough,
# because the card is often shown after the registration. What was entered by mistake never counted.
_TOLD = """SELECT g.kind AS kind, COUNT(DISTINCT e.id) AS n FROM {table} JOIN seeker_group g ON g.seeker = {seeker}
WHERE {rows} AND {when} >= {{}} AND {when} < {{}} AND g.added_at < {{}}
AND (g.ended_at IS NULL OR {ended} >= {day}) AND g.ended_reason <> {{}} GROUP BY g.kind"""
_AGED = """SELECT COUNT(*) AS n FROM {table} JOIN seeker s ON s.id = {seeker}
WHERE {rows} AND {when} >= {{}} AND {when} < {{}} AND ({aged})"""


async def _counted(event: _Event, stations: Sequence[int], period: tuple[Any, Any], first: date, last: date) -> dict[PersonGroup, int]:
    found = dict.fromkeys(PersonGroup, 0)
    if not stations or last < first:
        return found
    table, seeker, when, moment, rows = event
    engine = DB.engine_type
    day = (_DAY_OF_MOMENT if moment else _DAY)[engine].format(when)
    born, ended = _DAY[engine].format("s.birth_date"), _DAY_OF_MOMENT[engine].format("g.ended_at")
    aged = " OR ".join(f"s.gender = '{gender}' AND {day} - {born} >= {years * 10000}" for gender, years in AGE_FROM.items())
    parts = {"table": table, "seeker": seeker, "when": when, "day": day, "ended": ended, "aged": aged}
    parts["rows"] = rows.format(stations=", ".join("{}" for _ in stations))
    told, of_age = _TOLD.format(**parts), _AGED.format(**parts)
    for row in await SeekerGroup.raw(told, *stations, *period, _moments(first, last)[1], GroupEnd.MISTAKE.label):
        found[PersonGroup(row["kind"])] = int(row["n"])
    found[PersonGroup.AGE_4050] = int((await Seeker.raw(of_age, *stations, *period))[0]["n"])
    return found
