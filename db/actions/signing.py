"""Signing an agreement on a screen: a sitting opened, codes, one signature per side, the paper; and copies by link."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from db.actions import documents
from db.actions.agreements import SUBJECT, agreement_row, both_signed, deliver, forget_sitting
from db.actions.journal import record
from db.actions.phone_codes import Carrier
from db.archive import Kept
from db.clock import now, today
from db.ids import new_id
from db.queries import signing as queries
from db.queries.agreements import opened_draft, opened_source
from db.queries.wordings import wording_of
from db.tables.agreements import Agreement, CopyLink, Signature, Signing
from db.transaction import action
from db.vault import vault
from rules.ages import AgeStanding, age_standing
from rules.agreement_life import paper_kind
from rules.agreements import AgreementEvent, next_state
from rules.codes import SIGNED_STATES, AgreementSide, AgreementState, AgreementType, SigningPlace, SigningWay
from rules.errors import RuleBroken
from rules.jobs import check_reason
from rules.journal import EventKind
from rules.permissions import Actor
from rules.signing import (
    ALREADY_SIGNED,
    CODE_LASTS,
    COPY_GONE,
    COPY_HOW,
    COPY_LASTS,
    COPY_LOCKED,
    COPY_TRIES,
    OTHER_JUST_SIGNED,
    ROOM,
    SITTING_LASTS,
    SITTING_OVER,
    WRONG_CODE,
    Strokes,
    check_code,
    check_may_open,
    check_sitting,
    check_still,
    strokes_hash,
    text_hash,
    written,
)

RAN_OUT = "超过30分钟没有签完"
_OPENED_SKEW = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class SignedPaper:
    """The paper with the handwriting of `sides`, rendered and kept before the last signature is written."""

    sides: frozenset[AgreementSide]
    snapshot: str
    kept: Kept


@dataclass(frozen=True, slots=True)
class CopyRef:
    """A link given out: its secret and its code are known now and never again."""

    token: str
    code: str
    expires_at: datetime


@action
async def open_signing(agreement_id: int, *, both_present: bool, read_aloud: bool, by_message: bool, actor: Actor) -> int:
    """Begin a sitting for a complete draft: 30 minutes, a code for each side and one for the room; its id.

    `by_message`: whether codes can be sent to telephones. RulesBroken: not a draft, a paper for hands only, a worker under
    18, open places or forbidden clauses, a missing tick, a side that could not get its code.
    """
    row = await agreement_row(agreement_id)
    state = next_state(AgreementState(row["state"]), AgreementEvent.OPEN_SIGNING)
    text = await queries.opened_text(row)
    channels = await queries.opened_channels(agreement_id)
    check_may_open(
        await wording_of(row),
        both_present=both_present,
        read_aloud=read_aloud,
        guardian_needed=await _guardian_needed(row, actor),
        without_code=[side for side, (channel, phone) in channels.items() if not (channel.has_account or (by_message and phone))],
    )
    moment, signing_id = now(), new_id()
    await Signing.insert(
        Signing(
            id=signing_id,
            agreement=agreement_id,
            version=row["version"],
            text_sha256=text_hash(text),
            both_present=both_present,
            read_aloud=read_aloud,
            codes=_fresh_codes(signing_id, moment),
            opened_by=actor.id,
            opened_at=moment,
            expires_at=moment + SITTING_LASTS,
        )
    )
    await Agreement.update({Agreement.state: state.value}).where(Agreement.id == agreement_id)
    await _note(EventKind.AGREEMENT_SIGNING_OPENED, row, actor, version=row["version"], text_sha256=text_hash(text))
    return signing_id


async def _guardian_needed(row: Mapping[str, Any], actor: Actor) -> bool:
    draft = await opened_draft(row["id"])
    source = await opened_source(row["referral"], number=row["number"], guide=actor.name)
    first_day = draft.changed.get("start_date") or source.terms.start_date or today()
    return age_standing(source.birth_date, source.gender, first_day, source.pension) is AgeStanding.JUVENILE


def _fresh_codes(signing_id: int, moment: datetime) -> str:
    keys = [*(side.value for side in (AgreementSide.EMPLOYER, AgreementSide.WORKER)), ROOM]
    kept = {"until": (moment + CODE_LASTS).isoformat(), "codes": {key: f"{secrets.randbelow(1_000_000):06d}" for key in keys}}
    return vault().seal("signing.codes", str(signing_id), json.dumps(kept))


@action
async def renew_codes(signing_id: int, *, actor: Actor) -> None:
    """New codes for a sitting, the old ones count no more. RuleBroken when the sitting is over."""
    sitting = await _sitting(signing_id)
    check_sitting(ended_at=sitting["ended_at"], expires_at=sitting["expires_at"], now=now())
    await Signing.update({Signing.codes: _fresh_codes(signing_id, now()), Signing.wrong_codes: 0}).where(Signing.id == signing_id)
    await _note(EventKind.AGREEMENT_SIGNING_CODES, await agreement_row(sitting["agreement"]), actor)


async def send_codes(signing_id: int, carrier: Carrier) -> None:
    """Send the code to each side that has not signed, after the transaction that made it. Raises what the carrier raises."""
    sitting, kept = await _sitting(signing_id), await queries.opened_codes(signing_id)
    signed = {row["side"] for row in await queries.signatures_of(signing_id)}
    for side, (_, phone) in (await queries.opened_channels(sitting["agreement"])).items():
        if kept and phone and side.value not in signed:
            await carrier.send(phone, f"零工驿站签字验证码{kept.codes[side.value]}，10分钟内有效。您本人在驿站签协议时才用，不要告诉别人。")


async def use_code(signing_id: int, key: str, typed: str) -> None:
    """See whether a code is right, before anything is signed: a wrong one is counted for good. RuleBroken on `code`."""
    if not await _try_code(signing_id, key, typed):
        raise RuleBroken(WRONG_CODE, "code")


@action
async def _try_code(signing_id: int, key: str, typed: str) -> bool:
    sitting = await _sitting(signing_id)
    check_sitting(ended_at=sitting["ended_at"], expires_at=sitting["expires_at"], now=now())
    right = await _code_is_right(sitting, key, typed)
    if not right:
        await Signing.update({Signing.wrong_codes: Signing.wrong_codes + 1}).where(Signing.id == signing_id)
    return right


async def _code_is_right(sitting: Mapping[str, Any], key: str, typed: str) -> bool:
    kept = await queries.opened_codes(sitting["id"])
    if kept is None:
        raise RuleBroken(SITTING_OVER)
    return check_code(typed, kept.codes[key], until=kept.until, wrong=sitting["wrong_codes"], now=now())


@action
async def sign_side(
    signing_id: int,
    side: AgreementSide,
    strokes: Strokes,
    *,
    key: str,
    code: str,
    place: SigningPlace,
    signed_at: datetime,
    paper: SignedPaper | None,
    actor: Actor,
) -> bool:
    """Keep what one side wrote; True when everybody has signed with it: then the agreement is signed and its paper issued.

    `key` says which code counts (`rules.signing.code_key`); count a wrong one with `use_code` first. `signed_at`: the moment
    on the paper, just now. `paper` is needed for the last signature. RuleBroken: the sitting is over, the text is another
    one, the side has signed, the other side signed while the paper was rendered.
    """
    sitting = await _sitting(signing_id)
    check_sitting(ended_at=sitting["ended_at"], expires_at=sitting["expires_at"], now=now())
    row = await agreement_row(sitting["agreement"])
    text = await queries.opened_text(row)
    check_still(sitting["text_sha256"], sitting["version"], text, row["version"])
    if not await _code_is_right(sitting, key, code):
        raise RuleBroken(WRONG_CODE, "code")
    if abs(now() - signed_at) > _OPENED_SKEW:
        raise RuleBroken("打印服务太慢，这次没有保存。请再按一次“签字确认”。")
    signed = {AgreementSide(each["side"]) for each in await queries.signatures_of(signing_id)}
    if side in signed:
        raise RuleBroken(ALREADY_SIGNED)
    all_sides = {AgreementSide(block.side) for block in text.signatures}
    last = signed | {side} == all_sides
    if last and (paper is None or paper.sides != all_sides):
        raise RuleBroken(OTHER_JUST_SIGNED)
    await _keep_signature(sitting, side, strokes, place, signed_at)
    await _note(
        EventKind.AGREEMENT_SIDE_SIGNED,
        row,
        actor,
        signing_side=side.value,
        signing_place=place.value,
        text_sha256=sitting["text_sha256"],
        sha256=strokes_hash(strokes),
    )
    if last and paper is not None:
        await _finish(sitting, row, paper)
    return last


async def _keep_signature(sitting: Mapping[str, Any], side: AgreementSide, strokes: Strokes, place: SigningPlace, moment: datetime) -> None:
    signature_id = new_id()
    await Signature.insert(
        Signature(
            id=signature_id,
            signing=sitting["id"],
            agreement=sitting["agreement"],
            side=side.value,
            place=place.value,
            strokes=vault().seal("signature.strokes", str(signature_id), written(strokes)),
            strokes_sha256=strokes_hash(strokes),
            text_sha256=sitting["text_sha256"],
            code_checked_at=now(),
            signed_at=moment,
            witnessed_by=sitting["opened_by_id"],
        )
    )


async def _finish(sitting: Mapping[str, Any], row: Mapping[str, Any], paper: SignedPaper) -> None:
    """Everybody has signed: the agreement, its paper and the referral, in the name of who opened the sitting."""
    witness = await queries.guide_of(sitting["id"])
    await both_signed(row, SigningWay.SCREEN, actor=witness)
    issued = await documents.issue_paper(
        kind=paper_kind(AgreementType(row["type"])),
        number=row["number"],
        subject=SUBJECT,
        subject_id=row["id"],
        station_id=row["station"],
        snapshot=paper.snapshot,
        kept=paper.kept,
        actor=witness,
    )
    await Agreement.update({Agreement.paper: issued.id, Agreement.printed_at: now()}).where(Agreement.id == row["id"])
    await Signing.update({Signing.ended_at: now(), Signing.codes: ""}).where(Signing.id == sitting["id"])
    await _note(
        EventKind.AGREEMENT_SIGNED,
        row,
        witness,
        version=row["version"],
        sha256=paper.kept.sha256,
        signed_way=SigningWay.SCREEN.value,
        text_sha256=sitting["text_sha256"],
    )


@action
async def stop_signing(signing_id: int, reason: str, *, actor: Actor | None) -> None:
    """End a sitting before everybody has signed: the agreement is a draft again, what was written is forgotten.

    RuleBroken: it has ended, or a reason under five characters. `actor` None: the clockwork.
    """
    sitting = await _sitting(signing_id)
    if sitting["ended_at"] is not None:
        raise RuleBroken(SITTING_OVER)
    row = await agreement_row(sitting["agreement"])
    state = next_state(AgreementState(row["state"]), AgreementEvent.STOP_SIGNING)
    reason = check_reason(reason)[:200]
    await Agreement.update({Agreement.state: state.value}).where(Agreement.id == row["id"])
    await forget_sitting(row["id"], reason)
    await _note(EventKind.AGREEMENT_SIGNING_STOPPED, row, actor, reason=reason)


async def stop_overdue() -> int:
    """End every sitting whose 30 minutes have run out; how many."""
    overdue = await queries.overdue_sittings()
    for row in overdue:
        await stop_signing(row["id"], RAN_OUT, actor=None)
    return len(overdue)


@action
async def make_copy_link(agreement_id: int, *, actor: Actor) -> CopyRef:
    """A link and a code with which the worker fetches the signed copy for 30 days; an earlier link counts no more.

    RuleBroken: not signed on a screen (a copy of paper is handed over), or its paper is void.
    """
    row = await agreement_row(agreement_id)
    way = await Agreement.select(Agreement.signed_way).where(Agreement.id == agreement_id).first()
    if AgreementState(row["state"]) not in SIGNED_STATES:
        raise RuleBroken("双方签好以后才能给零工一份。")
    if not way or way["signed_way"] != SigningWay.SCREEN.value:
        raise RuleBroken("这份协议是在纸上签的，请把一份原件当面交给零工，再登记交付。")
    paper = await queries.signed_paper_of(agreement_id)
    if paper is None:
        raise RuleBroken("这份协议的文书已经作废，不能再给副本。")
    token, code, moment = secrets.token_urlsafe(24), f"{secrets.randbelow(1_000_000):06d}", now()
    await CopyLink.update({CopyLink.expires_at: moment}).where(CopyLink.agreement == agreement_id, CopyLink.expires_at > moment)
    await CopyLink.insert(
        CopyLink(
            id=new_id(),
            agreement=agreement_id,
            paper=paper,
            token_hash=queries.token_hash(token),
            code_hash=queries.code_hash(token, code),
            made_by=actor.id,
            made_at=moment,
            expires_at=moment + COPY_LASTS,
        )
    )
    await _note(EventKind.AGREEMENT_COPY_LINKED, row, actor)
    return CopyRef(token, code, moment + COPY_LASTS)


async def use_copy_code(token: str, typed: str) -> None:
    """See whether the code of a link is right; a wrong one is counted, five end the link. RuleBroken on `code`."""
    if not await _try_copy_code(token, typed):
        raise RuleBroken(WRONG_CODE, "code")


@action
async def _try_copy_code(token: str, typed: str) -> bool:
    link = await live_copy_link(token)
    right = secrets.compare_digest(queries.code_hash(token, typed), link["code_hash"])
    if not right:
        await CopyLink.update({CopyLink.wrong_codes: CopyLink.wrong_codes + 1}).where(CopyLink.id == link["id"])
    return right


async def live_copy_link(token: str) -> dict[str, Any]:
    """The link as `db.queries.signing.copy_link` gives it. RuleBroken: unknown, over, locked, or its paper is void."""
    link = await queries.copy_link(token)
    if link is None or link["expires_at"] <= now() or link["voided_at"] or AgreementState(link["state"]) not in SIGNED_STATES:
        raise RuleBroken(COPY_GONE)
    if link["wrong_codes"] >= COPY_TRIES:
        raise RuleBroken(COPY_LOCKED)
    return link


@action
async def fetch_copy(token: str) -> dict[str, Any]:
    """The worker takes the copy along: counted, and the first time it counts as delivered. The link, for its archive key.

    The caller has seen the code (`use_copy_code`). RuleBroken as of `live_copy_link`.
    """
    link = await live_copy_link(token)
    moment = now()
    await CopyLink.update({CopyLink.fetches: link["fetches"] + 1, CopyLink.first_fetched_at: link["first_fetched_at"] or moment}).where(
        CopyLink.id == link["id"]
    )
    row = await agreement_row(link["agreement"])
    await _note(EventKind.AGREEMENT_COPY_FETCHED, row, None, fetched=link["fetches"] + 1)
    if row["state"] == AgreementState.SIGNED.value:
        await deliver(row["id"], COPY_HOW, actor=None)
    return link


async def _sitting(signing_id: int) -> dict[str, Any]:
    sitting = await queries.sitting_with_id(signing_id)
    if sitting is None:
        raise RuleBroken(SITTING_OVER)
    return sitting


async def _note(kind: EventKind, row: Mapping[str, Any], actor: Actor | None, **particulars: Any) -> None:
    await record(
        kind,
        subject=SUBJECT,
        subject_id=row["id"],
        actor=actor,
        station_id=row["station"],
        agreement=row["number"],
        **particulars,
    )
