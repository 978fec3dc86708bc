"""A database made by our migrations, filled with posts in realistic proportions, for measuring.

Rows are inserted directly: a hundred thousand actions would take minutes and say nothing about reading. Dates lie
around today, so a database is filled anew on another day, after a migration, or when the invented posts change.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import sqlite3
import time
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from bench import posts as invented
from bench.places import DATA, ROOT, empty, use
from db import search as index
from db.clock import today
from db.ids import new_id
from db.migrate import migrate
from rules.board import search_tokens
from rules.codes import SUBDISTRICTS
from rules.parameters import LEGAL_PARAMETERS
from rules.permissions import Role

CHUNK = 10_000
AHEAD = 4
"""Chunks invented before they are written."""
BORN = datetime(2026, 1, 2, 1, 0, tzinfo=UTC)
_SOURCES = ("bench/fill.py", "bench/posts.py", "bench/words.py", "rules/search.py", "rules/board.py", "db/search.py")


def filled(posts: int, *, search: bool = False) -> Path:
    """The database with that many posts on the board, made when it is not there; `search` puts them into the index too."""
    folder = DATA / f"posts-{posts}{'-search' if search else ''}"
    stamp = folder / "filled.txt"
    wanted = _stamp()
    if stamp.is_file() and stamp.read_text() == wanted:
        return use(folder)
    path = empty(folder)
    began = time.perf_counter()
    migrated(path)
    connection = quick(path)
    house(connection)
    _posts(connection, posts, search=search)
    sound(connection)
    connection.close()
    stamp.write_text(wanted)
    print(f"{posts:,} posts put into {path.relative_to(ROOT)} in {time.perf_counter() - began:.0f} s", flush=True)
    return path


def _stamp() -> str:
    digest = hashlib.sha256()
    for path in (*(ROOT / name for name in _SOURCES), *sorted((ROOT / "db" / "piccolo_migrations").glob("*.py"))):
        digest.update(path.read_bytes())
    return f"{today()} {digest.hexdigest()}"


def migrated(path: Path) -> None:
    """Bring the empty database at `path` (named by `bench.places.use` before) to our schema."""
    asyncio.run(migrate())


def quick(path: Path) -> sqlite3.Connection:
    """A connection for filling: what a power cut would lose is made again."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA cache_size = -200000")
    return connection


def sound(connection: sqlite3.Connection) -> None:
    """End the filling; RuntimeError when a row refers to one that is not there."""
    connection.commit()
    if broken := connection.execute("PRAGMA foreign_key_check").fetchall():
        raise RuntimeError(f"rows whose reference is gone: {broken[:3]}")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def insert(connection: sqlite3.Connection, table: str, rows: list[dict[str, Any]]) -> None:
    """Insert rows that all have the same columns."""
    insert_columns(connection, table, list(rows[0]), [tuple(row.values()) for row in rows])


def insert_columns(connection: sqlite3.Connection, table: str, names: list[str], rows: list[tuple[Any, ...]]) -> None:
    """Insert rows of these columns."""
    columns = ", ".join(f'"{name}"' for name in names)
    marks = ", ".join("?" * len(names))
    connection.executemany(f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', rows)


def house(connection: sqlite3.Connection) -> None:
    """Subdistricts, legal parameters, five stations with an account and employers each."""
    offices = [{"code": code, "name": name, "office": f"{name}办事处", "phone": "027-83000099"} for code, name in SUBDISTRICTS.items()]
    insert(connection, "subdistrict", offices)
    names = ("code", "value", "unit", "valid_from", "valid_to", "basis")
    parameters = [{"id": new_id(), **{name: getattr(each, name) for name in names}} for each in LEGAL_PARAMETERS]
    insert(connection, "legal_parameter", parameters)
    insert(connection, "station", [_station(*station) for station in invented.STATIONS])
    staff = list(zip(invented.AUTHORS, (station[0] for station in invented.STATIONS), strict=True))
    insert(connection, "account", [_account(id, station) for id, station in staff])
    for place, (author, station) in enumerate(staff):
        first = 3000 + 100 * place
        insert(connection, "employer", [_employer(first + number, station, author) for number in range(invented.EMPLOYERS)])
    connection.commit()


def _station(id: int, subdistrict: str, name: str, landmark: str) -> dict[str, Any]:
    return {
        "id": id,
        "code": f"ZD-{subdistrict}-01",
        "name": name,
        "build_mode": "SELF_BUILT",
        "operation_mode": "SELF_RUN",
        "operator": "示范运营单位",
        "subdistrict": subdistrict,
        "community": "示范社区",
        "address": f"{landmark}18号",
        "landmark": landmark,
        "floor_area_m2": 68,
        "opening_hours": "每天 6:00–18:00",
        "phone": f"027-8300{id}",
        "complaint_phone": "027-83000016",
        "manager_name": "吴站长",
        "supervising_unit": "街道办事处",
        "supervising_phone": "027-83000099",
        "plaque_no": f"P-{id}",
        "legal_point": "每周三下午",
        "facilities": "[]",
        "state": "OPERATING",
        "opened_on": BORN.date(),
        "created_at": BORN,
    }


def _account(id: int, station: int) -> dict[str, Any]:
    return {
        "id": id,
        "login": f"bench{id}",
        "name": "陈小满",
        "work_no": str(id),
        "role": Role.STAFF.value,
        "station": station,
        "active": True,
        "created_at": BORN,
        "password_changed_at": BORN,
    }


def _employer(id: int, station: int, author: int) -> dict[str, Any]:
    return {
        "id": id,
        "station": station,
        "kind": "UNIT",
        "name": "武汉示范物流有限公司",
        "id_type": "USCC",
        "id_index": f"bench-{id}",
        "phone_index": f"bench-{id}",
        "agent_name": "周经理",
        "industry": "物流",
        "state": "VERIFIED",
        "verify_method": "DOCUMENT",
        "verified_by": author,
        "verified_on": today(),
        "verified_until": today() + timedelta(days=180),
        "credit": "NORMAL",
        "created_by": author,
        "created_at": BORN,
    }


def _posts(connection: sqlite3.Connection, posts: int, *, search: bool) -> None:
    """Posts, their versions and their places in the index; other processes invent while this one writes."""
    chunks = [range(first, min(first + CHUNK, posts)) for first in range(0, posts, CHUNK)]
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        waiting: deque[Future[Chunk]] = deque()
        while chunks or waiting:
            while chunks and len(waiting) < AHEAD:
                waiting.append(pool.submit(_chunk, chunks.pop(0), posts, search))
            for table, (names, rows) in waiting.popleft().result().items():
                insert_columns(connection, table, names, rows)
            connection.commit()


Chunk = dict[str, tuple[list[str], list[tuple[Any, ...]]]]
"""Table to columns and rows."""


def _chunk(numbers: range, posts: int, search: bool) -> Chunk:
    jobs, versions, kept = [], [], []
    for job, terms in invented.made(numbers, posts):
        jobs.append(job)
        versions.append(_version(job, terms))
        if search:
            kept.append((job["id"], " ".join(sorted(set(search_tokens(terms))))))
    found: Chunk = {
        table: (list(rows[0]), [tuple(row.values()) for row in rows]) for table, rows in (("job", jobs), ("job_version", versions))
    }
    if search:
        if kept[-1][1] != index._kept(search_tokens(terms)):
            raise RuntimeError("db.search.index_job keeps other text than is put into the index here")
        found["job_search"] = (["rowid", "body"], kept)
    return found


def _version(job: dict[str, Any], terms: dict[str, Any]) -> dict[str, Any]:
    record = {name: value for name, value in terms.items() if name != "hourly_fen"}
    return {
        "id": job["id"] + 1,
        "job": job["id"],
        "number": 1,
        "terms": json.dumps(record, ensure_ascii=False),
        "changed": "[]",
        "checks": "[]",
        "answers": "{}",
        "author": job["author"],
        "created_at": job["created_at"],
    }
