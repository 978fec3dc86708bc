"""The nightly run over the whole record (核验), in a process of its own so that no page waits for it.

The clockwork asks every ten minutes. Between two and six in the morning a run that is due begins at once; a station that is
switched off at night has it an hour after it was switched on, when the morning rush is over.
"""

import asyncio
import os
import sys
import time
from contextlib import suppress
from pathlib import Path

import structlog

from db.clock import CHINA, now
from db.queries.verification import night_is_due
from rules.verification import NIGHT_HOUR

ROOT = Path(__file__).resolve().parents[1]
NIGHT_ENDS = 6
BY_DAY_AFTER = 3600.0
"""Seconds that the application has run before it begins a run by day."""

log = structlog.get_logger()


class RecordRuns:
    """The run of this process, when there is one."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._task: asyncio.Task[None] | None = None

    async def resume(self) -> int:
        """Begin the run that is due and that nobody works on; how many began."""
        if (self._task and not self._task.done()) or not self._may_begin() or not await night_is_due():
            return 0
        self._task = asyncio.get_running_loop().create_task(self._run())
        return 1

    async def stop(self) -> None:
        """End the run; the next start has it again."""
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    def _may_begin(self) -> bool:
        at_night = NIGHT_HOUR <= now().astimezone(CHINA).hour < NIGHT_ENDS
        return at_night or time.monotonic() - self._started >= BY_DAY_AFTER

    async def _run(self) -> None:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "db.verify_record", "--nightly"),
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            start_new_session=True,
            stdout=asyncio.subprocess.DEVNULL,
        )
        try:
            log.info("record_verified", code=await process.wait())
        finally:
            with suppress(ProcessLookupError):
                process.terminate()
            await process.wait()
