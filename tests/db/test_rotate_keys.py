"""Replacing keys: nothing is lost, nobody waits, and nothing is retired that something still needs."""

import asyncio
import json
import os
import re
import stat
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from db import archive, rotate_keys
from db.actions.employers import register_employer
from db.actions.jobs import draft_job
from db.actions.people import employer_account, worker_account
from db.actions.seekers import register_seeker
from db.clock import at, now
from db.piccolo_app import APP_CONFIG
from db.pins import hash_pin
from db.queries.employers import employer_facts, find_employers_by_id_number, find_employers_by_phone, opened_employer
from db.queries.jobs import opened_terms
from db.queries.seekers import SeekerFilter, duplicates, opened_certificates, opened_seeker, seekers_of
from db.sealed_columns import BORROWED, INDEXES, SHORT_LIVED, sealed_tables
from db.tables.accounts import Account
from db.tables.employers import Employer
from db.tables.journal import JournalEntry
from db.tables.seekers import Seeker
from db.transaction import transact
from db.vault import Sealed, SealedError, key_file, vault
from db.verify_journal import verify
from piccolo_conf import DB
from rules.codes import CertificateType, ConsentMethod, CreditState, IdType, PostSource
from rules.permissions import Reach, Scope
from rules.seekers import HeldCertificate, NewSeeker
from tests.cast import LAKE, LING, PEOPLE, move_in
from tests.web.conftest import MORNING
from tests.web.posts_scene import CODE, TERMS, UNIT
from tests.web.security.scene import EVERY_SLOT, identity

ROOT = Path(__file__).parents[2]
HERE = Scope(Reach.STATION, station_id=LAKE)


def id_number(place: int) -> str:
    return identity(f"4201991985{place % 12 + 1:02d}{place % 28 + 1:02d}{place:03d}")


def seeker(place: int) -> NewSeeker:
    return NewSeeker(
        name="王小明",
        id_type=IdType.RESIDENT,
        id_number=id_number(place),
        phone=f"1990000{place:04d}",
        subdistrict="420112015",
        community="示范社区",
        trades=("C03",),
        slots=EVERY_SLOT,
        consent_method=ConsentMethod.SIGNED_PAPER,
        certificates=(HeldCertificate(CertificateType.FORKLIFT, f"TS6LWUH{place:04d}", date(2028, 5, 31)),),
    )


@pytest.fixture
async def house(database, monkeypatch, tmp_path):
    """A house with keys and an archive of its own: three seekers, one employer with an order and an account, one file."""
    monkeypatch.setenv("STATION_DATA", str(tmp_path))
    with at(MORNING):
        await move_in()
        for place in (1, 2, 3):
            await register_seeker(seeker(place), actor=PEOPLE["chen"])
        employer = await register_employer(UNIT, actor=PEOPLE["chen"])
        await draft_job(employer, TERMS, source=PostSource.COUNTER, actor=PEOPLE["chen"])
        await employer_account(employer, password_hash="x", actor=PEOPLE["chen"])
        yield {"employer": employer, "file": await archive.keep(b"signed")}


async def everything(house) -> list:
    """What the house knows, in plain text, and who is found by which number."""
    seekers = [row["id"] for row in await Seeker.select(Seeker.id).order_by(Seeker.id)]
    job = (await opened_terms((await find_job()), 1)).exact_address
    found = [[row["id"] for row in (await seekers_of(HERE, SeekerFilter(word=word))).rows] for word in ("19900000002", "0003")]
    return [
        [await opened_seeker(each) for each in seekers],
        [await opened_certificates(each) for each in seekers],
        await opened_employer(house["employer"]),
        job,
        found,
        [row["number"] for row in await duplicates(id_number=id_number(1))],
        [row["id"] for row in await find_employers_by_id_number(CODE) + await find_employers_by_phone("13900000001")],
        await archive.opened(house["file"].key, house["file"].sha256),
    ]


async def find_job() -> int:
    from db.tables.jobs import Job

    return (await Job.select(Job.id).first())["id"]


async def test_a_key_is_replaced_and_everything_stays_as_it_was(house):
    before, old = await everything(house), vault()
    sealing, hashing = await rotate_keys.add(), await rotate_keys.add(index=True)
    await rotate_keys.activate(sealing)
    await rotate_keys.activate(hashing)
    assert (vault().active, vault().index_active) == (sealing, hashing)
    assert await everything(house) == before, "while both keys are there"
    did = await rotate_keys.rewrap(pause=0)
    assert did.rows > 5
    assert (did.files, did.left) == (1, 0)
    assert await rotate_keys.uses_of(old.active) == {}
    assert await rotate_keys.uses_of(old.index_active) == {}
    with at(MORNING + timedelta(minutes=20)):
        await rotate_keys.retire(old.active)
        await rotate_keys.retire(old.index_active)
    assert set(vault().keys) == {sealing}
    assert set(vault().index_keys) == {hashing}
    assert await everything(house) == before
    assert set(await rotate_keys.check()) == {sealing, hashing}
    assert (await Account.select(Account.phone_index).where(Account.employer == house["employer"]).first())["phone_index"] == (
        await Employer.select(Employer.phone_index).first()
    )["phone_index"]
    assert (await verify())[1] is None
    steps = await JournalEntry.count().where(JournalEntry.kind == "KEYS_ROTATED")
    assert steps == 7
    assert stat.S_IMODE(key_file().stat().st_mode) == 0o600
    assert not [path for path in key_file().parent.iterdir() if path.name.startswith(".keys")]


async def test_a_second_rewrap_has_nothing_to_do_and_a_stopped_one_goes_on(house, monkeypatch):
    await rotate_keys.activate(await rotate_keys.add())
    calls = 0
    original = rotate_keys._rewrap_rows

    async def falls_over(*args):
        nonlocal calls
        calls += 1
        if calls == 3:
            raise OSError("power")
        return await original(*args)

    monkeypatch.setattr(rotate_keys, "_rewrap_rows", falls_over)
    with pytest.raises(OSError, match="power"):
        await rotate_keys.rewrap(batch=1, pause=0)
    monkeypatch.setattr(rotate_keys, "_rewrap_rows", original)
    first = await rotate_keys.rewrap(batch=1, pause=0)
    assert first.rows > 0
    assert (await rotate_keys.rewrap(pause=0)).rows == 0


async def test_the_second_suite_seals_everything_and_a_page_still_opens_it(house):
    before, old = await everything(house), vault().active
    name = await rotate_keys.add()
    await rotate_keys.activate(name, "m")
    await rotate_keys.rewrap(pause=0)
    kept = (await Seeker.select(Seeker.phone).first())["phone"]
    assert str.startswith(kept, f"s1.m.{name}.")
    assert archive.sealed_with(house["file"].key) == ("m", name)
    assert await everything(house) == before
    assert await rotate_keys.uses_of(old) == {}


async def test_a_key_that_is_needed_is_not_retired(house):
    old = vault().active
    with pytest.raises(SealedError, match="in use"):
        await rotate_keys.retire(old)
    await rotate_keys.activate(await rotate_keys.add())
    with pytest.raises(SealedError, match="a moment ago"):
        await rotate_keys.retire(old)
    with at(MORNING + timedelta(minutes=20)), pytest.raises(SealedError, match=r"seeker\.phone \(3\)") as refused:
        await rotate_keys.retire(old)
    assert "archive (1)" in str(refused.value)
    with pytest.raises(SealedError, match="no key"):
        await rotate_keys.retire("k000000")
    assert old in vault().keys


async def test_only_the_owner_of_the_key_file_replaces_keys(house, monkeypatch):
    rotate_keys.refuse_another_user(key_file())
    monkeypatch.setattr("os.geteuid", lambda: 4711)
    with pytest.raises(SealedError, match="Run this as the user that owns"):
        rotate_keys.refuse_another_user(key_file())


def test_the_command_says_what_it_did_and_what_is_wrong(tmp_path):
    """From an empty folder: keys are made, one is added and activated, the old one may go at once or not at all."""
    own = {**os.environ, "STATION_DATA": str(tmp_path), "DATABASE_URL": ""}

    def run(module: str, *options: str) -> tuple[int, str]:
        done = subprocess.run([sys.executable, "-m", module, *options], capture_output=True, text=True, env=own, cwd=ROOT, check=False)
        return done.returncode, done.stdout + done.stderr

    assert run("db.migrate")[0] == 0
    code, said = run("db.rotate_keys", "add")
    assert code == 0, said
    name = said.split()[0]
    assert run("db.rotate_keys", "activate", name, "--suite", "m") == (0, f"{name} is in use. Next: rewrap.\n")
    assert run("db.rotate_keys", "rewrap") == (0, "0 rows and 0 files are sealed anew.\n")
    code, said = run("db.rotate_keys", "check")
    assert code == 0
    assert "suite m" in said
    assert f"{name} (active): 0 values" in said
    code, said = run("db.rotate_keys", "retire", name)
    assert code == 1
    assert "in use" in said
    assert "Traceback" not in said


async def test_pins_made_with_an_index_key_are_given_up_only_on_purpose(house):
    old = vault().index_active
    worker = await worker_account((await Seeker.select(Seeker.id).first())["id"], actor=None)
    await Account.update({Account.password_hash: await hash_pin("482913")}).where(Account.id == worker.id)
    await rotate_keys.activate(await rotate_keys.add(index=True))
    await rotate_keys.rewrap(pause=0)
    with at(MORNING + timedelta(minutes=20)):
        with pytest.raises(SealedError, match="PINs of 1 workers"):
            await rotate_keys.retire(old)
        await rotate_keys.retire(old, drop_pins=True)
    assert old not in vault().index_keys


async def test_a_start_with_the_wrong_key_file_is_refused(house):
    await rotate_keys.refuse_missing_keys()
    path = key_file()
    kept = json.loads(path.read_text())
    old = kept["active"]
    kept["keys"]["kffffff"] = kept["keys"].pop(old)
    kept["active"] = "kffffff"
    rotate_keys.replace_key_file(path, kept)
    with pytest.raises(SealedError, match=f"key {old} is missing"):
        await rotate_keys.refuse_missing_keys()
    with pytest.raises(SealedError, match="cannot open"):
        await rotate_keys.check()


async def test_a_hash_whose_key_is_missing_is_refused_too(house):
    path = key_file()
    kept = json.loads(path.read_text())
    kept["index"] = {"iffffff": next(iter(kept["index"].values()))}
    kept["index_active"] = "iffffff"
    rotate_keys.replace_key_file(path, kept)
    with pytest.raises(SealedError, match="is missing"):
        await rotate_keys.refuse_missing_keys()


async def test_a_file_that_is_no_key_file_does_not_replace_one(house):
    before = key_file().read_text()
    with pytest.raises(SealedError):
        rotate_keys.replace_key_file(key_file(), {"keys": {}})
    assert key_file().read_text() == before
    with pytest.raises(SealedError, match="no key"):
        await rotate_keys.activate("k000000")
    assert key_file().read_text() == before


async def test_writers_get_their_turn_between_two_batches(house):
    """Counted in turns, not in time: between asking to write and writing, at most one batch goes first."""
    for place in range(10, 40):
        await register_seeker(seeker(place), actor=PEOPLE["chen"])
    await rotate_keys.activate(await rotate_keys.add())
    turns: list[str] = []
    original = rotate_keys._rewrap_rows

    async def counted(*args):
        turns.append("batch")
        return await original(*args)

    async def touch(number: int) -> int:
        asked = len(turns)

        async def write() -> None:
            turns.append("writer")
            await Seeker.update({Seeker.skills: str(number)}).where(Seeker.phone_owner == "")

        await transact(write)
        return turns[asked:].count("batch") - turns[turns.index("writer", asked) :].count("batch")

    rotate_keys._rewrap_rows = counted
    try:
        rotation = asyncio.create_task(rotate_keys.rewrap(batch=2, pause=0.001))
        waited = []
        while not rotation.done():
            waited.append(await touch(len(waited)))
            await asyncio.sleep(0)
        did = await rotation
    finally:
        rotate_keys._rewrap_rows = original
    assert did.rows > 33
    assert len(waited) > 5
    assert turns.count("batch") > 15
    assert max(waited) <= 2
    assert (await rotate_keys.rewrap(pause=0)).rows == 0, "nothing written meanwhile was left behind"


async def test_an_employer_is_blocked_everywhere_while_the_index_key_is_replaced(house):
    await rotate_keys.activate(await rotate_keys.add(index=True))
    there = await register_employer(UNIT, actor=PEOPLE["lin"])
    assert (await Employer.select(Employer.station).where(Employer.id == there).first())["station"] == LING
    await Employer.update({Employer.credit: CreditState.BLOCKED.value}).where(Employer.id == there)
    assert (await employer_facts(house["employer"])).credit is CreditState.BLOCKED


def test_rotation_knows_every_sealed_and_every_hashed_column():
    known = {(each.table, column._meta.name) for each in sealed_tables() for column in each.columns}
    hashed = {(column._meta.table, column._meta.name) for column in (*(index.column for index in INDEXES), *BORROWED, *SHORT_LIVED)}
    for table in APP_CONFIG.table_classes:
        for column in table._meta.columns:
            name = column._meta.name
            assert not isinstance(column, Sealed) or (table, name) in known, f"{table} {name}"
            looks_hashed = name.endswith("_index") or name == "phone_tail"
            assert looks_hashed == ((table, name) in hashed), f"{table.__name__}.{name} is or is not a keyed hash: db/sealed_columns.py"


def test_every_cell_that_is_sealed_anywhere_is_one_rotation_knows():
    """What a cell is bound to must be its table and column, or rotation could not open it."""
    known = {each.where(column) for each in sealed_tables() for column in each.columns}
    tables = {name.partition(".")[0] for name in known}
    code = [path.read_text() for folder in ("db", "web") for path in (ROOT / folder).rglob("*.py")]
    named = {name for text in code for name in re.findall(r"""\.seal\(\s*f?"([a-z_]+\.[a-z_{}]+)\"""", text)}
    assert len(named) > 15
    for name in named:
        assert name in known or ("{" in name and name.partition(".")[0] in tables), name


async def test_every_kind_of_cell_is_bound_to_what_rotation_thinks(house):
    """What the actions seal opens with the generic list: the cells of this house, and each of its tables."""
    found = await rotate_keys.check()
    assert found[vault().active] >= 3 * 3 + 3 + 3
    assert DB.engine_type in ("sqlite", "postgres")
    assert now() >= MORNING
