"""script/restore: the drill from a backup under load to a station that works, and everything that is refused before."""

import json
import shutil

import pyrage
import pytest

from db.backup_file import checked, identities, pack, unpack
from db.tables.seekers import Seeker
from db.vault import new_keys, vault
from tests.db.test_journal import meddle
from tests.recovery_scene import SQLITE, Place, a_person, another_place, first_seeker, people_at_work


async def backed_up(home: Place, folder):
    """A backup of the station, made now."""
    code, said = await home.runs("db.backup", str(folder))
    assert code == 0, said
    return sorted(folder.glob("station-2*.age"))[-1]


async def test_the_drill_a_backup_under_load_becomes_a_station_that_works(home, stick, tmp_path):
    async with people_at_work():
        path = await backed_up(home, tmp_path / "backups")
    await a_person(999_999)  # after the backup: not in it
    async with another_place(tmp_path / "elsewhere", home.keys) as place:
        code, said = await place.runs("db.restore", str(path), "--identity", str(stick))
        assert code == 0, said
        assert "Next:" in said
        out = tmp_path / "out"
        out.mkdir()
        manifest = checked(out, unpack(path, identities(stick), out))
        for table, count in manifest.counts.items():
            more = table == "journal_entry"  # the restore itself
            assert (await place.asks(f'SELECT count(*) AS n FROM "{table}"'))[0]["n"] == count + more, table
        assert manifest.counts["seeker"] < await Seeker.count()
        code, said = await place.runs("db.verify_record")
        assert code == 0, said
        row = await first_seeker(place)
        assert vault().open("seeker.phone", row["id"], row["phone"]) == "x"
        code, said = await place.runs("db.rotate_keys", "check")
        assert "Everything opens" in said
        entry = (await place.asks("SELECT body FROM journal_entry WHERE kind = 'BACKUP_RESTORED'"))[0]
        assert json.loads(entry["body"])["particulars"]["backup"] == path.name
        left = {each.name for each in place.folder.iterdir()}
        assert left <= {"archive", "station.db"}, left


async def refused(place: Place, path, key, *options: str) -> str:
    """What is said when a restore is refused; nothing at the place may have changed."""
    before = place.looks()
    code, said = await place.runs("db.restore", str(path), "--identity", str(key), *options)
    assert code == 1, said
    assert "Traceback" not in said
    assert place.looks() == before
    return said


async def test_another_key_a_cut_file_and_a_changed_byte_are_refused_before_anything_is_replaced(home, stick, tmp_path):
    path = await backed_up(home, tmp_path / "backups")
    body = path.read_bytes()
    async with another_place(tmp_path / "elsewhere", home.keys) as place:
        (place.folder / "station.db").write_bytes(b"the old records")
        wrong = tmp_path / "wrong.key"
        wrong.write_text(f"{pyrage.x25519.Identity.generate()}\n")
        assert "another recovery key" in await refused(place, path, wrong)
        broken = tmp_path / "broken.age"
        for damaged in (
            body[:-1],
            body[: len(body) // 2],
            body[: len(body) // 2] + bytes([body[len(body) // 2] ^ 1]) + body[len(body) // 2 + 1 :],
            body[:-1] + bytes([body[-1] ^ 128]),
            b"",
        ):
            broken.write_bytes(damaged)
            assert "was cut or changed" in await refused(place, broken, stick)
        assert "cannot be read" in await refused(place, tmp_path / "nothing.age", stick)


async def made_anew(home, stick, tmp_path, change) -> object:
    """A backup whose parts somebody with the public key put together anew, after `change` of what was in it."""
    path, out = await backed_up(home, tmp_path / "backups"), tmp_path / "out"
    out.mkdir()
    manifest = checked(out, unpack(path, identities(stick), out))
    kept = change(manifest, out)

    def fill(packing) -> None:
        for name in manifest.parts:
            packing.put(name, out / name)
        manifest.parts = manifest.parts if kept else packing.parts
        packing.close(manifest.text())

    forged = tmp_path / "forged.age"
    pack(forged, [identity.to_public() for identity in identities(stick)], fill)
    return forged


def _another_part(manifest, out) -> bool:
    name = next(name for name in manifest.parts if name.startswith("archive/"))
    (out / name).write_bytes(b"another file")
    return True


def _fewer_rows(manifest, out) -> bool:
    manifest.counts["seeker"] -= 1
    return False


def _another_head(manifest, out) -> bool:
    manifest.heads["station:1001"] = (3, "0" * 64)
    return False


def _a_later_version(manifest, out) -> bool:
    manifest.migrations.append("2099-01-01T00:00:00:000000")
    return False


def _another_engine(manifest, out) -> bool:
    manifest.engine = "postgres" if SQLITE else "sqlite"
    return False


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (_another_part, "is not the one its manifest names"),
        (_fewer_rows, "The table seeker has 3 rows"),
        (_another_head, "does not end where the manifest says"),
        (_a_later_version, "which this program does not know"),
        (_another_engine, "The backup was made on"),
    ],
)
async def test_what_differs_from_the_manifest_is_refused(home, stick, tmp_path, change, sentence):
    forged = await made_anew(home, stick, tmp_path, change)
    async with another_place(tmp_path / "elsewhere", home.keys) as place:
        assert sentence in await refused(place, forged, stick)


async def test_a_journal_that_was_changed_behind_the_backup_is_refused(home, stick, tmp_path):
    await meddle("UPDATE journal_entry SET body = '{}' WHERE chain = 'station:1001' AND seq = 2")
    path = await backed_up(home, tmp_path / "backups")
    async with another_place(tmp_path / "elsewhere", home.keys) as place:
        assert "The record of the backup is not as it was written" in await refused(place, path, stick)
        if not SQLITE:  # and the database can be used again
            assert not await place.asks("SELECT 1 FROM pg_tables WHERE schemaname = current_schema()")
        code, said = await place.runs("db.restore", str(path), "--identity", str(stick), "--despite-faults")
        assert code == 0, said
        assert "chain station:1001" in said
        assert (await place.asks("SELECT count(*) AS n FROM seeker"))[0]["n"] == 3


async def test_the_keys_of_another_station_are_refused(home, stick, tmp_path):
    path = await backed_up(home, tmp_path / "backups")
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps(new_keys()))
    keys.chmod(0o600)
    async with another_place(tmp_path / "elsewhere", keys) as place:
        assert "does not open with the keys of" in await refused(place, path, stick)
        keys.unlink()
        assert "The key file" in await refused(place, path, stick)


async def test_beside_a_running_station_it_is_refused(home, stick, tmp_path):
    """The pool of this test holds the records of `home` open, as a station does."""
    path = await backed_up(home, tmp_path / "backups")
    code, said = await home.runs("db.restore", str(path), "--identity", str(stick))
    assert code == 1
    assert ("The station is running" if SQLITE else "Others are connected") in said
    await a_person(50)
    assert await Seeker.count() == 4


async def test_the_check_verifies_and_replaces_nothing(home, stick, tmp_path):
    path = await backed_up(home, tmp_path / "backups")
    async with another_place(tmp_path / "elsewhere", home.keys) as place:
        before = place.looks()
        code, said = await place.runs("db.restore", str(path), "--identity", str(stick), "--check")
        assert code == 0, said
        assert "nothing was replaced" in said
        assert place.looks() == before
        if not SQLITE:
            assert not await place.asks("SELECT 1 FROM pg_tables WHERE schemaname = current_schema()")


async def test_what_was_there_is_moved_aside_with_its_log_and_an_old_log_meets_nothing_new(home, stick, tmp_path):
    path = await backed_up(home, tmp_path / "backups")
    async with another_place(tmp_path / "elsewhere", home.keys) as place:
        # A station that was killed: its log is not folded in. On PostgreSQL only the archive lies in the folder.
        there = {"station.db", "station.db-wal", "station.db-shm"} if SQLITE else set()
        for name in there:
            shutil.copy(home.folder / name, place.folder / name)
        shutil.copytree(home.folder / "archive", place.folder / "archive")
        await a_person(60)
        code, said = await place.runs("db.restore", str(path), "--identity", str(stick))
        assert code == 0, said
        (aside,) = place.folder.glob("before-restore-*")
        assert {each.name for each in aside.iterdir()} >= {"archive"} | there - {"station.db-shm"}
        assert (await place.asks("SELECT count(*) AS n FROM seeker"))[0]["n"] == 3
        if SQLITE:
            assert (await place.asks("PRAGMA integrity_check"))[0][0] == "ok"
        assert str(aside) in said


async def test_a_station_does_not_start_in_the_middle_of_a_restore(tmp_path):
    place = Place(tmp_path, tmp_path / "keys.json")
    (tmp_path / "restoring").touch()
    code, said = await place.runs("web.serve")
    assert code == 1
    assert "run script/restore again" in said
    assert not (tmp_path / "station.db").exists()
