"""The real application on a loopback port, standing in the test morning, with posts on the board.

    python -m tests.e2e.board_server PORT POSTS_TIMES

Fills the empty database of STATION_DATA (the fourteenth post is full), then serves. The clock is set for every request,
because the posts of the domain reference lie around 1 December 2026.
"""

import asyncio
import os
import sys
from typing import Any

from db.clock import at


def create_app() -> Any:
    """The application as Granian runs it, on the test morning."""
    from tests.web.conftest import MORNING
    from web.app import create_app as create

    station = create()

    async def on_the_test_morning(scope: Any, receive: Any, send: Any) -> None:
        with at(MORNING):
            await station(scope, receive, send)

    return on_the_test_morning


async def _fill(times: int) -> None:
    from db.migrate import migrate
    from db.tables.jobs import Job
    from piccolo_conf import DB
    from rules.codes import JobState
    from tests.cast import move_in
    from tests.web.board.posts import put_posts

    await migrate()
    await DB.start_connection_pool()
    await move_in()
    numbers = await put_posts(times)
    await Job.update({Job.state: JobState.FILLED.value, Job.listed: False}).where(Job.number == numbers[13])
    await DB.close_connection_pool()


def main() -> None:
    """Fill and serve until ended."""
    asyncio.run(_fill(int(sys.argv[2])))
    os.execv(
        sys.executable,
        [
            *(sys.executable, "-m", "granian", "--interface", "asgi", "--factory", "--host", "127.0.0.1"),
            *("--port", sys.argv[1], "--workers", "1", "--no-access-log", "--log-level", "warning"),
            "tests.e2e.board_server:create_app",
        ],
    )


if __name__ == "__main__":
    main()
