"""The steps of a post that are one button each: submit, verify, publish, pause, resume, withdraw, take down, release."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Response, post
from litestar.params import FromPath

from db.actions import jobs as actions
from db.queries import jobs as queries
from rules.codes import VerifyMethod
from rules.permissions import Permission
from web.forms.base import PageForm
from web.forms.jobs import (
    PostVerificationForm,
    PublicationForm,
    ReleaseForm,
    SubmissionForm,
    TakedownForm,
    WithdrawalForm,
)
from web.guards import needs
from web.job_sheet import job_page_again
from web.render import found
from web.request import StationRequest
from web.submission import submit

HOME = "/desk/jobs/{number:str}"


@post(f"{HOME}/submission", guards=[needs(Permission.JOBS_REGISTER)], name="jobs:submit")
async def submission(request: StationRequest, number: FromPath[str]) -> Response:
    """Hand a draft in; the checks refuse with their marks, warnings want an answer."""
    form = await SubmissionForm.posted(request)

    async def act(job_id: int) -> None:
        await actions.submit_job(job_id, form.answers, actor=request.actor)

    return await _step(request, number, "submission", form, act, "已提交，等同事审核。")


@post(f"{HOME}/verification", guards=[needs(Permission.JOBS_REGISTER)], name="jobs:verify")
async def verification(request: StationRequest, number: FromPath[str]) -> Response:
    """Note how the post was verified today."""
    form = await PostVerificationForm.posted(request)

    async def act(job_id: int) -> None:
        await actions.verify_job(job_id, VerifyMethod(form.method.data), actor=request.actor)

    return await _step(request, number, "verification", form, act, "已登记核实。")


@post(f"{HOME}/publication", guards=[needs(Permission.JOBS_PUBLISH)], name="jobs:publish")
async def publication(request: StationRequest, number: FromPath[str]) -> Response:
    """Put an approved post onto the board and its channels."""
    form = await PublicationForm.posted(request)

    async def act(job_id: int) -> None:
        await actions.publish_job(job_id, tuple(form.channels.data or ()), actor=request.actor)

    return await _step(request, number, "publication", form, act, "已发布，招工中。")


@post(f"{HOME}/pause", guards=[needs(Permission.JOBS_PUBLISH)], name="jobs:pause")
async def pause(request: StationRequest, number: FromPath[str]) -> Response:
    """Take the post off the board for a while."""
    form = await PageForm.posted(request)

    async def act(job_id: int) -> None:
        await actions.pause_job(job_id, actor=request.actor)

    return await _step(request, number, "pausing", form, act, "已暂停招工。")


@post(f"{HOME}/resumption", guards=[needs(Permission.JOBS_PUBLISH)], name="jobs:resume")
async def resumption(request: StationRequest, number: FromPath[str]) -> Response:
    """Put a paused post back onto the board."""
    form = await PageForm.posted(request)

    async def act(job_id: int) -> None:
        await actions.resume_job(job_id, actor=request.actor)

    return await _step(request, number, "resuming", form, act, "已恢复招工。")


@post(f"{HOME}/withdrawal", guards=[needs(Permission.JOBS_PUBLISH)], name="jobs:withdraw")
async def withdrawal(request: StationRequest, number: FromPath[str]) -> Response:
    """The employer needs nobody any more."""
    form = await WithdrawalForm.posted(request)

    async def act(job_id: int) -> None:
        await actions.withdraw_job(job_id, reason=form.reason.data or "", actor=request.actor)

    return await _step(request, number, "withdrawal", form, act, "已撤回。")


@post(f"{HOME}/takedown", guards=[needs(Permission.JOBS_TAKE_DOWN)], name="jobs:take-down")
async def takedown(request: StationRequest, number: FromPath[str]) -> Response:
    """Take the post down, with reason and legal basis; officers within their reach, too."""
    form = await TakedownForm.posted(request)

    async def act(job_id: int) -> None:
        reason, basis = form.composed()
        await actions.take_down_job(job_id, reason, basis, actor=request.actor)

    return await _step(request, number, "takedown", form, act, "已下架。")


@post(f"{HOME}/release", guards=[needs(Permission.JOBS_RELEASE)], name="jobs:release")
async def release(request: StationRequest, number: FromPath[str]) -> Response:
    """Release a false positive of the checks, with the reason."""
    form = await ReleaseForm.posted(request)

    async def act(job_id: int) -> None:
        words = form.words.data or ""
        await actions.release_hit(job_id, form.rule.data, words, form.reason.data, actor=request.actor)

    return await _step(request, number, "release", form, act, "已放行，原因已记录。")


async def _step(
    request: StationRequest,
    number: str,
    name: str,
    form: PageForm,
    act: Callable[[int], Awaitable[Any]],
    said: str,
) -> Response:
    """Find the post, do the step once, go back to its page; a refused form stands there again."""
    job = found(await queries.job_in(request.actor.scope, number))
    url = f"/desk/jobs/{job['number']}"
    if form.validate() and (answer := await submit(request, form, lambda: act(job["id"]), to=lambda _: url, said=said)):
        return answer
    return await job_page_again(request, job, **{name: form})


ROUTES = [submission, verification, publication, pause, resumption, withdrawal, takedown, release]
