"""Questions about exports (导出): one's own, and those that wait for one's decision."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from piccolo.columns.combination import WhereRaw

from db.paging import DESK_ROWS, Page, page_of, place
from db.queries.scope import within
from db.tables.stations import Station
from db.tables.transfers import Export
from rules.codes import ExportState
from rules.permissions import Actor, Permission

_ROW = (
    Export.id,
    Export.kind,
    Export.search,
    Export.purpose,
    Export.note,
    Export.state,
    Export.asked_by,
    Export.asked_by.name.as_alias("asker"),
    Export.asked_by.role.as_alias("asker_role"),
    Export.asked_at,
    Export.station,
    Export.station.name.as_alias("station_name"),
    Export.decided_by.name.as_alias("decider"),
    Export.decided_at,
    Export.decision_reason,
    Export.mark,
    Export.rows,
    Export.size,
    Export.made_at,
    Export.fetched_at,
)


def _decidable(actor: Actor) -> Any:
    """What this person may decide: asked by somebody else at a station in reach; of officers' own ones the district."""
    if not actor.may(Permission.EXPORTS_DECIDE):
        return WhereRaw("1 = 0")
    return within(actor.scope, Export.station) & (Export.asked_by != actor.id)


def _read(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "search": json.loads(row["search"] or "{}")}


async def exports_of(actor: Actor, after: str = "") -> Page:
    """What this person asked for, newest first; a page of the desk."""
    query = Export.select(*_ROW).where(Export.asked_by == actor.id)
    if start := place(after, (int,)):
        query = query.where(Export.id < start[0])
    page = page_of(await query.order_by(Export.id, ascending=False).limit(DESK_ROWS + 1), DESK_ROWS, "id")
    return Page([_read(row) for row in page.rows], page.next)


async def exports_to_decide(actor: Actor) -> list[dict[str, Any]]:
    """What waits for this person's decision, the oldest first; at most a hundred."""
    rows = await Export.select(*_ROW).where(_decidable(actor), Export.state == ExportState.ASKED.value).order_by(Export.id).limit(100)
    return [_read(row) for row in rows]


async def export_for(actor: Actor, export_id: int) -> dict[str, Any] | None:
    """An export this person asked for or may decide; None for everybody else's."""
    row = await Export.select(*_ROW).where((Export.asked_by == actor.id) | _decidable(actor), Export.id == export_id).first()
    return _read(row) if row else None


async def export_to_make(export_id: int) -> dict[str, Any] | None:
    """An approved export that is not made yet."""
    row = await Export.select(*_ROW).where(Export.id == export_id, Export.state == ExportState.APPROVED.value).first()
    return _read(row) if row else None


async def exports_waiting(before: datetime) -> list[int]:
    """Approved exports that nobody made since that moment, after a restart."""
    rows = (
        await Export.select(Export.id)
        .where(Export.state == ExportState.APPROVED.value, Export.decided_at < before)
        .order_by(Export.id)
        .limit(20)
    )
    return [row["id"] for row in rows]


async def files_to_forget(before: datetime) -> list[dict[str, Any]]:
    """Files made before that moment that still lie in the archive."""
    return await Export.select(Export.id, Export.made).where(Export.made != "", Export.made_at < before).order_by(Export.id).limit(100)


async def place_of(actor: Actor) -> str:
    """Where somebody works, for the mark in a file: the station's name, else the role."""
    if actor.station_id is None:
        return actor.role.label
    row = await Station.select(Station.name).where(Station.id == actor.station_id).first()
    return row["name"] if row else actor.role.label
