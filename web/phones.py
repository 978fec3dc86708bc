"""The cookies of a worker's phone: the one that says which phone it is, and the session opened with the PIN."""

import asyncio
import hashlib

import structlog

from db.actions.devices import ENROLLED_FOR
from rules.permissions import PUBLIC_ROLES, Role
from rules.sessions import lifetime
from web.request import StationRequest
from web.senders import Sender, SendingFailed
from web.sessions import cookie_name, cookie_names, set_cookie, visitor_binding

log = structlog.get_logger()


def phone_of(request: StationRequest) -> str:
    """This browser's phone cookie, "" when it has none."""
    return request.own_cookie("dev")


def at_a_desk(request: StationRequest) -> bool:
    """Whether staff is signed in here: such a browser never becomes a worker's phone."""
    return request.signed_in is not None and request.signed_in.role not in PUBLIC_ROLES


def _set(request: StationRequest, name: str, value: str, seconds: float) -> None:
    request.scope["state"].setdefault("set_cookies", []).append(set_cookie(request.settings, name, value, max_age=int(seconds)))


def keep_phone(request: StationRequest, token: str) -> None:
    """Give this browser the phone cookie, for as long as a phone stays enrolled after its last use."""
    _set(request, cookie_name(request.settings, "dev"), token, ENROLLED_FOR.total_seconds())


def keep_signed_in(request: StationRequest, token: str) -> None:
    """Give this browser the session; unlike at a desk it outlives the browser's closing."""
    _set(request, cookie_names(request.settings)[0], token, lifetime(Role.WORKER).absolute.total_seconds())


def signed_out(request: StationRequest) -> None:
    """Take the session cookie away; the phone stays the worker's."""
    _set(request, cookie_names(request.settings)[0], "", 0)


def bound_to(request: StationRequest) -> str:
    """What a code sent to a phone is bound to: this browser, under a hash."""
    return hashlib.sha256(visitor_binding(request.scope["state"]).encode()).hexdigest()


_sending: set[asyncio.Task[None]] = set()


class Later:
    """Sends in the background, so that the answer takes as long whether or not a message goes out; failures stay silent."""

    def __init__(self, sender: Sender) -> None:
        self.sender = sender

    async def send(self, phone: str, text: str) -> None:
        """Hand the message over."""
        task = asyncio.ensure_future(self._send(phone, text))
        _sending.add(task)
        task.add_done_callback(_sending.discard)

    async def _send(self, phone: str, text: str) -> None:
        try:
            await self.sender.send(phone, text)
        except SendingFailed:
            log.warning("sending", error="SendingFailed")
