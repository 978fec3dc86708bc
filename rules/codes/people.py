"""Persons: identity documents, registration, consent, rights and the groups the law helps first."""

from __future__ import annotations

from rules.codes.labelled import Labelled


class IdType(Labelled):
    """Identity documents, domain reference 7.8."""

    RESIDENT = "01", "居民身份证"
    HK_MACAO_RESIDENCE = "02", "港澳居民居住证"
    TAIWAN_RESIDENCE = "03", "台湾居民居住证"
    FOREIGN_PERMANENT = "04", "外国人永久居留身份证"
    HK_MACAO_PASS = "05", "港澳居民来往内地通行证"
    TAIWAN_PASS = "06", "台湾居民来往大陆通行证"
    PASSPORT = "07", "护照（外国人）"
    OTHER = "99", "其他证件"


class RevealPurpose(Labelled):
    """Why somebody looks at full data (domain reference 9, rule 2)."""

    REFERRAL = "REFERRAL", "推荐联系"
    IDENTITY = "IDENTITY", "核实身份"
    AGREEMENT = "AGREEMENT", "签约"
    RIGHTS = "RIGHTS", "维权"
    SUPERVISION = "SUPERVISION", "监督检查"
    OTHER = "OTHER", "其他（写明）"


class RightsKind(Labelled):
    """What a person may ask about their own data (PIPL 44-50)."""

    CORRECT = "CORRECT", "更正信息"
    DELETE = "DELETE", "删除信息、注销登记"
    EXPLAIN = "EXPLAIN", "说明推荐的理由"
    COPY = "COPY", "查询、复制信息"
    REPLY = "REPLY", "对暂停推荐的说明"


class RestrictReason(Labelled):
    """Why referrals of a seeker may be paused (domain reference 3.4)."""

    NO_SHOW = "NO_SHOW", "90天内三次约好没到岗"
    FALSE_INFO = "FALSE_INFO", "登记的信息不真实"


class RightsState(Labelled):
    """State of such a request."""

    ASKED = "ASKED", "待答复"
    DONE = "DONE", "已办理"
    REFUSED = "REFUSED", "未同意（写明原因）"
    WITHDRAWN = "WITHDRAWN", "本人撤回"


class FoundWhere(Labelled):
    """Where an employer found people, asked after a post ended."""

    STATION = "STATION", "通过驿站找到"
    ELSEWHERE = "ELSEWHERE", "从别的渠道找到"
    ACQUAINTANCE = "ACQUAINTANCE", "熟人介绍"
    NOBODY = "NOBODY", "没有找到人"


class ConsentMethod(Labelled):
    """How a person agreed to the privacy notice (PIPL 14)."""

    SIGNED_PAPER = "SIGNED_PAPER", "本人在纸质告知书上签名"
    READ_ALOUD = "READ_ALOUD", "工作人员读给本人听后本人签名"
    ONLINE = "ONLINE", "本人在手机上阅读后勾选"


class Education(Labelled):
    """Optional for seekers; the empty answer is always allowed."""

    PRIMARY = "80", "小学"
    JUNIOR = "70", "初中"
    SENIOR = "60", "高中"
    VOCATIONAL = "40", "中专、职高、技校"
    COLLEGE = "30", "大专"
    BACHELOR = "20", "本科"
    MASTER = "10", "研究生"
    OTHER = "90", "其他"


class PensionStatus(Labelled):
    """Answer to the question whether a pension is drawn (domain reference 4.3)."""

    NO = "NO", "没有领取养老金"
    YES = "YES", "已领取养老金或已办退休"
    DELAYED = "DELAYED", "已办弹性延迟退休"


class Slot(Labelled):
    """Part of the day a worker is free; with the weekday it makes one cell of the availability table."""

    MORNING = "AM", "上午"
    AFTERNOON = "PM", "下午"
    NIGHT = "NIGHT", "晚上"


WEEKDAYS: tuple[str, ...] = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


class SeekerState(Labelled):
    """Domain reference 3.4. SUBMITTED: registered by themselves, the card not yet seen."""

    SUBMITTED = "SUBMITTED", "待核验证件"
    ACTIVE = "ACTIVE", "求职中"
    ENGAGED = "ENGAGED", "务工中"
    DORMANT = "DORMANT", "休眠"
    RESTRICTED = "RESTRICTED", "暂停推荐"
    CLOSED = "CLOSED", "已注销"
    ANONYMISED = "ANONYMISED", "已匿名处理"


class PersonGroup(Labelled):
    """Groups that get help first (domain reference 7.11): sensitive, each with a consent of its own."""

    OUT_OF_POVERTY = "OUT_OF_POVERTY", "脱贫人口(含监测对象)"
    DISABLED = "DISABLED", "残疾人"
    AGE_4050 = "AGE_4050", "大龄(女40+/男50+)"
    ZERO_EMP_FAMILY = "ZERO_EMP_FAMILY", "零就业家庭成员"
    MIN_LIVING = "MIN_LIVING", "低保"
    MIN_LIVING_EDGE = "MIN_LIVING_EDGE", "低保边缘"
    RIGID_EXPENSE = "RIGID_EXPENSE", "刚性支出困难家庭"
    LONG_UNEMP = "LONG_UNEMP", "连续失业(登记)一年以上"
    LAND_LOST = "LAND_LOST", "失地农民"
    VETERAN = "VETERAN", "退役军人"
    GRADUATE = "GRADUATE", "离校未就业毕业生"
    MIGRANT_RURAL = "MIGRANT_RURAL", "农民工"
    RETIRED_FISHER = "RETIRED_FISHER", "退捕渔民"
    RELEASED = "RELEASED", "刑满释放(社区矫正)"
    STUDENT = "STUDENT", "在校学生"
    OTHER_HARD = "OTHER_HARD", "其他就业困难"
