"""The monthly ledger (月度台账, art. 23): written, closed with a signature, submitted, queried, answered, accepted, corrected.

A month's row is made when something is first done with it. A version is gathered inside the transaction that signs it, so it
says what the journal's head of that moment stands for; its content lies sealed in the archive.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from db import archive
from db.actions.alerts import raise_alert
from db.actions.journal import record
from db.archive import Kept
from db.clock import now, today
from db.ids import new_id
from db.queries import ledger as queries
from db.queries.stations import own_station, station_in
from db.tables.accounts import Alert
from db.tables.ledger import Ledger, LedgerStep, LedgerVersion
from db.tables.stations import Station
from db.transaction import action, transact
from rules.codes import AlertKind, LedgerState, LedgerStepKind, StationState
from rules.errors import RuleBroken
from rules.journal import EventKind
from rules.journal_reading import without_contacts
from rules.ledger import (
    WORDS,
    after,
    check_closable,
    check_decides,
    check_words_open,
    due_on,
    ledger_number,
    month_label,
    months_since,
)
from rules.ledger_versions import differences, summary_record, to_bytes
from rules.permissions import Actor, Permission

SUBJECT = "ledger"
_EVENTS = {
    LedgerStepKind.CLOSED: EventKind.LEDGER_CLOSED,
    LedgerStepKind.SUBMITTED: EventKind.LEDGER_SUBMITTED,
    LedgerStepKind.QUERIED: EventKind.LEDGER_QUERIED,
    LedgerStepKind.ANSWERED: EventKind.LEDGER_ANSWERED,
    LedgerStepKind.ACCEPTED: EventKind.LEDGER_ACCEPTED,
    LedgerStepKind.CORRECTED: EventKind.LEDGER_CORRECTED,
}


@action
async def write_words(month: int, *, main_work: str, problems: str, plans: str, actor: Actor) -> None:
    """Keep part 3 of one's station's month. RuleBroken: the month is closed."""
    station = await _own(actor)
    row = await _row(station, month)
    check_words_open(row["state"])
    words = {"main_work": main_work, "problems": problems, "plans": plans}
    values: dict[Any, Any] = {**words, Ledger.words_by: actor.id, Ledger.changed_at: now()}
    await Ledger.update(values).where(Ledger.id == row["id"])
    changed = [label for name, label in WORDS.items() if words[name] != row[name]]
    await record(
        EventKind.LEDGER_WORDED,
        subject=SUBJECT,
        subject_id=row["id"],
        actor=actor,
        station_id=station["id"],
        ledger_month=month_label(month),
        ledger_parts=changed,
    )


async def close_month(month: int, *, signed_name: str, seen: bool, actor: Actor) -> str:
    """Close a month of one's station with one's signature; gives the version's number. It was checked who signs.

    `seen`: unsigned days and incomplete records are known. RuleBroken, RulesBroken: what stands in the way.
    """
    return await _keeping(lambda kept: transact(_close, month, kept, signed_name=signed_name, seen=seen, actor=actor))


async def _close(month: int, kept: list[Kept], *, signed_name: str, seen: bool, actor: Actor) -> str:
    station = await _own(actor)
    row = await _row(station, month)
    words = {name: row[name] for name in WORDS}
    open_ends = (await queries.unfinished(station["id"], month)).any
    check_closable(row["state"], words, typed_name=signed_name, actor_name=actor.name, unfinished=open_ends, seen=seen)
    return await _sign(station, row, LedgerStepKind.CLOSED, kept, actor=actor)


@action
async def submit_month(month: int, *, actor: Actor) -> None:
    """Send the newest version of one's month to the supervising unit."""
    station = await _own(actor)
    await _step(station, await _row(station, month), LedgerStepKind.SUBMITTED, actor=actor)


@action
async def answer_query(month: int, answer: str, *, actor: Actor) -> None:
    """Answer what the supervising unit asked, and submit the month again."""
    station = await _own(actor)
    await _step(station, await _row(station, month), LedgerStepKind.ANSWERED, note=answer, actor=actor)


@action
async def accept_month(code: str, month: int, *, actor: Actor) -> None:
    """The supervising unit takes the ledger in. RuleBroken: another unit supervises the station, nothing was submitted."""
    station = await _supervised(code, actor)
    await _step(station, await _row(station, month), LedgerStepKind.ACCEPTED, actor=actor)


@action
async def query_month(code: str, month: int, question: str, *, actor: Actor) -> None:
    """The supervising unit sends the ledger back with what has to be looked into; the station's manager is told."""
    station = await _supervised(code, actor)
    row = await _row(station, month)
    await _step(station, row, LedgerStepKind.QUERIED, note=question, actor=actor)
    await raise_alert(
        AlertKind.LEDGER_QUERIED,
        station_id=station["id"],
        subject=SUBJECT,
        subject_id=row["id"],
        actor=actor,
        ledger_month=month_label(month),
    )


async def new_version(month: int, reason: str, *, actor: Actor) -> str:
    """A new version of a closed month of one's station after late entries or new words; gives its number.

    RuleBroken: the month is not closed, or says the same as the version before.
    """
    return await _keeping(lambda kept: transact(_new_version, month, reason, kept, actor=actor))


async def _new_version(month: int, reason: str, kept: list[Kept], *, actor: Actor) -> str:
    station = await _own(actor)
    row = await _row(station, month)
    after(LedgerStepKind.CORRECTED, row["state"])
    return await _sign(station, row, LedgerStepKind.CORRECTED, kept, reason=reason, must_differ=True, actor=actor)


async def corrected(ledger_row: dict[str, Any], *, actor: Actor, reason: str) -> str:
    """The version after a correction of a record of a closed month, in the correction's own transaction; gives its number.

    `ledger_row` has at least `station` and `month`. Both versions are kept; the month waits to be submitted again. Whoever
    corrects tells the supervising unit. RuleBroken: the actor may not close ledgers.
    """
    if not actor.may(Permission.LEDGER_CLOSE):
        raise RuleBroken(f"{month_label(ledger_row['month'])}的台账已经结账，只能由驿站负责人更正。")
    return await _keeping(lambda kept: transact(_corrected, ledger_row, kept, actor=actor, reason=reason))


async def _corrected(ledger_row: dict[str, Any], kept: list[Kept], *, actor: Actor, reason: str) -> str:
    station = await own_station(ledger_row["station"])
    assert station is not None
    row = await _row(station, ledger_row["month"])
    return await _sign(station, row, LedgerStepKind.CORRECTED, kept, reason=reason, actor=actor)


async def alert_overdue_ledgers() -> int:
    """Tell each station once of a month that it should have submitted by now; how many were told."""
    raised = 0
    for station in await Station.select(Station.id, Station.opened_on, Station.created_at).where(
        Station.state == StationState.OPERATING.value
    ):
        for month in months_since(queries.began_on(station), today())[1:2]:
            raised += bool(due_on(month) < today() and await _tell_overdue(station, month))
    return raised


@action
async def _tell_overdue(station: dict[str, Any], month: int) -> bool:
    kept = await queries.month_row(station["id"], month)
    if not kept["overdue"]:
        return False
    if kept["id"] and await Alert.exists().where(
        Alert.kind == AlertKind.LEDGER_OVERDUE.value, Alert.subject == SUBJECT, Alert.subject_id == kept["id"]
    ):
        return False
    row = await _row(station, month)
    told = await raise_alert(
        AlertKind.LEDGER_OVERDUE, station_id=station["id"], subject=SUBJECT, subject_id=row["id"], ledger_month=month_label(month)
    )
    return told is not None


async def _own(actor: Actor) -> dict[str, Any]:
    station = await own_station(actor.station_id)
    if station is None:
        raise RuleBroken("您不在驿站工作，不能办台账。")
    return station


async def _supervised(code: str, actor: Actor) -> dict[str, Any]:
    station = await station_in(actor.scope, code)
    if station is None:
        raise RuleBroken("您管的范围里没有这个驿站。")
    check_decides(actor, station["build_mode"], await queries.unit_of(station))
    return station


async def _row(station: dict[str, Any], month: int) -> dict[str, Any]:
    """The row of a month, made now when there is none. RuleBroken: the station has no ledger of that month."""
    if month not in months_since(queries.began_on(station), today()):
        raise RuleBroken("这个月没有台账：那时驿站还没有开业、没有用本系统，或者还没有到。")
    row = await queries.month_row(station["id"], month)
    if row["id"] is None:
        row["id"] = new_id()
        await Ledger.insert(
            Ledger(
                id=row["id"],
                station=station["id"],
                month=month,
                state=LedgerState.OPEN.value,
                due_on=row["due_on"],
                changed_at=now(),
            )
        )
    return row


async def _sign(
    station: dict[str, Any],
    row: dict[str, Any],
    kind: LedgerStepKind,
    kept: list[Kept],
    *,
    actor: Actor,
    reason: str = "",
    must_differ: bool = False,
) -> str:
    """Gather the month, keep it, and append its version and the step."""
    version = row["version"] + 1
    content = await queries.live_content(station, row["month"], manager=actor.name, row=row, version=version, reason=reason)
    if must_differ:
        before = await queries.version_of(row["id"], row["version"])
        if before and not differences(await queries.opened_version(before), content):
            raise RuleBroken("现在的内容和上一版一样，不用出新版。")
    file = await archive.keep(await asyncio.to_thread(to_bytes, content))
    kept.append(file)
    number = ledger_number(row["month"], station["code"], version)
    await LedgerVersion.insert(
        LedgerVersion(
            ledger=row["id"],
            station=station["id"],
            month=row["month"],
            number=number,
            version=version,
            summary=summary_record(content),
            **{name: row[name] for name in WORDS},
            archive_key=file.key,
            sha256=file.sha256,
            size=file.size,
            head_chain=content.head_chain,
            head_seq=content.head_seq,
            head_hash=content.head_hash,
            reason=reason,
            filled_by=content.header.filled_by,
            closed_by=actor.id,
            signed_name=actor.name,
            closed_at=now(),
        )
    )
    facts = {"number": number, "sha256": file.sha256, "head_seq": content.head_seq, "head_hash": content.head_hash}
    await _step(station, row | {"version": version}, kind, note=reason, actor=actor, **facts)
    return number


async def _step(station: dict[str, Any], row: dict[str, Any], kind: LedgerStepKind, *, actor: Actor, note: str = "", **facts: Any) -> None:
    """Append a step and put the month into the state that follows. RuleBroken: it does not follow."""
    state = after(kind, row["state"])
    values: dict[Any, Any] = {Ledger.state: state.value, Ledger.version: row["version"], Ledger.changed_at: now()}
    if kind is LedgerStepKind.SUBMITTED and row["submitted_at"] is None:
        values[Ledger.submitted_at] = now()
    await Ledger.update(values).where(Ledger.id == row["id"])
    await LedgerStep.insert(LedgerStep(ledger=row["id"], version=row["version"], kind=kind.value, note=note, by=actor.id, at=now()))
    if note:
        facts["reason"] = without_contacts(note)
    await record(
        _EVENTS[kind],
        subject=SUBJECT,
        subject_id=row["id"],
        actor=actor,
        station_id=station["id"],
        ledger_month=month_label(row["month"]),
        version=row["version"],
        ledger_state=state.value,
        **facts,
    )


async def _keeping(work: Callable[[list[Kept]], Awaitable[str]]) -> str:
    """Run what keeps files; those of attempts that came to nothing are removed again."""
    kept: list[Kept] = []
    try:
        number = await work(kept)
    except BaseException:
        for file in kept:
            await archive.discard(file.key)
        raise
    for file in kept[:-1]:
        await archive.discard(file.key)
    return number
