"""A worker's own phone: enrolling it with the counter's QR, signing in with the PIN, changing the PIN, giving a phone up."""

import hashlib
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from db.actions import devices as actions
from db.actions.phone_codes import accept_code, send_code
from db.queries import devices as queries
from rules.errors import RuleBroken
from rules.permissions import Permission, Role
from rules.pins import phone_label
from web.confirmation import own_path
from web.forms.base import PageForm
from web.forms.devices import AskCodeForm, ChangePinForm, CodeForm, RevokeForm, SignInForm
from web.forms.registration import NewPinForm
from web.guards import needs, open_to_all
from web.phones import Later, at_a_desk, bound_to, keep_phone, keep_signed_in, phone_of, signed_out
from web.render import again, done, page
from web.request import StationRequest
from web.submission import submit

HOME = "/me"
CODE_FOR = "worker"
AT_A_DESK = "这里正登录着工作台，不能登记成零工的手机。请用本人自己的手机扫码。"


def _label(request: StationRequest) -> str:
    return phone_label(request.headers.get("user-agent", ""))


async def _sign_in(request: StationRequest, form: SignInForm, wanted: str, *, refused: bool = False) -> Response:
    people = await queries.people_of_device(phone_of(request))
    form.person.choices = [("", "请选择"), *((str(row["id"]), row["name"]) for row in people)]
    if len(people) == 1 and not form.person.data:
        form.person.data = str(people[0]["id"])
    known = bool(people) or await queries.knows_device(phone_of(request))
    answer = (again if refused else page)(
        request, "devices/sign_in.html", form=form, people=people, known=known, next=wanted, codes_sent=request.sender.works
    )
    answer.headers["cache-control"] = "no-store"
    return answer


@get("/me/sign-in", guards=[open_to_all], name="devices:sign-in")
async def sign_in_page(request: StationRequest) -> Response:
    """Who is it, and the PIN; on a phone that is not enrolled, how to get it enrolled."""
    wanted = own_path(request.query_params.get("next", ""))
    if request.signed_in and request.signed_in.role is Role.WORKER:
        return Redirect(wanted or HOME, status_code=303)
    return await _sign_in(request, SignInForm(), wanted)


@post("/me/sign-in", guards=[open_to_all], name="devices:open-session")
async def sign_in(request: StationRequest) -> Response:
    """Open a session with this phone's cookie and the PIN."""
    form = await SignInForm.posted(request)
    wanted = own_path(str((await request.typed()).get("next", "")))
    people = await queries.people_of_device(phone_of(request))
    form.person.choices = [("", "请选择"), *((str(row["id"]), row["name"]) for row in people)]
    if people and form.validate():
        account = next(row["account"] for row in people if str(row["id"]) == form.person.data)
        try:
            token = await actions.sign_in(phone_of(request), account, form.pin.data, old_key=request.session_key)
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            keep_phone(request, phone_of(request))
            keep_signed_in(request, token)
            return done(request, wanted or HOME)
    return await _sign_in(request, form, wanted, refused=True)


@get("/me/sign-in/phone", guards=[open_to_all], name="devices:ask-code")
async def ask_code_page(request: StationRequest) -> Response:
    """Where a code by message is offered: the phone number first."""
    return page(request, "devices/ask_code.html", form=AskCodeForm(), codes_sent=request.sender.works)


@post("/me/sign-in/phone", guards=[open_to_all], name="devices:send-code", status_code=200)
async def ask_code(request: StationRequest) -> Response:
    """Send a code when the number is a worker's with a PIN; the same page and the same work when it is nobody's."""
    form = await AskCodeForm.posted(request)
    if request.sender.works and form.validate():
        try:
            number = form.number()
            await send_code(
                number,
                CODE_FOR,
                bound_to=bound_to(request),
                address=request.address,
                carrier=Later(request.sender),
                real=await actions.known_phone(number),
            )
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            return page(request, "devices/code.html", form=CodeForm(phone=number))
    return again(request, "devices/ask_code.html", form=form, codes_sent=request.sender.works)


@post("/me/sign-in/code", guards=[open_to_all], name="devices:code")
async def with_code(request: StationRequest) -> Response:
    """The code and then the PIN: this phone becomes the worker's. Neither of the two opens anything alone."""
    form = await CodeForm.posted(request)
    if request.sender.works and form.validate():
        browser = phone_of(request) or actions.new_device_token()
        try:
            number = AskCodeForm(phone=form.phone.data).number()
            await accept_code(number, CODE_FOR, form.code.data, bound_to=bound_to(request))
            token = await actions.sign_in_by_phone(
                number, form.pin.data, browser=browser, label=_label(request), old_key=request.session_key
            )
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            keep_phone(request, browser)
            keep_signed_in(request, token)
            return done(request, HOME)
    return again(request, "devices/code.html", form=form)


@post("/me/sign-out", guards=[needs(Permission.ME)], name="devices:sign-out")
async def sign_out(request: StationRequest) -> Response:
    """End the session; the phone stays enrolled, so that only the PIN is needed next time."""
    await actions.sign_out(request.session_key or "", actor=request.actor)
    signed_out(request)
    return done(request, "/me/sign-in", "您已退出登录。")


@get("/me/pin", guards=[needs(Permission.ME)], name="devices:pin")
async def pin_page(request: StationRequest) -> Response:
    """The form for a new PIN."""
    return page(request, "devices/pin.html", form=ChangePinForm())


@post("/me/pin", guards=[needs(Permission.ME)], name="devices:change-pin")
async def change_pin(request: StationRequest) -> Response:
    """A new PIN; every other sign-in of this worker ends."""
    form, key = await ChangePinForm.posted(request), request.session_key or ""
    if form.validate():
        try:
            device = await queries.device_of_session(key)
            await actions.change_pin(form.old_pin.data, form.pin.data, device_id=device, key=key, actor=request.actor)
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            return done(request, HOME, "密码已改好，其他手机上的登录都已退出。")
    return again(request, "devices/pin.html", form=form)


@get("/me/devices", guards=[needs(Permission.ME)], name="devices:own")
async def own_devices(request: StationRequest) -> Response:
    """The phones on which this worker may sign in."""
    rows = await queries.devices_of(request.actor.id)
    here = await queries.device_of_session(request.session_key or "")
    return page(request, "devices/own.html", rows=rows, here=here, form=PageForm(), default_reason=RevokeForm().reason.choices[0][0])


@post("/me/devices/{handle:str}/revocation", guards=[needs(Permission.ME)], name="devices:revoke")
async def revoke(request: StationRequest, handle: FromPath[str]) -> Response:
    """This phone is no longer mine: its sessions end at once."""
    form = await RevokeForm.posted(request)
    saved = await submit(
        request,
        form,
        lambda: actions.revoke_device(handle, request.actor.id, reason="本人停用", actor=request.actor),
        to=lambda _: "/me/devices",
        said="这部手机已停用。",
    )
    if saved is None:
        raise RuleBroken(form.refusals[0])
    return saved


async def _scanned(request: StationRequest, token: str) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """(ticket, person) of a QR that this phone may still use."""
    ticket = await queries.ticket_scanned(token)
    if ticket is None or (ticket["confirmed_at"] and ticket["opened_by"] != queries.device_key(phone_of(request))):
        return None
    return ticket, await queries.person_on_ticket(ticket["seeker"])


def _over(request: StationRequest, sentence: str = "这个二维码已经用过或者过了时间。") -> Response:
    return page(request, "devices/enrol_over.html", status=410, sentence=sentence)


def four_digits(token: str, digits: str) -> list[str]:
    """The right two digits among three others, in an order that follows from the QR."""
    order = hashlib.sha256(f"digits:{token}".encode()).digest()
    found = {digits}
    for byte in order:
        if len(found) < 4:
            found.add(f"{byte % 90 + 10}")
    return sorted(found, key=lambda each: hashlib.sha256(order + each.encode()).digest())


@get("/enrol/{token:str}", guards=[open_to_all], name="devices:enrol")
async def enrol_page(request: StationRequest, token: FromPath[str]) -> Response:
    """What the QR of the counter opens: whose phone this becomes, and the two digits of the counter's screen."""
    if at_a_desk(request):
        return _over(request, AT_A_DESK)
    scanned = await _scanned(request, token)
    if scanned is None:
        return _over(request)
    ticket, person = scanned
    template = "devices/enrol_pin.html" if ticket["confirmed_at"] else "devices/enrol.html"
    choices = four_digits(token, ticket["digits"])
    return page(request, template, form=NewPinForm(), person=person, token=token, choices=choices)


@post("/enrol/{token:str}", guards=[open_to_all], name="devices:confirm")
async def confirm(request: StationRequest, token: FromPath[str]) -> Response:
    """The digits that were tapped: one try."""
    if at_a_desk(request):
        return _over(request, AT_A_DESK)
    browser = phone_of(request) or actions.new_device_token()
    try:
        await actions.confirm_digits(token, str((await request.typed()).get("digits", ""))[:10], browser=browser)
    except RuleBroken as broken:
        return _over(request, broken.message)
    keep_phone(request, browser)
    return done(request, f"/enrol/{token}")


@post("/enrol/{token:str}/pin", guards=[open_to_all], name="devices:take")
async def take(request: StationRequest, token: FromPath[str]) -> Response:
    """The PIN: from now on this phone is the worker's, and they are signed in."""
    form = await NewPinForm.posted(request)
    scanned = None if at_a_desk(request) else await _scanned(request, token)
    if scanned is None or not scanned[0]["confirmed_at"]:
        return _over(request)
    if form.validate():
        try:
            session = await actions.enrol_by_ticket(
                token, form.pin.data, browser=phone_of(request), label=_label(request), old_key=request.session_key
            )
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            keep_signed_in(request, session)
            return done(request, HOME, "这部手机登记好了，以后用6位数字密码登录。")
    return again(request, "devices/enrol_pin.html", form=form, person=scanned[1], token=token, choices=[])


ROUTES = [
    sign_in_page,
    sign_in,
    ask_code_page,
    ask_code,
    with_code,
    sign_out,
    pin_page,
    change_pin,
    own_devices,
    revoke,
    enrol_page,
    confirm,
    take,
]
