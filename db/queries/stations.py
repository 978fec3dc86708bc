"""Questions about stations and their rule boards (驿站, 制度上墙)."""

from __future__ import annotations

from datetime import date
from typing import Any

from piccolo.columns.combination import WhereRaw

from db.paging import DESK_ROWS, Page, page_of, place
from db.tables.jobs import Job
from db.tables.stations import RuleBoard, Station, Subdistrict
from rules.board_editing import board_rows
from rules.boards import board_text
from rules.codes import BoardKind, StationState
from rules.permissions import Reach, Scope

MOST_COUNTED = 1000
"""A count on a page stops here; more reads as “1000+”."""

_FACTS = (
    Station.id,
    Station.code,
    Station.name,
    Station.build_mode,
    Station.operation_mode,
    Station.operator,
    Station.licence_no,
    Station.subdistrict,
    Station.subdistrict.name.as_alias("subdistrict_name"),
    Station.community,
    Station.address,
    Station.landmark,
    Station.floor_area_m2,
    Station.opening_hours,
    Station.phone,
    Station.complaint_phone,
    Station.supervising_unit,
    Station.supervising_phone,
    Station.plaque_no,
    Station.legal_point,
    Station.facilities,
    Station.state,
    Station.opened_on,
    Station.created_at,
)


async def public_stations() -> list[dict[str, Any]]:
    """Every station a visitor may look for, by subdistrict and code; those that closed for good are left out."""
    return (
        await Station.select(*_FACTS)
        .where(Station.state != StationState.CLOSED.value)
        .order_by(Station.subdistrict, Station.code)
        .limit(500)
    )


async def station_with_code(code: str) -> dict[str, Any] | None:
    """The public facts of one station."""
    return await Station.select(*_FACTS).where(Station.code == code).first()


async def station_in(scope: Scope, code: str) -> dict[str, Any] | None:
    """The station with this code, when it lies in the asker's reach."""
    return await Station.select(*_FACTS).where(Station.code == code, _reached(scope)).first()


async def own_station(station_id: int | None) -> dict[str, Any] | None:
    """The station somebody works at; None for those who work at none."""
    return await Station.select(*_FACTS).where(Station.id == (station_id or 0)).first()


async def stations_in(scope: Scope, after: str = "") -> Page:
    """The stations in the asker's reach, by code."""
    query = Station.select(*_FACTS).where(_reached(scope)).order_by(Station.code).limit(DESK_ROWS + 1)
    if start := place(after, (str,)):
        query = query.where(Station.code > start[0])
    return page_of(await query, DESK_ROWS, "code")


async def stations_to_choose(scope: Scope) -> list[dict[str, Any]]:
    """Id and name of the stations in the asker's reach, for a list to choose from."""
    return await Station.select(Station.id, Station.name).where(_reached(scope)).order_by(Station.code).limit(500)


def _reached(scope: Scope) -> Any:
    match scope.reach:
        case Reach.STATION:
            return Station.id == scope.station_id
        case Reach.OPERATOR:
            return Station.operator == scope.operator
        case Reach.SUBDISTRICT:
            return Station.subdistrict == scope.subdistrict
        case Reach.DISTRICT:
            return WhereRaw("1 = 1")


_OPEN_POSTS = """SELECT count(*) AS n FROM (SELECT 1 FROM job WHERE station = {} AND listed = {} AND valid_to >= {}
  AND (end_date IS NULL OR end_date >= {}) LIMIT 1000) AS counted"""


async def open_posts(station_id: int, today: date) -> int:
    """How many posts of a station stand on the board today; at most MOST_COUNTED."""
    rows = await Job.raw(_OPEN_POSTS, station_id, True, today, today)
    return int(rows[0]["n"])


async def subdistrict_office(code: str) -> dict[str, Any] | None:
    """The office of a subdistrict with its phone."""
    return await Subdistrict.select(Subdistrict.code, Subdistrict.office, Subdistrict.phone).where(Subdistrict.code == code).first()


_VERSION = (
    RuleBoard.kind,
    RuleBoard.version,
    RuleBoard.lines,
    RuleBoard.effective_from,
    RuleBoard.edited_by,
    RuleBoard.created_at,
)


async def board_versions(station: dict[str, Any], kind: BoardKind) -> list[dict[str, Any]]:
    """Every version of one board of a station, newest first; the standard text is the first of one never edited."""
    rows = (
        await RuleBoard.select(*_VERSION)
        .where(RuleBoard.station == station["id"], RuleBoard.kind == kind.value)
        .order_by(RuleBoard.version, ascending=False)
        .limit(200)
    )
    return rows or [standard_version(station, kind)]


def standard_version(station: dict[str, Any], kind: BoardKind) -> dict[str, Any]:
    """The text a station hangs up when it opens, as version 1."""
    return {
        "kind": kind.value,
        "version": 1,
        "lines": board_rows(board_text(kind)),
        "effective_from": station["opened_on"],
        "edited_by": "统一文本",
        "created_at": station["created_at"],
    }


def version_in_force(versions: list[dict[str, Any]], day: date) -> dict[str, Any]:
    """The newest version whose first day has come; the oldest one when none has."""
    return next((version for version in versions if version["effective_from"] <= day), versions[-1])


async def boards_of(station: dict[str, Any], day: date) -> list[dict[str, Any]]:
    """The ten boards in order: kind, title, the version in force that day and the one that follows it, if any."""
    rows = await RuleBoard.select(*_VERSION).where(RuleBoard.station == station["id"]).order_by(RuleBoard.version, ascending=False)
    boards = []
    for kind in BoardKind:
        versions = [row for row in rows if row["kind"] == kind.value] or [standard_version(station, kind)]
        current = version_in_force(versions, day)
        coming = versions[0] if versions[0]["version"] > current["version"] else None
        boards.append({"kind": kind, "title": kind.label, "current": current, "coming": coming})
    return boards
