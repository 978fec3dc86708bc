"""The public board, 100,000 posts, one process each: ours beside Django and FastAPI with SQLAlchemy, and the server's ceiling.

All three read the same SQLite file and answer the same bytes (checked first), served by granian, without compression.
Rounds of wrk with 16 connections are interleaved, so that a busy minute of the machine hits everybody; medians count.
Ours does more per answer: sessions, checks of the request, security headers, tags. The peers have no middleware at all.
Ours keeps what it has made until somebody commits. `every address new` shows what is left of that when no two requests
ask the same address, and `commits a second` what is left while somebody writes.
"""

from __future__ import annotations

import argparse
import contextlib
import html
import os
import re
import sqlite3
import sys
import threading
import time
from pathlib import Path

from bench.fill import filled
from bench.load import ASGI, GRANIAN, Server, Speed, driven, free_port, megabytes, need_wrk, running
from bench.report import Report, machine, median, table

FILTERED = "/jobs?trade=C01&settle=DAILY"
EVERY_NEW = "first page, every address new"
WRITES_PER_SECOND = 5


def main() -> None:
    """Fill, compare, measure, judge."""
    options = argparse.ArgumentParser(prog="script/bench board", description=__doc__)
    options.add_argument("--posts", type=int, default=100_000)
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--seconds", type=int, default=3, help="of one round of one page")
    wanted = options.parse_args()
    need_wrk()
    machine()
    database = filled(wanted.posts)
    ports = {name: free_port() for name in ("ours", "django", "fastapi", "ceiling")}
    with contextlib.ExitStack() as stack:
        servers = {name: stack.enter_context(_server(name, ports, database)) for name in ("ours", "django", "fastapi")}
        report = Report("board")
        pages = same_html(servers, report)
        report.figures |= {"posts": wanted.posts, "page_bytes": {name: len(body) for name, (_, body) in pages.items()}}
        ports["bytes"] = len(pages["first page"][1])
        servers["ceiling"] = stack.enter_context(_server("ceiling", ports, database))
        speeds = measured(servers, {name: path for name, (path, _) in pages.items()}, wanted.rounds, wanted.seconds)
        busy = while_writing(servers["ours"], database, wanted.seconds)
    _print(speeds, busy, report)
    report.end()


def _server(name: str, ports: dict[str, int], database: Path) -> contextlib.AbstractContextManager[Server]:
    port = ports[name]
    at = ("--host", "127.0.0.1", "--port", str(port))
    env = {"BENCH_DATABASE": str(database), "BENCH_URL": f"http://127.0.0.1:{ports['ours']}", "PORT": str(port), "HOST": "127.0.0.1"}
    match name:
        case "ours":  # what script/server starts
            return running(name, (sys.executable, "-m", "web.serve"), port=port, ready="/jobs", env=env)
        case "django":
            wsgi = ("--interface", "wsgi", "--blocking-threads", "1", "bench.peers.django_board:application")
            return running(name, (*GRANIAN, *at, *wsgi), port=port, ready="/jobs", env=env)
        case "fastapi":
            return running(name, (*GRANIAN, *at, *ASGI, "bench.peers.fastapi_board:application"), port=port, ready="/jobs", env=env)
    env["BENCH_BYTES"] = str(ports["bytes"])
    return running(name, (*GRANIAN, *at, *ASGI, "bench.peers.ceiling:application"), port=port, ready="/", env=env)


def same_html(servers: dict[str, Server], report: Report) -> dict[str, tuple[str, bytes]]:
    """Path and body of each page. SystemExit, with the first difference, when a peer answers other bytes than we do."""
    first = servers["ours"].get("/jobs")[2]
    found = re.search(rb'rel="next" href="([^"]+)"', first)
    if found is None:
        sys.exit("The first page has no next page.")
    paths = {"first page": "/jobs", "page 2": html.unescape(found[1].decode()), "filtered": FILTERED}
    pages = {}
    for name, path in paths.items():
        bodies = {who: server.get(path) for who, server in servers.items()}
        for who, (status, _, body) in bodies.items():
            if status != 200 or body != bodies["ours"][2]:
                sys.exit(f"{who} answers {path} with {status} and other bytes than ours:\n{_difference(bodies['ours'][2], body)}")
        if body.count(b'<li class="job">') != 20:
            sys.exit(f"{path} does not show 20 posts.")
        pages[name] = (path, body)
    print(f"{', '.join(servers)} answer the same bytes: " + ", ".join(f"{name} {len(body):,}" for name, (_, body) in pages.items()) + "\n")
    report.must("same HTML from all three", True)
    return pages


def _difference(ours: bytes, theirs: bytes) -> str:
    at = next((i for i, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), min(len(ours), len(theirs)))
    return "\n".join(f"  {body[max(0, at - 80) : at + 120].decode(errors='replace')!r}" for body in (ours, theirs))


def measured(servers: dict[str, Server], paths: dict[str, str], rounds: int, seconds: int) -> dict[tuple[str, str], list[Speed]]:
    """The rounds of every (server, page)."""
    headers = servers["ours"].get("/jobs")[1]
    unchanged = {"If-None-Match": headers["etag"]}
    if servers["ours"].get("/jobs", unchanged)[0] != 304:
        sys.exit("The conditional request was not answered with 304.")
    cases = [(who, name, path, {}) for name, path in paths.items() for who in ("ours", "django", "fastapi")]
    cases += [(who, EVERY_NEW, "/jobs", {}) for who in ("ours", "django", "fastapi")]
    cases.append(("ours", "unchanged (304)", "/jobs", unchanged))
    cases.append(("ceiling", "constant bytes", "/", {}))
    for who, name, path, sent in cases:
        driven(servers[who], path, 1, sent, fresh=name == EVERY_NEW)
    speeds: dict[tuple[str, str], list[Speed]] = {}
    for number in range(rounds):
        for who, name, path, sent in cases if number % 2 == 0 else reversed(cases):
            speeds.setdefault((who, name), []).append(driven(servers[who], path, seconds, sent, fresh=name == EVERY_NEW))
    used = {who: megabytes(server.pid) for who, server in servers.items()}
    print("Memory of the server and what it started, MB: " + ", ".join(f"{who} {size:.0f}" for who, size in used.items()) + "\n")
    return speeds


def while_writing(server: Server, database: Path, seconds: int) -> float:
    """Our first page while somebody commits: nothing that was remembered stays true for long then."""
    stop = threading.Event()

    def write() -> None:
        connection = sqlite3.connect(database, timeout=10)
        while not stop.wait(1 / WRITES_PER_SECOND):
            connection.execute("UPDATE counter SET value = value + 1 WHERE name = 'bench'")
            connection.commit()
        connection.close()

    with contextlib.closing(sqlite3.connect(database, timeout=10)) as connection:
        connection.execute("INSERT OR IGNORE INTO counter (name, value) VALUES ('bench', 0)")
        connection.commit()
    writer = threading.Thread(target=write)
    writer.start()
    try:
        time.sleep(0.5)
        return median([driven(server, "/jobs", seconds).per_second for _ in range(3)])
    finally:
        stop.set()
        writer.join()


def _print(speeds: dict[tuple[str, str], list[Speed]], busy: float, report: Report) -> None:
    middle = {case: median([each.per_second for each in rounds]) for case, rounds in speeds.items()}
    cpu = {case: median([each.cpu for each in rounds]) for case, rounds in speeds.items()}
    rows = []
    for name in ("first page", "page 2", "filtered", EVERY_NEW):
        ours, django, fastapi = (middle[who, name] for who in ("ours", "django", "fastapi"))
        rows.append([name, f"{ours:,.0f}", f"{django:,.0f}", f"{fastapi:,.0f}", f"{ours / django:.2f}", f"{ours / fastapi:.2f}"])
        if name == EVERY_NEW:
            report.note(f"{name}, ours to Django and to FastAPI", f"{ours / django:.2f} and {ours / fastapi:.2f}")
            continue
        report.goal(f"{name}, ours to Django", ours / django, 3)
        report.goal(f"{name}, ours to FastAPI", ours / fastapi, 2)
    table(("requests per second (median)", "ours", "Django", "FastAPI", "x Django", "x FastAPI"), rows)
    unchanged, ceiling = middle["ours", "unchanged (304)"], middle["ceiling", "constant bytes"]
    table(
        ("requests per second (median)", "", "of the ceiling"),
        [
            ["ceiling: constant bytes of the first page's size", f"{ceiling:,.0f}", "100 %"],
            ["ours, unchanged (304)", f"{unchanged:,.0f}", f"{unchanged / ceiling:.0%}"],
            ["ours, first page", f"{middle['ours', 'first page']:,.0f}", f"{middle['ours', 'first page'] / ceiling:.0%}"],
            [f"ours, first page, {WRITES_PER_SECOND} commits a second", f"{busy:,.0f}", f"{busy / ceiling:.0%}"],
        ],
    )
    rows = [[f"{who}, {name}", f"{value:,.0f}"] for (who, name), value in cpu.items()]
    table(("processor time of the server per answer (median)", "µs"), rows)
    report.goal("unchanged page to the ceiling", unchanged / ceiling, 0.6)
    report.figures["processor_microseconds"] = {f"{who}, {name}": round(value) for (who, name), value in cpu.items()}
    report.figures["requests_per_second"] = {
        **{f"{who}, {name}": round(value) for (who, name), value in middle.items()},
        f"ours, first page, {WRITES_PER_SECOND} commits a second": round(busy),
    }
    report.figures["rounds"] = {f"{who}, {name}": [round(each.per_second) for each in rounds] for (who, name), rounds in speeds.items()}
    report.figures["load"] = round(os.getloadavg()[0], 1)


if __name__ == "__main__":
    main()
