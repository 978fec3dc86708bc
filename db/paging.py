"""Keyset paging: page N costs what page 1 costs."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

DESK_ROWS = 50
BOARD_ROWS = 20


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of one page and the cursor of the next; `next` None at the end."""

    rows: list[dict[str, Any]]
    next: str | None = None


def cursor(*values: Any) -> str:
    """The place after a row, as it stands in an address. Values are strings, integers or None."""
    return base64.urlsafe_b64encode(json.dumps(values, separators=(",", ":")).encode()).decode().rstrip("=")


def place(text: str, kinds: tuple[type, ...]) -> tuple[Any, ...] | None:
    """The values of a cursor when they have exactly these types; None for junk, which means the first page."""
    if not text or len(text) > 200 or not text.isascii():
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error):
        return None
    if not isinstance(values, list) or len(values) != len(kinds):
        return None
    if not all(type(value) is kind for value, kind in zip(values, kinds, strict=True)):
        return None
    if any(isinstance(value, int) and abs(value) >= 2**63 for value in values):
        return None
    if any(isinstance(value, str) and not value.isprintable() for value in values):  # NUL and lone surrogates too
        return None
    return tuple(values)


def page_of(rows: list[dict[str, Any]], size: int, *keys: str) -> Page:
    """A page from `size + 1` fetched rows; `keys` name the columns the next page starts after (dates as ISO text)."""
    if len(rows) <= size:
        return Page(rows)
    last = rows[size - 1]
    values = [last[key].isoformat() if hasattr(last[key], "isoformat") else last[key] for key in keys]
    return Page(rows[:size], cursor(*values))
