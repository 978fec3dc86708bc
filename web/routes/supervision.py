"""Those who look after several stations: their stations with figures, the rows behind a figure, the accounts in reach."""

from datetime import date, datetime, time
from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from db.clock import CHINA, today
from db.queries import stations as station_queries
from db.queries import supervision as queries
from db.queries.alerts import open_count
from db.queries.parameters import legal_parameters
from db.queries.verification import standing
from rules.codes import AgreementState, BuildMode, JobState, ReferralState, StartEvidence, StationState
from rules.parameters import whole
from rules.permissions import Permission, Role
from rules.placements import annual_target, due_by
from web.guards import needs
from web.render import found, page
from web.request import StationRequest


def _sees_business(request: StationRequest) -> bool:
    """The technical administrator sees stations and accounts, no business content (domain reference 9, rule 1)."""
    return request.actor.may(Permission.JOBS_READ)


def _after(request: StationRequest) -> str:
    return request.query_params.get("after", "")


def _pages(path: str, after: str, following: str | None, **kept: str) -> dict[str, str | None]:
    query = "&".join(f"{name}={value}" for name, value in kept.items())
    more = "&".join(part for part in (query, f"after={following}") if part)
    return {"previous": f"{path}?{query}".rstrip("?") if after else None, "next": f"{path}?{more}" if following else None}


def _new_year(day: date) -> datetime:
    return datetime.combine(date(day.year, 1, 1), time(), CHINA)


async def _figures(request: StationRequest, rows: list[dict[str, Any]], day: date) -> None:
    """Put each station's figures beside it: counts, target of the year and what is due by today."""
    ids = [row["id"] for row in rows]
    if not _sees_business(request):
        accounts = await queries.accounts_per_station(ids)
        for row in rows:
            row["accounts"] = accounts.get(row["id"], 0)
        return
    counted = await queries.figures(ids, today=day, year_began=_new_year(day))
    target = whole(await legal_parameters(), "annual_placement_target", day)
    for row in rows:
        row.update(counted[row["id"]])
        row["target"] = annual_target(target, row["opened_on"], day.year)
        row["due"] = due_by(target, row["opened_on"], day)


@get("/supervision", guards=[needs(Permission.SUPERVISION)], name="supervision:stations")
async def stations(request: StationRequest) -> Response:
    """The stations in reach; every figure opens to its rows where the role may."""
    day, after = today(), _after(request)
    rows = await station_queries.stations_in(request.actor.scope, after)
    await _figures(request, rows.rows, day)
    return page(
        request,
        "supervision/index.html",
        fragment="supervision/_stations.html",
        stations=rows.rows,
        links=_pages("/supervision", after, rows.next),
        business=_sees_business(request),
        standing=await standing(),
        alerts=await open_count(request.actor.scope) if request.actor.may(Permission.ALERTS_READ) else None,
        states=StationState,
        modes=BuildMode,
        day=day,
    )


@get("/supervision/stations/{code:str}", guards=[needs(Permission.SUPERVISION)], name="supervision:station")
async def station(request: StationRequest, code: FromPath[str]) -> Response:
    """One station in reach: its figures, and the posts, referrals, agreements, placements or accounts behind them, `show` chooses."""
    day, after, scope = today(), _after(request), request.actor.scope
    row = found(await station_queries.station_in(scope, code))
    await _figures(request, [row], day)
    tabs = _tabs(request)
    show = request.query_params.get("show", "")
    show = show if show in tabs else next(iter(tabs), "")
    match show:
        case "posts":
            rows = await queries.posts_of_station(scope, row["id"], day, after)
        case "referrals":
            rows = await queries.referrals_of_station(scope, row["id"], _new_year(day), after)
        case "agreements":
            rows = await queries.agreements_of_station(scope, row["id"], _new_year(day), after)
        case "placements":
            rows = await queries.placements_of_station(scope, row["id"], day.year, after)
        case _:
            rows = await queries.accounts_in(scope, after, row["id"])
    return page(
        request,
        "supervision/station.html",
        fragment="supervision/_rows.html",
        station=row,
        business=_sees_business(request),
        tabs=tabs,
        show=show,
        rows=rows.rows,
        links=_pages(f"/supervision/stations/{code}", after, rows.next, show=show),
        states=StationState,
        modes=BuildMode,
        job_states=JobState,
        referral_states=ReferralState,
        agreement_states=AgreementState,
        evidence=StartEvidence,
        roles=Role,
        day=day,
    )


def _tabs(request: StationRequest) -> dict[str, str]:
    may = request.actor.may
    tabs = {"posts": "在招岗位"} if may(Permission.JOBS_READ) else {}
    tabs |= {"referrals": "本年推荐", "agreements": "本年协议", "placements": "本年上岗"} if may(Permission.PLACEMENTS_READ) else {}
    return tabs | ({"accounts": "账号"} if may(Permission.ACCOUNTS_READ) else {})


ROUTES = [stations, station]
