"""Printing long ledgers in the background: booklet after booklet by a printer that stands back, then issued as one paper.

What was printed is in the register of papers; how far it is, is only known while it runs. After a restart somebody clicks
again, and nothing is issued twice.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import structlog

from db.errors import StorageUnavailable
from rules.codes import PaperKind
from rules.errors import RuleBroken
from rules.ledger_papers import LedgerSheet
from rules.permissions import Actor
from rules.snapshots import snapshot_of
from web.background import BackgroundWork
from web.documents.renderer import Printer, PrintFailed
from web.ledger_layout import laid_out
from web.papers import keep_issued, keep_paper
from web.print_runs import Background
from web.settings import Settings
from web.station_certificate import station_certificate

JOB_SECONDS = 90.0
"""Wall-clock time of one booklet; the printer stands back for the desk's."""
NICENESS = 10
_FAULT = "打印出了错，没有做完。请再试一次；还不行的，请联系系统管理员。"

log = structlog.get_logger()


@dataclass(slots=True)
class Progress:
    """How far a ledger is: booklets done, of how many; `message` when it came to nothing."""

    done: int = 0
    of: int = 0
    message: str = ""
    working: bool = True


class LedgerPrints(BackgroundWork):
    """The ledgers this process prints, one after the other."""

    def __init__(self, settings: Settings, new_printer: Callable[[], Printer] | None = None) -> None:
        super().__init__()
        self.settings = settings
        self.new_printer = new_printer or (lambda: Printer(2, JOB_SECONDS, NICENESS))
        self._progress: dict[int, Progress] = {}
        self._turn = asyncio.Lock()

    def progress(self, version_id: int) -> Progress | None:
        """How far the paper of a version is; None when nobody asked for it since the start."""
        return self._progress.get(version_id)

    def start(self, version: dict[str, Any], sheet: LedgerSheet, actor: Actor) -> None:
        """Print it in the background, unless that is going on."""
        before = self._progress.get(version["id"])
        if before and before.working:
            return
        progress = self._progress[version["id"]] = Progress()
        self.begin(self._print(version, sheet, actor, progress))

    async def _print(self, version: dict[str, Any], sheet: LedgerSheet, actor: Actor, progress: Progress) -> None:
        def told(done: int, of: int) -> None:
            progress.done, progress.of = done, of

        try:
            async with self._turn:
                printer = self.new_printer()
                await printer.start()
                try:
                    body = await laid_out(printer, sheet, told=told)
                finally:
                    await printer.stop()
            await self._issue(version, sheet, actor, body)
        except (PrintFailed, RuleBroken) as failed:
            progress.message = failed.message
        except StorageUnavailable as error:
            log.warning("ledger_print", error=type(error).__name__)
            progress.message = _FAULT
        except Exception as error:
            log.error("ledger_print", error=type(error).__name__)
            progress.message = _FAULT
        finally:
            progress.working = False

    async def _issue(self, version: dict[str, Any], sheet: LedgerSheet, actor: Actor, body: bytes) -> None:
        kept = await keep_paper(body, station_certificate(self.settings), sheet.station.name)
        await keep_issued(
            Background(self.settings, actor, Printer(0)),
            kept,
            kind=PaperKind.LEDGER,
            number=version["number"],
            subject="ledger_version",
            subject_id=version["id"],
            station_id=version["station"],
            snapshot=snapshot_of(replace(sheet, content=None)),
        )
