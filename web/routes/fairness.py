"""Fairness of a month (派工公平情况): every figure opens to its rows; officers see the stations they supervise."""

from datetime import datetime, time
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get

from db.clock import CHINA, today
from db.queries import fairness as queries
from db.queries import stations as station_queries
from db.queries.fairness import Rows, Shown
from rules.codes import CallAnswer, CallKind, PaperKind, SkipReason
from rules.permissions import Permission, Reach
from web.calling_papers import fairness_figures, fairness_sheet, paper_file
from web.fairness import HOME, address_of, rows_asked, span, station_asked
from web.forms.placements import month_links
from web.guards import needs
from web.render import found, page, pdf_file
from web.request import StationRequest

_READ = needs(Permission.FAIRNESS_READ)


@get(HOME, guards=[_READ], name="fairness:month")
async def month_page(request: StationRequest) -> Response:
    """The month of one's own station; officers first see their stations side by side, then one of them."""
    search = request.query_params
    first, end = span(search)
    station = await station_asked(request.actor, search)
    context: dict[str, Any] = {"first": first, "months": month_links(first), "station": station, "shown": Shown}
    if station is None:
        stations = await station_queries.stations_in(request.actor.scope, search.get("after", ""))
        rows = await queries.stations_side_by_side([row["id"] for row in stations.rows], first, end)
        base = f"{HOME}?month={first:%Y-%m}"
        links = {"previous": base if search.get("after") else "", "next": f"{base}&after={stations.next}" if stations.next else ""}
        return page(request, "fairness/stations.html", rows=rows, links=links, **context)
    month = await queries.month_of_station(station["id"], first, end)
    return page(request, "fairness/month.html", month=month, figures=fairness_figures(month), many=_many(request), **context)


def _many(request: StationRequest) -> bool:
    return request.actor.scope.reach is not Reach.STATION


@get(f"{HOME}/rows", guards=[_READ], name="fairness:rows")
async def rows_page(request: StationRequest) -> Response:
    """The rows behind a figure."""
    search = request.query_params
    first, end = span(search)
    station = found(await station_asked(request.actor, search))
    wanted = rows_asked(search) or Rows(Shown.PLACED)
    rows = await queries.rows_behind(request.actor.scope, station["id"], first, end, wanted, search.get("after", ""))
    kept = {"month": f"{first:%Y-%m}"} | ({"station": station["code"]} if _many(request) else {}) | address_of(wanted)
    base = f"{HOME}/rows?{urlencode(kept)}"
    links = {"previous": base if search.get("after") else "", "next": f"{base}&{urlencode({'after': rows.next})}" if rows.next else ""}
    return page(
        request,
        "fairness/rows.html",
        fragment="fairness/_rows.html",
        rows=rows.rows,
        links=links,
        wanted=wanted,
        station=station,
        first=first,
        kept=kept,
        many=_many(request),
        shown=Shown,
        kinds=CallKind,
        answers=CallAnswer,
        reasons=SkipReason,
    )


@get(f"{HOME}/sheet.pdf", guards=[_READ], name="fairness:sheet")
async def sheet(request: StationRequest) -> Response:
    """派工公平情况月报 (P24); the station's own people issue it, officers look at it."""
    first, end = span(request.query_params)
    station = found(await station_asked(request.actor, request.query_params))
    month = await queries.month_of_station(station["id"], first, end)
    paper = fairness_sheet(station, first, month, datetime.combine(max(min(end, today()), first), time(), CHINA))
    body = await paper_file(request, PaperKind.FAIRNESS_SHEET, paper, subject="station", subject_id=station["id"], station=station)
    return pdf_file(body, f"派工公平情况月报{first:%Y%m}")


ROUTES = [month_page, rows_page, sheet]
