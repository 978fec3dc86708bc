"""A complete draft at the counter, 李小明 and 武汉湖滨物流 each with a phone of their own, and names written by hand."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest

from db.actions.agreements import draft_agreement
from db.actions.people import employer_account, worker_account
from db.clock import at, now
from db.queries.signing import opened_codes
from db.tables.accounts import Session
from db.tables.agreements import Agreement, Signing
from db.tables.jobs import Job
from rules.codes import AgreementType
from tests.cast import PEOPLE
from tests.visitor import Visitor
from tests.web.agreement_scene import Scene, put_scene
from tests.web.agreements.conftest import QuickPrinter

ONE = "/desk/agreements/XLW-2026-000001"
HERE = ONE + "/signing"
MINE = "/me/agreements/XLW-2026-000001/signature"
THEIRS = "/employer/agreements/XLW-2026-000001/signature"
NAME = "100.100.0_180.90.30_300.100.80-150.200.300_280.205.360_400.210.420-500.80.600_510.200.640_490.330.700"
OTHER_NAME = "200.100.0_380.190.30_600.100.80-250.250.300_400.310.420"
BOTH = {"both_present": "y", "read_aloud": "y"}


@dataclass
class Sitting:
    """Everybody at the counter, and the scene they are in."""

    scene: Scene
    worker: Visitor
    boss: Visitor


async def codes() -> dict[str, str]:
    """The codes of the newest sitting, as nobody at the counter may see them."""
    row = await Signing.select(Signing.id).order_by(Signing.id, ascending=False).first()
    assert row
    kept = await opened_codes(row["id"])
    assert kept
    return kept.codes


async def state() -> str:
    """The state of the only agreement."""
    row = await Agreement.select(Agreement.state).first()
    assert row
    return row["state"]


@asynccontextmanager
async def later(minutes: int) -> AsyncIterator[None]:
    """So many minutes on, with nobody's session locked."""
    moment = now() + timedelta(minutes=minutes)
    with at(moment):
        await Session.update({Session.seen_at: moment}, force=True)
        yield


async def signs(visitor: Visitor, who: str, where: str = HERE + "/signatures", *, status: int = 303, **fields: str):
    """Fill in the pad's form with the own code of the side `who`, unless told otherwise."""
    typed = {"side": who, "agreed": "y", "strokes": NAME, "code": (await codes())[who], **fields}
    return await visitor.sends(where, status=status, **typed)


@pytest.fixture
def quick_printer(app, monkeypatch) -> QuickPrinter:
    """A printer that answers at once and remembers the papers."""
    printer = QuickPrinter()
    monkeypatch.setitem(app.litestar.state, "printer", printer)
    return printer


@pytest.fixture
async def real_printer(app):
    """The real one, for the test that reads the paper."""
    printer = app.litestar.state.printer
    await printer.start()
    yield printer
    await printer.stop()


async def put_draft(kind: AgreementType = AgreementType.ONE_OFF_SERVICE) -> Scene:
    """A complete draft of the scene's referral."""
    scene = await put_scene()
    await draft_agreement(scene.referral, {"质量要求": "码齐"}, actor=PEOPLE["chen"], kind=kind)
    return scene


@pytest.fixture
async def at_counter(sit_down, clerk, house) -> Sitting:
    """The draft, and both sides signed in on their phones."""
    scene = await put_draft()
    employer = (await Job.select(Job.employer).where(Job.id == scene.job).first())["employer"]
    worker = await sit_down(await worker_account(scene.seeker, actor=None))
    boss = await sit_down(await employer_account(employer, password_hash="", actor=None))
    return Sitting(scene, worker, boss)


@pytest.fixture
async def opened(clerk, at_counter, quick_printer) -> Sitting:
    """The sitting has begun."""
    await clerk.sends(HERE, page=HERE, **BOTH)
    await clerk.reads(HERE)
    return at_counter


@pytest.fixture
async def signed(clerk, opened) -> Sitting:
    """Both have signed at the counter."""
    await signs(clerk, "EMPLOYER", strokes=OTHER_NAME)
    await clerk.reads(HERE)
    await signs(clerk, "WORKER")
    return opened
