"""周水生 with a phone of his own, and a published post at the station that keeps his record."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from db.actions.people import worker_account
from db.actions.seekers import SeekerRef
from db.clock import now
from db.tables.jobs import Job
from db.tables.seekers import Seeker
from rules.permissions import Actor
from tests.visitor import Visitor
from tests.web.agreements.conftest import QuickPrinter
from tests.web.referrals.conftest import put_post, put_sample

JOB = "G261201-010001"
APPLY = f"/jobs/{JOB}/application"


@dataclass
class Worker:
    """A seeker with an account, and the browser he sits at."""

    ref: SeekerRef
    actor: Actor
    visitor: Visitor


async def put_public(post_id: str = "J02", number: str = JOB, **changes: Any) -> int:
    """A sample post that stands on the public board."""
    facts = {"trade": "C01", "title": "超市搬运工", "start_date": "2026-12-03", "end_date": "2026-12-03", **changes}
    job = await put_post(post_id, number, **facts)
    await Job.update({Job.published_at: now(), Job.listed: True, Job.verified_on: date(2026, 12, 1)}).where(Job.id == job)
    return job


async def put_worker(sit_down: Any, who: str = "S01", **columns: Any) -> Worker:
    """One of the sample seekers, signed in on the phone; `columns` change the record first."""
    ref = await put_sample(who)
    if columns:
        await Seeker.update(columns).where(Seeker.id == ref.id)
    actor = await worker_account(ref.id, actor=None)
    return Worker(ref, actor, await sit_down(actor))


@pytest.fixture
async def job(house: None) -> int:
    """The moving job, public, one place."""
    return await put_public()


@pytest.fixture
async def shui(sit_down) -> Worker:
    """周水生 on his phone."""
    return await put_worker(sit_down)


@pytest.fixture
async def other(sit_down) -> Worker:
    """孙玉兰, another worker of the same station."""
    return await put_worker(sit_down, "S07")


@pytest.fixture
def quick_printer(app, monkeypatch) -> QuickPrinter:
    """A printer that answers at once and remembers the papers."""
    printer = QuickPrinter()
    monkeypatch.setitem(app.litestar.state, "printer", printer)
    return printer
