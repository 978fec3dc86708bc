"""The record: the month of the ledger, corrections, samples, work besides referrals."""

from __future__ import annotations

from rules.codes.labelled import Labelled


class LedgerState(Labelled):
    """Where a month's ledger stands (domain reference 3.7). OVERDUE is no state: it is computed from the due day."""

    OPEN = "OPEN", "记录中"
    CLOSABLE = "CLOSABLE", "可以结账"
    CLOSED = "CLOSED", "已结账"
    SUBMITTED = "SUBMITTED", "已报送"
    QUERIED = "QUERIED", "退回核实"
    ACCEPTED = "ACCEPTED", "已接收"
    CORRECTED = "CORRECTED", "已更改，待重新报送"


class LedgerStepKind(Labelled):
    """What was done with a month's ledger, appended."""

    CLOSED = "CLOSED", "结账"
    SUBMITTED = "SUBMITTED", "报送"
    QUERIED = "QUERIED", "退回核实"
    ANSWERED = "ANSWERED", "答复并重新报送"
    ACCEPTED = "ACCEPTED", "接收"
    CORRECTED = "CORRECTED", "更改，出新版"


class CorrectionVerdict(Labelled):
    """What a manager says of a correction that staff made (domain reference 9: MGR approves)."""

    CONFIRMED = "CONFIRMED", "属实"
    OBJECTED = "OBJECTED", "不属实，请再更正"


class ActivityKind(Labelled):
    """Work of a station besides referrals that the monthly ledger counts (domain reference 8.3)."""

    TRAINING = "TRAINING", "培训"
    CONSULTATION = "CONSULTATION", "政策咨询"
    VISIT = "VISIT", "走访采集"
    PUBLICITY = "PUBLICITY", "宣传"
    CASE_STORY = "CASE_STORY", "典型案例"
    SAFETY_CHECK = "SAFETY_CHECK", "安全卫生检查"
    INSURANCE = "INSURANCE", "保险引导"
    SHARED_LABOUR = "SHARED_LABOUR", "余缺调剂"
    INCIDENT = "INCIDENT", "事件"


class SampleVerdict(Labelled):
    """What a check on the spot found about one placement of a sample."""

    GENUINE = "GENUINE", "属实"
    DIFFERENT = "DIFFERENT", "有出入"
    FABRICATED = "FABRICATED", "不属实"
    UNREACHED = "UNREACHED", "没联系上"
