"""Work records (工作记录, art. 23 真实、完整、及时、签名): what a record still lacks, what was entered late, how good a day was.

Completeness is judged on the record as it stands, from a small mapping of its facts (`db.queries.work_records`). What may
still come in time is in hand, not incomplete.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from rules.codes import (
    AgreementState,
    CaseState,
    ComplaintState,
    EmployerState,
    FollowUpKind,
    JobState,
    Labelled,
    ReferralState,
    SeekerState,
    Side,
    SigningWay,
)
from rules.employer_documents import HeldDocument, outdated
from rules.errors import RuleBroken
from rules.followups import CALLS, Made, WorkDays, due_on, is_late, is_open
from rules.freshness import post_fresh_until
from rules.journal import LATE_AFTER, EventKind
from rules.placements import Strength
from rules.publication import STALE_AFTER

UNSIGNED_DAYS = 14
"""How many days back a day that was not signed is asked for [design]."""

IN_HAND_DAYS = 3
"""Days within which a step that waits for somebody counts as in hand, not as missing [design]."""

ARCHIVE_DAYS = 7
"""The same for putting a delivered agreement into the archive [design]."""

FOLDED = frozenset(
    {
        *(EventKind.SIGN_IN_BEGUN, EventKind.SIGNED_IN, EventKind.SIGNED_OUT, EventKind.SIGN_IN_REFUSED, EventKind.SIGN_IN_LOCKED),
        *(EventKind.DESK_LOCKED, EventKind.DESK_UNLOCKED, EventKind.PASSWORD_CONFIRMED, EventKind.SESSIONS_ENDED),
        *(EventKind.PASSWORD_CHANGED, EventKind.SECOND_FACTOR_SET, EventKind.RECOVERY_CODES_MADE, EventKind.RECOVERY_CODE_USED),
        *(EventKind.REVEALED, EventKind.EMPLOYER_DOCUMENT_OPENED, EventKind.EXPORT_FETCHED, EventKind.PRINT_RUN_FETCHED),
        *(EventKind.STATISTICS_EXPORTED, EventKind.LEDGER_EXPORTED, EventKind.COMMITMENT_SIGNED, EventKind.DAY_SIGNED),
    }
)
"""Entries that are no work done for anybody: signing in and out, looking, taking a file. Counted, not listed and not signed."""


class Completeness(Labelled):
    """How a record stands."""

    COMPLETE = "COMPLETE", "齐全"
    IN_HAND = "IN_HAND", "在办"
    INCOMPLETE = "INCOMPLETE", "缺项"


@dataclass(frozen=True, slots=True)
class Lacking:
    """What a record still needs, in plain words. `in_hand`: still in its time.

    `step` names where it is done when that is not the record's own page: "start", "ending", "call/start/worker", ….
    """

    what: str
    step: str = ""
    in_hand: bool = False


def completeness(lacking: Iterable[Lacking]) -> Completeness:
    """How a record stands that lacks this."""
    worst = Completeness.COMPLETE
    for one in lacking:
        if not one.in_hand:
            return Completeness.INCOMPLETE
        worst = Completeness.IN_HAND
    return worst


def lacking(subject: str, facts: Mapping[str, Any], today: date) -> list[Lacking]:
    """What completes this record is missing; nothing for kinds of records that are complete once written.

    `subject` is the journal's word for the kind of record; `facts` as `db.queries.work_records` gives them.
    """
    judge = _JUDGES.get(subject)
    return judge(facts, today) if judge else []


def _within(day: date | datetime | None, days: int, today: date) -> bool:
    if isinstance(day, datetime):
        day = day.date()
    return day is not None and today <= day + timedelta(days=days)


def _employer(facts: Mapping[str, Any], today: date) -> list[Lacking]:
    found = []
    if facts["state"] == EmployerState.PENDING:
        found.append(Lacking("还没有核验", in_hand=_within(facts["created_on"], IN_HAND_DAYS, today)))
    elif facts["state"] == EmployerState.VERIFIED:
        if facts["verified_until"] and facts["verified_until"] < today:
            found.append(Lacking("核验已经过期，要重新核验"))
        held: Sequence[HeldDocument] = facts["documents"]
        for kind in dict.fromkeys(one.kind for one in held):
            if all(outdated(one.valid_to, today) for one in held if one.kind is kind):
                found.append(Lacking(f"{kind.label}已过有效期"))
        if not held:
            found.append(Lacking("没有证照记录"))
    return found


_WAITING_POSTS = {
    JobState.DRAFT: "还是草稿，没有提交审核",
    JobState.SUBMITTED: "还没有审核",
    JobState.IN_REVIEW: "审核还没有结论",
    JobState.APPROVED: "审核通过了，还没有发布",
}


def _job(facts: Mapping[str, Any], today: date) -> list[Lacking]:
    state = JobState(facts["state"])
    if state in _WAITING_POSTS:
        return [Lacking(_WAITING_POSTS[state], in_hand=_within(facts["changed_on"], IN_HAND_DAYS, today))]
    if state is not JobState.PUBLISHED:
        return []
    fresh = post_fresh_until(facts["verified_on"])
    return [Lacking(f"超过{STALE_AFTER}天没有核实")] if fresh is None or fresh < today else []


def _seeker(facts: Mapping[str, Any], today: date) -> list[Lacking]:
    if facts["state"] in (SeekerState.CLOSED, SeekerState.ANONYMISED):
        return []
    found = []
    if not facts["reachable"]:
        found.append(Lacking("没有电话，也没有留联系人"))
    if not facts["card_seen"]:
        found.append(Lacking("还没有核对证件原件", in_hand=_within(facts["created_on"], IN_HAND_DAYS, today)))
    return found


def _referral(facts: Mapping[str, Any], today: date) -> list[Lacking]:
    state, in_hand = ReferralState(facts["state"]), _within(facts["changed_on"], IN_HAND_DAYS, today)
    match state:
        case ReferralState.APPLIED:
            return [Lacking("报名的人还没有核对证件", in_hand=in_hand)]
        case ReferralState.PROPOSED:
            return [Lacking("零工还没有答复", in_hand=in_hand)]
        case ReferralState.WORKER_ACCEPTED:
            return [Lacking("雇主还没有答复", in_hand=in_hand)]
        case ReferralState.EMPLOYER_ACCEPTED:
            return [Lacking("还没有签协议", in_hand=in_hand)]
        case ReferralState.CONFIRMED:
            begins = facts["starts_on"] or facts["changed_on"]
            return [Lacking("到没到岗还没有登记", "start", in_hand=_within(begins, 1, today))]
    return []


_WAITING_AGREEMENTS = {
    AgreementState.DRAFT: "还没有打印、签字",
    AgreementState.PRINTED: "打印了，还没有签字",
    AgreementState.E_SIGNING: "屏上签字还没有做完",
    AgreementState.SIGNED: "签好了，还没有交给零工一份",
}


def _agreement(facts: Mapping[str, Any], today: date) -> list[Lacking]:
    state = AgreementState(facts["state"])
    found = []
    if state in _WAITING_AGREEMENTS:
        found.append(Lacking(_WAITING_AGREEMENTS[state], in_hand=_within(facts["changed_on"], 1, today)))
    if facts["signed"] and not facts["scans"] and facts["signed_way"] != SigningWay.SCREEN:
        found.append(Lacking("没有上传签字的扫描件"))
    if state is AgreementState.DELIVERED:
        found.append(Lacking("原件还没有归档", in_hand=_within(facts["changed_on"], ARCHIVE_DAYS, today)))
    return found


_CALLS: dict[tuple[FollowUpKind, Side], str] = {(kind, side): f"{side.label}的{kind.label}过了期限没有做" for kind, side in CALLS}


def _placement(facts: Mapping[str, Any], today: date) -> list[Lacking]:
    work: WorkDays = facts["work"]
    made: Sequence[Made] = facts["made"]
    found = []
    if facts["strength"] is Strength.WEAK:
        found.append(Lacking("上岗依据太弱，请补充回执或双方确认", "start", in_hand=_within(work.started_on, IN_HAND_DAYS, today)))
    if work.ended_on is None and facts["last_day"] and facts["last_day"] < today:
        found.append(Lacking("过了约定的最后一天，完工还没有登记", "ending", in_hand=_within(facts["last_day"], 1, today)))
    for kind, side in CALLS:
        due = due_on(kind, work)
        if due and is_late(due, today) and is_open(kind, side, work, made):
            found.append(Lacking(_CALLS[kind, side], f"call/{kind.value}/{side.value}".lower()))
    return found


_COMPLAINT_OVER = frozenset({ComplaintState.SATISFIED, ComplaintState.FINAL, ComplaintState.REPLIED})
_CASE_OVER = frozenset({CaseState.SETTLED, CaseState.CLOSED, CaseState.MISTAKEN, CaseState.PASSED_ON})


def _complaint(facts: Mapping[str, Any], today: date) -> list[Lacking]:
    if facts["state"] in _COMPLAINT_OVER:
        return []
    return [Lacking("还没有答复，请写下一步", in_hand=today <= facts["next_by"])]


def _case(facts: Mapping[str, Any], today: date) -> list[Lacking]:
    if facts["state"] in _CASE_OVER:
        return []
    return [Lacking("还没有结果，请写下一步", in_hand=_within(facts["stepped_on"], 2 * IN_HAND_DAYS, today))]


def _activity(facts: Mapping[str, Any], today: date) -> list[Lacking]:
    return [] if str(facts["outcome"]).strip() else [Lacking("没有写结果", in_hand=_within(facts["held_on"], IN_HAND_DAYS, today))]


_JUDGES = {
    "employer": _employer,
    "job": _job,
    "seeker": _seeker,
    "referral": _referral,
    "agreement": _agreement,
    "placement": _placement,
    "complaint": _complaint,
    "legal_case": _case,
    "activity": _activity,
}
SUBJECTS: dict[str, str] = {
    "employer": "雇主",
    "job": "岗位",
    "seeker": "零工",
    "referral": "推荐",
    "agreement": "协议",
    "placement": "上岗",
    "complaint": "投诉",
    "legal_case": "维权",
    "activity": "工作",
}
"""The kinds of records that can lack something, in the journal's words, and what people call them."""


def is_entered_late(at: datetime, entered_at: datetime) -> bool:
    """Whether an entry was written down more than a day after it happened (art. 23 记录及时)."""
    return entered_at - at > LATE_AFTER


def lateness_text(at: datetime, entered_at: datetime) -> str:
    """How late an entry was: "晚了3天"; "" for one in time."""
    if not is_entered_late(at, entered_at):
        return ""
    late = entered_at - at
    return f"晚了{late.days}天" if late.days >= 2 else f"晚了{int(late.total_seconds() // 3600)}小时"


@dataclass(frozen=True, slots=True)
class Quality:
    """A day's, a person's or a month's records as counts: entries, those in time, records, those complete or in hand."""

    entries: int = 0
    late: int = 0
    records: int = 0
    incomplete: int = 0

    @property
    def in_time(self) -> int:
        """Entries written down within a day of what happened."""
        return self.entries - self.late

    @property
    def complete(self) -> int:
        """Records that lack nothing that is due."""
        return self.records - self.incomplete

    def __add__(self, other: Quality) -> Quality:
        return Quality(
            self.entries + other.entries, self.late + other.late, self.records + other.records, self.incomplete + other.incomplete
        )


Subject = tuple[str, int]
"""A record as the journal names it: its kind and its id."""


@dataclass(frozen=True, slots=True)
class DaysWork:
    """One person's work of one day: its entries in the order of writing, what was folded (label → how often), what lacks."""

    entries: list[dict[str, Any]]
    folded: dict[str, int]
    lacking: dict[Subject, list[Lacking]]
    facts: Mapping[Subject, Mapping[str, Any]]
    quality: Quality

    @property
    def missing(self) -> dict[str, list[str]]:
        """Number of each incomplete record → what it lacks, in words."""
        return {
            f"{SUBJECTS[key[0]]}{self.facts[key]['number']}": [one.what for one in found if not one.in_hand]
            for key, found in self.lacking.items()
            if completeness(found) is Completeness.INCOMPLETE
        }


def days_work(entries: Iterable[Mapping[str, Any]], facts: Mapping[Subject, Mapping[str, Any]], today: date) -> DaysWork:
    """A day out of its journal entries and the facts of the records they are about, as of today.

    Each entry listed gets `late` (`lateness_text`) beside it; folded kinds are only counted.
    """
    listed, folded = [], Counter[str]()
    for entry in entries:
        if entry["kind"] in FOLDED:
            folded[EventKind.label_of(entry["kind"])] += 1
        else:
            listed.append({**entry, "late": lateness_text(entry["at"], entry["entered_at"])})
    found: dict[Subject, list[Lacking]] = {}
    for entry in listed:
        key = (entry["subject"], entry["subject_id"])
        if key not in found and entry["subject"] in _JUDGES and key in facts:
            found[key] = lacking(entry["subject"], facts[key], today)
    quality = Quality(
        entries=len(listed),
        late=sum(bool(entry["late"]) for entry in listed),
        records=len(found),
        incomplete=sum(completeness(each) is Completeness.INCOMPLETE for each in found.values()),
    )
    return DaysWork(listed, dict(folded), found, facts, quality)


def share_text(part: int, whole: int) -> str:
    """A share as people read it: "8 / 10（80%）", rounded down; "没有" of nothing."""
    return f"{part} / {whole}（{part * 100 // whole}%）" if whole else "没有"


def entries_sha256(hashes: Iterable[str]) -> str:
    """What a day's signature stands for: SHA-256 over the hashes of its entries, in the order in which they were written."""
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()


def words_sha256(remark: str, missing: str) -> str:
    """The hash of the words kept with a signature, as its journal entry repeats it."""
    return hashlib.sha256(f"{missing}\n{remark}".encode()).hexdigest()


def check_signing(day: date, today: date, *, entries: int, signed_entries: int, read: bool) -> None:
    """Whether a day may be signed now. RuleBroken: a day to come, nothing to sign, signed already, or not read."""
    if day > today:
        raise RuleBroken("还没到这一天，不能签认。", "read")
    if not entries:
        raise RuleBroken("这一天没有要签认的记录。")
    if entries <= signed_entries:
        raise RuleBroken("这一天的记录已经签认过了，没有新的记录。")
    if not read:
        raise RuleBroken("请先逐条看过，再勾选“以上记录我都看过，内容真实”。", "read")


def missing_json(found: Mapping[str, Sequence[str]]) -> str:
    """What was missing when a day was signed: number of the record → the words, as it is kept."""
    return json.dumps([{"record": record, "missing": list(words)} for record, words in found.items()], ensure_ascii=False)


def missing_read(kept: str) -> list[tuple[str, list[str]]]:
    """What was missing when a day was signed, as (record, words)."""
    return [(one["record"], one["missing"]) for one in json.loads(kept or "[]")]
