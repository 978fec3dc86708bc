"""Reading a database's schema as a set of sentences, so that two databases can be compared."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from piccolo.querystring import QueryString

from db.engine.sqlite_ddl import table_parts


@asynccontextmanager
async def elsewhere(engine: Any) -> AsyncIterator[None]:
    """Inside the block the engine works in an empty throw-away file or PostgreSQL schema. RuntimeError: a pool runs."""
    if engine.engine_type == "sqlite":
        if engine._pool is not None:
            raise RuntimeError("close the pool first")
        path = engine.path
        with tempfile.TemporaryDirectory() as folder:
            engine.path = os.path.join(folder, "elsewhere.db")
            try:
                yield
            finally:
                engine.path = path
        return
    if engine.pool is not None:
        raise RuntimeError("close the pool first")
    name = f"elsewhere_{os.getpid()}"
    await engine.run_ddl(f"CREATE SCHEMA {name}")
    engine.config["server_settings"] = {"search_path": name}
    try:
        yield
    finally:
        del engine.config["server_settings"]
        await engine.run_ddl(f"DROP SCHEMA {name} CASCADE")


async def schema(engine: Any) -> set[str]:
    """Every column, constraint, index, trigger and function of the database, one sentence each."""
    return await (_sqlite(engine) if engine.engine_type == "sqlite" else _postgres(engine))


async def _ask(engine: Any, sql: str, *args: Any) -> list[Any]:
    return list(await engine.run_querystring(QueryString(sql, *args)))


def _squeezed(text: str) -> str:
    """One line, without the id Piccolo made up as the default of a primary key."""
    return re.sub(r"( DEFAULT|) '?\d{15,}'?(::bigint)?", "", re.sub(r"\s+", " ", text)).strip()


async def _sqlite(engine: Any) -> set[str]:
    found = set()
    rows = await _ask(
        engine,
        "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' AND tbl_name <> 'migration'",
    )
    for row in rows:
        sql = _squeezed(row["sql"] or "")
        if row["type"] != "table" or sql.startswith("CREATE VIRTUAL"):
            found.add(f"{row['type']} {row['name']}: {sql}" if "UNIQUE INDEX" not in sql else f"unique: {sql}")
            continue
        for part in table_parts(sql[sql.index("(") + 1 : sql.rindex(")")]):
            found.add(f"table {row['name']}: {part.replace(' UNIQUE', '')}")
        for index in await _ask(engine, f'PRAGMA index_list("{row["name"]}")'):
            if index["unique"] and index["origin"] == "u":  # written in the column, or added as an index by a migration
                columns = await _ask(engine, f'PRAGMA index_info("{index["name"]}")')
                key = ", ".join(f'"{each["name"]}"' for each in columns)
                name = "_".join([row["name"], *(each["name"] for each in columns), "key"])
                found.add(f'unique: CREATE UNIQUE INDEX "{name}" ON "{row["name"]}" ({key})')
    return found


_POSTGRES = {
    "column": """SELECT format('%s.%s %s %s %s', c.table_name, c.column_name, format_type(a.atttypid, a.atttypmod),
        c.is_nullable, c.column_default) AS found
        FROM information_schema.columns c JOIN pg_attribute a
        ON a.attrelid = format('%I.%I', c.table_schema, c.table_name)::regclass AND a.attname = c.column_name
        WHERE c.table_schema = current_schema() AND c.table_name <> 'migration'""",
    "constraint": """SELECT format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS found
        FROM pg_constraint
        WHERE connamespace = current_schema()::regnamespace AND conrelid::regclass::text <> 'migration'""",
    "index": """SELECT indexdef AS found FROM pg_indexes
        WHERE schemaname = current_schema() AND tablename <> 'migration'""",
    "trigger": """SELECT format('%s %s', pg_get_triggerdef(t.oid), t.tgenabled) AS found
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace""",
    "function": """SELECT format('%s %s', proname, prosrc) AS found
        FROM pg_proc WHERE pronamespace = current_schema()::regnamespace""",
}


async def _postgres(engine: Any) -> set[str]:
    here = f"{(await _ask(engine, 'SELECT current_schema() AS name'))[0]['name']}."
    return {f"{kind}: {_squeezed(row['found']).replace(here, '')}" for kind, sql in _POSTGRES.items() for row in await _ask(engine, sql)}
