"""Emblem and plaque (标识牌匾, art. 5): the district uploads them; everybody sees the one in use at a station."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from db import archive
from db.actions import emblems as actions
from db.queries import emblems as queries
from db.queries.stations import station_with_code, stations_to_choose
from rules.codes import EmblemKind
from rules.emblems import LONGEST_SIDE, MAXIMUM_BYTES
from rules.errors import RuleBroken
from rules.permissions import Permission
from web.emblems import picture_bytes
from web.forms.emblems import EmblemForm
from web.guards import needs, open_to_all
from web.pictures import clean_picture
from web.render import again, found, page
from web.request import StationRequest
from web.submission import submit

HOME = "/supervision/emblems"
_SET = needs(Permission.EMBLEMS_SET)


async def _listed(request: StationRequest, form: EmblemForm) -> dict[str, Any]:
    after = request.query_params.get("after", "")
    rows = await queries.emblems_in(request.actor.scope, after)
    links = {"previous": HOME if after else None, "next": f"{HOME}?after={rows.next}" if rows.next else None}
    form.offer(await stations_to_choose(request.actor.scope))
    return {"form": form, "rows": rows.rows, "links": links, "kinds": EmblemKind}


@get(HOME, guards=[_SET], name="emblems:list")
async def emblems(request: StationRequest) -> Response:
    """The upload, and every picture that was set, newest first."""
    return page(request, "emblems/index.html", **await _listed(request, EmblemForm()))


@post(HOME, guards=[_SET], name="emblems:set")
async def set_emblem(request: StationRequest) -> Response:
    """Use a picture from now on; it is made anew, so that nothing but its pixels is kept."""
    form = await EmblemForm.posted(request)
    context = await _listed(request, form)
    answer = None
    try:
        if form.validate():
            answer = await _take(request, form)
    except RuleBroken as broken:
        form.refuse(broken)
    return answer or again(request, "emblems/index.html", **context)


async def _take(request: StationRequest, form: EmblemForm) -> Response | None:
    chosen = await request.upload("picture")
    if chosen is None:
        raise RuleBroken("请先选择图片。", "picture")
    kind = EmblemKind(form.kind.data)
    picture = await clean_picture(await chosen.read(MAXIMUM_BYTES + 1), LONGEST_SIDE[kind])
    kept = await archive.keep(picture.body)
    fresh: list[int] = []

    async def act() -> None:
        fresh[:] = [await actions.set_emblem(kind, form.station_id, picture, kept, actor=request.actor)]

    said = f"{kind.label}已更换。以后打印的用新的，已经打印的不变。"
    answer = await submit(request, form, act, to=lambda _: HOME, said=said)
    if answer is None or not fresh:  # refused, or sent a second time
        await archive.discard(kept.key)
    return answer


@get(f"{HOME}/{{emblem_id:int}}/picture", guards=[_SET], name="emblems:picture")
async def picture(request: StationRequest, emblem_id: FromPath[int]) -> Response:
    """Any picture of the list, in use or replaced."""
    return await _picture(found(await queries.emblem_in(request.actor.scope, emblem_id)), "no-store")


@get("/stations/{code:str}/pictures/{name:str}", guards=[open_to_all], name="emblems:public")
async def public_picture(request: StationRequest, code: FromPath[str], name: FromPath[str]) -> Response:
    """The emblem or the plaque in use at a station: for its pages, and for whoever makes its sign."""
    station = found(await station_with_code(code))
    kind = found(next((each for each in EmblemKind if each.value.lower() == name), None))
    return await _picture(found(await queries.emblem_of(station["id"], kind)), "public, max-age=300")


async def _picture(row: dict[str, Any], cache: str) -> Response:
    headers = {"cache-control": cache, "content-disposition": "inline", "content-security-policy": "sandbox"}
    return Response(await picture_bytes(row), media_type=row["media_type"], headers=headers)


ROUTES = [emblems, set_emblem, picture, public_picture]
