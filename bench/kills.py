"""The renderer is killed 200 times in the middle of bulk prints, and afterwards nothing is issued by halves.

The work is tests/web/print_runs/test_kills.py, which a normal run of the tests does with a few kills: after each round
every number has one paper or none, the paper in the archive is whole, and the journal's chains verify.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys

from bench.places import ROOT
from bench.report import Report, machine


def main() -> None:
    """Kill, count, judge."""
    options = argparse.ArgumentParser(prog="script/bench kills", description=__doc__)
    options.add_argument("--kills", type=int, default=200, help="how often a worker is killed in the middle of a paper")
    wanted = options.parse_args()
    machine()
    told = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", "tests/web/print_runs/test_kills.py"],
        cwd=ROOT,
        env={**os.environ, "STATION_KILLS": str(wanted.kills)},
        capture_output=True,
        text=True,
        check=False,
    )
    report = Report("kills")
    counted = re.search(r"KILLS (\d+) PAPERS (\d+) ROUNDS (\d+)", told.stdout)
    killed, papers, rounds = map(int, counted.groups()) if counted else (0, 0, 0)
    report.figures |= {"kills": killed, "papers": papers, "rounds": rounds}
    report.note("papers, and how often the bulk print was taken up again", f"{papers}, {rounds - 1}")
    report.goal("kills in the middle of a paper", killed, wanted.kills)
    report.must("every paper whole, no number twice or left out, the journal verifies", told.returncode == 0)
    if told.returncode:
        print(told.stdout[-4000:])
    report.end()


if __name__ == "__main__":
    main()
