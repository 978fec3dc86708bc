"""Old beside new on every page: the corrections of the records a page shows, numbered as they stand on it (art. 23)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from db.clock import CHINA
from db.queries import corrections as queries
from rules.corrections import circled
from rules.journal_reading import without_contacts
from rules.permissions import Actor

Row = dict[str, Any]
CLOSED_WORDS = "（内容保密）"


@dataclass(slots=True)
class Corrected:
    """The corrections of one page. Templates ask `of` for one value's and `all` for the lines under them."""

    all: list[Row]
    may: frozenset[str] = frozenset()
    _by: dict[tuple[str, int, str], list[Row]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for n, row in enumerate(self.all, 1):
            row["sign"] = circled(n)
            row["when"] = f"{_aware(row['made_at']).astimezone(CHINA):%Y-%m-%d %H:%M}"
            row["old"], row["new"] = (CLOSED_WORDS if row["closed"] else without_contacts(row[name]) for name in ("old_text", "new_text"))
            row["reason"] = without_contacts(row["reason"])
            self._by.setdefault((row["record"], row["record_id"], row["field"]), []).append(row)

    def of(self, record: str, record_id: int, name: str) -> list[Row]:
        """The corrections of one value, oldest first."""
        return self._by.get((record, record_id, name), [])

    def may_correct(self, record: str) -> bool:
        """Whether the reader may correct this kind of record."""
        return record in self.may


async def corrected(actor: Actor, records: Mapping[str, Sequence[int]], *, opened: bool = False) -> Corrected:
    """The corrections of the records a page shows (kind → ids, found in reach); `opened` where it shows their sealed words."""
    ask = queries.opened_corrections_on if opened else queries.corrections_on
    may = frozenset(record for record in records if queries.may_correct(actor, record))
    return Corrected(await ask(actor, records), may)


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=moment.tzinfo or UTC)


def numbered(rows: list[Row]) -> list[Row]:
    """The same shape for rows of one list or one chain."""
    return Corrected(rows).all


async def with_corrections(record: str, rows: list[Row], key: str = "id") -> list[Row]:
    """Put `corrected` (field → its corrections) beside the rows of a list or an export."""
    found = await queries.by_field(record, [row[key] for row in rows])
    for row in rows:
        row["corrected"] = {name: chain for (record_id, name), chain in found.items() if record_id == row[key]}
    return rows


def beside(row: Row, name: str, text: str) -> str:
    """A cell of an export or a list in words: "旧 → 新" where the value was corrected, else `text`."""
    chain = row.get("corrected", {}).get(name, [])
    if not chain or chain[-1]["closed"]:
        return text
    return " → ".join([*(each["old_text"] for each in chain), text])
