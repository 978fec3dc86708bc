"""Signed agreements scanned by the pile (扫描件自动归入): the code on each finds its agreement, the others wait for a look."""

from typing import Any

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath

from db import archive
from db.actions import incoming_scans as actions
from db.actions.reveals import SIGNED_SCAN, note_opened
from db.queries import agreements
from db.queries import incoming_scans as queries
from rules.codes import IncomingState
from rules.errors import RuleBroken
from rules.incoming_scans import MOST_FILES
from rules.numbers import normal
from rules.permissions import Permission
from rules.scans import ScanType
from web.forms.base import PageForm
from web.forms.incoming_scans import AssignForm, DismissForm, ScanFilter, ScanUploadForm
from web.guards import needs
from web.render import again, done, found, page
from web.request import StationRequest
from web.submission import submit

HOME = "/desk/scans"
MOST_WAIT = 2.0
"""Seconds the answer to an upload waits for the reading; what takes longer is shown when it is done."""

_READ, _DRAFT = needs(Permission.AGREEMENTS_READ), needs(Permission.AGREEMENTS_DRAFT)


async def _listed(request: StationRequest, form: ScanUploadForm) -> dict[str, Any]:
    narrowed = ScanFilter(request.query_params)
    after = request.query_params.get("after", "")
    rows = await queries.scans_in(request.actor.scope, narrowed.chosen, after)
    base = f"{HOME}?state={narrowed.chosen.value if narrowed.chosen else ''}"
    return {
        "form": form,
        "narrowed": narrowed,
        "rows": rows.rows,
        "waiting": await queries.waiting_for_hands(request.actor.scope),
        "reading": any(row["state"] == IncomingState.READING.value for row in rows.rows),
        "links": {"previous": base if after else None, "next": f"{base}&after={rows.next}" if rows.next else None},
        "here": f"{base}&after={after}" if after else base,
    }


@get(HOME, guards=[_READ], name="incoming_scans:list")
async def scans(request: StationRequest) -> Response:
    """The upload, and every uploaded scan in reach with what became of it."""
    return page(request, "incoming_scans/index.html", fragment="incoming_scans/_list.html", **await _listed(request, ScanUploadForm()))


@post(HOME, guards=[_DRAFT], name="incoming_scans:upload")
async def upload(request: StationRequest) -> Response:
    """Take the files that are scans, read them, and say what became of each; when none is one, why."""
    form = await ScanUploadForm.posted(request)
    sound = form.validate()
    try:
        chosen = await _chosen(request)
        answer = await _take(request, form, chosen) if sound else None
    except RuleBroken as broken:
        form.refuse(broken)
        answer = None
    return answer or again(request, "incoming_scans/index.html", **await _listed(request, form))


async def _take(request: StationRequest, form: ScanUploadForm, chosen: list[UploadFile]) -> Response | None:
    kept, refused = await _kept(chosen)
    received: list[int] = []

    async def act() -> list[int]:
        received[:] = await actions.receive_scans(kept, signatures_seen=form.signatures_seen.data, actor=request.actor)
        return received

    answer = await submit(request, form, act, to=lambda _: HOME)
    if answer is None or not received:  # refused, or sent a second time
        for scan in kept:
            await archive.discard(scan.kept.key)
        return answer
    for scan_id in received:
        request.app.state.scans.start(scan_id)
    await request.app.state.scans.within(MOST_WAIT)
    return done(request, HOME, _told(await queries.outcomes(received[0], received), refused))


async def _chosen(request: StationRequest) -> list[UploadFile]:
    """The files that were chosen. RuleBroken when there are none, or too many at once."""
    chosen = await request.uploads("scans")
    if not chosen:
        raise RuleBroken("请先选择签好的协议的扫描件或照片，可以一次选几份。", "scans")
    if len(chosen) > MOST_FILES:
        raise RuleBroken(f"一次最多{MOST_FILES}个文件，您选了{len(chosen)}个。请分几次上传。", "scans")
    return chosen


async def _kept(chosen: list[UploadFile]) -> tuple[list[archive.KeptScan], list[str]]:
    """The files that are sound, in the archive, and a sentence for each that is not. RuleBroken when none is sound."""
    kept, refused = [], []
    for position, file in enumerate(chosen, 1):
        try:
            kept.append(await archive.keep_scan(await file.read()))
        except RuleBroken as broken:
            refused.append(f"第{position}个文件：{broken.message}" if len(chosen) > 1 else broken.message)
    if not kept:
        raise RuleBroken("".join(refused), "scans")
    return kept, refused


def _told(counted: dict[str, int], refused: list[str]) -> str:
    words = [
        f"{counted[state.value]}份{said}"
        for state, said in (
            (IncomingState.FOUND, "已经自动归入，协议登记为已签订，请把一份交给零工"),
            (IncomingState.UNKNOWN, "没有认出，请在下面看一看"),
            (IncomingState.READING, "还在识别，过一会儿刷新"),
        )
        if counted.get(state.value)
    ]
    return "；".join(words) + "。" + "".join(f"没有收{sentence}" for sentence in refused)


@get(f"{HOME}/{{scan_id:int}}", guards=[_READ], name="incoming_scans:show")
async def scan(request: StationRequest, scan_id: FromPath[int]) -> Response:
    """One scan: what was read on it, why it waits, and what can be done with it."""
    row = found(await queries.scan_in(request.actor.scope, scan_id))
    return page(request, "incoming_scans/show.html", row=row, assigning=AssignForm(), dismissing=DismissForm(), refused=None)


@get(f"{HOME}/{{scan_id:int}}/file", guards=[_READ], name="incoming_scans:file")
async def file(request: StationRequest, scan_id: FromPath[int]) -> Response:
    """The scan as a download: never opened inside our pages."""
    row = found(await queries.scan_in(request.actor.scope, scan_id))
    found(row["archive_key"] or None)
    if row["agreement_id"]:
        await note_opened(SIGNED_SCAN, row["agreement_id"], actor=request.actor)
    kind = ScanType(row["media_type"])
    headers = {
        "content-disposition": f'attachment; filename="scan-{scan_id}.{kind.ending}"',
        "cache-control": "no-store",
        "content-security-policy": "sandbox",
    }
    return Response(await archive.opened(row["archive_key"], row["sha256"]), media_type=kind.value, headers=headers)


@post(f"{HOME}/{{scan_id:int}}/assignment", guards=[_DRAFT], name="incoming_scans:assign")
async def assign(request: StationRequest, scan_id: FromPath[int]) -> Response:
    """Put a scan to the agreement whose number somebody typed."""
    row = found(await queries.scan_in(request.actor.scope, scan_id))
    form = await AssignForm.posted(request)
    answer = None
    if form.validate():
        number = normal(form.number.data)
        agreement = await agreements.agreement_in(request.actor.scope, number)
        if agreement is None:
            form.refuse(RuleBroken("本站没有这个编号的协议，请照纸上印的编号再输一次。", "number"))
        else:
            answer = await submit(
                request,
                form,
                lambda: actions.assign_scan(scan_id, agreement["id"], actor=request.actor),
                to=lambda _: f"/desk/agreements/{number}",
                said="扫描件已归入这份协议。必须把一份交给零工，交了以后在下面登记。",
            )
    return answer or _refused(request, row, form)


@post(f"{HOME}/{{scan_id:int}}/dismissal", guards=[_DRAFT], name="incoming_scans:dismiss")
async def dismiss(request: StationRequest, scan_id: FromPath[int]) -> Response:
    """This is no signed agreement; the file goes, the record with its reason stays."""
    row = found(await queries.scan_in(request.actor.scope, scan_id))
    form = await DismissForm.posted(request)
    gone: list[str] = []

    async def act() -> None:
        gone[:] = [await actions.dismiss_scan(scan_id, form.reason.data, actor=request.actor)]

    answer = None
    if form.validate():
        answer = await submit(request, form, act, to=lambda _: HOME, said="已登记为不归入，文件已删除，记录保留。")
    for key in gone if answer else []:
        await archive.discard(key)
    return answer or _refused(request, row, form)


def _refused(request: StationRequest, row: dict[str, Any], form: PageForm) -> Response:
    forms: dict[str, PageForm] = {"assigning": AssignForm(), "dismissing": DismissForm()}
    forms["assigning" if isinstance(form, AssignForm) else "dismissing"] = form
    return again(request, "incoming_scans/show.html", row=row, refused=form, **forms)


ROUTES = [scans, upload, scan, file, assign, dismiss]
