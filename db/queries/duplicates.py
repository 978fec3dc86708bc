"""Questions about duplicates: pairs of records that look like the same person, employer or post."""

from __future__ import annotations

from typing import Any

from piccolo.querystring import QueryString

from db.queries.stations import stations_to_choose
from db.tables.employers import Employer
from db.tables.seekers import Seeker
from piccolo_conf import DB
from rules.permissions import Reach, Scope

SHOWN = 100

_PAIR = ", ".join(
    f"{side}.{column} AS {side}_{column}"
    for side in ("a", "b")
    for column in ("id", "number", "name", "station", "birth_date", "state", "created_at")
)
_NAMES = "sa.name AS a_station_name, sb.name AS b_station_name"
_STATIONS = "JOIN station sa ON sa.id = a.station JOIN station sb ON sb.id = b.station"
_LIVE = "a.merged_into IS NULL AND b.merged_into IS NULL"
_KNOWN = "a.state NOT IN ('CLOSED', 'ANONYMISED') AND b.state NOT IN ('CLOSED', 'ANONYMISED')"

# Each cause is a join of its own on an index; both sides live, each pair once.
_SEEKERS = f"""SELECT {_PAIR}, {_NAMES}, a.phone_index = b.phone_index AS same_phone FROM seeker a
JOIN seeker b ON b.phone_index = a.phone_index AND b.id > a.id {_STATIONS}
WHERE a.phone_index <> '' AND {_LIVE} AND {_KNOWN} AND {{reach}}
UNION SELECT {_PAIR}, {_NAMES}, a.phone_index = b.phone_index AS same_phone FROM seeker a
JOIN seeker b ON b.name = a.name AND b.birth_date = a.birth_date AND b.id > a.id {_STATIONS}
WHERE {_LIVE} AND {_KNOWN} AND {{reach}} ORDER BY a_id DESC LIMIT {SHOWN}"""

_EMPLOYER_PAIR = ", ".join(
    f"{side}.{column} AS {side}_{column}" for side in ("a", "b") for column in ("id", "name", "kind", "station", "state", "created_at")
)
_EMPLOYER_SAME = "a.phone_index = b.phone_index AS same_phone, a.id_index = b.id_index AS same_id"
_EMPLOYERS = f"""SELECT {_EMPLOYER_PAIR}, {_NAMES}, {_EMPLOYER_SAME} FROM employer a
JOIN employer b ON b.station = a.station AND b.id > a.id AND (b.phone_index = a.phone_index OR b.name = a.name) {_STATIONS}
WHERE {_LIVE} AND {{reach}}
UNION SELECT {_EMPLOYER_PAIR}, {_NAMES}, {_EMPLOYER_SAME} FROM employer a
JOIN employer b ON b.id_index = a.id_index AND b.id > a.id {_STATIONS}
WHERE a.id_index <> '' AND {_LIVE} AND {{reach}} ORDER BY a_id DESC LIMIT {SHOWN}"""

_POST_PAIR = ", ".join(
    f"{side}.{column} AS {side}_{column}"
    for side in ("a", "b")
    for column in ("id", "number", "title", "station", "state", "placed_count", "created_at")
)
_POSTS = f"""SELECT {_POST_PAIR}, {_NAMES}, ea.name AS a_employer, eb.name AS b_employer FROM job a
JOIN job b ON b.text_hash = a.text_hash AND b.id > a.id
JOIN employer ea ON ea.id = a.employer JOIN employer eb ON eb.id = b.employer {_STATIONS}
WHERE a.text_hash <> '' AND a.state IN ('SUBMITTED', 'IN_REVIEW', 'APPROVED', 'PUBLISHED', 'PAUSED')
AND b.state IN ('SUBMITTED', 'IN_REVIEW', 'APPROVED', 'PUBLISHED', 'PAUSED') AND {{reach}} ORDER BY a.id DESC LIMIT {SHOWN}"""

_SQL = {"seekers": _SEEKERS, "employers": _EMPLOYERS, "posts": _POSTS}


async def pairs(scope: Scope, kind: str) -> list[dict[str, Any]]:
    """The pairs of a kind ("seekers", "employers", "posts") with both records in reach, newest first, at most a hundred."""
    reach, values = "1 = 1", []
    if scope.reach is not Reach.DISTRICT:
        own = [row["id"] for row in await stations_to_choose(scope)] or [0]
        marks = ", ".join("{}" for _ in own)
        reach, values = f"a.station IN ({marks}) AND b.station IN ({marks})", own * 2
    sql = _SQL[kind].replace("{reach}", reach)
    rows = await DB.run_querystring(QueryString(sql, *(values * sql.count("a.station IN"))))
    return [dict(row) for row in rows]


async def pair_of(scope: Scope, kind: str, keep: int, drop: int) -> dict[str, Any] | None:
    """The pair of these two ids, whichever is first; None when they are no pair in reach."""
    wanted = {keep, drop}
    return next((row for row in await pairs(scope, kind) if {row["a_id"], row["b_id"]} == wanted), None)


async def merged_with(seeker_id: int) -> dict[str, Any]:
    """What a profile was merged with: `into` (number, None when it goes on) and `earlier` (numbers that point at it)."""
    own = await Seeker.select(Seeker.merged_into).where(Seeker.id == seeker_id).first()
    into = await Seeker.select(Seeker.number).where(Seeker.id == own["merged_into"]).first() if own and own["merged_into"] else None
    earlier = await Seeker.select(Seeker.number).where(Seeker.merged_into == seeker_id).order_by(Seeker.id)
    return {"into": into["number"] if into else None, "earlier": [row["number"] for row in earlier]}


async def merged_employer(employer_id: int) -> dict[str, Any]:
    """The same of an employer: `into` (id and name, None when it goes on) and `earlier` (ids and names)."""
    own = await Employer.select(Employer.merged_into).where(Employer.id == employer_id).first()
    kept = own["merged_into"] if own else None
    into = await Employer.select(Employer.id, Employer.name).where(Employer.id == kept).first() if kept else None
    earlier = await Employer.select(Employer.id, Employer.name).where(Employer.merged_into == employer_id).order_by(Employer.id)
    return {"into": into, "earlier": earlier}
