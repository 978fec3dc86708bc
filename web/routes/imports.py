"""Registering many at once out of a workbook (批量登记): template, upload, dry run, confirmation, what came of it."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from db import archive
from db.actions import imports as actions
from db.queries import imports as queries
from rules.codes import ImportKind, ImportState
from rules.errors import RuleBroken
from rules.permissions import Permission
from rules.workbooks import MAXIMUM_UPLOAD, SHEETS, refusal
from web.forms.base import PageForm
from web.forms.imports import ImportForm
from web.guards import needs
from web.import_runs import WORDS, result_workbook
from web.render import again, done, found, page, workbook_file
from web.request import StationRequest
from web.submission import submit
from web.workbooks.calling import inspect_workbook, template_workbook

HOME = "/desk/imports"
_RUN = needs(Permission.IMPORTS_RUN)


async def _listed(request: StationRequest, form: ImportForm) -> dict[str, Any]:
    after = request.query_params.get("after", "")
    rows = await queries.imports_of(request.actor, after)
    links = {"previous": HOME if after else "", "next": f"{HOME}?after={rows.next}" if rows.next else ""}
    return {"form": form, "rows": rows.rows, "links": links, "kinds": ImportKind, "states": ImportState, "sheets": SHEETS}


@get(HOME, guards=[_RUN], name="imports:list")
async def imports_page(request: StationRequest) -> Response:
    """The templates, the upload, and the workbooks this person uploaded."""
    return page(request, "imports/index.html", **await _listed(request, ImportForm()))


@get(f"{HOME}/templates/{{name:str}}", guards=[_RUN], name="imports:template")
async def template(request: StationRequest, name: FromPath[str]) -> Response:
    """An empty template with drop-downs and an example row."""
    kind = found(next((kind for kind in ImportKind if name == f"{kind.value}.xlsx"), None))
    return workbook_file(await template_workbook(kind), f"{kind.label}模板")


@post(HOME, guards=[_RUN], name="imports:upload")
async def upload(request: StationRequest) -> Response:
    """Take a workbook that is one, and try it in the background; anything else is refused in one sentence."""
    form = await ImportForm.posted(request)
    answer = None
    try:
        if form.validate():
            answer = await _take(request, form)
    except RuleBroken as broken:
        form.refuse(broken)
    return answer or again(request, "imports/index.html", **await _listed(request, form))


async def _take(request: StationRequest, form: ImportForm) -> Response | None:
    chosen = await request.upload("workbook")
    if chosen is None:
        raise RuleBroken("请先选择填好的表。", "workbook")
    body = await chosen.read(MAXIMUM_UPLOAD + 1)
    if len(body) > MAXIMUM_UPLOAD:
        raise RuleBroken(refusal("size"), "workbook")
    kind = ImportKind(form.kind.data)
    await inspect_workbook(kind, body)
    kept = await archive.keep(body)
    started: list[int] = []

    async def act() -> int:
        started[:] = [await actions.upload_import(kind, chosen.filename, kept, actor=request.actor)]
        return started[0]

    answer = await submit(request, form, act, to=lambda id: f"{HOME}/{id}")
    if answer is None or not started:  # refused, or sent a second time
        await archive.discard(kept.key)
    else:
        request.app.state.imports.start(started[0])
    return answer


@get(f"{HOME}/{{import_id:int}}", guards=[_RUN], name="imports:show")
async def import_page(request: StationRequest, import_id: FromPath[int]) -> Response:
    """How far it is, what it would come to, the first rows that are wrong, and the next step."""
    row = found(await queries.import_of(request.actor, import_id))
    return await _shown(request, row)


async def _shown(request: StationRequest, row: dict[str, Any], refused: PageForm | None = None) -> Response:
    return page(
        request,
        "imports/show.html",
        fragment="imports/_progress.html",
        status=422 if refused else 200,
        row=row,
        working=row["state"] in (ImportState.CHECKING.value, ImportState.SAVING.value),
        findings=await queries.opened_findings(row["id"]),
        form=refused or PageForm(),
        stopping=PageForm(),
        kinds=ImportKind,
        states=ImportState,
        words=WORDS,
    )


@post(f"{HOME}/{{import_id:int}}/confirmation", guards=[_RUN], name="imports:confirm")
async def confirmation(request: StationRequest, import_id: FromPath[int]) -> Response:
    """Register the new rows; pressed again, it leads to the same page."""
    row = found(await queries.import_of(request.actor, import_id))
    where = f"{HOME}/{import_id}"
    if row["state"] in (ImportState.SAVING.value, ImportState.DONE.value):
        return done(request, where)
    form = await PageForm.posted(request)
    answer = await submit(request, form, lambda: actions.confirm_import(import_id, actor=request.actor), to=lambda _: where)
    if answer is None:
        return await _shown(request, row, form)
    request.app.state.imports.start(import_id)
    return answer


@post(f"{HOME}/{{import_id:int}}/cancellation", guards=[_RUN], name="imports:cancel")
async def cancellation(request: StationRequest, import_id: FromPath[int]) -> Response:
    """Stop; what was registered before stays."""
    row = found(await queries.import_of(request.actor, import_id))
    form = await PageForm.posted(request)
    keys: list[str] = []

    async def act() -> None:
        keys[:] = [await actions.cancel_import(import_id, actor=request.actor)]

    answer = await submit(request, form, act, to=lambda _: f"{HOME}/{import_id}", said="已取消，后面的行不再登记。")
    for key in filter(None, keys):
        await archive.discard(key)
    return answer or await _shown(request, row, form)


@get(f"{HOME}/{{import_id:int}}/result.xlsx", guards=[_RUN], name="imports:result")
async def result(request: StationRequest, import_id: FromPath[int]) -> Response:
    """The uploaded rows with result and reason; with `?only=wrong` those to correct and upload again."""
    row = found(await queries.import_of(request.actor, import_id))
    found(row["result"] or None)
    only_wrong = request.query_params.get("only") == "wrong"
    over = row["state"] in (ImportState.DONE.value, ImportState.CANCELLED.value)
    kind = ImportKind(row["kind"])
    body = await result_workbook(import_id, kind, only_wrong=only_wrong, over=over)
    return workbook_file(body, f"{kind.label}{'待改正的行' if only_wrong else '结果表'}")


ROUTES = [imports_page, template, upload, import_page, confirmation, cancellation, result]
