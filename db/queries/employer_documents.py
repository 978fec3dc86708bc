"""Questions about an employer's documents and the decisions about it (雇主证照, 核验和信用决定)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from db.tables.employers import EmployerDecision, EmployerDocument
from db.vault import vault
from rules.codes import EmployerDocumentKind, EmployerState
from rules.employer_documents import HeldDocument

_ROW = (
    EmployerDocument.id,
    EmployerDocument.kind,
    EmployerDocument.number,
    EmployerDocument.valid_to,
    EmployerDocument.archived,
    EmployerDocument.sha256,
    EmployerDocument.media_type,
    EmployerDocument.size,
    EmployerDocument.original_seen,
    EmployerDocument.note,
    EmployerDocument.added_by.name.as_alias("added_by"),
    EmployerDocument.added_at,
    EmployerDocument.checked_by.name.as_alias("checked_by"),
    EmployerDocument.checked_at,
    EmployerDocument.withdrawn_at,
    EmployerDocument.withdrawn_by.name.as_alias("withdrawn_by"),
    EmployerDocument.withdrawn_reason,
)


async def documents_of(employer_id: int) -> list[dict[str, Any]]:
    """Every document of an employer, those in force first, then newest first; `number` sealed."""
    rows = (
        await EmployerDocument.select(*_ROW).where(EmployerDocument.employer == employer_id).order_by(EmployerDocument.id, ascending=False)
    )
    return sorted(rows, key=lambda row: row["withdrawn_at"] is not None)


async def held_documents(employer_id: int, *, since: datetime | None = None) -> list[HeldDocument]:
    """What verification looks at: the documents that were not withdrawn; a check up to `since` counts no more."""
    rows = await EmployerDocument.select(EmployerDocument.kind, EmployerDocument.checked_at, EmployerDocument.valid_to).where(
        EmployerDocument.employer == employer_id, EmployerDocument.withdrawn_at.is_null()
    )

    def counts(checked_at: datetime | None) -> bool:
        return checked_at is not None and (since is None or checked_at > since)

    return [HeldDocument(EmployerDocumentKind(row["kind"]), counts(row["checked_at"]), row["valid_to"]) for row in rows]


async def verified_since(employer_id: int) -> datetime | None:
    """When an employer that is verified now was last verified: to verify it again, its documents are looked at again."""
    row = (
        await EmployerDecision.select(EmployerDecision.at, EmployerDecision.employer.state.as_alias("state"))
        .where(EmployerDecision.employer == employer_id, EmployerDecision.decision == EmployerState.VERIFIED.value)
        .order_by(EmployerDecision.id, ascending=False)
        .first()
    )
    return row["at"] if row and row["state"] == EmployerState.VERIFIED.value else None


async def document_of(employer_id: int, document_id: int) -> dict[str, Any] | None:
    """One document of this employer; None when it is another one's."""
    return await EmployerDocument.select(*_ROW).where(EmployerDocument.employer == employer_id, EmployerDocument.id == document_id).first()


async def opened_document_tails(rows: list[dict[str, Any]]) -> dict[int, str]:
    """The last four characters of each document's number, by document; no entry for one without a number."""
    opened = {row["id"]: vault().open("employer_document.number", row["id"], row["number"]) for row in rows}
    return {id: f"…{number[-4:]}" for id, number in opened.items() if number}


async def decisions_of(employer_id: int) -> list[dict[str, Any]]:
    """Every decision about an employer, newest first, at most a hundred."""
    return (
        await EmployerDecision.select(
            EmployerDecision.decision,
            EmployerDecision.method,
            EmployerDecision.documents,
            EmployerDecision.reason,
            EmployerDecision.legal_basis,
            EmployerDecision.until,
            EmployerDecision.by.name.as_alias("by_name"),
            EmployerDecision.by.role.as_alias("by_role"),
            EmployerDecision.at,
        )
        .where(EmployerDecision.employer == employer_id)
        .order_by(EmployerDecision.id, ascending=False)
        .limit(100)
    )
