"""Puts the signed-in person of the session cookie, or the visitor cookie, into the request's scope.

Nothing is written for a visitor; an id that we did not give out is simply unknown.
"""

import secrets
from http.cookies import CookieError, SimpleCookie

from db.actions import accounts as actions
from db.clock import now
from db.queries import accounts as queries
from web.gate import ASGIApp, Message, Receive, Scope, Send
from web.settings import Settings

ANONYMOUS_PATHS = ("/static/", "/healthz", "/robots.txt", "/sitemap.xml", "/screen/")


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
            await self.app(scope, receive, send)
            return
        state = scope["state"]
        cookies = read_cookies(scope)
        state["visitor"] = visitor = cookies.get(self.visitor_name, "")
        if not (20 <= len(visitor) <= 64 and visitor.isascii()):
            state["visitor"] = ""
        await self._find_actor(state, cookies.get(self.session_name, ""))

        async def sender(message: Message) -> None:
            if message["type"] == "http.response.start":
                added = list(state.get("set_cookies", ()))
                if state.get("new_visitor"):
                    added.append(set_cookie(self.settings, self.visitor_name, state["visitor"]))
                if state.get("actor") is not None:
                    added.append((b"cache-control", b"no-store"))
                if added:
                    message["headers"] = [*message["headers"], *added]
            await send(message)

        await self.app(scope, receive, sender)

    async def _find_actor(self, state: dict, token: str) -> None:
        if not token or len(token) > 100:
            return
        key = actions.session_key(token)
        moment = now()
        found = await queries.session_in_force(key, moment, actions.IDLE)
        if found is None:
            return
        state["actor"], seen_at = found
        state["session_key"] = key
        if moment - seen_at > actions.TOUCH:
            await actions.touch_session(key, moment)


def visitor_binding(state: dict) -> str:
    """The visitor cookie's value, made now if this browser has none: called when a page with a form is shown."""
    if not state.get("visitor"):
        state["visitor"] = secrets.token_urlsafe(24)
        state["new_visitor"] = True
    return state["visitor"]
