"""The employer's ratings (评价): works to rate, what workers said about the employer, and the reply."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from db.queries import ratings as queries
from rules.codes import RatingHow, Side
from rules.permissions import Permission
from web.forms.ratings import ReplyForm
from web.guards import needs
from web.own_posts import own_page
from web.rating_pages import fresh_form, save_rating, save_reply, shown
from web.render import found
from web.request import StationRequest

HOME = "/employer/ratings"
_ONE = HOME + "/{number:str}"
_OWN = needs(Permission.EMPLOYER_HOME)
_LAYOUT = "employer/_frame.html"


async def _work(request: StationRequest, number: str) -> dict[str, Any]:
    return found(await queries.work_of_employer(request.actor.employer_id or 0, number))


async def _page(request: StationRequest, work: dict[str, Any], status: int = 200, **forms: Any) -> Response:
    context = {"layout": _LAYOUT, "home": HOME, **await shown(work, Side.EMPLOYER, **forms)}
    return await own_page(request, "ratings/own.html", status=status, **context)


@get(HOME, guards=[_OWN], name="employer:ratings")
async def own_ratings(request: StationRequest) -> Response:
    """Works of the own posts, newest first: which can be rated, which are open."""
    rows = await queries.own_works(Side.EMPLOYER, request.actor.employer_id or 0)
    return await own_page(request, "ratings/own_list.html", layout=_LAYOUT, home=HOME, up="/employer", rows=rows, side=Side.EMPLOYER)


@get(_ONE, guards=[_OWN], name="employer:rating")
async def own_rating(request: StationRequest, number: FromPath[str]) -> Response:
    """The form of one work, or what both sides said."""
    return await _page(request, await _work(request, number))


@post(_ONE, guards=[_OWN], name="employer:rate")
async def rate(request: StationRequest, number: FromPath[str]) -> Response:
    """Keep the rating of one work."""
    work = await _work(request, number)
    form = fresh_form(work, Side.EMPLOYER, await request.typed())
    saved = await save_rating(request, work, Side.EMPLOYER, form, RatingHow.OWN_PAGE, HOME)
    return saved or await _page(request, work, 422, form=form)


@post(_ONE + "/reply", guards=[_OWN], name="employer:reply-to-rating")
async def reply(request: StationRequest, number: FromPath[str]) -> Response:
    """Keep the one reply to what the worker said."""
    work, form = await _work(request, number), await ReplyForm.posted(request)
    saved = await save_reply(request, work, Side.EMPLOYER, form, f"{HOME}/{number}", actor=request.actor)
    return saved or await _page(request, work, 422, reply=form)


ROUTES = [own_ratings, own_rating, rate, reply]
