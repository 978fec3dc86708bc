"""Questions about issued papers (文书)."""

from __future__ import annotations

from typing import Any

from db.queries.scope import within
from db.tables.documents import Paper
from db.tables.stations import Station
from db.vault import vault
from rules.codes import PaperKind
from rules.permissions import Scope

_PAPER = (
    Paper.id,
    Paper.number,
    Paper.kind,
    Paper.copy_number,
    Paper.subject,
    Paper.subject_id,
    Paper.station,
    Paper.sha256,
    Paper.archive_key,
    Paper.size,
    Paper.issued_at,
    Paper.issued_by.name.as_alias("issued_by"),
    Paper.voided_at,
    Paper.void_reason,
)


async def station_on_paper(station_id: int) -> dict[str, Any]:
    """The station row as papers name it (see `web.papers.station_imprint`). LookupError when there is none."""
    row = (
        await Station.select(
            Station.id,
            Station.code,
            Station.name,
            Station.operator,
            Station.phone,
            Station.complaint_phone,
            Station.supervising_unit,
            Station.supervising_phone,
            Station.address,
            Station.opening_hours,
        )
        .where(Station.id == station_id)
        .first()
    )
    if row is None:
        raise LookupError(station_id)
    return row


async def paper_in(scope: Scope, paper_id: int) -> dict[str, Any] | None:
    """The issued paper, when its station lies in the asker's reach."""
    return await Paper.select(*_PAPER).where(within(scope, Paper.station), Paper.id == paper_id).first()


async def papers_of(subject: str, subject_id: int) -> list[dict[str, Any]]:
    """Every paper issued about a record, voided ones too, newest first. The caller has found the record in scope."""
    return await Paper.select(*_PAPER).where(Paper.subject == subject, Paper.subject_id == subject_id).order_by(Paper.id, ascending=False)


async def current_paper(kind: PaperKind, number: str) -> dict[str, Any] | None:
    """The newest copy of this kind and number that was not voided, with its sealed snapshot; None when there is none."""
    return (
        await Paper.select(*_PAPER, Paper.snapshot)
        .where(Paper.kind == kind.value, Paper.number == number, Paper.voided_at.is_null())
        .order_by(Paper.copy_number, ascending=False)
        .first()
    )


async def last_copy_number(kind: PaperKind, number: str) -> int:
    """How many copies of this kind and number were issued so far."""
    row = (
        await Paper.select(Paper.copy_number)
        .where(Paper.kind == kind.value, Paper.number == number)
        .order_by(Paper.copy_number, ascending=False)
        .first()
    )
    return row["copy_number"] if row else 0


def opened_snapshot(paper: dict[str, Any]) -> str:
    """The JSON a paper was printed from; the row needs `snapshot`."""
    return vault().open("paper.snapshot", str(paper["id"]), paper["snapshot"])


async def papers_to_verify(number: str) -> list[dict[str, Any]]:
    """What the public page says of a number: the newest copy of each kind of paper under it. Nothing about persons."""
    rows = (
        await Paper.select(
            Paper.number,
            Paper.kind,
            Paper.copy_number,
            Paper.subject,
            Paper.subject_id,
            Paper.issued_at,
            Paper.voided_at,
            Paper.station.name.as_alias("station_name"),
            Paper.station.phone.as_alias("station_phone"),
        )
        .where(Paper.number == number)
        .order_by(Paper.id, ascending=False)
        .limit(50)
    )
    newest: dict[str, dict[str, Any]] = {}
    for row in rows:
        newest.setdefault(row["kind"], row)
    return list(newest.values())
