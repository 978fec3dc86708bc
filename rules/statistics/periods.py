"""The periods of the statistics (日 周 月 季 半年 年): first and last day, what they are called, the ones before and after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from rules.codes import Labelled

_EARLIEST, _LATEST = date(2000, 1, 1), date(2099, 12, 31)


class PeriodKind(Labelled):
    """How long a period is. Weeks begin on Monday and are numbered as ISO 8601 does."""

    DAY = "day", "日"
    WEEK = "week", "周"
    MONTH = "month", "月"
    QUARTER = "quarter", "季"
    HALF = "half", "半年"
    YEAR = "year", "年"


_MONTHS = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.HALF: 6, PeriodKind.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Period:
    """Days that are counted together, both ends included."""

    kind: PeriodKind
    first: date
    last: date

    @property
    def label(self) -> str:
        """2026年第4季度, 2026年第48周（11月23日至11月29日）."""
        first = self.first
        match self.kind:
            case PeriodKind.DAY:
                return f"{first.year}年{first.month}月{first.day}日"
            case PeriodKind.WEEK:
                year, week, _ = first.isocalendar()
                return f"{year}年第{week}周（{first.month}月{first.day}日至{self.last.month}月{self.last.day}日）"
            case PeriodKind.MONTH:
                return f"{first.year}年{first.month}月"
            case PeriodKind.QUARTER:
                return f"{first.year}年第{(first.month + 2) // 3}季度"
            case PeriodKind.HALF:
                return f"{first.year}年{'上' if first.month == 1 else '下'}半年"
        return f"{first.year}年"

    @property
    def code(self) -> str:
        """As it stands in numbers of papers and file names: D261123, W26-48, M2611, Q26-4, H26-2, Y2026."""
        first = self.first
        match self.kind:
            case PeriodKind.DAY:
                return f"D{first:%y%m%d}"
            case PeriodKind.WEEK:
                year, week, _ = first.isocalendar()
                return f"W{year % 100:02d}-{week:02d}"
            case PeriodKind.MONTH:
                return f"M{first:%y%m}"
            case PeriodKind.QUARTER:
                return f"Q{first:%y}-{(first.month + 2) // 3}"
            case PeriodKind.HALF:
                return f"H{first:%y}-{1 if first.month == 1 else 2}"
        return f"Y{first.year}"

    @property
    def previous(self) -> Period:
        """The one before. The first one of all is its own."""
        return period_on(self.kind, max(self.first - timedelta(days=1), _EARLIEST))

    @property
    def next(self) -> Period:
        """The one after. The last one of all is its own."""
        return period_on(self.kind, min(self.last + timedelta(days=1), _LATEST))

    @property
    def months(self) -> tuple[date, ...]:
        """The first days of the months it touches."""
        found, month = [], self.first.replace(day=1)
        while month <= self.last:
            found.append(month)
            month = _later(month, 1)
        return tuple(found)


def period_on(kind: PeriodKind, day: date) -> Period:
    """The period of this kind in which `day` lies."""
    if kind is PeriodKind.DAY:
        return Period(kind, day, day)
    if kind is PeriodKind.WEEK:
        monday = day - timedelta(days=day.weekday())
        return Period(kind, monday, monday + timedelta(days=6))
    length = _MONTHS[kind]
    first = date(day.year, (day.month - 1) // length * length + 1, 1)
    return Period(kind, first, _later(first, length) - timedelta(days=1))


def day_typed(text: str, today: date) -> date:
    """The day typed as 2026-11-23 (or 2026-11, 2026); today for anything else, and for days nobody keeps records of."""
    try:
        day = date.fromisoformat({4: f"{text}-01-01", 7: f"{text}-01"}.get(len(text), text))
    except ValueError:
        return today
    return day if _EARLIEST <= day <= _LATEST else today


def _later(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1)
