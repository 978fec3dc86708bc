"""Questions about the published calling rules (叫号规则) and the draws (抽签) of a station."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from piccolo.columns.combination import And, Or, WhereRaw
from piccolo.query.functions.aggregate import Max

from db.paging import DESK_ROWS, Page, page_of, place
from db.queries.places import held_places
from db.queries.scope import within
from db.tables.attendance import Call, CallingRule, Draw, SignIn
from db.tables.jobs import Job
from rules.calling_order import Waiting, drawn, order_of
from rules.codes import CallingMethod, JobState, OrderState, StationState
from rules.permissions import Scope

_RULE = (
    CallingRule.id,
    CallingRule.version,
    CallingRule.method,
    CallingRule.draw_at,
    CallingRule.reason,
    CallingRule.effective_from,
    CallingRule.decided_at,
    CallingRule.decided_by.name.as_alias("decided_by_name"),
)
_DRAW = (
    Draw.id,
    Draw.day,
    Draw.seed,
    Draw.published_at,
    Draw.published_by.name.as_alias("published_by_name"),
    Draw.tickets,
    Draw.held_at,
    Draw.held_by.name.as_alias("held_by_name"),
)
UNWRITTEN: dict[str, Any] = {
    "id": None,
    "version": 0,
    "method": CallingMethod.ARRIVAL,
    "draw_at": None,
    "reason": "",
    "effective_from": None,
    "decided_at": None,
    "decided_by_name": "",
}
"""A station that has published no rule calls by arrival, as version 0."""


async def rule_in_force(station_id: int, day: date) -> dict[str, Any]:
    """The rule a station calls by on a day: `method` (CallingMethod), `version`, `draw_at` (time or None), `reason`, …

    The newest version whose first day has come; UNWRITTEN (by arrival, version 0) when there is none.
    """
    row = (
        await CallingRule.select(*_RULE)
        .where(CallingRule.station == station_id, CallingRule.effective_from <= day)
        .order_by(CallingRule.version, ascending=False)
        .first()
    )
    return _read(row) if row else dict(UNWRITTEN)


async def latest_rule(station_id: int) -> dict[str, Any]:
    """The newest version of a station, whether its first day has come or not; UNWRITTEN when there is none."""
    row = await CallingRule.select(*_RULE).where(CallingRule.station == station_id).order_by(CallingRule.version, ascending=False).first()
    return _read(row) if row else dict(UNWRITTEN)


async def rule_with_version(station_id: int, version: int) -> dict[str, Any] | None:
    """One version of a station's rule."""
    row = await CallingRule.select(*_RULE).where(CallingRule.station == station_id, CallingRule.version == version).first()
    return _read(row) if row else None


async def rules_of(station_id: int, after: str = "") -> Page:
    """Every version of a station's rule, newest first."""
    query = CallingRule.select(*_RULE).where(CallingRule.station == station_id).order_by(CallingRule.version, ascending=False)
    if start := place(after, (int,)):
        query = query.where(CallingRule.version < start[0])
    return page_of([_read(row) for row in await query.limit(DESK_ROWS + 1)], DESK_ROWS, "version")


def _read(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "method": CallingMethod(row["method"])}


async def todays_draw(station_id: int, day: date) -> dict[str, Any] | None:
    """The draw of a station and day: `seed`, `published_at`, `tickets` (0 until held), `held_at`; None without a seed."""
    return await Draw.select(*_DRAW).where(Draw.station == station_id, Draw.day == day).first()


async def draws_of(scope: Scope, first: date | None = None, end: date | None = None, after: str = "") -> Page:
    """The draws in the asker's reach, newest day first; those from `first` to before `end` when given."""
    query = Draw.select(*_DRAW).where(within(scope, Draw.station)).order_by(Draw.day, ascending=False).order_by(Draw.id, ascending=False)
    if first and end:
        query = query.where(Draw.day >= first, Draw.day < end)
    if start := place(after, (str, int)):
        try:
            day = date.fromisoformat(start[0])
        except ValueError:  # a mark somebody typed
            return Page([])
        query = query.where(Or(Draw.day < day, And(Draw.day == day, Draw.id < start[1])))
    return page_of(await query.limit(DESK_ROWS + 1), DESK_ROWS, "day", "id")


async def last_seeded_day(station_id: int, first: date) -> date | None:
    """The last day from `first` on whose seed is published already; None when there is none."""
    row = await Draw.select(Draw.day).where(Draw.station == station_id, Draw.day >= first).order_by(Draw.day, ascending=False).first()
    return row["day"] if row else None


_WITHOUT_SEED = """SELECT r.station AS id FROM calling_rule AS r JOIN station AS s ON s.id = r.station
  WHERE s.state = {} AND r.method = {} AND r.version = (SELECT max(o.version) FROM calling_rule AS o
    WHERE o.station = r.station AND o.effective_from <= {})
  AND NOT EXISTS (SELECT 1 FROM draw AS d WHERE d.station = r.station AND d.day = {})
  AND NOT EXISTS (SELECT 1 FROM sign_in AS i WHERE i.station = r.station AND i.day = {})
  ORDER BY r.station LIMIT 500"""


async def stations_without_seed(day: date) -> list[int]:
    """The ids of the operating stations that draw on a day, have no seed for it yet, and where nobody has signed in."""
    rows = await CallingRule.raw(_WITHOUT_SEED, StationState.OPERATING.value, CallingMethod.DRAW.value, day, day, day)
    return [row["id"] for row in rows]


async def anybody_signed_in(station_id: int, day: date) -> bool:
    """Whether somebody has signed in at a station on a day."""
    return await SignIn.exists().where(SignIn.station == station_id, SignIn.day == day)


async def tickets_by(station_id: int, day: date, moment: datetime) -> int:
    """How many tickets had been given out at a station by a moment: the number of the last one the server had by then."""
    rows = await SignIn.select(Max(SignIn.ticket)).where(SignIn.station == station_id, SignIn.day == day, SignIn.signed_at <= moment)
    return int(rows[0]["max"] or 0) if rows else 0


def result_of(station_code: str, draw: dict[str, Any] | None) -> list[Any]:
    """The published result of a draw that was held, first place first (rules.calling_order.DrawnTicket); else empty."""
    return drawn(station_code, draw["day"], draw["seed"], draw["tickets"]) if draw and draw["held_at"] else []


_CAME = (
    SignIn.id,
    SignIn.ticket,
    SignIn.arrived_at,
    SignIn.signed_at,
    SignIn.late,
    SignIn.waiting_since,
    SignIn.state,
    SignIn.state_at,
    SignIn.returned_at,
    SignIn.seeker.number.as_alias("seeker_number"),
)


async def morning(station: dict[str, Any], day: date) -> list[dict[str, Any]]:
    """Everybody who signed in at a station (a row with `id` and `code`) on a day, in the order derived from rule and draw."""
    rule = await rule_in_force(station["id"], day)
    draw = await todays_draw(station["id"], day)
    rows = await SignIn.select(*_CAME).where(SignIn.station == station["id"], SignIn.day == day)
    by_id = {row["id"]: row for row in rows}
    ordered = order_of(
        rule["method"],
        [Waiting(row["ticket"], row["arrived_at"], row["waiting_since"], row["id"]) for row in rows],
        station_code=station["code"],
        day=day,
        seed=draw["seed"] if draw else "",
        tickets=draw["tickets"] if draw else 0,  # 0 until it is held
    )
    return [by_id[one.sign_in_id] for one in ordered]


async def calls_of_day(station_id: int, day: date) -> list[dict[str, Any]]:
    """Calls and skips of a day in the order they were made, by ticket."""
    return (
        await Call.select(
            Call.id,
            Call.made_at,
            Call.sign_in.ticket.as_alias("ticket"),
            Call.kind,
            Call.reason,
            Call.named,
            Call.answer,
            Call.answered_at,
            Call.before,
            Call.job.number.as_alias("job"),
        )
        .where(Call.station == station_id, Call.day == day)
        .order_by(Call.id)
    )


async def demands_of_day(station_id: int, day: date) -> list[dict[str, Any]]:
    """The published demands a station fills on a day: its own and those it has taken from others; places wanted, `promised` and begun."""
    taken = WhereRaw(
        "EXISTS (SELECT 1 FROM order_take AS t WHERE t.job = job.id AND t.station = {} AND t.state = {})",
        station_id,
        OrderState.TAKEN.value,
    )
    rows = (
        await Job.select(Job.id, Job.number, Job.title, Job.employer_label, Job.headcount, Job.placed_count, Job.start_time)
        .where(
            Or(Job.station == station_id, taken),
            Job.state.is_in([JobState.PUBLISHED.value, JobState.FILLED.value]),
            Or(Job.start_date.is_null(), Job.start_date <= day),
            Or(Job.end_date.is_null(), Job.end_date >= day),
            Or(Job.valid_to.is_null(), Job.valid_to >= day),
        )
        .order_by(Job.number)
        .limit(500)
    )
    promised = await held_places([row["id"] for row in rows])
    return [{**row, "promised": max(promised.get(row["id"], 0), row["placed_count"])} for row in rows]
