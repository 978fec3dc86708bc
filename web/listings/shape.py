"""What a list that can be exported is, and the cells its columns are made of."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from wtforms import Form

from db.clock import CHINA
from db.paging import Page
from rules import codes
from rules.codes import TRADES, ListKind
from rules.identity import is_private_number
from rules.money import yuan
from rules.permissions import Actor, Permission
from web.workbooks.rows import Posted

Row = dict[str, Any]
Search = Mapping[str, str]
Cell = Callable[[Row], str]


@dataclass(frozen=True, slots=True)
class Listing:
    """One list. `rows` gives the page after a cursor; `filters` names what of the address narrows it, and how it reads."""

    kind: ListKind
    path: str
    permission: Permission
    rows: Callable[[Actor, Search, str], Awaitable[Page]]
    columns: tuple[tuple[str, Cell], ...]
    filters: tuple[tuple[str, str, Mapping[str, str]], ...] = ()

    @property
    def title(self) -> str:
        """What people call it."""
        return self.kind.label

    def narrowed(self, asked: Search) -> dict[str, str]:
        """What of the address narrows the list; unknown values are dropped. A phone or document number never stays."""
        kept = {}
        for name, _, table in self.filters:
            text = " ".join(str(asked.get(name, "")).split())[:40]
            if text and (not table or text in table) and not is_private_number(text):
                kept[name] = text
        return kept

    def words(self, asked: Search) -> str:
        """The filter as people read it."""
        kept = self.narrowed(asked)
        said = [f"{label}：{table.get(kept[name], kept[name])}" for name, label, table in self.filters if name in kept]
        return "；".join(said) or "全部"


def typed(search: Search) -> Posted:
    """The address as a posted form."""
    return Posted({name: [value] for name, value in search.items()})


def filled(form: type[Form], search: Search) -> Any:
    """A filter form with what the address says."""
    return form(typed(search))


def text(name: str) -> Cell:
    """A cell: the value as it is."""
    return lambda row: str(row[name] or "")


def label(name: str, table: type[codes.Labelled]) -> Cell:
    """A cell: the label of a stored code."""
    return lambda row: table.label_of(row[name]) if row[name] else ""


def day_of(name: str) -> Cell:
    """A cell: a date as 2026-11-22."""

    def shown(row: Row) -> str:
        value: date | None = row[name]
        return value.isoformat() if value else ""

    return shown


def moment_of(name: str) -> Cell:
    """A cell: a moment in station time, 2026-11-22 09:05."""

    def shown(row: Row) -> str:
        value: datetime | None = row[name]
        return f"{value.replace(tzinfo=value.tzinfo or UTC).astimezone(CHINA):%Y-%m-%d %H:%M}" if value else ""

    return shown


def trade_of(row: Row) -> str:
    """The trade's label."""
    return TRADES[row["trade"]].label if row["trade"] in TRADES else ""


def pay_of(row: Row) -> str:
    """The pay with its unit."""
    return f"{yuan(row['pay_fen'])}元/{codes.PayUnit.label_of(row['pay_unit'])}" if row["pay_fen"] else ""


TRADE_LABELS = {code: trade.label for code, trade in TRADES.items()}
NO_TABLE: dict[str, str] = {}


def date_of(text: str) -> date | None:
    """The date of an address; None when it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def table_of(table: type[codes.Labelled]) -> dict[str, str]:
    """A code table as value → label."""
    return dict(table.choices())
