"""Questions about job orders and posts (岗位). Sealed parts come back opened only from `opened_terms`."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from piccolo.columns.combination import And, Or

from db.clock import today
from db.paging import DESK_ROWS, Page, page_of, place
from db.queries.scope import within
from db.tables.jobs import Job, JobOutcome, JobReview, JobVersion, LintRelease
from db.vault import vault
from rules.codes import FoundWhere, JobState
from rules.endings import OVER_STATES
from rules.jobs import terms_from_record
from rules.numbers import NumberKind, kind_of, normal
from rules.permissions import Scope
from rules.publication import SEALED_FIELDS, hits_from_record, shown_state
from rules.referrals import PostFacts
from rules.terms import JobTerms

_LISTED = (
    Job.id,
    Job.number,
    Job.state,
    Job.title,
    Job.trade,
    Job.subdistrict,
    Job.headcount,
    Job.placed_count,
    Job.start_date,
    Job.pay_fen,
    Job.pay_unit,
    Job.settle_cycle,
    Job.valid_to,
    Job.verified_on,
    Job.submitted_at,
    Job.created_at,
    Job.station.name.as_alias("station_name"),
    Job.employer.name.as_alias("employer_name"),
    Job.author.name.as_alias("author_name"),
)
_ROW = (
    *_LISTED,
    Job.station,
    Job.station.code.as_alias("station_code"),
    Job.employer,
    Job.author,
    Job.source,
    Job.version,
    Job.published_version,
    Job.listed,
    Job.employer_label,
    Job.hourly_fen,
    Job.verify_method,
    Job.verified_by.name.as_alias("verified_by"),
    Job.reviewer,
    Job.reviewer.name.as_alias("reviewer_name"),
    Job.review_taken_at,
    Job.published_at,
    Job.channels,
    Job.changed_at,
)
_RUNNING = (JobState.PUBLISHED.value, JobState.PAUSED.value)


@dataclass(frozen=True, slots=True)
class JobFilter:
    """What a list of posts is narrowed to; "" leaves a side open."""

    state: str = ""
    trade: str = ""
    word: str = ""
    outcome: str = ""


def _as_of_today(row: dict[str, Any]) -> dict[str, Any]:
    row["state"] = shown_state(JobState(row["state"]), row["valid_to"], today()).value
    return row


async def job_in(scope: Scope, number: str) -> dict[str, Any] | None:
    """The post with this public number when its station lies in the asker's reach; `state` as of today."""
    number = normal(number)
    if kind_of(number) is not NumberKind.JOB:
        return None
    row = await Job.select(*_ROW).where(within(scope, Job.station), Job.number == number).first()
    return _as_of_today(row) if row else None


async def jobs_of(scope: Scope, wanted: JobFilter, after: str = "") -> Page:
    """Posts in the asker's reach, newest first, 50 to a page; `state` as of today."""
    query = Job.select(*_LISTED).where(within(scope, Job.station))
    if wanted.state:
        query = query.where(_in_state(wanted.state))
    if wanted.trade:
        query = query.where(Job.trade == wanted.trade)
    if wanted.word:
        like = f"%{wanted.word}%"
        number = normal(wanted.word)
        query = query.where(Or(Or(Job.title.like(like), Job.employer.name.like(like)), Job.number.like(f"{number}%")))
    if wanted.outcome:
        query = query.where(_with_outcome(wanted.outcome))
    if start := place(after, (int,)):
        query = query.where(Job.id < start[0])
    rows = await query.order_by(Job.id, ascending=False).limit(DESK_ROWS + 1)
    return page_of([_as_of_today(row) for row in rows], DESK_ROWS, "id")


def _in_state(state: str) -> Any:
    passed = And(Job.state.is_in(list(_RUNNING)), Job.valid_to < today())
    if state == JobState.EXPIRED.value:
        return Or(Job.state == state, passed)
    if state in _RUNNING:
        return And(Job.state == state, Or(Job.valid_to.is_null(), Job.valid_to >= today()))
    return Job.state == state


def _with_outcome(outcome: str) -> Any:
    """Posts whose employer told what came of them (`told`), told that nobody came (`nobody`), or should be asked (`due`)."""
    told = JobOutcome.select(JobOutcome.job)
    if outcome == "nobody":
        return Job.id.is_in(told.where(JobOutcome.where == FoundWhere.NOBODY.value))
    if outcome == "told":
        return Job.id.is_in(told)
    over = Or(Job.state.is_in([state.value for state in OVER_STATES]), And(Job.state.is_in(list(_RUNNING)), Job.valid_to < today()))
    return And(And(over, Job.published_version.is_not_null()), Job.id.not_in(told))


async def jobs_since(scope: Scope, since: datetime) -> list[dict[str, Any]]:
    """The last dozen posts registered since that moment, for the list beside the form."""
    query = Job.select(*_LISTED).where(within(scope, Job.station), Job.created_at >= since)
    return [_as_of_today(row) for row in await query.order_by(Job.id, ascending=False).limit(12)]


async def jobs_of_employer(scope: Scope, employer_id: int) -> list[dict[str, Any]]:
    """The newest twenty posts of one employer in the asker's reach."""
    query = Job.select(*_LISTED).where(within(scope, Job.station), Job.employer == employer_id)
    return [_as_of_today(row) for row in await query.order_by(Job.id, ascending=False).limit(20)]


async def waiting_reviews(scope: Scope) -> list[dict[str, Any]]:
    """Posts that wait for a review or are being reviewed, the longest wait first; at most a hundred."""
    return (
        await Job.select(*_LISTED, Job.author, Job.reviewer, Job.reviewer.name.as_alias("reviewer_name"))
        .where(within(scope, Job.station), Job.state.is_in([JobState.SUBMITTED.value, JobState.IN_REVIEW.value]))
        .order_by(Job.submitted_at, Job.id)
        .limit(100)
    )


async def version_of(job_id: int, version: int | None = None) -> dict[str, Any] | None:
    """One version with its sealed parts sealed and its checks and answers read; None when there is none.

    Without `version` the one in force: the published one, else the latest.
    """
    if version is None:
        job = await Job.select(Job.version, Job.published_version).where(Job.id == job_id).first()
        if job is None:
            return None
        version = job["published_version"] or job["version"]
    row = (
        await JobVersion.select(
            *JobVersion.all_columns(exclude=[JobVersion.author]),
            JobVersion.author,
            JobVersion.author.name.as_alias("author_name"),
        )
        .where(JobVersion.job == job_id, JobVersion.number == version)
        .first()
    )
    if row is None:
        return None
    for name, empty in (("changed", "[]"), ("checks", "[]"), ("answers", "{}"), ("terms", "{}")):
        row[name] = json.loads(row[name] or empty)
    row["checks"] = hits_from_record(row["checks"])
    return row


async def job_terms(job_id: int, version: int | None = None) -> JobTerms:
    """The terms of a version (without one: of the version in force), sealed parts empty. LookupError when none."""
    return terms_from_record((await _version(job_id, version))["terms"])


async def opened_terms(job_id: int, version: int | None = None) -> JobTerms:
    """The terms with contact, exact address and pick-up place in plain text. LookupError when there is none."""
    return opened_version(await _version(job_id, version))


def opened_version(row: dict[str, Any]) -> JobTerms:
    """The terms of a version row of `version_of`, sealed parts in plain text."""
    opened: dict[str, Any] = {name: vault().open(f"job_version.{name}", row["id"], row[name]) for name in SEALED_FIELDS}
    return replace(terms_from_record(row["terms"]), **opened)


async def _version(job_id: int, version: int | None) -> dict[str, Any]:
    row = await version_of(job_id, version)
    if row is None:
        raise LookupError(job_id)
    return row


async def versions_of(job_id: int) -> list[dict[str, Any]]:
    """Every version, newest first: number, author, moment, names of the fields changed since the one before."""
    rows = (
        await JobVersion.select(
            JobVersion.number, JobVersion.changed, JobVersion.created_at, JobVersion.author.name.as_alias("author_name")
        )
        .where(JobVersion.job == job_id)
        .order_by(JobVersion.number, ascending=False)
        .limit(100)
    )
    for row in rows:
        row["changed"] = json.loads(row["changed"] or "[]")
    return rows


async def reviews_of(job_id: int) -> list[dict[str, Any]]:
    """Every decision about a post, newest first, with the marked fields read."""
    rows = (
        await JobReview.select(
            JobReview.version,
            JobReview.decision,
            JobReview.reason_code,
            JobReview.reason,
            JobReview.legal_basis,
            JobReview.marked_fields,
            JobReview.reviewer.name.as_alias("reviewer_name"),
            JobReview.at,
        )
        .where(JobReview.job == job_id)
        .order_by(JobReview.id, ascending=False)
        .limit(100)
    )
    for row in rows:
        row["marked_fields"] = json.loads(row["marked_fields"] or "{}")
    return rows


async def releases_of(job_id: int) -> list[dict[str, Any]]:
    """Every false positive that was released, newest first."""
    return (
        await LintRelease.select(
            LintRelease.rule,
            LintRelease.words,
            LintRelease.reason,
            LintRelease.version,
            LintRelease.released_by.name.as_alias("released_by"),
            LintRelease.at,
        )
        .where(LintRelease.job == job_id)
        .order_by(LintRelease.id, ascending=False)
    )


async def released_pairs(job_id: int) -> set[tuple[str, str]]:
    """(rule, words) of everything released for a post; see `rules.publication.unreleased`."""
    rows = await LintRelease.select(LintRelease.rule, LintRelease.words).where(LintRelease.job == job_id)
    return {(row["rule"], row["words"]) for row in rows}


async def last_decided_version(job_id: int, before: int) -> int | None:
    """The newest version older than `before` that somebody decided about or that was published; None for a first one."""
    review = (
        await JobReview.select(JobReview.version)
        .where(JobReview.job == job_id, JobReview.version < before)
        .order_by(JobReview.version, ascending=False)
        .first()
    )
    job = await Job.select(Job.published_version).where(Job.id == job_id).first()
    known = (review["version"] if review else None, job["published_version"] if job else None)
    return max((number for number in known if number is not None and number < before), default=None)


async def post_facts(job_id: int) -> PostFacts:
    """What the guards of a referral ask about a post: state of today, terms in force, free places."""
    row = (
        await Job.select(
            Job.id,
            Job.state,
            Job.valid_to,
            Job.headcount,
            Job.placed_count,
            Job.verified_on,
            Job.tie_seed,
            Job.version,
            Job.published_version,
        )
        .where(Job.id == job_id)
        .first()
    )
    if row is None:
        raise LookupError(job_id)
    return PostFacts(
        id=job_id,
        state=shown_state(JobState(row["state"]), row["valid_to"], today()),
        terms=await job_terms(job_id, row["published_version"] or row["version"]),
        free_places=max(0, row["headcount"] - row["placed_count"]),
        verified_on=row["verified_on"] or date.min,
        tie_seed=row["tie_seed"],
    )
