"""The life of an agreement (domain reference 3.6): drafted, printed, signed, delivered, archived, amended, ended, voided."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from db import archive
from db.actions import documents
from db.actions import referrals as referral_actions
from db.actions.journal import record
from db.clock import CHINA, now, today
from db.ids import new_id
from db.numbers import next_number
from db.queries import agreements as queries
from db.queries.wordings import wording_in_force, wording_of
from db.tables.agreements import Agreement, Signature, SignedScan, Signing
from db.tables.referrals import Referral
from db.transaction import action
from db.vault import vault
from rules.agreement_checks import refuse_blocked
from rules.agreement_drafts import check_can_revise, check_complete, compose, lack_of, stored_changes
from rules.agreement_life import (
    Termination,
    check_archive_place,
    check_can_amend,
    check_can_complete,
    paper_kind,
)
from rules.agreements import AgreementEvent, can, next_state
from rules.codes import SIGNED_STATES, AgreementState, AgreementType, PaperKind, ReferralState, SigningWay
from rules.errors import RuleBroken
from rules.incoming_scans import check_signatures_seen
from rules.jobs import check_reason
from rules.journal import EventKind
from rules.numbers import agreement_number
from rules.permissions import Actor
from rules.referrals import ENDED_STATES
from rules.wordings import Wording

SUBJECT = "agreement"


@dataclass(frozen=True, slots=True)
class AgreementRef:
    """The row and the public number of an agreement."""

    id: int
    number: str


@action
async def draft_agreement(
    referral_id: int,
    values: Mapping[str, str],
    modules: tuple[str, ...] | list[str] = (),
    *,
    actor: Actor,
    kind: AgreementType = AgreementType.ONE_OFF_SERVICE,
    guidance_id: int | None = None,
    third_party: int | None = None,
    changed: Mapping[str, Any] | None = None,
) -> AgreementRef:
    """A draft of `kind` for a referral both sides agreed to, filled from post, employer and worker.

    `guidance_id`: the guidance it follows (`db.tables.agreements.Guidance`). `values`: placeholder name → text for what
    was agreed at the counter. `changed`: terms of the post agreed otherwise (`rules.agreement_drafts.CHANGEABLE`).
    `third_party`: the registered employer that lends the worker (共享用工).
    RuleBroken: the referral is not that far, there is an agreement already, or this paper is the wrong one for these two.
    """
    referral = await Referral.select(Referral.number, Referral.station).where(Referral.id == referral_id).first()
    if referral is None:
        raise RuleBroken("没有找到这次推荐，请刷新页面。")
    if other := await queries.agreement_of_referral(referral_id):
        raise RuleBroken(f"这次推荐已经有协议{other['number']}，请打开那一份继续办理。")
    text = await wording_in_force(kind)
    return await _insert(
        text, referral, referral_id, values, modules, changed or {}, actor, {"guidance": guidance_id, "third_party": third_party}
    )


async def _insert(
    text: Wording,
    referral: Mapping[str, Any],
    referral_id: int,
    values: Mapping[str, str],
    modules: tuple[str, ...] | list[str],
    changed: Mapping[str, Any],
    actor: Actor,
    more: Mapping[str, Any],
    **particulars: Any,
) -> AgreementRef:
    moment, kind = now(), text.type
    year = today().year
    number = agreement_number(kind, year, await next_number(f"agreement {kind.value} {year}"))
    agreement_id = new_id()
    await Agreement.insert(
        Agreement(
            id=agreement_id,
            number=number,
            type=kind.value,
            referral=referral_id,
            station=referral["station"],
            state=AgreementState.DRAFT.value,
            version=1,
            template_version=text.version,
            modules=",".join(modules),
            values=await _sealed(text, agreement_id, referral_id, number, values, changed, actor, more.get("third_party")),
            drafted_by=actor.id,
            created_at=moment,
            changed_at=moment,
            **more,
        )
    )
    await record(
        EventKind.AGREEMENT_DRAFTED,
        subject=SUBJECT,
        subject_id=agreement_id,
        actor=actor,
        station_id=referral["station"],
        agreement=number,
        referral=referral["number"],
        version=1,
        template_version=text.version,
        agreement_type=kind.value,
        **particulars,
    )
    return AgreementRef(agreement_id, number)


async def _sealed(
    text: Wording,
    agreement_id: int,
    referral_id: int,
    number: str,
    agreed: Mapping[str, str],
    changed: Mapping[str, Any],
    actor: Actor,
    third_party: int | None,
) -> str:
    source = await queries.opened_source(referral_id, number=number, guide=actor.name, third_party=third_party)
    composed = compose(text, source, agreed, changed, today=today())
    lack = lack_of(composed)
    kept = {
        "values": composed.values,
        "agreed": dict(agreed),
        "changed": stored_changes(changed),
        "lack": lack.value if lack else "",
    }
    return vault().seal("agreement.values", str(agreement_id), json.dumps(kept, ensure_ascii=False, sort_keys=True))


@action
async def revise_agreement(
    agreement_id: int,
    values: Mapping[str, str],
    modules: tuple[str, ...] | list[str] = (),
    *,
    actor: Actor,
    third_party: int | None = None,
    changed: Mapping[str, Any] | None = None,
) -> AgreementRef:
    """Change what a draft says. A printed one becomes the next version and its paper is void; a signed one stays."""
    row = await agreement_row(agreement_id)
    state = AgreementState(row["state"])
    check_can_revise(state)
    version = row["version"]
    if state is AgreementState.PRINTED:
        version += 1
        await _void_paper(row, f"协议修改为第{version}版", actor)
    text = await wording_in_force(AgreementType(row["type"]))
    await Agreement.update(
        {
            Agreement.values: await _sealed(text, agreement_id, row["referral"], row["number"], values, changed or {}, actor, third_party),
            Agreement.modules: ",".join(modules),
            Agreement.third_party: third_party,
            Agreement.state: AgreementState.DRAFT.value,
            Agreement.version: version,
            Agreement.template_version: text.version,
            Agreement.paper: None,
            Agreement.changed_at: now(),
        }
    ).where(Agreement.id == agreement_id)
    await _note(EventKind.AGREEMENT_DRAFTED, row, actor, version=version)
    return AgreementRef(agreement_id, row["number"])


@action
async def mark_printed(agreement_id: int, *, snapshot: str, kept: archive.Kept, drafted_at: datetime, actor: Actor) -> documents.PaperRef:
    """Issue the printed paper of a draft. `drafted_at` is the draft's `changed_at` that was rendered.

    RuleBroken: it was changed meanwhile, it is no draft, or a required place is open or a clause forbidden.
    """
    row = await agreement_row(agreement_id)
    if row["changed_at"] != drafted_at:
        raise RuleBroken("刚才有人改了这份协议，请看过新内容后再打印。")
    state = next_state(AgreementState(row["state"]), AgreementEvent.PRINT)
    await _check_printable(row, actor)
    issued = await documents.issue_paper(
        kind=paper_kind(AgreementType(row["type"])),
        number=row["number"],
        subject=SUBJECT,
        subject_id=agreement_id,
        station_id=row["station"],
        snapshot=snapshot,
        kept=kept,
        actor=actor,
    )
    await Agreement.update({Agreement.state: state.value, Agreement.paper: issued.id, Agreement.printed_at: now()}).where(
        Agreement.id == agreement_id
    )
    await _note(EventKind.AGREEMENT_PRINTED, row, actor, version=row["version"], sha256=kept.sha256)
    return issued


async def _check_printable(row: Mapping[str, Any], actor: Actor) -> None:
    wording, draft = await wording_of(dict(row)), await queries.opened_draft(row["id"])
    check_complete(wording, draft.values, queries.modules_of(dict(row)))
    source = await queries.opened_source(row["referral"], number=row["number"], guide=actor.name, third_party=row["third_party"])
    refuse_blocked(compose(wording, source, draft.agreed, draft.changed, today=today()).hits)


async def attach_scan(agreement_id: int, body: bytes, name: str, *, actor: Actor) -> int:
    """Check, keep and attach a scan in one go (the file's `name` is not trusted and not kept); gives its id.

    For callers without a page (the demo): who calls it has seen the signatures, as the tick of the pages says.
    """
    scan = await archive.keep_scan(body)
    try:
        return await attach_kept_scan(agreement_id, scan, signatures_seen=True, actor=actor)
    except RuleBroken:
        await archive.discard(scan.kept.key)
        raise


@action
async def attach_kept_scan(agreement_id: int, scan: archive.KeptScan, *, signatures_seen: bool, actor: Actor) -> int:
    """The scan of the paper both sides signed: the agreement is signed and the referral confirmed.

    `signatures_seen`: whoever uploaded it ticked that both signatures are on it; kept in the journal.
    A further scan of a signed agreement is a further row; the first stays. RuleBroken without the tick, and before it was printed.
    """
    check_signatures_seen(signatures_seen)
    row = await agreement_row(agreement_id)
    state = AgreementState(row["state"])
    scan_id = new_id()
    first = state not in SIGNED_STATES
    if first:
        await both_signed(row, SigningWay.PAPER, actor=actor)
    await SignedScan.insert(
        SignedScan(
            id=scan_id,
            agreement=agreement_id,
            media_type=scan.kind.value,
            size=scan.kept.size,
            sha256=scan.kept.sha256,
            archive_key=scan.kept.key,
            uploaded_by=actor.id,
            uploaded_at=now(),
        )
    )
    await _note(
        EventKind.AGREEMENT_SIGNED,
        row,
        actor,
        version=row["version"],
        sha256=scan.kept.sha256,
        further_scan=not first,
        signed_way=SigningWay.PAPER.value,
        signatures_seen=True,
    )
    return scan_id


async def both_signed(row: Mapping[str, Any], way: SigningWay, *, actor: Actor) -> None:
    """Inside the caller's transaction: the agreement of `agreement_row` is signed by both, on paper or on a screen.

    Confirms the referral, and what this agreement amends is replaced by it. The caller records AGREEMENT_SIGNED.
    RuleBroken: the state does not allow it.
    """
    event = AgreementEvent.SIGN if way is SigningWay.PAPER else AgreementEvent.SIGN_ON_SCREEN
    following = next_state(AgreementState(row["state"]), event)
    await Agreement.update(
        {Agreement.state: following.value, Agreement.signed_at: now(), Agreement.signed_way: way.value},
    ).where(Agreement.id == row["id"])
    referral = await Referral.select(Referral.state).where(Referral.id == row["referral"]).first()
    if referral and referral["state"] == ReferralState.EMPLOYER_ACCEPTED.value:
        await referral_actions.confirm(row["referral"], actor=actor)
    if row["amends"]:
        await _replaced(await agreement_row(row["amends"]), row, actor)


async def _replaced(old: dict[str, Any], new: Mapping[str, Any], actor: Actor) -> None:
    if not can(AgreementState(old["state"]), AgreementEvent.AMEND):  # ended meanwhile: nothing is left to replace
        return
    state = next_state(AgreementState(old["state"]), AgreementEvent.AMEND)
    await Agreement.update(
        {
            Agreement.state: state.value,
            Agreement.ended_at: now(),
            Agreement.ended_on: today(),
            Agreement.end_reason: new["amend_reason"],
        }
    ).where(Agreement.id == old["id"])
    await _note(EventKind.AGREEMENT_AMENDED, old, actor, amended_by=new["number"], reason=new["amend_reason"], was=old["state"])


@action
async def deliver(agreement_id: int, how: str, *, actor: Actor | None) -> None:
    """Record that the worker got a copy, and how; `actor` None: fetched by the worker with link and code.

    RuleBroken before it is signed, or without saying how.
    """
    row = await agreement_row(agreement_id)
    state = next_state(AgreementState(row["state"]), AgreementEvent.DELIVER)
    if not how.strip():
        raise RuleBroken("请选择这一份是怎么交给零工的。", "how")
    await Agreement.update(
        {
            Agreement.state: state.value,
            Agreement.delivered_at: now(),
            Agreement.delivered_how: how[:60],
            Agreement.delivered_by: actor.id if actor else None,
        }
    ).where(Agreement.id == agreement_id)
    await _note(EventKind.AGREEMENT_DELIVERED, row, actor, how=how[:60])


@action
async def void_agreement(agreement_id: int, reason: str, *, actor: Actor) -> None:
    """Void an agreement and its paper; both stay on record. RuleBroken: void already, or a reason under five characters."""
    row = await agreement_row(agreement_id)
    state = next_state(AgreementState(row["state"]), AgreementEvent.VOID)
    await _refuse_beside_amendment(row)
    reason = check_reason(reason)
    await _void_paper(row, reason, actor)
    await Agreement.update({Agreement.state: state.value, Agreement.voided_at: now(), Agreement.void_reason: reason}).where(
        Agreement.id == agreement_id
    )
    await _note(EventKind.AGREEMENT_VOIDED, row, actor, reason=reason, was=row["state"])


@action
async def archive_agreement(agreement_id: int, place: str, *, actor: Actor) -> None:
    """Record where the signed original is kept. RuleBroken before the worker got a copy, or without a place."""
    row = await agreement_row(agreement_id)
    state = next_state(AgreementState(row["state"]), AgreementEvent.ARCHIVE)
    place = check_archive_place(place)
    await Agreement.update({Agreement.state: state.value, Agreement.archived_at: now(), Agreement.archive_place: place}).where(
        Agreement.id == agreement_id
    )
    await _note(EventKind.AGREEMENT_ARCHIVED, row, actor, archive_place=place)


@action
async def complete_agreement(agreement_id: int, *, actor: Actor) -> None:
    """Both sides did what was agreed. RuleBroken before the work is over, and while an amendment is being drafted."""
    row = await agreement_row(agreement_id)
    state = next_state(AgreementState(row["state"]), AgreementEvent.COMPLETE)
    await _refuse_beside_amendment(row)
    last_day = await queries.last_day_of(agreement_id)
    check_can_complete(work_over=await _work_over(row["referral"]), last_day=last_day, today=today())
    await Agreement.update({Agreement.state: state.value, Agreement.ended_at: now(), Agreement.ended_on: last_day or today()}).where(
        Agreement.id == agreement_id
    )
    await _note(EventKind.AGREEMENT_COMPLETED, row, actor, ended_on=(last_day or today()).isoformat())


@action
async def terminate_agreement(agreement_id: int, end: Termination, *, actor: Actor) -> None:
    """Record that it ended before its time (`rules.agreement_life.check_termination` gave the `end`). RuleBroken: not in force."""
    row = await agreement_row(agreement_id)
    state = next_state(AgreementState(row["state"]), AgreementEvent.TERMINATE)
    await _refuse_beside_amendment(row)
    await Agreement.update(
        {
            Agreement.state: state.value,
            Agreement.ended_at: now(),
            Agreement.ended_on: end.ended_on,
            Agreement.ended_by: end.ended_by.value,
            Agreement.end_reason: end.reason,
            Agreement.notice_on: end.notice_on,
            Agreement.notice_how: end.notice_way.value if end.notice_way else "",
        }
    ).where(Agreement.id == agreement_id)
    await _note(
        EventKind.AGREEMENT_TERMINATED,
        row,
        actor,
        at=min(now(), datetime.combine(end.ended_on, time(23, 59, 59), CHINA)),
        late_reason=end.reason,
        ended_on=end.ended_on.isoformat(),
        ended_by=end.ended_by.value,
        reason=end.reason,
        notice_on=end.notice_on.isoformat() if end.notice_on else None,
        notice_how=end.notice_way.value if end.notice_way else None,
    )


@action
async def amend_agreement(agreement_id: int, reason: str, *, actor: Actor) -> AgreementRef:
    """A new draft that will replace this agreement once both signed it; it begins with what this one says.

    RuleBroken: not in force, an amendment is open already, the work is over, or a reason under five characters.
    """
    row = await agreement_row(agreement_id)
    check_can_amend(AgreementState(row["state"]))
    await _refuse_beside_amendment(row)
    reason = check_reason(reason, "change")[:200]
    if await _work_over(row["referral"]):
        raise RuleBroken("这次活已经结束，不能再变更协议。")
    referral = await Referral.select(Referral.number, Referral.station).where(Referral.id == row["referral"]).first()
    text = await wording_in_force(AgreementType(row["type"]))
    draft = await queries.opened_draft(agreement_id)
    more = {"guidance": row["guidance"], "third_party": row["third_party"], "amends": agreement_id, "amend_reason": reason}
    agreed = {name: value for name, value in draft.agreed.items() if name in text.places}
    modules = tuple(key for key in queries.modules_of(row) if key in text.modules)
    return await _insert(
        text, referral or {}, row["referral"], agreed, modules, draft.changed, actor, more, amends=row["number"], reason=reason
    )


@action
async def cancel_agreement(agreement_id: int, reason: str, *, actor: Actor) -> None:
    """Give up an agreement that nobody signed; its paper is void. RuleBroken: signed, or a reason under five characters."""
    row = await agreement_row(agreement_id)
    state = next_state(AgreementState(row["state"]), AgreementEvent.CANCEL)
    reason = check_reason(reason, "why")[:200]
    moment = now()
    await _void_paper(row, reason, actor)
    await forget_sitting(agreement_id, reason)
    await Agreement.update({Agreement.state: state.value, Agreement.ended_at: moment, Agreement.end_reason: reason}).where(
        Agreement.id == agreement_id
    )
    await _note(EventKind.AGREEMENT_CANCELLED, row, actor, reason=reason, was=row["state"])


async def forget_sitting(agreement_id: int, reason: str) -> None:
    """Inside the caller's transaction: an open sitting on a screen ends, its codes and its handwriting are emptied.

    Half a sitting is no agreement, so nobody needs what was written (PIPL 6, 47); that it was written stays, with its hash.
    """
    ended = (
        await Signing.update({Signing.ended_at: now(), Signing.end_reason: reason, Signing.codes: ""})
        .where(Signing.agreement == agreement_id, Signing.ended_at.is_null())
        .returning(Signing.id)
    )
    await Signature.update({Signature.strokes: ""}).where(Signature.signing.is_in([row["id"] for row in ended] or [0]))


async def _refuse_beside_amendment(row: Mapping[str, Any]) -> None:
    if other := await queries.open_amendment(row["id"]):
        raise RuleBroken(f"这份协议正在变更，新的一份是{other}。请先签好或者取消那一份。")


async def _work_over(referral_id: int) -> bool:
    return await Referral.exists().where(Referral.id == referral_id, Referral.state.is_in([state.value for state in ENDED_STATES]))


async def _void_paper(row: dict[str, Any], reason: str, actor: Actor) -> None:
    for kind in (paper_kind(AgreementType(row["type"])), PaperKind.LARGE_PRINT):
        await documents.void_papers(
            kind,
            row["number"],
            reason,
            subject=SUBJECT,
            subject_id=row["id"],
            station_id=row["station"],
            actor=actor,
        )


async def agreement_row(agreement_id: int) -> dict[str, Any]:
    """The open columns that steps of an agreement need. RuleBroken when there is none."""
    row = (
        await Agreement.select(
            Agreement.id,
            Agreement.number,
            Agreement.type,
            Agreement.template_version,
            Agreement.referral,
            Agreement.station,
            Agreement.state,
            Agreement.version,
            Agreement.modules,
            Agreement.changed_at,
            Agreement.signed_at,
            Agreement.guidance,
            Agreement.third_party,
            Agreement.amends,
            Agreement.amend_reason,
        )
        .where(Agreement.id == agreement_id)
        .first()
    )
    if row is None:
        raise RuleBroken("没有找到这份协议，请刷新页面。")
    return row


async def _note(
    kind: EventKind,
    row: dict[str, Any],
    actor: Actor | None,
    *,
    at: datetime | None = None,
    late_reason: str | None = None,
    **particulars: Any,
) -> None:
    await record(
        kind,
        subject=SUBJECT,
        subject_id=row["id"],
        actor=actor,
        station_id=row["station"],
        at=at,
        late_reason=late_reason,
        agreement=row["number"],
        **particulars,
    )
