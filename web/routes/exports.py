"""Exports (导出): ask for a list with a purpose, decide about somebody else's request, fetch one's own file."""

from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.params import FromPath

from db import archive
from db.actions import exports as actions
from db.clock import now
from db.queries import exports as queries
from rules.codes import ExportPurpose, ExportState
from rules.errors import RuleBroken
from rules.exports import MAXIMUM_ROWS, can_be_fetched
from rules.permissions import Permission
from web.confirmation import confirm_first
from web.export_runs import count_rows
from web.forms.base import PageForm
from web.forms.exports import DecisionForm, ExportForm
from web.guards import needs
from web.listings import LISTINGS, Listing, listing_for
from web.render import again, found, page, workbook_file
from web.request import StationRequest
from web.submission import submit

HOME = "/desk/exports"
_ASK, _DECIDE = needs(Permission.EXPORTS_ASK), needs(Permission.EXPORTS_DECIDE)


@get(HOME, guards=[_ASK], name="exports:list")
async def exports_page(request: StationRequest) -> Response:
    """What waits for one's decision, and what one asked for."""
    after = request.query_params.get("after", "")
    rows = await queries.exports_of(request.actor, after)
    return page(
        request,
        "exports/index.html",
        rows=rows.rows,
        links={"previous": HOME if after else "", "next": f"{HOME}?after={rows.next}" if rows.next else ""},
        waiting=await queries.exports_to_decide(request.actor),
        listings=LISTINGS,
        states=ExportState,
        purposes=ExportPurpose,
    )


@get(f"{HOME}/new", guards=[_ASK], name="exports:new")
async def new_export(request: StationRequest) -> Response:
    """What for? With the list, its filter in words and how many rows that is."""
    listing = found(listing_for(request.actor, request.query_params.get("list", "")))
    asked = {name: value for name, value in request.query_params.items() if isinstance(value, str)}
    return page(request, "exports/new.html", **await _asking(request, listing, asked, ExportForm()))


async def _asking(request: StationRequest, listing: Listing, asked: dict[str, str], form: ExportForm) -> dict[str, Any]:
    search = listing.narrowed(asked)
    return {
        "form": form,
        "listing": listing,
        "search": search,
        "words": listing.words(search),
        "rows": await count_rows(listing, request.actor, search),
        "most": MAXIMUM_ROWS,
        "back": f"{listing.path}?{urlencode(search)}" if search else listing.path,
    }


@post(HOME, guards=[_ASK], name="exports:ask")
async def ask(request: StationRequest) -> Response:
    """Ask for it; a second person decides."""
    typed = await request.typed()
    listing = found(listing_for(request.actor, typed.get("list", "")))
    form = await ExportForm.posted(request)
    asked = {name: value for name, value in typed.items() if isinstance(value, str)}
    context = await _asking(request, listing, asked, form)
    answer = None
    if form.validate():
        answer = await submit(
            request,
            form,
            lambda: actions.ask_export(
                listing.kind.value,
                context["search"],
                ExportPurpose(form.purpose.data),
                form.note.data or "",
                context["rows"],
                actor=request.actor,
            ),
            to=lambda id: f"{HOME}/{id}",
            said="已申请导出，等另一位有权限的人审批。",
        )
    return answer or again(request, "exports/new.html", **context)


@get(f"{HOME}/{{export_id:int}}", guards=[_ASK], name="exports:show")
async def export_page(request: StationRequest, export_id: FromPath[int]) -> Response:
    """One export: what was asked, by whom, what was decided; size and download for its asker."""
    return await _shown(request, found(await queries.export_for(request.actor, export_id)))


async def _shown(request: StationRequest, row: dict[str, Any], refused: PageForm | None = None) -> Response:
    listing = LISTINGS.get(row["kind"])
    own, state = row["asked_by"] == request.actor.id, ExportState(row["state"])
    return page(
        request,
        "exports/show.html",
        fragment="exports/_state.html",
        status=422 if refused else 200,
        row=row,
        title=listing.title if listing else row["kind"],
        words=listing.words(row["search"]) if listing else "",
        own=own,
        decides=not own and state is ExportState.ASKED and request.actor.may(Permission.EXPORTS_DECIDE),
        ready=own and can_be_fetched(state, row["made_at"], now()),
        form=refused if isinstance(refused, DecisionForm) else DecisionForm(),
        fetching=refused if refused and not isinstance(refused, DecisionForm) else PageForm(),
        states=ExportState,
        purposes=ExportPurpose,
    )


@post(f"{HOME}/{{export_id:int}}/decision", guards=[_DECIDE], name="exports:decide")
async def decide(request: StationRequest, export_id: FromPath[int]) -> Response:
    """Agree or refuse; the password must have been given within the last minutes."""
    row = found(await queries.export_for(request.actor, export_id))
    form = await DecisionForm.posted(request)
    if not form.validate():
        return await _shown(request, row, form)
    confirm_first(request)
    approve = form.decision.data == "yes"
    answer = await submit(
        request,
        form,
        lambda: actions.decide_export(export_id, approve=approve, reason=form.reason.data or "", actor=request.actor),
        to=lambda _: f"{HOME}/{export_id}",
        said="已同意，文件由申请人自己下载。" if approve else "已记下：不同意导出。",
    )
    if answer is None:
        return await _shown(request, row, form)
    if approve:
        request.app.state.exports.start(export_id)
    return answer


@post(f"{HOME}/{{export_id:int}}/file", guards=[_ASK], name="exports:fetch", status_code=200)
async def fetch(request: StationRequest, export_id: FromPath[int]) -> Response:
    """The file, to its asker only, within a week; each download is journalled. Posted, because it is recorded."""
    row = found(await queries.export_for(request.actor, export_id))
    form = await PageForm.posted(request)
    try:
        key, sha256 = await actions.fetch_export(export_id, actor=request.actor)
    except RuleBroken as broken:
        form.refuse(broken)
        return await _shown(request, row, form)
    title = LISTINGS[row["kind"]].title if row["kind"] in LISTINGS else "清单"
    return workbook_file(await archive.opened(key, sha256), f"{title}（脱敏）{export_id}")


ROUTES = [exports_page, new_export, ask, export_page, decide, fetch]
