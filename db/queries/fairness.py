"""Questions about the fairness of a month (派工公平情况): every figure with the rows behind it. Nobody is named."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from piccolo.columns.combination import WhereRaw

from db.paging import DESK_ROWS, Page, page_of, place
from db.queries.scope import within
from db.tables.attendance import Call, Draw, SignIn
from piccolo_conf import DB
from rules.codes import CallAnswer, CallKind, Labelled, SkipReason
from rules.fairness import Turn, deciles, out_of_order
from rules.journal_reading import without_contacts
from rules.masking import public_worker
from rules.permissions import Scope


class Shown(Labelled):
    """The rows behind a figure."""

    PLACED = "placed", "派到活的"
    UNPLACED = "unplaced", "当天没派到活的"
    PEOPLE = "people", "整月没派到活的人"
    NAMED = "named", "雇主点名"
    SKIPS = "skips", "跳过"
    OUT_OF_ORDER = "out-of-order", "没按顺序叫号"
    RETURNED = "returned", "短工当天回站"


@dataclass(frozen=True, slots=True)
class Month:
    """The figures of one station and month. `waited`: days waited → people, of those who got a place; all are counts."""

    signed_in: int
    placed: int
    returned: int
    people: int
    unplaced_people: int
    named: int
    skips: int
    out_of_order: int
    undrawn_days: int
    waited: dict[int, int] = field(default_factory=dict)
    named_by: list[dict[str, Any]] = field(default_factory=list)
    skipped_by: list[dict[str, Any]] = field(default_factory=list)

    @property
    def unplaced(self) -> int:
        """Sign-ins that ended without a place."""
        return self.signed_in - self.placed

    @property
    def deciles(self) -> tuple[int, ...]:
        """Days within which 10 %, 20 %, … 100 % of those placed got their place."""
        return deciles(self.waited)


# Got a place that day: is out now, or was given a referral with a call. Coming back later does not undo it.
_PLACED = """({0}.state = 'OUT'
  OR EXISTS (SELECT 1 FROM call AS given WHERE given.sign_in = {0}.id AND given.referral_number <> ''))"""
_IN_MONTH = "{0}.station = {{}} AND {0}.day >= {{}} AND {0}.day < {{}}"
_SIGN_INS = f"""SELECT i.day AS day, i.waiting_since AS waiting_since, CASE WHEN {_PLACED.format("i")} THEN 1 ELSE 0 END AS placed,
  count(*) AS n,
  count(i.returned_at) AS returned FROM sign_in AS i WHERE {_IN_MONTH.format("i")}
  GROUP BY i.day, i.waiting_since, 3"""
_PEOPLE = f"""SELECT count(*) AS n, coalesce(sum(CASE WHEN placed = 0 THEN 1 ELSE 0 END), 0) AS unplaced
  FROM (SELECT i.seeker, max(CASE WHEN {_PLACED.format("i")} THEN 1 ELSE 0 END) AS placed
    FROM sign_in AS i WHERE {_IN_MONTH.format("i")} GROUP BY i.seeker) AS people"""
_SKIPS = f"""SELECT a.login AS clerk, a.name AS name, a.work_no AS work_no, c.reason AS reason, count(*) AS n
  FROM call AS c JOIN account AS a ON a.id = c.made_by WHERE {_IN_MONTH.format("c")} AND c.kind = {{}}
  GROUP BY a.login, a.name, a.work_no, c.reason ORDER BY a.work_no, a.login, c.reason"""
_NAMED = f"""SELECT j.employer AS employer, max(j.employer_label) AS label, count(*) AS n
  FROM call AS c JOIN job AS j ON j.id = c.job WHERE {_IN_MONTH.format("c")} AND c.kind = {{}} AND c.named = {{}}
  GROUP BY j.employer ORDER BY 3 DESC, 1"""
_TURNS = f"""SELECT c.id AS id, c.day AS day, c.job AS job, i.ticket AS ticket, c.kind AS kind, c.before AS before,
  c.named AS named, c.answer AS answer FROM call AS c JOIN sign_in AS i ON i.id = c.sign_in
  WHERE {_IN_MONTH.format("c")} ORDER BY c.id"""


async def month_of_station(station_id: int, first: date, end: date) -> Month:
    """The figures of the days from `first` to before `end` at a station that the caller found in scope."""
    asked = (station_id, first, end)
    sign_ins = await SignIn.raw(_SIGN_INS, *asked)
    people = (await SignIn.raw(_PEOPLE, *asked))[0]
    skipped = await Call.raw(_SKIPS, *asked, CallKind.SKIP.value)
    named = await Call.raw(_NAMED, *asked, CallKind.CALL.value, True)
    waited: Counter[int] = Counter()
    for row in sign_ins:
        if row["placed"]:
            waited[max((_day(row["day"]) - _day(row["waiting_since"])).days, 0)] += row["n"]
    return Month(
        signed_in=sum(row["n"] for row in sign_ins),
        placed=sum(row["n"] for row in sign_ins if row["placed"]),
        returned=sum(row["returned"] for row in sign_ins if row["placed"]),
        people=int(people["n"]),
        unplaced_people=int(people["unplaced"]),
        named=sum(row["n"] for row in named),
        skips=sum(row["n"] for row in skipped),
        out_of_order=len(await _out_of_order(*asked)),
        undrawn_days=await _undrawn_days(*asked),
        waited=dict(waited),
        named_by=[dict(row) for row in named],
        skipped_by=[{**row, "reason": SkipReason(row["reason"])} for row in map(dict, skipped)],
    )


def _day(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


async def _out_of_order(station_id: int, first: date, end: date) -> list[int]:
    refused = (CallAnswer.ABSENT.value, CallAnswer.DECLINES.value)
    rows = await Call.raw(_TURNS, station_id, first, end)
    return out_of_order(
        [
            Turn(
                made=row["id"],
                day=_day(row["day"]),
                job=row["job"],
                ticket=row["ticket"],
                before=tuple(json.loads(row["before"])) if row["kind"] == CallKind.CALL.value else (),
                named=bool(row["named"]),
                passed=row["kind"] == CallKind.SKIP.value or row["answer"] in refused,
            )
            for row in rows
        ]
    )


async def _undrawn_days(station_id: int, first: date, end: date) -> int:
    """Days with a published seed on which people came and no draw was held."""
    came = WhereRaw("EXISTS (SELECT 1 FROM sign_in AS came WHERE came.station = draw.station AND came.day = draw.day)")
    return await Draw.count().where(Draw.station == station_id, Draw.day >= first, Draw.day < end, Draw.held_at.is_null(), came)


_OF_STATIONS = f"""SELECT s.id AS id, s.code AS code, s.name AS name,
  (SELECT count(*) FROM sign_in AS i WHERE i.station = s.id AND i.day >= {{}} AND i.day < {{}}) AS signed_in,
  (SELECT count(*) FROM sign_in AS i WHERE i.station = s.id AND i.day >= {{}} AND i.day < {{}} AND {_PLACED.format("i")}) AS placed,
  (SELECT count(*) FROM call AS c WHERE c.station = s.id AND c.day >= {{}} AND c.day < {{}} AND c.kind = {{}}) AS skips,
  (SELECT count(*) FROM call AS c WHERE c.station = s.id AND c.day >= {{}} AND c.day < {{}} AND c.kind = {{}} AND c.named = {{}}) AS named
  FROM station AS s WHERE s.id IN """


async def stations_side_by_side(ids: Sequence[int], first: date, end: date) -> list[dict[str, Any]]:
    """Sign-ins, places given, skips and calls by name of the stations with these ids, which the caller found in scope."""
    if not ids:
        return []
    days = (first, end)
    sql = _OF_STATIONS + "(" + ", ".join("{}" for _ in ids) + ") ORDER BY s.code"
    rows = await Call.raw(sql, *days, *days, *days, CallKind.SKIP.value, *days, CallKind.CALL.value, True, *ids)
    return [dict(row) for row in rows]


@dataclass(frozen=True, slots=True)
class Rows:
    """Which rows: of which figure, and narrowed by days waited at most, the clerk's login, reason or employer's id (None: all)."""

    shown: Shown
    within_days: int | None = None
    clerk: str | None = None
    reason: SkipReason | None = None
    employer: int | None = None


_GOT_PLACE = _PLACED.format("sign_in")
_GOT_NONE = f"NOT {_GOT_PLACE}"
_WAITED_AT_MOST = {
    "sqlite": "CAST(julianday(sign_in.day) - julianday(sign_in.waiting_since) AS INTEGER) <= {}",
    "postgres": "(sign_in.day - sign_in.waiting_since) <= {}",
}
_CAME = (SignIn.id, SignIn.day, SignIn.ticket, SignIn.seeker.number.as_alias("seeker"), SignIn.waiting_since, SignIn.returned_at)
_CALLS = (
    Call.id,
    Call.day,
    Call.sign_in.ticket.as_alias("ticket"),
    Call.sign_in.seeker.number.as_alias("seeker"),
    Call.sign_in.waiting_since.as_alias("waiting_since"),
    Call.kind,
    Call.reason,
    Call.note,
    Call.answer,
    Call.before,
    Call.made_at,
    Call.made_by.name.as_alias("clerk"),
    Call.job.number.as_alias("job"),
    Call.job.title.as_alias("title"),
    Call.job.employer_label.as_alias("employer"),
)
_EMPTY: dict[str, Any] = {
    "kind": "",
    "reason": "",
    "note": "",
    "answer": "",
    "made_at": None,
    "clerk": "",
    "job": "",
    "title": "",
    "employer": "",
}


async def rows_behind(scope: Scope, station_id: int, first: date, end: date, wanted: Rows, after: str = "") -> Page:
    """The rows behind a figure, newest first: `day`, `ticket`, `worker` (零工…123), `waited` (days) and what was done by whom."""
    match wanted.shown:
        case Shown.PEOPLE:
            return await _people(scope, station_id, first, end, after)
        case Shown.PLACED | Shown.UNPLACED | Shown.RETURNED:
            return await _came(scope, station_id, first, end, wanted, after)
    return await _calls(scope, station_id, first, end, wanted, after)


async def _came(scope: Scope, station_id: int, first: date, end: date, wanted: Rows, after: str) -> Page:
    where = [within(scope, SignIn.station), SignIn.station == station_id, SignIn.day >= first, SignIn.day < end]
    match wanted.shown:
        case Shown.PLACED:
            where.append(WhereRaw(_GOT_PLACE))
        case Shown.UNPLACED:
            where.append(WhereRaw(_GOT_NONE))
        case _:
            where += [SignIn.returned_at.is_not_null(), WhereRaw(_GOT_PLACE)]
    if wanted.within_days is not None:
        where.append(WhereRaw(_WAITED_AT_MOST[DB.engine_type], wanted.within_days))
    if start := place(after, (int,)):
        where.append(SignIn.id < start[0])
    rows = await SignIn.select(*_CAME).where(*where).order_by(SignIn.id, ascending=False).limit(DESK_ROWS + 1)
    return page_of([_masked({**_EMPTY, **row, "made_at": row["returned_at"]}) for row in rows], DESK_ROWS, "id")


async def _calls(scope: Scope, station_id: int, first: date, end: date, wanted: Rows, after: str) -> Page:
    where = [within(scope, Call.station), Call.station == station_id, Call.day >= first, Call.day < end]
    match wanted.shown:
        case Shown.NAMED:
            where += [Call.kind == CallKind.CALL.value, Call.named.eq(True)]
        case Shown.SKIPS:
            where.append(Call.kind == CallKind.SKIP.value)
        case _:
            where.append(Call.id.is_in((await _out_of_order(station_id, first, end))[:500] or [0]))
    if wanted.clerk is not None:
        where.append(Call.made_by.login == wanted.clerk)
    if wanted.reason is not None:
        where.append(Call.reason == wanted.reason.value)
    if wanted.employer is not None:
        where.append(Call.job.employer == wanted.employer)
    if start := place(after, (int,)):
        where.append(Call.id < start[0])
    rows = await Call.select(*_CALLS).where(*where).order_by(Call.id, ascending=False).limit(DESK_ROWS + 1)
    return page_of(
        [_masked({**row, "job": row["job"] or "", "title": row["title"] or "", "employer": row["employer"] or ""}) for row in rows],
        DESK_ROWS,
        "id",
    )


def _masked(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "worker": public_worker(row["seeker"]),
        "waited": max((row["day"] - row["waiting_since"]).days, 0),
        "note": without_contacts(row["note"]),
        "times": 1,
    }


_UNPLACED_PEOPLE = f"""SELECT i.seeker AS id, q.number AS seeker, count(*) AS times, max(i.day) AS day,
  min(i.waiting_since) AS waiting_since
  FROM sign_in AS i JOIN seeker AS q ON q.id = i.seeker WHERE {_IN_MONTH.format("i")} AND i.seeker > {{}}
  GROUP BY i.seeker, q.number HAVING max(CASE WHEN {_PLACED.format("i")} THEN 1 ELSE 0 END) = 0 ORDER BY i.seeker LIMIT {DESK_ROWS + 1}"""


async def _people(scope: Scope, station_id: int, first: date, end: date, after: str) -> Page:
    if not await SignIn.exists().where(within(scope, SignIn.station), SignIn.station == station_id):
        return Page([])
    start = place(after, (int,))
    rows = await SignIn.raw(_UNPLACED_PEOPLE, station_id, first, end, start[0] if start else 0)
    people = [
        {**_EMPTY, **row, "day": _day(row["day"]), "waiting_since": _day(row["waiting_since"]), "ticket": 0} for row in map(dict, rows)
    ]
    return page_of([{**_masked(row), "times": row["times"]} for row in people], DESK_ROWS, "id")
