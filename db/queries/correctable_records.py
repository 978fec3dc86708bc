"""Where each record lies that can be corrected (更正, art. 23): table, number, station, day, journal entries and page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from piccolo.columns import Column
from piccolo.table import Table

from db.clock import CHINA
from db.tables.activities import Activity
from db.tables.agreements import Agreement
from db.tables.attendance import SignIn
from db.tables.complaints import CaseStep, Complaint, ComplaintStep, LegalCase
from db.tables.followups import FollowUp
from db.tables.jobs import Job
from db.tables.referrals import Evidence, Placement, Referral
from rules.journal import EventKind


@dataclass(frozen=True, slots=True)
class Place:
    """Where a kind of record lies: its table, the column with its public number, its station, the day it belongs to.

    `several`: one number stands over several rows, so the row's id must be given. `subject`, `about` and `entries`: under what
    the journal keeps it. `more` are further columns its rules look at. `page` is the page by its number.
    """

    table: type[Table]
    number: Column
    station: Any
    day: str
    subject: str
    about: str
    entries: Callable[[str], tuple[EventKind, ...]]
    page: str
    several: bool = False
    more: tuple[Column, ...] = ()


def _always(*kinds: EventKind) -> Callable[[str], tuple[EventKind, ...]]:
    return lambda _: kinds


def _of_placement(field: str) -> tuple[EventKind, ...]:
    return (EventKind.PLACEMENT_STARTED,) if field in ("started_on", "evidence_note") else (EventKind.PLACEMENT_ENDED,)


_REFERRAL = {
    "employer_answered_by": (EventKind.REFERRAL_EMPLOYER_ACCEPTED, EventKind.REFERRAL_EMPLOYER_DECLINED),
    "employer_reason": (EventKind.REFERRAL_EMPLOYER_DECLINED,),
    "worker_reason": (EventKind.REFERRAL_WORKER_DECLINED,),
    "close_reason": (EventKind.REFERRAL_NO_SHOW, EventKind.REFERRAL_CANCELLED_BY_EMPLOYER, EventKind.REFERRAL_SUPERSEDED),
}

_AGREEMENT = {"archive_place": (EventKind.AGREEMENT_ARCHIVED,)}

_AGREEMENT_ENDED = (
    *(EventKind.AGREEMENT_COMPLETED, EventKind.AGREEMENT_TERMINATED, EventKind.AGREEMENT_AMENDED, EventKind.AGREEMENT_CANCELLED),
)


PLACES: dict[str, Place] = {
    "placement": Place(
        Placement,
        Placement.referral.number,
        Placement.station,
        "started_on",
        "placement",
        "id",
        _of_placement,
        "/desk/referrals/{}/placement",
        more=(
            *(Placement.evidence, Placement.ended_how, Placement.job, Placement.seeker, Placement.referral),
            *(Placement.referral.created_at.as_alias("referred_at"), Placement.referral.job_version.as_alias("job_version")),
            *(Placement.seeker.birth_date.as_alias("born"), Placement.job.start_date.as_alias("agreed_start")),
        ),
    ),
    "evidence": Place(
        Evidence,
        Evidence.placement.referral.number,
        Evidence.placement.station,
        "recorded_at",
        "placement",
        "placement",
        _always(EventKind.EVIDENCE_ADDED, EventKind.PLACEMENT_STARTED),
        "/desk/referrals/{}/placement",
        several=True,
        more=(Evidence.kind, Evidence.placement),
    ),
    "referral": Place(
        Referral,
        Referral.number,
        Referral.station,
        "created_at",
        "referral",
        "id",
        lambda field: _REFERRAL.get(field, ()),
        "/desk/referrals/{}",
    ),
    "follow_up": Place(
        FollowUp,
        FollowUp.referral.number,
        FollowUp.station,
        "made_on",
        "placement",
        "placement",
        _always(EventKind.FOLLOW_UP_MADE),
        "/desk/referrals/{}",
        several=True,
        more=(
            FollowUp.kind,
            FollowUp.side,
            FollowUp.answered,
            FollowUp.placement,
            FollowUp.referral,
            FollowUp.legal_case,
            FollowUp.made_at,
        ),
    ),
    "agreement": Place(
        Agreement,
        Agreement.number,
        Agreement.station,
        "created_at",
        "agreement",
        "id",
        lambda field: _AGREEMENT.get(field, _AGREEMENT_ENDED),
        "/desk/agreements/{}",
        more=(Agreement.signed_at, Agreement.state),
    ),
    "legal_case": Place(
        LegalCase,
        LegalCase.number,
        LegalCase.station,
        "opened_at",
        "legal_case",
        "id",
        lambda field: (EventKind.CASE_STEP,) if field == "recovered_fen" else (EventKind.CASE_OPENED,),
        "/desk/cases/{}",
        more=(LegalCase.closed_at,),
    ),
    "case_step": Place(
        CaseStep,
        CaseStep.legal_case.number,
        CaseStep.legal_case.station,
        "at",
        "legal_case",
        "legal_case",
        _always(EventKind.CASE_STEP),
        "/desk/cases/{}",
        several=True,
        more=(CaseStep.legal_case,),
    ),
    "complaint": Place(
        Complaint,
        Complaint.number,
        Complaint.station,
        "opened_at",
        "complaint",
        "id",
        _always(EventKind.COMPLAINT_OPENED),
        "/desk/complaints/{}",
    ),
    "complaint_step": Place(
        ComplaintStep,
        ComplaintStep.complaint.number,
        ComplaintStep.complaint.station,
        "at",
        "complaint",
        "complaint",
        _always(EventKind.COMPLAINT_STEP),
        "/desk/complaints/{}",
        several=True,
        more=(ComplaintStep.complaint,),
    ),
    "activity": Place(
        Activity,
        Activity.number,
        Activity.station,
        "held_on",
        "activity",
        "id",
        _always(EventKind.ACTIVITY_RECORDED),
        "/desk/activities/{}",
        more=(Activity.kind, Activity.recorded_at),
    ),
    "sign_in": Place(
        SignIn,
        SignIn.seeker.number,
        SignIn.station,
        "day",
        "sign_in",
        "id",
        _always(EventKind.SIGNED_IN_AT_STATION),
        "/desk/seekers/{}",
        several=True,
    ),
    "job": Place(
        Job,
        Job.number,
        Job.station,
        "created_at",
        "job",
        "id",
        _always(EventKind.JOB_REVISED, EventKind.JOB_DRAFTED),
        "/desk/jobs/{}",
        more=(Job.state, Job.placed_count),
    ),
}
"""Every record of `rules.corrections.RECORDS`, and where it lies."""


def day_of(value: Any) -> date:
    """The day at the station of a stored day or moment."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=value.tzinfo or UTC).astimezone(CHINA).date()
    assert isinstance(value, date)
    return value
