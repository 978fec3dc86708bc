"""The outermost door: junk never reaches a handler, and every answer leaves with the security headers.

Measured faults of the framework's own parsers (a million fields, broken charsets, slow bodies) are answered here with
400, 405, 408 or 413 before any handler runs.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import unquote_to_bytes

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Any, Any, Any], Awaitable[None]]

PLAIN_BODY_LIMIT = 256 * 1024
UPLOAD_BODY_LIMIT = 11 * 1024 * 1024
DRAIN_LIMIT = 160 * 1024 * 1024
FIELD_LIMIT = 500
QUERY_LIMIT = 2_000
BODY_SECONDS = 30.0
IDS_END = 2**63
"""No id in an address is as large as this."""

Refuse = Callable[[Scope, int], tuple[bytes, list[tuple[bytes, bytes]]]]
"""Gives the body and headers of the error page for a status."""

HEADERS = [
    (b"server", b"station"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
]


class Refused(Exception):
    """The request is answered with `status` without asking a handler."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


def _clean_bytes(raw: bytes) -> bool:
    """Percent-decoded bytes are UTF-8 text without control characters other than line ends and tabs."""
    try:
        text = unquote_to_bytes(raw.replace(b"+", b" ")).decode()
    except UnicodeDecodeError:
        return False
    return not any(character < " " and character not in "\r\n\t" for character in text) and "\x7f" not in text


def _header(scope: Scope, name: bytes) -> bytes:
    return next((value for key, value in scope["headers"] if key == name), b"")


def check_request_line(scope: Scope) -> None:
    """Raise Refused for a method, path, query or header that no page of ours can mean."""
    if scope["method"] not in ("GET", "HEAD", "POST"):
        raise Refused(405)
    path = scope["path"]
    if any(ch < " " or "\ud800" <= ch <= "\udfff" or ch in "\x7f\ufffd" for ch in path) or len(path) > 500:
        raise Refused(400)
    numbers = (part.lstrip("+-") for part in path.split("/") if len(part) > 18)
    if not path.startswith("/verify/") and any(number.isdecimal() and int(number) >= IDS_END for number in numbers):
        raise Refused(404)  # no record has such an id, and no column could be asked for it
    raw_path = scope.get("raw_path") or b""
    if b"%" in raw_path and not _clean_bytes(raw_path.replace(b"+", b"%2B")):
        raise Refused(400)
    query = scope["query_string"]
    if len(query) > QUERY_LIMIT or query.count(b"&") > 40 or not _clean_bytes(query) or b"\n" in unquote_to_bytes(query):
        raise Refused(400)


def check_body(content_type: bytes, body: bytes) -> None:
    """Raise Refused for a body that is not the text, or not the kind of form, it says it is."""
    kind, _, parameters = content_type.lower().partition(b";")
    kind = kind.strip()
    charset = parameters.partition(b"charset=")[2].strip().strip(b'"')
    if charset and charset not in (b"utf-8", b"utf8"):
        raise Refused(400)
    if kind == b"application/x-www-form-urlencoded":
        if body.count(b"&") > FIELD_LIMIT or not _clean_bytes(body):
            raise Refused(400)
    elif kind == b"multipart/form-data":
        boundary = parameters.partition(b"boundary=")[2].strip()
        if not boundary or body.count(b"Content-Disposition") > FIELD_LIMIT:
            raise Refused(400)
    elif body:
        raise Refused(400)


class Gate:
    """Wraps the whole application."""

    def __init__(self, app: ASGIApp, *, error_page: Refuse, csp: bytes, production: bool) -> None:
        self.app = app
        self.error_page = error_page
        self.headers = [*HEADERS, (b"content-security-policy", csp)]
        if production:
            self.headers.append((b"strict-transport-security", b"max-age=31536000; includeSubDomains"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check, read the body whole, then let the application answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        head = scope["method"] == "HEAD"
        send = self._with_headers(send, without_body=head)
        try:
            check_request_line(scope)
            body = await self._body(scope, receive)
        except Refused as refused:
            await self._refuse(scope, send, refused.status)
            return
        if body is None:  # the client went away
            return
        if head:
            scope["method"] = "GET"
        scope.setdefault("state", {})
        await self.app(scope, _replay(body, receive), send)

    async def _body(self, scope: Scope, receive: Receive) -> bytes | None:
        """The whole body; Refused 413, 408 or 400. Too much is drained first, so that a browser sees the answer."""
        if scope["method"] != "POST":
            return b""
        content_type = _header(scope, b"content-type")
        limit = UPLOAD_BODY_LIMIT if content_type.lower().startswith(b"multipart/form-data") else PLAIN_BODY_LIMIT
        chunks: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(BODY_SECONDS):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        return None
                    chunk = message.get("body", b"")
                    size += len(chunk)
                    if size > DRAIN_LIMIT:
                        raise Refused(413)
                    if size <= limit:
                        chunks.append(chunk)
                    else:
                        chunks.clear()
                    if not message.get("more_body"):
                        break
        except TimeoutError:
            raise Refused(408) from None
        if size > limit:
            raise Refused(413)
        body = b"".join(chunks)
        check_body(content_type, body)
        return body

    async def _refuse(self, scope: Scope, send: Send, status: int) -> None:
        body, headers = self.error_page(scope, status)
        if status == 405:
            headers.append((b"allow", b"GET, HEAD, POST"))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": False})

    def _with_headers(self, send: Send, *, without_body: bool) -> Send:
        async def sender(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {key.lower() for key, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *((key, value) for key, value in self.headers if key not in present),
                ]
            elif message["type"] == "http.response.body" and without_body:
                message["body"] = b""
            await send(message)

        return sender


def _replay(body: bytes, receive: Receive) -> Receive:
    sent = False

    async def replayed() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed
