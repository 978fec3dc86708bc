"""Shifts, also over midnight, and engagements that get in each other's way."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.schedule import Engagement, Shift, days, engagement_of, overlaps, shift_of, working_days
from rules.terms import JobTerms

DAY = date(2026, 12, 1)


def at(text: str) -> time:
    return time.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "end", "pause", "crosses", "length", "paid", "night", "label"),
    [
        ("08:00", "17:30", 90, False, 570, 480, 0, "08:00–17:30"),
        ("19:00", "08:00", 60, True, 780, 720, 480, "19:00–次日08:00"),
        ("20:00", "04:00", 0, True, 480, 480, 360, "20:00–次日04:00"),
        ("19:30", "23:00", 0, False, 210, 210, 60, "19:30–23:00"),
        ("16:00", "00:00", 0, True, 480, 480, 120, "16:00–24:00"),
        ("05:00", "09:00", 0, False, 240, 240, 60, "05:00–09:00"),
        ("00:00", "06:00", 0, False, 360, 360, 360, "00:00–06:00"),
        ("08:00", "08:00", 0, True, 1440, 1440, 480, "08:00–次日08:00"),
        ("23:00", "22:30", 0, True, 1410, 1410, 450, "23:00–次日22:30"),
        ("09:00", "10:00", 90, False, 60, 0, 0, "09:00–10:00"),
    ],
)
def test_a_shift_knows_its_minutes(start, end, pause, crosses, length, paid, night, label):
    shift = Shift(at(start), at(end), pause)
    assert shift.crosses_midnight is crosses
    assert (shift.length_minutes, shift.paid_minutes, shift.night_minutes) == (length, paid, night)
    assert shift.label() == label


times = st.integers(0, 24 * 60 - 1).map(lambda minute: time(*divmod(minute, 60)))


@given(times, times)
def test_night_minutes_are_the_minutes_between_ten_and_six(start, end):
    shift = Shift(start, end)
    first = datetime.combine(DAY, start)
    minutes = (first + timedelta(minutes=m) for m in range(shift.length_minutes))
    assert shift.night_minutes == sum(1 for m in minutes if m.hour >= 22 or m.hour < 6)


def test_days_are_counted_with_both_ends():
    assert days(DAY, DAY) == 1
    assert days(DAY, date(2026, 12, 10)) == 10
    assert days(DAY, date(2026, 11, 30)) == 0


def engagement(start: int, end: int, shift: str | None) -> Engagement:
    hours = Shift(at(shift[:5]), at(shift[6:])) if shift else None
    return Engagement(date(2026, 12, start), date(2026, 12, end), hours)


@pytest.mark.parametrize(
    ("a", "b", "meet"),
    [
        ((1, 1, "08:00-12:00"), (1, 1, "12:00-18:00"), False),
        ((1, 1, "08:00-12:00"), (1, 1, "11:59-18:00"), True),
        ((1, 3, "08:00-12:00"), (4, 6, "08:00-12:00"), False),
        ((1, 3, "08:00-12:00"), (3, 6, "08:00-12:00"), True),
        ((1, 5, "08:00-12:00"), (1, 5, "14:00-18:00"), False),
        ((1, 1, "20:00-04:00"), (2, 2, "03:00-09:00"), True),
        ((1, 1, "20:00-04:00"), (2, 2, "04:00-09:00"), False),
        ((1, 1, "20:00-04:00"), (1, 1, "03:00-09:00"), False),
        ((1, 3, "20:00-04:00"), (1, 3, "03:00-09:00"), True),
        ((1, 1, None), (1, 1, "23:00-23:30"), True),
        ((2, 2, None), (1, 1, "20:00-04:00"), True),
        ((1, 1, None), (2, 2, "00:00-08:00"), False),
        ((1, 31, None), (5, 5, None), True),
        ((1, 1, None), (2, 2, None), False),
        ((1, 1, "08:00-08:00"), (2, 2, "07:00-09:00"), True),
    ],
)
def test_two_engagements_meet_only_when_a_minute_is_shared(a, b, meet):
    assert overlaps(engagement(*a), engagement(*b)) is meet
    assert overlaps(engagement(*b), engagement(*a)) is meet


engagements = st.builds(
    lambda start, length, shift: Engagement(DAY + timedelta(start), DAY + timedelta(start + length), shift),
    st.integers(0, 4),
    st.integers(0, 3),
    st.none() | st.builds(Shift, times, times),
)


def spans(work: Engagement) -> list[tuple[datetime, datetime]]:
    found = []
    for offset in range(days(work.start_date, work.end_date)):
        midnight = datetime.combine(work.start_date + timedelta(offset), time())
        start, end = work.shift.span if work.shift else (0, 1440)
        found.append((midnight + timedelta(minutes=start), midnight + timedelta(minutes=end)))
    return found


@given(engagements, engagements)
def test_overlapping_agrees_with_comparing_every_day(a, b):
    assert overlaps(a, b) == any(x[0] < y[1] and y[0] < x[1] for x in spans(a) for y in spans(b))


def test_very_long_engagements_are_compared_at_once():
    forever = Engagement(date.min, date.max, None)
    assert overlaps(forever, forever)
    assert overlaps(forever, engagement(1, 1, "08:00-12:00"))


def test_a_job_order_gives_its_shift_and_engagement():
    terms = JobTerms(start_date=DAY, start_time=at("08:00"), end_time=at("17:30"), break_minutes=90)
    assert shift_of(terms) == Shift(at("08:00"), at("17:30"), 90)
    assert engagement_of(terms) == Engagement(DAY, DAY, shift_of(terms))
    assert shift_of(JobTerms(start_time=at("08:00"))) is None
    assert engagement_of(JobTerms()) is None


@pytest.mark.parametrize(
    ("end", "weekly", "worked"),
    [(None, 0, 1), (1, 0, 1), (10, 0, 10), (10, 7, 10), (14, 5, 10), (10, 5, 8), (13, 5, 10), (3, 6, 3)],
)
def test_free_days_of_the_week_are_no_working_days(end, weekly, worked):
    last = date(2026, 12, end) if end else None
    assert working_days(JobTerms(start_date=DAY, end_date=last, weekly_days=weekly)) == worked


def test_dates_the_wrong_way_round_are_no_days():
    assert working_days(JobTerms(start_date=DAY, end_date=date(2026, 11, 1))) == 0
    assert working_days(JobTerms()) == 0
