"""script/verify-journal: what it says, and the exit code others rely on."""

import os
import subprocess
from pathlib import Path

from piccolo_conf import DB
from tests.db.test_engine import SQLITE
from tests.db.test_journal import meddle, note

ROOT = Path(__file__).parents[2]


def run(*options: str, **environment: str) -> tuple[int, str]:
    own = {"STATION_DATA": str(Path(DB.path).parent)} if SQLITE else {}
    done = subprocess.run(
        [str(ROOT / "script/verify-journal"), *options],
        capture_output=True,
        text=True,
        env={**os.environ, **own, **environment},
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


async def test_a_journal_as_it_was_written_is_exit_code_nought(database, tmp_path):
    for station_id in (1001, 1001, 1002):
        await note(station_id=station_id)
    code, said = run("--heads")
    assert code == 0
    assert "3 entries in 2 chains" in said
    heads = tmp_path / "heads.txt"
    heads.write_text(said)
    assert len(said.splitlines()) == 3
    assert run("--against", str(heads))[0] == 0
    await meddle("DELETE FROM journal_entry WHERE seq = 2")
    assert run()[0] == 0
    code, said = run("--against", str(heads))
    assert code == 1
    assert "chain station:1001, entry 2" in said


async def test_the_first_bad_entry_is_named_with_exit_code_one(database):
    for _ in range(3):
        await note()
    await meddle("UPDATE journal_entry SET body = '{}' WHERE seq = 2")
    code, said = run()
    assert code == 1
    assert said.strip() == "chain station:1001, entry 2: its text or its hash was changed"


async def test_an_empty_journal_is_well(database):
    nothing = "0 signed heads, 0 ledger versions, 0 papers, 0 corrections, 0 signed days"
    assert run() == (0, f"0 entries in 0 chains, {nothing}, all as they were written\n")


async def test_a_database_that_cannot_be_read_is_exit_code_one(database, tmp_path):
    code, said = run(STATION_DATA=str(tmp_path), DATABASE_URL="")
    assert code == 1
    assert "no database" in said
    assert run(DATABASE_URL="postgresql://nobody@127.0.0.1:9/nothing")[0] == 1


async def test_heads_that_hold_no_head_are_refused(database, tmp_path):
    (tmp_path / "heads.txt").write_text("nothing\n")
    assert run("--against", str(tmp_path / "heads.txt"))[0] == 1
