"""From post and people to the values of an agreement (domain reference 4.7), and the checks before printing (4.2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

from rules.ages import AgeStanding
from rules.agreements import PLACEHOLDERS
from rules.checks import juvenile_obstacles
from rules.codes import (
    TRADES,
    Benefit,
    EmployerKind,
    Hazard,
    InsuranceState,
    Relation,
    SettleCycle,
)
from rules.errors import RuleBroken
from rules.lint import Hit, Severity, structured_hit
from rules.money import capitals, yuan
from rules.pay import MinimumWage, estimated_total, hourly_equivalent, quantity_text
from rules.schedule import days, shift_of
from rules.terms import JobTerms

LEAST_LOST_TIME_FEN = 3000
"""Compensation for a wasted journey: one hour's pay, at least this (4.8)."""

LABOUR_WARNING = (
    "提示：单位招用受其管理、从事其业务组成部分的劳动者，即使写成“劳务协议”，仍可能被认定为劳动关系。"
    "请核对工作时间和管理方式，必要时改签劳动合同。"
)
"""W-LAB of 4.2 (Labour Contract Law art. 7)."""


@dataclass(frozen=True, slots=True)
class AgreementParties:
    """Both sides and the station, as they print. `employer_id_type` is the label: 统一社会信用代码, 居民身份证."""

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


_SETTLE_WORDS: dict[SettleCycle, str] = {  # the text says 按…结算
    SettleCycle.PER_JOB: "完工",
    SettleCycle.DAILY: "日",
    SettleCycle.WEEKLY: "周",
    SettleCycle.HALF_MONTH: "半月",
    SettleCycle.MONTHLY: "月",
    SettleCycle.STAGE: "进度",
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


def values_from(parties: AgreementParties, terms: JobTerms, overrides: Mapping[str, str] | None = None) -> dict[str, str]:
    """The value of every place that post and people answer, by placeholder name; "" where they do not.

    `overrides` (placeholder name → text, empty ones ignored) are what the two sides agreed otherwise: 质量要求,
    支付日期, 特别约定 and so on. Money is printed in figures and, for the total, in capitals.
    """
    last_day = terms.end_date or terms.start_date
    values = {
        "协议编号": parties.number,
        "甲方名称": parties.employer_name,
        "甲方证件类型": parties.employer_id_type,
        "甲方证件号": parties.employer_id_number,
        "甲方法定代表人": parties.legal_representative if parties.employer_kind is EmployerKind.UNIT else "",
        "甲方地址": parties.employer_address,
        "甲方联系人": parties.employer_contact,
        "甲方电话": parties.employer_phone,
        "乙方姓名": parties.worker_name,
        "乙方证件号": parties.worker_id_number,
        "乙方住址": parties.worker_address,
        "乙方电话": parties.worker_phone,
        "乙方紧急联系人": parties.emergency_name,
        "乙方紧急电话": parties.emergency_phone,
        "工作内容": f"{terms.title}（{terms.duties.strip().rstrip('。')}）" if terms.duties.strip() else terms.title,
        "工作地点": terms.exact_address or terms.landmark,
        "开始日期": day_text(terms.start_date) if terms.start_date else "",
        "结束日期": day_text(last_day) if last_day else "",
        "开始时间": f"{terms.start_time:%H:%M}" if terms.start_time else "",
        "结束时间": _end_time(terms),
        "休息安排": _breaks(terms),
        "结算周期": _SETTLE_WORDS[terms.settle_cycle] if terms.settle_cycle else "",
        "支付日期": payment_deadline(terms.settle_cycle, last_day, overnight=_ends_after_midnight(terms)),
        "支付方式": terms.pay_method.label if terms.pay_method else "",
        "食宿交通约定": _board_and_travel(terms),
        "防护用品": terms.protection,
        "危险告知": _hazards(terms),
        "保险约定": _INSURANCE_WORDS[terms.insurance] if terms.insurance else "",
        "误工补偿": yuan(lost_time_fen(terms)),
        "驿站名称": parties.station_name,
        "驿站电话": parties.station_phone,
        "指导人": parties.guide,
        **_money(terms),
    }
    for name, placeholder in PLACEHOLDERS.items():
        values.setdefault(name, placeholder.default)
    return {**values, **{name: text for name, text in (overrides or {}).items() if text.strip()}}


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
    weekly = f"每周做{terms.weekly_days}天" if 1 <= terms.weekly_days <= 6 else ""
    pause = f"{terms.break_minutes}分钟" if terms.break_minutes else "无" if weekly else ""
    return "，".join(filter(None, (pause, weekly)))


def _money(terms: JobTerms) -> dict[str, str]:
    if terms.pay_fen <= 0 or terms.pay_unit is None:
        return {"计酬方式": "", "计量单位": "", "单价": "", "预计数量": "", "报酬合计大写": ""}
    estimate = estimated_total(terms)
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


def check_agreement(
    terms: JobTerms,
    employer_kind: EmployerKind,
    standing: AgeStanding,
    *,
    minimum_wage: MinimumWage,
    most_days: int = 3,
) -> list[Hit]:
    """What staff must answer before a service agreement is printed; empty when there is nothing.

    `standing` is the worker's on the first working day, `minimum_wage` the one in force then. Raises RuleBroken where
    this kind of agreement is not the right paper or the work is not allowed: under 16, work closed to minors, a unit
    with somebody over the retirement age (over-age provisions art. 6), platform work.
    """
    _check_right_paper(terms, employer_kind, standing)
    return list(_agreement_warnings(terms, employer_kind, standing, minimum_wage, most_days))


def _check_right_paper(terms: JobTerms, employer_kind: EmployerKind, standing: AgeStanding) -> None:
    if standing is AgeStanding.UNDER_16:
        raise RuleBroken("不得招用未满16周岁人员，不能签协议。", "worker")
    if standing is AgeStanding.JUVENILE:
        obstacles = juvenile_obstacles(terms)
        if obstacles:
            raise RuleBroken(f"乙方未满18周岁：{'；'.join(obstacles)}，不能签协议。", "worker")
    if standing is AgeStanding.OVER_AGE and employer_kind is EmployerKind.UNIT:
        raise RuleBroken(
            "单位招用超过法定退休年龄的人员，应当签订超龄用工协议并参加工伤保险，不能用零工劳务协议。"
            "本系统暂时不能打印超龄用工协议，请使用人社部门的文本。",
            "agreement_type",
        )
    trade = TRADES.get(terms.trade)
    if trade and trade.platform:
        raise RuleBroken("平台配送、出行用工请使用新就业形态书面协议，不能用零工劳务协议。", "agreement_type")


def _agreement_warnings(
    terms: JobTerms,
    employer_kind: EmployerKind,
    standing: AgeStanding,
    minimum: MinimumWage,
    most_days: int,
) -> Iterator[Hit]:
    unit = employer_kind is EmployerKind.UNIT
    if unit:
        yield _warning("A01", "agreement_type", "劳动关系", LABOUR_WARNING, "LCL 7; NEF56(二)")
    span = days(terms.start_date, terms.end_date or terms.start_date) if terms.start_date else 0
    if unit and span > most_days:
        message = f"单位的一次性劳务一般不超过{most_days}天，这份协议有{span}天，请核对是否应当签劳动合同。"
        yield _warning("A02", "end_date", "天数", message, "LCL 7")
    hourly = hourly_equivalent(terms)
    if hourly is not None and hourly < minimum.hour_fen:
        message = f"折算每小时{yuan(hourly)}元，低于当前最低工资标准{yuan(minimum.hour_fen)}元，请双方再商量报酬。"
        yield _warning("A03", "unit_price", "报酬偏低", message, "MWR 12")
    if standing is AgeStanding.JUVENILE:
        yield _warning("A04", "worker", "未成年工", "乙方未满18周岁，请监护人在协议上签名同意。", "CC 19, 145")
    if unit and standing is AgeStanding.MAYBE_OVER_AGE:
        message = "乙方可能已到退休年龄，请核对是否已领取养老金；已领取的应当签超龄用工协议。"
        yield _warning("A05", "worker", "退休年龄", message, "OVER 2, 6")
    trade = TRADES.get(terms.trade)
    if unit and trade and trade.site:
        message = "建筑工地的总包或分包单位用工，应当订立劳动合同并实名登记，请核对。"
        yield _warning("A06", "agreement_type", "建筑工地", message, "RMW 28")
    if unit and terms.relation in {Relation.PART_TIME, Relation.FIXED}:
        message = f"岗位登记的用工方式是“{terms.relation.label}”，请核对是否应当签劳动合同。"
        yield _warning("A07", "agreement_type", "用工方式", message, "LCL 7, 68")


def _warning(rule: str, field: str, name: str, message: str, basis: str) -> Hit:
    return structured_hit(rule, Severity.WARN, field, name, message, basis)
