"""Placements: who started where, with which evidence, against the yearly target (art. 11, domain reference 8.2)."""

from datetime import date

from litestar import Response, get, post
from litestar.params import FromPath

from db.actions import placements as actions
from db.clock import today
from db.queries import placements as queries
from db.queries.agreements import agreement_of_referral
from db.queries.parameters import legal_parameters
from db.queries.referrals import own_referral_in
from rules.parameters import ParameterMissing, whole
from rules.permissions import Permission
from rules.referrals import ReferralEvent, can
from web.forms.placements import PlacementForm, month_links, month_of
from web.guards import needs
from web.render import again, found, page
from web.request import StationRequest
from web.submission import submit


async def _target_of(month: date) -> int:
    """The target of a whole year, as in force at its end; 0 for a year before there was any."""
    try:
        return whole(await legal_parameters(), "annual_placement_target", min(month.replace(month=12, day=31), today()))
    except ParameterMissing:
        return 0


@get("/desk/placements", guards=[needs(Permission.PLACEMENTS_READ)], name="placements:list")
async def placements(request: StationRequest) -> Response:
    """A month of starts, each opening to its evidence, and the year beside its target. Officers see no names."""
    month = month_of(request.query_params.get("month", ""), today())
    named = request.actor.may(Permission.REFERRALS_READ)
    after = request.query_params.get("after", "")
    rows = await queries.placements_of(request.actor.scope, month, after, named=named)
    target = await _target_of(month)
    years = await queries.years_of_stations(request.actor.scope, month.year, target)
    base = f"/desk/placements?month={month:%Y-%m}"
    links = {"previous": base if after else None, "next": f"{base}&after={rows.next}" if rows.next else None}
    return page(
        request,
        "placements/index.html",
        rows=rows.rows,
        years=years,
        month=month,
        months=month_links(month),
        links=links,
        named=named,
    )


@get("/desk/referrals/{number:str}/placement", guards=[needs(Permission.PLACEMENTS_RECORD)], name="placements:new")
async def new_placement(request: StationRequest, number: FromPath[str]) -> Response:
    """The form for a start, or what was recorded."""
    referral = found(await own_referral_in(request.actor.scope, number))
    return await _shown(request, referral, PlacementForm(data={"started_on": today()}))


@post("/desk/referrals/{number:str}/placement", guards=[needs(Permission.PLACEMENTS_RECORD)], name="placements:place")
async def place(request: StationRequest, number: FromPath[str]) -> Response:
    """Record the start; the place of the post is taken with it, once."""
    referral = found(await own_referral_in(request.actor.scope, number))
    form = await PlacementForm.posted(request)
    answer = None
    if form.validate() and (started_on := form.started_on.data):
        answer = await submit(
            request,
            form,
            lambda: actions.place(referral["id"], form.evidence.chosen, started_on, form.note.data or "", actor=request.actor),
            to=lambda _: f"/desk/referrals/{number}/placement",
            said="已登记上岗，计入推荐成功就业人次。",
        )
    return answer or await _shown(request, referral, form, refused=True)


async def _shown(request: StationRequest, referral: dict, form: PlacementForm, *, refused: bool = False) -> Response:
    show = again if refused else page
    return show(
        request,
        "placements/new.html",
        referral=referral,
        form=form,
        placement=await queries.placement_of_referral(referral["id"]),
        agreement=await agreement_of_referral(referral["id"]),
        ready=can(referral["state_now"], ReferralEvent.START),
    )


ROUTES = [placements, new_placement, place]
