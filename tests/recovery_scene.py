"""A station in a folder of its own, its recovery key on a stick, and the two commands as somebody types them."""

import asyncio
import contextlib
import hashlib
import os
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg

from db import archive
from db.actions.documents import issue_paper
from db.engine import postgres_config
from db.ids import new_id
from db.tables.seekers import Seeker
from db.transaction import action
from piccolo_conf import DB
from rules.codes import PaperKind
from tests.cast import LAKE, PEOPLE
from tests.db.test_journal import note
from tests.web.rows import put_seeker

ROOT = Path(__file__).parents[1]
SQLITE = DB.engine_type == "sqlite"


@dataclass
class Place:
    """Where a station keeps its records: a folder, and on PostgreSQL a database."""

    folder: Path
    keys: Path
    url: str = ""

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a command that works on it."""
        own = {"STATION_DATA": str(self.folder), "STATION_KEYS": str(self.keys), "DATABASE_URL": self.url}
        return {**os.environ, **own, "STATION_RECOVERY": str(self.folder / "recovery.pub")}

    async def runs(self, *words: str) -> tuple[int, str]:
        """`python -m WORDS` on this station: exit code and what it said."""
        started = await asyncio.create_subprocess_exec(
            sys.executable, "-m", *words, cwd=ROOT, env=self.environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        said, _ = await started.communicate()
        return started.returncode or 0, said.decode()

    async def asks(self, sql: str) -> list[Any]:
        """Rows of a question to its database, past every pool."""
        if not self.url:
            with contextlib.closing(sqlite3.connect(self.folder / "station.db")) as connection:
                connection.row_factory = sqlite3.Row
                return connection.execute(sql).fetchall()
        connection = await asyncpg.connect(**postgres_config(self.url))
        try:
            return await connection.fetch(sql)
        finally:
            await connection.close()

    def looks(self) -> dict[str, str]:
        """Every file there and its SHA-256: what must not change when something is refused."""
        return {
            str(path.relative_to(self.folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file()
        }


@asynccontextmanager
async def another_place(folder: Path, keys: Path) -> AsyncIterator[Place]:
    """Somewhere else, where there is nothing: another folder, and on PostgreSQL another, empty database."""
    folder.mkdir()  # noqa: ASYNC240
    if SQLITE:
        yield Place(folder, keys)
        return
    url = os.environ["DATABASE_URL"]
    name = f"{urlsplit(url).path.lstrip('/')}_restored_{new_id()}"
    connection = await asyncpg.connect(**postgres_config(url))
    await connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield Place(folder, keys, url.replace(urlsplit(url).path, f"/{name}", 1))
    finally:
        await connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        await connection.close()


@action
async def _a_person(number: int) -> None:
    await put_seeker(f"Q26015{number:06d}", name="王小明")
    await note(station_id=LAKE)


async def a_person(number: int) -> None:
    """Somebody is registered: a row with sealed numbers and an entry of the journal, or neither."""
    await _a_person(number)


async def a_paper(number: str, body: bytes) -> None:
    """A paper is issued: a file of the archive and the row that names it."""
    await issue_paper(
        kind=PaperKind.SEEKER_FORM,
        number=number,
        subject="seeker",
        subject_id=new_id(),
        station_id=LAKE,
        snapshot="{}",
        kept=await archive.keep(body),
        actor=PEOPLE["chen"],
    )


@asynccontextmanager
async def people_at_work() -> AsyncIterator[None]:
    """Meanwhile people are registered, one after another, and now and then a paper is issued."""
    stop = asyncio.Event()

    async def work() -> None:
        number = 100
        while not stop.is_set():
            number += 1
            await a_person(number)
            if number % 20 == 0:
                await a_paper(f"W{number}", os.urandom(2000))
            await asyncio.sleep(0)

    working = asyncio.create_task(work())
    await asyncio.sleep(0.2)
    try:
        yield
    finally:
        stop.set()
        await working


async def first_seeker(place: Place) -> Any:
    """The id and the sealed phone of the first person registered."""
    table = Seeker._meta.tablename
    return (await place.asks(f"SELECT id, phone FROM {table} ORDER BY number LIMIT 1"))[0]
