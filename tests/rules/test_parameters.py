"""Legal values by the day they are in force."""

from datetime import date

import pytest

from rules.parameters import LEGAL_PARAMETERS, Parameter, ParameterMissing, in_force, minimum_wage, whole
from rules.pay import MinimumWage

DAY = date(2026, 11, 22)


def wage(value: str, start: date, end: date | None = None) -> Parameter:
    return Parameter("min_wage_hour_tier1", value, "元/小时", start, end, "test")


def test_the_minimum_wage_of_wuhan_is_in_force():
    assert minimum_wage(LEGAL_PARAMETERS, DAY) == MinimumWage(hour_fen=2400, month_fen=240000)
    assert minimum_wage(LEGAL_PARAMETERS, DAY, tier=2) == MinimumWage(hour_fen=2150, month_fen=213000)
    assert minimum_wage(iter(LEGAL_PARAMETERS), DAY, tier=3) == MinimumWage(hour_fen=2000, month_fen=197000)


def test_a_value_holds_from_its_first_to_its_last_day():
    rows = [wage("24", date(2025, 12, 1), date(2027, 1, 31)), wage("26", date(2027, 2, 1))]
    assert in_force(rows, "min_wage_hour_tier1", date(2025, 12, 1)).value == "24"
    assert in_force(rows, "min_wage_hour_tier1", date(2027, 1, 31)).value == "24"
    assert in_force(rows, "min_wage_hour_tier1", date(2027, 2, 1)).value == "26"


def test_the_value_that_began_last_wins_in_any_order():
    rows = [wage("26", date(2027, 2, 1)), wage("24", date(2025, 12, 1))]
    assert in_force(rows, "min_wage_hour_tier1", date(2027, 3, 1)).value == "26"
    assert in_force(rows, "min_wage_hour_tier1", date(2027, 1, 1)).value == "24"


def test_a_day_without_a_value_is_said_in_words():
    with pytest.raises(ParameterMissing) as missing:
        minimum_wage(LEGAL_PARAMETERS, date(2025, 11, 30))
    assert str(missing.value) == ("2025年11月30日没有生效的法定参数“min_wage_hour_tier1”，请管理员在“法定参数”里补录。")
    with pytest.raises(LookupError):
        whole(LEGAL_PARAMETERS, "no_such_code", DAY)


def test_a_whole_number_is_a_number():
    assert whole(LEGAL_PARAMETERS, "child_age", DAY) == 16
    assert whole(LEGAL_PARAMETERS, "annual_placement_target", DAY) == 500


def test_a_kept_value_that_is_no_amount_is_a_fault_not_a_form_error():
    rows = [*LEGAL_PARAMETERS, wage("二十四", date(2026, 1, 1))]
    with pytest.raises(ValueError, match="not an amount"):
        minimum_wage(rows, DAY)


def test_every_seeded_value_is_sourced_and_can_be_read():
    assert len({(row.code, row.valid_from) for row in LEGAL_PARAMETERS}) == len(LEGAL_PARAMETERS)
    for row in LEGAL_PARAMETERS:
        assert row.basis
        assert row.unit
        assert float(row.value) > 0
        assert in_force(LEGAL_PARAMETERS, row.code, DAY) is row


def test_values_known_only_from_memory_are_not_seeded():
    codes = {row.code for row in LEGAL_PARAMETERS}
    assert not codes & {"heat_allowance", "monthly_pay_days", "monthly_work_days", "district_wage_tier"}
    assert not any(row.value in {"2210", "22"} for row in LEGAL_PARAMETERS)
