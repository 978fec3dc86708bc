"""Complaints (投诉举报): anybody complains without an account and follows it with number and code; the desk answers.

What is about a station goes past it: on its pages such a complaint does not exist, only its manager sees how many there are.
"""

from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from db.actions import complaints as actions
from db.queries import complaints as queries
from rules.codes import ComplaintDecision, ComplaintKind, ComplaintRoute, ComplaintState
from rules.complaints import WORKING_DAYS_NOTE, ComplaintEvent, check_answers, events_of
from rules.errors import RuleBroken
from rules.journal_reading import without_contacts
from rules.masking import mask_phone
from rules.numbers import NumberKind, kind_of, normal
from rules.permissions import PUBLIC_ROLES, Actor, Permission, Reach
from web.corrections import corrected
from web.forms.complaints import (
    AccusedForm,
    CodeForm,
    ComplaintFilterForm,
    ComplaintStepForm,
    DeskComplaintForm,
    PublicComplaintForm,
    ReactionForm,
)
from web.guards import needs, open_to_all
from web.render import again, done, found, page
from web.request import StationRequest
from web.submission import submit

OPEN, DESK = "/complaints", "/desk/complaints"
_READ, _DECIDE = needs(Permission.COMPLAINTS_READ), needs(Permission.COMPLAINTS_DECIDE)
CLOSED_PAGE = "查询码不对。请看一看记下的6位数字；输错10次就不能再在网上查，请打驿站或者监督单位的电话问。"


def _person(request: StationRequest) -> Actor | None:
    """A signed-in worker or employer; staff who open the public page complain as nobody."""
    actor = request.signed_in
    return actor if actor is not None and actor.role in PUBLIC_ROLES else None


async def _public(request: StationRequest, form: PublicComplaintForm, answer: Any = page) -> Response:
    person = _person(request)
    own = [{**row, "form": ReactionForm()} for row in await queries.own_complaints(person.id)] if person else []
    shown: Response = answer(request, "complaints/new.html", form=form, own=own, note=WORKING_DAYS_NOTE, back=OPEN)
    shown.headers["cache-control"] = "no-store"
    return shown


@get(OPEN, guards=[open_to_all], name="complaints:public")
async def complain_page(request: StationRequest) -> Response:
    """The form for anybody; somebody signed in sees their own complaints with the replies. A number leads to its page."""
    if kind_of(number := normal(request.query_params.get("number", ""))) is NumberKind.COMPLAINT:
        return done(request, f"{OPEN}/{number}")
    chosen = request.query_params.get("station", "")
    return await _public(request, PublicComplaintForm.about(await queries.stations_to_name(), station=chosen))


@post(OPEN, guards=[open_to_all], name="complaints:complain")
async def complain(request: StationRequest) -> Response:
    """Keep it and show number and follow code, once."""
    form = PublicComplaintForm.about(await queries.stations_to_name(), await request.typed())

    async def act() -> tuple[str, str]:
        number = await actions.complain_online(
            form.station.data,
            ComplaintKind(form.kind.data),
            form.words.data or "",
            form.contact.data or "",
            past=bool(form.past.data),
            address=request.address,
            actor=_person(request),
        )
        return number, await queries.opened_follow_code(number)

    if form.validate():
        saved = await submit(request, form, act, to=lambda kept: f"{OPEN}/{kept[0]}", answer=lambda kept: _kept(request, *kept))
        if saved is not None:
            return saved
    return await _public(request, form, again)


def _kept(request: StationRequest, number: str, code: str) -> Response:
    shown = page(request, "complaints/kept.html", number=number, code=code, note=WORKING_DAYS_NOTE, back=OPEN)
    shown.headers["cache-control"] = "no-store"
    return shown


def _numbered(typed: str) -> str:
    """The number in its printed form; 404 for what no complaint can be called."""
    number = normal(typed)
    if kind_of(number) is not NumberKind.COMPLAINT:
        raise NotFoundException()
    return number


@get(OPEN + "/{number:str}", guards=[open_to_all], name="complaints:follow")
async def follow(request: StationRequest, number: FromPath[str]) -> Response:
    """Where the follow code is typed; whether there is such a complaint is not told."""
    return page(request, "complaints/code.html", form=CodeForm(), number=_numbered(number), back=OPEN)


@post(OPEN + "/{number:str}", guards=[open_to_all], name="complaints:status", status_code=200)
async def status(request: StationRequest, number: FromPath[str]) -> Response:
    """How far it is and what was replied, for whoever holds number and code."""
    number, form = _numbered(number), await CodeForm.posted(request)
    if form.validate():
        row = await _held(number, form.code.data or "")
        if row is not None:
            return _status(request, row, ReactionForm(data={"code": normal(form.code.data or "")}))
        form.refuse(RuleBroken(CLOSED_PAGE, "code"))
    return again(request, "complaints/code.html", form=form, number=number, back=OPEN)


async def _held(number: str, code: str) -> dict[str, Any] | None:
    complaint_id, row = await queries.complaint_by_code(number, normal(code))
    if row is None and complaint_id is not None and code.strip():  # nothing typed is no guess
        await actions.count_miss(complaint_id)
    return row


def _status(request: StationRequest, row: dict[str, Any], form: ReactionForm, answer: Any = page) -> Response:
    shown: Response = answer(request, "complaints/status.html", row=row, form=form, note=WORKING_DAYS_NOTE, back=OPEN)
    shown.headers["cache-control"] = "no-store"
    return shown


@post(OPEN + "/{number:str}/word", guards=[open_to_all], name="complaints:word")
async def word(request: StationRequest, number: FromPath[str]) -> Response:
    """The complainant says whether the reply is enough: with the code, or signed in."""
    number, form = _numbered(number), await ReactionForm.posted(request)
    person = _person(request)
    own = {row["number"]: row for row in await queries.own_complaints(person.id)} if person else {}
    row = own.get(number) or found(await _held(number, form.code.data or ""))
    event = ComplaintEvent(form.word.data) if form.word.data in ("satisfied", "dissatisfied") else ComplaintEvent.SATISFIED
    if form.validate():
        saved = await submit(
            request,
            form,
            lambda: actions.move_complaint(row["id"], event, form.words.data or "", actor=None),
            to=lambda _: OPEN if number in own else f"{OPEN}/{number}",
            said="记下了，谢谢您。" if event is ComplaintEvent.SATISFIED else "记下了，请监督单位复核。",
        )
        if saved is not None:
            return saved
    return _status(request, row, form, again)


# ---- the desk


@get(DESK, guards=[_READ], name="complaints:list")
async def all_complaints(request: StationRequest) -> Response:
    """The complaints this person may know of, newest first; the manager is told how many went past the station."""
    form = ComplaintFilterForm(request.query_params)
    wanted = queries.ComplaintFilter.of(request.query_params.get("state", "open"), form.kind.data or "", form.word.data or "")
    after = request.query_params.get("after", "")
    rows = await queries.complaints_for(request.actor, wanted, after)
    kept = {"state": wanted.state, **{name: value for name, value in (("kind", wanted.kind), ("word", wanted.word)) if value}}
    here = f"{DESK}?{urlencode(kept)}"
    links = {"previous": here if after else "", "next": f"{here}&{urlencode({'after': rows.next})}" if rows.next else ""}
    counts_past = request.actor.scope.reach is Reach.STATION and request.actor.may(Permission.COMPLAINTS_DECIDE)
    return page(
        request,
        "complaints/index.html",
        fragment="complaints/_list.html",
        rows=rows.rows,
        links=links,
        wanted=wanted,
        states=queries.COMPLAINT_STATES,
        past=await queries.past_station(request.actor.station_id or 0) if counts_past else None,
        note=WORKING_DAYS_NOTE,
    )


async def _counter_form(request: StationRequest, typed: Any = None) -> DeskComplaintForm:
    return DeskComplaintForm.about(await queries.people_of(request.actor.station_id or 0), typed)


@get(DESK + "/new", guards=[needs(Permission.COMPLAINTS_OPEN)], name="complaints:new")
async def new_complaint(request: StationRequest) -> Response:
    """The form at the counter, for whoever complains there or on the phone."""
    return page(request, "complaints/counter.html", form=await _counter_form(request))


@post(DESK, guards=[needs(Permission.COMPLAINTS_OPEN)], name="complaints:open")
async def open_at_counter(request: StationRequest) -> Response:
    """Keep it; number and follow code are shown once, to be given to the person."""
    form = await _counter_form(request, await request.typed())

    async def act() -> tuple[str, str]:
        number = await actions.complain_at_counter(
            form.kind.chosen,
            form.level.chosen,
            form.words.data or "",
            form.contact.data or "",
            referral_number=normal(form.referral.data or ""),
            against=int(form.against.data) if form.against.data else None,
            past=bool(form.past.data),
            actor=request.actor,
        )
        return number, await queries.opened_follow_code(number)

    if form.validate():
        saved = await submit(
            request,
            form,
            act,
            to=lambda _: DESK,
            said="这件投诉刚才已经记下了。",
            answer=lambda kept: page(request, "complaints/counter_kept.html", number=kept[0], code=kept[1]),
        )
        if saved is not None:
            return saved
    return again(request, "complaints/counter.html", form=form)


async def _sheet(request: StationRequest, row: dict[str, Any], **forms: Any) -> dict[str, Any]:
    opened, people = await queries.opened_complaint(row["id"]), await queries.people_of(row["station"])
    events, why = _events(request.actor, row)
    steps = [{**step, "words": without_contacts(step["words"])} for step in opened["steps"]]
    shown = {"complaint": [row["id"]], "complaint_step": [step["id"] for step in steps]}
    return {
        "row": row,
        "corrected": await corrected(request.actor, shown, opened=True),
        "words": without_contacts(opened["words"]),
        "contact": mask_phone(opened["contact"]) if opened["contact"] else "",
        "steps": steps,
        "events": events,
        "why": why,
        "form": ComplaintStepForm.about(events),
        "accused": AccusedForm.about(people),
        "note": WORKING_DAYS_NOTE,
        **forms,
    }


def _events(actor: Actor, row: dict[str, Any]) -> tuple[list[ComplaintEvent], str]:
    """The steps this person may take now, or none and why."""
    if not actor.may(Permission.COMPLAINTS_DECIDE):
        return [], "由驿站负责人办理。"
    possible, why = [], ""
    facts = {name: row[name] for name in ("build_mode", "against_account", "decided_by")}
    for event in events_of(ComplaintState(row["state"])):
        try:
            check_answers(actor, event, route=ComplaintRoute(row["route"]), **facts)
        except RuleBroken as broken:
            why = broken.message
        else:
            possible.append(event)
    return possible, "" if possible else why


@get(DESK + "/{number:str}", guards=[_READ], name="complaints:one")
async def one_complaint(request: StationRequest, number: FromPath[str]) -> Response:
    """One complaint with everything that was done about it, and the next step."""
    row = found(await queries.complaint_for(request.actor, number))
    return page(request, "complaints/show.html", **await _sheet(request, row))


@post(DESK + "/{number:str}/steps", guards=[_DECIDE], name="complaints:step")
async def step(request: StationRequest, number: FromPath[str]) -> Response:
    """Take the next step; what is written is appended and never changed."""
    row = found(await queries.complaint_for(request.actor, number))
    form = ComplaintStepForm.about([], await request.typed())
    if form.validate():
        event, decision = ComplaintEvent(form.event.data), form.decision.data
        saved = await submit(
            request,
            form,
            lambda: actions.move_complaint(
                row["id"],
                event,
                form.words.data or "",
                decision=ComplaintDecision(decision) if decision else None,
                actor=request.actor,
            ),
            to=lambda _: f"{DESK}/{row['number']}",
            said="已记下。",
        )
        if saved is not None:
            return saved
    form.offer(_events(request.actor, row)[0])
    return again(request, "complaints/show.html", **await _sheet(request, row, form=form))


@post(DESK + "/{number:str}/accused", guards=[_DECIDE], name="complaints:accused")
async def accused(request: StationRequest, number: FromPath[str]) -> Response:
    """Say which member of staff it is about: from then on the supervising unit answers it, and that person sees nothing."""
    row = found(await queries.complaint_for(request.actor, number))
    form = AccusedForm.about(await queries.people_of(row["station"]), await request.typed())
    if form.validate():
        past = request.actor.scope.reach is Reach.STATION
        saved = await submit(
            request,
            form,
            lambda: actions.name_accused(row["id"], int(form.account.data), actor=request.actor),
            to=lambda _: DESK if past else f"{DESK}/{row['number']}",
            said="已记下，这件投诉由监督单位办理。",
        )
        if saved is not None:
            return saved
    return again(request, "complaints/show.html", **await _sheet(request, row, accused=form))


ROUTES = [
    complain_page,
    complain,
    follow,
    status,
    word,
    all_complaints,
    new_complaint,
    open_at_counter,
    one_complaint,
    step,
    accused,
]
