"""Questions of a worker's own pages (我的): every one asks by the worker's own id, so nothing of others is ever found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from piccolo.columns.combination import And, Or

from db.clock import now, today
from db.paging import Page, page_of, place
from db.queries import referrals
from db.queries.person_groups import own_groups
from db.queries.seekers import opened_masks, opened_seeker, state_now
from db.tables.agreements import Agreement
from db.tables.jobs import Job
from db.tables.journal import JournalEntry
from db.tables.referrals import Placement, Referral
from db.tables.seekers import Consent, Seeker, SeekerVersion
from db.tables.stations import Station
from rules.codes import AgreementState, JobState, ReferralState
from rules.contacts import ended_job_states, state_in_effect
from rules.journal import EventKind
from rules.masking import mask_id_tail
from rules.referrals import ENDED_STATES
from rules.seekers import ConsentPurpose

ROWS = 20
"""Rows of one page on a phone."""

_SEEKER = (
    Seeker.id,
    Seeker.number,
    Seeker.station,
    Seeker.name,
    Seeker.id_type,
    Seeker.id_number,
    Seeker.birth_date,
    Seeker.gender,
    Seeker.phone,
    Seeker.phone_owner,
    Seeker.subdistrict,
    Seeker.community,
    Seeker.education,
    Seeker.skills,
    Seeker.availability,
    Seeker.pay_wish,
    Seeker.max_km,
    Seeker.pension,
    Seeker.guardian_name,
    Seeker.guardian_phone,
    Seeker.training_wish,
    Seeker.read_aloud,
    Seeker.by_proxy,
    Seeker.state,
    Seeker.confirmed_on,
    Seeker.restricted_until,
    Seeker.restricted_reason,
    Seeker.source,
    Seeker.identity_seen_at,
    Seeker.original_seen,
    Seeker.suggestions,
    Seeker.closed_at,
    Seeker.closed_reason,
    Seeker.anonymised_at,
    Seeker.created_at,
)
_AGREEMENT = (
    Agreement.id,
    Agreement.number,
    Agreement.type,
    Agreement.template_version,
    Agreement.station,
    Agreement.state,
    Agreement.version,
    Agreement.modules,
    Agreement.created_at,
    Agreement.signed_at,
    Agreement.delivered_at,
    Agreement.delivered_how,
    Agreement.ended_on,
    Agreement.end_reason,
    Agreement.voided_at,
    Agreement.void_reason,
    Agreement.referral.number.as_alias("referral"),
    Agreement.referral.job.title.as_alias("title"),
    Agreement.referral.job.employer.name.as_alias("employer"),
)
# A draft is nobody's paper yet, nor is one that was given up before it was printed.
_SHOWN = Or(
    Agreement.state.not_in([AgreementState.DRAFT.value, AgreementState.CANCELLED.value]),
    And(Agreement.state == AgreementState.CANCELLED.value, Agreement.printed_at.is_not_null()),
)
WAITING, RUNNING, OVER = "waiting", "running", "over"
"""What a list of one's own referrals may be narrowed to."""

_GOING_ON = [state.value for state in (ReferralState.APPLIED, ReferralState.WORKER_ACCEPTED)]
_AGREED = [state.value for state in (ReferralState.EMPLOYER_ACCEPTED, ReferralState.CONFIRMED, ReferralState.PLACED)]
_ENDED = [
    state.value
    for state in (
        ReferralState.WORKER_DECLINED,
        ReferralState.LAPSED,
        ReferralState.EMPLOYER_DECLINED,
        ReferralState.SUPERSEDED,
        ReferralState.NO_SHOW,
        ReferralState.CANCELLED_BY_EMPLOYER,
        *ENDED_STATES,
    )
]


async def own_seeker(seeker_id: int | None) -> dict[str, Any] | None:
    """The worker's own record with `state_now`, sealed numbers sealed, and `id_masked`, `phone_masked` beside them."""
    row = await Seeker.select(*_SEEKER).where(Seeker.id == (seeker_id or 0)).first()
    if row is None:
        return None
    masks = opened_masks(row) if row["id_number"] else {}
    tail = mask_id_tail((await opened_seeker(row["id"]))["id_number"]) if row["id_number"] else ""
    return {
        **row,
        "state_now": state_now(row, today()),
        "id_masked": tail,
        "phone_masked": masks.get("phone", ""),
        "guardian_phone_masked": masks.get("guardian_phone", ""),
    }


async def own_referrals(seeker_id: int, part: str = "", after: str = "") -> Page:
    """The worker's referrals and applications, newest first, 20 to a page: all, or those waiting, running or over."""
    query = Referral.select(
        Referral.id,
        Referral.number,
        Referral.state,
        Referral.source,
        Referral.created_at,
        Referral.lapses_at,
        Referral.job.number.as_alias("job_number"),
        Referral.job.title.as_alias("title"),
        Referral.job.state.as_alias("job_state"),
        Referral.job.start_date.as_alias("start_date"),
        Referral.job.end_date.as_alias("end_date"),
        Referral.job.pay_fen.as_alias("pay_fen"),
        Referral.job.pay_unit.as_alias("pay_unit"),
        Referral.job.settle_cycle.as_alias("settle_cycle"),
        Referral.job.subdistrict.as_alias("subdistrict"),
        Referral.job.landmark.as_alias("landmark"),
    ).where(Referral.seeker == seeker_id)
    if part:
        query = query.where(_part(part))
    if start := place(after, (int,)):
        query = query.where(Referral.id < start[0])
    page = page_of(await query.order_by(Referral.id, ascending=False).limit(ROWS + 1), ROWS, "id")
    moment = now()
    rows = [
        {**row, "state_now": state_in_effect(ReferralState(row["state"]), row["lapses_at"], JobState(row["job_state"]), moment)}
        for row in page.rows
    ]
    return Page(rows, page.next)


def _part(part: str) -> Any:
    ended_jobs = [state.value for state in ended_job_states()]
    going, gone = Referral.job.state.not_in(ended_jobs), Referral.job.state.is_in(ended_jobs)
    proposed, moment = Referral.state == ReferralState.PROPOSED.value, now()
    match part:
        case "waiting":
            return proposed & (Referral.lapses_at > moment) & going
        case "running":
            return Or(Referral.state.is_in(_AGREED), Referral.state.is_in(_GOING_ON) & going)
    lapsed = proposed & Or(Referral.lapses_at <= moment, gone)
    return Or(Or(Referral.state.is_in(_ENDED), lapsed), Referral.state.is_in(_GOING_ON) & gone)


async def open_for_job(seeker_id: int, job_id: int) -> str:
    """The number of the worker's referral to this post that still goes on; "" when there is none."""
    rows = (
        await Referral.select(Referral.id)
        .where(Referral.seeker == seeker_id, Referral.job == job_id)
        .order_by(Referral.id, ascending=False)
    )
    for row in rows:
        referral = await referrals.referral_with_id(row["id"])
        if referral and referral["state_now"].value in (ReferralState.PROPOSED.value, *_GOING_ON, *_AGREED):
            return str(referral["number"])
    return ""


async def own_agreements(seeker_id: int, after: str = "") -> Page:
    """The worker's agreements that were printed or are being signed, newest first, 20 to a page."""
    query = Agreement.select(*_AGREEMENT).where(Agreement.referral.seeker == seeker_id, _SHOWN)
    if start := place(after, (int,)):
        query = query.where(Agreement.id < start[0])
    return page_of(await query.order_by(Agreement.id, ascending=False).limit(ROWS + 1), ROWS, "id")


async def own_agreement(seeker_id: int, number: str) -> dict[str, Any] | None:
    """The agreement with this number when the worker is its party and it was printed or is being signed."""
    return await Agreement.select(*_AGREEMENT).where(Agreement.referral.seeker == seeker_id, Agreement.number == number, _SHOWN).first()


async def own_consents(seeker_id: int) -> list[dict[str, Any]]:
    """Everything the person agreed to, newest first: wording, when, how, withdrawn when; `title` of its post or group, `referral`."""
    rows = (
        await Consent.select(
            Consent.id, Consent.purpose, Consent.notice_version, Consent.wording, Consent.method, Consent.given_at, Consent.withdrawn_at
        )
        .where(Consent.seeker == seeker_id)
        .order_by(Consent.id, ascending=False)
        .limit(200)
    )
    named = await Referral.select(Referral.consent, Referral.number, Referral.job.title.as_alias("title")).where(
        Referral.seeker == seeker_id, Referral.consent.is_in([row["id"] for row in rows] or [0])
    )
    of_consent = {row["consent"]: row for row in named}
    groups = {row["consent"]: row["label"] for row in await own_groups(seeker_id)}
    return [
        {
            **row,
            "purpose_label": ConsentPurpose.label_of(row["purpose"]),
            "referral": of_consent.get(row["id"], {}).get("number", ""),
            "title": of_consent.get(row["id"], {}).get("title", "") or groups.get(row["id"], ""),
        }
        for row in rows
    ]


async def own_placements(seeker_id: int) -> list[dict[str, Any]]:
    """Where and when the person started to work, newest first."""
    return (
        await Placement.select(
            Placement.started_on, Placement.evidence, Placement.job.number.as_alias("job_number"), Placement.job.title.as_alias("title")
        )
        .where(Placement.seeker == seeker_id)
        .order_by(Placement.id, ascending=False)
        .limit(200)
    )


async def own_versions(seeker_id: int) -> list[dict[str, Any]]:
    """When the registration was changed, and which fields; newest first."""
    return (
        await SeekerVersion.select(SeekerVersion.number, SeekerVersion.changed, SeekerVersion.reason, SeekerVersion.at)
        .where(SeekerVersion.seeker == seeker_id)
        .order_by(SeekerVersion.id, ascending=False)
        .limit(100)
    )


async def journal_about(seeker_id: int, account_id: int) -> list[dict[str, Any]]:
    """What the journal holds about this person, newest first, at most 300: when, what, which station; never who else.

    `by` is 本人 for the person's own doing and the station otherwise: names of staff are theirs.
    """
    referral_ids = [row["id"] for row in await Referral.select(Referral.id).where(Referral.seeker == seeker_id).limit(500)]
    about_me = (JournalEntry.subject == "seeker") & (JournalEntry.subject_id == seeker_id)
    about_referrals = (JournalEntry.subject == "referral") & JournalEntry.subject_id.is_in(referral_ids or [0])
    rows = (
        await JournalEntry.select(JournalEntry.at, JournalEntry.kind, JournalEntry.account_id, JournalEntry.station_id)
        .where(Or(about_me, about_referrals))
        .order_by(JournalEntry.id, ascending=False)
        .limit(300)
    )
    names = await _station_names({row["station_id"] for row in rows if row["station_id"]})
    return [
        {
            "at": row["at"],
            "label": EventKind.label_of(row["kind"]),
            "by": "本人" if row["account_id"] == account_id else names.get(row["station_id"], "系统"),
        }
        for row in rows
    ]


async def _station_names(ids: Sequence[int] | set[int]) -> dict[int, str]:
    rows = await Station.select(Station.id, Station.name).where(Station.id.is_in(list(ids) or [0]))
    return {row["id"]: row["name"] for row in rows}


async def post_to_apply(number: str) -> dict[str, Any] | None:
    """A post that is or was public, as the page of an application shows it. None for a number that was never published."""
    return (
        await Job.select(
            Job.id,
            Job.number,
            Job.title,
            Job.state,
            Job.valid_to,
            Job.employer_label,
            Job.start_date,
            Job.end_date,
            Job.start_time,
            Job.end_time,
            Job.pay_fen,
            Job.pay_unit,
            Job.settle_cycle,
            Job.subdistrict,
            Job.landmark,
            Job.station,
            Job.station.name.as_alias("station_name"),
            Job.station.phone.as_alias("station_phone"),
        )
        .where(Job.number == number, Job.published_at.is_not_null())
        .first()
    )
