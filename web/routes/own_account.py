"""One's own account: password, authenticator, recovery codes, where one is signed in, the signed commitment."""

import hashlib
from typing import Any

from litestar import Response, get, post
from litestar.exceptions import TooManyRequestsException

from db.actions import accounts as actions
from db.actions import second_factor
from db.clock import now
from db.queries import accounts as queries
from rules.errors import RuleBroken
from rules.permissions import Permission
from rules.sessions import FEW_CODES
from web.commitments import commitment_pdf
from web.confirmation import confirm_first
from web.enrolment import offered
from web.forms.accounts import FirstCodeForm, PasswordForm
from web.forms.base import PageForm
from web.guards import needs
from web.render import again, done, page, pdf_file
from web.request import StationRequest
from web.sessions import cookie_names, set_cookie
from web.submission import submit


def _handle(key: str) -> str:
    """How a page names a session without giving away what the table keeps of it."""
    return hashlib.sha256(b"session:" + key.encode()).hexdigest()[:20]


async def _account(request: StationRequest, form: PasswordForm | None = None) -> dict[str, Any]:
    """What the page of one's own account shows."""
    rows = await queries.sessions_of(request.actor.id, now())
    return {
        "form": form or PasswordForm(),
        "blank": PageForm(),
        "own": await queries.security_of(request.actor.id),
        "left": await queries.codes_left(request.actor.id),
        "few": FEW_CODES,
        "sessions": [{**row, "handle": _handle(row["key"]), "here": row["key"] == request.session_key} for row in rows],
    }


@get("/desk/account", guards=[needs(Permission.OWN_ACCOUNT)], name="accounts:own")
async def own_account(request: StationRequest) -> Response:
    """One's own account: what keeps it safe, where it is signed in, the form for a new password."""
    return page(request, "accounts/own.html", **await _account(request))


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
    return again(request, "accounts/own.html", **await _account(request, form))


@post("/desk/account/sessions", guards=[needs(Permission.OWN_ACCOUNT)], name="accounts:end-sessions")
async def end_sessions(request: StationRequest) -> Response:
    """End one of one's other sessions, or all of them; the one in use ends by signing out."""
    form, wanted = await PageForm.posted(request), (await request.typed()).get("session", "")
    rows = await queries.sessions_of(request.actor.id, now())
    others = [row["key"] for row in rows if row["key"] != request.session_key]
    ending = [key for key in others if wanted in ("others", _handle(key))]
    saved = await submit(
        request,
        form,
        lambda: actions.end_sessions(ending, actor=request.actor),
        to=lambda _: "/desk/account",
        said="已退出。" if ending else "那里已经退出了。",
    )
    if saved is None:
        raise RuleBroken(form.refusals[0])
    return saved


@get("/desk/account/second-factor", guards=[needs(Permission.OWN_ACCOUNT)], name="accounts:authenticator")
async def authenticator_page(request: StationRequest) -> Response:
    """Another authenticator, for a new telephone; the password is asked first."""
    confirm_first(request)
    return page(request, "accounts/enrol.html", form=FirstCodeForm(), **await _enrolment(request))


@post("/desk/account/second-factor", guards=[needs(Permission.OWN_ACCOUNT)], name="accounts:replace-authenticator")
async def replace_authenticator(request: StationRequest) -> Response:
    """Confirm the new authenticator with one code; the old one and its recovery codes are worth nothing from now on."""
    form = await FirstCodeForm.posted(request)
    if form.validate():
        confirm_first(request)
        try:
            token, codes = await second_factor.set_second_factor(
                form.one_time_password.data, key=request.session_key or "", actor=request.actor, signing_in=False
            )
        except actions.TooManyTries:
            raise TooManyRequestsException() from None
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            name, _ = cookie_names(request.settings)
            request.scope["state"].setdefault("set_cookies", []).append(set_cookie(request.settings, name, token))
            return _codes_page(request, codes)
    form.one_time_password.data = ""
    return again(request, "accounts/enrol.html", form=form, **await _enrolment(request))


async def _enrolment(request: StationRequest) -> dict[str, Any]:
    """What the page of a new authenticator needs."""
    own = await queries.security_of(request.actor.id)
    shown = {**await offered(request, request.actor), "reset": None}
    return {
        "where": "/desk/account/second-factor",
        "next": "",
        "holder": request.actor,
        "replacing": own["totp_since"] is not None,
        **shown,
    }


@post("/desk/account/recovery-codes", guards=[needs(Permission.OWN_ACCOUNT)], name="accounts:recovery-codes")
async def recovery_codes(request: StationRequest) -> Response:
    """Ten new recovery codes, shown this once; the old ones are worth nothing from now on."""
    form = await PageForm.posted(request)
    confirm_first(request)
    codes, hashes = await second_factor.make_recovery_codes()
    saved = await submit(
        request,
        form,
        lambda: second_factor.replace_recovery_codes(hashes, actor=request.actor),
        to=lambda _: "/desk/account",
        said="备用码只显示一次；没看到的，请再生成一次。",
        answer=lambda _: _codes_page(request, codes),
    )
    if saved is None:
        raise RuleBroken(form.refusals[0] if form.refusals else "没有生成，请刷新页面再试。")
    return saved


def _codes_page(request: StationRequest, codes: list[str]) -> Response:
    return page(request, "accounts/recovery_codes.html", codes=codes, holder=request.actor, onward="/desk/account")


@get("/desk/account/commitment.pdf", guards=[needs(Permission.OWN_ACCOUNT)], name="accounts:commitment-paper")
async def commitment_paper(request: StationRequest) -> Response:
    """The confidentiality commitment one signed, to print, sign by hand and file (art. 18)."""
    return pdf_file(await commitment_pdf(request, request.actor), f"保密承诺书{request.actor.login}")


ROUTES = [
    own_account,
    change_password,
    end_sessions,
    authenticator_page,
    replace_authenticator,
    recovery_codes,
    commitment_paper,
]
