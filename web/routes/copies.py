"""A signed agreement taken along by link and code (LCL 16: the worker always gets a copy), without an account.

The page before the code names nobody and nothing. After the code the paper has an address of its own for ten minutes, so
that every phone's browser can save it.
"""

import hashlib
import hmac
from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from db import archive
from db.actions import signing as actions
from db.clock import now
from db.queries import signing as queries
from rules.errors import RuleBroken
from web.forms.signing import CopyCodeForm
from web.guards import open_to_all
from web.render import again, done, page, pdf_file
from web.request import StationRequest

_HERE = "/copies/{token:str}"
_PASS_SECONDS = 600


def _closed(answer: Response[Any]) -> Response[Any]:
    """The address is half the secret: nothing on the way keeps the page, and no link of it tells where it was."""
    answer.headers["cache-control"] = "no-store"
    answer.headers["referrer-policy"] = "strict-origin"  # "no-referrer" would have the browser send the form from nowhere: refused
    return answer


async def _known(token: str) -> None:
    """404 for a link that never was."""
    if await queries.copy_link(token) is None:
        raise NotFoundException()


def _over(request: StationRequest, broken: RuleBroken) -> Response:
    return _closed(page(request, "copies/over.html", status=410, sentence=broken.message, back="/jobs"))


def _pass(secret: bytes, token: str, until: int) -> str:
    return f"{until}-{hmac.new(secret, f'copy:{token}:{until}'.encode(), hashlib.sha256).hexdigest()[:40]}"


def _passed(secret: bytes, token: str, shown: str) -> bool:
    until = shown.partition("-")[0]
    if not (until.isascii() and until.isdigit() and len(until) <= 12) or not shown.isascii():
        return False
    return int(until) > now().timestamp() and hmac.compare_digest(shown, _pass(secret, token, int(until)))


@get(_HERE, guards=[open_to_all], name="copies:code")
async def code_page(request: StationRequest, token: FromPath[str]) -> Response:
    """Asks for the code; says so when the link counts no more."""
    await _known(token)
    try:
        await actions.live_copy_link(token)
    except RuleBroken as broken:
        return _over(request, broken)
    return _closed(page(request, "copies/code.html", form=CopyCodeForm(), back="/jobs"))


@post(_HERE, guards=[open_to_all], name="copies:open")
async def open_copy(request: StationRequest, token: FromPath[str]) -> Response:
    """The right code leads to the paper; a wrong one is counted."""
    await _known(token)
    form = await CopyCodeForm.posted(request)
    if form.validate():
        try:
            await actions.live_copy_link(token)
        except RuleBroken as broken:
            return _over(request, broken)
        try:
            await actions.use_copy_code(token, form.typed_code)
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            until = int(now().timestamp()) + _PASS_SECONDS
            return _closed(done(request, f"/copies/{token}/{_pass(request.settings.secret, token, until)}"))
    return _closed(again(request, "copies/code.html", form=form, back="/jobs"))


@get(_HERE + "/{shown:str}", guards=[open_to_all], name="copies:paper")
async def copy_paper(request: StationRequest, token: FromPath[str], shown: FromPath[str]) -> Response:
    """The signed agreement; each time it is taken is in the journal. After ten minutes the code is asked for again."""
    await _known(token)
    if not _passed(request.settings.secret, token, shown):
        return _closed(done(request, f"/copies/{token}"))
    try:
        link = await actions.fetch_copy(token)
    except RuleBroken as broken:
        return _over(request, broken)
    return _closed(pdf_file(await archive.opened(link["archive_key"], link["sha256"]), f"协议{link['number']}"))


ROUTES = [code_page, open_copy, copy_paper]
