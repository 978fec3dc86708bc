"""Reading uploaded scans in the background: the codes on them say which agreements they are.

Where it stands is in the database, so that after a restart the clockwork goes on with it (`resume`); two readers of the
same scan do no harm, because the actions look at its state again.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import structlog

from db import archive
from db.actions import incoming_scans as actions
from db.clock import now
from db.errors import StorageBusy
from db.queries import agreements
from db.queries import incoming_scans as queries
from db.queries.accounts import account_with_id, actor_of
from db.scan_codes import UNREADABLE, codes_on, cut
from rules.codes import AgreementState
from rules.errors import RuleBroken
from rules.incoming_scans import Mark, Part, check_mark_fits, parts_of
from rules.numbers import number_and_version
from rules.permissions import Actor, Permission
from rules.scans import ScanType
from web.background import BackgroundWork

QUIET_AFTER = timedelta(minutes=5)
"""A scan nobody has read for this long is taken up again."""

_TRIES = 5

log = structlog.get_logger()


class ScanRuns(BackgroundWork):
    """The tasks of this process."""

    def start(self, scan_id: int) -> None:
        """Read it in the background."""
        self.begin(self._run(scan_id))

    async def resume(self) -> int:
        """Take up what was left unread by a process that ended; how many there were."""
        waiting = await queries.unread_scans(now() - QUIET_AFTER)
        for scan_id in waiting:
            self.start(scan_id)
        return len(waiting)

    async def _run(self, scan_id: int) -> None:
        for attempt in range(_TRIES):
            try:
                await read_scan(scan_id)
                return
            except StorageBusy:
                await asyncio.sleep(1 + attempt)
            except Exception as error:
                log.error("scan", error=type(error).__name__, id=scan_id)
                return


async def read_scan(scan_id: int) -> None:
    """Read one scan and put it, or each of its parts, to the agreement it names; what finds none waits with the reason."""
    row = await queries.work_on_scan(scan_id)
    if row is None:
        return
    account = await account_with_id(row["by"])
    actor = actor_of(account) if account else None
    if actor is None or not actor.may(Permission.AGREEMENTS_DRAFT):
        return
    if row["read_number"]:  # a part that was cut out, left by a process that ended
        await _place(scan_id, Mark(*number_and_version(row["read_number"])), actor)
        return
    try:
        parts = await _read(row)
        marked = [(each, each.mark) for each in parts if each.mark]
        if len(marked) == 1:
            await _place(scan_id, marked[0][1], actor)
        else:
            await _place_parts(row, marked, actor)
    except RuleBroken as broken:
        await _leave(scan_id, broken.message, "", actor)
    except archive.ArchiveDamaged:
        await _leave(scan_id, UNREADABLE, "", actor)


async def _read(row: dict[str, Any]) -> tuple[Part, ...]:
    body = await archive.opened(row["archive_key"], row["sha256"])
    pages = await codes_on(ScanType(row["media_type"]), body)
    if len(pages) > 1:
        await actions.note_pages(row["id"], len(pages))
    return parts_of(pages)


async def _place_parts(row: dict[str, Any], parts: Sequence[tuple[Part, Mark]], actor: Actor) -> None:
    whole = await archive.opened(row["archive_key"], row["sha256"])
    bodies = await cut(whole, [part.pages for part, _ in parts])
    files = [archive.KeptScan(ScanType.PDF, await archive.keep(body)) for body in bodies]
    cut_out = [(mark, len(part.pages), file) for (part, mark), file in zip(parts, files, strict=True)]
    try:
        ids = await actions.split_scan(row["id"], cut_out, actor=actor)
    except RuleBroken:
        for file in files:
            await archive.discard(file.kept.key)
        return
    await archive.discard(row["archive_key"])
    for scan_id, (_, mark) in zip(ids, parts, strict=True):
        await _place(scan_id, mark, actor)


async def _place(scan_id: int, mark: Mark, actor: Actor) -> None:
    found = await agreements.agreement_in(actor.scope, mark.number)
    try:
        if found is None:
            check_mark_fits(mark, None)
        else:
            check_mark_fits(mark, AgreementState(found["state"]), found["version"])
            await actions.place_scan(scan_id, found["id"], mark, actor=actor)
    except RuleBroken as broken:
        await _leave(scan_id, broken.message, mark.printed, actor)


async def _leave(scan_id: int, why: str, number: str, actor: Actor) -> None:
    try:
        await actions.leave_scan(scan_id, why, read_number=number, actor=actor)
    except RuleBroken:  # somebody settled it meanwhile
        return
