"""The yearly figures (指标): each station's against what it owes, every figure opening to its rows; nothing can be typed in."""

from datetime import date
from typing import Any

from litestar import Response, get

from db.clock import today
from db.queries import kpi as queries
from db.queries.parameters import legal_parameters
from db.queries.stations import station_in, stations_in
from rules.kpi import MEANINGS, RATES, Figure, percent, projected
from rules.parameters import ParameterMissing, whole
from rules.permissions import Permission, Reach
from rules.placements import annual_target, due_by
from web.forms.placements import figure_of, year_of
from web.guards import needs
from web.render import found, page
from web.request import StationRequest

_NOTHING = dict.fromkeys(Figure, 0)


async def _whole_year(day: date) -> int:
    """The target of a whole year as in force on that day; 0 for a day before there was any."""
    try:
        return whole(await legal_parameters(), "annual_placement_target", day)
    except ParameterMissing:
        return 0


def _put_figures(row: dict[str, Any], figures: dict[Figure, int], whole_year: int, day: date) -> None:
    count = figures[Figure.PLACED]
    row["figures"] = figures
    row["rates"] = [(rate, percent(figures[rate.part], figures[rate.whole])) for rate in RATES]
    row["target"] = annual_target(whole_year, row["opened_on"], day.year)
    row["due"] = due_by(whole_year, row["opened_on"], day)
    row["projected"] = projected(count, row["opened_on"], day)


@get("/desk/kpi", guards=[needs(Permission.PLACEMENTS_READ)], name="kpi:figures")
async def figures(request: StationRequest) -> Response:
    """The figures of a year: of the own station, or of each station in reach."""
    year, after = year_of(request.query_params.get("year", ""), today()), request.query_params.get("after", "")
    day = min(today(), date(year, 12, 31))
    counted = await queries.figures_of(request.actor.scope, year, today())
    stations = await stations_in(request.actor.scope, after)
    target = await _whole_year(day)
    for row in stations.rows:
        _put_figures(row, counted.get(row["id"], _NOTHING), target, day)
    base = f"/desk/kpi?year={year}"
    return page(
        request,
        "kpi/index.html",
        stations=stations.rows,
        single=request.actor.scope.reach is Reach.STATION,
        year=year,
        day=day,
        this_year=today().year,
        Figure=Figure,
        meanings=MEANINGS,
        links={"previous": base if after else None, "next": f"{base}&after={stations.next}" if stations.next else None},
    )


@get("/desk/kpi/rows", guards=[needs(Permission.PLACEMENTS_READ)], name="kpi:rows")
async def rows(request: StationRequest) -> Response:
    """The rows behind one figure, with what proves each. Officers see no names."""
    asked, after = request.query_params, request.query_params.get("after", "")
    figure, year = figure_of(asked.get("figure", "")), year_of(asked.get("year", ""), today())
    code = asked.get("station", "")
    station = found(await station_in(request.actor.scope, code)) if code else None
    named = request.actor.may(Permission.REFERRALS_READ)
    listed = await queries.rows_of(request.actor.scope, figure, year, today(), station["id"] if station else None, after, named=named)
    base = f"/desk/kpi/rows?figure={figure.value}&year={year}" + (f"&station={code}" if station else "")
    return page(
        request,
        "kpi/rows.html",
        rows=listed.rows,
        figure=figure,
        meaning=MEANINGS[figure],
        figures=Figure,
        year=year,
        station=station,
        named=named,
        links={"previous": base if after else None, "next": f"{base}&after={listed.next}" if listed.next else None},
    )


ROUTES = [figures, rows]
