"""Exports (导出): asked for with a purpose, decided by a second person, made and marked by the server, fetched by the asker."""

from __future__ import annotations

import json
from collections.abc import Mapping

from db.actions.journal import record
from db.archive import Kept
from db.clock import now
from db.ids import new_id
from db.queries import exports as queries
from db.tables.transfers import Export
from db.transaction import action
from rules.codes import ExportPurpose, ExportState
from rules.errors import RuleBroken
from rules.exports import FETCHED_WITHIN, can_be_fetched, check_decider, check_purpose, check_size, decision_reason
from rules.journal import EventKind
from rules.permissions import Actor

SUBJECT = "export"
MADE_AT_ONCE = 5
"""Exports one person may have waiting for a decision."""


@action
async def ask_export(kind: str, search: Mapping[str, str], purpose: ExportPurpose, note: str, rows: int, *, actor: Actor) -> int:
    """Ask for a list; its id. `rows` is what the server counted. RuleBroken: no purpose, nothing or too much, too many asked."""
    note = check_purpose(purpose, note)
    check_size(rows)
    waiting = await Export.count().where(Export.asked_by == actor.id, Export.state == ExportState.ASKED.value)
    if waiting >= MADE_AT_ONCE:
        raise RuleBroken(f"您已有{MADE_AT_ONCE}个导出申请在等审批，请等批完再申请。")
    id = new_id()
    await Export.insert(
        Export(
            id=id,
            station=actor.station_id,
            kind=kind,
            search=json.dumps(dict(search), ensure_ascii=False),
            purpose=purpose.value,
            note=note,
            state=ExportState.ASKED.value,
            asked_by=actor.id,
            asked_at=now(),
            rows=rows,
        )
    )
    await record(
        EventKind.EXPORT_ASKED,
        subject=SUBJECT,
        subject_id=id,
        actor=actor,
        station_id=actor.station_id,
        listing=kind,
        export_purpose=purpose.value,
        rows=rows,
    )
    return id


@action
async def decide_export(export_id: int, *, approve: bool, reason: str, actor: Actor) -> None:
    """Approve or refuse somebody else's request. The caller found it in scope. RuleBroken: one's own, decided, or no reason."""
    row = await Export.select(Export.state, Export.asked_by, Export.station, Export.kind, Export.rows).where(Export.id == export_id).first()
    if row is None:
        raise LookupError(export_id)
    check_decider(actor, row["asked_by"], ExportState(row["state"]))
    state = ExportState.APPROVED if approve else ExportState.REFUSED
    why = decision_reason(approve, reason)
    await Export.update(
        {Export.state: state.value, Export.decided_by: actor.id, Export.decided_at: now(), Export.decision_reason: why}
    ).where(Export.id == export_id)
    await record(
        EventKind.EXPORT_DECIDED,
        subject=SUBJECT,
        subject_id=export_id,
        actor=actor,
        station_id=row["station"],
        listing=row["kind"],
        export_state=state.value,
        reason=why,
        rows=row["rows"],
    )


@action
async def keep_export(export_id: int, kept: Kept, rows: int, mark: str) -> bool:
    """Note the made file; False when another process was faster, and this one's file must go."""
    made = (
        await Export.update(
            {
                Export.state: ExportState.MADE.value,
                Export.made: kept.key,
                Export.made_sha256: kept.sha256,
                Export.rows: rows,
                Export.size: kept.size,
                Export.mark: mark,
                Export.made_at: now(),
            }
        )
        .where(Export.id == export_id, Export.state == ExportState.APPROVED.value)
        .returning(Export.station, Export.kind)
    )
    if not made:
        return False
    await record(
        EventKind.EXPORT_MADE,
        subject=SUBJECT,
        subject_id=export_id,
        actor=None,
        station_id=made[0]["station"],
        listing=made[0]["kind"],
        rows=rows,
        size=kept.size,
        mark=mark,
        sha256=kept.sha256,
    )
    return True


@action
async def fail_export(export_id: int, reason: str) -> None:
    """The file could not be made, with the sentence."""
    failed = (
        await Export.update({Export.state: ExportState.FAILED.value, Export.decision_reason: reason})
        .where(Export.id == export_id, Export.state == ExportState.APPROVED.value)
        .returning(Export.station)
    )
    if failed:
        await record(
            EventKind.EXPORT_MADE,
            subject=SUBJECT,
            subject_id=export_id,
            actor=None,
            station_id=failed[0]["station"],
            export_state=ExportState.FAILED.value,
            reason=reason,
        )


@action
async def fetch_export(export_id: int, *, actor: Actor) -> tuple[str, str]:
    """Hand the file to its asker: archive key and SHA-256. RuleBroken: not the asker's, or a week is over."""
    row = (
        await Export.select(
            Export.asked_by, Export.state, Export.station, Export.kind, Export.made, Export.made_sha256, Export.made_at, Export.mark
        )
        .where(Export.id == export_id)
        .first()
    )
    if row is None or row["asked_by"] != actor.id:
        raise RuleBroken("只有申请人自己能下载。")
    if not can_be_fetched(ExportState(row["state"]), row["made_at"], now()) or not row["made"]:
        raise RuleBroken(f"文件只保留{FETCHED_WITHIN.days}天，已经删除或者还没生成。需要的请重新申请。")
    await Export.update({Export.fetched_at: now()}).where(Export.id == export_id)
    await record(
        EventKind.EXPORT_FETCHED,
        subject=SUBJECT,
        subject_id=export_id,
        actor=actor,
        station_id=row["station"],
        listing=row["kind"],
        mark=row["mark"],
    )
    return row["made"], row["made_sha256"]


@action
async def _forget(export_id: int) -> None:
    await Export.update({Export.made: ""}).where(Export.id == export_id)


async def forget_files() -> list[str]:
    """Drop files older than a week; the archive keys to discard."""
    rows = await queries.files_to_forget(now() - FETCHED_WITHIN)
    for row in rows:
        await _forget(row["id"])
    return [row["made"] for row in rows]
