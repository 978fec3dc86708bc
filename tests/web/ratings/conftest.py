"""A work that began on 1 December and, in `ended`, was written down as over on the morning of the 4th."""

from datetime import date, timedelta

import pytest

from db.actions.people import employer_account, worker_account
from db.actions.ratings import make_ticket
from db.tables.employers import Employer
from db.tables.jobs import Job
from db.tables.referrals import Placement, Referral
from rules.codes import ReferralState, Side
from rules.permissions import Actor
from tests.cast import LAKE
from tests.web.agreement_scene import Scene, put_scene, put_worker
from tests.web.agreements.conftest import QuickPrinter
from tests.web.conftest import MORNING
from tests.web.rows import put_placement, put_referral

NUMBER = "T26120100001"
SCORES = {"attitude": "5", "speed": "4", "accuracy": "5", "surroundings": "4"}
FINE = {**SCORES, "fee": "no"}


def day(n: int):
    """The morning of 1 December, `n` days later."""
    return MORNING + timedelta(days=n)


async def end(referral: int, state: ReferralState = ReferralState.COMPLETED) -> None:
    """The work of this referral ended on the 3rd, written down on the 4th."""
    await Referral.update({Referral.state: state.value}).where(Referral.id == referral)
    await Placement.update(
        {Placement.ended_on: date(2026, 12, 3), Placement.ended_how: "COMPLETED", Placement.ended_recorded_at: day(3)}
    ).where(Placement.referral == referral)


async def put_another(scene: Scene, n: int) -> Scene:
    """Another worker, whose work on the same post is over, too."""
    number = f"T2612010000{n}"
    seeker = await put_worker(f"Q2601500020{n}", f"赵大力{n}")
    referral = await put_referral(number, scene.job, seeker, LAKE, ReferralState.PLACED)
    await put_placement(referral, scene.job, seeker)
    await end(referral)
    return Scene(scene.job, seeker, referral, number)


@pytest.fixture
async def placed(house) -> Scene:
    """李小明 started on 1 December."""
    scene = await put_scene(state=ReferralState.PLACED)
    await put_placement(scene.referral, scene.job, scene.seeker)
    return scene


@pytest.fixture
async def ended(placed) -> Scene:
    """The work is over."""
    await end(placed.referral)
    return placed


@pytest.fixture
async def worker(ended) -> Actor:
    """The account of 李小明."""
    return await worker_account(ended.seeker, actor=None)


@pytest.fixture
async def boss(ended) -> Actor:
    """The account of the employer."""
    employer = (await Job.select(Job.employer).where(Job.id == ended.job).first())["employer"]
    assert await Employer.exists().where(Employer.id == employer)
    return await employer_account(employer, password_hash="", actor=None)


@pytest.fixture
def quick_printer(app, monkeypatch) -> QuickPrinter:
    """A printer that answers at once and remembers the papers."""
    printer = QuickPrinter()
    monkeypatch.setitem(app.litestar.state, "printer", printer)
    return printer


@pytest.fixture
async def slip(ended) -> str:
    """The address in the QR of the worker's slip."""
    return f"/rate/{await make_ticket(ended.referral, Side.WORKER, actor=None)}"
