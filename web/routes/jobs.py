"""The demand at the counter: register it, change it, look it up, print its form."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from db.actions import jobs as actions
from db.actions.reveals import ORDER_FORM, note_opened
from db.clock import CHINA, today
from db.queries import jobs as queries
from db.queries.documents import station_on_paper
from db.queries.employers import EmployerFilter, employer_facts, employer_in, employers_of, opened_employer, opened_masks
from db.queries.post_checks import post_hits
from db.queries.wages import wage_hint
from rules.codes import JobState, PaperKind
from rules.documents import EMPLOYER_PLEDGE
from rules.jobs import FIELD_LABELS
from rules.order_form import job_order_form
from rules.permissions import Permission
from rules.publication import SEALED_FIELDS
from rules.terms import JobTerms
from rules.text import clean_line
from web.forms.checks import CheckSheet
from web.forms.jobs import JobFilterForm, OrderForm
from web.guards import needs
from web.job_sheet import job_page_context
from web.papers import issued_pdf, station_imprint
from web.render import again, found, page, pdf_file
from web.request import StationRequest
from web.submission import submit

HOME = "/desk/jobs"


@get(HOME, guards=[needs(Permission.JOBS_READ)], name="jobs:list")
async def jobs_page(request: StationRequest) -> Response:
    """Posts in the asker's reach, narrowed by state, trade and words."""
    form = JobFilterForm(request.query_params)
    wanted = queries.JobFilter(form.state.data, form.trade.data, form.word.data, form.outcome.data)
    listed = await queries.jobs_of(request.actor.scope, wanted, request.query_params.get("after", ""))
    return page(request, "jobs/index.html", fragment="jobs/_list.html", form=form, page=listed, today=today())


@get(f"{HOME}/new", guards=[needs(Permission.JOBS_REGISTER)], name="jobs:new")
async def registration(request: StationRequest) -> Response:
    """The form of a new demand; first the employer, when none is named."""
    asked = request.query_params.get("employer", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 19):
        word = clean_line(request.query_params.get("word", ""))[:20]
        employers = await employers_of(request.actor.scope, EmployerFilter(word=word))
        return page(request, "jobs/employer.html", fragment="jobs/_employers.html", page=employers, word=word)
    employer = found(await employer_in(request.actor.scope, int(asked)))
    form = OrderForm(data={"valid_to": today() + timedelta(days=15)})
    return page(request, "jobs/form.html", **await _desk(request, employer, form))


@post(HOME, guards=[needs(Permission.JOBS_REGISTER)], name="jobs:register")
async def register(request: StationRequest) -> Response:
    """Keep the demand as a draft, or hand it in for review at once (`then=submit`)."""
    employer = await _posted_employer(request)
    form = await OrderForm.posted(request)
    at_once = (await request.typed()).get("then") == "submit"

    async def act() -> actions.JobRef:
        ref = await actions.draft_job(employer["id"], form.terms(), source=form.post_source, actor=request.actor, answers=form.answers)
        if at_once:
            await actions.submit_job(ref.id, form.answers, actor=request.actor)
        return ref

    said = "已提交审核。" if at_once else "草稿已保存。"
    if form.validate() and (answer := await submit(request, form, act, to=lambda ref: f"{HOME}/{ref.number}", said=said)):
        return answer
    return again(request, "jobs/form.html", **await _desk(request, employer, form, checked=True))


@post(f"{HOME}/checks", guards=[needs(Permission.JOBS_REGISTER)], name="jobs:checks")
async def checks(request: StationRequest) -> Response:
    """What the rules say about the form as it stands, beside it; nothing is saved."""
    form = await OrderForm.posted(request)
    number = (await request.typed()).get("number", "")
    job = await queries.job_in(request.actor.scope, number) if number else None
    employer = await employer_in(request.actor.scope, job["employer"]) if job else await _posted_employer(request)
    context = await _desk(request, found(employer), form, job=job, checked=True)
    return page(request, "jobs/form.html", fragment="jobs/_checks.html", **context)


@get(f"{HOME}/{{number:str}}", guards=[needs(Permission.JOBS_READ)], name="jobs:show")
async def job_page(request: StationRequest, number: FromPath[str]) -> Response:
    """One post with what may be done; `?version=` shows an old version."""
    job = found(await queries.job_in(request.actor.scope, number))
    asked = request.query_params.get("version", "")
    version = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else None
    if version is not None and not 1 <= version <= job["version"]:
        found(None)
    return page(request, "jobs/show.html", **await job_page_context(request, job, version))


@get(f"{HOME}/{{number:str}}/edit", guards=[needs(Permission.JOBS_REGISTER)], name="jobs:edit")
async def edit(request: StationRequest, number: FromPath[str]) -> Response:
    """The form with what is stored; sealed fields stay empty, which keeps them."""
    job = found(await queries.job_in(request.actor.scope, number))
    version = found(await queries.version_of(job["id"], job["version"]))
    form = OrderForm.of(queries.opened_version(version), version["answers"])
    form.source.data = job["source"]
    employer = found(await employer_in(request.actor.scope, job["employer"]))
    return page(request, "jobs/form.html", **await _desk(request, employer, form, job=job, checked=True))


@post(f"{HOME}/{{number:str}}/edit", guards=[needs(Permission.JOBS_REGISTER)], name="jobs:revise")
async def revise(request: StationRequest, number: FromPath[str]) -> Response:
    """Keep the change as the next version; what matters sends a published post back to review."""
    job = found(await queries.job_in(request.actor.scope, number))
    form = await OrderForm.posted(request)
    at_once = (await request.typed()).get("then") == "submit" and job["state"] == JobState.DRAFT

    async def act() -> None:
        await actions.revise_job(job["id"], form.terms(), actor=request.actor, answers=form.answers)
        if at_once:
            await actions.submit_job(job["id"], form.answers, actor=request.actor)

    said = "已保存并提交审核。" if at_once else "修改已保存。"
    if form.validate() and (answer := await submit(request, form, act, to=lambda _: f"{HOME}/{job['number']}", said=said)):
        return answer
    employer = found(await employer_in(request.actor.scope, job["employer"]))
    return again(request, "jobs/form.html", **await _desk(request, employer, form, job=job, checked=True))


@get(f"{HOME}/{{number:str}}/form.pdf", guards=[needs(Permission.JOBS_REGISTER)], name="jobs:form")
async def order_form(request: StationRequest, number: FromPath[str]) -> Response:
    """招工用工登记表 (P4) of the latest version, to sign and file."""
    job = found(await queries.job_in(request.actor.scope, number))
    employer = found(await employer_in(request.actor.scope, job["employer"]))
    version = found(await queries.version_of(job["id"], job["version"]))
    await note_opened(ORDER_FORM, job["id"], actor=request.actor)
    station = station_imprint(await station_on_paper(job["station"]))
    opened = {**employer, **await opened_employer(job["employer"])}
    verify_url = f"{request.settings.public_url}/verify/{job['number']}"
    paper = job_order_form(station, opened, job, version, queries.opened_version(version), verify_url=verify_url)
    body = await issued_pdf(
        request,
        kind=PaperKind.JOB_ORDER,
        number=job["number"],
        subject="job",
        subject_id=job["id"],
        station_id=job["station"],
        paper=paper,
    )
    return pdf_file(body, f"招工用工登记表 {job['number']}")


async def _posted_employer(request: StationRequest) -> dict[str, Any]:
    asked = str((await request.typed()).get("employer", ""))
    known = asked.isascii() and asked.isdigit() and len(asked) < 19
    return found(await employer_in(request.actor.scope, int(asked)) if known else None)


async def _desk(
    request: StationRequest,
    employer: dict[str, Any],
    form: OrderForm,
    *,
    job: dict[str, Any] | None = None,
    checked: bool = False,
) -> dict[str, Any]:
    """The form with the checks of what was typed, today's posts and the marks of the last review."""
    terms, stored = form.terms(), None
    if job:
        stored = await queries.opened_terms(job["id"], job["version"])
        terms = replace(terms, **{name: getattr(terms, name) or getattr(stored, name) for name in SEALED_FIELDS})
    else:
        terms = replace(terms, contact_name=terms.contact_name or "经办人", contact_phone=terms.contact_phone or "经办人电话")
    hits = await post_hits(employer["id"], terms, job_id=job["id"] if job else None) if checked else []
    released = await queries.released_pairs(job["id"]) if job else set()
    reviews = await queries.reviews_of(job["id"]) if job else []
    returned = reviews[0] if reviews and job and job["state"] == JobState.DRAFT else None
    midnight = datetime.combine(today(), time(0), CHINA)
    return {
        "form": form,
        "pledge": EMPLOYER_PLEDGE,
        "labels": FIELD_LABELS,
        "job": job,
        "employer": employer,
        "facts": await employer_facts(employer["id"]),
        "masks": await opened_masks(employer),
        "stored": stored or JobTerms(),
        "checked": checked,
        "checks": CheckSheet(terms, hits, form.answers, form.answer_errors, released),
        "returned": returned,
        "wage_hint": await wage_hint(terms, employer["station"]),
        "registered": await queries.jobs_since(request.actor.scope, midnight),
    }


ROUTES = [jobs_page, registration, register, checks, job_page, edit, revise, order_form]
