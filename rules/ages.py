"""Ages: under 16 never works, 16 and 17 work under protection, and where the retirement age begins."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rules.codes import PensionStatus


class AgeStanding(StrEnum):
    """What the law makes of a person's age on a working day (domain reference 4.3)."""

    UNDER_16 = "UNDER_16"
    JUVENILE = "JUVENILE"
    NORMAL = "NORMAL"
    MAYBE_OVER_AGE = "MAYBE_OVER_AGE"
    OVER_AGE = "OVER_AGE"


class RetirementCategory(StrEnum):
    """Whom the gradual delay of the retirement age treats alike: men, women of 55, women of 50."""

    MALE = "MALE"
    F55 = "F55"
    F50 = "F50"


@dataclass(frozen=True, slots=True)
class _Delay:
    base_years: int
    step_months: int
    cap_months: int
    first_birth_year: int


# Decision on gradually raising the retirement age, in force since 2025-01-01.
_DELAYS = {
    RetirementCategory.MALE: _Delay(60, 4, 36, 1965),
    RetirementCategory.F55: _Delay(55, 4, 36, 1970),
    RetirementCategory.F50: _Delay(50, 2, 60, 1975),
}

_BANDS = ((16, 17), (18, 24), (25, 34), (35, 44), (45, 54), (55, 59))


@dataclass(frozen=True, slots=True)
class Retirement:
    """A statutory retirement age, in months, and the calendar month in which it is reached."""

    delay_months: int
    age_months: int
    year: int
    month: int

    @property
    def age_text(self) -> str:
        """The age in words: "50岁2个月", "63岁"."""
        years, months = divmod(self.age_months, 12)
        return f"{years}岁{months}个月" if months else f"{years}岁"


def age_on(birth: date, day: date) -> int:
    """Completed years on `day`. Who is born on 29 February completes a year on 1 March of a common year."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def retirement(category: RetirementCategory, birth: date) -> Retirement:
    """The statutory retirement age of somebody born in that month (gradual delay since 2025-01-01)."""
    rule = _DELAYS[category]
    months_after_start = (birth.year - rule.first_birth_year) * 12 + birth.month - 1
    delay = 0 if months_after_start < 0 else min(rule.cap_months, months_after_start // rule.step_months + 1)
    age_months = rule.base_years * 12 + delay
    year, month = divmod(birth.year * 12 + birth.month - 1 + age_months, 12)
    return Retirement(delay, age_months, year, month + 1)


def retirement_day(category: RetirementCategory, birth: date) -> date:
    """The day the retirement age is reached: the day of birth in the retirement month, or that month's last day."""
    reached = retirement(category, birth)
    return date(reached.year, reached.month, min(birth.day, monthrange(reached.year, reached.month)[1]))


def age_standing(
    birth: date,
    gender: str | None,
    day: date,
    pension: PensionStatus | None = None,
    *,
    child_age: int = 16,
    juvenile_age: int = 18,
) -> AgeStanding:
    """How the law treats the person on `day`, the day the work starts.

    `gender` is "M", "F" or None (not on the document). `pension` is the answer to "是否已领取养老金/已办理退休？":
    YES is over age at any age, DELAYED is ordinary labour law (over-age provisions arts. 2 and 23). A woman between
    the retirement ages of 50 and 55, whose post type the system cannot know, is MAYBE_OVER_AGE until she has answered
    NO; the same from 50 to the age of men where the gender is not known. `child_age` and `juvenile_age` are the
    effective-dated parameters (Labour Law arts. 15 and 58; the defaults are their values).
    """
    retires = retirement_days(birth, gender)
    return standing_on(day, birth, retires, pension, child_age=child_age, juvenile_age=juvenile_age)


def retirement_days(birth: date, gender: str | None) -> tuple[date, date]:
    """The first and the last day on which the retirement age may be reached; the same day twice where only one is possible."""
    earliest = RetirementCategory.MALE if gender == "M" else RetirementCategory.F50
    latest = RetirementCategory.F55 if gender == "F" else RetirementCategory.MALE
    return retirement_day(earliest, birth), retirement_day(latest, birth)


def standing_on(
    day: date,
    birth: date,
    retires: tuple[date, date],
    pension: PensionStatus | None = None,
    *,
    child_age: int = 16,
    juvenile_age: int = 18,
) -> AgeStanding:
    """How the law treats the person on `day`, from `retirement_days` instead of the gender; the rest as for `age_standing`."""
    age = age_on(birth, day)
    if age < child_age:
        return AgeStanding.UNDER_16
    if age < juvenile_age:
        return AgeStanding.JUVENILE
    if pension is PensionStatus.YES:
        return AgeStanding.OVER_AGE
    if pension is PensionStatus.DELAYED or day < retires[0]:
        return AgeStanding.NORMAL
    if day >= retires[1]:
        return AgeStanding.OVER_AGE
    return AgeStanding.NORMAL if pension is PensionStatus.NO else AgeStanding.MAYBE_OVER_AGE


def age_band(birth: date, day: date) -> str:
    """The age as a band that identifies nobody (domain reference 8.4, 10.3): "45–54岁"."""
    age = age_on(birth, day)
    if age < _BANDS[0][0]:
        return f"未满{_BANDS[0][0]}岁"
    for low, high in _BANDS:
        if age <= high:
            return f"{low}–{high}岁"
    return f"{_BANDS[-1][1] + 1}岁及以上"
