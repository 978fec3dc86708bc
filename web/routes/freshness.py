"""The morning's call list (定期核实): posts and profiles that go stale, called one by one, each answer one key."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from db.actions import freshness as actions
from db.clock import today
from db.queries import freshness as queries
from rules.errors import RuleBroken
from rules.freshness import post_fresh_until, seeker_fresh_until
from rules.masking import mask_name
from rules.permissions import Permission
from web.forms.freshness import AnswerForm
from web.guards import needs
from web.render import done, found, page
from web.request import StationRequest
from web.submission import submit

HOME = "/desk/freshness"
KINDS = {"posts": "job", "seekers": "seeker"}
Act = Callable[..., Awaitable[None]]
ANSWERS: dict[str, dict[str, tuple[Act, str]]] = {
    "posts": {
        "YES": (actions.still_wanted, "已核实：还在招。"),
        "NO": (actions.no_longer_wanted, "已撤回：雇主不招了。"),
    },
    "seekers": {
        "YES": (actions.still_looking, "已记下：本人还在找活。"),
        "NO": (actions.not_looking, "已转为休眠：本人现在不找活。"),
    },
}


def _kind(typed: str) -> str:
    if typed not in KINDS:
        raise NotFoundException()
    return typed


async def _row(request: StationRequest, kind: str, number: str) -> dict[str, Any]:
    due = queries.post_due if kind == "posts" else queries.seeker_due
    return found(await due(request.actor.scope, number, today()))


@get(HOME, guards=[needs(Permission.FRESHNESS)], name="freshness:list")
async def call_list(request: StationRequest) -> Response:
    """What should be confirmed by telephone, the oldest first; those called in vain today at the end of their page."""
    kind = request.query_params.get("kind", "posts")
    kind = kind if kind in KINDS else "posts"
    after, day, scope = request.query_params.get("after", ""), today(), request.actor.scope
    due = await (queries.due_posts if kind == "posts" else queries.due_seekers)(scope, day, after)
    called = await queries.called_today(KINDS[kind], [row["id"] for row in due.rows], day)
    rows = sorted(due.rows, key=lambda row: row["id"] in called)
    links = {
        "previous": f"{HOME}?kind={kind}" if after else "",
        "next": f"{HOME}?kind={kind}&after={due.next}" if due.next else "",
    }
    return page(
        request,
        "freshness/index.html",
        fragment=f"freshness/_{kind}.html",
        kind=kind,
        rows=rows,
        called=called,
        links=links,
        counts=await queries.due_counts(scope, day),
        until=post_fresh_until if kind == "posts" else seeker_fresh_until,
        mask=mask_name,
        today=day,
        form=AnswerForm(),
    )


@post(HOME + "/{kind:str}/{number:str}/call", guards=[needs(Permission.FRESHNESS)], name="freshness:call", status_code=200)
async def call(request: StationRequest, kind: FromPath[str], number: FromPath[str]) -> Response:
    """Open the number for this call (kept in the record first), with the answers beside it."""
    row = await _row(request, _kind(kind), number)
    await actions.begin_call(KINDS[kind], row, actor=request.actor)
    if kind == "posts":
        people = await queries.opened_post_phone(row["id"], row["version"], row["employer"])
    else:
        people = [(row["name"], await queries.opened_seeker_phone(row["id"]))]
    return page(request, "freshness/call.html", kind=kind, row=row, people=people, form=AnswerForm())


@post(HOME + "/{kind:str}/{number:str}/answer", guards=[needs(Permission.FRESHNESS)], name="freshness:answer")
async def answer(request: StationRequest, kind: FromPath[str], number: FromPath[str]) -> Response:
    """Write down what was said, once, and go back to the list for the next call."""
    form, row = await AnswerForm.posted(request), await _row(request, _kind(kind), number)
    act, said = ANSWERS[kind].get(form.answer.data or "", (None, "已记下：没打通，稍后再打。"))

    async def write() -> None:
        if act is None:
            await actions.nobody_answered(KINDS[kind], row, actor=request.actor)
        else:
            await act(row, actor=request.actor)

    if form.validate() and (saved := await submit(request, form, write, to=lambda _: f"{HOME}?kind={kind}", said=said)):
        return saved
    if form.refusals:
        raise RuleBroken(form.refusals[0])
    return done(request, f"{HOME}?kind={kind}", "没有记下：请点一个答复。")


ROUTES = [call_list, call, answer]
