"""Bulk printing leaves the desk its processors: lowest priority, and half of them at most."""

import json
import os
import subprocess
import sys

SAID = (
    "import json, os; from web.print_office import stand_back; stand_back();"
    "print(json.dumps([os.getpriority(os.PRIO_PROCESS, 0), sorted(os.sched_getaffinity(0))]))"
)


def told(*, only=None):
    """Priority and processors of a process that stands back, started on some of the processors."""
    start = (lambda: os.sched_setaffinity(0, only)) if only else None
    done = subprocess.run([sys.executable, "-c", SAID], capture_output=True, text=True, check=True, preexec_fn=start)
    return json.loads(done.stdout)


def test_it_takes_the_upper_half_of_the_processors_and_comes_last():
    ours = sorted(os.sched_getaffinity(0))
    priority, processors = told()
    assert priority == 19
    assert processors == ours[len(ours) // 2 :]


def test_a_machine_with_one_processor_prints_all_the_same():
    one = min(os.sched_getaffinity(0))
    assert told(only={one}) == [19, [one]]
