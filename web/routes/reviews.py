"""The review desk: the queue, one post with its marks, and the decisions."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from db.actions import jobs as actions
from db.clock import now
from db.queries import jobs as queries
from db.queries.employers import employer_in
from rules.codes import RejectReason
from rules.order_text import differences
from rules.permissions import Permission
from rules.publication import overdue
from web.forms.base import PageForm
from web.forms.jobs import PostVerificationForm
from web.forms.reviews import ApprovalForm, RejectionForm, ReturnForm
from web.guards import needs
from web.job_sheet import job_sheet
from web.render import again, found, page
from web.request import StationRequest
from web.submission import submit

HOME = "/desk/reviews"


@get(HOME, guards=[needs(Permission.JOBS_REVIEW)], name="reviews:queue")
async def queue(request: StationRequest) -> Response:
    """Posts that wait, the longest wait first."""
    rows = await queries.waiting_reviews(request.actor.scope)
    moment = now()
    for row in rows:
        waited = moment - (row["submitted_at"] or row["created_at"])
        row["waited"], row["overdue"] = _duration(int(waited.total_seconds() // 60)), overdue(moment - waited, moment)
    return page(request, "reviews/index.html", fragment="reviews/_queue.html", rows=rows, form=PageForm(), full=len(rows) == 100)


@get(f"{HOME}/{{number:str}}", guards=[needs(Permission.JOBS_REVIEW)], name="reviews:show")
async def review_page(request: StationRequest, number: FromPath[str]) -> Response:
    """One post with marked text, hits, differences and the forms to decide."""
    job = found(await queries.job_in(request.actor.scope, number))
    return page(request, "reviews/show.html", **await _sheet(request, job))


@post(f"{HOME}/{{number:str}}/taking", guards=[needs(Permission.JOBS_REVIEW)], name="reviews:take")
async def taking(request: StationRequest, number: FromPath[str]) -> Response:
    """Begin to review, or take over from a colleague; never one's own post."""
    form = await PageForm.posted(request)

    async def act(job_id: int) -> None:
        await actions.take_review(job_id, actor=request.actor)

    return await _decide(request, number, "taking", form, act, "由您审核了：核对右边的检查结果，再通过、退回或者驳回。", stay=True)


@post(f"{HOME}/{{number:str}}/approval", guards=[needs(Permission.JOBS_REVIEW)], name="reviews:approve")
async def approval(request: StationRequest, number: FromPath[str]) -> Response:
    """Pass the post; every warning must be ticked 已核实."""
    form = await ApprovalForm.posted(request)

    async def act(job_id: int) -> None:
        await actions.approve_job(job_id, form.confirmed, actor=request.actor)

    return await _decide(request, number, "approval", form, act, "审核通过，可以发布了。")


@post(f"{HOME}/{{number:str}}/return", guards=[needs(Permission.JOBS_REVIEW)], name="reviews:return")
async def returning(request: StationRequest, number: FromPath[str]) -> Response:
    """Give the post back with marked fields and the reason."""
    form = await ReturnForm.posted(request)

    async def act(job_id: int) -> None:
        await actions.return_job(job_id, form.notes, form.composed(), actor=request.actor)

    return await _decide(request, number, "returning", form, act, "已退回修改。")


@post(f"{HOME}/{{number:str}}/rejection", guards=[needs(Permission.JOBS_REVIEW)], name="reviews:reject")
async def rejection(request: StationRequest, number: FromPath[str]) -> Response:
    """Refuse the post for good."""
    form = await RejectionForm.posted(request)

    async def act(job_id: int) -> None:
        reason, basis = form.composed()
        await actions.reject_job(job_id, RejectReason(form.code.data), reason, basis, actor=request.actor)

    return await _decide(request, number, "rejection", form, act, "已驳回。")


async def _decide(
    request: StationRequest,
    number: str,
    name: str,
    form: PageForm,
    act: Callable[[int], Awaitable[Any]],
    said: str,
    *,
    stay: bool = False,
) -> Response:
    """Find the post, decide once, go on to its page; a refused form stands on the review page again."""
    job = found(await queries.job_in(request.actor.scope, number))
    url = f"{HOME if stay else '/desk/jobs'}/{job['number']}"
    if form.validate() and (answer := await submit(request, form, lambda: act(job["id"]), to=lambda _: url, said=said)):
        return answer
    return again(request, "reviews/show.html", **{**await _sheet(request, job), name: form})


async def _sheet(request: StationRequest, job: dict[str, Any]) -> dict[str, Any]:
    """The review page: the sheet of the latest version, what differs from the last decided one, fresh forms."""
    sheet = await job_sheet(job)
    before = await queries.last_decided_version(job["id"], job["version"])
    changed = differences(await queries.opened_terms(job["id"], before), sheet["terms"]) if before else []
    return {
        **sheet,
        "employer": found(await employer_in(request.actor.scope, job["employer"])),
        "before": before,
        "changes": {name: (old, new) for name, _, old, new in changed},
        "mine": job["state"] == "IN_REVIEW" and job["reviewer"] == request.actor.id,
        "own": sheet["version"]["author"] == request.actor.id,
        "taking": PageForm(),
        "approval": ApprovalForm(),
        "returning": ReturnForm(),
        "rejection": RejectionForm(),
        "verification": PostVerificationForm(),
    }


def _duration(minutes: int) -> str:
    """A wait as people say it."""
    if minutes < 60:
        return f"{max(0, minutes)}分钟"
    hours = minutes // 60
    return f"{hours}小时" if hours < 48 else f"{hours // 24}天"


ROUTES = [queue, review_page, taking, approval, returning, rejection]
