"""A station of its own for the tests of backup and restore."""

import os
from pathlib import Path

import pytest

from db.vault import key_file
from piccolo_conf import DB
from tests.cast import move_in
from tests.recovery_scene import SQLITE, Place, a_paper, a_person


@pytest.fixture
def stick(tmp_path) -> Path:
    """Where the private recovery key of `home` lies."""
    return tmp_path / "stick" / "recovery.key"


@pytest.fixture
async def home(database, tmp_path, monkeypatch) -> Place:
    """A station with people, two papers in its archive, keys and a recovery key, in a folder of its own."""
    folder = Path(DB.path).parent if SQLITE else tmp_path / "home"
    folder.mkdir(exist_ok=True)
    monkeypatch.setenv("STATION_DATA", str(folder))
    place = Place(folder, key_file(), "" if SQLITE else os.environ["DATABASE_URL"])
    await move_in()
    for number in range(3):
        await a_person(number)
    for number in ("P1", "P2"):
        await a_paper(number, f"%PDF {number}".encode())
    code, said = await place.runs("db.backup", "--new-key", str(tmp_path / "stick" / "recovery.key"))
    assert code == 0, said
    return place
