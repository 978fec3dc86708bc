"""The local wage guide: enough cases, enough people, nothing unlawful, and how an offer stands to it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.wages import LEAST_CASES, WageGuide, WageGuides, difference_text, guide_of, usual_text, year_before

MINIMUM = 2400


def test_median_and_middle_half_are_values_somebody_was_paid():
    guide = guide_of("C02", {2400: 1, 2500: 1, 2750: 1, 3000: 1, 9000: 1}, 5, MINIMUM)
    assert guide == WageGuide("C02", 5, 2500, 2750, 3000)
    assert guide.range_text == "25–30元"


def test_the_same_pay_everywhere_is_one_figure():
    guide = guide_of("C02", {2750: 7}, 6, MINIMUM)
    assert guide is not None
    assert guide.range_text == "27.5元"


@pytest.mark.parametrize(("cases", "people"), [({2750: 4}, 4), ({2750: 9}, 4), ({2300: 9, 2750: 4}, 13), ({}, 0)])
def test_too_few_works_or_people_show_nothing(cases, people):
    assert guide_of("C02", cases, people, MINIMUM) is None


@given(st.dictionaries(st.integers(0, 20_000), st.integers(1, 40), max_size=30), st.integers(0, 200))
def test_a_guide_is_in_order_lawful_and_of_enough_works(cases, people):
    guide = guide_of("C02", cases, people, MINIMUM)
    if guide is None:
        return
    assert MINIMUM <= guide.low <= guide.median <= guide.high
    assert guide.cases == sum(count for fen, count in cases.items() if fen >= MINIMUM) >= LEAST_CASES
    assert people >= 5
    assert guide.high <= max(cases) + 5


def test_rounding_never_goes_below_the_minimum_wage():
    guide = guide_of("C02", {2404: 9}, 9, 2404)
    assert guide is not None
    assert guide.low == 2404


HALF = WageGuide("C02", 17, 2000, 2500, 3000)


@pytest.mark.parametrize(
    ("hourly", "words"),
    [(2000, "低于本站中位数20%"), (3000, "高于本站中位数20%"), (2500, "和本站中位数差不多"), (2510, "和本站中位数差不多"), (None, "")],
)
def test_an_offer_is_compared_with_the_median_and_says_on_what_it_rests(hourly, words):
    said = difference_text(hourly, (HALF, "本站"))
    assert said.startswith(words)
    if words:
        assert "本站近12个月17例，中位数每小时25元，一半在20–30元" in said
    assert difference_text(hourly, None) == ""


def test_the_station_comes_before_the_district():
    guides = WageGuides({"C02": HALF}, {(7, "C02"): WageGuide("C02", 5, 2100, 2200, 2300)})
    assert "本站近12个月5例" in usual_text(guides.nearest("C02", 7))
    assert "全区近12个月17例" in usual_text(guides.nearest("C02", 8))
    assert usual_text(guides.nearest("B01", 7)) == ""


def test_a_screen_shows_the_trades_with_most_cases():
    more = WageGuide("B01", 30, 2000, 2500, 3000)
    assert WageGuides({"C02": HALF, "B01": more}).busiest(1) == [more]


def test_a_year_before_a_leap_day():
    assert year_before(date(2028, 2, 29)) == date(2027, 2, 28)
    assert year_before(date(2026, 12, 1)) == date(2025, 12, 1)
