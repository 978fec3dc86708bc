"""Application-made ids: BigInts that grow with time and never repeat, on any engine.

63 bits: 41 of milliseconds since 2024 (until 2093), 4 of machine (STATION_NODE, 0 to 15, for several machines on
one PostgreSQL), 8 of process slot, 10 of count within the millisecond. A process claims its slot with a file lock
that the operating system lets go when the process ends, however it ends. Ids follow the real clock, not `db.clock`.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

EPOCH_MS = 1_704_067_200_000  # 2024-01-01T00:00:00Z
SLOTS = 256

_lock = threading.Lock()
_slot: int | None = None
_held: int = -1
_last = 0
_count = 0


def _slot_folder() -> Path:
    return Path(tempfile.gettempdir()) / f"station-ids-{os.getuid()}"


def _claim() -> int:
    """Machine and process bits; waits one millisecond, so that a slot's former owner cannot share its last one."""
    global _held
    machine = int(os.environ.get("STATION_NODE") or 0)
    if not 0 <= machine <= 15:
        raise ValueError("STATION_NODE must be a number from 0 to 15, another one on each machine")
    folder = _slot_folder()
    folder.mkdir(mode=0o700, exist_ok=True)
    for slot in range(SLOTS):
        held = os.open(folder / f"slot-{slot}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(held)
            continue
        _held = held
        time.sleep(0.0011)
        return machine << 8 | slot
    raise RuntimeError(f"more than {SLOTS} processes make ids on this machine")


def new_id() -> int:
    """A new id: unique across threads and processes, larger than the ones made before in this process."""
    global _slot, _last, _count
    with _lock:
        if _slot is None:
            _slot = _claim()
        moment = time.time_ns() // 1_000_000
        if moment > _last:
            _last, _count = moment, 0
        else:  # the same millisecond, or a clock that was set back: count on, then borrow from the future
            _count += 1
            if _count == 1024:
                _last, _count = _last + 1, 0
        return (_last - EPOCH_MS) << 22 | _slot << 10 | _count


def made_at(number: int) -> datetime:
    """When an id was made, by the real clock, to the millisecond."""
    return datetime.fromtimestamp(((number >> 22) + EPOCH_MS) / 1000, UTC)


def _after_fork() -> None:
    global _lock, _slot, _held
    if _held >= 0:
        os.close(_held)  # the lock stays with the parent, which still holds the same open file
    _lock, _slot, _held = threading.Lock(), None, -1


os.register_at_fork(after_in_child=_after_fork)
