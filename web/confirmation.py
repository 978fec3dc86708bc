"""One's own password given again: to open a locked desk, and before something sensitive. What was typed meanwhile is kept.

A handler that does something sensitive says `confirm_first(request)`; whoever gave the password within ten minutes goes on,
everybody else gives it and comes back (`web.errors` shows the page).
"""

from typing import Any
from urllib.parse import quote, urlsplit

from litestar import Response
from litestar.datastructures import FormMultiDict
from litestar.exceptions import NotAuthorizedException
from litestar.response import Redirect

from web.forms.accounts import OwnPasswordForm
from web.render import page
from web.request import StationRequest

KEPT = "kept-"
"""Before the names of fields that another form had typed and that are only carried along."""

LOCK, CONFIRM = "/desk/lock", "/desk/confirm"
Fields = list[tuple[str, str]]


class ConfirmFirst(NotAuthorizedException):
    """The password must be given again before this is done."""


def confirm_first(request: StationRequest) -> None:
    """Go on when the person gave the password within the last ten minutes; otherwise ConfirmFirst, which asks for it."""
    if not request.recently_confirmed:
        raise ConfirmFirst()


def own_path(typed: str) -> str:
    """`typed` when it is an address of ours, else ""."""
    parts = urlsplit(typed)
    if parts.scheme or parts.netloc or not typed.startswith("/") or typed.startswith("//") or "\\" in typed:
        return ""
    return typed if typed.isascii() and typed.isprintable() and len(typed) <= 500 else ""


def asked_for(request: StationRequest) -> str:
    """The address of this request with its query; of an htmx request that of the page it stands in."""
    if request.wants_fragment:
        parts = urlsplit(request.headers.get("hx-current-url", ""))
        return own_path(parts.path + ("?" + parts.query if parts.query else ""))
    query = request.scope["query_string"].decode("latin-1")
    return own_path(quote(request.scope["path"]) + ("?" + query if query else ""))


def kept_fields(typed: FormMultiDict) -> Fields:
    """The carried fields under the names they had."""
    return [(name.removeprefix(KEPT), value) for name, value in typed.multi_items() if name.startswith(KEPT) and isinstance(value, str)]


def password_page(
    request: StationRequest,
    where: str,
    form: OwnPasswordForm | None = None,
    *,
    status: int,
    back: str,
    resume: str = "",
    keep: Fields | None = None,
) -> Response[str]:
    """The page at `where` (LOCK or CONFIRM) that asks for the password: then back to `back`, or the form to `resume` again."""
    context: dict[str, Any] = {"where": where, "lock": where == LOCK, "back": back, "resume": resume, "keep": keep or []}
    return page(request, "accounts/password_again.html", status=status, form=form or OwnPasswordForm(), **context)


def ask_for_password(request: StationRequest, where: str) -> Response[Any]:
    """The answer to a request that has to wait for the password: what was posted stays on the page until it is given."""
    asked = asked_for(request)
    if request.wants_fragment:
        return Response(None, status_code=401, headers={"HX-Redirect": f"{where}?next={quote(asked, safe='/')}"})
    if request.method != "POST":
        if where == LOCK:  # the page one was on stays the address, so that a reload after unlocking shows it
            return password_page(request, where, status=401, back=asked)
        return Redirect(f"{where}?next={quote(asked, safe='/')}", status_code=303)
    keep = request.scope["state"].get("kept_fields", [])
    return password_page(request, where, status=401, back="", resume=quote(request.scope["path"]), keep=keep)


def go_on(request: StationRequest, typed: FormMultiDict, *, said: str, home: str) -> Response[Any]:
    """After the right password: back to the page one was on, or the page that sends the kept form again."""
    resume, keep = own_path(typed.get("resume", "")), kept_fields(typed)
    if resume and keep:
        return page(request, "accounts/resume.html", said_before=said, resume=resume, keep=keep)
    return Redirect(own_path(typed.get("back", "")) or home, status_code=303)
