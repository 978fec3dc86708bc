"""Employers sign in by phone and password, change it, and set a new one: by a message to the phone, or at the counter."""

from litestar import Response, get, post
from litestar.exceptions import TooManyRequestsException
from litestar.params import FromPath
from litestar.response import Redirect

from db.actions import accounts
from db.actions import employer_accounts as actions
from db.actions.phone_codes import send_code
from db.passwords import hash_password
from db.queries.employer_accounts import accounts_with_phone
from db.queries.employers import employer_in
from db.second_factor import new_initial_password
from rules.errors import RuleBroken
from rules.identity import is_mobile, parse_phone
from rules.permissions import Actor, Permission, Role
from rules.sessions import Step
from web.confirmation import own_path
from web.employer_sessions import keep_signed_in, signed_out
from web.employer_sheet import HOME as DESK
from web.employer_sheet import employer_sheet
from web.forms.employer_registration import AskCodeForm, ChangePasswordForm, EmployerSignInForm, OnlineAccountForm, ResetForm
from web.guards import holds_session, needs, open_to_all
from web.phones import Later, bound_to
from web.render import again, done, found, page
from web.request import StationRequest
from web.submission import submit

HOME = "/employer"


@get("/employer/sign-in", guards=[open_to_all], name="employer-accounts:sign-in")
async def sign_in_page(request: StationRequest) -> Response:
    """Phone and password; somebody who is signed in goes on, one with an initial password must change it first."""
    wanted = own_path(request.query_params.get("next", ""))
    if request.holder and request.holder.role is Role.EMPLOYER:
        return Redirect(f"{HOME}/password" if request.step else wanted or HOME, status_code=303)
    return page(request, "employer_sign_in/sign_in.html", form=EmployerSignInForm(), next=wanted, codes_sent=request.sender.works)


@post("/employer/sign-in", guards=[open_to_all], name="employer-accounts:open-session")
async def sign_in(request: StationRequest) -> Response:
    """Open a session with a new id; an unknown phone and a wrong password look the same."""
    form = await EmployerSignInForm.posted(request)
    wanted = own_path(str((await request.typed()).get("next", "")))
    if form.validate():
        try:
            token = await actions.sign_in(
                form.phone.data or "", form.password.data or "", address=request.address, old_key=request.session_key
            )
        except accounts.TooManyTries:
            raise TooManyRequestsException() from None
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            keep_signed_in(request, token)
            return done(request, wanted or HOME)
    return again(request, "employer_sign_in/sign_in.html", form=form, next=wanted, codes_sent=request.sender.works)


@post("/employer/sign-out", guards=[holds_session(Permission.EMPLOYER_HOME)], name="employer-accounts:sign-out")
async def sign_out(request: StationRequest) -> Response:
    """End the session."""
    await accounts.sign_out(request.session_key or "", actor=_holder(request))
    signed_out(request)
    return done(request, "/employer/sign-in", "您已退出登录。")


@get("/employer/password", guards=[holds_session(Permission.EMPLOYER_HOME)], name="employer-accounts:password")
async def password_page(request: StationRequest) -> Response:
    """A new password; whoever signed in with an initial one gets no further before it is changed."""
    return page(request, "employer_sign_in/password.html", form=ChangePasswordForm(), first=request.step is Step.PASSWORD)


@post("/employer/password", guards=[holds_session(Permission.EMPLOYER_HOME)], name="employer-accounts:change-password")
async def change_password(request: StationRequest) -> Response:
    """Set it; every other session of the account ends."""
    form = await ChangePasswordForm.posted(request)
    if form.validate():
        try:
            await accounts.change_password(
                form.old_password.data or "", form.new_password.data or "", key=request.session_key or "", actor=_holder(request)
            )
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            return done(request, HOME, "密码已改好，其他地方的登录都已退出。")
    return again(request, "employer_sign_in/password.html", form=form, first=request.step is Step.PASSWORD)


@get("/employer/sign-in/phone", guards=[open_to_all], name="employer-accounts:ask-code")
async def ask_code_page(request: StationRequest) -> Response:
    """Forgotten: the phone first, where messages are sent at all; otherwise the counter."""
    return page(request, "employer_sign_in/ask_code.html", form=AskCodeForm(), codes_sent=request.sender.works)


@post("/employer/sign-in/phone", guards=[open_to_all], name="employer-accounts:send-code")
async def ask_code(request: StationRequest) -> Response:
    """Send a code, if an employer has this phone; the answer is the same when none has."""
    form = await AskCodeForm.posted(request)
    if request.sender.works and form.validate():
        try:
            number = parse_phone(form.phone.data or "")
            known = is_mobile(number) and len(await accounts_with_phone(number)) == 1
            await send_code(
                number, actions.RESET, bound_to=bound_to(request), address=request.address, carrier=Later(request.sender), real=known
            )
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            return page(request, "employer_sign_in/code.html", form=ResetForm(phone=number))
    return again(request, "employer_sign_in/ask_code.html", form=form, codes_sent=request.sender.works)


@post("/employer/sign-in/code", guards=[open_to_all], name="employer-accounts:reset")
async def reset(request: StationRequest) -> Response:
    """The code and a new password: signed in with it, every other session ended."""
    form = await ResetForm.posted(request)
    if request.sender.works and form.validate():
        try:
            token = await actions.reset_password(
                parse_phone(form.phone.data or ""),
                form.code.data or "",
                bound_to=bound_to(request),
                password_hash=await hash_password(form.new_password.data or ""),
                old_key=request.session_key,
            )
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            keep_signed_in(request, token)
            return done(request, HOME, "新密码已设好。")
    return again(request, "employer_sign_in/code.html", form=form)


@post(f"{DESK}/{{employer_id:int}}/account", guards=[needs(Permission.EMPLOYERS_VERIFY)], name="employers:give-account")
async def give_account(request: StationRequest, employer_id: FromPath[int]) -> Response:
    """At the counter: the employer's online account with an initial password, shown this once."""
    employer = found(await employer_in(request.actor.scope, employer_id))
    form = await OnlineAccountForm.posted(request)
    given: list[bool] = []
    password = new_initial_password()
    if form.validate():
        hashed = await hash_password(password)

        async def act() -> None:
            await actions.give_initial_password(employer_id, password_hash=hashed, actor=request.actor)
            given.append(True)

        where = f"{DESK}/{employer_id}"
        if await submit(request, form, act, to=lambda _: where):
            if not given:
                return done(request, where, "初始密码刚才已经给过，只显示一次。没记下的，请再给一次。")
            return page(request, "employers/initial_password.html", employer=employer, password=password)
    return again(request, "employers/show.html", **{**await employer_sheet(request, employer), "online": form})


def _holder(request: StationRequest) -> Actor:
    assert request.holder is not None  # the door saw to it
    return request.holder


ROUTES = [
    sign_in_page,
    sign_in,
    sign_out,
    password_page,
    change_password,
    ask_code_page,
    ask_code,
    reset,
    give_account,
]
