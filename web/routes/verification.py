"""Verification (核验): the nightly runs over the record, and the heads signed daily that the district takes away."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post

from db.actions import verification as actions
from db.clock import today
from db.queries import verification as queries
from db.signed_heads import known_public_keys
from rules.errors import RuleBroken
from rules.permissions import Permission
from rules.verification import RunHow, key_lines
from web.forms.verification import HeadFilter, HeadsForm, RunFilter
from web.guards import needs
from web.render import again, page, text_file
from web.request import StationRequest

HEADS = "/supervision/heads"
FIRST_DAY = date(2024, 1, 1)
"""Before any head was signed: who never took any gets them all."""
_READ = needs(Permission.VERIFICATION_READ)


@get(["/desk/verification", "/supervision/verification"], guards=[_READ], name="verification:runs")
async def runs(request: StationRequest) -> Response:
    """How the record stands and every run, newest first."""
    asked, after = RunFilter(request.query_params), request.query_params.get("after", "")
    rows = await queries.runs(after, wrong=asked.show.data == "wrong")
    kept = {"show": asked.show.data} if asked.show.data else {}
    return page(
        request,
        "verification/index.html",
        fragment="verification/_runs.html",
        runs=rows.rows,
        links=_links(request.url.path, kept, after, rows.next),
        filter=asked,
        filtered=bool(kept),
        standing=await queries.standing(),
        hows=RunHow,
    )


@get(HEADS, guards=[_READ], name="verification:heads")
async def heads(request: StationRequest) -> Response:
    """The signed heads in reach by day and station, and when they were last taken away."""
    return page(request, "verification/heads.html", fragment="verification/_heads.html", **await _sheet(request))


@post(f"{HEADS}/file", guards=[needs(Permission.HEADS_FETCH)], name="verification:fetch-heads", status_code=200)
async def fetch_heads(request: StationRequest) -> Response:
    """The file of signed heads to keep elsewhere. Posted, because every taking is recorded."""
    form = await HeadsForm.posted(request)
    if form.validate():
        last = await queries.last_fetch(request.actor.id)
        since = form.since.data or (last["until"] + timedelta(days=1) if last else FIRST_DAY)
        try:
            text = await actions.fetch_heads(since, actor=request.actor)
            return text_file(text, f"记录链头{today():%Y%m%d}")
        except RuleBroken as broken:
            form.refuse(broken)
    return again(request, "verification/heads.html", **await _sheet(request, form))


@get(f"{HEADS}/public-key.txt", guards=[_READ], name="verification:key")
async def public_key(request: StationRequest) -> Response:
    """The public keys that the signatures are checked with."""
    return text_file(key_lines(known_public_keys()), "链头公钥")


async def _sheet(request: StationRequest, refused: HeadsForm | None = None) -> dict[str, Any]:
    chains, after = await queries.chains_in(request.actor.scope), request.query_params.get("after", "")
    asked = HeadFilter(request.query_params, chains=list(chains.items()))
    narrowed = [asked.chain.data] if asked.chain.data else list(chains)
    rows = await queries.signed_heads(narrowed, day=asked.day.data, after=after)
    kept = {name: value for name, value in (("day", asked.day.data), ("chain", asked.chain.data)) if value}
    return {
        "heads": rows.rows,
        "chains": chains,
        "links": _links(HEADS, kept, after, rows.next),
        "filter": asked,
        "filtered": bool(kept),
        "last": await queries.last_fetch(request.actor.id),
        "form": refused or HeadsForm(),
        "keys": known_public_keys(),
    }


def _links(path: str, kept: dict[str, Any], after: str, following: str | None) -> dict[str, str | None]:
    return {
        "previous": f"{path}?{urlencode(kept)}".rstrip("?") if after else None,
        "next": f"{path}?{urlencode({**kept, 'after': following})}" if following else None,
    }


ROUTES = [runs, heads, fetch_heads, public_key]
