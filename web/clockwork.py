"""What time alone decides, written down while the application runs: posts that expire, referrals nobody answered.

Pages already show these as ended; this only makes the record say so, too.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog
from litestar import Litestar

from db.actions.jobs import expire_jobs
from db.actions.referrals import lapse_overdue

EVERY_SECONDS = 600.0

log = structlog.get_logger()


async def _tick() -> None:
    while True:
        try:
            ended = await expire_jobs(), await lapse_overdue()
            if any(ended):
                log.info("clockwork", posts=ended[0], referrals=ended[1])
        except Exception as error:  # the next round tries again; the pages do not depend on it
            log.warning("clockwork", error=type(error).__name__)
        await asyncio.sleep(EVERY_SECONDS)


@asynccontextmanager
async def clockwork(app: Litestar) -> AsyncIterator[None]:
    """Runs every ten minutes for as long as the application runs."""
    task = asyncio.create_task(_tick())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
