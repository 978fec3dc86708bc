"""SQLite connections that each have their own thread, so that the event loop never waits for the disk.

What neither waits for the disk nor takes long may be run by the caller instead, without the way there and back: on a busy
loop that way takes as long as whatever else is ready to run, and a transaction of forty statements goes it forty times.

A connection runs what it is given in order. That order is what makes cancellation safe: whatever a cancelled
request had begun is finished, and then rolled back by `settle`, before the next owner's first statement runs.
"""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from typing import Any

Row = dict[str, Any]
STEPS, TICKS = 1000, 25
"""25 times 1,000 instructions of SQLite's machine are about one millisecond."""
_NOT_NOW = ("SQLITE_INTERRUPT", "SQLITE_BUSY", "SQLITE_LOCKED")
_STOP = object()


def fetch_rows(connection: sqlite3.Connection, sql: str, args: Any = ()) -> list[Row]:
    """Run one statement; its rows as dictionaries, or an empty list when it has none."""
    cursor = connection.execute(sql, args)
    if cursor.description is None:
        return []
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def fetch_briefly(connection: sqlite3.Connection, sql: str, args: Any = ()) -> list[Row] | None:
    """The rows of a read; None when it is not done after about a millisecond or would wait for a lock, and then nothing happened.

    Only for reads: a write that is interrupted takes its whole transaction with it.
    """
    left = TICKS

    def too_long() -> bool:
        nonlocal left
        left -= 1
        return left < 0

    connection.set_progress_handler(too_long, STEPS)
    try:
        return fetch_rows(connection, sql, args)
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorname", "") not in _NOT_NOW:
            raise
        return None
    finally:
        connection.set_progress_handler(None, 0)


class ThreadedConnection:
    """One sqlite3 connection and the thread that owns it: one hop per statement."""

    def __init__(self, connect: Callable[[], sqlite3.Connection], name: str) -> None:
        self._connect = connect
        self._connection: sqlite3.Connection | None = None
        self._unanswered = 0
        self._jobs: queue.SimpleQueue[Any] = queue.SimpleQueue()
        threading.Thread(target=self._run, daemon=True, name=name).start()

    def _run(self) -> None:
        while True:
            loop, future, job = self._jobs.get()
            outcome, error = None, None
            try:
                outcome = job()
            except BaseException as raised:
                error = raised
            if future is not None:
                try:
                    loop.call_soon_threadsafe(self._answer, future, outcome, error)
                except RuntimeError:  # the loop was closed before its answer came
                    pass
            if outcome is _STOP:
                return

    async def _call(self, job: Callable[[], Any]) -> Any:
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        self._unanswered += 1
        self._jobs.put((loop, future, job))
        return await future

    def _answer(self, future: asyncio.Future[Any], outcome: Any, error: BaseException | None) -> None:
        self._unanswered -= 1
        if future.done():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(outcome)

    @property
    def rests(self) -> bool:
        """Whether everything the owner gave was answered, so that nothing runs and a statement may be run by the caller."""
        return self._unanswered == 0

    async def open(self) -> ThreadedConnection:
        """Connect; sqlite3's error when the file cannot be opened (the thread ends then)."""

        def connect() -> None:
            self._connection = self._connect()

        try:
            await self._call(connect)
        except BaseException:
            self.close_soon()
            raise
        return self

    async def fetch(self, sql: str, args: Any = ()) -> list[Row]:
        """Run one statement and get its rows."""
        return await self._call(lambda: fetch_rows(self._connection, sql, args))  # type: ignore[arg-type]

    def fetch_here(self, sql: str, args: Any = ()) -> list[Row]:
        """Run one statement on the caller's thread; only while the connection `rests`."""
        return fetch_rows(self._connection, sql, args)  # type: ignore[arg-type]

    def read_here(self, sql: str, args: Any = ()) -> list[Row] | None:
        """The same for a read that may turn out to be long: None then, as of `fetch_briefly`."""
        return fetch_briefly(self._connection, sql, args)  # type: ignore[arg-type]

    async def run_all(self, statements: Sequence[tuple[str, Any]]) -> None:
        """Run these statements in one hop; after one that fails none is run."""

        def in_order() -> None:
            for sql, args in statements:
                self._connection.execute(sql, args)  # type: ignore[union-attr]

        await self._call(in_order)

    async def execute(self, sql: str, args: Any = ()) -> list[Row]:
        """The same as `fetch`, under the name by which Piccolo begins, ends and marks transactions; marks are set at once."""
        if "SAVEPOINT" in sql and self.rests:
            return self.fetch_here(sql, args)
        return await self.fetch(sql, args)

    @property
    def in_transaction(self) -> bool:
        """Whether SQLite still has a transaction open, once everything given so far was answered."""
        return self._connection is not None and self._connection.in_transaction

    def settle(self) -> None:
        """After everything given so far: roll back what is still open. Returns at once."""

        def roll_back() -> None:
            if self._connection is not None and self._connection.in_transaction:
                self._connection.rollback()

        self._jobs.put((None, None, roll_back))

    def close_soon(self) -> None:
        """After everything given so far: close the connection and end the thread. Returns at once."""
        self._jobs.put((None, None, self._close))

    async def close(self) -> None:
        """Close the connection, roll back what is open, end the thread."""
        await self._call(self._close)

    def _close(self) -> object:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        return _STOP
