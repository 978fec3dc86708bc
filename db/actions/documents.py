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
from rules.journal import EventKind
from rules.permissions import Actor

REPLACED = "内容有更新，由新的一份代替"


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
    if before and queries.opened_snapshot(before) == snapshot:
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
