"""The board in FastAPI with SQLAlchemy 2 (asyncio, aiosqlite): own mapped classes on the same tables, Jinja2Templates.

Served by granian as `bench.peers.fastapi_board:application`; BENCH_DATABASE and BENCH_URL say what and where.
"""

from __future__ import annotations

import os
from datetime import date, datetime, time
from typing import Any

import jinja2
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates
from sqlalchemy import BigInteger, DateTime, ForeignKey, event, func, literal_column, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.sql import Select

from bench.peers import page
from db.clock import today
from rules.board import MEALS

engine = create_async_engine(
    f"sqlite+aiosqlite:///{os.environ['BENCH_DATABASE']}",
    isolation_level="AUTOCOMMIT",  # nothing but single reads: no BEGIN, no ROLLBACK
    skip_autocommit_rollback=True,
    pool_size=4,
    max_overflow=0,
)
sessions = async_sessionmaker(engine, class_=AsyncSession, expire_on_commit=False, autoflush=False)


@event.listens_for(engine.sync_engine, "connect")
def _configure(connection: Any, _: Any) -> None:
    cursor = connection.cursor()
    for pragma in page.PRAGMAS.strip(";").split(";"):
        cursor.execute(pragma)
    cursor.close()


class Base(DeclarativeBase):
    """The mapped classes."""


class Subdistrict(Base):
    """A subdistrict-level unit."""

    __tablename__ = "subdistrict"
    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]


class Station(Base):
    """A station, as far as the board shows it."""

    __tablename__ = "station"
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    code: Mapped[str]
    name: Mapped[str]
    phone: Mapped[str]
    subdistrict: Mapped[str]
    state: Mapped[str]


class Job(Base):
    """A post."""

    __tablename__ = "job"
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    number: Mapped[str]
    station: Mapped[int] = mapped_column(ForeignKey("station.id"))
    listed: Mapped[bool]
    headcount: Mapped[int]
    placed_count: Mapped[int]
    title: Mapped[str]
    trade: Mapped[str]
    subdistrict: Mapped[str]
    landmark: Mapped[str]
    start_date: Mapped[date | None]
    end_date: Mapped[date | None]
    start_time: Mapped[time | None]
    end_time: Mapped[time | None]
    pay_fen: Mapped[int] = mapped_column(BigInteger)
    pay_unit: Mapped[str]
    settle_cycle: Mapped[str]
    hourly_fen: Mapped[int | None] = mapped_column(BigInteger)
    benefits: Mapped[str]
    certificates: Mapped[str]
    valid_to: Mapped[date | None]
    published_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


_COLUMNS = [getattr(Job, name) for name in page.COLUMNS]
_LISTED = literal_column("job.listed")  # "listed = 1" would not let SQLite use the partial indexes
templates = Jinja2Templates(
    env=jinja2.Environment(loader=jinja2.FileSystemLoader(page.TEMPLATES), autoescape=True, **page.ENVIRONMENT),
)
templates.env.globals.update(page.GLOBALS)
application = FastAPI(openapi_url=None)


def _posts(asked: page.Asked, *columns: Any) -> Select:
    """Posts on the board that answer the filter, apart from days."""
    found = select(*columns).where(_LISTED, Job.valid_to >= asked.today, or_(Job.end_date.is_(None), Job.end_date >= asked.today))
    for column, value in asked.equal.items():
        found = found.where(getattr(Job, column) == value)
    if asked.search.filter.meals:
        found = found.where(or_(*(Job.benefits.contains(meal) for meal in MEALS)))
    return found


def _arms(asked: page.Asked, *columns: Any) -> list[tuple[int, Select]]:
    """Work that has begun, then coming work, each in its order and after the page before."""
    phase, day, last = asked.after[:3] if asked.after else (page.STARTED, asked.today, 0)
    wanted, arms = asked.search.filter, []
    if phase == page.STARTED and (wanted.first is None or wanted.first <= asked.today):
        begun = _posts(asked, *columns).where(Job.start_date <= asked.today)
        if asked.after:
            begun = begun.where(tuple_(Job.start_date, Job.id) < tuple_(day, last))
        arms.append((page.STARTED, begun.order_by(Job.start_date.desc(), Job.id.desc())))
    if wanted.last is None or wanted.last > asked.today:
        coming = _posts(asked, *columns).where(Job.start_date > asked.today)
        if phase == page.COMING:
            coming = coming.where(Job.start_date >= day, or_(Job.start_date > day, Job.id < last))
        if wanted.first is not None and wanted.first > asked.today:
            coming = coming.where(Job.start_date >= wanted.first)
        if wanted.last is not None:
            coming = coming.where(Job.start_date <= wanted.last)
        arms.append((page.COMING, coming.order_by(Job.start_date, Job.id.desc())))
    return arms


async def _rows(session: AsyncSession, asked: page.Asked) -> list[dict[str, Any]]:
    """One more than a page; the second question is only asked when the first did not fill the page."""
    rows: list[dict[str, Any]] = []
    for phase, arm in _arms(asked, *_COLUMNS):
        found = await session.execute(arm.limit(page.SIZE + 1 - len(rows)))
        rows += [dict(zip(page.COLUMNS, row, strict=True), phase=phase) for row in found]
        if len(rows) > page.SIZE:
            break
    return rows


async def _count(session: AsyncSession, asked: page.Asked) -> int:
    counted = 0
    for _, arm in _arms(asked, Job.id):
        counted += await session.scalar(select(func.count()).select_from(arm.order_by(None).limit(page.COUNTED + 1).subquery()))
    return counted


async def _places(session: AsyncSession) -> Any:
    names = ("id", "code", "name", "phone", "subdistrict", "state")
    stations = await session.execute(select(*(getattr(Station, name) for name in names)).order_by(Station.code))
    subdistricts = await session.execute(select(Subdistrict.code, Subdistrict.name).order_by(Subdistrict.code))
    return dict(subdistricts.all()), page.stations_in_order([dict(row) for row in stations.mappings()])


@application.get("/jobs", response_class=HTMLResponse)
async def jobs(request: Request) -> HTMLResponse:
    """The board."""
    async with sessions() as session:
        places = page.remembered("places") or page.remember("places", await _places(session))
        asked = page.read(request.query_params, today(), places[0])
        key = (asked.search.filter, asked.today)
        count = page.remembered(key)
        if count is None:
            count = page.remember(key, await _count(session, page.Asked(asked.search, asked.today, None)))
        rows = await _rows(session, asked)
    shown = page.context(asked, rows, count, places, request.url.path, request.url.query)
    return templates.TemplateResponse(page.dress(request, os.environ["BENCH_URL"]), "jobs.html", shown)
