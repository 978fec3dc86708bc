"""The session cookie of an employer: on a phone it outlives the browser's closing, for as long as the session may last."""

from rules.permissions import Role
from rules.sessions import lifetime
from web.request import StationRequest
from web.sessions import cookie_names, set_cookie


def keep_signed_in(request: StationRequest, token: str) -> None:
    """Give this browser the employer's session."""
    _set(request, token, int(lifetime(Role.EMPLOYER).absolute.total_seconds()))


def signed_out(request: StationRequest) -> None:
    """Take the session cookie away."""
    _set(request, "", 0)


def _set(request: StationRequest, token: str, seconds: int) -> None:
    name, _ = cookie_names(request.settings)
    request.scope["state"].setdefault("set_cookies", []).append(set_cookie(request.settings, name, token, max_age=seconds))
