"""The rush-hour desk (早市叫号): calling in the published order, passing over with a reason, giving places, replacing no-shows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db.actions.attendance import move_sign_in, sign_in_here
from db.actions.journal import record
from db.actions.referrals import ReferralRef, agree, no_show
from db.clock import now, today
from db.ids import new_id
from db.queries import dispatch as queries
from db.queries.attendance import sign_in_of
from db.tables.attendance import Call, SignIn
from db.transaction import action
from rules.attendance import Turn, check_called, check_named, check_skip, check_turn, in_front, next_turn, ticket_text
from rules.codes import CallAnswer, CallKind, ConsentMethod, SignInState, SkipReason
from rules.errors import RuleBroken
from rules.journal import EventKind
from rules.permissions import Actor

NO_POST = "没有找到这个岗位，或者本站没有接这个单，请刷新页面。"


@dataclass(frozen=True, slots=True)
class CallRef:
    """A call: its row, the sign-in and the ticket that was called."""

    id: int
    sign_in_id: int
    ticket: int


@action
async def call(
    sign_in_id: int, job_id: int | None, *, named: bool = False, note: str = "", counter: str = "", again: bool = False, actor: Actor
) -> CallRef:
    """Call somebody for a demand, or (`job_id` None) to the counter for a word. The number is on the hall's screen from now on.

    `named`: the employer asked for this person; `note` says who did. `again`: a second call of somebody who is called already.
    RuleBroken: not waiting, people in front who fit and were not passed over (it names them), a guard of the referral in
    the way, no place left.
    """
    row = await sign_in_here(sign_in_id, actor)
    running = await queries.open_call(sign_in_id)
    check_called(SignInState(row["state"]), row["ticket"], again=again, caller=running["caller"] if running else "")
    if again and running and running["job"] != job_id:
        raise RuleBroken(f"{ticket_text(row['ticket'])}正被{running['caller']}叫去别的岗位，请等结果。", "ticket")
    said = check_named(note) if named else ""
    front: list[Turn] = []
    number = ""
    if job_id is not None:
        job = await _demand(job_id, actor)
        number = job["number"]
        front = await _checked_turn(job, row, named=named, running=running is not None)
    if running:
        await Call.update({Call.answered_at: now()}).where(Call.id == running["id"])
    return await _call(row, job_id, number, front, named=named, note=said, counter=counter, actor=actor)


@action
async def call_next(job_id: int, *, counter: str = "", actor: Actor) -> CallRef:
    """Call the first in the published order who fits a demand. RuleBroken when nobody does, or no place is left."""
    job = await _demand(job_id, actor)
    if not job["free"]:
        raise RuleBroken(await queries.who_was_faster(job_id))
    turns, rows = await queries.queue_for(job, actor.station_id or 0, today())
    chosen = next_turn(turns)
    if chosen is None:
        raise RuleBroken("现在没有合适的人在等，请等新签到的人，或者到匹配页找人。")
    row = next(each for each in rows if each["id"] == chosen.sign_in_id)
    return await _call(row, job_id, job["number"], [], named=False, note="", counter=counter, actor=actor)


async def _demand(job_id: int, actor: Actor) -> dict[str, Any]:
    job = await queries.demand_of(actor.station_id or 0, job_id)
    if job is None:
        raise RuleBroken(NO_POST)
    return job


async def _checked_turn(job: dict[str, Any], row: dict[str, Any], *, named: bool, running: bool) -> list[Turn]:
    """Who stands in front of this person for the demand. RuleBroken: no place, an obstacle, not this person's turn."""
    if not job["free"]:
        raise RuleBroken(await queries.who_was_faster(job["id"]))
    if obstacle := await queries.obstacle_of(job["id"], row["seeker"], today()):
        raise RuleBroken(f"{ticket_text(row['ticket'])}：{obstacle}", "ticket")
    turns, _ = await queries.queue_for(job, row["station"], today(), upto=row["id"])
    front = in_front(turns, row["id"])
    if not named and not running:  # whose turn it was when he was called stays called
        check_turn(front)
    return front


async def _call(
    row: dict[str, Any],
    job_id: int | None,
    number: str,
    front: list[Turn],
    *,
    named: bool,
    note: str,
    counter: str,
    actor: Actor,
    moment: datetime | None = None,
) -> CallRef:
    call_id, moment = new_id(), moment or now()
    before = [turn.ticket for turn in front]
    await Call.insert(
        Call(
            id=call_id,
            station=row["station"],
            day=row["day"],
            sign_in=row["id"],
            job=job_id,
            kind=CallKind.CALL.value,
            reason=SkipReason.NAMED.value if named else "",
            note=note,
            named=named,
            before=json.dumps(before),
            counter=counter.strip()[:10],
            made_by=actor.id,
            made_at=moment,
        )
    )
    await move_sign_in(row, SignInState.CALLED)
    await record(
        EventKind.CALLED,
        subject="sign_in",
        subject_id=row["id"],
        actor=actor,
        station_id=row["station"],
        ticket=row["ticket"],
        job=number,
        counter=counter.strip()[:10],
        named=named,
        note=note,
        in_front=before,
    )
    return CallRef(call_id, row["id"], row["ticket"])


@action
async def skip(sign_in_id: int, job_id: int, reason: SkipReason | None, note: str, *, actor: Actor) -> None:
    """Pass somebody over for a demand today, with a coded reason; it counts on the month's fairness sheet.

    RuleBroken: no reason, "other" without words, not waiting, passed over for this demand already.
    """
    row = await sign_in_here(sign_in_id, actor)
    said = check_skip(SignInState(row["state"]), row["ticket"], reason, note)
    job = await _demand(job_id, actor)
    if await queries.was_passed_over(job_id, sign_in_id):
        raise RuleBroken(f"{ticket_text(row['ticket'])}今天已经跳过，不用再记。", "ticket")
    await Call.insert(
        Call(
            station=row["station"],
            day=row["day"],
            sign_in=sign_in_id,
            job=job_id,
            kind=CallKind.SKIP.value,
            reason=str(reason),
            note=said,
            made_by=actor.id,
            made_at=now(),
        )
    )
    await record(
        EventKind.SKIPPED,
        subject="sign_in",
        subject_id=sign_in_id,
        actor=actor,
        station_id=row["station"],
        ticket=row["ticket"],
        job=job["number"],
        skip_reason=str(reason),
        note=said,
    )


@action
async def answer_call(call_id: int, answer: CallAnswer, *, actor: Actor) -> None:
    """What came of a call: does not go or did not come (waits on in the same place), or goes (the place is given next).

    RuleBroken: not a call of today at the actor's station, answered already.
    """
    row = await queries.call_with_id(call_id)
    if row is None or row["station"] != actor.station_id or row["day"] != today() or row["kind"] != CallKind.CALL.value:
        raise RuleBroken("没有找到这次叫号，请刷新页面。")
    person = await sign_in_here(row["sign_in"], actor)
    if row["answered_at"] is not None:
        raise RuleBroken(f"{ticket_text(person['ticket'])}这次叫号同事已经记了结果，请看页面上最新的。")
    await Call.update({Call.answer: answer.value, Call.answered_at: now()}).where(Call.id == call_id)
    if answer is not CallAnswer.GOES and person["state"] == SignInState.CALLED.value:
        await move_sign_in(person, SignInState.WAITING)
    await record(
        EventKind.CALL_ANSWERED,
        subject="sign_in",
        subject_id=person["id"],
        actor=actor,
        station_id=person["station"],
        ticket=person["ticket"],
        job=row["job_number"] or "",
        call_answer=answer.value,
    )


@action
async def give_place(sign_in_id: int, job_id: int, *, method: ConsentMethod | None, answered_by: str, actor: Actor) -> ReferralRef:
    """Give somebody at the counter a place of a demand: proposed, agreed by the worker for this employer, agreed by the employer.

    All of it or none. The last place goes to exactly one; who comes later reads who was faster. RuleBroken else: not this
    person's turn, a guard of the referral (age, certificate, other work at the time), no method, nobody named who answered.
    """
    row = await sign_in_here(sign_in_id, actor)
    if row["state"] not in (SignInState.WAITING.value, SignInState.CALLED.value):
        check_called(SignInState(row["state"]), row["ticket"], again=True)
    running = await queries.open_call(sign_in_id)
    if running and running["job"] not in (job_id, None):
        raise RuleBroken(f"{ticket_text(row['ticket'])}正被{running['caller']}叫去别的岗位，请等结果。", "ticket")
    job = await _demand(job_id, actor)
    if not job["free"]:
        raise RuleBroken(await queries.who_was_faster(job_id))
    called = running["id"] if running and running["job"] == job_id else await _called_for(sign_in_id, job_id)
    moment = now()
    if called is None:  # nobody had to be called: the person stood at the counter when it was his turn
        front = await _checked_turn(job, row, named=False, running=False)
        called = (await _call(row, job_id, job["number"], front, named=False, note="", counter="", actor=actor, moment=moment)).id
    reference = await agree(job_id, row["seeker"], method=method, answered_by=answered_by, actor=actor)
    await Call.update({Call.answer: CallAnswer.GOES.value, Call.answered_at: moment, Call.referral_number: reference.number}).where(
        Call.id == called
    )
    if running and running["id"] != called:
        await Call.update({Call.answered_at: moment}).where(Call.id == running["id"])
    await move_sign_in(row, SignInState.OUT)
    await record(
        EventKind.PLACE_GIVEN,
        subject="referral",
        subject_id=reference.id,
        actor=actor,
        station_id=row["station"],
        ticket=row["ticket"],
        job=job["number"],
        referral=reference.number,
    )
    return reference


async def _called_for(sign_in_id: int, job_id: int) -> int | None:
    """The call of this person for this demand that was answered with "goes" and has no place yet."""
    row = (
        await Call.select(Call.id)
        .where(Call.sign_in == sign_in_id, Call.job == job_id, Call.answer == CallAnswer.GOES.value, Call.referral_number == "")
        .first()
    )
    return row["id"] if row else None


@action
async def replace_no_show(referral_id: int, job_id: int, reason: str, *, counter: str = "", actor: Actor) -> CallRef | None:
    """A worker who had a place did not come: written down on the referral, and the next who fits is called; None when nobody does.

    RuleBroken: nothing to undo on the referral, less than five characters of what is known.
    """
    job = await _demand(job_id, actor)
    await no_show(referral_id, reason, actor=actor)
    seeker_id = await queries.seeker_of(referral_id)
    person = await sign_in_of(actor.station_id or 0, today(), seeker_id)
    if person and person["state"] == SignInState.OUT.value:
        await SignIn.update({SignIn.state: SignInState.LEFT.value, SignIn.state_at: now()}).where(SignIn.id == person["id"])
    turns, rows = await queries.queue_for(job, actor.station_id or 0, today())
    chosen = next_turn(turns)
    called = None
    if chosen is not None and not await queries.is_full(job_id):
        row = next(each for each in rows if each["id"] == chosen.sign_in_id)
        called = await _call(row, job_id, job["number"], [], named=False, note="", counter=counter, actor=actor)
    await record(
        EventKind.CALL_ANSWERED,
        subject="referral",
        subject_id=referral_id,
        actor=actor,
        station_id=actor.station_id,
        job=job["number"],
        call_answer=CallAnswer.ABSENT.value,
        ticket=person["ticket"] if person else None,
    )
    return called
