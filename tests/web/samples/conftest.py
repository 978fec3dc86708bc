"""A closed November at 金银湖 station with three starts, and a seed that the subdistrict office published."""

import pytest

from db.tables.ledger import Sample
from tests.web.agreements.conftest import quick_printer, real_printer  # noqa: F401
from tests.web.ledger.conftest import closes, november  # noqa: F401

HOME, DESK = "/supervision/samples", "/desk/samples"


@pytest.fixture
async def closed(november, manager):  # noqa: F811
    """The month signed by the manager."""
    await closes(manager)
    return november


@pytest.fixture
async def seeded(closed, overseer) -> str:
    """The number of a check whose seed is out."""
    await overseer.sends(HOME, page=HOME, checked_station="ZD-420112015-01", checked_month="2026-11")
    return (await Sample.select(Sample.number).first())["number"]


@pytest.fixture
async def drawn(seeded, overseer) -> str:
    """The number of a check with two drawn lines."""
    page = f"{HOME}/{seeded}"
    await overseer.sends(f"{page}/drawing", page=page, size="2")
    return seeded
