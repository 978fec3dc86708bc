"""Looking at full personal data: every look is kept, with its purpose, before anything is opened (domain reference 9, rule 2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db.actions.alerts import raise_alert
from db.actions.journal import record
from db.clock import CHINA, now, today
from db.queries.reveals import looked_on
from db.tables.agreements import Agreement
from db.tables.complaints import Complaint
from db.tables.employers import Employer
from db.tables.jobs import Job
from db.tables.referrals import Referral
from db.tables.seekers import Reveal, Seeker
from db.transaction import action
from rules.codes import AlertKind, ComplaintRoute, RevealPurpose
from rules.journal import EventKind
from rules.permissions import Actor
from rules.reveals import ALARM_AFTER, OPENED_PAPER, Subject, check_reveal, refuse_too_many


@action
async def reveal(
    subject: Subject, subject_id: int, fields: Sequence[str], *, purpose: RevealPurpose, note: str, actor: Actor
) -> tuple[str, ...]:
    """Keep that the actor looks at these fields, and what for; gives the fields that may now be opened.

    RuleBroken as of `rules.reveals.check_reveal`, and when the account has looked too often today. More than thirty looks
    a day are put before the manager. The journal gets fields and purpose, never the values or the note. LookupError: no
    such record; the caller found it in reach.
    """
    chosen, note = check_reveal(subject, fields, purpose, note)
    station_id, number = await _record_of(subject, subject_id)
    looks = await _keep(subject, subject_id, chosen, purpose.value, note, actor)
    await record(
        EventKind.REVEALED,
        subject=subject.value,
        subject_id=subject_id,
        actor=actor,
        station_id=station_id,
        **number,
        purpose=purpose.value,
        looked_at=list(chosen),
    )
    await _watch(looks, actor)
    return chosen


async def _record_of(subject: Subject, subject_id: int) -> tuple[int | None, dict[str, Any]]:
    match subject:
        case Subject.SEEKER:
            row = await Seeker.select(Seeker.station, Seeker.number).where(Seeker.id == subject_id).first()
        case Subject.JOB:
            row = await Job.select(Job.station, Job.number).where(Job.id == subject_id).first()
        case Subject.COMPLAINT:
            row = await Complaint.select(Complaint.station, Complaint.number, Complaint.route).where(Complaint.id == subject_id).first()
            if row is not None and row["route"] == ComplaintRoute.SUPERVISOR.value:
                row["station"] = None  # the station's own record does not tell of it
        case Subject.EMPLOYER:
            row = await Employer.select(Employer.station).where(Employer.id == subject_id).first()
    if row is None:
        raise LookupError(subject_id)
    return row["station"], {"number" if subject is Subject.COMPLAINT else subject.value: row["number"]} if "number" in row else {}


async def _keep(subject: Subject, subject_id: int, fields: Sequence[str], purpose: str, note: str, actor: Actor) -> int:
    """Insert the look; the number of looks of this account today, this one included."""
    day = today()
    before = await looked_on(actor.id, day)
    refuse_too_many(before)
    await Reveal.insert(
        Reveal(
            account=actor.id,
            station=actor.station_id,
            subject=subject.value,
            subject_id=subject_id,
            fields=",".join(fields),
            purpose=purpose,
            note=note,
            day=day,
            at=now(),
        )
    )
    return before + 1


async def _watch(looks: int, actor: Actor) -> None:
    if looks > ALARM_AFTER:
        await raise_alert(
            AlertKind.MANY_REVEALS, station_id=actor.station_id, subject="account", subject_id=actor.id, login=actor.login, count=looks
        )


@dataclass(frozen=True, slots=True)
class Opened:
    """A paper of the file with somebody's full data on it: whose, which, and what it is called."""

    subject: Subject
    fields: tuple[str, ...]
    label: str


SEEKER_FORM = Opened(Subject.SEEKER, ("id_number", "phone", "guardian_phone", "certificates"), "求职登记表")
ORDER_FORM = Opened(Subject.EMPLOYER, ("id_number", "phone", "address"), "招工用工登记表")
SLIP = Opened(Subject.SEEKER, ("phone",), "推荐上岗单")
AGREEMENT = Opened(Subject.SEEKER, ("id_number", "phone"), "协议")
SIGNED_SCAN = Opened(Subject.SEEKER, ("id_number", "phone"), "签字扫描件")


async def note_opened(paper: Opened, paper_id: int, *, actor: Actor) -> None:
    """Keep that a paper was opened after its first day, or by somebody else than its maker.

    On the first day its maker works with it: writing, printing and handing it over are in the journal anyway. The same
    paper opened again by the same person on the same day is one look. `paper_id`: the id of the seeker, job, referral or
    agreement. RuleBroken when the account has looked too often today.
    """
    made = await _making_of(paper, paper_id)
    if made is None or (made.by == actor.id and made.at.astimezone(CHINA).date() == today()):
        return
    seen = Reveal.exists().where(
        Reveal.account == actor.id,
        Reveal.day == today(),
        Reveal.subject == paper.subject.value,
        Reveal.subject_id == made.person,
        Reveal.note == f"{paper.label}{made.number}",
    )
    if not await seen:
        await _note(paper, paper_id, made, actor=actor)


@action
async def _note(paper: Opened, paper_id: int, made: _Making, *, actor: Actor) -> None:
    looks = await _keep(paper.subject, made.person, paper.fields, OPENED_PAPER, f"{paper.label}{made.number}", actor)
    await record(
        EventKind.REVEALED,
        subject=made.subject,
        subject_id=paper_id,
        actor=actor,
        station_id=made.station_id,
        number=made.number,
        purpose=f"打开{paper.label}",
        looked_at=list(paper.fields),
    )
    await _watch(looks, actor)


@dataclass(frozen=True, slots=True)
class _Making:
    subject: str
    number: str
    station_id: int
    person: int
    by: int
    at: datetime


async def _making_of(paper: Opened, paper_id: int) -> _Making | None:
    """When and by whom the paper's record was made, and whose data are on it."""
    columns: tuple[Any, ...]
    if paper is SEEKER_FORM:
        columns = (Seeker.number, Seeker.station, Seeker.id.as_alias("person"), Seeker.created_by.as_alias("by"), Seeker.created_at)
        row, subject = await Seeker.select(*columns).where(Seeker.id == paper_id).first(), "seeker"
    elif paper is ORDER_FORM:
        columns = (Job.number, Job.station, Job.employer.as_alias("person"), Job.author.as_alias("by"), Job.created_at)
        row, subject = await Job.select(*columns).where(Job.id == paper_id).first(), "job"
    elif paper is SLIP:
        columns = (
            Referral.number,
            Referral.station,
            Referral.seeker.as_alias("person"),
            Referral.created_by.as_alias("by"),
            Referral.employer_answered_at.as_alias("created_at"),
        )
        row, subject = await Referral.select(*columns).where(Referral.id == paper_id).first(), "referral"
    else:
        columns = (
            Agreement.number,
            Agreement.station,
            Agreement.referral.seeker.as_alias("person"),
            Agreement.drafted_by.as_alias("by"),
            Agreement.created_at,
        )
        row, subject = await Agreement.select(*columns).where(Agreement.id == paper_id).first(), "agreement"
    if row is None or row["created_at"] is None:
        return None
    return _Making(subject, row["number"], row["station"], row["person"], row["by"], row["created_at"])
