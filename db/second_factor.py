"""One-time passwords of an authenticator (TOTP, RFC 6238) and recovery codes: made and compared, nothing is stored here.

pyotp alone would take the same code twice and full-width digits (measured); both are refused here and by `totp_step`.
"""

from __future__ import annotations

import base64
import hmac
import re
import secrets
from datetime import datetime

import pyotp

from db.vault import vault

ISSUER = "零工驿站"
STEP_SECONDS = 30
WINDOW = (0, -1, 1)
"""The time step now, the one before and the one after: telephones do not keep exact time."""

RECOVERY_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without letters and digits that look alike on paper: i, l, o, 0, 1."""

_TOTP = re.compile(r"[0-9]{6}")
_SPACES = re.compile(r"[\s-]+")


def pending_secret(session_key: str, since: datetime | None) -> str:
    """The secret offered in this session for an authenticator: always the same one, stored only once a code confirms it.

    `since` is when the account's present authenticator was set up, so that the next one gets another secret. Nobody
    who saw an earlier, unfinished sign-in has seen this one.
    """
    bound_to = f"{session_key}{int(since.timestamp()) if since else 0}"
    parts = (vault().index(f"totp-enrolment-{n}", bound_to).partition(".")[2] for n in (1, 2))
    return base64.b32encode(bytes.fromhex("".join(parts))[:20]).decode()


def provisioning_uri(secret: str, login: str) -> str:
    """What the QR code says to an authenticator."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)


def as_typed(typed: str) -> str:
    """A typed code without the spaces and dashes people put between the groups, in lower case."""
    return _SPACES.sub("", typed).lower()


def is_totp(typed: str) -> bool:
    """Whether it has the shape of a code of an authenticator: six ASCII digits."""
    return _TOTP.fullmatch(typed) is not None


def matching_step(secret: str, typed: str, moment: datetime) -> int | None:
    """The time step whose code was typed, within one step of `moment`; None when there is none.

    The caller must refuse a step that is not later than the last one it accepted.
    """
    if not is_totp(typed) or not secret:
        return None
    totp, here = pyotp.TOTP(secret), int(moment.timestamp()) // STEP_SECONDS
    for offset in WINDOW:
        if hmac.compare_digest(totp.generate_otp(here + offset), typed):
            return here + offset
    return None


def _groups(count: int, size: int) -> str:
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(size)) for _ in range(count))


def new_recovery_codes() -> list[str]:
    """Ten fresh recovery codes, as they are printed: about 59 bits each."""
    return [_groups(3, 4) for _ in range(RECOVERY_CODES)]


def new_initial_password() -> str:
    """A random initial password, easy to read out: nearly 80 bits."""
    return _groups(4, 4)
