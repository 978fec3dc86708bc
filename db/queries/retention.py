"""Questions about what has been kept long enough (domain reference 10.5). Public numbers only, never a name."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from piccolo.columns.combination import And, Or

from db.clock import CHINA, today
from db.paging import Page, page_of, place
from db.queries.parameters import legal_parameters
from db.tables.accounts import Draft, EnrolmentTicket, PhoneCode, Session, SignInFailure, Submission
from db.tables.agreements import Agreement
from db.tables.complaints import CaseStep, Complaint, LegalCase
from db.tables.employers import Employer
from db.tables.jobs import Job, JobAlert
from db.tables.matching import MatchRun
from db.tables.referrals import Referral
from db.tables.seekers import Reveal, RightsRequest, Seeker
from db.tables.transfers import RetentionRun
from rules.codes import AgreementState, RightsState, SeekerState
from rules.referrals import OPEN_STATES
from rules.retention import KEEPINGS, MOST_AT_ONCE, PEOPLE, Keeping, RetentionRule, cut_off

RUNS_SHOWN = 20
_OVER = [SeekerState.CLOSED.value, SeekerState.ANONYMISED.value]


@dataclass(frozen=True, slots=True)
class Due:
    """What one rule finds: how many, up to which day (ISO), and of people and papers their ids and public numbers.

    `held` is how many are due and wait all the same, because a referral of theirs is still open.
    """

    count: int
    before: str
    ids: Sequence[int] = ()
    numbers: Sequence[str] = ()
    held: int = 0


async def due_today() -> dict[str, Due]:
    """What every rule finds today, by rule."""
    parameters = await legal_parameters()
    return {keeping.rule.value: await due_by(keeping, cut_off(keeping, parameters, today())) for keeping in KEEPINGS}


async def due_by(keeping: Keeping, last: date) -> Due:
    """What one rule finds that ended on the day `last` or before."""
    if keeping.rule in PEOPLE:
        return await _people(keeping.rule, last)
    if keeping.rule is RetentionRule.AGREEMENTS:
        return await _agreements(last)
    if keeping.rule is RetentionRule.EMPLOYERS:
        return await _employers(last)
    table, condition = outdated(keeping.rule, last)
    return Due(await table.count().where(condition), last.isoformat())


def midnight_after(last: date) -> datetime:
    """The moment the day `last` ends at the stations."""
    return datetime.combine(last + timedelta(days=1), time(), CHINA)


def due_people(rule: RetentionRule, last: date) -> Any:
    """The condition that a seeker is due by one of the rules about people."""
    end = midnight_after(last)
    alive = And(Seeker.state.not_in(_OVER), Seeker.anonymised_at.is_null())
    match rule:
        case RetentionRule.DORMANT_ASK:
            return And(alive, And(Seeker.confirmed_on <= last, Or(Seeker.asked_on.is_null(), Seeker.asked_on <= Seeker.confirmed_on)))
        case RetentionRule.DORMANT:
            silent = And(Seeker.asked_on.is_not_null(), Seeker.asked_on > Seeker.confirmed_on)
            return And(alive, And(silent, Seeker.asked_on <= last))
    return And(Seeker.state == SeekerState.CLOSED.value, And(Seeker.closed_at.is_not_null(), Seeker.closed_at < end))


async def _people(rule: RetentionRule, last: date) -> Due:
    condition = due_people(rule, last)
    open_ones = Referral.select(Referral.seeker).where(Referral.state.is_in([state.value for state in OPEN_STATES]))
    claims = LegalCase.select(LegalCase.seeker).where(LegalCase.closed_at.is_null())  # their claim still needs them
    complained = Complaint.select(Complaint.seeker).where(Complaint.closed_at.is_null(), Complaint.seeker.is_not_null())
    free = And(Seeker.id.not_in(open_ones), And(Seeker.id.not_in(claims), Seeker.id.not_in(complained)))
    rows = await Seeker.select(Seeker.id, Seeker.number).where(condition, free).order_by(Seeker.id).limit(MOST_AT_ONCE)
    held = await Seeker.count().where(condition, Or(Seeker.id.is_in(open_ones), Or(Seeker.id.is_in(claims), Seeker.id.is_in(complained))))
    return Due(len(rows), last.isoformat(), [row["id"] for row in rows], [row["number"] for row in rows], held)


def outdated(rule: RetentionRule, last: date) -> tuple[Any, Any]:
    """(table, condition) of the rows a rule without people finds. KeyError: a rule that only lists."""
    end = midnight_after(last)
    return {
        RetentionRule.DRAFTS: (Draft, Draft.changed_at < end),
        RetentionRule.PHONE_CODES: (PhoneCode, PhoneCode.expires_at < end),
        RetentionRule.TICKETS: (EnrolmentTicket, EnrolmentTicket.expires_at < end),
        RetentionRule.SIGN_IN_FAILURES: (SignInFailure, SignInFailure.at < end),
        RetentionRule.SESSIONS: (Session, Session.expires_at < end),
        RetentionRule.SUBMISSIONS: (Submission, Submission.at < end),
        RetentionRule.ALERT_PHONES: (JobAlert, And(JobAlert.ended_at.is_not_null(), And(JobAlert.ended_at < end, JobAlert.phone != ""))),
        RetentionRule.RIGHTS: (
            RightsRequest,
            And(
                And(RightsRequest.state != RightsState.ASKED.value, RightsRequest.answered_at < end),
                Or(RightsRequest.details != "", RightsRequest.answer != ""),
            ),
        ),
        RetentionRule.MATCH_RUNS: (MatchRun, And(MatchRun.made_at < end, MatchRun.inputs != "")),
        RetentionRule.COMPLAINTS: (
            Complaint,
            And(And(Complaint.closed_at.is_not_null(), Complaint.closed_at < end), Complaint.follow_code != ""),
        ),
        RetentionRule.CASES: (
            LegalCase,
            And(
                And(LegalCase.closed_at.is_not_null(), LegalCase.closed_at < end),
                Or(LegalCase.facts != "", LegalCase.id.is_in(CaseStep.select(CaseStep.legal_case).where(CaseStep.words != ""))),
            ),
        ),
        RetentionRule.LOOKS: (Reveal, Reveal.day <= last),
    }[rule]


async def _agreements(last: date) -> Due:
    """Agreements whose work ended, or that were voided, so long ago."""
    end_date, start_date = Agreement.referral.job.end_date, Agreement.referral.job.start_date
    over = Or(
        And(Agreement.state == AgreementState.VOID.value, Agreement.voided_at < midnight_after(last)),
        Or(
            And(Agreement.state == AgreementState.CANCELLED.value, Agreement.ended_at < midnight_after(last)),
            And(
                Agreement.signed_at < midnight_after(last),
                Or(end_date <= last, And(end_date.is_null(), start_date <= last)),
            ),
        ),
    )
    count = await Agreement.count().where(over)
    rows = await Agreement.select(Agreement.id, Agreement.number).where(over).order_by(Agreement.id).limit(MOST_AT_ONCE)
    return Due(count, last.isoformat(), (), [row["number"] for row in rows])


async def _employers(last: date) -> Due:
    """Employers registered so long ago whose last order is so old, too; an employer has no public number: its id."""
    end = midnight_after(last)
    lately = Job.select(Job.employer).where(Job.created_at >= end)
    old = And(Employer.created_at < end, Employer.id.not_in(lately))
    count = await Employer.count().where(old)
    rows = await Employer.select(Employer.id).where(old).order_by(Employer.id).limit(MOST_AT_ONCE)
    return Due(count, last.isoformat(), (), [str(row["id"]) for row in rows])


def counts_text(found: dict[str, Due]) -> str:
    """What a run found, as the table keeps it."""
    return json.dumps({rule: asdict(due) for rule, due in found.items()}, ensure_ascii=False, sort_keys=True)


def counts_of(text: str) -> dict[str, Due]:
    """What a run found, out of the table."""
    return {rule: Due(**due) for rule, due in json.loads(text or "{}").items()}


async def run_with_id(run_id: int) -> dict[str, Any] | None:
    """One run with `found` (rule → Due) and `carried_out`: the id of the run that did it, if any."""
    row = await RetentionRun.select(*_RUN).where(RetentionRun.id == run_id).first()
    return await _read(row) if row else None


async def newest_dry_run() -> dict[str, Any] | None:
    """The last dry run, like `run_with_id`."""
    row = await RetentionRun.select(*_RUN).where(RetentionRun.dry.eq(True)).order_by(RetentionRun.id, ascending=False).first()
    return await _read(row) if row else None


_RUN = (
    RetentionRun.id,
    RetentionRun.dry,
    RetentionRun.counts,
    RetentionRun.confirmed,
    RetentionRun.at,
    RetentionRun.by.name.as_alias("by_name"),
)


async def _read(row: dict[str, Any]) -> dict[str, Any]:
    done = await RetentionRun.select(RetentionRun.id).where(RetentionRun.confirmed == row["id"]).first()
    return {**row, "found": counts_of(row["counts"]), "carried_out": done["id"] if done else None}


async def runs(after: str = "") -> Page:
    """Every run, newest first, with `total`: how many records it found or dealt with."""
    query = RetentionRun.select(*_RUN).order_by(RetentionRun.id, ascending=False).limit(RUNS_SHOWN + 1)
    if start := place(after, (int,)):
        query = query.where(RetentionRun.id < start[0])
    page = page_of(await query, RUNS_SHOWN, "id")
    return Page([{**row, "total": sum(due.count for due in counts_of(row["counts"]).values())} for row in page.rows], page.next)
