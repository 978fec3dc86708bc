"""Questions of the local wage guide (本地工价参考): what an hour really paid, by trade, over the last twelve months.

Asked at most once an hour by each process: a guide of a year does not move faster. Amounts and counts only, nobody's row.
"""

from __future__ import annotations

import time
from datetime import date
from typing import Any

from piccolo.querystring import QueryString

from db.clock import today
from db.queries.parameters import legal_parameters
from piccolo_conf import DB
from rules.parameters import ParameterMissing, minimum_wage
from rules.pay import hourly_equivalent
from rules.terms import JobTerms
from rules.wages import WageGuide, WageGuides, difference_text, guide_of, usual_text, year_before

_KEPT_SECONDS = 3600

# What somebody really got for the hours worked, where both were written down; else the agreed price as an hour of it.
_CASES = """WITH cases AS (SELECT p.station AS station, p.seeker AS seeker, j.trade AS trade,
  CASE WHEN p.ended_how = 'COMPLETED' AND p.worked_minutes > 0 AND p.pay_due_fen > 0
    THEN p.pay_due_fen * 60 / p.worked_minutes ELSE j.hourly_fen END AS fen
  FROM placement p JOIN job j ON j.id = p.job WHERE p.started_on >= {} AND p.started_on <= {} AND p.disputed_at IS NULL)
"""
_VALUES = _CASES + "SELECT station, trade, fen, count(*) AS cases FROM cases WHERE fen >= {} GROUP BY station, trade, fen"
_PEOPLE = _CASES + "SELECT station, trade, count(DISTINCT seeker) AS people FROM cases WHERE fen >= {} GROUP BY station, trade"
_ALL_PEOPLE = _CASES + "SELECT trade, count(DISTINCT seeker) AS people FROM cases WHERE fen >= {} GROUP BY trade"


async def wage_hint(terms: JobTerms, station_id: int | None) -> str:
    """What the forms say about the pay of an order: how it stands to what is usual, or what is usual before pay is given."""
    if not terms.trade:
        return ""
    found = (await wage_guides()).nearest(terms.trade, station_id)
    return difference_text(hourly_equivalent(terms), found) or usual_text(found)


_kept: tuple[Any, date, float, WageGuides] | None = None


async def wage_guides() -> WageGuides:
    """The guides as of today, at most an hour old; empty while no minimum wage is in force to judge them by."""
    global _kept
    house, day = (DB.pool_here() if DB.engine_type == "sqlite" else DB.pool), today()
    if _kept and house is not None and _kept[0] is house and _kept[1] == day and time.monotonic() - _kept[2] < _KEPT_SECONDS:
        return _kept[3]
    guides = await _asked(day)
    _kept = (house, day, time.monotonic(), guides)
    return guides


async def _asked(day: date) -> WageGuides:
    try:
        minimum = minimum_wage(await legal_parameters(), day).hour_fen
    except ParameterMissing:
        return WageGuides()
    asked = (year_before(day), day, minimum)
    people = {(row["station"], row["trade"]): int(row["people"]) for row in await _rows(_PEOPLE, asked)}
    all_people = {row["trade"]: int(row["people"]) for row in await _rows(_ALL_PEOPLE, asked)}
    of_station: dict[tuple[int, str], dict[int, int]] = {}
    of_trade: dict[str, dict[int, int]] = {}
    for row in await _rows(_VALUES, asked):
        fen, cases = int(row["fen"]), int(row["cases"])
        of_station.setdefault((row["station"], row["trade"]), {})[fen] = cases
        whole = of_trade.setdefault(row["trade"], {})
        whole[fen] = whole.get(fen, 0) + cases
    district: dict[str, WageGuide] = {}
    for trade in sorted(of_trade):
        if guide := guide_of(trade, of_trade[trade], all_people.get(trade, 0), minimum):
            district[trade] = guide
    stations: dict[tuple[int, str], WageGuide] = {}
    for key, values in of_station.items():
        if guide := guide_of(key[1], values, people.get(key, 0), minimum):
            stations[key] = guide
    return WageGuides(district, stations)


async def _rows(sql: str, values: tuple[Any, ...]) -> list[dict[str, Any]]:
    return [dict(row) for row in await DB.run_querystring(QueryString(sql, *values))]
