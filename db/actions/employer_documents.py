"""The documents of an employer: received, checked against the original, withdrawn, looked at. Nothing is ever removed."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from db.actions.journal import record
from db.archive import KeptScan
from db.clock import now, today
from db.ids import new_id
from db.queries.employer_documents import document_of
from db.tables.employers import Employer, EmployerDocument
from db.transaction import action
from db.vault import vault
from rules.codes import EmployerDocumentKind
from rules.employer_documents import ORIGINAL_ONLY, NewDocument, check_new_document, outdated
from rules.errors import RuleBroken
from rules.jobs import check_reason
from rules.journal import EventKind
from rules.permissions import Actor, Role


@action
async def add_document(employer_id: int, new: NewDocument, scan: KeptScan | None, *, actor: Actor) -> int:
    """Keep a document, with its copy `scan` if there is one; its id. It takes the place of an earlier one of its kind.

    What staff take in at the counter is checked by that; what the employer itself sends waits to be checked.
    RuleBroken: a copy of an identity card, neither copy nor original, or out of date.
    """
    check_new_document(new, copied=scan is not None, today=today())
    if new.kind is not EmployerDocumentKind.OTHER:
        await _withdraw_kinds(employer_id, {new.kind}, "换成了新的一份", actor)
    id = await _insert(employer_id, new, scan, actor)
    await _note(EventKind.EMPLOYER_DOCUMENT_ADDED, employer_id, actor, document=new.kind.value, copied=scan is not None)
    return id


@action
async def check_document(employer_id: int, document_id: int, *, original_seen: bool, actor: Actor) -> None:
    """Somebody at the station compared a document that the employer sent. RuleBroken: withdrawn, checked, out of date."""
    row = await _row(employer_id, document_id)
    if row["checked_at"] is not None:
        raise RuleBroken("这份证照已经核对过了，请刷新页面。")
    if outdated(row["valid_to"], today()):
        raise RuleBroken("这份证照已经过了有效期，请让雇主换新的证照。")
    await EmployerDocument.update(
        {
            EmployerDocument.checked_by: actor.id,
            EmployerDocument.checked_at: now(),
            EmployerDocument.original_seen: row["original_seen"] or original_seen,
        }
    ).where(EmployerDocument.id == document_id)
    await _note(EventKind.EMPLOYER_DOCUMENT_CHECKED, employer_id, actor, document=row["kind"], original_seen=original_seen)


@action
async def withdraw_document(employer_id: int, document_id: int, reason: str, *, actor: Actor) -> None:
    """A document proves nothing any more: kept, with the reason, but not counted. RuleBroken on `reason`."""
    row = await _row(employer_id, document_id)
    why = check_reason(reason)
    await _withdraw([document_id], why, actor)
    await _note(EventKind.EMPLOYER_DOCUMENT_WITHDRAWN, employer_id, actor, document=row["kind"], reason=why)


@action
async def open_document(employer_id: int, document_id: int, *, actor: Actor) -> dict[str, Any]:
    """Note that somebody looks at a document's copy; its row, for the archive. LookupError: none, or without a copy."""
    row = await document_of(employer_id, document_id)
    if row is None or not row["archived"]:
        raise LookupError(document_id)
    await _note(EventKind.EMPLOYER_DOCUMENT_OPENED, employer_id, actor, document=row["kind"])
    return row


async def see_originals(employer_id: int, kinds: Collection[EmployerDocumentKind], *, actor: Actor) -> None:
    """Inside a verification: its actor saw these originals just now. A copy that waits to be checked is checked by that."""
    for kind in kinds:
        waiting = (
            await EmployerDocument.select(EmployerDocument.id)
            .where(
                EmployerDocument.employer == employer_id,
                EmployerDocument.kind == kind.value,
                EmployerDocument.withdrawn_at.is_null(),
                EmployerDocument.checked_at.is_null(),
            )
            .order_by(EmployerDocument.id, ascending=False)
            .first()
        )
        if waiting:
            await EmployerDocument.update(
                {
                    EmployerDocument.checked_by: actor.id,
                    EmployerDocument.checked_at: now(),
                    EmployerDocument.original_seen: True,
                }
            ).where(EmployerDocument.id == waiting["id"])
        else:
            await _withdraw_kinds(employer_id, {kind}, "换成了新的一份", actor)
            await _insert(employer_id, NewDocument(kind, original_seen=True), None, actor)


async def undo_documents(employer_id: int, kinds: Collection[EmployerDocumentKind], reason: str, *, actor: Actor) -> None:
    """Inside a change of the employer's data: what was shown before proves nothing about the new data."""
    await _withdraw_kinds(employer_id, kinds, reason, actor)


async def _withdraw_kinds(employer_id: int, kinds: Collection[EmployerDocumentKind], reason: str, actor: Actor) -> None:
    if not kinds:
        return
    rows = await EmployerDocument.select(EmployerDocument.id).where(
        EmployerDocument.employer == employer_id,
        EmployerDocument.kind.is_in([kind.value for kind in kinds]),
        EmployerDocument.withdrawn_at.is_null(),
    )
    await _withdraw([row["id"] for row in rows], reason, actor)


async def _withdraw(ids: list[int], reason: str, actor: Actor) -> None:
    if ids:
        await EmployerDocument.update(
            {
                EmployerDocument.withdrawn_at: now(),
                EmployerDocument.withdrawn_by: actor.id,
                EmployerDocument.withdrawn_reason: reason[:200],
            }
        ).where(EmployerDocument.id.is_in(ids))


async def _insert(employer_id: int, new: NewDocument, scan: KeptScan | None, actor: Actor) -> int:
    id, moment = new_id(), now()
    at_counter = actor.role is not Role.EMPLOYER
    await EmployerDocument.insert(
        EmployerDocument(
            id=id,
            employer=employer_id,
            kind=new.kind.value,
            number=vault().seal("employer_document.number", id, "" if new.kind in ORIGINAL_ONLY else new.number),
            valid_to=new.valid_to,
            archived=scan.kept.key if scan else "",
            sha256=scan.kept.sha256 if scan else "",
            media_type=scan.kind.value if scan else "",
            size=scan.kept.size if scan else 0,
            original_seen=new.original_seen and at_counter,
            note=new.note,
            added_by=actor.id,
            added_at=moment,
            checked_by=actor.id if at_counter else None,
            checked_at=moment if at_counter else None,
        )
    )
    return id


async def _row(employer_id: int, document_id: int) -> dict[str, Any]:
    row = await document_of(employer_id, document_id)
    if row is None:
        raise LookupError(document_id)
    if row["withdrawn_at"] is not None:
        raise RuleBroken("这份证照已经停用了，请刷新页面。")
    return row


async def _note(kind: EventKind, employer_id: int, actor: Actor, **particulars: Any) -> None:
    row = await Employer.select(Employer.station).where(Employer.id == employer_id).first()
    if row is None:
        raise LookupError(employer_id)
    await record(kind, subject="employer", subject_id=employer_id, actor=actor, station_id=row["station"], **particulars)
