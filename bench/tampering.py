"""Tampering with the record past the triggers, again and again, on SQLite and on PostgreSQL: every change is found and named.

A small record with everything in it (entries of three chains, papers, a void one, corrections, a signed day, an accepted ledger,
heads signed at night) is changed in one of the ways of tests/db/tampering.py, verified, and put back. Found is a change when the
verification fails; named when one of its sentences names the entry, paper, ledger, correction, day or head in question. Both
must hold every time, for everything before the last signed head.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from typing import Any

from bench.places import DATA, ROOT, empty
from bench.report import Report, machine, table


async def _tampered(times: int, first: int) -> dict[str, Any]:
    from db.migrate import migrate
    from db.verify_record import verify_record
    from piccolo_conf import DB
    from tests.cast import move_in
    from tests.db.tampering import WAYS, Kept, build

    await migrate()
    await DB.start_connection_pool()
    await move_in()
    await build()
    kept = await Kept.taken()
    if (before := await verify_record()).found:
        raise RuntimeError([each.sentence for each in before.found.values()])
    done: Counter[str] = Counter()
    found_at_all = named = 0
    wrong: list[str] = []
    began = time.perf_counter()
    for seed in range(first, first + times):
        case = WAYS[seed % len(WAYS)](random.Random(seed), kept)
        await case.commit()
        said = [each.sentence for each in (await verify_record()).found.values()]
        await kept.put_back(case.tables)
        done[case.what.split(".")[0]] += 1
        found_at_all += bool(said)
        if any(name in each for name in case.names for each in said):
            named += 1
        else:
            wrong.append(f"{seed} {case.what}: {said}")
    well = not (await verify_record()).found
    await DB.close_connection_pool()
    spent = time.perf_counter() - began
    return {
        "times": times,
        "found": found_at_all,
        "named": named,
        "well": well,
        "ways": done,
        "seconds": round(spent, 1),
        "wrong": wrong[:10],
    }


def one_engine(name: str, times: int, first: int) -> dict[str, Any]:
    """The figures of one engine, from a process of its own."""
    environment = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "STATION_ENV", "STATION_KEYS")}
    folder = DATA / f"tampering-{name}"
    empty(folder)
    command = [sys.executable, "-m", "bench.tampering", "--one", "--times", str(times), "--first", str(first)]
    if name == "postgres":
        command = ["script/postgres", *command]
    done = subprocess.run(command, cwd=ROOT, env={**environment, "STATION_DATA": str(folder)}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def main() -> None:
    """Both engines, one after the other."""
    options = argparse.ArgumentParser(prog="script/bench tampering", description=__doc__)
    options.add_argument("--times", type=int, default=1000)
    options.add_argument("--first", type=int, default=0, help="the first seed")
    options.add_argument("--engine", choices=("sqlite", "postgres", "both"), default="both")
    options.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    wanted = options.parse_args()
    if wanted.one:
        print(json.dumps(asyncio.run(_tampered(wanted.times, wanted.first)), ensure_ascii=False))
        return
    machine()
    report, rows = Report("tampering"), []
    for name in ("sqlite", "postgres"):
        if wanted.engine in (name, "both"):
            figures = one_engine(name, wanted.times, wanted.first)
            report.figures[name] = figures
            rows.append([name, figures["times"], figures["found"], figures["named"], figures["seconds"]])
            report.must(f"{name}: every change is found", figures["found"] == wanted.times)
            report.must(f"{name}: every change is named", figures["named"] == wanted.times)
            report.must(f"{name}: the record is well again at the end", figures["well"])
            print(f"{name}: {', '.join(f'{way} {count}' for way, count in sorted(figures['ways'].items()))}\n", flush=True)
    table(("tampered with", "times", "found", "named", "seconds"), rows)
    report.end()


if __name__ == "__main__":
    main()
