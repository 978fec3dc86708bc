"""The cast in front of the running application, on an empty house with two stations."""

import os
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest

from db.actions.accounts import session_key
from db.clock import at, now
from db.tables.accounts import Session
from rules.permissions import Actor
from tests.cast import PEOPLE, move_in
from tests.visitor import Visitor
from web.app import Station, create_app
from web.settings import Settings

MORNING = datetime(2026, 12, 1, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
"""Every web test happens on this Tuesday morning, the test day of the domain reference."""


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Station:
    """The application, made once; the database under it changes per test."""
    folder = Path(os.environ.get("STATION_DATA") or tmp_path_factory.mktemp("data"))
    return create_app(Settings(False, folder, b"a secret for tests only, 32 bytes", "http://127.0.0.1:8000", 1))


@pytest.fixture
async def house(database: None) -> AsyncIterator[None]:
    """Two stations, the legal parameters and everybody's account, on the test morning."""
    with at(MORNING):
        await move_in()
        yield


@pytest.fixture
async def sit_down(app: Station, house: None) -> AsyncIterator:
    """Puts a person of the cast (by sign-in name, None for a passer-by) or any other account's Actor in front of the pages."""
    clients: list[httpx.AsyncClient] = []

    async def sit(login: str | Actor | None) -> Visitor:
        client = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://127.0.0.1:8000", follow_redirects=False)
        clients.append(client)
        if login is None:
            return Visitor(client)
        person = login if isinstance(login, Actor) else PEOPLE[login]
        token = f"token-of-{person.login}"
        moment = now()
        await Session.insert(
            Session(
                key=session_key(token),
                account=person.id,
                created_at=moment,
                seen_at=moment,
                expires_at=moment + timedelta(hours=12),
            )
        )
        client.cookies.set("sid", token)
        return Visitor(client, account=person)

    yield sit
    for client in clients:
        await client.aclose()


@pytest.fixture
async def clerk(sit_down) -> Visitor:
    """陈小满, who registers at 金银湖 station."""
    return await sit_down("chen")


@pytest.fixture
async def reviewer(sit_down) -> Visitor:
    """周建国, who reviews what the clerk wrote."""
    return await sit_down("zhou")


@pytest.fixture
async def manager(sit_down) -> Visitor:
    """吴站长, who manages 金银湖 station."""
    return await sit_down("wu")


@pytest.fixture
async def stranger(sit_down) -> Visitor:
    """林静, staff of another station."""
    return await sit_down("lin")


@pytest.fixture
async def officer(sit_down) -> Visitor:
    """郑科长 of the district."""
    return await sit_down("zheng")


@pytest.fixture
async def overseer(sit_down) -> Visitor:
    """孙主任 of the subdistrict office that supervises 金银湖 station."""
    return await sit_down("sun")


@pytest.fixture
async def lawyer(sit_down) -> Visitor:
    """罗律师 at the legal point: reads, never writes."""
    return await sit_down("luo")


@pytest.fixture
async def passer_by(sit_down) -> Visitor:
    """Anybody with a phone, not signed in."""
    return await sit_down(None)
