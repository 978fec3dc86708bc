"""The last days of a post: it still stands, it ends early, and what came of it. The employer does it, or staff for them."""

from __future__ import annotations

from db.actions.jobs.steps import by_proxy, check_own, job_as_of_today, move, note
from db.actions.referrals import end_overdue
from db.clock import now, today
from db.queries.referrals import waiting
from db.tables.jobs import Job, JobOutcome
from db.transaction import action
from rules.codes import EndReason, FoundWhere, JobState
from rules.endings import checked_outcome, end_reason_text, ended_state
from rules.errors import RuleBroken
from rules.journal import EventKind
from rules.permissions import Actor


@action
async def end_job(job_id: int, why: EndReason | None, note_text: str, *, actor: Actor) -> JobState:
    """End a post before its last day; the state afterwards. Referrals nobody has answered end with it.

    Who was accepted already keeps the place. RuleBroken: no reason, or the post cannot be ended now.
    """
    row = await job_as_of_today(job_id)
    check_own(row["employer"], actor)
    reason = end_reason_text(why, note_text)
    state = ended_state(row["state"], why or EndReason.OTHER)
    values = {Job.ended_at: now(), Job.ended_reason: reason}
    particulars = {"why": str(why), "reason": reason, **by_proxy(actor)}
    await move(row, state, EventKind.JOB_ENDED_EARLY, actor, values, **particulars)
    await end_overdue(await waiting(job_id=job_id), actor)
    return state


@action
async def tell_outcome(job_id: int, found: int | None, where: FoundWhere | None, note_text: str, *, actor: Actor) -> None:
    """Keep what the employer says after the end: how many were found, and where. The last word counts.

    RuleBroken: the post still runs or was never public, or number and place disagree.
    """
    row = await job_as_of_today(job_id)
    check_own(row["employer"], actor)
    outcome = checked_outcome(row["state"], found, where, " ".join(note_text.split())[:200])
    if row["published_version"] is None:
        raise RuleBroken("这个岗位没有公开过，不用反馈招工结果。")
    await JobOutcome.insert(
        JobOutcome(job=job_id, found=outcome.found, where=outcome.where.value, note=outcome.note, by=actor.id, at=now())
    )
    await note(row, EventKind.JOB_OUTCOME_TOLD, actor, found=outcome.found, where=outcome.where.value, **by_proxy(actor))


@action
async def confirm_job(job_id: int, *, actor: Actor) -> None:
    """Note that the employer says the post still stands. It verifies nothing: that is staff's work (docs/decisions)."""
    row = await job_as_of_today(job_id)
    check_own(row["employer"], actor)
    if row["state"] is not JobState.PUBLISHED:
        raise RuleBroken(f"岗位现在是“{row['state'].label}”，不用确认还在招。")
    await Job.update({Job.confirmed_on: today(), Job.changed_at: now()}).where(Job.id == job_id)
    await note(row, EventKind.JOB_CONFIRMED, actor, day=today(), **by_proxy(actor))
