"""When work happens: one shift, many days of it, and whether two engagements get in each other's way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta

from rules.terms import JobTerms

_DAY = 24 * 60
_NIGHT_START, _NIGHT_END = 22 * 60, 6 * 60


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _shared(first: tuple[int, int], second: tuple[int, int]) -> int:
    return max(0, min(first[1], second[1]) - max(first[0], second[0]))


@dataclass(frozen=True, slots=True)
class Shift:
    """The hours of one working day. An end before or equal to the start is on the next day (equal: 24 hours)."""

    start: time
    end: time
    break_minutes: int = 0

    @property
    def crosses_midnight(self) -> bool:
        """Whether the shift ends on the next calendar day (also exactly at midnight)."""
        return self.end <= self.start

    @property
    def length_minutes(self) -> int:
        """Minutes from start to end, the break included."""
        return _minute(self.end) - _minute(self.start) + (_DAY if self.crosses_midnight else 0)

    @property
    def paid_minutes(self) -> int:
        """Minutes from start to end without the break; never below zero."""
        return max(0, self.length_minutes - self.break_minutes)

    @property
    def night_minutes(self) -> int:
        """Minutes between 22:00 and 06:00, the break included."""
        nights = ((_NIGHT_START + day * _DAY, _NIGHT_END + (day + 1) * _DAY) for day in (-1, 0, 1))
        return sum(_shared(self.span, night) for night in nights)

    @property
    def span(self) -> tuple[int, int]:
        """Start and end in minutes since midnight of the first day; the end may be past 1440."""
        start = _minute(self.start)
        return start, start + self.length_minutes

    def label(self) -> str:
        """The hours as people read them: "08:00–17:30", "19:00–次日08:00", "16:00–24:00"."""
        if self.end == time(0):
            return f"{self.start:%H:%M}–24:00"
        return f"{self.start:%H:%M}–{'次日' if self.crosses_midnight else ''}{self.end:%H:%M}"


@dataclass(frozen=True, slots=True)
class Engagement:
    """Work on every day from the first to the last, each day in the same shift; no shift means the whole day."""

    start_date: date
    end_date: date
    shift: Shift | None


def days(start: date, end: date) -> int:
    """Calendar days from start to end, both counted; 0 when the end is before the start."""
    return max(0, (end - start).days + 1)


def overlaps(a: Engagement, b: Engagement) -> bool:
    """Whether one person could not do both: some minute belongs to both. Ending when the other starts is fine."""
    span_a = a.shift.span if a.shift else (0, _DAY)
    span_b = b.shift.span if b.shift else (0, _DAY)
    # A shift reaches at most into the next day, so only days next to each other can meet.
    return any(
        _shared(span_a, (span_b[0] + offset * _DAY, span_b[1] + offset * _DAY)) > 0 and _some_days_apart(a, b, timedelta(days=offset))
        for offset in (-1, 0, 1)
    )


def _some_days_apart(a: Engagement, b: Engagement, offset: timedelta) -> bool:
    # Compared by subtraction: adding a day to date.max would overflow.
    return b.start_date - a.end_date <= offset <= b.end_date - a.start_date


def shift_of(terms: JobTerms) -> Shift | None:
    """The daily shift of a job order; None while its hours are not given."""
    if terms.start_time is None or terms.end_time is None:
        return None
    return Shift(terms.start_time, terms.end_time, terms.break_minutes)


def engagement_of(terms: JobTerms) -> Engagement | None:
    """The days and hours of a job order; None without a start day. No last day means one day of work."""
    if terms.start_date is None:
        return None
    return Engagement(terms.start_date, terms.end_date or terms.start_date, shift_of(terms))


def working_days(terms: JobTerms) -> int:
    """Days of work from the first to the last day; with `weekly_days` the free days of each week are left out.

    0 without a start day or with the dates the wrong way round. No last day means one day of work.
    """
    if terms.start_date is None:
        return 0
    span = days(terms.start_date, terms.end_date or terms.start_date)
    if not 1 <= terms.weekly_days <= 6:
        return span
    weeks, rest = divmod(span, 7)
    return weeks * terms.weekly_days + min(rest, terms.weekly_days)
