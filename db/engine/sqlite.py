"""SQLite for Piccolo: one writer, a few readers, short reads and short transactions without leaving the event loop.

Stock Piccolo opens a connection per query without WAL. Here one connection writes, every write transaction is
IMMEDIATE and waits its turn in a fair queue, readers never wait for it, and a read that takes less than about a
millisecond runs on the event loop itself; a longer one is interrupted and run again on a reader thread. The statements of
a short transaction run there too, between its beginning and its end, which wait for others and for the disk: so nobody
holds the writer while the loop draws somebody else's page.
An acknowledged commit is on the disk (synchronous=FULL): NORMAL loses the last ones in a power cut.
"""

from __future__ import annotations

import asyncio
import os
import re
import secrets
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Literal

from piccolo.engine.sqlite import Atomic, SQLiteEngine, SQLiteTransaction, TransactionType
from piccolo.querystring import QueryString

from db.engine import sqlite_ddl
from db.engine.connections import Row, ThreadedConnection, fetch_briefly
from db.errors import StorageBusy, StorageDown, translated

BUSY_SECONDS = 10
PRAGMAS = {
    "busy_timeout": BUSY_SECONDS * 1000,
    "journal_mode": "WAL",
    "synchronous": "FULL",
    "foreign_keys": "ON",
    "recursive_triggers": "ON",  # or INSERT OR REPLACE would delete rows behind the triggers' back
    "trusted_schema": "OFF",
    "cell_size_check": "ON",
    "temp_store": "MEMORY",
    "cache_size": -32 * 1024,
    "mmap_size": 256 << 20,
    "journal_size_limit": 64 << 20,
}
SHORT = 150
"""Statements of a transaction that may run on the event loop; a longer transaction lets others go between the rest."""
_READS = re.compile(r"\s*(SELECT|WITH)\b", re.I)
_WRITES = re.compile(r"\A\s*WITH\b.*\b(INSERT|UPDATE|DELETE|REPLACE)\b", re.I | re.S)

sqlite3.register_converter("INTEGER", int)  # Piccolo's goes through Decimal: 40 µs more per page of twenty rows


def _reads(sql: str) -> bool:
    return _READS.match(sql) is not None and not _WRITES.search(sql)


class Pool:
    """The open connections of one event loop."""

    def __init__(self, writer: ThreadedConnection, readers: list[ThreadedConnection], inline: sqlite3.Connection) -> None:
        self.loop = asyncio.get_running_loop()
        self.writer = writer
        self.turn = asyncio.Lock()
        self.readers = readers
        self.inline = inline
        self.mark = secrets.token_hex(4)
        self.seen: int | None = None
        self.public = 0
        self._idle: asyncio.LifoQueue[ThreadedConnection] = asyncio.LifoQueue()
        for reader in readers:
            self._idle.put_nowait(reader)

    async def take_writer(self) -> ThreadedConnection:
        """Wait for the turn to write, first come first served. StorageBusy after ten seconds."""
        try:
            async with asyncio.timeout(BUSY_SECONDS):
                await self.turn.acquire()
        except TimeoutError:
            raise StorageBusy("others have been writing for too long") from None
        return self.writer

    async def take_reader(self) -> ThreadedConnection:
        """A reader nobody else uses."""
        return await self._idle.get()

    def give_back(self, connection: ThreadedConnection) -> None:
        """End the turn; anything left open is rolled back before the next owner begins."""
        connection.settle()
        if connection is self.writer:
            self.turn.release()
        else:
            self._idle.put_nowait(connection)

    @asynccontextmanager
    async def lent(self, *, writing: bool) -> AsyncIterator[ThreadedConnection]:
        """The writer or a reader for the length of the block."""
        connection = await (self.take_writer() if writing else self.take_reader())
        try:
            yield connection
        finally:
            self.give_back(connection)

    async def close(self) -> None:
        """Close every connection; the last one folds the WAL back into the file."""
        self.inline.close()
        for connection in (*self.readers, self.writer):
            await connection.close()


class StationTransaction(SQLiteTransaction):
    """A transaction whose end always frees its connection, even when COMMIT fails or the task is cancelled."""

    __slots__ = ("_pool", "ended", "read_only", "short")
    engine: Any
    _parent: Any

    def __init__(
        self,
        engine: StationSQLite,
        transaction_type: TransactionType = TransactionType.immediate,
        allow_nested: bool = True,
    ) -> None:
        super().__init__(engine=engine, transaction_type=transaction_type, allow_nested=allow_nested)
        if self._parent is not None and self._parent.ended:  # inherited by a task that outlived its transaction
            self._parent = None
        self.ended = False
        self.short = SHORT
        self.read_only = transaction_type is TransactionType.deferred

    async def __aenter__(self) -> StationTransaction:
        if self._parent is not None:
            return self._parent
        self._pool = self.engine.pool_here()
        with translated():
            if self._pool is None:
                self.connection = await ThreadedConnection(self.engine.connect, "sqlite-once").open()
            elif self.read_only:
                self.connection = await self._pool.take_reader()
            else:
                self.connection = await self._pool.take_writer()
            try:
                await self.begin()
            except BaseException:
                await self._release()
                raise
        self.context = self.engine.current_transaction.set(self)
        return self

    def refuse_lost(self) -> None:
        """StorageDown when SQLite has ended the transaction (a full disk): another statement would be kept alone."""
        if not (self._committed or self._rolled_back or self.connection.in_transaction):
            raise StorageDown("the transaction was lost")

    async def fetch(self, sql: str, args: Any = ()) -> list[Row]:
        """Run one statement of the transaction, on the event loop while both are short, else on the connection's thread."""
        self.refuse_lost()
        if self.here():
            rows = self.connection.read_here(sql, args) if _reads(sql) else self.connection.fetch_here(sql, args)
            if rows is not None:
                return rows
        return await self.connection.fetch(sql, args)

    def here(self, statements: int = 1) -> bool:
        """Whether that many statements more may run on the event loop; they are counted."""
        self.short -= statements
        return self.short >= 0 and self.connection.rests

    async def _release(self) -> None:
        self.ended = True
        if self._pool is None:
            await self.connection.close()
        else:
            self._pool.give_back(self.connection)

    async def __aexit__(self, kind: Any, error: Any, trace: Any) -> Literal[False]:
        if self._parent:
            return False
        try:
            with translated():
                if self._committed or self._rolled_back:
                    return False
                if error is None:
                    await self.commit()  # when it fails, or is cancelled before it ran, giving back rolls back
                elif self.connection.in_transaction:  # a full disk ends a transaction by itself
                    await self.rollback()
        finally:
            self.engine.current_transaction.reset(self.context)
            await self._release()
        return False


class StationSQLite(SQLiteEngine):
    """The SQLite engine. Without a running pool (commands, migrations) every query opens its own connection."""

    __slots__ = ("_pool", "readers")

    def __init__(self, path: str, *, readers: int = 4, **options: Any) -> None:
        self.readers = readers
        self._pool: Pool | None = None
        options = {"timeout": BUSY_SECONDS, "check_same_thread": False, "cached_statements": 512, **options}
        super().__init__(path=path, **options)

    def connect(self, read_only: bool = False) -> sqlite3.Connection:
        """A configured connection; makes the folder and the file when they are missing.

        StorageDown: the disk cannot keep the promises (no WAL on a network drive, SQLite older than 3.35).
        """
        if sqlite3.sqlite_version_info < (3, 35):
            raise StorageDown("SQLite 3.35 or newer is needed")
        Path(self.path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Only a file that is not there: closing one that is would give up the locks this process holds on it, and another
        # process that ends would then take itself for the last one and remove the log that is still in use.
        with suppress(FileExistsError):
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        connection = sqlite3.connect(**self.connection_kwargs)
        try:
            for name, setting in PRAGMAS.items():
                connection.execute(f"PRAGMA {name} = {setting}")
            kept = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]
            if kept != ["wal", 2]:
                raise StorageDown(f"this disk does not keep what was saved (SQLite says {kept}); use a local disk")
            if read_only:
                connection.execute("PRAGMA query_only = ON")
        except BaseException:
            connection.close()
            raise
        return connection

    def pool_here(self) -> Pool | None:
        """The pool, when it runs on this event loop."""
        pool = self._pool
        return pool if pool is not None and pool.loop is asyncio.get_running_loop() else None

    async def get_connection(self) -> Any:
        """An aiosqlite connection of its own, for Piccolo's `.batch()`."""
        connection = await super().get_connection()
        for name, setting in PRAGMAS.items():
            await connection.execute(f"PRAGMA {name} = {setting}")
        return connection

    async def start_connection_pool(self, **_: Any) -> None:
        """Open the writer, the readers and the inline reader. StorageDown when the file cannot be opened."""
        if self._pool is not None:
            return
        with translated():
            writer = await ThreadedConnection(self.connect, "sqlite-writer").open()
            readers = [
                await ThreadedConnection(lambda: self.connect(read_only=True), f"sqlite-reader-{number}").open()
                for number in range(self.readers)
            ]
            inline = self.connect(read_only=True)
            inline.execute("PRAGMA busy_timeout = 0")
        self._pool = Pool(writer, readers, inline)

    async def close_connection_pool(self) -> None:
        """Close every connection of the pool."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await pool.close()

    async def fetch(self, sql: str, args: Any = (), in_pool: bool = True) -> list[Row]:
        """Run one statement in the current transaction, inline, or on the reader or writer it belongs to."""
        current: Any = self.current_transaction.get()
        if current is not None and not current.ended:
            return await current.fetch(sql, args)
        pool = self.pool_here() if in_pool else None
        if pool is None:
            connection = await ThreadedConnection(self.connect, "sqlite-once").open()
            try:
                return await connection.fetch(sql, args)
            finally:
                await connection.close()
        reading = _reads(sql)
        if reading:
            await asyncio.sleep(0)  # somebody else's turn: a page of thirty reads keeps no short request waiting for all of it
            rows = fetch_briefly(pool.inline, sql, args)
            if rows is not None:
                return rows
        async with pool.lent(writing=not reading) as connection:
            return await connection.fetch(sql, args)

    async def run_querystring(self, querystring: QueryString, in_pool: bool = True) -> list[Row]:
        """Run a Piccolo query; driver errors come out as the errors of `db.errors`."""
        sql, args = querystring.compile_string(engine_type=self.engine_type)
        if self.log_queries:
            self.print_query(query_id=self.get_query_id(), query=str(querystring))
        with translated():
            return await self.fetch(sql, args, in_pool)

    async def run_together(self, querystrings: Sequence[QueryString]) -> None:
        """Run inserts of the current transaction in this order, in one hop to its thread; the first error ends them."""
        current: Any = self.current_transaction.get()
        if current is None or current.ended or self.log_queries:
            for each in querystrings:
                await self.run_querystring(each)
            return
        current.refuse_lost()
        statements = [each.compile_string(engine_type=self.engine_type) for each in querystrings]
        with translated():
            if current.here(len(statements)):
                for sql, args in statements:
                    current.connection.fetch_here(sql, args)
            else:
                await current.connection.run_all(statements)

    async def run_ddl(self, ddl: str, in_pool: bool = True) -> list[Row]:
        """Run a schema statement, translated to what SQLite understands when it is an ALTER TABLE."""
        if self.log_queries:
            self.print_query(query_id=self.get_query_id(), query=ddl)
        with translated():
            if ddl.startswith("ALTER TABLE"):
                async with self.transaction() as transaction:
                    rows = await sqlite_ddl.run(transaction.connection.fetch, ddl)
            else:
                rows = await self.fetch(ddl, (), in_pool)
        return rows

    def transaction_exists(self) -> bool:
        """Whether this task is inside a transaction that has not ended."""
        current: Any = self.current_transaction.get()
        return current is not None and not current.ended

    def transaction(self, transaction_type: TransactionType = TransactionType.immediate, allow_nested: bool = True) -> StationTransaction:
        """A transaction, IMMEDIATE unless told otherwise; inside another one it joins that one."""
        return StationTransaction(engine=self, transaction_type=transaction_type, allow_nested=allow_nested)

    def atomic(self, transaction_type: TransactionType = TransactionType.immediate) -> Atomic:
        """Piccolo's list of queries run in one transaction."""
        return Atomic(engine=self, transaction_type=transaction_type)

    def writing(self, *, alone: bool = False) -> StationTransaction:
        """The one write transaction of this moment, `alone` or not; others wait their turn."""
        return self.transaction()

    def reading(self) -> StationTransaction:
        """A transaction in which every query sees the same moment, and none may write."""
        return self.transaction(TransactionType.deferred)

    async def version(self) -> str:
        """A text that changes with every commit by anybody; ask before reading the rows it stands for.

        Its first half is new with every pool, because SQLite counts from the start for every connection.
        """
        pool = self.pool_here()
        if pool is None:
            return secrets.token_hex(8)
        with translated():
            return f"{pool.mark}-{pool.inline.execute('PRAGMA data_version').fetchone()[0]}"

    async def public_version(self) -> str:
        """A text that changes with every commit that changed what public pages show (`db.ddl.PUBLIC_TABLES`), by anybody."""
        pool = self.pool_here()
        if pool is None:
            return secrets.token_hex(8)
        with translated():
            seen = pool.inline.execute("PRAGMA data_version").fetchone()[0]
            if seen != pool.seen:  # somebody committed: was it anything of these?
                pool.public = pool.inline.execute("SELECT count FROM public_change").fetchone()[0]
                pool.seen = seen
        return f"{pool.mark}-{pool.public}"
