"""Agreements that were printed and wait for their signed scan."""

from typing import Any

import pytest

from db.tables.agreements import Agreement, IncomingScan
from tests.visitor import Sheet, Visitor
from tests.web.agreement_scene import put_guidance, put_scene, put_second
from tests.web.agreements.conftest import quick_printer  # noqa: F401
from web.routes import incoming_scans

NEW = "/desk/referrals/T26120100001/agreement"
ONE = "/desk/agreements/XLW-2026-000001"


@pytest.fixture
async def printed(clerk, house, quick_printer):  # noqa: F811
    """One agreement on paper."""
    scene = await put_scene(headcount=2)
    new = await put_guidance(scene)
    await clerk.sends(new, page=new, quality="码齐")
    await clerk.sends(ONE + "/paper", page=ONE)
    return scene


@pytest.fixture
async def two_printed(clerk, printed):
    """A second one, of another worker."""
    from rules.codes import ReferralState

    other = await put_guidance(await put_second(printed, ReferralState.EMPLOYER_ACCEPTED), number="Y2612010002")
    await clerk.sends(other, page=other, quality="码齐")
    await clerk.sends("/desk/agreements/XLW-2026-000002/paper", page="/desk/agreements/XLW-2026-000002")


@pytest.fixture
async def uploads(app, monkeypatch) -> Any:
    """`await uploads(person, body, …)`: the list after everything was read, however busy the machine is."""
    monkeypatch.setattr(incoming_scans, "MOST_WAIT", 60.0)

    async def upload(person: Visitor, *bodies: bytes, status: int = 303, name: str = "扫描.pdf") -> Sheet:
        files = [("scans", (name, body, "application/octet-stream")) for body in bodies]
        sheet = await person.sends("/desk/scans", page="/desk/scans", files=files, status=status, signatures_seen="y")
        if status != 303:
            return sheet
        await app.litestar.state.scans.within(60)
        return await person.follows(sheet)

    yield upload
    await app.litestar.state.scans.stop()


async def scans() -> list[tuple[str, str, str]]:
    """(state, number read, why) of every uploaded scan, oldest first."""
    rows = await IncomingScan.select().order_by(IncomingScan.id)
    return [(row["state"], row["read_number"], row["why"]) for row in rows]


async def states() -> dict[str, str]:
    """Number → state of every agreement."""
    return {row["number"]: row["state"] for row in await Agreement.select(Agreement.number, Agreement.state)}
