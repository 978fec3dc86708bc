"""Work that goes on after its answer was given: bulk prints, imports, exports, long ledgers, scans."""

import asyncio
from collections.abc import Coroutine
from typing import Any


class BackgroundWork:
    """The tasks of this process for one kind of work."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    @property
    def busy(self) -> bool:
        """Whether anything is being worked on."""
        return bool(self._tasks)

    def begin(self, work: Coroutine[Any, Any, Any]) -> None:
        """Do this while the web process answers others."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settled(self) -> None:
        """Wait until nothing is being worked on."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def within(self, seconds: float) -> None:
        """Wait until what is going on now has ended, but not longer than this."""
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=seconds)

    async def stop(self) -> None:
        """End every task. What was kept stays; the rest is taken up at the next start, where its kind is."""
        for task in list(self._tasks):
            task.cancel()
        await self.settled()
