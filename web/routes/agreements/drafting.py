"""Drafting an agreement: the form made from its text and filled from the post, the live preview, the saved draft."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from db.actions import agreements as actions
from db.actions.reveals import AGREEMENT, note_opened
from db.clock import today
from db.queries import agreements as queries
from db.queries.guidance import guidance_in, opened_guidance
from db.queries.referrals import own_referral_in
from db.queries.wordings import wording_in_force
from rules.agreement_drafts import AgreementSource, Composed, Lack, compose, lack_of, marked_texts, missing, preview, read_changes
from rules.agreement_values import masked_parties, suggested_modules
from rules.codes import AgreementType
from rules.errors import RuleBroken
from rules.permissions import Permission
from rules.wordings import Wording
from web.forms.agreements import AgreementFilter, AgreementForm, form_for, prefilled
from web.guards import needs
from web.papers import refuse_unprintable
from web.render import again, done, found, page
from web.request import StationRequest
from web.submission import submit

_READ, _DRAFT = needs(Permission.AGREEMENTS_READ), needs(Permission.AGREEMENTS_DRAFT)


@dataclass
class Draft:
    """What is being drafted: where its form posts to, for which referral, on which text, and what it said before.

    `row` is the saved agreement, None before the first saving. `before`: place → text of the saved version, or of the
    post; what reads otherwise is marked in the preview. `answered`: terms of the post answered otherwise in the guidance.
    """

    url: str
    preview_url: str
    referral: dict[str, Any]
    wording: Wording
    number: str
    guide: str
    row: dict[str, Any] | None = None
    guidance: dict[str, Any] | None = None
    lenders: list[dict[str, Any]] = field(default_factory=list)
    before: dict[str, str] = field(default_factory=dict)
    answered: dict[str, Any] = field(default_factory=dict)

    async def source(self, third_party: int | None) -> AgreementSource:
        """What post, employer, worker, station and a registered lender answer; with masked numbers before the first saving."""
        source = await queries.opened_source(self.referral["id"], number=self.number, guide=self.guide, third_party=third_party)
        return source if self.row else replace(source, parties=masked_parties(source.parties))

    async def composed(self, form: AgreementForm) -> tuple[AgreementSource, Composed | None]:
        """The text as the form stands; None, with the reason on the form, where it cannot be made."""
        source = await self.source(form.lender_in(self.lenders))
        try:
            refuse_unprintable(form.texts, form.labels)
            return source, compose(self.wording, source, form.agreed, form.changed, today=today())
        except RuleBroken as broken:
            form.refuse(broken)
            return source, None

    def shown(self, form: AgreementForm, source: AgreementSource, composed: Composed | None) -> dict[str, Any]:
        """What the editing page shows beside the form."""
        seen: dict[str, Any] = {"draft": self, "form": form, "source": source, "row": self.row, "before": {}}
        seen |= {"text": None, "hits": (), "open": [], "marked": []}
        if composed:
            seen |= {"hits": composed.hits, "open": [broken.message for broken in missing(composed.wording, composed.values)]}
            seen["marked"] = marked_texts(composed.wording, composed.values, composed.hits)
            seen["text"] = preview(composed.wording, composed.values, form.known_modules)
            said = {name: text for name, text in self.before.items() if name in self.wording.places}
            seen["before"] = preview(self.wording, said, form.known_modules).printed
        return seen


@get("/desk/agreements", guards=[_READ], name="agreements:list")
async def agreements(request: StationRequest) -> Response:
    """Every agreement in reach, newest first, and the referrals that wait for one."""
    form = AgreementFilter(request.query_params)
    rows = await queries.agreements_of(request.actor.scope, form.chosen, request.query_params.get("after", ""), form.chosen_type)
    waiting = await queries.ready_referrals(request.actor.scope) if request.actor.may(Permission.AGREEMENTS_DRAFT) else []
    base = f"/desk/agreements?state={form.chosen or ''}&type={form.chosen_type or ''}"
    links = {
        "previous": base if request.query_params.get("after") else None,
        "next": f"{base}&after={rows.next}" if rows.next else None,
    }
    lacks = await queries.opened_lacks(rows.rows)
    return page(request, "agreements/index.html", rows=rows.rows, lacks=lacks, form=form, links=links, waiting=waiting)


@get("/desk/referrals/{number:str}/agreement", guards=[_DRAFT], name="agreements:new")
async def new_agreement(request: StationRequest, number: FromPath[str]) -> Response:
    """The form of the type that the guidance chose, filled from the post; without a guidance its questions come first.

    An agreement in force is shown instead.
    """
    referral = found(await own_referral_in(request.actor.scope, number))
    if existing := await queries.agreement_of_referral(referral["id"]):
        return done(request, f"/desk/agreements/{existing['number']}")
    if _unguided(request):
        return done(request, f"/desk/referrals/{number}/guidance")
    draft = await _first(request, referral)
    source = await draft.source(None)
    source = replace(source, terms=replace(source.terms, **draft.answered))
    modules = tuple(key for key in suggested_modules(source.terms) if key in draft.wording.modules)
    composed = compose(draft.wording, source, {}, {}, today=today())
    return page(request, "agreements/edit.html", **draft.shown(prefilled(source, composed, {}, modules), source, composed))


@post("/desk/referrals/{number:str}/agreement", guards=[_DRAFT], name="agreements:draft")
async def draft_agreement(request: StationRequest, number: FromPath[str]) -> Response:
    """Save the first draft and go to it."""
    referral = found(await own_referral_in(request.actor.scope, number))
    if _unguided(request):
        return done(request, f"/desk/referrals/{number}/guidance")
    draft = await _first(request, referral)

    def act(form: AgreementForm) -> Any:
        return actions.draft_agreement(
            referral["id"],
            form.agreed,
            form.chosen_modules,
            kind=draft.wording.type,
            guidance_id=draft.guidance["id"] if draft.guidance else None,
            third_party=form.lender_in(draft.lenders),
            changed=form.changed,
            actor=request.actor,
        )

    return await _save(request, draft, act)


@post("/desk/referrals/{number:str}/agreement/preview", guards=[_DRAFT], name="agreements:preview-new")
async def preview_new(request: StationRequest, number: FromPath[str]) -> Response:
    """The text as the form stands now, before it was ever saved."""
    referral = found(await own_referral_in(request.actor.scope, number))
    if _unguided(request):
        return done(request, f"/desk/referrals/{number}/guidance")
    return await _preview(request, await _first(request, referral))


@get("/desk/agreements/{number:str}/edit", guards=[_DRAFT], name="agreements:edit")
async def edit_page(request: StationRequest, number: FromPath[str]) -> Response:
    """The form as it was saved."""
    row = found(await queries.agreement_in(request.actor.scope, number))
    await note_opened(AGREEMENT, row["id"], actor=request.actor)
    draft = await _saved(request, row)
    said = await queries.opened_draft(row["id"])
    source = await draft.source(row["third_party"])
    source = replace(source, terms=replace(source.terms, **said.changed))
    agreed = {name: text for name, text in said.agreed.items() if name in draft.wording.places}
    composed = compose(draft.wording, source, agreed, {}, today=today())
    form = prefilled(source, composed, agreed, queries.modules_of(row))
    return page(request, "agreements/edit.html", **draft.shown(form, source, composed))


@post("/desk/agreements/{number:str}/edit", guards=[_DRAFT], name="agreements:revise")
async def revise(request: StationRequest, number: FromPath[str]) -> Response:
    """Save the draft again; a printed one becomes the next version and its paper is void."""
    row = found(await queries.agreement_in(request.actor.scope, number))
    await note_opened(AGREEMENT, row["id"], actor=request.actor)
    draft = await _saved(request, row)

    def act(form: AgreementForm) -> Any:
        lender = form.lender_in(draft.lenders)
        return actions.revise_agreement(
            row["id"], form.agreed, form.chosen_modules, third_party=lender, changed=form.changed, actor=request.actor
        )

    return await _save(request, draft, act)


@post("/desk/agreements/{number:str}/preview", guards=[_DRAFT], name="agreements:preview")
async def preview_text(request: StationRequest, number: FromPath[str]) -> Response:
    """The text as the form stands now."""
    row = found(await queries.agreement_in(request.actor.scope, number))
    await note_opened(AGREEMENT, row["id"], actor=request.actor)
    return await _preview(request, await _saved(request, row))


async def _first(request: StationRequest, referral: dict[str, Any]) -> Draft:
    """The draft that was not saved yet, of the type that the guidance (?guidance=…) chose."""
    guidance = await _guidance(request, referral)
    kind = AgreementType(guidance["chosen_type"])
    url, asked = f"/desk/referrals/{referral['number']}/agreement", f"?guidance={guidance['number']}"
    draft = Draft(
        url + asked,
        f"{url}/preview{asked}",
        referral,
        await wording_in_force(kind),
        queries.UNNUMBERED,
        request.actor.name,
        guidance=guidance,
        lenders=await _lenders(request, kind),
        answered=read_changes((await opened_guidance(guidance["id"])).changed),
    )
    draft.before = dict(compose(draft.wording, await draft.source(None), {}, {}, today=today()).values)
    return draft


def _unguided(request: StationRequest) -> bool:
    """No guidance is named in the address: its questions come first."""
    return not request.query_params.get("guidance")


async def _guidance(request: StationRequest, referral: dict[str, Any]) -> dict[str, Any]:
    """The guidance named in the address; 404 when none is named, or one of another referral."""
    row = await guidance_in(request.actor.scope, request.query_params.get("guidance", ""))
    return found(row if row and row["referral_id"] == referral["id"] else None)


async def _saved(request: StationRequest, row: dict[str, Any]) -> Draft:
    """The draft of a saved agreement: the text in force now, compared with what it said."""
    kind = AgreementType(row["type"])
    url = f"/desk/agreements/{row['number']}"
    return Draft(
        f"{url}/edit",
        f"{url}/preview",
        {"id": row["referral_id"], "number": row["referral"]},
        await wording_in_force(kind),
        row["number"],
        request.actor.name,
        row=row,
        lenders=await _lenders(request, kind),
        before=(await queries.opened_draft(row["id"])).values,
    )


async def _lenders(request: StationRequest, kind: AgreementType) -> list[dict[str, Any]]:
    return await queries.lenders_of(request.actor.scope) if kind is AgreementType.SHARED_LABOUR_3P else []


async def _save(request: StationRequest, draft: Draft, act: Callable[[AgreementForm], Any]) -> Response:
    form = await form_for(draft.wording).posted(request)
    sound = form.validate()
    source, composed = await draft.composed(form)
    answer = None
    if sound and composed:
        answer = await submit(
            request, form, lambda: act(form), to=lambda saved: f"/desk/agreements/{saved.number}", said=_SAID[lack_of(composed)]
        )
    return answer or again(request, "agreements/edit.html", **draft.shown(form, source, composed))


_SAID = {
    Lack.MEND: "协议草稿已保存。有不能这样写的内容，改好以后才能打印、签字。",
    Lack.FILL: "协议草稿已保存，还没有填完。填完以后才能打印、签字。",
    None: "协议草稿已保存，请核对后打印。",
}
"""What is said of a saved draft, by what it lacks: nobody is sent to print what cannot be printed yet."""


async def _preview(request: StationRequest, draft: Draft) -> Response:
    form = await form_for(draft.wording).posted(request)
    form.validate()
    source, composed = await draft.composed(form)
    return page(request, "agreements/edit.html", fragment="agreements/_preview.html", **draft.shown(form, source, composed))


ROUTES = [agreements, new_agreement, draft_agreement, preview_new, edit_page, revise, preview_text]
