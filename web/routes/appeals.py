"""Appeals (申诉) at the desk: what employers object to, and the answer of somebody who did not decide it."""

from litestar import Response, get, post
from litestar.params import FromPath

from db.actions.appeals import UPHELD, decide_appeal
from db.queries import appeals as queries
from rules.permissions import Permission
from web.forms.appeals import AppealForm
from web.guards import needs
from web.render import again, found, page
from web.request import StationRequest
from web.submission import submit

HOME = "/desk/appeals"


@get(HOME, guards=[needs(Permission.APPEALS_DECIDE)], name="appeals:list")
async def all_appeals(request: StationRequest) -> Response:
    """Appeals that wait, or with `answered=1` those that were answered."""
    waiting, after = request.query_params.get("answered") != "1", request.query_params.get("after", "")
    rows = await queries.appeals_of(request.actor.scope, waiting=waiting, after=after)
    here = HOME if waiting else f"{HOME}?answered=1"
    links = {"previous": here if after else "", "next": f"{here}{'?' if waiting else '&'}after={rows.next}" if rows.next else ""}
    return page(request, "appeals/index.html", fragment="appeals/_list.html", rows=rows.rows, waiting=waiting, links=links)


@get(HOME + "/{appeal_id:int}", guards=[needs(Permission.APPEALS_DECIDE)], name="appeals:one")
async def one_appeal(request: StationRequest, appeal_id: FromPath[int]) -> Response:
    """One appeal beside the decision it objects to, with the form that answers it."""
    appeal = found(await queries.appeal_in(request.actor.scope, appeal_id))
    return page(request, "appeals/show.html", appeal=appeal, form=AppealForm(), own=_own(request, appeal))


@post(HOME + "/{appeal_id:int}", guards=[needs(Permission.APPEALS_DECIDE)], name="appeals:decide")
async def decide(request: StationRequest, appeal_id: FromPath[int]) -> Response:
    """Answer it once, for good."""
    appeal, form = found(await queries.appeal_in(request.actor.scope, appeal_id)), await AppealForm.posted(request)

    async def act() -> None:
        await decide_appeal(appeal["id"], form.decision.data == UPHELD, form.reason.data, actor=request.actor)

    if form.validate():
        saved = await submit(request, form, act, to=lambda _: HOME, said="已答复，雇主看得到理由。")
        if saved is not None:
            return saved
    return again(request, "appeals/show.html", appeal=appeal, form=form, own=_own(request, appeal))


def _own(request: StationRequest, appeal: dict) -> bool:
    return bool(appeal["against"]) and appeal["against"]["reviewer"] == request.actor.id


ROUTES = [all_appeals, one_appeal, decide]
