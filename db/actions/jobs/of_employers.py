"""What happens to the posts of an employer when the employer itself is blocked or renamed."""

from __future__ import annotations

import json
from collections.abc import Collection

from db.actions.jobs.steps import employer_label, employer_on_post, job_as_of_today, move
from db.clock import now
from db.tables.jobs import Job, JobReview
from rules.codes import JobState
from rules.jobs import JobEvent, can, next_state
from rules.journal import EventKind
from rules.permissions import Actor

_OVER = (JobState.REJECTED, JobState.WITHDRAWN, JobState.TAKEN_DOWN)


async def take_down_posts(employer_ids: Collection[int], reason: str, legal_basis: str, *, actor: Actor) -> int:
    """Inside a block: every published or paused post of these registrations leaves the board, at every station; how many.

    Each has its decision with reason and legal basis, and its entry in the journal of its own station.
    """
    running = [state.value for state in JobState if can(state, JobEvent.TAKE_DOWN)]
    down = 0
    for found in await Job.select(Job.id).where(Job.employer.is_in(list(employer_ids)), Job.state.is_in(running)).order_by(Job.id):
        row = await job_as_of_today(found["id"])
        if not can(row["state"], JobEvent.TAKE_DOWN):  # its last valid day had passed
            continue
        await JobReview.insert(
            JobReview(
                job=row["id"],
                version=row["version"],
                decision="TAKEN_DOWN",
                reason=reason,
                legal_basis=legal_basis,
                marked_fields=json.dumps({}),
                answers=json.dumps([]),
                reviewer=actor.id,
                at=now(),
            )
        )
        state = next_state(row["state"], JobEvent.TAKE_DOWN)
        await move(row, state, EventKind.JOB_TAKEN_DOWN, actor, reason=reason, legal_basis=legal_basis)
        down += 1
    return down


async def relabel_posts(employer_id: int) -> None:
    """Inside a change of the employer: its posts carry the name that may be shown from now on (10.3)."""
    employer = await employer_on_post(employer_id)
    posts = await Job.select(Job.id, Job.trade, Job.employer_label).where(
        Job.employer == employer_id, Job.state.not_in([state.value for state in _OVER])
    )
    for post in posts:
        label = employer_label(employer, post["trade"])
        if label != post["employer_label"]:
            await Job.update({Job.employer_label: label, Job.changed_at: now()}).where(Job.id == post["id"])
