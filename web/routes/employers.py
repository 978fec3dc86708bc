"""Employers at the counter: register, verify, look up."""

from datetime import datetime, time
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from db.actions import employer_standing as standing
from db.actions import employers as actions
from db.clock import CHINA, today
from db.queries import employers as queries
from rules.codes import CreditState, VerifyMethod
from rules.employers import REVERIFY_NOTICE, CreditGround, check_id
from rules.errors import RuleBroken
from rules.identity import parse_phone
from rules.permissions import Permission
from web.employer_sheet import HOME, change_employer, employer_sheet
from web.forms.employers import (
    CreditForm,
    EmployerEditForm,
    EmployerFilterForm,
    EmployerForm,
    EmployerRejectionForm,
    EmployerVerificationForm,
)
from web.guards import needs
from web.render import again, found, page
from web.request import StationRequest
from web.submission import submit


@get(HOME, guards=[needs(Permission.EMPLOYERS_READ)], name="employers:list")
async def employers_page(request: StationRequest) -> Response:
    """Employers in the asker's reach, narrowed by state, credit and name."""
    form = EmployerFilterForm(request.query_params)
    due = form.state.data == "DUE"
    wanted = queries.EmployerFilter("" if due else form.state.data, form.credit.data, form.word.data, due)
    listed = await queries.employers_of(request.actor.scope, wanted, request.query_params.get("after", ""))
    return page(
        request,
        "employers/index.html",
        fragment="employers/_list.html",
        form=form,
        page=listed,
        today=today(),
        soon=today() + REVERIFY_NOTICE,
    )


@get(f"{HOME}/new", guards=[needs(Permission.EMPLOYERS_REGISTER)], name="employers:new")
async def registration(request: StationRequest) -> Response:
    """The registration form, today's employers beside it."""
    return page(request, "employers/new.html", form=EmployerForm(), **await _beside(request))


@post(HOME, guards=[needs(Permission.EMPLOYERS_REGISTER)], name="employers:register")
async def register(request: StationRequest) -> Response:
    """Register the employer, then go on to its demand; a known number leads to the employer that has it."""
    form = await EmployerForm.posted(request)
    if form.validate() and (
        answer := await submit(
            request,
            form,
            lambda: actions.register_employer(form.new_employer(), actor=request.actor),
            to=lambda id: f"{HOME}/{id}",
            said="雇主已登记，请核验证照，再登记招工。",
        )
    ):
        return answer
    return again(request, "employers/new.html", form=form, **await _beside(request, form))


@post(f"{HOME}/duplicates", guards=[needs(Permission.EMPLOYERS_REGISTER)], name="employers:duplicates")
async def duplicates(request: StationRequest) -> Response:
    """While typing: is the number right, and is this employer known already? Never in the address: numbers are personal."""
    form = await EmployerForm.posted(request)
    return page(
        request,
        "employers/new.html",
        fragment="employers/_duplicates.html",
        form=form,
        **await _beside(request, form),
    )


@get(f"{HOME}/{{employer_id:int}}", guards=[needs(Permission.EMPLOYERS_READ)], name="employers:show")
async def employer_page(request: StationRequest, employer_id: FromPath[int]) -> Response:
    """One employer with its verification, credit and posts."""
    employer = found(await queries.employer_in(request.actor.scope, employer_id))
    return page(request, "employers/show.html", **await employer_sheet(request, employer))


@post(f"{HOME}/{{employer_id:int}}/verification", guards=[needs(Permission.EMPLOYERS_VERIFY)], name="employers:verify")
async def verify(request: StationRequest, employer_id: FromPath[int]) -> Response:
    """Note how the employer was verified; valid for six months."""
    form = await EmployerVerificationForm.posted(request)
    return await change_employer(
        request,
        employer_id,
        "verification",
        form,
        lambda: actions.verify_employer(employer_id, VerifyMethod(form.method.data), seen=form.kinds, actor=request.actor),
        "雇主已核验。",
    )


@post(f"{HOME}/{{employer_id:int}}/rejection", guards=[needs(Permission.EMPLOYERS_VERIFY)], name="employers:reject")
async def reject(request: StationRequest, employer_id: FromPath[int]) -> Response:
    """The verification failed, with the reason."""
    form = await EmployerRejectionForm.posted(request)
    return await change_employer(
        request,
        employer_id,
        "rejection",
        form,
        lambda: actions.reject_employer(employer_id, form.reason.data, actor=request.actor),
        "已登记核验不通过。",
    )


@post(f"{HOME}/{{employer_id:int}}/credit", guards=[needs(Permission.EMPLOYERS_CREDIT)], name="employers:credit")
async def credit(request: StationRequest, employer_id: FromPath[int]) -> Response:
    """Watch, block or restore an employer, with the reason."""
    form = await CreditForm.posted(request)
    return await change_employer(
        request,
        employer_id,
        "credit",
        form,
        lambda: standing.set_credit(
            employer_id,
            CreditState(form.credit.data),
            form.reason.data,
            ground=form.ground.chosen or CreditGround.OTHER,
            legal_basis=form.legal_basis.data or "",
            actor=request.actor,
        ),
        "信用状态已改。",
    )


@get(f"{HOME}/{{employer_id:int}}/edit", guards=[needs(Permission.EMPLOYERS_REGISTER)], name="employers:edit")
async def editing(request: StationRequest, employer_id: FromPath[int]) -> Response:
    """The registration to be changed; numbers, address and people are not shown."""
    employer = found(await queries.employer_in(request.actor.scope, employer_id))
    return page(request, "employers/edit.html", employer=employer, form=EmployerEditForm(data=_shown_again(employer)))


@post(f"{HOME}/{{employer_id:int}}/edit", guards=[needs(Permission.EMPLOYERS_REGISTER)], name="employers:update")
async def update(request: StationRequest, employer_id: FromPath[int]) -> Response:
    """Save what changed; another name, number, representative or licence must be verified again."""
    employer = found(await queries.employer_in(request.actor.scope, employer_id))
    form = await EmployerEditForm.posted(request)
    form.kind.data = employer["kind"]
    if form.validate() and (
        answer := await submit(
            request,
            form,
            lambda: standing.update_employer(employer_id, form.new_employer(), form.why.data, actor=request.actor),
            to=lambda _: f"{HOME}/{employer_id}",
            said="雇主登记已改，改了什么、为什么都已记录。",
        )
    ):
        return answer
    return again(request, "employers/edit.html", employer=employer, form=form)


def _shown_again(employer: dict[str, Any]) -> dict[str, Any]:
    kept = ("kind", "name", "id_type", "authorisation", "industry", "agency", "dispatch", "licence_no", "name_public")
    return {name: employer[name] for name in kept}


async def _beside(request: StationRequest, form: EmployerForm | None = None) -> dict[str, Any]:
    """Today's list, and what is known about the typed numbers."""
    midnight = datetime.combine(today(), time(0), CHINA)
    beside: dict[str, Any] = {
        "registered": await queries.employers_since(request.actor.scope, midnight),
        "id_problem": "",
        "id_warning": "",
        "known": [],
    }
    if form is None:
        return beside
    if form.id_number.data:
        try:
            checked = check_id(form.kind_chosen, form.id_type.data or "", form.id_number.data, today=today())
        except RuleBroken as broken:
            beside["id_problem"] = broken.message
        else:
            beside["id_warning"] = checked.warning
            beside["known"] += [(True, row) for row in await queries.find_employers_by_id_number(checked.number)]
    if form.phone.data:
        try:
            phone = parse_phone(form.phone.data)
        except RuleBroken:
            return beside
        met = {row["id"] for _, row in beside["known"]}
        beside["known"] += [(False, row) for row in await queries.find_employers_by_phone(phone) if row["id"] not in met]
    return beside


ROUTES = [employers_page, registration, register, duplicates, employer_page, verify, reject, credit, editing, update]
