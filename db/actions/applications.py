"""Applications (我要报名): a worker asks for a post himself; seen cards make waiting applications count (domain 3.5)."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from db.actions.journal import record
from db.actions.referrals import ReferralRef, end_overdue, job_referred_to, keep_consent, post_as_promised
from db.clock import now, today
from db.ids import new_id
from db.numbers import next_number
from db.queries import referrals as queries
from db.queries.candidates import seeker_facts
from db.tables.referrals import Referral
from db.tables.seekers import Seeker
from db.transaction import action
from rules.applications import told_to_worker
from rules.codes import ConfirmedHow, ConsentMethod, ReferralSource, ReferralState, SeekerState, StationState
from rules.contacts import LAPSES_AFTER
from rules.errors import RuleBroken
from rules.journal import EventKind
from rules.numbers import referral_number
from rules.permissions import Actor
from rules.referrals import ReferralEvent, SeekerFacts, check_referral, consent_text, next_state

SUSPENDED = "这个驿站正在停业整改，暂时不能报名。请看看别的活。"


@action
async def apply(job_id: int, *, actor: Actor, method: ConsentMethod = ConsentMethod.ONLINE) -> ReferralRef:
    """The worker applies for a post and agrees that the contact data go to this employer once it says yes (PIPL art. 23).

    The employer is asked next; for somebody whose card was not seen yet, the application waits until it was
    (state APPLIED). Who applies is looking for work: the registration is fresh again for 90 days.
    RuleBroken, RulesBroken: what stands in the way, as of `rules.referrals.check_referral`, told to the worker.
    """
    job = await job_referred_to(job_id)
    if job["station_state"] != StationState.OPERATING.value:
        raise RuleBroken(SUSPENDED)
    seeker = await _seeker(actor)
    await end_overdue(await queries.waiting(job_id=job_id), actor)
    unseen = seeker["state"] == SeekerState.SUBMITTED.value
    try:
        warnings = check_referral(await post_as_promised(job_id), _awake(await seeker_facts(seeker["id"])), today=today())
    except RuleBroken as broken:
        raise told_to_worker(broken) from broken
    if seeker["state"] == SeekerState.DORMANT.value or seeker["confirmed_on"] < today():
        await _freshen(seeker, actor)
    consent = await keep_consent(seeker["id"], consent_text(job["employer_label"], job["title"]), method, actor)
    moment, referral_id = now(), new_id()
    number = referral_number(today(), await next_number(f"referral:{today():%y%m%d}"))
    await Referral.insert(
        Referral(
            id=referral_id,
            number=number,
            job=job_id,
            job_version=job["version"],
            seeker=seeker["id"],
            station=job["station"],
            seeker_station=seeker["station"] if seeker["station"] != job["station"] else None,
            source=ReferralSource.APPLICATION.value,
            created_by=actor.id,
            created_at=moment,
            state=(ReferralState.APPLIED if unseen else ReferralState.WORKER_ACCEPTED).value,
            warnings=json.dumps(warnings, ensure_ascii=False),
            lapses_at=moment + LAPSES_AFTER,
            consent=consent,
            worker_answered_at=moment,
        )
    )
    await record(
        EventKind.REFERRAL_APPLIED,
        subject="referral",
        subject_id=referral_id,
        actor=actor,
        station_id=job["station"],
        referral=number,
        job=job["number"],
        job_version=job["version"],
        seeker=seeker["number"],
        consent=consent,
        method=method.value,
        warnings=len(warnings),
        new_state=(ReferralState.APPLIED if unseen else ReferralState.WORKER_ACCEPTED).value,
    )
    return ReferralRef(referral_id, number, warnings)


async def _freshen(seeker: dict[str, Any], actor: Actor) -> None:
    """Applying says that the person looks for work; a restriction or an unseen card is not touched by it."""
    awake = SeekerState.ACTIVE.value if seeker["state"] == SeekerState.DORMANT.value else seeker["state"]
    confirmed: dict[Any, Any] = {Seeker.confirmed_on: today(), Seeker.confirmed_by: actor.id, Seeker.confirmed_how: ConfirmedHow.SELF.value}
    await Seeker.update({**confirmed, Seeker.state: awake}).where(Seeker.id == seeker["id"])


@action
async def identity_seen(seeker_id: int, *, actor: Actor) -> int:
    """The card was seen: applications that waited for it are put to the employers; how many.

    One that may not go on any more (post full, other work agreed, a certificate run out) ends, with the reason.
    """
    moved = 0
    waiting = await Referral.select(Referral.id).where(Referral.seeker == seeker_id, Referral.state == ReferralState.APPLIED.value)
    for each in waiting:
        row = await queries.referral_with_id(each["id"])
        if row is None or row["state_now"] is not ReferralState.APPLIED:
            continue  # its post has ended; the clockwork writes that down
        after, reason = next_state(ReferralState.APPLIED, ReferralEvent.IDENTITY_SEEN), ""
        facts = await seeker_facts(seeker_id)
        others = tuple(job for job in facts.open_referral_jobs if job != row["job"])
        try:
            check_referral(await post_as_promised(row["job"]), replace(_awake(facts), open_referral_jobs=others), today=today())
            moved += 1
        except RuleBroken as broken:
            after, reason = next_state(ReferralState.APPLIED, ReferralEvent.LAPSE), told_to_worker(broken).message[:200]
        ended: dict[Any, Any] = {Referral.closed_at: now(), Referral.close_reason: reason} if reason else {}
        await Referral.update({Referral.state: after.value, **ended}).where(Referral.id == row["id"])
        await record(
            EventKind.REFERRAL_LAPSED if reason else EventKind.REFERRAL_WORKER_ACCEPTED,
            subject="referral",
            subject_id=row["id"],
            actor=actor,
            station_id=row["station"],
            referral=row["number"],
            old_state=row["state"],
            new_state=after.value,
            consent=row["consent"],
            reason=reason,
        )
    return moved


def _awake(facts: SeekerFacts) -> SeekerFacts:
    """The person as the guards see somebody who is here now: neither dormant nor stale, the card seen or about to be."""
    here = facts.state in (SeekerState.DORMANT, SeekerState.SUBMITTED)
    return replace(facts, state=SeekerState.ACTIVE if here else facts.state, confirmed_on=today())


async def _seeker(actor: Actor) -> dict[str, Any]:
    row = (
        await Seeker.select(Seeker.id, Seeker.number, Seeker.station, Seeker.state, Seeker.confirmed_on)
        .where(Seeker.id == (actor.seeker_id or 0))
        .first()
    )
    if row is None:
        raise RuleBroken("没有找到您的登记，请到驿站问一问。")
    return row
