"""Ages on the day the work starts, and the retirement age by month of birth."""

from datetime import date

import pytest

from rules.ages import AgeStanding, RetirementCategory, age_band, age_on, age_standing, retirement, retirement_day
from rules.codes import PensionStatus

VECTORS = [
    ("MALE", 1964, 12, 0, 60, 0, 2024, 12),
    ("MALE", 1965, 1, 1, 60, 1, 2025, 2),
    ("MALE", 1965, 4, 1, 60, 1, 2025, 5),
    ("MALE", 1965, 5, 2, 60, 2, 2025, 7),
    ("MALE", 1970, 1, 16, 61, 4, 2031, 5),
    ("MALE", 1976, 8, 35, 62, 11, 2039, 7),
    ("MALE", 1976, 9, 36, 63, 0, 2039, 9),
    ("F55", 1969, 12, 0, 55, 0, 2024, 12),
    ("F55", 1971, 4, 4, 55, 4, 2026, 8),
    ("F55", 1981, 9, 36, 58, 0, 2039, 9),
    ("F50", 1974, 12, 0, 50, 0, 2024, 12),
    ("F50", 1975, 1, 1, 50, 1, 2025, 2),
    ("F50", 1975, 3, 2, 50, 2, 2025, 5),  # T26
    ("F50", 1979, 7, 28, 52, 4, 2031, 11),
    ("F50", 1984, 11, 60, 55, 0, 2039, 11),
]


@pytest.mark.parametrize(("category", "year", "month", "delay", "years", "months", "to_year", "to_month"), VECTORS)
def test_the_retirement_age_rises_by_month_of_birth(category, year, month, delay, years, months, to_year, to_month):
    reached = retirement(RetirementCategory(category), date(year, month, 15))
    assert (reached.delay_months, divmod(reached.age_months, 12)) == (delay, (years, months))
    assert (reached.year, reached.month) == (to_year, to_month)


@pytest.mark.parametrize("category", list(RetirementCategory))
def test_the_delay_stops_at_its_cap(category):
    young, younger = (retirement(category, date(year, 6, 1)) for year in (1995, 2005))
    assert young.delay_months == younger.delay_months == (60 if category is RetirementCategory.F50 else 36)


def test_the_retirement_age_is_told_in_words():
    assert retirement(RetirementCategory.F50, date(1975, 3, 1)).age_text == "50岁2个月"
    assert retirement(RetirementCategory.MALE, date(1976, 9, 1)).age_text == "63岁"


def test_the_day_of_retirement_exists_in_a_short_month():
    assert retirement_day(RetirementCategory.MALE, date(1965, 1, 31)) == date(2025, 2, 28)
    assert retirement_day(RetirementCategory.MALE, date(1965, 1, 15)) == date(2025, 2, 15)


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (date(2009, 11, 5), date(2025, 11, 4), 15),
        (date(2009, 11, 5), date(2025, 11, 5), 16),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 2, 29), date(2028, 2, 29), 20),
        (date(2026, 1, 1), date(2026, 1, 1), 0),
    ],
)
def test_an_age_is_counted_in_completed_years(birth, day, age):
    assert age_on(birth, day) == age


DAY = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("birth", "gender", "pension", "standing"),
    [
        (date(2010, 12, 2), "M", None, AgeStanding.UNDER_16),
        (date(2010, 12, 1), "M", None, AgeStanding.JUVENILE),
        (date(2008, 12, 2), "F", None, AgeStanding.JUVENILE),
        (date(2008, 12, 1), "F", None, AgeStanding.NORMAL),
        (date(1990, 1, 1), None, None, AgeStanding.NORMAL),
        # Men born in 1966-05 retire at 60 years and 5 months, in 2026-10.
        (date(1966, 5, 1), "M", None, AgeStanding.OVER_AGE),
        (date(1966, 8, 1), "M", None, AgeStanding.NORMAL),
        # Women between the two ages are asked.
        (date(1975, 3, 1), "F", None, AgeStanding.MAYBE_OVER_AGE),
        (date(1975, 3, 1), "F", PensionStatus.NO, AgeStanding.NORMAL),
        (date(1975, 3, 1), "F", PensionStatus.YES, AgeStanding.OVER_AGE),
        (date(1975, 3, 1), "F", PensionStatus.DELAYED, AgeStanding.NORMAL),
        (date(1968, 1, 1), "F", None, AgeStanding.OVER_AGE),
        (date(1968, 1, 1), "F", PensionStatus.NO, AgeStanding.OVER_AGE),
        (date(1968, 1, 1), "F", PensionStatus.DELAYED, AgeStanding.NORMAL),
        # Early retirement is over age at any age, but never before 18.
        (date(1980, 1, 1), "M", PensionStatus.YES, AgeStanding.OVER_AGE),
        (date(2009, 12, 1), "M", PensionStatus.YES, AgeStanding.JUVENILE),
        (date(2011, 12, 1), "M", PensionStatus.DELAYED, AgeStanding.UNDER_16),
        # A passport tells no gender: asked from 50 to the age of men.
        (date(1968, 1, 1), None, None, AgeStanding.MAYBE_OVER_AGE),
        (date(1960, 1, 1), None, None, AgeStanding.OVER_AGE),
    ],
)
def test_how_the_law_treats_a_person_on_the_working_day(birth, gender, pension, standing):
    assert age_standing(birth, gender, DAY, pension) is standing


def test_the_standing_changes_on_the_very_day():
    birth = date(1965, 5, 20)
    assert age_standing(birth, "M", date(2025, 7, 19)) is AgeStanding.NORMAL
    assert age_standing(birth, "M", date(2025, 7, 20)) is AgeStanding.OVER_AGE


def test_the_ages_of_the_law_are_parameters():
    birth = date(2009, 12, 1)
    assert age_standing(birth, "M", DAY, child_age=18) is AgeStanding.UNDER_16
    assert age_standing(birth, "M", DAY, juvenile_age=17) is AgeStanding.NORMAL


@pytest.mark.parametrize(
    ("age", "band"),
    [
        (15, "未满16岁"),
        (16, "16–17岁"),
        (17, "16–17岁"),
        (18, "18–24岁"),
        (34, "25–34岁"),
        (48, "45–54岁"),
        (59, "55–59岁"),
        (60, "60岁及以上"),
        (99, "60岁及以上"),
    ],
)
def test_a_band_hides_the_age(age, band):
    assert age_band(date(DAY.year - age, 1, 1), DAY) == band
