"""Questions about issued papers (文书)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from db.clock import CHINA
from db.paging import DESK_ROWS, Page, page_of, place
from db.queries.scope import within
from db.tables.documents import Paper
from db.tables.stations import Station
from db.vault import vault
from rules.codes import PaperKind
from rules.numbers import normal
from rules.permissions import PUBLIC_ROLES, Scope

_PAPER = (
    Paper.id,
    Paper.number,
    Paper.kind,
    Paper.copy_number,
    Paper.subject,
    Paper.subject_id,
    Paper.station,
    Paper.station.name.as_alias("station_name"),
    Paper.sha256,
    Paper.unsigned_sha256,
    Paper.archive_key,
    Paper.size,
    Paper.issued_at,
    Paper.issued_by.name.as_alias("issued_by"),
    Paper.issued_by.role.as_alias("issuer_role"),
    Paper.voided_at,
    Paper.voided_by.name.as_alias("voided_by"),
    Paper.void_reason,
)

PAPER_STATES = {"valid": "有效", "void": "已作废"}
"""What the register can be narrowed to."""


@dataclass(frozen=True, slots=True)
class PaperFilter:
    """Which papers the register shows; None and "" for all. `number` is a number or how it begins."""

    kind: PaperKind | None = None
    day: date | None = None
    number: str = ""
    state: str = ""

    @classmethod
    def of(cls, kind: str, day: str, number: str, state: str) -> PaperFilter:
        """Out of an address; what means nothing is left out."""
        try:
            on = date.fromisoformat(day)
        except ValueError:
            on = None
        wanted = "".join(letter for letter in normal(number[:60]) if letter.isascii() and (letter.isalnum() or letter == "-"))
        kinds = PaperKind._value2member_map_
        return cls(PaperKind(kind) if kind in kinds else None, on, wanted[:30], state if state in PAPER_STATES else "")


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


async def register_of(scope: Scope, wanted: PaperFilter, after: str = "") -> Page:
    """The register of issued papers, newest first: number, copy, kind, when, by whom, state, hash. Nothing about persons."""
    conditions = [within(scope, Paper.station)]
    if wanted.kind:
        conditions.append(Paper.kind == wanted.kind.value)
    if wanted.day:
        begins = datetime.combine(wanted.day, time(), CHINA)
        conditions += [Paper.issued_at >= begins, Paper.issued_at < begins + timedelta(days=1)]
    if wanted.number:
        conditions.append(Paper.number.like(f"{wanted.number}%"))
    if wanted.state:
        conditions.append(Paper.voided_at.is_null() if wanted.state == "valid" else Paper.voided_at.is_not_null())
    if start := place(after, (int,)):
        conditions.append(Paper.id < start[0])
    rows = await Paper.select(*_PAPER).where(*conditions).order_by(Paper.id, ascending=False).limit(DESK_ROWS + 1)
    for row in rows:
        row["issuer"] = issuer_of(row)
    return page_of(rows, DESK_ROWS, "id")


def issuer_of(paper: dict[str, Any]) -> str:
    """Who had the paper issued, as the register names them: somebody of the desk, or the person it is about."""
    return "本人网上打印" if paper["issuer_role"] in {role.value for role in PUBLIC_ROLES} else paper["issued_by"]


async def copies_in(scope: Scope, kind: str, number: str) -> list[dict[str, Any]]:
    """Every copy of this kind and number in the asker's reach, newest first."""
    return (
        await Paper.select(*_PAPER)
        .where(within(scope, Paper.station), Paper.kind == kind, Paper.number == number)
        .order_by(Paper.copy_number, ascending=False)
    )


async def opened_snapshot_of(paper_id: int) -> str:
    """The JSON an issued paper was printed from. The caller has found the paper in scope."""
    row = await Paper.select(Paper.id, Paper.snapshot).where(Paper.id == paper_id).first()
    if row is None:
        raise LookupError(paper_id)
    return opened_snapshot(row)


async def every_paper(batch: int = 200) -> AsyncIterator[dict[str, Any]]:
    """Every issued paper of the installation, oldest first, without its snapshot; for proving the archive."""
    last = 0
    columns = (Paper.id, Paper.number, Paper.kind, Paper.copy_number, Paper.sha256, Paper.unsigned_sha256, Paper.archive_key)
    while rows := await Paper.select(*columns).where(Paper.id > last).order_by(Paper.id).limit(batch):
        for row in rows:
            yield row
        last = rows[-1]["id"]


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


async def papers_to_verify(number: str, copy_number: int = 0) -> list[dict[str, Any]]:
    """What the public page says of a number: of each kind of paper the copy asked for, or the newest. Nothing about persons."""
    rows = (
        await Paper.select(
            Paper.number,
            Paper.kind,
            Paper.copy_number,
            Paper.subject,
            Paper.subject_id,
            Paper.issued_at,
            Paper.voided_at,
            Paper.sha256,
            Paper.unsigned_sha256,
            Paper.station.name.as_alias("station_name"),
            Paper.station.phone.as_alias("station_phone"),
        )
        .where(Paper.number == number)
        .order_by(Paper.id, ascending=False)
        .limit(50)
    )
    newest: dict[str, dict[str, Any]] = {}
    for row in rows:
        if row["copy_number"] == copy_number:
            newest[row["kind"]] = row
        newest.setdefault(row["kind"], row)
    return list(newest.values())
