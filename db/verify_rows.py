"""What the tables beside the journal must say (ledger versions, corrections, signed days): the same as its entries say.

Each check takes the entries of its kinds, found by the walk (db/verify_record.py), and asks for the rows at the same moment; rows
without an entry are looked for, too, unless the run is a quick one, which has read the new entries only.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from db import archive
from db.archive import ArchiveDamaged
from db.clock import CHINA
from db.queries.correctable_records import PLACES
from db.verify_journal import Moment
from rules.codes import LedgerState, LedgerStepKind
from rules.corrections import RECORDS, FieldKind, kept_sha256, stored
from rules.errors import RuleBroken
from rules.journal import EventKind
from rules.journal_reading import without_contacts
from rules.ledger import WORDS, after, month_label
from rules.ledger_versions import from_bytes, summary_record
from rules.verification import RecordPart
from rules.work_records import FOLDED, entries_sha256, words_sha256

Say = Callable[[RecordPart, str, str, int | None], None]
Entry = dict[str, Any]

LEDGER_ENTRIES = frozenset(
    {
        EventKind.LEDGER_CLOSED.value,
        EventKind.LEDGER_SUBMITTED.value,
        EventKind.LEDGER_QUERIED.value,
        EventKind.LEDGER_ANSWERED.value,
        EventKind.LEDGER_ACCEPTED.value,
        EventKind.LEDGER_CORRECTED.value,
    }
)
CORRECTION_ENTRIES = frozenset({EventKind.CORRECTED.value})
DAY_ENTRIES = frozenset({EventKind.DAY_SIGNED.value})
AT_ONCE = 400
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError)
"""What reading raises where somebody put something else: a fault to name, never an end of the run."""
SOON = timedelta(minutes=1)
"""How far the moment in a row may lie from the moment of its entry: both are of one transaction."""


def moment_of(value: Any) -> datetime:
    """A stored moment, whichever way the driver gives it."""
    found = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def day_of(value: Any) -> date:
    """A stored day, whichever way the driver gives it."""
    return value if isinstance(value, date) else date.fromisoformat(value)


async def file_fault(key: str, sha256: str, size: int) -> str:
    """What is wrong with a file of the archive; "" when nothing is."""
    try:
        body = await archive.opened(key, sha256)
    except ArchiveDamaged as damaged:
        for words in ("is missing", "does not open"):
            if words in str(damaged):
                return f"its file {words}"
        return "its file is not the one that was kept"
    return "" if len(body) == size else "its size differs from its file"


async def _read(fault: Awaitable[str]) -> str:
    """What a check says; that it could not even be read is a fault, too."""
    try:
        return await fault
    except UNREADABLE:
        return "it cannot be read"


# The signature under a day.

_DAYS = (
    "SELECT id, station, account, day, round, entries, late, incomplete, missing, entries_sha256, head_seq, head_hash, remark, "
    "signed_name, signed_at FROM signed_day"
)


async def check_signed_days(moment: Moment, say: Say, entries: Sequence[Entry], *, quick: bool) -> int:
    """Every signature under a day is its entry's, and covers what it covered; how many there are."""
    told = {entry["subject_id"]: entry for entry in entries}
    seen: set[int] = set()
    async for batch in moment.batches(f"{_DAYS} ORDER BY id"):
        for row in batch:
            entry = told.get(row["id"])
            name = f"day {str(row['day'])[:10]} of account {row['account']}, round {row['round']}"
            if entry is None:
                if not quick:
                    say(RecordPart.SIGNED_DAY, name, "no journal entry tells of it", row["station"])
                continue
            seen.add(row["id"])
            if what := await _read(_day_fault(moment, row, entry)):
                say(RecordPart.SIGNED_DAY, name, what, row["station"])
    for number in sorted(set(told) - seen):
        entry = told[number]
        name = f"day {entry['particulars']['day']} of account {entry['account_id']}"
        say(RecordPart.SIGNED_DAY, name, "its row is missing", entry["station_id"])
    return len(seen)


async def _day_fault(moment: Moment, row: Mapping[str, Any], entry: Entry) -> str:
    return _day_differs(row, entry) or await _covers(moment, row)


def _day_differs(row: Mapping[str, Any], entry: Entry) -> str:
    said = entry["particulars"]
    pairs = (
        ("station", row["station"], entry["station_id"]),
        ("account", row["account"], entry["account_id"]),
        ("signed_name", row["signed_name"], entry["signed_name"]),
        ("day", day_of(row["day"]).isoformat(), said["day"]),
        ("round", row["round"], said["signing_round"]),
        ("entries", row["entries"], said["count"]),
        ("late", row["late"], said["late_entries"]),
        ("incomplete", row["incomplete"], said["incomplete_records"]),
        ("entries_sha256", row["entries_sha256"], said["sha256"]),
        ("words", words_sha256(row["remark"], row["missing"]), said["text_sha256"]),
    )
    return first_difference(pairs) or moment_differs("signed_at", row["signed_at"], entry)


async def _covers(moment: Moment, row: Mapping[str, Any]) -> str:
    """The first entries of that day by that person have the hash that was signed, and the chain's head was that one."""
    began = datetime.combine(day_of(row["day"]), time(), CHINA).astimezone(UTC)
    found = await moment.ask(
        "SELECT id, kind, hash FROM journal_entry WHERE account_id = {} AND at >= {} AND at < {} AND id < {}",
        row["account"],
        began,
        began + timedelta(days=1),
        row["id"],
    )
    hashes = [each["hash"] for each in sorted(found, key=lambda each: int(each["id"])) if each["kind"] not in FOLDED]
    if len(hashes) < row["entries"] or entries_sha256(hashes[: row["entries"]]) != row["entries_sha256"]:
        return "the entries it covers were changed"
    return (
        ""
        if await head_is_there(moment, f"station:{row['station']}", row["head_seq"], row["head_hash"])
        else "its head is not in the chain"
    )


async def head_is_there(moment: Moment, chain: str, seq: int, digest: str) -> bool:
    """Whether the chain has this entry; number 0 stands for a chain that was empty."""
    if seq == 0:
        return True
    rows = await moment.ask("SELECT hash FROM journal_entry WHERE chain = {} AND seq = {}", chain, seq)
    return bool(rows) and rows[0]["hash"] == digest


def first_difference(pairs: Sequence[tuple[str, Any, Any]]) -> str:
    """The first of (name, in the row, in the entry) that differs, in words; "" when none does."""
    return next((f"its {name} differs from the journal entry" for name, mine, told in pairs if mine != told), "")


def moment_differs(name: str, value: Any, entry: Mapping[str, Any]) -> str:
    """Whether a moment in a row is not the one of its entry, in words; "" when it is."""
    return "" if abs(moment_of(value) - moment_of(entry["at"])) <= SOON else f"its {name} differs from the journal entry"


# Ledger versions and steps.

_VERSIONS = (
    "SELECT v.id, v.ledger, v.station, v.month, v.number, v.version, v.summary, v.main_work, v.problems, v.plans, v.archive_key, v.sha256, "
    "v.size, v.head_chain, v.head_seq, v.head_hash, v.reason, v.filled_by, v.closed_by, v.signed_name, v.closed_at FROM ledger_version v"
)
_STEP_OF = {
    EventKind.LEDGER_CLOSED.value: LedgerStepKind.CLOSED,
    EventKind.LEDGER_SUBMITTED.value: LedgerStepKind.SUBMITTED,
    EventKind.LEDGER_QUERIED.value: LedgerStepKind.QUERIED,
    EventKind.LEDGER_ANSWERED.value: LedgerStepKind.ANSWERED,
    EventKind.LEDGER_ACCEPTED.value: LedgerStepKind.ACCEPTED,
    EventKind.LEDGER_CORRECTED.value: LedgerStepKind.CORRECTED,
}
VERSION_ENTRIES = (EventKind.LEDGER_CLOSED.value, EventKind.LEDGER_CORRECTED.value)


async def check_ledgers(moment: Moment, say: Say, entries: Sequence[Entry], *, quick: bool, files: bool) -> int:
    """Every version of every ledger is its entry's and its archived content's, none is missing, the steps lead to the state.

    How many versions there are. Without `files` the archived contents are not opened.
    """
    rows = {row["number"]: row for row in await moment.ask(f"{_VERSIONS} ORDER BY v.ledger, v.version")}
    told = {entry["particulars"]["number"]: entry for entry in entries if entry["kind"] in VERSION_ENTRIES}
    for number, entry in told.items():
        if number not in rows:
            say(RecordPart.LEDGER, number, "its row is missing", entry["station_id"])
    count = 0
    for number, row in rows.items():
        of_it = told.get(number)
        if of_it is None:
            if not quick:
                say(RecordPart.LEDGER, number, "no journal entry tells of it", row["station"])
            continue
        count += 1
        if what := await _read(_version_fault(moment, row, of_it, files)):
            say(RecordPart.LEDGER, number, what, row["station"])
    if not quick:
        await _check_states(moment, say, entries, list(rows.values()))
    return count


async def _version_fault(moment: Moment, row: Mapping[str, Any], entry: Entry, files: bool) -> str:
    return _version_differs(row, entry) or await _head_of(moment, row, entry) or (await _content_differs(row) if files else "")


def _version_differs(row: Mapping[str, Any], entry: Entry) -> str:
    said = entry["particulars"]
    pairs = (
        ("ledger", row["ledger"], entry["subject_id"]),
        ("station", row["station"], entry["station_id"]),
        ("closed_by", row["closed_by"], entry["account_id"]),
        ("signed_name", row["signed_name"], entry["signed_name"]),
        ("month", month_label(row["month"]), said["ledger_month"]),
        ("version", row["version"], said["version"]),
        ("sha256", row["sha256"], said["sha256"]),
        ("head_seq", row["head_seq"], said["head_seq"]),
        ("head_hash", row["head_hash"], said["head_hash"]),
        ("reason", without_contacts(row["reason"]), said.get("reason", "")),
    )
    return first_difference(pairs) or moment_differs("closed_at", row["closed_at"], entry)


async def _head_of(moment: Moment, row: Mapping[str, Any], entry: Entry) -> str:
    """The journal's head that the ledger was signed over stands in the chain, before the entry of the ledger itself."""
    if row["head_chain"] != entry["chain"]:
        return "its head_chain differs from the journal entry"
    there = row["head_seq"] < entry["seq"] and await head_is_there(moment, row["head_chain"], row["head_seq"], row["head_hash"])
    return "" if there else "its head is not in the chain"


async def _content_differs(row: Mapping[str, Any]) -> str:
    """The archived content is the one that was signed, and the columns beside it say what it says."""
    if fault := await file_fault(row["archive_key"], row["sha256"], row["size"]):
        return fault
    content = from_bytes(await archive.opened(row["archive_key"], row["sha256"]))
    pairs = (
        ("number", row["number"], content.header.number),
        ("filled_by", row["filled_by"], content.header.filled_by),
        ("summary", row["summary"], summary_record(content)),
        *((name, row[name], getattr(content, name)) for name in (*WORDS, "head_chain", "head_seq", "head_hash")),
    )
    wrong = next((name for name, mine, kept in pairs if mine != kept), "")
    return f"its {wrong} differs from its content" if wrong else ""


async def _check_states(moment: Moment, say: Say, entries: Sequence[Entry], versions: Sequence[Mapping[str, Any]]) -> None:
    steps: dict[int, list[Step]] = {}
    for row in await moment.ask('SELECT "ledger", "version", "kind", "note", "by" FROM ledger_step ORDER BY "id"'):
        steps.setdefault(row["ledger"], []).append((row["kind"], row["version"], without_contacts(row["note"]), row["by"]))
    journalled: dict[int, list[Step]] = {}
    for entry in sorted(entries, key=lambda entry: (entry["chain"], entry["seq"])):
        said = entry["particulars"]
        step = (_STEP_OF[entry["kind"]].value, said["version"], said.get("reason", ""), entry["account_id"])
        journalled.setdefault(entry["subject_id"], []).append(step)
    newest: dict[int, list[int]] = {}
    for version in versions:
        newest.setdefault(version["ledger"], []).append(version["version"])
    async for batch in moment.batches("SELECT id, station, month, state, version FROM ledger ORDER BY id"):
        for ledger in batch:
            number = ledger["id"]
            what = _state_fault(ledger, steps.pop(number, []), journalled.pop(number, []), newest.get(number, []))
            if what:
                say(RecordPart.LEDGER, f"ledger {ledger['month']} of station {ledger['station']}", what, ledger["station"])
    for number in sorted(set(steps) | set(journalled)):
        say(RecordPart.LEDGER, f"ledger {number}", "its row is missing", None)


Step = tuple[str, int, str, int | None]


def _state_fault(row: Mapping[str, Any], steps: Sequence[Step], journalled: Sequence[Step], versions: Sequence[int]) -> str:
    if list(steps) != list(journalled):
        return "its steps differs from the journal entry"
    missing = next((number for number in range(1, row["version"] + 1) if number not in versions), 0)
    if missing:
        return f"version {missing} is missing"
    if row["version"] != max(versions, default=0):
        return "its version differs from its steps"
    state = LedgerState.CLOSABLE
    try:
        for kind, *_ in steps:
            state = after(LedgerStepKind(kind), state)
        kept = LedgerState(row["state"])
    except (RuleBroken, ValueError):
        return "its state differs from its steps"
    return "" if kept is state or (not steps and kept in (LedgerState.OPEN, LedgerState.CLOSABLE)) else "its state differs from its steps"


# Corrections.

_CORRECTIONS = (
    "SELECT id, number, station, record, record_id, record_number, field, old_text, new_text, stored, reason, month, replaces, entry, "
    "ledger, made_by, made_at FROM correction"
)


async def check_corrections(moment: Moment, say: Say, entries: Sequence[Entry], *, quick: bool) -> int:
    """Every correction is its entry's, and what was corrected last is what the record says now; how many there are."""
    told = {entry["id"]: entry for entry in entries}
    seen: set[int] = set()
    newest: dict[tuple[str, str], dict[int, Mapping[str, Any]]] = {}
    async for batch in moment.batches(f"{_CORRECTIONS} ORDER BY id"):
        for row in batch:
            entry = told.get(row["entry"])
            if entry is None:
                if not quick:
                    say(RecordPart.CORRECTION, row["number"], "no journal entry tells of it", row["station"])
                continue
            seen.add(row["entry"])
            if what := await _read(_correction_differs(row, entry)):
                say(RecordPart.CORRECTION, row["number"], what, row["station"])
            else:
                newest.setdefault((row["record"], row["field"]), {})[row["record_id"]] = row
    for number in sorted(set(told) - seen):
        entry = told[number]
        say(RecordPart.CORRECTION, entry["particulars"].get("number", str(number)), "its row is missing", entry["station_id"])
    for (record, name), rows in newest.items():
        await _check_now(moment, say, record, name, rows)
    return len(seen)


async def _correction_differs(row: Mapping[str, Any], entry: Entry) -> str:
    said = entry["particulars"]
    pairs = (
        ("number", row["number"], said["number"]),
        ("station", row["station"], entry["station_id"]),
        ("made_by", row["made_by"], entry["account_id"]),
        ("values", kept_sha256(row), said["values_sha256"]),
    )
    return first_difference(pairs) or moment_differs("made_at", row["made_at"], entry)


async def _check_now(moment: Moment, say: Say, record: str, name: str, rows: Mapping[int, Mapping[str, Any]]) -> None:
    """The corrected rows say what their last corrections said; words that were removed with a person's data say nothing."""
    kind = RECORDS.get(record)
    field = kind.field(name) if kind else None
    if field is None or field.beside or field.sealed:
        return
    table = PLACES[record].table._meta.tablename
    ids = list(rows)
    for first in range(0, len(ids), AT_ONCE):
        some = ", ".join(str(number) for number in ids[first : first + AT_ONCE])
        for row in await moment.ask(f'SELECT "id", "{name}" AS "value" FROM "{table}" WHERE "id" IN ({some})'):
            last = rows[row["id"]]
            removed = row["value"] == "" and field.kind in (FieldKind.LINE, FieldKind.TEXT)
            if stored(row["value"]) != last["stored"] and not removed:
                say(RecordPart.CORRECTION, last["number"], "the record now says something else", last["station"])
