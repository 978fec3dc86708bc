"""Legal parameters: values that the law changes from a given day, never constants (domain reference 0.4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rules.errors import RuleBroken
from rules.money import parse_yuan
from rules.pay import MinimumWage

UNDATED = date(1900, 1, 1)
"""First day of values whose source was read without a first day: in force on every day that matters here."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One value of a legal parameter, from `valid_from` to `valid_to` (both included; None: until further notice)."""

    code: str
    value: str
    unit: str
    valid_from: date
    valid_to: date | None
    basis: str

    def covers(self, day: date) -> bool:
        """Whether this value is in force on `day`."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class ParameterMissing(LookupError):
    """No value of a parameter is in force on the day asked for; the text says which and what to do."""

    def __init__(self, code: str, day: date) -> None:
        super().__init__(f"{day.year}年{day.month}月{day.day}日没有生效的法定参数“{code}”，请管理员在“法定参数”里补录。")
        self.code = code
        self.day = day


def in_force(parameters: Iterable[Parameter], code: str, day: date) -> Parameter:
    """The value of `code` in force on `day`; of several the one that began last.

    Raises ParameterMissing when there is none.
    """
    candidates = [parameter for parameter in parameters if parameter.code == code and parameter.covers(day)]
    if not candidates:
        raise ParameterMissing(code, day)
    return max(candidates, key=lambda parameter: parameter.valid_from)


def whole(parameters: Iterable[Parameter], code: str, day: date) -> int:
    """The value of `code` in force on `day` as a whole number.

    Raises ParameterMissing when there is none, ValueError when the kept value is not a whole number.
    """
    return int(in_force(parameters, code, day).value)


def minimum_wage(parameters: Iterable[Parameter], day: date, tier: int = 1) -> MinimumWage:
    """The minimum wage of a tier in force on `day`, in fen.

    Raises ParameterMissing when there is none, ValueError when a kept value is not an amount.
    """
    rows = tuple(parameters)
    return MinimumWage(
        hour_fen=_fen(in_force(rows, f"min_wage_hour_tier{tier}", day)),
        month_fen=_fen(in_force(rows, f"min_wage_month_tier{tier}", day)),
    )


def _fen(parameter: Parameter) -> int:
    try:
        return parse_yuan(parameter.value, field=parameter.code)
    except RuleBroken as error:
        raise ValueError(f"{parameter.code}: {parameter.value!r} is not an amount") from error


def _since(code: str, value: str, unit: str, valid_from: date, basis: str) -> Parameter:
    return Parameter(code, value, unit, valid_from, None, basis)


_WAGE_DAY, _WAGE_BASIS = date(2025, 12, 1), "湖北省政府办公厅关于调整全省最低工资标准的通知（鄂政办发〔2025〕44号）"
_STATION_DAY, _STATION_BASIS = date(2022, 3, 14), "东西湖区零工驿站管理办法（东人社〔2022〕4号）第{}条"
_CONTRACT_DAY = date(2008, 1, 1)
_HEAT_DAY, _HEAT_BASIS = date(2012, 6, 29), "防暑降温措施管理办法第八条"

LEGAL_PARAMETERS: tuple[Parameter, ...] = (
    _since("min_wage_month_tier1", "2400", "元/月", _WAGE_DAY, _WAGE_BASIS),
    _since("min_wage_hour_tier1", "24", "元/小时", _WAGE_DAY, _WAGE_BASIS),
    _since("min_wage_month_tier2", "2130", "元/月", _WAGE_DAY, _WAGE_BASIS),
    _since("min_wage_hour_tier2", "21.5", "元/小时", _WAGE_DAY, _WAGE_BASIS),
    _since("min_wage_month_tier3", "1970", "元/月", _WAGE_DAY, _WAGE_BASIS),
    _since("min_wage_hour_tier3", "20", "元/小时", _WAGE_DAY, _WAGE_BASIS),
    _since("part_time_daily_hours_avg", "4", "小时", _CONTRACT_DAY, "劳动合同法第六十八条"),
    _since("part_time_weekly_hours", "24", "小时", _CONTRACT_DAY, "劳动合同法第六十八条"),
    _since("part_time_pay_cycle_days", "15", "天", _CONTRACT_DAY, "劳动合同法第七十二条"),
    _since("full_time_daily_hours", "8", "小时", UNDATED, "劳动法第三十六条"),
    _since("overtime_day_max", "3", "小时", UNDATED, "劳动法第四十一条"),
    _since("overtime_month_max", "36", "小时", UNDATED, "劳动法第四十一条"),
    _since("overtime_rate_workday", "150", "%", UNDATED, "劳动法第四十四条"),
    _since("overtime_rate_rest_day", "200", "%", UNDATED, "劳动法第四十四条"),
    _since("overtime_rate_holiday", "300", "%", UNDATED, "劳动法第四十四条"),
    _since("public_holidays_per_year", "13", "天", date(2025, 1, 1), "全国年节及纪念日放假办法"),
    _since("child_age", "16", "周岁", UNDATED, "劳动法第十五条"),
    _since("juvenile_age_upper", "18", "周岁", UNDATED, "劳动法第五十八条"),
    _since("station_min_area_m2", "50", "平方米", _STATION_DAY, _STATION_BASIS.format("九")),
    _since("station_min_staff", "2", "人", _STATION_DAY, _STATION_BASIS.format("十四")),
    _since("operator_min_years", "2", "年", _STATION_DAY, _STATION_BASIS.format("十四")),
    _since("annual_placement_target", "500", "人次", _STATION_DAY, _STATION_BASIS.format("十一")),
    _since("assessment_period_months", "6", "个月", _STATION_DAY, _STATION_BASIS.format("二十三")),
    _since("ledger_period_months", "1", "个月", _STATION_DAY, _STATION_BASIS.format("二十三")),
    _since("service_ledger_retention_years_min", "2", "年", date(2018, 10, 1), "人力资源市场暂行条例第三十三条"),
    _since("log_retention_months_min", "6", "个月", UNDATED, "网络安全法第二十三条"),
    _since("employer_reverify_months", "6", "个月", date(2026, 1, 1), "关于规范网络平台招聘类信息发布的通知"),
    _since("labour_arbitration_years", "1", "年", date(2008, 5, 1), "劳动争议调解仲裁法第二十七条"),
    _since("heat_stop_c", "40", "℃", _HEAT_DAY, _HEAT_BASIS),
    _since("heat_limit_c", "37", "℃", _HEAT_DAY, _HEAT_BASIS),
    _since("heat_noovertime_c", "35", "℃", _HEAT_DAY, _HEAT_BASIS),
)
"""First content of the parameter table: the rows of domain reference 0.4 whose value has a source that was read."""
