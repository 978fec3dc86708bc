"""What the station would call about, answered on the own phone: whether the work began, and 钱到手了吗."""

from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from db.actions.followups import record_follow_up
from db.clock import today
from db.queries import followups as queries
from rules.codes import FollowUpKind, Side
from rules.errors import RuleBroken
from rules.followups import check_open
from rules.permissions import Permission
from web.forms.followups import OwnAnswerForm
from web.guards import needs
from web.own_pages import own, own_page
from web.render import found
from web.request import StationRequest
from web.submission import submit

_ME = needs(Permission.ME)
_KINDS = {"start": FollowUpKind.START, "pay": FollowUpKind.PAY}
_ONE = "/me/call-backs/{number:str}/{kind:str}"
_HELPED = "记下了，谢谢。没拿到钱、受了伤的，驿站会帮您办；有人收钱的，直接报监督单位，驿站的人看不到。"


async def _asked(request: StationRequest, number: str, kind: str) -> tuple[dict[str, Any], FollowUpKind]:
    """The own work and the question; 404 for what is not the worker's, and for calls that are not answered here."""
    if kind not in _KINDS:
        raise NotFoundException()
    return found(await queries.work_of_seeker(request.actor.seeker_id or 0, number)), _KINDS[kind]


async def _shown(request: StationRequest, work: dict[str, Any], kind: FollowUpKind, form: OwnAnswerForm, status: int = 200) -> Response:
    why_not = ""
    try:
        check_open(kind, Side.WORKER, work["work"], work["made"], today=today())
    except RuleBroken as broken:
        why_not = broken.message
    return await own_page(request, "me/call_back.html", await own(request), status=status, work=work, kind=kind, form=form, why_not=why_not)


@get(_ONE, guards=[_ME], name="me:call-back")
async def own_call_back(request: StationRequest, number: FromPath[str], kind: FromPath[str]) -> Response:
    """The questions about one own work."""
    work, asked = await _asked(request, number, kind)
    return await _shown(request, work, asked, OwnAnswerForm(kind=asked))


@post(_ONE, guards=[_ME], name="me:answer-call-back")
async def answer(request: StationRequest, number: FromPath[str], kind: FromPath[str]) -> Response:
    """Keep the answers, under the same rules as a call of the station, with all that follows from them."""
    work, asked = await _asked(request, number, kind)
    form = await OwnAnswerForm.posted(request, kind=asked)
    if form.validate():
        saved = await submit(
            request,
            form,
            lambda: record_follow_up(work["id"], asked, Side.WORKER, form.answers, actor=request.actor),
            to=lambda _: "/me",
            said="记下了，谢谢。" if form.all_well else _HELPED,
        )
        if saved is not None:
            return saved
    return await _shown(request, work, asked, form, 422)


ROUTES = [own_call_back, answer]
