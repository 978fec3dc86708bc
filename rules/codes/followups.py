"""Call-backs and ratings of both sides."""

from __future__ import annotations

from rules.codes.labelled import Labelled


class Side(Labelled):
    """One of the two sides of a work."""

    WORKER = "WORKER", "零工"
    EMPLOYER = "EMPLOYER", "雇主"


class FollowUpKind(Labelled):
    """Which call-back it is (art. 11 雇主回访)."""

    START = "START", "上岗回访"
    END = "END", "完工回访"
    PAY = "PAY", "工钱回访"


class FollowUpMethod(Labelled):
    """How the other side was spoken with."""

    PHONE = "PHONE", "电话"
    COUNTER = "COUNTER", "当面"
    VISIT = "VISIT", "上门"
    OWN_PAGE = "OWN_PAGE", "本人在网上答"


class FollowUpResult(Labelled):
    """What a call-back found (domain reference 7.13)."""

    STARTED = "STARTED", "已到岗"
    NOT_STARTED = "NOT_STARTED", "未到岗"
    LEFT = "LEFT", "中途离开"
    FINISHED = "FINISHED", "已完工"
    UNREACHED = "UNREACHED", "联系不上"


class PayState(Labelled):
    """钱到手了吗: what the worker says about the pay."""

    PAID = "PAID", "都拿到了"
    PARTLY = "PARTLY", "只拿到一部分"
    UNPAID = "UNPAID", "没拿到"
    NOT_DUE = "NOT_DUE", "还没到付钱的日子"


class Performance(Labelled):
    """How the employer found the work (12.4 表现)."""

    GOOD = "GOOD", "好"
    FAIR = "FAIR", "一般"
    POOR = "POOR", "不好"


class HiresAgain(Labelled):
    """Whether the employer goes on hiring here (12.4 是否继续用工)."""

    YES = "YES", "还要人"
    LATER = "LATER", "以后再说"
    NO = "NO", "不再用"


class RatingAbout(Labelled):
    """Whom a rating is about."""

    STATION = "STATION", "驿站的服务"
    WORKER = "WORKER", "零工"
    EMPLOYER = "EMPLOYER", "雇主"


class RatingHow(Labelled):
    """How a rating came in."""

    OWN_PAGE = "OWN_PAGE", "本人手机上"
    SLIP = "SLIP", "扫单子上的码"
    COUNTER = "COUNTER", "柜台代填"
