"""Tables 9 to 12: ranking, the year's target, quality of the record, sharing labour."""

from __future__ import annotations

from datetime import date

from db.queries.statistics.facts import Asked, By, Counted, Fact, month_of
from db.queries.statistics.sources import (
    ACTIVITIES,
    CALLED,
    CALLS_DUE,
    CORRECTIONS,
    JOBS_NOW,
    JOURNAL,
    LATE_ENTRY,
    PLACED,
    PLACEMENTS,
    RATED,
    REVIEWS,
    SATISFIED,
    SUPPLIED,
)
from db.tables.referrals import Placement
from rules.codes import ActivityKind, JobState
from rules.publication import STALE_AFTER

_SHARED = f"h.kind = '{ActivityKind.SHARED_LABOUR.value}'"
REJECTED = Fact(REVIEWS, "w.decision = 'REJECTED'")
CORRECTED = Fact(CORRECTIONS)
LATE = Fact(JOURNAL, f"y.{LATE_ENTRY}")


def _open(asked: Asked) -> str:
    day = asked.day.isoformat()
    return f"j.state = '{JobState.PUBLISHED.value}' AND j.valid_to >= '{day}' AND (j.end_date IS NULL OR j.end_date >= '{day}')"


def _stale(asked: Asked) -> str:
    return f"{_open(asked)} AND (j.verified_on IS NULL OR j.verified_on < '{_before(asked.day, STALE_AFTER)}')"


def _before(day: date, days: int) -> str:
    return date.fromordinal(day.toordinal() - days).isoformat()


_MONTH = By(month_of("p.started_on", timed=False), within="day")

COUNTED: dict[str, dict[str, Counted]] = {
    "ranking": {
        "placed": Counted(PLACED),
        "due": Counted(CALLS_DUE),
        "called": Counted(CALLED),
        "ratings": Counted(RATED),
        "satisfied": Counted(SATISFIED),
    },
    "target": {"placed": Counted(PLACED)},
    "target_months": {"placed": Counted(PLACED, _MONTH)},
    "quality": {
        "corrections": Counted(CORRECTED),
        "late": Counted(LATE),
        "returned": Counted(Fact(REVIEWS, "w.decision = 'RETURNED'")),
        "rejected": Counted(REJECTED),
        "open_posts": Counted(Fact(JOBS_NOW, _open)),
        "stale": Counted(Fact(JOBS_NOW, _stale)),
    },
    "reject_reasons": {"rejected": Counted(REJECTED, By("w.reason_code"))},
    "corrected_records": {"corrections": Counted(CORRECTED, By("c.record"))},
    "sharing": {
        "rounds": Counted(Fact(ACTIVITIES, _SHARED)),
        "offered": Counted(Fact(ACTIVITIES, f"{_SHARED} AND h.offered > 0", "SUM(h.offered)")),
        "wanted": Counted(Fact(ACTIVITIES, f"{_SHARED} AND h.wanted > 0", "SUM(h.wanted)")),
        "matched": Counted(Fact(ACTIVITIES, f"{_SHARED} AND h.matched > 0", "SUM(h.matched)")),
        "taken": Counted(Fact(PLACEMENTS, "p.supplied_by IS NOT NULL")),
        "supplied": Counted(SUPPLIED),
    },
}


# Station by station, along the index of each: one count of them all would read every year.
_OF_ALL = """SELECT s.id AS k,
  (SELECT COUNT(*) FROM placement AS p WHERE p.station = s.id AND p.started_on >= {} AND p.started_on <= {}) AS n FROM station AS s"""


async def placed_everywhere(first: date, last: date) -> dict[int, int]:
    """推荐成功就业人次 of every station of the district: for the place of one's own, never to be shown."""
    return {row["k"]: int(row["n"]) for row in await Placement.raw(_OF_ALL, first, last)}
