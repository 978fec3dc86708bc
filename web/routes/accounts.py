"""Signing in and out, one's own account."""

from urllib.parse import urlsplit

from litestar import Response, get, post
from litestar.exceptions import TooManyRequestsException
from litestar.response import Redirect

from db.actions import accounts as actions
from rules.errors import RuleBroken
from rules.permissions import Actor, Permission
from web.forms.accounts import PasswordForm, SignInForm
from web.guards import needs, open_to_all
from web.render import again, done, page
from web.request import StationRequest
from web.sessions import cookie_names, set_cookie


def home_of(actor: Actor) -> str:
    """Where somebody lands after signing in."""
    return "/desk" if actor.may(Permission.DESK) else "/supervision"


def own_path(typed: str) -> str:
    """`typed` when it is a path of ours, else ""."""
    parts = urlsplit(typed)
    if parts.scheme or parts.netloc or not typed.startswith("/") or typed.startswith("//") or "\\" in typed:
        return ""
    return typed if typed.isascii() and typed.isprintable() else ""


@get("/sign-in", guards=[open_to_all], name="accounts:sign-in")
async def sign_in_page(request: StationRequest) -> Response:
    """The sign-in form; somebody who is signed in goes on to their desk."""
    if request.signed_in:
        return Redirect(home_of(request.signed_in), status_code=303)
    return page(request, "accounts/sign_in.html", form=SignInForm(), next=own_path(request.query_params.get("next", "")))


@post("/sign-in", guards=[open_to_all], name="accounts:open-session")
async def sign_in(request: StationRequest) -> Response:
    """Open a session with a new id; a wrong name and a wrong password look the same."""
    form = await SignInForm.posted(request)
    wanted = own_path((await request.typed()).get("next", ""))
    if form.validate():
        try:
            token = await actions.sign_in(form.login.data, form.password.data, address=_address(request), old_key=request.session_key)
        except actions.TooManyTries:
            raise TooManyRequestsException() from None
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            name, _ = cookie_names(request.settings)
            request.scope["state"].setdefault("set_cookies", []).append(set_cookie(request.settings, name, token))
            return done(request, wanted or "/sign-in")
    return again(request, "accounts/sign_in.html", form=form, next=wanted)


@post("/sign-out", guards=[needs(Permission.OWN_ACCOUNT)], name="accounts:sign-out")
async def sign_out(request: StationRequest) -> Response:
    """End the session and clear what the browser keeps."""
    await actions.sign_out(request.session_key or "", actor=request.actor)
    name, _ = cookie_names(request.settings)
    request.scope["state"].setdefault("set_cookies", []).append(set_cookie(request.settings, name, "", max_age=0))
    answer = done(request, "/sign-in", "您已退出登录。")
    answer.headers["clear-site-data"] = '"cache", "storage"'
    return answer


@get("/desk/account", guards=[needs(Permission.OWN_ACCOUNT)], name="accounts:own")
async def own_account(request: StationRequest) -> Response:
    """One's own account with the form for a new password."""
    return page(request, "accounts/own.html", form=PasswordForm())


@post("/desk/account/password", guards=[needs(Permission.OWN_ACCOUNT)], name="accounts:password")
async def change_password(request: StationRequest) -> Response:
    """A new password; every other session of the account ends."""
    form = await PasswordForm.posted(request)
    if form.validate():
        try:
            await actions.change_password(
                form.old_password.data, form.new_password.data, key=request.session_key or "", actor=request.actor
            )
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            return done(request, "/desk/account", "密码已改好，其他地方的登录都已退出。")
    return again(request, "accounts/own.html", form=form)


def _address(request: StationRequest) -> str:
    return request.client.host if request.client else ""


ROUTES = [sign_in_page, sign_in, sign_out, own_account, change_password]
