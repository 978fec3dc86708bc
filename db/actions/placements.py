"""Recording that a worker started: one row, one 推荐成功就业人次 (domain reference 8.2)."""

from __future__ import annotations

from datetime import date, datetime, time

from db.actions import jobs as job_actions
from db.actions import referrals as referral_actions
from db.actions.journal import record
from db.clock import CHINA, now, today
from db.errors import ConstraintViolated
from db.ids import new_id
from db.queries import placements as queries
from db.tables.agreements import Agreement
from db.tables.jobs import Job
from db.tables.referrals import Placement, Referral
from db.transaction import action
from rules.codes import AgreementState, ReferralState, StartEvidence
from rules.errors import RuleBroken
from rules.journal import EventKind
from rules.permissions import Actor
from rules.placements import check_note, check_start
from rules.referrals import ReferralEvent, can, next_state

TWICE = "同一个人同一天在同一个岗位已经登记过上岗，只算一次，不用再登记。"


@action
async def place(referral_id: int, evidence: StartEvidence | None, started_on: date, note: str, *, actor: Actor) -> int:
    """Record that the worker of a confirmed referral started; gives the placement's id.

    Takes the place of the post in the same transaction, so the last one is given once; when the post is full then,
    its other open referrals end as superseded. RuleBroken: no agreement signed, no evidence, a future day, a post
    without places, or the same worker, post and day recorded before (T14).
    """
    referral = await _referral(referral_id)
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
                station=referral["station"],
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
    await job_actions.take_place(referral["job"])
    await referral_actions.mark_placed(referral_id, actor=actor)
    await _supersede_others(referral["job"], actor)
    await record(
        EventKind.PLACEMENT_STARTED,
        subject="placement",
        subject_id=placement_id,
        actor=actor,
        station_id=referral["station"],
        at=min(now(), datetime.combine(started_on, time(23, 59, 59), CHINA)),
        late_reason=note.strip() or None,
        referral=referral["number"],
        started_on=started_on,
        evidence=evidence.value,
    )
    return placement_id


async def _referral(referral_id: int) -> dict:
    row = (
        await Referral.select(
            Referral.id,
            Referral.number,
            Referral.state,
            Referral.job,
            Referral.seeker,
            Referral.station,
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
    signed = (AgreementState.SIGNED.value, AgreementState.DELIVERED.value)
    return await Agreement.exists().where(Agreement.referral == referral_id, Agreement.state.is_in(list(signed)))


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
