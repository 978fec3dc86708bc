"""A month's ledger as a paper (P12) and as a workbook: of one's own station, of the stations in reach, of every signed version."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from db.actions.ledger_papers import note_exported
from db.queries import ledger as queries
from db.queries.ledger_papers import version_numbered
from db.queries.stations import own_station
from rules.ledger import month_label
from rules.permissions import Permission
from web.forms.base import PageForm
from web.guards import needs
from web.ledger_papers import (
    is_long,
    issued_ledger,
    preview_pdf,
    preview_workbook,
    printed_already,
    signed_sheet,
    workbook_of,
)
from web.ledger_prints import LedgerPrints
from web.render import done, found, page, pdf_file, workbook_file
from web.request import StationRequest

OWN, REACH = "/desk/ledgers", "/supervision/ledgers"
PRINTING = f"{OWN}/printing"
_READ, _PRINT, _EXPORT = needs(Permission.LEDGER_READ), needs(Permission.LEDGER_PRINT), needs(Permission.LEDGER_EXPORT)
Row = dict[str, Any]


async def _own_month(request: StationRequest, month: int) -> tuple[Row, Row]:
    station = found(await own_station(request.actor.station_id))
    return found(await queries.month_in(request.actor.scope, station["code"], month))


async def _month(request: StationRequest, code: str, month: int) -> tuple[Row, Row]:
    return found(await queries.month_in(request.actor.scope, code, month))


async def _newest(row: Row) -> Row | None:
    """The newest signed version of a month; None while it was never closed."""
    return await queries.version_of(row["id"], row["version"]) if row["version"] else None


async def _version(row: Row, number: int) -> Row:
    return found(await queries.version_of(row["id"], number))


async def _pdf(request: StationRequest, station: Row, row: Row, version: Row | None) -> Response:
    """The issued paper; a long one that was never printed leads to the page that prints it. An open month is a preview."""
    if version is None:
        content = await queries.live_content(station, row["month"], manager="", row=row)
        return pdf_file(await preview_pdf(request, station["id"], content), f"{month_label(row['month'])}月度工作台账（未结账）")
    sheet = await signed_sheet(request, version)
    body = await printed_already(sheet)
    if body is None and await is_long(sheet):
        return done(request, f"{PRINTING}/{version['number']}")
    return pdf_file(body or await issued_ledger(request, version, sheet), f"月度工作台账{version['number']}")


async def _workbook(request: StationRequest, station: Row, row: Row, version: Row | None) -> Response:
    """The workbook, after the journal knows of it."""
    month = row["month"]
    if version is None:
        content = await queries.live_content(station, month, manager="", row=row)
        body, name = await preview_workbook(content), f"{month_label(month)}月度工作台账（未结账）"
    else:
        body, name = await workbook_of(version), f"月度工作台账{version['number']}"
    await note_exported(station["id"], month, version, actor=request.actor)
    return workbook_file(body, name)


@get(OWN + "/{month:int}/ledger.pdf", guards=[_READ], name="ledger-papers:own-pdf")
async def own_pdf(request: StationRequest, month: FromPath[int]) -> Response:
    """月度工作台账 (P12) of one's own station: the newest version, or what an open month would look like."""
    station, row = await _own_month(request, month)
    return await _pdf(request, station, row, await _newest(row))


@get(OWN + "/{month:int}/ledger.xlsx", guards=[_EXPORT], name="ledger-papers:own-xlsx")
async def own_xlsx(request: StationRequest, month: FromPath[int]) -> Response:
    """The same as a workbook."""
    station, row = await _own_month(request, month)
    return await _workbook(request, station, row, await _newest(row))


@get(OWN + "/{month:int}/versions/{number:int}/ledger.pdf", guards=[_READ], name="ledger-papers:own-version-pdf")
async def own_version_pdf(request: StationRequest, month: FromPath[int], number: FromPath[int]) -> Response:
    """月度工作台账 (P12) of one version."""
    station, row = await _own_month(request, month)
    return await _pdf(request, station, row, await _version(row, number))


@get(OWN + "/{month:int}/versions/{number:int}/ledger.xlsx", guards=[_EXPORT], name="ledger-papers:own-version-xlsx")
async def own_version_xlsx(request: StationRequest, month: FromPath[int], number: FromPath[int]) -> Response:
    """One version as a workbook."""
    station, row = await _own_month(request, month)
    return await _workbook(request, station, row, await _version(row, number))


@get(REACH + "/{code:str}/{month:int}/ledger.pdf", guards=[_READ], name="ledger-papers:pdf")
async def reached_pdf(request: StationRequest, code: FromPath[str], month: FromPath[int]) -> Response:
    """月度工作台账 (P12) of a station in reach."""
    station, row = await _month(request, code, month)
    return await _pdf(request, station, row, await _newest(row))


@get(REACH + "/{code:str}/{month:int}/ledger.xlsx", guards=[_EXPORT], name="ledger-papers:xlsx")
async def reached_xlsx(request: StationRequest, code: FromPath[str], month: FromPath[int]) -> Response:
    """The same as a workbook."""
    station, row = await _month(request, code, month)
    return await _workbook(request, station, row, await _newest(row))


@get(REACH + "/{code:str}/{month:int}/versions/{number:int}/ledger.pdf", guards=[_READ], name="ledger-papers:version-pdf")
async def reached_version_pdf(request: StationRequest, code: FromPath[str], month: FromPath[int], number: FromPath[int]) -> Response:
    """月度工作台账 (P12) of one version of a station in reach."""
    station, row = await _month(request, code, month)
    return await _pdf(request, station, row, await _version(row, number))


@get(REACH + "/{code:str}/{month:int}/versions/{number:int}/ledger.xlsx", guards=[_EXPORT], name="ledger-papers:version-xlsx")
async def reached_version_xlsx(request: StationRequest, code: FromPath[str], month: FromPath[int], number: FromPath[int]) -> Response:
    """One version of a station in reach as a workbook."""
    station, row = await _month(request, code, month)
    return await _workbook(request, station, row, await _version(row, number))


@get(PRINTING + "/{number:str}", guards=[_READ], name="ledger-papers:printing")
async def printing(request: StationRequest, number: FromPath[str]) -> Response:
    """A long ledger on its way to paper: begin, how far it is, the file."""
    version = found(await version_numbered(request.actor.scope, number))
    return page(request, "ledger_papers/printing.html", fragment="ledger_papers/_progress.html", **await _progress(request, version))


async def _progress(request: StationRequest, version: Row) -> Row:
    prints: LedgerPrints = request.app.state.ledger_prints
    progress = prints.progress(version["id"])
    working = bool(progress and progress.working)
    ready = not working and await printed_already(await signed_sheet(request, version)) is not None
    home = (
        f"{OWN}/{version['month']}"
        if request.actor.station_id == version["station"]
        else f"{REACH}/{version['station_code']}/{version['month']}"
    )
    return {
        "version": version,
        "progress": progress,
        "working": working,
        "ready": ready,
        "label": month_label(version["month"]),
        "url": f"{PRINTING}/{version['number']}",
        "home": home,
        "file": f"{home}/versions/{version['version']}/ledger.pdf",
        "form": PageForm(),
    }


@post(PRINTING + "/{number:str}", guards=[_PRINT], name="ledger-papers:print")
async def print_long(request: StationRequest, number: FromPath[str]) -> Response:
    """Begin to print it, unless it is printed or being printed."""
    version = found(await version_numbered(request.actor.scope, number))
    await PageForm.posted(request)
    sheet = await signed_sheet(request, version)
    if await printed_already(sheet) is None:
        request.app.state.ledger_prints.start(version, sheet, request.actor)
    return done(request, f"{PRINTING}/{version['number']}")


ROUTES = [
    own_pdf,
    own_xlsx,
    own_version_pdf,
    own_version_xlsx,
    reached_pdf,
    reached_xlsx,
    reached_version_pdf,
    reached_version_xlsx,
    printing,
    print_long,
]
