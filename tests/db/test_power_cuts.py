"""The power goes at any moment: what was acknowledged is on the disk, and what is on the disk is whole.

Real actions run on the real engine; their statements run once more, with the engine's own settings, on a disk that notes
every write and every sync. Then the power is cut at drawn places of that log: all that was synced stays, of the rest a drawn
part, the last write torn at a sector. STATION_POWER_CUTS says how often (`script/bench power_cuts`: 1,000).
"""

import os
import random
import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw
import pytest

from db.actions.seekers import register_seeker
from db.engine.sqlite import PRAGMAS
from piccolo_conf import DB
from rules.codes import ConsentMethod, IdType
from rules.journal import ZERO, link
from rules.seekers import NewSeeker
from tests.cast import PEOPLE, move_in
from tests.recovery_scene import SQLITE
from tests.web.safety.test_server_killed import person

CUTS = int(os.environ.get("STATION_POWER_CUTS") or 100)
PEOPLE_REGISTERED = 60
SECTOR = 512

Event = tuple[Any, ...]
"""("w", file, offset, bytes), ("t", file, size), ("s", file), ("d", file)"""


class _NotingFile(apsw.VFSFile):
    def __init__(self, log: list[Event], base: str, name: Any, flags: list[int]) -> None:
        self.log, self.name = log, name.filename() if hasattr(name, "filename") else str(name)
        super().__init__(base, name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:
        self.log.append(("w", self.name, offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, size: int) -> None:
        self.log.append(("t", self.name, size))
        super().xTruncate(size)

    def xSync(self, flags: int) -> None:
        self.log.append(("s", self.name))
        super().xSync(flags)


class NotingDisk(apsw.VFS):
    """A disk that remembers what was written to it, and when it was told to make that last."""

    def __init__(self) -> None:
        self.log: list[Event] = []
        super().__init__("noting", "")

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:
        return _NotingFile(self.log, "", name, flags)

    def xDelete(self, name: str, sync: bool) -> None:
        self.log.append(("d", name))
        super().xDelete(name, sync)


@dataclass
class Recording:
    """Statements of real actions in their order; `ends` says after how many each action was acknowledged."""

    statements: list[tuple[str, Any]] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)


@pytest.fixture
async def recorded(database, tmp_path) -> tuple[Path, Recording]:
    """A station as it was before, and what registering people did to it. PostgreSQL's disk is its own server's."""
    if not SQLITE:
        return tmp_path, Recording()
    await move_in()
    writer = DB.pool_here().writer
    await writer.fetch("PRAGMA wal_checkpoint(TRUNCATE)")
    before = tmp_path / "before.db"
    shutil.copy(DB.path, before)
    noted = Recording()
    fetch, fetch_here, run_all = writer.fetch, writer.fetch_here, writer.run_all

    async def noting_fetch(sql: str, args: Any = ()) -> Any:
        noted.statements.append((sql, args))
        return await fetch(sql, args)

    def noting_fetch_here(sql: str, args: Any = ()) -> Any:
        noted.statements.append((sql, args))
        return fetch_here(sql, args)

    async def noting_run_all(statements: Any) -> None:
        noted.statements.extend(statements)
        await run_all(statements)

    writer.fetch, writer.fetch_here, writer.run_all = noting_fetch, noting_fetch_here, noting_run_all
    try:
        for number in range(PEOPLE_REGISTERED):
            await register_seeker(_somebody(number), actor=PEOPLE["chen"])
            noted.ends.append(len(noted.statements))
    finally:
        del writer.fetch, writer.fetch_here, writer.run_all
    return before, noted


def _somebody(number: int) -> NewSeeker:
    typed = person(number)
    return NewSeeker(
        name=typed["name"],
        id_type=IdType.RESIDENT,
        id_number=typed["id_number"],
        phone=typed["phone"],
        subdistrict="420112015",
        community="示范社区",
        trades=("C01", "C02"),
        slots=("0-AM", "1-PM"),
        consent_method=ConsentMethod.SIGNED_PAPER,
    )


def _bound(value: Any) -> Any:
    """A value as the driver binds it."""
    return value if value is None or isinstance(value, int | float | str | bytes) else sqlite3.adapt(value, sqlite3.PrepareProtocol, value)


def run_again(
    disk: NotingDisk, database: Path, recording: Recording, *, pages: int | None, settings: dict[str, Any]
) -> list[tuple[int, int]]:
    """Run the statements on the noting disk with the engine's settings, or others; (length of the log, actions acknowledged by then)."""
    connection = apsw.Connection(str(database), vfs="noting")
    for name, setting in settings.items():
        connection.execute(f"PRAGMA {name} = {setting}").fetchall()
    assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    if pages:
        connection.execute(f"PRAGMA wal_autocheckpoint = {pages}").fetchall()
    acknowledged, ends = [(len(disk.log), 0)], iter(enumerate(recording.ends, 1))
    action, end = next(ends)
    for done, (sql, args) in enumerate(recording.statements, 1):
        values = {key: _bound(value) for key, value in args.items()} if isinstance(args, dict) else [_bound(value) for value in args]
        connection.execute(sql, values).fetchall()
        if done == end:
            acknowledged.append((len(disk.log), action))
            action, end = next(ends, (action, -1))
    connection.close()
    return acknowledged


def _apply(content: bytearray, event: Event) -> None:
    if event[0] == "t":
        del content[event[2] :]
        return
    _, _, offset, data = event
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(data)] = data


def after_cuts(
    log: list[Event], start: dict[str, bytes], cuts: list[int], dice: random.Random
) -> Iterator[tuple[int, dict[str, bytearray]]]:
    """For each place of the log (ascending) the files as they may lie on the platter after the power went there."""
    lasting = {name: bytearray(content) for name, content in start.items()}
    pending: dict[str, list[Event]] = defaultdict(list)
    done = 0
    for cut in cuts:
        for event in log[done:cut]:
            if event[0] == "s":
                for waiting in pending.pop(event[1], []):
                    _apply(lasting.setdefault(event[1], bytearray()), waiting)
            elif event[0] == "d":
                lasting.pop(event[1], None)
                pending.pop(event[1], None)
            else:
                pending[event[1]].append(event)
        done = cut
        files = {name: bytearray(content) for name, content in lasting.items()}
        for name, events in pending.items():
            for event in events:
                if dice.random() < 0.5:
                    continue
                if event[0] == "w" and len(event[3]) > SECTOR and dice.random() < 0.2:
                    event = (*event[:3], event[3][: dice.randrange(1, len(event[3]) // SECTOR + 1) * SECTOR])
                _apply(files.setdefault(name, bytearray()), event)
        yield cut, files


def what_is_there(database: Path) -> tuple[str, int]:
    """What is wrong with it ("" for nothing), and how many registrations it holds."""
    with closing(sqlite3.connect(database)) as connection:
        try:
            if (said := connection.execute("PRAGMA integrity_check(1)").fetchone()[0]) != "ok":
                return f"corrupt: {said}", 0
            count = connection.execute("SELECT count(*) FROM seeker").fetchone()[0]
            entries = connection.execute("SELECT count(*) FROM journal_entry WHERE kind = 'SEEKER_REGISTERED'").fetchone()[0]
            consents = connection.execute("SELECT count(DISTINCT seeker) FROM consent").fetchone()[0]
            if not count == entries == consents:
                return f"half done: {count} people, {entries} entries, {consents} consents", count
            heads: dict[str, tuple[int, str]] = {}
            for chain, seq, prev, digest, body in connection.execute(
                "SELECT chain, seq, prev, hash, body FROM journal_entry ORDER BY chain, seq"
            ):
                if (seq - 1, prev) != heads.get(chain, (0, ZERO)) or link(prev, chain, seq, body) != digest:
                    return f"the chain {chain} is broken at {seq}", count
                heads[chain] = (seq, digest)
        except sqlite3.DatabaseError as error:
            return f"corrupt: {error}", 0
    return "", count


def cut_up(before: Path, recording: Recording, folder: Path, cuts: int, *, pages: int | None, settings: dict[str, Any]) -> dict[str, Any]:
    """Run it once and cut the power `cuts` times: what is wrong, how often something acknowledged was lost, events in the log."""
    database, cut_off, dice = folder / "noted.db", folder / "cut.db", random.Random(20261124)
    shutil.copy(before, database)
    disk = NotingDisk()
    acknowledged = run_again(disk, database, recording, pages=pages, settings=settings)
    log = list(disk.log)
    assert any(event[0] == "s" and event[1].endswith("-wal") for event in log), "the log's own syncs are noted"
    places = sorted(dice.randrange(acknowledged[0][0], len(log) + 1) for _ in range(cuts))
    found: dict[str, Any] = {"wrong": [], "lost": 0, "events": len(log)}
    for cut, files in after_cuts(log, {str(database): before.read_bytes()}, places, dice):
        for end in ("", "-wal", "-shm"):
            Path(f"{cut_off}{end}").unlink(missing_ok=True)
        for name, content in files.items():
            if name.startswith(str(database)) and not name.endswith("-shm"):
                Path(f"{cut_off}{name[len(str(database)) :]}").write_bytes(content)
        problem, kept = what_is_there(cut_off)
        if problem:
            found["wrong"].append(f"cut at {cut}: {problem}")
        elif kept < max(actions for place, actions in acknowledged if place <= cut):
            found["lost"] += 1
    assert what_is_there(database) == ("", PEOPLE_REGISTERED), "it went through to the end"
    return found


async def _commits_are_synced() -> str:
    """Whether PostgreSQL, for the session of this transaction, answers a commit only when its log is on the disk."""
    return (await DB.run_ddl("SHOW synchronous_commit"))[0]["synchronous_commit"]


async def test_no_cut_of_the_power_loses_what_was_acknowledged(recorded, tmp_path):
    if not SQLITE:
        async with DB.writing():
            assert await _commits_are_synced() == "on"
        return
    as_it_is = cut_up(*recorded, tmp_path, CUTS // 2, pages=None, settings=PRAGMAS)
    folding = cut_up(*recorded, tmp_path, CUTS - CUTS // 2, pages=60, settings=PRAGMAS)  # the log folded back all the time
    wrong, lost = as_it_is["wrong"] + folding["wrong"], as_it_is["lost"] + folding["lost"]
    assert not wrong, wrong[:3]
    assert not lost
    print(f"CUTS {CUTS} EVENTS {as_it_is['events'] + folding['events']} CORRUPT {len(wrong)} LOST {lost}")


async def test_with_fewer_syncs_the_same_cuts_lose_something(recorded, tmp_path):
    """So this way of looking can see a loss: synchronous=NORMAL, which other systems ship with, loses the last ones."""
    if not SQLITE:
        async with DB.writing():
            await DB.run_ddl("SET LOCAL synchronous_commit = off")
            assert await _commits_are_synced() == "off"
        return
    found = cut_up(*recorded, tmp_path, 30, pages=None, settings=PRAGMAS | {"synchronous": "NORMAL"})
    assert found["lost"] > 0
