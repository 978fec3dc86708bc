"""Questions about alerts (提醒)."""

from __future__ import annotations

from typing import Any

from piccolo.columns.combination import And, Or

from db.paging import DESK_ROWS, Page, page_of, place
from db.queries.scope import within
from db.tables.accounts import Alert
from rules.codes import AlertKind
from rules.permissions import Reach, Scope


async def open_alerts(scope: Scope, limit: int = 50) -> list[dict[str, Any]]:
    """The alerts in reach that nobody has dealt with, newest first; the district also sees those of no station."""
    return (
        await Alert.select(
            Alert.id,
            Alert.kind,
            Alert.subject,
            Alert.subject_id,
            Alert.details,
            Alert.at,
            Alert.station.name.as_alias("station_name"),
        )
        .where(_reach(scope), Alert.cleared_at.is_null())
        .order_by(Alert.id, ascending=False)
        .limit(limit)
    )


async def alerts_of(scope: Scope, *, kind: AlertKind | None = None, cleared: bool = False, after: str = "") -> Page:
    """The alerts in reach of one kind or all, that wait or are dealt with, newest first, 50 to a page."""
    query = Alert.select(
        Alert.id,
        Alert.kind,
        Alert.subject,
        Alert.subject_id,
        Alert.details,
        Alert.at,
        Alert.cleared_at,
        Alert.cleared_by.name.as_alias("cleared_by_name"),
        Alert.station.name.as_alias("station_name"),
    ).where(_reach(scope), Alert.cleared_at.is_not_null() if cleared else Alert.cleared_at.is_null())
    if kind:
        query = query.where(Alert.kind == kind.value)
    if start := place(after, (int,)):
        query = query.where(Alert.id < start[0])
    return page_of(await query.order_by(Alert.id, ascending=False).limit(DESK_ROWS + 1), DESK_ROWS, "id")


async def open_count(scope: Scope) -> int:
    """How many alerts in reach nobody has dealt with."""
    return await Alert.count().where(_reach(scope), Alert.cleared_at.is_null())


def _reach(scope: Scope) -> Any:
    reach = within(scope, Alert.station)
    match scope.reach:
        case Reach.DISTRICT:
            return Or(reach, Alert.station.is_null())
        case Reach.SUBDISTRICT:
            return reach
        case _:  # what goes past the station does not exist for it
            return And(reach, Alert.above.eq(False))


async def alert_in(scope: Scope, alert_id: int) -> dict[str, Any] | None:
    """One alert in reach; None when there is none."""
    return await Alert.select(Alert.id, Alert.kind, Alert.cleared_at).where(_reach(scope), Alert.id == alert_id).first()
