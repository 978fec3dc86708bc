"""script/backup: what it makes while the station works, what it refuses, what it leaves behind."""

import errno
import io
import json
import os
import stat

import pyrage
import pytest

from db import archive, backup, backup_file
from db.backup_file import BackupRefused, Manifest, checked, identities, pack, recipients, unpack
from db.tables.journal import JournalEntry
from db.tables.seekers import Seeker
from tests.recovery_scene import SQLITE, Place, people_at_work


def opened(path, stick, folder) -> Manifest:
    folder.mkdir()
    return checked(folder, unpack(path, identities(stick), folder))


async def backed_up(home: Place, *options: str, code: int = 0) -> str:
    found, said = await home.runs("db.backup", *options)
    assert found == code, said
    return said


def only(folder) -> list:
    return sorted(folder.glob("station-2*.age"))


async def test_a_backup_holds_database_archive_and_a_manifest_and_the_journal_says_so(home, stick, tmp_path):
    said = await backed_up(home, str(tmp_path / "backups"))
    (path,) = only(tmp_path / "backups")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "2 archived files" in said
    manifest = opened(path, stick, tmp_path / "out")
    assert manifest.counts["seeker"] == 3
    assert manifest.heads["station:1001"][0] == 5
    assert sorted(name.split("/")[0] for name in manifest.parts) == ["archive", "archive", f"database.{'sqlite' if SQLITE else 'dump'}"]
    assert not manifest.missing
    entry = await JournalEntry.select().where(JournalEntry.kind == "BACKUP_MADE").first()
    told = json.loads(entry["body"])["particulars"]
    assert (told["backup"], told["archived"], told["size"]) == (path.name, 2, path.stat().st_size)
    assert told["sha256"] in said
    assert not [each for each in home.folder.iterdir() if each.name.startswith(".backup-")]


async def test_nothing_of_it_can_be_read_without_the_recovery_key_and_the_stations_keys_are_not_in_it(home, stick, tmp_path):
    await backed_up(home, str(tmp_path / "backups"))
    (path,) = only(tmp_path / "backups")
    body = path.read_bytes()
    for word in ("station:1001", "王小明", "manifest", "陈小满"):
        assert word.encode() not in body
    opened(path, stick, tmp_path / "out")
    key = next(iter(json.loads(home.keys.read_text())["keys"].values()))
    assert not [each for each in (tmp_path / "out").rglob("*") if each.is_file() and key.encode() in each.read_bytes()]
    assert b"AGE-SECRET-KEY" not in b"".join(each.read_bytes() for each in home.folder.rglob("*") if each.is_file())


async def test_while_people_work_it_is_the_state_of_one_moment(home, stick, tmp_path):
    async with people_at_work():
        before = await Seeker.count()
        await backed_up(home, str(tmp_path / "backups"))
        after = await Seeker.count()
    (path,) = only(tmp_path / "backups")
    manifest = opened(path, stick, tmp_path / "out")
    assert before <= manifest.counts["seeker"] <= after
    assert after - before > 5, "nobody worked meanwhile"
    assert manifest.heads["station:1001"][0] == manifest.counts["seeker"] + manifest.counts["paper"], "never half an action"
    assert len(manifest.parts) - 1 == manifest.counts["paper"]
    assert not manifest.missing
    assert not manifest.removed


async def test_the_last_ones_stay(home, tmp_path):
    folder = tmp_path / "backups"
    folder.mkdir()
    for day in (1, 2, 3):
        (folder / f"station-2026-01-0{day}T000000Z.age").touch()
    (folder / "station-keys-2026-01-01T000000Z.age").touch()
    said = await backed_up(home, str(folder), "--keep", "2")
    assert only(folder)[0].name == "station-2026-01-03T000000Z.age"
    assert len(only(folder)) == 2
    assert (folder / "station-keys-2026-01-01T000000Z.age").exists()
    assert "2 older backups were removed" in said


async def test_a_file_that_is_gone_is_named_and_the_rest_is_backed_up(home, stick, tmp_path):
    key = archive.kept_files()[0]
    (archive.folder() / key[:2] / f"{key}.sealed").unlink()
    said = await backed_up(home, str(tmp_path / "backups"), code=2)
    assert f"1 archived files are missing, the first is {key}" in said
    assert opened(only(tmp_path / "backups")[0], stick, tmp_path / "out").missing == [key]


async def test_the_key_file_is_backed_up_apart_and_comes_back_as_it_was(home, stick, tmp_path):
    await backed_up(home, "--keys", str(tmp_path / "elsewhere"))
    (path,) = (tmp_path / "elsewhere").glob("station-keys-*.age")
    assert home.keys.read_bytes() not in path.read_bytes()
    back = tmp_path / "keys.json"
    code, said = await home.runs("db.restore", str(path), "--identity", str(stick), "--keys-to", str(back))
    assert code == 0, said
    assert back.read_bytes() == home.keys.read_bytes()
    assert stat.S_IMODE(back.stat().st_mode) == 0o600
    code, said = await home.runs("db.restore", str(path), "--identity", str(stick), "--keys-to", str(back))
    assert code == 1
    assert "is left as it is" in said


async def test_without_a_recovery_key_nothing_is_made(home, tmp_path):
    (home.folder / "recovery.pub").unlink()
    said = await backed_up(home, str(tmp_path / "backups"), code=1)
    assert "recovery key" in said
    assert len(said.splitlines()) == 1
    (home.folder / "recovery.pub").write_text("age1nonsense\n")
    said = await backed_up(home, str(tmp_path / "backups"), code=1)
    assert "no public recovery key" in said
    assert not only(tmp_path / "backups")


async def test_the_recovery_key_is_not_made_on_the_stations_machine_or_twice(home, tmp_path):
    (home.folder / "recovery.pub").unlink()
    said = await backed_up(home, "--new-key", str(home.folder / "recovery.key"), code=1)
    assert "lies on the station's machine" in said
    (home.folder / "recovery.pub").write_text("age1…\n")
    assert "already" in await backed_up(home, "--new-key", str(tmp_path / "second.key"), code=1)
    assert not (tmp_path / "second.key").exists()


def test_a_full_disk_is_refused_before_and_leaves_nothing_when_it_comes_in_the_middle(tmp_path, monkeypatch):
    monkeypatch.setenv("STATION_DATA", str(tmp_path))
    monkeypatch.setattr(backup.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 1 << 20})())
    with pytest.raises(BackupRefused, match="make room first"):
        backup._refuse_full_disk(tmp_path)

    to = [pyrage.x25519.Identity.generate().to_public()]
    big = tmp_path / "big"
    big.write_bytes(os.urandom(3 << 20))

    class Full(io.FileIO):
        def write(self, block) -> int:
            if self.tell() > 1 << 20:
                raise OSError(errno.ENOSPC, "No space left on device")
            return super().write(block)

    monkeypatch.setattr(backup_file, "open", lambda handle, _: Full(handle, "wb"), raising=False)
    with pytest.raises(OSError, match="No space left"):
        pack(tmp_path / "station.age", to, lambda packing: packing.put("database.sqlite", big))
    assert not list(tmp_path.glob("*.age*"))
    assert not list(tmp_path.glob(".*.draft"))


def test_what_cannot_be_put_in_leaves_nothing(tmp_path):
    identity = pyrage.x25519.Identity.generate()
    with pytest.raises(FileNotFoundError):
        pack(tmp_path / "x.age", [identity.to_public()], lambda packing: packing.put("database.sqlite", tmp_path / "nothing"))
    assert not list(tmp_path.iterdir())


def test_a_part_that_is_none_of_ours_is_no_backup(tmp_path):
    """A name that leads out of the folder, or a part nobody knows, ends the unpacking."""
    identity = pyrage.x25519.Identity.generate()
    (tmp_path / "body").write_bytes(b"x")
    for number, name in enumerate(("../escape", "/etc/station", "archive/../../x", "archive/ab/cd.sealed", "other.json")):
        path, out = tmp_path / f"{number}.age", tmp_path / f"out{number}"
        out.mkdir()
        pack(path, [identity.to_public()], lambda packing, name=name: packing.put(name, tmp_path / "body"))
        with pytest.raises(BackupRefused, match="no backup of a station"):
            unpack(path, [identity], out)
        assert not list(out.rglob("*"))


def test_recovery_keys_are_read_past_comments(tmp_path):
    identity = pyrage.x25519.Identity.generate()
    (tmp_path / "pub").write_text(f"# 区人社局\n\n{identity.to_public()}\n")
    assert len(recipients(tmp_path / "pub")) == 1
    (tmp_path / "key").write_text(f"# keep\n{identity}\n")
    assert len(identities(tmp_path / "key")) == 1
    (tmp_path / "empty").write_text("# nothing\n")
    for read in (recipients, identities):
        with pytest.raises(BackupRefused):
            read(tmp_path / "empty")
        with pytest.raises(BackupRefused):
            read(tmp_path / "missing")
