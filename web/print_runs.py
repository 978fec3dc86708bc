"""The work on bulk prints (批量打印) in the background: paper after paper, then all of them bound into one file.

It runs in a process of its own (web/print_office.py), and pages are laid out by printers of its own that stand back for the
desk's, so that nobody at the counter waits for a bulk print. Every paper is issued exactly as if somebody had clicked on it, each in its
own transaction. Where it stands is in the database: after a restart it goes on, a paper that was issued is only fetched.
"""

import asyncio
import os
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog

from db import archive
from db.actions import print_runs as actions
from db.actions.print_runs import Outcome, Stopped
from db.clock import now, today
from db.errors import StorageUnavailable
from db.queries import print_runs as queries
from db.queries.accounts import account_with_id, actor_of
from rules.codes import PrintItemState
from rules.errors import RuleBroken
from rules.permissions import Actor, Permission
from rules.print_runs import TRIES, Wanted, read_wanted
from web.background import BackgroundWork
from web.bulk_papers import file_name, printed_paper
from web.documents.binding import BindingFailed, bind
from web.documents.renderer import GlyphMissing, Printer, PrintFailed
from web.settings import Settings

SILENT_AFTER = timedelta(minutes=2)
"""A bulk print whose task said nothing for this long is taken over."""
BEAT_SECONDS = 20.0
"""How often a task says that it still works."""
NOTED_TOGETHER, NOTED_AFTER = 5, 1.5
"""Papers noted in one transaction, and seconds after which fewer are: issued ones are in the journal already, so that a
lost note costs nothing."""
JOB_SECONDS = 60.0
"""Wall-clock time of one paper; the printer stands back, so that a paper may have to wait for the desk."""
NICENESS = 19
_LOST = "申请人现在没有批量打印的权限，没有打印。"
_FAULT = "打印出了错，没有做完。请点“再打一次没有打出来的”；还不行的，请联系系统管理员。"
_NOT_BOUND = "文书都排好了，但是没有合成一个文件。请点“再打一次没有打出来的”，或者改成压缩包再打一次。"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Background:
    """Somebody who asked for papers and went on with other work (a `web.request.Asker`)."""

    settings: Settings
    actor: Actor
    printer: Printer


class PrintRuns(BackgroundWork):
    """The tasks of this process, and the printer that stands back; it has processes only while something is printed."""

    def __init__(self, settings: Settings, new_printer: Callable[[], Printer] | None = None) -> None:
        super().__init__()
        self.settings = settings
        self.new_printer = new_printer or (lambda: Printer(min(2, len(os.sched_getaffinity(0))), JOB_SECONDS, NICENESS))
        self._printer: Printer | None = None
        self._using = 0

    def start(self, run_id: int) -> None:
        """Work on it in the background, unless somebody does, or another one of its station comes first."""
        self.begin(self._run(run_id))

    async def resume(self) -> int:
        """Take up what nobody works on. How many there were."""
        waiting = await queries.runs_to_work_on(now() - SILENT_AFTER)
        for run_id in waiting:
            self.start(run_id)
        return len(waiting)

    async def _run(self, run_id: int) -> None:
        runner = secrets.token_hex(8)
        try:
            if not await actions.claim_run(run_id, runner, silent_since=now() - SILENT_AFTER):
                return
            await self._work(run_id, runner)
        except Stopped:
            pass
        except StorageUnavailable as error:
            log.warning("print_run", error=type(error).__name__, id=run_id)  # taken up again within two minutes
            return
        except Exception as error:
            log.error("print_run", error=type(error).__name__, id=run_id)
            with suppress(Stopped, StorageUnavailable):
                await actions.end_run(run_id, runner, kept=None, message=_FAULT)
        await self._next_of(run_id)

    async def _next_of(self, run_id: int) -> None:
        row = await queries.run_with(run_id)
        for following in await queries.runs_to_work_on(now() - SILENT_AFTER, row["station"] if row else 0):
            self.start(following)

    async def _work(self, run_id: int, runner: str) -> None:
        row = await queries.run_with(run_id)
        account = await account_with_id(row["asked_by"]) if row else None
        actor = actor_of(account) if account and account["active"] else None
        if row is None or actor is None or not actor.may(Permission.PRINT_MANY) or actor.station_id != row["station"]:
            await actions.end_run(run_id, runner, kept=None, message=_LOST)
            return
        wanted = read_wanted(row["kind"], row["bundle"], row["day"], row["choice"])
        beating = asyncio.ensure_future(_beat(run_id, runner))
        try:
            async with self._standing_back() as printer:
                await _print(run_id, runner, wanted, Background(self.settings, actor, printer))
            await _bind(run_id, runner, wanted)
        finally:
            beating.cancel()

    @asynccontextmanager
    async def _standing_back(self) -> AsyncIterator[Printer]:
        """The printer for bulk prints, started for the first that needs it and stopped after the last."""
        self._using += 1
        try:
            if self._printer is None:
                self._printer = self.new_printer()
                await self._printer.start()
            yield self._printer
        finally:
            self._using -= 1
            if not self._using and self._printer:
                stopping, self._printer = self._printer, None
                await stopping.stop()


async def _beat(run_id: int, runner: str) -> None:
    """Say now and then that it is still worked on: binding hundreds of papers is one long step."""
    with suppress(Stopped, StorageUnavailable):
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            await actions.note_outcomes(run_id, runner, [])


class _Notes:
    """Outcomes on their way to the database."""

    def __init__(self, run_id: int, runner: str) -> None:
        self.run_id, self.runner = run_id, runner
        self.kept: list[Outcome] = []
        self.written = time.monotonic()

    async def add(self, outcome: Outcome) -> None:
        """Keep it; every few are written down. Stopped when somebody cancelled."""
        self.kept.append(outcome)
        if len(self.kept) >= NOTED_TOGETHER or time.monotonic() - self.written > NOTED_AFTER:
            await self.write()

    async def write(self) -> None:
        """Write down what is not written yet, also when there is nothing: it says that somebody still works on it."""
        taken, self.kept, self.written = self.kept, [], time.monotonic()
        await actions.note_outcomes(self.run_id, self.runner, taken)


async def _print(run_id: int, runner: str, wanted: Wanted, asker: Background) -> None:
    """Every paper that waits, as many at a time as the printer has workers."""
    items = await queries.waiting_items(run_id)
    notes, items_left = _Notes(run_id, runner), iter(items)

    async def hand() -> None:
        for item in items_left:
            await notes.add(await _outcome(item, wanted, asker))

    hands = [asyncio.ensure_future(hand()) for _ in range(getattr(asker.printer, "size", 2))]
    try:
        await asyncio.gather(*hands)
    except BaseException:
        for each in hands:
            each.cancel()
        await asyncio.gather(*hands, return_exceptions=True)
        with suppress(Stopped, StorageUnavailable):
            await notes.write()
        raise
    await notes.write()


async def _outcome(item: dict[str, Any], wanted: Wanted, asker: Background) -> Outcome:
    """Print one paper, again when the printing program broke down under it; what stands in the way is said, not raised."""
    failed, tries = "", 0
    while tries < TRIES:
        tries += 1
        try:
            kept = await printed_paper(item, wanted, asker, day=today())
            return Outcome(item["id"], PrintItemState.PRINTED, tries, archive_key=kept.key, sha256=kept.sha256)
        except PrintFailed as broken:
            failed = broken.message
            if isinstance(broken, GlyphMissing):
                break
        except RuleBroken as broken:
            if not isinstance(broken.__cause__, PrintFailed):
                return Outcome(item["id"], PrintItemState.SKIPPED, tries, broken.message)
            failed = broken.message
            if isinstance(broken.__cause__, GlyphMissing):
                break
        except StorageUnavailable:
            raise
        except Exception as error:  # one paper, not the whole bulk print
            log.error("print_item", error=type(error).__name__, id=item["id"])
            return Outcome(item["id"], PrintItemState.FAILED, tries, "这一份出了错。请单独打开它打印一次；还不行的，请联系系统管理员。")
    return Outcome(item["id"], PrintItemState.FAILED, tries, failed)


async def _bind(run_id: int, runner: str, wanted: Wanted) -> None:
    """One file of everything that came out."""
    items = await queries.printed_items(run_id)
    if not items:
        await actions.end_run(run_id, runner, kept=None, message="一份也没有打出来，原因见下表。")
        return

    async def papers() -> AsyncIterator[tuple[str, bytes]]:
        for item in items:
            yield file_name(wanted.kind, item["number"]), await archive.opened(item["archive_key"], item["sha256"])

    try:
        bound = await bind(papers(), wanted.bundle, duplex=wanted.duplex)
    except BindingFailed:
        await actions.end_run(run_id, runner, kept=None, message=_NOT_BOUND)
        return
    kept = await archive.keep(bound.body)
    try:
        await actions.end_run(run_id, runner, kept=kept, pages=bound.pages)
    except BaseException:
        await archive.discard(kept.key)
        raise
