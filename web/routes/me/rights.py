"""My data and my rights over them (PIPL arts 15-17, 44-50): who looked, what I agreed to, a copy, corrections, leaving."""

import json

from litestar import Response, get, post
from litestar.params import FromPath

from db.actions import rights as actions
from db.actions.referrals import withdraw_consent
from db.clock import today
from db.queries import me as queries
from db.queries import referrals
from db.queries import rights as asked
from db.queries.reveals import looks_at
from rules.codes import ConsentMethod, RightsKind, RightsState, SeekerState
from rules.errors import RuleBroken
from rules.permissions import Permission
from rules.referrals import ReferralEvent, can
from rules.rights import CLOSE_CONSEQUENCES, due_on
from rules.seekers import ConsentPurpose
from web.forms.base import PageForm
from web.forms.me import REPLYING, ClosingForm, RequestBackForm, RequestForm, WithdrawalForm
from web.guards import needs
from web.my_data import TAKEN, gathered, noted_once, own_copy_pdf, sections_of
from web.own_pages import own, own_page
from web.render import done, found, pdf_file
from web.request import StationRequest
from web.submission import submit

_ME = needs(Permission.ME)


@get("/me/looks", guards=[_ME], name="me:looks")
async def looks(request: StationRequest) -> Response:
    """谁看过我的信息: every look at my full data, by whom and what for; and which employers I allowed to have my contact."""
    seeker = await own(request)
    given = [row for row in await queries.own_consents(seeker["id"]) if row["purpose"] == ConsentPurpose.REFERRAL.value]
    return await own_page(request, "me/looks.html", seeker, looks=await looks_at("seeker", seeker["id"]), given=given)


@get("/me/data", guards=[_ME], name="me:data")
async def data(request: StationRequest) -> Response:
    """Everything kept about me on one page to read or print; numbers masked, in full in the copies to take along."""
    seeker = await own(request)
    sections = sections_of(await gathered(seeker, whole=False))
    return await own_page(request, "me/data.html", seeker, sections=sections, json_form=PageForm(), pdf_form=PageForm())


@post("/me/data.json", guards=[_ME], name="me:data-json", status_code=200)
async def data_json(request: StationRequest) -> Response:
    """Everything kept about me as a file other software reads (PIPL art. 45); noted in the journal before it is handed out."""
    seeker = await own(request)
    body = json.dumps(await gathered(seeker, whole=True), ensure_ascii=False, indent=1)
    form = await PageForm.posted(request)
    if not await noted_once(request, form, lambda: actions.note_copied(seeker["id"], "JSON", actor=request.actor)):
        return done(request, "/me/data", TAKEN)
    headers = {"cache-control": "no-store", "content-disposition": f'attachment; filename="{seeker["number"]}.json"'}
    return Response(body.encode(), media_type="application/json", headers=headers)


@post("/me/data.pdf", guards=[_ME], name="me:data-pdf", status_code=200)
async def data_pdf(request: StationRequest) -> Response:
    """The same as a printed copy."""
    seeker = await own(request)
    body = await own_copy_pdf(request, seeker)
    form = await PageForm.posted(request)
    if not await noted_once(request, form, lambda: actions.note_copied(seeker["id"], "PDF", actor=request.actor)):
        return done(request, "/me/data", TAKEN)
    return pdf_file(body, f"我的信息{seeker['number']}")


async def _requests_page(request: StationRequest, form: RequestForm, status: int = 200) -> Response:
    seeker = await own(request)
    rows = [
        {**row, "details": await asked.opened_details(row["id"]), "form": RequestBackForm()}
        for row in await asked.requests_of(seeker["id"])
    ]
    if seeker["state_now"] is not SeekerState.RESTRICTED:
        form.kind.choices = [pair for pair in form.kind.choices if pair != REPLYING]
    return await own_page(
        request,
        "me/requests.html",
        seeker,
        status=status,
        rows=rows,
        kinds=RightsKind,
        states=RightsState,
        due=due_on(today()),
        form=form,
    )


@get("/me/requests", guards=[_ME], name="me:requests")
async def requests(request: StationRequest) -> Response:
    """What I asked for about my data, each with its last day for an answer, and a form to ask."""
    kind = request.query_params.get("kind", "")
    return await _requests_page(request, RequestForm(data={"kind": kind} if kind in RightsKind._value2member_map_ else None))


@post("/me/requests", guards=[_ME], name="me:ask")
async def ask(request: StationRequest) -> Response:
    """Ask: answered within 15 days."""
    seeker = await own(request)
    form = await RequestForm.posted(request)
    if form.validate():
        saved = await submit(
            request,
            form,
            lambda: actions.ask(seeker["id"], form.chosen, form.details.data or "", field=form.field.data or "", actor=request.actor),
            to=lambda _: "/me/requests",
            said=f"收到了，最迟{due_on(today()).month}月{due_on(today()).day}日答复您。",
        )
        if saved is not None:
            return saved
    return await _requests_page(request, form, 422)


@post("/me/requests/withdrawal", guards=[_ME], name="me:take-back")
async def take_back(request: StationRequest) -> Response:
    """Take a request back that was not answered yet."""
    seeker = await own(request)
    form = await RequestBackForm.posted(request)
    number = form.request.data or ""
    wanted = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0
    found(next((row for row in await asked.requests_of(seeker["id"]) if row["id"] == wanted), None))
    saved = await submit(
        request, form, lambda: actions.take_back(seeker["id"], wanted, actor=request.actor), to=lambda _: "/me/requests", said="已撤回。"
    )
    if saved is None:
        raise RuleBroken(form.refusals[0] if form.refusals else "没有保存，请刷新页面再试。")
    return saved


@get("/me/consents", guards=[_ME], name="me:consents")
async def consents(request: StationRequest) -> Response:
    """Everything I agreed to, in the words of that time, and how to take it back."""
    seeker = await own(request)
    return await own_page(request, "me/consents.html", seeker, rows=await queries.own_consents(seeker["id"]), methods=ConsentMethod)


async def _withdrawal_page(request: StationRequest, number: str, form: WithdrawalForm, status: int = 200) -> Response:
    seeker = await own(request)
    row = found(await referrals.referral_of_seeker(seeker["id"], number))
    found(row["consent"])
    ends = can(row["state_now"], ReferralEvent.CONSENT_WITHDRAWN)
    gone = row["consent_withdrawn_at"]
    return await own_page(request, "me/withdrawal.html", seeker, status=status, referral=row, ends=ends, gone=gone, form=form)


@get("/me/consents/{number:str}", guards=[_ME], name="me:consent")
async def consent(request: StationRequest, number: FromPath[str]) -> Response:
    """What follows when I take back the consent that names this employer."""
    return await _withdrawal_page(request, number, WithdrawalForm())


@post("/me/consents/{number:str}/withdrawal", guards=[_ME], name="me:withdraw")
async def withdraw(request: StationRequest, number: FromPath[str]) -> Response:
    """Take the consent back: nothing goes to this employer any more, the referral ends while nothing is signed."""
    row = found(await referrals.referral_of_seeker(request.actor.seeker_id or 0, number))
    form = await WithdrawalForm.posted(request)
    if form.validate():
        saved = await submit(
            request,
            form,
            lambda: withdraw_consent(row["id"], actor=request.actor),
            to=lambda _: f"/me/referrals/{number}",
            said="撤回了。您的联系方式不再给这个雇主看。",
        )
        if saved is not None:
            return saved
    return await _withdrawal_page(request, number, form, 422)


async def _closing_page(request: StationRequest, form: ClosingForm, status: int = 200) -> Response:
    seeker = await own(request)
    over = seeker["state_now"] in (SeekerState.CLOSED, SeekerState.ANONYMISED)
    return await own_page(request, "me/closing.html", seeker, status=status, consequences=CLOSE_CONSEQUENCES, over=over, form=form)


@get("/me/closing", guards=[_ME], name="me:closing")
async def closing(request: StationRequest) -> Response:
    """What follows when I withdraw the consent to my registration and have my data deleted."""
    return await _closing_page(request, ClosingForm())


@post("/me/closing", guards=[_ME], name="me:close")
async def close(request: StationRequest) -> Response:
    """Withdraw, close, delete: nothing is used from now on (PIPL arts 15, 47)."""
    seeker = await own(request)
    form = await ClosingForm.posted(request)
    if form.validate():
        saved = await submit(
            request,
            form,
            lambda: actions.close(seeker["id"], actor=request.actor, reason=form.reason.data or ""),
            to=lambda _: "/me",
            said="已注销。从现在起不再使用您的信息。",
        )
        if saved is not None:
            return saved
    return await _closing_page(request, form, 422)


ROUTES = [looks, data, data_json, data_pdf, requests, ask, take_back, consents, consent, withdraw, closing, close]
