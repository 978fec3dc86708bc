"""Questions about orders (接单): which published demands wait for somebody, how far they ring, who takes care of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from piccolo.columns.combination import And, Or, WhereRaw
from piccolo.query.functions.aggregate import Count
from piccolo.querystring import QueryString

from db.clock import now, today
from db.paging import DESK_ROWS, Page, page_of, place
from db.queries.places import held_sql
from db.queries.scope import within
from db.tables.accounts import Account
from db.tables.jobs import Job
from db.tables.orders import Neighbour, OrderTake
from db.tables.stations import Station
from rules.codes import TRADES, JobState, OrderRing, OrderState, StationState
from rules.numbers import NumberKind, kind_of, normal
from rules.orders import DISTRICT_AFTER, HANDLED_WITHIN, NEIGHBOURS_AFTER, RUNNING, order_in_effect, ring_for, ring_of
from rules.permissions import Reach, Role, Scope
from rules.publication import shown_state

MOST_COUNTED = 1000
"""The tile of the desk stops counting here."""

# The texts of this module hold codes and names only; values go in as parameters.
_HELD = held_sql("job")
_HELD_COLUMN = f"{_HELD} AS held"
_FREE = f'"job"."placed_count" < "job"."headcount" AND {_HELD} < "job"."headcount"'
_START = """COALESCE("job"."start_date", '9999-12-31')"""
_START_COLUMN = f"{_START} AS starts"
_AHEAD = 'COALESCE("job"."end_date", "job"."start_date", {}) >= {}'
# 0 for the asker's own station, 1 for those whose demands come here before the whole district, 2 for the rest.
_RANK = """(CASE WHEN "job"."station" = {} THEN 0 WHEN EXISTS (
  SELECT 1 FROM "station" AS "giver", "station" AS "mine" WHERE "giver"."id" = "job"."station" AND "mine"."id" = {} AND (
    EXISTS (SELECT 1 FROM "neighbour" AS "n"
      WHERE "n"."station" = "giver"."id" AND "n"."neighbour" = "mine"."id" AND "n"."ended_at" IS NULL)
    OR ("giver"."subdistrict" = "mine"."subdistrict" AND NOT EXISTS (
      SELECT 1 FROM "neighbour" AS "n" WHERE "n"."station" = "giver"."id" AND "n"."ended_at" IS NULL)))) THEN 1 ELSE 2 END)"""
_RANK_COLUMN = f"{_RANK} AS ring_rank"
_RANK_IS = f"{_RANK} = {{}}"
_AFTER = f"""({_RANK} > {{}} OR ({_RANK} = {{}} AND ({_START} > {{}} OR ({_START} = {{}} AND "job"."id" > {{}}))))"""
# Done with a reason although places are left: it rests until the post is published anew.
_UNTAKEN = """NOT EXISTS (SELECT 1 FROM "order_take" AS "t" WHERE "t"."job" = "job"."id" AND (
  ("t"."state" = 'TAKEN' AND "t"."deadline" > {})
  OR ("t"."state" = 'HANDLED' AND "t"."ended_reason" <> '' AND "t"."ended_at" >= "job"."published_at")))"""
_TAKEN_AT = 'EXISTS (SELECT 1 FROM "order_take" AS "t" WHERE "t"."job" = "job"."id" AND "t"."station" = {})'
_LATEST = '"t"."id" = (SELECT max("u"."id") FROM "order_take" AS "u" WHERE "u"."job" = "job"."id")'
_RUNNING_CODES = ", ".join(f"'{state.value}'" for state in sorted(RUNNING))
_RUNS = f'("job"."state" IN ({_RUNNING_CODES}) AND ("job"."valid_to" IS NULL OR "job"."valid_to" >= {{}}))'
# The latest take of a post in a state as it counts now (`rules.orders.order_in_effect`): deadline and end of the post included.
_IN_STATE = {
    **dict.fromkeys(OrderState, '"t"."state" = {}'),
    OrderState.TAKEN: f"""("t"."state" = 'TAKEN' AND "t"."deadline" > {{}} AND {_RUNS})""",
    OrderState.RETURNED: f"""("t"."state" = 'RETURNED' OR ("t"."state" = 'TAKEN' AND "t"."deadline" <= {{}} AND {_RUNS}))""",
    OrderState.CLOSED: f"""("t"."state" = 'CLOSED' OR ("t"."state" = 'TAKEN' AND NOT {_RUNS}))""",
}
_LATEST_TAKE = {state: f'EXISTS (SELECT 1 FROM "order_take" AS "t" WHERE {_LATEST} AND {said})' for state, said in _IN_STATE.items()}
_LATEST_HERE = {
    state: f"""EXISTS (SELECT 1 FROM "order_take" AS "t" WHERE {_LATEST} AND {said} AND ("t"."station" = {{}} OR "job"."station" = {{}}))"""
    for state, said in _IN_STATE.items()
}
_COLUMNS = (
    Job.id,
    Job.number,
    Job.state,
    Job.title,
    Job.trade,
    Job.subdistrict,
    Job.landmark,
    Job.headcount,
    Job.placed_count,
    Job.start_date,
    Job.end_date,
    Job.start_time,
    Job.end_time,
    Job.pay_fen,
    Job.pay_unit,
    Job.settle_cycle,
    Job.valid_to,
    Job.listed,
    Job.version,
    Job.published_version,
    Job.published_at,
    Job.created_at,
    Job.employer_label,
    Job.employer.name.as_alias("employer_name"),
    Job.station,
    Job.station.code.as_alias("station_code"),
    Job.station.name.as_alias("station_name"),
    Job.station.phone.as_alias("station_phone"),
    Job.station.state.as_alias("station_state"),
)
_TAKE = (
    OrderTake.id,
    OrderTake.job,
    OrderTake.station,
    OrderTake.station.name.as_alias("station_name"),
    OrderTake.round,
    OrderTake.ring,
    OrderTake.state,
    OrderTake.taken_by,
    OrderTake.taken_by.name.as_alias("taken_by_name"),
    OrderTake.taken_by.work_no.as_alias("work_no"),
    OrderTake.taken_at,
    OrderTake.deadline,
    OrderTake.ended_at,
    OrderTake.ended_by.name.as_alias("ended_by_name"),
    OrderTake.ended_reason,
)

_RINGING = """SELECT station.id FROM station, station AS mine WHERE mine.id = {} AND station.id <> mine.id AND (
  EXISTS (SELECT 1 FROM neighbour AS n WHERE n.station = station.id AND n.neighbour = mine.id AND n.ended_at IS NULL)
  OR (station.subdistrict = mine.subdistrict
      AND NOT EXISTS (SELECT 1 FROM neighbour AS n WHERE n.station = station.id AND n.ended_at IS NULL)))"""


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """What the list of orders is narrowed to; "" leaves a side open. Without a state: what waits for somebody."""

    state: OrderState = OrderState.OPEN
    ring: str = ""
    trade: str = ""

    @classmethod
    def of(cls, state: str = "", ring: str = "", trade: str = "") -> OrderFilter:
        """The filter as typed; values that are in no table are dropped."""
        known = state in OrderState._value2member_map_
        rings = OrderRing._value2member_map_
        return cls(OrderState(state) if known else OrderState.OPEN, ring if ring in rings else "", trade if trade in TRADES else "")


async def neighbours_of(station_id: int) -> list[dict[str, Any]]:
    """The stations a station's demands come to before the whole district: id, code, name.

    Those the district chose; without a choice the other stations of its subdistrict (art. 10 余缺调剂).
    """
    chosen = (
        await Neighbour.select(
            Neighbour.neighbour.id.as_alias("id"), Neighbour.neighbour.code.as_alias("code"), Neighbour.neighbour.name.as_alias("name")
        )
        .where(Neighbour.station == station_id, Neighbour.ended_at.is_null())
        .order_by(Neighbour.neighbour.code)
    )
    if chosen:
        return chosen
    subdistrict = Station.select(Station.subdistrict).where(Station.id == station_id)
    near = Station.select(Station.id, Station.code, Station.name).where(Station.subdistrict.is_in(subdistrict), Station.id != station_id)
    return await near.order_by(Station.code)


async def neighbourhoods() -> list[dict[str, Any]]:
    """Every station by code with `neighbours` (names), and `chosen`: whether the district set them. For the district's page."""
    stations = await Station.select(Station.id, Station.code, Station.name, Station.subdistrict).order_by(Station.code)
    pairs = await Neighbour.select(Neighbour.station, Neighbour.neighbour).where(Neighbour.ended_at.is_null())
    chosen: dict[int, set[int]] = {}
    for pair in pairs:
        chosen.setdefault(pair["station"], set()).add(pair["neighbour"])
    for row in stations:
        row["chosen"] = row["id"] in chosen
        row["neighbours"] = [
            other
            for other in stations
            if other["id"] != row["id"]
            and (other["id"] in chosen[row["id"]] if row["chosen"] else other["subdistrict"] == row["subdistrict"])
        ]
    return stations


async def ringing_at(station_id: int) -> list[int]:
    """The stations whose unfilled demands come to this one before the whole district."""
    return [row["id"] for row in await Station.raw(_RINGING, station_id)]


async def orders_of(scope: Scope, wanted: OrderFilter, after: str = "", size: int = DESK_ROWS) -> Page:
    """Orders as they reach the asker: one's own station's, then the neighbours', then the district's; the soonest start first.

    Waiting ones by ring; otherwise the asker's own posts and takes. Rows: the post, `ring`, `places_left`, `take` (the latest
    one or None, with `state_now`). The employer's public name where the post is another station's.
    """
    moment, me = now(), scope.station_id or 0
    givers = await ringing_at(me) if scope.reach is Reach.STATION else []
    query = Job.select(*_COLUMNS, QueryString(_HELD_COLUMN), QueryString(_RANK_COLUMN, me, me), QueryString(_START_COLUMN))
    waits = wanted.state is OrderState.OPEN
    query = query.where(_waiting(scope, givers, moment) if waits else _taken(scope, wanted.state, moment))
    if wanted.ring:
        query = query.where(_in_ring(scope, OrderRing(wanted.ring), moment))
    if wanted.trade:
        query = query.where(Job.trade == wanted.trade)
    if (start := place(after, (int, str, int))) and (day := _day(start[1])):
        query = query.where(WhereRaw(_AFTER, me, me, start[0], me, me, start[0], day, day, start[2]))
    rows = await query.order_by(QueryString("ring_rank")).order_by(QueryString("starts")).order_by(Job.id).limit(size + 1)
    page = page_of(rows, size, "ring_rank", "starts", "id")
    takes = await _latest_takes([row["id"] for row in page.rows])
    return Page([_shown(scope, row, givers, takes.get(row["id"]), moment) for row in page.rows], page.next)


async def waiting_count(scope: Scope) -> int:
    """How many demands wait for this station to take them; stops at `MOST_COUNTED`."""
    givers = await ringing_at(scope.station_id or 0) if scope.reach is Reach.STATION else []
    return len(await Job.select(Job.id).where(_waiting(scope, givers, now())).limit(MOST_COUNTED))


async def order_in(scope: Scope, number: str) -> dict[str, Any] | None:
    """One demand as it reaches the asker: a post of one's own, one that rings here by now, or one the own station took.

    A row as of `orders_of`, with `takes` (every take, newest first) and `live` (the take in force, or None).
    """
    number = normal(number)
    if kind_of(number) is not NumberKind.JOB:
        return None
    moment, me = now(), scope.station_id or 0
    givers = await ringing_at(me) if scope.reach is Reach.STATION else []
    reach = within(scope, Job.station)
    if scope.reach is Reach.STATION:
        reach = Or(Or(reach, And(Job.listed.eq(True), _rings(scope, givers, moment))), WhereRaw(_TAKEN_AT, me))
    query = Job.select(*_COLUMNS, QueryString(_HELD_COLUMN))
    row = await query.where(Job.number == number, Job.published_version.is_not_null(), reach).first()
    if row is None:
        return None
    takes = await takes_of(row["id"])
    shown = _shown(scope, row, givers, takes[0] if takes else None, moment)
    shown["takes"] = [{**take, "state_now": _state_now(take, shown, moment)} for take in takes]
    shown["live"] = next((take for take in shown["takes"] if take["state_now"] is OrderState.TAKEN), None)
    return shown


async def takes_of(job_id: int) -> list[dict[str, Any]]:
    """Every take of a post, newest first; at most fifty. The caller has found the post in scope."""
    return await OrderTake.select(*_TAKE).where(OrderTake.job == job_id).order_by(OrderTake.id, ascending=False).limit(50)


async def taken_post(job_id: int) -> dict[str, Any] | None:
    """What actions ask about the post of an order: its number, state as of today, station, places nobody is promised."""
    row = await Job.select(*_COLUMNS, QueryString(_HELD_COLUMN)).where(Job.id == job_id).first()
    return _counted(row) if row else None


async def live_take(job_id: int) -> dict[str, Any] | None:
    """The take of a post that is stored as live; time may have ended it since (`rules.orders.order_in_effect`)."""
    return await OrderTake.select(*_TAKE).where(OrderTake.job == job_id, OrderTake.state == OrderState.TAKEN.value).first()


async def taker_of(job_id: int) -> dict[str, Any] | None:
    """Who takes care of a post: the take in force, else the latest one that was brought to its end; None when nobody does.

    `station`, `station_name`, `taken_by`, `taken_by_name`, `taken_at`, `deadline`, `state_now` (TAKEN or HANDLED).
    """
    states = [OrderState.TAKEN.value, OrderState.HANDLED.value]
    take = (
        await OrderTake.select(*_TAKE)
        .where(OrderTake.job == job_id, OrderTake.state.is_in(states))
        .order_by(OrderTake.id, ascending=False)
        .first()
    )
    if take is None:
        return None
    post = await taken_post(job_id)
    state = _state_now(take, post, now()) if post else OrderState.CLOSED
    return {**take, "state_now": state} if state in (OrderState.TAKEN, OrderState.HANDLED) else None


async def station_taking(job_id: int) -> int | None:
    """The station that takes care of a post, and so may speak with its employer (art. 10); None when nobody took it."""
    take = await taker_of(job_id)
    return take["station"] if take else None


async def overdue_takes() -> list[int]:
    """Posts with a live take that its deadline or the end of the post has ended; at most five hundred."""
    over = Or(OrderTake.deadline <= now(), Or(OrderTake.job.state.not_in(_running()), OrderTake.job.valid_to < today()))
    rows = await OrderTake.select(OrderTake.job).where(OrderTake.state == OrderState.TAKEN.value, over).limit(500)
    return [row["job"] for row in rows]


async def untaken_counts(moment: datetime) -> dict[int, int]:
    """Station → how many of its demands stand on the board for a whole deadline and nobody takes care of them."""
    waits = And(_waiting(Scope(Reach.DISTRICT), [], moment), Job.published_at <= moment - HANDLED_WITHIN)
    rows = await Job.select(Job.station, Count(alias="count")).where(waits).group_by(Job.station)
    return {row["station"]: row["count"] for row in rows}


async def colleagues_at(station_id: int, *, besides: int) -> list[dict[str, Any]]:
    """Who else at a station can take over an order: id, name, work number, by name."""
    return (
        await Account.select(Account.id, Account.name, Account.work_no)
        .where(
            Account.station == station_id,
            Account.active.eq(True),
            Account.role.is_in([Role.STAFF.value, Role.MANAGER.value]),
            Account.id != besides,
        )
        .order_by(Account.name, Account.id)
    )


def _running() -> list[str]:
    return sorted(state.value for state in RUNNING)


def _rings(scope: Scope, givers: list[int], moment: datetime) -> Any:
    """What rings at the asker by now: one's own at once, the neighbours' and the district's after their time."""
    if scope.reach is not Reach.STATION:
        return within(scope, Job.station)
    far = Or(within(scope, Job.station), Job.published_at <= moment - DISTRICT_AFTER)
    return Or(far, And(Job.station.is_in(givers), Job.published_at <= moment - NEIGHBOURS_AFTER)) if givers else far


def _in_ring(scope: Scope, ring: OrderRing, moment: datetime) -> Any:
    if scope.reach is not Reach.STATION:
        near, far = Job.published_at <= moment - NEIGHBOURS_AFTER, Job.published_at <= moment - DISTRICT_AFTER
        wide = And(near, Job.published_at > moment - DISTRICT_AFTER)
        return {OrderRing.OWN: Job.published_at > moment - NEIGHBOURS_AFTER, OrderRing.NEIGHBOURS: wide, OrderRing.DISTRICT: far}[ring]
    ranks = {OrderRing.OWN: 0, OrderRing.NEIGHBOURS: 1, OrderRing.DISTRICT: 2}
    return WhereRaw(_RANK_IS, scope.station_id or 0, scope.station_id or 0, ranks[ring])


def _waiting(scope: Scope, givers: list[int], moment: datetime) -> Any:
    """On the board, with places nobody is promised, at a working station, and nobody takes care of it."""
    ahead = WhereRaw(_AHEAD, today(), today())
    shown = And(And(Job.state == JobState.PUBLISHED.value, Job.listed.eq(True)), And(Job.valid_to >= today(), ahead))
    works = And(shown, Job.station.state == StationState.OPERATING.value)
    return And(And(works, _rings(scope, givers, moment)), And(WhereRaw(_FREE), WhereRaw(_UNTAKEN, moment)))


def _taken(scope: Scope, state: OrderState, moment: datetime) -> Any:
    """Posts in reach, and those the asker's station took, whose latest take is in this state as it counts now."""
    timed = {OrderState.TAKEN: (moment, today()), OrderState.RETURNED: (moment, today()), OrderState.CLOSED: (today(),)}
    values = timed.get(state, (state.value,))
    if scope.reach is not Reach.STATION:
        return And(within(scope, Job.station), WhereRaw(_LATEST_TAKE[state], *values))
    me = scope.station_id or 0
    return WhereRaw(_LATEST_HERE[state], *values, me, me)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _counted(row: dict[str, Any]) -> dict[str, Any]:
    row["places_left"] = max(0, row["headcount"] - max(row.pop("held"), row["placed_count"]))
    row["state"] = shown_state(JobState(row["state"]), row["valid_to"], today())
    row["published_at"] = row["published_at"] or row["created_at"]
    return row


def _shown(scope: Scope, row: dict[str, Any], givers: list[int], take: dict[str, Any] | None, moment: datetime) -> dict[str, Any]:
    row = _counted(row)
    station = scope.station_id if scope.reach is Reach.STATION else None
    near = {station} if station is not None and row["station"] in givers else set()
    reached = ring_of(row["published_at"], moment)
    row["own_post"] = station is None or station == row["station"]
    # A demand that was taken in time stays as what it came, even when the clock says that it is too early for it.
    row["ring"] = reached if station is None else ring_for(station, row["station"], near, row["published_at"], moment) or OrderRing.DISTRICT
    row["employer_shown"] = row["employer_name"] if row["own_post"] else row["employer_label"]
    row["take"] = {**take, "state_now": _state_now(take, row, moment)} if take else None
    return row


def _state_now(take: dict[str, Any], post: dict[str, Any], moment: datetime) -> OrderState:
    return order_in_effect(OrderState(take["state"]), take["deadline"], post["state"], post["places_left"], moment)


async def _latest_takes(job_ids: list[int]) -> dict[int, dict[str, Any]]:
    if not job_ids:
        return {}
    rows = await OrderTake.select(*_TAKE).where(OrderTake.job.is_in(job_ids)).order_by(OrderTake.id)
    return {row["job"]: row for row in rows}
