"""A morning at 金银湖 station: two demands of today, three who want to carry things, one who welds."""

import pytest

from db.actions.attendance import sign_in
from db.actions.seekers import SeekerRef
from rules.codes import SignInHow
from tests.cast import LAKE
from tests.visitor import Visitor, path_of
from tests.web.referrals.conftest import CHEN, put_post, put_sample

HOME = "/desk/matching"
MOVING, LOADING = "G261201-010001", "G261201-010002"
RUN = f"{HOME}/runs/P261201-1"


@pytest.fixture
async def posts(house: None) -> list[int]:
    """Carrying, one place, and another station's kind of the same work, one place; both today."""
    first = await put_post("J02", MOVING, trade="C01", title="超市搬运工", start_date="2026-12-01", end_date="2026-12-01")
    second = await put_post("J02", LOADING, trade="C01", title="展馆搬运工", start_date="2026-12-02", end_date="2026-12-02")
    return [first, second]


@pytest.fixture
async def people(house: None) -> list[SeekerRef]:
    """周水生, 王德厚, 孙玉兰, who carry; 马铁柱, who welds."""
    return [await put_sample(who) for who in ("S01", "S03", "S07", "S13")]


@pytest.fixture
async def queue(people: list[SeekerRef]) -> list[SeekerRef]:
    """All four signed in, in this order."""
    for one in people:
        await sign_in(LAKE, one.id, SignInHow.CARD, actor=CHEN)
    return people


@pytest.fixture
async def run(clerk: Visitor, posts: list[int], queue: list[SeekerRef]) -> Visitor:
    """小陈 has matched the morning and stands on the page of the run."""
    answer = await clerk.sends(HOME, page=HOME)
    assert path_of(answer) == RUN
    await clerk.follows(answer)
    return clerk
