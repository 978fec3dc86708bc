"""An agreement's later life: shown, printed, signed on paper, handed over, archived, amended, ended, cancelled, voided."""

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
from db.queries.wordings import coming_official_text, official_text, wording_of
from rules.agreement_drafts import compose, marked_texts, missing, preview
from rules.agreement_life import IN_FORCE, STEPS, check_termination, paper_kind
from rules.codes import OFFICIAL_TEXTS, ON_PAPER_ONLY, AgreementState, AgreementType, PaperKind
from rules.errors import RuleBroken
from rules.lint import Severity
from rules.permissions import Permission
from rules.scans import ScanType
from web.agreement_papers import agreement_paper, large_print
from web.corrections import corrected
from web.forms.agreements import (
    AmendmentForm,
    ArchiveForm,
    CancellationForm,
    CompletionForm,
    DeliveryForm,
    ScanForm,
    TerminationForm,
    VoidForm,
)
from web.forms.base import PageForm
from web.guards import needs
from web.papers import given_pdf, issued_pdf, keep_paper, printed_pdf, snapshot_of
from web.render import done, found, local, page, pdf_file
from web.request import StationRequest
from web.station_certificate import station_certificate
from web.submission import submit

_READ, _DRAFT = needs(Permission.AGREEMENTS_READ), needs(Permission.AGREEMENTS_DRAFT)

_FORMS: dict[str, type[PageForm]] = {
    "printing": PageForm,
    "scan": ScanForm,
    "delivery": DeliveryForm,
    "archiving": ArchiveForm,
    "completing": CompletionForm,
    "ending": TerminationForm,
    "amending": AmendmentForm,
    "cancelling": CancellationForm,
    "voiding": VoidForm,
}
"""The small forms of the page, by the name under which the page shows them."""


@get("/desk/agreements/{number:str}", guards=[_READ], name="agreements:show")
async def agreement(request: StationRequest, number: FromPath[str]) -> Response:
    """One agreement: its text, what is missing, and the one next step."""
    return await _show(request, await _row(request, number))


@post("/desk/agreements/{number:str}/paper", guards=[_DRAFT], name="agreements:print")
async def print_paper(request: StationRequest, number: FromPath[str]) -> Response:
    """Issue the paper: rendered first, then number, hash and state in one transaction."""
    row = await _row(request, number)
    form = await PageForm.posted(request)
    where = f"/desk/agreements/{number}"
    if row["state"] == AgreementState.PRINTED.value:
        return done(request, where)
    try:
        paper = await agreement_paper(row, guide=request.actor.name, public_url=request.settings.public_url)
        body = await printed_pdf(request, paper_kind(AgreementType(row["type"])), paper)
    except RuleBroken as broken:
        form.refuse(broken)
        return await _show(request, row, form)
    kept = await keep_paper(body, station_certificate(request.settings), paper.station.name)
    answer = await submit(
        request,
        form,
        lambda: actions.mark_printed(row["id"], snapshot=snapshot_of(paper), kept=kept, drafted_at=row["changed_at"], actor=request.actor),
        to=lambda _: where,
        said="已打印存档。请打开打印稿，双方签字后把扫描件传上来。",
    )
    if answer is None:
        await archive.discard(kept.key)
    return answer or await _show(request, row, form)


@get("/desk/agreements/{number:str}/paper.pdf", guards=[_READ], name="agreements:paper")
async def paper_pdf(request: StationRequest, number: FromPath[str]) -> Response:
    """The printed paper: the valid one, or the copy asked for with ?copy=n; a voided one comes with its mark."""
    row = await _row(request, number)
    kind = paper_kind(AgreementType(row["type"]))
    issued = [each for each in await papers.papers_of(actions.SUBJECT, row["id"]) if each["kind"] == kind.value]
    wanted = request.query_params.get("copy", "")
    paper = found(next((each for each in issued if (str(each["copy_number"]) == wanted if wanted else each["voided_at"] is None)), None))
    await note_opened(AGREEMENT, row["id"], actor=request.actor)
    try:
        return pdf_file(await given_pdf(request, paper), f"{row['label']}{number}")
    except RuleBroken as broken:
        return await _show(request, row, _refused(PageForm(), broken))


@get("/desk/agreements/{number:str}/large-print.pdf", guards=[_READ], name="agreements:large-print")
async def large_print_pdf(request: StationRequest, number: FromPath[str]) -> Response:
    """The large-print edition as it was issued; 404 before that."""
    row = await _row(request, number)
    paper = found(await papers.current_paper(PaperKind.LARGE_PRINT, number))
    await note_opened(AGREEMENT, row["id"], actor=request.actor)
    return pdf_file(await given_pdf(request, paper), f"{row['label']}{number}大字版")


@post("/desk/agreements/{number:str}/large-print", guards=[_DRAFT], name="agreements:print-large")
async def print_large(request: StationRequest, number: FromPath[str]) -> Response:
    """Issue the large-print edition of what was printed; the same again is not issued twice."""
    row = await _row(request, number)
    form = await PageForm.posted(request)
    await note_opened(AGREEMENT, row["id"], actor=request.actor)
    try:
        paper = await large_print(row)
        await issued_pdf(
            request,
            kind=PaperKind.LARGE_PRINT,
            number=number,
            subject=actions.SUBJECT,
            subject_id=row["id"],
            station_id=row["station"],
            paper=paper,
        )
    except RuleBroken as broken:
        return await _show(request, row, _refused(form, broken))
    return done(request, f"/desk/agreements/{number}/large-print.pdf")


@post("/desk/agreements/{number:str}/scan", guards=[_DRAFT], name="agreements:scan")
async def attach_scan(request: StationRequest, number: FromPath[str]) -> Response:
    """Keep the scan of the signed paper; the agreement is signed and the referral confirmed."""
    row = await _row(request, number)
    form = await ScanForm.posted(request)
    sound = form.validate()
    try:
        upload = await request.upload("scan")
        if upload is None:
            raise RuleBroken("请先选择签好的协议的扫描件或照片。", "scan")
        answer = await _attach(request, row, form, await archive.keep_scan(await upload.read())) if sound else None
    except RuleBroken as broken:
        form.refuse(broken)
        answer = None
    return answer or await _show(request, row, form)


async def _attach(request: StationRequest, row: dict[str, Any], form: ScanForm, scan: archive.KeptScan) -> Response | None:
    kept: list[int] = []

    async def act() -> None:
        seen = form.signatures_seen.data
        kept[:] = [await actions.attach_kept_scan(row["id"], scan, signatures_seen=seen, actor=request.actor)]

    answer = await submit(
        request,
        form,
        act,
        to=lambda _: f"/desk/agreements/{row['number']}",
        said="签好的协议已存档。必须把一份交给零工，交了以后在下面登记。",
    )
    if answer is None or not kept:  # refused, or sent a second time
        await archive.discard(scan.kept.key)
    return answer


@get("/desk/agreements/{number:str}/scans/{scan_id:int}", guards=[_READ], name="agreements:scan-file")
async def scan_file(request: StationRequest, number: FromPath[str], scan_id: FromPath[int]) -> Response:
    """A scan as a download: never opened inside our pages."""
    row = await _row(request, number)
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
    form = await DeliveryForm.posted(request)
    return await _step(
        request,
        number,
        form,
        lambda row: actions.deliver(row["id"], form.how.data, actor=request.actor),
        "已登记：协议交给零工了。开工以后请登记上岗。",
    )


@post("/desk/agreements/{number:str}/archive", guards=[_DRAFT], name="agreements:archive")
async def archive_original(request: StationRequest, number: FromPath[str]) -> Response:
    """Record where the signed original is kept."""
    form = await ArchiveForm.posted(request)
    return await _step(
        request,
        number,
        form,
        lambda row: actions.archive_agreement(row["id"], form.place.data or "", actor=request.actor),
        "已登记原件的存放处。",
    )


@post("/desk/agreements/{number:str}/completion", guards=[_DRAFT], name="agreements:complete")
async def complete(request: StationRequest, number: FromPath[str]) -> Response:
    """Record that both sides did what was agreed."""
    return await _step(
        request,
        number,
        await CompletionForm.posted(request),
        lambda row: actions.complete_agreement(row["id"], actor=request.actor),
        "已登记：协议履行完了。",
    )


@post("/desk/agreements/{number:str}/ending", guards=[_DRAFT], name="agreements:terminate")
async def terminate(request: StationRequest, number: FromPath[str]) -> Response:
    """Record an end before its time: the day, who, why, and how the other side was told."""
    form = await TerminationForm.posted(request)

    async def act(row: dict[str, Any]) -> None:
        end = check_termination(
            form.ended_on.data,
            form.ended_by.chosen,
            form.cause.data or "",
            form.notice_on.data,
            form.notice_how.chosen,
            signed_on=local(row["signed_at"] or row["created_at"]).date(),
            today=today(),
        )
        await actions.terminate_agreement(row["id"], end, actor=request.actor)

    return await _step(request, number, form, act, "已登记提前结束。已经干的活请督促结清工钱。")


@post("/desk/agreements/{number:str}/amendment", guards=[_DRAFT], name="agreements:amend")
async def amend(request: StationRequest, number: FromPath[str]) -> Response:
    """A new draft that replaces this agreement once both signed it; go on to its form."""
    form = await AmendmentForm.posted(request)
    return await _step(
        request,
        number,
        form,
        lambda row: actions.amend_agreement(row["id"], form.change.data or "", actor=request.actor),
        "变更稿已起草。请改好内容，双方签字以后它就代替原来的协议。",
        to=lambda made: f"/desk/agreements/{made.number}/edit",
    )


@post("/desk/agreements/{number:str}/cancellation", guards=[_DRAFT], name="agreements:cancel")
async def cancel(request: StationRequest, number: FromPath[str]) -> Response:
    """Give up an agreement that nobody signed."""
    form = await CancellationForm.posted(request)
    return await _step(
        request,
        number,
        form,
        lambda row: actions.cancel_agreement(row["id"], form.why.data or "", actor=request.actor),
        "已取消。需要的话可以重新起草。",
    )


@post("/desk/agreements/{number:str}/voiding", guards=[_DRAFT], name="agreements:void")
async def void(request: StationRequest, number: FromPath[str]) -> Response:
    """Void the agreement and its paper, with the reason; both stay on record."""
    form = await VoidForm.posted(request)
    return await _step(
        request,
        number,
        form,
        lambda row: actions.void_agreement(row["id"], form.reason.data, actor=request.actor),
        "协议已作废，原件和记录都保留。",
    )


async def _row(request: StationRequest, number: str) -> dict[str, Any]:
    return found(await queries.agreement_in(request.actor.scope, number))


def _refused(form: PageForm, broken: RuleBroken) -> PageForm:
    form.refuse(broken)
    return form


async def _step(
    request: StationRequest,
    number: str,
    form: PageForm,
    act: Callable[[dict[str, Any]], Any],
    said: str,
    to: Callable[[Any], str] | None = None,
) -> Response:
    """One step of the way: the row in reach, the form, the action, and the same page where it was refused."""
    row = await _row(request, number)
    answer = None
    if form.validate():
        answer = await submit(request, form, lambda: act(row), to=to or (lambda _: f"/desk/agreements/{number}"), said=said)
    return answer or await _show(request, row, form)


async def _show(request: StationRequest, row: dict[str, Any], refused: PageForm | None = None) -> Response:
    await note_opened(AGREEMENT, row["id"], actor=request.actor)
    kind, state = AgreementType(row["type"]), AgreementState(row["state"])
    draft = await queries.opened_draft(row["id"])
    wording = await wording_of(row)
    hits, obstacle = await _looked_at(request, row, draft) if state in (AgreementState.DRAFT, AgreementState.PRINTED) else ((), "")
    forms = {name: refused if refused is not None and type(refused) is form else form() for name, form in _FORMS.items()}
    three = kind is AgreementType.SHARED_LABOUR_3P
    if three and isinstance(forms["scan"], ScanForm):
        forms["scan"].for_three()
    return page(
        request,
        "agreements/show.html",
        status=422 if refused is not None else 200,
        row=row,
        corrected=await corrected(request.actor, {"agreement": [row["id"]]}),
        kind=kind,
        state=state,
        text=preview(wording, draft.values, queries.modules_of(row)),
        open=[broken.message for broken in missing(wording, draft.values)],
        hits=hits,
        obstacle=obstacle,
        marked=marked_texts(wording, draft.values, hits),
        papers=await papers.papers_of(actions.SUBJECT, row["id"]),
        scans=await queries.scans_of(row["id"]),
        chain=await queries.chain_of(row),
        amendment=await queries.open_amendment(row["id"]),
        may_complete=row["work_over"] or ((day := await queries.last_day_of(row["id"])) is not None and day < today()),
        official=await official_text(kind) if kind in OFFICIAL_TEXTS else None,
        coming=await coming_official_text(kind) if kind in OFFICIAL_TEXTS else None,
        on_screen=kind not in ON_PAPER_ONLY,
        in_force=state in IN_FORCE,
        steps=STEPS,
        main_kind=paper_kind(kind).value,
        signers="三方" if three else "双方",
        refused=refused,
        **forms,
    )


async def _looked_at(request: StationRequest, row: dict[str, Any], draft: queries.Draft) -> tuple[tuple[Any, ...], str]:
    """What staff must look at before printing, and the reason for which it cannot be printed at all ("" when it can)."""
    try:
        source = await queries.opened_source(
            row["referral_id"], number=row["number"], guide=request.actor.name, third_party=row["third_party"]
        )
        hits = compose(await wording_of(row), source, draft.agreed, draft.changed, today=today()).hits
    except RuleBroken as broken:
        return (), broken.message
    stopped = next((hit.message + hit.advice for hit in hits if hit.severity is Severity.BLOCK and hit.start == hit.end), "")
    return hits, stopped


ROUTES = [
    agreement,
    print_paper,
    paper_pdf,
    large_print_pdf,
    print_large,
    attach_scan,
    scan_file,
    deliver,
    archive_original,
    complete,
    terminate,
    amend,
    cancel,
    void,
]
