"""The draft of a registration on question pages: found by a cookie of this browser, kept for a week."""

from typing import Any

from db.actions import drafts as actions
from db.queries.drafts import KEPT, opened_draft
from web.request import StationRequest
from web.sessions import cookie_name, set_cookie


def _cookie(kind: str) -> str:
    return f"draft-{kind}"


def token_of(request: StationRequest, kind: str) -> str:
    """The draft cookie of this browser, "" without one."""
    return request.own_cookie(_cookie(kind))


async def draft_of(request: StationRequest, kind: str) -> tuple[dict[str, Any], str] | None:
    """The answers so far, by page, and where the finished registration led ("" while unfinished); None without a draft."""
    return await opened_draft(request.own_cookie(_cookie(kind)), kind)


async def keep(request: StationRequest, kind: str, page: str, answers: dict[str, Any]) -> None:
    """Keep the answers of one page beside the others; the first page kept gives the browser its draft cookie."""
    token = request.own_cookie(_cookie(kind))
    found = await opened_draft(token, kind)
    if found is None or found[1]:
        token = await actions.begin_draft(kind)
        name, week = cookie_name(request.settings, _cookie(kind)), int(KEPT.total_seconds())
        request.scope["state"].setdefault("set_cookies", []).append(set_cookie(request.settings, name, token, max_age=week))
        kept: dict[str, Any] = {}
    else:
        kept = found[0]
    await actions.keep_draft(token, kind, {**kept, page: answers})


async def finish(request: StationRequest, kind: str, location: str) -> None:
    """The registration was handed in; call it in the transaction of what it did."""
    await actions.finish_draft(request.own_cookie(_cookie(kind)), location)


async def forget(request: StationRequest, kind: str) -> None:
    """Delete the draft and its cookie: nothing of what was typed stays (PIPL 6, 47)."""
    token = token_of(request, kind)
    if token:
        await actions.drop_draft(token, kind)
        name = cookie_name(request.settings, _cookie(kind))
        request.scope["state"].setdefault("set_cookies", []).append(set_cookie(request.settings, name, "", max_age=0))
