"""A full or read-only disk under the engine itself: one error on both engines, all undone, and work goes on afterwards."""

import errno

import pytest

from db import archive
from db.actions.journal import record
from db.errors import StorageDown, StorageFull, StorageReadOnly, translation
from db.storage import storage_state
from db.tables.accounts import Submission
from db.tables.journal import JournalEntry
from db.transaction import action, writing
from piccolo_conf import DB
from rules.journal import EventKind
from tests.db.test_journal import CHEN, note
from tests.web.storage_scene import full_disk, read_only

LONG = "长" * 3000


async def fill() -> None:
    """One entry after the other until nothing more fits."""
    with pytest.raises(StorageFull):
        await _many(lambda: note(note=LONG))


async def _many(do) -> None:
    for _ in range(50):
        await do()


@action
async def _outer(inner: list[str]) -> None:
    await note(note="before")
    try:
        await note(note=LONG)
    except StorageDown:
        inner.append("refused")
    await note(note="after")


async def test_a_full_disk_is_one_error_and_undoes_the_whole_action(database):
    async with full_disk():
        await fill()
        count = await JournalEntry.count()
        said: list[str] = []
        with pytest.raises(StorageDown):  # even one that goes on after it was told keeps all of it or nothing
            await _many(lambda: _outer(said))
        bodies = [row["body"] for row in await JournalEntry.select(JournalEntry.body)]
        assert sum('"note":"before"' in body for body in bodies) == sum('"note":"after"' in body for body in bodies)
        kept = [row["seq"] for row in await JournalEntry.select(JournalEntry.seq).order_by(JournalEntry.seq)]
        assert kept == list(range(1, len(kept) + 1))
        assert len(kept) >= count
        assert await storage_state(fresh=True) == "full"
    await note(note=LONG)
    assert await storage_state(fresh=True) in ("ok", "low")


async def test_a_part_that_can_be_undone_alone_is_lost_with_the_whole(database):
    async with full_disk():
        await fill()
        kept = await JournalEntry.count()
        with pytest.raises(StorageFull):
            await _in_parts()
        assert [row["seq"] for row in await JournalEntry.select(JournalEntry.seq)] == list(range(1, kept + 1))
    await note()


async def _in_parts() -> None:
    async with writing():
        for _ in range(50):
            async with writing():
                await record(EventKind.JOB_DRAFTED, subject="job", subject_id=1, actor=CHEN, note=LONG)


async def test_a_read_only_database_is_another_one(database):
    await note()
    async with read_only():
        with pytest.raises(StorageReadOnly):
            await note()
        assert await JournalEntry.count() == 1
        assert await storage_state(fresh=True) == "read-only"
    await note()
    assert await storage_state(fresh=True) in ("ok", "low")


async def test_a_look_leaves_nothing_behind(database):
    before = await DB.version()
    assert await storage_state(fresh=True) in ("ok", "low")
    assert await Submission.count() == 0
    if DB.engine_type == "sqlite":
        assert await DB.version() == before


@pytest.mark.parametrize(
    ("number", "kind"),
    [(errno.ENOSPC, StorageFull), (errno.EDQUOT, StorageFull), (errno.EROFS, StorageReadOnly), (errno.EIO, StorageDown)],
)
def test_what_the_operating_system_says_of_a_disk(number, kind):
    assert type(translation(OSError(number, "x"))) is kind


async def test_a_file_that_does_not_fit_leaves_no_draft(monkeypatch, tmp_path):
    monkeypatch.setenv("STATION_DATA", str(tmp_path))
    kept = await archive.keep(b"a scan")

    def fails(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(archive.os, "fsync", fails)
        with pytest.raises(StorageFull):
            await archive.keep(b"another scan")
    assert archive.kept_files() == [kept.key]
    assert not list(archive.folder().rglob("*.draft"))
