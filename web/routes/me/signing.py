"""A worker signs on the own phone, or looks up the code for the counter's screen, while a sitting is open."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from db.queries import me as queries
from db.queries.signing import last_sitting_of
from rules.codes import AgreementSide, SigningPlace
from rules.errors import RuleBroken
from rules.permissions import Permission
from rules.signing import SITTING_OVER
from web.forms.signing import SignatureForm
from web.guards import needs
from web.own_pages import own, own_page
from web.render import found
from web.request import StationRequest
from web.signing_pages import own_signing, save_signature

_ME = needs(Permission.ME)
_HERE = "/me/agreements/{number:str}/signature"


async def _show(request: StationRequest, row: dict[str, Any], form: SignatureForm, status: int = 200) -> Response:
    shown = await own_signing(row, AgreementSide.WORKER)
    where = f"/me/agreements/{row['number']}"
    layout, paper = "layouts/phone.html", f"{where}/paper.pdf"
    answer = await own_page(
        request, "signing/own.html", await own(request), status=status, layout=layout, row=row, form=form, up=where, paper=paper, **shown
    )
    answer.headers["cache-control"] = "no-store"
    return answer


@get(_HERE, guards=[_ME], name="me:signature")
async def signature(request: StationRequest, number: FromPath[str]) -> Response:
    """The text, the own code, and the place to sign."""
    return await _show(request, found(await queries.own_agreement(request.actor.seeker_id or 0, number)), SignatureForm())


@post(_HERE, guards=[_ME], name="me:sign")
async def sign(request: StationRequest, number: FromPath[str]) -> Response:
    """Sign with the code that the counter's screen shows."""
    row = found(await queries.own_agreement(request.actor.seeker_id or 0, number))
    form, sitting = await SignatureForm.posted(request), await last_sitting_of(row["id"])
    if sitting is None:
        raise RuleBroken(SITTING_OVER)
    where = f"/me/agreements/{number}/signature"
    answer = await save_signature(request, row, sitting, AgreementSide.WORKER, form, place=SigningPlace.PHONE, to=where)
    return answer or await _show(request, row, form, 422)


ROUTES = [signature, sign]
