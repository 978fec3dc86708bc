"""Referrals both sides agreed to, for three kinds of work, and a printer that answers at once."""

from dataclasses import replace
from datetime import date, time

import pytest

from db.tables.seekers import Seeker
from rules.codes import EmployerKind, PayBasis, PayUnit, SettleCycle
from tests.web.agreement_scene import TERMS, put_scene
from tests.web.agreements.conftest import QuickPrinter, real_printer

__all__ = ["real_printer"]

EVENING = replace(
    TERMS,
    title="晚市小时工",
    trade="E01",
    hazards=(),
    end_date=date(2026, 12, 20),
    start_time=time(17, 30),
    end_time=time(21, 30),
    break_minutes=0,
    weekly_days=5,
    pay_fen=2500,
    pay_unit=PayUnit.HOUR,
    settle_cycle=SettleCycle.WEEKLY,
)
CLEANING = replace(
    TERMS,
    title="小区外围保洁白班",
    trade="B01",
    hazards=(),
    end_date=date(2027, 1, 1),
    weekly_days=6,
    settle_cycle=SettleCycle.WEEKLY,
)
SEWING = replace(
    TERMS,
    title="缝纫计件",
    trade="H02",
    hazards=("MACHINE",),
    end_date=date(2026, 12, 31),
    weekly_days=6,
    pay_basis=PayBasis.PIECE,
    pay_fen=180,
    pay_unit=PayUnit.PIECE,
    output_per_hour_milli=15500,
    settle_cycle=SettleCycle.MONTHLY,
)


@pytest.fixture
def quick_printer(app, monkeypatch):
    printer = QuickPrinter()
    monkeypatch.setitem(app.litestar.state, "printer", printer)
    return printer


@pytest.fixture
async def scene(house):
    return await put_scene()


@pytest.fixture
async def evening(house):
    return await put_scene(terms=EVENING)


@pytest.fixture
async def cleaning(house):
    return await put_scene(terms=CLEANING)


@pytest.fixture
async def sewing(house):
    found = await put_scene(terms=SEWING, worker="吴秀英")
    await _born(found.seeker, date(1972, 12, 1), "F")
    return found


@pytest.fixture
async def youth(house):
    found = await put_scene(terms=replace(EVENING, juvenile_ok=True))
    await _born(found.seeker, date(2009, 11, 5), "M")
    return found


@pytest.fixture
async def household(house):
    return await put_scene(kind=EmployerKind.INDIVIDUAL, terms=replace(TERMS, trade="A01", title="家庭保洁", hazards=()))


async def _born(seeker: int, birth: date, gender: str) -> None:
    await Seeker.update({Seeker.birth_date: birth, Seeker.gender: gender, Seeker.pension: ""}).where(Seeker.id == seeker)
