"""What was typed into an agreement, read back as terms: the checks judge what will be printed, not what the post said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, time

from rules.codes import AgreementType, PayBasis, PayUnit, SettleCycle
from rules.errors import RuleBroken
from rules.identity import parse_credit_code
from rules.lint import Hit, Severity, structured_hit
from rules.money import parse_yuan
from rules.pay_checks import CheckParameters
from rules.schedule import shift_of
from rules.terms import JobTerms
from rules.wordings import Wording

_UNITS = {"小时": PayUnit.HOUR, "天": PayUnit.DAY, "日": PayUnit.DAY, "月": PayUnit.MONTH}
_RATE = re.compile(r"每(?:个)?(?:工作)?(小时|天|日|月)[^\d。；]{0,8}?(\d+(?:\.\d{1,2})?)\s*元")
_RATE_REVERSED = re.compile(r"(\d+(?:\.\d{1,2})?)\s*元\s*(?:/|／|每|一)(?:个)?(小时|天|日|月)")
_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_PERIODS = {
    "日": SettleCycle.DAILY,
    "周": SettleCycle.WEEKLY,
    "半月": SettleCycle.HALF_MONTH,
    "月": SettleCycle.MONTHLY,
    "次完工后": SettleCycle.PER_JOB,
}
_INSTEAD = {
    "unit_price": ("hourly_pay", "pay_rate"),
    "end_time": ("daily_hours", "shifts"),
    "start_time": ("daily_hours", "shifts"),
    "weekly_days": ("weekly_hours", "weekly_rest", "breaks"),
    "settle_cycle": ("settle_days", "pay_period", "pay_deadline"),
    "overtime_terms": ("special_terms",),
}
"""Where a text has no place of its own for a term of the post: the places that say it there."""


def read_day(text: str) -> date | None:
    """The day that an agreement prints as 2026年12月3日; None when it is none."""
    found = _DATE.search(text)
    if not found:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def read_hours(text: str) -> float | None:
    """Typed hours ("3.5"); None when it is no number."""
    try:
        return float(text) if re.fullmatch(r"\d{1,2}(\.\d{1,2})?", text.strip()) else None
    except ValueError:
        return None


def terms_agreed(wording: Wording, terms: JobTerms, agreed: Mapping[str, str]) -> JobTerms:
    """The terms as the typed places say them: hourly pay, pay rate, hours of a day and a week, how often it is paid.

    What was not typed, or cannot be read as a number, stays as the post has it.
    """
    typed = {name: agreed.get(name, "").strip() for name in wording.places}
    return _with_period(_with_hours(_with_pay(terms, typed), typed), typed)


def _with_pay(terms: JobTerms, typed: Mapping[str, str]) -> JobTerms:
    if hourly := typed.get("小时工资"):
        return _paid(terms, hourly, PayUnit.HOUR)
    rate = typed.get("报酬标准", "")
    if found := _RATE.search(rate):
        return _paid(terms, found[2], _UNITS[found[1]])
    if found := _RATE_REVERSED.search(rate):
        return _paid(terms, found[1], _UNITS[found[2]])
    return terms


def _paid(terms: JobTerms, amount: str, unit: PayUnit) -> JobTerms:
    try:
        fen = parse_yuan(amount, field="unit_price")
    except RuleBroken:
        return terms
    return terms if (fen, unit) == (terms.pay_fen, terms.pay_unit) else replace(terms, pay_fen=fen, pay_unit=unit, pay_basis=PayBasis.TIME)


def _with_hours(terms: JobTerms, typed: Mapping[str, str]) -> JobTerms:
    daily, weekly = read_hours(typed.get("日工时", "")), read_hours(typed.get("周工时", ""))
    shift = shift_of(terms)
    if daily and 0 < daily < 24 and (shift is None or abs(shift.paid_minutes - daily * 60) >= 1):
        start = terms.start_time or time(8)
        minute = (start.hour * 60 + start.minute + round(daily * 60)) % (24 * 60)
        end = time(minute // 60, minute % 60)
        terms = replace(terms, start_time=start, end_time=end, break_minutes=0)
    if daily and weekly:
        terms = replace(terms, weekly_days=min(7, max(1, int(weekly / daily + 0.001))))
    elif (rest := typed.get("周休日", "")).isdigit() and 1 <= int(rest) <= 6:
        terms = replace(terms, weekly_days=7 - int(rest))
    return terms


def _with_period(terms: JobTerms, typed: Mapping[str, str]) -> JobTerms:
    if (settle := typed.get("结算天数", "")).isdigit():
        return replace(terms, settle_cycle=_cycle_of(int(settle)))
    if (period := typed.get("支付周期", "")) in _PERIODS:
        return replace(terms, settle_cycle=_PERIODS[period])
    return terms


def _cycle_of(settle_days: int) -> SettleCycle:
    if settle_days <= 1:
        return SettleCycle.DAILY
    if settle_days <= 7:
        return SettleCycle.WEEKLY
    return SettleCycle.HALF_MONTH if settle_days <= 15 else SettleCycle.MONTHLY


def value_hits(wording: Wording, values: Mapping[str, str], parameters: CheckParameters, terms: JobTerms) -> list[Hit]:
    """What is wrong with the filled places themselves, each with the form field; BLOCK where it may not be printed."""
    return [
        *_numbers(wording, values),
        *_part_time(wording, values, parameters),
        *_over_age(wording, values, terms),
        *_shared(wording, values, terms),
    ]


def _block(rule: str, field: str, name: str, message: str, basis: str) -> Hit:
    return structured_hit(rule, Severity.BLOCK, field, name, message, basis)


def _numbers(wording: Wording, values: Mapping[str, str]) -> Iterator[Hit]:
    for name, place in wording.places.items():
        text = values.get(name, "")
        if text and place.most:
            number = read_hours(text)
            if number is None or not place.least <= number <= place.most:
                message = f"{place.caption}请填{place.least}到{place.most}之间的数字。"
                yield _block("A30", place.field, place.caption, message, "CC 470")
        if text and place.choices and text not in {value for value, _ in place.choices} | {place.default}:
            yield _block("A30", place.field, place.caption, f"{place.caption}请从列出的选项里选。", "CC 470")


def _part_time(wording: Wording, values: Mapping[str, str], parameters: CheckParameters) -> Iterator[Hit]:
    if wording.type is not AgreementType.PART_TIME:
        return
    weekly, daily = read_hours(values.get("周工时", "")), read_hours(values.get("日工时", ""))
    if weekly and weekly > parameters.part_time_weekly_hours:
        message = f"小时工（非全日制）每周不超过{parameters.part_time_weekly_hours}小时，请减少天数，或者改签劳动合同。"
        yield _block("W10", "weekly_hours", "非全日制工时", message, "LCL 68")
    if weekly and daily and weekly < daily:
        yield _block("A30", "weekly_hours", "非全日制工时", "每周的小时数比一天的还少，请核对。", "LCL 68")


def _over_age(wording: Wording, values: Mapping[str, str], terms: JobTerms) -> Iterator[Hit]:
    if wording.type is not AgreementType.OVER_AGE or terms.start_date is None or terms.end_date is None:
        return
    if values.get("支付周期") == "次完工后" and (terms.end_date - terms.start_date).days > 31:
        message = "超龄用工的报酬至少每月支付一次，请改成每月、每半月或者每周。"
        yield _block("A31", "pay_period", "支付周期", message, "OVER 12")


def _shared(wording: Wording, values: Mapping[str, str], terms: JobTerms) -> Iterator[Hit]:
    if wording.type is not AgreementType.SHARED_LABOUR_3P:
        return
    until, last = read_day(values.get("原合同到期日", "")), terms.end_date or terms.start_date
    if values.get("原合同到期日") and until is None:
        yield _block("A32", "contract_end", "原合同到期日", "请写清楚丙方与原企业的劳动合同到哪一天。", "LCL 17")
    if until and last and last > until:
        yield _block("A32", "end_date", "借出期限", "借出的期限不能超过丙方与原企业劳动合同的剩余期限，请改早结束日期。", "LCL 17")
    if (lender := values.get("甲方名称")) and lender == values.get("乙方企业名称"):
        yield _block("A33", "employer_name", "原企业", "原企业和缺工企业不能是同一家，请核对。", "LCL 2")
    if code := values.get("甲方证件号"):
        try:
            parse_credit_code(code, field="employer_id_number")
        except RuleBroken as broken:
            yield _block("A33", "employer_id_number", "原企业", broken.message, "LCL 17")


def at_the_form(wording: Wording, hit: Hit) -> Hit:
    """The hit at a field that this text has: 小时工资 where it has no 单价, 日工时 where it has no 结束时间."""
    fields = {place.field for place in wording.places.values()}
    if hit.field in fields or hit.field not in _INSTEAD:
        return hit
    return replace(hit, field=next((field for field in _INSTEAD[hit.field] if field in fields), hit.field))
