"""Ids: never the same twice, growing with time, small enough for a BIGINT."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from db.ids import EPOCH_MS, new_id

ROOT = Path(__file__).parents[2]
MAKE = "from db.ids import new_id; print(*(new_id() for _ in range(20000)))"


def test_ids_grow_and_fit():
    made = [new_id() for _ in range(5000)]
    assert made == sorted(set(made))
    assert 0 < made[0] < made[-1] < 2**63


def test_an_id_tells_roughly_when_it_was_made():
    made = (new_id() >> 22) + EPOCH_MS
    assert abs(made - time.time() * 1000) < 2000


def test_threads_do_not_share_ids():
    made: list[int] = []
    threads = [threading.Thread(target=lambda: made.extend([new_id() for _ in range(5000)])) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 40000


def test_processes_at_the_same_time_do_not_share_ids():
    running = [subprocess.Popen([sys.executable, "-c", MAKE], stdout=subprocess.PIPE, text=True, cwd=ROOT) for _ in range(4)]
    made = [int(word) for process in running for word in process.communicate()[0].split()]
    assert len(made) == len(set(made)) == 80000


def test_a_forked_child_does_not_go_on_with_its_parents_ids():
    new_id()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, " ".join(str(new_id()) for _ in range(500)).encode())
        os._exit(0)
    own = [new_id() for _ in range(500)]
    os.waitpid(child, 0)
    theirs = [int(word) for word in os.read(reading, 65536).split()]
    os.close(reading)
    os.close(writing)
    assert len(theirs) == 500
    assert not set(own) & set(theirs)
    assert {number >> 10 & 255 for number in own}.isdisjoint(number >> 10 & 255 for number in theirs), "the same slot"


def test_a_clock_set_back_does_not_repeat_ids(monkeypatch):
    before = new_id()
    real = time.time_ns()
    monkeypatch.setattr("db.ids.time.time_ns", lambda: real - 3600 * 10**9)
    made = [new_id() for _ in range(3000)]
    assert min(made) > before
    assert len(set(made)) == 3000


@pytest.mark.parametrize("node", ["16", "-1"])
def test_a_machine_number_out_of_range_is_refused(node):
    run = subprocess.run(
        [sys.executable, "-c", MAKE],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "STATION_NODE": node},
        check=False,
    )
    assert run.returncode == 1
    assert "STATION_NODE" in run.stderr
