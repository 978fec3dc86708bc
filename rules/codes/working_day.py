"""The working day: signing in, calling, orders taken, matching a morning."""

from __future__ import annotations

from rules.codes.labelled import Labelled


class CallingMethod(Labelled):
    """How a station orders those who wait (art. 11 精准有序、公平公正); the station publishes which one it uses."""

    ARRIVAL = "ARRIVAL", "按到站先后"
    ROTATION = "ROTATION", "按等活天数轮流"
    DRAW = "DRAW", "抽签"


class SignInHow(Labelled):
    """How somebody was recognised at the desk."""

    CARD = "CARD", "扫求职卡"
    QR = "QR", "扫手机二维码"
    PHONE = "PHONE", "报电话"
    NAME = "NAME", "报姓名"
    ID_CARD = "ID_CARD", "刷身份证"


class SignInState(Labelled):
    """Where somebody who signed in is now."""

    WAITING = "WAITING", "等活"
    CALLED = "CALLED", "已叫号"
    OUT = "OUT", "已派工"
    LEFT = "LEFT", "已离站"


class CallKind(Labelled):
    """Called, or passed over."""

    CALL = "CALL", "叫号"
    SKIP = "SKIP", "跳过"


class CallAnswer(Labelled):
    """What came of a call."""

    GOES = "GOES", "去"
    DECLINES = "DECLINES", "不去"
    ABSENT = "ABSENT", "没来"


class SkipReason(Labelled):
    """Why somebody whose turn it was is passed over; nothing else is a reason."""

    ABSENT = "ABSENT", "叫了没来"
    DECLINED = "DECLINED", "本人不去"
    SKILL = "SKILL", "不会做这种活"
    CERTIFICATE = "CERTIFICATE", "没有要求的证书"
    TIME = "TIME", "时间不合"
    UNFIT_TODAY = "UNFIT_TODAY", "本人说今天身体不舒服"
    NAMED = "NAMED", "雇主点名要别人"
    EMPLOYER_DECLINED = "EMPLOYER_DECLINED", "雇主与本人有过约定不再合作"
    OTHER = "OTHER", "其他（写明）"


class OrderRing(Labelled):
    """How far a published demand has come (art. 10 余缺调剂)."""

    OWN = "OWN", "本站"
    NEIGHBOURS = "NEIGHBOURS", "邻近驿站"
    DISTRICT = "DISTRICT", "全区"


class OrderState(Labelled):
    """State of an order (domain reference 3.5)."""

    OPEN = "OPEN", "待接单"
    TAKEN = "TAKEN", "已接单"
    HANDLED = "HANDLED", "已办完"
    HANDED_OVER = "HANDED_OVER", "已转交"
    HANDED_BACK = "HANDED_BACK", "已交回"
    RETURNED = "RETURNED", "超时退回"
    CLOSED = "CLOSED", "已关闭"


class OrderShortfall(Labelled):
    """Why an order is done although not every place is promised."""

    ENOUGH = "ENOUGH", "雇主说人够了，先不要了"
    LATER = "LATER", "雇主要推后再招"
    UNREACHABLE = "UNREACHABLE", "多次联系不上雇主"
    TERMS = "TERMS", "雇主要先改工钱、时间或者条件"
    OTHER = "OTHER", "其他（写明）"


class MatchedPeople(Labelled):
    """Whom a run of the batch matching looks at."""

    HERE = "HERE", "今天签到、正在等活的"
    REGISTERED = "REGISTERED", "本站登记、正在找活的"


class DropReason(Labelled):
    """Why staff did not take up a suggestion."""

    ABSENT = "ABSENT", "本人不在或者联系不上"
    UNWILLING = "UNWILLING", "本人不愿意去"
    CHANGED = "CHANGED", "岗位情况有变"
    OUT_OF_DATE = "OUT_OF_DATE", "登记的信息不对"
    OTHER = "OTHER", "其他（写明）"


class SuggestionDecision(Labelled):
    """What staff made of a suggestion."""

    TAKEN = "TAKEN", "已推荐"
    DROPPED = "DROPPED", "不采用"
