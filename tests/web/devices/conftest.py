"""周水生, registered at the counter and looking for a way to use his phone; the phones in the room."""

import re

import pytest

from db.tables.seekers import Seeker
from tests.visitor import Visitor
from tests.web.seekers.conftest import quick_printer, typed

__all__ = ["quick_printer"]
PIN, OTHER_PIN = "730615", "905137"


@pytest.fixture
async def seeker(clerk) -> dict:
    """The registration as the counter made it."""
    await clerk.sends("/desk/seekers", page="/desk/seekers/new", **typed())
    return await Seeker.select(Seeker.id, Seeker.number).first()


@pytest.fixture
async def phone(sit_down) -> Visitor:
    """周水生's phone."""
    return await sit_down(None)


@pytest.fixture
async def other_phone(sit_down) -> Visitor:
    """A bystander's phone."""
    return await sit_down(None)


async def offer(clerk: Visitor, number: str) -> tuple[str, str, str]:
    """The clerk shows a QR: (address of the clerk's page, address in the QR, the two digits)."""
    from db.queries.devices import ticket_token

    await clerk.reads(f"/desk/seekers/{number}/phone")
    sheet = await clerk.sends(f"/desk/seekers/{number}/phone", card_seen="y")
    where = sheet.headers["location"]
    page = await clerk.reads(where)
    ticket_id = int(re.search(r"/phone/(\d+)", where)[1])
    return where, f"/enrol/{ticket_token(ticket_id)}", page.words(".big-digits")


async def enrol(clerk: Visitor, phone: Visitor, number: str, pin: str = PIN) -> None:
    """The whole way at the counter."""
    _, url, digits = await offer(clerk, number)
    await phone.reads(url)
    await phone.sends(url, digits=digits)
    await phone.reads(url)
    await phone.sends(f"{url}/pin", pin=pin, pin_again=pin)
