"""The filter of the public board: read from the address, written back into addresses. What it does not know is dropped."""

import unicodedata
from collections.abc import Mapping
from datetime import date, timedelta
from urllib.parse import urlencode

from rules.board import BoardFilter, weekend
from rules.codes import TRADES, SettleCycle
from rules.search import query_tokens
from rules.text import clean_line

DAYS = {"today": "今天", "tomorrow": "明天", "weekend": "本周末"}
SETTLES = {str(member): member.label for member in SettleCycle}
LONGEST_WORDS = 20
FARTHEST_DAYS = 366


class BoardSearch:
    """What a visitor asked for, as `filter` for the question and as `values` for addresses and for the form."""

    def __init__(self, query: Mapping[str, str], *, today: date, subdistricts: Mapping[str, str]) -> None:
        self.subdistricts = subdistricts
        trade, subdistrict, settle = (query.get(name, "") for name in ("trade", "subdistrict", "settle"))
        words = clean_line(query.get("q", ""))[:LONGEST_WORDS]
        day, first, last = _days(query.get("date") or query.get("day", ""), today)
        kept = {
            "q": words if query_tokens(words) else "",
            "trade": trade if trade in TRADES else "",
            "subdistrict": subdistrict if subdistrict in subdistricts else "",
            "settle": settle if settle in SETTLES else "",
            "day": day,
            "meals": "1" if query.get("meals") == "1" else "",
        }
        self.values = {name: value for name, value in kept.items() if value}
        self.filter = BoardFilter(kept["trade"], kept["subdistrict"], kept["settle"], first, last, bool(kept["meals"]), kept["q"])

    def get(self, name: str) -> str:
        """What was asked for this field; "" for nothing."""
        return self.values.get(name, "")

    def url(self, **changes: str) -> str:
        """The board with this filter and these changes; an empty value asks nothing. Never a later page."""
        values = {**self.values, **changes}
        asked = urlencode({name: value for name, value in values.items() if value})
        return f"/jobs?{asked}" if asked else "/jobs"

    @property
    def chips(self) -> list[tuple[str, str, bool]]:
        """(words, address, chosen) of the quick filters; choosing one again drops it."""
        quick = (("日结", "settle", SettleCycle.DAILY.value), ("今天能干", "day", "today"), ("包吃", "meals", "1"))
        return [
            ("全部", "/jobs", not self.values),
            *(
                (words, self.url(**{name: "" if self.get(name) == value else value}), self.get(name) == value)
                for words, name, value in quick
            ),
        ]

    @property
    def wider(self) -> list[tuple[str, str]]:
        """(what is dropped, address) for each filter that stands in the way."""
        words = {
            "q": f"“{self.get('q')}”",
            "trade": TRADES[self.get("trade")].label if self.get("trade") else "",
            "subdistrict": self.subdistricts.get(self.get("subdistrict"), ""),
            "settle": SETTLES.get(self.get("settle"), ""),
            "day": f"{self.day_words}开工",
            "meals": "包吃",
        }
        return [(words[name], self.url(**{name: ""})) for name in self.values]

    @property
    def words(self) -> str:
        """The whole search as people say it: 搬运、金银湖街道、日结; "" for everything."""
        return "、".join(what for what, _ in self.wider)

    @property
    def day_words(self) -> str:
        """The asked day as people say it."""
        day = self.get("day")
        if day in DAYS or not day:
            return DAYS.get(day, "")
        asked = date.fromisoformat(day)
        return f"{asked.month}月{asked.day}日"

    @property
    def date(self) -> str:
        """The asked day as a date, for the date input; "" for none and for 今天, 明天, 本周末."""
        day = self.get("day")
        return "" if day in DAYS else day


def _days(asked: str, today: date) -> tuple[str, date | None, date | None]:
    """(value kept, first day, last day) of the asked day; a day gone by or beyond a year asks nothing."""
    match asked:
        case "today":
            return asked, None, today
        case "tomorrow":
            return asked, today + timedelta(days=1), today + timedelta(days=1)
        case "weekend":
            return asked, *weekend(today)
    text = unicodedata.normalize("NFKC", asked).strip()
    if len(text) != 10:
        return "", None, None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return "", None, None
    if not today <= day <= today + timedelta(days=FARTHEST_DAYS):
        return "", None, None
    return text, day, day
