"""Questions of the public board: which work, in which order, how much of it, and one post to the street only.

Every question is one statement that an index of db/ddl.py serves, so page N costs what page 1 costs. Only posts that
are listed, in date and not over are work; columns are named, and none of them is personal.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar

from piccolo.querystring import QueryString

from db.paging import BOARD_ROWS, Page, cursor, place
from db.search import END_OF_IDS, question
from piccolo_conf import DB
from rules.board import BoardFilter, search_facets, searchable_text
from rules.codes import Benefit, StationState
from rules.search import found_in, query_tokens

T = TypeVar("T")

COUNTED = 1_000
"""Posts are counted up to here; more than that is 1000多个."""

STARTED, COMING, FOUND = 0, 1, 2
"""The phases of a cursor: work one can start today, work that starts later, and search results."""

_ROUNDS = 5
"""How often a page of search results is filled up where hits turned out to be false ones."""

# The plus changes no number; it spares the driver of SQLite a call of Python for each (measured: a fifth of the page).
_COLUMNS = ", ".join(
    [f"+j.{name} AS {name}" for name in ("id", "station", "pay_fen", "hourly_fen", "headcount", "placed_count")]
    + [
        f"j.{name}"
        for name in (
            *("number", "title", "trade", "subdistrict", "landmark", "start_date", "end_date", "start_time", "end_time"),
            *("pay_unit", "settle_cycle", "benefits", "certificates", "employer_label", "published_at"),
        )
    ]
)
_MORE = ", ".join(f"j.{name}" for name in ("state", "listed", "valid_to", "published_version", "verify_method", "verified_on"))
_STATION = ", ".join(
    f"s.{name} AS station_{name}"
    for name in (
        *("name", "code", "phone", "complaint_phone", "supervising_unit", "supervising_phone", "address"),
        "opening_hours",
    )
)
_MEALS = " OR ".join(f"j.benefits LIKE '%{meal}%'" for meal in (Benefit.BREAKFAST, Benefit.LUNCH, Benefit.DINNER))
_ON_BOARD = "j.listed AND j.valid_to >= {} AND (j.end_date IS NULL OR j.end_date >= {})"

# SQLite runs the two arms one after the other and stops at the limit; PostgreSQL promises no order without ORDER BY.
_IN_ORDER = {
    "sqlite": "{arms} LIMIT {limit}",
    "postgres": "SELECT * FROM ({arms}) u ORDER BY phase, CASE WHEN phase = 0 THEN start_date END DESC, start_date, id DESC LIMIT {limit}",
}
_HITS = {
    "sqlite": "job_search CROSS JOIN job j ON j.id = job_search.rowid {more} WHERE job_search MATCH {} AND job_search.rowid < {} AND ",
    "postgres": "job_search JOIN job j ON j.id = job_search.id {more} "
    "WHERE job_search.tokens @@ CAST(CAST({} AS text) AS tsquery) AND job_search.id < {} AND ",
}
_NEWEST = {"sqlite": "job_search.rowid DESC", "postgres": "job_search.id DESC"}
_PUBLISHED_TERMS = "LEFT JOIN job_version v ON v.job = j.id AND v.number = j.published_version"


@dataclass(frozen=True, slots=True)
class Places:
    """The subdistricts (code to name) and the stations (id to row) of the district."""

    subdistricts: dict[str, str]
    stations: dict[int, dict[str, Any]]

    def station_of(self, subdistrict: str) -> dict[str, Any] | None:
        """The station to ask: the one of the subdistrict, else the first; None in a district without stations."""
        rows = list(self.stations.values())
        return next((row for row in rows if row["subdistrict"] == subdistrict), rows[0] if rows else None)


async def places() -> Places:
    """Subdistricts in the order of their codes; open stations first, in the order of theirs."""
    stations = await _ask("SELECT id, code, name, phone, subdistrict, state FROM station ORDER BY code")
    stations.sort(key=lambda row: row["state"] != StationState.OPERATING)
    subdistricts = await _ask("SELECT code, name FROM subdistrict ORDER BY code")
    return Places({row["code"]: row["name"] for row in subdistricts}, {row["id"]: row for row in stations})


async def _ask(sql: str, *args: Any) -> list[dict[str, Any]]:
    rows = await DB.run_querystring(QueryString(sql, *args))
    return rows if DB.engine_type == "sqlite" else [dict(row) for row in rows]  # PostgreSQL's driver has rows of its own


@lru_cache(256)
def _asked(filter: BoardFilter) -> tuple[str, tuple[Any, ...]]:
    """The filter as a condition with its values, apart from words and days."""
    equal = {"trade": filter.trade, "subdistrict": filter.subdistrict, "settle_cycle": filter.settle}
    text = "".join(f" AND j.{column} = {{}}" for column, value in equal.items() if value)
    if filter.meals:
        text += f" AND ({_MEALS})"
    return text, tuple(value for value in equal.values() if value)


Arm = tuple[int, str, list[Any], str]
"""One select of a page: phase, condition, its values, its order."""


def _arms(filter: BoardFilter, today: date, after: tuple[int, date, int] | None) -> list[Arm]:
    """The selects that can hold an answer after this place, in the order of the page.

    Each gives an index one tight range: a second, looser bound could be the one the planner takes.
    """
    more, values = _asked(filter)
    condition, fixed = f"{_ON_BOARD}{more} AND j.start_date ", [today, today, *values]
    phase, day, last_id = after or (STARTED, today, END_OF_IDS)
    earliest, begun = max(today + timedelta(days=1), filter.first or today), filter.first is None or filter.first <= today
    latest = today
    arms: list[Arm] = []
    inside = begun and day <= latest if phase == STARTED else earliest <= day <= (filter.last or day)
    if after and inside:  # the rest of the day of the last row
        arms.append((phase, condition + "= {} AND j.id < {}", [*fixed, day, last_id], "j.id DESC"))
        latest, earliest = day - timedelta(days=1), day + timedelta(days=1) if phase == COMING else earliest
    if phase == STARTED and begun:
        arms.append((STARTED, condition + "<= {}", [*fixed, latest], "j.start_date DESC, j.id DESC"))
    if filter.last is None:
        arms.append((COMING, condition + ">= {}", [*fixed, earliest], "j.start_date, j.id DESC"))
    elif filter.last >= earliest:
        between = [*fixed, earliest, filter.last]
        arms.append((COMING, condition + "BETWEEN {} AND {}", between, "j.start_date, j.id DESC"))
    return arms


def _place_after(text: str) -> tuple[int, date, int, int] | None:
    """Phase, day, id and page number of a cursor; None for the first page and for junk."""
    found = place(text, (int, str, int, int))
    if found is None or found[0] not in (STARTED, COMING, FOUND) or not 2 <= found[3] <= 1_000_000:
        return None
    try:
        day = date.fromisoformat(found[1])
    except ValueError:
        return None
    return (found[0], day, found[2], found[3]) if 2000 <= day.year <= 2200 else None


@dataclass(frozen=True, slots=True)
class BoardPage(Page):
    """A page of the board; `number` counts from 1."""

    number: int = 1


async def posts(filter: BoardFilter, today: date, after: str = "", size: int = BOARD_ROWS) -> BoardPage:
    """A page of public posts: work one can start today first (newest start, then newest), then coming work, soonest first.

    With words: the posts that hold them, newest first. A cursor that is junk or of another kind of list means page 1.
    """
    where = _place_after(after)
    if where is not None and (where[0] == FOUND) != bool(filter.words):
        where = None
    number = where[3] if where else 1
    if filter.words:
        return await _found_posts(filter, today, where[2] if where else END_OF_IDS, size, number)
    arms = _arms(filter, today, where[:3] if where else None)
    if not arms:
        return BoardPage([])
    sql = " UNION ALL ".join(
        f"SELECT * FROM (SELECT {phase} AS phase, {_COLUMNS} FROM job j WHERE {condition} ORDER BY {order} LIMIT {size + 1}) a{index}"
        for index, (phase, condition, _, order) in enumerate(arms)
    )
    sql = _IN_ORDER[DB.engine_type].replace("{arms}", sql).replace("{limit}", str(size + 1))
    rows = await _ask(sql, *(value for _, _, values, _ in arms for value in values))
    if len(rows) <= size:
        return BoardPage(rows, None, number)
    last = rows[size - 1]
    return BoardPage(rows[:size], cursor(last["phase"], last["start_date"].isoformat(), last["id"], number + 1), number)


def _found(filter: BoardFilter, today: date, before: int, more: str) -> tuple[str, list[Any]] | None:
    """FROM and WHERE of the posts that hold every token of the words; None when the words hold no token."""
    words = query_tokens(filter.words)
    facets = search_facets(trade=filter.trade, subdistrict=filter.subdistrict, settle=filter.settle, meals=filter.meals)
    asked = question([*words, *facets])
    if asked is None or not words:
        return None
    text = _HITS[DB.engine_type].replace("{more}", more) + _ON_BOARD
    args = [asked, before, today, today]
    if filter.first is not None and filter.first > today:
        text += " AND j.start_date >= {}"
        args.append(filter.first)
    if filter.last is not None:
        text += " AND j.start_date <= {}"
        args.append(filter.last)
    return text, args


async def _found_posts(filter: BoardFilter, today: date, before: int, size: int, number: int) -> BoardPage:
    kept: list[dict[str, Any]] = []
    doubtful = len(query_tokens(filter.words)) > 1  # one token that stands in the text is the word itself
    more, terms = (_PUBLISHED_TERMS, ", v.terms") if doubtful else ("", "")
    for _ in range(_ROUNDS):
        found = _found(filter, today, before, more)
        if found is None:
            return BoardPage([])
        sql = f"SELECT {FOUND} AS phase, {_COLUMNS}{terms} FROM {found[0]} ORDER BY {_NEWEST[DB.engine_type]}"
        rows = await _ask(f"{sql} LIMIT {size + 1}", *found[1])
        for row in rows:
            if len(kept) == size:
                return BoardPage(kept, cursor(FOUND, today.isoformat(), before, number + 1), number)
            before = row["id"]
            if not doubtful or found_in(filter.words, searchable_text(json.loads(row.pop("terms") or "{}"))):
                kept.append(row)
        if len(rows) <= size:
            return BoardPage(kept, None, number)
    return BoardPage(kept, cursor(FOUND, today.isoformat(), before, number + 1), number)


async def how_many(filter: BoardFilter, today: date) -> int:
    """How many posts answer the filter, counted up to `COUNTED` + 1. With words, a false hit counts too."""
    if filter.words:
        found = _found(filter, today, END_OF_IDS, "")
        parts = [found] if found else []
    else:
        parts = [(f"job j WHERE {condition}", values) for _, condition, values, _ in _arms(filter, today, None)]
    if not parts:
        return 0
    sql = " UNION ALL ".join(f"SELECT 1 FROM (SELECT 1 FROM {text} LIMIT {COUNTED + 1}) a{index}" for index, (text, _) in enumerate(parts))
    rows = await _ask(
        f"SELECT count(*) AS counted FROM (SELECT 1 FROM ({sql}) b LIMIT {COUNTED + 1}) c",
        *(value for _, values in parts for value in values),
    )
    return rows[0]["counted"]


async def post_once_public(number: str) -> dict[str, Any] | None:
    """A post that is or was on the board, with its station (`station_*`) and the record of its published terms.

    None for a number that was never published. Whether it may be shown now is for `showing` to say.
    """
    rows = await _ask(
        f"SELECT {_COLUMNS}, {_MORE}, {_STATION}, v.terms FROM job j JOIN station s ON s.id = j.station "
        f"{_PUBLISHED_TERMS} WHERE j.number = {{}} AND j.published_at IS NOT NULL",
        number,
    )
    if not rows:
        return None
    return {**rows[0], "terms": json.loads(rows[0]["terms"] or "{}")}


async def similar_posts(post: dict[str, Any], today: date, limit: int = 6) -> list[dict[str, Any]]:
    """Other work to offer instead: of the same trade, then in the same subdistrict, soonest first."""
    trade = f"{_ON_BOARD} AND j.trade = {{}} AND j.id <> {{}}"
    near = f"{_ON_BOARD} AND j.subdistrict = {{}} AND j.trade <> {{}} AND j.id <> {{}}"
    order = f"ORDER BY j.start_date, j.id DESC LIMIT {limit}"
    sql = " UNION ALL ".join(
        f"SELECT * FROM (SELECT {phase} AS phase, {_COLUMNS} FROM job j WHERE {condition} {order}) a{phase}"
        for phase, condition in enumerate((trade, near))
    )
    asked = [today, today, post["trade"], post["id"], today, today, post["subdistrict"], post["trade"], post["id"]]
    ordered = "ORDER BY phase, start_date, id DESC " if DB.engine_type == "postgres" else ""
    return await _ask(f"{sql} {ordered}LIMIT {limit}", *asked)


_WITH_TERMS = f"SELECT {_COLUMNS}, {_MORE}, v.terms FROM job j {_PUBLISHED_TERMS}"


def _with_terms(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**row, "terms": json.loads(row["terms"] or "{}")} for row in rows]


async def newest_posts(filter: BoardFilter, today: date, *, since: datetime | None = None, limit: int = 50) -> list[dict[str, Any]]:
    """The public posts that answer the filter, newest publication first, with their published terms; for feeds and alerts.

    `since`: only those published later than this moment. With words, the false hits of the index are left out.
    """
    if filter.words:
        return await _newest_found(filter, today, since, limit)
    more, values = _asked(filter)
    condition, args = f"{_ON_BOARD}{more}", [today, today, *values]
    for sign, value in ((">=", filter.first), ("<=", filter.last)):
        if value is not None and not (sign == ">=" and value <= today):
            condition += f" AND j.start_date {sign} {{}}"
            args.append(value)
    if since is not None:
        condition += " AND j.published_at > {}"
        args.append(since)
    return _with_terms(await _ask(f"{_WITH_TERMS} WHERE {condition} ORDER BY j.published_at DESC LIMIT {limit}", *args))


async def _newest_found(filter: BoardFilter, today: date, since: datetime | None, limit: int) -> list[dict[str, Any]]:
    found = _found(filter, today, END_OF_IDS, _PUBLISHED_TERMS)
    if found is None:
        return []
    text, args = found
    if since is not None:
        text += " AND j.published_at > {}"
        args.append(since)
    sql = f"SELECT {_COLUMNS}, {_MORE}, v.terms FROM {text} ORDER BY {_NEWEST[DB.engine_type]} LIMIT {limit}"
    rows = _with_terms(await _ask(sql, *args))
    kept = [row for row in rows if found_in(filter.words, searchable_text(row["terms"]))]
    return sorted(kept, key=lambda row: row["published_at"], reverse=True)


async def every_post(today: date, after: int = 0, limit: int = 500) -> list[dict[str, Any]]:
    """The posts on the board in the order of their ids, beginning after the id `after`, with their published terms."""
    condition = f"{_ON_BOARD} AND j.id > {{}}"
    return _with_terms(await _ask(f"{_WITH_TERMS} WHERE {condition} ORDER BY j.id LIMIT {limit}", today, today, after))


async def public_numbers(today: date, limit: int = 10_000) -> list[dict[str, Any]]:
    """Number and time of publication of the newest posts on the board, for search engines."""
    return await _ask(f"SELECT j.number, j.published_at FROM job j WHERE {_ON_BOARD} ORDER BY j.id DESC LIMIT {limit}", today, today)


_unchanged: tuple[str, dict[Any, Any]] = ("", {})


async def while_unchanged(version: str, key: Any, ask: Callable[[], Awaitable[T]]) -> T:
    """The answer of `ask`, remembered for `key` as long as `DB.public_version()` stays what it was before asking."""
    global _unchanged
    if _unchanged[0] != version or len(_unchanged[1]) > COUNTED:
        _unchanged = (version, {})
    answers = _unchanged[1]
    if key not in answers:
        answers[key] = await ask()
    return answers[key]
