"""Job orders: pay, benefits, insurance, where they come from and go to, their life."""

from __future__ import annotations

from rules.codes.labelled import Labelled


class PayBasis(Labelled):
    """How pay is reckoned (domain reference 7.5)."""

    TIME = "TIME", "计时"
    PIECE = "PIECE", "计件"
    LUMP_SUM = "LUMP_SUM", "包干"
    MONTHLY = "MONTHLY", "月薪"


class PayUnit(Labelled):
    """What one price is paid for (domain reference 7.5)."""

    HOUR = "HOUR", "小时"
    DAY = "DAY", "天"
    NIGHT = "NIGHT", "夜班"
    PIECE = "PIECE", "件"
    ORDER = "ORDER", "单"
    TIME = "TIME", "次"
    JIN = "JIN", "斤"
    MU = "MU", "亩"
    SQM = "SQM", "平方米"
    MONTH = "MONTH", "月"


class SettleCycle(Labelled):
    """When pay falls due (domain reference 7.5)."""

    PER_JOB = "PER_JOB", "完工结"
    DAILY = "DAILY", "日结"
    WEEKLY = "WEEKLY", "周结"
    HALF_MONTH = "HALF_MONTH", "半月结"
    MONTHLY = "MONTHLY", "月结"
    STAGE = "STAGE", "按进度结"


class PayMethod(Labelled):
    """How pay reaches the worker personally (domain reference 7.5)."""

    CASH = "CASH", "现金"
    BANK = "BANK", "银行转账"
    WECHAT = "WECHAT", "微信"
    ALIPAY = "ALIPAY", "支付宝"
    PAYROLL = "PAYROLL", "代发工资"


class Benefit(Labelled):
    """What comes on top of pay (domain reference 7.5)."""

    BREAKFAST = "BREAKFAST", "管早饭"
    LUNCH = "LUNCH", "管午饭"
    DINNER = "DINNER", "管晚饭"
    MEAL_ALLOWANCE = "MEAL_ALLOWANCE", "餐补"
    LODGING = "LODGING", "包住"
    TRANSPORT = "TRANSPORT", "接送"
    TRAVEL_ALLOWANCE = "TRAVEL_ALLOWANCE", "路补"
    UNIFORM = "UNIFORM", "工作服免费"
    NIGHT_ALLOWANCE = "NIGHT_ALLOWANCE", "夜班补贴"
    HEAT_ALLOWANCE = "HEAT_ALLOWANCE", "高温津贴"
    ACCIDENT_INSURANCE = "ACCIDENT_INSURANCE", "意外险"


class InsuranceState(Labelled):
    """What insurance covers the work (domain reference 7.13)."""

    WORK_INJURY = "WORK_INJURY", "工伤保险"
    EMPLOYER_LIABILITY = "EMPLOYER_LIABILITY", "雇主责任险"
    EMPLOYER_ACCIDENT = "EMPLOYER_ACCIDENT", "雇主代买意外险"
    VOLUNTARY = "VOLUNTARY", "自愿自购"
    PLATFORM = "PLATFORM", "职业伤害保障（平台）"
    NONE = "NONE", "未投保（已提示）"


class VerifyMethod(Labelled):
    """How information was verified (domain reference 7.13)."""

    DOCUMENT = "DOCUMENT", "证照核验"
    PHONE = "PHONE", "电话核实"
    VISIT = "VISIT", "实地走访"
    PLATFORM = "PLATFORM", "平台比对"
    REFERENCE = "REFERENCE", "熟人担保（不可单独使用）"


class PostSource(Labelled):
    """Where a post came from (domain reference 7.13)."""

    EMPLOYER = "EMPLOYER", "雇主自助"
    COUNTER = "COUNTER", "现场登记"
    VISIT = "VISIT", "主动走访"
    PHONE = "PHONE", "电话采集"
    SHARED = "SHARED", "他站共享"
    IMPORT = "IMPORT", "批量导入"


class Channel(Labelled):
    """Where a post is published (domain reference 7.13)."""

    WEBSITE = "WEBSITE", "线上网站"
    SCREEN = "SCREEN", "信息发布屏"
    NOTICE_BOARD = "NOTICE_BOARD", "公告栏"
    WECHAT = "WECHAT", "微信"
    DOUYIN = "DOUYIN", "抖音"
    WEIBO = "WEIBO", "微博"
    JOB_FAIR = "JOB_FAIR", "招聘会"
    PHONE = "PHONE", "电话"
    VISIT = "VISIT", "上门"


class Origin(Labelled):
    """How a record of a person or employer came in."""

    COUNTER = "COUNTER", "现场登记"
    SELF = "SELF", "本人网上登记"
    IMPORT = "IMPORT", "批量登记"


class EndReason(Labelled):
    """Why an employer ends a post before its last day."""

    FOUND = "FOUND", "招够人了"
    NOT_NEEDED = "NOT_NEEDED", "不需要人了"
    CHANGED = "CHANGED", "活儿有变化，重新发"
    OTHER = "OTHER", "其他（写明）"


class RejectReason(Labelled):
    """Why a post is rejected (domain reference 7.13)."""

    INCOMPLETE = "INCOMPLETE", "信息不全"
    DOCUMENTS = "DOCUMENTS", "证照不符"
    PAY = "PAY", "报酬违规"
    DISCRIMINATION = "DISCRIMINATION", "歧视内容"
    FEE = "FEE", "收费嫌疑"
    FRAUD = "FRAUD", "诈骗嫌疑"
    ILLEGAL = "ILLEGAL", "违法内容"
    PRIVACY = "PRIVACY", "隐私外泄"
    DUPLICATE = "DUPLICATE", "重复发布"
    OTHER = "OTHER", "其他"


class JobState(Labelled):
    """Domain reference 3.3."""

    DRAFT = "DRAFT", "草稿"
    SUBMITTED = "SUBMITTED", "待审核"
    IN_REVIEW = "IN_REVIEW", "审核中"
    REJECTED = "REJECTED", "已驳回"
    APPROVED = "APPROVED", "审核通过待发布"
    PUBLISHED = "PUBLISHED", "招工中"
    PAUSED = "PAUSED", "暂停招工"
    FILLED = "FILLED", "已招满"
    EXPIRED = "EXPIRED", "已过期"
    WITHDRAWN = "WITHDRAWN", "已撤回"
    TAKEN_DOWN = "TAKEN_DOWN", "已下架"


class Relation(Labelled):
    """What the two sides mean to agree (domain reference 4.1), as far as it is known when the post is registered."""

    UNDECIDED = "UNDECIDED", "还没定"
    ONE_OFF_SERVICE = "ONE_OFF_SERVICE", "一次性劳务"
    PART_TIME = "PART_TIME", "小时工（非全日制）"
    FIXED = "FIXED", "劳动合同"
    OVER_AGE = "OVER_AGE", "超龄用工"
    WORK_RESULT = "WORK_RESULT", "承揽"
