"""The hall's screen (信息发布屏, domain reference 10.6): when it shines, what it says of a post, which notices it takes.

Everything here is public: never a person's name, telephone or door number comes in, so none can come out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import Any, TypeVar

from rules.board import card
from rules.codes import WEEKDAYS
from rules.errors import RuleBroken
from rules.lint import Severity, lint_text
from rules.masking import mask_given_names

T = TypeVar("T")

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
PAIRING_LASTS = timedelta(minutes=10)
"""How long a pairing code on a screen counts; then the screen asks for another one."""
WRONG_CODES = 5
"""After so many wrong codes at a station every code on show ends: a million codes cannot be tried out."""
ASKS_AN_HOUR = 30
"""Pairing codes one station gives out in an hour; more is nobody who hangs up a screen."""
SEEN_EVERY = timedelta(minutes=5)
"""A screen's last sign of life is written down this often."""
SILENT_AFTER = timedelta(minutes=15)
"""A screen that has not asked for so long is switched off or has lost the network."""
CALLED_FOR = timedelta(minutes=10)
"""A called number stays on the screen this long."""
ROWS = 6
"""Posts on one page: at 1080 lines each can then be read from five metres."""
OWN_POSTS, OTHER_POSTS = 36, 12
"""Most posts of the station and of the others in one round of the pages."""
SOON = timedelta(hours=24)
"""急招: the work starts within this time. By rule only, nobody can buy or ask for it (art. 21)."""
FEW = 5
"""Counts below this are not told exactly (domain reference 10.6)."""
LONGEST_NOTICE, FURTHEST_NOTICE = 120, timedelta(days=60)
LONGEST_NAME = 30
CALLS_BYTES = 300
"""The answer a screen asks for every second is no longer than this."""
WIDE, DEEP = 26, 9
"""Characters to a line and lines to a page of running text."""

FRAUD = "凡收押金、扣证件、让你先垫钱的，都是骗子。"
_CLOCKS = re.compile(r"(?<![0-9])([01]?[0-9]|2[0-4])[:：时点]([0-5][0-9])?")
_DAYS = re.compile(r"(?:周|星期)([一二三四五六日天])(?:\s*(?:至|到|-|–|—|~)\s*(?:周|星期)?([一二三四五六日天]))?")
_DAY_NAMES = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Hours:
    """When a station is open: from `opens` to `closes` on every day whose weekday (Monday 0) is not in `closed`.

    `closes` at or before `opens` is past midnight.
    """

    opens: time
    closes: time
    closed: frozenset[int] = frozenset()


def station_hours(opens_at: time | None, closes_at: time | None, closed_weekdays: str, text: str) -> Hours | None:
    """The hours of a station from its fields, else as its public text says them (周一至周六 6:30–17:30).

    `closed_weekdays` holds the digits 1 (Monday) to 7. None when neither says any: the screen then never goes dark.
    """
    closed = frozenset(int(digit) - 1 for digit in closed_weekdays if digit in "1234567")
    if opens_at is not None and closes_at is not None:
        return Hours(opens_at, closes_at, closed)
    return _hours_in(text, closed)


@lru_cache(256)
def _hours_in(text: str, closed: frozenset[int]) -> Hours | None:
    clocks = [time(int(hour) % 24, int(minute or 0)) for hour, minute in _CLOCKS.findall(text)]
    if len(clocks) < 2:
        return None
    open_days: set[int] = set()
    for match in _DAYS.finditer(text):
        first, last = (_DAY_NAMES.find((match[n] or match[1]).replace("天", "日")) for n in (1, 2))
        named = {(first + step) % 7 for step in range((last - first) % 7 + 1)}
        if re.match(r"[^，。；,;]{0,4}(?:休息|不开|闭|关)", text[match.end() :]):
            closed = closed | named
        else:
            open_days |= named
    if open_days:
        closed = closed | (frozenset(range(7)) - open_days)
    # A pause at noon is no reason to go dark: from the first opening to the last closing.
    return Hours(clocks[0], clocks[-1], closed) if len(closed) < 7 else None


def open_times(hours: Hours, first: date, days: int = 8) -> list[tuple[datetime, datetime]]:
    """The opening times of the days from `first` on, as aware moments: enough for a week without the network."""
    times = []
    for ahead in range(days):
        day = first + timedelta(days=ahead)
        if day.weekday() in hours.closed:
            continue
        end = day if hours.closes > hours.opens else day + timedelta(days=1)
        times.append((datetime.combine(day, hours.opens, CHINA), datetime.combine(end, hours.closes, CHINA)))
    return times


def last_moment(post: Mapping[str, Any]) -> datetime:
    """When a post leaves the screen by itself: after its last valid day, or its last day of work."""
    days = [day for day in (post["valid_to"], post["end_date"]) if day is not None]
    return datetime.combine(min(days) + timedelta(days=1), time(0), CHINA)


def starts_at(post: Mapping[str, Any]) -> datetime | None:
    """When the work of a post starts; without an hour, the beginning of its first day."""
    if post["start_date"] is None:
        return None
    return datetime.combine(post["start_date"], post["start_time"] or time(0), CHINA)


def is_urgent(post: Mapping[str, Any], now: datetime) -> bool:
    """Whether the work starts within the next 24 hours."""
    start = starts_at(post)
    return start is not None and now <= start <= now + SOON


@lru_cache(2048)
def may_be_shown(title: str, place: str) -> bool:
    """Whether the words of a post on the screen hold no discrimination and no contact (D and P of domain reference 6.3).

    Strict, also where a manager released a hit for the post's page: a hall reads without the explanation beside it.
    """
    return not any(hit.severity is not Severity.INFO for text in (title, place) for hit in lint_text("title", text, "DP"))


def day_label(day: date) -> str:
    """12月5日周六, for a day that is not today, tomorrow or the day after."""
    return f"{day.month}月{day.day}日{WEEKDAYS[day.weekday()]}"


def post_row(post: Mapping[str, Any], *, today: date, subdistrict_name: str, own: bool = True) -> dict[str, Any]:
    """A post as one row of the screen: texts, and the moments at which it goes (`until`) and stops being urgent (`starts`).

    `day` is 今天, 明天, 后天 or the date; the screen works it out again from `start_date` when it has lost the network.
    """
    told = card(post, today=today, published_on=None, subdistrict_name=subdistrict_name, phone="")
    start, end = post["start_date"], post["end_date"]
    begins = max(start, today) if start else None
    return {
        **{name: told[name] for name in ("number", "title", "pay", "unit", "settle", "soon", "place", "hours", "left", "proofs")},
        "day": told["day"].removesuffix("起"),
        "date": begins.isoformat() if begins else "",
        "date_label": day_label(begins) if begins else "",
        "goes_on": bool(begins and end and end > begins),
        "verified": bool(post["verify_method"]),
        "until": last_moment(post),
        "starts": starts_at(post),
        "station": "" if own else post["station_name"].removesuffix("零工驿站") + "站",
    }


def in_pages(rows: Sequence[T], size: int = ROWS) -> list[list[T]]:
    """The rows in pages of `size`."""
    return [list(rows[start : start + size]) for start in range(0, len(rows), size)]


def lines_in_pages(lines: Iterable[str], wide: int = WIDE, deep: int = DEEP) -> list[list[str]]:
    """Running text in pages: as many lines as have room when one holds `wide` characters and a page is `deep` lines high."""
    pages: list[list[str]] = []
    room = 0
    for line in lines:
        needed = -(-len(line) // wide)
        if not pages or needed > room:
            pages.append([])
            room = deep
        pages[-1].append(line)
        room -= needed
    return pages


def count_text(count: int) -> str:
    """A count of today as the screen tells it: 少于5 where it could be told who it was."""
    return str(count) if count >= FEW else f"少于{FEW}"


def on_duty_text(name: str, work_no: str) -> str:
    """Who is on duty, by surname and work number: 陈（工号2001）. Never the given name (domain reference 10.6)."""
    surname = mask_given_names(name).rstrip("*")
    return f"{surname}（工号{work_no}）" if work_no else surname


def counter_text(counter: str) -> str:
    """Where somebody who is called goes: 2号窗口. Anything else that was typed there stays off the hall's wall: 服务台."""
    counter = counter.strip()
    return f"{counter}号窗口" if counter.isascii() and counter.isalnum() else "服务台"


def calls_answer(calls: Sequence[Mapping[str, Any]]) -> bytes:
    """The last calls for the screen, newest first, as compact JSON of at most CALLS_BYTES: [ticket, where, which work, second].

    Numbers and the title of a post, nothing of a person.
    """
    rows = [
        [f"{call['ticket']:03d}", counter_text(call["counter"] or ""), (call["title"] or "")[:10], int(call["called_at"].timestamp())]
        for call in calls[:3]
    ]
    while True:
        body = json.dumps({"calls": rows}, ensure_ascii=False, separators=(",", ":")).encode()
        if len(body) <= CALLS_BYTES or not rows:
            return body
        rows.pop()


def check_name(name: str) -> None:
    """Raises RuleBroken (field "name") for a screen without a name to find it by."""
    if not 1 <= len(name.strip()) <= LONGEST_NAME:
        raise RuleBroken(f"请写屏幕挂在哪里，{LONGEST_NAME}个字以内，如“大厅东墙”。", "name")


def check_notice(words: str, first_day: date, last_day: date, today: date) -> None:
    """Raises RuleBroken (fields "words", "first_day", "last_day") for a notice that may not stand on the screen.

    Its words are checked as the public text of a post is, and stricter: what only asks there is refused here, because
    nobody reads an answer on a screen.
    """
    if not 4 <= len(words.strip()) <= LONGEST_NOTICE:
        raise RuleBroken(f"请写4到{LONGEST_NOTICE}个字，写清楚时间、地点和事情。", "words")
    hits = [
        hit
        for hit in lint_text("words", words)
        if hit.severity is Severity.BLOCK or (hit.severity is Severity.WARN and hit.group in "DFSP")
    ]
    if hits:
        hit = hits[0]
        advice = "请删掉，写“请问服务台”。" if hit.group == "P" else hit.advice
        raise RuleBroken(f"“{hit.words}”不能上屏：{hit.message}{advice}", "words", tuple(("words", each.start, each.end) for each in hits))
    if first_day < today:
        raise RuleBroken("开始日期已经过去，请写今天或以后的日期。", "first_day")
    if last_day < first_day:
        raise RuleBroken("结束日期在开始日期前面，请改一下。", "last_day")
    if last_day > first_day + FURTHEST_NOTICE:
        raise RuleBroken(f"一条通知最多显示{FURTHEST_NOTICE.days}天，请把结束日期改近一点。", "last_day")
