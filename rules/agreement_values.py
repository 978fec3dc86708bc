"""From post and people to the values of an agreement (domain reference 4.7), for every type of text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from rules.codes import (
    AgreementType,
    Benefit,
    EmployerKind,
    Hazard,
    InsuranceState,
    PensionStatus,
    SettleCycle,
)
from rules.masking import mask_id, mask_phone
from rules.money import capitals, yuan
from rules.pay import estimated_total, hourly_equivalent, is_lump, quantity_text
from rules.placeholders import CROSSED_OUT
from rules.schedule import days, shift_of
from rules.terms import JobTerms
from rules.wordings import Wording

LEAST_LOST_TIME_FEN = 3000
"""Compensation for a wasted journey: one hour's pay, at least this (4.8)."""

_SHORT_DAYS = 3
"""Work of at most so many days ends early with a day's notice: the three days of the texts would be longer than the work."""

OPEN_END = "2"
"""The choice of {期限方式} for an engagement without an end."""


@dataclass(frozen=True, slots=True)
class ThirdParty:
    """The third side as registered: the enterprise that lends the worker (共享用工), or the domestic company (家政)."""

    name: str
    id_number: str
    address: str
    phone: str
    legal_representative: str = ""


@dataclass(frozen=True, slots=True)
class AgreementParties:
    """Both sides and the station, as they print. `employer_id_type` is the label: 统一社会信用代码, 居民身份证.

    `employer` is always the employer of the post, `worker` the seeker: in 共享用工 they print as 乙方 and 丙方, and `third`,
    the lender, prints as 甲方. In 家政服务 `third` is the domestic company and prints as 丙方.
    """

    number: str
    employer_kind: EmployerKind
    employer_name: str
    employer_id_type: str
    employer_id_number: str
    employer_address: str
    employer_contact: str
    employer_phone: str
    worker_name: str
    worker_id_number: str
    worker_address: str
    station_name: str
    station_phone: str
    guide: str
    legal_representative: str = ""
    worker_phone: str = ""
    emergency_name: str = ""
    emergency_phone: str = ""
    worker_pension: PensionStatus | None = None
    employer_verified: bool = False
    job_number: str = ""
    third: ThirdParty | None = None


def masked_parties(parties: AgreementParties) -> AgreementParties:
    """The parties as a preview shows them before anything is saved: nobody needs a full number yet (domain reference 10.3)."""
    household = parties.employer_kind is EmployerKind.INDIVIDUAL
    return replace(
        parties,
        employer_id_number=mask_id(parties.employer_id_number) if household else parties.employer_id_number,
        employer_phone=mask_phone(parties.employer_phone),
        worker_id_number=mask_id(parties.worker_id_number),
        worker_phone=mask_phone(parties.worker_phone),
    )


_SETTLE_WORDS: dict[SettleCycle, str] = {  # the text says 按…结算
    SettleCycle.PER_JOB: "完工",
    SettleCycle.DAILY: "日",
    SettleCycle.WEEKLY: "周",
    SettleCycle.HALF_MONTH: "半月",
    SettleCycle.MONTHLY: "月",
    SettleCycle.STAGE: "进度",
}

_PERIOD_WORDS: dict[SettleCycle, str] = {  # the over-age text says 每…支付
    SettleCycle.PER_JOB: "次完工后",
    SettleCycle.DAILY: "日",
    SettleCycle.WEEKLY: "周",
    SettleCycle.HALF_MONTH: "半月",
    SettleCycle.MONTHLY: "月",
}

_SETTLE_DAYS: dict[SettleCycle, int] = {SettleCycle.DAILY: 1, SettleCycle.WEEKLY: 7, SettleCycle.HALF_MONTH: 15}

_PENSION_WORDS: dict[PensionStatus, str] = {
    PensionStatus.YES: "■已领取基本养老金　□尚未领取",
    PensionStatus.NO: "□已领取基本养老金　■尚未领取",
    PensionStatus.DELAYED: "□已领取基本养老金　■尚未领取",
}

_INSURANCE_WORDS: dict[InsuranceState, str] = {
    InsuranceState.WORK_INJURY: "甲方依法为乙方参加工伤保险",
    InsuranceState.EMPLOYER_LIABILITY: "甲方已投保雇主责任险",
    InsuranceState.EMPLOYER_ACCIDENT: "甲方为乙方购买意外伤害保险",
    InsuranceState.VOLUNTARY: "由乙方自愿购买意外伤害保险",
    InsuranceState.PLATFORM: "由平台按规定办理职业伤害保障",
    InsuranceState.NONE: "双方均未投保，驿站已提示风险",
}


def day_text(day: date) -> str:
    """A date as agreements print it: 2026年12月3日."""
    return f"{day.year}年{day.month}月{day.day}日"


def payment_deadline(cycle: SettleCycle | None, last_day: date | None, *, overnight: bool = False) -> str:
    """The latest moment of payment that the settlement cycle means; empty where it must be agreed (by stages).

    A night that ends on the following day is paid on that day: nobody is paid before the work is done.
    """
    if cycle is SettleCycle.PER_JOB and last_day:
        return f"{day_text(last_day + timedelta(days=1) if overnight else last_day)}24:00"
    if cycle is SettleCycle.DAILY and overnight:
        return "每个夜班下班当天24:00"
    return {
        SettleCycle.DAILY: "每个工作日24:00",
        SettleCycle.WEEKLY: "每周日24:00",
        SettleCycle.HALF_MONTH: "每月15日和月末24:00",
        SettleCycle.MONTHLY: "每月月末24:00",
    }.get(cycle or SettleCycle.STAGE, "")


def values_from(
    wording: Wording,
    parties: AgreementParties,
    terms: JobTerms,
    overrides: Mapping[str, str] | None = None,
    *,
    hourly_minimum_fen: int | None = None,
) -> dict[str, str]:
    """The value of every place of this text that post and people answer, by placeholder name; "" where they do not.

    `overrides` (placeholder name → text, empty ones ignored) are what the sides agreed otherwise: 质量要求, 支付日期,
    特别约定 and so on. `hourly_minimum_fen`: the hourly minimum wage on the first day. Money is printed in figures and,
    for the total, in capitals.
    """
    last_day = terms.end_date or terms.start_date
    values = {
        "协议编号": parties.number,
        "驿站名称": parties.station_name,
        "驿站电话": parties.station_phone,
        "指导人": parties.guide,
        "岗位编号": parties.job_number,
        "是否已核验": "已核验" if parties.employer_verified else "未核验",
        **_sides(wording.type, parties),
        "岗位名称": terms.title,
        "工作内容": _work(wording, terms),
        "工作地点": terms.exact_address or terms.landmark,
        **_time(terms),
        "期限方式": "1" if terms.end_date else "",
        "开始日期": day_text(terms.start_date) if terms.start_date else "",
        "结束日期": day_text(last_day) if last_day else "",
        "支付日期": payment_deadline(terms.settle_cycle, last_day, overnight=_ends_after_midnight(terms)),
        "支付方式": terms.pay_method.label if terms.pay_method else "",
        "食宿交通约定": _board_and_travel(terms),
        "防护用品": terms.protection,
        "危险告知": _hazards(terms),
        "保险约定": _INSURANCE_WORDS[terms.insurance] if terms.insurance else "",
        **_money(terms),
        **_settlement(wording.type, terms),
        "误工补偿": yuan(lost_time_fen(terms)),
        "小时最低工资": yuan(hourly_minimum_fen) if hourly_minimum_fen is not None else "",
    }
    agreed = {name: text for name, text in (overrides or {}).items() if text.strip()}
    full = {name: agreed.get(name) or values.get(name) or place.default for name, place in wording.places.items()}
    if full.get("期限方式") == OPEN_END:
        full["结束日期"] = CROSSED_OUT
    return full


def _sides(kind: AgreementType, parties: AgreementParties) -> dict[str, str]:
    employer = {
        "甲方名称": parties.employer_name,
        "甲方证件类型": parties.employer_id_type,
        "甲方证件号": parties.employer_id_number,
        "甲方法定代表人": parties.legal_representative if parties.employer_kind is EmployerKind.UNIT else "",
        "甲方地址": parties.employer_address,
        "甲方联系人": parties.employer_contact,
        "甲方电话": parties.employer_phone,
    }
    worker = {
        "乙方姓名": parties.worker_name,
        "乙方证件号": parties.worker_id_number,
        "乙方住址": parties.worker_address,
        "乙方电话": parties.worker_phone,
        "乙方紧急联系人": parties.emergency_name,
        "乙方紧急电话": parties.emergency_phone,
        "领取声明": _PENSION_WORDS.get(parties.worker_pension, "") if parties.worker_pension else "",
    }
    third = parties.third or ThirdParty("", "", "", "")
    if kind is AgreementType.SHARED_LABOUR_3P:
        return {
            "甲方名称": third.name,
            "甲方证件号": third.id_number,
            "甲方地址": third.address,
            "甲方电话": third.phone,
            "乙方企业名称": parties.employer_name,
            "乙方企业证件号": parties.employer_id_number,
            "乙方企业地址": parties.employer_address,
            "乙方企业电话": parties.employer_phone,
            "丙方姓名": parties.worker_name,
            "丙方证件号": parties.worker_id_number,
            "丙方电话": parties.worker_phone,
        }
    company = {"家政公司名称": third.name, "家政公司证件号": third.id_number, "家政公司地址": third.address, "家政公司电话": third.phone}
    return employer | worker | company


def _work(wording: Wording, terms: JobTerms) -> str:
    duties = terms.duties.strip().rstrip("。")
    if "岗位名称" in wording.places:  # the title has a place of its own
        return duties or terms.title
    return f"{terms.title}（{duties}）" if duties else terms.title


def _time(terms: JobTerms) -> dict[str, str]:
    shift, span = shift_of(terms), days(terms.start_date, terms.end_date or terms.start_date) if terms.start_date else 0
    daily = shift.paid_minutes if shift and not terms.live_in else 0
    weekly = daily * (terms.weekly_days or min(span, 7))
    known = terms.start_time and shift
    return {
        "开始时间": f"{terms.start_time:%H:%M}" if terms.start_time else "",
        "结束时间": _end_time(terms),
        "休息安排": _breaks(terms),
        "班次安排": f"{_days_a_week(terms, span)}{terms.start_time:%H:%M}至{_end_time(terms)}" if known else "",
        "日工时": hours_text(daily),
        "周工时": hours_text(weekly),
        "周休日": str(7 - terms.weekly_days) if 1 <= terms.weekly_days <= 6 else "",
        "提前通知天数": "1" if 0 < span <= _SHORT_DAYS else "",
    }


def _days_a_week(terms: JobTerms, span: int) -> str:
    if _rests_weekly(terms):
        return f"每周做{terms.weekly_days}天，每天"
    return "当天" if span == 1 else "每天"


def _rests_weekly(terms: JobTerms) -> bool:
    """Whether the days a week say anything: of work that is over within them, 每周做1天 would only be asked about."""
    span = days(terms.start_date, terms.end_date or terms.start_date) if terms.start_date else 0
    return 1 <= terms.weekly_days <= 6 and not 0 < span <= terms.weekly_days


def hours_text(minutes: int) -> str:
    """Minutes as hours on paper: 210 → 3.5; "" for none."""
    return f"{round(minutes / 60, 2):g}" if minutes > 0 else ""


def _settlement(kind: AgreementType, terms: JobTerms) -> dict[str, str]:
    cycle = terms.settle_cycle
    span = days(terms.start_date, terms.end_date or terms.start_date) if terms.start_date else 0
    if cycle is None:
        return {"结算周期": "", "结算天数": "", "支付周期": ""}
    at_the_end = span if cycle is SettleCycle.PER_JOB and span <= _SETTLE_DAYS[SettleCycle.HALF_MONTH] else 0
    settle_days = _SETTLE_DAYS.get(cycle, at_the_end)
    return {
        "结算周期": cycle.label if kind is AgreementType.KEY_POINTS else _SETTLE_WORDS[cycle],
        "结算天数": str(settle_days) if settle_days else "",
        "支付周期": _PERIOD_WORDS.get(cycle, ""),
    }


def lost_time_fen(terms: JobTerms) -> int:
    """What a wasted journey is worth, fen: one hour's pay, at least thirty yuan (4.8)."""
    return max(hourly_equivalent(terms) or 0, LEAST_LOST_TIME_FEN)


def _ends_after_midnight(terms: JobTerms) -> bool:
    shift = shift_of(terms)
    return shift is not None and shift.crosses_midnight and terms.end_time != time(0)


def _end_time(terms: JobTerms) -> str:
    shift = shift_of(terms)
    if shift is None:
        return ""
    if terms.end_time == time(0):
        return "24:00"
    return f"{'次日' if shift.crosses_midnight else ''}{terms.end_time:%H:%M}"


def _breaks(terms: JobTerms) -> str:
    weekly = f"每周做{terms.weekly_days}天" if _rests_weekly(terms) else ""
    pause = f"{terms.break_minutes}分钟" if terms.break_minutes else "无" if weekly else ""
    return "，".join(filter(None, (pause, weekly)))


def _money(terms: JobTerms) -> dict[str, str]:
    names = ("计酬方式", "计量单位", "单价", "预计数量", "报酬合计大写", "小时工资", "报酬标准")
    if terms.pay_fen <= 0 or terms.pay_unit is None:
        return dict.fromkeys(names, "")
    estimate, hourly = estimated_total(terms), hourly_equivalent(terms)
    if estimate is None:
        quantity = "以实际完成的为准"
        total = f"按实际数量计算（单价大写：{capitals(terms.pay_fen)}）"
    else:
        quantity = quantity_text(terms) or ""
        total = f"{yuan(estimate[1])}元（大写：{capitals(estimate[1])}）"
    return {
        "计酬方式": terms.pay_basis.label if terms.pay_basis else "",
        "计量单位": terms.pay_unit.label,
        "单价": yuan(terms.pay_fen),
        "预计数量": quantity,
        "报酬合计大写": total,
        "小时工资": yuan(hourly) if hourly is not None else "",
        "报酬标准": f"做完共{yuan(terms.pay_fen)}元" if is_lump(terms) else f"每{terms.pay_unit.label}{yuan(terms.pay_fen)}元",
    }


def _board_and_travel(terms: JobTerms) -> str:
    promised = [Benefit.label_of(code) for code in terms.benefits if code != Benefit.ACCIDENT_INSURANCE]
    if terms.live_in and Benefit.LODGING not in terms.benefits:
        promised.insert(0, "住在甲方家中")
    if terms.pickup_place:
        when = f"{terms.pickup_time:%H:%M}" if terms.pickup_time else ""
        promised.append(f"{when}在{terms.pickup_place}上车")
    return "、".join(promised)


def _hazards(terms: JobTerms) -> str:
    labels = "、".join(Hazard.label_of(tag) for tag in terms.hazards)
    notice = terms.hazard_notice.strip().rstrip("。；")
    return f"{labels}（{notice}）" if labels and notice else labels or notice


def suggested_modules(terms: JobTerms) -> tuple[str, ...]:
    """The optional modules that the trade calls for: household service, moving and renovation."""
    if terms.trade in {"A01", "A02", "A03", "A04", "A05"}:
        return ("A-家政",)
    if terms.trade in {"C01", "C02", "D02", "D03", "D04", "D05", "D08"}:
        return ("A-搬运装修",)
    return ()
