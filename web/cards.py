"""The cards of the board: each is rendered once for what it says, and kept (most of a list page's time is templating)."""

from datetime import date
from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape

from db.queries.board import Places
from rules.board import card
from web.render import environment, local

KEPT = 4_096
"""Cards kept in memory, about 1 KB each."""


@lru_cache(KEPT)
def _card(names: tuple[str, ...], values: tuple[Any, ...], today: date, subdistrict_name: str, phone: str) -> Markup:
    """One card. Everything it is made of is in the arguments, so a kept one is never out of date."""
    row = dict(zip(names, values, strict=True))
    published_on = local(row["published_at"]).date() if row["published_at"] else None
    shown = card(row, today=today, published_on=published_on, subdistrict_name=subdistrict_name, phone=phone)
    return Markup(environment().get_template("board/_card.html").render(c=shown))  # noqa: S704 - autoescaped


def cards(rows: list[dict[str, Any]], places: Places, today: date) -> Markup:
    """The cards of these rows (`db.queries.board`), one after the other; empty for no rows."""
    return Markup("").join(
        _card(
            tuple(row),
            tuple(row.values()),
            today,
            places.subdistricts.get(row["subdistrict"], ""),
            places.stations[row["station"]]["phone"],
        )
        for row in rows
    )


@lru_cache(512)
def options(pairs: tuple[tuple[str, str], ...], chosen: str) -> Markup:
    """The options of a select, the empty one first."""
    return Markup('<option value="">都可以</option>') + Markup("").join(
        Markup('<option value="{}"{}>{}</option>').format(value, Markup(" selected") if value == chosen else "", escape(text))
        for value, text in pairs
    )
