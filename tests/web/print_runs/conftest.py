"""A morning's agreements at 金银湖 station, and a printer that does what the test tells it."""

import asyncio

import pytest

from db.actions.agreements import draft_agreement
from db.tables.agreements import Agreement
from db.tables.documents import PrintRun
from rules.codes import ReferralState
from rules.terms import JobTerms
from tests.cast import LAKE, PEOPLE
from tests.visitor import path_of
from tests.web.agreement_scene import TERMS, put_scene, put_worker
from tests.web.agreements.conftest import blank_pdf
from tests.web.rows import put_referral
from web.documents.renderer import PrintFailed
from web.print_runs import PrintRuns

CHEN = PEOPLE["chen"]
HOME = "/desk/print-runs"
NAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章"


class ToldPrinter:
    """Prints blank pages; `broken` papers fail so many times, and `gate` holds every paper back."""

    size = 2

    def __init__(self):
        self.printed, self.broken, self.running, self.started = [], {}, 0, 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def start(self):
        self.started += 1
        self.running += 1

    async def stop(self):
        self.running -= 1

    async def pdf(self, template, context, *, variant=None, assets=None):
        await self.gate.wait()
        number = context["paper"].number
        if self.broken.get(number, 0):
            self.broken[number] -= 1
            raise PrintFailed("打印程序中断了，请再打印一次；还不行请缩短填写的内容。")
        self.printed.append(number)
        return blank_pdf(3) + f"%{number}".encode()


@pytest.fixture
def printer():
    return ToldPrinter()


@pytest.fixture
async def runs(app, printer, monkeypatch):
    """The application's bulk prints, with that printer."""
    runs = PrintRuns(app.settings, lambda: printer)
    monkeypatch.setitem(app.litestar.state, "print_runs", runs)
    yield runs
    printer.gate.set()
    await runs.stop()


async def put_drafts(count: int, terms: JobTerms = TERMS) -> list[str]:
    """So many agreements drafted this morning; their numbers."""
    scene = await put_scene(headcount=count, terms=terms)
    numbers = []
    for place in range(count):
        referral = scene.referral
        if place:
            seeker = await put_worker(f"Q260150{place + 1000:05d}", f"{NAMES[place % len(NAMES)]}{NAMES[place // len(NAMES)]}生")
            referral = await put_referral(f"T261201{place + 1000:05d}", scene.job, seeker, LAKE, ReferralState.EMPLOYER_ACCEPTED)
        numbers.append((await draft_agreement(referral, {"质量要求": "码齐"}, actor=CHEN)).number)
    return numbers


@pytest.fixture
async def drafts(house) -> list[str]:
    """Four agreements, drafted this morning."""
    return await put_drafts(4)


@pytest.fixture
def asks():
    """`await asks(person, kind="AGREEMENTS", …)`: ask for a bulk print; its address."""

    async def ask(person, **fields) -> str:
        return path_of(await person.sends(HOME, page=HOME, **fields))

    return ask


async def states() -> dict[str, str]:
    """Agreement number to state."""
    return {row["number"]: row["state"] for row in await Agreement.select(Agreement.number, Agreement.state)}


async def run_state() -> str:
    row = await PrintRun.select(PrintRun.state).order_by(PrintRun.id, ascending=False).first()
    return row["state"]
