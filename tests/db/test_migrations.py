"""Migrations: they make exactly the schema of db/tables and db/ddl, wholly or not at all."""

import contextlib
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from piccolo.columns import BigInt, Date, ForeignKey, Integer, OnDelete, Text, Timestamptz, Varchar
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from db import ddl
from db.errors import ConstraintViolated
from db.migrate import MigrationFailed, migrate, new_migration, schema_differences
from db.piccolo_app import APP_CONFIG
from db.schema import elsewhere, schema
from piccolo_conf import DB
from tests.db.test_engine import SQLITE, ask

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.usefixtures("no_pool")


async def test_the_migrations_are_up_to_date():
    assert await schema_differences() == []


async def test_a_missing_index_or_column_shows(monkeypatch):
    monkeypatch.setitem(ddl.INDEXES, DB.engine_type, [*ddl.INDEXES[DB.engine_type], "CREATE INDEX i ON job (title)"])
    found = await schema_differences()
    assert [each for each in found if each.startswith("the migrations lack: index") and "(title)" in each]


async def test_running_twice_changes_nothing():
    async with elsewhere(DB):
        await migrate()
        before = await schema(DB)
        await migrate()
        assert await schema(DB) == before


async def test_a_migration_that_fails_leaves_the_database_as_it_was(monkeypatch):
    async with elsewhere(DB):
        monkeypatch.setitem(ddl.TRIGGERS, DB.engine_type, ["CREATE TRIGGER never_made BEFORE …"])
        with pytest.raises(MigrationFailed, match="never_made"):
            await migrate()
        assert await schema(DB) == set()


def test_two_processes_that_migrate_at_once_both_succeed(tmp_path):
    environment = {**os.environ, "STATION_DATA": str(tmp_path), "DATABASE_URL": ""}
    running = [
        subprocess.Popen([sys.executable, "-m", "db.migrate"], env=environment, cwd=ROOT, stdout=subprocess.DEVNULL) for _ in range(2)
    ]
    assert [process.wait() for process in running] == [0, 0]


async def test_a_new_migration_is_written_only_for_a_change(monkeypatch, tmp_path):
    assert await new_migration("nothing") is None
    monkeypatch.setattr(APP_CONFIG, "migrations_folder_path", str(tmp_path))
    written = await new_migration('every "table"')
    assert written.parent == tmp_path
    assert 'class_name="JournalEntry"' in written.read_text()


def test_no_column_hides_a_method_of_a_reference():
    """Piccolo hangs the columns of a referenced table on the reference itself: a column `copy` would break it."""
    taken = {name for name in dir(ForeignKey) if not name.startswith("_")}
    named = {(table.__name__, column._meta.name) for table in APP_CONFIG.table_classes for column in table._meta.columns}
    assert {(table, name) for table, name in named if name in taken} == set()


def test_every_reference_says_what_happens_to_it():
    for table in APP_CONFIG.table_classes:
        for column in table._meta.foreign_key_columns:
            assert column._foreign_key_meta.on_delete is OnDelete.restrict, f"{table.__name__}.{column._meta.name}"


def test_every_index_of_a_reference_serves():
    names = [text.split('"')[1] for text in ddl.INDEXES["sqlite"]]
    assert len(names) == len(set(names))
    assert {text.split('"')[1] for text in ddl.INDEXES["postgres"]} == set(names)


class Shelf(Table, tablename="shelf"):
    id = BigInt(primary_key=True, default=None)


class Box(Table, tablename="box"):
    id = BigInt(primary_key=True, default=None)
    label = Varchar(10)
    note = Text(null=True, default=None)
    count = Integer(default=1)
    shelf = ForeignKey(Shelf, null=True, default=None, on_delete=OnDelete.restrict)


@pytest.fixture
async def box(database: None) -> AsyncIterator[None]:
    """Two tables with rows in them, to be altered the way a migration does."""
    await Shelf.create_table()
    await Box.create_table()
    await ask("INSERT INTO shelf (id) VALUES (1)")
    await ask("INSERT INTO box (id, label, note, count, shelf) VALUES (1, 'a', NULL, 5, 1), (2, 'b', 'x', 6, 1)")
    yield
    await DB.run_ddl("DROP TABLE box")
    await DB.run_ddl("DROP TABLE shelf")


async def refused(sql: str) -> str:
    with pytest.raises(ConstraintViolated) as caught:
        await ask(sql)
    return caught.value.kind


def column(kind: type, name: str, **options):
    made = kind(**options)
    made._meta._name, made._meta._table = name, Box
    return made


async def test_a_column_can_become_required_and_optional_again(box):
    await ask("UPDATE box SET note = 'y'")
    await Box.alter().set_null(Box.note, False)
    assert await refused("INSERT INTO box (id, label, note) VALUES (3, 'c', NULL)") == "not_null"
    await Box.alter().set_null(Box.note, True)
    await ask("INSERT INTO box (id, label, note) VALUES (3, 'c', NULL)")


async def test_a_column_with_nulls_cannot_become_required(box):
    with pytest.raises((ValueError, ConstraintViolated)):
        await Box.alter().set_null(Box.note, False)
    await ask("INSERT INTO box (id, label, note) VALUES (3, 'c', NULL)")


async def test_a_default_can_be_set_and_dropped(box):
    await Box.alter().set_default(Box.count, 9)
    await ask("INSERT INTO box (id, label) VALUES (3, 'c')")
    assert await ask("SELECT count FROM box WHERE id = 3") == [{"count": 9}]
    await Box.alter().drop_default(Box.count)
    assert await refused("INSERT INTO box (id, label) VALUES (4, 'd')") == "not_null"


async def test_a_column_can_become_unique_and_free_again(box):
    await Box.alter().set_unique(Box.label, True)
    assert await refused("INSERT INTO box (id, label) VALUES (3, 'a')") == "unique"
    await Box.alter().set_unique(Box.label, False)
    await ask("INSERT INTO box (id, label) VALUES (3, 'a')")


async def test_columns_come_and_go(box):
    for new, value in (
        (column(Varchar, "colour", length=5, default="red"), "red"),
        (column(BigInt, "weight", default=7), 7),
        (column(Date, "day", null=True, default=None), None),
        (column(ForeignKey, "spare", references=Shelf, null=True, default=None), None),
        (column(Varchar, "code", null=True, default=None, unique=True), None),
    ):
        name = new._meta.name
        await Box.alter().add_column(name, new)
        assert {row[name] for row in await ask(f"SELECT {name} FROM box")} == {value}
    assert await refused("UPDATE box SET code = 'same'") == "unique"
    for name in ("colour", "weight", "day", "spare", "code"):
        await Box.alter().drop_column(name)
    assert set((await ask("SELECT * FROM box"))[0]) == {"id", "label", "note", "count", "shelf"}


async def test_a_column_filled_with_the_moment_of_its_making(box):
    await Box.alter().add_column("made", column(Timestamptz, "made", default=TimestamptzNow()))
    assert all(row["made"].year >= 2025 for row in await ask("SELECT made FROM box"))
    await ask("INSERT INTO box (id, label) VALUES (3, 'c')")
    assert (await ask("SELECT made FROM box WHERE id = 3"))[0]["made"].year >= 2025


async def test_an_indexed_column_can_be_dropped(box):
    await Box.create_index([Box.note])
    await Box.alter().drop_column("note")
    assert "note" not in (await ask("SELECT * FROM box"))[0]


async def test_types_change_with_their_values(box):
    await Box.alter().set_column_type(Box.count, column(Text, "count"), using_expression="count::text")
    assert [row["count"] for row in await ask("SELECT count FROM box ORDER BY id")] == ["5", "6"]


async def test_constraints_come_and_go(box):
    await Box.alter().add_constraint(Unique([Box.label, Box.count], name="box_pair"))
    assert await refused("INSERT INTO box (id, label, count) VALUES (3, 'a', 5)") == "unique"
    await Box.alter().drop_constraint("box_pair")
    await ask("INSERT INTO box (id, label, count) VALUES (3, 'a', 5)")
    await Box.alter().add_constraint(Check(Box.count > 0, name="box_count"))
    assert await refused("INSERT INTO box (id, label, count) VALUES (4, 'd', -5)") == "check"
    await Box.alter().drop_constraint("box_count")
    await ask("INSERT INTO box (id, label, count) VALUES (4, 'd', -5)")


async def test_rows_and_references_survive_every_alteration(box):
    await Box.alter().set_default(Box.count, 2)
    await Box.alter().rename_column("label", "title")
    assert await ask("SELECT id, title, shelf FROM box ORDER BY id") == [
        {"id": 1, "title": "a", "shelf": 1},
        {"id": 2, "title": "b", "shelf": 1},
    ]
    assert await refused("DELETE FROM shelf") == "foreign_key"
    if SQLITE:
        assert await DB.run_ddl("PRAGMA integrity_check") == [{"integrity_check": "ok"}]
        assert await DB.run_ddl("PRAGMA foreign_key_check") == []


async def test_an_alteration_that_fails_inside_a_transaction_leaves_the_table(box):
    with contextlib.suppress(ValueError, ConstraintViolated):
        async with DB.transaction():
            await Box.alter().set_default(Box.count, 42)
            await Box.alter().set_null(Box.note, False)
    await ask("INSERT INTO box (id, label) VALUES (3, 'c')")
    assert await ask("SELECT count FROM box WHERE id = 3") == [{"count": 1}]
