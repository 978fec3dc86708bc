"""Referrals (推荐): proposing a seeker for a post, the answers of both sides, and how a referral ends (domain 3.5)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from db.actions.alerts import raise_alert
from db.actions.employer_standing import watch_by_itself
from db.actions.journal import record
from db.clock import now, today
from db.ids import new_id
from db.numbers import next_number
from db.queries import referrals as queries
from db.queries.attendance import present_today
from db.queries.candidates import seeker_facts
from db.queries.jobs import post_facts
from db.queries.orders import station_taking
from db.queries.places import places_left
from db.tables.jobs import Job
from db.tables.referrals import Referral
from db.tables.seekers import Consent, Seeker
from db.transaction import action
from rules.applications import WITHDRAWN_REASON
from rules.codes import AlertKind, ConsentMethod, EmployerDecline, JobState, ReferralState, SeekerState, StationState, WorkerDecline
from rules.contacts import LAPSES_AFTER, state_in_effect
from rules.employers import CreditGround
from rules.errors import RuleBroken
from rules.jobs import check_reason
from rules.journal import EventKind
from rules.numbers import referral_number
from rules.permissions import Actor, Role
from rules.pool import check_asks_employer, check_asks_worker, check_pair
from rules.referrals import ENDED_STATES, PostFacts, ReferralEvent, can, check_referral, consent_text, decline_reason_hits, next_state
from rules.seekers import NOTICE_VERSION, ConsentPurpose
from rules.stations import SUSPENDED

FULL = "名额已满：雇主已答应的人数到了招工人数，不能再登记雇主同意。要换人的，请先登记取消或者未到岗。"
DISCRIMINATORY = "雇主说的理由含有歧视内容（已标出），不能登记为不用的原因。请与雇主说明，改选与干活直接有关的原因。"


@dataclass(frozen=True, slots=True)
class ReferralRef:
    """A new referral: row, public number, and what staff must know before going on."""

    id: int
    number: str
    warnings: list[str]


@action
async def propose(job_id: int, seeker_id: int, *, actor: Actor) -> ReferralRef:
    """Propose a seeker for a post; it waits 24 hours for the worker's answer.

    RuleBroken (RulesBroken for several) says what stands in the way, as of `rules.referrals.check_referral`, and when
    the station is suspended, or neither seeker nor post belongs to the actor's station. Across stations the one that
    keeps the worker's record asks the worker, the one that keeps the post asks the employer (9, rule 7).
    """
    job = await job_referred_to(job_id)
    seeker = await Seeker.select(Seeker.station, Seeker.number).where(Seeker.id == seeker_id).first()
    if seeker is None:
        raise RuleBroken("没有找到这位求职者，请核对编号。", "seeker")
    present = await present_today(actor.station_id, seeker_id, today())
    taken_by = await _taken_by_another(job_id, job["station"], actor)
    check_pair(actor, job["station"], seeker["station"], present=present, taken_by_station=taken_by)
    if job["station_state"] != StationState.OPERATING.value:
        raise RuleBroken(SUSPENDED)
    await end_overdue(await queries.waiting(job_id=job_id), actor)
    post, facts = await post_as_promised(job_id), await seeker_facts(seeker_id)
    warnings = check_referral(post, facts, today=today())
    moment, referral_id = now(), new_id()
    number = referral_number(today(), await next_number(f"referral:{today():%y%m%d}"))
    await Referral.insert(
        Referral(
            id=referral_id,
            number=number,
            job=job_id,
            job_version=job["version"],
            seeker=seeker_id,
            station=job["station"],
            seeker_station=seeker["station"],
            referred_by=actor.station_id if actor.station_id != job["station"] else None,
            created_by=actor.id,
            created_at=moment,
            state=ReferralState.PROPOSED.value,
            warnings=json.dumps(warnings, ensure_ascii=False),
            lapses_at=moment + LAPSES_AFTER,
        )
    )
    await record(
        EventKind.REFERRAL_PROPOSED,
        subject="referral",
        subject_id=referral_id,
        actor=actor,
        station_id=job["station"],
        referral=number,
        job=job["number"],
        job_version=job["version"],
        seeker=seeker["number"],
        warnings=len(warnings),
    )
    return ReferralRef(referral_id, number, warnings)


@action
async def worker_accepts(referral_id: int, *, method: ConsentMethod | None, actor: Actor) -> None:
    """The worker goes and agrees, in a consent of its own, that the contact data go to this employer (PIPL art. 23).

    RuleBroken: not waiting for the worker any more, no method, or an obstacle that came up since the proposal.
    """
    await _worker_says_yes(await _found(referral_id), method, actor)


async def _worker_says_yes(row: dict[str, Any], method: ConsentMethod | None, actor: Actor, *, guarded: bool = False) -> None:
    """`guarded`: the guards were asked in this transaction, which sees nothing of what others do meanwhile."""
    await _check_own_worker(row, actor)
    after = next_state(row["state_now"], ReferralEvent.WORKER_ACCEPT)
    if method is None:
        raise RuleBroken("请选择本人是怎样同意的。", "method")
    if not guarded:
        await _check_again(row)
    consent_id = await keep_consent(row["seeker"], consent_text(row["employer_name"], row["title"]), method, actor)
    await _move(
        row,
        after,
        EventKind.REFERRAL_WORKER_ACCEPTED,
        {Referral.consent: consent_id, Referral.worker_answered_at: now()},
        actor,
        consent=consent_id,
        method=method.value,
    )


@action
async def worker_declines(referral_id: int, reason_code: WorkerDecline | None, note: str, *, actor: Actor) -> None:
    """The worker does not go, or takes the yes back while the employer has not answered. RuleBroken without a reason."""
    row = await _found(referral_id)
    await _check_own_worker(row, actor)
    after = next_state(row["state_now"], ReferralEvent.WORKER_DECLINE)
    reason = _reason(reason_code, note, other=WorkerDecline.OTHER, field="worker_reason")
    moment = now()
    values = {Referral.worker_answered_at: moment, Referral.worker_reason: reason, Referral.closed_at: moment}
    await _move(row, after, EventKind.REFERRAL_WORKER_DECLINED, values, actor, reason_code=str(reason_code))


@action
async def withdraw_consent(referral_id: int, *, actor: Actor, by_proxy: bool = False) -> bool:
    """The worker takes the consent back that names this employer (PIPL art. 15); whether the referral ended with it.

    While nothing is signed the referral ends. After that the agreement stands, but contact data are shown to nobody
    any more. RuleBroken: no consent, or it was withdrawn before.
    """
    row = await _found(referral_id)
    await _check_own_worker(row, actor)
    if row["consent"] is None or row["consent_withdrawn_at"] is not None:
        raise RuleBroken("这项同意已经撤回，或者没有给过。")
    await Consent.update({Consent.withdrawn_at: now(), Consent.withdrawn_by: actor.id}).where(Consent.id == row["consent"])
    ends = can(row["state_now"], ReferralEvent.CONSENT_WITHDRAWN)
    if ends:
        await end_for_worker(referral_id, actor=actor)
    await record(
        EventKind.CONSENT_WITHDRAWN,
        subject="referral",
        subject_id=referral_id,
        actor=actor,
        station_id=row["station"],
        referral=row["number"],
        consent=row["consent"],
        referrals_ended=int(ends),
        by_proxy=by_proxy,
    )
    return ends


@action
async def end_for_worker(referral_id: int, *, actor: Actor) -> None:
    """End a referral because the worker withdrew what it rests on, with a neutral reason. RuleBroken: nothing to end."""
    row = await _found(referral_id)
    after = next_state(row["state_now"], ReferralEvent.CONSENT_WITHDRAWN)
    values = {Referral.worker_reason: WITHDRAWN_REASON, Referral.closed_at: now(), Referral.close_reason: WITHDRAWN_REASON}
    await _move(row, after, EventKind.REFERRAL_WORKER_DECLINED, values, actor, reason=WITHDRAWN_REASON)


@action
async def employer_accepts(referral_id: int, answered_by: str, *, actor: Actor) -> None:
    """The employer takes the worker: from now on both sides see each other's contact data.

    RuleBroken: the worker has not agreed, nobody is named who answered, every place is promised already, or an
    obstacle came up since the proposal (other work agreed meanwhile).
    """
    await _employer_says_yes(await _found(referral_id), answered_by, actor)


async def _employer_says_yes(row: dict[str, Any], answered_by: str, actor: Actor, *, guarded: bool = False) -> None:
    """`guarded` as of the worker's yes; places are counted in any case."""
    await _check_own(row, actor)
    after = next_state(row["state_now"], ReferralEvent.EMPLOYER_ACCEPT)
    if not answered_by.strip():
        raise RuleBroken("请填写雇主这边是谁答复的。", "answered_by")
    if await places_left(row["job"]) <= 0:
        raise RuleBroken(FULL)
    if not guarded:
        await _check_again(row)
    values = {Referral.employer_answered_at: now(), Referral.employer_answered_by: answered_by.strip()[:40]}
    await _move(row, after, EventKind.REFERRAL_EMPLOYER_ACCEPTED, values, actor)


@action
async def agree(job_id: int, seeker_id: int, *, method: ConsentMethod | None, answered_by: str, actor: Actor) -> ReferralRef:
    """Propose, the worker's yes and the employer's yes at once, for somebody who stands at the counter. All of it or none.

    A referral of the pair that was begun before is gone on with. RuleBroken: as of the three, whose guards are asked once.
    """
    begun = await queries.begun(job_id, seeker_id)
    reference = ReferralRef(begun["id"], begun["number"], []) if begun else await propose(job_id, seeker_id, actor=actor)
    row = await _found(reference.id)
    if begun:
        await _check_again(row)
    if row["state_now"] is ReferralState.PROPOSED:
        await _worker_says_yes(row, method, actor, guarded=True)
        row = await _found(reference.id)
    await _employer_says_yes(row, answered_by, actor, guarded=True)
    return reference


@action
async def employer_declines(
    referral_id: int, reason_code: EmployerDecline | None, note: str, *, actor: Actor, answered_by: str = ""
) -> None:
    """The employer does not take the worker.

    RuleBroken: no reason, or a reason that discriminates; then `marks` point at the words in the field `employer_note`.
    """
    row = await _found(referral_id)
    await _check_own(row, actor)
    after = next_state(row["state_now"], ReferralEvent.EMPLOYER_DECLINE)
    if hits := decline_reason_hits(note, "employer_note"):
        raise RuleBroken(DISCRIMINATORY, "employer_note", tuple((hit.field, hit.start, hit.end) for hit in hits))
    reason = _reason(reason_code, note, other=EmployerDecline.OTHER, field="employer_reason")
    moment = now()
    values = {
        Referral.employer_answered_at: moment,
        Referral.employer_answered_by: answered_by.strip()[:40],
        Referral.employer_reason: reason,
        Referral.closed_at: moment,
    }
    await _move(row, after, EventKind.REFERRAL_EMPLOYER_DECLINED, values, actor, reason_code=str(reason_code))


@action
async def note_discrimination(referral_id: int, note: str, *, actor: Actor) -> None:
    """Keep that an employer gave a discriminatory reason: which rules, which words. Nothing is kept of any other reason.

    The manager of the post's station is told, to look into it, and the employer is put on watch at once (3.2, 3.5).
    """
    hits = decline_reason_hits(note, "employer_note")
    row = await _found(referral_id)
    await _check_own(row, actor)
    if not hits:
        return
    words = sorted({hit.words for hit in hits})[:20]
    await record(
        EventKind.REFERRAL_REASON_REFUSED,
        subject="referral",
        subject_id=referral_id,
        actor=actor,
        station_id=row["station"],
        referral=row["number"],
        employer=row["employer_id"],
        rules=sorted({hit.rule for hit in hits}),
        words=words,
    )
    said = f"推荐{row['number']}不用人的理由涉嫌歧视：{'、'.join(words)}"[:200]
    await raise_alert(
        AlertKind.DISCRIMINATION,
        station_id=row["station"],
        subject="employer",
        subject_id=row["employer_id"],
        referral=row["number"],
        words=words,
    )
    await watch_by_itself(row["employer_id"], said, ground=CreditGround.DISCRIMINATION)


@action
async def cancel_by_employer(referral_id: int, reason: str, *, actor: Actor) -> None:
    """The employer withdraws after both said yes; the worker may complain (误工补偿). RuleBroken without five characters."""
    await _undo(referral_id, ReferralEvent.EMPLOYER_CANCEL, EventKind.REFERRAL_CANCELLED_BY_EMPLOYER, reason, actor)


@action
async def no_show(referral_id: int, reason: str, *, actor: Actor) -> None:
    """The worker did not come; counts toward the no-show rule. RuleBroken without five characters of what is known."""
    await _undo(referral_id, ReferralEvent.NO_SHOW, EventKind.REFERRAL_NO_SHOW, reason, actor)


async def _undo(referral_id: int, event: ReferralEvent, kind: EventKind, reason: str, actor: Actor) -> None:
    row = await _found(referral_id)
    await _check_own(row, actor)
    after = next_state(row["state_now"], event)
    checked = check_reason(reason)[:200]
    values = {Referral.closed_at: now(), Referral.close_reason: checked}
    await _move(row, after, kind, values, actor, reason=checked)


@action
async def confirm(referral_id: int, *, actor: Actor) -> None:
    """The agreement is signed; called by the agreements room in its transaction."""
    row = await _found(referral_id)
    after = next_state(row["state_now"], ReferralEvent.CONFIRM)
    await _move(row, after, EventKind.REFERRAL_CONFIRMED, {}, actor)


@action
async def mark_placed(referral_id: int, *, actor: Actor) -> None:
    """The work began; called by the placements room in its transaction. The seeker counts as at work."""
    row = await _found(referral_id)
    after = next_state(row["state_now"], ReferralEvent.START)
    await Seeker.update({Seeker.state: SeekerState.ENGAGED.value}).where(
        Seeker.id == row["seeker"], Seeker.state == SeekerState.ACTIVE.value
    )
    await _move(row, after, EventKind.REFERRAL_PLACED, {Referral.closed_at: now()}, actor)


@action
async def move_on(referral_id: int, event: ReferralEvent, *, actor: Actor | None) -> None:
    """What follows once the work began (3.5): it ended, the call-backs are due, both were made, both sides rated.

    Called by the placements, followups and ratings rooms in their transaction; `actor` None for the clockwork.
    RuleBroken, which names the state, when the event does not follow; ValueError for an event before the start.
    """
    row = await _found(referral_id)
    after = next_state(row["state_now"], event)
    if after not in ENDED_STATES:
        raise ValueError(event)
    await _move(row, after, EventKind(f"REFERRAL_{after.value}"), {}, actor)


@action
async def lapse_overdue(*, actor: Actor | None = None) -> int:
    """Write down what time has decided: unanswered for 24 hours, or the post has ended. Gives how many referrals ended."""
    return await end_overdue(await queries.waiting(), actor)


@action
async def end_overdue(waiting: list[dict[str, Any]], actor: Actor | None) -> int:
    """Write down which of these rows (`db.queries.referrals.waiting`) time or the end of their post has ended; how many."""
    ended = 0
    for row in waiting:
        state = state_in_effect(ReferralState(row["state"]), row["lapses_at"], JobState(row["job_state"]), now())
        if state.value == row["state"]:
            continue
        lapsed = state is ReferralState.LAPSED
        reason = "24小时没有答复" if lapsed else state.label
        kind = EventKind.REFERRAL_LAPSED if lapsed else EventKind.REFERRAL_SUPERSEDED
        values = {Referral.closed_at: now(), Referral.close_reason: reason}
        await _move(row, state, kind, values, actor)
        ended += 1
    return ended


async def keep_consent(seeker_id: int, wording: str, method: ConsentMethod, actor: Actor) -> int:
    """Keep the consent of its own for one employer and one post, in its words (PIPL art. 23); its id."""
    consent_id = new_id()
    await Consent.insert(
        Consent(
            id=consent_id,
            seeker=seeker_id,
            purpose=ConsentPurpose.REFERRAL.value,
            notice_version=NOTICE_VERSION,
            wording=wording,
            method=method.value,
            given_at=now(),
            recorded_by=actor.id,
        )
    )
    return consent_id


async def job_referred_to(job_id: int) -> dict[str, Any]:
    """The post a referral goes to, `version` the published one, with its station's state. RuleBroken when there is none."""
    row = (
        await Job.select(
            Job.number,
            Job.title,
            Job.employer_label,
            Job.station,
            Job.station.state.as_alias("station_state"),
            Job.version,
            Job.published_version,
        )
        .where(Job.id == job_id)
        .first()
    )
    if row is None:
        raise RuleBroken("没有找到这个岗位，请刷新页面，或者看看别的岗位。")
    return {**row, "version": row["published_version"] or row["version"]}


async def _found(referral_id: int) -> dict[str, Any]:
    row = await queries.referral_with_id(referral_id)
    if row is None:
        raise RuleBroken("没有找到这次推荐，请刷新页面。")
    return row


async def _check_own(row: dict[str, Any], actor: Actor) -> None:
    """An employer answers only for their own posts; staff found the referral in their scope. Who took the order may, too."""
    if actor.role is Role.EMPLOYER and actor.employer_id != row["employer_id"]:
        raise RuleBroken("没有找到这次推荐，请刷新页面。")
    check_asks_employer(actor, row["station"], await _taken_by_another(row["job"], row["station"], actor))


async def _taken_by_another(job_id: int, post_station: int, actor: Actor) -> int | None:
    """The station that took the order of this post; asked only where it can make a difference to the actor."""
    return await station_taking(job_id) if actor.station_id not in (None, post_station) else None


async def _check_own_worker(row: dict[str, Any], actor: Actor) -> None:
    """A worker answers only for himself, an employer never for a worker; staff spoke with the person."""
    if actor.role is Role.EMPLOYER or (actor.role is Role.WORKER and actor.seeker_id != row["seeker"]):
        raise RuleBroken("没有找到这次推荐，请刷新页面。")
    present = await present_today(actor.station_id, row["seeker"], today())
    check_asks_worker(actor, row["station"], row["seeker_station"], present=present)


async def post_as_promised(job_id: int) -> PostFacts:
    """The post with the places nobody is promised yet."""
    return replace(await post_facts(job_id), free_places=await places_left(job_id))


async def _check_again(row: dict[str, Any]) -> None:
    """The guards once more before a yes: ages, certificates, agreed work. Both sides were just spoken with, so neither
    post nor person is stale, and a referral that is under way may go on while the post is paused."""
    post, facts = await post_as_promised(row["job"]), await seeker_facts(row["seeker"])
    if post.state is JobState.PAUSED:
        post = replace(post, state=JobState.PUBLISHED)
    others = tuple(job for job in facts.open_referral_jobs if job != row["job"])
    awake = SeekerState.ACTIVE if facts.state is SeekerState.DORMANT else facts.state
    check_referral(
        replace(post, verified_on=today()),
        replace(facts, state=awake, confirmed_on=today(), open_referral_jobs=others),
        today=today(),
    )


def _reason(code: WorkerDecline | EmployerDecline | None, note: str, *, other: str, field: str) -> str:
    """The reason as kept: its label, then what was said. "Other" needs words."""
    if code is None:
        raise RuleBroken("请选择原因。", field)
    said = " ".join(note.split())
    if code == other and not said:
        raise RuleBroken("选了“其他”的，请写明原因。", field.replace("reason", "note"))
    return (f"{code.label}：{said}" if said else code.label)[:200]


async def _move(
    row: dict[str, Any],
    after: ReferralState,
    kind: EventKind,
    values: Mapping[Any, Any],
    actor: Actor | None,
    **particulars: Any,
) -> None:
    """Write the new state with its values and one journal entry."""
    await Referral.update({Referral.state: after.value, **values}).where(Referral.id == row["id"])
    await record(
        kind,
        subject="referral",
        subject_id=row["id"],
        actor=actor,
        station_id=row["station"],
        referral=row["number"],
        old_state=row["state"],
        new_state=after.value,
        **particulars,
    )
