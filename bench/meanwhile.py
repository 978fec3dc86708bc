"""Pages of the desk and of the public board while hundreds of agreements are printed in the background, beside an idle station.

One request after the other at a steady pace, from this process; what counts is the 95th percentile of each page. The bulk
print is asked for on its page, as the clerk does, and is over when its page says so.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import subprocess
import sys
import time
from typing import Any
from urllib.parse import urlencode

from bench.load import Server, free_port, running
from bench.places import DATA, ROOT, empty
from bench.report import Report, table

PAGES = {"board": "/jobs", "desk": "/desk"}
PAUSE = 0.04
"""Seconds between two requests: the pace of a dozen people."""
RUNS = "/desk/print-runs"


def measured(report: Report, drafts: int, seconds: float) -> dict[str, Any]:
    """Idle, then printing; at least `seconds` of each."""
    folder = DATA / "documents"
    empty(folder)
    made = subprocess.run([sys.executable, "-m", "bench.print_house", str(drafts)], cwd=ROOT, capture_output=True, text=True, check=True)
    cookie = json.loads(made.stdout.splitlines()[-1])["cookie"]
    port = free_port()
    environment = {"STATION_DATA": str(folder), "PORT": str(port), "STATION_PRINTERS": "1"}
    with running("meanwhile", (sys.executable, "-m", "web.serve"), port=port, ready="/jobs", env=environment) as server:
        visitor = Visitor(server, cookie)
        warm = time.monotonic() + 3
        _paced(visitor, lambda: time.monotonic() > warm)
        end = time.monotonic() + seconds
        idle = _paced(visitor, lambda: time.monotonic() > end)
        began = time.monotonic()
        url = visitor.asks_for_agreements()
        state: list[str] = []
        looked = [time.monotonic()]

        def over() -> bool:
            if time.monotonic() - looked[0] > 1:
                looked[0] = time.monotonic()
                state[:] = re.findall(r"<h2>(排队中|正在打印|已完成|没有完成|已取消)</h2>", visitor.page(url))
            return bool(state) and state[0] in ("已完成", "没有完成", "已取消")

        busy = _paced(visitor, over)
        took = time.monotonic() - began
        printed = re.search(r"<b>(\d+)</b>排好", visitor.page(url))
    figures: dict[str, Any] = {"drafts": drafts, "seconds": round(took, 1), "printed": int(printed[1]) if printed else 0, "state": state}
    rows = []
    for name in PAGES:
        before, after = _percentile(idle[name]), _percentile(busy[name])
        figures[name] = {"idle": round(before * 1000, 2), "printing": round(after * 1000, 2), "ratio": round(after / before, 2)}
        rows.append([name, f"{before * 1000:.1f}", f"{after * 1000:.1f}", len(idle[name]), len(busy[name])])
    table(("p95 in ms", "idle", "printing", "requests", "requests"), rows)
    report.most("p95 of the public board while agreements print, to idle", figures["board"]["ratio"], 1.2)
    report.note("p95 of the desk while agreements print, to idle", f"{figures['desk']['ratio']:.2f}")
    report.must(f"all {drafts} agreements printed and bound", figures["printed"] == drafts and state[:1] == ["已完成"])
    report.note("a bulk print of them, standing back for everybody else", f"{took:.0f} s")
    return figures


class Visitor:
    """The clerk's browser, with one connection."""

    def __init__(self, server: Server, cookie: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        self.cookie = cookie

    def page(self, path: str) -> str:
        """A page."""
        return self._sent("GET", path)[1]

    def asks_for_agreements(self) -> str:
        """Ask for today's agreements as one file; the address of the bulk print."""
        page = self.page(RUNS)
        token = {name: re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in ("csrf_token", "form_token")}  # type: ignore[index]
        day = re.search(r'name="day" value="([^"]*)"', page)[1]  # type: ignore[index]
        headers, body = self._sent("POST", RUNS, urlencode({**token, "kind": "AGREEMENTS", "bundle": "PDF", "day": day}))
        if "location" not in headers:
            raise RuntimeError(re.sub(r"<[^>]+>", " ", body)[:500])
        return headers["location"].removeprefix(f"http://127.0.0.1:{self.connection.port}")

    def _sent(self, method: str, path: str, body: str | None = None) -> tuple[dict[str, str], str]:
        headers = {"Cookie": self.cookie, "Origin": f"http://127.0.0.1:{self.connection.port}"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        if answer.status not in (200, 303):
            raise RuntimeError(f"{method} {path}: {answer.status}")
        return {name.lower(): value for name, value in answer.getheaders()}, text


def _paced(visitor: Visitor, over: Any) -> dict[str, list[float]]:
    taken: dict[str, list[float]] = {name: [] for name in PAGES}
    while not over():
        for name, path in PAGES.items():
            time.sleep(PAUSE)
            began = time.perf_counter()
            visitor.page(path)
            taken[name].append(time.perf_counter() - began)
    return taken


def _percentile(values: list[float]) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]


if __name__ == "__main__":
    one = Report("meanwhile")
    one.figures |= measured(one, int(os.environ.get("DRAFTS") or 40), 10)
    one.end()
