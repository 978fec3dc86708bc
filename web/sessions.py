"""Puts the signed-in person of the session cookie, or the visitor cookie, into the request's scope.

Nothing is written for a visitor; an id that we did not give out is simply unknown. Whoever has not finished signing in,
or whose desk is locked, is a `holder` without being an `actor`: only the doors that say so (`web.guards.holds_session`) open.
"""

import secrets
from contextlib import suppress
from http.cookies import CookieError, SimpleCookie

from db.actions import accounts as actions
from db.clock import now
from db.errors import StorageUnavailable
from db.queries import accounts as queries
from rules.commitment import commitment
from rules.sessions import is_confirmed, is_locked, is_over, next_step
from web.gate import ASGIApp, Message, Receive, Scope, Send
from web.settings import Settings

ANONYMOUS_PATHS = ("/static/", "/healthz", "/robots.txt", "/sitemap.xml", "/screen/")
POLLING_HEADER = b"x-polling"
"""What an element that asks again by itself (`hx-trigger` with "every") sends along: hx-headers='{"X-Polling": "1"}'."""
POLLING_PATHS: tuple[str, ...] = ()
"""Addresses that are only ever asked by a page itself."""


def cookie_names(settings: Settings) -> tuple[str, str]:
    """Names of the session and the visitor cookie; with the `__Host-` prefix where cookies are secure."""
    return cookie_name(settings, "sid"), cookie_name(settings, "visitor")


def cookie_name(settings: Settings, plain: str) -> str:
    """The name under which a cookie of ours is set: with `__Host-` no other host and no plain http page can plant one."""
    return "__Host-" + plain if settings.secure_cookies else plain


def set_cookie(settings: Settings, name: str, value: str, max_age: int | None = None) -> tuple[bytes, bytes]:
    """A Set-Cookie header: HttpOnly, Lax, whole site, Secure in production."""
    parts = [f"{name}={value}", "Path=/", "HttpOnly", "SameSite=Lax"]
    if max_age is not None:
        parts.append(f"Max-Age={max_age}")
    if settings.secure_cookies:
        parts.append("Secure")
    return b"set-cookie", "; ".join(parts).encode("latin-1")


def screen_cookie(settings: Settings, code: str) -> str:
    """The name under which a hall's screen keeps its token for the station with this code."""
    return cookie_name(settings, f"screen-{code}")


def read_cookies(scope: Scope) -> dict[str, str]:
    """The request's cookies; an unreadable cookie header is no cookies."""
    raw = b"; ".join(value for key, value in scope["headers"] if key == b"cookie")
    if not raw or not raw.isascii():
        return {}
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(raw.decode()).items()}
    except CookieError:
        return {}


class Sessions:
    """Middleware between the gate and the application."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings
        self.session_name, self.visitor_name = cookie_names(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look the session up, let the application answer, add the cookies it asked for."""
        if scope["type"] != "http" or scope["path"].startswith(ANONYMOUS_PATHS):
            if scope["type"] == "http" and scope["path"].startswith("/screen/"):  # a form of a screen is bound to its own token
                name = screen_cookie(self.settings, scope["path"].split("/")[2])
                scope["state"]["visitor"] = read_cookies(scope).get(name, "")[:64]
            await self.app(scope, receive, send)
            return
        state = scope["state"]
        cookies = read_cookies(scope)
        state["visitor"] = visitor = cookies.get(self.visitor_name, "")
        if not (20 <= len(visitor) <= 64 and visitor.isascii()):
            state["visitor"] = ""
        await self._find_actor(state, cookies.get(self.session_name, ""), polling=_is_polling(scope))

        async def sender(message: Message) -> None:
            if message["type"] == "http.response.start":
                added = list(state.get("set_cookies", ()))
                if state.get("new_visitor"):
                    added.append(set_cookie(self.settings, self.visitor_name, state["visitor"]))
                if state.get("holder") is not None:
                    added.append((b"cache-control", b"no-store"))
                if added:
                    message["headers"] = [*message["headers"], *added]
            await send(message)

        await self.app(scope, receive, sender)

    async def _find_actor(self, state: dict, token: str, *, polling: bool) -> None:
        """Note who holds the session. Only a complete, unlocked sign-in is an `actor`: to every other page nobody is there."""
        if not token or len(token) > 100:
            return
        key = actions.session_key(token)
        moment = now()
        try:
            found = await queries.session_in_force(key, moment)
        except StorageUnavailable as unavailable:  # the doors answer with it, and the form is kept for this session
            state["unavailable"], state["session_key"] = unavailable, key
            return
        if found is None:
            return
        standing = found.standing
        step = next_step(standing, second_factor=self.settings.second_factor, commitment=commitment().version)
        if step and is_over(standing, moment, unfinished=True):
            return
        state["holder"], state["session_key"], state["step"] = found.actor, key, step
        state["locked"] = step is None and is_locked(standing, moment)
        if step is None and not state["locked"]:
            state["actor"] = found.actor
            state["confirmed"] = is_confirmed(standing.confirmed_at, moment)
            if moment - standing.seen_at > actions.TOUCH and not polling:
                with suppress(StorageUnavailable):  # with a full disk people go on reading
                    await actions.touch_session(key, moment)


def _is_polling(scope: Scope) -> bool:
    """Whether the page asks by itself: an open screen that nobody sits at must still lock."""
    return scope["path"].startswith(POLLING_PATHS) or any(name == POLLING_HEADER for name, _ in scope["headers"])


def visitor_binding(state: dict) -> str:
    """The visitor cookie's value, made now if this browser has none: called when a page with a form is shown."""
    if not state.get("visitor"):
        state["visitor"] = secrets.token_urlsafe(24)
        state["new_visitor"] = True
    return state["visitor"]
