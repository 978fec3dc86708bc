"""Questions of the desk's front page (今日): what waits at this station, and where a typed number leads."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from piccolo.columns.combination import And, Or

from db.queries.scope import within
from db.tables.activities import Activity
from db.tables.agreements import Agreement, Guidance
from db.tables.complaints import LegalCase
from db.tables.jobs import Job
from db.tables.referrals import Referral
from db.tables.seekers import Seeker
from rules.codes import AgreementState, JobState, ReferralState
from rules.contacts import ended_job_states
from rules.numbers import NumberKind
from rules.permissions import Scope

WAITING_ROWS = 12
STARTING_ROWS = 20

# Each count stops at 1000: a tile says "1000+" instead of reading a year of rows. Referrals are counted as their own list
# counts them: a lapsed proposal, or one to a post that has ended, waits for nobody (`rules.contacts.state_in_effect`).
_TODAY = """SELECT
(SELECT count(*) FROM (SELECT 1 FROM job WHERE station = {} AND state = 'SUBMITTED' LIMIT 1000) AS a) AS submitted,
(SELECT count(*) FROM (SELECT 1 FROM job WHERE station = {} AND state = 'IN_REVIEW' LIMIT 1000) AS b) AS in_review,
(SELECT count(*) FROM (SELECT 1 FROM job WHERE station = {} AND state = 'APPROVED' LIMIT 1000) AS c) AS approved,
(SELECT count(*) FROM (SELECT 1 FROM job WHERE station = {} AND start_date = {} AND state IN ('PUBLISHED', 'FILLED') LIMIT 1000) AS d)
  AS starting,
(SELECT count(*) FROM (SELECT 1 FROM referral JOIN job ON job.id = referral.job
  WHERE coalesce(referral.seeker_station, referral.station) = {}
  AND referral.state = 'PROPOSED' AND referral.lapses_at > {}
  AND job.state NOT IN ('FILLED', 'EXPIRED', 'WITHDRAWN', 'TAKEN_DOWN', 'REJECTED') LIMIT 1000) AS e) AS worker_asked,
(SELECT count(*) FROM (SELECT 1 FROM referral JOIN job ON job.id = referral.job WHERE referral.station = {}
  AND referral.state = 'WORKER_ACCEPTED'
  AND job.state NOT IN ('FILLED', 'EXPIRED', 'WITHDRAWN', 'TAKEN_DOWN', 'REJECTED') LIMIT 1000) AS f) AS employer_asked,
(SELECT count(*) FROM (SELECT 1 FROM agreement WHERE station = {} AND state = 'PRINTED' LIMIT 1000) AS g) AS printed,
(SELECT count(*) FROM (SELECT 1 FROM agreement WHERE station = {} AND state = 'SIGNED' LIMIT 1000) AS h) AS signed,
(SELECT count(*) FROM (SELECT 1 FROM placement WHERE station = {} AND started_on >= {} AND started_on <= {} LIMIT 10000) AS i) AS placed"""


async def counts_today(station_id: int, moment: datetime, today: date) -> dict[str, int]:
    """What waits at a station today, by tile; `placed` counts the placements of the year (domain reference 8.2)."""
    own = station_id
    first, last = date(today.year, 1, 1), date(today.year, 12, 31)
    rows = await Job.raw(_TODAY, own, own, own, own, today, own, moment, own, own, own, own, first, last)
    return {name: int(n) for name, n in rows[0].items()}


async def jobs_starting(scope: Scope, today: date) -> list[dict[str, Any]]:
    """The posts whose work begins today, by the hour: number, title, hours, places."""
    return (
        await Job.select(Job.number, Job.title, Job.state, Job.start_time, Job.end_time, Job.headcount, Job.placed_count)
        .where(within(scope, Job.station), Job.start_date == today, Job.state.is_in([JobState.PUBLISHED.value, JobState.FILLED.value]))
        .order_by(Job.start_time, Job.id)
        .limit(STARTING_ROWS)
    )


async def jobs_waiting(scope: Scope) -> list[dict[str, Any]]:
    """The posts that wait longest for a reviewer or for publication: number, title, state, since when."""
    since = Job.submitted_at
    return (
        await Job.select(Job.number, Job.title, Job.state, since.as_alias("since"))
        .where(
            within(scope, Job.station),
            Job.state.is_in([JobState.SUBMITTED.value, JobState.IN_REVIEW.value, JobState.APPROVED.value]),
            since.is_not_null(),
        )
        .order_by(since, Job.id)
        .limit(WAITING_ROWS)
    )


async def referrals_waiting(scope: Scope, moment: datetime) -> list[dict[str, Any]]:
    """The referrals that wait longest for an answer: number, post title, state, since when, until when."""
    return (
        await Referral.select(
            Referral.number,
            Referral.job.title.as_alias("title"),
            Referral.state,
            Referral.created_at.as_alias("since"),
            Referral.lapses_at,
        )
        .where(
            Or(
                And(
                    And(Referral.state == ReferralState.PROPOSED.value, Referral.lapses_at > moment),
                    Or(
                        within(scope, Referral.seeker_station),
                        And(Referral.seeker_station.is_null(), within(scope, Referral.station)),
                    ),
                ),
                And(Referral.state == ReferralState.WORKER_ACCEPTED.value, within(scope, Referral.station)),
            ),
            Referral.job.state.not_in([state.value for state in ended_job_states()]),
        )
        .order_by(Referral.created_at, Referral.id)
        .limit(WAITING_ROWS)
    )


async def agreements_waiting(scope: Scope) -> list[dict[str, Any]]:
    """The agreements that wait longest for signatures or for delivery: number, post title, state, since when."""
    rows = (
        await Agreement.select(
            Agreement.number,
            Agreement.referral.job.title.as_alias("title"),  # type: ignore[union-attr]
            Agreement.state,
            Agreement.changed_at,
            Agreement.printed_at,
            Agreement.signed_at,
        )
        .where(
            within(scope, Agreement.station),
            Agreement.state.is_in([AgreementState.PRINTED.value, AgreementState.E_SIGNING.value, AgreementState.SIGNED.value]),
        )
        .order_by(Agreement.changed_at, Agreement.id)
        .limit(WAITING_ROWS)
    )
    return [{**row, "since": row["printed_at"] or row["signed_at"] or row["changed_at"]} for row in rows]


async def number_in(scope: Scope, kind: NumberKind, number: str) -> bool:
    """Whether a record with this public number lies in the asker's reach."""
    match kind:
        case NumberKind.JOB:
            return await Job.exists().where(within(scope, Job.station), Job.number == number)
        case NumberKind.SEEKER:
            return await Seeker.exists().where(within(scope, Seeker.station), Seeker.number == number)
        case NumberKind.REFERRAL:
            return await Referral.exists().where(within(scope, Referral.station), Referral.number == number)
        case NumberKind.AGREEMENT:
            return await Agreement.exists().where(within(scope, Agreement.station), Agreement.number == number)
        case NumberKind.GUIDANCE:
            return await Guidance.exists().where(within(scope, Guidance.station), Guidance.number == number)
        case NumberKind.CASE:
            return await LegalCase.exists().where(within(scope, LegalCase.station), LegalCase.number == number)
        case NumberKind.ACTIVITY:
            return await Activity.exists().where(within(scope, Activity.station), Activity.number == number)
    return False
