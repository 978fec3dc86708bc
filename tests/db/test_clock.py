"""The clock: aware moments, the calendar of China, and a moment that can be held still."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest

from db.clock import CHINA, at, now, today


def test_now_is_this_moment_in_utc():
    assert abs(now() - datetime.now(UTC)) < timedelta(seconds=2)
    assert now().utcoffset() == timedelta(0)


@pytest.mark.parametrize(("hour", "day"), [(15, 1), (16, 2)])
def test_the_day_changes_at_midnight_in_china(hour, day):
    with at(datetime(2026, 12, 1, hour, 0, tzinfo=UTC)):
        assert today() == date(2026, 12, day)


async def test_the_moment_holds_for_the_tasks_started_inside_and_ends_with_the_block():
    moment = datetime(2026, 12, 1, 9, 0, tzinfo=CHINA)

    async def ask() -> datetime:
        return now()

    with at(moment):
        assert await asyncio.create_task(ask()) == moment
        with at(moment + timedelta(days=1)):
            assert now() == moment + timedelta(days=1)
        assert now() == moment
    assert abs(now() - datetime.now(UTC)) < timedelta(seconds=2)


@pytest.fixture
async def morning():
    with at(datetime(2026, 12, 1, 9, 0, tzinfo=CHINA)):
        yield


async def test_a_fixture_can_hold_the_moment_for_a_test(morning):
    assert today() == date(2026, 12, 1)


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="aware"), at(datetime(2026, 12, 1)):
        pass
