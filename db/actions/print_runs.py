"""Papers printed many at a time (批量打印): asked for, worked on by one task at a time, cancelled, taken up again, fetched.

Each paper is issued by the action of its own room, in a transaction of its own; a bulk print only remembers which ones it
has, so that nothing is issued twice or by halves when it is stopped, killed or taken over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db.actions.journal import record
from db.archive import Kept
from db.clock import now, today
from db.ids import new_id
from db.numbers import next_number
from db.queries import print_runs as queries
from db.queries.print_runs import Subject
from db.tables.documents import PrintItem, PrintRun
from db.transaction import action
from rules.codes import PrintItemState, PrintRunState
from rules.errors import RuleBroken
from rules.journal import EventKind
from rules.numbers import print_run_number
from rules.permissions import Actor
from rules.print_runs import (
    FETCHED_WITHIN,
    Progress,
    Wanted,
    can_be_fetched,
    can_cancel,
    can_go_on,
    check_count,
    check_open,
    check_wanted,
    ended_as,
)

SUBJECT = "print_run"
_MISSED = [PrintItemState.FAILED.value, PrintItemState.SKIPPED.value]


class Stopped(Exception):
    """It was cancelled, or another task works on it."""


@dataclass(frozen=True, slots=True)
class PrintRunRef:
    """The row and the number of a bulk print."""

    id: int
    number: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one paper: where its bytes lie, or why there are none."""

    item_id: int
    state: PrintItemState
    tries: int = 1
    message: str = ""
    archive_key: str = ""
    sha256: str = ""


@action
async def ask_run(wanted: Wanted, subjects: Sequence[Subject], *, actor: Actor) -> PrintRunRef:
    """Queue a bulk print of these records' papers. RuleBroken: no station, no day, nothing or too much, too many queued."""
    wanted = check_wanted(wanted, today())
    check_count(wanted.kind, len(subjects))
    if actor.station_id is None:
        raise RuleBroken("您的账号不属于任何驿站，不能批量打印。")
    check_open(await queries.open_runs(actor.station_id))
    moment, run_id = now(), new_id()
    number = print_run_number(today(), await next_number(f"print_run {today():%Y-%m-%d}"))
    await PrintRun.insert(
        PrintRun(
            id=run_id,
            number=number,
            station=actor.station_id,
            kind=wanted.kind.value,
            day=wanted.day,
            choice=wanted.choice,
            bundle=wanted.bundle.value,
            state=PrintRunState.WAITING.value,
            total=len(subjects),
            asked_by=actor.id,
            asked_at=moment,
        )
    )
    items = [
        PrintItem(
            run=run_id,
            position=position,
            subject=subject,
            subject_id=subject_id,
            number=paper,
            state=PrintItemState.WAITING.value,
            changed_at=moment,
        )
        for position, (subject, subject_id, paper) in enumerate(subjects, 1)
    ]
    for start in range(0, len(items), 50):  # PostgreSQL and SQLite both bound the values of one statement
        await PrintItem.insert(*items[start : start + 50])
    await record(
        EventKind.PRINT_RUN_ASKED,
        subject=SUBJECT,
        subject_id=run_id,
        actor=actor,
        station_id=actor.station_id,
        print_run=number,
        print_kind=wanted.kind.value,
        day=wanted.day.isoformat() if wanted.day else "",
        count=len(subjects),
    )
    return PrintRunRef(run_id, number)


@action
async def claim_run(run_id: int, runner: str, *, silent_since: datetime) -> bool:
    """Whether `runner` may work on it now: it waits or its task fell silent, and no other of the station runs. Not journalled."""
    row = await PrintRun.select(PrintRun.station).where(PrintRun.id == run_id).first()
    if row is None or await queries.another_running(row["station"], run_id):
        return False
    silent = PrintRun.beat_at.is_null() | (PrintRun.beat_at < silent_since)
    running = PrintRun.state == PrintRunState.RUNNING.value
    moment = now()
    taken = (
        await PrintRun.update({PrintRun.state: PrintRunState.RUNNING.value, PrintRun.runner: runner, PrintRun.beat_at: moment})
        .where(PrintRun.id == run_id, (PrintRun.state == PrintRunState.WAITING.value) | (running & silent))
        .returning(PrintRun.started_at)
    )
    if taken and taken[0]["started_at"] is None:
        await PrintRun.update({PrintRun.started_at: moment}).where(PrintRun.id == run_id)
    return bool(taken)


@action
async def release_runs() -> None:
    """Forget who worked on what, when the only process that could have has just begun. Not journalled."""
    await PrintRun.update({PrintRun.beat_at: None}).where(PrintRun.state == PrintRunState.RUNNING.value)


@action
async def note_outcomes(run_id: int, runner: str, outcomes: Sequence[Outcome]) -> None:
    """What became of these papers; the issued ones are in the journal already. Stopped when it is not this task's any more."""
    await _still(run_id, runner)
    moment = now()
    for each in outcomes:
        await PrintItem.update(
            {
                PrintItem.state: each.state.value,
                PrintItem.tries: each.tries,
                PrintItem.message: each.message[:200],
                PrintItem.archive_key: each.archive_key,
                PrintItem.sha256: each.sha256,
                PrintItem.changed_at: moment,
            }
        ).where(PrintItem.id == each.item_id)


async def _still(run_id: int, runner: str) -> None:
    mine = (
        await PrintRun.update({PrintRun.beat_at: now()})
        .where(PrintRun.id == run_id, PrintRun.runner == runner, PrintRun.state == PrintRunState.RUNNING.value)
        .returning(PrintRun.id)
    )
    if not mine:
        raise Stopped


@action
async def end_run(run_id: int, runner: str, *, kept: Kept | None, pages: int = 0, message: str = "") -> None:
    """It is over: with its file, or with the sentence why there is none. Stopped when it is not this task's any more."""
    await _still(run_id, runner)
    row = await _row(run_id)
    progress = await queries.progress(run_id)
    state = ended_as(progress) if kept else PrintRunState.FAILED
    await PrintRun.update(
        {
            PrintRun.state: state.value,
            PrintRun.ended_at: now(),
            PrintRun.message: message[:200],
            PrintRun.pages: pages,
            PrintRun.archive_key: kept.key if kept else "",
            PrintRun.sha256: kept.sha256 if kept else "",
            PrintRun.size: kept.size if kept else 0,
        }
    ).where(PrintRun.id == run_id)
    await _note(EventKind.PRINT_RUN_ENDED, row, None, print_state=state.value, **_counted(progress))


@action
async def cancel_run(run_id: int, *, actor: Actor) -> None:
    """Stop it; papers issued so far stay issued. RuleBroken when it is over already."""
    row = await _row(run_id)
    if not can_cancel(PrintRunState(row["state"])):
        raise RuleBroken("这次批量打印已经结束，不用取消。")
    await PrintRun.update({PrintRun.state: PrintRunState.CANCELLED.value, PrintRun.ended_at: now()}).where(PrintRun.id == run_id)
    await _note(EventKind.PRINT_RUN_CANCELLED, row, actor, **_counted(await queries.progress(run_id)))


@action
async def go_on(run_id: int, *, actor: Actor) -> str:
    """Queue what did not come out again; gives the archive key of the file that is now out of date ("" for none).

    RuleBroken: nothing is missing, it still runs, or too many are queued.
    """
    row = await _row(run_id)
    progress = await queries.progress(run_id)
    if not can_go_on(PrintRunState(row["state"]), progress):
        raise RuleBroken("没有要再打印的文书。")
    check_open(await queries.open_runs(row["station"]))
    waiting: dict[Any, Any] = {PrintItem.state: PrintItemState.WAITING.value, PrintItem.message: "", PrintItem.tries: 0}
    await PrintItem.update(waiting).where(PrintItem.run == run_id, PrintItem.state.is_in(_MISSED))
    await PrintRun.update(
        {
            PrintRun.state: PrintRunState.WAITING.value,
            PrintRun.ended_at: None,
            PrintRun.message: "",
            PrintRun.pages: 0,
            PrintRun.archive_key: "",
            PrintRun.sha256: "",
            PrintRun.size: 0,
        }
    ).where(PrintRun.id == run_id)
    await _note(EventKind.PRINT_RUN_RESUMED, row, actor, **_counted(progress))
    return str(row["archive_key"])


@action
async def fetch_run(run_id: int, *, actor: Actor) -> tuple[str, str]:
    """Hand the file to its asker: archive key and SHA-256. RuleBroken: not the asker's, or a week is over."""
    row = await _row(run_id)
    if row["asked_by"] != actor.id:
        raise RuleBroken("只有申请打印的人自己能取。您需要的，请自己再打印一次，已经出具的不会重复出具。")
    if not row["archive_key"] or not can_be_fetched(PrintRunState(row["state"]), row["ended_at"], now()):
        raise RuleBroken(f"文件只保留{FETCHED_WITHIN.days}天，已经删除或者还没排好。需要的请重新打印。")
    await _note(EventKind.PRINT_RUN_FETCHED, row, actor, sha256=row["sha256"])
    return row["archive_key"], row["sha256"]


@action
async def _forget(run_id: int) -> None:
    await PrintRun.update({PrintRun.archive_key: "", PrintRun.size: 0}).where(PrintRun.id == run_id)
    await PrintItem.update({PrintItem.message: ""}).where(PrintItem.run == run_id)


@action
async def _forget_sheet(item_id: int) -> None:
    await PrintItem.update({PrintItem.archive_key: "", PrintItem.sha256: ""}).where(PrintItem.id == item_id)


async def forget_files() -> list[str]:
    """Drop the files of bulk prints that ended more than a week ago; the archive keys to discard. Issued papers stay."""
    before = now() - FETCHED_WITHIN
    runs, sheets = await queries.files_to_forget(before), await queries.sheets_to_forget(before)
    for row in runs:
        await _forget(row["id"])
    for row in sheets:
        await _forget_sheet(row["id"])
    return [row["archive_key"] for row in (*runs, *sheets)]


def _counted(progress: Progress) -> dict[str, int]:
    return {"papers_printed": progress.printed, "papers_failed": progress.failed, "papers_skipped": progress.skipped}


async def _row(run_id: int) -> dict[str, Any]:
    row = await queries.run_with(run_id)
    if row is None:
        raise LookupError(run_id)
    return row


async def _note(kind: EventKind, row: dict[str, Any], actor: Actor | None, **particulars: Any) -> None:
    await record(
        kind,
        subject=SUBJECT,
        subject_id=row["id"],
        actor=actor,
        station_id=row["station"],
        print_run=row["number"],
        print_kind=row["kind"],
        **particulars,
    )
