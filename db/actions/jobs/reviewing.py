"""The review desk: somebody else than the author takes a post, and returns, rejects or approves it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from db.actions.alerts import raise_alert
from db.actions.jobs.steps import job_as_of_today, list_on_board, move, note, refuse_frozen
from db.clock import now, today
from db.queries.employers import employer_facts
from db.queries.jobs import opened_terms, released_pairs, version_of
from db.queries.post_checks import active_staff, hands_of, post_hits
from db.tables.jobs import Job, JobReview, LintRelease
from db.transaction import action
from rules.checks import check_nothing_blocks
from rules.codes import AlertKind, JobState, RejectReason, VerifyMethod
from rules.errors import RuleBroken
from rules.jobs import JobEvent, check_reason, next_state
from rules.journal import EventKind
from rules.lint import Severity, release_role
from rules.permissions import Actor, Permission, Role
from rules.publication import (
    MANAGER_ONLY,
    REVIEW_WITHIN,
    check_confirmed,
    check_employer_stands,
    check_fresh,
    check_post_verification,
    check_reviewers,
    check_watched,
    checked_marks,
    unreleased,
)

_PUBLIC = frozenset({JobState.PUBLISHED, JobState.PAUSED})
_OVER = frozenset({JobState.REJECTED, JobState.WITHDRAWN, JobState.TAKEN_DOWN})


@action
async def take_review(job_id: int, *, actor: Actor) -> None:
    """Begin to review a submitted post, or take a review over from a colleague. RuleBroken: the author, two staff."""
    row = await job_as_of_today(job_id)
    taken_over = row["state"] is JobState.IN_REVIEW
    if taken_over and row["reviewer"] == actor.id:
        raise RuleBroken("这个岗位已经在您手上，请直接审核。")
    state = row["state"] if taken_over else next_state(row["state"], JobEvent.TAKE_REVIEW)
    await _check_reviewer(row, actor)
    values = {Job.reviewer: actor.id, Job.review_taken_at: now()}
    await move(row, state, EventKind.JOB_REVIEW_TAKEN, actor, values, before=row["reviewer"])


@action
async def return_job(job_id: int, marked: dict[str, str], reason: str, *, actor: Actor) -> None:
    """Give the post back to its author with the reason; `marked`: field → what is to be changed there."""
    row, state = await _in_hand(job_id, JobEvent.RETURN, actor)
    why, marks = check_reason(reason), checked_marks(marked)
    await _decide(row, "RETURNED", actor, reason=why, marked=marks)
    await move(row, state, EventKind.JOB_RETURNED, actor, reason=why, marked=list(marks))


@action
async def reject_job(job_id: int, code: RejectReason, reason: str, legal_basis: str, *, actor: Actor) -> None:
    """Refuse the post for good, with coded reason, reason and legal basis. RuleBroken on the field that lacks."""
    row, state = await _in_hand(job_id, JobEvent.REJECT, actor)
    why, basis = check_reason(reason), check_reason(legal_basis, "legal_basis")
    await _decide(row, "REJECTED", actor, reason=why, code=code, legal_basis=basis)
    await move(row, state, EventKind.JOB_REJECTED, actor, code=code.value, reason=why, legal_basis=basis)


@action
async def approve_job(job_id: int, confirmed: set[str], *, actor: Actor) -> None:
    """Pass the post: employer verified, post verified lately, nothing refuses, every warning ticked in `confirmed`.

    An employer under watch needs the manager. RulesBroken or RuleBroken say what is missing.
    """
    row, state = await _in_hand(job_id, JobEvent.APPROVE, actor)
    await refuse_frozen(row["employer"], actor)
    hits = await post_hits(row["employer"], await opened_terms(job_id, row["version"]), job_id=job_id)
    check_nothing_blocks(unreleased(hits, await released_pairs(job_id)))
    check_watched(any(hit.rule == MANAGER_ONLY for hit in hits), may_approve=actor.may(Permission.WATCHED_APPROVE))
    check_fresh(row["verified_on"], today())
    check_confirmed(hits, confirmed)
    warned = sorted({hit.rule for hit in hits if hit.severity is Severity.WARN})
    await _decide(row, "APPROVED", actor, confirmed=warned)
    await move(row, state, EventKind.JOB_APPROVED, actor, confirmed=warned)


@action
async def verify_job(job_id: int, method: VerifyMethod, *, actor: Actor) -> None:
    """Note that the post was verified today this way; one that had gone stale stands on the board again."""
    row = await job_as_of_today(job_id)
    check_post_verification(method)
    if row["state"] in _OVER:
        raise RuleBroken(f"岗位现在是“{row['state'].label}”，不用再核实。")
    if row["state"] in _PUBLIC:
        check_employer_stands(await employer_facts(row["employer"]), today())
    await Job.update(
        {
            Job.verify_method: method.value,
            Job.verified_by: actor.id,
            Job.verified_on: today(),
            Job.changed_at: now(),
        }
    ).where(Job.id == job_id)
    await list_on_board(job_id)
    await note(row, EventKind.JOB_VERIFIED, actor, method=method.value)


@action
async def release_hit(job_id: int, rule: str, words: str, reason: str, *, actor: Actor) -> None:
    """Release a false positive of a text rule for these words of this post, with the reason (6.1).

    RuleBroken: the latest version has no such hit, the rule cannot be released, or not by this role.
    """
    row = await job_as_of_today(job_id)
    if row["state"] in _OVER:
        raise RuleBroken(f"岗位现在是“{row['state'].label}”，不用再放行。")
    version = await version_of(job_id, row["version"])
    every = version["checks"] if version else []
    hit = next((each for each in every if each.rule == rule and each.words == words), None)
    if hit is None or hit.severity is not Severity.BLOCK:
        raise RuleBroken("这处内容已经改过，不用放行，请刷新页面。")
    roles = release_role(rule)
    if not roles:
        raise RuleBroken("这一项不能放行，请改正登记的内容。")
    if actor.role.value not in roles:
        who = "、".join(Role(role).label for role in sorted(roles))
        raise RuleBroken(f"这一项只能由{who}放行。")
    why = check_reason(reason)
    if (rule, words[:200]) in await released_pairs(job_id):
        raise RuleBroken("这处已经放行过了。")
    await LintRelease.insert(
        LintRelease(
            job=job_id,
            version=row["version"],
            rule=rule,
            words=words[:200],
            reason=why,
            released_by=actor.id,
            at=now(),
        )
    )
    await note(row, EventKind.LINT_RELEASED, actor, rule=rule, reason=why)


async def alert_overdue_reviews() -> int:
    """Put posts that have waited for a decision for more than a day before their managers; gives how many.

    Called by the clock; each post is told once a day.
    """
    waiting = (
        await Job.select(Job.id, Job.station, Job.number)
        .where(Job.state.is_in([JobState.SUBMITTED.value, JobState.IN_REVIEW.value]), Job.submitted_at < now() - REVIEW_WITHIN)
        .limit(500)
    )
    raised = [
        await raise_alert(AlertKind.REVIEW_OVERDUE, station_id=row["station"], subject="job", subject_id=row["id"], number=row["number"])
        for row in waiting
    ]
    return sum(each is not None for each in raised)


async def _in_hand(job_id: int, event: JobEvent, actor: Actor) -> tuple[dict[str, Any], JobState]:
    row = await job_as_of_today(job_id)
    state = next_state(row["state"], event)
    if row["reviewer"] != actor.id:
        raise RuleBroken("这个岗位由别的同事在审核。要接手的，请先点“接手审核”。")
    await _check_reviewer(row, actor)
    return row, state


async def _check_reviewer(row: dict[str, Any], actor: Actor) -> None:
    version = await version_of(row["id"], row["version"])
    author = version["author"] if version else row["author"]
    hands = await hands_of(row["id"], row["published_version"] or 0)
    check_reviewers(actor.id, author, hands, await active_staff(row["station"]))


async def _decide(
    row: dict[str, Any],
    decision: str,
    actor: Actor,
    *,
    reason: str = "",
    code: RejectReason | None = None,
    legal_basis: str = "",
    marked: Mapping[str, str] | None = None,
    confirmed: list[str] | None = None,
) -> None:
    await JobReview.insert(
        JobReview(
            job=row["id"],
            version=row["version"],
            decision=decision,
            reason_code=code.value if code else "",
            reason=reason,
            legal_basis=legal_basis,
            marked_fields=json.dumps(dict(marked or {}), ensure_ascii=False),
            answers=json.dumps(confirmed or []),
            reviewer=actor.id,
            at=now(),
        )
    )
