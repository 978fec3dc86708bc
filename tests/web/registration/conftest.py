"""小周 with a cheap phone: what is typed on each page of /register, in order."""

from typing import Any

import pytest

from tests.visitor import Visitor, path_of

ID_NUMBER, PHONE, PIN = "420199197803129017", "19900000101", "730615"

PAGES: dict[str, dict[str, Any]] = {
    "station": {"station": "ZD-420112015-01"},
    "notice": {"consent": "y", "pledge": "y"},
    "identity": {"name": "周水生", "id_number": ID_NUMBER, "id_type": "01"},
    "phone": {"phone": PHONE},
    "trades": {"trades": ["C01", "C02"]},
    "when": {"when": "DAY"},
    "home": {"subdistrict": "420112006", "community": "物流园社区"},
    "more": {"skills": "搬运10年"},
    "pin": {"pin": PIN, "pin_again": PIN},
}


async def walk(visitor: Visitor, *, until: str = "check", **changes: dict[str, Any]) -> str:
    """Answer page after page as a person does, following every step; gives the address of `until`, unanswered."""
    await visitor.reads("/register")
    at = "/register/station"
    while not at.endswith(f"/{until}"):
        await visitor.reads(at)
        name = at.rsplit("/", 1)[1]
        at = path_of(await visitor.sends(at, **{**PAGES.get(name, {}), **changes.get(name, {})}))
        assert at.startswith("/register/"), at
    return at


async def register(visitor: Visitor, **changes: dict[str, Any]) -> str:
    """The whole registration; gives where it led."""
    await visitor.reads(await walk(visitor, **changes))
    return path_of(await visitor.sends("/register/check"))


@pytest.fixture
async def phone(sit_down) -> Visitor:
    """小周's phone, never here before."""
    return await sit_down(None)


@pytest.fixture
async def other_phone(sit_down) -> Visitor:
    """Somebody else's phone."""
    return await sit_down(None)
