"""Signing in at the rush-hour desk (早市叫号): a card, a phone's code, a telephone, a name; leaving, coming back; the day's list."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.params import FromPath

from db.actions import attendance as actions
from db.actions.seekers import confirm_seeker
from db.clock import today
from db.queries import attendance as queries
from rules.attendance import recognised_by, scanned
from rules.errors import RuleBroken
from rules.masking import mask_name
from rules.numbers import normal
from rules.permissions import Permission
from web.corrections import corrected
from web.forms.attendance import SignInFilterForm, SignInForm
from web.forms.base import PageForm
from web.guards import needs
from web.listings.shape import date_of
from web.render import again, found, page
from web.request import StationRequest
from web.rush_hour import HOME, answer, answer_for, lists, mark_of, trade_words, whole_page
from web.submission import submit

UNKNOWN = "没有找到这个人。请核对电话、编号；还没登记的，点“登记求职”，输入的内容会带过去。"
SEVERAL = "有{}个人，请按数字键选本人。"
MANY = "有太多人，请输入全名、电话或者编号。"
_SIGNS_IN = needs(Permission.ATTENDANCE_SIGN_IN)


@get(HOME, guards=[needs(Permission.ATTENDANCE_READ)], name="attendance:today")
async def rush_hour(request: StationRequest) -> Response:
    """The rush-hour desk. As a fragment its two lists; 204 while they are as `seen`, so that asking again costs little."""
    asked = request.query_params
    if request.wants_fragment:
        made = await mark_of(request.actor.station_id or 0, asked.get("days") == "later")
        if asked.get("seen") == made[0]:
            return Response(None, status_code=204)
        return page(request, "attendance/_now.html", **await lists(request, asked.get("post", ""), made=made))
    ticket = int(asked["ticket"]) if asked.get("ticket", "").isdecimal() and len(asked["ticket"]) < 6 else None
    return page(request, "attendance/today.html", **await whole_page(request, answered=await answer_for(request, ticket)))


@post(HOME + "/sign-ins", guards=[_SIGNS_IN], name="attendance:sign-in")
async def sign_in(request: StationRequest) -> Response:
    """Whoever is meant signs in at once; several are asked to be chosen from. However often it is sent, it happens once a day."""
    form = await SignInForm.posted(request)
    form.form_token.data = ""  # a person signs in once a day by itself, and two scans may leave from one page
    meant = await _meant(request, form)
    refs: list[actions.SignInRef] = []

    async def act() -> actions.SignInRef:
        refs[:] = [await _sign_in(request, form, meant[0])]
        return refs[0]

    if len(meant) == 1:
        saved = await submit(request, form, act, to=lambda ref: f"{HOME}?ticket={ref.ticket}")
        if saved is not None:
            shown = await answer_for(request, refs[0].ticket, again=refs[0].again) if request.wants_fragment else {}
            return page(request, "attendance/_answer.html", **shown) if shown else saved
    shown = _refused(form, meant)
    if request.wants_fragment:
        return again(request, "attendance/_answer.html", **shown, sign_in_form=form)
    return again(request, "attendance/today.html", **await whole_page(request, sign_in_form=form, answered=shown))


async def _meant(request: StationRequest, form: SignInForm) -> list[dict[str, Any]]:
    if not form.validate():
        return []
    if form.choice.data:
        return await queries.arriving_with(normal(form.choice.data))
    return await queries.arriving(request.actor.scope, scanned(form.word.data or ""))


async def _sign_in(request: StationRequest, form: SignInForm, seeker: dict[str, Any]) -> actions.SignInRef:
    try:
        arrived_at = form.arrived_at
    except ValueError:
        raise RuleBroken("签到时间没看懂，请重新签到。", "word") from None
    return await actions.sign_in(
        request.actor.station_id or 0,
        seeker["id"],
        recognised_by(form.word.data or form.choice.data or ""),
        arrived_at=arrived_at,
        token=form.token.data or "",
        actor=request.actor,
    )


def _refused(form: SignInForm, meant: list[dict[str, Any]]) -> dict[str, Any]:
    """What the box says when nobody signed in: why not, or whom to choose from."""
    if form.problems:
        return answer(outcome="refused", problem=form.problems[0][1])
    if not meant:
        return answer(outcome="unknown", problem=UNKNOWN)
    if len(meant) > queries.MOST_MEANT:
        return answer(outcome="refused", problem=MANY)
    return answer(outcome="choose", problem=SEVERAL.format(len(meant)), choices=meant)


async def _about(request: StationRequest, ticket: int, act: Callable[[dict[str, Any]], Awaitable[Any]], said: str) -> Response:
    """Find the ticket of today, do it once, show the box about it."""
    person = found(await queries.sign_in_with(request.actor.station_id or 0, today(), ticket))
    form = await PageForm.posted(request)
    saved = await submit(request, form, lambda: act(person), to=lambda _: f"{HOME}?ticket={ticket}", said=said)
    if saved is None:
        raise RuleBroken(form.refusals[0])
    return saved


@post(HOME + "/tickets/{ticket:int}/departure", guards=[_SIGNS_IN], name="attendance:leave")
async def departure(request: StationRequest, ticket: FromPath[int]) -> Response:
    """离站: the person waits no longer today."""
    return await _about(request, ticket, lambda row: actions.leave(row["id"], actor=request.actor), "已记下离站。")


@post(HOME + "/tickets/{ticket:int}/return", guards=[_SIGNS_IN], name="attendance:return")
async def back(request: StationRequest, ticket: FromPath[int]) -> Response:
    """回站: back after a short job, in the old place."""
    return await _about(request, ticket, lambda row: actions.come_back(row["id"], actor=request.actor), "已回站，还排在原来的位置。")


@post(HOME + "/tickets/{ticket:int}/confirmation", guards=[_SIGNS_IN], name="attendance:confirm")
async def still_looking(request: StationRequest, ticket: FromPath[int]) -> Response:
    """A profile that rested wakes up: the person stands here and says so."""
    return await _about(request, ticket, lambda row: confirm_seeker(row["seeker"], actor=request.actor), "已记下：本人还在找活。")


@get(HOME + "/sign-ins", guards=[needs(Permission.ATTENDANCE_READ)], name="attendance:list")
async def sign_ins(request: StationRequest) -> Response:
    """Everybody who signed in on a day, by ticket."""
    form, after = SignInFilterForm(request.query_params), request.query_params.get("after", "")
    wanted = queries.SignInFilter.of(date_of(request.query_params.get("day", "")), form.state.data)
    rows = await queries.sign_ins_of(request.actor.scope, wanted, after)
    kept = {"day": wanted.day.isoformat(), **({"state": wanted.state} if wanted.state else {})}
    links = {
        "previous": f"{HOME}/sign-ins?{urlencode(kept)}" if after else "",
        "next": f"{HOME}/sign-ins?{urlencode({**kept, 'after': rows.next})}" if rows.next else "",
    }
    shown: dict[str, Any] = {
        "form": form,
        "rows": rows.rows,
        "links": links,
        "wanted": wanted,
        "home": HOME,
        "kept": kept,
        "today": today(),
    }
    shown |= {"mask": mask_name, "trade_words": trade_words}
    shown["corrected"] = await corrected(request.actor, {"sign_in": [row["id"] for row in rows.rows]})
    return page(request, "attendance/sign_ins.html", fragment="attendance/_sign_ins.html", **shown)


ROUTES = [rush_hour, sign_in, departure, back, still_looking, sign_ins]
