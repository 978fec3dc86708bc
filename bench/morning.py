"""A simulated morning over HTTP: who comes signs in, demands are called for and filled, on SQLite and on PostgreSQL.

Five stations with two clerks each: everybody signs in between 5:30 and 7:00, 5 % are called and do not come or get a place and
do not start, the network of one desk is cut for three minutes. The ninety minutes are pressed into `--seconds`, so what is
asked of the server in a second is many times what a morning asks. Then the record is checked: every acknowledged sign-in is
there once, nobody has two works at one time, no post has more people than places, nobody was called past anybody, the order
follows from the printed sheet alone, and the chains verify.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import random
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from bench.places import DATA, LOGS, ROOT
from bench.report import Report, machine, table

PASSWORD = "station-demo-2026"
MORNING = 90 * 60
CUT = 3 * 60
NO_SHOW = 0.05
STEP = 60
"""Seconds of the morning a clerk needs for one person: looking, calling, until they have come, speaking with them and the employer."""
POLL = 5
"""Seconds after which an open desk asks for its lists again; these are not pressed together."""
IDLE = 40
"""Sign-ins measured one after another on the idle server, before the morning; these people are further ones."""
TIMES = 5.0
"""A sign-in at the peak may take this many times as long as on the idle server (95 % of them)."""
_CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')
_NEXT = re.compile(r'/calls"[^>]*>(?:(?!</form>).)*?name="ticket" value="(\d+)"', re.S)
_PROMISED = re.compile(r'name="referral" value="(T\d+)"')


@dataclass
class Tally:
    """What one morning came to. Durations in seconds, by what was done; `errors` are answers nobody expected."""

    took: dict[str, list[float]] = field(default_factory=dict)
    idle: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    signed: dict[str, set[str]] = field(default_factory=dict)
    placed: int = 0
    absent: int = 0
    skipped: int = 0
    replaced: int = 0
    faster: int = 0
    again: int = 0
    cut: int = 0

    def note(self, what: str, seconds: float) -> None:
        """One request of this kind."""
        self.took.setdefault(what, []).append(seconds)


class Clerk:
    """One clerk at one desk: a browser's session, a queue of people who stand in front of the desk."""

    def __init__(self, base: str, login: str, station: dict[str, Any], tally: Tally) -> None:
        self.http = httpx.AsyncClient(base_url=base, timeout=30, follow_redirects=False)
        self.login, self.station, self.tally = login, station, tally
        self.csrf = ""
        self.offline: list[dict[str, str]] = []
        self.cut_until = 0.0

    async def sign_in(self) -> None:
        """The clerk's own sign-in, then the desk."""
        page = await self.http.get("/sign-in")
        token = _CSRF.search(page.text)
        assert token, page.text[:500]
        fields = {"csrf_token": token[1], "login": self.login, "password": PASSWORD, "form_token": secrets.token_urlsafe(18)}
        answer = await self.http.post("/sign-in", data=fields)
        assert answer.status_code == 303, answer.text[:2000]
        desk = await self.http.get("/desk/today")
        token = _CSRF.search(desk.text)
        assert token, desk.text[:2000]
        self.csrf = token[1]

    async def post(self, what: str, path: str, **fields: str) -> httpx.Response:
        """Send a form as the page does, and note how long the answer took."""
        fields |= {"csrf_token": self.csrf, "form_token": secrets.token_urlsafe(18)}
        began = time.perf_counter()
        answer = await self.http.post(path, data=fields, headers={"HX-Request": "true"})
        self.tally.note(what, time.perf_counter() - began)
        if answer.status_code not in (200, 422):
            self.tally.errors.append(f"{what} {path}: {answer.status_code}")
        return answer

    async def scan(self, number: str) -> None:
        """Somebody's card is scanned. While the network is cut it is kept, with its mark and its moment."""
        kept = {"word": number, "token": secrets.token_hex(15), "keyed_at": datetime.now(UTC).isoformat()}
        if time.monotonic() < self.cut_until:
            self.offline.append(kept)
            return
        if self.offline:
            await self.send_kept()
        await self._send(kept)

    async def send_kept(self) -> None:
        """What was keyed while the network was cut; each is sent twice, as a browser does that never saw the first answer."""
        waiting, self.offline = self.offline, []
        for kept in waiting:
            self.tally.cut += 1
            await self._send(kept)
            await self._send(kept)

    async def _send(self, kept: dict[str, str]) -> None:
        answer = await self.post("sign-in", "/desk/today/sign-ins", **kept)
        if answer.status_code == 200:
            self.tally.signed.setdefault(self.station["key"], set()).add(kept["word"])
        else:
            self.tally.errors.append(f"sign-in refused: {_said(answer.text)}")

    async def fill(self, number: str, dice: random.Random) -> bool:
        """One step of filling a demand: call who is next, give the place; False when it is full or nobody fits now."""
        where = f"/desk/today/posts/{number}"
        began = time.perf_counter()
        page = await self.http.get(where, headers={"HX-Request": "true"})
        self.tally.note("demand", time.perf_counter() - began)
        if page.status_code != 200:
            self.tally.errors.append(f"demand {number}: {page.status_code}")
            return False
        turn = page.text.partition("下一位：")[2]
        ticket = _NEXT.search(turn)
        if not ticket:
            return False
        if dice.random() < NO_SHOW / 2:
            await self.post("skip", f"{where}/skips", ticket=ticket[1], reason="SKILL")
            self.tally.skipped += 1
            return True
        called = await self.post("call", f"{where}/calls", ticket=ticket[1], counter=self.station["counters"][self.login])
        if called.status_code == 422:  # a colleague was faster, or somebody came back in front
            self.tally.again += 1
            return True
        if dice.random() < NO_SHOW:
            await self.post("answer", f"{where}/answers", ticket=ticket[1], answer="ABSENT")
            self.tally.absent += 1
            return True
        given = await self.post("place", f"{where}/places", ticket=ticket[1], method="READ_ALOUD", consent="y", answered_by="周经理")
        if given.status_code == 422:
            self.tally.faster += 1
            await self.post("answer", f"{where}/answers", ticket=ticket[1], answer="DECLINES")
            return True
        self.tally.placed += 1
        if dice.random() < NO_SHOW and (promised := _PROMISED.findall(given.text)):
            await self.post("replace", f"{where}/replacements", referral=promised[0], reason="到点没来，电话打不通")
            self.tally.replaced += 1
            await self._give_called(where, number)
        return True

    async def _give_called(self, where: str, number: str) -> None:
        """After a replacement the next one is called already: give the place."""
        page = await self.http.get(where, headers={"HX-Request": "true"})
        called = re.search(r'class="turn calling"><p><b class="ticket">(\d+)</b>', page.text)
        if called:
            given = await self.post(
                "place", f"{where}/places", ticket=str(int(called[1])), method="READ_ALOUD", consent="y", answered_by="周经理"
            )
            self.tally.placed += given.status_code == 200


def _said(text: str) -> str:
    """The sentence of a refusal."""
    plain = re.sub(r"<[^>]+>", " ", text)
    return " ".join(plain.split())[:160]


async def morning(bases: list[str], stations: dict[str, Any], seconds: float) -> Tally:
    """Everybody's morning; the tally."""
    tally, dice = Tally(), random.Random(530)
    clerks: list[Clerk] = []
    for number, (key, station) in enumerate(stations.items()):
        station |= {"key": key, "counters": {login: str(place + 1) for place, login in enumerate(station["logins"])}}
        clerks += [Clerk(bases[(number + place) % len(bases)], login, station, tally) for place, login in enumerate(station["logins"])]
    for clerk in clerks:
        await clerk.sign_in()
    await _idle(clerks, stations, tally)
    stop = asyncio.Event()
    tasks = []
    began = time.monotonic()
    for place, clerk in enumerate(clerks):
        people = clerk.station["people"][place % 2 :: 2]
        arrivals = sorted(dice.triangular(0, seconds, seconds / 3) for _ in people)
        if place == 0:
            clerk.cut_until = began + seconds / 3 + seconds * CUT / MORNING
            cut_from = seconds / 3
        else:
            cut_from = -1.0
        tasks.append(asyncio.create_task(_arrivals(clerk, people, arrivals, began, cut_from)))
    polling = [asyncio.create_task(_polling(clerk, stop)) for clerk in clerks]
    fillers = [asyncio.create_task(_filling(clerk, began + seconds / 4, stop, seconds * STEP / MORNING)) for clerk in clerks]
    await asyncio.gather(*tasks)
    stop.set()
    await asyncio.gather(*fillers, *polling)
    for clerk in clerks:
        await clerk.http.aclose()
    return tally


async def _idle(clerks: list[Clerk], stations: dict[str, Any], tally: Tally) -> None:
    """Further people, one after another, while nothing else happens: what a sign-in takes then."""
    for number in range(IDLE):
        clerk = clerks[number % len(clerks)]
        await clerk.scan(clerk.station["people"].pop())
        await asyncio.sleep(0.02)
    tally.idle = tally.took.pop("sign-in")[10:]  # without the first ones, which warm the server


async def _arrivals(clerk: Clerk, people: list[str], arrivals: list[float], began: float, cut_from: float) -> None:
    until, clerk.cut_until = clerk.cut_until, 0.0
    for number, moment in zip(people, arrivals, strict=True):
        await asyncio.sleep(max(0.0, began + moment - time.monotonic()))
        if 0 <= cut_from <= moment and time.monotonic() < until:
            clerk.cut_until = until
        await clerk.scan(number)
    await asyncio.sleep(max(0.0, clerk.cut_until - time.monotonic()))
    await clerk.send_kept()


async def _polling(clerk: Clerk, stop: asyncio.Event) -> None:
    """What the open page asks for by itself."""
    seen = ""
    await asyncio.sleep(random.Random(f"poll {clerk.login}").uniform(0, POLL))  # the pages were not opened in one instant
    while not stop.is_set():
        await asyncio.sleep(POLL)
        if time.monotonic() < clerk.cut_until:
            continue
        headers = {"HX-Request": "true", "X-Polling": "1"}
        began = time.perf_counter()
        answer = await clerk.http.get("/desk/today", params={"seen": seen}, headers=headers)
        clerk.tally.note("poll", time.perf_counter() - began)
        if answer.status_code == 200 and (mark := re.search(r"seen=([0-9a-f]{16})", answer.text)):
            seen = mark[1]
        elif answer.status_code not in (200, 204):
            clerk.tally.errors.append(f"poll: {answer.status_code}")


async def _filling(clerk: Clerk, start: float, stop: asyncio.Event, pace: float) -> None:
    """Both clerks of a station work on the same demands, from both ends, until nothing more can be given, a step each `pace`.

    More or less: ten people do not press their keys in the same instant, as ten tasks would that sleep equally long.
    """
    dice = random.Random(clerk.login)
    await asyncio.sleep(max(0.0, start - time.monotonic()) + dice.uniform(0, pace))
    numbers = list(clerk.station["jobs"])
    if clerk.station["logins"][1] == clerk.login:
        numbers.reverse()
    while True:
        last_round, moved = stop.is_set(), False
        for number in numbers:
            cut = clerk.cut_until - time.monotonic()  # without the network nothing can be called
            await asyncio.sleep(max(pace * dice.uniform(0.5, 1.5), cut))
            moved = await clerk.fill(number, dice) or moved
        if last_round and not moved:
            return
        await asyncio.sleep(pace)


def free_port() -> int:
    """A port of this machine that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serving(environment: dict[str, str], processes: int) -> Iterator[list[str]]:
    """The product as it is started, once or several times on one database; the addresses."""
    LOGS.mkdir(parents=True, exist_ok=True)
    running, bases = [], []
    try:
        for number in range(processes):
            port = free_port()
            log = (LOGS / f"morning-{number}.log").open("w")
            running.append(
                subprocess.Popen(
                    [sys.executable, "-m", "web.serve"],
                    cwd=ROOT,
                    env={**environment, "PORT": str(port)},
                    stdout=log,
                    stderr=subprocess.STDOUT,
                )
            )
            bases.append(f"http://127.0.0.1:{port}")
            _wait_for(bases[-1])
        yield bases
    finally:
        for each in running:
            each.terminate()
        for each in running:
            each.wait(20)


def _wait_for(base: str) -> None:
    for _ in range(300):
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(f"{base}/healthz", timeout=2).status_code == 200:
                return
        time.sleep(0.2)
    raise RuntimeError(f"no answer from {base}")


def furnished(name: str, people: int, demands: int, hands: int, stations: int = 5) -> tuple[Path, dict[str, str], dict[str, Any]]:
    """A fresh house for a measurement: its folder, the environment of its processes, its stations."""
    folder = DATA / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    environment = {**os.environ, "STATION_DATA": str(folder), "STATION_SENDER": "none"}
    environment.pop("STATION_ENV", None)
    sizes = [str(each) for each in (people, demands, hands, stations)]
    made = subprocess.run(
        [sys.executable, "-m", "bench.morning_house", *sizes], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if made.returncode:
        sys.exit(made.stderr)
    return folder, environment, json.loads(made.stdout.splitlines()[-1])["stations"]


def one_engine(name: str, wanted: argparse.Namespace, report: Report) -> list[Any]:
    """The whole morning on one engine; the row of the table."""
    folder, environment, stations = furnished(f"morning-{name}", wanted.people + IDLE, wanted.demands, wanted.hands)
    with serving(environment, 2 if name == "postgres" else 1) as bases:
        began = time.perf_counter()
        tally = asyncio.run(morning(bases, stations, wanted.seconds))
        spent = time.perf_counter() - began
        sheets = asyncio.run(_sheets(bases[0], stations))
    (folder / "sheets.json").write_text(json.dumps(sheets, ensure_ascii=False))
    (folder / "signed.json").write_text(json.dumps({key: sorted(value) for key, value in tally.signed.items()}))
    checked = subprocess.run(
        [sys.executable, "-m", "bench.morning_record", str(folder)], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if checked.returncode:
        sys.exit(checked.stderr)
    return _judged(name, tally, json.loads(checked.stdout.splitlines()[-1]), spent, report)


async def _sheets(base: str, stations: dict[str, Any]) -> dict[str, str]:
    """The printed morning sheet of every station, as text read back from its PDF."""
    import io

    from pypdf import PdfReader

    texts = {}
    for key, station in stations.items():
        clerk = Clerk(base, station["logins"][0], station, Tally())
        await clerk.sign_in()
        answer = await clerk.http.get("/desk/calling/morning.pdf")
        assert answer.status_code == 200, (key, answer.status_code)
        texts[key] = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
        await clerk.http.aclose()
    return texts


def _percent(values: list[float], share: float) -> float:
    """The value that `share` of the values do not exceed, in milliseconds."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * len(ordered)))] * 1000


def _judged(name: str, tally: Tally, found: dict[str, Any], spent: float, report: Report) -> list[Any]:
    signs = tally.took["sign-in"]
    ratio = _percent(signs, 0.95) / _percent(tally.idle, 0.95)
    report.figures[name] = {
        "seconds": round(spent, 1),
        "requests": sum(len(each) for each in tally.took.values()),
        "signed_in": found["signed_in"],
        "placed": tally.placed,
        "absent": tally.absent,
        "skipped": tally.skipped,
        "replaced": tally.replaced,
        "faster_colleague": tally.faster,
        "called_again": tally.again,
        "kept_offline": tally.cut,
        "idle_p95_ms": round(_percent(tally.idle, 0.95), 1),
        "sign_in_p50_ms": round(_percent(signs, 0.5), 1),
        "sign_in_p95_ms": round(_percent(signs, 0.95), 1),
        "place_p95_ms": round(_percent(tally.took.get("place", [0.0]), 0.95), 1),
        "sign_in_p95_times_idle": round(ratio, 2),
        **found,
    }
    for sentence in tally.errors[:10]:
        print(f"  {name}: {sentence}")
    report.must(f"{name}: no error", not tally.errors)
    report.must(f"{name}: every acknowledged sign-in is there once", found["missing"] == 0 and found["twice"] == 0)
    report.must(f"{name}: nobody has two works at one time, no post more people than places", not found["double"] and not found["over"])
    report.must(f"{name}: nobody was called past anybody", found["past"] == 0)
    report.must(f"{name}: the order follows from the printed sheet", found["sheets_differ"] == 0)
    report.must(f"{name}: the chains verify", found["verifies"])
    report.most(f"{name}: a sign-in at the peak, times the idle one (95 %)", ratio, TIMES)
    figures = report.figures[name]
    shown = ("signed_in", "placed", "absent", "replaced", "requests", "idle_p95_ms", "sign_in_p50_ms", "sign_in_p95_ms", "place_p95_ms")
    return [name, *(figures[each] for each in shown), round(ratio, 2)]


def main() -> None:
    """SQLite with one process, PostgreSQL with two."""
    options = argparse.ArgumentParser(prog="script/bench morning", description=__doc__)
    options.add_argument("--people", type=int, default=600)
    options.add_argument("--demands", type=int, default=120)
    options.add_argument("--hands", type=int, default=500)
    options.add_argument("--seconds", type=float, default=600, help="into which the ninety minutes are pressed")
    options.add_argument("--engine", choices=("sqlite", "postgres", "both"), default="both")
    wanted = options.parse_args()
    machine()
    report, rows = Report("morning"), []
    if wanted.engine != "postgres":
        os.environ.pop("DATABASE_URL", None)
        rows.append(one_engine("sqlite", wanted, report))
    if wanted.engine != "sqlite":
        with a_postgres():
            rows.append(one_engine("postgres", wanted, report))
    heads = (
        "ms where not said",
        "signed in",
        "places",
        "absent",
        "replaced",
        "requests",
        "idle 95 %",
        "peak 50 %",
        "peak 95 %",
        "place 95 %",
        "times idle",
    )
    table(heads, rows)
    report.end()


@contextlib.contextmanager
def a_postgres() -> Iterator[None]:
    """DATABASE_URL of a PostgreSQL for the length of the block: the one that is named already, or a throw-away one."""
    if os.environ.get("DATABASE_URL"):
        yield
        return
    command = [str(ROOT / "script" / "postgres"), "sh", "-c", 'echo "$DATABASE_URL"; read _']
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        if server.stdout is None or server.stdin is None:
            raise RuntimeError("script/postgres has no pipes")
        os.environ["DATABASE_URL"] = server.stdout.readline().strip()
        try:
            yield
        finally:
            os.environ.pop("DATABASE_URL", None)
            server.stdin.write("\n")
            server.stdin.close()


if __name__ == "__main__":
    main()
