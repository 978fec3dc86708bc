"""Questions of the district's pool (全区): every published post and, masked, every seeker; who collected them stays on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from piccolo.columns.combination import Or

from db.paging import DESK_ROWS, Page, page_of, place
from db.queries.seekers import is_name, meant_by, trades_of
from db.tables.jobs import Job
from db.tables.seekers import Seeker, SeekerTrade
from rules.codes import TRADES, JobState, SeekerState
from rules.numbers import normal
from rules.seekers import DORMANT_DAYS

_POST = (
    Job.id,
    Job.number,
    Job.state,
    Job.station,
    Job.title,
    Job.trade,
    Job.subdistrict,
    Job.landmark,
    Job.headcount,
    Job.placed_count,
    Job.pay_fen,
    Job.pay_unit,
    Job.settle_cycle,
    Job.start_date,
    Job.end_date,
    Job.valid_to,
    Job.employer_label,
    Job.station.name.as_alias("station_name"),
    Job.station.phone.as_alias("station_phone"),
)
_CARD = (
    Seeker.id,
    Seeker.number,
    Seeker.birth_date,
    Seeker.subdistrict,
    Seeker.skills,
    Seeker.availability,
    Seeker.state,
    Seeker.station,
    Seeker.station.name.as_alias("station_name"),
    Seeker.station.phone.as_alias("station_phone"),
)


@dataclass(frozen=True, slots=True)
class PoolFilter:
    """What a list of the pool is narrowed to; "" leaves a side open."""

    trade: str = ""
    subdistrict: str = ""

    @classmethod
    def of(cls, trade: str, subdistrict: str, known: dict[str, str]) -> PoolFilter:
        """The filter as typed; values that are in no table are dropped."""
        return cls(trade if trade in TRADES else "", subdistrict if subdistrict in known else "")


def _open_posts(today: date) -> Any:
    return (Job.state == JobState.PUBLISHED.value) & Job.listed.eq(True) & (Job.valid_to >= today)


async def pool_posts(wanted: PoolFilter, today: date, after: str = "", size: int = DESK_ROWS) -> Page:
    """Posts on the board of any station, newest first: public columns and the station."""
    query = Job.select(*_POST).where(_open_posts(today))
    if wanted.trade:
        query = query.where(Job.trade == wanted.trade)
    if wanted.subdistrict:
        query = query.where(Job.subdistrict == wanted.subdistrict)
    if start := place(after, (int,)):
        query = query.where(Job.id < start[0])
    return page_of(await query.order_by(Job.id, ascending=False).limit(size + 1), size, "id")


async def pool_post(number: str, today: date) -> dict[str, Any] | None:
    """One post on the board of any station, with `employer_name` in its public form; None when it is not there."""
    row = await Job.select(*_POST).where(_open_posts(today), Job.number == normal(number)).first()
    return {**row, "employer_name": row["employer_label"]} if row else None


def _looking(today: date) -> Any:
    lively = Or(Seeker.state == SeekerState.ACTIVE.value, Seeker.state == SeekerState.ENGAGED.value)
    return lively & (Seeker.confirmed_on >= today - timedelta(days=DORMANT_DAYS)) & Seeker.suggestions.eq(True)


async def pool_seekers(wanted: PoolFilter, today: date, after: str = "", size: int = DESK_ROWS) -> Page:
    """People of any station who look for work, newest first: number, birth date, trades, skills, times. No name, no phone."""
    query = Seeker.select(*_CARD).where(_looking(today))
    if wanted.trade:
        query = query.where(Seeker.id.is_in(SeekerTrade.select(SeekerTrade.seeker).where(SeekerTrade.trade == wanted.trade)))
    if wanted.subdistrict:
        query = query.where(Seeker.subdistrict == wanted.subdistrict)
    if start := place(after, (int,)):
        query = query.where(Seeker.id < start[0])
    page = page_of(await query.order_by(Seeker.id, ascending=False).limit(size + 1), size, "id")
    return Page(await _with_trades(page.rows), page.next)


async def pool_meant(word: str) -> list[dict[str, Any]]:
    """Whom a whole number, phone or document means, in the whole district; a name or four digits find nobody elsewhere."""
    if not word or is_name(word) or (len(word) < 7):
        return []
    rows = await Seeker.select(*_CARD).where(meant_by(word), Seeker.state != SeekerState.ANONYMISED.value).order_by(Seeker.id).limit(20)
    return await _with_trades(rows)


async def pool_seeker(number: str) -> dict[str, Any] | None:
    """The card of a seeker of any station by number; None when there is none."""
    return await Seeker.select(*_CARD).where(Seeker.number == normal(number)).first()


async def _with_trades(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    trades = await trades_of([row["id"] for row in rows])
    return [{**row, "trades": trades.get(row["id"], [])} for row in rows]
