"""What stands against an agreement: every check of 4.6 and 4.3, with its severity per type, its basis and its cure."""

from dataclasses import replace
from datetime import date

import pytest

from rules.ages import AgeStanding
from rules.agreement_checks import (
    LABOUR_WARNING,
    WRONG_PAPER,
    agreement_hits,
    check_agreement,
    fixed_holidays,
    refuse_blocked,
)
from rules.codes import AgreementType, EmployerKind, InsuranceState
from rules.errors import RuleBroken, RulesBroken
from rules.lint import Severity, basis_text
from rules.pay_checks import CheckParameters
from tests.rules.job_samples import MINIMUM, terms_of

T = AgreementType
LIMITS = CheckParameters(minimum_wage=MINIMUM)
UNIT, HOUSEHOLD = EmployerKind.UNIT, EmployerKind.INDIVIDUAL
NORMAL, OVER, MINOR = AgeStanding.NORMAL, AgeStanding.OVER_AGE, AgeStanding.JUVENILE
SORTING = replace(terms_of("J02", end_date="2026-12-05"), insurance=InsuranceState.WORK_INJURY)
EVENING = replace(terms_of("J10"), insurance=InsuranceState.WORK_INJURY)
BLOCK, WARN = Severity.BLOCK, Severity.WARN


def hits_of(kind, terms, employer=UNIT, standing=NORMAL, **more):
    return {hit.rule: hit for hit in agreement_hits(kind, terms, employer, standing, parameters=LIMITS, **more)}


def severity_of(rule, *args, **more):
    hit = hits_of(*args, **more).get(rule)
    return hit.severity if hit else None


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (T.PART_TIME, BLOCK),
        (T.FIXED_TERM, BLOCK),
        (T.FIXED_TASK, BLOCK),
        (T.SHARED_LABOUR_3P, BLOCK),
        (T.ONE_OFF_SERVICE, None),
        (T.DOMESTIC, None),
    ],
)
def test_more_than_eleven_hours_are_blocked_for_labour_only(kind, expected):
    assert severity_of("W08", kind, replace(SORTING, end_time=SORTING.start_time, break_minutes=0)) is expected


def test_more_than_eight_hours_need_terms_for_overtime():
    long = replace(SORTING, break_minutes=0)
    hit = hits_of(T.FIXED_TERM, long)["W08"]
    assert (hit.severity, hit.field) == (WARN, "overtime_terms")
    assert "150%" in hit.advice
    assert "W08" not in hits_of(T.FIXED_TERM, long, written="每天超过8小时的部分按150%付加班费")
    assert "W08" not in hits_of(T.FIXED_TERM, SORTING)


@pytest.mark.parametrize(("kind", "expected"), [(T.FIXED_TERM, BLOCK), (T.OVER_AGE, BLOCK), (T.ONE_OFF_SERVICE, None)])
def test_a_week_without_rest_is_blocked_for_labour(kind, expected):
    week = replace(SORTING, end_date=date(2026, 12, 9), weekly_days=0)
    standing = OVER if kind is T.OVER_AGE else NORMAL
    assert severity_of("W09", kind, week, standing=standing) is expected
    assert severity_of("W09", kind, replace(week, weekly_days=6), standing=standing) is None


def test_part_time_stops_at_four_hours_a_day_twenty_four_a_week_and_fifteen_days_of_settlement():
    assert "W10" not in hits_of(T.PART_TIME, EVENING)
    longer = hits_of(T.PART_TIME, replace(EVENING, end_time=SORTING.end_time.replace(hour=22)))["W10"]
    assert longer.severity is BLOCK
    assert "固定期限劳动合同" in longer.advice
    assert hits_of(T.PART_TIME, replace(EVENING, weekly_days=7))["W10"].field == "weekly_days"
    monthly = hits_of(T.PART_TIME, terms_of("J10", settle_cycle="MONTHLY"))["W10"]
    assert (monthly.severity, monthly.field) == (BLOCK, "settle_cycle")
    assert "15天" in monthly.message
    assert "半月结" in monthly.advice
    assert "W10" not in hits_of(T.FIXED_TERM, terms_of("J10", settle_cycle="MONTHLY"))


@pytest.mark.parametrize(("fen", "blocked"), [(2399, True), (2400, False)])
def test_part_time_pays_at_least_the_hourly_minimum(fen, blocked):
    hit = hits_of(T.PART_TIME, replace(EVENING, pay_fen=fen)).get("W01")
    assert (hit is not None and hit.severity is BLOCK) is blocked


@pytest.mark.parametrize(
    ("unit", "fen", "blocked"),
    [
        ("MONTH", 239_999, True),
        ("MONTH", 240_000, False),
        ("DAY", 11_033, True),
        ("DAY", 11_034, False),
        ("HOUR", 1_378, True),
        ("HOUR", 1_379, False),
    ],
)
def test_full_time_pay_is_compared_by_month_day_and_hour(unit, fen, blocked):
    terms = terms_of("J18", pay_unit=unit, pay_fen=fen, pay_basis="TIME", end_date="2026-12-20", weekly_days=5)
    for kind in (T.FIXED_TERM, T.FIXED_TASK):
        hit = hits_of(kind, terms).get("W01")
        assert (hit is not None and hit.severity is BLOCK and hit.field == "unit_price") is blocked


def test_over_age_pay_of_a_few_hours_is_compared_with_the_hourly_minimum():
    assert severity_of("W01", T.OVER_AGE, replace(EVENING, pay_fen=2399), standing=OVER) is BLOCK
    whole_days = terms_of("J02", pay_unit="HOUR", pay_fen=2000, end_date="2026-12-05")
    assert severity_of("W01", T.OVER_AGE, whole_days, standing=OVER) is None


@pytest.mark.parametrize(
    ("kind", "employer", "warned"),
    [
        (T.ONE_OFF_SERVICE, UNIT, True),
        (T.WORK_RESULT, UNIT, True),
        (T.ONE_OFF_SERVICE, HOUSEHOLD, True),
        (T.DOMESTIC, HOUSEHOLD, True),
        (T.WORK_RESULT, HOUSEHOLD, False),
    ],
)
def test_low_pay_of_civil_agreements_is_a_warning(kind, employer, warned):
    cheap = replace(SORTING, pay_fen=19_199)
    assert severity_of("A03", kind, cheap, employer) is (WARN if warned else None)
    assert severity_of("A03", kind, replace(cheap, pay_fen=19_200), employer) is None


@pytest.mark.parametrize("kind", list(T))
def test_piece_pay_without_an_output_is_questioned_in_every_type(kind):
    assert severity_of("W07", kind, terms_of("J15", output_per_hour_milli=None)) is WARN
    assert severity_of("W07", kind, terms_of("J15")) is None


@pytest.mark.parametrize(("end", "warned"), [("2026-12-31", False), ("2027-01-01", True), ("2027-01-31", True)])
def test_a_statutory_holiday_in_the_period_asks_for_its_pay(end, warned):
    terms = replace(EVENING, end_date=date.fromisoformat(end))
    assert severity_of("A10", T.PART_TIME, terms) is (WARN if warned else None)
    assert severity_of("A10", T.ONE_OFF_SERVICE, terms) is None
    for words in ("元旦上班按300%付", "法定节假日休息"):
        assert severity_of("A10", T.PART_TIME, terms, written=words) is None


def test_the_fixed_holidays_are_those_of_the_law():
    year = fixed_holidays(date(2027, 1, 1), date(2027, 12, 31))
    assert [(day.month, day.day) for day, _ in year] == [(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)]
    assert fixed_holidays(date(2026, 12, 2), date(2026, 12, 1)) == []


def test_outdoor_work_in_summer_asks_units_for_measures_against_heat():
    summer = replace(SORTING, trade="B03", start_date=date(2027, 7, 1), end_date=date(2027, 7, 2))
    assert severity_of("W11", T.ONE_OFF_SERVICE, summer) is WARN
    assert severity_of("W11", T.ONE_OFF_SERVICE, summer, HOUSEHOLD) is None
    assert severity_of("W11", T.ONE_OFF_SERVICE, replace(summer, heat_measures="中午休息")) is None


def test_night_work_is_blocked_for_minors_and_for_women_who_say_so():
    night = terms_of("J14", trade="C03", certificates=[])
    assert severity_of("A21", T.FIXED_TERM, night, standing=MINOR) is BLOCK
    assert severity_of("A11", T.FIXED_TERM, night, gender="F") is WARN
    assert severity_of("A11", T.FIXED_TERM, night, gender="F", no_night_work=True) is BLOCK
    assert severity_of("A11", T.FIXED_TERM, night, gender="M") is None
    assert severity_of("A11", T.FIXED_TERM, SORTING, gender="F", no_night_work=True) is None


def test_over_age_work_warns_of_hazards_and_overtime():
    """T05: S10, J17."""
    loading = terms_of("J17")
    assert "负重" in hits_of(T.OVER_AGE, loading, standing=OVER)["A12"].message
    assert severity_of("A12", T.OVER_AGE, terms_of("J10", trade="F05"), standing=OVER) is None
    long = replace(loading, break_minutes=0)
    assert severity_of("A13", T.OVER_AGE, long, standing=OVER) is WARN
    assert severity_of("A13", T.OVER_AGE, loading, standing=OVER) is None
    assert severity_of("W08", T.OVER_AGE, replace(loading, end_time=loading.start_time), standing=OVER) is BLOCK


@pytest.mark.parametrize("kind", [T.ONE_OFF_SERVICE, T.PART_TIME, T.FIXED_TERM, T.FIXED_TASK, T.KEY_POINTS, T.DOMESTIC])
def test_a_unit_signs_with_somebody_over_age_only_the_over_age_agreement(kind):
    with pytest.raises(RuleBroken, match="超龄用工协议"):
        check_agreement(kind, SORTING, UNIT, OVER, parameters=LIMITS)
    assert "A22" not in hits_of(T.OVER_AGE, SORTING, standing=OVER)


def test_a_household_and_somebody_over_age_sign_as_anybody():
    assert check_agreement(T.ONE_OFF_SERVICE, terms_of("J05"), HOUSEHOLD, OVER, parameters=LIMITS) == []


@pytest.mark.parametrize(
    ("standing", "refused"),
    [(NORMAL, True), (MINOR, True), (AgeStanding.MAYBE_OVER_AGE, False), (OVER, False)],
)
def test_the_over_age_agreement_is_for_people_over_age(standing, refused):
    assert ("A25" in hits_of(T.OVER_AGE, EVENING, standing=standing)) is refused


def test_a_pension_not_asked_about_is_a_warning_for_units():
    assert severity_of("A05", T.PART_TIME, EVENING, standing=AgeStanding.MAYBE_OVER_AGE) is WARN
    assert severity_of("A05", T.ONE_OFF_SERVICE, EVENING, HOUSEHOLD, AgeStanding.MAYBE_OVER_AGE) is None


def test_minors_sign_with_their_guardian_a_unit_registers_them_and_closed_work_is_refused():
    hits = hits_of(T.PART_TIME, EVENING, standing=MINOR)
    assert {"A04", "A08", "A09"} <= set(hits)
    assert "登记" in hits["A08"].message
    assert "A08" not in hits_of(T.ONE_OFF_SERVICE, EVENING, HOUSEHOLD, MINOR)
    with pytest.raises(RuleBroken, match="特种设备"):
        check_agreement(T.FIXED_TERM, terms_of("J14"), UNIT, MINOR, parameters=LIMITS)
    for kind in T:
        with pytest.raises(RuleBroken, match="未满16周岁"):
            check_agreement(kind, EVENING, UNIT, AgeStanding.UNDER_16, parameters=LIMITS)


@pytest.mark.parametrize("kind", list(T))
def test_platform_work_has_its_own_paper(kind):
    riding = terms_of("J02", trade="E03")
    assert ("A23" in hits_of(kind, riding)) is (kind not in {T.PLATFORM_WRITTEN, T.FIXED_TERM})


@pytest.mark.parametrize("kind", list(T))
def test_a_household_signs_no_labour_contract(kind):
    wrong = kind in {T.PART_TIME, T.FIXED_TERM, T.FIXED_TASK, T.OVER_AGE, T.SHARED_LABOUR_3P, T.PLATFORM_WRITTEN}
    assert ("A24" in hits_of(kind, SORTING, HOUSEHOLD)) is wrong
    assert "A24" not in hits_of(kind, SORTING, UNIT)


def test_a_unit_is_told_about_labour_relations_where_no_labour_contract_is_signed():
    assert hits_of(T.ONE_OFF_SERVICE, SORTING)["A01"].message == LABOUR_WARNING
    assert "承揽协议" in hits_of(T.WORK_RESULT, SORTING)["A01"].message
    for kind in (T.PART_TIME, T.FIXED_TERM, T.OVER_AGE, T.SHARED_LABOUR_3P):
        assert "A01" not in hits_of(kind, SORTING)
    assert "A01" not in hits_of(T.ONE_OFF_SERVICE, SORTING, HOUSEHOLD)
    assert "A02" in hits_of(T.ONE_OFF_SERVICE, replace(SORTING, end_date=date(2026, 12, 6)))
    assert "A02" not in hits_of(T.ONE_OFF_SERVICE, SORTING)
    assert "A06" in hits_of(T.ONE_OFF_SERVICE, terms_of("J06"))
    assert "A07" in hits_of(T.ONE_OFF_SERVICE, EVENING)


def test_work_injury_insurance_is_asked_for_where_the_unit_must_have_it():
    private = replace(EVENING, insurance=InsuranceState.VOLUNTARY)
    assert severity_of("A14", T.PART_TIME, private) is WARN
    assert severity_of("A14", T.OVER_AGE, private, standing=OVER) is WARN
    assert severity_of("A14", T.ONE_OFF_SERVICE, private) is None
    assert severity_of("A14", T.PART_TIME, EVENING) is None


def test_a_sound_part_time_contract_has_nothing_to_answer():
    assert check_agreement(T.PART_TIME, EVENING, UNIT, NORMAL, parameters=LIMITS) == []


def test_what_blocks_stops_printing_with_every_sentence_at_its_field():
    hits = check_agreement(T.PART_TIME, replace(terms_of("J10", settle_cycle="MONTHLY"), pay_fen=2000), UNIT, NORMAL, parameters=LIMITS)
    with pytest.raises(RulesBroken) as refused:
        refuse_blocked(hits)
    assert {broken.field for broken in refused.value.broken} == {"unit_price", "settle_cycle"}
    refuse_blocked(hit for hit in hits if hit.severity is WARN)


@pytest.mark.parametrize("kind", list(T))
@pytest.mark.parametrize("standing", list(AgeStanding))
@pytest.mark.parametrize("employer", list(EmployerKind))
@pytest.mark.parametrize("post", ["J01", "J02", "J06", "J10", "J14", "J15", "J17", "J18"])
def test_every_hit_says_what_is_wrong_why_and_what_to_do(kind, standing, employer, post):
    terms = terms_of(post, end_date="2027-07-10")
    for hit in agreement_hits(kind, terms, employer, standing, parameters=LIMITS, gender="F"):
        assert hit.message.endswith("。"), hit
        assert hit.advice.endswith("。"), hit
        assert basis_text(hit.basis), hit
        assert hit.field, hit
        if hit.rule in WRONG_PAPER:
            assert hit.severity is BLOCK
