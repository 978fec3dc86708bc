"""Papers printed many at a time (批量打印): ask, watch, cancel, take up again, fetch the file."""

from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.params import FromPath

from db import archive
from db.actions import print_runs as actions
from db.clock import now, today
from db.queries import print_runs as queries
from rules.codes import BoardKind, Bundle, PrintItemState, PrintRunKind, PrintRunState
from rules.errors import RuleBroken
from rules.permissions import Permission
from rules.print_runs import (
    FETCHED_WITHIN,
    MAXIMUM,
    OPEN,
    Wanted,
    can_be_fetched,
    can_cancel,
    can_go_on,
    check_wanted,
    read_wanted,
)
from web.bulk_papers import file_name
from web.forms.base import PageForm
from web.forms.print_runs import PrintRunFilterForm, PrintRunForm, state_of
from web.guards import needs
from web.render import again, found, page, pdf_file, zip_file
from web.request import StationRequest
from web.submission import submit

HOME = "/desk/print-runs"
_PRINT = needs(Permission.PRINT_MANY)
RECORDS = {"agreement": "/desk/agreements/", "referral": "/desk/referrals/", "seeker": "/desk/seekers/", "board": "/desk/boards/"}
"""Where the record of a paper is looked at."""


@get(HOME, guards=[_PRINT], name="print-runs:list")
async def print_runs(request: StationRequest) -> Response:
    """The station's bulk prints, newest first, and the form for another one."""
    form = PrintRunForm.for_kind(request.query_params.get("kind", ""), today())
    return page(request, "print_runs/index.html", **await _listed(request, form))


async def _listed(request: StationRequest, form: PrintRunForm) -> dict[str, Any]:
    after, state = request.query_params.get("after", ""), state_of(request.query_params.get("state", ""))
    rows = await queries.runs_of(request.actor.scope, state, after)
    kept = {"state": state.value} if state else {}
    return {
        "form": form,
        "rows": rows.rows,
        "narrowing": PrintRunFilterForm(state=state.value if state else ""),
        "states": PrintRunState,
        "kinds": PrintRunKind,
        "maximum": MAXIMUM,
        "narrowed": kept,
        "links": {
            "previous": f"{HOME}?{urlencode(kept)}" if after else "",
            "next": f"{HOME}?{urlencode({**kept, 'after': rows.next})}" if rows.next else "",
        },
    }


@post(HOME, guards=[_PRINT], name="print-runs:ask")
async def ask(request: StationRequest) -> Response:
    """Queue a bulk print of what is there now; nothing to print and too much come back with the reason."""
    form = await PrintRunForm.posted(request)
    answer = None
    if form.validate():
        started: list[int] = []

        async def act() -> str:
            wanted = check_wanted(form.wanted, today())
            ref = await actions.ask_run(wanted, await _subjects(request, wanted), actor=request.actor)
            started[:] = [ref.id]
            return ref.number

        answer = await submit(request, form, act, to=lambda number: f"{HOME}/{number}")
        for run_id in started if answer else ():
            request.app.state.print_runs.start(run_id)
    return answer or again(request, "print_runs/index.html", **await _listed(request, form))


async def _subjects(request: StationRequest, wanted: Wanted) -> list[queries.Subject]:
    if wanted.day is None:
        return [("board", place, kind.value) for place, kind in enumerate(BoardKind, 1)]
    return await queries.subjects(wanted.kind, request.actor.station_id or 0, wanted.day)


@get(f"{HOME}/{{number:str}}", guards=[_PRINT], name="print-runs:show")
async def print_run(request: StationRequest, number: FromPath[str]) -> Response:
    """How far it is, what did not come out and why, and the file."""
    return await _shown(request, found(await queries.run_in(request.actor.scope, number)))


async def _shown(request: StationRequest, row: dict[str, Any], refused: PageForm | None = None) -> Response:
    everything, after = request.query_params.get("all") == "1", request.query_params.get("after", "")
    items = await queries.items_of(row["id"], missed=not everything, after=after)
    wanted = read_wanted(row["kind"], row["bundle"], row["day"], row["choice"])
    state, url = PrintRunState(row["state"]), f"{HOME}/{row['number']}"
    narrowed = f"{url}?all=1" if everything else url
    joined = f"{narrowed}&" if everything else f"{narrowed}?"
    return page(
        request,
        "print_runs/show.html",
        fragment="print_runs/_progress.html",
        status=422 if refused else 200,
        row=row,
        url=url,
        wanted=wanted,
        state=state,
        progress=row["progress"],
        working=state in OPEN,
        own=row["asked_by"] == request.actor.id,
        everything=everything,
        items=[{**item, "name": file_name(wanted.kind, item["number"]), "record": RECORDS[item["subject"]]} for item in items.rows],
        links={"previous": narrowed if after else "", "next": f"{joined}after={items.next}" if items.next else ""},
        item_states=PrintItemState,
        bundles=Bundle,
        can_cancel=can_cancel(state),
        can_go_on=can_go_on(state, row["progress"]),
        ready=can_be_fetched(state, row["ended_at"], now()) and bool(row["archive_key"]),
        kept_days=FETCHED_WITHIN.days,
        form=refused or PageForm(),
    )


@post(f"{HOME}/{{number:str}}/cancellation", guards=[_PRINT], name="print-runs:cancel")
async def cancel(request: StationRequest, number: FromPath[str]) -> Response:
    """Stop it at any time; what was issued stays issued."""
    row = found(await queries.run_in(request.actor.scope, number))
    form = await PageForm.posted(request)
    answer = await submit(
        request,
        form,
        lambda: actions.cancel_run(row["id"], actor=request.actor),
        to=lambda _: f"{HOME}/{number}",
        said="已取消。已经出具的文书照样有效，可以单独打开，也可以接着打。",
    )
    return answer or await _shown(request, row, form)


@post(f"{HOME}/{{number:str}}/resumption", guards=[_PRINT], name="print-runs:go-on")
async def go_on(request: StationRequest, number: FromPath[str]) -> Response:
    """Print what did not come out once more; what came out is not issued again."""
    row = found(await queries.run_in(request.actor.scope, number))
    form = await PageForm.posted(request)
    outdated: list[str] = []

    async def act() -> None:
        outdated[:] = [await actions.go_on(row["id"], actor=request.actor)]

    answer = await submit(request, form, act, to=lambda _: f"{HOME}/{number}")
    if answer is None:
        return await _shown(request, row, form)
    for key in filter(None, outdated):
        await archive.discard(key)
    request.app.state.print_runs.start(row["id"])
    return answer


@post(f"{HOME}/{{number:str}}/file", guards=[_PRINT], name="print-runs:fetch", status_code=200)
async def fetch(request: StationRequest, number: FromPath[str]) -> Response:
    """The file, to its asker only, within a week. Posted, because every fetching is recorded."""
    row = found(await queries.run_in(request.actor.scope, number))
    form = await PageForm.posted(request)
    try:
        key, sha256 = await actions.fetch_run(row["id"], actor=request.actor)
    except RuleBroken as broken:
        form.refuse(broken)
        return await _shown(request, row, form)
    body, name = await archive.opened(key, sha256), f"批量打印{row['number']}"
    return zip_file(body, name) if row["bundle"] == Bundle.ZIP.value else pdf_file(body, name)


ROUTES = [print_runs, ask, print_run, cancel, go_on, fetch]
