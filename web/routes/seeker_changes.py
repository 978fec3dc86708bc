"""Changing a registration at the counter: wishes, certificates, suggestions; name, document and phone with the card in hand."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from db.actions import seeker_changes as actions
from db.queries import me as own
from db.queries import rights
from db.queries import seekers as queries
from rules.codes import CertificateType
from rules.permissions import Permission
from rules.wishes import field_labels
from web.forms.base import PageForm
from web.forms.me import SuggestionsForm
from web.forms.rights import CertificateEndForm, CertificateForm, CorrectionForm
from web.forms.wishes import WishesForm
from web.guards import needs
from web.render import again, found, from_json, page
from web.request import StationRequest
from web.submission import submit

_WRITE = needs(Permission.SEEKERS_REGISTER)


async def _seeker(request: StationRequest, number: str) -> dict[str, Any]:
    return found(await queries.seeker_in(request.actor.scope, number))


async def _edit_page(request: StationRequest, seeker: dict[str, Any], refused: PageForm | None = None, **forms: PageForm) -> Response:
    trades = (await queries.trades_of([seeker["id"]])).get(seeker["id"], [])
    context: dict[str, Any] = {
        "seeker": seeker,
        "standing": await rights.state_of_seeker(seeker["id"]),
        "certificates": [
            {**row, "form": forms.pop(f"ending{row['id']}", None) or CertificateEndForm()}
            for row in await queries.certificates_of(seeker["id"])
        ],
        "versions": [{**row, "labels": field_labels(from_json(row["changed"]))} for row in await own.own_versions(seeker["id"])],
        "form": WishesForm.of(seeker, trades),
        "certificate": CertificateForm(),
        "suggestions": SuggestionsForm(),
        "refused": refused,
        **forms,
    }
    return page(request, "seekers/edit.html", status=422 if refused else 200, **context)


@get("/desk/seekers/{number:str}/edit", guards=[_WRITE], name="seekers:edit")
async def edit(request: StationRequest, number: FromPath[str]) -> Response:
    """修改登记: what the person looks for, certificates, suggestions by the system, and what was changed so far."""
    return await _edit_page(request, await _seeker(request, number))


async def _saved(
    request: StationRequest, number: str, name: str, form: PageForm, act: Callable[[dict[str, Any]], Awaitable[Any]], said: str
) -> Response:
    seeker = await _seeker(request, number)
    if form.validate():
        where = f"/desk/seekers/{seeker['number']}/edit"
        saved = await submit(request, form, lambda: act(seeker), to=lambda _: where, said=said)
        if saved is not None:
            return saved
    return await _edit_page(request, seeker, form, **{name: form})


@post("/desk/seekers/{number:str}/edit", guards=[_WRITE], name="seekers:change")
async def change(request: StationRequest, number: FromPath[str]) -> Response:
    """Keep the changed wishes; the registration as it stood stays as a sealed version (art. 23)."""
    form = await WishesForm.posted(request)
    return await _saved(
        request,
        number,
        "form",
        form,
        lambda seeker: actions.change_wishes(seeker["id"], form.wishes(), actor=request.actor, by_proxy=True),
        "已修改，原来的登记保留。",
    )


@post("/desk/seekers/{number:str}/suggestions", guards=[_WRITE], name="seekers:suggestions")
async def suggestions(request: StationRequest, number: FromPath[str]) -> Response:
    """The person does not want suggestions by the system, or wants them again (PIPL art. 24)."""
    form = await SuggestionsForm.posted(request)
    wanted = form.wanted.data == "1"
    return await _saved(
        request,
        number,
        "suggestions",
        form,
        lambda seeker: actions.set_suggestions(seeker["id"], wanted, actor=request.actor, by_proxy=True),
        "已记下：可以系统推荐。" if wanted else "已记下：不接受系统推荐，只人工推荐。",
    )


@post("/desk/seekers/{number:str}/certificates", guards=[_WRITE], name="seekers:add-certificate")
async def add_certificate(request: StationRequest, number: FromPath[str]) -> Response:
    """Register a certificate that lies on the counter."""
    form = await CertificateForm.posted(request)
    kind = CertificateType(form.kind.data) if form.kind.data in CertificateType._value2member_map_ else None
    return await _saved(
        request,
        number,
        "certificate",
        form,
        lambda seeker: actions.add_certificate(
            seeker["id"], kind, form.number.data or "", form.valid_to.data, card_seen=bool(form.seen.data), actor=request.actor
        ),
        "证书已登记。",
    )


@post("/desk/seekers/{number:str}/certificates/{certificate_id:int}/end", guards=[_WRITE], name="seekers:end-certificate")
async def end_certificate(request: StationRequest, number: FromPath[str], certificate_id: FromPath[int]) -> Response:
    """A certificate counts no more: lost, revoked, or registered by mistake. It stays on record."""
    form = await CertificateEndForm.posted(request)
    return await _saved(
        request,
        number,
        f"ending{certificate_id}",
        form,
        lambda seeker: actions.end_certificate(seeker["id"], certificate_id, form.reason.data or "", actor=request.actor),
        "已记下：这本证书不再有效。",
    )


async def _correction_page(request: StationRequest, seeker: dict[str, Any], form: CorrectionForm | None) -> Response:
    shown = form or CorrectionForm(data={"name": seeker["name"], "id_type": seeker["id_type"], "phone_owner": seeker["phone_owner"]})
    answer = again if form else page
    return answer(request, "seekers/correction.html", seeker=seeker, masked=queries.opened_masks(seeker), form=shown)


@get("/desk/seekers/{number:str}/correction", guards=[_WRITE], name="seekers:correction")
async def correction(request: StationRequest, number: FromPath[str]) -> Response:
    """更正姓名、证件、电话: the page to correct them with the card in hand."""
    return await _correction_page(request, await _seeker(request, number), None)


@post("/desk/seekers/{number:str}/correction", guards=[_WRITE], name="seekers:correct")
async def correct(request: StationRequest, number: FromPath[str]) -> Response:
    """Correct name, document or phone: card seen, reason given, the old values sealed in a version (PIPL art. 46)."""
    seeker = await _seeker(request, number)
    form = await CorrectionForm.posted(request)
    if form.validate():
        saved = await submit(
            request,
            form,
            lambda: actions.correct_identity(
                seeker["id"],
                form.correction(),
                card_seen=bool(form.card_seen.data),
                reason=form.reason.data or "",
                actor=request.actor,
            ),
            to=lambda _: f"/desk/seekers/{seeker['number']}",
            said="已更正，原来的内容加密保留。",
        )
        if saved is not None:
            return saved
    return await _correction_page(request, seeker, form)


ROUTES = [edit, change, suggestions, add_certificate, end_certificate, correction, correct]
