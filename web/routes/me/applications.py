"""Applying for a post oneself (我要报名), and answering a referral with yes or no."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from db.actions import applications as actions
from db.actions.referrals import worker_accepts, worker_declines
from db.clock import now
from db.queries import me as queries
from db.queries import referrals
from db.queries.agreements import agreement_of_referral
from db.queries.board import places
from rules.applications import STATE_WORDS, told_to_worker, until_words
from rules.board import days_text, hours_text, pay_words, place_text
from rules.codes import SUBDISTRICTS, AgreementState, ConsentMethod, PaperKind, ReferralState, SeekerState, WorkerDecline
from rules.errors import RuleBroken
from rules.pay import pay_text
from rules.permissions import Permission, Role
from rules.referrals import OVER_STATES, RUNNING_STATES, ReferralEvent, can, consent_text
from web.forms.me import AnswerForm, ApplicationForm
from web.guards import needs, open_to_all
from web.own_pages import own, own_page
from web.papers import issued_pdf
from web.render import found, local, page, pdf_file
from web.request import StationRequest
from web.seeker_papers import referral_slip
from web.submission import submit

_ME = needs(Permission.ME)


def _about(post_row: dict[str, Any]) -> dict[str, Any]:
    return {
        "pay": pay_words(post_row),
        "days": days_text(post_row["start_date"], post_row["end_date"]),
        "hours": hours_text(post_row["start_time"], post_row["end_time"]),
        "place": place_text(SUBDISTRICTS.get(post_row["subdistrict"], ""), post_row["landmark"]),
    }


async def _application_page(request: StationRequest, post_row: dict[str, Any], form: ApplicationForm, status: int = 200) -> Response:
    seeker = await own(request)
    return await own_page(
        request,
        "me/apply.html",
        seeker,
        status=status,
        post=post_row,
        about=_about(post_row),
        words=consent_text(post_row["employer_label"], post_row["title"]),
        unseen=seeker["state"] == SeekerState.SUBMITTED.value,
        already=await queries.open_for_job(seeker["id"], post_row["id"]),
        form=form,
    )


@get("/jobs/{number:str}/application", guards=[open_to_all], name="me:application")
async def application(request: StationRequest, number: FromPath[str]) -> Response:
    """我要报名: what the worker agrees to; who is not signed in is shown the way to sign in or register, and back here."""
    post_row = found(await queries.post_to_apply(number))
    actor = request.signed_in
    if actor is not None and actor.role is Role.WORKER:
        return await _application_page(request, post_row, ApplicationForm())
    station = (await places()).stations.get(post_row["station"])
    return page(
        request,
        "me/before_applying.html",
        post=post_row,
        about=_about(post_row),
        here="jobs",
        station=station,
        back=f"/jobs/{number}",
        staff=actor is not None,
    )


@post("/jobs/{number:str}/application", guards=[_ME], name="me:apply")
async def apply(request: StationRequest, number: FromPath[str]) -> Response:
    """Apply for the post; a refusal says why in plain words."""
    post_row = found(await queries.post_to_apply(number))
    form = await ApplicationForm.posted(request)
    if form.validate():
        saved = await submit(
            request,
            form,
            lambda: actions.apply(post_row["id"], actor=request.actor),
            to=lambda ref: f"/me/referrals/{ref.number}",
            said="报名了。",
        )
        if saved is not None:
            return saved
    return await _application_page(request, post_row, form, 422)


async def _own_referral(request: StationRequest, number: str) -> dict[str, Any]:
    return found(await referrals.referral_of_seeker(request.actor.seeker_id or 0, number))


async def _referral_page(request: StationRequest, referral: dict[str, Any], form: AnswerForm, status: int = 200) -> Response:
    terms = await referrals.terms_of(referral)
    state: ReferralState = referral["state_now"]
    agreement = await agreement_of_referral(referral["id"])
    named = state is not ReferralState.APPLIED
    return await own_page(
        request,
        "me/referral.html",
        await own(request),
        status=status,
        referral=referral,
        terms=terms,
        pay=pay_text(terms),
        days=days_text(terms.start_date, terms.end_date),
        hours=hours_text(terms.start_time, terms.end_time),
        place=place_text(SUBDISTRICTS.get(terms.subdistrict, ""), terms.landmark),
        employer=referral["employer_name"] if named else referral["employer_label"],
        words=STATE_WORDS[state],
        until=until_words(local(referral["lapses_at"]), local(now())),
        consent_words=consent_text(referral["employer_name"], referral["title"]),
        may_accept=can(state, ReferralEvent.WORKER_ACCEPT),
        may_decline=can(state, ReferralEvent.WORKER_DECLINE),
        may_withdraw=referral["consent"] is not None and referral["consent_withdrawn_at"] is None,
        contacts=await referrals.opened_contacts(referral),
        slip=referral["contact_visible"] and state in RUNNING_STATES,
        agreement=agreement if agreement and agreement["state"] != AgreementState.DRAFT.value else None,
        form=form,
    )


@get("/me/referrals/{number:str}", guards=[_ME], name="me:referral")
async def referral(request: StationRequest, number: FromPath[str]) -> Response:
    """One referral: the work, what its state means, yes or no, and the employer's number once both said yes (10.4)."""
    return await _referral_page(request, await _own_referral(request, number), AnswerForm())


@post("/me/referrals/{number:str}/answer", guards=[_ME], name="me:answer")
async def answer(request: StationRequest, number: FromPath[str]) -> Response:
    """Yes with the consent that names the employer, or no with a reason; a yes is taken back in the same way."""
    row = await _own_referral(request, number)
    form = await AnswerForm.posted(request)
    who = request.actor
    code = WorkerDecline(form.worker_reason.data) if form.worker_reason.data in WorkerDecline._value2member_map_ else None

    async def act() -> None:
        try:
            if form.goes:
                await worker_accepts(row["id"], method=ConsentMethod.ONLINE, actor=who)
            else:
                await worker_declines(row["id"], code, form.worker_note.data or "", actor=who)
        except RuleBroken as broken:
            raise told_to_worker(broken) from broken

    if form.validate():
        said = "记下了：您去。驿站接着问雇主。" if form.goes else "记下了：您不去。"
        saved = await submit(request, form, act, to=lambda _: f"/me/referrals/{number}", said=said)
        if saved is not None:
            return saved
    return await _referral_page(request, await _own_referral(request, number), form, 422)


@get("/me/referrals/{number:str}/slip.pdf", guards=[_ME], name="me:slip")
async def slip(request: StationRequest, number: FromPath[str]) -> Response:
    """The worker's referral slip (P7), while both sides may see each other's contact data."""
    row = await _own_referral(request, number)
    if row["state_now"] in OVER_STATES:
        raise RuleBroken("这个活已经结束，不再打印推荐上岗单。")
    body = await issued_pdf(
        request,
        kind=PaperKind.REFERRAL_SLIP,
        number=row["number"],
        subject="referral",
        subject_id=row["id"],
        station_id=row["station"],
        paper=await referral_slip(request, row),
    )
    return pdf_file(body, f"推荐上岗单{row['number']}")


ROUTES = [application, apply, referral, answer, slip]
