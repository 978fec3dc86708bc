"""The database itself keeps what was submitted (art. 23, T11): raw SQL cannot remove or change it, on either engine."""

import sqlite3
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

import pytest
from piccolo.columns import BigInt, Boolean, Date, Integer, SmallInt, Time, Timestamptz

from db.errors import ConstraintViolated
from db.kept_records import KEPT, LOOKED_AT, SUBMITTED_ONCE
from db.piccolo_app import APP_CONFIG
from db.vault import Sealed
from piccolo_conf import DB

SQLITE = DB.engine_type == "sqlite"
TABLES = {table._meta.tablename: table for table in APP_CONFIG.table_classes}
GUARDED = sorted([*KEPT, *SUBMITTED_ONCE, "evidence", "correction_review", "signed_day", "ledger_version", "ledger_step"])
ID = 4711
KEY, OTHER_KEY = "s1.a.k111111.abcd", "s1.a.k222222.abcd"


def value(column: Any, n: int = 1) -> Any:
    """Something this column can hold; another `n` gives something else."""
    kinds: list[tuple[type, Any]] = [
        (Sealed, KEY if n == 1 else "s1.a.k111111.other"),
        (Boolean, n == 1),
        (Date, date(2026, 11, n)),
        (Time, time(n)),
        (Timestamptz, f"2026-11-{n:02d} 08:00:00+00:00" if SQLITE else datetime.fromisoformat(f"2026-11-{n:02d}T08:00:00+00:00")),
        ((Integer, BigInt, SmallInt), n),  # type: ignore[list-item]
    ]
    found = next((given for kind, given in kinds if isinstance(column, kind)), None)
    if found is None:
        found = n if column.value_type is int else "?ab"[n]
    return found.isoformat() if SQLITE and isinstance(found, date | time) else found


async def put_row(name: str, id: int = ID, **changes: Any) -> None:
    """A row with every column filled, whatever it refers to."""
    columns = TABLES[name]._meta.columns
    values = {column._meta.name: value(column) for column in columns} | {"id": id} | changes
    names = ", ".join(f'"{each}"' for each in values)
    if SQLITE:
        connection = sqlite3.connect(DB.path, timeout=10)
        connection.execute("PRAGMA foreign_keys = off")
        connection.execute(f'INSERT INTO "{name}" ({names}) VALUES ({", ".join("?" * len(values))})', list(values.values()))
        connection.commit()
        connection.close()
        return
    async with DB.pool.acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        given = ", ".join(f"${place}" for place in range(1, len(values) + 1))
        await connection.execute(f'INSERT INTO "{name}" ({names}) VALUES ({given})', *values.values())


async def change(name: str, column: str, new: Any) -> None:
    """An UPDATE as somebody with the database's password would type it."""
    if new is None:
        literal = "NULL"
    elif isinstance(new, bool):
        literal = str(int(new)) if SQLITE else str(new).lower()
    else:
        literal = str(new) if isinstance(new, int) else f"'{new.isoformat() if isinstance(new, date | time) else new}'"
    await DB.run_ddl(f'UPDATE "{name}" SET "{column}" = {literal} WHERE id = {ID}')


def columns_kept() -> Iterator[tuple[str, str]]:
    for name, kept in (*KEPT.items(), ("reveal", LOOKED_AT)):
        for column in (*kept.fixed, *kept.once, *kept.blanked, *kept.sealed, *(each for each, _ in kept.settled)):
            yield name, column


@pytest.mark.parametrize("name", GUARDED)
async def test_no_row_goes_away(database, name):
    await put_row(name)
    attacks = [f'DELETE FROM "{name}"', f'DELETE FROM "{name}" WHERE id = {ID}']
    attacks += [f'INSERT OR REPLACE INTO "{name}" SELECT * FROM "{name}"'] if SQLITE else [f'TRUNCATE "{name}" CASCADE']
    for sql in attacks:
        with pytest.raises(ConstraintViolated) as caught:
            await DB.run_ddl(sql)
        assert caught.value.kind == "append_only", sql
    assert await TABLES[name].count() == 1


async def test_nothing_submitted_is_changed_and_no_key_either(database):
    for name in (*KEPT, "reveal"):
        await put_row(name)
        with pytest.raises(ConstraintViolated):
            await DB.run_ddl(f'UPDATE "{name}" SET id = 5 WHERE id = {ID}')
    for name, column in columns_kept():
        of = TABLES[name]._meta.get_column_by_name(column)
        with pytest.raises(ConstraintViolated) as caught:
            await change(name, column, value(of, 2))
        assert caught.value.kind == "append_only", (name, column)


async def test_rows_that_never_change_change_in_no_column(database):
    for name in SUBMITTED_ONCE:
        await put_row(name)
        for column in TABLES[name]._meta.columns:
            with pytest.raises(ConstraintViolated):
                await change(name, column._meta.name, value(column, 2))


async def test_what_was_open_is_written_once(database):
    await put_row("placement", ended_on=None, ended_reason="", worked_minutes=None)
    for column, first, second in (
        ("ended_on", "2026-11-03", "2026-11-04"),
        ("ended_reason", "做完了", "没做完"),
        ("worked_minutes", 480, 600),
    ):
        await change("placement", column, first)
        with pytest.raises(ConstraintViolated):
            await change("placement", column, second)
        with pytest.raises(ConstraintViolated):
            await change("placement", column, None if column != "ended_reason" else "")


@pytest.mark.parametrize(
    ("column", "stored", "new", "other"),
    [
        ("started_on", "2026-11-05", "2026-11-05", "2026-11-06"),
        ("worked_minutes", "510", 510, 511),
        ("ended_reason", "下雨", "下雨", "下雪"),
        ("pieces", "", None, 9),
    ],
)
async def test_with_a_correction_exactly_its_value_and_no_other(database, column, stored, new, other):
    await put_row("placement")
    await put_row("correction", record="placement", record_id=ID, field=column, stored=stored, replaces=None)
    with pytest.raises(ConstraintViolated):
        await change("placement", column, other)
    await change("placement", column, new)
    await put_row("correction", 4712, number="x9", record="placement", record_id=ID, field=column, stored="2026-11-07", replaces=ID)
    if column == "started_on":  # the correction that no other one replaces is the one that counts
        await change("placement", column, "2026-11-07")
        with pytest.raises(ConstraintViolated):
            await change("placement", column, new)


@pytest.mark.parametrize(
    ("record", "record_id", "field"), [("referral", ID, "started_on"), ("placement", 9, "started_on"), ("placement", ID, "ended_on")]
)
async def test_a_correction_of_something_else_opens_nothing(database, record, record_id, field):
    await put_row("placement")
    await put_row("correction", record=record, record_id=record_id, field=field, stored="2026-11-05", replaces=None)
    with pytest.raises(ConstraintViolated):
        await change("placement", "started_on", "2026-11-05")


async def test_sealed_words_are_sealed_anew_or_emptied_and_nothing_else(database):
    for name, kept in KEPT.items():
        for column in kept.sealed:
            await put_row(name)
            for refused in ("plain words", "s1.a.k111111.zzz"):
                with pytest.raises(ConstraintViolated):
                    await change(name, column, refused)
            await change(name, column, OTHER_KEY)
            await change(name, column, "")
            break


async def test_a_draft_is_rewritten_until_it_is_signed(database):
    await put_row("agreement", signed_at=None)
    await change("agreement", "values", "s1.a.k111111.zzz")
    await change("agreement", "signed_at", value(TABLES["agreement"]._meta.get_column_by_name("signed_at")))
    with pytest.raises(ConstraintViolated):
        await change("agreement", "values", "s1.a.k111111.yyy")
    await change("agreement", "values", OTHER_KEY)


async def test_two_corrections_of_one_value_cannot_both_be_the_first(database):
    given: dict[str, Any] = {"record": "placement", "record_id": ID, "field": "started_on"}
    await put_row("correction", replaces=None, **given)
    with pytest.raises(Exception, match=r"(?i)unique"):
        await put_row("correction", 4712, number="x9", replaces=None, **given)
