"""The server is killed 200 times under eight writers, on SQLite and on PostgreSQL, and afterwards nothing is lost.

The work is tests/web/safety/test_server_killed.py, which a normal run of the tests does with three kills: after each
kill every acknowledged form is there, whole and once, and the chains of the journal hold; unanswered forms are sent again.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from typing import Any

from bench.morning import a_postgres
from bench.places import ROOT
from bench.report import Report, machine, table

TEST = "tests/web/safety/test_server_killed.py"


def one_engine(name: str, crashes: int, report: Report) -> list[Any]:
    """All kills on one engine; the row of the table."""
    told = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", TEST],
        cwd=ROOT,
        env={**os.environ, "STATION_CRASHES": str(crashes)},
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.search(r"CRASHES (\d+) ACKNOWLEDGED (\d+) REPLAYED (\d+) KEPT (\d+) RECOVERY ([\d.]+) ([\d.]+)", told.stdout)
    killed, acknowledged, replayed, kept = map(int, found.groups()[:4]) if found else (0, 0, 0, 0)
    half, most = map(float, found.groups()[4:]) if found else (0.0, 0.0)
    report.figures[name] = {"kills": killed, "acknowledged": acknowledged, "replayed": replayed, "kept": kept, "recovery_s": [half, most]}
    report.goal(f"{name}: kills under eight writers", killed, crashes)
    report.must(f"{name}: nothing acknowledged lost, nothing half done, no number twice, the record verifies", told.returncode == 0)
    report.must(f"{name}: forms without an answer were sent again and saved once", kept == acknowledged and killed > 0)
    if told.returncode:
        print(told.stdout[-4000:])
    return [name, killed, acknowledged, replayed, kept, f"{half:.1f} s", f"{most:.1f} s"]


def main() -> None:
    """SQLite on a disk of its own, then a PostgreSQL."""
    options = argparse.ArgumentParser(prog="script/bench crashes", description=__doc__)
    options.add_argument("--kills", type=int, default=200)
    options.add_argument("--engine", choices=("sqlite", "postgres", "both"), default="both")
    wanted = options.parse_args()
    machine()
    report, rows = Report("crashes"), []
    if wanted.engine != "postgres":
        rows.append(one_engine("sqlite", wanted.kills, report))
    if wanted.engine != "sqlite":
        with a_postgres():
            rows.append(one_engine("postgres", wanted.kills, report))
    table(("engine", "kills", "acknowledged", "sent again", "kept", "back after (median)", "at most"), rows)
    report.end()


if __name__ == "__main__":
    main()
