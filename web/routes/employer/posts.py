"""One post of the employer's own: its way so far, what a reviewer marked, and what can be done with it."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from db.actions import appeals, endings
from db.actions import jobs as actions
from db.clock import today
from db.queries import own_posts as queries
from db.queries.jobs import opened_terms, reviews_of
from db.queries.own_candidates import opened_candidates, still_asked
from rules.codes import EndReason, FoundWhere, JobState, ReferralState
from rules.endings import DISPUTED_STATES, OVER_STATES
from rules.jobs import FIELD_LABELS, JobEvent, can
from rules.order_text import shown_fields
from rules.own_posts import STATE_SAYS
from rules.permissions import Permission
from web.forms.base import PageForm
from web.forms.employer import AppealForm, EndingForm, ExtensionForm, OutcomeForm, member
from web.guards import needs
from web.own_posts import own_page
from web.render import found
from web.request import StationRequest
from web.submission import submit

HERE = "/employer/jobs/{number:str}"
OWN = Permission.EMPLOYER_HOME

Act = Callable[[Any], Awaitable[Any]]


@get(HERE, guards=[needs(OWN)], name="employer:post")
async def one_post(request: StationRequest, number: FromPath[str]) -> Response:
    """The post: what its state means, what to correct, who waits for an answer, what was decided."""
    return await _post_page(request, await _own(request, number), PageForm())


@get(f"{HERE}/extension", guards=[needs(OWN)], name="employer:extend")
async def extension(request: StationRequest, number: FromPath[str]) -> Response:
    """How long, and why."""
    return await _asking(request, number, "extension", ExtensionForm())


@post(f"{HERE}/extension", guards=[needs(OWN)], name="employer:extended")
async def extended(request: StationRequest, number: FromPath[str]) -> Response:
    """A later last day; an expired post is renewed and reviewed again."""
    form, who = await ExtensionForm.posted(request), request.actor

    async def act(job: dict[str, Any]) -> None:
        dates = {"start_date": form.start_date.data, "end_date": form.end_date.data} if job["state"] == JobState.EXPIRED else {}
        await actions.extend_job(job["id"], form.valid_to.data, form.reason.data or "", actor=who, answers=form.answers, **dates)

    return await _told(request, number, "extension", form, act, "已保存新的有效期。到过期的岗位要重新审核。")


@get(f"{HERE}/ending", guards=[needs(OWN)], name="employer:end")
async def ending(request: StationRequest, number: FromPath[str]) -> Response:
    """Why nobody is needed any more."""
    return await _asking(request, number, "ending", EndingForm())


@post(f"{HERE}/ending", guards=[needs(OWN)], name="employer:ended")
async def ended(request: StationRequest, number: FromPath[str]) -> Response:
    """End the post before its last day."""
    form, who = await EndingForm.posted(request), request.actor

    async def act(job: dict[str, Any]) -> None:
        await endings.end_job(job["id"], member(EndReason, form.why.data), form.note.data or "", actor=who)

    return await _told(request, number, "ending", form, act, "已结束，不再公开。已经答应来的人还算数。")


@get(f"{HERE}/outcome", guards=[needs(OWN)], name="employer:report")
async def outcome(request: StationRequest, number: FromPath[str]) -> Response:
    """招到人了吗，从哪招到的."""
    return await _asking(request, number, "outcome", OutcomeForm())


@post(f"{HERE}/outcome", guards=[needs(OWN)], name="employer:reported")
async def reported(request: StationRequest, number: FromPath[str]) -> Response:
    """Keep what came of the post."""
    form, who = await OutcomeForm.posted(request), request.actor

    async def act(job: dict[str, Any]) -> None:
        where = member(FoundWhere, form.where.data)
        await endings.tell_outcome(job["id"], form.found.data, where, form.note.data or "", actor=who)

    return await _told(request, number, "outcome", form, act, "谢谢，已记下。")


@get(f"{HERE}/appeal", guards=[needs(OWN)], name="employer:appeal")
async def appeal(request: StationRequest, number: FromPath[str]) -> Response:
    """Why the rejection or the take-down is wrong."""
    return await _asking(request, number, "appeal", AppealForm())


@post(f"{HERE}/appeal", guards=[needs(OWN)], name="employer:appealed")
async def appealed(request: StationRequest, number: FromPath[str]) -> Response:
    """Object once; somebody who did not decide it answers."""
    form, who = await AppealForm.posted(request), request.actor

    async def act(job: dict[str, Any]) -> None:
        await appeals.ask_appeal(job["id"], form.reason.data or "", actor=who)

    return await _told(request, number, "appeal", form, act, "申诉已收到，由没有经手的人答复。")


@post(f"{HERE}/confirmation", guards=[needs(OWN)], name="employer:confirm")
async def confirmation(request: StationRequest, number: FromPath[str]) -> Response:
    """还在招: one tap."""
    who = request.actor
    return await _pressed(request, number, lambda job: endings.confirm_job(job["id"], actor=who), "好的，记下了：还在招。")


@post(f"{HERE}/pause", guards=[needs(OWN)], name="employer:pause")
async def pause(request: StationRequest, number: FromPath[str]) -> Response:
    """Off the board for a while."""
    who = request.actor
    return await _pressed(request, number, lambda job: actions.pause_job(job["id"], actor=who), "已暂停，零工看不到了。")


@post(f"{HERE}/resumption", guards=[needs(OWN)], name="employer:resume")
async def resumption(request: StationRequest, number: FromPath[str]) -> Response:
    """Back onto the board."""
    who = request.actor
    return await _pressed(request, number, lambda job: actions.resume_job(job["id"], actor=who), "已恢复招工。")


async def _own(request: StationRequest, number: str) -> dict[str, Any]:
    return found(await queries.own_post(request.actor.employer_id or 0, number))


async def _asking(request: StationRequest, number: str, name: str, form: PageForm) -> Response:
    job = await _own(request, number)
    return await own_page(request, f"employer/{name}.html", job=job, form=form, **await _standing(job, name))


async def _told(request: StationRequest, number: str, name: str, form: PageForm, act: Act, said: str) -> Response:
    """Do what the page asks for once; a refused form stands there again."""
    job = await _own(request, number)
    url = f"/employer/jobs/{job['number']}"
    if form.validate() and (saved := await submit(request, form, lambda: act(job), to=lambda _: url, said=said)):
        return saved
    return await own_page(request, f"employer/{name}.html", status=422, job=job, form=form, **await _standing(job, name))


async def _pressed(request: StationRequest, number: str, act: Act, said: str) -> Response:
    """Do what one button does; what a rule refuses stands above the post."""
    job, form = await _own(request, number), await PageForm.posted(request)
    url = f"/employer/jobs/{job['number']}"
    if saved := await submit(request, form, lambda: act(job), to=lambda _: url, said=said):
        return saved
    return await _post_page(request, await _own(request, number), form, status=422)


async def _standing(job: dict[str, Any], name: str) -> dict[str, Any]:
    """What a page says beside its form: the decision an appeal is about."""
    reviews = await reviews_of(job["id"]) if name == "appeal" else []
    return {"decision": reviews[0] if reviews else None, "renewing": job["state"] == JobState.EXPIRED, "today": today()}


async def _post_page(request: StationRequest, job: dict[str, Any], form: PageForm, *, status: int = 200) -> Response:
    state = JobState(job["state"])
    reviews, appeals_so_far = await reviews_of(job["id"]), await queries.appeals_of(job["id"])
    candidates = await opened_candidates(job)
    decided = reviews[0] if reviews and (job["returned"] or state in DISPUTED_STATES) else None
    return await own_page(
        request,
        "employer/post.html",
        status=status,
        job=job,
        form=form,
        labels=FIELD_LABELS,
        says=STATE_SAYS[state],
        shown=shown_fields(await opened_terms(job["id"], job["version"])),
        way=await queries.way_of(job),
        decided=decided,
        appeals=appeals_so_far,
        may_appeal=state in DISPUTED_STATES and not any(_answers(each, decided) for each in appeals_so_far),
        outcome=await queries.outcome_of(job["id"]),
        may_report=state in OVER_STATES and job["published_version"] is not None,
        waiting=sum(1 for card in candidates if card["state"] is ReferralState.WORKER_ACCEPTED),
        agreed=len(candidates),
        asked=await still_asked(job["id"]),
        can=lambda event: can(state, JobEvent(event)),
    )


def _answers(appeal: dict[str, Any], decided: dict[str, Any] | None) -> bool:
    """Whether this appeal is about the decision in force."""
    return decided is not None and appeal["asked_at"] >= decided["at"]


ROUTES = [
    one_post,
    extension,
    extended,
    ending,
    ended,
    outcome,
    reported,
    appeal,
    appealed,
    confirmation,
    pause,
    resumption,
]
