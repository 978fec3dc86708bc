"""Places of posts (名额): how many the employer's yes has given away, whether the work has begun or not, and how many are left."""

from __future__ import annotations

from collections.abc import Sequence

from piccolo.query.functions.aggregate import Count

from db.tables.jobs import Job
from db.tables.referrals import Referral
from rules.contacts import HELD_STATES
from rules.referrals import PROMISED_STATES

HELD = [state.value for state in HELD_STATES]
"""States in which a place is given away."""

PROMISED = [state.value for state in PROMISED_STATES]
"""States in which it is given away and the work has not begun."""

_CODES = ", ".join(f"'{state}'" for state in sorted(HELD))


def held_sql(job: str) -> str:
    """SQL that counts the places given away of the post under this alias, for statements that choose posts by it."""
    return f"(SELECT count(*) FROM referral AS given WHERE given.job = {job}.id AND given.state IN ({_CODES}))"


async def held_places(job_ids: Sequence[int]) -> dict[int, int]:
    """How many places of each post are given away; posts with none are left out."""
    if not job_ids:
        return {}
    counted = (
        await Referral.select(Referral.job, Count(alias="n"))
        .where(Referral.job.is_in(list(job_ids)), Referral.state.is_in(HELD))
        .group_by(Referral.job)
    )
    return {row["job"]: row["n"] for row in counted}


async def places_left(job_id: int) -> int:
    """Places of a post that nobody is promised: headcount less those the employer said yes to. Never below zero."""
    job = await Job.select(Job.headcount, Job.placed_count).where(Job.id == job_id).first()
    if job is None:
        return 0
    held = await Referral.count().where(Referral.job == job_id, Referral.state.is_in(HELD))
    return max(0, job["headcount"] - max(held, job["placed_count"]))
