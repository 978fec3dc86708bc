"""The worker's ratings (评价): own works to rate, what employers said about the own work, and the reply."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from db.queries import ratings as queries
from rules.codes import RatingHow, Side
from rules.permissions import Permission
from web.forms.ratings import ReplyForm
from web.guards import needs
from web.own_pages import own, own_page
from web.rating_pages import fresh_form, save_rating, save_reply, shown
from web.render import found
from web.request import StationRequest

HOME = "/me/ratings"
_ONE = HOME + "/{number:str}"
_ME = needs(Permission.ME)


async def _work(request: StationRequest, number: str) -> dict[str, Any]:
    return found(await queries.work_of_seeker(request.actor.seeker_id or 0, number))


async def _page(request: StationRequest, work: dict[str, Any], status: int = 200, **forms: Any) -> Response:
    context = {"layout": "layouts/phone.html", "home": HOME, **await shown(work, Side.WORKER, **forms)}
    return await own_page(request, "ratings/own.html", await own(request), status=status, **context)


@get(HOME, guards=[_ME], name="me:ratings")
async def own_ratings(request: StationRequest) -> Response:
    """Own works that began, newest first: which can be rated, which are open."""
    rows = await queries.own_works(Side.WORKER, request.actor.seeker_id or 0)
    context: dict[str, Any] = {"layout": "layouts/phone.html", "home": HOME, "up": "/me", "rows": rows, "side": Side.WORKER}
    return await own_page(request, "ratings/own_list.html", await own(request), **context)


@get(_ONE, guards=[_ME], name="me:rating")
async def own_rating(request: StationRequest, number: FromPath[str]) -> Response:
    """The form of one own work, or what both sides said."""
    return await _page(request, await _work(request, number))


@post(_ONE, guards=[_ME], name="me:rate")
async def rate(request: StationRequest, number: FromPath[str]) -> Response:
    """Keep the rating of one own work."""
    work = await _work(request, number)
    form = fresh_form(work, Side.WORKER, await request.typed())
    saved = await save_rating(request, work, Side.WORKER, form, RatingHow.OWN_PAGE, HOME)
    return saved or await _page(request, work, 422, form=form)


@post(_ONE + "/reply", guards=[_ME], name="me:reply-to-rating")
async def reply(request: StationRequest, number: FromPath[str]) -> Response:
    """Keep the one reply to what the employer said."""
    work, form = await _work(request, number), await ReplyForm.posted(request)
    saved = await save_reply(request, work, Side.WORKER, form, f"{HOME}/{number}", actor=request.actor)
    return saved or await _page(request, work, 422, reply=form)


ROUTES = [own_ratings, own_rating, rate, reply]
