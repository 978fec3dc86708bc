"""The local wage guide (本地工价参考, domain reference 8.2 平均报酬): what an hour of a trade really paid, from works that began.

Median and middle half (P25-P75) of the hourly pay of one year, only with enough cases and enough different people, and
nothing below the minimum wage in it: it shows what is usual, never one person, never what is unlawful.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from rules.codes import TRADES
from rules.money import yuan

LEAST_CASES = 5
"""Works of a trade below which nothing is shown [design, domain reference 8.2: ≥ 5, otherwise hidden]."""

LEAST_PEOPLE = 5
"""Different people these works must be of, so that a guide is never one person's pay [design]."""

MONTHS = 12
"""How far back works count [design]."""

_ROUNDED_TO = 10  # fen: people reckon in 角


@dataclass(frozen=True, slots=True)
class WageGuide:
    """What an hour of a trade pays, in fen rounded to 10: half of the works lie between `low` and `high`."""

    trade: str
    cases: int
    low: int
    median: int
    high: int

    @property
    def label(self) -> str:
        """The trade as people call it."""
        return TRADES[self.trade].label if self.trade in TRADES else self.trade

    @property
    def range_text(self) -> str:
        """20–26元, or 22元 when all pay the same."""
        return f"{yuan(self.low)}元" if self.low == self.high else f"{yuan(self.low)}–{yuan(self.high)}元"


@dataclass(frozen=True, slots=True)
class WageGuides:
    """The guides of a day: of the whole district by trade, and of each station by (station id, trade)."""

    district: Mapping[str, WageGuide] = field(default_factory=dict)
    stations: Mapping[tuple[int, str], WageGuide] = field(default_factory=dict)

    def busiest(self, most: int) -> list[WageGuide]:
        """The district's guides with the most cases, at most so many: what a screen has room for."""
        return sorted(self.district.values(), key=lambda guide: (-guide.cases, guide.trade))[:most]

    def nearest(self, trade: str, station_id: int | None) -> tuple[WageGuide, str] | None:
        """The station's guide for a trade when it has cases enough, else the district's, with whose it is (本站, 全区)."""
        if station_id is not None and (own := self.stations.get((station_id, trade))):
            return own, "本站"
        whole = self.district.get(trade)
        return (whole, "全区") if whole else None


def year_before(day: date) -> date:
    """The first day of the twelve months that end on `day`."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=28)


def guide_of(trade: str, cases: Mapping[int, int], people: int, minimum_fen: int) -> WageGuide | None:
    """The guide out of hourly pay in fen → works. None with too few works at or above the minimum wage, or too few people.

    Ranks are the nearest one (no value is shown that nobody was paid), then rounded to 角.
    """
    lawful = sorted((fen, count) for fen, count in cases.items() if fen >= minimum_fen and count > 0)
    total = sum(count for _, count in lawful)
    if total < LEAST_CASES or people < LEAST_PEOPLE:
        return None
    low, median, high = (_rounded(_at_rank(lawful, -(-total * share // 4)), minimum_fen) for share in (1, 2, 3))
    return WageGuide(trade, total, low, median, high)


def _at_rank(pairs: Iterable[tuple[int, int]], rank: int) -> int:
    passed, value = 0, 0
    for value, count in pairs:
        passed += count
        if passed >= rank:
            return value
    return value


def _rounded(fen: int, minimum_fen: int) -> int:
    nearest = (fen + _ROUNDED_TO // 2) // _ROUNDED_TO * _ROUNDED_TO
    return nearest if nearest >= minimum_fen else fen  # rounding never goes below the minimum wage


def usual_text(found: tuple[WageGuide, str] | None) -> str:
    """What is usual, before anything is offered; "" where there are too few cases."""
    if found is None:
        return ""
    guide, whose = found
    return f"{whose}近{MONTHS}个月{guide.cases}例，中位数每小时{yuan(guide.median)}元，一半在{guide.range_text}"


def difference_text(hourly_fen: int | None, found: tuple[WageGuide, str] | None) -> str:
    """How an offer stands to what is usual, as the form says it: "低于本站中位数20%（…）"; "" where nothing can be compared."""
    if not hourly_fen or found is None:
        return ""
    guide, whose = found
    basis = f"（{usual_text(found)}）"
    percent = abs(guide.median - hourly_fen) * 100 // guide.median
    if percent == 0:
        return f"和{whose}中位数差不多{basis}"
    return f"{'低于' if hourly_fen < guide.median else '高于'}{whose}中位数{percent}%{basis}"
