"""Questions about bulk prints (批量打印), and which papers of a day one consists of. Items hold numbers, never names."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from piccolo.query.functions.aggregate import Count

from db.clock import CHINA
from db.paging import DESK_ROWS, Page, page_of, place
from db.queries.scope import within
from db.tables.agreements import Agreement
from db.tables.documents import PrintItem, PrintRun
from db.tables.referrals import Referral
from db.tables.seekers import Seeker
from rules.codes import AgreementState, PrintItemState, PrintRunKind, PrintRunState, SeekerState
from rules.permissions import Scope
from rules.print_runs import MAXIMUM, UNISSUED, Progress, progress_of
from rules.referrals import RUNNING_STATES

Subject = tuple[str, int, str]
"""What one paper is about: the kind of record, its id, its public number."""

_ROW = (
    PrintRun.id,
    PrintRun.number,
    PrintRun.station,
    PrintRun.kind,
    PrintRun.day,
    PrintRun.choice,
    PrintRun.bundle,
    PrintRun.state,
    PrintRun.total,
    PrintRun.asked_by,
    PrintRun.asked_by.name.as_alias("asker"),
    PrintRun.asked_at,
    PrintRun.started_at,
    PrintRun.ended_at,
    PrintRun.message,
    PrintRun.pages,
    PrintRun.sha256,
    PrintRun.archive_key,
    PrintRun.size,
)
_ITEM = (
    PrintItem.id,
    PrintItem.position,
    PrintItem.subject,
    PrintItem.subject_id,
    PrintItem.number,
    PrintItem.state,
    PrintItem.tries,
    PrintItem.message,
    PrintItem.archive_key,
    PrintItem.sha256,
)
_OPEN = [PrintRunState.WAITING.value, PrintRunState.RUNNING.value]
_MISSED = [PrintItemState.FAILED.value, PrintItemState.SKIPPED.value]


def _of(day: date) -> tuple[datetime, datetime]:
    began = datetime.combine(day, time(), CHINA)
    return began, began + timedelta(days=1)


async def runs_of(scope: Scope, state: PrintRunState | None, after: str = "") -> Page:
    """The bulk prints in reach, newest first, with how many papers came out; a page of the desk."""
    wanted = [within(scope, PrintRun.station)]
    if state:
        wanted.append(PrintRun.state == state.value)
    if start := place(after, (int,)):
        wanted.append(PrintRun.id < start[0])
    rows = await PrintRun.select(*_ROW).where(*wanted).order_by(PrintRun.id, ascending=False).limit(DESK_ROWS + 1)
    counts = await _counts([row["id"] for row in rows])
    return page_of([{**row, "progress": progress_of(counts.get(row["id"], {}))} for row in rows], DESK_ROWS, "id")


async def run_in(scope: Scope, number: str) -> dict[str, Any] | None:
    """The bulk print with this number when its station lies in the asker's reach, with its `progress`."""
    row = await PrintRun.select(*_ROW).where(within(scope, PrintRun.station), PrintRun.number == number).first()
    return {**row, "progress": await progress(row["id"])} if row else None


async def run_with(run_id: int) -> dict[str, Any] | None:
    """A bulk print by its id, for the task that works on it."""
    return await PrintRun.select(*_ROW).where(PrintRun.id == run_id).first()


async def _counts(run_ids: list[int]) -> dict[int, dict[str, int]]:
    rows = (
        await PrintItem.select(PrintItem.run, PrintItem.state, Count())
        .where(PrintItem.run.is_in(run_ids or [0]))
        .group_by(PrintItem.run, PrintItem.state)
    )
    counts: dict[int, dict[str, int]] = {}
    for row in rows:
        counts.setdefault(row["run"], {})[row["state"]] = row["count"]
    return counts


async def progress(run_id: int) -> Progress:
    """How far it is."""
    return progress_of((await _counts([run_id])).get(run_id, {}))


async def items_of(run_id: int, *, missed: bool, after: str = "") -> Page:
    """Its papers in their order, or those that did not come out; a page of the desk. The caller found the run in scope."""
    wanted: list[Any] = [PrintItem.run == run_id]
    if missed:
        wanted.append(PrintItem.state.is_in(_MISSED))
    if start := place(after, (int,)):
        wanted.append(PrintItem.position > start[0])
    rows = await PrintItem.select(*_ITEM).where(*wanted).order_by(PrintItem.position).limit(DESK_ROWS + 1)
    return page_of(rows, DESK_ROWS, "position")


async def waiting_items(run_id: int) -> list[dict[str, Any]]:
    """The papers that are still to be printed, in their order."""
    waiting = PrintItem.select(*_ITEM).where(PrintItem.run == run_id, PrintItem.state == PrintItemState.WAITING.value)
    return await waiting.order_by(PrintItem.position)


async def printed_items(run_id: int) -> list[dict[str, Any]]:
    """The papers that came out, in their order."""
    printed = PrintItem.select(*_ITEM).where(PrintItem.run == run_id, PrintItem.state == PrintItemState.PRINTED.value)
    return await printed.order_by(PrintItem.position)


async def open_runs(station_id: int) -> int:
    """How many bulk prints of a station wait or run."""
    return await PrintRun.count().where(PrintRun.station == station_id, PrintRun.state.is_in(_OPEN))


async def another_running(station_id: int, run_id: int) -> bool:
    """Whether another bulk print of the station runs."""
    running = PrintRun.state == PrintRunState.RUNNING.value
    return await PrintRun.exists().where(PrintRun.station == station_id, PrintRun.id != run_id, running)


async def runs_to_work_on(silent_since: datetime, station_id: int | None = None) -> list[int]:
    """Bulk prints that wait, or whose task fell silent before that moment; of one station or all, oldest first."""
    silent = PrintRun.beat_at.is_null() | (PrintRun.beat_at < silent_since)
    running = PrintRun.state == PrintRunState.RUNNING.value
    wanted: list[Any] = [(PrintRun.state == PrintRunState.WAITING.value) | (running & silent)]
    if station_id is not None:
        wanted.append(PrintRun.station == station_id)
    return [row["id"] for row in await PrintRun.select(PrintRun.id).where(*wanted).order_by(PrintRun.id).limit(50)]


async def files_to_forget(before: datetime) -> list[dict[str, Any]]:
    """Bulk prints that ended before that moment and whose file still lies in the archive."""
    ended: list[Any] = [PrintRun.ended_at < before, PrintRun.state.not_in(_OPEN), PrintRun.archive_key != ""]
    return await PrintRun.select(PrintRun.id, PrintRun.archive_key).where(*ended).order_by(PrintRun.id).limit(50)


async def sheets_to_forget(before: datetime) -> list[dict[str, Any]]:
    """Papers that were printed without being issued, for bulk prints that ended before that moment."""
    return (
        await PrintItem.select(PrintItem.id, PrintItem.archive_key)
        .where(
            PrintItem.run.ended_at < before,
            PrintItem.run.state.not_in(_OPEN),
            PrintItem.run.kind.is_in([kind.value for kind in UNISSUED]),
            PrintItem.archive_key != "",
        )
        .order_by(PrintItem.id)
        .limit(MAXIMUM)
    )


async def subjects(kind: PrintRunKind, station_id: int, day: date) -> list[Subject]:
    """The records of the station that have such a paper on this day, at most one more than a bulk print may hold."""
    match kind:
        case PrintRunKind.AGREEMENTS | PrintRunKind.LARGE_PRINT:
            return await _agreements(station_id, day)
        case PrintRunKind.REFERRAL_SLIPS:
            return await _referrals(station_id, day)
        case PrintRunKind.SEEKER_CARDS:
            return await _seekers(station_id, day)
    return []


async def _agreements(station_id: int, day: date) -> list[Subject]:
    began, ended = _of(day)
    rows = (
        await Agreement.select(Agreement.id, Agreement.number)
        .where(
            Agreement.station == station_id,
            Agreement.created_at >= began,
            Agreement.created_at < ended,
            Agreement.state.is_in([AgreementState.DRAFT.value, AgreementState.PRINTED.value]),
        )
        .order_by(Agreement.id)
        .limit(MAXIMUM + 1)
    )
    return [("agreement", row["id"], row["number"]) for row in rows]


async def _referrals(station_id: int, day: date) -> list[Subject]:
    began, ended = _of(day)
    rows = (
        await Referral.select(Referral.id, Referral.number)
        .where(
            Referral.station == station_id,
            Referral.employer_answered_at >= began,
            Referral.employer_answered_at < ended,
            Referral.state.is_in([state.value for state in RUNNING_STATES]),
        )
        .order_by(Referral.id)
        .limit(MAXIMUM + 1)
    )
    return [("referral", row["id"], row["number"]) for row in rows]


async def _seekers(station_id: int, day: date) -> list[Subject]:
    began, ended = _of(day)
    rows = (
        await Seeker.select(Seeker.id, Seeker.number)
        .where(
            Seeker.station == station_id,
            Seeker.created_at >= began,
            Seeker.created_at < ended,
            Seeker.state.not_in([SeekerState.CLOSED.value, SeekerState.ANONYMISED.value]),
        )
        .order_by(Seeker.id)
        .limit(MAXIMUM + 1)
    )
    return [("seeker", row["id"], row["number"]) for row in rows]
