"""Proving that the journal is as it was written: python -m db.verify_journal, or script/verify-journal.

    (nothing)          walk every chain; exit 0 when all is well, 1 and the first bad entry when not
    --heads            also print the head of every chain: chain, number, hash
    --against FILE     also compare with heads printed earlier (the same three words per line)

A chain alone does not show that its end was cut off or that all of it was rewritten: keep the heads elsewhere (they
are printed on the monthly ledger) and compare. Reads past the pool, so it may run beside the web processes.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from db import ddl
from db.errors import StorageUnavailable, translated
from piccolo_conf import DB as CONFIGURED
from rules.journal import Fault, Walk

DB: Any = CONFIGURED

_ENTRIES = (
    "SELECT id, chain, seq, prev, hash, at, kind, subject, subject_id, station_id, account_id, signed_name, "
    "corrects, body FROM journal_entry ORDER BY chain, seq"
)
BATCH = 5000


def read_heads(text: str) -> dict[str, list[tuple[int, str]]]:
    """Chain → (number, hash) out of lines as `--heads` prints them; other lines do not count."""
    heads: dict[str, list[tuple[int, str]]] = {}
    for line in text.splitlines():
        if found := re.fullmatch(r"(\S+) (\d+) ([0-9a-f]{64})", line.strip()):
            heads.setdefault(found[1], []).append((int(found[2]), found[3]))
    return heads


async def verify(known: dict[str, list[tuple[int, str]]] | None = None) -> tuple[Walk, str | None]:
    """Walk the whole journal: where it stands, and the first thing that is wrong in one sentence (None: nothing)."""
    walk = Walk()
    wanted = {(chain, seq): digest for chain, heads in (known or {}).items() for seq, digest in heads}
    async with _rows() as (problem, batches):
        if problem:
            return walk, problem
        async for batch in batches:
            for entry in batch:
                fault = walk.take(entry)
                place = (entry["chain"], entry["seq"])
                if not fault and wanted and wanted.pop(place, entry["hash"]) != entry["hash"]:
                    fault = Fault(*place, "it is not the entry of the head kept elsewhere")
                if fault:
                    return walk, f"chain {fault.chain}, entry {fault.seq}: {fault.what}"
    if wanted:
        chain, seq = min(wanted)
        return walk, f"chain {chain}, entry {seq}: it is in the heads kept elsewhere and gone here"
    return walk, None


@asynccontextmanager
async def _rows() -> AsyncIterator[tuple[str | None, AsyncIterator[list[Any]]]]:
    if DB.engine_type == "sqlite":
        connection = sqlite3.connect(f"file:{DB.path}?mode=ro", uri=True)  # plain types: nothing is converted
        try:
            connection.row_factory = sqlite3.Row
            connection.execute("BEGIN")
            yield _sqlite_problem(connection), _sqlite_batches(connection)
        finally:
            connection.close()
        return
    connection = await DB.get_new_connection()
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            yield await _postgres_problem(connection), _postgres_batches(connection)
    finally:
        await connection.close()


async def _sqlite_batches(connection: sqlite3.Connection) -> AsyncIterator[list[Any]]:
    cursor = connection.execute(_ENTRIES)
    while batch := cursor.fetchmany(BATCH):
        yield [{**row, "at": _utc(row["at"])} for row in map(dict, batch)]


def _utc(text: Any) -> Any:
    """SQLite keeps "2026-01-02 03:04:05+00:00", with microseconds only when there are some."""
    if isinstance(text, str) and text.endswith("+00:00"):
        return f"{text[:10]}T{text[11:19]}.{text[20:-6] or '000000'}+00:00"
    return text


async def _postgres_batches(connection: Any) -> AsyncIterator[list[Any]]:
    cursor = await connection.cursor(_ENTRIES)
    while batch := await cursor.fetch(BATCH):
        yield batch


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _sqlite_problem(connection: sqlite3.Connection) -> str | None:
    kept = {name: _flat(sql) for name, sql in connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")}
    for text in ddl.JOURNAL_TRIGGERS["sqlite"]:
        name = text.split()[2]
        if kept.get(name) != _flat(text):
            return f"the trigger {name} is missing or was changed"
    return None


async def _postgres_problem(connection: Any) -> str | None:
    triggers = {
        row["tgname"]: row
        for row in await connection.fetch(
            "SELECT tgname, tgenabled::text AS enabled, pg_get_triggerdef(oid) AS text FROM pg_trigger "
            "WHERE tgrelid = 'journal_entry'::regclass"
        )
    }
    functions = {
        row["proname"]: _flat(row["prosrc"])
        for row in await connection.fetch("SELECT proname, prosrc FROM pg_proc WHERE pronamespace = current_schema()::regnamespace")
    }
    for text in map(_flat, ddl.JOURNAL_TRIGGERS["postgres"]):
        name = text.split()[2].removesuffix("()")
        if text.startswith("CREATE FUNCTION"):
            if functions.get(name) != _flat(text.split("$f$")[1]):
                return f"the function {name} is missing or was changed"
        elif name not in triggers or triggers[name]["enabled"] != "O" or not _same(triggers[name]["text"], text):
            return f"the trigger {name} is missing, switched off or was changed"
    return None


def _same(kept: str, written: str) -> bool:
    """Whether two CREATE TRIGGER texts say the same: PostgreSQL adds the schema and orders the verbs its own way."""

    def words(text: str) -> list[str]:
        return sorted(re.sub(r"\b\w+\.", "", _flat(text)).split())

    return words(kept) == words(written)


async def _command(options: argparse.Namespace) -> int:
    known = read_heads(options.against.read_text()) if options.against else None
    if options.against and not known:
        print(f"{options.against} holds no heads")
        return 1
    try:
        with translated():
            if DB.engine_type == "sqlite" and not Path(DB.path).exists():  # noqa: ASYNC240
                print(f"there is no database at {DB.path}")
                return 1
            walk, problem = await verify(known)
    except StorageUnavailable as error:
        print(f"the database cannot be read: {error}")
        return 1
    if options.heads:
        for chain, (seq, digest) in walk.heads.items():
            print(chain, seq, digest)
    if problem:
        print(problem)
        return 1
    print(f"{walk.count} entries in {len(walk.heads)} chains, all as they were written")
    return 0


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="verify-journal", description="Prove that the journal is as it was written.")
    parser.add_argument("--heads", action="store_true", help="print the head of every chain: chain, number, hash")
    parser.add_argument("--against", type=Path, metavar="FILE", help="compare with heads printed earlier")
    return asyncio.run(_command(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
