"""What time it is, asked in one place, so that the demonstration week and the tests can stand in another one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")

_moment: ContextVar[datetime | None] = ContextVar("clock_moment", default=None)


def now() -> datetime:
    """This moment as an aware UTC datetime, or the moment set by `at`."""
    return _moment.get() or datetime.now(UTC)


def today() -> date:
    """The calendar date on the wall in China, whatever time zone the server keeps."""
    return now().astimezone(CHINA).date()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Inside the block, in this task and the tasks it starts, `now()` is `moment` (aware) and stands still.

    ValueError: a naive datetime, because it would mean another moment on every server.
    """
    if moment.tzinfo is None:
        raise ValueError("the clock needs an aware datetime")
    token = _moment.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _moment.reset(token)
