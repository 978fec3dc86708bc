"""Forms of the station rooms: a board's text, the filters of journal and supervision, the desk's search box."""

from typing import Any

from wtforms import Form, HiddenField

from rules.journal import EventKind
from web.forms.base import Choice, Day, Given, Line, Lines, PageForm


class BoardForm(PageForm):
    """A board's text, one line per row, and the day from which it holds."""

    lines = Lines("制度内容（一行一条）", [Given("请填写制度内容，一行写一条。")], maximum=2400, rows=17, width=6)
    effective_from = Day("施行日期", [Given()], width=2)
    based_on = HiddenField()

    @property
    def version_seen(self) -> int:
        """The version the person had before them; 0 for junk, which no board has."""
        typed = self.based_on.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 7 else 0


class JournalFilter(Form):
    """Kind, day and (for officers) station; what cannot be understood is dropped."""

    kind = Choice("类别", table=EventKind, blank="全部")
    day = Day("日期")
    station = Choice("驿站", options=(), blank="全部")

    def __init__(self, *args: Any, stations: list[tuple[str, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.station.choices.extend(stations or ())
        self.validate()
        for field in self:
            if field.errors:
                field.data, field.raw_data, field.errors = None, None, []

    def query(self) -> dict[str, str]:
        """The filter as it stands in an address."""
        day = self.day.data.isoformat() if self.day.data else ""
        asked = {"kind": self.kind.data or "", "day": day, "station": self.station.data or ""}
        return {name: value for name, value in asked.items() if value}


class NumberSearch(Form):
    """A number from a paper, typed or scanned."""

    q = Line("编号", maximum=60)
