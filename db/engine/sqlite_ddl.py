"""The ALTER TABLE statements Piccolo writes, in terms SQLite can run.

SQLite cannot change a column or add a constraint. Type, NOT NULL, DEFAULT and CHECK leave no trace in the stored
rows, so those are changed by editing the stored CREATE TABLE text (SQLite's documented `writable_schema` way);
unique constraints become unique indexes. No table is ever rebuilt, because dropping one would cascade. Everything
runs inside the migration's transaction. The patterns read Piccolo's own single-line DDL: when Piccolo is raised,
tests/db/test_migrations.py says whether they still do. Changing ON DELETE of a foreign key is not supported.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

Fetch = Callable[..., Awaitable[list[dict[str, Any]]]]
Parts = list[str]
Edit = Callable[[Parts], Parts]
Step = str | tuple[str, str, Any]  # SQL, or (what, table, how)

NAME = r'"?(\w+)"?'
_ON = r"(?:CASCADE|RESTRICT|NO ACTION|SET NULL|SET DEFAULT)"
COLUMN = re.compile(
    r'^"(?P<name>\w+)" (?P<type>[A-Z_]+(?: [A-Z]+)?(?:\([^)]*\))?)(?P<key> PRIMARY KEY)?(?P<unique> UNIQUE)?'
    r'(?P<not_null> NOT NULL)?(?P<reference> REFERENCES "?\w+"? \("\w+"\)'
    rf"(?: ON DELETE {_ON})?(?: ON UPDATE {_ON})?)?(?P<default> DEFAULT .*)?$",
    re.S,
)
SQLITE_TYPES = {"BIGINT": "INTEGER", "SMALLINT": "INTEGER"}
_NOW = {
    "TIMESTAMPTZ": "strftime('%Y-%m-%d %H:%M:%S+00:00','now')",
    "TIMESTAMP": "strftime('%Y-%m-%d %H:%M:%S','now')",
    "DATE": "date('now')",
    "TIME": "time('now')",
}


def table_parts(body: str) -> Parts:
    """The comma-separated parts of a CREATE TABLE body; commas in brackets and quotes do not separate."""
    parts, depth, current, quote = [], 0, "", None
    for letter in body:
        if quote:
            quote = None if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        elif letter in "()":
            depth += 1 if letter == "(" else -1
        elif letter == "," and depth == 0:
            parts.append(current.strip())
            current = ""
            continue
        current += letter
    return [*parts, current.strip()]


def edited(create: str, edit: Edit) -> str:
    """The CREATE TABLE text with its parts changed by `edit`."""
    start, end = create.index("("), create.rindex(")")
    return create[: start + 1] + ", ".join(edit(table_parts(create[start + 1 : end]))) + create[end:]


def _column(name: str, **changes: str | None) -> Edit:
    def edit(parts: Parts) -> Parts:
        written = []
        for part in parts:
            match = COLUMN.match(part)
            if match and match["name"] == name:
                pieces = {**match.groupdict(), **changes}
                order = ("key", "unique", "not_null", "reference", "default")
                part = f'"{name}" {pieces["type"]}' + "".join(pieces[piece] or "" for piece in order)
            written.append(part)
        return written

    return edit


def translate(ddl: str) -> list[Step]:
    """The steps that do on SQLite what an ALTER TABLE of Piccolo asks; other statements pass unchanged."""
    match = re.match(rf"^ALTER TABLE {NAME} (.*)$", ddl, re.S)
    if not match:
        return [ddl]
    table, rest = match[1], match[2].strip()
    for pattern, steps in _PATTERNS:
        if found := re.match(pattern, rest, re.S):
            return steps(table, found) or [ddl]
    return [ddl]


def _type(table: str, found: re.Match[str]) -> list[Step]:
    column, kind = found[1], found[2]
    steps: list[Step] = [("edit", table, _column(column, type=SQLITE_TYPES.get(kind, kind)))]
    cast = {"INTEGER": "INTEGER", "BIGINT": "INTEGER", "TEXT": "TEXT", "NUMERIC": "NUMERIC", "REAL": "REAL"}.get(
        kind.split("(")[0], "TEXT" if "CHAR" in kind else None
    )
    if found[3] and cast:
        steps.append(f'UPDATE "{table}" SET "{column}" = CAST("{column}" AS {cast})')
    return steps


def _set_not_null(table: str, found: re.Match[str]) -> list[Step]:
    return [("no_nulls", table, found[1]), ("edit", table, _column(found[1], not_null=" NOT NULL"))]


def _add_check(table: str, found: re.Match[str]) -> list[Step]:
    return [("edit", table, lambda parts: [*parts, f'CONSTRAINT "{found[1]}" CHECK {found[2]}'])]


def _drop_constraint(table: str, found: re.Match[str]) -> list[Step]:
    gone = f'CONSTRAINT "{found[1]}"'
    return [
        f'DROP INDEX IF EXISTS "{found[1]}"',
        ("edit", table, lambda parts: [part for part in parts if not part.startswith(gone)]),
    ]


def _add_column(table: str, found: re.Match[str]) -> list[Step]:
    column = COLUMN.match(found[1])
    if column is None:
        return []
    name, kind, default = column["name"], column["type"], column["default"]
    after: list[Step] = []
    if default and re.match(r" DEFAULT (current_\w+|\()", default, re.I):  # SQLite wants a constant here
        after.append(f'UPDATE "{table}" SET "{name}" = {_NOW[kind]}')
        after.append(("edit", table, _column(name, default=default)))
        default = " DEFAULT '1970-01-01 00:00:00+00:00'"
    if column["unique"]:
        after.append(f'CREATE UNIQUE INDEX "{table}_{name}_key" ON "{table}" ("{name}")')
    tail = "".join(piece or "" for piece in (column["not_null"], column["reference"], default))
    return [f'ALTER TABLE "{table}" ADD COLUMN "{name}" {kind}{tail}', *after]


_PATTERNS: list[tuple[str, Callable[[str, re.Match[str]], list[Step]]]] = [
    (rf"ALTER COLUMN {NAME} TYPE (.+?)(?: USING (.+))?$", _type),
    (rf"ALTER COLUMN {NAME} SET NOT NULL", _set_not_null),
    (rf"ALTER COLUMN {NAME} DROP NOT NULL", lambda t, f: [("edit", t, _column(f[1], not_null=None))]),
    (rf"ALTER COLUMN {NAME} SET DEFAULT (.*)$", lambda t, f: [("edit", t, _column(f[1], default=" DEFAULT " + f[2]))]),
    (rf"ALTER COLUMN {NAME} DROP DEFAULT", lambda t, f: [("edit", t, _column(f[1], default=None))]),
    (rf"ADD UNIQUE \({NAME}\)", lambda t, f: [f'CREATE UNIQUE INDEX "{t}_{f[1]}_key" ON "{t}" ("{f[1]}")']),
    (
        rf"ADD CONSTRAINT {NAME} UNIQUE (?:NULLS NOT DISTINCT )?(\(.*\))$",
        lambda t, f: [f'CREATE UNIQUE INDEX "{f[1]}" ON "{t}" {f[2]}'],
    ),
    (rf"ADD CONSTRAINT {NAME} CHECK (.*)$", _add_check),
    (rf"DROP CONSTRAINT (?:IF EXISTS )?{NAME}", _drop_constraint),
    (r"ADD COLUMN (.*)$", _add_column),
    (rf"DROP COLUMN {NAME}", lambda t, f: [("drop_indexes", t, f[1]), f'ALTER TABLE "{t}" DROP COLUMN "{f[1]}"']),
]


async def run(fetch: Fetch, ddl: str) -> list[dict[str, Any]]:
    """Run `ddl` step by step inside the current transaction.

    ValueError: a column that must not be null holds nulls, or the edited table does not pass SQLite's check.
    """
    rows: list[dict[str, Any]] = []
    edited_tables = set()
    for step in translate(ddl):
        if isinstance(step, str):
            rows = await fetch(step)
            continue
        what, table, how = step
        if what == "edit":
            await _edit_table(fetch, table, how)
            edited_tables.add(table)
        elif what == "no_nulls":
            found = await fetch(f'SELECT count(*) AS nulls FROM "{table}" WHERE "{how}" IS NULL')
            if found[0]["nulls"]:
                raise ValueError(f"column {table}.{how} contains {found[0]['nulls']} null values")
        else:
            await _drop_indexes(fetch, table, how)
    for table in edited_tables:
        verdict = await fetch(f'PRAGMA quick_check("{table}")')
        if verdict and next(iter(verdict[0].values())) != "ok":
            raise ValueError(f"{table}: {verdict[:3]}")
    return rows


async def _edit_table(fetch: Fetch, table: str, edit: Edit) -> None:
    row = await fetch("SELECT sql FROM sqlite_master WHERE type='table' AND name=?", (table,))
    new = edited(row[0]["sql"], edit)
    if new == row[0]["sql"]:
        return
    version = (await fetch("PRAGMA schema_version"))[0]["schema_version"]
    await fetch("PRAGMA writable_schema=ON")
    try:
        await fetch("UPDATE sqlite_master SET sql=? WHERE type='table' AND name=?", (new, table))
    finally:
        await fetch(f"PRAGMA schema_version={version + 1}")
        await fetch("PRAGMA writable_schema=OFF")


async def _drop_indexes(fetch: Fetch, table: str, column: str) -> None:
    for index in await fetch(f'PRAGMA index_list("{table}")'):
        columns = await fetch(f'PRAGMA index_info("{index["name"]}")')
        if index["origin"] == "c" and any(each["name"] == column for each in columns):
            await fetch(f'DROP INDEX "{index["name"]}"')
