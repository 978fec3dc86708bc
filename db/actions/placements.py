"""Recording that a worker started: one row, one 推荐成功就业人次 (domain reference 8.2); more evidence; how the work ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from db.actions import jobs as job_actions
from db.actions import referrals as referral_actions
from db.actions.journal import record
from db.clock import CHINA, now, today
from db.errors import ConstraintViolated
from db.ids import new_id
from db.queries import placements as queries
from db.queries.jobs import job_terms
from db.tables.agreements import Agreement
from db.tables.jobs import Job
from db.tables.referrals import Evidence, Placement, Referral
from db.tables.seekers import Seeker
from db.tables.stations import Station
from db.transaction import action
from rules.codes import SIGNED_STATES, EndedHow, ReferralState, SeekerState, Side, StartEvidence
from rules.errors import RuleBroken, RulesBroken
from rules.journal import EventKind
from rules.permissions import Actor
from rules.placements import WorkDone, check_more_evidence, check_note, check_start, settle
from rules.referrals import ReferralEvent, can, check_start_evidence, next_state

ENDED_BEFORE = "这份活已经登记过结束，不用再登记。请看已登记的内容。"
TWICE = "同一个人同一天在同一个岗位已经登记过上岗，只算一次，不用再登记。"


@action
async def place(referral_id: int, evidence: StartEvidence | None, started_on: date, note: str, *, actor: Actor) -> int:
    """Record that the worker of a confirmed referral started; gives the placement's id.

    Takes the place of the post in the same transaction, so the last one is given once; when the post is full then,
    its other open referrals end as superseded. RuleBroken: no agreement signed, no evidence, a future day, a post
    without places, or the same worker, post and day recorded before (T14).

    It counts for the station whose staff made the referral (art. 10); the post's station, when another, supplied the post.
    """
    referral = await _referral(referral_id)
    station = referral["referred_by"] or referral["station"]
    supplied_by = referral["station"] if station != referral["station"] else None
    if await queries.placement_of_referral(referral_id):
        raise RuleBroken(TWICE)
    next_state(ReferralState(referral["state"]), ReferralEvent.START)
    check_start(
        evidence,
        started_on,
        note,
        agreement_signed=await _agreement_signed(referral_id),
        referred_on=referral["created_at"].astimezone(CHINA).date(),
        agreed_start=referral["agreed_start"],
        today=today(),
    )
    check_note(evidence, note)
    assert evidence is not None
    placement_id = new_id()
    try:
        await Placement.insert(
            Placement(
                id=placement_id,
                referral=referral_id,
                job=referral["job"],
                seeker=referral["seeker"],
                station=station,
                supplied_by=supplied_by,
                started_on=started_on,
                evidence=evidence.value,
                evidence_note=note.strip(),
                recorded_by=actor.id,
                recorded_at=now(),
            )
        )
    except ConstraintViolated as violated:
        if violated.kind == "unique":
            raise RuleBroken(TWICE) from violated
        raise
    await _keep_evidence(placement_id, evidence, note, actor)
    await job_actions.take_place(referral["job"])
    await referral_actions.mark_placed(referral_id, actor=actor)
    await _supersede_others(referral["job"], actor)
    supplied = {"supplied_by": await _station_name(supplied_by)} if supplied_by else {}
    particulars: dict[str, Any] = {"referral": referral["number"], "started_on": started_on, "evidence": evidence.value, **supplied}
    await record(
        EventKind.PLACEMENT_STARTED,
        subject="placement",
        subject_id=placement_id,
        actor=actor,
        station_id=station,
        at=_end_of(started_on),
        late_reason=note.strip() or None,
        **particulars,
    )
    return placement_id


@action
async def add_evidence(placement_id: int, evidence: StartEvidence | None, note: str, *, actor: Actor) -> int:
    """Append what else proves that the work began (the slip came back, the employer called); gives its id.

    Nothing that was written before changes. RuleBroken: no kind, "signed agreement" without one, a kind whose word must be
    said without a note, or the same kind with the same note again.
    """
    row = await _placement(placement_id)
    check_start_evidence(evidence, await _agreement_signed(row["referral"]), row["started_on"], today())
    check_note(evidence, note)
    assert evidence is not None
    check_more_evidence(evidence, note, await queries.evidence_of(placement_id))
    evidence_id = await _keep_evidence(placement_id, evidence, note, actor)
    await record(
        EventKind.EVIDENCE_ADDED,
        subject="placement",
        subject_id=placement_id,
        actor=actor,
        station_id=row["station"],
        referral=row["referral_number"],
        evidence=evidence.value,
    )
    return evidence_id


@action
async def end_placement(
    placement_id: int,
    how: EndedHow | None,
    ended_on: date,
    side: Side | None,
    reason: str,
    worked_minutes: int | None,
    pieces: int | None,
    pay_due_fen: int | None,
    pay_due_on: date | None,
    *,
    actor: Actor,
) -> None:
    """Write down how a work ended: last day, hours in minutes or pieces, and what pay is due until when (3.5).

    None for `pay_due_fen` or `pay_due_on` means: as agreed. The referral goes on to its call-backs; somebody without other
    work counts as looking for work again. RuleBroken when it was written before; RulesBroken as of `rules.placements.settle`.
    """
    row = await _placement(placement_id)
    if row["ended_on"] is not None:
        raise RuleBroken(ENDED_BEFORE)
    done = WorkDone(row["started_on"], ended_on, worked_minutes, pieces)
    terms = await job_terms(row["job"], row["job_version"])
    due = settle(terms, done, how, side, reason, pay_due_fen, pay_due_on, today=today())
    early = how is EndedHow.QUIT_EARLY
    assert how is not None
    changed = (
        await Placement.update(
            {
                Placement.ended_on: ended_on,
                Placement.ended_how: how.value,
                Placement.ended_by_side: side.value if early and side else "",
                Placement.ended_reason: reason.strip()[:200],
                Placement.worked_minutes: worked_minutes,
                Placement.pieces: pieces,
                Placement.pay_due_fen: due.pay_due_fen,
                Placement.pay_due_on: due.pay_due_on,
                Placement.ended_recorded_by: actor.id,
                Placement.ended_recorded_at: now(),
            }
        )
        .where(Placement.id == placement_id, Placement.ended_on.is_null())
        .returning(Placement.id)
    )
    if not changed:
        raise RuleBroken(ENDED_BEFORE)
    await referral_actions.move_on(row["referral"], ReferralEvent.QUIT_EARLY if early else ReferralEvent.COMPLETE, actor=actor)
    await _look_again(row["seeker"])
    await record(
        EventKind.PLACEMENT_ENDED,
        subject="placement",
        subject_id=placement_id,
        actor=actor,
        station_id=row["station"],
        at=_end_of(ended_on),
        late_reason=reason.strip() or None,
        referral=row["referral_number"],
        ended_how=how.value,
        ended_on=ended_on,
        side=side.value if early and side else None,
        reason=reason.strip()[:200] or None,
        worked_minutes=worked_minutes,
        pieces=pieces,
        pay_due_fen=due.pay_due_fen,
        pay_due_on=due.pay_due_on,
    )


@action
async def end_together(
    job_id: int,
    placement_ids: Sequence[int],
    ended_on: date,
    worked_minutes: int | None,
    pieces: int | None,
    late_reason: str = "",
    *,
    actor: Actor,
) -> int:
    """Write down that these workers of one post are done, with the same hours; how many. All of them or none.

    Each keeps its own row and journal entry, with pay and its day as agreed. A last day more than a day back needs
    `late_reason`. RuleBroken: nobody chosen, somebody who is not at work on this post any more (named), or as of
    `end_placement`, with the name of whom it concerns.
    """
    if not placement_ids:
        raise RuleBroken("请勾选做完的人。", "who")
    running = {row["id"]: row["worker"] for row in await queries.running_on(job_id)}
    for placement_id in dict.fromkeys(placement_ids):
        name = running.get(placement_id)
        if name is None:
            raise RuleBroken("有人已经登记过结束了，请刷新页面，看一看还有谁在做。", "who")
        try:
            done = EndedHow.COMPLETED
            await end_placement(placement_id, done, ended_on, None, late_reason, worked_minutes, pieces, None, None, actor=actor)
        except RulesBroken as several:
            raise RulesBroken([RuleBroken(f"{name}：{one.message}", one.field) for one in several.broken]) from several
        except RuleBroken as broken:
            raise RuleBroken(f"{name}：{broken.message}", broken.field) from broken
    return len(set(placement_ids))


def _end_of(day: date) -> datetime:
    """When something of this day happened, as far as it is known: by its end, or by now."""
    return min(now(), datetime.combine(day, time(23, 59, 59), CHINA))


async def _placement(placement_id: int) -> dict:
    row = (
        await Placement.select(
            Placement.id,
            Placement.job,
            Placement.seeker,
            Placement.station,
            Placement.started_on,
            Placement.ended_on,
            Placement.referral,
            Placement.referral.number.as_alias("referral_number"),
            Placement.referral.job_version.as_alias("job_version"),
        )
        .where(Placement.id == placement_id)
        .first()
    )
    if row is None:
        raise RuleBroken("没有找到这次上岗，请刷新页面。")
    return row


async def _keep_evidence(placement_id: int, evidence: StartEvidence, note: str, actor: Actor) -> int:
    evidence_id = new_id()
    await Evidence.insert(
        Evidence(
            id=evidence_id,
            placement=placement_id,
            kind=evidence.value,
            note=note.strip()[:200],
            recorded_by=actor.id,
            recorded_at=now(),
        )
    )
    return evidence_id


async def _look_again(seeker_id: int) -> None:
    """Whose last running work ended is looking for work again."""
    if not await Placement.exists().where(Placement.seeker == seeker_id, Placement.ended_on.is_null()):
        await Seeker.update({Seeker.state: SeekerState.ACTIVE.value}).where(
            Seeker.id == seeker_id, Seeker.state == SeekerState.ENGAGED.value
        )


async def _station_name(station_id: int) -> str:
    row = await Station.select(Station.name).where(Station.id == station_id).first()
    return row["name"] if row else ""


async def _referral(referral_id: int) -> dict:
    row = (
        await Referral.select(
            Referral.id,
            Referral.number,
            Referral.state,
            Referral.job,
            Referral.seeker,
            Referral.station,
            Referral.referred_by,
            Referral.created_at,
            Referral.job.start_date.as_alias("agreed_start"),
        )
        .where(Referral.id == referral_id)
        .first()
    )
    if row is None:
        raise RuleBroken("没有找到这次推荐，请刷新页面。")
    return row


async def _agreement_signed(referral_id: int) -> bool:
    signed = [state.value for state in SIGNED_STATES]
    return await Agreement.exists().where(Agreement.referral == referral_id, Agreement.state.is_in(signed))


async def _supersede_others(job_id: int, actor: Actor) -> None:
    """End what nobody has promised yet on a post that is full now (3.5: post filled)."""
    if not await Job.exists().where(Job.id == job_id, Job.placed_count >= Job.headcount):
        return
    open_ones = [state.value for state in ReferralState if can(state, ReferralEvent.SUPERSEDE)]
    rows = await Referral.select(Referral.id, Referral.number, Referral.station, Referral.state).where(
        Referral.job == job_id, Referral.state.is_in(open_ones)
    )
    for row in rows:
        await Referral.update(
            {
                Referral.state: next_state(ReferralState(row["state"]), ReferralEvent.SUPERSEDE).value,
                Referral.closed_at: now(),
                Referral.close_reason: ReferralState.SUPERSEDED.label,
            }
        ).where(Referral.id == row["id"])
        await record(
            EventKind.REFERRAL_SUPERSEDED,
            subject="referral",
            subject_id=row["id"],
            actor=actor,
            station_id=row["station"],
            referral=row["number"],
        )
