"""The worker's own agreements: the text, the state, and the copy that must be in the worker's hands (LCL 16, 81)."""

from litestar import Response, get
from litestar.params import FromPath

from db import archive
from db.actions.agreements import SUBJECT
from db.queries import agreements
from db.queries import me as queries
from db.queries.documents import papers_of
from rules.agreement_drafts import preview
from rules.permissions import Permission
from rules.scans import ScanType
from web.guards import needs
from web.own_pages import own, own_page
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
    return await own_page(request, "me/agreements.html", seeker, rows=shown.rows, links=links)


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
        text=preview(draft.values, agreements.modules_of(row)),
        paper=next((each for each in issued if each["voided_at"] is None), None),
        scans=await agreements.scans_of(row["id"]),
    )


@get("/me/agreements/{number:str}/paper.pdf", guards=[_ME], name="me:agreement-paper")
async def own_paper(request: StationRequest, number: FromPath[str]) -> Response:
    """The printed agreement out of the archive; 404 when it was voided."""
    row = found(await queries.own_agreement(request.actor.seeker_id or 0, number))
    paper = found(next((each for each in await papers_of(SUBJECT, row["id"]) if each["voided_at"] is None), None))
    return pdf_file(await archive.opened(paper["archive_key"], paper["sha256"]), f"零工劳务协议{number}")


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


ROUTES = [own_agreements, own_agreement, own_paper, own_scan]
