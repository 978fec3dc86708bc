"""What the address of the fairness pages asks for: month, station, which rows; the same for the page and its export."""

import re
from datetime import date, timedelta
from typing import Any

from db.clock import today
from db.queries import stations as station_queries
from db.queries.fairness import Rows, Shown
from rules.codes import SkipReason
from rules.permissions import Actor, Reach
from web.forms.placements import month_of
from web.listings.shape import Search

HOME = "/desk/fairness"


def span(search: Search) -> tuple[date, date]:
    """First day of the month asked for, and of the one after it."""
    first = month_of(str(search.get("month", "")), today())
    return first, (first + timedelta(days=32)).replace(day=1)


async def station_asked(actor: Actor, search: Search) -> dict[str, Any] | None:
    """One's own station, or the one in reach that the address names."""
    if actor.scope.reach is Reach.STATION:
        return await station_queries.own_station(actor.station_id)
    return await station_queries.station_in(actor.scope, str(search.get("station", "")))


def rows_asked(search: Search) -> Rows | None:
    """Which rows the address asks for; None for a figure there is none of. What else it does not know is dropped."""
    if search.get("show") not in Shown._value2member_map_:
        return None
    reason, days = str(search.get("reason", "")), _whole(str(search.get("days", "")))
    return Rows(
        Shown(search["show"]),
        within_days=days if days is not None and days < 100_000 else None,
        clerk=clerk if re.fullmatch(r"[a-z0-9_.-]{1,40}", clerk := str(search.get("clerk", ""))) else None,
        reason=SkipReason(reason) if reason in SkipReason._value2member_map_ else None,
        employer=_whole(employer[1:]) if (employer := str(search.get("employer", ""))).startswith("e") else None,
    )


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 and int(text) < 2**63 else None


def address_of(wanted: Rows) -> dict[str, str]:
    """The rows as they stand in an address. An employer's id stands behind an e, because bare digits could be a phone."""
    asked = {
        "show": wanted.shown.value,
        "days": wanted.within_days,
        "clerk": wanted.clerk,
        "reason": wanted.reason.value if wanted.reason else None,
        "employer": f"e{wanted.employer}" if wanted.employer is not None else None,
    }
    return {name: str(value) for name, value in asked.items() if value is not None}
