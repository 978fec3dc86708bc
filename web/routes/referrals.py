"""Referrals (推荐): who fits a post, proposing, both answers, the slip, and how it ends."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.params import FromPath

from db.actions import referrals as actions
from db.actions.reveals import SLIP, note_opened
from db.clock import today
from db.queries import referrals as queries
from db.queries.agreements import agreement_of_referral
from db.queries.followups import calls_about
from db.queries.jobs import job_in
from db.queries.orders import station_taking
from db.queries.placements import placement_of_referral
from db.queries.places import places_left
from db.queries.pool import pool_seeker
from rules.ages import age_band
from rules.board import days_text, hours_text
from rules.codes import TRADES, ConsentMethod, EmployerDecline, PaperKind, ReferralState, WorkerDecline
from rules.errors import RuleBroken
from rules.identity import is_private_number
from rules.lint import marked_pieces
from rules.pay import pay_text
from rules.permissions import Permission
from rules.pool import asks_employer
from rules.referrals import OVER_STATES, ReferralEvent, can, consent_text, decline_reason_hits
from web.candidates import candidate_list
from web.corrections import corrected
from web.forms.base import PageForm
from web.forms.referrals import (
    CancellationForm,
    EmployerAnswerForm,
    NoShowForm,
    ProposeForm,
    ReferralFilterForm,
    WorkerAnswerForm,
)
from web.guards import needs
from web.papers import issued_pdf
from web.render import again, done, found, page, pdf_file
from web.request import StationRequest
from web.seeker_papers import referral_slip
from web.submission import submit

Act = Callable[[], Awaitable[Any]]


@get("/desk/referrals", guards=[needs(Permission.REFERRALS_READ)], name="referrals:list")
async def all_referrals(request: StationRequest) -> Response:
    """The station's referrals, newest first, narrowed by state and a word."""
    form = ReferralFilterForm(request.query_params)
    wanted = queries.ReferralFilter.of(form.state.data, form.word.data)
    after = request.query_params.get("after", "")
    rows = await queries.referrals_of(request.actor.scope, wanted, after)
    kept = {key: value for key, value in (("word", wanted.word), ("state", wanted.state)) if value}
    links = {
        "previous": f"/desk/referrals?{urlencode(kept)}" if after else "",
        "next": f"/desk/referrals?{urlencode({**kept, 'after': rows.next})}" if rows.next else "",
    }
    shown: dict[str, Any] = {"form": form, "rows": rows.rows, "links": links, "narrowed": bool(kept)}
    return page(request, "referrals/index.html", fragment="referrals/_list.html", **shown)


@get("/desk/jobs/{number:str}/candidates", guards=[needs(Permission.REFERRALS_PROPOSE)], name="referrals:candidates")
async def candidates(request: StationRequest, number: FromPath[str]) -> Response:
    """Who fits this post and why; a word finds anybody of the station. A phone that stands in the address is not looked up.

    With `district=1` the people of every station, masked: their own station asks them.
    """
    job = found(await job_in(request.actor.scope, number))
    word, district = _word(request.query_params.get("word", "")), request.query_params.get("district") == "1"
    look_up = not is_private_number(word)
    shown = await candidate_list(request, job, ProposeForm(), word, look_up=look_up, district=district)
    return page(request, "referrals/candidates.html", **shown)


@post("/desk/jobs/{number:str}/candidates", guards=[needs(Permission.REFERRALS_PROPOSE)], name="referrals:find", status_code=200)
async def find_candidate(request: StationRequest, number: FromPath[str]) -> Response:
    """The same page for what was typed into the search box: a phone is found without ever standing in an address."""
    job = found(await job_in(request.actor.scope, number))
    word = _word((await request.typed()).get("word", ""))
    if not is_private_number(word):
        query = f"?{urlencode({'word': word})}" if word else ""
        return done(request, f"/desk/jobs/{number}/candidates{query}")
    return page(request, "referrals/candidates.html", **await candidate_list(request, job, ProposeForm(), word))


def _word(typed: str) -> str:
    return " ".join(typed.split())[:40]


@post("/desk/jobs/{number:str}/referrals", guards=[needs(Permission.REFERRALS_PROPOSE)], name="referrals:propose")
async def propose(request: StationRequest, number: FromPath[str]) -> Response:
    """Propose one seeker for the post; what stands in the way is said on the same page."""
    job = found(await job_in(request.actor.scope, number))
    form = await ProposeForm.posted(request)
    if form.validate():
        seeker = await pool_seeker(form.seeker.data or "")
        if seeker is None:
            form.refuse(RuleBroken("全区没有这个编号的求职者，请核对编号。", "seeker"))
        else:
            saved = await submit(
                request,
                form,
                lambda: actions.propose(job["id"], seeker["id"], actor=request.actor),
                to=lambda ref: f"/desk/referrals/{ref.number}",
                said="已推荐，请在24小时内问零工去不去。",
            )
            if saved is not None:
                return saved
    return again(request, "referrals/candidates.html", **await candidate_list(request, job, form))


@get("/desk/referrals/{number:str}", guards=[needs(Permission.REFERRALS_READ)], name="referrals:one")
async def one_referral(request: StationRequest, number: FromPath[str]) -> Response:
    """The working page of a referral: what was proposed, what each side said, what comes next."""
    referral = found(await queries.referral_in(request.actor.scope, number))
    return page(request, "referrals/show.html", **await _working_page(request, referral))


async def _working_page(request: StationRequest, referral: dict[str, Any], **forms: PageForm) -> dict[str, Any]:
    terms = await queries.terms_of(referral)
    state: ReferralState = referral["state_now"]
    agreement = await agreement_of_referral(referral["id"])
    placement = await placement_of_referral(referral["id"])
    shown = {"referral": [referral["id"]], "placement": [placement["id"]] if placement else []}
    employer_form = forms.get("employer_form") or EmployerAnswerForm()
    note = employer_form["employer_note"].data or ""
    return {
        "referral": referral,
        "terms": terms,
        "trade": TRADES[terms.trade].label if terms.trade in TRADES else terms.trade,
        "pay": pay_text(terms),
        "when": days_text(terms.start_date, terms.end_date),
        "hours": hours_text(terms.start_time, terms.end_time),
        "band": age_band(referral["birth_date"], today()),
        "contacts": await queries.opened_contacts(referral),
        "consent_words": consent_text(referral["employer_name"], referral["title"]),
        "method": ConsentMethod.label_of(referral["consent_method"] or ""),
        "places": await places_left(referral["job"]),
        "asks_employer": asks_employer(request.actor.station_id, referral["station"], await station_taking(referral["job"])),
        "steps": await queries.steps_of(referral),
        "agreement": agreement,
        "placement": placement,
        "today": today(),
        "calls_due": await calls_about(request.actor.scope, placement["id"], today()) if placement else [],
        "corrected": await corrected(request.actor, shown),
        "worker_form": forms.get("worker_form") or WorkerAnswerForm(),
        "employer_form": employer_form,
        "cancellation_form": forms.get("cancellation_form") or CancellationForm(),
        "no_show_form": forms.get("no_show_form") or NoShowForm(),
        "marked": marked_pieces(note, decline_reason_hits(note, "employer_note")) if employer_form.marks else [],
        "possible": {event.value: can(state, event) for event in ReferralEvent},
        "form": next(iter(forms.values()), PageForm()),
    }


async def _saved(
    request: StationRequest, number: str, name: str, form: PageForm, act: Callable[[dict[str, Any]], Act], said: str
) -> Response:
    """Find the referral, save the answer once, come back to its page: fresh, or with what was refused."""
    referral = found(await queries.referral_in(request.actor.scope, number))
    if form.validate():
        where = f"/desk/referrals/{referral['number']}"
        saved = await submit(request, form, act(referral), to=lambda _: where, said=said)
        if saved is not None:
            return saved
    if form.marks:
        await actions.note_discrimination(referral["id"], form["employer_note"].data or "", actor=request.actor)
    fresh = found(await queries.referral_in(request.actor.scope, number))
    return again(request, "referrals/show.html", **await _working_page(request, fresh, **{name: form}))


@post("/desk/referrals/{number:str}/worker-answer", guards=[needs(Permission.REFERRALS_PROPOSE)], name="referrals:worker-answer")
async def worker_answer(request: StationRequest, number: FromPath[str]) -> Response:
    """The worker goes (with a consent of its own) or does not."""
    form = await WorkerAnswerForm.posted(request)
    who = request.actor

    def act(referral: dict[str, Any]) -> Act:
        if form.goes:
            return lambda: actions.worker_accepts(referral["id"], method=ConsentMethod(form.method.data), actor=who)
        code = WorkerDecline(form.worker_reason.data) if form.worker_reason.data else None
        return lambda: actions.worker_declines(referral["id"], code, form.worker_note.data or "", actor=who)

    said = "已记下：零工同意去。请接着问雇主。" if form.goes else "已记下：零工不去。"
    return await _saved(request, number, "worker_form", form, act, said)


@post("/desk/referrals/{number:str}/employer-answer", guards=[needs(Permission.REFERRALS_PROPOSE)], name="referrals:employer-answer")
async def employer_answer(request: StationRequest, number: FromPath[str]) -> Response:
    """The employer takes the worker or does not; a discriminatory reason is refused and noted for the manager."""
    form = await EmployerAnswerForm.posted(request)
    who = request.actor

    def act(referral: dict[str, Any]) -> Act:
        by = form.answered_by.data or ""
        if form.takes:
            return lambda: actions.employer_accepts(referral["id"], by, actor=who)
        code = EmployerDecline(form.employer_reason.data) if form.employer_reason.data else None
        note = form.employer_note.data or ""
        return lambda: actions.employer_declines(referral["id"], code, note, actor=who, answered_by=by)

    said = "雇主同意了，双方的联系方式已显示。请打印推荐上岗单，再签协议。" if form.takes else "已记下：雇主不要。"
    return await _saved(request, number, "employer_form", form, act, said)


@post("/desk/referrals/{number:str}/cancellation", guards=[needs(Permission.REFERRALS_PROPOSE)], name="referrals:cancel")
async def cancellation(request: StationRequest, number: FromPath[str]) -> Response:
    """The employer cancelled after both had said yes."""
    form = await CancellationForm.posted(request)
    who = request.actor
    return await _saved(
        request,
        number,
        "cancellation_form",
        form,
        lambda referral: lambda: actions.cancel_by_employer(referral["id"], form.reason.data or "", actor=who),
        "已记下雇主取消。零工误了工的，可以帮他要求补偿。",
    )


@post("/desk/referrals/{number:str}/no-show", guards=[needs(Permission.REFERRALS_PROPOSE)], name="referrals:no-show")
async def no_show(request: StationRequest, number: FromPath[str]) -> Response:
    """The worker did not come."""
    form = await NoShowForm.posted(request)
    who = request.actor
    return await _saved(
        request,
        number,
        "no_show_form",
        form,
        lambda referral: lambda: actions.no_show(referral["id"], form.reason.data or "", actor=who),
        "已记下未到岗。名额空出来了，可以再推荐别人。",
    )


@get("/desk/referrals/{number:str}/slip.pdf", guards=[needs(Permission.REFERRALS_READ)], name="referrals:slip")
async def slip(request: StationRequest, number: FromPath[str]) -> Response:
    """The referral slip (P7), only while both sides may see each other's contact data."""
    referral = found(await queries.referral_in(request.actor.scope, number))
    if referral["state_now"] in OVER_STATES:
        raise RuleBroken("这次推荐已经结束，不再打印推荐上岗单。")
    paper = await referral_slip(request, referral)
    await note_opened(SLIP, referral["id"], actor=request.actor)
    body = await issued_pdf(
        request,
        kind=PaperKind.REFERRAL_SLIP,
        number=referral["number"],
        subject="referral",
        subject_id=referral["id"],
        station_id=referral["station"],
        paper=paper,
    )
    return pdf_file(body, f"推荐上岗单{referral['number']}")


ROUTES = [find_candidate, all_referrals, candidates, propose, one_referral, worker_answer, employer_answer, cancellation, no_show, slip]
