"""Whether something can be saved right now: asked by /healthz, so that a full disk is seen before a person meets it."""

from __future__ import annotations

import asyncio
import os
import secrets
import time

from db.clock import now
from db.engine import data_folder
from db.errors import StorageBusy, StorageFull, StorageReadOnly, StorageUnavailable
from db.tables.accounts import Submission
from piccolo_conf import DB

LEAST_FREE = 64 << 20
"""Bytes that must be free where the archive and SQLite lie: with less, the next scan or commit may not fit."""
LITTLE_FREE = 500 << 20
"""With less than this somebody should make room today."""
ANSWER_SECONDS = 5.0
"""An answer stands so long, because anybody may ask and a look takes the turn to write."""
_MORE_THAN_A_PAGE = 20_000

_last: tuple[float, str] | None = None


class _NotKept(Exception):
    """Undoes the write that was tried."""


async def storage_state(*, fresh: bool = False) -> str:
    """ "ok", "low" (little room left), "full", "read-only", "busy" or "down", not older than five seconds.

    A row is written and undone. `fresh` looks again at once.
    """
    global _last
    if fresh or _last is None or time.monotonic() - _last[0] > ANSWER_SECONDS:
        _last = (time.monotonic(), await _looked())
    return _last[1]


async def _looked() -> str:
    try:
        free = await asyncio.to_thread(_free)
        if free < LEAST_FREE:
            return "full"
        await _try_to_write()
    except StorageFull:
        return "full"
    except StorageReadOnly:
        return "read-only"
    except StorageBusy:
        return "busy"
    except (StorageUnavailable, OSError):
        return "down"
    return "ok" if free >= LITTLE_FREE else "low"


def _free() -> int:
    room = os.statvfs(data_folder())
    return room.f_bavail * room.f_frsize


async def _try_to_write() -> None:
    token = secrets.token_hex(20)
    filling = "x" * (_MORE_THAN_A_PAGE if DB.engine_type == "sqlite" else 100)  # SQLite finds out when it needs another page
    try:
        async with DB.writing():
            await Submission.insert(Submission(token=token, account=None, location=filling, at=now()))
            raise _NotKept
    except _NotKept:
        pass
