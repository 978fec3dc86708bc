"""Questions about requests a person made about their own data (信息请求). Only `opened_details` opens the words."""

from __future__ import annotations

from datetime import date
from typing import Any

from db.clock import today
from db.paging import DESK_ROWS, Page, page_of, place
from db.queries.scope import within
from db.tables.seekers import RightsRequest, Seeker
from db.vault import vault
from rules.codes import RightsState, SeekerState
from rules.permissions import Scope
from rules.rights import days_left

_SEEKER: Any = RightsRequest.seeker
_ROW = (
    RightsRequest.id,
    RightsRequest.seeker,
    RightsRequest.kind,
    RightsRequest.field,
    RightsRequest.state,
    RightsRequest.by_proxy,
    RightsRequest.asked_at,
    RightsRequest.asked_by.name.as_alias("asked_by"),
    RightsRequest.due_on,
    RightsRequest.answer,
    RightsRequest.answered_at,
    RightsRequest.answered_by.name.as_alias("answered_by"),
    _SEEKER.number.as_alias("seeker_number"),
    _SEEKER.name.as_alias("seeker_name"),
    _SEEKER.state.as_alias("seeker_state"),
)


def _read(row: dict[str, Any]) -> dict[str, Any]:
    """The row with the days that are left; None once it is answered."""
    waiting = row["state"] == RightsState.ASKED.value
    return {**row, "days_left": days_left(row["due_on"], today()) if waiting else None}


async def requests_in(scope: Scope, state: str = "", after: str = "") -> Page:
    """Requests of the persons in reach, 50 to a page: waiting ones first-due first, others newest first."""
    query = RightsRequest.select(*_ROW).where(within(scope, _SEEKER.station))
    waiting = state == RightsState.ASKED.value
    if state in RightsState._value2member_map_:
        query = query.where(RightsRequest.state == state)
    if start := place(after, (int,)):
        query = query.where(RightsRequest.id > start[0] if waiting else RightsRequest.id < start[0])
    # Ids grow with time and every request has the same fifteen days: by id is by due date.
    rows = await query.order_by(RightsRequest.id, ascending=waiting).limit(DESK_ROWS + 1)
    page = page_of(rows, DESK_ROWS, "id")
    return Page([_read(row) for row in page.rows], page.next)


async def request_in(scope: Scope, request_id: int) -> dict[str, Any] | None:
    """One request of a person in reach."""
    row = await RightsRequest.select(*_ROW).where(within(scope, _SEEKER.station), RightsRequest.id == request_id).first()
    return _read(row) if row else None


async def requests_of(seeker_id: int) -> list[dict[str, Any]]:
    """The newest fifty requests of one person; the caller found the person in reach, or it is the asker."""
    query = RightsRequest.select(*_ROW).where(RightsRequest.seeker == seeker_id)
    return [_read(row) for row in await query.order_by(RightsRequest.id, ascending=False).limit(50)]


async def open_requests(seeker_id: int) -> int:
    """How many requests of this person wait for an answer."""
    return await RightsRequest.count().where(RightsRequest.seeker == seeker_id, RightsRequest.state == RightsState.ASKED.value)


async def due_until(day: date) -> list[dict[str, Any]]:
    """Waiting requests due on that day or earlier, of persons whose data are still there; at most a thousand."""
    return (
        await RightsRequest.select(
            RightsRequest.id,
            RightsRequest.kind,
            RightsRequest.due_on,
            _SEEKER.number.as_alias("seeker_number"),
            _SEEKER.station.as_alias("station"),
        )
        .where(
            RightsRequest.state == RightsState.ASKED.value,
            RightsRequest.due_on <= day,
            _SEEKER.state != SeekerState.ANONYMISED.value,
        )
        .order_by(RightsRequest.id)
        .limit(1000)
    )


async def opened_details(request_id: int) -> str:
    """The words of a request, for the person and for those who answer it. LookupError when there is none."""
    row = await RightsRequest.select(RightsRequest.details).where(RightsRequest.id == request_id).first()
    if row is None:
        raise LookupError(request_id)
    return vault().open("rights_request.details", str(request_id), row["details"]) if row["details"] else ""


async def state_of_seeker(seeker_id: int) -> dict[str, Any] | None:
    """What the pages of rights show of the person's standing: suggestions, restriction, closing."""
    return (
        await Seeker.select(
            Seeker.suggestions,
            Seeker.restricted_until,
            Seeker.restricted_reason,
            Seeker.closed_at,
            Seeker.closed_reason,
            Seeker.anonymised_at,
        )
        .where(Seeker.id == seeker_id)
        .first()
    )
