"""Questions about referrals (推荐). Contact data are opened only here, and only while both sides may see them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from piccolo.columns.combination import And, Or

from db.clock import CHINA, now, today
from db.paging import DESK_ROWS, Page, page_of, place
from db.queries.jobs import job_terms, opened_terms
from db.queries.scope import within
from db.queries.seekers import opened_seeker
from db.tables.journal import JournalEntry
from db.tables.referrals import Placement, Referral
from rules.codes import JobState, ReferralState
from rules.contacts import contact_visible, ended_job_states, state_in_effect
from rules.journal import EventKind, chain_of
from rules.masking import public_worker
from rules.numbers import NumberKind, kind_of, normal
from rules.permissions import Reach, Scope
from rules.referrals import BEGUN_STATES, CONTACT_STATES, ENDED_STATES, RUNNING_STATES
from rules.terms import JobTerms

SLIPS_AT_ONCE = 30
"""Job slips in one file."""

_EMPLOYER: Any = Referral.job.employer
_LIST = (
    Referral.id,
    Referral.number,
    Referral.state,
    Referral.created_at,
    Referral.lapses_at,
    Referral.closed_at,
    Referral.station,
    Referral.station.name.as_alias("station_name"),
    Referral.seeker_station,
    Referral.seeker_station.name.as_alias("seeker_station_name"),
    Referral.referred_by,
    Referral.job,
    Referral.job.number.as_alias("job_number"),
    Referral.job.title.as_alias("title"),
    Referral.job.state.as_alias("job_state"),
    Referral.job.start_date.as_alias("start_date"),
    Referral.job.end_date.as_alias("end_date"),
    _EMPLOYER.id.as_alias("employer_id"),
    _EMPLOYER.name.as_alias("employer_name"),
    Referral.seeker,
    Referral.seeker.number.as_alias("seeker_number"),
    Referral.seeker.name.as_alias("worker_name"),
)
_ROW = (
    *_LIST,
    Referral.job_version,
    Referral.warnings,
    Referral.consent,
    Referral.consent.wording.as_alias("consent_wording"),
    Referral.consent.method.as_alias("consent_method"),
    Referral.consent.withdrawn_at.as_alias("consent_withdrawn_at"),
    Referral.source,
    Referral.job.employer_label.as_alias("employer_label"),
    Referral.worker_answered_at,
    Referral.worker_reason,
    Referral.employer_answered_at,
    Referral.employer_answered_by,
    Referral.employer_reason,
    Referral.close_reason,
    Referral.created_by.name.as_alias("created_by"),
    Referral.seeker.birth_date.as_alias("birth_date"),
    Referral.seeker.gender.as_alias("gender"),
    Referral.seeker.skills.as_alias("skills"),
    Referral.seeker.read_aloud.as_alias("read_aloud"),
    Referral.seeker.guardian_name.as_alias("guardian_name"),
)
_WAITING = [ReferralState.APPLIED.value, ReferralState.PROPOSED.value, ReferralState.WORKER_ACCEPTED.value]
_GOING = [ReferralState.PROPOSED.value, ReferralState.WORKER_ACCEPTED.value]
_OVER = frozenset(state.value for state in ENDED_STATES)


@dataclass(frozen=True, slots=True)
class ReferralFilter:
    """What a list of referrals is narrowed to; "" leaves a side open. `word`: a number, or part of a name or title."""

    state: str = ""
    word: str = ""

    @classmethod
    def of(cls, state: str = "", word: str = "") -> ReferralFilter:
        """The filter as typed; values that are in no table are dropped."""
        known = {member.value for member in ReferralState}
        return cls(state if state in known else "", " ".join(word.split())[:40])


def _reach(scope: Scope) -> Any:
    """The referrals in reach: of one's own posts, of one's own people for other stations' posts (9, rule 7), and those one's
    own station made for a post it took the order of."""
    own = Or(within(scope, Referral.station), within(scope, Referral.seeker_station))
    return Or(own, within(scope, Referral.referred_by))


def _as_seen_by(scope: Scope, row: dict[str, Any]) -> dict[str, Any]:
    """`own_worker`, `own_post` and `counts_here` (its staff referred) for the asker's station; another station's worker has
    no name until both said yes."""
    station = scope.station_id if scope.reach is Reach.STATION else None
    row["own_worker"] = station is None or station == (row["seeker_station"] or row["station"])
    row["own_post"] = station is None or station == row["station"]
    row["counts_here"] = station is None or station == (row["referred_by"] or row["station"])
    if not row["own_worker"] and not row.get("contact_visible"):
        row["worker_name"] = public_worker(row["seeker_number"])
    return row


def _read(row: dict[str, Any]) -> dict[str, Any]:
    """The row with the state as it counts now; `agreed`: both sides said yes; `begun`: somebody started."""
    state = state_in_effect(ReferralState(row["state"]), row["lapses_at"], JobState(row["job_state"]), now())
    return {**row, "state_now": state, "agreed": state in CONTACT_STATES, "begun": state in BEGUN_STATES}


async def _ends(rows: list[dict[str, Any]]) -> dict[int, date]:
    """The day each work that is over really ended, by referral; asked only where there is one."""
    over = [row["id"] for row in rows if row["state"] in _OVER]
    if not over:
        return {}
    ended = await Placement.select(Placement.referral, Placement.ended_on).where(Placement.referral.is_in(over))
    return {row["referral"]: row["ended_on"] for row in ended}


async def referral_in(scope: Scope, number: str) -> dict[str, Any] | None:
    """The referral when its station lies in the asker's reach: `state_now`, warnings as a list, `contact_visible`."""
    row = await Referral.select(*_ROW).where(_reach(scope), Referral.number == number).first()
    return _as_seen_by(scope, _detailed(row, await _ends([row]))) if row else None


async def own_referral_in(scope: Scope, number: str) -> dict[str, Any] | None:
    """The referral of a post of the asker's own reach: agreements and placements belong to the post's station."""
    row = await referral_in(scope, number)
    return row if row and row["own_post"] else None


async def proved_referral_in(scope: Scope, number: str) -> dict[str, Any] | None:
    """The referral whose start and end the asker writes down: of an own post, or what the own staff referred."""
    row = await referral_in(scope, number)
    return row if row and (row["own_post"] or row["counts_here"]) else None


async def referral_with_id(referral_id: int) -> dict[str, Any] | None:
    """The referral by id, for actions, whose callers found it in scope."""
    row = await Referral.select(*_ROW).where(Referral.id == referral_id).first()
    return _detailed(row, await _ends([row])) if row else None


def _detailed(row: dict[str, Any], ends: dict[int, date]) -> dict[str, Any]:
    row = _read(row)
    closed: datetime | None = row["closed_at"]
    closed_on = closed.astimezone(CHINA).date() if closed else None
    last_day = row["end_date"] or row["start_date"]
    row["warnings"] = json.loads(row["warnings"] or "[]")
    answered: datetime | None = row["employer_answered_at"]
    allowed = row["consent_withdrawn_at"] is None
    row["contact_visible"] = allowed and contact_visible(
        row["state_now"],
        last_day,
        closed_on,
        today(),
        first_day=row["start_date"],
        answered_on=answered.astimezone(CHINA).date() if answered else None,
        ended_on=ends.get(row["id"]),
    )
    return row


async def referral_of_seeker(seeker_id: int, number: str) -> dict[str, Any] | None:
    """The referral with this number when it is this seeker's own, as `referral_in` gives it."""
    row = await Referral.select(*_ROW).where(Referral.seeker == seeker_id, Referral.number == number).first()
    return _detailed(row, await _ends([row])) if row else None


async def referrals_of(scope: Scope, wanted: ReferralFilter, after: str = "") -> Page:
    """Referrals in the asker's reach, newest first, 50 to a page; `state_now` is the state as it counts now."""
    query = Referral.select(*_LIST).where(_reach(scope))
    if wanted.state:
        query = query.where(_in_state(ReferralState(wanted.state)))
    if wanted.word:
        query = query.where(_says(wanted.word))
    if start := place(after, (int,)):
        query = query.where(Referral.id < start[0])
    page = page_of(await query.order_by(Referral.id, ascending=False).limit(DESK_ROWS + 1), DESK_ROWS, "id")
    return Page([_as_seen_by(scope, _read(row)) for row in page.rows], page.next)


async def referrals_of_job(job_id: int) -> list[dict[str, Any]]:
    """The newest hundred referrals to a post. The caller has found the post in scope."""
    rows = await Referral.select(*_LIST).where(Referral.job == job_id).order_by(Referral.id, ascending=False).limit(100)
    return [_read(row) for row in rows]


async def agreed_referrals(job_id: int) -> list[dict[str, Any]]:
    """The newest hundred referrals of a post whose worker agreed that the employer learns of them, and still does.

    Rows as of `referral_with_id`. The caller has found the post among the employer's own.
    """
    rows = (
        await Referral.select(*_ROW)
        .where(
            Referral.job == job_id,
            Referral.consent.is_not_null(),
            Referral.consent.withdrawn_at.is_null(),
            Referral.state != ReferralState.WORKER_DECLINED.value,
        )
        .order_by(Referral.id, ascending=False)
        .limit(100)
    )
    ends = await _ends(rows)
    return [_detailed(row, ends) for row in rows]


async def given_on(scope: Scope, day: date, job_id: int | None = None, part: int = 1) -> list[dict[str, Any]]:
    """Who was given a place that day and goes (the employer said yes, nothing undid it), in the order of the answers.

    Of one post, or of everything that counts for the asker's station; rows as of `referral_in`, `SLIPS_AT_ONCE` to a part.
    """
    rows = (
        await Referral.select(*_ROW)
        .where(_reach(scope), *_given(scope, day, job_id))
        .order_by(Referral.employer_answered_at)
        .order_by(Referral.id)
        .offset((part - 1) * SLIPS_AT_ONCE)
        .limit(SLIPS_AT_ONCE)
    )
    found = [_as_seen_by(scope, _detailed(row, {})) for row in rows]
    return [row for row in found if row["contact_visible"]]


async def parts_given_on(scope: Scope, day: date, job_id: int | None = None) -> int:
    """How many parts the slips of `given_on` come in; 0 when nobody was given a place that day."""
    given: int = await Referral.count().where(_reach(scope), *_given(scope, day, job_id))
    return -(-given // SLIPS_AT_ONCE)


def _given(scope: Scope, day: date, job_id: int | None) -> list[Any]:
    began = datetime.combine(day, time(), CHINA)
    wanted: list[Any] = [
        Referral.employer_answered_at >= began,
        Referral.employer_answered_at < began + timedelta(days=1),
        Referral.state.is_in([state.value for state in RUNNING_STATES]),
        Or(Referral.consent.is_null(), Referral.consent.withdrawn_at.is_null()),
    ]
    if job_id is not None:
        wanted.append(Referral.job == job_id)
    else:
        own = And(Referral.referred_by.is_null(), within(scope, Referral.station))
        wanted.append(Or(own, within(scope, Referral.referred_by)))
    return wanted


async def referrals_of_seeker(seeker_id: int) -> list[dict[str, Any]]:
    """The newest fifty referrals of a seeker. The caller has found the seeker in scope."""
    query = Referral.select(*_LIST).where(Referral.seeker == seeker_id)
    return [_read(row) for row in await query.order_by(Referral.id, ascending=False).limit(50)]


def _says(word: str) -> Any:
    number = normal(word)
    match kind_of(number):
        case NumberKind.REFERRAL:
            return Referral.number == number
        case NumberKind.JOB:
            return Referral.job.number == number
        case NumberKind.SEEKER:
            return Referral.seeker.number == number
    plain = re.sub(r"[%_\\]", "", word)
    if not plain:
        return Referral.seeker.name == word
    like = f"%{plain}%"
    return Or(Or(Referral.seeker.name.like(like), Referral.job.title.like(like)), _EMPLOYER.name.like(like))


def _in_state(state: ReferralState) -> Any:
    """The stored state, and what time or the post's end has made of it since (`rules.contacts.state_in_effect`)."""
    moment = now()
    ended = Referral.job.state.is_in([job_state.value for job_state in ended_job_states()])
    running = Referral.job.state.not_in([job_state.value for job_state in ended_job_states()])
    proposed = Referral.state == ReferralState.PROPOSED.value
    stored = Referral.state == state.value
    match state:
        case ReferralState.PROPOSED:
            return And(And(stored, Referral.lapses_at > moment), running)
        case ReferralState.APPLIED | ReferralState.WORKER_ACCEPTED:
            return And(stored, running)
        case ReferralState.LAPSED:
            return Or(stored, And(proposed, Referral.lapses_at <= moment))
        case ReferralState.SUPERSEDED:
            unanswered = And(proposed, Referral.lapses_at > moment)
            open_ones = Or(unanswered, Referral.state.is_in([ReferralState.APPLIED.value, ReferralState.WORKER_ACCEPTED.value]))
            return Or(stored, And(open_ones, ended))
    return stored


async def waiting(job_id: int | None = None) -> list[dict[str, Any]]:
    """Referrals that still wait for an answer, of one post or of all, oldest first; at most a thousand."""
    query = Referral.select(
        Referral.id,
        Referral.number,
        Referral.state,
        Referral.station,
        Referral.lapses_at,
        Referral.job.state.as_alias("job_state"),
    ).where(Referral.state.is_in(_WAITING))
    if job_id is not None:
        query = query.where(Referral.job == job_id)
    return await query.order_by(Referral.id).limit(1000)


async def begun(job_id: int, seeker_id: int) -> dict[str, Any] | None:
    """The referral of this pair that waits for an answer: id, number, `state_now`; None when there is none."""
    row = (
        await Referral.select(Referral.id, Referral.number, Referral.state, Referral.lapses_at, Referral.job.state.as_alias("job_state"))
        .where(Referral.job == job_id, Referral.seeker == seeker_id, Referral.state.is_in(_GOING))
        .first()
    )
    if row is None:
        return None
    state = state_in_effect(ReferralState(row["state"]), row["lapses_at"], JobState(row["job_state"]), now())
    return {**row, "state_now": state} if state.value in _GOING else None


async def no_shows_lately(seeker_id: int, days: int = 90) -> int:
    """How often the seeker did not come in the last days (three in 90 may pause referrals, 3.4)."""
    since = now() - timedelta(days=days)
    return await Referral.count().where(
        Referral.seeker == seeker_id, Referral.state == ReferralState.NO_SHOW.value, Referral.closed_at >= since
    )


async def steps_of(referral: dict[str, Any]) -> list[dict[str, Any]]:
    """What happened to a referral so far, oldest first: moment, label, who signed."""
    rows = (
        await JournalEntry.select(JournalEntry.at, JournalEntry.kind, JournalEntry.signed_name)
        .where(
            JournalEntry.subject == "referral",
            JournalEntry.subject_id == referral["id"],
            JournalEntry.chain == chain_of(referral["station"]),
        )
        .order_by(JournalEntry.seq)
        .limit(50)
    )
    return [{**row, "label": EventKind.label_of(row["kind"])} for row in rows]


async def opened_contacts(referral: dict[str, Any]) -> dict[str, str]:
    """Both sides' contact data of a row of `referral_in`; {} before both said yes and 30 days after the end (10.4)."""
    if not referral["contact_visible"]:
        return {}
    terms = await opened_terms(referral["job"], referral["job_version"])
    seeker = await opened_seeker(referral["seeker"])
    return {
        "worker_phone": seeker["phone"],
        "contact_name": terms.contact_name,
        "contact_phone": terms.contact_phone,
        "exact_address": terms.exact_address,
        "pickup_place": terms.pickup_place,
    }


async def terms_of(referral: dict[str, Any]) -> JobTerms:
    """The terms the worker was told, without the sealed parts."""
    return await job_terms(referral["job"], referral["job_version"])
