"""The monthly ledgers of the stations in reach (台账监督): which month is where, what is late or corrected; accepted or queried here."""

from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.params import FromPath

from db.actions import ledger as actions
from db.clock import today
from db.queries import ledger as queries
from rules.codes import SUBDISTRICTS, LedgerState
from rules.ledger import may_decide, month_label, month_of
from rules.permissions import Permission, Reach
from web.confirmation import confirm_first
from web.forms.base import PageForm
from web.forms.ledger import QueryForm
from web.forms.placements import year_of
from web.guards import needs
from web.ledger_pages import STEPS, rows_sheet, sheet, version_sheet
from web.render import again, found, page
from web.request import StationRequest
from web.submission import submit

HOME = "/supervision/ledgers"
_READ, _DECIDE = needs(Permission.LEDGER_READ), needs(Permission.LEDGER_DECIDE)

STATES = {
    "": "全部",
    **{state.value: state.label for state in LedgerState if state is not LedgerState.OPEN},
    "overdue": "逾期",
    "corrected": "有更正",
}
"""What the matrix can be narrowed to."""


@get(HOME, guards=[_READ], name="ledgers:matrix")
async def matrix(request: StationRequest) -> Response:
    """Stations and the months of a year side by side: state, late, corrections, late entries."""
    asked = request.query_params
    year, after = year_of(asked.get("year", ""), today()), asked.get("after", "")
    state, place = asked.get("state", ""), asked.get("subdistrict", "")
    wanted = queries.MonthFilter(state if state in STATES else "", place if place in SUBDISTRICTS else "", year)
    months = [year * 100 + n for n in range(1, 13) if year * 100 + n <= month_of(today())]
    rows = await queries.matrix(request.actor.scope, months, wanted, after)
    kept = {"year": year, "state": wanted.state, "subdistrict": wanted.subdistrict}
    base = f"{HOME}?{urlencode({name: value for name, value in kept.items() if value})}"
    return page(
        request,
        "ledger/matrix.html",
        fragment="ledger/_matrix.html",
        rows=rows.rows,
        months=months,
        wanted=wanted,
        states=STATES,
        subdistricts=SUBDISTRICTS if request.actor.scope.reach is Reach.DISTRICT else {},
        this_year=today().year,
        LedgerState=LedgerState,
        links={"previous": base if after else "", "next": f"{base}&{urlencode({'after': rows.next})}" if rows.next else ""},
    )


async def _month(request: StationRequest, code: str, month: int) -> tuple[dict[str, Any], dict[str, Any]]:
    return found(await queries.month_in(request.actor.scope, code, month))


async def _sheet(request: StationRequest, station: dict[str, Any], row: dict[str, Any], **forms: Any) -> dict[str, Any]:
    decides = request.actor.may(Permission.LEDGER_DECIDE) and may_decide(request.actor, station["build_mode"])
    own: dict[str, Any] = {"accept_form": PageForm(), "query_form": QueryForm(), "decides": decides, "officer": True}
    return await sheet(request, station, row, f"{HOME}/{station['code']}/{row['month']}", **own | forms)


@get(HOME + "/{code:str}/{month:int}", guards=[_READ], name="ledgers:month")
async def month_page(request: StationRequest, code: FromPath[str], month: FromPath[int]) -> Response:
    """One station's month, to be accepted or sent back by the unit that supervises the station."""
    station, row = await _month(request, code, month)
    return page(request, "ledger/month.html", fragment="ledger/_part.html", **await _sheet(request, station, row))


@get(HOME + "/{code:str}/{month:int}/rows", guards=[_READ], name="ledgers:rows")
async def rows(request: StationRequest, code: FromPath[str], month: FromPath[int]) -> Response:
    """The rows behind a figure of part 1, masked."""
    station, row = await _month(request, code, month)
    shown = await rows_sheet(request, station, row, f"{HOME}/{code}/{month}")
    return page(request, "ledger/rows.html", fragment="ledger/_rows.html", **shown)


@get(HOME + "/{code:str}/{month:int}/versions/{number:int}", guards=[_READ], name="ledgers:version")
async def version_page(request: StationRequest, code: FromPath[str], month: FromPath[int], number: FromPath[int]) -> Response:
    """A version as it was signed, and what differs from the one before."""
    station, row = await _month(request, code, month)
    version = found(await queries.version_of(row["id"], number))
    shown = await version_sheet(request, station, row, version, f"{HOME}/{code}/{month}")
    return page(request, "ledger/version.html", fragment="ledger/_part.html", **shown)


@post(HOME + "/{code:str}/{month:int}/acceptance", guards=[_DECIDE], name="ledgers:accept")
async def accept(request: StationRequest, code: FromPath[str], month: FromPath[int]) -> Response:
    """接收: the supervising unit takes the newest version in."""
    station, row = await _month(request, code, month)
    confirm_first(request)
    form = await PageForm.posted(request)
    saved = await submit(
        request,
        form,
        lambda: actions.accept_month(code, month, actor=request.actor),
        to=lambda _: f"{HOME}/{code}/{month}",
        said=f"已接收{station['name']}{month_label(month)}的台账。",
    )
    if saved is not None:
        return saved
    return again(request, "ledger/month.html", **await _sheet(request, station, row, accept_form=form, form=form))


@post(HOME + "/{code:str}/{month:int}/query", guards=[_DECIDE], name="ledgers:query")
async def query(request: StationRequest, code: FromPath[str], month: FromPath[int]) -> Response:
    """退回核实: what has to be looked into goes back to the station."""
    station, row = await _month(request, code, month)
    form = await QueryForm.posted(request)
    if form.validate():
        question = form.question.data or ""
        saved = await submit(
            request,
            form,
            lambda: actions.query_month(code, month, question, actor=request.actor),
            to=lambda _: f"{HOME}/{code}/{month}?show={STEPS}",
            said="已退回核实。",
        )
        if saved is not None:
            return saved
    return again(request, "ledger/month.html", **await _sheet(request, station, row, query_form=form, form=form))


ROUTES = [matrix, month_page, rows, version_page, accept, query]
