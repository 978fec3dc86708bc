"""Questions about who came today (到站签到). The calling order is worked out anew for every question; no place is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from piccolo.columns.combination import And, Or
from piccolo.query.functions.aggregate import Count, Max
from piccolo.querystring import QueryString

from db.clock import CHINA, today
from db.paging import DESK_ROWS, Page, page_of, place
from db.queries.calling_rules import rule_in_force, todays_draw
from db.queries.places import PROMISED
from db.queries.scope import within
from db.queries.seekers import is_name, meant_by, opened_masks, state_now, trades_of
from db.search import newest_named
from db.tables.attendance import Call, SignIn
from db.tables.referrals import Placement, Referral
from db.tables.seekers import Seeker
from db.tables.stations import Station
from rules.calling_order import Waiting, order_of
from rules.codes import CallingMethod, CallKind, SeekerState, SignInState
from rules.permissions import Scope
from rules.search import found_in

CALLED_FOR = timedelta(minutes=10)
"""How long a called number stays on the hall's screen."""
MOST_MEANT = 9
"""People a clerk may be asked to choose from: one number key each."""
_NAMES_LOOKED_AT = 60

_ROW = (
    SignIn.id,
    SignIn.station,
    SignIn.day,
    SignIn.ticket,
    SignIn.seeker,
    SignIn.seeker.number.as_alias("seeker_number"),
    SignIn.seeker.name.as_alias("name"),
    SignIn.how,
    SignIn.arrived_at,
    SignIn.signed_at,
    SignIn.late,
    SignIn.waiting_since,
    SignIn.state,
    SignIn.state_at,
    SignIn.returned_at,
)
_MEANT = (
    Seeker.id,
    Seeker.number,
    Seeker.name,
    Seeker.birth_date,
    Seeker.phone,
    Seeker.state,
    Seeker.confirmed_on,
    Seeker.restricted_until,
    Seeker.station,
    Seeker.station.name.as_alias("station_name"),
)
_ON_HAND = [SignInState.WAITING.value, SignInState.CALLED.value]
# Who is called now was called last by the newest call of the day; asked with the row, of those few only.
_LAST_CALL = """CASE WHEN "sign_in"."state" = 'CALLED' THEN (
  SELECT <WHAT> FROM "call" AS "c" JOIN "account" AS "a" ON "a"."id" = "c"."made_by" LEFT JOIN "job" AS "j" ON "j"."id" = "c"."job"
  WHERE "c"."station" = "sign_in"."station" AND "c"."day" = "sign_in"."day" AND "c"."sign_in" = "sign_in"."id" AND "c"."kind" = 'CALL'
  ORDER BY "c"."id" DESC LIMIT 1) END"""
_CALL = tuple(
    QueryString(_LAST_CALL.replace("<WHAT>", what), alias=alias)
    for what, alias in (('"j"."title"', "called_for"), ('"a"."name"', "called_by"))
)


@dataclass(frozen=True, slots=True)
class SignInFilter:
    """What the list of sign-ins is narrowed to; "" leaves the state open."""

    day: date
    state: str = ""

    @classmethod
    def of(cls, day: date | None, state: str = "") -> SignInFilter:
        """The filter as typed; today when no day was, values that are in no table are dropped."""
        return cls(day or today(), state if state in SignInState._value2member_map_ else "")


async def today_at(station_id: int, day: date) -> list[dict[str, Any]]:
    """Everybody who signed in at a station on a day, in the calling order: ticket, state, seeker columns, `waited` days."""
    rows = await SignIn.select(*_ROW).where(SignIn.station == station_id, SignIn.day == day)
    return await _in_order(rows, station_id, day)


async def order_today(station_id: int, day: date) -> list[dict[str, Any]]:
    """Who waits at a station, or is being called, in the calling order; rows of `today_at`.

    Who is being called has `called_for`, the title of the demand (None: to the counter for a word), and `called_by`, a name.
    """
    rows = await SignIn.select(*_ROW, *_CALL).where(SignIn.station == station_id, SignIn.day == day, SignIn.state.is_in(_ON_HAND))
    return await _in_order(rows, station_id, day)


async def _in_order(rows: list[dict[str, Any]], station_id: int, day: date) -> list[dict[str, Any]]:
    method: CallingMethod = (await rule_in_force(station_id, day))["method"]
    draw, code = None, ""
    if method is CallingMethod.DRAW and (draw := await todays_draw(station_id, day)):
        station = await Station.select(Station.code).where(Station.id == station_id).first()
        code = station["code"] if station else ""
    held = draw is not None and draw["held_at"] is not None
    by_id = {row["id"]: {**row, "waited": max(0, (day - row["waiting_since"]).days)} for row in rows}
    ordered = order_of(
        method,
        [Waiting(row["ticket"], row["arrived_at"], row["waiting_since"], row["id"]) for row in rows],
        station_code=code,
        day=day,
        seed=draw["seed"] if draw and held else "",
        tickets=draw["tickets"] if draw and held else 0,
    )
    return [by_id[one.sign_in_id] for one in ordered]


async def sign_in_with(station_id: int, day: date, ticket: int) -> dict[str, Any] | None:
    """The sign-in with this ticket at this station on this day, as `today_at`, with the person's `state_now` and trades."""
    row = await SignIn.select(*_ROW).where(SignIn.station == station_id, SignIn.day == day, SignIn.ticket == ticket).first()
    if row is None:
        return None
    seeker = (await Seeker.select(*_MEANT).where(Seeker.id == row["seeker"]))[0]
    return {
        **row,
        "waited": max(0, (day - row["waiting_since"]).days),
        "trades": (await trades_of([row["seeker"]])).get(row["seeker"], []),
        "state_now": state_now(seeker, day),
        "restricted_until": seeker["restricted_until"],
        "keeper": seeker["station"],
        "station_name": seeker["station_name"],
    }


async def sign_in_with_id(sign_in_id: int) -> dict[str, Any] | None:
    """The sign-in by id, for actions; rows of `today_at` without `waited`."""
    return await SignIn.select(*_ROW).where(SignIn.id == sign_in_id).first()


async def sign_in_at(station_id: int, day: date, ticket: int) -> dict[str, Any] | None:
    """The sign-in with this ticket: id, ticket, state."""
    return (
        await SignIn.select(SignIn.id, SignIn.ticket, SignIn.state)
        .where(SignIn.station == station_id, SignIn.day == day, SignIn.ticket == ticket)
        .first()
    )


async def sign_in_of(station_id: int, day: date, seeker_id: int) -> dict[str, Any] | None:
    """This person's sign-in at a station on a day: id, ticket, state."""
    return (
        await SignIn.select(SignIn.id, SignIn.ticket, SignIn.state)
        .where(SignIn.station == station_id, SignIn.day == day, SignIn.seeker == seeker_id)
        .first()
    )


async def sign_in_keyed(station_id: int, day: date, token: str) -> dict[str, Any] | None:
    """The sign-in that the desk sent under this token, as `sign_in_of`."""
    return (
        await SignIn.select(SignIn.id, SignIn.ticket, SignIn.state)
        .where(SignIn.station == station_id, SignIn.day == day, SignIn.token == token)
        .first()
    )


async def present_today(station_id: int | None, seeker_id: int, day: date) -> bool:
    """Whether this person signed in at this station on this day and has not left since: stands at its counter."""
    return await SignIn.exists().where(
        SignIn.station == (station_id or 0), SignIn.day == day, SignIn.seeker == seeker_id, SignIn.state != SignInState.LEFT.value
    )


async def counts_at(station_id: int, day: date) -> dict[str, int]:
    """How many signed in at a station on a day, by state, and in `all`."""
    rows = await SignIn.select(SignIn.state, Count(alias="n")).where(SignIn.station == station_id, SignIn.day == day).group_by(SignIn.state)
    counted = {state.value: 0 for state in SignInState} | {row["state"]: row["n"] for row in rows}
    return {**counted, "all": sum(counted.values())}


async def sign_in_mark(station_id: int, day: date) -> str:
    """A text that changes whenever somebody signs in, is called, answers, leaves or returns at the station."""
    people = (
        await SignIn.select(SignIn.state, Count(alias="n"), Max(SignIn.state_at, alias="last"))
        .where(SignIn.station == station_id, SignIn.day == day)
        .group_by(SignIn.state)
    )
    calls = await Call.select(Count(alias="n"), Max(Call.made_at, alias="made"), Max(Call.answered_at, alias="answered")).where(
        Call.station == station_id, Call.day == day
    )
    states = sorted((row["state"], row["n"], str(row["last"])) for row in people)
    return repr((states, [str(calls[0][name]) for name in ("n", "made", "answered")]))


async def sign_ins_of(scope: Scope, wanted: SignInFilter, after: str = "") -> Page:
    """The sign-ins of a day in the asker's reach by ticket, 50 to a page, with `trades` and days `waited`."""
    query = SignIn.select(*_ROW).where(within(scope, SignIn.station), SignIn.day == wanted.day)
    if wanted.state:
        query = query.where(SignIn.state == wanted.state)
    if start := place(after, (int, int)):
        query = query.where(Or(SignIn.ticket > start[0], And(SignIn.ticket == start[0], SignIn.id > start[1])))
    page = page_of(await query.order_by(SignIn.ticket).order_by(SignIn.id).limit(DESK_ROWS + 1), DESK_ROWS, "ticket", "id")
    return Page(await with_trades(page.rows), page.next)


async def with_trades(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with the trades each person looks for, and days waited."""
    trades = await trades_of([row["seeker"] for row in rows])
    return [{**row, "trades": trades.get(row["seeker"], []), "waited": max(0, (row["day"] - row["waiting_since"]).days)} for row in rows]


async def waiting_since(seeker_id: int, day: date) -> date:
    """Since when this person has waited: the last start of work or promised place, else the registration."""
    started = (
        await Placement.select(Placement.started_on)
        .where(Placement.seeker == seeker_id, Placement.started_on <= day)
        .order_by(Placement.started_on, ascending=False)
        .first()
    )
    promised = (
        await Referral.select(Referral.employer_answered_at)
        .where(
            Referral.seeker == seeker_id,
            Referral.state.is_in(PROMISED),
            Referral.employer_answered_at.is_not_null(),
        )
        .order_by(Referral.employer_answered_at, ascending=False)
        .first()
    )
    last = [
        row for row in (started and started["started_on"], promised and promised["employer_answered_at"].astimezone(CHINA).date()) if row
    ]
    if last:
        return max(last)
    row = await Seeker.select(Seeker.created_at).where(Seeker.id == seeker_id).first()
    return row["created_at"].astimezone(CHINA).date() if row else day


async def arriving(scope: Scope, word: str) -> list[dict[str, Any]]:
    """Whom the desk means by what was typed or scanned, at most nine and one more: number, name, `state_now`, masked phone.

    A whole seeker number, phone or document finds people of any station, who may all sign in here; a name or four digits
    only those who registered in reach.
    """
    if is_name(word):
        ids = await newest_named(word, station_id=scope.station_id, limit=_NAMES_LOOKED_AT)
        query = Seeker.select(*_MEANT).where(Seeker.id.is_in(ids or [0]), within(scope, Seeker.station))
    else:
        query = Seeker.select(*_MEANT).where(meant_by(word))
        if len(word) < 7:
            query = query.where(within(scope, Seeker.station))
    rows = await query.where(Seeker.state != SeekerState.ANONYMISED.value).order_by(Seeker.id, ascending=False).limit(_NAMES_LOOKED_AT)
    if is_name(word):
        rows = [row for row in rows if found_in(word, row["name"])]
    return await _shown(rows[: MOST_MEANT + 1])


async def arriving_with(number: str) -> list[dict[str, Any]]:
    """The one person with this seeker number, as `arriving`; [] when there is none."""
    return await _shown(await Seeker.select(*_MEANT).where(Seeker.number == number, Seeker.state != SeekerState.ANONYMISED.value))


async def _shown(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    day = today()
    return [{**row, "phone_masked": opened_masks(row)["phone"], "state_now": state_now(row, day)} for row in rows]


async def called_now(station_id: int, moment: datetime) -> list[dict[str, Any]]:
    """The numbers called at a station in the last ten minutes, newest first: ticket, counter, title, called_at. No person."""
    rows = (
        await Call.select(
            Call.sign_in.ticket.as_alias("ticket"),
            Call.counter,
            Call.job.title.as_alias("title"),
            Call.made_at.as_alias("called_at"),
            Call.answered_at,
        )
        .where(
            Call.station == station_id,
            Call.day.is_in(sorted({each.astimezone(CHINA).date() for each in (moment, moment - CALLED_FOR)})),
            Call.kind == CallKind.CALL.value,
            Call.made_at >= moment - CALLED_FOR,
        )
        .order_by(Call.id, ascending=False)
        .limit(50)
    )
    shown: dict[int, dict[str, Any]] = {}
    for row in rows:
        if row["answered_at"] != row["called_at"]:  # a place given to somebody who stood there already: nobody was called
            shown.setdefault(row["ticket"], {name: row[name] or "" for name in ("ticket", "counter", "title", "called_at")})
    return list(shown.values())
