"""Questions about appeals (申诉) against rejections and take-downs."""

from __future__ import annotations

from typing import Any

from piccolo.columns import ForeignKey

from db.paging import DESK_ROWS, Page, page_of, place
from db.queries.scope import within
from db.tables.jobs import JobAppeal, JobReview
from rules.permissions import Scope

_STATION: ForeignKey = JobAppeal.job.station  # type: ignore[assignment,union-attr]
_ROW = (
    JobAppeal.id,
    JobAppeal.job,
    JobAppeal.reason,
    JobAppeal.asked_at,
    JobAppeal.asked_by.name.as_alias("asked_by"),
    JobAppeal.decision,
    JobAppeal.decision_reason,
    JobAppeal.decided_at,
    JobAppeal.decided_by.name.as_alias("decided_by"),
    JobAppeal.job.number.as_alias("number"),
    JobAppeal.job.title.as_alias("title"),
    JobAppeal.job.state.as_alias("state"),
    JobAppeal.job.employer.name.as_alias("employer_name"),
    JobAppeal.job.station.name.as_alias("station_name"),
)


async def appeals_of(scope: Scope, *, waiting: bool, after: str = "", size: int = DESK_ROWS) -> Page:
    """Appeals in reach: those that wait, the longest first, or those that were answered, the latest first."""
    query = JobAppeal.select(*_ROW).where(within(scope, _STATION), JobAppeal.decision == "" if waiting else JobAppeal.decision != "")
    if start := place(after, (int,)):
        query = query.where(JobAppeal.id > start[0] if waiting else JobAppeal.id < start[0])
    return page_of(await query.order_by(JobAppeal.id, ascending=waiting).limit(size + 1), size, "id")


async def appeal_in(scope: Scope, appeal_id: int) -> dict[str, Any] | None:
    """One appeal in reach, with the decision it objects to (`against`: decision, reason, legal_basis, reviewer, at)."""
    row = await JobAppeal.select(*_ROW).where(within(scope, _STATION), JobAppeal.id == appeal_id).first()
    if row is None:
        return None
    against = (
        await JobReview.select(
            JobReview.decision,
            JobReview.reason,
            JobReview.legal_basis,
            JobReview.at,
            JobReview.reviewer,
            JobReview.reviewer.name.as_alias("reviewer_name"),
        )
        .where(JobReview.job == row["job"], JobReview.decision.is_in(["REJECTED", "TAKEN_DOWN"]), JobReview.at <= row["asked_at"])
        .order_by(JobReview.id, ascending=False)
        .first()
    )
    return {**row, "against": against}
