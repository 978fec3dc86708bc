"""The checks of pay and hours, W01 and W07-W11 (domain reference 6.5): minimum wage, long days, rest, part-time, heat."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rules.codes import TRADES, EmployerKind, PayBasis, PayUnit, Relation, SettleCycle
from rules.lint import Hit, Severity, structured_hit
from rules.money import yuan
from rules.pay import MONTH_HOURS, MinimumWage, hourly_equivalent
from rules.schedule import days, shift_of, working_days
from rules.terms import JobTerms


@dataclass(frozen=True, slots=True)
class CheckParameters:
    """The effective-dated values the checks need (domain reference 0.4).

    `minimum_wage` is the one in force on the first working day. Hours are hours, `validity_days` and
    `part_time_cycle_days` calendar days; rates are percent of the pay.
    """

    minimum_wage: MinimumWage
    part_time_daily_hours: int = 4
    part_time_weekly_hours: int = 24
    part_time_cycle_days: int = 15
    validity_days: int = 30
    daily_hours: int = 8
    max_overtime_hours: int = 3
    overtime_rate: int = 150
    holiday_rate: int = 300


_BASIS = "LL 48; MWR 12"
_FULL_TIME = frozenset({Relation.FIXED, Relation.OVER_AGE})


def _pay_hit(severity: Severity, message: str) -> Hit:
    return structured_hit("W01", severity, "pay_fen", "最低工资", message, _BASIS)


def wage_hits(terms: JobTerms, kind: EmployerKind, minimum: MinimumWage) -> Iterator[Hit]:
    """The one W01 hit of an order, if any.

    A unit must not go below the hourly minimum for part-time work, nor below the monthly one (as month, day or hour)
    for a labour contract or over-age work; anything else of a unit may not go below the monthly minimum as an hour and
    is warned below the hourly one. A household is warned. Where no hour can be told, INFO asks for it.
    """
    if terms.pay_fen <= 0 or terms.pay_unit is None:
        return
    hourly = hourly_equivalent(terms)
    if hourly is None:
        if terms.live_in or (terms.pay_basis is PayBasis.LUMP_SUM and shift_of(terms) is None):
            yield structured_hit("W01", Severity.INFO, "start_time", "大致工时", "请说明大致工时。", _BASIS)
        return
    if kind is EmployerKind.INDIVIDUAL:
        if hourly < minimum.hour_fen:
            yield _pay_hit(Severity.WARN, _message(terms, hourly, minimum.hour_fen, "请与雇主商量后修改或者说明。"))
        return
    if terms.relation is Relation.PART_TIME:
        if hourly < minimum.hour_fen:
            yield _pay_hit(Severity.BLOCK, _message(terms, hourly, minimum.hour_fen))
        return
    if terms.relation in _FULL_TIME and (broken := _below_full_time(terms, minimum)):
        yield _pay_hit(Severity.BLOCK, broken)
    elif hourly < minimum.month_as_hour_fen:
        yield _pay_hit(Severity.BLOCK, _message(terms, hourly, minimum.month_as_hour_fen))
    elif terms.relation not in _FULL_TIME and hourly < minimum.hour_fen:
        yield _pay_hit(Severity.WARN, _message(terms, hourly, minimum.hour_fen, "请修改，或者说明工时和待遇。"))


def _below_full_time(terms: JobTerms, minimum: MinimumWage) -> str | None:
    if terms.pay_unit is PayUnit.MONTH and terms.pay_fen < minimum.month_fen:
        return f"每月{yuan(terms.pay_fen)}元，低于当前最低工资标准每月{yuan(minimum.month_fen)}元，请修改。"
    by_day = terms.pay_unit in {PayUnit.DAY, PayUnit.NIGHT}
    if by_day and terms.pay_fen < minimum.month_as_day_fen:
        return f"每天{yuan(terms.pay_fen)}元，低于当前最低工资标准每天{yuan(minimum.month_as_day_fen)}元，请修改。"
    return None


def _message(terms: JobTerms, hourly: int, standard_fen: int, then: str = "请修改。") -> str:
    return f"{_counted(terms)}每小时{yuan(hourly)}元，低于当前最低工资标准{yuan(standard_fen)}元，{then}"


def _counted(terms: JobTerms) -> str:
    if terms.pay_unit is PayUnit.HOUR:
        return ""
    if terms.pay_unit is PayUnit.MONTH:
        return f"按每月{MONTH_HOURS}小时折算"
    shift = shift_of(terms)
    if terms.pay_basis is PayBasis.PIECE and terms.output_per_hour_milli and terms.pay_unit is not None:
        return f"按每小时{terms.output_per_hour_milli / 1000:g}{terms.pay_unit.label}折算"
    if shift is None:
        return "折算"
    total = shift.paid_minutes * (1 if terms.pay_unit in {PayUnit.DAY, PayUnit.NIGHT} else working_days(terms))
    return f"按{total / 60:.4g}小时折算"


def working_time_hits(terms: JobTerms, kind: EmployerKind, parameters: CheckParameters) -> Iterator[Hit]:
    """W07-W11: output of an hour, long days, days of rest, part-time limits, heat. Long days and rest bind units only."""
    shift = shift_of(terms)
    minutes = shift.paid_minutes if shift and not terms.live_in else 0
    span = days(terms.start_date, terms.end_date or terms.start_date) if terms.start_date else 0
    unit = kind is EmployerKind.UNIT
    longest = parameters.daily_hours + parameters.max_overtime_hours
    if terms.pay_basis is PayBasis.PIECE and not terms.output_per_hour_milli:
        message = "请填写正常每小时完成量。"
        yield structured_hit("W07", Severity.WARN, "output_per_hour_milli", "计件定额", message, "MWR 12")
    if unit and minutes > longest * 60:
        message = f"每天工作不得超过{longest}小时（含加班），请修改上下班时间。"
        yield structured_hit("W08", Severity.BLOCK, "end_time", "工时过长", message, "LL 36, 41")
    elif unit and minutes > parameters.daily_hours * 60 and not terms.overtime_terms.strip():
        message = f"每天超过{parameters.daily_hours}小时，请写明超出部分怎么算加班报酬。"
        yield structured_hit("W08", Severity.WARN, "overtime_terms", "加班约定", message, "LL 36, 41, 44")
    if unit and span >= 7 and not 1 <= terms.weekly_days <= 6:
        message = "连续7天以上的工作，每周至少休息1天，请填写每周做几天。"
        yield structured_hit("W09", Severity.WARN, "weekly_days", "休息日", message, "LL 38")
    if terms.relation is Relation.PART_TIME:
        yield from _part_time(terms, minutes, span, parameters)
    trade = TRADES.get(terms.trade)
    if trade and trade.outdoor and not terms.heat_measures.strip() and _touches_summer(terms):
        message = "6月至9月的户外工作，请填写防暑降温措施。"
        yield structured_hit("W11", Severity.WARN, "heat_measures", "防暑降温", message, "HEAT 8")


def _part_time(terms: JobTerms, minutes: int, span: int, parameters: CheckParameters) -> Iterator[Hit]:
    daily, weekly = parameters.part_time_daily_hours, parameters.part_time_weekly_hours
    if minutes > daily * 60:
        message = f"小时工（非全日制）平均每天不超过{daily}小时，请缩短工时，或者改签劳动合同。"
        yield structured_hit("W10", Severity.BLOCK, "end_time", "非全日制工时", message, "LCL 68")
    worked = terms.weekly_days or min(span, 7)
    if minutes * worked > weekly * 60:
        message = f"小时工（非全日制）每周不超过{weekly}小时，请减少天数，或者改签劳动合同。"
        yield structured_hit("W10", Severity.BLOCK, "weekly_days", "非全日制工时", message, "LCL 68")
    slow = terms.settle_cycle in {SettleCycle.MONTHLY, SettleCycle.STAGE}
    at_the_end = terms.settle_cycle is SettleCycle.PER_JOB and span > parameters.part_time_cycle_days
    if slow or at_the_end:
        message = f"非全日制用工最长{parameters.part_time_cycle_days}天结算一次，请修改结算周期。"
        yield structured_hit("W10", Severity.BLOCK, "settle_cycle", "非全日制结算", message, "LCL 72")


def _touches_summer(terms: JobTerms) -> bool:
    if terms.start_date is None:
        return False
    end = max(terms.end_date or terms.start_date, terms.start_date)
    first = terms.start_date.year * 12 + terms.start_date.month - 1
    last = end.year * 12 + end.month - 1
    return any(month % 12 + 1 in (6, 7, 8, 9) for month in range(first, min(last, first + 11) + 1))
