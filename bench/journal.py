"""The journal with eight writers on SQLite: how many actions a second, and whether every acknowledged one is there.

Eight tasks of one process act without pause, first an action that does nothing but `record`, then the drafting of a
post (some ten statements: number, post, checks, sealed version, entry). An action counts when it has returned, and an
acknowledged one must be found again, in a chain that verifies. Then a long journal is verified for time.
"""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench import posts as invented
from bench.fill import house, insert, migrated, quick, sound
from bench.places import DATA, ROOT, empty
from bench.report import Report, machine, table
from db.actions.jobs import draft_job
from db.actions.journal import record
from db.clock import now
from db.ids import new_id
from db.transaction import action
from piccolo_conf import DB
from rules.codes import PostSource
from rules.jobs import terms_from_record
from rules.journal import ZERO, EventKind, canonical, chain_of, link
from rules.permissions import Actor, Role

WRITERS = 8
CHUNK = 10_000
VERIFY_SECONDS = 60
"""Goal for a million entries."""
_STAFF = [
    Actor(account, "陈小满", Role.STAFF, f"bench{account}", invented.STATIONS[place][0]) for place, account in enumerate(invented.AUTHORS)
]
Act = Callable[[Actor, int], Awaitable[Any]]


def main() -> None:
    """Write, count, verify, judge."""
    options = argparse.ArgumentParser(prog="script/bench journal", description=__doc__)
    options.add_argument("--seconds", type=float, default=60, help="of writing, for each kind of action")
    options.add_argument("--entries", type=int, default=100_000, help="of the long journal that is verified")
    wanted = options.parse_args()
    machine()
    report = Report("journal")
    kinds: tuple[tuple[str, Act, str], ...] = (("record alone", noted, ""), ("draft_job", drafted, "job"))
    rows = []
    for name, act, kept_in in kinds:
        figures = written(act, kept_in, wanted.seconds)
        report.figures[name] = figures
        rows.append([name, *(figures[key] for key in ("acknowledged", "per_second", "median_ms", "p99_ms", "longest_ms"))])
        report.must(f"{name}: no error", not figures["errors"])
        report.must(f"{name}: every acknowledged action is there, and no other", figures["found"] == figures["acknowledged"])
        report.must(f"{name}: the chains verify", figures["verifies"])
    table((f"{WRITERS} writers, {wanted.seconds:g} s", "actions", "per second", "median ms", "99 % ms", "longest ms"), rows)
    report.goal("record alone, actions per second", report.figures["record alone"]["per_second"], 400)
    _verify(report, wanted.entries)
    report.end()


@action
async def noted(actor: Actor, number: int) -> None:
    """The smallest action there is."""
    await record(EventKind.JOB_DRAFTED, subject="bench", subject_id=number, actor=actor, station_id=actor.station_id, number=number)


_SAMPLES = [
    terms_from_record({key: value for key, value in terms.items() if key != "hourly_fen"}) for _, terms in invented.made(range(200), 200)
]


async def drafted(actor: Actor, number: int) -> None:
    """A post of one of the station's employers."""
    employer = 3000 + 100 * invented.AUTHORS.index(actor.id) + number % invented.EMPLOYERS
    await draft_job(employer, _SAMPLES[number % len(_SAMPLES)], source=PostSource.COUNTER, actor=actor)


def written(act: Act, kept_in: str, seconds: float) -> dict[str, Any]:
    """Figures of `seconds` of writing into a new database; `kept_in` is the table that must have a row per action."""
    path = empty(DATA / "journal")
    migrated(path)
    with quick(path) as connection:
        house(connection)
        _give_phones(connection)
        sound(connection)
    connection.close()
    times, errors, spent = asyncio.run(_write(act, seconds))
    with sqlite3.connect(path) as connection:
        found = {connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in ("journal_entry", kept_in) if name}
    connection.close()
    times.sort()
    return {
        "acknowledged": len(times),
        "found": found.pop() if len(found) == 1 else sorted(found),
        "errors": errors[:5],
        "per_second": round(len(times) / spent),
        "median_ms": round(times[len(times) // 2] * 1000, 1),
        "p99_ms": round(times[len(times) * 99 // 100] * 1000, 1),
        "longest_ms": round(times[-1] * 1000, 1),
        "verifies": _verified(path)[0],
    }


def _give_phones(connection: sqlite3.Connection) -> None:
    """The employers' phones, sealed with the keys of this folder: a draft copies them."""
    from db.vault import vault

    keys = vault()
    ids = [row[0] for row in connection.execute("SELECT id FROM employer")]
    connection.executemany(
        "UPDATE employer SET phone = ? WHERE id = ?", [(keys.seal("employer.phone", id, "13900000001"), id) for id in ids]
    )


async def _write(act: Act, seconds: float) -> tuple[list[float], list[str], float]:
    """(time of each acknowledged action, errors, time in all) of eight writers."""
    await DB.start_connection_pool()
    times: list[float] = []
    errors: list[str] = []
    began = time.perf_counter()

    async def writer(place: int) -> None:
        number = place
        while time.perf_counter() - began < seconds:
            started = time.perf_counter()
            try:
                await act(_STAFF[place % len(_STAFF)], number)
            except Exception as error:
                errors.append(repr(error))
            else:
                times.append(time.perf_counter() - started)
            number += WRITERS

    await asyncio.gather(*(writer(place) for place in range(WRITERS)))
    spent = time.perf_counter() - began
    await DB.close_connection_pool()
    return times, errors, spent


def _verified(path: Path) -> tuple[bool, float, str]:
    """Whether `python -m db.verify_journal` is content, how long it took, and what it said."""
    began = time.perf_counter()
    done = subprocess.run([sys.executable, "-m", "db.verify_journal"], cwd=ROOT, capture_output=True, text=True)
    return done.returncode == 0, time.perf_counter() - began, (done.stdout + done.stderr).strip()


def _verify(report: Report, entries: int) -> None:
    path = empty(DATA / "journal")
    migrated(path)
    starting = _verified(path)[1]
    began = time.perf_counter()
    _long_journal(path, entries)
    made = time.perf_counter() - began
    well, spent, said = _verified(path)
    million = starting + (spent - starting) / entries * 1_000_000
    print(f"{entries:,} entries made in {made:.1f} s, verified in {spent:.2f} s ({million:.1f} s for a million): {said}\n", flush=True)
    report.must(f"{entries:,} entries verify", well)
    report.must("a changed entry is found", _finds_a_change(path, entries))
    report.note(
        f"a million entries verified, goal at most {VERIFY_SECONDS} s", f"{million:.1f} s{'' if entries >= 1_000_000 else ' (scaled)'}"
    )
    report.figures["verification"] = {"entries": entries, "seconds": round(spent, 2), "million_seconds": round(million, 1)}


def _long_journal(path: Path, entries: int) -> None:
    """Entries of five stations in turn, as `record` writes them."""
    heads = {chain_of(actor.station_id): (0, ZERO) for actor in _STAFF}
    moment = now() - timedelta(seconds=entries)
    connection = quick(path)
    rows: list[dict[str, Any]] = []
    for number in range(entries):
        actor = _STAFF[number % len(_STAFF)]
        at = moment + timedelta(seconds=number)
        fields = {
            "id": new_id(),
            "kind": EventKind.JOB_DRAFTED.value,
            "subject": "job",
            "subject_id": number,
            "station_id": actor.station_id,
            "account_id": actor.id,
            "signed_name": actor.name,
            "corrects": None,
        }
        particulars = {
            "number": f"G261122-{number:06d}",
            "version": 1,
            "state": "DRAFT",
            "source": "COUNTER",
            "employer": 3000 + number % 40,
        }
        body = canonical({**fields, "at": at, "entered_at": at, "particulars": particulars})
        chain = chain_of(actor.station_id)
        seq, prev = heads[chain]
        digest = link(prev, chain, seq + 1, body)
        heads[chain] = (seq + 1, digest)
        rows.append({**fields, "at": at, "chain": chain, "seq": seq + 1, "prev": prev, "hash": digest, "body": body})
        if len(rows) == CHUNK or number == entries - 1:
            insert(connection, "journal_entry", rows)
            connection.commit()
            rows.clear()
    sound(connection)
    connection.close()


def _finds_a_change(path: Path, entries: int) -> bool:
    """Change one letter past the triggers; the verification must name that entry."""
    connection = sqlite3.connect(path)
    trigger = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'journal_entry_no_update'").fetchone()[0]
    connection.execute("DROP TRIGGER journal_entry_no_update")
    connection.execute("UPDATE journal_entry SET body = replace(body, 'DRAFT', 'DRAFX') WHERE subject_id = ?", (entries // 2,))
    chain, seq = connection.execute("SELECT chain, seq FROM journal_entry WHERE subject_id = ?", (entries // 2,)).fetchone()
    connection.execute(trigger)
    connection.commit()
    connection.close()
    well, _, said = _verified(path)
    return not well and f"chain {chain}, entry {seq}:" in said


if __name__ == "__main__":
    main()
