"""PostgreSQL for Piccolo: transactions that survive a failing COMMIT, errors of `db.errors`, a version for pages.

Stock Piccolo leaks the pooled connection and leaves a dead transaction current when COMMIT or ROLLBACK raises,
and connects while it is imported. Both are mended here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Literal

from piccolo.engine.postgres import PostgresEngine, PostgresTransaction
from piccolo.querystring import QueryString

from db.errors import translated

_TURN = 7_208_001
"""The advisory lock that every writing transaction shares, and that one which keeps losing holds alone."""


class StationTransaction(PostgresTransaction):
    """A transaction whose end always gives the connection back and clears the current transaction."""

    __slots__ = ("isolation", "read_only", "turn")
    engine: Any
    _parent: Any

    def __init__(
        self,
        engine: StationPostgres,
        allow_nested: bool = True,
        isolation: str | None = None,
        read_only: bool = False,
        turn: str = "",
    ) -> None:
        super().__init__(engine=engine, allow_nested=allow_nested)
        self.turn = turn
        self.isolation = isolation
        self.read_only = read_only

    async def __aenter__(self) -> StationTransaction:
        if self._parent is not None:
            return self._parent
        with translated():
            self.connection = await self.get_connection()
            try:
                if self.turn:  # before the transaction begins, whose first statement already sees a state of the database
                    await self.connection.execute(f"SELECT {self.turn}({_TURN})")
                self.transaction = self.connection.transaction(isolation=self.isolation, readonly=self.read_only)
                await self.begin()
            except BaseException:
                await self._release()
                raise
        self.context = self.engine.current_transaction.set(self)
        return self

    async def _release(self) -> None:
        # The pool gives up every lock of a connection it takes back; a closed connection has none.
        if self.engine.pool:
            await asyncio.shield(self.engine.pool.release(self.connection))
        else:
            await asyncio.shield(self.connection.close())

    async def __aexit__(self, kind: Any, error: Any, trace: Any) -> Literal[False]:
        if self._parent:
            return False
        try:
            with translated():
                if self._committed or self._rolled_back:
                    return False
                if error is None:
                    await self.commit()
                elif not self.connection.is_closed():
                    await asyncio.shield(self.rollback())
        finally:
            self.engine.current_transaction.reset(self.context)
            await self._release()
        return False


class StationPostgres(PostgresEngine):
    """The PostgreSQL engine; one pool per process, bound to the event loop that started it."""

    __slots__ = ()

    def __init__(self, config: dict[str, Any], **options: Any) -> None:
        super().__init__(config=config, extensions=(), **options)

    async def check_version(self) -> None:
        """Nothing: importing the configuration must not touch the network."""

    async def start_connection_pool(self, min_size: int = 2, max_size: int = 10, **options: Any) -> None:
        """Open `min_size` connections, at most `max_size`. StorageDown when the server does not answer."""
        with translated():
            await super().start_connection_pool(min_size=min_size, max_size=max_size, **options)

    async def run_querystring(self, querystring: QueryString, in_pool: bool = True) -> Any:
        """Run a Piccolo query; driver errors come out as the errors of `db.errors`."""
        with translated():
            return await super().run_querystring(querystring, in_pool=in_pool)

    async def run_together(self, querystrings: Sequence[QueryString]) -> None:
        """Run inserts of the current transaction in this order; the first error ends them."""
        for each in querystrings:
            await self.run_querystring(each)

    async def run_ddl(self, ddl: str, in_pool: bool = True) -> Any:
        """Run a schema statement as it is."""
        with translated():
            return await super().run_ddl(ddl, in_pool=in_pool)

    def transaction(  # type: ignore[override]
        self, allow_nested: bool = True, isolation: str | None = None, read_only: bool = False, turn: str = ""
    ) -> StationTransaction:
        """A transaction; inside another one it joins that one."""
        return StationTransaction(engine=self, allow_nested=allow_nested, isolation=isolation, read_only=read_only, turn=turn)

    def writing(self, *, alone: bool = False) -> StationTransaction:
        """A serializable transaction: it behaves as if it ran alone, or raises StorageConflict.

        `alone` lets the others of every process end first and keeps new ones waiting, so that nothing can come between.
        """
        return self.transaction(isolation="serializable", turn="pg_advisory_lock" if alone else "pg_advisory_lock_shared")

    def reading(self) -> StationTransaction:
        """A read-only transaction in which every query sees the same moment."""
        return self.transaction(isolation="repeatable_read", read_only=True)

    async def version(self) -> str:
        """A text that changes with every commit by anybody; ask before reading the rows it stands for."""
        rows = await self._committed_snapshot()
        return str(rows[0]["snapshot"])

    async def public_version(self) -> str:
        """A text that changes with every commit, whatever it changed: see `db.ddl.PUBLIC_CHANGES`."""
        return await self.version()

    async def _committed_snapshot(self) -> Any:
        query = "SELECT pg_current_snapshot()::text AS snapshot"
        with translated():
            if self.pool:
                return await self._run_in_pool(query)
            return await self._run_in_new_connection(query)
