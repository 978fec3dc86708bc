"""What both peers share: one plain template, the same words on a card, what a page was asked for.

Words and dates come from our own rules, which remember most of them, so that only frameworks, ORMs and what we keep of
finished pages differ. The peers remember places and counts for a minute, as a good developer would; ours remembers
them exactly until somebody commits.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bench.places import ROOT
from db.paging import cursor, place
from rules import board as words
from rules.codes import SettleCycle, StationState, trade_choices
from web.assets import static_url
from web.forms.board import DAYS, SETTLES, BoardSearch

SIZE = 20
COUNTED = 1_000
REMEMBERED_SECONDS = 60.0
STARTED, COMING = 0, 1
TEMPLATES = (Path(__file__).parent / "templates", ROOT / "web" / "templates")
"""Their own page, in our frame."""
COLUMNS = (
    *("id", "number", "station", "title", "trade", "subdistrict", "landmark", "start_date", "end_date", "start_time"),
    *("end_time", "pay_fen", "pay_unit", "settle_cycle", "hourly_fen", "benefits", "certificates", "headcount"),
    *("placed_count", "published_at"),
)
PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32768; PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;"
)
"""The same settings as ours."""

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_FIRST = (SettleCycle.DAILY, SettleCycle.PER_JOB, SettleCycle.WEEKLY)
_SETTLE_CHOICES = [(value, SETTLES[value]) for value in (*_FIRST, *(each for each in SETTLES if each not in _FIRST))]
_TRADES, _DAYS = trade_choices(), list(DAYS.items())
_kept: dict[Any, tuple[float, Any]] = {}


@cache
def inline_css(name: str) -> Markup:
    """The stylesheet that stands in the page, read once."""
    return Markup((Path(ROOT) / "web" / "static" / name).read_text().strip())


ENVIRONMENT = {"trim_blocks": True, "lstrip_blocks": True, "auto_reload": False}
GLOBALS = {"static": static_url, "inline_css": inline_css}


def remembered(key: Any) -> Any:
    """What was remembered in the last minute; None otherwise."""
    until, value = _kept.get(key, (0.0, None))
    return value if until > time.monotonic() else None


def remember(key: Any, value: Any) -> Any:
    """Keep the value for a minute."""
    _kept[key] = (time.monotonic() + REMEMBERED_SECONDS, value)
    return value


@dataclass(frozen=True, slots=True)
class Asked:
    """What a visitor asked for: the filter, and the place the page starts after (phase, day, id, number of the page)."""

    search: BoardSearch
    today: date
    after: tuple[int, date, int, int] | None

    @property
    def equal(self) -> dict[str, str]:
        """Columns and the values they must have."""
        asked = self.search.filter
        pairs = {"trade": asked.trade, "subdistrict": asked.subdistrict, "settle_cycle": asked.settle}
        return {column: value for column, value in pairs.items() if value}


def read(query: Mapping[str, str], today: date, subdistricts: Mapping[str, str]) -> Asked:
    """The address's query as a question."""
    found = place(query.get("page", ""), (int, str, int, int))
    after = (found[0], date.fromisoformat(found[1]), found[2], found[3]) if found else None
    return Asked(BoardSearch(query, today=today, subdistricts=subdistricts), today, after)


def stations_in_order(rows: list[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    """Stations by id, the open ones first."""
    rows.sort(key=lambda row: row["state"] != StationState.OPERATING)
    return {row["id"]: row for row in rows}


def context(asked: Asked, rows: list[dict[str, Any]], count: int, places: Any, path: str, query: str) -> dict[str, Any]:
    """What the template is given. `rows` holds one more than a page, each with its phase, when there is a next page."""
    number = asked.after[3] if asked.after else 1
    following = None
    if len(rows) > SIZE:
        rows, last = rows[:SIZE], rows[SIZE - 1]
        following = cursor(last["phase"], last["start_date"].isoformat(), last["id"], number + 1)
    subdistricts, stations = places
    cards = [
        words.card(
            row,
            today=asked.today,
            published_on=row["published_at"].astimezone(_SHANGHAI).date(),
            subdistrict_name=subdistricts.get(row["subdistrict"], ""),
            phone=stations[row["station"]]["phone"],
        )
        for row in rows
    ]
    begun = sum(row["phase"] == STARTED for row in rows)
    wanted = asked.search.get("subdistrict")
    nearest = next((row for row in stations.values() if row["subdistrict"] == wanted), next(iter(stations.values())))
    return {
        "search": asked.search,
        "cards": cards[:begun],
        "later": cards[begun:],
        "shown": SimpleNamespace(rows=rows, next=following, number=number),
        "next_url": asked.search.url(page=following) if following else "",
        "station": nearest,
        "count": str(count) if count <= COUNTED else f"{COUNTED}多",
        "back": quote(f"{path}?{query}" if query else path, safe=""),
        "trades": _TRADES,
        "subdistricts": list(subdistricts.items()),
        "settles": _SETTLE_CHOICES,
        "days": _DAYS,
        "said": "",
    }


def dress(request: Any, public_url: str) -> Any:
    """Give a framework's request the two things our templates ask of it."""
    cookies = request.COOKIES if hasattr(request, "COOKIES") else request.cookies
    request.big_type = cookies.get("big") == "1"
    request.settings = SimpleNamespace(public_url=public_url)
    return request
