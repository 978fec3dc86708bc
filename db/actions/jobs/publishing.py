"""Onto the board and off it again; places taken and given back."""

from __future__ import annotations

import json
import secrets
from typing import Any

from db.actions.employers import check_station_works
from db.actions.jobs.steps import (
    by_proxy,
    check_own,
    employer_on_post,
    expire,
    job_as_of_today,
    job_row,
    list_on_board,
    move,
    note,
    public_columns,
    refuse_frozen,
    unlist,
)
from db.clock import now, today
from db.queries.employers import employer_facts
from db.queries.jobs import opened_terms, released_pairs
from db.queries.post_checks import post_hits
from db.tables.jobs import Job, JobReview
from db.transaction import action
from rules.checks import check_nothing_blocks
from rules.codes import JobState
from rules.errors import RuleBroken
from rules.jobs import JobEvent, can, check_reason, next_state
from rules.journal import EventKind
from rules.permissions import GRANTED, Actor, Permission, Role
from rules.publication import MANAGER_ONLY, check_employer_stands, check_fresh, check_watched, checked_channels, is_stale, unreleased

_RUNNING = [JobState.PUBLISHED.value, JobState.PAUSED.value]


@action
async def publish_job(job_id: int, channels: tuple[str, ...], *, actor: Actor) -> None:
    """Put an approved post onto the board: its public columns are copied and it enters the search.

    The checks run once more for the day of publication (validity at most 30 days, employer still verified).
    RuleBroken or RulesBroken say what has changed since the approval.
    """
    row = await job_as_of_today(job_id)
    state = next_state(row["state"], JobEvent.PUBLISH)
    wanted = checked_channels(channels)
    await check_station_works(row["station"])
    await refuse_frozen(row["employer"], actor)
    terms = await opened_terms(job_id, row["version"])
    hits = await post_hits(row["employer"], terms, job_id=job_id)
    check_nothing_blocks(unreleased(hits, await released_pairs(job_id)))
    # Put under watch after it was approved: then the approval must be the manager's, too.
    watched = any(hit.rule == MANAGER_ONLY for hit in hits)
    check_watched(watched, may_approve=actor.may(Permission.WATCHED_APPROVE) or await _approved_by_manager(job_id))
    check_fresh(row["verified_on"], today())
    if terms.headcount <= row["placed_count"]:
        raise RuleBroken("名额已满，不用再发布。")
    values = {
        **public_columns(terms, await employer_on_post(row["employer"])),
        Job.published_version: row["version"],
        Job.published_at: now(),
        Job.channels: ",".join(wanted),
    }
    if not row["tie_seed"]:  # drawn once, before anybody can have been suggested (rules/matching.py)
        values[Job.tie_seed] = secrets.token_hex(8)
    await move(row, state, EventKind.JOB_PUBLISHED, actor, values, channels=[channel.value for channel in wanted])
    await list_on_board(job_id)


async def _approved_by_manager(job_id: int) -> bool:
    last = (
        await JobReview.select(JobReview.reviewer.role.as_alias("role"))
        .where(JobReview.job == job_id, JobReview.decision == "APPROVED")
        .order_by(JobReview.id, ascending=False)
        .first()
    )
    return last is not None and Permission.WATCHED_APPROVE in GRANTED[Role(last["role"])]


@action
async def pause_job(job_id: int, *, actor: Actor) -> None:
    """Take a published post off the board for a while."""
    row = await job_as_of_today(job_id)
    check_own(row["employer"], actor)
    await move(row, next_state(row["state"], JobEvent.PAUSE), EventKind.JOB_PAUSED, actor, None, **by_proxy(actor))


@action
async def resume_job(job_id: int, *, actor: Actor) -> None:
    """Put a paused post back onto the board."""
    row = await job_as_of_today(job_id)
    check_own(row["employer"], actor)
    check_employer_stands(await employer_facts(row["employer"]), today())
    await refuse_frozen(row["employer"], actor)
    await move(row, next_state(row["state"], JobEvent.RESUME), EventKind.JOB_RESUMED, actor, None, **by_proxy(actor))
    await list_on_board(job_id)


@action
async def withdraw_job(job_id: int, *, actor: Actor, reason: str = "") -> None:
    """End a post because the employer needs nobody any more."""
    row = await job_as_of_today(job_id)
    check_own(row["employer"], actor)
    state = next_state(row["state"], JobEvent.WITHDRAW)
    await move(row, state, EventKind.JOB_WITHDRAWN, actor, reason=reason.strip())


@action
async def take_down_job(job_id: int, reason: str, legal_basis: str, *, actor: Actor) -> None:
    """Take a published post down against its employer's will, with reason and legal basis."""
    row = await job_as_of_today(job_id)
    state = next_state(row["state"], JobEvent.TAKE_DOWN)
    why, basis = check_reason(reason), check_reason(legal_basis, "legal_basis")
    await JobReview.insert(
        JobReview(
            job=job_id,
            version=row["version"],
            decision="TAKEN_DOWN",
            reason=why,
            legal_basis=basis,
            marked_fields=json.dumps({}),
            answers=json.dumps([]),
            reviewer=actor.id,
            at=now(),
        )
    )
    await move(row, state, EventKind.JOB_TAKEN_DOWN, actor, reason=why, legal_basis=basis)


async def take_place(job_id: int) -> None:
    """Count one worker who started, inside the placing transaction; the last place fills the post and unlists it.

    RuleBroken "名额已满": every place was given. A post that is not on the board any more keeps its state.
    """
    row = await _count(job_id, Job.placed_count + 1, Job.placed_count < Job.headcount)
    if row is None:
        raise RuleBroken("名额已满，不能再安排人上岗。")
    if row["placed_count"] < row["headcount"]:
        return
    if can(row["state"], JobEvent.FILL):
        await move(row, next_state(row["state"], JobEvent.FILL), EventKind.JOB_FILLED, None)
    else:
        await note(row, EventKind.JOB_FILLED, None, state=row["state"].value)


async def reopen_place(job_id: int) -> None:
    """Give one place back because a placement failed; a filled post is published again, unless its employer ended it."""
    row = await _count(job_id, Job.placed_count - 1, Job.placed_count > 0)
    if row is not None and row["state"] is JobState.FILLED and row["ended_at"] is None:
        await move(row, next_state(row["state"], JobEvent.REOPEN), EventKind.JOB_REOPENED, None)
        await list_on_board(job_id)


async def _count(job_id: int, value: Any, condition: Any) -> dict[str, Any] | None:
    changed = await Job.update({Job.placed_count: value, Job.changed_at: now()}).where(Job.id == job_id, condition).returning(Job.id)
    return await job_row(job_id) if changed else None


async def expire_jobs(*, actor: Actor | None = None) -> int:
    """End every post whose last valid day has passed, and hide those nobody verified for 15 days; how many changed."""
    passed = await Job.select(Job.id).where(Job.state.is_in(_RUNNING), Job.valid_to < today())
    for row in passed:
        await _expire_one(row["id"], actor)
    listed = await Job.select(Job.id, Job.verified_on).where(Job.listed.eq(True))
    stale = [row["id"] for row in listed if is_stale(row["verified_on"], today())]
    for job_id in stale:
        await _hide_one(job_id)
    return len(passed) + len(stale)


@action
async def _expire_one(job_id: int, actor: Actor | None) -> None:
    row = await job_row(job_id)
    if row["state"].value in _RUNNING and row["valid_to"] is not None and row["valid_to"] < today():
        await expire(row, actor=actor)


@action
async def _hide_one(job_id: int) -> None:
    # STALE is a flag that follows from the day of the last verification, not a state: nothing is recorded (3.3).
    await unlist(await job_row(job_id))
