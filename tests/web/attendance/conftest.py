"""A morning at 金银湖 station: people of the samples who sign in, and a demand for movers that begins today."""

from typing import Any

import pytest

from db.actions.attendance import SignInRef, sign_in
from db.actions.seekers import SeekerRef
from db.clock import today
from db.queries.attendance import sign_in_with
from rules.codes import SignInHow
from tests.cast import LAKE, PEOPLE
from tests.web.referrals.conftest import put_post, put_sample

CHEN, ZHOU = PEOPLE["chen"], PEOPLE["zhou"]
TODAY = "/desk/today"
MOVERS = f"{TODAY}/posts/G261201-010001"
PLACE = {"consent": "y", "method": "READ_ALOUD", "answered_by": "周经理"}


async def put_today(seeker: SeekerRef, how: SignInHow = SignInHow.CARD, **changes: Any) -> SignInRef:
    """Somebody signs in at 金银湖 station."""
    return await sign_in(LAKE, seeker.id, how, actor=CHEN, **changes)


async def state_of(ticket: int) -> str:
    """Where the person with this ticket is now."""
    row = await sign_in_with(LAKE, today(), ticket)
    assert row is not None
    return row["state"]


@pytest.fixture
async def post(house: None) -> int:
    """装卸搬运 of today, one place; its id."""
    return await put_post("J02", trade="C01", title="超市搬运工", start_date="2026-12-01", end_date="2026-12-01")


@pytest.fixture
async def people(house: None) -> list[SeekerRef]:
    """周水生, 王德厚, 孙玉兰, who look for this work; 马铁柱, who welds."""
    return [await put_sample(who) for who in ("S01", "S03", "S07", "S13")]


@pytest.fixture
async def queue(people: list[SeekerRef]) -> list[SignInRef]:
    """All four signed in, in this order: tickets 1 to 4."""
    return [await put_today(one) for one in people]
