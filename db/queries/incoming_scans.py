"""Questions about scans that were uploaded without saying which agreement they are (待归入的扫描件)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from db.paging import DESK_ROWS, Page, page_of, place
from db.queries.scope import within
from db.tables.agreements import IncomingScan
from rules.codes import IncomingState
from rules.permissions import Scope

_ROW = (
    IncomingScan.id,
    IncomingScan.media_type,
    IncomingScan.size,
    IncomingScan.pages,
    IncomingScan.sha256,
    IncomingScan.archive_key,
    IncomingScan.state,
    IncomingScan.read_number,
    IncomingScan.why,
    IncomingScan.uploaded_at,
    IncomingScan.settled_at,
    IncomingScan.agreement.number.as_alias("agreement"),
    IncomingScan.agreement.as_alias("agreement_id"),
    IncomingScan.uploaded_by.name.as_alias("uploader"),
    IncomingScan.settled_by.name.as_alias("settler"),
)


async def scans_in(scope: Scope, state: IncomingState | None, after: str = "") -> Page:
    """Uploaded scans in reach, newest first, of one state or all; a page of the desk."""
    wanted = [within(scope, IncomingScan.station)]
    if state:
        wanted.append(IncomingScan.state == state.value)
    if start := place(after, (int,)):
        wanted.append(IncomingScan.id < start[0])
    rows = await IncomingScan.select(*_ROW).where(*wanted).order_by(IncomingScan.id, ascending=False).limit(DESK_ROWS + 1)
    return page_of(rows, DESK_ROWS, "id")


async def scan_in(scope: Scope, scan_id: int) -> dict[str, Any] | None:
    """One uploaded scan whose station lies in the asker's reach."""
    return await IncomingScan.select(*_ROW).where(within(scope, IncomingScan.station), IncomingScan.id == scan_id).first()


async def waiting_for_hands(scope: Scope) -> int:
    """How many scans in reach found no agreement and wait for somebody to look."""
    return await IncomingScan.count().where(within(scope, IncomingScan.station), IncomingScan.state == IncomingState.UNKNOWN.value)


async def work_on_scan(scan_id: int) -> dict[str, Any] | None:
    """What whoever reads a scan needs: its file and who uploaded it; None when it is no longer to be read."""
    return (
        await IncomingScan.select(
            IncomingScan.id,
            IncomingScan.media_type,
            IncomingScan.sha256,
            IncomingScan.archive_key,
            IncomingScan.read_number,
            IncomingScan.uploaded_by.as_alias("by"),
        )
        .where(IncomingScan.id == scan_id, IncomingScan.state == IncomingState.READING.value)
        .first()
    )


async def unread_scans(before: datetime) -> list[int]:
    """Scans uploaded before that moment that nobody has read yet, oldest first: the work of a process that ended."""
    return (
        await IncomingScan.select(IncomingScan.id)
        .where(IncomingScan.state == IncomingState.READING.value, IncomingScan.uploaded_at < before)
        .order_by(IncomingScan.id)
        .limit(50)
        .output(as_list=True)
    )


async def outcomes(first: int, scan_ids: Sequence[int]) -> dict[str, int]:
    """How many of these uploads, and of the parts they were cut into, are in each state. `first`: the lowest id of them."""
    if not scan_ids:
        return {}
    mine = await IncomingScan.select(IncomingScan.uploaded_by.as_alias("by")).where(IncomingScan.id == first).first()
    rows = await IncomingScan.select(IncomingScan.state).where(
        IncomingScan.id >= first, IncomingScan.uploaded_by == (mine["by"] if mine else 0)
    )
    counted: dict[str, int] = {}
    for row in rows:
        counted[row["state"]] = counted.get(row["state"], 0) + 1
    return counted
