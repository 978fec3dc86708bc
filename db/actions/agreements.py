"""Drafting, printing, signing, delivering and voiding agreements (domain reference 3.6)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db import archive
from db.actions import documents
from db.actions import referrals as referral_actions
from db.actions.journal import record
from db.clock import now, today
from db.ids import new_id
from db.numbers import next_number
from db.queries import agreements as queries
from db.tables.agreements import Agreement, SignedScan
from db.tables.referrals import Referral
from db.transaction import action
from db.vault import vault
from rules.agreement_drafts import check_can_revise, check_complete, compose, stored_changes
from rules.agreements import AgreementEvent, next_state, template_version
from rules.codes import AgreementState, AgreementType, PaperKind, ReferralState
from rules.errors import RuleBroken
from rules.jobs import check_reason
from rules.journal import EventKind
from rules.numbers import agreement_number
from rules.permissions import Actor

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
    changed: Mapping[str, Any] | None = None,
) -> AgreementRef:
    """A draft for a referral both sides agreed to, filled from post, employer and worker.

    `values`: placeholder name → text for what was agreed at the counter. `changed`: terms of the post agreed otherwise
    (`rules.agreement_drafts.CHANGEABLE`). RuleBroken: the referral is not that far, there is an agreement already, or
    this paper is the wrong one for these two.
    """
    referral = await Referral.select(Referral.number, Referral.station).where(Referral.id == referral_id).first()
    if referral is None:
        raise RuleBroken("没有找到这次推荐，请刷新页面。")
    if other := await queries.agreement_of_referral(referral_id):
        raise RuleBroken(f"这次推荐已经有协议{other['number']}，请打开那一份继续办理。")
    moment = now()
    year = today().year
    kind = AgreementType.ONE_OFF_SERVICE
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
            template_version=template_version(),
            modules=",".join(modules),
            values=await _sealed(agreement_id, referral_id, number, values, changed or {}, actor),
            drafted_by=actor.id,
            created_at=moment,
            changed_at=moment,
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
        template_version=template_version(),
    )
    return AgreementRef(agreement_id, number)


async def _sealed(
    agreement_id: int, referral_id: int, number: str, agreed: Mapping[str, str], changed: Mapping[str, Any], actor: Actor
) -> str:
    source = await queries.opened_source(referral_id, number=number, guide=actor.name)
    composed = compose(source, agreed, changed, today=today())
    kept = {"values": composed.values, "agreed": dict(agreed), "changed": stored_changes(changed)}
    return vault().seal("agreement.values", str(agreement_id), json.dumps(kept, ensure_ascii=False, sort_keys=True))


@action
async def revise_agreement(
    agreement_id: int,
    values: Mapping[str, str],
    modules: tuple[str, ...] | list[str] = (),
    *,
    actor: Actor,
    changed: Mapping[str, Any] | None = None,
) -> AgreementRef:
    """Change what a draft says. A printed one becomes the next version and its paper is void; a signed one stays."""
    row = await _row(agreement_id)
    state = AgreementState(row["state"])
    check_can_revise(state)
    version = row["version"]
    if state is AgreementState.PRINTED:
        version += 1
        await _void_paper(row, f"协议修改为第{version}版", actor)
    await Agreement.update(
        {
            Agreement.values: await _sealed(agreement_id, row["referral"], row["number"], values, changed or {}, actor),
            Agreement.modules: ",".join(modules),
            Agreement.state: AgreementState.DRAFT.value,
            Agreement.version: version,
            Agreement.template_version: template_version(),
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
    row = await _row(agreement_id)
    if row["changed_at"] != drafted_at:
        raise RuleBroken("刚才有人改了这份协议，请看过新内容后再打印。")
    state = next_state(AgreementState(row["state"]), AgreementEvent.PRINT)
    check_complete((await queries.opened_draft(agreement_id)).values, queries.modules_of(row))
    issued = await documents.issue_paper(
        kind=PaperKind.AGREEMENT,
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


async def attach_scan(agreement_id: int, body: bytes, name: str, *, actor: Actor) -> int:
    """Check, keep and attach a scan in one go (the file's `name` is not trusted and not kept); gives its id."""
    scan = await archive.keep_scan(body)
    try:
        return await attach_kept_scan(agreement_id, scan, actor=actor)
    except RuleBroken:
        await archive.discard(scan.kept.key)
        raise


@action
async def attach_kept_scan(agreement_id: int, scan: archive.KeptScan, *, actor: Actor) -> int:
    """The scan of the paper both sides signed: the agreement is signed and the referral confirmed.

    A further scan of a signed agreement is a further row; the first stays. RuleBroken before it was printed.
    """
    row = await _row(agreement_id)
    state = AgreementState(row["state"])
    scan_id = new_id()
    first = state not in (AgreementState.SIGNED, AgreementState.DELIVERED)
    if first:
        following = next_state(state, AgreementEvent.SIGN)
        await Agreement.update({Agreement.state: following.value, Agreement.signed_at: now()}).where(Agreement.id == agreement_id)
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
    await _note(EventKind.AGREEMENT_SIGNED, row, actor, version=row["version"], sha256=scan.kept.sha256, further_scan=not first)
    referral = await Referral.select(Referral.state).where(Referral.id == row["referral"]).first()
    if first and referral and referral["state"] == ReferralState.EMPLOYER_ACCEPTED.value:
        await referral_actions.confirm(row["referral"], actor=actor)
    return scan_id


@action
async def deliver(agreement_id: int, how: str, *, actor: Actor) -> None:
    """Record that the worker got a copy, and how. RuleBroken before it is signed, or without saying how."""
    row = await _row(agreement_id)
    state = next_state(AgreementState(row["state"]), AgreementEvent.DELIVER)
    if not how.strip():
        raise RuleBroken("请选择这一份是怎么交给零工的。", "how")
    await Agreement.update(
        {
            Agreement.state: state.value,
            Agreement.delivered_at: now(),
            Agreement.delivered_how: how[:60],
            Agreement.delivered_by: actor.id,
        }
    ).where(Agreement.id == agreement_id)
    await _note(EventKind.AGREEMENT_DELIVERED, row, actor, how=how[:60])


@action
async def void_agreement(agreement_id: int, reason: str, *, actor: Actor) -> None:
    """Void an agreement and its paper; both stay on record. RuleBroken: void already, or a reason under five characters."""
    row = await _row(agreement_id)
    state = next_state(AgreementState(row["state"]), AgreementEvent.VOID)
    reason = check_reason(reason)
    await _void_paper(row, reason, actor)
    await Agreement.update({Agreement.state: state.value, Agreement.voided_at: now(), Agreement.void_reason: reason}).where(
        Agreement.id == agreement_id
    )
    await _note(EventKind.AGREEMENT_VOIDED, row, actor, reason=reason, was=row["state"])


async def _void_paper(row: dict[str, Any], reason: str, actor: Actor) -> None:
    await documents.void_papers(
        PaperKind.AGREEMENT,
        row["number"],
        reason,
        subject=SUBJECT,
        subject_id=row["id"],
        station_id=row["station"],
        actor=actor,
    )


async def _row(agreement_id: int) -> dict[str, Any]:
    row = (
        await Agreement.select(
            Agreement.id,
            Agreement.number,
            Agreement.referral,
            Agreement.station,
            Agreement.state,
            Agreement.version,
            Agreement.modules,
            Agreement.changed_at,
        )
        .where(Agreement.id == agreement_id)
        .first()
    )
    if row is None:
        raise RuleBroken("没有找到这份协议，请刷新页面。")
    return row


async def _note(kind: EventKind, row: dict[str, Any], actor: Actor, **particulars: Any) -> None:
    await record(
        kind,
        subject=SUBJECT,
        subject_id=row["id"],
        actor=actor,
        station_id=row["station"],
        agreement=row["number"],
        **particulars,
    )
