"""The last days of a post at the desk, for an employer who called or came by (代办): prolong it, end it, what came of it."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Response, post
from litestar.params import FromPath

from db.actions import endings
from db.actions import jobs as actions
from db.queries.jobs import job_in
from rules.codes import EndReason, FoundWhere, JobState, VerifyMethod
from rules.permissions import Permission
from web.forms.base import PageForm
from web.forms.employer import EndingForm, ExtensionForm, OutcomeForm, member
from web.guards import needs
from web.job_sheet import job_page_again
from web.render import found
from web.request import StationRequest
from web.submission import submit

HOME = "/desk/jobs/{number:str}"


@post(f"{HOME}/extension", guards=[needs(Permission.JOBS_PUBLISH)], name="jobs:extend")
async def extension(request: StationRequest, number: FromPath[str]) -> Response:
    """A later last day, as the employer asked; having spoken with them counts as verification."""
    form, who = await ExtensionForm.posted(request), request.actor

    async def act(job: dict[str, Any]) -> None:
        dates = {"start_date": form.start_date.data, "end_date": form.end_date.data} if job["state"] == JobState.EXPIRED else {}
        method = member(VerifyMethod, form.method.data)
        why = form.reason.data or ""
        await actions.extend_job(job["id"], form.valid_to.data, why, actor=who, method=method, answers=form.answers, **dates)

    return await _step(request, number, "extension", form, act, "有效期已延长，已登记核实。")


@post(f"{HOME}/ending", guards=[needs(Permission.JOBS_PUBLISH)], name="jobs:end")
async def ending(request: StationRequest, number: FromPath[str]) -> Response:
    """The employer needs nobody any more."""
    form, who = await EndingForm.posted(request), request.actor

    async def act(job: dict[str, Any]) -> None:
        await endings.end_job(job["id"], member(EndReason, form.why.data), form.note.data or "", actor=who)

    return await _step(request, number, "ending", form, act, "已结束招工，没答复的推荐已作废。")


@post(f"{HOME}/outcome", guards=[needs(Permission.JOBS_PUBLISH)], name="jobs:outcome")
async def outcome(request: StationRequest, number: FromPath[str]) -> Response:
    """What the employer says came of the post."""
    form, who = await OutcomeForm.posted(request), request.actor

    async def act(job: dict[str, Any]) -> None:
        where = member(FoundWhere, form.where.data)
        await endings.tell_outcome(job["id"], form.found.data, where, form.note.data or "", actor=who)

    return await _step(request, number, "outcome_form", form, act, "已记下招工结果。")


async def _step(
    request: StationRequest, number: str, name: str, form: PageForm, act: Callable[[dict[str, Any]], Awaitable[Any]], said: str
) -> Response:
    """Find the post, do the step once, go back to its page; a refused form stands there again."""
    job = found(await job_in(request.actor.scope, number))
    url = f"/desk/jobs/{job['number']}"
    if form.validate() and (answer := await submit(request, form, lambda: act(job), to=lambda _: url, said=said)):
        return answer
    return await job_page_again(request, job, **{name: form})


ROUTES = [extension, ending, outcome]
