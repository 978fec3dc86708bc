"""Filling a demand at the rush-hour desk: calling in turn, passing over with a reason, giving the place, replacing a no-show."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from db.actions import dispatch as actions
from db.actions.attendance import NOT_HERE
from db.clock import today
from db.queries import dispatch as queries
from db.queries.attendance import sign_in_at
from rules.attendance import ticket_text
from rules.codes import CallAnswer, ConsentMethod, SkipReason
from rules.errors import RuleBroken
from rules.permissions import Permission
from web.forms.attendance import CallAnswerForm, CallForm, NamedCallForm, PlaceForm, ReplacementForm, SkipForm
from web.forms.base import PageForm
from web.guards import needs
from web.render import again, found, page
from web.request import StationRequest
from web.rush_hour import HOME, panel, whole_page
from web.submission import submit

ONE = HOME + "/posts/{number:str}"
CHANGED = {"HX-Trigger": "today-changed"}
Act = Callable[[dict[str, Any]], Awaitable[Any]]
_CALLS = needs(Permission.ATTENDANCE_CALL)


@get(ONE, guards=[needs(Permission.ATTENDANCE_READ)], name="dispatch:post")
async def one_demand(request: StationRequest, number: FromPath[str]) -> Response:
    """The rush-hour desk with one demand open; as a fragment that demand alone."""
    job = found(await queries.demand_in(request.actor.station_id or 0, number))
    if request.wants_fragment:
        return page(request, "attendance/_post.html", **await panel(request, job))
    return page(request, "attendance/today.html", **await whole_page(request, job))


async def _acted(request: StationRequest, number: str, name: str, form: PageForm, act: Act, said: str) -> Response:
    """Find the demand, do it once, show the demand again: what was done, or what was refused with the typing kept."""
    station_id = request.actor.station_id or 0
    job = found(await queries.demand_in(station_id, number))
    where = f"{HOME}/posts/{job['number']}"
    later = "" if request.wants_fragment else said  # a fragment says it itself, so the next page does not say it again
    saved = await submit(request, form, lambda: act(job), to=lambda _: where, said=later) if form.validate() else None
    if saved is not None and not request.wants_fragment:
        return saved
    fresh = found(await queries.demand_in(station_id, number))
    if saved is not None:
        response = page(request, "attendance/_post.html", **{**await panel(request, fresh), "panel_said": said})
        response.headers.update(CHANGED)
        return response
    if request.wants_fragment:
        return again(request, "attendance/_post.html", **await panel(request, fresh, **{name: form}))
    return again(request, "attendance/today.html", **await whole_page(request, fresh, **{name: form}))


async def _person(request: StationRequest, form: Any) -> int:
    """The sign-in with the typed ticket. RuleBroken when nobody has it today."""
    row = await sign_in_at(request.actor.station_id or 0, today(), form.ticket.data)
    if row is None:
        raise RuleBroken(NOT_HERE, "ticket")
    return int(row["id"])


def _whom(form: Any) -> str:
    return ticket_text(form.ticket.data) if isinstance(form.ticket.data, int) else ""


@post(ONE + "/calls", guards=[_CALLS], name="dispatch:call")
async def call(request: StationRequest, number: FromPath[str]) -> Response:
    """Call somebody: the next in turn, once more, or by name at the employer's request."""
    typed = await request.typed()
    form, name = (NamedCallForm(typed), "named_form") if typed.get("named") else (CallForm(typed), "call_form")

    async def act(job: dict[str, Any]) -> None:
        await actions.call(
            await _person(request, form),
            job["id"],
            named=bool(form.named.data),
            note=form.note.data or "",
            counter=form.counter.data or "",
            again=bool(form.again.data),
            actor=request.actor,
        )

    return await _acted(request, number, name, form, act, f"已叫{_whom(form)}。")


@post(ONE + "/skips", guards=[_CALLS], name="dispatch:skip")
async def skip(request: StationRequest, number: FromPath[str]) -> Response:
    """Pass somebody over for this demand today, with a coded reason."""
    form = await SkipForm.posted(request)

    async def act(job: dict[str, Any]) -> None:
        reason = SkipReason(form.reason.data)
        await actions.skip(await _person(request, form), job["id"], reason, form.note.data or "", actor=request.actor)

    return await _acted(request, number, "skip_form", form, act, f"已跳过{_whom(form)}，原因已记下。")


@post(ONE + "/answers", guards=[_CALLS], name="dispatch:answer")
async def answer(request: StationRequest, number: FromPath[str]) -> Response:
    """Called and does not go, or did not come: the person waits on, the next one's turn comes."""
    form = await CallAnswerForm.posted(request)

    async def act(job: dict[str, Any]) -> None:
        running = await queries.open_call(await _person(request, form))
        if running is None or running["job"] != job["id"]:
            raise RuleBroken(f"{_whom(form)}这次叫号同事已经记了结果，请看页面上最新的。", "ticket")
        await actions.answer_call(running["id"], CallAnswer(form.answer.data), actor=request.actor)

    said = CallAnswer.label_of(form.answer.data or "")
    return await _acted(request, number, "answer_form", form, act, f"{_whom(form)}：{said}。")


@post(ONE + "/places", guards=[_CALLS], name="dispatch:give")
async def give(request: StationRequest, number: FromPath[str]) -> Response:
    """Give the place: the worker agreed at the counter, the employer's side answered. The last place goes to one only."""
    form = await PlaceForm.posted(request)

    async def act(job: dict[str, Any]) -> None:
        method, by = ConsentMethod(form.method.data), form.answered_by.data or ""
        await actions.give_place(await _person(request, form), job["id"], method=method, answered_by=by, actor=request.actor)

    return await _acted(request, number, "place_form", form, act, f"名额已给{_whom(form)}，请打印推荐上岗单。")


@post(ONE + "/replacements", guards=[_CALLS], name="dispatch:replace")
async def replacement(request: StationRequest, number: FromPath[str]) -> Response:
    """Somebody who had a place did not come: written down, and the next who fits is called."""
    form = await ReplacementForm.posted(request)

    async def act(job: dict[str, Any]) -> None:
        promise = await queries.promise_of(job["id"], form.referral.data or "")
        if promise is None:
            raise RuleBroken("这个岗位没有这张推荐单，或者已经办过，请看页面上最新的。", "referral")
        await actions.replace_no_show(
            promise["id"], job["id"], form.reason.data or "", counter=form.counter.data or "", actor=request.actor
        )

    return await _acted(request, number, "replacement_form", form, act, "已记下未到岗，名额空出来了；有合适的，下一位已叫。")


ROUTES = [one_demand, call, skip, answer, give, replacement]
