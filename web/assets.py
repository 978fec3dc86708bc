"""Static files: read once, named by their content, compressed once, kept for ever by the browser."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import brotli
from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from web.guards import open_to_all

FOLDER = Path(__file__).parent / "static"
HTMX_SHA256 = "71ea67185bfa8c98c39d31717c6fce5d852370fcdfd129db4543774d3145c0de"
"""The one htmx file we tested (2.0.10)."""


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent, by content encoding."""

    media_type: str
    bodies: dict[str, bytes]


def _asset(name: str, body: bytes) -> Asset:
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    bodies = {"": body}
    if media_type.startswith("text/") or "javascript" in media_type or "svg" in media_type:
        bodies["br"] = brotli.compress(body, quality=11)
        bodies["gzip"] = gzip.compress(body, 9, mtime=0)
    return Asset(media_type, bodies)


def _htmx() -> bytes:
    """The htmx file of the pinned package; another file than the tested one does not start."""
    body = (files("django_htmx") / "static" / "django_htmx" / "htmx-2.min.js").read_bytes()
    if hashlib.sha256(body).hexdigest() != HTMX_SHA256:
        raise RuntimeError("the htmx file of the installed package is not the one that was tested")
    return body


def _load() -> tuple[dict[str, Asset], dict[str, str]]:
    assets, urls = {}, {}
    sources = {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in FOLDER.rglob("*") if path.is_file()}
    for name, body in {**sources, "htmx.js": _htmx()}.items():
        stem, _, ending = name.rpartition(".")
        hashed = f"{stem}.{hashlib.sha256(body).hexdigest()[:12]}.{ending}"
        assets[hashed] = _asset(name, body)
        urls[name] = f"/static/{hashed}"
    return assets, urls


_ASSETS, _URLS = _load()


def static_url(name: str) -> str:
    """The address of a static file, with its content hash."""
    return _URLS[name]


@get("/static/{name:path}", guards=[open_to_all], name="static")
async def static_file(request: Request, name: FromPath[str]) -> Response[bytes]:
    """One static file, compressed as the browser accepts it."""
    asset = _ASSETS.get(name.lstrip("/"))
    if asset is None:
        raise NotFoundException()
    accepted = request.headers.get("accept-encoding", "")
    encoding = next((name for name in ("br", "gzip") if name in asset.bodies and name in accepted), "")
    headers = {"cache-control": "public, max-age=31536000, immutable", "vary": "Accept-Encoding"}
    if encoding:
        headers["content-encoding"] = encoding
    return Response(asset.bodies[encoding], media_type=asset.media_type, headers=headers)
