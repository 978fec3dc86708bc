"""Password hashes: argon2id in a thread, two at a time, the same work for an unknown account."""

from __future__ import annotations

import asyncio
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


@cache
def _nobody() -> str:
    return _HASHER.hash("nobody has this password")


@cache
def _slots(_loop: asyncio.AbstractEventLoop) -> asyncio.Semaphore:
    return asyncio.Semaphore(2)


async def hash_password(password: str) -> str:
    """The argon2id hash to store."""
    async with _slots(asyncio.get_running_loop()):
        return await asyncio.to_thread(_HASHER.hash, password)


def _matches(stored: str | None, password: str) -> bool:
    try:
        _HASHER.verify(stored or _nobody(), password)
    except (VerifyMismatchError, InvalidHashError):
        return False
    return stored is not None


async def password_matches(stored: str | None, password: str) -> bool:
    """Whether the password is right. `stored` None (no such account) costs the same time and is never right."""
    async with _slots(asyncio.get_running_loop()):
        return await asyncio.to_thread(_matches, stored, password)
