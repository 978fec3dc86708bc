"""The public pages of the stations: where they are, when they are open, who supervises them, what hangs on their walls."""

import json
from itertools import groupby
from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from db.clock import today
from db.queries import stations as queries
from db.queries.emblems import emblem_of
from rules.board_editing import board_kind, read_rows
from rules.codes import BuildMode, EmblemKind, OperationMode, StationState
from rules.stations import PAGE_PAPERS, Facility
from web.boards import SHEETS, board_paper, filled_board, sheet_of
from web.guards import open_to_all
from web.render import found, page, pdf_file
from web.request import StationRequest

OFFERED = PAGE_PAPERS[:2]
"""Sheets the public pages offer; larger ones are for the station and its print shop."""


@get("/stations", guards=[open_to_all], name="stations:all")
async def all_stations(request: StationRequest) -> Response:
    """Every station by subdistrict: landmark, hours, phone."""
    rows = await queries.public_stations()
    groups = [(name, list(each)) for name, each in groupby(rows, key=lambda row: row["subdistrict_name"])]
    return page(request, "stations/index.html", groups=groups, states=StationState, station=None, back=request.url.path)


@get("/stations/{code:str}", guards=[open_to_all], name="stations:one")
async def one_station(request: StationRequest, code: FromPath[str]) -> Response:
    """Everything the public may know of one station (arts 9, 12, 22), with its ten boards to print."""
    station = found(await queries.station_with_code(code))
    return page(
        request,
        "stations/station.html",
        station=station,
        posts=await queries.open_posts(station["id"], today()),
        most=queries.MOST_COUNTED,
        boards=await queries.boards_of(station, today()),
        plaque=await emblem_of(station["id"], EmblemKind.PLAQUE),
        papers=OFFERED,
        back=request.url.path,
        **_labels(station),
    )


def _labels(station: dict[str, Any]) -> dict[str, Any]:
    return {
        "state": StationState(station["state"]),
        "build_mode": BuildMode.label_of(station["build_mode"]),
        "operation_mode": OperationMode.label_of(station["operation_mode"]),
        "facilities": [Facility.label_of(code) for code in json.loads(station["facilities"] or "[]")],
    }


@get("/stations/{code:str}/boards/{name:str}", guards=[open_to_all], name="stations:board")
async def board(request: StationRequest, code: FromPath[str], name: FromPath[str]) -> Response:
    """One board: `{kind}.pdf` as a sheet for the wall, `{kind}` to read on a phone with its earlier versions."""
    station = found(await queries.station_with_code(code))
    kind = found(board_kind(name.removesuffix(".pdf")))
    versions = await queries.board_versions(station, kind)
    current = queries.version_in_force(versions, today())
    if name.endswith(".pdf"):
        sheet = await board_paper(request, station, kind, current, paper=sheet_of(request.query_params.get("paper", "")), day=today())
        return pdf_file(await SHEETS.pdf(request, sheet), f"{station['name']}-{kind.label}", public=True)
    wanted = request.query_params.get("version", "")
    shown = next((version for version in versions if str(version["version"]) == wanted), current)
    text = await filled_board(station, kind, shown["lines"], today()) if shown is current else read_rows(kind, shown["lines"])
    return page(
        request,
        "stations/board.html",
        station=station,
        kind=kind,
        text=text,
        versions=versions,
        shown=shown,
        current=current,
        papers=OFFERED,
        back=request.url.path,
    )


ROUTES = [all_stations, one_station, board]
