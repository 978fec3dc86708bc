"""What time alone decides, written down while the application runs: posts that expire, referrals nobody answered.

Pages already show these as ended; this only makes the record say so, too.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Protocol

import structlog
from litestar import Litestar

from db.actions.calling_rules import publish_due_seeds
from db.actions.complaints import alert_overdue_complaints
from db.actions.followups import alert_late, begin_due
from db.actions.jobs import alert_overdue_reviews, expire_jobs
from db.actions.ledger import alert_overdue_ledgers
from db.actions.orders import alert_untaken, return_overdue
from db.actions.ratings import evaluate_due
from db.actions.referrals import lapse_overdue
from db.actions.rights import remind_overdue
from db.actions.signing import stop_overdue
from db.actions.verification import sign_due_heads
from db.signed_heads import SigningKeyError
from web.export_runs import ExportRuns
from web.import_runs import ImportRuns
from web.job_alerts import send_alerts
from web.senders import sender_named
from web.settings import Settings

EVERY_SECONDS = 600.0

log = structlog.get_logger()


class Runs(Protocol):
    """Work in the background that goes on after a restart."""

    async def resume(self) -> int:
        """Take up what nobody works on; how much of it there was."""


async def _round(settings: Settings, imports: ImportRuns, exports: ExportRuns, **others: Runs) -> dict[str, int]:
    """Everything that is due, each by its name; how much of it there was. `others`: further background work by its name."""
    sender = sender_named(settings.sender, settings.data_folder)
    return {
        "posts": await expire_jobs(),
        "referrals": await lapse_overdue(),
        "orders": await return_overdue(),
        "sittings": await stop_overdue(),
        "untaken_orders": await alert_untaken(),
        "overdue_reviews": await alert_overdue_reviews(),
        "rights": await remind_overdue(),
        "complaints": await alert_overdue_complaints(),
        "seeds": await publish_due_seeds(),
        "call_backs": await begin_due(),
        "late_call_backs": await alert_late(),
        "ratings": await evaluate_due(),
        "late_ledgers": await alert_overdue_ledgers(),
        "messages": await send_alerts(sender, settings.public_url),
        "imports": await imports.resume(),
        "exports": await exports.resume(),
        "heads": await _sign_heads(),
        **{name: await runs.resume() for name, runs in others.items()},
    }


async def _sign_heads() -> int:
    """Yesterday's heads, signed; a key that cannot be used keeps nothing else waiting."""
    try:
        return await sign_due_heads()
    except SigningKeyError as error:
        log.error("heads_not_signed", why=str(error))
        return 0


async def _tick(settings: Settings, imports: ImportRuns, exports: ExportRuns, **others: Runs) -> None:
    while True:
        try:
            done = await _round(settings, imports, exports, **others)
            if any(done.values()):
                log.info("clockwork", **done)
        except Exception as error:  # the next round tries again; the pages do not depend on it
            log.warning("clockwork", error=type(error).__name__)
        await asyncio.sleep(EVERY_SECONDS)


@asynccontextmanager
async def clockwork(app: Litestar) -> AsyncIterator[None]:
    """Runs every ten minutes for as long as the application runs."""
    runs: dict[str, Runs] = {"scans": app.state.scans, "record": app.state.record_runs}
    task = asyncio.create_task(_tick(app.state.settings, app.state.imports, app.state.exports, **runs))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await app.state.record_runs.stop()
