"""The journal: it grows, it never changes, and any change that goes around it is found."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from piccolo.querystring import QueryString

from db.actions.journal import record
from db.clock import at, now
from db.errors import ConstraintViolated, StorageConflict
from db.tables.journal import JournalEntry
from db.transaction import action
from db.verify_journal import verify
from piccolo_conf import DB
from rules.errors import RuleBroken
from rules.journal import EventKind
from tests.db.test_engine import SQLITE, ask

CHEN = SimpleNamespace(id=2001, name="陈小满", station_id=1001)
MOMENT = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)


@action
async def note(subject_id: int = 7, station_id: int | None = 1001, actor=CHEN, **more) -> int:
    more = {"kind": EventKind.JOB_DRAFTED, "subject": "job", **more}
    return await record(more.pop("kind"), subject_id=subject_id, actor=actor, station_id=station_id, **more)


async def entries() -> list[dict]:
    return await JournalEntry.select().order_by(JournalEntry.chain).order_by(JournalEntry.seq)


async def test_an_entry_says_what_happened_when_and_who_signed(database):
    with at(MOMENT):
        number = await note(title="搬运工", headcount=5, starts=MOMENT.date())
    entry = (await entries())[0]
    assert entry["id"] == number
    assert (entry["chain"], entry["seq"], entry["kind"]) == ("station:1001", 1, "JOB_DRAFTED")
    assert (entry["at"], entry["account_id"], entry["signed_name"]) == (MOMENT, 2001, "陈小满")
    body = json.loads(entry["body"])
    assert body["particulars"] == {"title": "搬运工", "headcount": 5, "starts": "2026-12-01"}
    assert body["at"] == body["entered_at"] == "2026-12-01T01:00:00.000000+00:00"


async def test_chains_are_numbered_each_on_its_own(database):
    for station_id in (1001, 1002, None, 1001):
        await note(station_id=station_id)
    assert [(e["chain"], e["seq"]) for e in await entries()] == [
        ("district", 1),
        ("station:1001", 1),
        ("station:1001", 2),
        ("station:1002", 1),
    ]


async def test_the_system_signs_with_its_own_name(database):
    await note(actor=None)
    assert [(e["account_id"], e["signed_name"]) for e in await entries()] == [(None, "系统")]


async def test_an_entry_outside_a_transaction_is_a_mistake(database):
    with pytest.raises(RuntimeError, match="transaction"):
        await record(EventKind.SIGNED_IN, subject="account", subject_id=1, actor=CHEN)


async def test_a_refused_action_leaves_no_entry(database):
    @action
    async def refused() -> None:
        await note()
        raise RuleBroken("不行")

    with pytest.raises(RuleBroken):
        await refused()
    assert await entries() == []


async def test_a_late_entry_needs_a_reason_and_keeps_both_times(database):
    happened = now() - timedelta(days=2)
    with pytest.raises(RuleBroken) as caught:
        await note(at=happened)
    assert caught.value.field == "late_reason"
    await note(at=happened, late_reason="停电两天")
    entry = (await entries())[0]
    body = json.loads(entry["body"])
    assert entry["at"] == happened
    assert body["late_reason"] == "停电两天"
    assert body["entered_at"] > body["at"]


async def test_the_future_is_not_journalled(database):
    with pytest.raises(RuleBroken) as caught:
        await note(at=now() + timedelta(minutes=1))
    assert caught.value.field == "at"


@pytest.mark.parametrize(
    "particulars",
    [
        {"phone": "13800000000"},
        {"before": {"id_number": "420112199001010011"}},
        {"people": [{"name": "张三"}]},
        {"Address": "金银湖路18号"},
    ],
)
async def test_a_person_does_not_enter_the_journal_in_plain(database, particulars):
    with pytest.raises(ValueError, match="plain"):
        await note(**particulars)
    assert await entries() == []


async def test_sealed_fields_may_enter(database):
    await note(phone="s1.a.k1.abc", before={"phone": ""})
    assert json.loads((await entries())[0]["body"])["particulars"]["phone"] == "s1.a.k1.abc"


async def test_a_correction_names_an_entry_of_its_own_chain(database):
    first = await note()
    await note(kind=EventKind.CORRECTED, corrects=first, field="headcount", old="5", new="6", reason="笔误")
    with pytest.raises(ConstraintViolated):
        await note(kind=EventKind.CORRECTED, corrects=12345, reason="笔误")
    with pytest.raises(ConstraintViolated):
        await note(kind=EventKind.CORRECTED, station_id=1002, corrects=first, reason="笔误")
    assert [e["corrects"] for e in await entries()] == [None, first]


COLUMNS = "id, chain, seq, prev, hash, at, kind, subject, subject_id, signed_name, body"
COPY = "SELECT {id}, chain, {seq}, {prev}, {hash}, at, kind, subject, subject_id, signed_name, {body}"
ONE = " FROM journal_entry WHERE seq = 1"


def attack(verb: str = "INSERT", tail: str = "", **changes: str) -> str:
    """An INSERT of a copy of the first entry with some columns changed."""
    own = {"id": "id", "seq": "seq", "prev": "prev", "hash": "hash", "body": "'{}'", **changes}
    return f"{verb} INTO journal_entry ({COLUMNS}) {COPY.format(**own)}{ONE}{tail}"


NEW_HASH = f"'{'a' * 64}'"
ATTACKS = {
    "change a body": "UPDATE journal_entry SET body = '{}' WHERE seq = 1",
    "change every column to itself": "UPDATE journal_entry SET id = id",
    "change the signer": "UPDATE journal_entry SET signed_name = '别人'",
    "remove the last": "DELETE FROM journal_entry WHERE seq = 3",
    "remove all": "DELETE FROM journal_entry",
    "leave a gap": attack(id="5", seq="9", hash=NEW_HASH),
    "begin at nought": attack(id="5", seq="0", hash=NEW_HASH),
    "begin again": attack(id="5", seq="1", hash=NEW_HASH),
    "continue with another link": attack(id="5", seq="4", prev=NEW_HASH, hash=NEW_HASH),
    "a short hash": attack(id="5", seq="4", prev="(SELECT hash FROM journal_entry WHERE seq = 3)", hash="'ab'"),
}
ATTACKS |= (
    {
        "replace one by its id": attack("INSERT OR REPLACE"),
        "replace one by its number": attack("INSERT OR REPLACE", id="5", hash=NEW_HASH),
        "replace one by its hash": attack("INSERT OR REPLACE", id="5", seq="4"),
        "update or replace": "UPDATE OR REPLACE journal_entry SET seq = 2 WHERE seq = 1",
        "upsert": attack(tail=" ON CONFLICT DO UPDATE SET body = '{}'"),
        "a number that is text": attack(id="5", seq="'4x'", hash=NEW_HASH),
    }
    if SQLITE
    else {
        "truncate": "TRUNCATE journal_entry",
        "truncate cascade": "TRUNCATE journal_entry CASCADE",
        "upsert": attack(tail=" ON CONFLICT (id) DO UPDATE SET body = '{}'"),
        "upsert by number": attack(id="5", tail=" ON CONFLICT (chain, seq) DO UPDATE SET body = '{}'"),
        "move to another chain": "UPDATE journal_entry SET chain = 'district'",
    }
)


@pytest.mark.parametrize("sql", ATTACKS.values(), ids=ATTACKS.keys())
async def test_the_database_refuses_to_change_the_journal(database, sql):
    for _ in range(3):
        await note()
    before = await entries()
    with pytest.raises((ConstraintViolated, StorageConflict)) as caught:
        await DB.run_ddl(sql)
    assert getattr(caught.value, "kind", "append_only") == "append_only"
    assert await entries() == before


async def test_forty_at_once_on_one_chain_are_all_kept_in_order(database):
    numbers = await asyncio.gather(*(note(subject_id=number) for number in range(40)))
    kept = await entries()
    assert sorted(numbers) == sorted(entry["id"] for entry in kept)
    assert [entry["seq"] for entry in kept] == list(range(1, 41))
    assert (await verify())[1] is None


async def meddle(*statements: str) -> None:
    """Change the journal the way somebody with the database in their hands would."""
    if SQLITE:
        rows = await ask("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'journal_entry'")
        for row in rows:
            await DB.run_ddl(f"DROP TRIGGER {row['name']}")
        for sql in statements:
            await DB.run_ddl(sql)
        for row in rows:
            await DB.run_ddl(row["sql"])
        return
    async with DB.pool.acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        for sql in statements:
            await connection.execute(sql)


CHANGES = {
    "body": ("UPDATE journal_entry SET body = replace(body, 'JOB', 'JOG') WHERE seq = 3", 3, "text or its hash"),
    "hash": (f"UPDATE journal_entry SET hash = {NEW_HASH} WHERE seq = 3", 3, "text or its hash"),
    "prev": (f"UPDATE journal_entry SET prev = {NEW_HASH} WHERE seq = 3", 3, "follow"),
    "signer": ("UPDATE journal_entry SET signed_name = '别人' WHERE seq = 3", 3, "signed_name"),
    "account": ("UPDATE journal_entry SET account_id = 1 WHERE seq = 3", 3, "account_id"),
    "time": ("UPDATE journal_entry SET at = '2020-01-01 00:00:00+00:00' WHERE seq = 3", 3, "column at"),
    "kind": ("UPDATE journal_entry SET kind = 'JOB_APPROVED' WHERE seq = 3", 3, "kind"),
    "id": ("UPDATE journal_entry SET id = 5 WHERE seq = 3", 3, "column id"),
    "hole": ("DELETE FROM journal_entry WHERE seq = 3", 4, "number 3 is missing"),
    "head cut off": ("DELETE FROM journal_entry WHERE seq = 1", 2, "number 1 is missing"),
    "moved": ("UPDATE journal_entry SET chain = 'station:1' WHERE seq = 1", 1, "text or its hash"),
    "not json": ("UPDATE journal_entry SET body = 'x' WHERE seq = 3", 3, "text or its hash"),
}


@pytest.mark.parametrize(("sql", "seq", "what"), CHANGES.values(), ids=CHANGES.keys())
async def test_a_change_around_the_triggers_is_found_and_named(database, sql, seq, what):
    for _ in range(5):
        await note()
    assert (await verify())[1] is None
    await meddle(sql)
    _, problem = await verify()
    assert f", entry {seq}: " in problem
    assert what in problem


async def test_a_cut_off_end_shows_against_a_head_kept_elsewhere(database):
    for _ in range(5):
        await note()
    walk, _ = await verify()
    known = {chain: [head] for chain, head in walk.heads.items()}
    await note()
    assert (await verify(known))[1] is None
    await meddle("DELETE FROM journal_entry WHERE seq > 4")
    assert (await verify())[1] is None
    assert "station:1001, entry 5" in (await verify(known))[1]


async def test_a_chain_rewritten_from_the_start_shows_against_a_head_kept_elsewhere(database):
    await note()
    known = {chain: [head] for chain, head in (await verify())[0].heads.items()}
    await meddle("DELETE FROM journal_entry")
    await note(title="another")
    assert (await verify())[1] is None
    assert "station:1001, entry 1" in (await verify(known))[1]


@pytest.mark.parametrize("name", ["journal_entry_link", "other"])
async def test_a_missing_or_weakened_trigger_is_found(database, name):
    other = "journal_entry_no_update" if SQLITE else "journal_entry_no_change"
    trigger = other if name == "other" else name
    if SQLITE:
        kept = (await ask("SELECT sql FROM sqlite_master WHERE name = {}", trigger))[0]["sql"]
        await DB.run_ddl(f"DROP TRIGGER {trigger}")
        assert trigger in (await verify())[1]
        await DB.run_ddl(kept.replace("BEGIN", "WHEN 0 BEGIN", 1))
        assert trigger in (await verify())[1]
        await DB.run_ddl(f"DROP TRIGGER {trigger}")
        await DB.run_ddl(kept)
    else:
        await DB.run_ddl(f"ALTER TABLE journal_entry DISABLE TRIGGER {trigger}")
        assert trigger in (await verify())[1]
        await DB.run_ddl(f"ALTER TABLE journal_entry ENABLE TRIGGER {trigger}")
    assert (await verify())[1] is None


async def test_a_weakened_trigger_function_is_found(database):
    if SQLITE:
        await DB.run_ddl("DROP TRIGGER journal_entry_no_delete")
        assert "journal_entry_no_delete" in (await verify())[1]
        return
    kept = (await ask("SELECT prosrc FROM pg_proc WHERE proname = 'refuse_change'"))[0]["prosrc"]
    define = "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $f${}$f$"
    await DB.run_ddl(define.format(" BEGIN RETURN new; END "))
    assert "refuse_change" in (await verify())[1]
    await DB.run_ddl(define.format(kept))
    assert (await verify())[1] is None


async def test_raw_sql_reads_what_was_written(database):
    await note()
    rows = await DB.run_querystring(QueryString("SELECT seq FROM journal_entry WHERE chain = {}", "station:1001"))
    assert [row["seq"] for row in rows] == [1]
