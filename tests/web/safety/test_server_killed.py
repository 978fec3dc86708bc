"""The server is killed again and again under eight writers: nothing acknowledged is lost, nothing is half done, nothing twice.

Each writer sends forms with their tokens; one that got no answer is sent again, as it is, after the restart. STATION_CRASHES
says how often the server is killed (`script/bench crashes`: 200, on both engines); a normal run does it a few times.
"""

import asyncio
import contextlib
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest

from db.actions.accounts import session_key
from db.clock import now
from db.tables.accounts import Session
from db.vault import key_file
from piccolo_conf import DB
from rules.journal import ZERO, link
from tests.cast import PEOPLE, move_in
from tests.recovery_scene import ROOT, SQLITE, Place
from tests.web.seekers.conftest import typed

CRASHES = int(os.environ.get("STATION_CRASHES") or (3 if SQLITE else 1))
CLERKS = ("chen", "zhou", "lin", "zhao") * 2
FORM, SEND = "/desk/seekers/new", "/desk/seekers"

pytestmark = pytest.mark.slow


class Server:
    """The web process as web.serve starts it, with everything that belongs to it in one process group."""

    def __init__(self, place: Place) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.place, self.base = place, f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen | None = None
        self.restarts: list[float] = []

    async def start(self) -> None:
        """Until it answers that it is well."""
        began = time.monotonic()
        self._begin()
        async with httpx.AsyncClient(base_url=self.base) as client:
            while True:
                with contextlib.suppress(httpx.HTTPError):
                    if (await client.get("/sign-in", timeout=2)).status_code == 200:
                        break
                assert time.monotonic() - began < 60, "the server does not come back"
                await asyncio.sleep(0.05)
        self.restarts.append(time.monotonic() - began)

    def _begin(self) -> None:
        words = [
            *("--interface", "asgi", "--factory", "--host", "127.0.0.1", "--port", str(self.port), "--workers", "1"),
            *("--loop", "uvloop", "--no-access-log", "--log-level", "critical", "web.app:create_app"),
        ]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "granian", *words],
            cwd=ROOT,
            env=self.place.environment | {"STATION_SENDER": "none"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    async def kill(self) -> None:
        """At once, without a word, all of it."""
        os.killpg(self.process.pid, signal.SIGKILL)
        await asyncio.to_thread(self.process.wait)


@dataclass
class Tally:
    """What the writers were told."""

    acknowledged: dict[str, str] = field(default_factory=dict)
    replayed: int = 0
    answers: Counter = field(default_factory=Counter)
    sent: int = 0


def person(number: int) -> dict:
    """A worker invented by number: identity number, phone and name of their own."""
    born = date(1970, 1, 1) + timedelta(days=number % 9000)
    digits = f"420199{born:%Y%m%d}{number // 9000 * 2 + 1:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    check = "10X98765432"[sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % 11]
    dice = random.Random(number)
    name = dice.choice("王李张刘陈杨赵黄周吴") + "".join(dice.sample("建国红军志强秀英海燕春梅永福桂兰", 2))
    return typed(id_number=digits + check, phone=f"199{number:08d}", name=name)


class Writer:
    """Somebody at a counter who registers one person after another and sends a form again that got no answer."""

    def __init__(self, number: int, server: Server, up: asyncio.Event, tally: Tally) -> None:
        self.number, self.server, self.up, self.tally = number, server, up, tally
        self.people = iter(range(number, 80_000, len(CLERKS)))

    async def work(self, stop: asyncio.Event) -> None:
        """Until told to stop; the form in hand is brought to its end."""
        cookies = {"sid": token_of(self.number)}
        async with httpx.AsyncClient(base_url=self.server.base, cookies=cookies, timeout=20) as client:
            while not stop.is_set():
                await self.up.wait()
                with contextlib.suppress(httpx.HTTPError):
                    page = await client.get(FORM)
                    if page.status_code == 200:
                        await self.register(client, _hidden(page.text) | person(next(self.people)))

    async def register(self, client: httpx.AsyncClient, values: dict) -> None:
        """Send one form until it was answered."""
        self.tally.sent += 1
        again = False
        while True:
            await self.up.wait()
            try:
                answer = await client.post(SEND, data=values)
            except httpx.HTTPError:
                again = True
                await asyncio.sleep(0.05)
                continue
            self.tally.answers[answer.status_code] += 1
            if answer.status_code == 503:
                await asyncio.sleep(0.2)
                continue
            assert answer.status_code == 303, re.sub(r"<[^>]+>|\s+", " ", answer.text)[:600]
            self.tally.acknowledged[values["form_token"]] = answer.headers["location"]
            self.tally.replayed += again
            return


def _hidden(text: str) -> dict[str, str]:
    form = text[text.index(f'action="{SEND}"') :]
    return {name: re.search(rf'name="{name}"[^>]*value="([^"]+)"', form)[1] for name in ("csrf_token", "form_token")}


def token_of(number: int) -> str:
    """The session of a writer."""
    return f"the-session-of-writer-{number}"


@pytest.fixture
async def station(database, tmp_path, monkeypatch) -> Place:
    """A station with eight people signed in, on a disk of its own, which this process does not hold open."""
    await move_in()
    moment = now()
    await Session.insert(
        *(
            Session(
                key=session_key(token_of(number)),
                account=PEOPLE[login].id,
                created_at=moment,
                seen_at=moment,
                expires_at=moment + timedelta(hours=12),
            )
            for number, login in enumerate(CLERKS)
        )
    )
    folder = tmp_path / "station"
    folder.mkdir()
    if SQLITE:
        await DB.pool_here().writer.fetch("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(DB.path, folder / "station.db")
    return Place(folder, key_file(), "" if SQLITE else os.environ["DATABASE_URL"])


def as_it_lies(place: Place, beside: Path) -> Place:
    """What is on the disk right now, in a folder where looking at it does not repair the original."""
    if not SQLITE:
        return place
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir()
    for end in ("", "-wal"):
        if (path := place.folder / f"station.db{end}").exists():
            shutil.copy(path, beside)
    return Place(beside, place.keys)


async def nothing_lost(place: Place, tally: Tally) -> int:
    """Everything acknowledged is there, whole and once; how many registrations there are."""
    if SQLITE:
        assert [row[0] for row in await place.asks("PRAGMA quick_check")] == ["ok"]
    seekers = [row["number"] for row in await place.asks("SELECT number FROM seeker")]
    forms = {row["token"]: row["location"] for row in await place.asks("SELECT token, location FROM submission")}
    entries = (await place.asks("SELECT count(*) AS n FROM journal_entry WHERE kind = 'SEEKER_REGISTERED'"))[0]["n"]
    consents = (await place.asks("SELECT count(DISTINCT seeker) AS n FROM consent"))[0]["n"]
    assert len(seekers) == len(set(seekers)), "a number twice"
    assert len(seekers) == len(forms) == entries == consents, ("half done", len(seekers), len(forms), entries, consents)
    assert {location.rpartition("/")[2] for location in forms.values()} == set(seekers)
    for token, location in tally.acknowledged.items():
        assert forms.get(token) == location, "an acknowledged form is lost"
    heads: dict[str, tuple[int, str]] = {}
    for row in await place.asks("SELECT chain, seq, prev, hash, body FROM journal_entry ORDER BY chain, seq"):
        seq, digest = heads.get(row["chain"], (0, ZERO))
        assert (row["seq"], row["prev"]) == (seq + 1, digest), "the chain is broken"
        assert link(digest, row["chain"], row["seq"], row["body"]) == row["hash"]
        heads[row["chain"]] = (row["seq"], row["hash"])
    return len(seekers)


async def test_a_server_that_is_killed_loses_nothing_it_acknowledged(station, tmp_path):
    server, up, stop, tally = Server(station), asyncio.Event(), asyncio.Event(), Tally()
    await server.start()
    up.set()
    writers = [asyncio.create_task(Writer(number, server, up, tally).work(stop)) for number in range(len(CLERKS))]
    drawn = random.Random(20261124)
    try:
        for _ in range(CRASHES):
            before = len(tally.acknowledged)
            while len(tally.acknowledged) < before + 3:  # never so fast that nobody was at work
                assert not any(writer.done() for writer in writers), "a writer gave up"
                await asyncio.sleep(0.02)
            await asyncio.sleep(drawn.uniform(0, 0.4))
            up.clear()
            await server.kill()
            told = Tally(dict(tally.acknowledged))
            await nothing_lost(as_it_lies(station, tmp_path / "looked-at"), told)
            await server.start()
            up.set()
        stop.set()
        await asyncio.wait_for(asyncio.gather(*writers), 60)
    finally:
        for writer in writers:
            writer.cancel()
        await server.kill()
    kept = await nothing_lost(as_it_lies(station, tmp_path / "looked-at"), tally)
    assert kept == len(tally.acknowledged) == tally.sent
    code, said = await station.runs("db.verify_record")
    assert code == 0, said
    recovery = sorted(server.restarts[1:])
    print(
        f"CRASHES {CRASHES} ACKNOWLEDGED {len(tally.acknowledged)} REPLAYED {tally.replayed} KEPT {kept} "
        f"RECOVERY {recovery[len(recovery) // 2]:.2f} {recovery[-1]:.2f}"
    )
