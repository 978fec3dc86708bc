"""The doors: every handler names the permission it needs or says that it is open. Anything else does not start."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from litestar import Litestar
from litestar.connection import ASGIConnection
from litestar.exceptions import ImproperlyConfiguredException, NotAuthorizedException, PermissionDeniedException
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler

from rules.permissions import Permission
from web import tokens
from web.request import StationRequest

Guard = Callable[[ASGIConnection, BaseRouteHandler], Awaitable[None]]


class StaleForm(PermissionDeniedException):
    """The form's token does not belong to this session: signed out meanwhile, or sent from another site."""


def same_origin(request: ASGIConnection[Any, Any, Any, Any]) -> bool:
    """Whether the browser says that the request comes from our own pages (or says nothing, as old ones do)."""
    site = request.headers.get("sec-fetch-site")
    if site and site not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    if not origin or origin == "null":
        return origin != "null"
    return urlsplit(origin).netloc == request.headers.get("host", "")


async def keep_typing(request: StationRequest) -> None:
    """Put the typed fields aside, so that the error page can offer to send them again. Passwords and PINs are not kept."""
    if request.method == "POST" and same_origin(request):
        request.scope["state"]["kept_fields"] = [
            (name, value)
            for name, value in (await request.typed()).multi_items()
            if isinstance(value, str) and name != "csrf_token" and not any(secret in name for secret in ("password", "pin"))
        ]


async def check_token(request: StationRequest, *, of_visitor: bool = False) -> None:
    """Refuse an unsafe request whose token is missing or belongs to somebody else's session.

    `of_visitor`: one given to this browser before it signed in counts, too: a registration sent twice signs in the first time.
    """
    if request.method in ("GET", "HEAD"):
        return
    if not same_origin(request):
        raise StaleForm()
    await keep_typing(request)
    token = request.headers.get("x-csrf-token", "")
    if not token:
        typed = (await request.typed()).get("csrf_token", "")
        token = typed if isinstance(typed, str) else ""
    bindings = [request.token_binding, *([request.scope["state"].get("visitor", "")] if of_visitor else [])]
    if not any(binding and tokens.valid(request.settings.secret, binding, token) for binding in bindings):
        raise StaleForm()


def needs(permission: Permission) -> Guard:
    """The door of a signed-in page: right session, right token, right permission, in this order."""

    async def guard(connection: ASGIConnection, _: BaseRouteHandler) -> None:
        request: StationRequest = connection  # type: ignore[assignment]
        if request.signed_in is None:
            await keep_typing(request)
            raise NotAuthorizedException()
        await check_token(request)
        if not request.signed_in.may(permission):
            raise PermissionDeniedException()

    guard.permission = permission  # type: ignore[attr-defined]
    return guard


def holds_session(permission: Permission) -> Guard:
    """The door of the few pages for somebody whose sign-in is unfinished or whose desk is locked: `request.holder`.

    Such a session opens nothing else, because every other door asks for `request.signed_in`.
    """

    async def guard(connection: ASGIConnection, _: BaseRouteHandler) -> None:
        request: StationRequest = connection  # type: ignore[assignment]
        if request.holder is None:
            await keep_typing(request)
            raise NotAuthorizedException()
        await check_token(request)
        if not request.holder.may(permission):
            raise PermissionDeniedException()

    guard.permission = permission  # type: ignore[attr-defined]
    guard.unfinished = True  # type: ignore[attr-defined]
    return guard


async def open_to_all(connection: ASGIConnection, _: BaseRouteHandler) -> None:
    """The door of a public page: nobody is asked who they are; a form must still come from our page."""
    await check_token(connection, of_visitor=True)  # type: ignore[arg-type]


open_to_all.permission = None  # type: ignore[attr-defined]


def doors(handler: BaseRouteHandler) -> list[Permission | None]:
    """The doors a handler names: exactly one is right."""
    return [guard.permission for guard in handler.guards or () if hasattr(guard, "permission")]


def refuse_unguarded(app: Litestar) -> None:
    """Raise at start-up for a route that names no door, or more than one."""
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            ours = isinstance(handler, HTTPRouteHandler) and handler.fn.__module__.startswith("web.")
            if ours and len(doors(handler)) != 1:
                raise ImproperlyConfiguredException(f"{handler.fn.__qualname__} names no permission")
