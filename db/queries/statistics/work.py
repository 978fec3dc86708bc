"""Tables 1, 2, 5 and 6: supply and demand, trades, employers, pay."""

from __future__ import annotations

from db.queries.statistics.facts import Asked, By, Counted, Fact, Text, among, middles, month_of, steps
from db.queries.statistics.sources import (
    JOBS,
    NEW_EMPLOYERS,
    NEW_SEEKERS,
    PERSONS,
    PLACED,
    REFERRED,
    REGISTERED,
    REVIEWS,
    SEEKERS,
    WANTED_HEADS,
)
from rules.codes import TRADES, RejectReason
from rules.statistics.tables import Organisation, PayBand, WaitBand, steps_of

LEAST_POSTS = 5
"""A median of pay needs as many posts (domain reference 8.2)."""

_JOB_MONTH = By(month_of("j.created_at", timed=True))
_SINCE: dict[str, str] = {
    # The start before, else the registration: the day somebody waits from (domain reference 3.5).
    "sqlite": "COALESCE((SELECT MAX(b.started_on) FROM placement AS b WHERE b.seeker = p.seeker AND b.started_on < p.started_on), "
    "date(q.created_at, '+8 hours'))",
    "postgres": "COALESCE((SELECT MAX(b.started_on) FROM placement AS b WHERE b.seeker = p.seeker AND b.started_on < p.started_on), "
    "(q.created_at AT TIME ZONE 'Asia/Shanghai')::date)",
}
_WAITED: dict[str, str] = {
    "sqlite": f"CAST(julianday(p.started_on) - julianday({_SINCE['sqlite']}) AS INTEGER)",
    "postgres": f"(p.started_on - {_SINCE['postgres']})",
}


_BANDS = steps("j.hourly_fen", tuple((value, begins * 100) for value, begins in steps_of(PayBand)))
_PAY: Text = f"CASE WHEN j.hourly_fen IS NULL THEN '{PayBand.UNKNOWN.value}' ELSE {_BANDS} END"
_UNIT = f"CASE WHEN e.kind = 'INDIVIDUAL' THEN '{Organisation.HOUSEHOLD.value}' ELSE e.organisation END"

_JOB_EMPLOYER, _PLACED_EMPLOYER = ("employer",), ("job", "employer")
PLATFORM = Fact(JOBS, f"{REGISTERED.where} AND j.trade IN {among([code for code, trade in TRADES.items() if trade.platform])}")
BLOCKED = Fact(
    JOBS,
    """EXISTS (SELECT 1 FROM job_version AS v WHERE v.job = j.id AND v.checks LIKE '%"rule": "W01", "severity": "BLOCK"%')""",
)
REFUSED_FOR_PAY = Fact(REVIEWS, f"w.decision = 'REJECTED' AND w.reason_code = '{RejectReason.PAY.value}'")

COUNTED: dict[str, dict[str, Counted]] = {
    "supply": {
        "posts": Counted(REGISTERED),
        "headcount": Counted(WANTED_HEADS),
        "seekers": Counted(NEW_SEEKERS),
        "referred": Counted(REFERRED),
        "placed": Counted(PLACED),
        "persons": Counted(PERSONS),
    },
    "supply_months": {
        "posts": Counted(REGISTERED, _JOB_MONTH),
        "headcount": Counted(WANTED_HEADS, _JOB_MONTH),
        "seekers": Counted(NEW_SEEKERS, By(month_of("q.created_at", timed=True))),
        "referred": Counted(REFERRED, By(month_of("r.created_at", timed=True))),
        "placed": Counted(PLACED, By(month_of("p.started_on", timed=False), within="day")),
    },
    "waiting": {"placed": Counted(PLACED, By(_WAITED, ("seeker",), steps_of(WaitBand)))},
    "trades": {
        "posts": Counted(REGISTERED, By("j.trade")),
        "headcount": Counted(WANTED_HEADS, By("j.trade")),
        "seekers": Counted(Fact(SEEKERS, NEW_SEEKERS.where, "COUNT(DISTINCT q.id)"), By("t.trade", ("trade",))),
        "placed": Counted(PLACED, By("j.trade", ("job",), within="job")),
    },
    "organisations": {
        "employers": Counted(NEW_EMPLOYERS, By(_UNIT)),
        "posts": Counted(REGISTERED, By(_UNIT, _JOB_EMPLOYER)),
        "headcount": Counted(WANTED_HEADS, By(_UNIT, _JOB_EMPLOYER)),
        "placed": Counted(PLACED, By(_UNIT, _PLACED_EMPLOYER, within="job")),
        "platform": Counted(PLATFORM, By(_UNIT, _JOB_EMPLOYER)),
    },
    "industries": {
        "employers": Counted(NEW_EMPLOYERS, By("e.industry")),
        "posts": Counted(REGISTERED, By("e.industry", _JOB_EMPLOYER)),
        "headcount": Counted(WANTED_HEADS, By("e.industry", _JOB_EMPLOYER)),
        "placed": Counted(PLACED, By("e.industry", _PLACED_EMPLOYER, within="job")),
    },
    "pay_bands": {
        "posts": Counted(REGISTERED, By(_PAY)),
        "headcount": Counted(WANTED_HEADS, By(_PAY)),
        "placed": Counted(PLACED, By(_PAY, ("job",), within="job")),
    },
    "settle_cycles": {
        "posts": Counted(REGISTERED, By("j.settle_cycle")),
        "headcount": Counted(WANTED_HEADS, By("j.settle_cycle")),
        "placed": Counted(PLACED, By("j.settle_cycle", ("job",), within="job")),
    },
    "below_minimum": {"blocked": Counted(BLOCKED), "refused": Counted(REFUSED_FOR_PAY)},
}


async def middle_pay(asked: Asked) -> tuple[dict[str, int], int | None]:
    """The median hourly pay in fen per trade and over all, of the posts of the period."""
    return await middles(REGISTERED, asked, By("j.trade"), "j.hourly_fen", LEAST_POSTS)
