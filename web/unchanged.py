"""Public answers kept until what they show changes: asked for again, they cost one look at the database's version.

Only answers that `web.conditional` gave a tag are kept, and only for browsers that send no cookie, so nothing of a
person, a session or a type size is ever in one. Stands inside the gate, outside sessions and compression.
"""

from collections import OrderedDict
from typing import Any

from db.clock import today
from db.errors import StorageUnavailable
from piccolo_conf import DB
from web.gate import ASGIApp, Message, Receive, Scope, Send

KEPT_ANSWERS = 256
"""Answers in memory, the least recently asked for thrown out first: some 30 KB each, 6 KB when compressed."""
PUBLIC = ("/jobs", "/stations", "/wages", "/sitemap.xml", "/open-data")
_PERSONAL = (b"cookie", b"authorization", b"range")
_OF_THE_BODY = (b"content-length", b"content-type", b"content-encoding")
Key = tuple[str, bytes, bool, bool]


class Unchanged:
    """Middleware that answers from memory, with 200 or 304, while nothing of it was changed and the day is the same."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.mark: tuple[Any, ...] = ()
        self.kept: OrderedDict[Key, tuple[bytes, Message, Message]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from memory, or let the application answer and keep that."""
        if scope["type"] != "http" or scope["method"] != "GET" or not (scope["path"] == "/" or scope["path"].startswith(PUBLIC)):
            await self.app(scope, receive, send)
            return
        wanted, accepted = b"", b""
        for name, value in scope["headers"]:
            if name == b"if-none-match":
                wanted = value
            elif name == b"accept-encoding":
                accepted = value
            elif name in _PERSONAL or name.startswith(b"hx-"):
                await self.app(scope, receive, send)
                return
        try:
            mark = (await DB.public_version(), today())
        except StorageUnavailable:  # the application has a page for it
            await self.app(scope, receive, send)
            return
        if mark != self.mark:
            self.mark = mark
            self.kept.clear()
        key = (scope["path"], scope["query_string"], b"br" in accepted, b"gzip" in accepted)
        found = self.kept.get(key)
        if found is None and wanted:  # a 304 of the application's could not be kept: let it make the page once
            plain = [pair for pair in scope["headers"] if pair[0] != b"if-none-match"]
            said: list[Message] = []
            await self.app({**scope, "headers": plain}, receive, self._keeping(key, mark, _noting(said)))
            found = self.kept.get(key)
            if found is None:
                for message in said:
                    await send(message)
                return
        if found is None:
            await self.app(scope, receive, self._keeping(key, mark, send))
            return
        self.kept.move_to_end(key)
        tag, start, body = found
        if tag in wanted:
            headers = [pair for pair in start["headers"] if pair[0] not in _OF_THE_BODY]
            start, body = {**start, "status": 304, "headers": headers}, {**body, "body": b""}
        await send({**start})
        await send({**body})

    def _keeping(self, key: Key, mark: tuple[Any, ...], send: Send) -> Send:
        start: Message | None = None

        async def sender(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                headers = dict(message["headers"])
                if message["status"] == 200 and b"etag" in headers and b"set-cookie" not in headers:
                    start = {**message, "headers": list(message["headers"])}
            elif start is not None:
                if not message.get("more_body") and mark == self.mark:
                    self.kept[key] = (dict(start["headers"])[b"etag"], start, {**message})
                    if len(self.kept) > KEPT_ANSWERS:
                        self.kept.popitem(last=False)
                start = None
            await send(message)

        return sender


def _noting(said: list[Message]) -> Send:
    async def sender(message: Message) -> None:
        said.append(message)

    return sender
