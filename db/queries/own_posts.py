"""An employer's own posts (雇主自己的岗位): every question is asked by the employer's id, so another's post does not exist."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from piccolo.columns.combination import And, Or

from db.clock import now, today
from db.paging import BOARD_ROWS, Page, page_of, place
from db.queries.employers import document_hashes
from db.tables.employers import Employer
from db.tables.jobs import Job, JobAppeal, JobOutcome
from db.tables.journal import JournalEntry
from db.tables.referrals import Referral
from rules.codes import CreditState, EmployerState, JobState, ReferralState
from rules.endings import OVER_STATES
from rules.journal import chain_of
from rules.numbers import NumberKind, kind_of, normal
from rules.own_posts import CONFIRM_AFTER, STEPS, confirmation_due
from rules.publication import is_stale, shown_state

ASKED_FOR = timedelta(days=60)
"""How long after its end a post waits for a word about its outcome."""

_S = JobState
GROUPS: dict[str, tuple[JobState, ...]] = {
    "draft": (_S.DRAFT,),
    "review": (_S.SUBMITTED, _S.IN_REVIEW, _S.APPROVED),
    "running": (_S.PUBLISHED, _S.PAUSED),
    "over": (_S.FILLED, _S.EXPIRED, _S.WITHDRAWN, _S.REJECTED, _S.TAKEN_DOWN),
}
"""The lists of the employer's front page."""

_RUNNING = [state.value for state in GROUPS["running"]]
_LISTED = (
    Job.id,
    Job.number,
    Job.state,
    Job.title,
    Job.headcount,
    Job.placed_count,
    Job.pay_fen,
    Job.pay_unit,
    Job.start_date,
    Job.valid_to,
    Job.verified_on,
    Job.confirmed_on,
    Job.submitted_at,
    Job.published_version,
    Job.created_at,
    Job.changed_at,
)
_ROW = (
    *_LISTED,
    Job.station,
    Job.station.name.as_alias("station_name"),
    Job.station.phone.as_alias("station_phone"),
    Job.employer,
    Job.version,
    Job.trade,
    Job.end_date,
    Job.source,
    Job.published_at,
    Job.ended_at,
    Job.ended_reason,
)


def _read(row: dict[str, Any]) -> dict[str, Any]:
    day = today()
    state = shown_state(_S(row["state"]), row["valid_to"], day)
    row["state"] = state.value
    row["stale"] = state is _S.PUBLISHED and is_stale(row["verified_on"], day)
    row["confirm"] = confirmation_due(state, row["verified_on"], row["confirmed_on"], day)
    row["returned"] = state is _S.DRAFT and row["submitted_at"] is not None
    return row


async def own_employer(employer_id: int) -> dict[str, Any] | None:
    """The employer's own record with its station: state, credit and reasons; nothing sealed."""
    return (
        await Employer.select(
            Employer.id,
            Employer.station,
            Employer.station.name.as_alias("station_name"),
            Employer.station.code.as_alias("station_code"),
            Employer.station.phone.as_alias("station_phone"),
            Employer.station.address.as_alias("station_address"),
            Employer.station.opening_hours.as_alias("station_hours"),
            Employer.kind,
            Employer.name,
            Employer.id_type,
            Employer.id_warning,
            Employer.legal_representative,
            Employer.agent_name,
            Employer.agency,
            Employer.dispatch,
            Employer.state,
            Employer.verified_until,
            Employer.credit,
            Employer.reject_reason,
        )
        .where(Employer.id == employer_id)
        .first()
    )


async def credit_reason(employer_id: int, credit: CreditState) -> str:
    """Why the employer has this standing: its own reason, or that of another station that registered the same document.

    Only a verified employer learns what another station wrote: anybody may register online under somebody's number.
    """
    own = (
        await Employer.select(Employer.credit, Employer.credit_reason, Employer.state, Employer.id_index)
        .where(Employer.id == employer_id)
        .first()
    )
    if own is None or credit is CreditState.NORMAL:
        return ""
    if own["credit"] == credit.value:
        return own["credit_reason"]
    if own["state"] != EmployerState.VERIFIED.value:
        return ""
    hashes = await document_hashes(employer_id, own["id_index"])
    other = await Employer.select(Employer.credit_reason).where(Employer.id_index.is_in(hashes), Employer.credit == credit.value).first()
    return other["credit_reason"] if other else ""


async def own_post(employer_id: int, number: str) -> dict[str, Any] | None:
    """The employer's post with this public number; `state` as of today."""
    number = normal(number)
    if kind_of(number) is not NumberKind.JOB:
        return None
    row = await Job.select(*_ROW).where(Job.employer == employer_id, Job.number == number).first()
    return _read(row) if row else None


async def own_posts(employer_id: int, group: str = "", after: str = "") -> Page:
    """The employer's posts, newest first, 20 to a page; `group` is one of GROUPS, "" all."""
    query = Job.select(*_LISTED).where(Job.employer == employer_id)
    if group in GROUPS:
        query = query.where(_in_group(group))
    if start := place(after, (int,)):
        query = query.where(Job.id < start[0])
    page = page_of(await query.order_by(Job.id, ascending=False).limit(BOARD_ROWS + 1), BOARD_ROWS, "id")
    return Page([_read(row) for row in page.rows], page.next)


def _in_group(group: str) -> Any:
    passed = And(Job.state.is_in(_RUNNING), Job.valid_to < today())
    within = Job.state.is_in([state.value for state in GROUPS[group]])
    if group == "over":
        return Or(within, passed)
    if group == "running":
        return And(within, Or(Job.valid_to.is_null(), Job.valid_to >= today()))
    return within


async def returned_posts(employer_id: int) -> list[dict[str, Any]]:
    """Posts a reviewer gave back that nobody handed in again, the longest wait first; at most twenty."""
    query = Job.select(*_LISTED).where(Job.employer == employer_id, Job.state == _S.DRAFT.value, Job.submitted_at.is_not_null())
    return [_read(row) for row in await query.order_by(Job.changed_at).limit(20)]


async def posts_to_confirm(employer_id: int) -> list[dict[str, Any]]:
    """Public posts nobody said a word about for ten days; at most twenty."""
    limit = today() - timedelta(days=CONFIRM_AFTER)
    query = Job.select(*_LISTED).where(
        Job.employer == employer_id,
        Job.state == _S.PUBLISHED.value,
        Job.valid_to >= today(),
        Or(Job.verified_on.is_null(), Job.verified_on <= limit),
        Or(Job.confirmed_on.is_null(), Job.confirmed_on <= limit),
    )
    return [_read(row) for row in await query.order_by(Job.id).limit(20)]


async def posts_to_report(employer_id: int) -> list[dict[str, Any]]:
    """Posts that came to their end in the last sixty days and whose outcome nobody told; at most twenty."""
    over = [state.value for state in OVER_STATES]
    passed = And(Job.state.is_in(_RUNNING), Job.valid_to < today())
    query = Job.select(*_LISTED).where(
        Job.employer == employer_id,
        Job.published_version.is_not_null(),
        Or(Job.state.is_in(over), passed),
        Job.changed_at >= now() - ASKED_FOR,
        Job.id.not_in(JobOutcome.select(JobOutcome.job).where(JobOutcome.job.employer == employer_id)),
    )
    return [_read(row) for row in await query.order_by(Job.changed_at).limit(20)]


async def posts_with_candidates(employer_id: int) -> list[dict[str, Any]]:
    """Running posts with workers who said yes and wait for the employer's answer: number, title and how many wait."""
    rows = (
        await Referral.select(Referral.job, Referral.job.number.as_alias("number"), Referral.job.title.as_alias("title"))
        .where(
            Referral.job.employer == employer_id,
            Referral.state == ReferralState.WORKER_ACCEPTED.value,
            Referral.job.state.is_in(_RUNNING),
            Referral.job.valid_to >= today(),
        )
        .order_by(Referral.id)
        .limit(500)
    )
    posts: dict[int, dict[str, Any]] = {}
    for row in rows:
        posts.setdefault(row["job"], {"number": row["number"], "title": row["title"], "count": 0})["count"] += 1
    return list(posts.values())


async def way_of(job: dict[str, Any]) -> list[dict[str, Any]]:
    """What happened to a post of `own_post`, newest first: moment and plain words; who did it is the station's business."""
    rows = (
        await JournalEntry.select(JournalEntry.at, JournalEntry.kind)
        .where(
            JournalEntry.subject == "job",
            JournalEntry.subject_id == job["id"],
            JournalEntry.chain == chain_of(job["station"]),
            JournalEntry.kind.is_in(list(STEPS)),
        )
        .order_by(JournalEntry.seq, ascending=False)
        .limit(60)
    )
    return [{"at": row["at"], "says": STEPS[row["kind"]]} for row in rows]


async def outcome_of(job_id: int) -> dict[str, Any] | None:
    """The last word about what came of a post: `found`, `where`, `note`, who said it and when."""
    return (
        await JobOutcome.select(
            JobOutcome.found, JobOutcome.where.as_alias("found_where"), JobOutcome.note, JobOutcome.at, JobOutcome.by.name.as_alias("by")
        )
        .where(JobOutcome.job == job_id)
        .order_by(JobOutcome.id, ascending=False)
        .first()
    )


async def appeals_of(job_id: int) -> list[dict[str, Any]]:
    """Every appeal against decisions about a post, newest first; `decision` is "" while it waits."""
    return (
        await JobAppeal.select(
            JobAppeal.id,
            JobAppeal.reason,
            JobAppeal.asked_at,
            JobAppeal.decision,
            JobAppeal.decision_reason,
            JobAppeal.decided_at,
        )
        .where(JobAppeal.job == job_id)
        .order_by(JobAppeal.id, ascending=False)
        .limit(20)
    )


async def confirmed_on(job_id: int) -> date | None:
    """The day the employer last said that the post still stands; it verifies nothing."""
    row = await Job.select(Job.confirmed_on).where(Job.id == job_id).first()
    return row["confirmed_on"] if row else None
