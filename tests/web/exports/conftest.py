"""Asking, deciding and fetching, as people do it."""

import io
from typing import Any

import openpyxl
import pytest

from db.actions.accounts import session_key
from db.clock import now
from db.tables.accounts import Session
from tests.visitor import Visitor, path_of


@pytest.fixture
def gave_password() -> Any:
    """`await gave_password(person)`: the person gave the password a moment ago, as a decision asks for."""

    async def give(person: Visitor) -> None:
        await Session.update({Session.confirmed_at: now()}).where(Session.key == session_key(f"token-of-{person.account.login}"))

    return give


@pytest.fixture
async def asks() -> Any:
    """`await asks(person, "jobs", state=…)`: ask for the list from its page; the address of the request."""

    async def ask(person: Visitor, kind: str, *, purpose: str = "WORK", note: str = "", **search: str) -> str:
        query = "&".join(f"{name}={value}" for name, value in search.items())
        await person.reads(f"/desk/exports/new?list={kind}&{query}")
        return path_of(await person.sends("/desk/exports", purpose=purpose, note=note))

    return ask


@pytest.fixture
async def agrees(app, gave_password) -> Any:
    """`await agrees(person, url)`: give the password, agree, and wait until the file is made."""

    async def agree(person: Visitor, url: str) -> None:
        await gave_password(person)
        await person.reads(url)
        await person.sends(f"{url}/decision", decision="yes")
        await app.litestar.state.exports.settled()

    yield agree
    await app.litestar.state.exports.stop()


@pytest.fixture
def fetches() -> Any:
    """`await fetches(person, url)`: the downloaded workbook, opened."""

    async def fetch(person: Visitor, url: str) -> Any:
        await person.reads(url)
        response = await person.client.post(f"{url}/file", data=person.filled(f"{url}/file"))
        assert response.status_code == 200, response.text[:500]
        assert response.headers["content-disposition"].startswith("attachment")
        assert response.headers["content-security-policy"] == "sandbox"
        return openpyxl.load_workbook(io.BytesIO(response.content))

    return fetch
