"""The work on uploaded workbooks in the background: the dry run, and after the confirmation the registering.

It runs in tasks of the web process that give way after every few rows; reading, checking and writing workbooks happens
in worker processes (web/workbooks). Where it stands is in the database, so that after a restart the clockwork goes on
with it (`resume`), and a second runner of the same workbook stops at once.
"""

import asyncio
import json
import secrets
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import structlog

from db import archive
from db.actions import imports as actions
from db.actions.imports import Counts, RowToSave, Stopped
from db.actions.jobs import draft_job
from db.actions.seekers import register_seeker
from db.clock import now, today
from db.errors import StorageBusy, StorageUnavailable
from db.queries import imports as queries
from db.queries.accounts import account_with_id, actor_of
from db.queries.parameters import legal_parameters
from db.vault import vault
from rules.codes import ImportKind, ImportState, Origin, PostSource
from rules.errors import RuleBroken
from rules.parameters import whole
from rules.permissions import Actor, Permission
from rules.workbooks import SHEETS, findings_of
from web.background import BackgroundWork
from web.workbooks.calling import annotated_workbook, checked_rows
from web.workbooks.rows import job_terms, new_seeker

QUIET_AFTER = timedelta(minutes=2)
"""A workbook nobody has worked on for this long is taken up again."""

_AT_ONCE = {ImportKind.SEEKERS: 20, ImportKind.JOBS: 16}
"""Rows in one transaction: few enough that somebody who saves a form meanwhile does not notice."""

_TRIES = 5
_FAULT = "读这份表的时候出了错，没有登记任何内容。请重新上传；还不行的，请联系系统管理员。"
Row = dict[str, Any]

log = structlog.get_logger()


@dataclass
class Met:
    """What earlier rows of the same workbook have said, and the employers they name."""

    documents: dict[str, int] = field(default_factory=dict)
    phones: dict[str, int] = field(default_factory=dict)
    posts: dict[tuple[int, str], int] = field(default_factory=dict)
    employers: dict[str, int] = field(default_factory=dict)
    known_posts: dict[tuple[int, str], str] = field(default_factory=dict)


class ImportRuns(BackgroundWork):
    """The tasks of this process."""

    def start(self, import_id: int) -> None:
        """Work on it in the background, unless somebody does already."""
        self.begin(self._run(import_id))

    async def resume(self) -> int:
        """Take up what nobody works on, after a restart; drop what is no longer needed. How many were taken up."""
        waiting = await queries.waiting_imports(now() - QUIET_AFTER)
        for row in waiting:
            self.start(row["id"])
        for key in await actions.forget_rows():
            await archive.discard(key)
        return len(waiting)

    async def _run(self, import_id: int) -> None:
        runner = secrets.token_hex(8)
        try:
            for attempt in range(_TRIES):
                try:
                    await work_on(import_id, runner)
                    return
                except StorageBusy:
                    await asyncio.sleep(1 + attempt)
        except Stopped:
            return
        except Exception as error:
            log.error("import", error=type(error).__name__, id=import_id)


async def work_on(import_id: int, runner: str) -> None:
    """Do what its state asks for. Stopped when it was cancelled or another process took it."""
    if not await actions.claim_import(import_id, runner, after=QUIET_AFTER):
        return
    row = await queries.work_of(import_id)
    account = await account_with_id(row["by"])
    actor = actor_of(account) if account and account["active"] else None
    if actor is None or not actor.may(Permission.IMPORTS_RUN):
        await archive_gone(await actions.cancel_import(import_id, actor=None))
        return
    if row["state"] == ImportState.SAVING.value:
        await save(import_id, runner, ImportKind(row["kind"]), actor)
        return
    try:
        await dry_run(import_id, runner, ImportKind(row["kind"]), actor)
    except (Stopped, StorageUnavailable):
        raise
    except RuleBroken as broken:
        await archive_gone(await actions.refuse_import(import_id, runner, broken.message, actor=actor))
    except Exception as error:
        log.error("import", error=type(error).__name__, id=import_id)
        await archive_gone(await actions.refuse_import(import_id, runner, _FAULT, actor=actor))


async def archive_gone(key: str) -> None:
    """Remove a file that no row names any more."""
    if key:
        await archive.discard(key)


async def dry_run(import_id: int, runner: str, kind: ImportKind, actor: Actor) -> None:
    """Read and check every row, look for what is there already, keep the result; nothing is registered."""
    body = await queries.opened_source(import_id)
    parameters, day, met = await legal_parameters(), today(), Met()
    station = actor.station_id or 0

    async def employers(codes: list[str]) -> Mapping[str, Any]:
        found = await queries.employers_with(codes, station)
        met.employers = {code: id for code, (id, _) in found.items()}
        met.known_posts = await queries.posts_of_employers(set(met.employers.values()))
        return {code: _plain(facts) for code, (_, facts) in found.items()}

    rows: list[Row] = []
    total = 0
    ages = {"child_age": whole(parameters, "child_age", day), "juvenile_age": whole(parameters, "juvenile_age_upper", day)}
    async for total, batch in checked_rows(kind, body, today=day, ages=ages, parameters=parameters, employers=employers):
        if kind is ImportKind.SEEKERS:
            await _meet_seekers(batch, met, station)
        else:
            _meet_posts(batch, met)
        rows += batch
        await actions.note_progress(import_id, runner, _counted(rows, total))
    for row in rows:
        row.pop("keys")
    kept = await archive.keep(await asyncio.to_thread(packed, rows))
    try:
        findings = findings_of(rows, SHEETS[kind])
        upload = await actions.finish_check(import_id, runner, _counted(rows, total), kept, findings, actor=actor)
    except BaseException:
        await archive.discard(kept.key)
        raise
    await archive_gone(upload)


def _plain(facts: Any) -> dict[str, Any]:
    until = facts.verified_until
    return {
        "kind": facts.kind.value,
        "state": facts.state.value,
        "credit": facts.credit.value,
        "verified_until": until.isoformat() if until else None,
        "agency": facts.agency,
        "dispatch": facts.dispatch,
        "licence_no": facts.licence_no,
    }


def _counted(rows: Sequence[Row], total: int) -> Counts:
    states = [row["state"] for row in rows]
    return Counts(total, len(rows), *(states.count(state) for state in ("fresh", "duplicate", "wrong", "child")))


def packed(rows: Sequence[Row]) -> bytes:
    """Rows as they are kept."""
    return zlib.compress(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"), 3)


def unpacked(kept: bytes) -> list[Row]:
    """The rows of `packed`."""
    return json.loads(zlib.decompress(kept).decode("utf-8", "surrogatepass"))


def _refuse(row: Row, state: str, key: str, message: str) -> None:
    row["state"] = state if row["state"] != "wrong" else "wrong"
    row["problems"] = [*row["problems"], (key, message)]


async def _meet_seekers(batch: Sequence[Row], met: Met, station: int) -> None:
    """Mark who is registered already, or stands in an earlier row: by document, and by phone unless it is said to be shared."""
    cells = vault()
    documents: dict[int, list[str]] = {}
    phones: dict[int, list[str]] = {}
    for row in batch:
        keys = row["keys"]
        if keys.get("id_number"):
            documents[row["row"]] = cells.index_all("id_number", keys["id_number"], keys["id_type"])
        if keys.get("phone"):
            phones[row["row"]] = cells.index_all("phone", keys["phone"])
    known_documents = await queries.seekers_with("id_index", [each for many in documents.values() for each in many], station)
    known_phones = await queries.seekers_with("phone_index", [each for many in phones.values() for each in many], station)
    for row in batch:
        number, shared = row["row"], row["keys"].get("shared")
        if hashes := documents.get(number):
            earlier = met.documents.setdefault(hashes[0], number)
            if who := next((known_documents[each] for each in hashes if each in known_documents), ""):
                _refuse(row, "duplicate", "id_number", f"这个证件已经登记过：{who}，不用再登记。")
                continue
            if earlier != number:
                _refuse(row, "duplicate", "id_number", f"和第{earlier}行是同一个证件。")
                continue
        if (hashes := phones.get(number)) and not shared:
            earlier = met.phones.setdefault(hashes[0], number)
            who = next((known_phones[each] for each in hashes if each in known_phones), "")
            if who or earlier != number:
                whose = f"已登记给{who}" if who else f"和第{earlier}行相同"
                _refuse(row, "duplicate", "phone", f"这个电话{whose}。核对过不是同一个人的，请在“与别人共用电话”里填“是”。")


def _meet_posts(batch: Sequence[Row], met: Met) -> None:
    """Mark posts of the same employer with the same text and first day: of earlier rows, or not over yet."""
    for row in batch:
        employer = met.employers.get(row["keys"].get("employer", ""))
        if employer is None:
            continue
        key = (employer, row["keys"]["text"])
        earlier = met.posts.setdefault(key, row["row"])
        if number := met.known_posts.get(key):
            _refuse(row, "duplicate", "title", f"这个岗位已经登记过：{number}，不用再登记。")
        elif earlier != row["row"]:
            _refuse(row, "duplicate", "title", f"和第{earlier}行是同一个岗位。")


async def save(import_id: int, runner: str, kind: ImportKind, actor: Actor) -> None:
    """Register the rows that are new and not dealt with yet, a few in each transaction, by the actions of the counter."""
    rows = await asyncio.to_thread(unpacked, await queries.opened_result(import_id))
    handled = await queries.handled_rows(import_id)
    left = [row for row in rows if row["state"] == "fresh" and row["row"] not in handled]
    employers: dict[str, int] = {}
    if kind is ImportKind.JOBS:
        codes = sorted({_code(row) for row in left})
        employers = {code: id for code, (id, _) in (await queries.employers_with(codes, actor.station_id or 0)).items()}
    size = _AT_ONCE[kind]
    for start in range(0, len(left), size):
        some = [RowToSave(row["row"], _act(kind, row, employers, actor)) for row in left[start : start + size]]
        await actions.save_rows(import_id, runner, some)
        await asyncio.sleep(0.005)
    await actions.end_import(import_id, runner, actor=actor)


def _code(row: Row) -> str:
    return "".join(letter for letter in row["cells"].get("employer", "").upper() if letter.isalnum())


def _act(kind: ImportKind, row: Row, employers: Mapping[str, int], actor: Actor) -> Any:
    async def seeker() -> str:
        return (await register_seeker(new_seeker(row["cells"]), actor=actor, source=Origin.IMPORT)).number

    async def order() -> str:
        employer = employers.get(_code(row))
        if employer is None:
            raise RuleBroken("请先登记雇主：本站没有登记过这个代码的雇主。", "employer")
        return (await draft_job(employer, job_terms(row["cells"]), source=PostSource.IMPORT, actor=actor)).number

    return seeker if kind is ImportKind.SEEKERS else order


WORDS = {"fresh": "可以登记", "duplicate": "重复，不登记", "wrong": "有错，没有登记", "child": "未满16周岁，不予登记"}
"""What the result workbook says of each state."""


async def result_workbook(import_id: int, kind: ImportKind, *, only_wrong: bool, over: bool) -> bytes:
    """The uploaded rows with what became of each, or only those to correct and upload again. LookupError: no longer kept."""
    rows = await asyncio.to_thread(unpacked, await queries.opened_result(import_id))
    outcomes = await queries.opened_outcomes(import_id)
    sheet = SHEETS[kind]
    for row in rows:
        outcome = outcomes.get(row["row"])
        if outcome is None:
            if row["state"] == "fresh" and over:
                row["number"] = "没有登记（中途取消）"
        elif outcome["number"]:
            row["number"] = f"已登记 {outcome['number']}"
        else:
            key = outcome["field"] if sheet.column(outcome["field"]) else sheet.columns[0].key
            row["state"], row["problems"] = "wrong", [(key, outcome["reason"])]
    if only_wrong:
        rows = [row for row in rows if row["state"] in ("wrong", "duplicate")]
    return await annotated_workbook(kind, rows, WORDS)
