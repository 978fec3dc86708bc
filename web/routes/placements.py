"""Placements: who started where, with which evidence, how it ended, against the yearly target (art. 11, domain reference 8.2)."""

from datetime import date
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from db.actions import placements as actions
from db.clock import today
from db.queries import placements as queries
from db.queries.agreements import agreement_of_referral
from db.queries.documents import station_on_paper
from db.queries.jobs import job_in, job_terms
from db.queries.parameters import legal_parameters
from db.queries.referrals import given_on, parts_given_on, proved_referral_in
from rules.codes import EndedHow, PaperKind
from rules.numbers import sheet_number
from rules.parameters import ParameterMissing, whole
from rules.pay import pay_text
from rules.permissions import Permission
from rules.placements import WorkDone, counts_pieces, expected_minutes, pay_due, pay_due_day
from rules.referrals import ReferralEvent, can
from rules.terms import JobTerms
from web.corrections import corrected, with_corrections
from web.forms.placements import EndingForm, EndTogetherForm, EvidenceForm, PlacementForm, day_of, month_links, month_of, part_of
from web.guards import needs
from web.papers import issued_pdf
from web.render import again, found, page, pdf_file
from web.request import StationRequest
from web.seeker_papers import job_slips
from web.submission import submit


async def _target_of(month: date) -> int:
    """The target of a whole year, as in force at its end; 0 for a year before there was any."""
    try:
        return whole(await legal_parameters(), "annual_placement_target", min(month.replace(month=12, day=31), today()))
    except ParameterMissing:
        return 0


@get("/desk/placements", guards=[needs(Permission.PLACEMENTS_READ)], name="placements:list")
async def placements(request: StationRequest) -> Response:
    """A month of starts, each opening to its evidence, and the year beside its target. Officers see no names."""
    month = month_of(request.query_params.get("month", ""), today())
    named = request.actor.may(Permission.REFERRALS_READ)
    after = request.query_params.get("after", "")
    rows = await queries.placements_of(request.actor.scope, month, after, named=named)
    await with_corrections("placement", rows.rows)
    target = await _target_of(month)
    years = await queries.years_of_stations(request.actor.scope, month.year, target)
    base = f"/desk/placements?month={month:%Y-%m}"
    links = {"previous": base if after else None, "next": f"{base}&after={rows.next}" if rows.next else None}
    return page(
        request,
        "placements/index.html",
        rows=rows.rows,
        years=years,
        month=month,
        months=month_links(month),
        links=links,
        named=named,
        slip_parts=await parts_given_on(request.actor.scope, today()) if named and not after else 0,
    )


@get("/desk/referrals/{number:str}/placement", guards=[needs(Permission.PLACEMENTS_RECORD)], name="placements:new")
async def new_placement(request: StationRequest, number: FromPath[str]) -> Response:
    """The form for a start, or what was recorded."""
    referral = found(await proved_referral_in(request.actor.scope, number))
    return await _shown(request, referral, PlacementForm(data={"started_on": today()}))


@post("/desk/referrals/{number:str}/placement", guards=[needs(Permission.PLACEMENTS_RECORD)], name="placements:place")
async def place(request: StationRequest, number: FromPath[str]) -> Response:
    """Record the start; the place of the post is taken with it, once."""
    referral = found(await proved_referral_in(request.actor.scope, number))
    form = await PlacementForm.posted(request)
    answer = None
    if form.validate() and (started_on := form.started_on.data):
        answer = await submit(
            request,
            form,
            lambda: actions.place(referral["id"], form.evidence.chosen, started_on, form.note.data or "", actor=request.actor),
            to=lambda _: f"/desk/referrals/{number}/placement",
            said="已登记上岗，计入推荐成功就业人次。",
        )
    return answer or await _shown(request, referral, form, refused=True)


async def _shown(
    request: StationRequest,
    referral: dict[str, Any],
    form: PlacementForm | EvidenceForm,
    *,
    refused: bool = False,
) -> Response:
    show = again if refused else page
    placement = await queries.placement_of_referral(referral["id"])
    return show(
        request,
        "placements/new.html",
        referral=referral,
        form=form,
        placement=placement,
        corrected=await corrected(request.actor, _correctable(placement)),
        agreement=await agreement_of_referral(referral["id"]),
        ready=can(referral["state_now"], ReferralEvent.START),
        evidence_form=form if isinstance(form, EvidenceForm) else EvidenceForm(),
        terms=await job_terms(referral["job"], referral["job_version"]),
    )


def _correctable(placement: dict[str, Any] | None) -> dict[str, list[int]]:
    """The records a page about a start shows, whose values may have been corrected."""
    if placement is None:
        return {}
    return {"placement": [placement["id"]], "evidence": [proof["id"] for proof in placement["proofs"] if "id" in proof]}


@post("/desk/referrals/{number:str}/evidence", guards=[needs(Permission.PLACEMENTS_RECORD)], name="placements:evidence")
async def add_evidence(request: StationRequest, number: FromPath[str]) -> Response:
    """More evidence of the start, added to what is there."""
    referral = found(await proved_referral_in(request.actor.scope, number))
    placement = found(await queries.placement_of_referral(referral["id"]))
    form, answer = await EvidenceForm.posted(request), None
    if form.validate():
        answer = await submit(
            request,
            form,
            lambda: actions.add_evidence(placement["id"], form.evidence.chosen, form.note.data or "", actor=request.actor),
            to=lambda _: f"/desk/referrals/{number}/placement",
            said="已补充上岗依据。",
        )
    return answer or await _shown(request, referral, form, refused=True)


@get("/desk/referrals/{number:str}/ending", guards=[needs(Permission.PLACEMENTS_RECORD)], name="placements:ending")
async def ending(request: StationRequest, number: FromPath[str]) -> Response:
    """The form for the end of a work, with what the agreement suggests; or what was written down."""
    referral = found(await proved_referral_in(request.actor.scope, number))
    placement = found(await queries.placement_of_referral(referral["id"]))
    terms = await job_terms(referral["job"], referral["job_version"])
    last = min(today(), terms.end_date or today())
    last = max(last, placement["started_on"])
    minutes = expected_minutes(terms, placement["started_on"], last)
    hours = None if minutes is None else (minutes * 1000 + 30) // 60
    form = EndingForm(data={"ended_on": last, "hours": hours, "how": EndedHow.COMPLETED.value})
    return await _ending(request, referral, placement, terms, form)


@post("/desk/referrals/{number:str}/ending", guards=[needs(Permission.PLACEMENTS_RECORD)], name="placements:end")
async def end(request: StationRequest, number: FromPath[str]) -> Response:
    """Write the end down, once."""
    referral = found(await proved_referral_in(request.actor.scope, number))
    placement = found(await queries.placement_of_referral(referral["id"]))
    form, answer = await EndingForm.posted(request), None
    if form.validate() and (last := form.ended_on.data):
        answer = await submit(
            request,
            form,
            lambda: actions.end_placement(
                placement["id"],
                form.how.chosen,
                last,
                form.side.chosen,
                form.reason.data or "",
                form.minutes,
                form.pieces.data,
                form.pay_due.data,
                form.pay_due_on.data,
                actor=request.actor,
            ),
            to=lambda _: f"/desk/referrals/{number}/ending",
            said="已登记。请记得回访双方，付钱的日子一过就问工钱到手没有。",
        )
    if answer:
        return answer
    fresh = found(await queries.placement_of_referral(referral["id"]))
    return await _ending(request, referral, fresh, await job_terms(referral["job"], referral["job_version"]), form, refused=True)


async def _ending(
    request: StationRequest,
    referral: dict[str, Any],
    placement: dict[str, Any],
    terms: JobTerms,
    form: EndingForm,
    *,
    refused: bool = False,
) -> Response:
    """The page of an end: the agreed price, and what it comes to for the hours in the form."""
    last = form.ended_on.data
    done = WorkDone(placement["started_on"], last, form.minutes, form.pieces.data) if last else None
    show = again if refused else page
    return show(
        request,
        "placements/ending.html",
        referral=referral,
        placement=placement,
        corrected=await corrected(request.actor, _correctable(placement)),
        form=form,
        terms=terms,
        price=pay_text(terms),
        by_piece=counts_pieces(terms),
        suggested=pay_due(terms, done, EndedHow.COMPLETED) if done and done.ended_on >= done.started_on else None,
        suggested_day=pay_due_day(terms, last) if last else None,
        ready=can(referral["state_now"], ReferralEvent.COMPLETE),
    )


@get("/desk/jobs/{number:str}/endings", guards=[needs(Permission.PLACEMENTS_RECORD)], name="placements:endings")
async def endings(request: StationRequest, number: FromPath[str]) -> Response:
    """Everybody at work on a post, to be written down as done at once."""
    job = found(await job_in(request.actor.scope, number))
    running = await queries.running_on(job["id"])
    terms = await job_terms(job["id"], running[0]["job_version"] if running else None)
    last = min(today(), terms.end_date or today())
    minutes = expected_minutes(terms, min((row["started_on"] for row in running), default=last), last) if running else None
    form = EndTogetherForm(data={"ended_on": last, "hours": None if minutes is None else (minutes * 1000 + 30) // 60})
    form.who.data = [str(row["id"]) for row in running]
    return await _endings(request, job, form, running)


@post("/desk/jobs/{number:str}/endings", guards=[needs(Permission.PLACEMENTS_RECORD)], name="placements:end-together")
async def end_together(request: StationRequest, number: FromPath[str]) -> Response:
    """Write down that all chosen are done: each keeps its own row."""
    job = found(await job_in(request.actor.scope, number))
    form, answer = await EndTogetherForm.posted(request), None
    running = await queries.running_on(job["id"])
    form.who.choices = [(str(row["id"]), row["worker"]) for row in running]
    if form.validate() and (last := form.ended_on.data):
        chosen, why_late = [int(each) for each in form.who.data or []], form.reason.data or ""
        answer = await submit(
            request,
            form,
            lambda: actions.end_together(job["id"], chosen, last, form.minutes, form.pieces.data, why_late, actor=request.actor),
            to=lambda _: f"/desk/jobs/{number}/endings",
            said=f"已登记{len(chosen)}人完工，工钱按约定算。",
        )
    return answer or await _endings(request, job, form, running, refused=True)


async def _endings(
    request: StationRequest, job: dict[str, Any], form: EndTogetherForm, running: list[dict[str, Any]], *, refused: bool = False
) -> Response:
    show = again if refused else page
    terms = await job_terms(job["id"], running[0]["job_version"] if running else None)
    return show(
        request,
        "placements/endings.html",
        job=job,
        form=form,
        running=running,
        chosen=set(form.who.data or []),
        price=pay_text(terms),
        by_piece=counts_pieces(terms),
        terms=terms,
    )


@get("/desk/jobs/{number:str}/slips.pdf", guards=[needs(Permission.REFERRALS_READ)], name="placements:job-slips")
async def slips_of_post(request: StationRequest, number: FromPath[str]) -> Response:
    """The job slips (P22) of everybody given a place on this post today, or on the day asked for."""
    job = found(await job_in(request.actor.scope, number))
    day, part = day_of(request.query_params.get("day", ""), today()), part_of(request.query_params.get("part", ""))
    rows = await given_on(request.actor.scope, day, job["id"], part)
    sheet = _part_number(f"PD{day:%y%m%d}-{job['number']}", part)
    return await _slips(request, rows, sheet, ("job", job["id"]), job["station"], day)


@get("/desk/placements/slips.pdf", guards=[needs(Permission.REFERRALS_READ)], name="placements:slips")
async def slips_of_day(request: StationRequest) -> Response:
    """The job slips (P22) of everybody the station gave a place today, or on the day asked for."""
    station_id = request.actor.station_id or 0
    code = (await station_on_paper(station_id))["code"]
    day, part = day_of(request.query_params.get("day", ""), today()), part_of(request.query_params.get("part", ""))
    rows = await given_on(request.actor.scope, day, None, part)
    sheet = _part_number(sheet_number("PD", code, f"{day:%y%m%d}"), part)
    return await _slips(request, rows, sheet, ("station", station_id), station_id, day)


def _part_number(number: str, part: int) -> str:
    return number if part == 1 else f"{number}-{part}"


async def _slips(
    request: StationRequest, rows: list[dict[str, Any]], number: str, subject: tuple[str, int], station_id: int, day: date
) -> Response:
    paper = await job_slips(request, rows, number=number, station_id=station_id, day=day)
    body = await issued_pdf(
        request,
        kind=PaperKind.JOB_SLIPS,
        number=number,
        subject=subject[0],
        subject_id=subject[1],
        station_id=station_id,
        paper=paper,
    )
    return pdf_file(body, f"派工单{number}")


ROUTES = [
    placements,
    slips_of_day,
    slips_of_post,
    new_placement,
    place,
    add_evidence,
    ending,
    end,
    endings,
    end_together,
]
