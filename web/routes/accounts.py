"""Signing in, step by step, and out; the locked desk, and the password given again."""

from typing import Any
from urllib.parse import quote

from litestar import Response, get, post
from litestar.exceptions import TooManyRequestsException
from litestar.response import Redirect

from db.actions import accounts as actions
from db.actions import second_factor
from db.queries import accounts as queries
from rules.commitment import commitment
from rules.errors import RuleBroken
from rules.journal import EventKind
from rules.permissions import Actor, Permission
from rules.sessions import FEW_CODES, Step
from web.confirmation import CONFIRM, LOCK, go_on, kept_fields, own_path, password_page
from web.enrolment import offered
from web.errors import home_of, step_address
from web.forms.accounts import CodeForm, CommitmentForm, FirstCodeForm, FirstPasswordForm, OwnPasswordForm, SignInForm
from web.guards import holds_session, needs, open_to_all
from web.render import again, done, page
from web.request import StationRequest
from web.sessions import cookie_names, set_cookie


def _onward(wanted: str) -> str:
    """Where the next step, or the end of signing in, is decided."""
    return f"/sign-in?next={quote(wanted, safe='/')}" if wanted else "/sign-in"


def _holder(request: StationRequest) -> Actor:
    assert request.holder is not None  # the door saw to it
    return request.holder


def _give_cookie(request: StationRequest, token: str) -> None:
    name, _ = cookie_names(request.settings)
    request.scope["state"].setdefault("set_cookies", []).append(set_cookie(request.settings, name, token))


async def _wanted(request: StationRequest) -> str:
    """The page somebody was on the way to, carried along through the steps; at the front door of the desk one's own first page is meant."""
    given = (await request.typed()).get("next", "") if request.method == "POST" else request.query_params.get("next", "")
    path = own_path(given)
    return "" if path == "/desk" else path


async def _elsewhere(request: StationRequest, step: Step) -> Response | None:
    """On to where this sign-in really stands, for a page of a step that is not its turn."""
    return None if request.step is step else Redirect(_onward(await _wanted(request)), status_code=303)


@get("/sign-in", guards=[open_to_all], name="accounts:sign-in")
async def sign_in_page(request: StationRequest) -> Response:
    """The sign-in form; a sign-in that has begun goes on to its next step, a finished one to the desk."""
    wanted = await _wanted(request)
    if request.signed_in:
        return Redirect(wanted or home_of(request.signed_in), status_code=303)
    if request.step:
        return Redirect(step_address(request) + (f"?next={quote(wanted, safe='/')}" if wanted else ""), status_code=303)
    if request.locked:
        return Redirect(LOCK + (f"?next={quote(wanted, safe='/')}" if wanted else ""), status_code=303)
    return page(request, "accounts/sign_in.html", form=SignInForm(), next=wanted)


@post("/sign-in", guards=[open_to_all], name="accounts:open-session")
async def sign_in(request: StationRequest) -> Response:
    """Open a session with a new id; a wrong name and a wrong password look the same."""
    form, wanted = await SignInForm.posted(request), await _wanted(request)
    if form.validate():
        try:
            token = await actions.sign_in(
                form.login.data,
                form.password.data,
                address=request.address,
                old_key=request.session_key,
                second_factor=request.settings.second_factor,
            )
        except actions.TooManyTries:
            raise TooManyRequestsException() from None
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            _give_cookie(request, token)
            return done(request, wanted or "/sign-in")
    return again(request, "accounts/sign_in.html", form=form, next=wanted)


@get("/sign-in/code", guards=[holds_session(Permission.OWN_ACCOUNT)], name="accounts:code")
async def code_page(request: StationRequest) -> Response:
    """Second step: the code on the telephone, or a recovery code."""
    return await _elsewhere(request, Step.CODE) or page(
        request, "accounts/code.html", form=CodeForm(), next=await _wanted(request), holder=_holder(request)
    )


@post("/sign-in/code", guards=[holds_session(Permission.OWN_ACCOUNT)], name="accounts:give-code")
async def give_code(request: StationRequest) -> Response:
    """Take the code once; the session gets a new id."""
    if elsewhere := await _elsewhere(request, Step.CODE):
        return elsewhere
    form, wanted, holder = await CodeForm.posted(request), await _wanted(request), _holder(request)
    if form.validate():
        try:
            token = await second_factor.give_second_factor(form.one_time_password.data, key=request.session_key or "", actor=holder)
        except actions.TooManyTries:
            raise TooManyRequestsException() from None
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            _give_cookie(request, token)
            left = await queries.codes_left(holder.id)
            said = f"备用码只剩{left}个，请到“我的账号”里重新生成。" if left <= FEW_CODES else ""
            return done(request, _onward(wanted), said)
    form.one_time_password.data = ""
    return again(request, "accounts/code.html", form=form, next=wanted, holder=holder)


@get("/sign-in/password", guards=[holds_session(Permission.OWN_ACCOUNT)], name="accounts:first-password")
async def first_password_page(request: StationRequest) -> Response:
    """The initial password gives way to the person's own."""
    return await _elsewhere(request, Step.PASSWORD) or page(
        request, "accounts/first_password.html", form=FirstPasswordForm(), **await _first_password(request)
    )


@post("/sign-in/password", guards=[holds_session(Permission.OWN_ACCOUNT)], name="accounts:set-first-password")
async def set_first_password(request: StationRequest) -> Response:
    """Set the person's own password; other sessions of the account end."""
    if elsewhere := await _elsewhere(request, Step.PASSWORD):
        return elsewhere
    form = await FirstPasswordForm.posted(request)
    if form.validate():
        try:
            await actions.change_password(
                form.old_password.data, form.new_password.data, key=request.session_key or "", actor=_holder(request)
            )
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            return done(request, _onward(await _wanted(request)))
    return again(request, "accounts/first_password.html", form=form, **await _first_password(request))


async def _first_password(request: StationRequest) -> dict[str, Any]:
    reset = await queries.latest_reset(_holder(request).id, EventKind.PASSWORD_RESET)
    return {"next": await _wanted(request), "holder": _holder(request), "reset": reset}


@get("/sign-in/commitment", guards=[holds_session(Permission.OWN_ACCOUNT)], name="accounts:commitment")
async def commitment_page(request: StationRequest) -> Response:
    """The confidentiality commitment to read and to sign, before the first use and again when its text changes (art. 18)."""
    return await _elsewhere(request, Step.COMMITMENT) or page(
        request, "accounts/commitment.html", form=CommitmentForm(), next=await _wanted(request), holder=_holder(request), text=commitment()
    )


@post("/sign-in/commitment", guards=[holds_session(Permission.OWN_ACCOUNT)], name="accounts:sign-commitment")
async def sign_commitment(request: StationRequest) -> Response:
    """Sign it by typing one's name."""
    if elsewhere := await _elsewhere(request, Step.COMMITMENT):
        return elsewhere
    form, wanted, holder = await CommitmentForm.posted(request), await _wanted(request), _holder(request)
    if form.validate():
        try:
            await actions.sign_commitment(form.signed_name.data, actor=holder)
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            return done(request, _onward(wanted), "保密承诺书已签署，可以在“我的账号”里打印。")
    return again(request, "accounts/commitment.html", form=form, next=wanted, holder=holder, text=commitment())


@get("/sign-in/second-factor", guards=[holds_session(Permission.OWN_ACCOUNT)], name="accounts:enrol")
async def enrolment_page(request: StationRequest) -> Response:
    """Set up an authenticator for the first time, or after a reset: picture, secret, one code to confirm."""
    return await _elsewhere(request, Step.SECOND_FACTOR) or page(
        request, "accounts/enrol.html", form=FirstCodeForm(), **await _enrolment(request)
    )


@post("/sign-in/second-factor", guards=[holds_session(Permission.OWN_ACCOUNT)], name="accounts:set-second-factor")
async def enrol(request: StationRequest) -> Response:
    """Confirm the authenticator with one code; the recovery codes are shown this once."""
    if elsewhere := await _elsewhere(request, Step.SECOND_FACTOR):
        return elsewhere
    form, holder = await FirstCodeForm.posted(request), _holder(request)
    if form.validate():
        try:
            token, codes = await second_factor.set_second_factor(
                form.one_time_password.data, key=request.session_key or "", actor=holder, signing_in=True
            )
        except actions.TooManyTries:
            raise TooManyRequestsException() from None
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            _give_cookie(request, token)
            return page(request, "accounts/recovery_codes.html", codes=codes, holder=holder, onward=_onward(await _wanted(request)))
    form.one_time_password.data = ""
    return again(request, "accounts/enrol.html", form=form, **await _enrolment(request))


async def _enrolment(request: StationRequest) -> dict[str, Any]:
    """What the page of the authenticator needs while signing in."""
    holder = _holder(request)
    shown = await offered(request, holder)
    return {"where": "/sign-in/second-factor", "next": await _wanted(request), "holder": holder, "replacing": False, **shown}


@post("/sign-out", guards=[holds_session(Permission.OWN_ACCOUNT)], name="accounts:sign-out")
async def sign_out(request: StationRequest) -> Response:
    """End the session, finished or not, locked or not, and clear what the browser keeps."""
    await actions.sign_out(request.session_key or "", actor=_holder(request))
    name, _ = cookie_names(request.settings)
    request.scope["state"].setdefault("set_cookies", []).append(set_cookie(request.settings, name, "", max_age=0))
    answer = done(request, "/sign-in", "您已退出登录。")
    answer.headers["clear-site-data"] = '"cache", "storage"'
    return answer


@get(LOCK, guards=[holds_session(Permission.OWN_ACCOUNT)], name="accounts:lock")
async def lock_page(request: StationRequest) -> Response:
    """The locked desk asks for its holder's password; a desk that is in use goes back to its page."""
    back = await _wanted(request)
    if request.locked:
        return password_page(request, LOCK, status=200, back=back)
    return Redirect(back if request.signed_in and back else "/sign-in", status_code=303)


@post(LOCK, guards=[holds_session(Permission.OWN_ACCOUNT)], name="accounts:unlock")
async def unlock(request: StationRequest) -> Response:
    """Open the desk again with the password; or, from an open page that nobody sits at, lock it. Typing is carried along."""
    typed = await request.typed()
    if typed.get("nobody") == "1" and request.step is None:
        await actions.lock(request.session_key or "", actor=_holder(request))
        request.scope["state"].pop("actor", None)
        back, resume = own_path(typed.get("back", "")), own_path(typed.get("resume", ""))
        return password_page(request, LOCK, status=200, back=back, resume=resume, keep=kept_fields(typed))
    return await _with_password(request, LOCK, actions.unlock, "已解锁。")


@get(CONFIRM, guards=[needs(Permission.OWN_ACCOUNT)], name="accounts:confirm")
async def confirm_page(request: StationRequest) -> Response:
    """The password once more, before something sensitive; then back to `next`."""
    back = await _wanted(request)
    if request.recently_confirmed:
        return Redirect(back or home_of(request.actor), status_code=303)
    return password_page(request, CONFIRM, status=200, back=back)


@post(CONFIRM, guards=[needs(Permission.OWN_ACCOUNT)], name="accounts:confirm-password")
async def confirm(request: StationRequest) -> Response:
    """Good for ten minutes in this session."""
    return await _with_password(request, CONFIRM, actions.confirm_password, "密码已确认。")


async def _with_password(request: StationRequest, where: str, act: Any, said: str) -> Response:
    typed, holder = await request.typed(), _holder(request)
    if request.step:
        return Redirect("/sign-in", status_code=303)
    form = await OwnPasswordForm.posted(request)
    if form.validate():
        try:
            await act(form.own_password.data, key=request.session_key or "", actor=holder, address=request.address)
        except actions.TooManyTries:
            raise TooManyRequestsException() from None
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            return go_on(request, typed, said=said, home=home_of(holder))
    back, resume = own_path(typed.get("back", "")), own_path(typed.get("resume", ""))
    return password_page(request, where, form, status=422, back=back, resume=resume, keep=kept_fields(typed))


@get("/desk/awake", guards=[needs(Permission.OWN_ACCOUNT)], name="accounts:awake")
async def awake(request: StationRequest) -> Response:
    """Somebody is typing on an open page: asked by the page at most once a minute, so that a long form does not lock itself."""
    return Response(None, status_code=204)


ROUTES = [
    sign_in_page,
    sign_in,
    code_page,
    give_code,
    first_password_page,
    set_first_password,
    commitment_page,
    sign_commitment,
    enrolment_page,
    enrol,
    sign_out,
    lock_page,
    unlock,
    confirm_page,
    confirm,
    awake,
]
