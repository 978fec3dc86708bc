"""Scans that find their agreement by themselves: received, put to their agreement, or left for a person to look at.

The pictures are opened and read before these actions run; nothing here decodes anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from db import archive
from db.actions import agreements
from db.actions.journal import record
from db.clock import now
from db.ids import new_id
from db.tables.agreements import Agreement, IncomingScan
from db.transaction import action
from rules.codes import AgreementState, IncomingState
from rules.errors import RuleBroken
from rules.incoming_scans import Mark, check_mark_fits, check_signatures_seen, check_version
from rules.jobs import check_reason
from rules.journal import EventKind
from rules.numbers import number_and_version
from rules.permissions import Actor
from rules.scans import ScanType

SUBJECT = "incoming_scan"
_OPEN = (IncomingState.READING.value, IncomingState.UNKNOWN.value)
_SETTLED = "这份扫描件已经有人处理过了，请刷新页面看一看。"


@action
async def receive_scans(scans: Sequence[archive.KeptScan], *, signatures_seen: bool, actor: Actor) -> list[int]:
    """Note uploaded scans, which are then read; their ids in the same order.

    RuleBroken unless whoever uploads them says that they looked at both signatures on each: nobody is asked later.
    """
    check_signatures_seen(signatures_seen)
    return [await _received(scan, "", actor) for scan in scans]


async def _received(scan: archive.KeptScan, number: str, actor: Actor, pages: int = 1) -> int:
    scan_id = new_id()
    await IncomingScan.insert(
        IncomingScan(
            id=scan_id,
            station=actor.station_id,
            media_type=scan.kind.value,
            size=scan.kept.size,
            pages=pages,
            sha256=scan.kept.sha256,
            archive_key=scan.kept.key,
            state=IncomingState.READING.value,
            read_number=number,
            uploaded_by=actor.id,
            uploaded_at=now(),
        )
    )
    await _note(EventKind.SCAN_RECEIVED, scan_id, actor, sha256=scan.kept.sha256, size=scan.kept.size, signatures_seen=True)
    return scan_id


@action
async def note_pages(scan_id: int, pages: int) -> None:
    """Keep how many pages the file has. Not journalled: it changes nothing of what was received."""
    await IncomingScan.update({IncomingScan.pages: pages}).where(IncomingScan.id == scan_id)


@action
async def split_scan(scan_id: int, parts: Sequence[tuple[Mark, int, archive.KeptScan]], *, actor: Actor) -> list[int]:
    """Replace a file of several agreements by one scan for each (mark, pages, file); the ids, in order.

    The first takes the place of the whole file, whose bytes the caller discards. RuleBroken when somebody settled it.
    """
    row = await _open(scan_id)
    (mark, pages, scan), *others = parts
    await IncomingScan.update(
        {
            IncomingScan.pages: pages,
            IncomingScan.size: scan.kept.size,
            IncomingScan.sha256: scan.kept.sha256,
            IncomingScan.archive_key: scan.kept.key,
            IncomingScan.read_number: mark.printed,
        }
    ).where(IncomingScan.id == scan_id)
    ids = [scan_id] + [await _received(other, other_mark.printed, actor, count) for other_mark, count, other in others]
    await _note(
        EventKind.SCAN_SPLIT,
        scan_id,
        actor,
        sha256=row["sha256"],
        agreements=[each.number for each, _, _ in parts],
    )
    return ids


@action
async def place_scan(scan_id: int, agreement_id: int, mark: Mark, *, actor: Actor) -> None:
    """The code on the scan names this agreement: it is signed now, and the scan is its evidence.

    RuleBroken: another version was signed, it is signed already, it is void, or the scan was settled meanwhile.
    """
    row = await _open(scan_id)
    agreement = await _agreement(agreement_id)
    check_mark_fits(mark, AgreementState(agreement["state"]), agreement["version"])
    await _attach(row, agreement, IncomingState.FOUND, actor, read_number=mark.printed)


@action
async def assign_scan(scan_id: int, agreement_id: int, *, actor: Actor) -> None:
    """Somebody looked and says which agreement this is. RuleBroken when its code names another version of the same one."""
    row = await _open(scan_id)
    agreement = await _agreement(agreement_id)
    number, version = number_and_version(row["read_number"])
    if number == agreement["number"]:
        check_version(Mark(number, version), agreement["version"])
    await _attach(row, agreement, IncomingState.ASSIGNED, actor)


async def _attach(row: dict[str, Any], agreement: dict[str, Any], state: IncomingState, actor: Actor, read_number: str = "") -> None:
    kept = archive.Kept(row["archive_key"], row["sha256"], row["size"])
    scan = archive.KeptScan(ScanType(row["media_type"]), kept)
    # Nothing is received whose signatures were not looked at (`receive_scans`).
    await agreements.attach_kept_scan(agreement["id"], scan, signatures_seen=True, actor=actor)
    await _settle(row["id"], state, actor, agreement_id=agreement["id"], read_number=read_number or row["read_number"])
    await _note(
        EventKind.SCAN_ASSIGNED,
        row["id"],
        actor,
        agreement=agreement["number"],
        sha256=row["sha256"],
        by_hand=state is IncomingState.ASSIGNED,
    )


@action
async def leave_scan(scan_id: int, why: str, *, read_number: str = "", actor: Actor) -> None:
    """The scan found no agreement by itself; it waits in the list with the sentence that says why."""
    await _open(scan_id)
    await IncomingScan.update(
        {IncomingScan.state: IncomingState.UNKNOWN.value, IncomingScan.why: why[:200], IncomingScan.read_number: read_number[:20]}
    ).where(IncomingScan.id == scan_id)
    await _note(EventKind.SCAN_UNPLACED, scan_id, actor, reason=why)


@action
async def dismiss_scan(scan_id: int, reason: str, *, actor: Actor) -> str:
    """This is no signed agreement of ours: the row stays with the reason. Gives the key of the file, which then goes.

    RuleBroken: settled already, or a reason under five characters.
    """
    row = await _open(scan_id)
    reason = check_reason(reason)
    await _settle(scan_id, IncomingState.DISMISSED, actor, why=reason, read_number=row["read_number"])
    await IncomingScan.update({IncomingScan.archive_key: ""}).where(IncomingScan.id == scan_id)
    await _note(EventKind.SCAN_DISMISSED, scan_id, actor, reason=reason, sha256=row["sha256"])
    return str(row["archive_key"])


async def _settle(
    scan_id: int, state: IncomingState, actor: Actor, *, read_number: str, why: str = "", agreement_id: int | None = None
) -> None:
    await IncomingScan.update(
        {
            IncomingScan.state: state.value,
            IncomingScan.why: why[:200],
            IncomingScan.read_number: read_number,
            IncomingScan.agreement: agreement_id,
            IncomingScan.settled_by: actor.id,
            IncomingScan.settled_at: now(),
        }
    ).where(IncomingScan.id == scan_id)


async def _open(scan_id: int) -> dict[str, Any]:
    row = (
        await IncomingScan.select(
            IncomingScan.id,
            IncomingScan.media_type,
            IncomingScan.size,
            IncomingScan.sha256,
            IncomingScan.archive_key,
            IncomingScan.read_number,
        )
        .where(IncomingScan.id == scan_id, IncomingScan.state.is_in(list(_OPEN)))
        .first()
    )
    if row is None:
        raise RuleBroken(_SETTLED)
    return row


async def _agreement(agreement_id: int) -> dict[str, Any]:
    row = (
        await Agreement.select(Agreement.id, Agreement.number, Agreement.state, Agreement.version)
        .where(Agreement.id == agreement_id)
        .first()
    )
    if row is None:
        raise RuleBroken("没有找到这份协议，请刷新页面。")
    return row


async def _note(kind: EventKind, scan_id: int, actor: Actor, **particulars: Any) -> None:
    await record(kind, subject=SUBJECT, subject_id=scan_id, actor=actor, station_id=actor.station_id, **particulars)
