"""The server's own ceiling: the same number of bytes for every request, from memory, with nothing in between."""

from __future__ import annotations

import os
from typing import Any

BODY = b"x" * int(os.environ.get("BENCH_BYTES", "1000"))
HEADERS = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", str(len(BODY)).encode())]


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answer everything with `BODY`."""
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})
