"""Questions about the pictures for papers and boards (标识、牌匾): which is in use at a station, and what was before it."""

from __future__ import annotations

from typing import Any

from db.paging import Page, page_of, place
from db.queries.scope import within
from db.tables.documents import Emblem
from rules.codes import EmblemKind
from rules.permissions import Reach, Scope

SHOWN = 20

_ROW = (
    Emblem.id,
    Emblem.kind,
    Emblem.media_type,
    Emblem.width,
    Emblem.height,
    Emblem.size,
    Emblem.sha256,
    Emblem.archive_key,
    Emblem.set_at,
    Emblem.set_by.name.as_alias("setter"),
    Emblem.station.as_alias("station_id"),
    Emblem.station.name.as_alias("station"),
)


async def emblem_of(station_id: int, kind: EmblemKind) -> dict[str, Any] | None:
    """The picture in use at a station: the newest given to it or to all; None when there is none. Public."""
    return (
        await Emblem.select(*_ROW)
        .where(Emblem.kind == kind.value, (Emblem.station == station_id) | Emblem.station.is_null())
        .order_by(Emblem.id, ascending=False)
        .first()
    )


async def emblem_with(sha256: str) -> dict[str, Any] | None:
    """A picture by its bytes, also one that was replaced: boards that show it are printed again as they were."""
    return await Emblem.select(*_ROW).where(Emblem.sha256 == sha256).order_by(Emblem.id, ascending=False).first()


def _reached(scope: Scope) -> Any:
    """Pictures for every station belong to the district."""
    if scope.reach is Reach.DISTRICT:
        return within(scope, Emblem.station)
    return within(scope, Emblem.station) | Emblem.station.is_null()


async def emblems_in(scope: Scope, after: str = "") -> Page:
    """Every picture that was set in reach, newest first; a page."""
    wanted = [_reached(scope)]
    if start := place(after, (int,)):
        wanted.append(Emblem.id < start[0])
    rows = await Emblem.select(*_ROW).where(*wanted).order_by(Emblem.id, ascending=False).limit(SHOWN + 1)
    return page_of(rows, SHOWN, "id")


async def emblem_in(scope: Scope, emblem_id: int) -> dict[str, Any] | None:
    """One picture in reach, in use or replaced."""
    return await Emblem.select(*_ROW).where(_reached(scope), Emblem.id == emblem_id).first()
