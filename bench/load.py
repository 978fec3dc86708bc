"""Servers under load: start one process, ask it, let wrk drive it, see how much memory it takes."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.places import LOGS, ROOT

CONNECTIONS = 16
GRANIAN = (sys.executable, "-m", "granian", "--workers", "1", "--no-access-log", "--log-level", "warning")
ASGI = ("--interface", "asgi", "--loop", "uvloop")


def need_wrk() -> None:
    """SystemExit when the load generator is missing."""
    if shutil.which("wrk") is None:
        sys.exit("wrk is missing: please install it (Debian: apt-get install wrk) and run this again.")


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """One server process on a port of its own."""

    def __init__(self, name: str, port: int, pid: int) -> None:
        self.name = name
        self.port = port
        self.pid = pid

    def url(self, path: str) -> str:
        """The address of a path."""
        return f"http://127.0.0.1:{self.port}{path}"

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, dict[str, str], bytes]:
        """Status, headers (lower case) and body; no compression is asked for."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.putrequest("GET", path, skip_accept_encoding=True)
        for key, value in (headers or {}).items():
            connection.putheader(key, value)
        connection.endheaders()
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, {key.lower(): value for key, value in answer.getheaders()}, body


@contextlib.contextmanager
def running(
    name: str, command: Sequence[str], *, port: int, ready: str, env: Mapping[str, str] | None = None, seconds: float = 60
) -> Iterator[Server]:
    """The server while the block runs. RuntimeError, with the end of its log, when `ready` does not answer 200 in time."""
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"{name}.log"
    with log.open("w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, cwd=ROOT, env={**os.environ, **(env or {})}, start_new_session=True)
    server = Server(name, port, process.pid)
    try:
        _wait(server, process, ready, time.monotonic() + seconds, log)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(server: Server, process: subprocess.Popen, ready: str, until: float, log: Path) -> None:
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError, http.client.HTTPException):
            if server.get(ready)[0] == 200:
                return
        time.sleep(0.1)
    raise RuntimeError(f"{server.name} did not start:\n{log.read_text()[-2000:]}")


@dataclass(frozen=True, slots=True)
class Speed:
    """What one round found: answers per second, and processor time of the server per answer in microseconds."""

    per_second: float
    cpu: float


def driven(server: Server, path: str, seconds: float, headers: Mapping[str, str] | None = None, *, fresh: bool = False) -> Speed:
    """One round with 16 connections kept busy; `fresh` asks another address each time.

    RuntimeError when an answer failed (4xx, 5xx, none).
    """
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s"]
    for key, value in (headers or {}).items():
        command += ["-H", f"{key}: {value}"]
    if fresh:
        command += ["-s", str(ROOT / "bench" / "fresh.lua")]
    before = processor_seconds(server.pid)
    said = subprocess.run([*command, server.url(path)], capture_output=True, text=True, check=True).stdout
    used = processor_seconds(server.pid) - before
    found = re.search(r"(\d+) requests in .*Requests/sec:\s+([0-9.]+)", said, re.S)
    if found is None or "Non-2xx" in said or "Socket errors" in said:
        raise RuntimeError(f"{server.name} {path}: {said}")
    return Speed(float(found[2]), used / int(found[1]) * 1e6)


def processor_seconds(pid: int) -> float:
    """Processor time of the process and everything it started, also of what has ended."""
    total = 0
    for each in children(pid):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
            total += sum(map(int, fields[11:15]))
    return total / os.sysconf("SC_CLK_TCK")


def children(pid: int) -> list[int]:
    """The process and everything it started that still runs."""
    found = [pid]
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += children(int(child))
    return found


def command_of(pid: int) -> str:
    """The command line of a process; "" when it is gone."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return ""


def megabytes(*pids: int) -> float:
    """Memory of these processes and everything they started; pages they share are counted once (PSS)."""
    total = 0
    for each in {each for pid in pids for each in children(pid)}:
        with contextlib.suppress(OSError):
            total += int(re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{each}/smaps_rollup").read_text(), re.M)[1])
    return total / 1024
