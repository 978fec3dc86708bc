"""Drafting an agreement: the form filled from the post, the live preview, the saved draft."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from db.actions import agreements as actions
from db.actions.reveals import AGREEMENT, note_opened
from db.clock import today
from db.queries import agreements as queries
from db.queries.referrals import own_referral_in
from rules.agreement_drafts import AgreementSource, Composed, compose, marked_texts, missing, preview
from rules.agreement_values import suggested_modules
from rules.errors import RuleBroken
from rules.permissions import Permission
from web.forms.agreements import AgreementFilter, AgreementForm
from web.guards import needs
from web.papers import refuse_unprintable
from web.render import again, done, found, page
from web.request import StationRequest
from web.submission import submit

_READ, _DRAFT = needs(Permission.AGREEMENTS_READ), needs(Permission.AGREEMENTS_DRAFT)


@get("/desk/agreements", guards=[_READ], name="agreements:list")
async def agreements(request: StationRequest) -> Response:
    """Every agreement in reach, newest first, and the referrals that wait for one."""
    form = AgreementFilter(request.query_params)
    rows = await queries.agreements_of(request.actor.scope, form.chosen, request.query_params.get("after", ""))
    waiting = await queries.ready_referrals(request.actor.scope) if request.actor.may(Permission.AGREEMENTS_DRAFT) else []
    base = f"/desk/agreements?state={form.chosen.value if form.chosen else ''}"
    links = {
        "previous": base if request.query_params.get("after") else None,
        "next": f"{base}&after={rows.next}" if rows.next else None,
    }
    return page(request, "agreements/index.html", rows=rows.rows, form=form, links=links, waiting=waiting)


@get("/desk/referrals/{number:str}/agreement", guards=[_DRAFT], name="agreements:new")
async def new_agreement(request: StationRequest, number: FromPath[str]) -> Response:
    """The form for a referral both sides agreed to, filled from the post; an agreement in force is shown instead."""
    referral = found(await own_referral_in(request.actor.scope, number))
    if existing := await queries.agreement_of_referral(referral["id"]):
        return done(request, f"/desk/agreements/{existing['number']}")
    source = await _source(request, referral["id"], queries.UNNUMBERED)
    modules = suggested_modules(source.terms)
    composed = compose(source, {}, {}, today=today())
    form = AgreementForm.prefilled(source, composed, {}, modules)
    return page(request, "agreements/edit.html", **_editing(f"/desk/referrals/{number}/agreement", number, form, source, composed, modules))


@post("/desk/referrals/{number:str}/agreement", guards=[_DRAFT], name="agreements:draft")
async def draft_agreement(request: StationRequest, number: FromPath[str]) -> Response:
    """Save the first draft and go to it."""
    referral = found(await own_referral_in(request.actor.scope, number))

    def act(form: AgreementForm) -> Any:
        return actions.draft_agreement(referral["id"], form.agreed, form.chosen_modules, changed=form.changed, actor=request.actor)

    source = await _source(request, referral["id"], queries.UNNUMBERED)
    return await _save(request, f"/desk/referrals/{number}/agreement", number, source, act)


@post("/desk/referrals/{number:str}/agreement/preview", guards=[_DRAFT], name="agreements:preview-new")
async def preview_new(request: StationRequest, number: FromPath[str]) -> Response:
    """The text as the form stands now, before it was ever saved."""
    referral = found(await own_referral_in(request.actor.scope, number))
    source = await _source(request, referral["id"], queries.UNNUMBERED)
    return await _preview(request, f"/desk/referrals/{number}/agreement", number, source)


@get("/desk/agreements/{number:str}/edit", guards=[_DRAFT], name="agreements:edit")
async def edit_page(request: StationRequest, number: FromPath[str]) -> Response:
    """The form as it was saved."""
    row = found(await queries.agreement_in(request.actor.scope, number))
    await note_opened(AGREEMENT, row["id"], actor=request.actor)
    draft = await queries.opened_draft(row["id"])
    source = await _source(request, row["referral_id"], number)
    source = replace(source, terms=replace(source.terms, **draft.changed))
    modules = queries.modules_of(row)
    composed = compose(source, draft.agreed, {}, today=today())
    form = AgreementForm.prefilled(source, composed, draft.agreed, modules)
    url = f"/desk/agreements/{number}/edit"
    return page(request, "agreements/edit.html", row=row, **_editing(url, row["referral"], form, source, composed, modules))


@post("/desk/agreements/{number:str}/edit", guards=[_DRAFT], name="agreements:revise")
async def revise(request: StationRequest, number: FromPath[str]) -> Response:
    """Save the draft again; a printed one becomes the next version and its paper is void."""
    row = found(await queries.agreement_in(request.actor.scope, number))
    await note_opened(AGREEMENT, row["id"], actor=request.actor)

    def act(form: AgreementForm) -> Any:
        return actions.revise_agreement(row["id"], form.agreed, form.chosen_modules, changed=form.changed, actor=request.actor)

    source = await _source(request, row["referral_id"], number)
    return await _save(request, f"/desk/agreements/{number}/edit", row["referral"], source, act, row=row)


@post("/desk/agreements/{number:str}/preview", guards=[_DRAFT], name="agreements:preview")
async def preview_text(request: StationRequest, number: FromPath[str]) -> Response:
    """The text as the form stands now."""
    row = found(await queries.agreement_in(request.actor.scope, number))
    await note_opened(AGREEMENT, row["id"], actor=request.actor)
    source = await _source(request, row["referral_id"], number)
    return await _preview(request, f"/desk/agreements/{number}/edit", row["referral"], source, row=row)


async def _source(request: StationRequest, referral_id: int, number: str) -> AgreementSource:
    return await queries.opened_source(referral_id, number=number, guide=request.actor.name)


def _editing(
    url: str, referral: str, form: AgreementForm, source: AgreementSource, composed: Composed | None, modules: tuple[str, ...]
) -> dict[str, Any]:
    """What the editing page shows beside the form."""
    seen: dict[str, Any] = {"url": url, "referral": referral, "form": form, "source": source, "text": None, "hits": (), "open": []}
    seen["preview_url"] = f"{url.removesuffix('/edit')}/preview"
    seen["marked"] = []
    if composed:
        seen |= {"hits": composed.hits, "open": [broken.message for broken in missing(composed.values)]}
        seen["marked"] = marked_texts(composed.values, composed.hits)
        seen["text"] = preview(composed.values, modules)
    return seen


def _composed(form: AgreementForm, source: AgreementSource) -> Composed | None:
    try:
        refuse_unprintable(form.texts, form.labels)
        return compose(source, form.agreed, form.changed, today=today())
    except RuleBroken as broken:
        form.refuse(broken)
        return None


async def _save(
    request: StationRequest, url: str, referral: str, source: AgreementSource, act: Callable[[AgreementForm], Any], **seen: Any
) -> Response:
    form = await AgreementForm.posted(request)
    sound = form.validate()
    composed = _composed(form, source)
    answer = None
    if sound and composed:
        answer = await submit(
            request, form, lambda: act(form), to=lambda saved: f"/desk/agreements/{saved.number}", said="协议草稿已保存，请核对后打印。"
        )
    modules = _known(form.chosen_modules)
    return answer or again(request, "agreements/edit.html", **_editing(url, referral, form, source, composed, modules), **seen)


async def _preview(request: StationRequest, url: str, referral: str, source: AgreementSource, **seen: Any) -> Response:
    form = await AgreementForm.posted(request)
    form.validate()
    composed = _composed(form, source)
    shown = _editing(url, referral, form, source, composed, _known(form.chosen_modules))
    return page(request, "agreements/edit.html", fragment="agreements/_preview.html", **shown, **seen)


def _known(modules: tuple[str, ...]) -> tuple[str, ...]:
    offered = {key for key, _ in AgreementForm().modules.choices}
    return tuple(key for key in modules if key in offered)


ROUTES = [agreements, new_agreement, draft_agreement, preview_new, edit_page, revise, preview_text]
