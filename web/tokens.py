"""Form tokens: bound to the session, or for a visitor to a short cookie; masked anew in every page."""

import hashlib
import hmac
import secrets


def _real(secret: bytes, bound_to: str) -> bytes:
    return hmac.new(secret, b"form:" + bound_to.encode(), hashlib.sha256).digest()


def issue(secret: bytes, bound_to: str) -> str:
    """A token for `bound_to` (session key or visitor cookie). The random mask keeps compression from leaking it."""
    mask = secrets.token_bytes(32)
    real = _real(secret, bound_to)
    return (mask + bytes(a ^ b for a, b in zip(mask, real, strict=True))).hex()


def valid(secret: bytes, bound_to: str, token: str) -> bool:
    """Whether `token` was issued for `bound_to`; junk of any shape is simply not."""
    if len(token) != 128 or not token.isascii():
        return False
    try:
        raw = bytes.fromhex(token)
    except ValueError:
        return False
    real = bytes(a ^ b for a, b in zip(raw[:32], raw[32:], strict=True))
    return hmac.compare_digest(real, _real(secret, bound_to))
