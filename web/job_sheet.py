"""One post as the desk shows it: masked contact, checks, versions, decisions; for the job and the review pages."""

from typing import Any

from litestar import Response

from db.clock import today
from db.queries import jobs as queries
from db.queries.employers import employer_facts, employer_in
from db.queries.orders import order_in
from db.queries.own_posts import appeals_of, confirmed_on, outcome_of
from db.queries.post_checks import post_hits
from db.queries.referrals import parts_given_on
from rules.codes import Channel, JobState
from rules.corrections import OVER_STATES, RECORDS
from rules.employers import reverify_due
from rules.jobs import FIELD_LABELS, JobEvent, can
from rules.lint import Hit
from rules.masking import mask_name, mask_phone
from rules.order_text import differences, field_text, shown_fields
from rules.pay import estimated_total, hourly_equivalent, pay_text
from rules.permissions import Permission
from rules.publication import is_stale
from rules.schedule import shift_of
from rules.terms import JobTerms
from web.corrections import corrected
from web.forms.checks import CheckSheet
from web.forms.employer import EndingForm, ExtensionForm, OutcomeForm
from web.forms.jobs import (
    PostVerificationForm,
    PublicationForm,
    ReleaseForm,
    SubmissionForm,
    TakedownForm,
    WithdrawalForm,
)
from web.render import again
from web.request import StationRequest

_LIVING = frozenset({JobState.DRAFT, JobState.SUBMITTED, JobState.IN_REVIEW, JobState.APPROVED})
"""States in which the checks are run anew for the page; later ones show what was kept."""


async def job_sheet(job: dict[str, Any], *, version: int | None = None) -> dict[str, Any]:
    """What the pages of one post show of a version (without one: of the latest), as template names."""
    number = version or job["version"]
    row = await queries.version_of(job["id"], number)
    if row is None:
        raise LookupError(number)
    terms = queries.opened_version(row)
    hits: list[Hit] = row["checks"]
    if number == job["version"] and JobState(job["state"]) in _LIVING:
        hits = await post_hits(job["employer"], terms, job_id=job["id"])
    return {
        "job": job,
        "labels": FIELD_LABELS,
        "version": row,
        "terms": terms,
        "shown": shown_fields(terms),
        "contact": (mask_name(terms.contact_name), mask_phone(terms.contact_phone) if terms.contact_phone else ""),
        "summary": summary_of(terms),
        "checks": CheckSheet(terms, hits, row["answers"], released=await queries.released_pairs(job["id"])),
        "facts": (facts := await employer_facts(job["employer"])),
        "employer_due": reverify_due(facts.state, facts.verified_until, today()),
        "versions": await queries.versions_of(job["id"]),
        "reviews": await queries.reviews_of(job["id"]),
        "releases": await queries.releases_of(job["id"]),
        "stale": is_stale(job["verified_on"], today()),
        "can": lambda event: can(JobState(job["state"]), JobEvent(event)),
        "channel_labels": [Channel.label_of(channel) for channel in job["channels"].split(",") if channel],
    }


def summary_of(terms: JobTerms) -> dict[str, str]:
    """The lines people ask about first: hours, pay with its hourly equivalent, place."""
    shift, hourly, total = shift_of(terms), hourly_equivalent(terms), estimated_total(terms)
    return {
        "hours": shift.label() if shift else ("住家" if terms.live_in else ""),
        "pay": pay_text(terms),
        "hourly": f"{hourly // 100}.{hourly % 100:02d}" if hourly else "",
        "total": f"{total[1] // 100}" if total else "",
        "place": "·".join(part for part in (field_text(terms, "subdistrict"), terms.landmark) if part),
    }


async def job_page_context(request: StationRequest, job: dict[str, Any], version: int | None = None) -> dict[str, Any]:
    """Everything of the job page, with a fresh form for each thing that may be done."""
    sheet = await job_sheet(job, version=version)
    employer = await employer_in(request.actor.scope, job["employer"])
    before = None
    if sheet["version"]["number"] > 1:
        before = differences(await queries.opened_terms(job["id"], sheet["version"]["number"] - 1), sheet["terms"])
    return {
        **sheet,
        "employer": employer,
        "changes": before or [],
        "corrected": await corrected(request.actor, {"job": [job["id"]]}),
        "correctable": RECORDS["job"].fields,
        "ended_post": job["state"] in OVER_STATES,
        "submission": SubmissionForm(),
        "verification": PostVerificationForm(),
        "publication": PublicationForm(),
        "withdrawal": WithdrawalForm(),
        "takedown": TakedownForm(),
        "release": ReleaseForm(),
        "extension": ExtensionForm(),
        "ending": EndingForm(),
        "outcome_form": OutcomeForm(),
        "outcome": await outcome_of(job["id"]),
        "appeals": await appeals_of(job["id"]),
        "confirmed_on": await confirmed_on(job["id"]),
        "slip_parts": await parts_given_on(request.actor.scope, today(), job["id"]),
        "order": await order_in(request.actor.scope, job["number"]) if request.actor.may(Permission.ORDERS_READ) else None,
    }


async def job_page_again(request: StationRequest, job: dict[str, Any], **forms: Any) -> Response:
    """The job page with a refused form in its place (422); answers that were typed stay in the checks."""
    context = {**await job_page_context(request, job), **forms}
    if "submission" in forms:
        old: CheckSheet = context["checks"]
        answers = {**old.answers, **forms["submission"].answers}
        context["checks"] = CheckSheet(old.terms, old.hits, answers, forms["submission"].answer_errors, old.released)
    return again(request, "jobs/show.html", **context)
