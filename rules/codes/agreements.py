"""Agreements: their types, states, signing and wordings."""

from __future__ import annotations

from rules.codes.labelled import Labelled


class AgreementType(Labelled):
    """Agreement types (domain reference 4.2); the number prefix of 7.12 is in `rules.numbers`."""

    ONE_OFF_SERVICE = "ONE_OFF_SERVICE", "零工劳务协议"
    PART_TIME = "PART_TIME", "非全日制用工劳动合同"
    OVER_AGE = "OVER_AGE", "超龄用工协议"
    SHARED_LABOUR_3P = "SHARED_LABOUR_3P", "共享用工三方协议"
    WORK_RESULT = "WORK_RESULT", "承揽协议"
    DOMESTIC = "DOMESTIC", "家政服务协议"
    KEY_POINTS = "KEY_POINTS", "用工要点告知单"
    FIXED_TERM = "FIXED_TERM", "固定期限劳动合同"
    FIXED_TASK = "FIXED_TASK", "以完成一定工作任务为期限的劳动合同"
    PLATFORM_WRITTEN = "PLATFORM_WRITTEN", "新就业形态书面协议"


LABOUR_CONTRACTS = frozenset({AgreementType.PART_TIME, AgreementType.FIXED_TERM, AgreementType.FIXED_TASK})
"""Labour contracts: printed and signed by hand only, never clicked (electronic-contract guide arts 3, 8, 9)."""


OFFICIAL_TEXTS = frozenset({AgreementType.FIXED_TERM, AgreementType.FIXED_TASK, AgreementType.PLATFORM_WRITTEN})
"""Types whose text is the official model that the district uploads; the product prints the checklist of 4.4 to it."""


ON_PAPER_ONLY = LABOUR_CONTRACTS | OFFICIAL_TEXTS | {AgreementType.OVER_AGE, AgreementType.SHARED_LABOUR_3P}
"""Types that may not be signed on a screen: labour contracts, and papers that speak about a labour relation."""


class AgreementState(Labelled):
    """Domain reference 3.6."""

    DRAFT = "DRAFT", "起草中"
    PRINTED = "PRINTED", "已打印待签"
    E_SIGNING = "E_SIGNING", "屏上签字中"
    SIGNED = "SIGNED", "已签订"
    DELIVERED = "DELIVERED", "已交付零工"
    ARCHIVED = "ARCHIVED", "原件已归档"
    COMPLETED = "COMPLETED", "已履行完"
    TERMINATED = "TERMINATED", "已提前结束"
    AMENDED = "AMENDED", "已由新协议代替"
    CANCELLED = "CANCELLED", "已取消"
    VOID = "VOID", "已作废"


SIGNED_STATES = frozenset(
    {
        AgreementState.SIGNED,
        AgreementState.DELIVERED,
        AgreementState.ARCHIVED,
        AgreementState.COMPLETED,
        AgreementState.TERMINATED,
        AgreementState.AMENDED,
    }
)
"""Both sides have signed: the words are theirs and never change again."""


NOT_IN_FORCE = frozenset({AgreementState.VOID, AgreementState.CANCELLED, AgreementState.AMENDED})
"""A referral with only such agreements may get a new one."""


class SigningWay(Labelled):
    """How an agreement was signed."""

    PAPER = "PAPER", "纸质签字"
    SCREEN = "SCREEN", "屏上签字"


class SigningPlace(Labelled):
    """Where somebody signed on a screen."""

    COUNTER = "COUNTER", "驿站屏幕"
    PHONE = "PHONE", "本人手机"


class AgreementSide(Labelled):
    """Who signs an agreement."""

    EMPLOYER = "EMPLOYER", "甲方"
    WORKER = "WORKER", "乙方"
    THIRD = "THIRD", "第三方"


class AgreementEnding(Labelled):
    """Who ended an agreement before its time (domain reference 3.6: mutual end or notice)."""

    BOTH = "BOTH", "双方协商一致"
    EMPLOYER = "EMPLOYER", "雇主提出"
    WORKER = "WORKER", "零工提出"


class NoticeWay(Labelled):
    """How one side told the other that the agreement ends."""

    IN_PERSON = "IN_PERSON", "当面说"
    PHONE = "PHONE", "打电话"
    MESSAGE = "MESSAGE", "短信或微信"
    IN_WRITING = "IN_WRITING", "书面通知"


class WordingOrigin(Labelled):
    """Where a version of an agreement's text comes from."""

    PRODUCT = "PRODUCT", "系统自带"
    DISTRICT = "DISTRICT", "区里修订"


class IncomingState(Labelled):
    """An uploaded scan that was not put to its agreement by hand."""

    READING = "READING", "正在识别"
    FOUND = "FOUND", "已自动归入"
    UNKNOWN = "UNKNOWN", "没有认出"
    ASSIGNED = "ASSIGNED", "已人工归入"
    DISMISSED = "DISMISSED", "不是签好的协议"
