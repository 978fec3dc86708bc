"""Duplicates (重复登记): pairs that look like the same person, employer or post, and merging them with history."""

from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from db.actions import merging as actions
from db.queries import duplicates as queries
from rules.masking import mask_name
from rules.permissions import Permission
from web.forms.duplicates import MergeForm
from web.guards import needs
from web.render import again, found, page
from web.request import StationRequest
from web.submission import submit

HOME = "/desk/duplicates"
KINDS = {
    "seekers": ("求职者", actions.merge_seekers),
    "employers": ("雇主", actions.merge_employers),
    "posts": ("岗位", actions.merge_posts),
}


@get(HOME, guards=[needs(Permission.RECORDS_MERGE)], name="duplicates:list")
async def all_pairs(request: StationRequest) -> Response:
    """The pairs of one kind, newest first."""
    kind = request.query_params.get("kind", "seekers")
    kind = kind if kind in KINDS else "seekers"
    rows = await queries.pairs(request.actor.scope, kind)
    labels = {name: label for name, (label, _) in KINDS.items()}
    return page(
        request,
        "duplicates/index.html",
        fragment="duplicates/_pairs.html",
        kind=kind,
        rows=rows,
        kinds=labels,
        mask=mask_name,
        full=len(rows) == queries.SHOWN,
    )


@get(HOME + "/{kind:str}/{first:int}/{second:int}", guards=[needs(Permission.RECORDS_MERGE)], name="duplicates:pair")
async def one_pair(request: StationRequest, kind: FromPath[str], first: FromPath[int], second: FromPath[int]) -> Response:
    """Two records side by side, with the form that merges them."""
    return page(request, "duplicates/pair.html", form=MergeForm(), **await _pair(request, kind, first, second))


@post(HOME + "/{kind:str}/{first:int}/{second:int}", guards=[needs(Permission.RECORDS_MERGE)], name="duplicates:merge")
async def merge(request: StationRequest, kind: FromPath[str], first: FromPath[int], second: FromPath[int]) -> Response:
    """Keep one of the two, close the other, once; the reason is kept."""
    form, shown = await MergeForm.posted(request), await _pair(request, kind, first, second)
    row = shown["row"]
    keep, drop = (row["a_id"], row["b_id"]) if form.keep.data == "a" else (row["b_id"], row["a_id"])

    async def act() -> None:
        await KINDS[kind][1](keep, drop, form.reason.data, actor=request.actor)

    if form.validate():
        saved = await submit(request, form, act, to=lambda _: f"{HOME}?kind={kind}", said="已合并，两条的记录都留着。")
        if saved is not None:
            return saved
    return again(request, "duplicates/pair.html", form=form, **shown)


async def _pair(request: StationRequest, kind: str, first: int, second: int) -> dict[str, Any]:
    if kind not in KINDS:
        raise NotFoundException()
    row = found(await queries.pair_of(request.actor.scope, kind, first, second))
    return {"kind": kind, "label": KINDS[kind][0], "row": row, "mask": mask_name, "url": f"{HOME}/{kind}/{first}/{second}"}


ROUTES = [all_pairs, one_pair, merge]
