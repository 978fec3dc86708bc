"""Proving that the whole record is as it was written: python -m db.verify_record, or script/verify-journal.

    (nothing)          everything: every chain, signed head, ledger version, paper, correction and signed day, every file of theirs
    --quick            only what is new since the last good nightly run: entries after heads signed before it, and what they name
    --heads            also print the head of every chain: chain, number, hash
    --against FILE     also compare with heads kept elsewhere: as `--heads` prints them, or the district's file of signed heads
    --key FILE         check signatures with the public keys of this file (lines "key ID HEX") and no others
    --nightly          what the clockwork starts: once a night, keep the result and tell managers and officers of a fault

Exit 0 when all is well, 1 with the first fault of each part, named. The journal is walked at one moment of the database; what
the other tables say must be what its entries say, in both directions, and what lies in the archive must have the hashes of
both. Reads past the pool and keeps a bounded number of rows in memory, so it may run beside the web processes.
"""

from __future__ import annotations

import argparse
import asyncio
import fcntl
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from db.actions.documents import REPLACED
from db.clock import now
from db.engine import data_folder
from db.errors import StorageUnavailable, translated
from db.signed_heads import SigningKeyError, known_public_keys, signature_is_good
from db.vault import SealedError
from db.verify_journal import DB, ENTRIES, Moment, opened_moment
from db.verify_rows import (
    CORRECTION_ENTRIES,
    DAY_ENTRIES,
    LEDGER_ENTRIES,
    UNREADABLE,
    VERSION_ENTRIES,
    check_corrections,
    check_ledgers,
    check_signed_days,
    day_of,
    file_fault,
    first_difference,
    moment_differs,
    moment_of,
)
from rules.codes import PaperKind
from rules.journal import EventKind, Walk
from rules.verification import Finding, RecordPart, RunHow, SignedLine, lines_sha256, read_heads, read_public_keys, read_signed

PAPERS_AT_ONCE = 300
NICENESS = 10

_PAPER_ENTRIES = frozenset({EventKind.PAPER_ISSUED.value, EventKind.PAPER_VOIDED.value, EventKind.SEEKER_ANONYMISED.value})
_KEPT = _PAPER_ENTRIES | LEDGER_ENTRIES | CORRECTION_ENTRIES | DAY_ENTRIES | {EventKind.HEADS_SIGNED.value}

Paper = tuple[str, str, int]
"""Kind, number and copy number: what names a paper in its journal entry."""


@dataclass(slots=True)
class Result:
    """What a run found: counts of what is as it was written, and the first fault of each part."""

    entries: int = 0
    chains: int = 0
    heads: int = 0
    ledgers: int = 0
    papers: int = 0
    corrections: int = 0
    days: int = 0
    unchecked: int = 0
    ends: dict[str, tuple[int, str]] = field(default_factory=dict)
    found: dict[RecordPart, Finding] = field(default_factory=dict)

    def say(self, part: RecordPart, name: str, what: str, station_id: int | None = None) -> None:
        """Something is wrong; the first of each part is kept."""
        self.found.setdefault(part, Finding(part, name, what, station_id))

    @property
    def ok(self) -> bool:
        """Whether everything is as it was written."""
        return not self.found


async def verify_record(
    *,
    keys: Mapping[str, str] | None = None,
    known: Mapping[str, Sequence[tuple[int, str]]] | None = None,
    quick: bool = False,
    files: bool = True,
) -> Result:
    """Verify everything; nothing is written. `keys` are the public keys signatures must be by (None: this installation's own).

    `known` are heads kept elsewhere. `quick`: only what is new since the last good run. `files` False leaves the archive unread.
    SealedError, SigningKeyError: the keys of this installation cannot be used.
    """
    async with opened_moment() as moment:
        run = _Run(moment, known_public_keys() if keys is None else keys, quick)
        if problem := await moment.problem(everything=True):
            run.result.say(RecordPart.GUARD, problem.split()[2], problem)
        await run.read_signed_heads()
        run.want_known(known or {})
        await run.walk()
        await run.check_days_of_heads()
        run.result.ledgers = await check_ledgers(moment, run.result.say, run.ledger_entries, quick=quick, files=files)
        run.result.corrections = await check_corrections(moment, run.result.say, run.correction_entries, quick=quick)
        run.result.days = await check_signed_days(moment, run.result.say, run.day_entries, quick=quick)
        await run.check_paper_rows()
    if files:
        await run.check_files()
    return run.result


def station_of(chain: str) -> int | None:
    """The station whose chain it is; None for the district's."""
    name, _, number = chain.partition(":")
    return int(number) if name == "station" and number.isdigit() else None


class _Run:
    def __init__(self, moment: Moment, keys: Mapping[str, str], quick: bool) -> None:
        self.moment = moment
        self.keys = keys
        self.quick = quick
        self.result = Result()
        self.start: dict[str, tuple[int, str]] = {}
        self.wanted: dict[tuple[str, int], tuple[str, str]] = {}
        self.broken: set[str] = set()
        self.signed_days: dict[str, dict[str, Any]] = {}
        self.head_rows: dict[str, tuple[int, str]] = {}
        self.ledger_entries: list[dict[str, Any]] = []
        self.correction_entries: list[dict[str, Any]] = []
        self.day_entries: list[dict[str, Any]] = []
        self.issued = 0
        self.void: dict[Paper, tuple[str, int | None, str]] = {}
        self.removed: set[tuple[str, int]] = set()
        self.fresh: list[dict[str, Any]] = []

    # Heads signed daily.

    async def read_signed_heads(self) -> None:
        """Check every signature, and remember which entries the chains must have. Quick: also where the walk begins."""
        before = await self._last_good() if self.quick else None
        day, lines = "", list[SignedLine]()
        async for batch in self.moment.batches(
            "SELECT day, chain, seq, hash, key_id, signature, signed_at FROM signed_head ORDER BY day, chain"
        ):
            for row in batch:
                try:
                    line = SignedLine(row["chain"], row["seq"], row["hash"], day_of(row["day"]), row["key_id"], row["signature"])
                except UNREADABLE:
                    self.result.say(RecordPart.HEAD, f"head of {row['chain']} on {row['day']}", "it cannot be read")
                    continue
                if lines and line.day.isoformat() != day:
                    self._end_day(day, lines)
                    lines = []
                day = line.day.isoformat()
                lines.append(line)
                if self._well_signed(line):
                    self.want(line.chain, line.seq, line.hash, "signed head")
                    if before and moment_of(row["signed_at"]) < before:
                        self.start[line.chain] = (line.seq, line.hash)
        if lines:
            self._end_day(day, lines)

    def _end_day(self, day: str, lines: list[SignedLine]) -> None:
        self.head_rows[day] = (len(lines), lines_sha256(lines))

    def _well_signed(self, line: SignedLine) -> bool:
        name = f"head of {line.chain} on {line.day}"
        if not self.keys:
            self.result.unchecked += 1
        elif line.key_id not in self.keys:
            self.result.say(RecordPart.HEAD, name, "it is signed with a key that is not known here", station_of(line.chain))
            return False
        elif not signature_is_good(line, self.keys[line.key_id]):
            self.result.say(RecordPart.HEAD, name, "its signature is wrong", station_of(line.chain))
            return False
        self.result.heads += 1
        return True

    async def _last_good(self) -> datetime | None:
        rows = await self.moment.ask("SELECT began_at FROM verification WHERE ok ORDER BY id DESC LIMIT 1")
        return moment_of(rows[0]["began_at"]) if rows else None

    async def check_days_of_heads(self) -> None:
        """The heads of each day are those its entry in the journal counted and hashed."""
        for day, entry in self.signed_days.items():
            told = entry["particulars"]
            if day not in self.head_rows:
                self.result.say(RecordPart.HEAD, f"heads of {day}", "its row is missing")
            elif self.head_rows[day] != (told["count"], told["sha256"]):
                self.result.say(RecordPart.HEAD, f"heads of {day}", "its lines differs from the journal entry")
        if not self.quick and (more := sorted(set(self.head_rows) - set(self.signed_days))):
            self.result.say(RecordPart.HEAD, f"heads of {more[0]}", "no journal entry tells of it")

    # The journal.

    def want(self, chain: str, seq: int, digest: str, source: str) -> None:
        """The chain must have this entry."""
        if self.wanted.setdefault((chain, seq), (digest, source))[0] != digest:
            self.result.say(RecordPart.JOURNAL, f"chain {chain}, entry {seq}", f"it is not the entry of the {source}", station_of(chain))

    def want_known(self, known: Mapping[str, Sequence[tuple[int, str]]]) -> None:
        """Heads kept elsewhere."""
        for chain, heads in known.items():
            for seq, digest in heads:
                self.want(chain, seq, digest, "head kept elsewhere")

    async def walk(self) -> None:
        """Every entry of every chain, in order; after the first fault of a chain its entries are read, but prove nothing."""
        walk = Walk(self.start, _KEPT)
        self.wanted = {place: each for place, each in self.wanted.items() if place[1] > self.start.get(place[0], (0, ""))[0]}
        for sql, values in await self._questions():
            async for batch in self.moment.batches(sql, *values):
                for entry in batch:
                    if entry["chain"] in self.broken:
                        _read_anyway(walk, entry)
                    else:
                        self._take(walk, entry)
                await self._sort_out(walk)
        for (chain, seq), (_, source) in sorted(self.wanted.items()):
            if chain not in self.broken:
                kept = "signed heads" if source == "signed head" else "heads kept elsewhere"
                self._fault(chain, seq, f"it is in the {kept} and gone here")
        self.result.entries, self.result.chains, self.result.ends = walk.count, len(walk.heads), walk.heads

    async def _questions(self) -> list[tuple[str, tuple[Any, ...]]]:
        if not self.start:
            return [(f"{ENTRIES} ORDER BY chain, seq", ())]
        chains = await self.moment.ask("SELECT DISTINCT chain FROM journal_entry")
        names = {row["chain"] for row in chains} | set(self.start)
        sql = f"{ENTRIES} WHERE chain = {{}} AND seq > {{}} ORDER BY seq"
        return [(sql, (chain, self.start.get(chain, (0, ""))[0])) for chain in sorted(names)]

    def _take(self, walk: Walk, entry: Mapping[str, Any]) -> None:
        fault = walk.take(entry)
        if fault:
            self._fault(fault.chain, fault.seq, fault.what)
            _read_anyway(walk, entry)
            return
        if self.wanted:
            place = (entry["chain"], entry["seq"])
            digest, source = self.wanted.pop(place, (entry["hash"], ""))
            if digest != entry["hash"]:
                self._fault(*place, f"it is not the entry of the {source}")

    def _fault(self, chain: str, seq: int, what: str) -> None:
        self.broken.add(chain)
        self.result.say(RecordPart.JOURNAL, f"chain {chain}, entry {seq}", what, station_of(chain))

    async def _sort_out(self, walk: Walk) -> None:
        """Put the entries that other tables must agree with where they are checked."""
        issued: list[dict[str, Any]] = []
        for entry in walk.kept:
            try:
                if self._put(entry):
                    issued.append(entry)
            except UNREADABLE:  # behind a fault anything may stand there
                continue
        walk.kept.clear()
        for first in range(0, len(issued), PAPERS_AT_ONCE):
            await self._papers_of(issued[first : first + PAPERS_AT_ONCE])

    def _put(self, entry: dict[str, Any]) -> bool:
        """Remember an entry; True when it is of an issued paper, whose row is looked for at once."""
        kind, told = entry["kind"], entry["particulars"]
        if not (isinstance(entry["subject_id"], int) and isinstance(entry["id"], int)):
            return False
        if kind in LEDGER_ENTRIES:
            told["version"], told["number"] if kind in VERSION_ENTRIES else ""
            self.ledger_entries.append(entry)
        elif kind in CORRECTION_ENTRIES:
            self.correction_entries.append(entry)
        elif kind in DAY_ENTRIES:
            told["day"]
            self.day_entries.append(entry)
        elif kind == EventKind.HEADS_SIGNED:
            self.signed_days[told["day"]] = entry
        elif kind == EventKind.SEEKER_ANONYMISED:
            self.removed.add((PaperKind.SEEKER_FORM.value, entry["subject_id"]))
        elif kind == EventKind.PAPER_VOIDED:
            self.void[_key_of(told)] = (told["reason"][:200], entry["account_id"], entry["at"])
        else:
            key = _key_of(told)
            if told.get("replaces"):
                self.void[key[0], key[1], told["replaces"]] = (REPLACED, entry["account_id"], entry["at"])
            return True
        return False

    # Papers: from the entry to the row here, from the row to its file afterwards.

    async def _papers_of(self, entries: list[dict[str, Any]]) -> None:
        ids = ", ".join(str(number) for number in sorted({int(entry["subject_id"]) for entry in entries}))
        rows = {
            (row["kind"], row["number"], row["copy_number"]): row for row in await self.moment.ask(f"{_PAPERS} WHERE subject_id IN ({ids})")
        }
        for entry in entries:
            told = entry["particulars"]
            key = _key_of(told)
            row = rows.get(key)
            if row is None:
                self.result.say(RecordPart.PAPER, paper_name(*key), "its row is missing", entry["station_id"])
                continue
            self.issued += 1
            try:
                what = _paper_differs(row, entry)
            except UNREADABLE:
                what = "it cannot be read"
            if what:
                self.result.say(RecordPart.PAPER, paper_name(*key), what, entry["station_id"])
            if self.quick:
                self.fresh.append(row)

    async def check_paper_rows(self) -> None:
        """Every paper is void exactly when the journal says so, and no row stands beside the journal."""
        if self.quick:
            for row in self.fresh:
                self._check_row(row)
            return
        count = 0
        async for batch in self.moment.batches(f"{_PAPERS} ORDER BY id"):
            count += len(batch)
            await self._learn_removed(batch)
            for row in batch:
                self._check_row(row)
        if count != self.issued and RecordPart.PAPER not in self.result.found:
            await self._name_unknown_paper()

    def _check_row(self, row: Mapping[str, Any]) -> None:
        key = (row["kind"], row["number"], row["copy_number"])
        if not self._removed(row) and (fault := self._void_fault(key, row)):
            self.result.say(RecordPart.PAPER, paper_name(*key), fault, row["station"])

    def _removed(self, row: Mapping[str, Any]) -> bool:
        """Whether the person it is about had their data removed."""
        return (row["kind"], row["subject_id"]) in self.removed

    def _void_fault(self, key: Paper, row: Mapping[str, Any]) -> str:
        if not row["archive_key"]:
            return "its file is missing"
        if key not in self.void:
            void = row["voided_at"] is not None or row["voided_by"] is not None or row["void_reason"]
            return "it is void and no journal entry says so" if void else ""
        if row["voided_at"] is None:
            return "it was voided and is not void now"
        reason, account, at = self.void[key]
        pairs = (("void_reason", row["void_reason"], reason), ("voided_by", row["voided_by"], account))
        try:
            return first_difference(pairs) or moment_differs("voided_at", row["voided_at"], {"at": at})
        except UNREADABLE:
            return "it cannot be read"

    async def _learn_removed(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Guidance of a person whose data were removed."""
        gone = [row["subject_id"] for row in rows if row["kind"] == PaperKind.GUIDANCE.value and row["void_reason"]]
        if gone and self.removed:
            ids = ", ".join(map(str, gone))
            asked = f"SELECT g.id, r.seeker FROM guidance g JOIN referral r ON r.id = g.referral WHERE g.id IN ({ids})"
            people = {number for kind, number in self.removed if kind == PaperKind.SEEKER_FORM.value}
            self.removed |= {(PaperKind.GUIDANCE.value, row["id"]) for row in await self.moment.ask(asked) if row["seeker"] in people}

    async def _name_unknown_paper(self) -> None:
        last = 0
        while rows := await self.moment.ask(f"{_PAPERS} WHERE id > {{}} ORDER BY id LIMIT {PAPERS_AT_ONCE}", last):
            ids = ", ".join(str(number) for number in sorted({row["subject_id"] for row in rows}))
            subjects = ", ".join(f"'{name}'" for name in sorted({row["subject"] for row in rows}) if name.isidentifier())
            entries = await self.moment.ask(
                f"SELECT body FROM journal_entry WHERE subject IN ({subjects}) AND subject_id IN ({ids}) AND kind = {{}}",
                EventKind.PAPER_ISSUED.value,
            )
            known = {key for entry in entries if (key := _key_in(entry["body"]))}
            for row in rows:
                key = (row["kind"], row["number"], row["copy_number"])
                if key not in known:
                    self.result.say(RecordPart.PAPER, paper_name(*key), "no journal entry tells of it", row["station"])
                    return
            last = rows[-1]["id"]

    async def check_files(self) -> None:
        """Open every paper's file, some hundred rows at a moment of their own, because it may take hours."""
        last, rows = 0, self.fresh
        while rows := rows if self.quick else await _papers_after(last):
            for row in rows:
                if row["archive_key"]:
                    fault = await file_fault(row["archive_key"], row["sha256"], row["size"])
                    if fault:
                        self.result.say(RecordPart.PAPER, paper_name(row["kind"], row["number"], row["copy_number"]), fault, row["station"])
                self.result.papers += 1
            last = rows[-1]["id"]
            if self.quick:
                return


_PAPERS = (
    "SELECT id, kind, number, copy_number, subject, subject_id, station, sha256, unsigned_sha256, archive_key, size, "
    "issued_by, issued_at, voided_at, voided_by, void_reason FROM paper"
)


def _paper_differs(row: Mapping[str, Any], entry: Mapping[str, Any]) -> str:
    told = entry["particulars"]
    pairs = (
        ("subject", row["subject"], entry["subject"]),
        ("station", row["station"], entry["station_id"]),
        ("sha256", row["sha256"], told["sha256"]),
        ("unsigned_sha256", row["unsigned_sha256"], told.get("unsigned_sha256", row["unsigned_sha256"])),
        ("issued_by", row["issued_by"], entry["account_id"]),
    )
    return first_difference(pairs) or moment_differs("issued_at", row["issued_at"], entry)


async def _papers_after(last: int) -> list[dict[str, Any]]:
    async with opened_moment() as moment:
        return await moment.ask(f"{_PAPERS} WHERE id > {{}} ORDER BY id LIMIT {PAPERS_AT_ONCE}", last)


def _key_in(body: str) -> Paper | None:
    try:
        return _key_of(json.loads(body)["particulars"])
    except UNREADABLE:
        return None


def _key_of(told: Mapping[str, Any]) -> Paper:
    return told["paper_kind"], told["paper"], told["copy_number"]


def paper_name(kind: str, number: str, copy_number: int) -> str:
    """A paper as its finding names it."""
    return f"{kind} {number} copy {copy_number}"


def _read_anyway(walk: Walk, entry: Mapping[str, Any]) -> None:
    """An entry behind a fault proves nothing, but what it names can still be looked for."""
    if entry["kind"] in walk.keep:
        try:
            body = json.loads(entry["body"])
            body["particulars"], body["subject_id"], body["at"], body["station_id"], body["account_id"]
        except UNREADABLE:
            return
        walk.kept.append({**body, "chain": entry["chain"], "seq": entry["seq"], "hash": entry["hash"]})


def _told(result: Result) -> str:
    counts = (
        f"{result.entries} entries in {result.chains} chains",
        f"{result.heads} signed heads" + (" (signatures not checked: no key)" if result.unchecked else ""),
        f"{result.ledgers} ledger versions",
        f"{result.papers} papers",
        f"{result.corrections} corrections",
        f"{result.days} signed days",
    )
    return ", ".join(counts)


async def _command(options: argparse.Namespace) -> int:
    try:
        keys = read_public_keys(options.key.read_text()) if options.key else None
        known, wrong = _known_heads(options.against, keys) if options.against else (None, "")
    except (OSError, ValueError) as error:
        print(f"a file cannot be read: {error}")
        return 1
    if wrong or (options.key and not keys):
        print(wrong or f"{options.key} holds no public key")
        return 1
    if DB.engine_type == "sqlite" and not Path(DB.path).exists():  # noqa: ASYNC240
        print(f"there is no database at {DB.path}")
        return 1
    try:
        with translated():
            if options.nightly:
                return await _nightly()
            result = await verify_record(keys=keys, known=known, quick=options.quick)
    except StorageUnavailable as error:
        print(f"the database cannot be read: {error}")
        return 1
    except (SealedError, SigningKeyError) as error:
        print(error)
        return 1
    if options.heads:
        for chain, (seq, digest) in result.ends.items():
            print(chain, seq, digest)
    for finding in result.found.values():
        print(finding.sentence)
    if result.ok:
        print(f"{_told(result)}, all as they were written")
    return 0 if result.ok else 1


def _known_heads(path: Path, keys: Mapping[str, str] | None) -> tuple[dict[str, list[tuple[int, str]]], str]:
    """The heads of a file, and what is wrong with it ("": nothing): it holds none, or a signature is not by the key."""
    text = path.read_text()
    heads = read_heads(text)
    if not heads:
        return {}, f"{path} holds no heads"
    known = known_public_keys() if keys is None else keys
    for line in read_signed(text):
        if line.key_id not in known:
            return {}, f"{path}: head of {line.chain} on {line.day}: it is signed with a key that is not known here"
        if not signature_is_good(line, known[line.key_id]):
            return {}, f"{path}: head of {line.chain} on {line.day}: its signature is wrong"
    return heads, ""


async def _nightly() -> int:
    """Verify, keep the result, tell managers and officers; one such process at a time, once a night."""
    from db.actions.verification import keep_run
    from db.queries.verification import night_is_due

    with (data_folder() / "verify_record.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return 0
        await DB.start_connection_pool()
        try:
            if not await night_is_due():
                return 0
            began = now()
            result = await verify_record()
            await keep_run(result, how=RunHow.NIGHTLY, began_at=began)
        finally:
            await DB.close_connection_pool()
    print(_told(result) if result.ok else "\n".join(finding.sentence for finding in result.found.values()))
    return 0 if result.ok else 1


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="verify-journal", description="Prove that the whole record is as it was written.")
    parser.add_argument("--quick", action="store_true", help="only what is new since the last good nightly run")
    parser.add_argument("--heads", action="store_true", help="print the head of every chain: chain, number, hash")
    parser.add_argument("--against", type=Path, metavar="FILE", help="compare with heads kept elsewhere, signed ones or not")
    parser.add_argument("--key", type=Path, metavar="FILE", help="check signatures with the public keys of this file")
    parser.add_argument("--nightly", action="store_true", help="the nightly run: its result is kept and told")
    options = parser.parse_args()
    if options.nightly:
        os.nice(NICENESS)
    return asyncio.run(_command(options))


if __name__ == "__main__":
    sys.exit(main())
