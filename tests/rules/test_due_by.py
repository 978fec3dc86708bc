"""The pace a station needs to reach its yearly target."""

from datetime import date

import pytest

from rules.placements import annual_target, due_by

LONG_OPEN = date(2024, 5, 1)


def test_what_is_due_grows_day_by_day():
    assert due_by(500, LONG_OPEN, date(2026, 1, 1)) == 2
    assert due_by(500, LONG_OPEN, date(2026, 12, 1)) == 459


def test_nothing_is_due_before_the_station_opens():
    assert due_by(500, date(2026, 7, 1), date(2026, 6, 30)) == 0
    assert due_by(500, date(2026, 7, 1), date(2026, 7, 1)) == 2


@pytest.mark.parametrize("opened_on", [LONG_OPEN, date(2026, 1, 1), date(2026, 7, 2), date(2026, 12, 31), date(2027, 1, 1)])
def test_on_the_last_day_all_of_it_is_due(opened_on):
    assert due_by(500, opened_on, date(2026, 12, 31)) == annual_target(500, opened_on, 2026)
