"""A production server says what it lacks, one sentence each, and starts with nobody's account and no demo district."""

import asyncio
import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from db.engine import postgres_config
from web.settings import SettingsMissing, load_settings

GIVEN = {"STATION_SECRET": "0123456789abcdef0123456789abcdef", "PUBLIC_URL": "https://station.example"}
SENTENCES = {
    "STATION_SECRET": "STATION_SECRET is not set: give at least 32 random characters",
    "STATION_KEYS": "STATION_KEYS is not set to an existing file",
    "STATION_SIGNING_KEY": "STATION_SIGNING_KEY is not set to an existing file",
    "PUBLIC_URL": "PUBLIC_URL is not set to an https:// address",
}


def environment(folder: Path, **given: str) -> dict[str, str]:
    """What a production server is started with, and nothing of the tests' own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("STATION_", "PUBLIC_URL", "DATABASE_URL"))}
    return {**kept, "STATION_ENV": "production", "STATION_DATA": str(folder), **given}


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The two key files, made as an installation makes them."""
    folder = tmp_path_factory.mktemp("keys")
    made = {}
    for name, module in (("STATION_KEYS", "db.new_keys"), ("STATION_SIGNING_KEY", "db.new_signing_key")):
        path = folder / f"{name}.json"
        subprocess.run([sys.executable, "-m", module, str(path)], check=True, capture_output=True)
        assert path.stat().st_mode & 0o077 == 0
        made[name] = str(path)
    return made


def start(settings: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Start the server that is expected to refuse."""
    return subprocess.run([sys.executable, "-m", "web.serve"], env=settings, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({}, [*SENTENCES]),
        ({"STATION_SECRET": "short", "PUBLIC_URL": "http://station.example", "STATION_KEYS": "/nowhere/keys.json"}, [*SENTENCES]),
        ({"PUBLIC_URL": GIVEN["PUBLIC_URL"]}, ["STATION_SECRET", "STATION_KEYS", "STATION_SIGNING_KEY"]),
        (GIVEN, ["STATION_KEYS", "STATION_SIGNING_KEY"]),
    ],
    ids=["nothing", "all wrong", "address only", "no keys"],
)
def test_a_production_server_does_not_start_without_its_secrets(tmp_path: Path, given: dict[str, str], missing: list[str]):
    refused = start(environment(tmp_path, **given))
    assert refused.returncode == 1
    lines = [line for line in refused.stderr.splitlines() if line.startswith("- ")]
    assert len(lines) == len(missing)
    for name, line in zip(missing, lines, strict=True):
        assert SENTENCES[name] in line
    assert "Traceback" not in refused.stderr
    assert not list(tmp_path.iterdir()), "nothing was made up: no secret, no keys, no database"


@pytest.mark.parametrize("lacking", ["STATION_SECRET", "STATION_SIGNING_KEY", "PUBLIC_URL"])
def test_each_missing_secret_is_named_alone(tmp_path: Path, keys: dict[str, str], lacking: str):
    given = {name: value for name, value in {**GIVEN, **keys}.items() if name != lacking}
    refused = start(environment(tmp_path, **given))
    assert [SENTENCES[lacking] in line for line in refused.stderr.splitlines() if line.startswith("- ")] == [True]


@pytest.fixture
def own_database() -> Iterator[dict[str, str]]:
    """On PostgreSQL an empty database of its own beside the one of the tests; on SQLite the folder is enough."""
    url = os.environ.get("DATABASE_URL")
    if not url:
        yield {}
        return
    name = f"{urlsplit(url).path.lstrip('/')}_production"

    async def run(*statements: str) -> None:
        import asyncpg

        connection = await asyncpg.connect(**postgres_config(url))
        for statement in statements:
            await connection.execute(statement)
        await connection.close()

    asyncio.run(run(f'DROP DATABASE IF EXISTS "{name}"', f'CREATE DATABASE "{name}"'))
    yield {"DATABASE_URL": url.replace(urlsplit(url).path, f"/{name}", 1)}
    asyncio.run(run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))


def _counted(settings: dict[str, str], folder: Path, *tables: str) -> dict[str, int]:
    if "DATABASE_URL" not in settings:
        with sqlite3.connect(folder / "station.db") as connection:
            return {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}

    async def count() -> dict[str, int]:
        import asyncpg

        connection = await asyncpg.connect(**postgres_config(settings["DATABASE_URL"]))
        try:
            return {table: await connection.fetchval(f"SELECT count(*) FROM {table}") for table in tables}
        finally:
            await connection.close()

    return asyncio.run(count())


def test_with_every_secret_it_starts_healthy_with_no_account_and_no_demo_district(
    tmp_path: Path, keys: dict[str, str], own_database: dict[str, str]
):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = environment(tmp_path, **GIVEN, **keys, PORT=str(port), **own_database)
    log = tmp_path / "log"
    with log.open("w") as output:
        server = subprocess.Popen([sys.executable, "-m", "web.serve"], env=settings, stdout=output, stderr=output)
    try:
        health = _health(server, f"http://127.0.0.1:{port}", log)
        assert (health["database"], health["migrations"]) == ("ok", "ok")
        page = urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in", timeout=10)
        assert page.headers["strict-transport-security"]
        assert page.headers["set-cookie"].startswith("__Host-visitor=")
        counted = _counted(settings, tmp_path, "account", "station", "employer", "seeker", "job", "referral", "paper", "session")
        assert not any(counted.values()), counted
    finally:
        server.terminate()
        server.wait(20)
    said = log.read_text()
    assert "emo" not in said, said
    assert GIVEN["STATION_SECRET"] not in said


def _health(server: subprocess.Popen, address: str, log: Path) -> dict[str, str]:
    deadline = time.monotonic() + 90
    while True:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=10) as answer:
                return json.load(answer)
        except OSError:
            assert server.poll() is None, log.read_text()[-2000:]
            assert time.monotonic() < deadline, log.read_text()[-2000:]
            time.sleep(0.2)


def test_production_refuses_to_go_without_the_second_factor(tmp_path: Path, keys: dict[str, str]):
    refused = start(environment(tmp_path, **GIVEN, **keys, STATION_SECOND_FACTOR="off"))
    assert refused.returncode == 1
    lines = [line for line in refused.stderr.splitlines() if line.startswith("- ")]
    assert len(lines) == 1
    assert "STATION_SECOND_FACTOR is off" in lines[0]


@pytest.mark.parametrize(("given", "on"), [({}, False), ({"STATION_SECOND_FACTOR": "off"}, False), ({"STATION_SECOND_FACTOR": "on"}, True)])
def test_development_asks_for_it_when_told_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: dict[str, str], on: bool):
    monkeypatch.delenv("STATION_SECOND_FACTOR", raising=False)
    monkeypatch.setenv("STATION_DATA", str(tmp_path))
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert load_settings().second_factor is on


def test_production_asks_for_it_by_itself(tmp_path: Path, keys: dict[str, str], monkeypatch: pytest.MonkeyPatch):
    for name, value in {**GIVEN, **keys, "STATION_ENV": "production", "STATION_DATA": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("STATION_SECOND_FACTOR", raising=False)
    assert load_settings().second_factor is True


def test_a_word_that_is_neither_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("STATION_SECOND_FACTOR", "maybe")
    with pytest.raises(SettingsMissing, match="on or off"):
        load_settings()
