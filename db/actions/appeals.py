"""Appeals (申诉) against a rejection or a take-down: asked by the employer, answered by somebody who did not decide it."""

from __future__ import annotations

from typing import Any

from db.actions.alerts import raise_alert
from db.actions.jobs.steps import by_proxy, check_own, job_as_of_today, job_row, move, note
from db.clock import now
from db.ids import new_id
from db.tables.jobs import Job, JobAppeal, JobReview
from db.transaction import action
from rules.codes import AlertKind
from rules.endings import check_appeal, check_appeal_decider
from rules.errors import RuleBroken
from rules.jobs import JobEvent, check_reason, next_state
from rules.journal import EventKind
from rules.permissions import Actor

UPHELD, REFUSED = "UPHELD", "REFUSED"
"""`JobAppeal.decision`; "" while it waits."""


@action
async def ask_appeal(job_id: int, reason: str, *, actor: Actor) -> int:
    """Object to the last decision about a post; the appeal's id. The station's manager is told.

    RuleBroken: nothing to appeal against, one is open, this decision's appeal was answered, or no reason.
    """
    row = await job_as_of_today(job_id)
    check_own(row["employer"], actor)
    decided = await _decision(job_id)
    since = JobAppeal.asked_at >= decided["at"] if decided else JobAppeal.id > 0
    earlier = await JobAppeal.select(JobAppeal.decision).where(JobAppeal.job == job_id, since)
    check_appeal(row["state"], waiting=any(not each["decision"] for each in earlier), decided=bool(earlier))
    why = check_reason(reason)
    appeal_id = new_id()
    await JobAppeal.insert(JobAppeal(id=appeal_id, job=job_id, reason=why, asked_by=actor.id, asked_at=now()))
    await note(row, EventKind.JOB_APPEALED, actor, reason=why, **by_proxy(actor))
    await raise_alert(AlertKind.APPEAL, station_id=row["station"], subject="job", subject_id=job_id, actor=actor, number=row["number"])
    return appeal_id


@action
async def decide_appeal(appeal_id: int, uphold: bool, reason: str, *, actor: Actor) -> None:
    """Answer an appeal for good: upheld, the post is reviewed anew; else its state stays.

    RuleBroken: answered already, by the person who took the decision, or no reason.
    """
    appeal = await JobAppeal.select(JobAppeal.job, JobAppeal.decision).where(JobAppeal.id == appeal_id).first()
    if appeal is None or appeal["decision"]:
        raise RuleBroken("这条申诉已经答复过了，请刷新页面。")
    row = await job_row(appeal["job"])
    decided = await _decision(row["id"])
    check_appeal_decider(actor.id, decided["reviewer"] if decided else 0)
    why = check_reason(reason)
    answered = (
        await JobAppeal.update(
            {
                JobAppeal.decision: UPHELD if uphold else REFUSED,
                JobAppeal.decision_reason: why,
                JobAppeal.decided_by: actor.id,
                JobAppeal.decided_at: now(),
            }
        )
        .where(JobAppeal.id == appeal_id, JobAppeal.decision == "")
        .returning(JobAppeal.id)
    )
    if not answered:
        raise RuleBroken("这条申诉已经答复过了，请刷新页面。")
    if not uphold:
        await note(row, EventKind.JOB_APPEAL_DECIDED, actor, upheld=False, reason=why)
        return
    state = next_state(row["state"], JobEvent.APPEAL_ACCEPTED)
    # Nobody holds the review yet: whoever takes it up stands under the same rules as for any other post.
    values: dict[Any, Any] = {Job.submitted_at: now(), Job.reviewer: None, Job.review_taken_at: None}
    await move(row, state, EventKind.JOB_APPEAL_DECIDED, actor, values, upheld=True, reason=why)


async def _decision(job_id: int) -> dict[str, Any] | None:
    """The last rejection or take-down of a post."""
    return (
        await JobReview.select(JobReview.reviewer, JobReview.at)
        .where(JobReview.job == job_id, JobReview.decision.is_in(["REJECTED", "TAKEN_DOWN"]))
        .order_by(JobReview.id, ascending=False)
        .first()
    )
