"""Data that were kept long enough: first a dry run that only counts, then, confirmed by a person, exactly what it found.

Nothing here runs by itself. The journal stays whole: it holds ids and public numbers, and who is anonymised keeps both.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from db import archive
from db.actions.journal import record
from db.actions.person_groups import blank_groups
from db.clock import now, today
from db.ids import new_id
from db.queries.retention import Due, counts_text, due_people, due_today, outdated, run_with_id
from db.queries.seekers import opened_seeker
from db.search import remove_name
from db.tables.accounts import Account, Device, EnrolmentTicket, Session
from db.tables.activities import Activity
from db.tables.agreements import Agreement, Guidance
from db.tables.complaints import CaseStep, Complaint, ComplaintStep, LegalCase
from db.tables.corrections import Correction
from db.tables.documents import Paper
from db.tables.followups import FollowUp, Rating
from db.tables.jobs import JobAlert
from db.tables.matching import MatchRun
from db.tables.seekers import Reveal, RightsRequest, Seeker, SeekerCertificate, SeekerVersion
from db.tables.transfers import RetentionRun
from db.transaction import action
from db.vault import vault
from rules.codes import PaperKind, RatingAbout, RevealPurpose, RightsKind, RightsState, SeekerState, Side
from rules.errors import RuleBroken
from rules.journal import EventKind
from rules.permissions import Actor
from rules.retention import ANONYMOUS, KEEPINGS, PEOPLE, RetentionRule, Treatment

FRESH = timedelta(hours=24)
"""How long a dry run may be carried out; later the list has to be looked at anew."""

REMOVED = "个人信息已按规定删除"


@action
async def try_run(*, actor: Actor) -> int:
    """Count what is due today by every rule, and keep the list; the run's id. Nothing else is touched."""
    found = await due_today()
    run = RetentionRun(dry=True, counts=counts_text(found), by=actor.id, at=now())
    await RetentionRun.insert(run)
    await record(EventKind.RETENTION_TRIED, subject="retention", subject_id=run.id, actor=actor, due=_words(found))
    return run.id


def _words(found: dict[str, Due]) -> list[str]:
    return [f"{RetentionRule.label_of(rule)} {due.count}" for rule, due in found.items() if due.count]


async def carry_out(run_id: int, *, actor: Actor) -> int:
    """Do exactly what a dry run found, leaving out what is not due any more; the id of the run that did it.

    One transaction per person, so that nobody at a desk waits; begun again after an interruption it goes on where it was.
    RuleBroken: no such dry run, older than a day, or carried out already.
    """
    tried = await run_with_id(run_id)
    if tried is None or not tried["dry"]:
        raise RuleBroken("没有找到这次试算，请重新试算。")
    if tried["carried_out"]:
        raise RuleBroken("这次试算已经办过了，不会办第二次。")
    if now() - tried["at"] > FRESH:
        raise RuleBroken("这次试算已超过一天，情况可能变了，请重新试算再办。")
    done: dict[str, Due] = {}
    for name, due in tried["found"].items():
        rule = RetentionRule(name)
        if rule in PEOPLE:
            done[name] = await _each_person(rule, due, actor)
    await _sweep_forms()
    return await _finish(run_id, tried["found"], done, actor=actor)


async def _each_person(rule: RetentionRule, due: Due, actor: Actor) -> Due:
    last, reached = date.fromisoformat(due.before), []
    for seeker_id, number in zip(due.ids, due.numbers, strict=True):
        if rule is RetentionRule.DORMANT_ASK:
            did = await _ask(seeker_id, last, actor=actor)
        else:
            did = await anonymise(seeker_id, rule, last, actor=actor)
        if did:
            reached.append((seeker_id, number))
    return Due(len(reached), due.before, [id for id, _ in reached], [number for _, number in reached])


@action
async def _ask(seeker_id: int, last: date, *, actor: Actor) -> bool:
    """The station is to ask this person; the record sleeps until then. False when somebody spoke with them meanwhile."""
    row = (
        await Seeker.select(Seeker.number, Seeker.station, Seeker.state)
        .where(Seeker.id == seeker_id, due_people(RetentionRule.DORMANT_ASK, last))
        .first()
    )
    if row is None:
        return False
    sleeping = SeekerState.DORMANT.value if row["state"] == SeekerState.ACTIVE.value else row["state"]
    await Seeker.update({Seeker.asked_on: today(), Seeker.state: sleeping}).where(Seeker.id == seeker_id)
    await record(
        EventKind.SEEKER_DORMANT,
        subject="seeker",
        subject_id=seeker_id,
        actor=actor,
        station_id=row["station"],
        seeker=row["number"],
        old_state=row["state"],
        new_state=sleeping,
        reason=RetentionRule.DORMANT_ASK.label,
    )
    return True


@action
async def anonymise(seeker_id: int, rule: RetentionRule, last: date, *, actor: Actor) -> bool:
    """Take out of a seeker's record whatever tells who it is; False when the rule does not apply (any more).

    Number, trades, year of birth and subdistrict stay for the statistics, referrals and placements with them. What the
    law keeps elsewhere (agreements, slips) stays sealed there until its own rule (PIPL 47). There is no way back.
    """
    row = (
        await Seeker.select(Seeker.number, Seeker.name, Seeker.station, Seeker.birth_date, Seeker.state)
        .where(Seeker.id == seeker_id, due_people(rule, last))
        .first()
    )
    if row is None:
        return False
    phone = (await opened_seeker(seeker_id))["phone"]
    await remove_name(seeker_id, row["name"], row["station"])
    await _empty_seeker(seeker_id, row["birth_date"])
    await _empty_beside(seeker_id, actor)
    await _close_accounts(seeker_id)
    if phone:
        theirs = JobAlert.phone_index.is_in(vault().index_all("phone", phone))
        await JobAlert.update({JobAlert.phone: "", JobAlert.phone_index: "", JobAlert.ended_at: now()}).where(theirs)
    await record(
        EventKind.SEEKER_ANONYMISED,
        subject="seeker",
        subject_id=seeker_id,
        actor=actor,
        station_id=row["station"],
        seeker=row["number"],
        old_state=row["state"],
        new_state=SeekerState.ANONYMISED.value,
        reason=rule.label,
    )
    return True


async def _empty_seeker(seeker_id: int, born: date) -> None:
    emptied: dict[Any, Any] = dict.fromkeys(EMPTIED, "")
    await Seeker.update(
        {
            **emptied,
            Seeker.name: ANONYMOUS,
            Seeker.id_index: f"anonymous:{seeker_id}",
            Seeker.birth_date: date(born.year, 1, 1),
            Seeker.max_km: None,
            Seeker.suggestions: False,
            Seeker.state: SeekerState.ANONYMISED.value,
            Seeker.anonymised_at: now(),
            Seeker.changed_at: now(),
        }
    ).where(Seeker.id == seeker_id)


EMPTIED = (
    Seeker.id_number,
    Seeker.phone,
    Seeker.phone_index,
    Seeker.phone_tail,
    Seeker.phone_owner,
    Seeker.community,
    Seeker.skills,
    Seeker.availability,
    Seeker.pay_wish,
    Seeker.guardian_name,
    Seeker.guardian_phone,
    Seeker.training_wish,
    Seeker.restricted_reason,
    Seeker.closed_reason,
)
"""Columns of a seeker that say who it is, where to reach them, or what somebody wrote about them."""


async def _empty_beside(seeker_id: int, actor: Actor) -> None:
    """Certificates, groups, earlier versions, requests, notes of looks, and the printed registration form."""
    await blank_groups(seeker_id, actor=actor)
    await SeekerCertificate.update({SeekerCertificate.number: ""}).where(SeekerCertificate.seeker == seeker_id)
    await SeekerVersion.update({SeekerVersion.record: "", SeekerVersion.reason: ""}).where(SeekerVersion.seeker == seeker_id)
    asked = (RightsRequest.seeker == seeker_id) & (RightsRequest.state == RightsState.ASKED.value)
    await RightsRequest.update(
        {
            RightsRequest.state: RightsState.DONE.value,
            RightsRequest.answer: REMOVED,
            RightsRequest.answered_by: actor.id,
            RightsRequest.answered_at: now(),
        }
    ).where(asked & (RightsRequest.kind == RightsKind.DELETE.value))
    await RightsRequest.update({RightsRequest.details: ""}).where(RightsRequest.seeker == seeker_id)
    mine = (Reveal.subject == "seeker") & (Reveal.subject_id == seeker_id)
    await Reveal.update({Reveal.note: ""}).where(mine & (Reveal.purpose == RevealPurpose.OTHER.value))
    await _empty_claims(Complaint.seeker == seeker_id, LegalCase.seeker == seeker_id)
    await Activity.update({Activity.note: ""}).where(Activity.seeker == seeker_id)
    rated = Rating.select(Rating.id).where(Rating.referral.seeker == seeker_id)
    await Rating.update({Rating.words: ""}).where(Rating.side == Side.WORKER.value, Rating.id.is_in(rated))
    await Rating.update({Rating.reply: ""}).where(Rating.about == RatingAbout.WORKER.value, Rating.id.is_in(rated))
    told = FollowUp.select(FollowUp.id).where(FollowUp.placement.seeker == seeker_id)
    await _empty_corrections("follow_up", told)
    await _empty_corrections("activity", Activity.select(Activity.id).where(Activity.seeker == seeker_id))
    await FollowUp.update({FollowUp.note: "", FollowUp.spoken_with: ""}).where(FollowUp.side == Side.WORKER.value, FollowUp.id.is_in(told))
    idle = await _idle_guidance(seeker_id)
    await Guidance.update({Guidance.answers: "", Guidance.override_reason: ""}).where(Guidance.id.is_in(idle))
    record_of_it = (Paper.kind == PaperKind.GUIDANCE.value) & Paper.subject_id.is_in(idle)
    form = record_of_it | (Paper.kind == PaperKind.SEEKER_FORM.value) & (Paper.subject == "seeker") & (Paper.subject_id == seeker_id)
    await Paper.update({Paper.snapshot: ""}).where(form)
    await Paper.update({Paper.voided_at: now(), Paper.voided_by: actor.id, Paper.void_reason: REMOVED}).where(
        form & Paper.voided_at.is_null()
    )


async def _idle_guidance(seeker_id: int) -> list[int]:
    """Guidance that led to no agreement; with one it is kept as long as the agreement (0 stands for none)."""
    used = await Agreement.select(Agreement.guidance).where(Agreement.referral.seeker == seeker_id, Agreement.guidance.is_not_null())
    rows = await Guidance.select(Guidance.id).where(Guidance.referral.seeker == seeker_id)
    return [row["id"] for row in rows if row["id"] not in {each["guidance"] for each in used}] or [0]


async def _empty_claims(complaints: Any, cases: Any) -> None:
    """What was said in complaints and cases and about them; what they were about, how they ended and sums stay."""
    their_complaints, their_cases = Complaint.select(Complaint.id).where(complaints), LegalCase.select(LegalCase.id).where(cases)
    await _empty_corrections("complaint", their_complaints)
    await _empty_corrections(
        "complaint_step", ComplaintStep.select(ComplaintStep.id).where(ComplaintStep.complaint.is_in(their_complaints))
    )
    await _empty_corrections("legal_case", their_cases)
    await _empty_corrections("case_step", CaseStep.select(CaseStep.id).where(CaseStep.legal_case.is_in(their_cases)))
    mine = ComplaintStep.complaint.is_in(their_complaints)
    await ComplaintStep.update({ComplaintStep.words: ""}).where(mine)
    await Complaint.update({Complaint.words: "", Complaint.contact: "", Complaint.follow_code: ""}).where(complaints)
    mine = CaseStep.legal_case.is_in(their_cases)
    await CaseStep.update({CaseStep.words: ""}).where(mine)
    await LegalCase.update({LegalCase.facts: ""}).where(cases)


async def _empty_corrections(record: str, ids: Any) -> None:
    """The sealed words of corrections go with the words they corrected; that something was corrected, by whom and why stays."""
    theirs = (Correction.record == record) & Correction.record_id.is_in(ids)
    await Correction.update({Correction.old_sealed: "", Correction.new_sealed: ""}).where(theirs)


async def _close_accounts(seeker_id: int) -> None:
    """The account stays as a name in the journal; it opens nothing, and its phones are forgotten."""
    for account in await Account.select(Account.id).where(Account.seeker == seeker_id):
        await Session.delete().where(Session.account == account["id"])
        await Account.update({Account.name: ANONYMOUS, Account.password_hash: "", Account.active: False}).where(Account.id == account["id"])
        await Device.update({Device.label: "", Device.revoked_at: now()}).where(Device.account == account["id"])
    await EnrolmentTicket.delete().where(EnrolmentTicket.seeker == seeker_id)


async def _sweep_forms() -> None:
    """Remove the archived registration forms of everybody anonymised, also those an interrupted run left behind."""
    gone = Seeker.select(Seeker.id).where(Seeker.state == SeekerState.ANONYMISED.value)
    rows = await Paper.select(Paper.id, Paper.archive_key).where(
        Paper.kind == PaperKind.SEEKER_FORM.value, Paper.subject == "seeker", Paper.archive_key != "", Paper.subject_id.is_in(gone)
    )
    emptied = Guidance.select(Guidance.id).where(Guidance.answers == "")
    rows += await Paper.select(Paper.id, Paper.archive_key).where(
        Paper.kind == PaperKind.GUIDANCE.value, Paper.archive_key != "", Paper.subject_id.is_in(emptied)
    )
    for row in rows:
        await archive.discard(row["archive_key"])
    if rows:
        await Paper.update({Paper.archive_key: "", Paper.size: 0}).where(Paper.id.is_in([row["id"] for row in rows]))


@action
async def _finish(run_id: int, found: dict[str, Due], done: dict[str, Due], *, actor: Actor) -> int:
    """The rows that belong to no person, up to the day the dry run named; then the run itself, once."""
    if await RetentionRun.exists().where(RetentionRun.confirmed == run_id):
        raise RuleBroken("这次试算已经办过了，不会办第二次。")
    for keeping in KEEPINGS:
        name = keeping.rule.value
        if name in done or name not in found or keeping.treatment is Treatment.LIST:
            continue
        table, condition = outdated(keeping.rule, date.fromisoformat(found[name].before))
        count = await table.count().where(condition)
        if keeping.treatment is Treatment.DELETE:
            await table.delete().where(condition)
        elif keeping.rule is RetentionRule.COMPLAINTS:
            await _empty_claims(condition, LegalCase.id < 0)
        elif keeping.rule is RetentionRule.CASES:
            await _empty_claims(Complaint.id < 0, condition)
        else:
            await table.update(_EMPTY[keeping.rule]).where(condition)
        done[name] = replace(found[name], count=count)
    run = RetentionRun(id=new_id(), dry=False, counts=counts_text(done), confirmed=run_id, by=actor.id, at=now())
    await RetentionRun.insert(run)
    await record(EventKind.RETENTION_DONE, subject="retention", subject_id=run.id, actor=actor, tried_id=run_id, done=_words(done))
    return run.id


_EMPTY: dict[RetentionRule, dict[Any, Any]] = {
    RetentionRule.ALERT_PHONES: {JobAlert.phone: "", JobAlert.phone_index: ""},
    RetentionRule.MATCH_RUNS: {MatchRun.inputs: ""},
    RetentionRule.RIGHTS: {RightsRequest.details: "", RightsRequest.answer: ""},
}
