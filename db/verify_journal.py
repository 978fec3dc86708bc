"""Proving that the journal is as it was written: every chain walked from its first entry, on either engine.

A chain alone does not show that its end was cut off or that all of it was rewritten: keep the heads elsewhere (they
are printed on the monthly ledger, and signed and handed to the district daily) and compare. `script/verify-journal`
proves the whole record with it (db/verify_record.py). Reads past the pool, so it may run beside the web processes.
"""

from __future__ import annotations

import re
import sqlite3
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Protocol

from piccolo.querystring import QueryString

from db import ddl
from piccolo_conf import DB as CONFIGURED
from rules.journal import Fault, Walk
from rules.verification import read_heads

__all__ = ["Moment", "opened_moment", "read_heads", "verify"]

DB: Any = CONFIGURED

ENTRIES = (
    "SELECT id, chain, seq, prev, hash, at, kind, subject, subject_id, station_id, account_id, signed_name, corrects, body "
    "FROM journal_entry"
)
BATCH = 5000


class Moment(Protocol):
    """The whole database as it is at one moment, on a connection of its own.

    Values come as the driver gives them: `at` of entries is comparable with their text, days and moments elsewhere are text on
    SQLite (see `db.verify_record.moment_of`).
    """

    async def ask(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        """The rows of one statement with `{}` for each value."""

    def batches(self, sql: str, *values: Any) -> AsyncIterator[list[Any]]:
        """The rows of a long answer, some thousand at a time."""

    async def problem(self, *, everything: bool) -> str | None:
        """The first trigger that should refuse changes (to the journal, or to everything) and does not; None when all stand."""


async def verify(known: Mapping[str, Sequence[tuple[int, str]]] | None = None) -> tuple[Walk, str | None]:
    """Walk the whole journal: where it stands, and the first thing that is wrong in one sentence (None: nothing)."""
    walk = Walk()
    wanted = {(chain, seq): digest for chain, heads in (known or {}).items() for seq, digest in heads}
    async with opened_moment() as moment:
        if problem := await moment.problem(everything=False):
            return walk, problem
        async for batch in moment.batches(f"{ENTRIES} ORDER BY chain, seq"):
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
async def opened_moment() -> AsyncIterator[Moment]:
    """One moment of the database for the length of the block."""
    if DB.engine_type == "sqlite":
        kept = sqlite3.connect(f"file:{DB.path}?mode=ro", uri=True)  # plain types: nothing is converted
        try:
            kept.row_factory = sqlite3.Row
            kept.execute("PRAGMA mmap_size = 268435456")
            kept.execute("BEGIN")
            yield _SQLite(kept)
        finally:
            kept.close()
        return
    connection = await DB.get_new_connection()
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            yield _Postgres(connection)
    finally:
        await connection.close()


class _SQLite:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    async def ask(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        statement, arguments = QueryString(sql, *values).compile_string(engine_type="sqlite")
        return [dict(row) for row in self.connection.execute(statement, arguments)]

    async def batches(self, sql: str, *values: Any) -> AsyncIterator[list[Any]]:
        statement, arguments = QueryString(sql, *values).compile_string(engine_type="sqlite")
        cursor = self.connection.execute(statement, arguments)
        while batch := cursor.fetchmany(BATCH):
            yield [{**row, "at": _utc(row["at"])} for row in map(dict, batch)] if "at" in batch[0].keys() else list(map(dict, batch))  # noqa: SIM118

    async def problem(self, *, everything: bool) -> str | None:
        kept = {name: _flat(sql) for name, sql in self.connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")}
        for text in (ddl.TRIGGERS if everything else ddl.JOURNAL_TRIGGERS)["sqlite"]:
            name = text.split()[2]
            if kept.get(name) != _flat(text):
                return f"the trigger {name} is missing or was changed"
        return None


def _utc(text: Any) -> Any:
    """SQLite keeps "2026-01-02 03:04:05+00:00", with microseconds only when there are some."""
    if isinstance(text, str) and text.endswith("+00:00"):
        return f"{text[:10]}T{text[11:19]}.{text[20:-6] or '000000'}+00:00"
    return text


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


class _Postgres:
    def __init__(self, connection: Any) -> None:
        self.connection = connection

    async def ask(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        statement, arguments = QueryString(sql, *values).compile_string(engine_type="postgres")
        return [dict(row) for row in await self.connection.fetch(statement, *arguments)]

    async def batches(self, sql: str, *values: Any) -> AsyncIterator[list[Any]]:
        statement, arguments = QueryString(sql, *values).compile_string(engine_type="postgres")
        cursor = await self.connection.cursor(statement, *arguments)
        while batch := await cursor.fetch(BATCH):
            yield batch

    async def problem(self, *, everything: bool) -> str | None:
        triggers = {
            row["tgname"]: row
            for row in await self.connection.fetch(
                "SELECT tgname, tgenabled::text AS enabled, pg_get_triggerdef(oid) AS text FROM pg_trigger WHERE NOT tgisinternal"
            )
        }
        functions = {
            row["proname"]: _flat(row["prosrc"])
            for row in await self.connection.fetch(
                "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = current_schema()::regnamespace"
            )
        }
        for text in map(_flat, (ddl.TRIGGERS if everything else ddl.JOURNAL_TRIGGERS)["postgres"]):
            name = text.split()[2].split("(")[0]
            if text.startswith("CREATE FUNCTION"):
                if functions.get(name) != _flat(text.split("$f$")[1]):
                    return f"the function {name} is missing or was changed"
            elif name not in triggers or triggers[name]["enabled"] != "O" or not _same(triggers[name]["text"], text):
                return f"the trigger {name} is missing, switched off or was changed"
        return None


def _same(kept: str, written: str) -> bool:
    """Whether two CREATE TRIGGER texts say the same: PostgreSQL adds the schema, orders the verbs its own way and adds brackets."""

    def words(text: str) -> list[str]:
        bare = re.sub(r"::[a-z ]+\b", "", re.sub(r"\b\w+\.(?=\w)", "", _flat(text)))
        return sorted(re.sub(r"[(),\"']", " ", bare).replace("<>", " <> ").split())

    return words(kept) == words(written)


def main() -> int:
    """The command line of the whole record, under its first name."""
    from db.verify_record import main as verify_record

    return verify_record()


if __name__ == "__main__":
    sys.exit(main())
