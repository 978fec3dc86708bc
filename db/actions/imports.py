"""Registering many at once out of a workbook (批量登记): uploaded, tried, confirmed by the person, then row by row.

What a row becomes is made by the same actions as at the counter. Each row that was dealt with leaves an `ImportRow` in
the same transaction, so that a restart, a second click or a second process registers nobody twice.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from db.actions.employers import check_station_works
from db.actions.journal import record
from db.archive import Kept
from db.clock import now, today
from db.errors import ConstraintViolated
from db.ids import new_id
from db.queries import imports as queries
from db.tables.seekers import RefusalCount
from db.tables.transfers import Import, ImportRow
from db.transaction import action, remembering
from db.vault import vault
from rules.codes import ImportKind, ImportState
from rules.errors import RuleBroken
from rules.journal import EventKind
from rules.permissions import Actor
from rules.seekers import UnderAge
from rules.text import clean_line

SUBJECT = "import"
OPEN_AT_ONCE = 3
"""Workbooks one person may have on the way at once."""
KEEP_ROWS = timedelta(days=7)
"""How long the rows of a workbook are kept after it ended, and how long a tried one waits for its confirmation."""

_GONE = "这份表已经有人处理过了，请刷新页面看一看。"
_OPEN = [ImportState.CHECKING.value, ImportState.CHECKED.value, ImportState.SAVING.value]


class Stopped(Exception):
    """The work was cancelled, or another process does it."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows read so far, and what they would come to."""

    total: int = 0
    checked: int = 0
    fresh: int = 0
    duplicate: int = 0
    wrong: int = 0
    children: int = 0


@dataclass(frozen=True, slots=True)
class RowToSave:
    """A row and what registers it; `act` gives the public number of the record."""

    row: int
    act: Callable[[], Awaitable[str]]


def shown_filename(typed: str) -> str:
    """A file's name without folders and without anything that might be somebody's number."""
    plain = clean_line(typed).replace("\\", "/").rpartition("/")[2]
    return re.sub(r"[0-9]{6,}[Xx]?", "…", plain)[-100:] or "未命名.xlsx"


@action
async def upload_import(kind: ImportKind, filename: str, kept: Kept, *, actor: Actor) -> int:
    """Note the uploaded workbook, which is then tried; its id. RuleBroken: too many on the way, or the station rests."""
    await check_station_works(actor.station_id)
    if await queries.open_imports(actor) >= OPEN_AT_ONCE:
        raise RuleBroken(f"您已有{OPEN_AT_ONCE}份表在办，请先确认或者取消其中一份。", "workbook")
    id = new_id()
    await Import.insert(
        Import(
            id=id,
            station=actor.station_id,
            kind=kind.value,
            state=ImportState.CHECKING.value,
            filename=shown_filename(filename),
            source=kept.key,
            sha256=kept.sha256,
            size=kept.size,
            by=actor.id,
            at=now(),
        )
    )
    await _note(EventKind.IMPORT_UPLOADED, id, actor, import_kind=kind.value, sha256=kept.sha256)
    return id


async def _note(kind: EventKind, import_id: int, actor: Actor | None, *, station_id: int | None = None, **particulars: Any) -> None:
    station = actor.station_id if actor else station_id
    await record(kind, subject=SUBJECT, subject_id=import_id, actor=actor, station_id=station, **particulars)


@action
async def claim_import(import_id: int, runner: str, *, after: timedelta) -> bool:
    """Whether `runner` may work on it now: it is on the way, and nobody else said so within `after`. Not journalled."""
    taken = (
        await Import.update({Import.runner: runner, Import.beat_at: now()})
        .where(
            Import.id == import_id,
            Import.state.is_in([ImportState.CHECKING.value, ImportState.SAVING.value]),
            (Import.runner == runner) | Import.beat_at.is_null() | (Import.beat_at < now() - after),
        )
        .returning(Import.id)
    )
    return bool(taken)


@action
async def note_progress(import_id: int, runner: str, counts: Counts) -> None:
    """How far the dry run is. Stopped when it was cancelled or somebody else works on it. Not journalled."""
    await _still(import_id, runner, ImportState.CHECKING, _columns(counts))


def _columns(counts: Counts) -> dict[Any, Any]:
    return {
        Import.total: counts.total,
        Import.checked: counts.checked,
        Import.fresh: counts.fresh,
        Import.duplicate: counts.duplicate,
        Import.wrong: counts.wrong,
        Import.children: counts.children,
    }


async def _still(import_id: int, runner: str, state: ImportState, values: dict[Any, Any]) -> None:
    updated = (
        await Import.update({**values, Import.beat_at: now()})
        .where(Import.id == import_id, Import.state == state.value, Import.runner == runner)
        .returning(Import.id)
    )
    if not updated:
        raise Stopped


@action
async def finish_check(import_id: int, runner: str, counts: Counts, kept: Kept, findings: Sequence[dict[str, Any]], *, actor: Actor) -> str:
    """The dry run is over: the person decides now. Gives the archive key of the upload, which is not needed any more.

    Children are counted like at the counter, and nothing of them was kept.
    """
    row = await Import.select(Import.source, Import.kind).where(Import.id == import_id).first()
    sealed = vault().seal("import.findings", str(import_id), json.dumps(list(findings), ensure_ascii=False))
    values = {
        **_columns(counts),
        Import.state: ImportState.CHECKED.value,
        Import.result: kept.key,
        Import.result_sha256: kept.sha256,
        Import.findings: sealed,
        Import.source: "",
        Import.runner: "",
    }
    await _still(import_id, runner, ImportState.CHECKING, values)
    if counts.children:
        await _count_children(counts.children, actor)
    await _note(
        EventKind.IMPORT_CHECKED,
        import_id,
        actor,
        import_kind=row["kind"] if row else "",
        rows_read=counts.total,
        rows_fresh=counts.fresh,
        rows_duplicate=counts.duplicate,
        rows_wrong=counts.wrong,
        rows_children=counts.children,
    )
    return row["source"] if row else ""


async def _count_children(children: int, actor: Actor) -> None:
    found = (
        await RefusalCount.select(RefusalCount.id, RefusalCount.refusals)
        .where(RefusalCount.station == (actor.station_id or 0), RefusalCount.day == today())
        .first()
    )
    if found is None:
        await RefusalCount.insert(RefusalCount(station=actor.station_id, day=today(), refusals=children))
    else:
        await RefusalCount.update({RefusalCount.refusals: found["refusals"] + children}).where(RefusalCount.id == found["id"])


@action
async def refuse_import(import_id: int, runner: str, problem: str, *, actor: Actor) -> str:
    """The workbook cannot be read, with the sentence; gives the archive key of the upload."""
    row = await Import.select(Import.source, Import.kind).where(Import.id == import_id).first()
    values = {
        Import.state: ImportState.REFUSED.value,
        Import.problem: problem,
        Import.source: "",
        Import.ended_at: now(),
        Import.runner: "",
    }
    await _still(import_id, runner, ImportState.CHECKING, values)
    await _note(
        EventKind.IMPORT_CHECKED,
        import_id,
        actor,
        import_kind=row["kind"] if row else "",
        import_state=ImportState.REFUSED.value,
        reason=problem,
    )
    return row["source"] if row else ""


@action
async def confirm_import(import_id: int, *, actor: Actor) -> None:
    """The person has seen the result and wants the new rows registered. RuleBroken: nothing to register, or done already."""
    row = await Import.select(Import.state, Import.kind, Import.fresh, Import.by).where(Import.id == import_id).first()
    if row is None or row["by"] != actor.id or row["state"] != ImportState.CHECKED.value:
        raise RuleBroken(_GONE)
    await check_station_works(actor.station_id)
    if not row["fresh"]:
        raise RuleBroken("没有可以登记的行。请下载结果表，改正后再上传。")
    await Import.update(
        {Import.state: ImportState.SAVING.value, Import.confirmed_at: now(), Import.beat_at: None, Import.runner: ""}
    ).where(Import.id == import_id)
    await _note(EventKind.IMPORT_CONFIRMED, import_id, actor, import_kind=row["kind"], rows_fresh=row["fresh"])


@action
async def cancel_import(import_id: int, *, actor: Actor | None) -> str:
    """Stop: nothing (more) is registered. Gives the archive key of the upload. RuleBroken: it is over already."""
    row = (
        await Import.select(Import.state, Import.kind, Import.by, Import.saved, Import.source, Import.station)
        .where(Import.id == import_id)
        .first()
    )
    if row is None or (actor and row["by"] != actor.id) or row["state"] not in _OPEN:
        raise RuleBroken(_GONE)
    await Import.update({Import.state: ImportState.CANCELLED.value, Import.ended_at: now(), Import.source: "", Import.runner: ""}).where(
        Import.id == import_id
    )
    await _note(
        EventKind.IMPORT_CANCELLED,
        import_id,
        actor,
        station_id=row["station"],
        import_kind=row["kind"],
        rows_saved=row["saved"],
    )
    return str(row["source"])


@action
async def save_rows(import_id: int, runner: str, rows: Sequence[RowToSave]) -> None:
    """Register these rows in one transaction; one that is refused is undone alone and keeps its reason. Stopped."""
    await _still(import_id, runner, ImportState.SAVING, {})
    outcomes: list[ImportRow] = []
    with remembering():  # a row writes nothing that the questions of the next one look at, but seekers, counters and the journal
        for each in rows:
            outcomes.append(await _outcome(import_id, each))
    if outcomes:
        await ImportRow.insert(*outcomes)
    saved = sum(1 for each in outcomes if each.number)
    if saved:
        await Import.update({Import.saved: Import.saved + saved}).where(Import.id == import_id)


async def _outcome(import_id: int, each: RowToSave) -> ImportRow:
    id, number, field, reason = new_id(), "", "", ""
    try:
        number = await each.act()
    except UnderAge as child:
        reason = child.message
    except RuleBroken as broken:
        field, reason = broken.field or "", broken.message
    except ConstraintViolated as violated:
        if violated.kind != "unique":
            raise
        reason = "刚才有人登记了同样的内容，请查一查再登记。"
    except (TypeError, ValueError, LookupError, AssertionError):  # one row that nobody foresaw must not stop the others
        reason = "登记这一行的时候出了错，请单独在窗口登记。"
    return ImportRow(
        id=id,
        batch=import_id,
        row=each.row,
        number=number,
        field=field[:40],
        reason=vault().seal("import_row.reason", str(id), reason),
    )


@action
async def end_import(import_id: int, runner: str, *, actor: Actor) -> None:
    """Every row was dealt with."""
    await _still(import_id, runner, ImportState.SAVING, {Import.state: ImportState.DONE.value, Import.ended_at: now(), Import.runner: ""})
    row = await Import.select(Import.kind, Import.saved, Import.fresh).where(Import.id == import_id).first()
    if row:
        await _note(
            EventKind.IMPORT_ENDED,
            import_id,
            actor,
            import_kind=row["kind"],
            rows_saved=row["saved"],
            rows_wrong=row["fresh"] - row["saved"],
        )


@action
async def _forget(import_id: int) -> None:
    await Import.update({Import.result: "", Import.result_sha256: "", Import.findings: "", Import.source: ""}).where(Import.id == import_id)
    await ImportRow.update({ImportRow.reason: ""}).where(ImportRow.batch == import_id)


async def forget_rows() -> list[str]:
    """Drop the rows of workbooks that ended a week ago, cancel those nobody confirmed; the archive keys to discard."""
    keys: list[str] = []
    for row in await queries.results_to_forget(now() - KEEP_ROWS):
        if row["state"] == ImportState.CHECKED.value:
            await cancel_import(row["id"], actor=None)
        await _forget(row["id"])
        keys += [key for key in (row["source"], row["result"]) if key]
    return keys
