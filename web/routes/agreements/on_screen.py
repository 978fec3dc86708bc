"""Signing on the counter's screen: a sitting with both sides present, one signature at a time; and the worker's copy by link."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from db.actions import signing as actions
from db.actions.reveals import AGREEMENT, note_opened
from db.clock import now
from db.queries import agreements as rows
from db.queries import signing as queries
from db.queries.wordings import wording_of
from rules.agreement_drafts import missing, preview
from rules.agreements import AgreementEvent, can, check_may_sign_on_screen, next_state
from rules.codes import AgreementSide, AgreementState, AgreementType, SigningPlace
from rules.errors import RuleBroken
from rules.permissions import Permission
from rules.signing import ROOM, SITTING_OVER
from web.agreement_papers import agreement_paper
from web.enrolment import picture
from web.forms.base import PageForm
from web.forms.signing import SignatureForm, SittingForm, StopForm
from web.guards import needs
from web.render import done, found, page
from web.request import StationRequest
from web.senders import SendingFailed
from web.signing_pages import save_signature, sides_of
from web.submission import submit

_DRAFT = needs(Permission.AGREEMENTS_DRAFT)
_HERE = "/desk/agreements/{number:str}/signing"
_COPY = "/desk/agreements/{number:str}/copy"
NO_MESSAGE = "短信没有发出去，请双方在自己的页面上看验证码。"


async def _row(request: StationRequest, number: str) -> dict[str, Any]:
    return found(await rows.agreement_in(request.actor.scope, number))


@get(_HERE, guards=[_DRAFT], name="signing:page")
async def signing_page(request: StationRequest, number: FromPath[str]) -> Response:
    """Before a sitting: the text and the two ticks. In one: one side at a time; `?side=` chooses which."""
    row = await _row(request, number)
    if row["state"] not in (AgreementState.DRAFT.value, AgreementState.E_SIGNING.value):
        return done(request, f"/desk/agreements/{number}")
    return await _show(request, row)


@post(_HERE, guards=[_DRAFT], name="signing:open")
async def open_signing(request: StationRequest, number: FromPath[str]) -> Response:
    """Begin: both present, read aloud, complete; the codes go out."""
    row, form = await _row(request, number), await SittingForm.posted(request)
    made: list[int] = []

    def begun(signing_id: int) -> str:
        made[:] = [signing_id]
        return f"/desk/agreements/{number}/signing"

    try:
        if can(AgreementState(row["state"]), AgreementEvent.OPEN_SIGNING):
            # what cannot be printed is not signed either
            await agreement_paper(row, guide=request.actor.name, public_url=request.settings.public_url)
    except RuleBroken as broken:
        form.refuse(broken)
        return await _show(request, row, sitting_form=form)
    answer = await submit(
        request,
        form,
        lambda: actions.open_signing(
            row["id"],
            both_present=form.both_present.data,
            read_aloud=form.read_aloud.data,
            by_message=request.sender.works,
            actor=request.actor,
        ),
        to=begun,
        said="可以签了，30分钟内签完。",
    )
    if answer is None:
        return await _show(request, row, sitting_form=form)
    return await _with_codes(request, answer, made, f"/desk/agreements/{number}/signing")


async def _with_codes(request: StationRequest, answer: Response, made: list[int], where: str) -> Response:
    """Send the codes of a fresh sitting, after its transaction; a message that fails is said, nothing else is lost."""
    if made and request.sender.works:
        try:
            await actions.send_codes(made[0], request.sender)
        except SendingFailed:
            return done(request, where, NO_MESSAGE)
    return answer


@post(f"{_HERE}/codes", guards=[_DRAFT], name="signing:codes")
async def renew_codes(request: StationRequest, number: FromPath[str]) -> Response:
    """New codes: the old ones ran out, or were typed wrong too often."""
    row, form = await _row(request, number), await PageForm.posted(request)
    sitting = await _sitting(row)
    where, made = f"/desk/agreements/{number}/signing", []

    def renewed(_: None) -> str:
        made.append(sitting["id"])
        return where

    answer = await submit(
        request, form, lambda: actions.renew_codes(sitting["id"], actor=request.actor), to=renewed, said="已换新的验证码。"
    )
    if answer is None:
        return await _show(request, row, refused=form)
    return await _with_codes(request, answer, made, where)


@post(f"{_HERE}/signatures", guards=[_DRAFT], name="signing:sign")
async def sign(request: StationRequest, number: FromPath[str]) -> Response:
    """One side signs on this screen; the last one ends the sitting and issues the paper."""
    row, form = await _row(request, number), await SignatureForm.posted(request)
    sitting = await _sitting(row)
    if form.side.data not in AgreementSide._value2member_map_:
        form.refuse(RuleBroken("请选择现在是哪一方签。"))
        return await _show(request, row, signature_form=form)
    side = AgreementSide(form.side.data)
    where = f"/desk/agreements/{number}/signing"
    answer = await save_signature(request, row, sitting, side, form, place=SigningPlace.COUNTER, to=where)
    return answer or await _show(request, row, signature_form=form, chosen=side)


@post(f"{_HERE}/end", guards=[_DRAFT], name="signing:stop")
async def stop(request: StationRequest, number: FromPath[str]) -> Response:
    """Stop before everybody has signed: the agreement is a draft again."""
    row, form = await _row(request, number), await StopForm.posted(request)
    sitting = await _sitting(row)
    answer = None
    if form.validate():
        answer = await submit(
            request,
            form,
            lambda: actions.stop_signing(sitting["id"], form.reason.data or "", actor=request.actor),
            to=lambda _: f"/desk/agreements/{number}",
            said="已停止屏上签字，协议回到起草。",
        )
    return answer or await _show(request, row, stop_form=form)


@get(_COPY, guards=[_DRAFT], name="signing:copy")
async def copy_page(request: StationRequest, number: FromPath[str]) -> Response:
    """给零工一份: the links given out so far, and a new one."""
    return await _copy(request, await _row(request, number), PageForm())


@post(_COPY, guards=[_DRAFT], name="signing:give-copy")
async def give_copy(request: StationRequest, number: FromPath[str]) -> Response:
    """A link with a code, shown once: as a QR to scan and in plain."""
    row, form = await _row(request, number), await PageForm.posted(request)

    def show(made: actions.CopyRef) -> Response:
        url = f"{request.settings.public_url}/copies/{made.token}"
        answer = page(request, "signing/copy.html", row=row, form=PageForm(), links=[], made=made, url_of_copy=url, qr=picture(url))
        answer.headers["cache-control"] = "no-store"
        return answer

    answer = await submit(
        request,
        form,
        lambda: actions.make_copy_link(row["id"], actor=request.actor),
        to=lambda _: f"/desk/agreements/{number}/copy",
        answer=show,
    )
    return answer or await _copy(request, row, form, 422)


async def _copy(request: StationRequest, row: dict[str, Any], form: PageForm, status: int = 200) -> Response:
    links = await queries.copy_links_of(row["id"])
    return page(request, "signing/copy.html", status=status, row=row, form=form, links=links, made=None, now=now())


async def _sitting(row: dict[str, Any]) -> dict[str, Any]:
    """The last sitting of the agreement, also one that ended: a form of it sent twice ends where the first one did."""
    sitting = await queries.last_sitting_of(row["id"])
    if sitting is None:
        raise RuleBroken(SITTING_OVER)
    return sitting


async def _show(
    request: StationRequest,
    row: dict[str, Any],
    *,
    sitting_form: SittingForm | None = None,
    signature_form: SignatureForm | None = None,
    stop_form: StopForm | None = None,
    refused: PageForm | None = None,
    chosen: AgreementSide | None = None,
) -> Response:
    await note_opened(AGREEMENT, row["id"], actor=request.actor)
    draft, wording = await rows.opened_draft(row["id"]), await wording_of(row)
    text = preview(wording, draft.values, rows.modules_of(row))
    wrong = next((form for form in (sitting_form, signature_form, stop_form, refused) if form), None)
    seen: dict[str, Any] = {"row": row, "text": text, "refused": wrong, "renewal": PageForm(), "status": 422 if wrong else 200}
    seen |= {"stopping": stop_form or StopForm(), "channels": {}, "sitting": None, "now": now()}
    sitting = await queries.sitting_of(row["id"])
    channels = {side: channel for side, (channel, _) in (await queries.opened_channels(row["id"])).items()}
    seen |= {"channels": channels, "sender_works": request.sender.works}
    if sitting is None:
        obstacle = _obstacle(row)
        open_places = [broken.message for broken in missing(wording, draft.values)]
        return page(request, "signing/begin.html", form=sitting_form or SittingForm(), obstacle=obstacle, open=open_places, **seen)
    sides = await sides_of(sitting, text)
    waiting = [each for each in sides if not each["signed"]]
    wanted = chosen.value if chosen else request.query_params.get("side", "")
    current = next((each for each in waiting if each["side"].value == wanted), waiting[0] if waiting else None)
    form = signature_form or SignatureForm()
    codes = await queries.opened_codes(sitting["id"])
    seen |= {"sitting": sitting, "sides": sides, "current": current, "form": form, "over": sitting["expires_at"] <= now()}
    seen |= {"room_code": codes.codes[ROOM] if codes else "", "until": codes.until if codes else None}
    answer = page(request, "signing/sign.html", **seen)
    answer.headers["cache-control"] = "no-store"
    return answer


def _obstacle(row: dict[str, Any]) -> str:
    """Why this agreement cannot be signed on a screen whatever is ticked; "" when it can."""
    try:
        check_may_sign_on_screen(AgreementType(row["type"]))
        next_state(AgreementState(row["state"]), AgreementEvent.OPEN_SIGNING)
    except RuleBroken as broken:
        return broken.message
    return ""


ROUTES = [signing_page, open_signing, renew_codes, sign, stop, copy_page, give_copy]
