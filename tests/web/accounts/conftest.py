"""An installation that asks for the second factor, and people in front of its sign-in page."""

from collections.abc import AsyncIterator
from datetime import datetime

import httpx
import pyotp
import pytest

from db.clock import now
from db.passwords import hash_password
from db.tables.accounts import Account, Session
from tests.cast import PEOPLE
from tests.visitor import Sheet, Visitor, check_page
from web.app import Station, create_app
from web.settings import Settings

PASSWORD = "金银湖边的小站很安静"


@pytest.fixture
async def with_passwords(house) -> None:
    """Everybody has the same password, hashed once."""
    await Account.update({Account.password_hash: await hash_password(PASSWORD)}, force=True)


@pytest.fixture(scope="session")
def strict_app(app: Station) -> Station:
    """The application as production runs it as far as signing in goes."""
    given = app.settings
    return create_app(Settings(False, given.data_folder, given.secret, given.public_url, 1, second_factor=True))


@pytest.fixture
async def at_the_door(strict_app: Station, with_passwords) -> AsyncIterator:
    """Puts a browser in front of the strict sign-in page."""
    clients: list[httpx.AsyncClient] = []

    async def arrive() -> Visitor:
        client = httpx.AsyncClient(transport=httpx.ASGITransport(app=strict_app), base_url="http://127.0.0.1:8000", follow_redirects=False)
        clients.append(client)
        return Visitor(client)

    yield arrive
    for client in clients:
        await client.aclose()


@pytest.fixture
async def visitor(at_the_door) -> Visitor:
    """One such browser."""
    return await at_the_door()


async def gives_password(visitor: Visitor, login: str, password: str = PASSWORD) -> Sheet:
    """First step of signing in; the page the person is sent to."""
    await visitor.reads("/sign-in")
    return await arrives(visitor, await visitor.sends("/sign-in", login=login, password=password))


async def arrives(visitor: Visitor, sent: Sheet) -> Sheet:
    """Follow redirects to the page they end at."""
    for _ in range(5):
        response = await visitor.client.get(sent.headers["location"])
        sent = visitor._sheet(response)
        if response.status_code != 303:
            check_page(sent)
            visitor.page = sent
            return sent
    raise AssertionError("sent round and round")


def secret_on(page: Sheet) -> str:
    """The secret to type that the page of the authenticator shows."""
    return page.words(".secret").replace(" ", "")


def code_at(secret: str, moment: datetime | None = None) -> str:
    """What the authenticator on the telephone shows."""
    return pyotp.TOTP(secret).at(moment or now())


async def enrolled(visitor: Visitor, login: str) -> tuple[str, list[str]]:
    """The person signs in for the first time and sets the authenticator up; its secret and the recovery codes."""
    page = await gives_password(visitor, login)
    assert page.words("h1") == "设动态口令"
    secret = secret_on(page)
    codes = await visitor.sends("/sign-in/second-factor", status=200, one_time_password=code_at(secret))
    return secret, [one.text for one in codes.select(".codes li code")]


async def confirmed(login: str) -> None:
    """The person gave the password a moment ago in every session."""
    await Session.update({Session.confirmed_at: now()}).where(Session.account == PEOPLE[login].id)
