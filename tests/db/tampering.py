"""A small record with everything in it, and the ways to tamper with it that a verification must find and name.

Whoever tampers here has the whole database in their hands: triggers are taken off and put back, other constraints do not hold
them up, and they know how entries are hashed. What they do not have are the keys of the vault and of the heads.
"""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from piccolo.querystring import QueryString

from db import archive
from db.actions.corrections import correct
from db.actions.documents import issue_paper, void_paper
from db.actions.journal import record
from db.actions.ledger import accept_month, close_month, submit_month, write_words
from db.actions.verification import sign_due_heads
from db.actions.work_records import sign_day
from db.clock import at
from db.queries.work_records import work_of
from db.tables.referrals import Placement
from db.transaction import transact
from piccolo_conf import DB
from rules.codes import PaperKind, ReferralState
from rules.corrections import mark_of
from rules.journal import ZERO, EventKind, link
from rules.verification import RecordPart
from rules.work_records import entries_sha256
from tests.cast import LAKE, LING, PEOPLE
from tests.web.rows import put_job, put_placement, put_referral, put_seeker

SQLITE = DB.engine_type == "sqlite"
TABLES = ("journal_entry", "paper", "ledger", "ledger_version", "ledger_step", "correction", "signed_day", "signed_head", "placement")
DAY = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
NOTED = (EventKind.JOB_DRAFTED, EventKind.JOB_PUBLISHED, EventKind.SEEKER_REGISTERED, EventKind.REFERRAL_PROPOSED)


async def build() -> None:
    """Two stations with entries, papers, a void one, a signed day, an accepted ledger, two corrections; heads signed that night."""
    with at(DAY):
        for number in range(18):
            station, who = ((LAKE, "chen"), (LING, "lin"), (None, "zheng"))[number % 3]
            about = {"subject": "job", "subject_id": number, "actor": PEOPLE[who], "station_id": station}
            await transact(record, NOTED[number % len(NOTED)], **about, number=f"G261201-{number:06d}", version=1)
        papers = [await _paper(f"T261201000{number:02d}", number) for number in range(4)]
        await void_paper(papers[1], "打印时卡纸了，重打", actor=PEOPLE["wu"])
        job = await put_job("G261201-010001")
        seeker = await put_seeker()
        referral = await put_referral("T26120100021", job, seeker, state=ReferralState.PLACED)
        placement = await put_placement(referral, job, seeker)
        await Placement.update({Placement.pay_due_fen: 20_000, Placement.ended_on: date(2026, 12, 1)}).where(Placement.id == placement)
        for old, new in ((20_000, 22_000), (22_000, 21_000)):
            await correct("placement", "T26120100021", None, "pay_due_fen", mark_of(old), new, "和回执核对过了", actor=PEOPLE["wu"])
        await _ledger(202610)
        chen = PEOPLE["chen"].id
        work = await work_of(chen, DAY.date(), DAY.date(), reader=chen)
        read = entries_sha256(entry["hash"] for entry in work.entries)
        await sign_day(DAY.date(), read=True, seen=read, actor=PEOPLE["chen"])
    with at(DAY + timedelta(hours=16)):  # one o'clock in the night in China
        assert await sign_due_heads() == 3


async def _paper(number: str, subject: int) -> int:
    kept = await archive.keep(f"%PDF-1.7 {number}".encode())
    kind = PaperKind.REFERRAL_SLIP
    about = {"subject": "referral", "subject_id": subject, "station_id": LAKE}
    return (await issue_paper(kind=kind, number=number, snapshot="{}", kept=kept, actor=PEOPLE["chen"], **about)).id


async def _ledger(month: int) -> None:
    manager = PEOPLE["wu"]
    await write_words(month, main_work="登记、推荐。", problems="没有。", plans="走访。", actor=manager)
    await close_month(month, signed_name=manager.name, seen=True, actor=manager)
    await submit_month(month, actor=manager)
    await accept_month("ZD-420112015-01", month, actor=PEOPLE[_supervisor()])


def _supervisor() -> str:
    return "sun"


# Reaching past the triggers.


async def rows_of(table: str) -> list[dict[str, Any]]:
    """Every row, as the driver gives it."""
    if SQLITE:
        with closing(sqlite3.connect(DB.path)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(f'SELECT * FROM "{table}" ORDER BY id')]
    return [dict(row) for row in await DB.run_querystring(QueryString(f'SELECT * FROM "{table}" ORDER BY id'))]


async def past_triggers(statements: list[tuple[str, list[Any]]]) -> None:
    """Run statements (with ? for values) with the triggers taken off, and put those back."""
    if SQLITE:
        with closing(sqlite3.connect(DB.path, isolation_level=None, timeout=10)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for name, _ in triggers:
                connection.execute(f"DROP TRIGGER {name}")
            for sql, values in statements:
                connection.execute(sql, values)
            for _, sql in triggers:
                connection.execute(sql)
            connection.execute("COMMIT")
        return
    async with DB.pool.acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        for sql, values in statements:
            parts = sql.split("?")
            numbered = "".join(f"{part}${place}" for place, part in enumerate(parts[:-1], start=1)) + parts[-1]
            await connection.execute(numbered, *values)


@dataclass
class Kept:
    """The record before anybody tampered with it."""

    rows: dict[str, list[dict[str, Any]]]
    files: dict[Path, bytes]

    @classmethod
    async def taken(cls) -> Kept:
        """As it is now."""
        files = {path: path.read_bytes() for path in archive.folder().glob("*/*.sealed")}
        return cls({table: await rows_of(table) for table in TABLES}, files)

    async def put_back(self, tables: set[str]) -> None:
        """Everything of these tables and every file as it was."""
        statements: list[tuple[str, list[Any]]] = []
        for table in tables:
            statements.append((f'DELETE FROM "{table}"', []))
            statements += [_insert(table, row) for row in self.rows[table]]
        await past_triggers(statements)
        for path, body in self.files.items():
            path.write_bytes(body)


def _insert(table: str, row: dict[str, Any]) -> tuple[str, list[Any]]:
    names = ", ".join(f'"{name}"' for name in row)
    return f'INSERT INTO "{table}" ({names}) VALUES ({", ".join("?" for _ in row)})', list(row.values())


def _set(table: str, row_id: int, **values: Any) -> tuple[str, list[Any]]:
    changed = ", ".join(f'"{name}" = ?' for name in values)
    return f'UPDATE "{table}" SET {changed} WHERE id = ?', [*values.values(), row_id]


# The ways.


@dataclass
class Case:
    """What was done, to which tables, and what the verification must say: one of `names` at the fault of `part`."""

    what: str
    part: RecordPart
    names: list[str]
    statements: list[tuple[str, list[Any]]] = field(default_factory=list)
    files: dict[Path, bytes | None] = field(default_factory=dict)
    tables: set[str] = field(default_factory=set)

    async def commit(self) -> None:
        """Do it."""
        await past_triggers(self.statements)
        for path, body in self.files.items():
            if body is None:
                path.unlink()
            else:
                path.write_bytes(body)


Way = Callable[[random.Random, Kept], Case]


def _entries(kept: Kept, chain: str | None = None) -> list[dict[str, Any]]:
    """Entries under a signed head, in order."""
    heads = {row["chain"]: row["seq"] for row in kept.rows["signed_head"]}
    rows = [row for row in kept.rows["journal_entry"] if row["seq"] <= heads.get(row["chain"], 0) and chain in (None, row["chain"])]
    return sorted(rows, key=lambda row: (row["chain"], row["seq"]))


def _place(row: dict[str, Any], seq: int | None = None) -> str:
    return f"chain {row['chain']}, entry {seq or row['seq']}"


def _journal(what: str, names: list[str], statements: list[tuple[str, list[Any]]]) -> Case:
    return Case(what, RecordPart.JOURNAL, names, statements, tables={"journal_entry"})


def _flipped(chance: random.Random, text: str) -> str:
    place = chance.randrange(len(text))
    letter = chr(ord(text[place]) ^ (1 << chance.randrange(4)))
    return f"{text[:place]}{letter if letter.isprintable() else 'x'}{text[place + 1 :]}" if letter != text[place] else text + "x"


def flip_body(chance: random.Random, kept: Kept) -> Case:
    """A bit of what an entry says."""
    row = chance.choice(_entries(kept))
    return _journal("bit of a body", [_place(row)], [_set("journal_entry", row["id"], body=_flipped(chance, row["body"]))])


def change_hash(chance: random.Random, kept: Kept) -> Case:
    """A digit of an entry's hash."""
    row = chance.choice(_entries(kept))
    place = chance.randrange(64)
    digit = chance.choice([each for each in "0123456789abcdef" if each != row["hash"][place]])
    changed = row["hash"][:place] + digit + row["hash"][place + 1 :]
    return _journal("hash", [_place(row)], [_set("journal_entry", row["id"], hash=changed)])


def change_column(chance: random.Random, kept: Kept) -> Case:
    """A column beside the text."""
    row = chance.choice(_entries(kept))
    earlier = row["at"].replace("2026", "2025") if isinstance(row["at"], str) else row["at"] - timedelta(days=365)
    values: dict[str, Any] = {
        "kind": "JOB_REJECTED",
        "subject": "seeker",
        "subject_id": row["subject_id"] + 1,
        "station_id": 77,
        "account_id": 77,
        "signed_name": "别人",
        "corrects": 77,
        "at": earlier,
        "prev": "a" * 64,
        "id": row["id"] + 1,
    }
    name = chance.choice(sorted(values))
    return _journal(f"column {name}", [_place(row)], [_set("journal_entry", row["id"], **{name: values[name]})])


def delete_entry(chance: random.Random, kept: Kept) -> Case:
    """An entry out of the middle."""
    heads = {(row["chain"], row["seq"]) for row in kept.rows["signed_head"]}
    row = chance.choice([row for row in _entries(kept) if (row["chain"], row["seq"]) not in heads])
    return _journal("deleted", [_place(row, row["seq"] + 1)], [("DELETE FROM journal_entry WHERE id = ?", [row["id"]])])


def swap_entries(chance: random.Random, kept: Kept) -> Case:
    """Two entries of one chain change places."""
    chain = chance.choice(sorted({row["chain"] for row in _entries(kept)}))
    one, two = sorted(chance.sample(_entries(kept, chain), 2), key=lambda row: row["seq"])
    steps = [
        _set("journal_entry", one["id"], seq=-1),
        _set("journal_entry", two["id"], seq=one["seq"]),
        _set("journal_entry", one["id"], seq=two["seq"]),
    ]
    return _journal("swapped", [_place(one)], steps)


def move_entry(chance: random.Random, kept: Kept) -> Case:
    """The last entry of one chain is put behind the end of another one."""
    chains = sorted({row["chain"] for row in _entries(kept)})
    source, target = chance.sample(chains, 2)
    row = chance.choice(_entries(kept, source))
    end = max(each["seq"] for each in kept.rows["journal_entry"] if each["chain"] == target)
    moved = _set("journal_entry", row["id"], chain=target, seq=end + 1)
    return _journal("moved", [f"chain {target}, entry {end + 1}", _place(row, row["seq"] + 1), _place(row)], [moved])


def cut_tail(chance: random.Random, kept: Kept) -> Case:
    """Everything from an entry on is gone."""
    row = chance.choice(_entries(kept))
    ends = [each["seq"] for each in kept.rows["signed_head"] if each["chain"] == row["chain"]]
    cut = ("DELETE FROM journal_entry WHERE chain = ? AND seq >= ?", [row["chain"], row["seq"]])
    return _journal("tail cut", [_place(row, end) for end in ends], [cut])


def recompute(chance: random.Random, kept: Kept) -> Case:
    """An entry says something else, and everything behind it is hashed anew, as it should be."""
    row = chance.choice(_entries(kept))
    prev = row["prev"]
    steps: list[tuple[str, list[Any]]] = []
    for each in (each for each in kept.rows["journal_entry"] if each["chain"] == row["chain"] and each["seq"] >= row["seq"]):
        body = json.loads(each["body"])
        if each is row:
            body["particulars"]["note"] = "后来写的"
        text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        digest = link(prev, each["chain"], each["seq"], text)
        steps.append(_set("journal_entry", each["id"], body=text, prev=prev, hash=digest))
        prev = digest
    ends = [each["seq"] for each in kept.rows["signed_head"] if each["chain"] == row["chain"]]
    return _journal("recomputed", [_place(row, end) for end in ends], steps)


def recompute_all(chance: random.Random, kept: Kept) -> Case:
    """A whole chain is written anew."""
    chain = chance.choice(sorted({row["chain"] for row in _entries(kept)}))
    prev, steps = ZERO, []
    for each in (each for each in kept.rows["journal_entry"] if each["chain"] == chain):
        text = each["body"].replace('"particulars":{', '"particulars":{"a":1,')
        digest = link(prev, chain, each["seq"], text)
        steps.append(_set("journal_entry", each["id"], body=text, prev=prev, hash=digest))
        prev = digest
    ends = [each["seq"] for each in kept.rows["signed_head"] if each["chain"] == chain]
    return _journal("all recomputed", [f"chain {chain}, entry {end}" for end in ends], steps)


def _file(key: str) -> Path:
    return archive.folder() / key[:2] / f"{key}.sealed"


def _named(table: str, row: dict[str, Any]) -> str:
    match table:
        case "paper":
            return f"{row['kind']} {row['number']} copy {row['copy_number']}"
        case "signed_day":
            return f"day {str(row['day'])[:10]} of account {row['account']}"
        case "signed_head":
            return f"{str(row['day'])[:10]}"
        case _:
            return str(row["number"])


PARTS = {
    "paper": RecordPart.PAPER,
    "ledger_version": RecordPart.LEDGER,
    "correction": RecordPart.CORRECTION,
    "signed_day": RecordPart.SIGNED_DAY,
    "signed_head": RecordPart.HEAD,
}


def change_file(chance: random.Random, kept: Kept) -> Case:
    """The archived file of a paper or a ledger: a bit, another file in its place, an old one, none."""
    table = chance.choice(["paper", "ledger_version"])
    row = chance.choice(kept.rows[table])
    path = _file(row["archive_key"])
    others = [each for each in kept.files if each != path]
    body = bytearray(kept.files[path])
    body[chance.randrange(len(body))] ^= 1 << chance.randrange(8)
    new = chance.choice([bytes(body), bytes(body), kept.files[chance.choice(others)], kept.files[path][:-1], None])
    return Case("file", PARTS[table], [_named(table, row)], files={path: new})


CHANGED: dict[str, tuple[str, ...]] = {
    "paper": (
        "sha256",
        "unsigned_sha256",
        "archive_key",
        "size",
        "subject",
        "station",
        "issued_by",
        "issued_at",
        "voided_at",
        "voided_by",
        "void_reason",
        "number",
    ),
    "ledger_version": (
        *("sha256", "archive_key", "size", "summary", "main_work", "problems", "plans", "head_seq", "head_hash", "reason"),
        *("month", "version", "signed_name", "closed_by", "closed_at", "filled_by"),
    ),
    "correction": ("old_text", "new_text", "stored", "reason", "field", "record_id", "month", "ledger", "made_by", "made_at", "number"),
    "signed_day": (
        "entries",
        "late",
        "incomplete",
        "entries_sha256",
        "remark",
        "missing",
        "head_seq",
        "head_hash",
        "signed_name",
        "signed_at",
        "round",
        "account",
    ),
    "signed_head": ("seq", "hash", "signature", "key_id", "chain"),
}


def change_row(chance: random.Random, kept: Kept) -> Case:
    """A column of a row beside the journal."""
    table = chance.choice(sorted(CHANGED))
    row = chance.choice(kept.rows[table])
    name = chance.choice(CHANGED[table])
    was = row[name]
    value: Any
    if name.endswith("_at"):
        value = None if was is not None and table == "paper" and name == "voided_at" else _later(was)
    elif isinstance(was, int) or was is None:
        value = (was or 0) + 1
    elif name in ("sha256", "entries_sha256", "hash", "head_hash", "signature", "unsigned_sha256", "key_id", "archive_key"):
        value = (was[:-1] + ("0" if was[-1] != "0" else "1")) if was else "a" * 64
    else:
        value = f"{was}改"[-20:] if name != "summary" else was.replace("0", "1", 1)
    names = [_named(table, row), _named(table, {**row, name: value})]
    return Case(f"{table}.{name}", PARTS[table], names, [_set(table, row["id"], **{name: value})], tables={table})


def _later(was: Any) -> Any:
    if was is None:
        was = "2026-12-01 01:00:00+00:00" if SQLITE else DAY
    return was.replace("2026", "2027") if isinstance(was, str) else was + timedelta(days=365)


def delete_row(chance: random.Random, kept: Kept) -> Case:
    """A row beside the journal."""
    table = chance.choice(sorted(PARTS))
    row = chance.choice(kept.rows[table])
    names = [_named(table, row)]
    if table == "ledger_version":
        names.append(f"ledger {row['month']} of station {row['station']}")
    return Case(f"{table} deleted", PARTS[table], names, [(f"DELETE FROM {table} WHERE id = ?", [row["id"]])], tables={table})


def add_row(chance: random.Random, kept: Kept) -> Case:
    """A row that nobody wrote, beside the journal."""
    table = chance.choice(sorted(set(PARTS) - {"signed_head"}))
    row = dict(chance.choice(kept.rows[table]))
    row["id"] += 1
    changes: dict[str, Any] = {
        "paper": {"number": "T26120199999", "copy_number": 1},
        "ledger_version": {"number": "L202609-ZD-420112015-01-v1", "ledger": row["id"], "version": 9},
        "correction": {"number": "GZ261201-9999", "entry": None, "replaces": None, "field": "pieces"},
        "signed_day": {"round": 9},
    }[table]
    row |= changes
    return Case(f"{table} added", PARTS[table], [_named(table, row)], [_insert(table, row)], tables={table})


def change_step(chance: random.Random, kept: Kept) -> Case:
    """What was done with a ledger, or where it stands."""
    step, ledger = chance.choice(kept.rows["ledger_step"]), kept.rows["ledger"][0]
    ways: list[tuple[str, list[Any]]] = [
        ("DELETE FROM ledger_step WHERE id = ?", [step["id"]]),
        _set("ledger_step", step["id"], note="改过"),
        _set("ledger_step", step["id"], kind="QUERIED"),
        _set("ledger_step", step["id"], by=PEOPLE["chen"].id),
        _set("ledger", ledger["id"], state="SUBMITTED"),
        _set("ledger", ledger["id"], version=ledger["version"] + 1),
    ]
    return Case("ledger step", RecordPart.LEDGER, ["ledger 202610"], [chance.choice(ways)], tables={"ledger_step", "ledger"})


def change_corrected(chance: random.Random, kept: Kept) -> Case:
    """The record that was corrected says something else again."""
    last = kept.rows["correction"][-1]
    undone = _set("placement", last["record_id"], pay_due_fen=chance.randrange(1, 20_000))
    return Case("corrected value", RecordPart.CORRECTION, [last["number"]], [undone], tables={"placement"})


WAYS: tuple[Way, ...] = (
    *(flip_body, change_hash, change_column, delete_entry, swap_entries, move_entry, cut_tail, recompute, recompute_all),
    *(change_file, change_row, change_row, delete_row, add_row, change_step, change_corrected),
)
