"""The key that signs heads, what it signs every night, and the command that checks it."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta

import pytest

from db.actions.journal import record
from db.actions.verification import sign_due_heads
from db.clock import at
from db.signed_heads import (
    SigningKeyError,
    known_public_keys,
    load_key,
    new_signing_key,
    signature_is_good,
    signing_key,
    write_key_file,
)
from db.tables.journal import JournalEntry
from db.tables.verification import SignedHead
from db.transaction import transact
from db.verify_record import verify_record
from rules.journal import EventKind
from rules.verification import RecordPart, head_file, key_lines
from tests.cast import LAKE, LING, PEOPLE, move_in
from tests.db.tampering import DAY, past_triggers
from tests.db.test_verify_journal import run


@pytest.fixture
async def cast(database) -> None:
    await move_in()


async def note(station: int | None, number: int = 1) -> None:
    await transact(record, EventKind.JOB_DRAFTED, subject="job", subject_id=number, actor=PEOPLE["chen"], station_id=station)


async def test_the_head_of_every_chain_as_it_stood_at_the_end_of_the_day_is_signed_once(cast):
    with at(DAY):
        for station in (LAKE, LAKE, LING, None):
            await note(station)
    with at(DAY + timedelta(hours=16)):  # one in the night
        await note(LAKE, 3)
        assert await sign_due_heads() == 3
        assert await sign_due_heads() == 0
    rows = {row["chain"]: row for row in await SignedHead.select()}
    assert {chain: row["seq"] for chain, row in rows.items()} == {f"station:{LAKE}": 2, f"station:{LING}": 1, "district": 1}
    second = await JournalEntry.select(JournalEntry.hash).where(JournalEntry.chain == f"station:{LAKE}", JournalEntry.seq == 2).first()
    assert rows[f"station:{LAKE}"]["hash"] == second["hash"]
    assert {row["day"] for row in rows.values()} == {date(2026, 12, 1)}
    entry = await JournalEntry.select(JournalEntry.body).where(JournalEntry.kind == "HEADS_SIGNED").first()
    assert json.loads(entry["body"])["particulars"]["count"] == 3
    assert not (await verify_record()).found


async def test_days_missed_are_signed_as_they_stood(cast):
    for days in range(4):
        with at(DAY + timedelta(days=days)):
            await note(LAKE, days)
            if days == 1:
                assert await sign_due_heads() == 1
    with at(DAY + timedelta(days=4)):
        assert await sign_due_heads() == 6  # three days of the station and of the district, whose chain began with the signing
    lake = await SignedHead.select(SignedHead.day, SignedHead.seq).where(SignedHead.chain == f"station:{LAKE}").order_by(SignedHead.day)
    assert [(row["day"].day, row["seq"]) for row in lake] == [(1, 1), (2, 2), (3, 3), (4, 4)]
    assert not (await verify_record()).found


async def test_nothing_is_signed_where_nothing_was_written(cast):
    with at(DAY):
        assert await sign_due_heads() == 0
    assert await JournalEntry.count() == 0


async def test_a_signature_holds_for_exactly_what_was_signed():
    kept = new_signing_key()
    write_key_file(path := _folder() / "own.json", kept)
    key = load_key(path)
    line = key.sign("district", 3, "a" * 64, date(2026, 12, 1))
    public = key.public[key.key_id]
    assert signature_is_good(line, public)
    for changed in ({"seq": 4}, {"hash": "b" * 64}, {"chain": "station:1"}, {"day": date(2026, 12, 2)}, {"signature": "0" * 128}):
        assert not signature_is_good(replace(line, **changed), public)
    other = new_signing_key()
    assert not signature_is_good(line, other["public"][other["active"]])
    path.unlink()


def _folder():
    import os
    from pathlib import Path

    return Path(os.environ["STATION_DATA"])


async def test_heads_of_somebody_elses_key_are_named(cast):
    with at(DAY):
        await note(LAKE)
    with at(DAY + timedelta(hours=16)):
        await sign_due_heads()
    stranger = new_signing_key()
    found = (await verify_record(keys=stranger["public"])).found
    assert found[RecordPart.HEAD].sentence == f"head of station:{LAKE} on 2026-12-01: it is signed with a key that is not known here"


async def test_the_command_checks_the_districts_file_with_the_key_it_kept(cast, tmp_path):
    with at(DAY):
        for number in range(5):
            await note(LAKE, number)
    with at(DAY + timedelta(hours=16)):
        await sign_due_heads()
    rows = await SignedHead.select()
    key = signing_key()
    lines = [key.sign(row["chain"], row["seq"], row["hash"], row["day"]) for row in rows]
    heads, public = tmp_path / "heads.txt", tmp_path / "key.txt"
    heads.write_text(head_file(lines, key.public))
    public.write_text(key_lines(key.public))
    assert run("--against", str(heads), "--key", str(public))[0] == 0
    other = new_signing_key()
    (tmp_path / "other.txt").write_text(key_lines(other["public"]))
    code, said = run("--against", str(heads), "--key", str(tmp_path / "other.txt"))
    assert (code, "signed with a key that is not known here" in said) == (1, True)
    heads.write_text(heads.read_text().replace(" 2026-12-01 ", " 2026-12-02 "))
    code, said = run("--against", str(heads), "--key", str(public))
    assert (code, "its signature is wrong" in said) == (1, True)


async def test_with_everything_here_written_anew_the_districts_file_still_tells(cast, tmp_path):
    with at(DAY):
        for number in range(5):
            await note(LAKE, number)
    with at(DAY + timedelta(hours=16)):
        await sign_due_heads()
    key = signing_key()
    lines = [key.sign(row["chain"], row["seq"], row["hash"], row["day"]) for row in await SignedHead.select()]
    heads, public = tmp_path / "heads.txt", tmp_path / "key.txt"
    heads.write_text(head_file(lines, key.public))
    public.write_text(key_lines(key.public))
    await past_triggers([("DELETE FROM journal_entry", []), ("DELETE FROM signed_head", [])])
    with at(DAY):
        await note(LAKE, 9)
    assert run()[0] == 0, "a short, whole record"
    code, said = run("--against", str(heads), "--key", str(public))
    assert (code, f"chain station:{LAKE}, entry 5: it is in the heads kept elsewhere and gone here" in said) == (1, True)


async def test_a_quick_run_begins_after_the_heads_of_the_last_good_run(cast):
    from db.actions.verification import keep_run
    from db.clock import now
    from rules.verification import RunHow

    with at(DAY):
        for number in range(5):
            await note(LAKE, number)
    with at(DAY + timedelta(hours=16)):
        await sign_due_heads()
    with at(DAY + timedelta(hours=17)):
        assert (await verify_record(quick=True)).entries == 6, "no good run yet: everything"
        await keep_run(await verify_record(), how=RunHow.NIGHTLY, began_at=now())
        await note(LAKE, 7)
        result = await verify_record(quick=True)
    assert not result.found
    assert result.entries == 3  # the new one; in the district's chain the signing and the run
    changed = "UPDATE journal_entry SET signed_name = '别人' WHERE chain = ? AND seq = 6"
    await past_triggers([(changed, [f"station:{LAKE}"])])
    assert (await verify_record(quick=True)).found[RecordPart.JOURNAL].name == f"chain station:{LAKE}, entry 6"


def test_a_key_is_made_once_and_renewed_only_when_asked(tmp_path):
    path = tmp_path / "signing.json"
    make = [sys.executable, "-m", "db.new_signing_key", str(path)]
    first = subprocess.run(make, capture_output=True, text=True, check=True)
    assert path.stat().st_mode & 0o077 == 0
    before = load_key(path)
    assert f"key {before.key_id} {before.public[before.key_id]}" in first.stdout
    assert subprocess.run(make, capture_output=True, text=True, check=False).returncode == 1
    assert load_key(path).key_id == before.key_id
    subprocess.run([*make, "--renew"], capture_output=True, text=True, check=True)
    after = load_key(path)
    assert after.key_id != before.key_id
    assert after.public[before.key_id] == before.public[before.key_id]


def test_a_key_others_can_read_or_that_is_none_is_refused(tmp_path):
    path = tmp_path / "signing.json"
    write_key_file(path, new_signing_key())
    path.chmod(0o644)
    with pytest.raises(SigningKeyError, match="chmod 600"):
        load_key(path)
    path.chmod(0o600)
    path.write_text("{}")
    with pytest.raises(SigningKeyError, match="not a key file"):
        load_key(path)


def test_production_makes_no_key(tmp_path, monkeypatch):
    monkeypatch.setenv("STATION_ENV", "production")
    monkeypatch.setenv("STATION_SIGNING_KEY", str(tmp_path / "gone.json"))
    with pytest.raises(SigningKeyError, match="new_signing_key"):
        signing_key()
    assert known_public_keys() == {}
