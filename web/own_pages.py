"""The frame of a worker's own pages (我的): the own record or 404, and its station to call."""

from typing import Any

from litestar import Response

from db.queries.documents import station_on_paper
from db.queries.me import own_seeker
from web.render import found, page
from web.request import StationRequest


async def own(request: StationRequest) -> dict[str, Any]:
    """The signed-in worker's record as `db.queries.me.own_seeker` gives it."""
    return found(await own_seeker(request.actor.seeker_id))


async def own_page(request: StationRequest, template: str, seeker: dict[str, Any], *, status: int = 200, **context: Any) -> Response[str]:
    """A page of the worker's own place; 422 as `status` shows a refused form again."""
    station = await station_on_paper(seeker["station"])
    return page(request, template, status=status, here="me", seeker=seeker, station=station, back=request.url.path, **context)
