"""At any counter of the district, the card in hand: enrolling a phone, revoking a lost one, seeing the card, printing the card."""

from typing import Any

import segno
from litestar import Response, get, post
from litestar.params import FromPath

from db.actions import devices as actions
from db.actions.seekers import see_identity
from db.clock import now
from db.queries import devices as queries
from db.queries.documents import station_on_paper
from db.queries.seekers import seeker_in
from rules.codes import PaperKind, SeekerState
from rules.documents import SeekerCard
from rules.errors import RuleBroken
from rules.permissions import Permission
from web.forms.devices import FindPersonForm, IdentitySeenForm, OfferForm, RevokeForm
from web.guards import needs
from web.papers import issued_pdf, station_imprint
from web.render import again, done, found, page, pdf_file
from web.request import StationRequest
from web.submission import submit


@get("/desk/phones", guards=[needs(Permission.SEEKERS_ENROL)], name="enrolment:find")
async def find_page(request: StationRequest) -> Response:
    """Finding somebody of any station who stands at this counter with the card."""
    return page(request, "enrolment/find.html", form=FindPersonForm(), rows=[], asked=False)


@post("/desk/phones", guards=[needs(Permission.SEEKERS_ENROL)], name="enrolment:search", status_code=200)
async def find(request: StationRequest) -> Response:
    """Whom a whole number means, masked; posted, so that it stands in no address. One hit by number leads on at once."""
    form = FindPersonForm(await request.typed())
    rows = await queries.people_meant(form.word.data or "") if form.validate() else []
    if len(rows) == 1:
        return done(request, f"/desk/seekers/{rows[0]['number']}/phone")
    return page(request, "enrolment/find.html", form=form, rows=rows, asked=True)


async def _person(request: StationRequest, number: str, **forms: Any) -> dict[str, Any]:
    person = found(await queries.person_for_enrolment(number))
    if person["state"] in queries.OVER:
        found(None)
    account = await queries.account_of_seeker(person["id"])
    return {
        "person": person,
        "account": account,
        "devices": await queries.devices_of(account["id"]) if account else [],
        "unseen": person["state"] == SeekerState.SUBMITTED.value,
        "own": person["station"] == request.actor.station_id,
        "where": f"/desk/seekers/{person['number']}",
        "offer": forms.get("offer") or OfferForm(),
        "identity": forms.get("identity") or IdentitySeenForm(),
        "revoke": forms.get("revoke") or RevokeForm(),
        "form": next(iter(forms.values()), None) or OfferForm(),
    }


@get("/desk/seekers/{number:str}/phone", guards=[needs(Permission.SEEKERS_ENROL)], name="enrolment:phone")
async def phone_page(request: StationRequest, number: FromPath[str]) -> Response:
    """A seeker of any station of the district, masked: the card, the QR for the phone, the phones there are."""
    return page(request, "enrolment/phone.html", **await _person(request, number))


@post("/desk/seekers/{number:str}/phone", guards=[needs(Permission.SEEKERS_ENROL)], name="enrolment:offer")
async def offer(request: StationRequest, number: FromPath[str]) -> Response:
    """Show a QR for this seeker's phone; forgotten PINs are set anew the same way."""
    shown = await _person(request, number)
    form = await OfferForm.posted(request)
    if form.validate():
        saved = await submit(
            request,
            form,
            lambda: actions.offer_device(shown["person"]["id"], actor=request.actor),
            to=lambda ticket: f"{shown['where']}/phone/{ticket.id}",
        )
        if saved is not None:
            return saved
    return again(request, "enrolment/phone.html", **await _person(request, number, offer=form))


@get("/desk/seekers/{number:str}/phone/{ticket_id:int}", guards=[needs(Permission.SEEKERS_ENROL)], name="enrolment:ticket")
async def ticket_page(request: StationRequest, number: FromPath[str], ticket_id: FromPath[int]) -> Response:
    """The QR and its two digits, and what has become of it; only for whoever offered it."""
    person = found(await queries.person_for_enrolment(number))
    ticket = found(await queries.ticket_of(ticket_id, person["id"], request.actor))
    outcome = queries.outcome_of(ticket, now())
    url = f"{request.settings.public_url}/enrol/{queries.ticket_token(ticket_id)}"
    code = segno.make(url, error="m", micro=False).png_data_uri(scale=6, border=3) if outcome == "waiting" else ""
    left = max(0, int((ticket["expires_at"] - now()).total_seconds()))
    return page(
        request,
        "enrolment/ticket.html",
        fragment="enrolment/_ticket.html",
        person=person,
        ticket=ticket,
        outcome=outcome,
        code=code,
        left=left,
        where=f"/desk/seekers/{person['number']}",
    )


@post("/desk/seekers/{number:str}/devices/{handle:str}/revocation", guards=[needs(Permission.SEEKERS_ENROL)], name="enrolment:revoke")
async def revoke(request: StationRequest, number: FromPath[str], handle: FromPath[str]) -> Response:
    """A phone that is lost or somebody else's: ended at once, for the person who stands here with the card."""
    shown = await _person(request, number)
    account = found(shown["account"])
    form = await RevokeForm.posted(request)
    if form.validate():
        saved = await submit(
            request,
            form,
            lambda: actions.revoke_device(handle, account["id"], reason=form.reason.data, by_proxy=True, actor=request.actor),
            to=lambda _: f"{shown['where']}/phone",
            said="这部手机已停用。",
        )
        if saved is not None:
            return saved
    return again(request, "enrolment/phone.html", **await _person(request, number, revoke=form))


@post("/desk/seekers/{number:str}/identity-seen", guards=[needs(Permission.SEEKERS_ENROL)], name="enrolment:identity-seen")
async def identity_seen(request: StationRequest, number: FromPath[str]) -> Response:
    """The card of a self-registration was seen, here or at any other station: from now on it counts."""
    shown = await _person(request, number)
    form = await IdentitySeenForm.posted(request)
    if form.validate():
        saved = await submit(
            request,
            form,
            lambda: see_identity(shown["person"]["id"], id_number=form.id_number.data, actor=request.actor),
            to=lambda _: shown["where"] if shown["own"] else f"{shown['where']}/phone",
            said="证件已核对，可以推荐岗位了。",
        )
        if saved is not None:
            return saved
    return again(request, "enrolment/phone.html", **await _person(request, number, identity=form))


@get("/desk/seekers/{number:str}/card.pdf", guards=[needs(Permission.SEEKERS_READ)], name="enrolment:card")
async def card(request: StationRequest, number: FromPath[str]) -> Response:
    """The card of a seeker of this station: number and QR, no name, for people without a phone and for finding them fast."""
    seeker = found(await seeker_in(request.actor.scope, number))
    if seeker["state"] in queries.OVER:
        raise RuleBroken("这份登记已经注销，不能打印求职卡。")
    paper = SeekerCard(
        station=station_imprint(await station_on_paper(seeker["station"])), number=seeker["number"], created=seeker["created_at"]
    )
    body = await issued_pdf(
        request,
        kind=PaperKind.SEEKER_CARD,
        number=seeker["number"],
        subject="seeker",
        subject_id=seeker["id"],
        station_id=seeker["station"],
        paper=paper,
    )
    return pdf_file(body, f"求职卡{seeker['number']}")


ROUTES = [find_page, find, phone_page, offer, ticket_page, revoke, identity_seen, card]
