"""What every page of signing on a screen shares: what it shows, and saving one side's signature with its paper."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from litestar import Response

from db import archive
from db.actions import signing as actions
from db.clock import now
from db.queries import agreements
from db.queries import signing as queries
from db.queries.accounts import earlier_location
from rules.agreement_life import paper_kind
from rules.codes import SIGNED_STATES, AgreementSide, AgreementState, AgreementType, SigningPlace
from rules.documents import Handwriting
from rules.errors import RuleBroken
from rules.signing import Strokes, code_key, drawing
from web.agreement_papers import agreement_paper
from web.forms.signing import SignatureForm
from web.papers import keep_paper, printed_pdf, snapshot_of
from web.render import done, found
from web.request import StationRequest
from web.station_certificate import station_certificate
from web.submission import submit


async def sides_of(sitting: dict[str, Any], text: Any) -> list[dict[str, Any]]:
    """Each side of the text in its order: `side`, `label` (甲方), `name`, and `signed` (the row of its signature, or None)."""
    signed = {row["side"]: row for row in await queries.signatures_of(sitting["id"])}
    names = await queries.signers(sitting["agreement"])
    sides = [AgreementSide(block.side) for block in text.signatures]
    return [{"side": side, "label": side.label, "name": names[side], "signed": signed.get(side.value)} for side in sides]


async def own_signing(row: dict[str, Any], side: AgreementSide) -> dict[str, Any]:
    """What one's own page of signing shows: `finished`, the open `sitting` or None, `signed`, the text, the own code."""
    sitting = await queries.sitting_of(row["id"])
    live = sitting if sitting and sitting["expires_at"] > now() and row["state"] == AgreementState.E_SIGNING.value else None
    shown: dict[str, Any] = {"finished": AgreementState(row["state"]) in SIGNED_STATES, "sitting": live, "side": side, "signed": False}
    codes = await queries.opened_codes(live["id"]) if live else None
    if not live or not codes:
        return shown | {"sitting": None}
    sides = await sides_of(live, text := await queries.opened_text(row))
    mine = next(each for each in sides if each["side"] is side)
    shown |= {"signed": bool(mine["signed"]), "who": f"{mine['label']} {mine['name']}", "text": text}
    return shown | {"code": codes.codes[side.value], "until": codes.until}


async def save_signature(
    request: StationRequest,
    row: dict[str, Any],
    sitting: dict[str, Any],
    side: AgreementSide,
    form: SignatureForm,
    *,
    place: SigningPlace,
    to: str,
) -> Response | None:
    """Keep one side's signature and go on to `to`; None when it was refused: the form then says why and keeps the strokes.

    `row`: the agreement, with what `db.queries.signing.opened_text` needs. The last signature's paper is rendered here,
    before the transaction.
    """
    if location := await earlier_location(form.form_token.data or ""):
        return done(request, location)
    if not form.validate():
        return None
    moment, strokes = now(), form.written
    key = code_key(side, on_own_phone=place is SigningPlace.PHONE)
    paper = None
    try:
        await actions.use_code(sitting["id"], key, form.typed_code)
        paper = await _paper(request, row, sitting, side, strokes, moment, place)
    except RuleBroken as broken:
        form.refuse(broken)
        return None
    answer = await submit(
        request,
        form,
        lambda: actions.sign_side(
            sitting["id"],
            side,
            strokes,
            key=key,
            code=form.typed_code,
            place=place,
            signed_at=moment,
            paper=paper,
            actor=request.actor,
        ),
        to=lambda _: to,
        said="双方都签好了。" if paper else "签好了。",
    )
    if answer is None and paper is not None:
        await archive.discard(paper.kept.key)
    return answer


async def _paper(
    request: StationRequest,
    row: dict[str, Any],
    sitting: dict[str, Any],
    side: AgreementSide,
    strokes: Strokes,
    moment: datetime,
    place: SigningPlace,
) -> actions.SignedPaper | None:
    """The paper with every handwriting, rendered and kept, when this signature is the last one; else None."""
    before = await queries.opened_strokes(sitting["id"])
    text = await queries.opened_text(row)
    wanted = {AgreementSide(block.side) for block in text.signatures}
    if {AgreementSide(each["side"]) for each, _ in before} | {side} != wanted:
        return None
    names = await queries.signers(row["id"])
    hands = {AgreementSide(each["side"]): (kept, each["signed_at"], each["place"]) for each, kept in before}
    hands[side] = (strokes, moment, place.value)
    order = [AgreementSide(block.side) for block in text.signatures]
    handwriting = tuple(_handwriting(each, names[each], *hands[each]) for each in order)
    guide = await queries.guide_of(sitting["id"])
    row = found(await agreements.agreement_in(guide.scope, row["number"]))
    paper = await agreement_paper(row, guide=guide.name, public_url=request.settings.public_url, handwriting=handwriting)
    paper = replace(paper, created=moment)
    body = await printed_pdf(request, paper_kind(AgreementType(row["type"])), paper)
    kept = await keep_paper(body, station_certificate(request.settings), paper.station.name)
    return actions.SignedPaper(frozenset(wanted), snapshot_of(paper), kept)


def _handwriting(side: AgreementSide, name: str, strokes: Strokes, moment: datetime, place: str) -> Handwriting:
    drawn = drawing(strokes)
    return Handwriting(
        side=side.value,
        name=name,
        path=drawn.path,
        width=drawn.width,
        height=drawn.height,
        signed_at=moment,
        place=SigningPlace.label_of(place),
    )
