"""Transactions: how an action is written, and what happens when two of them meet.

    @action
    async def close_job(job_id: int, *, actor: Actor, reason: str) -> None:
        …read, check the rule, write…
        await record(EventKind.JOB_WITHDRAWN, subject="job", subject_id=job_id, actor=actor, …)

The body runs inside one transaction: all of it is kept or none. It must do nothing outside the database, because
it is run again from the start when PostgreSQL cannot put two transactions in order. An action called by another
one joins its transaction; if it fails and the caller catches the error, only what the inner one wrote is undone.
"""

from __future__ import annotations

import asyncio
import functools
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from db.errors import StorageConflict
from piccolo_conf import DB

P = ParamSpec("P")
T = TypeVar("T")

ATTEMPTS = 8

# Transactions that lost once go one at a time: alone they lose no more, together they would keep losing.
_second_try: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()


def action(fn: Callable[P, Awaitable[T]]) -> Callable[P, Coroutine[Any, Any, T]]:
    """Make an async function an action: one transaction, joined by inner actions, run again on a conflict.

    Raises what the function raises (RuleBroken, ConstraintViolated …); StorageBusy or StorageDown when the
    database could not keep the work, and then nothing was kept.
    """

    @functools.wraps(fn)
    async def in_one_transaction(*args: P.args, **kwargs: P.kwargs) -> T:
        return await transact(fn, *args, **kwargs)

    return in_one_transaction


async def transact(fn: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run `fn` the way `action` does, without decorating it."""
    if in_transaction():
        async with writing():
            answer = await fn(*args, **kwargs)
        return answer  # noqa: RET504 - for mypy a block may swallow the error
    try:
        return await _attempt(fn, *args, **kwargs)
    except StorageConflict:
        pass
    lock = _second_try.setdefault(asyncio.get_running_loop(), asyncio.Lock())
    await lock.acquire()
    try:
        for attempt in range(2, ATTEMPTS):
            try:
                return await _attempt(fn, *args, **kwargs)
            except StorageConflict:  # another process, or a first try that came between
                await asyncio.sleep(random.uniform(0.2, 1.0) * 0.01 * 2**attempt)  # noqa: S311
        return await _attempt(fn, *args, **kwargs)
    finally:
        lock.release()


async def _attempt(fn: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> T:
    async with DB.writing():
        return await fn(*args, **kwargs)


def in_transaction() -> bool:
    """Whether this task is inside `writing()`, an action or `reading()`."""
    return DB.transaction_exists()


@asynccontextmanager
async def writing() -> AsyncIterator[None]:
    """One write transaction for the block, without running it again on a conflict; prefer `action`.

    Inside another one it is a part of it that can be undone alone: an error leaving the block undoes the block.
    RuntimeError: inside `reading()`.
    """
    current: Any = DB.current_transaction.get() if in_transaction() else None
    if current is None:
        async with DB.writing():
            yield
        return
    if current.read_only:
        raise RuntimeError("an action cannot run inside reading()")
    savepoint = await current.savepoint()
    try:
        yield
    except BaseException:
        await savepoint.rollback_to()
        raise
    await savepoint.release()


@asynccontextmanager
async def reading() -> AsyncIterator[None]:
    """Every query in the block sees the same moment; inside a transaction it simply joins it."""
    async with DB.reading():
        yield
