"""An agreement's later life: shown, printed, signed on paper, handed to the worker, voided."""

from collections.abc import Callable
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from db import archive
from db.actions import agreements as actions
from db.actions.reveals import AGREEMENT, SIGNED_SCAN, note_opened
from db.clock import today
from db.queries import agreements as queries
from db.queries import documents as papers
from rules.agreement_drafts import compose, marked_texts, missing, preview
from rules.codes import AgreementState, PaperKind
from rules.errors import RuleBroken
from rules.permissions import Permission
from rules.scans import ScanType
from web.agreement_papers import agreement_paper
from web.forms.agreements import DeliveryForm, ScanForm, VoidForm
from web.forms.base import PageForm
from web.guards import needs
from web.papers import printed_pdf, snapshot_of
from web.render import done, found, page, pdf_file
from web.request import StationRequest
from web.submission import submit

_READ, _DRAFT = needs(Permission.AGREEMENTS_READ), needs(Permission.AGREEMENTS_DRAFT)


@get("/desk/agreements/{number:str}", guards=[_READ], name="agreements:show")
async def agreement(request: StationRequest, number: FromPath[str]) -> Response:
    """One agreement: its text, what is missing, and the one next step."""
    return await _show(request, found(await queries.agreement_in(request.actor.scope, number)))


@post("/desk/agreements/{number:str}/paper", guards=[_DRAFT], name="agreements:print")
async def print_paper(request: StationRequest, number: FromPath[str]) -> Response:
    """Issue the paper: rendered first, then number, hash and state in one transaction."""
    row = found(await queries.agreement_in(request.actor.scope, number))
    form = await PageForm.posted(request)
    where = f"/desk/agreements/{number}"
    if row["state"] == AgreementState.PRINTED.value:
        return done(request, where)
    try:
        paper = await agreement_paper(row, guide=request.actor.name, public_url=request.settings.public_url)
        body = await printed_pdf(request, PaperKind.AGREEMENT, paper)
    except RuleBroken as broken:
        form.refuse(broken)
        return await _show(request, row, form)
    kept = await archive.keep(body)
    answer = await submit(
        request,
        form,
        lambda: actions.mark_printed(row["id"], snapshot=snapshot_of(paper), kept=kept, drafted_at=row["changed_at"], actor=request.actor),
        to=lambda _: where,
        said="协议已打印存档。请打开打印稿，双方签字后把扫描件传上来。",
    )
    if answer is None:
        await archive.discard(kept.key)
    return answer or await _show(request, row, form)


@get("/desk/agreements/{number:str}/paper.pdf", guards=[_READ], name="agreements:paper")
async def paper_pdf(request: StationRequest, number: FromPath[str]) -> Response:
    """The printed paper out of the archive: the valid one, or the copy asked for with ?copy=n."""
    row = found(await queries.agreement_in(request.actor.scope, number))
    issued = await papers.papers_of(actions.SUBJECT, row["id"])
    wanted = request.query_params.get("copy", "")
    paper = found(next((each for each in issued if (str(each["copy_number"]) == wanted if wanted else each["voided_at"] is None)), None))
    await note_opened(AGREEMENT, row["id"], actor=request.actor)
    return pdf_file(await archive.opened(paper["archive_key"], paper["sha256"]), f"零工劳务协议{number}")


@post("/desk/agreements/{number:str}/scan", guards=[_DRAFT], name="agreements:scan")
async def attach_scan(request: StationRequest, number: FromPath[str]) -> Response:
    """Keep the scan of the signed paper; the agreement is signed and the referral confirmed."""
    row = found(await queries.agreement_in(request.actor.scope, number))
    form = await ScanForm.posted(request)
    upload = await request.upload("scan")
    try:
        if upload is None:
            raise RuleBroken("请先选择签好的协议的扫描件或照片。", "scan")
        scan = await archive.keep_scan(await upload.read())
    except RuleBroken as broken:
        form.refuse(broken)
        return await _show(request, row, form)
    answer = await submit(
        request,
        form,
        lambda: actions.attach_kept_scan(row["id"], scan, actor=request.actor),
        to=lambda _: f"/desk/agreements/{number}",
        said="签好的协议已存档。必须把一份交给零工，交了以后在下面登记。",
    )
    if answer is None:
        await archive.discard(scan.kept.key)
    return answer or await _show(request, row, form)


@get("/desk/agreements/{number:str}/scans/{scan_id:int}", guards=[_READ], name="agreements:scan-file")
async def scan_file(request: StationRequest, number: FromPath[str], scan_id: FromPath[int]) -> Response:
    """A scan as a download: never opened inside our pages."""
    row = found(await queries.agreement_in(request.actor.scope, number))
    scan = found(next((each for each in await queries.scans_of(row["id"]) if each["id"] == scan_id), None))
    await note_opened(SIGNED_SCAN, row["id"], actor=request.actor)
    kind = ScanType(scan["media_type"])
    headers = {
        "content-disposition": f'attachment; filename="{number}-signed.{kind.ending}"',
        "cache-control": "no-store",
        "content-security-policy": "sandbox",
    }
    return Response(await archive.opened(scan["archive_key"], scan["sha256"]), media_type=kind.value, headers=headers)


@post("/desk/agreements/{number:str}/delivery", guards=[_DRAFT], name="agreements:deliver")
async def deliver(request: StationRequest, number: FromPath[str]) -> Response:
    """Record that the worker got a copy."""
    return await _step(
        request,
        number,
        await DeliveryForm.posted(request),
        lambda row, form: actions.deliver(row["id"], form.how.data, actor=request.actor),
        "已登记：协议交给零工了。开工以后请登记上岗。",
    )


@post("/desk/agreements/{number:str}/voiding", guards=[_DRAFT], name="agreements:void")
async def void(request: StationRequest, number: FromPath[str]) -> Response:
    """Void the agreement and its paper, with the reason; both stay on record."""
    return await _step(
        request,
        number,
        await VoidForm.posted(request),
        lambda row, form: actions.void_agreement(row["id"], form.reason.data, actor=request.actor),
        "协议已作废，原件和记录都保留。",
    )


async def _step(request: StationRequest, number: str, form: Any, act: Callable[[Any, Any], Any], said: str) -> Response:
    row = found(await queries.agreement_in(request.actor.scope, number))
    answer = None
    if form.validate():
        answer = await submit(request, form, lambda: act(row, form), to=lambda _: f"/desk/agreements/{number}", said=said)
    return answer or await _show(request, row, form)


async def _show(request: StationRequest, row: dict[str, Any], refused: PageForm | None = None) -> Response:
    await note_opened(AGREEMENT, row["id"], actor=request.actor)
    draft = await queries.opened_draft(row["id"])
    hits: tuple[Any, ...] = ()
    obstacle = ""
    if row["state"] in (AgreementState.DRAFT.value, AgreementState.PRINTED.value):
        try:
            source = await queries.opened_source(row["referral_id"], number=row["number"], guide=request.actor.name)
            hits = compose(source, draft.agreed, draft.changed, today=today()).hits
        except RuleBroken as broken:
            obstacle = broken.message
    forms: dict[str, PageForm] = {"scan": ScanForm(), "delivery": DeliveryForm(), "voiding": VoidForm(), "printing": PageForm()}
    names = {ScanForm: "scan", DeliveryForm: "delivery", VoidForm: "voiding", PageForm: "printing"}
    if refused is not None:
        forms[names[type(refused)]] = refused
    return page(
        request,
        "agreements/show.html",
        status=422 if refused is not None else 200,
        row=row,
        text=preview(draft.values, queries.modules_of(row)),
        open=[broken.message for broken in missing(draft.values)],
        hits=hits,
        obstacle=obstacle,
        marked=marked_texts(draft.values, hits),
        papers=await papers.papers_of(actions.SUBJECT, row["id"]),
        scans=await queries.scans_of(row["id"]),
        refused=refused,
        **forms,
    )


ROUTES = [agreement, print_paper, paper_pdf, attach_scan, scan_file, deliver, void]
