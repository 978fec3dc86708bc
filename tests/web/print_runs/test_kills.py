"""The renderer is killed again and again in the middle of a bulk print: nothing is issued by halves, no number twice.

STATION_KILLS says how often (`script/bench kills`: 200); the few of a normal run show that it holds at all.
"""

import asyncio
import os
import random
import signal

import pytest
from pypdf import PdfReader

from db import archive
from db.queries import print_runs as queries
from db.tables.agreements import Agreement
from db.tables.documents import Paper, PrintRun
from db.tables.journal import JournalEntry
from db.verify_journal import verify
from tests.web.print_runs.conftest import put_drafts
from tests.web.print_runs.test_bulk_printing import fetched
from web.documents.renderer import Printer
from web.print_runs import JOB_SECONDS, NICENESS, PrintRuns

KILLS = int(os.environ.get("STATION_KILLS") or 6)
CHANCE = 0.65
"""That a paper's worker is killed under it, so that some papers use up all their tries and are named."""


class Killer:
    """Ends workers in the middle of a paper, after a moment that is drawn anew each time."""

    def __init__(self, kills: int) -> None:
        self.left, self.drawn = kills, random.Random(20261201)
        self.killed = 0

    async def hunt(self, runs: PrintRuns) -> None:
        """Go on until the last kill."""
        jobs: dict[int, int] = {}
        while self.left:
            await asyncio.sleep(0.005)
            for worker in list(runs._printer._workers) if runs._printer else ():
                if worker.pid and worker.jobs > jobs.get(worker.pid, 0):
                    jobs[worker.pid] = worker.jobs
                    if self.left and self.drawn.random() < CHANCE:
                        await asyncio.sleep(self.drawn.uniform(0, 0.25))
                        self._end(worker)

    def _end(self, worker) -> None:
        if worker.pid:
            os.kill(worker.pid, signal.SIGKILL)
            self.left -= 1
            self.killed += 1


@pytest.fixture
async def real_runs(app, monkeypatch):
    runs = PrintRuns(app.settings, lambda: Printer(2, JOB_SECONDS, NICENESS))
    monkeypatch.setitem(app.litestar.state, "print_runs", runs)
    yield runs
    await runs.stop()


async def test_however_often_the_renderer_dies_every_paper_is_whole(clerk, house, real_runs, asks, tmp_path):
    numbers = await put_drafts(max(4, KILLS * 2 // 3))
    assert numbers == [f"XLW-2026-{place:06d}" for place in range(1, len(numbers) + 1)]
    killer = Killer(KILLS)
    hunting = asyncio.ensure_future(killer.hunt(real_runs))
    url = await asks(clerk, kind="AGREEMENTS")
    rounds = 0
    while True:
        await real_runs.settled()
        await nothing_by_halves()
        rounds += 1
        run = await PrintRun.select(PrintRun.id, PrintRun.state).first()
        progress = await queries.progress(run["id"])
        if not progress.missing:
            break
        await clerk.sends(f"{url}/resumption", page=url)
    hunting.cancel()
    assert killer.killed >= min(KILLS, 3), "nobody was killed: the test shows nothing"
    assert run["state"] == "DONE"
    assert {row["state"] for row in await Agreement.select(Agreement.state)} == {"PRINTED"}
    path = tmp_path / "all.pdf"
    path.write_bytes(await fetched(clerk, url))
    assert len(PdfReader(path).pages) >= 2 * len(numbers)
    print(f"KILLS {killer.killed} PAPERS {len(numbers)} ROUNDS {rounds}")


async def nothing_by_halves() -> None:
    """What the database, the archive and the journal say of each number is one and the same."""
    issued = await Paper.select(Paper.id, Paper.number, Paper.copy_number, Paper.archive_key, Paper.sha256, Paper.voided_at)
    by_number = {row["number"]: row for row in issued}
    assert len(by_number) == len(issued), "no number twice"
    assert all(row["copy_number"] == 1 and row["voided_at"] is None for row in issued)
    for row in await Agreement.select(Agreement.number, Agreement.state, Agreement.paper):
        paper = by_number.get(row["number"])
        assert (row["state"] == "PRINTED") == (paper is not None), row
        assert row["paper"] == (paper["id"] if paper else None)
        if paper:
            body = await archive.opened(paper["archive_key"], paper["sha256"])
            assert body.startswith(b"%PDF")
            assert b"%%EOF" in body[-32:]
    for kind in ("PAPER_ISSUED", "AGREEMENT_PRINTED"):
        assert await JournalEntry.count().where(JournalEntry.kind == kind) == len(issued)
    assert (await verify())[1] is None
