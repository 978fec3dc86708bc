"""Two years of a busy station beside a tenth of that time: one's day, closing a month, the month's tables, verifying the record.

The history is made by the actions (bench/record_house.py) and kept in bench/data, so that it is filled once. A tenth of the
placements is a tenth of the time at the same density: a day and a month have the same size in both, and must cost nearly the
same. The last month lies open in both; it is closed again and again in a transaction that is undone. Times are the best of
several in one process, in milliseconds; of closing a month per line of its lists, of verifying per 1,000 entries.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bench.morning import a_postgres
from bench.places import DATA, ROOT
from bench.report import Report, machine, table

TENFOLD = 1.5
"""Ten times the time may cost this many times as much."""
LIMITS = {"day": 0.1, "closing": 5.0, "tables": 1.0, "kpi": 1.0, "verifying": 60.0}
"""For orientation on this machine, in seconds: a day, a whole month, any table, the year's figures, a million entries."""
ROUNDS = {"day": 25, "closing": 3, "tables": 25, "kpi": 15, "verifying": 1}
SMALL_MS = 5.0
"""A difference below this is the clock's, not the record's: ratios are of values that are at least this."""
_SOURCES = ("bench/record_house.py", "bench/morning_house.py", "db/seeds/demo.yaml")


async def _measured() -> dict[str, Any]:
    """Every item in the database the environment names, as the pages ask for it."""
    from bench.record_house import LAST, STATION, days_of
    from db.clock import CHINA, at, today
    from db.queries.accounts import actor_with_login
    from db.queries.kpi import figures_of
    from db.queries.work_records import entered_late_today, signatures_of, unsigned_days, work_of
    from db.seeds.demo import _content
    from db.tables.journal import JournalEntry
    from db.tables.referrals import Placement
    from db.tables.stations import Station
    from db.verify_record import verify_record
    from piccolo_conf import DB
    from rules.statistics.tables import StatTable
    from rules.work_records import UNSIGNED_DAYS
    from web.statistics import parts_of, question_of

    boss, clerk = await actor_with_login("manager"), await actor_with_login("clerk")
    code = next(row["code"] for row in _content()["stations"] if row["key"] == STATION)
    station = await Station.select(Station.id).where(Station.code == code).first()
    assert station is not None
    day = LAST - timedelta(days=1)
    found: dict[str, Any] = {"entries": await JournalEntry.count(), "placements": await Placement.count()}
    found["whole_month"] = len(days_of(found["placements"])) > LAST.day

    async def ones_day() -> Any:
        work = await work_of(clerk.id, day, today(), reader=clerk.id)
        await signatures_of(clerk.id, day)
        await unsigned_days(clerk.id, today(), UNSIGNED_DAYS)
        await entered_late_today(clerk.id, station["id"], today())
        return len(work.entries)

    await DB.start_connection_pool()
    try:
        with at(datetime(LAST.year + 1, 1, 1, 9, tzinfo=CHINA)):
            found["day"], found["day_entries"] = await _best(ones_day, ROUNDS["day"])
            found["closing"], found["lines"] = await _closed(boss)
            for each in StatTable:
                asked = {"table": each.value, "kind": "month", "day": LAST.replace(day=1).isoformat()}
                question = await question_of(boss, asked)
                assert question is not None
                found[f"table {each.value}"], _ = await _best(lambda question=question: parts_of(question), ROUNDS["tables"])
            found["kpi"], _ = await _best(lambda: figures_of(boss.scope, LAST.year, LAST), ROUNDS["kpi"])
    finally:
        await DB.close_connection_pool()
    began = time.perf_counter()
    await verify_record(files=False)
    found["verifying"] = time.perf_counter() - began
    began = time.perf_counter()
    result = await verify_record()
    found["with_files"] = time.perf_counter() - began
    found["faults"] = [each.sentence for each in result.found.values()]
    return found


async def _best(ask: Callable[[], Awaitable[Any]], times: int) -> tuple[float, Any]:
    """The least seconds of several, after one that warms up; the last answer."""
    await ask()
    best = float("inf")
    answer = None
    for _ in range(times):
        began = time.perf_counter()
        answer = await ask()
        best = min(best, time.perf_counter() - began)
    return best, answer


class _Undone(Exception):
    """Ends a transaction whose work is not wanted."""


async def _closed(boss: Any) -> tuple[float, int]:
    """Seconds of closing the last month, and the lines of its lists; nothing of it is kept."""
    from bench.record_house import LAST
    from db import archive
    from db.actions import ledger
    from db.queries import ledger as queries
    from db.transaction import writing
    from rules.ledger import month_of

    month, best, lines = month_of(LAST), float("inf"), 0
    for _ in range(ROUNDS["closing"]):
        with contextlib.suppress(_Undone):
            async with writing():
                await ledger.write_words(month, main_work="登记和推荐。", problems="早上人多。", plans="添一个窗口。", actor=boss)
                began = time.perf_counter()
                await ledger.close_month(month, signed_name=boss.name, seen=True, actor=boss)
                best = min(best, time.perf_counter() - began)
                row = await queries.month_row(boss.station_id, month)
                version = await queries.version_of(row["id"], row["version"])
                assert version is not None
                content = await queries.opened_version(version)
                lines = sum(len(each.lines) for each in content.lists)
                await archive.discard(version["archive_key"])
                raise _Undone
    return best, lines


def one_size(engine: str, placements: int) -> dict[str, Any]:
    """The figures of one engine at one size, from processes of their own; the history is filled when it is not there."""
    folder = DATA / f"record-{placements}"
    environment = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "STATION_ENV", "STATION_KEYS")}
    environment["STATION_DATA"] = str(folder)
    _filled(folder, placements, environment)
    if engine == "postgres":
        environment["DATABASE_URL"] = os.environ["DATABASE_URL"]
        _run(environment, "bench.record_house", "--copy", str(folder))
    figures: dict[str, Any] = json.loads(_run(environment, "bench.record", "--one").splitlines()[-1])
    return figures


def _filled(folder: Path, placements: int, environment: dict[str, str]) -> None:
    """Make the history unless this folder has it as the code of today makes it."""
    digest = hashlib.sha256()
    for path in (*(ROOT / name for name in _SOURCES), *sorted((ROOT / "db" / "piccolo_migrations").glob("*.py"))):
        digest.update(path.read_bytes())
    stamp, wanted = folder / "filled.txt", digest.hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    began = time.perf_counter()
    _run(environment, "bench.record_house", str(placements))
    print(f"{placements:,} placements made by their actions in {time.perf_counter() - began:.0f} s", flush=True)
    stamp.write_text(wanted)


def _run(environment: dict[str, str], *module: str) -> str:
    """What a module says that runs in a process of its own."""
    done = subprocess.run([sys.executable, "-m", *module], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


def _comparable(figures: dict[str, Any]) -> dict[str, float]:
    """What is compared between the sizes, in milliseconds, of the same amount of work in both."""
    found = {"day": figures["day"] * 1000, "closing, per line": figures["closing"] / max(1, figures["lines"]) * 1000}
    found |= {name: value * 1000 for name, value in figures.items() if name.startswith("table ")}
    return found | {"verifying, per 1,000 entries": figures["verifying"] / figures["entries"] * 1e6}


def one_engine(engine: str, placements: int, report: Report) -> None:
    """Both sizes of one engine, their ratios and how they stand to the goals."""
    sizes = {}
    for count in (max(1, placements // 10), placements):
        with a_postgres() if engine == "postgres" else contextlib.nullcontext():  # another one for each size
            sizes[count] = one_size(engine, count)
    small, big = sizes.values()
    report.figures[engine] = {"small": small, "big": big}
    few, many = _comparable(small), _comparable(big)
    print(
        f"{engine}: {small['placements']:,} placements with {small['entries']:,} entries, "
        f"{big['placements']:,} with {big['entries']:,}; a day of {big['day_entries']} entries, a month of {big['lines']:,} lines\n",
        flush=True,
    )
    least = {name: min(SMALL_MS, value) if "per" in name else SMALL_MS for name, value in few.items()}
    ratios = {name: max(many[name], least[name]) / max(few[name], least[name]) for name in few}
    rows = [[name, f"{few[name]:.2f}", f"{many[name]:.2f}", f"{ratios[name]:.2f}"] for name in few]
    rows += [
        [f"{name.replace('_', ' ')}, all of it", f"{small[name] * 1000:.0f}", f"{big[name] * 1000:.0f}", ""]
        for name in ("closing", "kpi", "verifying", "with_files")
    ]
    table((f"{engine}, ms", "a tenth", "all", "times"), rows)
    for name, ratio in ratios.items():
        if small["whole_month"]:
            report.most(f"{engine}: {name}, ten times the data", ratio, TENFOLD)
    if not small["whole_month"]:
        report.note(f"{engine}: ratios", "not judged, a tenth of so short a time is no whole month")
    report.must(f"{engine}: the record verifies", not small["faults"] and not big["faults"])
    million = big["verifying"] / big["entries"] * 1_000_000
    slowest = max((value, name) for name, value in big.items() if name.startswith("table "))
    shown = (
        ("one's day", big["day"], "day"),
        ("closing a month", big["closing"], "closing"),
        (f"the slowest table ({slowest[1].removeprefix('table ')})", slowest[0], "tables"),
        ("the year's figures", big["kpi"], "kpi"),
        ("verifying 1,000,000 entries and the rows they tell of", million, "verifying"),
    )
    for words, seconds, limit in shown:
        report.note(f"{engine}: {words}, for orientation {LIMITS[limit]:g} s", f"{seconds:.3f} s")
    print(*(each for figures in sizes.values() for each in figures["faults"]), sep="\n", flush=True)


def main() -> None:
    """SQLite and PostgreSQL, a tenth of the time and all of it."""
    options = argparse.ArgumentParser(prog="script/bench record", description=__doc__)
    options.add_argument("--placements", type=int, default=60_000, help="of the whole history; two years of a busy station")
    options.add_argument("--engine", choices=("sqlite", "postgres", "both"), default="both")
    options.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    wanted = options.parse_args()
    if wanted.one:
        print(json.dumps(asyncio.run(_measured()), ensure_ascii=False))
        return
    machine()
    report = Report("record")
    for engine in ("sqlite", "postgres"):
        if wanted.engine in (engine, "both"):
            one_engine(engine, wanted.placements, report)
    report.end()


if __name__ == "__main__":
    main()
