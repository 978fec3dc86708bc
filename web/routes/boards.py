"""The station's own wall at the desk: the ten boards, their texts and versions (art. 12)."""

from datetime import date
from typing import Any, cast

from litestar import Response, get, post
from litestar.params import FromPath

from db.actions import stations as actions
from db.clock import today
from db.queries import stations as queries
from db.queries.emblems import emblem_of
from rules.board_editing import PLACEHOLDERS, board_kind, edited_board
from rules.codes import BoardKind, EmblemKind, PrintRunKind
from rules.errors import RuleBroken
from rules.permissions import Permission
from rules.stations import PAGE_PAPERS
from web.boards import SHEETS, board_paper, finish_of, sheet_of
from web.forms.print_runs import PrintRunForm
from web.forms.stations import BoardForm
from web.guards import needs
from web.render import again, found, page, pdf_file
from web.request import StationRequest
from web.submission import submit


@get("/desk/boards", guards=[needs(Permission.STATIONS_READ)], name="boards:all")
async def boards(request: StationRequest) -> Response:
    """The ten boards of one's own station: version in force, since when, by whom."""
    station = found(await queries.own_station(request.actor.station_id))
    rows = await queries.boards_of(station, today())
    printing = None
    if request.actor.may(Permission.PRINT_MANY):
        printing = PrintRunForm(kind=PrintRunKind.BOARDS.value)
    return page(
        request,
        "boards/index.html",
        station=station,
        boards=rows,
        papers=PAGE_PAPERS,
        printing=printing,
        emblem=await emblem_of(station["id"], EmblemKind.EMBLEM),
        plaque=await emblem_of(station["id"], EmblemKind.PLAQUE),
    )


async def _context(request: StationRequest, kind: BoardKind, station: dict[str, Any]) -> dict[str, Any]:
    versions = await queries.board_versions(station, kind)
    return {
        "kind": kind,
        "station": station,
        "versions": versions,
        "current": queries.version_in_force(versions, today()),
        "placeholders": PLACEHOLDERS,
        "papers": PAGE_PAPERS,
    }


@get("/desk/boards/{kind:str}", guards=[needs(Permission.STATIONS_READ)], name="boards:one")
async def board(request: StationRequest, kind: FromPath[str]) -> Response:
    """One board with its versions; the manager also gets the form for a new version."""
    station = found(await queries.own_station(request.actor.station_id))
    context = await _context(request, found(board_kind(kind)), station)
    latest = context["versions"][0]
    day = max(latest["effective_from"], today())
    form = BoardForm(lines=latest["lines"], effective_from=day, based_on=latest["version"])
    return page(request, "boards/board.html", form=form, **context)


@post("/desk/boards/{kind:str}", guards=[needs(Permission.BOARDS_EDIT)], name="boards:edit")
async def edit(request: StationRequest, kind: FromPath[str]) -> Response:
    """Save a new version. It is printed before it is kept: a text too long for its sheet comes back."""
    station = found(await queries.own_station(request.actor.station_id))
    wanted_board = found(board_kind(kind))
    form = await BoardForm.posted(request)
    if form.validate() and await _prints(request, form, wanted_board, station):
        saved = await submit(
            request,
            form,
            lambda: actions.edit_board(
                station["id"],
                wanted_board,
                form.lines.data,
                cast(date, form.effective_from.data),
                based_on=form.version_seen,
                actor=request.actor,
            ),
            to=lambda _: f"/desk/boards/{wanted_board.value}",
            said=f"《{wanted_board.label}》新版已保存，自{form.effective_from.data:%Y-%m-%d}起施行。请打印后换下旧版。",
        )
        if saved:
            return saved
    return again(request, "boards/board.html", form=form, **await _context(request, wanted_board, station))


async def _prints(request: StationRequest, form: BoardForm, kind: BoardKind, station: dict[str, Any]) -> bool:
    """Whether the typed text stands on one A3 sheet at 24 points; the refusal goes onto the form."""
    try:
        edited_board(kind, form.lines.data)
        version = {"version": form.version_seen + 1, "lines": form.lines.data, "effective_from": form.effective_from.data}
        version["created_at"] = station["created_at"]
        sheet = await board_paper(request, station, kind, version, paper=PAGE_PAPERS[0], day=today())
        await SHEETS.pdf(request, sheet)
    except RuleBroken as broken:
        broken.field = broken.field or "lines"
        form.refuse(broken)
        return False
    return True


@get("/desk/boards/{kind:str}/versions/{version:int}", guards=[needs(Permission.STATIONS_READ)], name="boards:preview")
async def preview(request: StationRequest, kind: FromPath[str], version: FromPath[int]) -> Response:
    """Any version as a sheet, also one whose day has not come."""
    station = found(await queries.own_station(request.actor.station_id))
    wanted_board = found(board_kind(kind))
    versions = await queries.board_versions(station, wanted_board)
    wanted = found(next((row for row in versions if row["version"] == version), None))
    sheet = await board_paper(
        request,
        station,
        wanted_board,
        wanted,
        paper=sheet_of(request.query_params.get("paper", "")),
        day=max(today(), wanted["effective_from"]),
        finish=finish_of(request.query_params.get("finish", "")),
    )
    return pdf_file(await SHEETS.pdf(request, sheet), f"{wanted_board.label}-第{version}版")


ROUTES = [boards, board, edit, preview]
