"""Answers that cost next to nothing when nothing changed: a 304 before any row is read or any template runs.

A public page depends on the database, today's date, the address, the type size and our own code; that is its tag.
"""

import hashlib
from collections.abc import Awaitable, Callable
from functools import lru_cache
from pathlib import Path

from litestar import Response

from db.clock import today
from piccolo_conf import DB
from web.render import FLASH_COOKIE
from web.request import StationRequest

_ROOT = Path(__file__).resolve().parents[1]


@lru_cache(1)
def build() -> str:
    """A hash of everything pages are made with: code, templates, styles."""
    digest = hashlib.blake2b(digest_size=8)
    for folder in ("db", "rules", "web"):
        for path in sorted((_ROOT / folder).rglob("*")):
            if path.suffix in (".py", ".html", ".css", ".js", ".yaml"):
                digest.update(path.read_bytes())
    return digest.hexdigest()


async def conditional(request: StationRequest, answer: Callable[[str], Awaitable[Response]], *, part: str = "") -> Response:
    """The answer with its tag, or 304 when the browser holds this very page.

    `answer` is given the version of the database, asked for before any row is read. `part` names the fragment that
    is wanted, "" for the page. A signed-in person, and a page that has something to say once, get neither tag nor 304.
    """
    version = await DB.public_version()
    if request.signed_in is not None or request.own_cookie(FLASH_COOKIE):
        return await answer(version)
    facts = f"{build()}|{version}|{today()}|{request.scope['path']}|{part}|{request.big_type}|".encode()
    digest = hashlib.blake2b(facts + request.scope["query_string"], digest_size=12).hexdigest()
    tag = f'W/"{digest}"'
    headers = {"etag": tag, "cache-control": "no-cache", "vary": "HX-Request, Cookie"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=headers)
    response = await answer(version)
    if response.status_code == 200:
        for name, value in headers.items():
            response.headers.setdefault(name, value)
    return response
