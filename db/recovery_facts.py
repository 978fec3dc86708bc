"""What a copy of the database holds, in few numbers: a backup writes them down, and whoever restores it compares."""

from __future__ import annotations

import tomllib
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any

from db.piccolo_app import APP_CONFIG

Rows = list[Any]
Ask = Callable[[str], Awaitable[Rows]]
"""Runs one statement on the copy; rows that are asked by name."""

_TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
    "postgres": "SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename",
}
_HEADS = (
    "SELECT e.chain AS chain, e.seq AS seq, e.hash AS hash FROM journal_entry e "
    "JOIN (SELECT chain, max(seq) AS seq FROM journal_entry GROUP BY chain) last ON last.chain = e.chain AND last.seq = e.seq"
)


async def counts(ask: Ask, engine: str) -> dict[str, int]:
    """How many rows each table has."""
    tables = [row["name"] for row in await ask(_TABLES[engine])]
    return {name: (await ask(f'SELECT count(*) AS n FROM "{name}"'))[0]["n"] for name in tables}


async def heads(ask: Ask) -> dict[str, tuple[int, str]]:
    """The last entry of each chain of the journal: number and hash."""
    return {row["chain"]: (row["seq"], row["hash"]) for row in await ask(_HEADS)}


async def migrations(ask: Ask) -> list[str]:
    """The migrations that ran, oldest first."""
    return [row["name"] for row in await ask("SELECT name FROM migration ORDER BY id")]


async def archived(ask: Ask) -> list[str]:
    """The keys of the archived files that rows name, in order."""
    found: set[str] = set()
    for table in archiving_tables():
        found.update(row["key"] for row in await ask(f"SELECT archive_key AS key FROM \"{table}\" WHERE archive_key <> ''"))
    return sorted(found)


def archiving_tables() -> list[str]:
    """The tables whose rows name a file of the archive."""
    return sorted(
        table._meta.tablename for table in APP_CONFIG.table_classes if any(each._meta.name == "archive_key" for each in table._meta.columns)
    )


async def still_named(ask: Ask, keys: Iterable[str]) -> set[str]:
    """Which of these archived files rows name now."""
    return set(await archived(ask)) & set(keys)


def version() -> str:
    """The version of the product."""
    text = (Path(__file__).parents[1] / "pyproject.toml").read_text()
    return str(tomllib.loads(text)["project"]["version"])
