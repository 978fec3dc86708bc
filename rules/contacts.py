"""When contact data may be seen (domain reference 10.4), and what a referral's state means by now (3.5)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from rules.codes import JobState, ReferralState
from rules.referrals import CONTACT_STATES, ENDED_STATES

LAPSES_AFTER = timedelta(hours=24)
"""How long a proposal waits for the worker's answer."""

CONTACT_DAYS = 30
"""Days after the end of the work, or after it failed, for which both sides still see each other's contact data."""

HELD_STATES: frozenset[ReferralState] = CONTACT_STATES
"""States that hold a place of the post: the employer said yes and nothing undid it, the work done or not."""

_ENDED_JOBS = frozenset({JobState.FILLED, JobState.EXPIRED, JobState.WITHDRAWN, JobState.TAKEN_DOWN, JobState.REJECTED})
_UNDONE = frozenset({ReferralState.NO_SHOW, ReferralState.CANCELLED_BY_EMPLOYER})


def ended_job_states() -> frozenset[JobState]:
    """States of a post in which nobody can be promised a place any more."""
    return _ENDED_JOBS


def state_in_effect(state: ReferralState, lapses_at: datetime, job_state: JobState, now: datetime) -> ReferralState:
    """The state as it counts now: a proposal nobody answered in time has lapsed, an ended post supersedes open ones."""
    if state is ReferralState.PROPOSED and lapses_at <= now:
        return ReferralState.LAPSED
    if state in (ReferralState.APPLIED, ReferralState.PROPOSED, ReferralState.WORKER_ACCEPTED) and job_state in _ENDED_JOBS:
        return ReferralState.SUPERSEDED
    return state


def contact_visible(
    state: ReferralState,
    last_day: date | None,
    closed_on: date | None,
    today: date,
    *,
    first_day: date | None = None,
    answered_on: date | None = None,
    ended_on: date | None = None,
) -> bool:
    """Whether both sides' contact data may be seen: only after both said yes, until 30 days after the end.

    `last_day` is the last working day of the post (None: open-ended), `closed_on` the day a no-show or a cancellation
    was recorded. Work that nobody saw begin has failed: what both agreed to and never signed ends with the later of
    `first_day` (of the work) and `answered_on` (the employer's yes); what was signed and never begun, and is open-ended, too.
    Work that began and is over counts from `ended_on`, the day it really ended.
    """
    if state in CONTACT_STATES:
        end = (ended_on or last_day) if state in ENDED_STATES else last_day
        agreed = max((day for day in (first_day, answered_on) if day), default=None)
        if agreed and (state is ReferralState.EMPLOYER_ACCEPTED or (state is ReferralState.CONFIRMED and end is None)):
            end = agreed
        return end is None or today <= end + timedelta(days=CONTACT_DAYS)
    if state in _UNDONE and closed_on is not None:
        return today <= closed_on + timedelta(days=CONTACT_DAYS)
    return False
