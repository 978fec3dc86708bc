"""The power goes 1,000 times while people are registered, and afterwards nothing acknowledged is lost and nothing is corrupt.

The work is tests/db/test_power_cuts.py, which a normal run of the tests does with 100 cuts: the engine's own statements and
settings on a disk that notes every write and sync, cut at drawn places, with unsynced writes dropped and torn.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time

from bench.places import ROOT
from bench.report import Report, machine

TEST = "tests/db/test_power_cuts.py"


def main() -> None:
    """Cut, look, judge."""
    options = argparse.ArgumentParser(prog="script/bench power_cuts", description=__doc__)
    options.add_argument("--cuts", type=int, default=1000)
    wanted = options.parse_args()
    machine()
    began = time.perf_counter()
    told = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", TEST],
        cwd=ROOT,
        env={key: value for key, value in os.environ.items() if key != "DATABASE_URL"} | {"STATION_POWER_CUTS": str(wanted.cuts)},
        capture_output=True,
        text=True,
        check=False,
    )
    report = Report("power_cuts")
    found = re.search(r"CUTS (\d+) EVENTS (\d+) CORRUPT (\d+) LOST (\d+)", told.stdout)
    cuts, events = map(int, found.groups()[:2]) if found else (0, 0)
    report.figures |= {"cuts": cuts, "events": events, "seconds": round(time.perf_counter() - began)}
    report.note("writes and syncs the cuts were drawn from", f"{events:,}")
    report.goal("cuts of the power", cuts, wanted.cuts)
    report.must(
        "none left a corrupt or half written database, none lost an acknowledged action", bool(found) and found.groups()[2:] == ("0", "0")
    )
    report.must("and with synchronous=NORMAL the same cuts do lose some", told.returncode == 0)
    if told.returncode:
        print(told.stdout[-4000:])
    report.end()


if __name__ == "__main__":
    main()
