"""Questions of the rush-hour desk (早市叫号): demands with places, whose turn it is for one of them, who was called for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from piccolo.columns.combination import And, Or

from db.clock import now
from db.queries.attendance import order_today
from db.queries.candidates import candidates_with
from db.queries.jobs import post_facts
from db.queries.places import HELD, PROMISED, held_places, places_left
from db.tables.attendance import Call
from db.tables.jobs import Job
from db.tables.journal import JournalEntry
from db.tables.orders import OrderTake
from db.tables.referrals import Referral
from db.tables.seekers import SeekerTrade
from rules.attendance import Turn, passed_words, ticket_text
from rules.codes import CallAnswer, CallKind, JobState, OrderState, ReferralState, SignInState
from rules.errors import RuleBroken, RulesBroken
from rules.journal import EventKind
from rules.masking import public_worker
from rules.numbers import normal
from rules.referrals import PostFacts, SeekerFacts, check_referral

DEMANDS = 60
"""Demands on the desk at once; a station that has more narrows them by day."""
_GOING = [ReferralState.PROPOSED.value, ReferralState.WORKER_ACCEPTED.value]
_PASSED = [CallAnswer.DECLINES.value, CallAnswer.ABSENT.value]
_POST = (
    Job.id,
    Job.number,
    Job.title,
    Job.trade,
    Job.state,
    Job.station,
    Job.station.name.as_alias("station_name"),
    Job.employer.name.as_alias("employer_name"),
    Job.headcount,
    Job.placed_count,
    Job.start_date,
    Job.end_date,
    Job.start_time,
    Job.end_time,
    Job.pay_fen,
    Job.pay_unit,
    Job.settle_cycle,
    Job.landmark,
    Job.subdistrict,
)


def _taken_by(station_id: int) -> Any:
    """Posts whose order the station took and still takes care of (db.queries.orders.taker_of)."""
    running = And(OrderTake.state == OrderState.TAKEN.value, OrderTake.deadline > now())
    return OrderTake.select(OrderTake.job).where(OrderTake.station == station_id, Or(running, OrderTake.state == OrderState.HANDLED.value))


def _ours(station_id: int) -> Any:
    return Or(Job.station == station_id, Job.id.is_in(_taken_by(station_id)))


def _open(day: date) -> Any:
    running = And(Job.state.is_in([JobState.PUBLISHED.value, JobState.FILLED.value]), Job.valid_to >= day)
    return And(running, Or(Job.end_date >= day, And(Job.end_date.is_null(), Or(Job.start_date.is_null(), Job.start_date >= day))))


async def open_demands(station_id: int, day: date, *, later: bool = False) -> list[dict[str, Any]]:
    """The demands of a station and those it took from others: begun or beginning on `day`, or `later`; at most 60, by the hour.

    `held` places are promised, `placed` begun, `free` open; all of them count people.
    """
    when = Job.start_date > day if later else Or(Job.start_date.is_null(), Job.start_date <= day)
    query = Job.select(*_POST).where(_ours(station_id), _open(day), when)
    return await _with_places(await query.order_by(Job.start_date).order_by(Job.start_time).order_by(Job.id).limit(DEMANDS), station_id)


async def later_demands(station_id: int, day: date) -> int:
    """How many demands begin after `day`."""
    return await Job.count().where(_ours(station_id), _open(day), Job.start_date > day)


async def demand_in(station_id: int, number: str) -> dict[str, Any] | None:
    """One demand of the station, or taken by it, whatever has become of it, with its places; None for any other."""
    rows = await Job.select(*_POST).where(_ours(station_id), Job.number == normal(number), Job.state.is_in([s.value for s in _SHOWN]))
    return (await _with_places(rows, station_id))[0] if rows else None


_SHOWN = (JobState.PUBLISHED, JobState.PAUSED, JobState.FILLED, JobState.EXPIRED)


async def demand_of(station_id: int, job_id: int) -> dict[str, Any] | None:
    """The demand by id, as `demand_in`, for actions."""
    rows = await Job.select(*_POST).where(_ours(station_id), Job.id == job_id)
    return (await _with_places(rows, station_id))[0] if rows else None


async def _with_places(rows: list[dict[str, Any]], station_id: int) -> list[dict[str, Any]]:
    held = await held_places([row["id"] for row in rows])
    for row in rows:
        promised = max(held.get(row["id"], 0), row["placed_count"])
        row["placed"] = row["placed_count"]
        row["held"] = promised - row["placed_count"]
        row["free"] = max(0, row["headcount"] - promised)
        row["own"] = row["station"] == station_id
    return rows


async def queue_for(job: dict[str, Any], station_id: int, day: date, *, upto: int | None = None) -> tuple[list[Turn], list[dict[str, Any]]]:
    """Who is on hand at the station in the calling order, as this demand sees them, and their rows, in the same order.

    As far as the sign-in `upto`, or else as far as the first who is eligible; everybody when nobody is.
    """
    rows = await order_today(station_id, day)
    if upto is not None:
        place = next((place for place, row in enumerate(rows) if row["id"] == upto), -1)
        rows = rows[: place + 1]
    if not rows:
        return [], []
    passed = {row["sign_in"]: row["words"] for row in await passed_over(station_id, day, job["id"])}
    people = [row["seeker"] for row in rows]
    wanted = SeekerTrade.select(SeekerTrade.seeker).where(SeekerTrade.trade == job["trade"], SeekerTrade.seeker.is_in(people))
    skilled = {row["seeker"] for row in await wanted}
    turns: list[Turn] = []
    for start in range(0, len(rows), _AT_ONCE):
        turns += await _turns(job["id"], rows[start : start + _AT_ONCE], passed, skilled, day)
        first = next((place for place, turn in enumerate(turns) if turn.eligible), None)
        if upto is None and first is not None:
            return turns[: first + 1], rows[: first + 1]
    return turns, rows


_AT_ONCE = 40
"""People whose guards are asked together: the next in turn stands near the front, so the rest need not be asked."""


async def _turns(job_id: int, rows: list[dict[str, Any]], passed: dict[int, str], skilled: set[int], day: date) -> list[Turn]:
    waiting = SignInState.WAITING.value
    asked = [row["seeker"] for row in rows if row["seeker"] in skilled and row["id"] not in passed and row["state"] == waiting]
    obstacles = await _obstacles(job_id, asked, day)
    return [
        Turn(
            row["id"],
            row["ticket"],
            row["seeker"],
            waits=row["state"] == waiting,
            passed=passed.get(row["id"], ""),
            obstacle=obstacles.get(row["seeker"], ""),
            other_trade=row["seeker"] not in skilled,
        )
        for row in rows
    ]


async def was_passed_over(job_id: int, sign_in_id: int) -> bool:
    """Whether this person was skipped for this demand, or called for it and did not go."""
    return await Call.exists().where(
        Call.sign_in == sign_in_id, Call.job == job_id, Or(Call.kind == CallKind.SKIP.value, Call.answer.is_in(_PASSED))
    )


async def obstacle_of(job_id: int, seeker_id: int, day: date) -> str:
    """What keeps this person from this demand whatever they say, as a sentence; "" when nothing does."""
    return (await _obstacles(job_id, [seeker_id], day)).get(seeker_id, "")


async def _obstacles(job_id: int, seeker_ids: list[int], day: date) -> dict[int, str]:
    """The guards of a referral (rules.referrals.check_referral) for each person; full posts are counted elsewhere."""
    if not seeker_ids:
        return {}
    post = replace(await post_facts(job_id), state=JobState.PUBLISHED, free_places=1)
    going = await _already_asked(job_id, seeker_ids)
    found: dict[int, str] = {}
    for candidate in await candidates_with(seeker_ids):
        facts = candidate.facts
        if facts.id in going:  # proposed already, or applied for: giving the place goes on with that
            facts = replace(facts, open_referral_jobs=tuple(job for job in facts.open_referral_jobs if job != job_id))
        if sentence := _sentence(post, facts, day):
            found[facts.id] = sentence
    return found


def _sentence(post: PostFacts, facts: SeekerFacts, day: date) -> str:
    try:
        check_referral(post, facts, today=day)
    except RulesBroken as several:
        return "；".join(one.message.rstrip("。") for one in several.broken) + "。"
    except RuleBroken as one:
        return one.message
    return ""


async def _already_asked(job_id: int, seeker_ids: Iterable[int]) -> set[int]:
    query = Referral.select(Referral.seeker).where(
        Referral.job == job_id, Referral.seeker.is_in(list(seeker_ids)), Referral.state.is_in(_GOING)
    )
    return {row["seeker"] for row in await query}


async def passed_over(station_id: int, day: date, job_id: int | None = None) -> list[dict[str, Any]]:
    """Who was passed over at a station on a day: `sign_in`, `seeker`, `job`, and in `words` why: skipped, or called and not gone.

    For the demand `job_id`, or for every one.
    """
    query = Call.select(Call.sign_in, Call.sign_in.seeker.as_alias("seeker"), Call.job, Call.kind, Call.reason, Call.answer).where(
        Call.station == station_id,
        Call.day == day,
        Or(Call.kind == CallKind.SKIP.value, Call.answer.is_in(_PASSED)),
    )
    query = query.where(Call.job == job_id) if job_id is not None else query.where(Call.job.is_not_null())
    return [
        {**row, "words": passed_words(row["answer"], "" if row["kind"] == CallKind.CALL.value else row["reason"])} for row in await query
    ]


async def open_call(sign_in_id: int) -> dict[str, Any] | None:
    """The call of this person that waits for an answer: id, job, counter, caller's name, moment."""
    return (
        await Call.select(Call.id, Call.job, Call.counter, Call.made_at, Call.made_by, Call.made_by.name.as_alias("caller"), Call.named)
        .where(Call.sign_in == sign_in_id, Call.kind == CallKind.CALL.value, Call.answered_at.is_null())
        .order_by(Call.id, ascending=False)
        .first()
    )


async def call_with_id(call_id: int) -> dict[str, Any] | None:
    """A call by id, for actions."""
    return (
        await Call.select(
            Call.id, Call.station, Call.day, Call.sign_in, Call.job, Call.job.number.as_alias("job_number"), Call.kind, Call.answered_at
        )
        .where(Call.id == call_id)
        .first()
    )


async def calls_for(job_id: int, station_id: int, day: date) -> list[dict[str, Any]]:
    """The calls and skips of a demand at a station on a day, newest first, at most a hundred, with the person's row."""
    return (
        await Call.select(
            Call.id,
            Call.kind,
            Call.reason,
            Call.note,
            Call.named,
            Call.counter,
            Call.made_at,
            Call.made_by.name.as_alias("caller"),
            Call.answer,
            Call.answered_at,
            Call.referral_number,
            Call.sign_in,
            Call.sign_in.ticket.as_alias("ticket"),
            Call.sign_in.state.as_alias("sign_in_state"),
            Call.sign_in.seeker.name.as_alias("name"),  # type: ignore[union-attr]
        )
        .where(Call.station == station_id, Call.day == day, Call.job == job_id)
        .order_by(Call.id, ascending=False)
        .limit(100)
    )


async def promised_for(job_id: int, day: date) -> list[dict[str, Any]]:
    """Who was promised a place of a demand and has not started, newest first, at most a hundred, with the ticket of `day`."""
    rows = (
        await Referral.select(
            Referral.id,
            Referral.number,
            Referral.state,
            Referral.seeker,
            Referral.seeker.name.as_alias("name"),
            Referral.seeker.number.as_alias("seeker_number"),
            Referral.employer_answered_at,
        )
        .where(Referral.job == job_id, Referral.state.is_in(PROMISED))
        .order_by(Referral.id, ascending=False)
        .limit(100)
    )
    calls = await Call.select(Call.referral_number, Call.sign_in.ticket.as_alias("ticket")).where(
        Call.job == job_id, Call.day == day, Call.referral_number != ""
    )
    tickets = {row["referral_number"]: row["ticket"] for row in calls}
    return [{**row, "ticket": tickets.get(row["number"])} for row in rows]


async def promise_of(job_id: int, number: str) -> dict[str, Any] | None:
    """The promised place of a demand with this referral number, as `promised_for` without the ticket."""
    return (
        await Referral.select(Referral.id, Referral.number, Referral.seeker)
        .where(
            Referral.job == job_id,
            Referral.number == normal(number),
            Referral.state.is_in(PROMISED),
        )
        .first()
    )


async def is_full(job_id: int) -> bool:
    """Whether every place of a demand is promised."""
    return await places_left(job_id) <= 0


async def who_was_faster(job_id: int, *, somebody_waits: bool = True) -> str:
    """Who gave the last place of a full demand to whom, as a clerk is told it: the colleague's name and a number, never a person.

    `somebody_waits`: there is somebody at the counter for whom another demand must be found.
    """
    last = (
        await Referral.select(Referral.id, Referral.number, Referral.seeker.number.as_alias("seeker_number"))
        .where(Referral.job == job_id, Referral.state.is_in(HELD))
        .order_by(Referral.employer_answered_at, ascending=False)
        .order_by(Referral.id, ascending=False)
        .first()
    )
    if last is None:
        return "名额已满，请换一个岗位。"
    entry = (
        await JournalEntry.select(JournalEntry.signed_name)
        .where(
            JournalEntry.subject == "referral",
            JournalEntry.subject_id == last["id"],
            JournalEntry.kind == EventKind.REFERRAL_EMPLOYER_ACCEPTED.value,
        )
        .first()
    )
    call = (
        await Call.select(Call.sign_in.ticket.as_alias("ticket")).where(Call.referral_number == last["number"], Call.job == job_id).first()
    )
    whom = ticket_text(call["ticket"]) if call else public_worker(last["seeker_number"])
    giver = entry["signed_name"] if entry else "同事"
    return f"最后一个名额刚被{giver}给了{whom}，{'请给这位另找一个岗位' if somebody_waits else '人定满了，不用再叫'}。"


async def desk_defaults(station_id: int, account_id: int, job_id: int, day: date) -> dict[str, str]:
    """What the desk typed last: this person's `counter` today, and who `answered_by` for the employer of this demand."""
    call = (
        await Call.select(Call.counter)
        .where(Call.station == station_id, Call.day == day, Call.made_by == account_id, Call.counter != "")
        .order_by(Call.id, ascending=False)
        .first()
    )
    said = (
        await Referral.select(Referral.employer_answered_by)
        .where(Referral.job == job_id, Referral.employer_answered_by != "")
        .order_by(Referral.id, ascending=False)
        .first()
    )
    return {"counter": call["counter"] if call else "", "answered_by": said["employer_answered_by"] if said else ""}


async def seeker_of(referral_id: int) -> int:
    """Whom a referral is about; 0 for none."""
    row = await Referral.select(Referral.seeker).where(Referral.id == referral_id).first()
    return row["seeker"] if row else 0
