"""Issuing and voiding papers: a number, a copy number, the sealed snapshot, the hash (art. 16, 23).

The bytes are printed and lie in the archive before these actions run; nothing here renders.
"""

from __future__ import annotations

from dataclasses import dataclass

from db.actions.journal import record
from db.archive import Kept
from db.clock import now
from db.ids import new_id
from db.queries import documents as queries
from db.tables.documents import Paper
from db.transaction import action
from db.vault import vault
from rules.codes import PaperKind
from rules.errors import RuleBroken
from rules.jobs import check_reason
from rules.journal import EventKind
from rules.permissions import Actor
from rules.snapshots import same_paper

REPLACED = "内容有更新，由新的一份代替"

OF_AN_AGREEMENT = "这是协议的文书：请打开协议，在那里修改或者作废，它的文书会一起作废。"
"""An agreement and its papers are void together, never one without the other."""


@dataclass(frozen=True, slots=True)
class PaperRef:
    """An issued paper: its row, its copy number, and whether it was issued now (False: the same one lay there)."""

    id: int
    copy_number: int
    fresh: bool


@action
async def issue_paper(
    *,
    kind: PaperKind,
    number: str,
    subject: str,
    subject_id: int,
    station_id: int,
    snapshot: str,
    kept: Kept,
    actor: Actor,
) -> PaperRef:
    """Give out a paper under a number. `snapshot` is the JSON it was printed from and is sealed here.

    A valid copy with the same snapshot is given again (`fresh` False: the caller discards the new file). A valid copy
    with another snapshot is voided, never deleted.
    """
    before = await queries.current_paper(kind, number)
    if before and same_paper(kind, queries.opened_snapshot(before), snapshot):
        return PaperRef(before["id"], before["copy_number"], False)
    moment = now()
    if before:
        await Paper.update({Paper.voided_at: moment, Paper.voided_by: actor.id, Paper.void_reason: REPLACED}).where(
            Paper.id == before["id"]
        )
    paper_id = new_id()
    copy_number = await queries.last_copy_number(kind, number) + 1
    await Paper.insert(
        Paper(
            id=paper_id,
            number=number,
            kind=kind.value,
            copy_number=copy_number,
            subject=subject,
            subject_id=subject_id,
            station=station_id,
            snapshot=vault().seal("paper.snapshot", str(paper_id), snapshot),
            sha256=kept.sha256,
            unsigned_sha256=kept.unsigned_sha256,
            archive_key=kept.key,
            size=kept.size,
            issued_by=actor.id,
            issued_at=moment,
        )
    )
    await record(
        EventKind.PAPER_ISSUED,
        subject=subject,
        subject_id=subject_id,
        actor=actor,
        station_id=station_id,
        paper=number,
        paper_kind=kind.value,
        copy_number=copy_number,
        sha256=kept.sha256,
        unsigned_sha256=kept.unsigned_sha256,
        replaces=before["copy_number"] if before else None,
    )
    return PaperRef(paper_id, copy_number, True)


@action
async def void_papers(kind: PaperKind, number: str, reason: str, *, subject: str, subject_id: int, station_id: int, actor: Actor) -> None:
    """Void the valid copy under a number, if there is one; it stays in the archive. RuleBroken without a reason."""
    if not reason.strip():
        raise RuleBroken("请写明作废的原因。", "reason")
    before = await queries.current_paper(kind, number)
    if before is None:
        return
    await Paper.update({Paper.voided_at: now(), Paper.voided_by: actor.id, Paper.void_reason: reason[:200]}).where(Paper.id == before["id"])
    await record(
        EventKind.PAPER_VOIDED,
        subject=subject,
        subject_id=subject_id,
        actor=actor,
        station_id=station_id,
        paper=number,
        paper_kind=kind.value,
        copy_number=before["copy_number"],
        reason=reason,
    )


@action
async def void_paper(paper_id: int, reason: str, *, actor: Actor) -> None:
    """Void one issued paper that is wrong; it stays in the archive, and what is printed next is the next copy.

    RuleBroken: a reason under five characters, void already, or a paper of an agreement, which is voided with it.
    LookupError: no such paper; the caller found it in reach.
    """
    reason = check_reason(reason)[:200]
    columns = (Paper.number, Paper.kind, Paper.copy_number, Paper.subject, Paper.subject_id, Paper.station, Paper.voided_at)
    row = await Paper.select(*columns).where(Paper.id == paper_id).first()
    if row is None:
        raise LookupError(paper_id)
    if row["subject"] == "agreement":
        raise RuleBroken(OF_AN_AGREEMENT)
    if row["voided_at"] is not None:
        raise RuleBroken("这份文书已经作废了，请刷新页面看一看。")
    await Paper.update({Paper.voided_at: now(), Paper.voided_by: actor.id, Paper.void_reason: reason}).where(
        Paper.id == paper_id, Paper.voided_at.is_null()
    )
    await record(
        EventKind.PAPER_VOIDED,
        subject=row["subject"],
        subject_id=row["subject_id"],
        actor=actor,
        station_id=row["station"],
        paper=row["number"],
        paper_kind=row["kind"],
        copy_number=row["copy_number"],
        reason=reason,
    )
