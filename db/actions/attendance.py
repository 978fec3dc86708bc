"""Signing in at a station (到站签到), leaving it, and coming back on the same day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db.actions.journal import record
from db.clock import now, today
from db.errors import ConstraintViolated, StorageConflict
from db.ids import new_id
from db.numbers import next_number
from db.queries import attendance as queries
from db.queries.seekers import state_now
from db.tables.attendance import Call, SignIn
from db.tables.seekers import Seeker
from db.tables.stations import Station
from db.transaction import action
from rules.attendance import arrival, check_leaves, check_may_sign_in, check_returns
from rules.codes import CallAnswer, SeekerState, SignInHow, SignInState, StationState
from rules.errors import RuleBroken
from rules.journal import EventKind
from rules.permissions import Actor
from rules.stations import SUSPENDED

NOT_HERE = "今天的签到里没有这个号，请刷新页面看一看。"


@dataclass(frozen=True, slots=True)
class SignInRef:
    """A sign-in of today: row, ticket, and whether the person had signed in before (`again`)."""

    id: int
    ticket: int
    again: bool


@action
async def sign_in(
    station_id: int, seeker_id: int, how: SignInHow, *, arrived_at: datetime | None = None, token: str = "", actor: Actor
) -> SignInRef:
    """Somebody came to the station: a ticket, once a day however often they are scanned. Anybody of the district may come.

    `arrived_at`: when it was keyed, for one that the desk could not send at once; `token` its mark, which counts once.
    RuleBroken: the registration has ended, the station is suspended, keyed in the future or on another day.
    """
    moment, day = now(), today()
    arrived, late = arrival(arrived_at, moment)
    earlier = await queries.sign_in_keyed(station_id, day, token) if token else None
    earlier = earlier or await queries.sign_in_of(station_id, day, seeker_id)
    if earlier:
        return SignInRef(earlier["id"], earlier["ticket"], True)
    seeker = (
        await Seeker.select(Seeker.number, Seeker.state, Seeker.confirmed_on, Seeker.restricted_until).where(Seeker.id == seeker_id).first()
    )
    if seeker is None:
        raise RuleBroken("没有找到这位求职者，请核对编号。", "word")
    check_may_sign_in(state_now(seeker, day))
    await _check_open(station_id)
    row_id, ticket = new_id(), await next_number(f"ticket:{station_id}:{day:%y%m%d}")
    try:
        await SignIn.insert(
            SignIn(
                id=row_id,
                station=station_id,
                day=day,
                ticket=ticket,
                seeker=seeker_id,
                how=how.value,
                arrived_at=arrived,
                signed_at=moment,
                late=late,
                waiting_since=await queries.waiting_since(seeker_id, day),
                state=SignInState.WAITING.value,
                state_at=moment,
                token=token,
                signed_by=actor.id,
            )
        )
    except ConstraintViolated as error:
        if error.kind == "unique":  # the other desk scanned the same person at the same moment
            raise StorageConflict("signed in meanwhile") from error
        raise
    await record(
        EventKind.SIGNED_IN_AT_STATION,
        subject="sign_in",
        subject_id=row_id,
        actor=actor,
        station_id=station_id,
        at=arrived,
        ticket=ticket,
        seeker=seeker["number"],
        recognised=how.value,
        late=late,
    )
    return SignInRef(row_id, ticket, False)


async def _check_open(station_id: int) -> None:
    row = await Station.select(Station.state).where(Station.id == station_id).first()
    if row is None or row["state"] != StationState.OPERATING.value:
        raise RuleBroken(SUSPENDED)


@action
async def leave(sign_in_id: int, *, actor: Actor) -> None:
    """The person leaves the station for today; a call that waits for an answer ends as not come. RuleBroken: left already."""
    row = await sign_in_here(sign_in_id, actor)
    state = SignInState(row["state"])
    check_leaves(state, row["ticket"])
    if state is SignInState.CALLED:
        await Call.update({Call.answer: CallAnswer.ABSENT.value, Call.answered_at: now()}).where(
            Call.sign_in == sign_in_id, Call.answered_at.is_null(), Call.kind == "CALL"
        )
    await move_sign_in(row, SignInState.LEFT)
    await _note(EventKind.LEFT_STATION, row, actor)


@action
async def come_back(sign_in_id: int, *, actor: Actor) -> None:
    """Back on the same day after a short job: the person waits again, in the place the order gives for the same arrival.

    RuleBroken: waiting already, or the registration has ended meanwhile.
    """
    row = await sign_in_here(sign_in_id, actor)
    check_returns(SignInState(row["state"]), row["ticket"])
    seeker = await Seeker.select(Seeker.state).where(Seeker.id == row["seeker"]).first()
    check_may_sign_in(SeekerState(seeker["state"]) if seeker else SeekerState.ANONYMISED)
    await move_sign_in(row, SignInState.WAITING, returned=True)
    await _note(EventKind.RETURNED_TO_STATION, row, actor)


async def _note(kind: EventKind, row: dict[str, Any], actor: Actor) -> None:
    await record(
        kind,
        subject="sign_in",
        subject_id=row["id"],
        actor=actor,
        station_id=row["station"],
        ticket=row["ticket"],
        seeker=row["seeker_number"],
        reason=f"原来：{SignInState.label_of(row['state'])}",
    )


async def sign_in_here(sign_in_id: int, actor: Actor) -> dict[str, Any]:
    """Today's sign-in at the actor's station. RuleBroken when it is another day's or another station's."""
    row = await queries.sign_in_with_id(sign_in_id)
    if row is None or row["station"] != actor.station_id or row["day"] != today():
        raise RuleBroken(NOT_HERE, "ticket")
    return row


async def move_sign_in(row: dict[str, Any], state: SignInState, *, returned: bool = False) -> None:
    """Write where the person is now, in the running action."""
    moment = now()
    values: dict[Any, Any] = {SignIn.state: state.value, SignIn.state_at: moment}
    if returned:
        values[SignIn.returned_at] = moment
    await SignIn.update(values).where(SignIn.id == row["id"])
