"""An employer signs on the own phone, or looks up the code for the counter's screen; and the own copy once both have signed."""

from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from db import archive
from db.actions.agreements import SUBJECT
from db.queries.documents import papers_of
from db.queries.signing import agreement_of_employer, last_sitting_of
from rules.agreement_life import paper_kind
from rules.codes import SIGNED_STATES, AgreementSide, AgreementState, AgreementType, SigningPlace, SigningWay
from rules.errors import RuleBroken
from rules.permissions import Permission
from rules.signing import SITTING_OVER
from web.forms.signing import SignatureForm
from web.guards import needs
from web.own_posts import own_page
from web.render import found, pdf_file
from web.request import StationRequest
from web.signing_pages import own_signing, save_signature

_OWN = needs(Permission.EMPLOYER_HOME)
_HERE = "/employer/agreements/{number:str}"


async def _row(request: StationRequest, number: str) -> dict[str, Any]:
    return found(await agreement_of_employer(request.actor.employer_id or 0, number))


async def _show(request: StationRequest, row: dict[str, Any], form: SignatureForm, status: int = 200) -> Response:
    shown = await own_signing(row, AgreementSide.EMPLOYER)
    layout, paper = "employer/_frame.html", f"/employer/agreements/{row['number']}/paper.pdf"
    return await own_page(
        request, "signing/own.html", status=status, layout=layout, row=row, form=form, up="/employer", paper=paper, **shown
    )


@get(f"{_HERE}/signature", guards=[_OWN], name="employer:signature")
async def signature(request: StationRequest, number: FromPath[str]) -> Response:
    """The text, the own code, and the place to sign."""
    return await _show(request, await _row(request, number), SignatureForm())


@post(f"{_HERE}/signature", guards=[_OWN], name="employer:sign")
async def sign(request: StationRequest, number: FromPath[str]) -> Response:
    """Sign with the code that the counter's screen shows."""
    row, form = await _row(request, number), await SignatureForm.posted(request)
    sitting = await last_sitting_of(row["id"])
    if sitting is None:
        raise RuleBroken(SITTING_OVER)
    where = f"/employer/agreements/{number}/signature"
    answer = await save_signature(request, row, sitting, AgreementSide.EMPLOYER, form, place=SigningPlace.PHONE, to=where)
    return answer or await _show(request, row, form, 422)


@get(f"{_HERE}/paper.pdf", guards=[_OWN], name="employer:agreement-paper")
async def paper(request: StationRequest, number: FromPath[str]) -> Response:
    """The employer's own copy of what was signed on a screen; 404 before that, and once it is void."""
    row = await _row(request, number)
    if AgreementState(row["state"]) not in SIGNED_STATES or row["signed_way"] != SigningWay.SCREEN.value:
        raise NotFoundException()
    kind = paper_kind(AgreementType(row["type"])).value
    valid = (each for each in await papers_of(SUBJECT, row["id"]) if each["kind"] == kind and each["voided_at"] is None)
    kept = found(next(valid, None))
    return pdf_file(await archive.opened(kept["archive_key"], kept["sha256"]), f"协议{number}")


ROUTES = [signature, sign, paper]
