"""Referrals and placements: the answers of both sides, the start and how the work ended."""

from __future__ import annotations

from rules.codes.labelled import Labelled


class ReferralSource(Labelled):
    """Who began a referral (domain reference 3.5)."""

    STAFF = "STAFF", "驿站推荐"
    APPLICATION = "APPLICATION", "本人报名"


class ConfirmedHow(Labelled):
    """How somebody made sure that a person still looks for work."""

    COUNTER = "COUNTER", "当面确认"
    PHONE = "PHONE", "电话确认"
    SELF = "SELF", "本人手机上确认"


class EndedHow(Labelled):
    """How a work ended."""

    COMPLETED = "COMPLETED", "做完了"
    QUIT_EARLY = "QUIT_EARLY", "中途结束"


class WorkerDecline(Labelled):
    """Why a worker says no (domain reference 7.13)."""

    PAY = "PAY", "报酬低"
    FAR = "FAR", "太远"
    TIME = "TIME", "时间不合"
    HARD = "HARD", "太累"
    SKILL = "SKILL", "不会做"
    FOUND = "FOUND", "已找到活"
    HEALTH = "HEALTH", "身体原因"
    OTHER = "OTHER", "其他"


class EmployerDecline(Labelled):
    """Why an employer says no (domain reference 7.13)."""

    FULL = "FULL", "已招满"
    SKILL = "SKILL", "技能不符"
    TIME = "TIME", "时间不符"
    CERTIFICATE = "CERTIFICATE", "证书不符"
    UNREACHABLE = "UNREACHABLE", "联系不上"
    OTHER = "OTHER", "其他"


class StartEvidence(Labelled):
    """What proves that a worker started (domain reference 3.5), strongest first."""

    RETURN_SLIP = "RETURN_SLIP", "推荐上岗单回执"
    EMPLOYER_CONFIRMATION = "EMPLOYER_CONFIRMATION", "雇主确认"
    WORKER_AND_CALL = "WORKER_AND_CALL", "零工确认并经电话核实"
    SIGNED_AGREEMENT = "SIGNED_AGREEMENT", "已签协议且开工日期已到"


class ReferralState(Labelled):
    """Domain reference 3.5. APPLIED: the worker applied and agreed, but the identity card was not seen yet."""

    APPLIED = "APPLIED", "已报名待核验证件"
    PROPOSED = "PROPOSED", "已推荐待确认"
    WORKER_ACCEPTED = "WORKER_ACCEPTED", "零工已同意"
    WORKER_DECLINED = "WORKER_DECLINED", "零工不去"
    LAPSED = "LAPSED", "超时失效"
    EMPLOYER_ACCEPTED = "EMPLOYER_ACCEPTED", "雇主已同意"
    EMPLOYER_DECLINED = "EMPLOYER_DECLINED", "雇主不用"
    SUPERSEDED = "SUPERSEDED", "岗位已满"
    CONFIRMED = "CONFIRMED", "已签约待到岗"
    NO_SHOW = "NO_SHOW", "未到岗"
    CANCELLED_BY_EMPLOYER = "CANCELLED_BY_EMPLOYER", "雇主取消"
    PLACED = "PLACED", "已上岗"
    COMPLETED = "COMPLETED", "已完工"
    ENDED_EARLY = "ENDED_EARLY", "中途结束"
    FOLLOW_UP = "FOLLOW_UP", "待回访"
    FOLLOWED_UP = "FOLLOWED_UP", "已回访"
    EVALUATED = "EVALUATED", "已评价"
