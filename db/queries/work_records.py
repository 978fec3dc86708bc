"""Questions about work records (工作记录, art. 23): a person's day out of the journal, what its records lack, which days were signed.

A day is the day on which something happened, in China. One question for the day, then one per kind of record in it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from piccolo.columns.combination import Or
from piccolo.query.functions import Min
from piccolo.querystring import QueryString

from db.clock import CHINA
from db.queries.scope import within
from db.tables.accounts import Account
from db.tables.activities import Activity
from db.tables.agreements import Agreement, Guidance, SignedScan
from db.tables.complaints import CaseStep, Complaint, LegalCase
from db.tables.employers import Employer, EmployerDocument
from db.tables.followups import FollowUp
from db.tables.jobs import Job
from db.tables.journal import JournalEntry
from db.tables.records import SignedDay
from db.tables.referrals import Evidence, Placement, Referral
from db.tables.seekers import Seeker
from piccolo_conf import DB
from rules.codes import (
    NOT_IN_FORCE,
    AgreementState,
    ComplaintRoute,
    ComplaintState,
    EmployerDocumentKind,
    FollowUpKind,
    PayState,
    SettleCycle,
    Side,
)
from rules.employer_documents import HeldDocument
from rules.followups import Made, WorkDays
from rules.journal import chain_of
from rules.permissions import Role, Scope
from rules.placements import strength_of
from rules.work_records import FOLDED, DaysWork, days_work, is_entered_late

_WORK_ROLES = (Role.STAFF.value, Role.MANAGER.value)
_FOLDED = [kind.value for kind in sorted(FOLDED)]
_LATE = '%"late_reason":%'
"""What was late carries a reason (db.actions.journal), and no text of a person can hold a bare quote."""


def _span(day: date, days: int = 1) -> tuple[datetime, datetime]:
    began = datetime.combine(day, time(), CHINA)
    return began, began + timedelta(days=days)


_ENTRY = (
    JournalEntry.id,
    JournalEntry.hash,
    JournalEntry.at,
    JournalEntry.kind,
    JournalEntry.subject,
    JournalEntry.subject_id,
    JournalEntry.station_id,
    JournalEntry.corrects,
    JournalEntry.body,
)


def _read(row: dict[str, Any]) -> dict[str, Any]:
    body = json.loads(row.pop("body"))
    entered_at = datetime.fromisoformat(body["entered_at"])
    return {**row, "particulars": body["particulars"], "entered_at": entered_at, "late_reason": body.get("late_reason", "")}


async def entries_of_day(account_id: int, day: date) -> list[dict[str, Any]]:
    """Everything this account did on a day, in the order in which it was written down, folded kinds included.

    Each row has `particulars`, `entered_at` and `late_reason` out of the entry's text. The caller's own, or found in reach.
    """
    began, ends = _span(day)
    rows = await JournalEntry.select(*_ENTRY).where(JournalEntry.account_id == account_id, JournalEntry.at >= began, JournalEntry.at < ends)
    return [_read(row) for row in sorted(rows, key=lambda row: row["id"])]


async def work_of(account_id: int, day: date, today: date, *, reader: int, station_id: int | None = None) -> DaysWork:
    """What an account did on a day, with what its records lack today: the page and the signature look at the same.

    `station_id`: only what stands in that station's chain, which is what others read of it.
    """
    entries = await entries_of_day(account_id, day)
    if station_id is not None:
        entries = [entry for entry in entries if entry["station_id"] == station_id]
    subjects: dict[str, set[int]] = {}
    for entry in entries:
        if entry["kind"] not in FOLDED:
            subjects.setdefault(entry["subject"], set()).add(entry["subject_id"])
    return days_work(entries, await facts_of(subjects, reader=reader), today)


async def entered_late_today(account_id: int, station_id: int, today: date) -> list[dict[str, Any]]:
    """What this account wrote down today, in its station's chain, about days before; as `entries_of_day`.

    Looks through what the station wrote since its first entry about today, by the numbers of the chain.
    """
    began, ends = _span(today)
    since = await JournalEntry.select(Min(JournalEntry.seq, alias="seq")).where(
        JournalEntry.station_id == station_id, JournalEntry.at >= began, JournalEntry.at < ends
    )
    if since[0]["seq"] is None:
        return []
    rows = (
        await JournalEntry.select(*_ENTRY)
        .where(
            JournalEntry.chain == chain_of(station_id),
            JournalEntry.seq > since[0]["seq"],
            JournalEntry.account_id == account_id,
            JournalEntry.at < began,
            JournalEntry.kind.not_in(_FOLDED),
        )
        .order_by(JournalEntry.seq)
    )
    return [row for row in map(_read, rows) if is_entered_late(row["at"], row["entered_at"])]


_DAY = {"sqlite": "date(at, '+8 hours')", "postgres": "(at AT TIME ZONE 'Asia/Shanghai')::date"}
_COUNTS = """SELECT account_id, <DAY> AS day, count(*) AS entries FROM journal_entry
WHERE account_id IN (<WHO>) AND at >= {} AND at < {} AND kind NOT IN (<FOLDED>) GROUP BY account_id, <DAY>"""


async def _counts(accounts: list[int], first: date, days: int) -> dict[tuple[int, date], int]:
    if not accounts:
        return {}
    began, ends = _span(first, days)
    sql = _COUNTS.replace("<DAY>", _DAY[DB.engine_type]).replace("<WHO>", ", ".join("{}" for _ in accounts))
    sql = sql.replace("<FOLDED>", ", ".join("{}" for _ in _FOLDED))
    values = [*accounts, began, ends, *_FOLDED]
    found = {}
    for row in await DB.run_querystring(QueryString(sql, *values)):
        day = date.fromisoformat(row["day"]) if isinstance(row["day"], str) else row["day"]
        found[row["account_id"], day] = int(row["entries"])
    return found


async def _late_counts(accounts: list[int], first: date, days: int) -> Counter[tuple[int, date]]:
    """How many entries of each day were written down late. Older entries may carry a reason although they were in time."""
    began, ends = _span(first, days)
    rows = await JournalEntry.select(JournalEntry.account_id, JournalEntry.at, JournalEntry.body).where(
        JournalEntry.account_id.is_in(accounts or [0]),
        JournalEntry.at >= began,
        JournalEntry.at < ends,
        JournalEntry.kind.not_in(_FOLDED),
        JournalEntry.body.like(_LATE),
    )
    entered = [(row, datetime.fromisoformat(json.loads(row["body"])["entered_at"])) for row in rows]
    return Counter((row["account_id"], row["at"].astimezone(CHINA).date()) for row, at in entered if is_entered_late(row["at"], at))


_SIGNED = (
    SignedDay.id,
    SignedDay.account,
    SignedDay.day,
    SignedDay.round,
    SignedDay.entries,
    SignedDay.late,
    SignedDay.incomplete,
    SignedDay.missing,
    SignedDay.entries_sha256,
    SignedDay.head_seq,
    SignedDay.head_hash,
    SignedDay.remark,
    SignedDay.signed_name,
    SignedDay.signed_at,
)


async def signatures_of(account_id: int, day: date) -> list[dict[str, Any]]:
    """The signatures under one day of one account, the first round first."""
    return await SignedDay.select(*_SIGNED).where(SignedDay.account == account_id, SignedDay.day == day).order_by(SignedDay.round)


async def unsigned_days(account_id: int, today: date, days: int) -> list[dict[str, Any]]:
    """The days before today, of the last `days`, whose work this account has not signed in full: `day`, `entries`, `new`.

    `new` counts what came after the last signature (all of it where there is none). Newest first.
    """
    first = today - timedelta(days=days)
    counts = await _counts([account_id], first, days)
    if not counts:
        return []
    rows = await SignedDay.select(SignedDay.day, SignedDay.entries).where(
        SignedDay.account == account_id, SignedDay.day >= first, SignedDay.day < today
    )
    signed: dict[date, int] = {}
    for row in rows:
        signed[row["day"]] = max(row["entries"], signed.get(row["day"], 0))
    return [
        {"day": day, "entries": entries, "new": entries - signed.get(day, 0)}
        for (_, day), entries in sorted(counts.items(), key=lambda pair: pair[0][1], reverse=True)
        if entries > signed.get(day, 0)
    ]


async def chain_head(chain: str) -> dict[str, Any]:
    """Number and hash of the last entry of a chain; 0 and "" of an empty one."""
    row = (
        await JournalEntry.select(JournalEntry.seq, JournalEntry.hash)
        .where(JournalEntry.chain == chain)
        .order_by(JournalEntry.seq, ascending=False)
        .first()
    )
    return row or {"seq": 0, "hash": ""}


async def person_in(scope: Scope, account_id: int) -> dict[str, Any] | None:
    """A member of a station's staff in the asker's reach: `id`, `name`, `work_no`, `station`, `station_name`."""
    return (
        await Account.select(
            Account.id, Account.name, Account.work_no, Account.role, Account.station, Account.station.name.as_alias("station_name")
        )
        .where(within(scope, Account.station), Account.id == account_id, Account.role.is_in(list(_WORK_ROLES)))
        .first()
    )


async def month_of_people(scope: Scope, station_id: int, first: date, days: int) -> list[dict[str, Any]]:
    """The staff of one station in reach, and how each day of a month stands: counts from the journal, and the signatures.

    Each person has `days`: day → `entries`, `late`, `signed` (rounds), `incomplete` (as signed), `new` (not signed yet).
    Who left is shown for the months in which they did something.
    """
    people = (
        await Account.select(Account.id, Account.name, Account.work_no, Account.role, Account.active)
        .where(within(scope, Account.station), Account.station == station_id, Account.role.is_in(list(_WORK_ROLES)))
        .order_by(Account.work_no, Account.id)
    )
    accounts = [row["id"] for row in people]
    counts, late = await _counts(accounts, first, days), await _late_counts(accounts, first, days)
    signed = (
        await SignedDay.select(SignedDay.account, SignedDay.day, SignedDay.round, SignedDay.entries, SignedDay.incomplete)
        .where(SignedDay.station == station_id, SignedDay.day >= first, SignedDay.day < first + timedelta(days=days))
        .order_by(SignedDay.round)
    )
    kept = {(row["account"], row["day"]): row for row in signed}  # the last round wins
    for person in people:
        person["days"] = {}
        for account, day in sorted({*counts, *kept}, key=lambda key: key[1]):
            if account != person["id"]:
                continue
            entries = counts.get((account, day), 0)
            signature = kept.get((account, day))
            person["days"][day] = {
                "entries": entries,
                "late": late[account, day],
                "signed": signature["round"] if signature else 0,
                "incomplete": signature["incomplete"] if signature else None,
                "new": max(0, entries - (signature["entries"] if signature else 0)),
            }
    return [person for person in people if person["active"] or person["days"]]


Facts = dict[int, dict[str, Any]]


async def facts_of(subjects: Mapping[str, Iterable[int]], *, reader: int) -> dict[tuple[str, int], dict[str, Any]]:
    """What `rules.work_records.lacking` asks about these records, and the public `number` of each; one question per kind.

    Records are named by the journal's entries, which the caller found. A complaint past its station, or about the `reader`
    of this page, is left out (T21).
    """
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for subject, ask in _FACTS.items():
        ids = sorted(set(subjects.get(subject, ())))
        if ids:
            found |= {(subject, record): facts for record, facts in (await ask(ids, reader)).items()}
    return found


def _on(moment: datetime | None) -> date | None:
    return moment.astimezone(CHINA).date() if moment else None


async def _employers(ids: list[int], reader: int) -> Facts:
    rows = await Employer.select(Employer.id, Employer.state, Employer.verified_until, Employer.created_at).where(Employer.id.is_in(ids))
    papers = await EmployerDocument.select(
        EmployerDocument.employer, EmployerDocument.kind, EmployerDocument.valid_to, EmployerDocument.checked_at
    ).where(EmployerDocument.employer.is_in(ids), EmployerDocument.withdrawn_at.is_null())
    held: dict[int, list[HeldDocument]] = {}
    for paper in papers:
        one = HeldDocument(EmployerDocumentKind(paper["kind"]), paper["checked_at"] is not None, paper["valid_to"])
        held.setdefault(paper["employer"], []).append(one)
    return {
        row["id"]: {**row, "number": str(row["id"]), "created_on": _on(row["created_at"]), "documents": held.get(row["id"], [])}
        for row in rows
    }


async def _jobs(ids: list[int], reader: int) -> Facts:
    rows = await Job.select(Job.id, Job.number, Job.state, Job.verified_on, Job.changed_at).where(Job.id.is_in(ids))
    return {row["id"]: {**row, "changed_on": _on(row["changed_at"])} for row in rows}


async def _seekers(ids: list[int], reader: int) -> Facts:
    rows = await Seeker.select(
        *(Seeker.id, Seeker.number, Seeker.state, Seeker.phone_index, Seeker.guardian_name),
        *(Seeker.original_seen, Seeker.identity_seen_at, Seeker.created_at),
    ).where(Seeker.id.is_in(ids))
    return {
        row["id"]: {
            "number": row["number"],
            "state": row["state"],
            "reachable": bool(row["phone_index"] or row["guardian_name"]),
            "card_seen": bool(row["original_seen"] or row["identity_seen_at"]),
            "created_on": _on(row["created_at"]),
        }
        for row in rows
    }


async def _referrals(ids: list[int], reader: int) -> Facts:
    rows = await Referral.select(
        *(Referral.id, Referral.number, Referral.state, Referral.created_at),
        *(Referral.worker_answered_at, Referral.employer_answered_at, Referral.job.start_date.as_alias("starts_on")),
    ).where(Referral.id.is_in(ids))
    return {
        row["id"]: {**row, "changed_on": _on(row["employer_answered_at"] or row["worker_answered_at"] or row["created_at"])} for row in rows
    }


async def _agreements(ids: list[int], reader: int) -> Facts:
    rows = await Agreement.select(
        Agreement.id, Agreement.number, Agreement.state, Agreement.changed_at, Agreement.signed_at, Agreement.signed_way
    ).where(Agreement.id.is_in(ids))
    scans = await SignedScan.select(SignedScan.agreement).where(SignedScan.agreement.is_in(ids))
    scanned = {scan["agreement"] for scan in scans}
    return {
        row["id"]: {
            **row,
            "changed_on": _on(row["changed_at"]),
            "signed": row["signed_at"] is not None and AgreementState(row["state"]) not in NOT_IN_FORCE,
            "scans": row["id"] in scanned,
        }
        for row in rows
    }


async def _placements(ids: list[int], reader: int) -> Facts:
    rows = await Placement.select(
        *(Placement.id, Placement.referral.number.as_alias("number"), Placement.evidence, Placement.started_on, Placement.ended_on),
        *(Placement.pay_due_on, Placement.job.settle_cycle.as_alias("settle_cycle"), Placement.job.end_date.as_alias("last_day")),
    ).where(Placement.id.is_in(ids))
    kinds: dict[int, list[str]] = {}
    for proof in await Evidence.select(Evidence.placement, Evidence.kind).where(Evidence.placement.is_in(ids)):
        kinds.setdefault(proof["placement"], []).append(proof["kind"])
    calls: dict[int, list[Made]] = {}
    for call in await FollowUp.select(
        FollowUp.placement, FollowUp.kind, FollowUp.side, FollowUp.made_on, FollowUp.answered, FollowUp.pay_state
    ).where(FollowUp.placement.is_in(ids)):
        pay = PayState(call["pay_state"]) if call["pay_state"] else None
        made = Made(FollowUpKind(call["kind"]), Side(call["side"]), call["made_on"], call["answered"], pay)
        calls.setdefault(call["placement"], []).append(made)
    facts: Facts = {}
    for row in rows:
        settle = SettleCycle(row["settle_cycle"]) if row["settle_cycle"] in SettleCycle._value2member_map_ else None
        facts[row["id"]] = {
            "number": row["number"],
            "work": WorkDays(row["started_on"], row["ended_on"], row["pay_due_on"], settle),
            "last_day": row["last_day"],
            "strength": strength_of([row["evidence"], *kinds.get(row["id"], [])]),
            "made": calls.get(row["id"], []),
        }
    return facts


async def _complaints(ids: list[int], reader: int) -> Facts:
    rows = await Complaint.select(Complaint.id, Complaint.number, Complaint.state, Complaint.acknowledge_by, Complaint.reply_by).where(
        Complaint.id.is_in(ids),
        Complaint.route == ComplaintRoute.STATION.value,
        Or(Complaint.against_account.is_null(), Complaint.against_account != reader),
    )
    return {
        row["id"]: {**row, "next_by": _on(row["acknowledge_by"] if row["state"] == ComplaintState.RECEIVED else row["reply_by"])}
        for row in rows
    }


async def _cases(ids: list[int], reader: int) -> Facts:
    rows = await LegalCase.select(LegalCase.id, LegalCase.number, LegalCase.state, LegalCase.opened_at).where(LegalCase.id.is_in(ids))
    stepped = {row["id"]: row["opened_at"] for row in rows}
    for step in await CaseStep.select(CaseStep.legal_case, CaseStep.at).where(CaseStep.legal_case.is_in(ids)).order_by(CaseStep.id):
        stepped[step["legal_case"]] = step["at"]
    return {row["id"]: {**row, "stepped_on": _on(stepped[row["id"]])} for row in rows}


async def _activities(ids: list[int], reader: int) -> Facts:
    rows = await Activity.select(Activity.id, Activity.number, Activity.outcome, Activity.held_on).where(Activity.id.is_in(ids))
    return {row["id"]: row for row in rows}


async def _guidance(ids: list[int], reader: int) -> Facts:
    rows = await Guidance.select(Guidance.id, Guidance.number).where(Guidance.id.is_in(ids))
    return {row["id"]: row for row in rows}


_FACTS: dict[str, Callable[[list[int], int], Awaitable[Facts]]] = {
    "employer": _employers,
    "job": _jobs,
    "seeker": _seekers,
    "referral": _referrals,
    "agreement": _agreements,
    "placement": _placements,
    "complaint": _complaints,
    "legal_case": _cases,
    "activity": _activities,
    "guidance": _guidance,
}
