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
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Hashable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from piccolo.query.base import Query
from piccolo.querystring import QueryString

from db.errors import StorageConflict, StorageDown
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
        return await _attempt(fn, False, *args, **kwargs)
    except StorageConflict:
        pass
    lock = _second_try.setdefault(asyncio.get_running_loop(), asyncio.Lock())
    await lock.acquire()
    try:
        for attempt in range(2, ATTEMPTS):
            try:
                return await _attempt(fn, attempt > 2, *args, **kwargs)
            except StorageConflict:  # another process, or a first try that came between
                await asyncio.sleep(random.uniform(0.2, 1.0) * 0.01 * 2**attempt)  # noqa: S311
        return await _attempt(fn, True, *args, **kwargs)
    finally:
        lock.release()


async def _attempt(fn: Callable[..., Awaitable[T]], alone: bool, *args: Any, **kwargs: Any) -> T:
    async with DB.writing(alone=alone):
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
    except StorageDown:
        forget()
        with suppress(Exception):  # with a full disk SQLite may have ended the whole transaction already; nothing of it is kept then
            await savepoint.rollback_to()
        raise
    except BaseException:
        forget()
        await savepoint.rollback_to()
        raise
    await savepoint.release()


@asynccontextmanager
async def reading() -> AsyncIterator[None]:
    """Every query in the block sees the same moment; inside a transaction it simply joins it."""
    async with DB.reading():
        yield


async def together(*inserts: Query[Any, Any] | QueryString) -> None:
    """Run inserts whose answer nobody needs, in this order; on SQLite all of them in one hop to the writing thread."""
    statements: list[QueryString] = []
    for each in inserts:
        statements += each.querystrings if isinstance(each, Query) else [each]
    await DB.run_together(statements)


_memory: ContextVar[dict[Hashable, Any] | None] = ContextVar("transaction_memory", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Inside an action that does the same many times: questions marked `asked_once` are asked once in this block.

    A transaction sees one state of what others write, so an answer can only change by what the block itself writes: use
    it where that is nothing an `asked_once` question looks at. What is undone alone makes the block forget everything.
    """
    token = _memory.set({})
    try:
        yield
    finally:
        _memory.reset(token)


def recall(key: Hashable) -> Any:
    """What `remember` was told in this `remembering` block, or None."""
    memory = _memory.get()
    return memory.get(key) if memory is not None and in_transaction() else None


def remember(key: Hashable, value: Any) -> None:
    """Keep a value until the end of the `remembering` block or until something in it is undone; nothing outside one."""
    memory = _memory.get()
    if memory is not None and in_transaction():
        memory[key] = value


def forget() -> None:
    """Drop what the block remembers."""
    memory = _memory.get()
    if memory is not None:
        memory.clear()


def asked_once(ask: Callable[P, Awaitable[T]]) -> Callable[P, Coroutine[Any, Any, T]]:
    """Mark a question whose answer may stand for the length of a `remembering` block; elsewhere it is asked each time.

    Answers are shared, so nobody may change them. An error is not remembered.
    """

    @functools.wraps(ask)
    async def answer(*args: P.args, **kwargs: P.kwargs) -> T:
        memory = _memory.get()
        if memory is None or not in_transaction():
            return await ask(*args, **kwargs)
        key = (ask, args, tuple(sorted(kwargs.items())))
        if key not in memory:
            memory[key] = (await ask(*args, **kwargs),)
        return memory[key][0]

    return answer
