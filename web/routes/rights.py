"""A seeker's rights at the counter (本人权利), for people without a phone the same as on it: done with the person present, 代办.

And the list of what was asked, with its 15 days, which the manager answers.
"""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.params import FromPath

from db.actions import rights as actions
from db.actions.referrals import withdraw_consent
from db.clock import CHINA, today
from db.queries import me as own
from db.queries import referrals, seekers
from db.queries import rights as queries
from db.queries.reveals import looks_at
from rules.codes import ConsentMethod, RestrictReason, RightsKind, RightsState, SeekerState
from rules.journal_reading import without_contacts
from rules.permissions import Permission
from rules.referrals import ReferralEvent, can
from rules.rights import ANSWER_DAYS, CLOSE_CONSEQUENCES, NO_SHOW_DAYS, NO_SHOWS, REMIND_DAYS, due_on
from rules.seekers import ConsentPurpose
from web.forms.base import PageForm
from web.forms.rights import (
    AnswerRequestForm,
    DeskClosingForm,
    DeskRequestForm,
    DeskWithdrawalForm,
    LiftForm,
    ReopenForm,
    RestrictForm,
)
from web.guards import needs
from web.my_data import TAKEN, noted_once, own_copy_pdf
from web.render import again, done, found, local, page, pdf_file
from web.request import StationRequest
from web.submission import submit

_READ, _WRITE = needs(Permission.SEEKERS_READ), needs(Permission.SEEKERS_REGISTER)


async def _seeker(request: StationRequest, number: str) -> dict[str, Any]:
    return found(await seekers.seeker_in(request.actor.scope, number))


async def _page(request: StationRequest, seeker: dict[str, Any], refused: PageForm | None = None, **forms: PageForm) -> Response:
    standing = found(await queries.state_of_seeker(seeker["id"]))
    rows = [
        {**row, "details": without_contacts(await queries.opened_details(row["id"]))} for row in await queries.requests_of(seeker["id"])
    ]
    state = seeker["state_now"]
    context: dict[str, Any] = {
        "seeker": seeker,
        "standing": standing,
        "over": state in (SeekerState.CLOSED, SeekerState.ANONYMISED),
        "deleted_by": due_on(local(standing["closed_at"]).date()) if standing["closed_at"] else None,
        "requests": rows,
        "consents": [
            {**row, "form": DeskWithdrawalForm()}
            for row in await own.own_consents(seeker["id"])
            if row["purpose"] != ConsentPurpose.GROUP.value  # they stand with the groups, where guarded ones are kept apart
        ],
        "looks": await looks_at("seeker", seeker["id"]),
        "no_shows": await referrals.no_shows_lately(seeker["id"], NO_SHOW_DAYS),
        "enough_no_shows": NO_SHOWS,
        "consequences": CLOSE_CONSEQUENCES,
        "due": due_on(today()),
        "kinds": RightsKind,
        "states": RightsState,
        "methods": ConsentMethod,
        "request_form": DeskRequestForm(),
        "closing_form": DeskClosingForm(),
        "reopen_form": ReopenForm(),
        "restrict_form": RestrictForm(),
        "lift_form": LiftForm(),
        "copy_form": PageForm(),
        "refused": refused,
        **forms,
    }
    return page(request, "rights/seeker.html", status=422 if refused else 200, **context)


async def _saved(
    request: StationRequest, number: str, name: str, form: PageForm, act: Callable[[dict[str, Any]], Awaitable[Any]], said: str
) -> Response:
    seeker = await _seeker(request, number)
    if form.validate():
        where = f"/desk/seekers/{seeker['number']}/rights"
        saved = await submit(request, form, lambda: act(seeker), to=lambda _: where, said=said)
        if saved is not None:
            return saved
    return await _page(request, seeker, form, **{name: form})


@get("/desk/seekers/{number:str}/rights", guards=[_READ], name="rights:seeker")
async def rights_of(request: StationRequest, number: FromPath[str]) -> Response:
    """本人权利: requests with their last day, consents, who looked, a copy, closing, and the pause of referrals."""
    return await _page(request, await _seeker(request, number))


@post("/desk/seekers/{number:str}/rights", guards=[_WRITE], name="rights:ask")
async def ask(request: StationRequest, number: FromPath[str]) -> Response:
    """Write down what the person at the counter asks for about the own data."""
    form = await DeskRequestForm.posted(request)
    kind = RightsKind(form.kind.data) if form.kind.data in {value for value, _ in form.kind.choices} - {""} else None
    return await _saved(
        request,
        number,
        "request_form",
        form,
        lambda seeker: actions.ask(seeker["id"], kind, form.details.data or "", actor=request.actor, by_proxy=True),
        f"已记下，最迟{due_on(today()).month}月{due_on(today()).day}日答复。",
    )


@post("/desk/seekers/{number:str}/consents/{referral:str}/withdrawal", guards=[_WRITE], name="rights:withdraw")
async def withdraw(request: StationRequest, number: FromPath[str], referral: FromPath[str]) -> Response:
    """The person takes the consent back that names one employer."""
    seeker = await _seeker(request, number)
    row = found(await referrals.referral_of_seeker(seeker["id"], referral))
    form = await DeskWithdrawalForm.posted(request)
    ends = can(row["state_now"], ReferralEvent.CONSENT_WITHDRAWN)
    return await _saved(
        request,
        number,
        "withdrawal_form",
        form,
        lambda _: withdraw_consent(row["id"], actor=request.actor, by_proxy=True),
        "已撤回，这次推荐随之结束。" if ends else "已撤回，联系方式不再显示；签好的协议不受影响。",
    )


@post("/desk/seekers/{number:str}/copy", guards=[_WRITE], name="rights:copy", status_code=200)
async def copy(request: StationRequest, number: FromPath[str]) -> Response:
    """Print everything kept about the person, for the person (PIPL art. 45); noted in the journal first."""
    seeker = await _seeker(request, number)
    row = found(await own.own_seeker(seeker["id"]))
    body = await own_copy_pdf(request, row)
    form = await PageForm.posted(request)
    if not await noted_once(request, form, lambda: actions.note_copied(seeker["id"], "PDF", actor=request.actor, by_proxy=True)):
        return done(request, f"/desk/seekers/{seeker['number']}/rights", TAKEN)
    return pdf_file(body, f"我的信息{seeker['number']}")


@post("/desk/seekers/{number:str}/closure", guards=[_WRITE], name="rights:close")
async def close(request: StationRequest, number: FromPath[str]) -> Response:
    """注销登记: the person present withdraws the consent and has the data deleted."""
    form = await DeskClosingForm.posted(request)
    return await _saved(
        request,
        number,
        "closing_form",
        form,
        lambda seeker: actions.close(seeker["id"], actor=request.actor, by_proxy=True, reason=form.reason.data or ""),
        "已注销，从现在起不再使用他的信息。",
    )


@post("/desk/seekers/{number:str}/reopening", guards=[_WRITE], name="rights:reopen")
async def reopen(request: StationRequest, number: FromPath[str]) -> Response:
    """The person came back with the card before the data were deleted."""
    form = await ReopenForm.posted(request)
    method = ConsentMethod(form.method.data) if form.method.data in ConsentMethod._value2member_map_ else None
    return await _saved(
        request,
        number,
        "reopen_form",
        form,
        lambda seeker: actions.reopen(seeker["id"], method, card_seen=bool(form.card_seen.data), actor=request.actor),
        "已恢复，可以推荐岗位了。",
    )


@post("/desk/seekers/{number:str}/restriction", guards=[needs(Permission.SEEKERS_RESTRICT)], name="rights:restrict")
async def restrict(request: StationRequest, number: FromPath[str]) -> Response:
    """Pause referrals of the person for 30 days, with the reason the person reads (3.4)."""
    form = await RestrictForm.posted(request)
    reason = RestrictReason(form.reason.data) if form.reason.data in RestrictReason._value2member_map_ else None
    return await _saved(
        request,
        number,
        "restrict_form",
        form,
        lambda seeker: actions.restrict(seeker["id"], reason, form.note.data or "", actor=request.actor),
        "已暂停推荐30天。请告诉本人原因，本人可以说明情况。",
    )


@post("/desk/seekers/{number:str}/restriction-end", guards=[needs(Permission.SEEKERS_RESTRICT)], name="rights:lift")
async def lift(request: StationRequest, number: FromPath[str]) -> Response:
    """End the pause before its time."""
    form = await LiftForm.posted(request)
    return await _saved(
        request,
        number,
        "lift_form",
        form,
        lambda seeker: actions.lift(seeker["id"], form.note.data or "", actor=request.actor),
        "已恢复推荐。",
    )


@get("/desk/rights", guards=[_READ], name="rights:list")
async def all_requests(request: StationRequest) -> Response:
    """信息请求: what the station's seekers asked about their data, the ones that wait first-due first."""
    state = request.query_params.get("state", RightsState.ASKED.value)
    state = state if state in RightsState._value2member_map_ else ""
    after = request.query_params.get("after", "")
    shown = await queries.requests_in(request.actor.scope, state, after)
    kept = {"state": state}
    links = {
        "previous": f"/desk/rights?{urlencode(kept)}" if after else "",
        "next": f"/desk/rights?{urlencode({**kept, 'after': shown.next})}" if shown.next else "",
    }
    return page(
        request,
        "rights/index.html",
        fragment="rights/_list.html",
        rows=shown.rows,
        links=links,
        state=state,
        kinds=RightsKind,
        states=RightsState,
        soon=REMIND_DAYS,
        days=ANSWER_DAYS,
    )


async def _request(request: StationRequest, request_id: int) -> dict[str, Any]:
    row = found(await queries.request_in(request.actor.scope, request_id))
    return {**row, "details": without_contacts(await queries.opened_details(row["id"]))}


def _shown(request: StationRequest, row: dict[str, Any], form: AnswerRequestForm, answer: Callable[..., Response] = page) -> Response:
    asked = row["asked_at"].astimezone(CHINA).date()
    return answer(request, "rights/show.html", row=row, form=form, asked=asked, kinds=RightsKind, states=RightsState, soon=REMIND_DAYS)


@get("/desk/rights/{request_id:int}", guards=[_READ], name="rights:one")
async def one_request(request: StationRequest, request_id: FromPath[int]) -> Response:
    """One request, what was answered, and for the manager the answer to give."""
    return _shown(request, await _request(request, request_id), AnswerRequestForm())


@post("/desk/rights/{request_id:int}/answer", guards=[needs(Permission.RIGHTS_ANSWER)], name="rights:answer")
async def answer(request: StationRequest, request_id: FromPath[int]) -> Response:
    """Answer a request within its 15 days; the person reads the words."""
    row = await _request(request, request_id)
    form = await AnswerRequestForm.posted(request)
    state = RightsState(form.state.data) if form.state.data in {value for value, _ in form.state.choices} - {""} else None
    if form.validate():
        saved = await submit(
            request,
            form,
            lambda: actions.answer(row["id"], state, form.answer.data or "", actor=request.actor),
            to=lambda _: f"/desk/rights/{row['id']}",
            said="已答复，本人看得到。没有手机的，请打电话告诉本人。",
        )
        if saved is not None:
            return saved
    return _shown(request, row, form, again)


ROUTES = [rights_of, ask, withdraw, copy, close, reopen, restrict, lift, all_requests, one_request, answer]
