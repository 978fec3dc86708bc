"""Complaints and cases of claimed rights."""

from __future__ import annotations

from rules.codes.labelled import Labelled


class ComplaintKind(Labelled):
    """What a complaint is about (HRMR 29, 40; domain reference 3.14)."""

    FEE = "FEE", "被收费"
    STAFF = "STAFF", "工作人员"
    STATION = "STATION", "驿站服务"
    EMPLOYER = "EMPLOYER", "雇主"
    UNFAIR_CALLING = "UNFAIR_CALLING", "派工不公"
    FALSE_POST = "FALSE_POST", "岗位不真实"
    DISCRIMINATION = "DISCRIMINATION", "歧视"
    PRIVACY = "PRIVACY", "泄露个人信息"
    OTHER = "OTHER", "其他"


class ComplaintLevel(Labelled):
    """How urgent a complaint is."""

    NORMAL = "NORMAL", "一般"
    HIGH = "HIGH", "紧急"


class ComplaintRoute(Labelled):
    """Who answers: complaints about a station go past it to its supervising unit (3.14)."""

    STATION = "STATION", "本站办理"
    SUPERVISOR = "SUPERVISOR", "监督单位办理"


class ComplaintState(Labelled):
    """Domain reference 3.14."""

    RECEIVED = "RECEIVED", "已收到"
    ACKNOWLEDGED = "ACKNOWLEDGED", "已受理"
    INVESTIGATING = "INVESTIGATING", "调查中"
    DECIDED = "DECIDED", "已有结论"
    REPLIED = "REPLIED", "已答复"
    SATISFIED = "SATISFIED", "满意结束"
    DISSATISFIED = "DISSATISFIED", "不满意"
    SUPERVISOR_REVIEW = "SUPERVISOR_REVIEW", "监督单位复核"
    FINAL = "FINAL", "最终结束"


class ComplaintDecision(Labelled):
    """What was found."""

    UPHELD = "UPHELD", "成立"
    PARTLY = "PARTLY", "部分成立"
    NOT_UPHELD = "NOT_UPHELD", "不成立"
    PASSED_ON = "PASSED_ON", "非本站事项转办"


class ComplaintSource(Labelled):
    """Where a complaint came from."""

    ONLINE = "ONLINE", "网上"
    COUNTER = "COUNTER", "柜台"
    FOLLOW_UP = "FOLLOW_UP", "回访"
    RATING = "RATING", "评价"


class CaseKind(Labelled):
    """What a case is about (domain reference 7.13, `legal_case_type`)."""

    UNPAID = "UNPAID", "拖欠报酬"
    INJURY = "INJURY", "受伤赔偿"
    NO_CONTRACT = "NO_CONTRACT", "未签合同"
    WITHHELD = "WITHHELD", "扣证收押金"
    FEE = "FEE", "收费"
    DISCRIMINATION = "DISCRIMINATION", "就业歧视"
    OVERTIME = "OVERTIME", "超时加班"
    INSURANCE = "INSURANCE", "社保工伤"
    OTHER = "OTHER", "其他"


class CaseState(Labelled):
    """State of a case (domain reference 3.10, as far as it is kept here)."""

    OPEN = "OPEN", "待办"
    HANDLING = "HANDLING", "办理中"
    PASSED_ON = "PASSED_ON", "已转有关部门"
    SETTLED = "SETTLED", "已解决"
    CLOSED = "CLOSED", "已结案（没有解决）"
    MISTAKEN = "MISTAKEN", "误报撤销"
