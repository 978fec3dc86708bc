"""PIN hashes: mixed with a key from the key file before argon2id, so that a stolen table cannot be guessed through.

Six digits are a million guesses; without the key file (never in the same backup) none of them can be tried. A stored hash
is `key id:argon2id`; a PIN whose index key was retired cannot be checked any more and is set anew at a counter.
"""

from __future__ import annotations

from db.passwords import hash_password, password_matches
from db.vault import vault


def peppered(pin: str) -> str:
    """The keyed form of a PIN, for `hash_peppered`: may wait in a sealed draft, where the PIN itself must not."""
    return vault().index("pin", pin)


def peppered_as(kept: str, pin: str) -> str:
    """The keyed form of `pin` under the key that `kept` was made with; "" when that key is gone."""
    key = kept.partition(".")[0]
    return vault().index("pin", pin, key=key) if key in vault().index_keys else ""


async def hash_peppered(kept: str) -> str:
    """What the account keeps of a keyed PIN."""
    return f"{kept.partition('.')[0]}:{await hash_password(kept)}"


async def hash_pin(pin: str) -> str:
    """What the account keeps of a PIN."""
    return await hash_peppered(peppered(pin))


async def pin_matches(stored: str, pin: str) -> bool:
    """Whether the PIN is right; the same work when there is none to compare with."""
    key, _, hashed = stored.partition(":")
    known = bool(hashed) and key in vault().index_keys
    right = await password_matches(hashed if known else None, vault().index("pin", pin, key=key if known else None))
    return right and known
