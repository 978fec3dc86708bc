"""The desk's search of people at 10,000 and at 1,000,000 seekers: part of a name, phone, its last four digits, ID, number.

Asked is the very question of the desk's list (`db.queries.seekers.seekers_of`): statements, masking of the rows shown, the
lot. People with the planted names and numbers stand equally often in both databases, so that the same rows are shown;
a common character fills a page in both. The scan beside it is what LIKE over the station's names takes.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sqlite3
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from bench import posts as invented
from bench.fill import BORN, house, insert_columns, migrated, quick, sound
from bench.places import DATA, ROOT, empty, use
from bench.report import Report, machine, median, table
from db.clock import today
from db.queries.seekers import SeekerFilter, seekers_of
from db.search import _kept, name_tokens
from db.vault import vault
from piccolo_conf import DB
from rules.permissions import Reach, Scope

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华文建国志红玉春海秀珍荣新德金福生永成贵"
COLUMNS = (
    *("id", "number", "station", "name", "id_type", "id_number", "id_index", "birth_date", "phone", "phone_index", "phone_tail"),
    *("subdistrict", "community", "skills", "availability", "state", "confirmed_on", "created_by", "created_at"),
)
PLANTED = 5
"""People with the planted name, phone tail and so on, in either database, at the station that asks."""
STATION = invented.STATIONS[0][0]
NAME, PHONE, ID_NUMBER, NUMBER = "欧阳镜湖", "19900000017", "420112199001010011", "Q26015999999"


def main() -> None:
    """Fill both, ask both, judge."""
    options = argparse.ArgumentParser(prog="script/bench seekers", description=__doc__)
    options.add_argument("--few", type=int, default=10_000)
    options.add_argument("--many", type=int, default=1_000_000)
    wanted = options.parse_args()
    machine()
    report = Report("seekers")
    few, many = (asyncio.run(_measured(_filled(count))) for count in (wanted.few, wanted.many))
    rows = []
    for what, first in few.items():
        last = many[what]
        rows.append([what, first["hits"], last["hits"], f"{first['ms']:.2f}", f"{last['ms']:.2f}", f"{last['ms'] / first['ms']:.2f}"])
        report.must(f"{what}: the same people are shown", first["hits"] == last["hits"])
        report.goal(f"{what}: {wanted.few:,} to {wanted.many:,} (1 / ratio, at most 1.5 times as much)", first["ms"] / last["ms"], 1 / 1.5)
        if "scan_ms" in last:
            report.goal(f"{what}: the scan to ours", last["scan_ms"] / last["statement_ms"], 100)
    table(("milliseconds, one page", "hits few", "hits many", f"{wanted.few:,}", f"{wanted.many:,}", "ratio"), rows)
    report.figures |= {"few": wanted.few, "many": wanted.many, "at_few": few, "at_many": many}
    report.end()


def _filled(count: int) -> Path:
    folder = DATA / f"seekers-{count}"
    path = folder / "station.db"
    if path.is_file() and (folder / "filled.txt").is_file():
        return use(folder)
    empty(folder)
    began = time.perf_counter()
    migrated(path)
    connection = quick(path)
    house(connection)
    chance, first = random.Random(20261122), 10_000_000_000
    for begin in range(0, count, 20_000):
        numbers = range(begin, min(begin + 20_000, count))
        people = [_person(first + number, number, chance) for number in numbers]
        _keep(connection, people)
    _keep(connection, [_planted(first + count + place, place) for place in range(PLANTED)])
    sound(connection)
    connection.close()
    (folder / "filled.txt").write_text(str(count))
    print(f"{count:,} seekers put into {path.relative_to(ROOT)} in {time.perf_counter() - began:.0f} s", flush=True)
    return path


def _keep(connection: sqlite3.Connection, people: list[tuple[Any, ...]]) -> None:
    insert_columns(connection, "seeker", list(COLUMNS), people)
    insert_columns(connection, "seeker_search", ["rowid", "body"], [(row[0], _kept(name_tokens(row[3], row[2]))) for row in people])
    connection.commit()


def _person(id: int, number: int, chance: random.Random) -> tuple[Any, ...]:
    name = chance.choice(SURNAMES) + "".join(chance.choice(GIVEN) for _ in range(chance.choice((1, 2, 2))))
    place, author = invented.STATIONS[number % 5], invented.AUTHORS[number % 5]
    unlike = f"bench.{id:x}"
    return _row(id, f"Q26000{number:06d}", place[0], author, name, (unlike, unlike, f"bench.{chance.randrange(9_000)}"), ("", ""))


def _planted(id: int, place: int) -> tuple[Any, ...]:
    cells = vault()
    number, phone, document = (NUMBER, PHONE, ID_NUMBER) if place == 0 else (f"Q2601599000{place}", f"1880000{place}0017", "")
    indexes = (
        cells.index("id_number", document, "01") if document else f"planted.{place}",
        cells.index("phone", phone),
        cells.index("phone", phone[-4:], "tail"),
    )
    sealed = (cells.seal("seeker.id_number", str(id), document or "x"), cells.seal("seeker.phone", str(id), phone))
    return _row(id, number, STATION, invented.AUTHORS[0], NAME, indexes, (str.__str__(sealed[0]), str.__str__(sealed[1])))


def _row(id: int, number: str, station: int, author: int, name: str, indexes: tuple[str, ...], sealed: tuple[str, str]) -> tuple[Any, ...]:
    words = ("420112015", "示范社区", "搬运", "")
    document, phone, tail = indexes
    return (
        *(id, number, station, name, "01", sealed[0], document, "1990-01-01", sealed[1], phone, tail),
        *(*words, "ACTIVE", today().isoformat(), author, BORN.isoformat(" ")),
    )


ASKED = {
    "a common character 伟": "伟",
    "part of a rare name": "镜湖",
    "a name nobody has": "西门吹雪",
    "phone": PHONE,
    "last four digits": "0017",
    "ID number": ID_NUMBER,
    "seeker number": NUMBER,
    "no word, newest": "",
}


async def _measured(path: Path) -> dict[str, dict[str, Any]]:
    await DB.start_connection_pool()
    connection = sqlite3.connect(path)
    scope, found = Scope(Reach.STATION, station_id=STATION), {}
    for what, word in ASKED.items():
        page = await seekers_of(scope, SeekerFilter.of(word=word))
        found[what] = {
            "hits": len(page.rows),
            "ms": await _median(lambda word=word: seekers_of(scope, SeekerFilter.of(word=word)), 41),
        }
        if word and not word[0].isdigit() and word[0] != "Q" and word != "伟":
            scan = "SELECT id, number, name FROM seeker WHERE station = ? AND name LIKE ? ORDER BY id DESC LIMIT 51"
            found[what]["scan_ms"] = _plain(connection, scan, (STATION, f"%{word}%"), 3)
            index = "SELECT rowid FROM seeker_search WHERE seeker_search MATCH ? AND rowid < ? ORDER BY rowid DESC LIMIT 51"
            asked = " ".join(f'"{token}"' for token in sorted({*_pairs(word), f"station_{STATION}"}))
            found[what]["statement_ms"] = _plain(connection, index, (asked, 2**63 - 1), 41)
    await DB.close_connection_pool()
    connection.close()
    return found


def _pairs(word: str) -> list[str]:
    return [word[place : place + 2] for place in range(len(word) - 1)]


async def _median(ask: Callable[[], Awaitable[Any]], times: int) -> float:
    await ask()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        await ask()
        taken.append((time.perf_counter() - began) * 1000)
    return round(median(taken), 4)


def _plain(connection: sqlite3.Connection, sql: str, values: tuple[Any, ...], times: int) -> float:
    taken = []
    for _ in range(times + 1):
        began = time.perf_counter()
        connection.execute(sql, values).fetchall()
        taken.append((time.perf_counter() - began) * 1000)
    return round(median(taken[1:]), 4)


if __name__ == "__main__":
    main()
