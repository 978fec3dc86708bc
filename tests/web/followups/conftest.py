"""A work that began and, in `ended`, is over: 李小明 unloaded for 湖滨物流 from 1 to 3 December, 660 yuan due on the 5th."""

from datetime import date, timedelta

import pytest

from db.tables.referrals import Placement, Referral
from rules.codes import ReferralState
from tests.web.agreement_scene import Scene, put_scene
from tests.web.agreements.conftest import QuickPrinter
from tests.web.conftest import MORNING
from tests.web.rows import put_placement

NUMBER = "T26120100001"
ONE = f"/desk/follow-ups/{NUMBER}"
WORKER_FINE = {"pay": "PAID", "injured": "no", "agreement_got": "yes", "fee_charged": "no", "satisfaction": "5"}
EMPLOYER_FINE = {"pay": "PAID", "injured": "no", "disputed": "no", "fee_charged": "no", "satisfaction": "4", "again": "YES"}


def day(n: int, hour: int = 0):
    """The morning of 1 December, `n` days later."""
    return MORNING + timedelta(days=n, hours=hour)


@pytest.fixture
async def placed(house) -> Scene:
    """李小明 started on 1 December."""
    scene = await put_scene(state=ReferralState.PLACED)
    await put_placement(scene.referral, scene.job, scene.seeker)
    return scene


@pytest.fixture
async def ended(placed) -> Scene:
    """The work is over: 3 December, 660 yuan due on the 5th."""
    await Referral.update({Referral.state: ReferralState.COMPLETED.value}).where(Referral.id == placed.referral)
    await Placement.update(
        {
            Placement.ended_on: date(2026, 12, 3),
            Placement.ended_how: "COMPLETED",
            Placement.pay_due_on: date(2026, 12, 5),
            Placement.pay_due_fen: 66000,
        }
    ).where(Placement.referral == placed.referral)
    return placed


@pytest.fixture
def quick_printer(app, monkeypatch) -> QuickPrinter:
    """A printer that answers at once and remembers the papers."""
    printer = QuickPrinter()
    monkeypatch.setitem(app.litestar.state, "printer", printer)
    return printer
