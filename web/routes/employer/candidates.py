"""Who agreed to come: masked until the employer says yes, too; the answer with a reason, and calling it off."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from db.actions import referrals as actions
from db.queries.own_candidates import opened_candidates, own_referral, still_asked
from db.queries.own_posts import own_post
from db.queries.places import places_left
from rules.codes import EmployerDecline, ReferralState
from rules.lint import marked_pieces
from rules.permissions import Permission
from rules.referrals import PROMISED_STATES, decline_reason_hits
from web.forms.base import PageForm
from web.forms.employer import CalledOffForm, CandidateAnswerForm, member
from web.guards import needs
from web.own_posts import own_page
from web.render import found
from web.request import StationRequest
from web.submission import submit

OWN = Permission.EMPLOYER_HOME


@get("/employer/jobs/{number:str}/candidates", guards=[needs(OWN)], name="employer:candidates")
async def candidates(request: StationRequest, number: FromPath[str]) -> Response:
    """The workers who agreed to come to this post."""
    return await _page(request, number)


@post("/employer/referrals/{number:str}/answer", guards=[needs(OWN)], name="employer:candidate-answer")
async def answer(request: StationRequest, number: FromPath[str]) -> Response:
    """Yes or no; a reason that discriminates is refused, marked, and noted for the station."""
    form, who = await CandidateAnswerForm.posted(request), request.actor

    async def act(referral: dict[str, Any]) -> None:
        if form.takes:
            await actions.employer_accepts(referral["id"], f"雇主本人（{who.name}）", actor=who)
            return
        code = member(EmployerDecline, form.employer_reason.data)
        note = form.employer_note.data or ""
        await actions.employer_declines(referral["id"], code, note, actor=who, answered_by=f"雇主本人（{who.name}）")

    said = "好的。电话在下面，请跟他说好几点、在哪里。" if form.takes else "记下了：不要这位。"
    return await _saved(request, number, form, act, said)


@post("/employer/referrals/{number:str}/cancellation", guards=[needs(OWN)], name="employer:candidate-cancel")
async def cancellation(request: StationRequest, number: FromPath[str]) -> Response:
    """Take a yes back, with the reason; the worker may ask for what the lost day cost."""
    form, who = await CalledOffForm.posted(request), request.actor

    async def act(referral: dict[str, Any]) -> None:
        await actions.cancel_by_employer(referral["id"], form.reason.data or "", actor=who)

    return await _saved(request, number, form, act, "记下了：不用这位了。请打电话跟他说一声，误了工的要商量补偿。")


async def _saved(
    request: StationRequest, number: str, form: PageForm, act: Callable[[dict[str, Any]], Awaitable[None]], said: str
) -> Response:
    """Find the referral among the employer's own, save once, come back to the list of its post."""
    referral = found(await own_referral(request.actor.employer_id or 0, number))
    url = f"/employer/jobs/{referral['job_number']}/candidates"
    if form.validate() and (saved := await submit(request, form, lambda: act(referral), to=lambda _: url, said=said)):
        return saved
    if form.marks:
        await actions.note_discrimination(referral["id"], form["employer_note"].data or "", actor=request.actor)
    return await _page(request, referral["job_number"], refused=(referral["number"], form))


async def _page(request: StationRequest, number: str, *, refused: tuple[str, PageForm] | None = None) -> Response:
    """Everybody who agreed: those who wait for an answer first, then those who come, then the rest."""
    job = found(await own_post(request.actor.employer_id or 0, number))
    cards = []
    for card in await opened_candidates(job):
        waits, held = card["state"] is ReferralState.WORKER_ACCEPTED, card["state"] in PROMISED_STATES
        form: PageForm = CalledOffForm() if held else CandidateAnswerForm()
        if refused and refused[0] == card["number"] and isinstance(refused[1], type(form)):
            form = refused[1]
        for one in form:  # every card has its own form on the page
            one.id = f"{one.id}-{card['number']}"
        note = form["employer_note"].data or "" if waits and form.marks else ""
        marked = marked_pieces(note, decline_reason_hits(note, "employer_note")) if note else []
        cards.append({**card, "waits": waits, "held": held, "form": form, "marked": marked})
    cards.sort(key=lambda card: (not card["waits"], not (card["held"] or card["visible"])))
    return await own_page(
        request,
        "employer/candidates.html",
        status=422 if refused else 200,
        job=job,
        cards=cards,
        form=refused[1] if refused else PageForm(),
        asked=await still_asked(job["id"]),
        places=await places_left(job["id"]),
    )


ROUTES = [candidates, answer, cancellation]
