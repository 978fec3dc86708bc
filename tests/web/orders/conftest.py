"""A third station between the two of the cast, and demands at 金银湖 that wait for somebody."""

from datetime import datetime, timedelta

import pytest

from db.clock import now
from db.tables.accounts import Account
from db.tables.stations import Station
from rules.codes import BuildMode
from rules.commitment import commitment
from rules.permissions import Actor, Role
from tests.cast import BORN, _station
from tests.web.posts_scene import put_published

NEAR = 1003
"""A second station in the subdistrict of 金银湖: its neighbour as long as the district says nothing."""

GAO = Actor(2101, "高洁", Role.STAFF, "gao", NEAR)


@pytest.fixture
async def near(house) -> Actor:
    """高洁, staff of the neighbouring station."""
    await Station.insert(_station(NEAR, "ZD-420112015-02", "将军路零工驿站", "420112015", "将军路", BuildMode.SELF_BUILT))
    await Account.insert(
        Account(
            id=GAO.id,
            login=GAO.login,
            name=GAO.name,
            work_no="2101",
            role=GAO.role.value,
            password_hash="",
            station=NEAR,
            active=True,
            created_at=BORN,
            password_changed_at=BORN,
            committed_at=BORN,
            commitment_version=commitment().version,
        )
    )
    return GAO


@pytest.fixture
async def demand(house) -> str:
    """A demand for five, just published at 金银湖; its number."""
    return (await put_published()).number


def minutes_later(minutes: int) -> datetime:
    """So long after the demand was published."""
    return now() + timedelta(minutes=minutes)
