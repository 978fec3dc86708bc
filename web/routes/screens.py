"""The hall's screen: what the TV shows and asks for, and the desk's pages about screens and their notices."""

import hashlib
from datetime import datetime
from typing import Any, cast
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.params import FromPath

from db.actions import screens as actions
from db.clock import now, today
from db.queries import screens as queries
from db.queries.accounts import earlier_location
from db.queries.stations import own_station, station_with_code
from rules.codes import NoticeKind
from rules.errors import RuleBroken
from rules.permissions import Permission
from rules.screens import PAIRING_LASTS, SILENT_AFTER
from web.conditional import build, conditional
from web.forms.screens import NothingForm, NoticeForm, PairingForm
from web.guards import needs, open_to_all
from web.render import again, found, page
from web.request import StationRequest
from web.screens import calls_body, device_of, shown, token_of
from web.submission import submit

SCREENS, NOTICES = "/desk/screens", "/desk/screens/notices"
_STALE_SECONDS = 300
"""Even when nobody commits anything, the feed is made anew after this: hours pass, 急招 begins, people go home."""


@get("/screen/{code:str}", guards=[open_to_all], name="screens:screen")
async def screen(request: StationRequest, code: FromPath[str]) -> Response:
    """The screen of a hall; a browser that is not paired gets the pairing code instead."""
    station = found(await station_with_code(code))
    device = await device_of(request, station)
    if device.paired:
        answer = page(request, "screens/screen.html", now=_milliseconds(), **await shown(request, station))
    else:
        answer = _pairing_page(request, station, device.code)
    return device.remembered(request, code, answer)


def _pairing_page(request: StationRequest, station: dict[str, Any], digits: str, refused: str = "") -> Response:
    show = again if refused else page
    return show(
        request,
        "screens/pairing.html",
        station=station,
        digits=digits,
        form=NothingForm(),
        refused=refused,
        minutes=int(PAIRING_LASTS.total_seconds()) // 60,
        version=build(),
    )


@post("/screen/{code:str}/pairing", guards=[open_to_all], name="screens:ask")
async def ask(request: StationRequest, code: FromPath[str]) -> Response:
    """A new pairing code for this browser."""
    station = found(await station_with_code(code))
    device = await device_of(request, station)
    form = await NothingForm.posted(request)
    saved = await submit(request, form, lambda: actions.ask_to_pair(station["id"], device.key), to=lambda _: f"/screen/{code}")
    return device.remembered(request, code, saved or _pairing_page(request, station, "", form.refusals[0]))


@get("/screen/{code:str}/feed", guards=[open_to_all], name="screens:feed")
async def feed(request: StationRequest, code: FromPath[str]) -> Response:
    """One round of the pages for a paired screen, 304 while nothing changed; 404 for any other browser."""
    station = found(await station_with_code(code))
    device = await device_of(request, station)
    if not device.paired or device.row is None:
        return _not_paired()
    await actions.note_seen(device.row["id"], device.row["seen_at"])

    async def told(_: str) -> Response:
        return page(request, "screens/_feed.html", **await shown(request, station))

    answer = await conditional(request, told, part=f"{device.key}{_milliseconds() // 1000 // _STALE_SECONDS}")
    answer.headers.update({"x-now": str(_milliseconds()), "cache-control": "no-store"})
    return answer


@get("/screen/{code:str}/calls.json", guards=[open_to_all], name="screens:calls")
async def calls(request: StationRequest, code: FromPath[str]) -> Response:
    """The numbers called in the last minutes, in at most 300 bytes, 304 while they are the same; 404 for any other browser."""
    body = await calls_body(code, token_of(request, code))
    if body is None:
        return _not_paired()
    tag = f'"{hashlib.blake2b(body, digest_size=8).hexdigest()}"'
    headers = {"etag": tag, "cache-control": "no-store", "x-now": str(_milliseconds())}
    if tag == request.headers.get("if-none-match"):
        return Response(b"", status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


def _milliseconds() -> int:
    """The server's time as the script of the screen counts it."""
    return int(now().timestamp() * 1000)


def _not_paired() -> Response:
    # In words of our own, so that the script can tell it from the error page of a proxy in between.
    return Response(b'{"paired":0}', status_code=404, media_type="application/json", headers={"cache-control": "no-store"})


def _silent(seen_at: datetime | None) -> bool:
    return seen_at is None or now() - seen_at > SILENT_AFTER


async def _screens_page(request: StationRequest, form: PairingForm, show: Any = page) -> Response:
    asked = request.query_params
    revoked, after = asked.get("revoked") == "1", asked.get("after", "")
    rows = await queries.screens_in(request.actor.scope, revoked=revoked, after=after)
    kept = "revoked=1&" if revoked else ""
    return show(
        request,
        "screens/index.html",
        station=found(await own_station(request.actor.station_id)),
        form=form,
        rows=[{**row, "silent": _silent(row["seen_at"]), "form": NothingForm()} for row in rows.rows],
        revoked=revoked,
        links={
            "previous": f"{SCREENS}?{kept}".rstrip("?&") if after else None,
            "next": f"{SCREENS}?{kept}after={rows.next}" if rows.next else None,
        },
        public_url=request.settings.public_url,
    )


@get(SCREENS, guards=[needs(Permission.SCREENS_MANAGE)], name="screens:all")
async def screens(request: StationRequest) -> Response:
    """The screens of the station with their last sign of life, and the form that lets another one in."""
    return await _screens_page(request, PairingForm())


@post(SCREENS, guards=[needs(Permission.SCREENS_MANAGE)], name="screens:pair")
async def pair(request: StationRequest) -> Response:
    """Let the screen in that shows the typed code. Wrong codes are counted: after five every code on show ends."""
    form, station_id = await PairingForm.posted(request), request.actor.station_id or 0
    if form.validate():
        if form.digits and (await queries.waiting_with(station_id, form.digits, now()) or await _repeated(form)):
            name = form.name.data or ""
            saved = await submit(
                request,
                form,
                lambda: actions.pair_screen(station_id, form.digits, name, actor=request.actor),
                to=lambda _: SCREENS,
                said=f"“{name}”已配对，几秒后就会显示内容。",
            )
            if saved is not None:
                return saved
        else:
            over = await actions.count_wrong_code(station_id)
            more = "输错次数太多，屏幕上的配对码已经换掉。" if over else ""
            form.refuse(RuleBroken(f"没有屏幕正在显示这个配对码。{more}请看着屏幕重新输入6位数字。", "code"))
    return await _screens_page(request, form, again)


async def _repeated(form: PairingForm) -> bool:
    """Whether this very form was taken already: the other click of two was faster."""
    return bool(form.form_token.data and await earlier_location(form.form_token.data))


@post(SCREENS + "/{screen_id:int}/revocation", guards=[needs(Permission.SCREENS_MANAGE)], name="screens:revoke")
async def revoke(request: StationRequest, screen_id: FromPath[int]) -> Response:
    """Switch a screen off; within a second it shows a pairing code again."""
    row = found(await queries.screen_in(request.actor.scope, screen_id))
    form = await NothingForm.posted(request)
    saved = await submit(
        request, form, lambda: actions.revoke_screen(screen_id, actor=request.actor), to=lambda _: SCREENS, said=f"“{row['name']}”已停用。"
    )
    if saved is not None:
        return saved
    refused = PairingForm()
    refused.refusals = form.refusals
    return await _screens_page(request, refused, again)


async def _notices_page(request: StationRequest, form: NoticeForm, show: Any = page) -> Response:
    asked = request.query_params
    over, after = asked.get("over") == "1", asked.get("after", "")
    kind = asked.get("kind", "") if asked.get("kind") in NoticeKind._value2member_map_ else ""
    rows = await queries.notices_in(request.actor.scope, today(), over=over, kind=kind, after=after)
    query = urlencode({name: value for name, value in (("kind", kind), ("over", "1" if over else "")) if value})
    base = f"{NOTICES}?{query}" if query else NOTICES
    return show(
        request,
        "screens/notices.html",
        station=found(await own_station(request.actor.station_id)),
        form=form,
        rows=[{**row, "form": NothingForm()} for row in rows.rows],
        over=over,
        kind=kind,
        kinds=NoticeKind,
        today=today(),
        links={
            "previous": base if after else None,
            "next": f"{base}{'&' if query else '?'}after={rows.next}" if rows.next else None,
        },
    )


@get(NOTICES, guards=[needs(Permission.SCREEN_NOTICES)], name="screens:notices")
async def notices(request: StationRequest) -> Response:
    """The notices on the station's screens, and the form for another one."""
    return await _notices_page(request, NoticeForm(first_day=today(), last_day=today()))


@post(NOTICES, guards=[needs(Permission.SCREEN_NOTICES)], name="screens:set-notice")
async def set_notice(request: StationRequest) -> Response:
    """Put a notice onto the screens; words that may not stand in public are marked."""
    form = await NoticeForm.posted(request)
    if form.validate():
        kind, first, last = form.kind.chosen, cast(Any, form.first_day.data), cast(Any, form.last_day.data)
        saved = await submit(
            request,
            form,
            lambda: actions.set_notice(kind, form.words.data or "", first, last, actor=request.actor),
            to=lambda _: NOTICES,
            said="通知已发布，一分钟内出现在信息屏上。" if first <= today() else "通知已保存，到日子自动出现在信息屏上。",
        )
        if saved is not None:
            return saved
    return await _notices_page(request, form, again)


@post(NOTICES + "/{notice_id:int}/ending", guards=[needs(Permission.SCREEN_NOTICES)], name="screens:end-notice")
async def end_notice(request: StationRequest, notice_id: FromPath[int]) -> Response:
    """Take a notice off the screens before its last day."""
    found(await queries.notice_in(request.actor.scope, notice_id))
    form = await NothingForm.posted(request)
    saved = await submit(
        request, form, lambda: actions.end_notice(notice_id, actor=request.actor), to=lambda _: NOTICES, said="通知已从信息屏撤下。"
    )
    if saved is not None:
        return saved
    refused = NoticeForm(first_day=today(), last_day=today())
    refused.refusals = form.refusals
    return await _notices_page(request, refused, again)


ROUTES = [screen, ask, feed, calls, screens, pair, revoke, notices, set_notice, end_notice]
