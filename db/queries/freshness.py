"""Questions of the morning's call list (定期核实): posts and profiles that somebody should confirm by telephone."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from piccolo.columns.combination import Or

from db.clock import CHINA
from db.paging import DESK_ROWS, Page, page_of, place
from db.queries.employers import opened_employer
from db.queries.jobs import opened_terms
from db.queries.scope import within
from db.queries.seekers import opened_seeker
from db.tables.jobs import Job
from db.tables.journal import JournalEntry
from db.tables.seekers import Seeker
from rules.codes import JobState, SeekerState
from rules.freshness import posts_due_before, seekers_due_before
from rules.journal import EventKind
from rules.permissions import Scope

_RUNNING = [JobState.PUBLISHED.value, JobState.PAUSED.value]
_LOOKING = [SeekerState.ACTIVE.value, SeekerState.ENGAGED.value]
MOST_COUNTED = 1000


def _posts(scope: Scope, today: date) -> Any:
    old = Or(Job.verified_on <= posts_due_before(today), Job.verified_on.is_null())
    return within(scope, Job.station) & Job.state.is_in(_RUNNING) & (Job.valid_to >= today) & old


def _seekers(scope: Scope, today: date) -> Any:
    return within(scope, Seeker.station) & Seeker.state.is_in(_LOOKING) & (Seeker.confirmed_on <= seekers_due_before(today))


async def due_counts(scope: Scope, today: date) -> dict[str, int]:
    """How many posts and profiles wait for a call, counted up to 1000."""
    posts = await Job.select(Job.id).where(_posts(scope, today)).limit(MOST_COUNTED)
    seekers = await Seeker.select(Seeker.id).where(_seekers(scope, today)).limit(MOST_COUNTED)
    return {"posts": len(posts), "seekers": len(seekers)}


async def due_posts(scope: Scope, today: date, after: str = "", size: int = DESK_ROWS) -> Page:
    """Running posts to be verified, the longest unverified first: who verified last, how and when."""
    condition = _posts(scope, today)
    if found := place(after, (str, int)):
        condition = condition & _later(Job.verified_on, Job.id, found)
    rows = (
        await Job.select(
            Job.id,
            Job.number,
            Job.title,
            Job.state,
            Job.listed,
            Job.headcount,
            Job.placed_count,
            Job.verified_on,
            Job.verify_method,
            Job.verified_by.name.as_alias("verified_by"),
            Job.employer.name.as_alias("employer_name"),
            Job.employer.verified_until.as_alias("employer_until"),
        )
        .where(condition)
        .order_by(Job.verified_on, Job.id)
        .limit(size + 1)
    )
    return page_of(rows, size, "verified_on", "id")


async def due_seekers(scope: Scope, today: date, after: str = "", size: int = DESK_ROWS) -> Page:
    """Profiles to be confirmed, the longest unconfirmed first: who confirmed last, how and when."""
    condition = _seekers(scope, today)
    if found := place(after, (str, int)):
        condition = condition & _later(Seeker.confirmed_on, Seeker.id, found)
    rows = (
        await Seeker.select(
            Seeker.id,
            Seeker.number,
            Seeker.name,
            Seeker.birth_date,
            Seeker.phone_owner,
            Seeker.skills,
            Seeker.state,
            Seeker.confirmed_on,
            Seeker.confirmed_how,
            Seeker.confirmed_by.name.as_alias("confirmed_by"),
        )
        .where(condition)
        .order_by(Seeker.confirmed_on, Seeker.id)
        .limit(size + 1)
    )
    return page_of(rows, size, "confirmed_on", "id")


def _later(day: Any, id: Any, found: tuple[Any, ...]) -> Any:
    try:
        last = date.fromisoformat(found[0])
    except ValueError:
        return id > 0
    return (day > last) | ((day == last) & (id > found[1]))


async def called_today(subject: str, ids: list[int], today: date) -> set[int]:
    """Which of these records were called in vain today."""
    if not ids:
        return set()
    rows = await JournalEntry.select(JournalEntry.subject_id).where(
        JournalEntry.subject == subject,
        JournalEntry.subject_id.is_in(ids),
        JournalEntry.kind == EventKind.FRESHNESS_CALLED.value,
        JournalEntry.at >= datetime.combine(today, time(), CHINA),
    )
    return {row["subject_id"] for row in rows}


async def post_due(scope: Scope, number: str, today: date) -> dict[str, Any] | None:
    """One post of the list with what the caller asks about; None when it is not on the list or out of reach."""
    return (
        await Job.select(
            Job.id,
            Job.number,
            Job.title,
            Job.station,
            Job.employer,
            Job.version,
            Job.headcount,
            Job.placed_count,
            Job.pay_fen,
            Job.pay_unit,
            Job.start_date,
            Job.end_date,
            Job.valid_to,
            Job.verified_on,
            Job.employer.name.as_alias("employer_name"),
        )
        .where(_posts(scope, today), Job.number == number)
        .first()
    )


async def seeker_due(scope: Scope, number: str, today: date) -> dict[str, Any] | None:
    """One profile of the list; None when it is not on the list or out of reach."""
    return (
        await Seeker.select(
            Seeker.id, Seeker.number, Seeker.station, Seeker.name, Seeker.phone_owner, Seeker.skills, Seeker.confirmed_on, Seeker.state
        )
        .where(_seekers(scope, today), Seeker.number == number)
        .first()
    )


async def opened_post_phone(job_id: int, version: int, employer_id: int) -> list[tuple[str, str]]:
    """Whom to call about a post: (who, phone). Only after `db.actions.freshness.begin_call` kept the look."""
    terms = await opened_terms(job_id, version)
    people = [(terms.contact_name, terms.contact_phone), ("登记的经办人", (await opened_employer(employer_id))["phone"])]
    return [people[0]] if people[0][1] == people[1][1] else people


async def opened_seeker_phone(seeker_id: int) -> str:
    """The phone of a profile. Only after `db.actions.freshness.begin_call` kept the look."""
    return (await opened_seeker(seeker_id))["phone"]


async def last_confirmation(seeker_id: int) -> dict[str, Any]:
    """By whom and how a profile was last confirmed; empty texts for one that was only registered."""
    row = await Seeker.select(Seeker.confirmed_how, Seeker.confirmed_by.name.as_alias("by")).where(Seeker.id == seeker_id).first()
    return {"how": row["confirmed_how"] or "", "by": row["by"] or ""} if row else {"how": "", "by": ""}
