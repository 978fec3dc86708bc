"""What can be done with a job order: draft and revise it, review it, publish it and take it off again."""

from db.actions.jobs.drafting import JobRef, draft_job, extend_job, revise_job, submit_job
from db.actions.jobs.publishing import (
    expire_jobs,
    pause_job,
    publish_job,
    reopen_place,
    resume_job,
    take_down_job,
    take_place,
    withdraw_job,
)
from db.actions.jobs.reviewing import (
    alert_overdue_reviews,
    approve_job,
    reject_job,
    release_hit,
    return_job,
    take_review,
    verify_job,
)

__all__ = [
    "JobRef",
    "alert_overdue_reviews",
    "approve_job",
    "draft_job",
    "expire_jobs",
    "extend_job",
    "pause_job",
    "publish_job",
    "reject_job",
    "release_hit",
    "reopen_place",
    "resume_job",
    "return_job",
    "revise_job",
    "submit_job",
    "take_down_job",
    "take_place",
    "take_review",
    "verify_job",
    "withdraw_job",
]
