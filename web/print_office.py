"""The process that works on bulk prints (web/print_runs.py), started when there is something to print and gone afterwards.

Gathering and issuing a paper takes the web process some thirty milliseconds, in which it answers nobody; five hundred of
them would be felt at every counter. So it happens in a process of its own, of the lowest priority, on the same database.
`python -m web.print_office` works until nothing waits any more.
"""

import asyncio
import fcntl
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

import structlog

from db import archive
from db.actions import print_runs as actions
from db.clock import now
from db.queries import print_runs as queries
from piccolo_conf import DB
from web.print_runs import NICENESS, PrintRuns
from web.settings import Settings, load_settings

ROOT = Path(__file__).resolve().parents[1]
EVERY_SECONDS = 60.0
"""How often the web process looks for bulk prints that nobody works on, and for files that are out of date."""
LOOK_SECONDS = 1.0

log = structlog.get_logger()


class PrintOffice:
    """The web process's side: has the work done, and done again when its process dies."""

    def __init__(self) -> None:
        self._asked = asyncio.Event()
        self._watch: asyncio.Task[None] | None = None
        self._process: asyncio.subprocess.Process | None = None

    def begin(self) -> None:
        """Take up what a restart interrupted, and from now on everything that is asked for."""
        self._asked = asyncio.Event()
        self._watch = asyncio.get_running_loop().create_task(self._look())

    def start(self, run_id: int) -> None:
        """A bulk print was asked for."""
        self._asked.set()

    async def stop(self) -> None:
        """End the work; what was not issued is taken up at the next start."""
        if self._watch:
            self._watch.cancel()
            with suppress(asyncio.CancelledError):
                await self._watch

    async def _look(self) -> None:
        while True:
            self._asked.clear()
            try:
                if await queries.runs_to_work_on(now()):  # also one whose process died a moment ago
                    await self._work()
                for key in await actions.forget_files():
                    await archive.discard(key)
            except Exception as error:  # the next round tries again
                log.warning("print_office", error=type(error).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._asked.wait(), EVERY_SECONDS)

    async def _work(self) -> None:
        """The process, until it finds nothing more to do."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "web.print_office", cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, start_new_session=True
        )
        try:
            if await self._process.wait():
                log.warning("print_office_died", code=self._process.returncode)
                await asyncio.sleep(LOOK_SECONDS)
                self._asked.set()
        finally:
            with suppress(ProcessLookupError):
                self._process.terminate()
            await self._process.wait()


async def work(settings: Settings) -> None:
    """Print everything that waits; one such process at a time on a machine."""
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    with (settings.data_folder / "print_office.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        await DB.start_connection_pool()
        runs = PrintRuns(settings)
        try:
            if DB.engine_type == "sqlite":  # nobody but this process could be working on anything
                await actions.release_runs()
            while await runs.resume() or runs.busy:  # noqa: ASYNC110 - what is asked for stands in the database
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            await runs.stop()
            await DB.close_connection_pool()


async def _until_told(settings: Settings) -> None:
    """`work`, ended cleanly when the web process says so."""
    working = asyncio.ensure_future(work(settings))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, working.cancel)
    with suppress(asyncio.CancelledError):
        await working


def stand_back() -> None:
    """For this process and all it starts: the lowest priority, and the upper half of several processors.

    The others stay the desk's. Priority alone is not enough: a page that is asked for would have to drive a paper out of a
    processor first, and find its caches full of letters.
    """
    os.nice(NICENESS)
    processors = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, processors[len(processors) // 2 :])


def main() -> None:
    """Stand back for everybody else, and print."""
    stand_back()
    asyncio.run(_until_told(load_settings()))


if __name__ == "__main__":
    main()
