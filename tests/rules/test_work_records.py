"""Work records (art. 23): what each kind of record lacks, what counts as late, what a signature stands for."""

from datetime import UTC, date, datetime, timedelta

import pytest

from rules.codes import EmployerDocumentKind, FollowUpKind, SettleCycle, Side
from rules.employer_documents import HeldDocument
from rules.errors import RuleBroken
from rules.followups import Made, WorkDays
from rules.journal import EventKind
from rules.placements import Strength
from rules.work_records import (
    FOLDED,
    Completeness,
    Lacking,
    Quality,
    check_signing,
    completeness,
    days_work,
    entries_sha256,
    is_entered_late,
    lacking,
    lateness_text,
    missing_json,
    missing_read,
    share_text,
)

TODAY = date(2026, 12, 1)
NOW = datetime(2026, 12, 1, 1, tzinfo=UTC)
LICENCE = HeldDocument(EmployerDocumentKind.LICENCE, True, None)
OLD_LICENCE = HeldDocument(EmployerDocumentKind.LICENCE, True, date(2026, 11, 30))


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def words(subject: str, facts: dict) -> list[tuple[str, bool]]:
    return [(one.what, one.in_hand) for one in lacking(subject, facts, TODAY)]


EMPLOYER = {"state": "VERIFIED", "verified_until": date(2027, 1, 1), "created_on": ago(60), "documents": [LICENCE]}


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        ({"state": "PENDING", "created_on": ago(1)}, [("还没有核验", True)]),
        ({"state": "PENDING"}, [("还没有核验", False)]),
        ({"state": "REJECTED", "documents": []}, []),
        ({"verified_until": ago(1)}, [("核验已经过期，要重新核验", False)]),
        ({"documents": []}, [("没有证照记录", False)]),
        ({"documents": [OLD_LICENCE]}, [(f"{EmployerDocumentKind.LICENCE.label}已过有效期", False)]),
        ({"documents": [OLD_LICENCE, LICENCE]}, []),
    ],
)
def test_an_employer_is_verified_with_valid_documents(changes, found):
    assert words("employer", EMPLOYER | changes) == found


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"state": "DRAFT", "changed_on": ago(0)}, [("还是草稿，没有提交审核", True)]),
        ({"state": "SUBMITTED", "changed_on": ago(4)}, [("还没有审核", False)]),
        ({"state": "APPROVED", "changed_on": ago(4)}, [("审核通过了，还没有发布", False)]),
        ({"state": "PUBLISHED", "verified_on": ago(15)}, []),
        ({"state": "PUBLISHED", "verified_on": ago(16)}, [("超过15天没有核实", False)]),
        ({"state": "EXPIRED"}, []),
    ],
)
def test_a_post_is_reviewed_and_verified_in_time(facts, found):
    assert words("job", {"changed_on": ago(9), "verified_on": None} | facts) == found


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({}, []),
        ({"reachable": False}, [("没有电话，也没有留联系人", False)]),
        ({"card_seen": False, "created_on": ago(1)}, [("还没有核对证件原件", True)]),
        ({"card_seen": False}, [("还没有核对证件原件", False)]),
        ({"state": "CLOSED", "reachable": False, "card_seen": False}, []),
    ],
)
def test_a_seeker_can_be_reached_and_showed_the_card(facts, found):
    assert words("seeker", {"state": "ACTIVE", "reachable": True, "card_seen": True, "created_on": ago(9)} | facts) == found


WORK = {
    "work": WorkDays(ago(2), None, None, SettleCycle.DAILY),
    "made": [],
    "last_day": TODAY,
    "strength": Strength.MEDIUM,
}


def test_a_placement_has_evidence_an_end_and_its_calls():
    assert words("placement", WORK) == []
    assert words("placement", WORK | {"strength": Strength.WEAK}) == [("上岗依据太弱，请补充回执或双方确认", True)]
    over = WORK | {"work": WorkDays(ago(9), None, None, SettleCycle.MONTHLY), "last_day": ago(5)}
    assert words("placement", over) == [
        ("过了约定的最后一天，完工还没有登记", False),
        ("雇主的上岗回访过了期限没有做", False),
        ("零工的上岗回访过了期限没有做", False),
    ]
    called = over | {"made": [Made(FollowUpKind.START, side, ago(8), True) for side in Side]}
    assert words("placement", called) == [("过了约定的最后一天，完工还没有登记", False)]
    steps = {one.step for one in lacking("placement", over, TODAY)}
    assert steps == {"ending", "call/start/employer", "call/start/worker"}


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"state": "PRINTED", "changed_on": TODAY}, [("打印了，还没有签字", True)]),
        ({"state": "SIGNED", "signed": True, "scans": True}, [("签好了，还没有交给零工一份", False)]),
        ({"state": "DELIVERED", "signed": True}, [("没有上传签字的扫描件", False), ("原件还没有归档", True)]),
        ({"state": "ARCHIVED", "signed": True, "signed_way": "SCREEN"}, []),
        ({"state": "VOID"}, []),
    ],
)
def test_an_agreement_is_signed_scanned_delivered_archived(facts, found):
    assert words("agreement", {"changed_on": ago(3), "signed": False, "scans": False, "signed_way": "PAPER"} | facts) == found


@pytest.mark.parametrize(
    ("subject", "facts", "found"),
    [
        ("complaint", {"state": "RECEIVED", "next_by": ago(1)}, [("还没有答复，请写下一步", False)]),
        ("complaint", {"state": "INVESTIGATING", "next_by": TODAY}, [("还没有答复，请写下一步", True)]),
        ("complaint", {"state": "REPLIED", "next_by": ago(9)}, []),
        ("legal_case", {"state": "HANDLING", "stepped_on": ago(9)}, [("还没有结果，请写下一步", False)]),
        ("legal_case", {"state": "SETTLED", "stepped_on": ago(9)}, []),
        ("activity", {"outcome": " ", "held_on": ago(9)}, [("没有写结果", False)]),
        ("activity", {"outcome": "来了30人", "held_on": ago(9)}, []),
        ("station", {}, []),
    ],
)
def test_cases_complaints_and_activities_have_a_next_step(subject, facts, found):
    assert words(subject, facts) == found


def test_what_waits_in_time_is_in_hand_and_one_missing_thing_is_enough():
    waiting, missing = Lacking("甲", in_hand=True), Lacking("乙")
    assert completeness([]) is Completeness.COMPLETE
    assert completeness([waiting]) is Completeness.IN_HAND
    assert completeness([waiting, missing]) is Completeness.INCOMPLETE


@pytest.mark.parametrize(("hours", "text"), [(0, ""), (24, ""), (25, "晚了25小时"), (47, "晚了47小时"), (72, "晚了3天")])
def test_a_day_is_in_time_and_an_hour_more_is_late(hours, text):
    assert lateness_text(NOW - timedelta(hours=hours), NOW) == text
    assert is_entered_late(NOW - timedelta(hours=hours), NOW) == bool(text)


def entry(kind: EventKind, subject: str = "job", record: int = 1, late: int = 0) -> dict:
    return {"kind": kind.value, "subject": subject, "subject_id": record, "at": NOW - timedelta(days=late), "entered_at": NOW}


def test_a_days_counts_fold_looking_and_judge_each_record_once():
    facts = {
        ("job", 1): {"number": "G1", "state": "PUBLISHED", "verified_on": None, "changed_on": TODAY},
        ("job", 2): {"number": "G2", "state": "EXPIRED"},
    }
    entries = [
        entry(EventKind.SIGNED_IN, "account"),
        entry(EventKind.JOB_PUBLISHED),
        entry(EventKind.JOB_REVISED, late=2),
        entry(EventKind.JOB_EXPIRED, record=2),
        entry(EventKind.REVEALED, "seeker"),
        entry(EventKind.DAY_SIGNED, "signed_day"),
    ]
    work = days_work(entries, facts, TODAY)
    assert [each["kind"] for each in work.entries] == ["JOB_PUBLISHED", "JOB_REVISED", "JOB_EXPIRED"]
    assert work.folded == {"登录": 1, "查看完整个人信息": 1, "签认当天工作记录": 1}
    assert work.quality == Quality(entries=3, late=1, records=2, incomplete=1)
    assert (work.quality.in_time, work.quality.complete) == (2, 1)
    assert work.missing == {"岗位G1": ["超过15天没有核实"]}
    assert missing_read(missing_json(work.missing)) == [("岗位G1", ["超过15天没有核实"])]


def test_quality_of_a_month_is_the_sum_of_its_days():
    assert Quality(3, 1, 2, 1) + Quality(4, 0, 1, 0) == Quality(7, 1, 3, 1)
    assert share_text(2, 3) == "2 / 3（66%）"
    assert share_text(0, 0) == "没有"


def test_a_signature_stands_for_exactly_these_entries_in_this_order():
    assert entries_sha256(["a", "b"]) != entries_sha256(["b", "a"])
    assert entries_sha256(["a", "b"]) != entries_sha256(["ab"])
    assert len(entries_sha256([])) == 64


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"day": TODAY + timedelta(days=1)}, "还没到这一天"),
        ({"entries": 0}, "没有要签认的记录"),
        ({"signed_entries": 5}, "已经签认过了"),
        ({"read": False}, "请先逐条看过"),
    ],
)
def test_a_day_is_signed_once_read_and_not_in_advance(facts, sentence):
    given = {"day": TODAY, "entries": 5, "signed_entries": 0, "read": True} | facts
    with pytest.raises(RuleBroken, match=sentence):
        check_signing(given.pop("day"), TODAY, **given)
    check_signing(TODAY, TODAY, entries=5, signed_entries=4, read=True)


def test_nothing_that_changes_a_record_is_folded():
    assert not {EventKind.CORRECTED, EventKind.PLACEMENT_STARTED, EventKind.JOB_REVISED, EventKind.ACTIVITY_RECORDED} & FOLDED
