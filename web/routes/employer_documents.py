"""An employer's documents at the desk: taken in, checked, withdrawn, looked at."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Response, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from db import archive
from db.actions import employer_documents as actions
from db.clock import today
from db.queries.employer_documents import document_of
from db.queries.employers import employer_in
from rules.codes import EmployerDocumentKind
from rules.employer_documents import ORIGINAL_ONLY, check_new_document
from rules.errors import RuleBroken
from rules.permissions import Permission
from rules.scans import ScanType
from web.employer_sheet import HOME, change_employer, employer_sheet
from web.forms.base import PageForm
from web.forms.employers import DocumentCheckForm, DocumentWithdrawalForm, EmployerDocumentForm
from web.guards import needs
from web.render import again, found
from web.request import StationRequest

_VERIFY = needs(Permission.EMPLOYERS_VERIFY)
ONE = f"{HOME}/{{employer_id:int}}/documents"


@post(ONE, guards=[_VERIFY], name="employers:add-document")
async def add(request: StationRequest, employer_id: FromPath[int]) -> Response:
    """Take a document in: with a copy, or because the original was seen."""
    employer = found(await employer_in(request.actor.scope, employer_id))
    form = await EmployerDocumentForm.posted(request)
    upload = await request.upload("scan")
    scan = None
    try:
        if form.validate() and upload is not None:
            refuse_copy(form)
            scan = await archive.keep_scan(await upload.read())
    except RuleBroken as broken:
        form.refuse(broken)
        return again(request, "employers/show.html", **{**await employer_sheet(request, employer), "document": form})
    answer = await change_employer(
        request,
        employer_id,
        "document",
        form,
        lambda: actions.add_document(employer_id, form.new_document(), scan, actor=request.actor),
        "证照已收下。",
    )
    if scan is not None and answer.status_code == 422:
        await archive.discard(scan.kept.key)
    return answer


def refuse_copy(form: EmployerDocumentForm) -> None:
    """Pictures of identity cards are refused before they are kept anywhere. RuleBroken on `scan`."""
    new = form.new_document()
    if EmployerDocumentKind(new.kind) in ORIGINAL_ONLY:
        check_new_document(new, copied=True, today=today())


@post(f"{ONE}/{{document_id:int}}/check", guards=[_VERIFY], name="employers:check-document")
async def check(request: StationRequest, employer_id: FromPath[int], document_id: FromPath[int]) -> Response:
    """A document that the employer sent was compared."""
    form = await DocumentCheckForm.posted(request)
    return await _step(
        request,
        employer_id,
        document_id,
        "checking",
        form,
        lambda: actions.check_document(employer_id, document_id, original_seen=bool(form.original_seen.data), actor=request.actor),
        "证照已核对。",
    )


@post(f"{ONE}/{{document_id:int}}/withdrawal", guards=[_VERIFY], name="employers:withdraw-document")
async def withdraw(request: StationRequest, employer_id: FromPath[int], document_id: FromPath[int]) -> Response:
    """A document proves nothing any more; it is kept."""
    form = await DocumentWithdrawalForm.posted(request)
    return await _step(
        request,
        employer_id,
        document_id,
        "withdrawal",
        form,
        lambda: actions.withdraw_document(employer_id, document_id, form.reason.data, actor=request.actor),
        "证照已停用，记录保留。",
    )


@post(f"{ONE}/{{document_id:int}}/opening", guards=[needs(Permission.EMPLOYERS_DOCUMENTS)], name="employers:open-document")
async def opening(request: StationRequest, employer_id: FromPath[int], document_id: FromPath[int]) -> Response:
    """The copy as a download, never opened inside our pages; that somebody looked is recorded."""
    found(await employer_in(request.actor.scope, employer_id))
    row = found(await document_of(employer_id, document_id))
    if not row["archived"]:
        raise NotFoundException()
    row = await actions.open_document(employer_id, document_id, actor=request.actor)
    kind = ScanType(row["media_type"])
    headers = {
        "content-disposition": f'attachment; filename="document-{document_id}.{kind.ending}"',
        "cache-control": "no-store",
        "content-security-policy": "sandbox",
    }
    return Response(await archive.opened(row["archived"], row["sha256"]), media_type=kind.value, headers=headers, status_code=200)


async def _step(
    request: StationRequest,
    employer_id: int,
    document_id: int,
    name: str,
    form: PageForm,
    act: Callable[[], Awaitable[Any]],
    said: str,
) -> Response:
    found(await employer_in(request.actor.scope, employer_id))
    found(await document_of(employer_id, document_id))
    return await change_employer(request, employer_id, name, form, act, said)


ROUTES = [add, check, withdraw, opening]
