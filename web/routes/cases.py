"""Cases of claimed rights (法律维权): opened for somebody who worked, worked on step by step; unpaid work freezes the employer."""

from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.params import FromPath

from db.actions import complaints as actions
from db.queries import complaints as queries
from rules.codes import CaseKind, CaseState, PaperKind
from rules.complaints import CASE_STEPS
from rules.documents import Paper
from rules.errors import RuleBroken
from rules.journal_reading import without_contacts
from rules.permissions import Permission
from web.case_papers import dispute_record, legal_form
from web.corrections import corrected
from web.forms.complaints import CaseFilterForm, CaseForm, CaseStepForm, HandlerForm
from web.guards import needs
from web.papers import issued_pdf
from web.render import again, found, page, pdf_file
from web.request import StationRequest
from web.submission import submit

HOME = "/desk/cases"
_READ, _WORK = needs(Permission.CASES_READ), needs(Permission.CASES_WORK)


@get(HOME, guards=[_READ], name="cases:list")
async def all_cases(request: StationRequest) -> Response:
    """The cases in reach, newest first."""
    form = CaseFilterForm(request.query_params)
    wanted = queries.CaseFilter.of(request.query_params.get("state", "open"), form.kind.data or "", form.word.data or "")
    after = request.query_params.get("after", "")
    rows = await queries.cases_for(request.actor, wanted, after)
    kept = {"state": wanted.state, **{name: value for name, value in (("kind", wanted.kind), ("word", wanted.word)) if value}}
    here = f"{HOME}?{urlencode(kept)}"
    links = {"previous": here if after else "", "next": f"{here}&{urlencode({'after': rows.next})}" if rows.next else ""}
    return page(
        request,
        "cases/index.html",
        fragment="cases/_list.html",
        rows=rows.rows,
        links=links,
        wanted=wanted,
        states=queries.CASE_STATES,
    )


@get(HOME + "/new", guards=[_WORK], name="cases:new")
async def new_case(request: StationRequest) -> Response:
    """The form at the counter; `referral` in the address fills in the number of the slip."""
    number = request.query_params.get("referral", "")[:20]
    work = await queries.work_behind(request.actor.scope, number) if number else None
    known = {"since": work["pay_due_on"], "claim_fen": work["pay_due_fen"]} if work else {}
    return page(request, "cases/new.html", form=CaseForm(data={"referral": number, "kind": CaseKind.UNPAID.value, **known}), work=work)


@post(HOME, guards=[_WORK], name="cases:open")
async def open_case(request: StationRequest) -> Response:
    """Open the case; one of the same kind that is open for the same referral gets what was said added."""
    form = await CaseForm.posted(request)
    work = await queries.work_behind(request.actor.scope, form.referral.data) if form.referral.data else None
    if form.validate():
        if work is None:
            form.refuse(RuleBroken("没有找到这个推荐单号，请照推荐单核对。", "referral"))
        else:
            saved = await submit(request, form, lambda: _open(request, form, work), to=lambda number: f"{HOME}/{number}", said="已立案。")
            if saved is not None:
                return saved
    return again(request, "cases/new.html", form=form, work=work)


async def _open(request: StationRequest, form: CaseForm, work: dict[str, Any]) -> str:
    return await actions.open_case(
        station_id=request.actor.station_id or 0,
        kind=form.kind.chosen,
        employer_id=work["employer"],
        seeker_id=work["seeker"],
        referral_id=work["id"],
        placement_id=work["placement"],
        claim_fen=form.claim_fen.data,
        facts=form.facts.data or "",
        since=form.since.data,
        actor=request.actor,
    )


async def _sheet(request: StationRequest, row: dict[str, Any], **forms: Any) -> dict[str, Any]:
    opened = await queries.opened_case(row["id"])
    steps = [{**step, "words": without_contacts(step["words"])} for step in opened["steps"]]
    shown = {"legal_case": [row["id"]], "case_step": [step["id"] for step in steps]}
    return {
        "row": row,
        "corrected": await corrected(request.actor, shown, opened=True),
        "facts": without_contacts(opened["facts"]),
        "steps": steps,
        "form": CaseStepForm.about(CaseState(row["state"])),
        "handing": HandlerForm.about(await queries.case_workers(row["station"]), handler=str(row["handler"] or "")),
        "freezes": row["open"] and row["kind"] == CaseKind.UNPAID.value,
        **forms,
    }


@get(HOME + "/{number:str}", guards=[_READ], name="cases:one")
async def one_case(request: StationRequest, number: FromPath[str]) -> Response:
    """One case with everything that was done about it."""
    row = found(await queries.case_for(request.actor, number))
    return page(request, "cases/show.html", **await _sheet(request, row))


@post(HOME + "/{number:str}/steps", guards=[_WORK], name="cases:step")
async def step(request: StationRequest, number: FromPath[str]) -> Response:
    """Write down what was done and how far it is; appended, never changed."""
    row = found(await queries.case_for(request.actor, number))
    form = CaseStepForm.about(CaseState(row["state"]), await request.typed())
    if form.validate():
        to, recovered = CaseState(form.state.data), form.recovered_fen.data
        saved = await submit(
            request,
            form,
            lambda: actions.move_case(row["id"], to, form.words.data or "", recovered_fen=recovered, actor=request.actor),
            to=lambda _: f"{HOME}/{row['number']}",
            said="已记下。",
        )
        if saved is not None:
            return saved
    form.offer(CASE_STEPS.get(CaseState(row["state"]), ()))
    return again(request, "cases/show.html", **await _sheet(request, row, form=form))


@post(HOME + "/{number:str}/handler", guards=[_WORK], name="cases:handler")
async def hand_over(request: StationRequest, number: FromPath[str]) -> Response:
    """Say who works on the case from now on."""
    row = found(await queries.case_for(request.actor, number))
    form = HandlerForm.about(await queries.case_workers(row["station"]), await request.typed())
    if form.validate():
        saved = await submit(
            request,
            form,
            lambda: actions.give_case(row["id"], int(form.handler.data), actor=request.actor),
            to=lambda _: f"{HOME}/{row['number']}",
            said="承办人已记下。",
        )
        if saved is not None:
            return saved
    return again(request, "cases/show.html", **await _sheet(request, row, handing=form))


@get(HOME + "/{number:str}/form.pdf", guards=[_WORK], name="cases:form")
async def legal_form_pdf(request: StationRequest, number: FromPath[str]) -> Response:
    """法律咨询登记表 (P11) with everything done so far, to be signed and filed."""
    row = found(await queries.case_on_paper(request.actor.scope, number))
    return await _issued(request, PaperKind.LEGAL_FORM, row, await legal_form(request, row))


@get(HOME + "/{number:str}/dispute.pdf", guards=[_WORK], name="cases:dispute")
async def dispute_pdf(request: StationRequest, number: FromPath[str]) -> Response:
    """争议调处记录 (P29): parties and facts printed, the rest written and signed while both are there."""
    row = found(await queries.case_on_paper(request.actor.scope, number))
    return await _issued(request, PaperKind.DISPUTE_RECORD, row, await dispute_record(request, row))


async def _issued(request: StationRequest, kind: PaperKind, row: dict[str, Any], paper: Paper) -> Response:
    body = await issued_pdf(
        request,
        kind=kind,
        number=row["number"],
        subject="legal_case",
        subject_id=row["id"],
        station_id=row["station"],
        paper=paper,
    )
    return pdf_file(body, f"{kind.label}{row['number']}")


ROUTES = [all_cases, new_case, open_case, one_case, step, hand_over, legal_form_pdf, dispute_pdf]
