"""The worker's own agreements: the text, the state, and the copy that must be in the worker's hands (LCL 16, 81)."""

from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from db import archive
from db.actions.agreements import SUBJECT
from db.queries import agreements
from db.queries import me as queries
from db.queries.documents import papers_of
from db.queries.wordings import wording_of
from rules.agreement_drafts import preview
from rules.agreement_life import WORKER_WORDS, paper_kind
from rules.codes import AgreementState, AgreementType, PaperKind
from rules.permissions import Permission
from rules.scans import ScanType
from web.agreement_papers import large_print
from web.guards import needs
from web.own_pages import own, own_page
from web.papers import issued_pdf
from web.render import found, pdf_file
from web.request import StationRequest

_ME = needs(Permission.ME)


@get("/me/agreements", guards=[_ME], name="me:agreements")
async def own_agreements(request: StationRequest) -> Response:
    """Every agreement that was printed for this worker, newest first."""
    seeker = await own(request)
    after = request.query_params.get("after", "")
    shown = await queries.own_agreements(seeker["id"], after)
    links = {"previous": "/me/agreements" if after else "", "next": f"/me/agreements?after={shown.next}" if shown.next else ""}
    return await own_page(request, "me/agreements.html", seeker, rows=shown.rows, links=links, words=WORKER_WORDS)


@get("/me/agreements/{number:str}", guards=[_ME], name="me:agreement")
async def own_agreement(request: StationRequest, number: FromPath[str]) -> Response:
    """One agreement in full, with its paper and the signed copy to keep."""
    seeker = await own(request)
    row = found(await queries.own_agreement(seeker["id"], number))
    draft = await agreements.opened_draft(row["id"])
    issued = await papers_of(SUBJECT, row["id"])
    return await own_page(
        request,
        "me/agreement.html",
        seeker,
        row=row,
        text=preview(await wording_of(row), draft.values, agreements.modules_of(row)),
        paper=_valid(issued, paper_kind(AgreementType(row["type"]))),
        large=_valid(issued, PaperKind.LARGE_PRINT),
        words=WORKER_WORDS[AgreementState(row["state"])],
        scans=await agreements.scans_of(row["id"]),
    )


@get("/me/agreements/{number:str}/paper.pdf", guards=[_ME], name="me:agreement-paper")
async def own_paper(request: StationRequest, number: FromPath[str]) -> Response:
    """The printed agreement out of the archive; 404 when it was voided."""
    row = found(await queries.own_agreement(request.actor.seeker_id or 0, number))
    kind = AgreementType(row["type"])
    paper = found(_valid(await papers_of(SUBJECT, row["id"]), paper_kind(kind)))
    return pdf_file(await archive.opened(paper["archive_key"], paper["sha256"]), f"{kind.label}{number}")


@get("/me/agreements/{number:str}/large-print.pdf", guards=[_ME], name="me:agreement-large-print")
async def own_large_print(request: StationRequest, number: FromPath[str]) -> Response:
    """The same text in large letters, made when it is first asked for; 404 before the agreement was printed."""
    row = found(await queries.own_agreement(request.actor.seeker_id or 0, number))
    kind = AgreementType(row["type"])
    found(_valid(await papers_of(SUBJECT, row["id"]), paper_kind(kind)))
    body = await issued_pdf(
        request,
        kind=PaperKind.LARGE_PRINT,
        number=number,
        subject=SUBJECT,
        subject_id=row["id"],
        station_id=row["station"],
        paper=await large_print(row),
    )
    return pdf_file(body, f"{kind.label}{number}大字版")


def _valid(issued: list[dict[str, Any]], kind: PaperKind) -> dict[str, Any] | None:
    return next((each for each in issued if each["kind"] == kind.value and each["voided_at"] is None), None)


@get("/me/agreements/{number:str}/signed", guards=[_ME], name="me:agreement-signed")
async def own_scan(request: StationRequest, number: FromPath[str]) -> Response:
    """The newest scan of the signed paper, as a download."""
    row = found(await queries.own_agreement(request.actor.seeker_id or 0, number))
    scans = await agreements.scans_of(row["id"])
    scan = found(scans[0] if scans else None)
    kind = ScanType(scan["media_type"])
    headers = {
        "content-disposition": f'attachment; filename="{number}-signed.{kind.ending}"',
        "cache-control": "no-store",
        "content-security-policy": "sandbox",
    }
    return Response(await archive.opened(scan["archive_key"], scan["sha256"]), media_type=kind.value, headers=headers)


ROUTES = [own_agreements, own_agreement, own_paper, own_large_print, own_scan]
