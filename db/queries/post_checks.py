"""The checks of a post with everything they need from the cabinet: employer, parameters, similar posts, usual pay."""

from __future__ import annotations

import json
from datetime import date
from statistics import median_low

from piccolo.columns.combination import And

from db.clock import today
from db.queries.employers import employer_facts
from db.queries.parameters import legal_parameters
from db.tables.accounts import Account
from db.tables.jobs import Job, JobVersion
from db.transaction import asked_once
from rules.checks import CheckParameters, check_post, parameters_on
from rules.codes import JobState
from rules.jobs import comparison_text, terms_from_record
from rules.lint import Hit
from rules.permissions import Role
from rules.publication import without_sealed
from rules.terms import JobTerms

_OPEN = (JobState.PUBLISHED.value, JobState.PAUSED.value)
_SIMILAR = 20
_SAMPLE = 500


async def check_parameters(working_day: date | None) -> CheckParameters:
    """The values in force on the first working day (on today, where it lies before). ParameterMissing when none is."""
    return parameters_on(await legal_parameters(), max(working_day or today(), today()))


async def post_hits(employer_id: int, terms: JobTerms, *, job_id: int | None = None) -> list[Hit]:
    """Everything the rules object to in these terms, BLOCK first; words of sealed fields are left out.

    `job_id` is the post itself, so that it is not its own duplicate.
    """
    return without_sealed(
        check_post(
            terms,
            await employer_facts(employer_id),
            today=today(),
            parameters=await check_parameters(terms.start_date),
            similar_published=await _other_posts(employer_id, job_id),
            trade_median_fen=await usual_hourly_fen(terms.trade),
        )
    )


@asked_once
async def _other_posts(employer_id: int, job_id: int | None) -> list[str]:
    jobs = (
        await Job.select(Job.id, Job.published_version)
        .where(
            Job.employer == employer_id,
            Job.state.is_in(list(_OPEN)),
            Job.valid_to >= today(),
            Job.id != (job_id or 0),
        )
        .order_by(Job.id, ascending=False)
        .limit(_SIMILAR)
    )
    texts = []
    for job in jobs:
        row = (
            await JobVersion.select(JobVersion.terms)
            .where(And(JobVersion.job == job["id"], JobVersion.number == job["published_version"]))
            .first()
        )
        if row:
            texts.append(comparison_text(terms_from_record(json.loads(row["terms"]))))
    return texts


@asked_once
async def usual_hourly_fen(trade: str) -> int | None:
    """The median hourly pay, in fen, of the newest posts of a trade on the board; None below five of them."""
    if not trade:
        return None
    rows = (
        await Job.select(Job.hourly_fen)
        .where(Job.trade == trade, Job.listed.eq(True), Job.hourly_fen.is_not_null())
        .order_by(Job.id, ascending=False)
        .limit(_SAMPLE)
    )
    return median_low(row["hourly_fen"] for row in rows) if len(rows) >= 5 else None


async def active_staff(station_id: int) -> set[int]:
    """The accounts that may review at a station: its active staff and manager."""
    rows = await Account.select(Account.id).where(
        Account.station == station_id,
        Account.active.eq(True),
        Account.role.is_in([Role.STAFF.value, Role.MANAGER.value]),
    )
    return {row["id"] for row in rows}


async def hands_of(job_id: int, since: int) -> set[int]:
    """Everybody who wrote a version newer than `since` of a post."""
    rows = await JobVersion.select(JobVersion.author).where(JobVersion.job == job_id, JobVersion.number > since)
    return {row["author"] for row in rows}
