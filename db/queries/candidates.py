"""Seekers as the matching sees them: with certificates, work already agreed, and referrals that wait for an answer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from heapq import nsmallest
from typing import Any

from piccolo.columns.combination import Or

from db.clock import CHINA, now, today
from db.queries.places import PROMISED
from db.queries.scope import within
from db.queries.seekers import ids_meant, trades_of
from db.tables.jobs import JobVersion
from db.tables.referrals import Placement, Referral
from db.tables.seekers import Seeker, SeekerCertificate, SeekerTrade
from rules.ages import retirement_days
from rules.codes import JobState, PensionStatus, ReferralState, SeekerState
from rules.contacts import state_in_effect
from rules.jobs import terms_from_record
from rules.matching import Candidate, tie_of, trades_named
from rules.permissions import Scope
from rules.referrals import OPEN_STATES, RUNNING_STATES, SeekerFacts
from rules.schedule import Engagement, engagement_of
from rules.seekers import DORMANT_DAYS, free_slots

CONSIDERED = 500
"""Seekers the matching looks at for one post, the longest waiting first."""
FOUND = 20_000
"""Seekers with one trade who are asked for at most: more than a district has."""
_AT_ONCE = 5_000
"""Ids in one question: SQLite takes 32,766 values, PostgreSQL 32,767."""


async def seeker_facts(seeker_id: int) -> SeekerFacts:
    """What the guards of a referral need to know about this person. LookupError when there is none."""
    found = await candidates_with([seeker_id])
    if not found:
        raise LookupError(seeker_id)
    return found[0].facts


async def candidates_for(scope: Scope, trade: str, seed: str = "") -> list[Candidate]:
    """Seekers in reach who look for this trade and may be referred, the longest waiting first, at most 500.

    Between people who have waited equally long the draw of `seed` decides, never who registered first. Who wants no
    suggestions by the system is left out (PIPL art. 24); a search by name or number still finds them.
    """
    return await candidates_with(await longest_waiting(scope, [trade], seed, CONSIDERED))


async def longest_waiting(scope: Scope, trades: Sequence[str], seed: str, most: int) -> list[int]:
    """Ids of seekers in reach who look for one of the trades and may be suggested, in their waiting order, at most `most`."""
    limit = today() - timedelta(days=DORMANT_DAYS)
    rows = (
        await Seeker.select(Seeker.id, Seeker.created_at)
        .where(
            within(scope, Seeker.station),
            Or(Seeker.state == SeekerState.ACTIVE.value, Seeker.state == SeekerState.ENGAGED.value),
            Seeker.confirmed_on >= limit,
            Seeker.suggestions.eq(True),
            Seeker.id.is_in(SeekerTrade.select(SeekerTrade.seeker).where(SeekerTrade.trade.is_in(list(trades)))),
        )
        .limit(FOUND)
    )
    started = await _last_starts([row["id"] for row in rows])
    waiting = [(started.get(row["id"]) or row["created_at"].astimezone(CHINA).date(), tie_of(seed, row["id"]), row["id"]) for row in rows]
    return [id for _, _, id in nsmallest(most, waiting)]


async def candidates_saying(scope: Scope, word: str) -> list[Candidate]:
    """Seekers in reach whom a word means (name, number, last four digits of the phone), at most 20, whatever they look for."""
    return await candidates_with(sorted(await ids_meant(scope, word)))


async def candidates_with(seeker_ids: Sequence[int]) -> list[Candidate]:
    """The seekers as the matching sees them, with certificates, agreed work and open referrals; in the order of ids."""
    if not seeker_ids:
        return []
    ids = list(seeker_ids)
    rows = await Seeker.select(
        Seeker.id,
        Seeker.state,
        Seeker.birth_date,
        Seeker.gender,
        Seeker.pension,
        Seeker.guardian_consent,
        Seeker.confirmed_on,
        Seeker.restricted_until,
        Seeker.availability,
        Seeker.subdistrict,
        Seeker.community,
        Seeker.skills,
        Seeker.station.subdistrict.as_alias("area"),
        Seeker.created_at,
    ).where(Seeker.id.is_in(ids))
    trades = await trades_of(ids)
    held: dict[int, list[tuple[str, date | None]]] = {}
    query = SeekerCertificate.select(SeekerCertificate.seeker, SeekerCertificate.type, SeekerCertificate.valid_to)
    for row in await query.where(SeekerCertificate.seeker.is_in(ids)):
        held.setdefault(row["seeker"], []).append((row["type"], row["valid_to"]))
    engagements = await _engagements(ids)
    open_jobs = await _open_jobs(ids)
    last_start = await _last_starts(ids)
    day = today()
    by_id = {row["id"]: row for row in rows}
    return [
        Candidate(
            facts=SeekerFacts(
                id=row["id"],
                state=_plain_state(row, day),
                birth_date=row["birth_date"],
                retires=retirement_days(row["birth_date"], row["gender"] or None),
                pension=PensionStatus(row["pension"]) if row["pension"] else None,
                certificates=tuple(held.get(row["id"], ())),
                guardian_consent=bool(row["guardian_consent"]),
                confirmed_on=row["confirmed_on"],
                restricted_until=row["restricted_until"],
                engagements=engagements.get(row["id"], ()),
                open_referral_jobs=open_jobs.get(row["id"], ()),
            ),
            trades=frozenset(trades.get(row["id"], ())),
            slots=free_slots(row["availability"]),
            subdistrict=row["subdistrict"],
            waiting_since=last_start.get(row["id"]) or row["created_at"].astimezone(CHINA).date(),
            community=row["community"],
            area=row["area"],
            named=trades_named(row["skills"]),
        )
        for row in (by_id[each] for each in ids if each in by_id)
    ]


def _plain_state(row: dict[str, Any], day: date) -> SeekerState:
    state = SeekerState(row["state"])
    over = state is SeekerState.RESTRICTED and row["restricted_until"] and row["restricted_until"] < day
    return SeekerState.ACTIVE if over else state


async def _engagements(ids: list[int]) -> dict[int, tuple[Engagement, ...]]:
    """Work both sides agreed to, by seeker, in the terms of the version that was agreed. Work that is over is left out."""
    held = [state.value for state in RUNNING_STATES]
    rows = await Referral.select(Referral.seeker, Referral.job, Referral.job_version).where(
        Referral.seeker.is_in(ids), Referral.state.is_in(held), _not_over(today())
    )
    if not rows:
        return {}
    versions = await JobVersion.select(JobVersion.job, JobVersion.number, JobVersion.terms).where(
        JobVersion.job.is_in(list({row["job"] for row in rows}))
    )
    terms = {(each["job"], each["number"]): each["terms"] for each in versions}
    found: dict[int, tuple[Engagement, ...]] = {}
    for row in rows:
        kept = terms.get((row["job"], row["job_version"]))
        engagement = engagement_of(terms_from_record(json.loads(kept))) if kept else None
        if engagement is not None:
            found[row["seeker"]] = (*found.get(row["seeker"], ()), engagement)
    return found


def _not_over(day: date) -> Any:
    """The post runs on, or ended lately: an agreed version may end a little later than the one published since."""
    return Or(Referral.job.end_date.is_null(), Referral.job.end_date >= day - timedelta(days=31))


async def _open_jobs(ids: list[int]) -> dict[int, tuple[int, ...]]:
    """Posts with a referral of the seeker that still waits for something, lapsed and superseded ones left out."""
    rows = await Referral.select(
        Referral.seeker, Referral.job, Referral.state, Referral.lapses_at, Referral.job.state.as_alias("job_state")
    ).where(Referral.seeker.is_in(ids), Referral.state.is_in([state.value for state in OPEN_STATES]))
    moment = now()
    found: dict[int, tuple[int, ...]] = {}
    for row in rows:
        state = state_in_effect(ReferralState(row["state"]), row["lapses_at"], JobState(row["job_state"]), moment)
        if state in OPEN_STATES:
            found[row["seeker"]] = (*found.get(row["seeker"], ()), row["job"])
    return found


async def _last_starts(ids: list[int]) -> dict[int, date]:
    """The day each seeker last started a work or was promised a place: from then on somebody waits anew, as the desk counts it."""
    found: dict[int, date] = {}
    for some in batched(ids):
        for row in await Placement.select(Placement.seeker, Placement.started_on).where(Placement.seeker.is_in(some)):
            found[row["seeker"]] = max(row["started_on"], found.get(row["seeker"], row["started_on"]))
        promised = Referral.select(Referral.seeker, Referral.employer_answered_at).where(
            Referral.seeker.is_in(some), Referral.state.is_in(PROMISED), Referral.employer_answered_at.is_not_null()
        )
        for row in await promised:
            answered = row["employer_answered_at"].astimezone(CHINA).date()
            found[row["seeker"]] = max(answered, found.get(row["seeker"], answered))
    return found


def batched(ids: Sequence[int]) -> Iterator[list[int]]:
    """The ids in handfuls that one question can name."""
    for start in range(0, len(ids), _AT_ONCE):
        yield list(ids[start : start + _AT_ONCE])
