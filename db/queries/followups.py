"""Questions about call-backs (回访): which are to be made, whom to call, and what was said in those made.

Which calls are open is derived from the days of the work and the call-backs made; the SQL here says the same as
`rules.followups.is_listed` and `listed_due`, row by row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from piccolo.querystring import QueryString

from db.paging import DESK_ROWS, Page, page_of, place
from db.queries.freshness import opened_post_phone, opened_seeker_phone
from db.queries.scope import within
from db.tables.followups import FollowUp
from db.tables.referrals import Placement
from db.vault import vault
from piccolo_conf import DB
from rules.codes import EmployerKind, FollowUpKind, PayState, SeekerState, SettleCycle, Side
from rules.followups import CALLS, DAYS, MOST_ATTEMPTS, Made, WorkDays, due_on, listed_since
from rules.masking import mask_name, public_employer_name, public_worker
from rules.permissions import Reach, Scope

MOST_COUNTED = 1000

_DAY: dict[FollowUpKind, str] = {
    FollowUpKind.START: "p.started_on",
    FollowUpKind.END: "p.ended_on",
    FollowUpKind.PAY: "p.pay_due_on",
}
_LATER: dict[str, str] = {"sqlite": "date({day}, '+{days} day')", "postgres": "{day} + {days}"}
_GONE = f"('{SeekerState.CLOSED.value}', '{SeekerState.ANONYMISED.value}')"

# What settles a call besides an answer to itself (rules.followups.is_settled).
_SETTLED: dict[FollowUpKind, str] = {
    FollowUpKind.START: "f.kind IN ('START', 'END')",
    FollowUpKind.END: "f.kind = 'END'",
    FollowUpKind.PAY: (
        "(f.kind = 'PAY' OR (f.kind = 'END' AND (f.pay_state = 'PAID'"
        " OR (f.pay_state IN ('PARTLY', 'UNPAID') AND f.made_on > p.pay_due_on))))"
    ),
}

_SHOWN = """SELECT calls.placement, calls.kind, calls.side, calls.due_on, calls.tries, calls.tried_today,
p.started_on, p.ended_on, r.number AS referral, j.number AS job_number, j.title AS title, e.name AS employer, e.kind AS employer_kind,
s.name AS worker, s.number AS seeker_number, st.name AS station_name
FROM ({calls}) AS calls
JOIN placement p ON p.id = calls.placement JOIN referral r ON r.id = p.referral JOIN job j ON j.id = p.job
JOIN employer e ON e.id = j.employer JOIN seeker s ON s.id = p.seeker JOIN station st ON st.id = p.station
WHERE 1 = 1{where} ORDER BY calls.tried_today, calls.due_on, calls.placement, calls.kind, calls.side LIMIT {limit}"""


@dataclass(frozen=True, slots=True)
class CallFilter:
    """What the list of calls is narrowed to; "" leaves a side open. `late`: only what is overdue."""

    kind: str = ""
    side: str = ""
    late: bool = False

    @classmethod
    def of(cls, kind: str = "", side: str = "", late: str = "") -> CallFilter:
        """The filter as typed; values that are in no table are dropped."""
        return cls(kind if kind in FollowUpKind._value2member_map_ else "", side if side in Side._value2member_map_ else "", late == "1")


def _reach(scope: Scope) -> tuple[str, list[Any]]:
    match scope.reach:
        case Reach.STATION:
            return "p.station = {}", [scope.station_id or 0]
        case Reach.OPERATOR:
            return "st.operator = {}", [scope.operator or ""]
        case Reach.SUBDISTRICT:
            return "st.subdistrict = {}", [scope.subdistrict or ""]
        case Reach.DISTRICT:
            return "1 = 1", []
    return "1 = 0", []


def _tried(kind: FollowUpKind, side: Side) -> str:
    return f"FROM follow_up f WHERE f.placement = p.id AND f.kind = '{kind.value}' AND f.side = '{side.value}' AND NOT f.answered"


def _open(kind: FollowUpKind, side: Side) -> str:
    """Not answered, and not given up."""
    return (
        f"NOT EXISTS (SELECT 1 FROM follow_up f WHERE f.placement = p.id AND f.side = '{side.value}' AND f.answered "
        f"AND {_SETTLED[kind]}) AND (SELECT count(DISTINCT f.made_on) {_tried(kind, side)}) < {MOST_ATTEMPTS}"
    )


def _due(kind: FollowUpKind) -> str:
    return _LATER[DB.engine_type].replace("{day}", _DAY[kind]).replace("{days}", str(DAYS[kind]))


def _calls(today: date, wanted: CallFilter, reach: str, reach_values: list[Any], *, apart: bool = False) -> tuple[str, list[Any]]:
    """Every call-back to be made by today, as one derived table, with its values.

    Once the work is over its end call asks about the start, too, and the start call is left out; `apart` keeps both.
    """
    start = FollowUpKind.START
    arms: list[str] = []
    values: list[Any] = []
    for kind, side in CALLS:
        if wanted.kind not in ("", kind.value) or wanted.side not in ("", side.value):
            continue
        due, tried = _due(kind), _tried(kind, side)
        asks_both, left_out = kind is FollowUpKind.END and not apart, kind is start and not apart
        if asks_both:
            due = f"CASE WHEN p.started_on >= {{}} AND {_open(start, side)} THEN {_due(start)} ELSE {due} END"
        gone = f" AND s.state NOT IN {_GONE}" if side is Side.WORKER else ""
        arms.append(
            f"SELECT p.id AS placement, p.station AS station, '{kind.value}' AS kind, '{side.value}' AS side, {due} AS due_on, "
            f"(SELECT count(DISTINCT f.made_on) {tried}) AS tries, "
            f"(SELECT count(DISTINCT f.made_on) {tried} AND f.made_on = {{}}) AS tried_today "
            "FROM placement p JOIN station st ON st.id = p.station JOIN seeker s ON s.id = p.seeker "
            f"WHERE {reach} AND {_DAY[kind]} < {{}} AND {_DAY[kind]} >= {{}}{gone} "
            f"AND {_open(kind, side)}{' AND (p.ended_on IS NULL OR p.ended_on >= {})' if left_out else ''}"
        )
        values += [listed_since(today)] if asks_both else []
        values += [today, *reach_values, today, listed_since(today)]
        values += [today] if left_out else []
    if not arms:  # the employer is never asked whether the pay arrived
        nothing = (
            "SELECT p.id AS placement, p.station AS station, '' AS kind, '' AS side, p.started_on AS due_on, 0 AS tries, 0 AS tried_today"
        )
        return f"{nothing} FROM placement p WHERE 1 = 0", []
    return " UNION ALL ".join(arms), values


async def _ask(sql: str, values: list[Any]) -> list[dict[str, Any]]:
    rows = await DB.run_querystring(QueryString(sql, *values))
    return [dict(row) for row in rows]


def _day(value: Any) -> Any:
    """SQLite gives a computed date as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def _listed(row: dict[str, Any]) -> dict[str, Any]:
    """The row of a call with its dates; `with_start`: an end call that asks about the start, too."""
    row = {**row, **{name: _day(row[name]) for name in ("due_on", "started_on", "ended_on")}}
    end = due_on(FollowUpKind.END, WorkDays(row["started_on"], row["ended_on"]))
    return {**row, "with_start": row["kind"] == FollowUpKind.END.value and row["due_on"] != end}


async def due_calls(scope: Scope, today: date, wanted: CallFilter, after: str = "", size: int = DESK_ROWS, *, named: bool = True) -> Page:
    """Call-backs to be made, the most overdue first, those tried in vain today at the end; `with_start`: asks about the start, too.

    `named` False hides who they are, as officers see it: worker by the end of the number, employer by its kind or branch.
    """
    calls, values = _calls(today, wanted, *_reach(scope))
    where = ""
    if wanted.late:
        where += " AND calls.due_on < {}"
        values.append(today)
    if start := _place(after):
        where += " AND (calls.tried_today, calls.due_on, calls.placement, calls.kind, calls.side) > ({}, {}, {}, {}, {})"
        values += start
    sql = _SHOWN.replace("{calls}", calls).replace("{where}", where).replace("{limit}", str(size + 1))
    rows = [_listed(row) for row in await _ask(sql, values)]
    return page_of([_masked(row, named) for row in rows], size, "tried_today", "due_on", "placement", "kind", "side")


async def own_calls(seeker_id: int, today: date) -> list[dict[str, Any]]:
    """What the worker may answer on his own pages now: whether the work began, whether the pay came. At most ten."""
    calls, values = _calls(today, CallFilter(side=Side.WORKER.value), "p.seeker = {}", [seeker_id], apart=True)
    where = f" AND calls.kind IN ('{FollowUpKind.START.value}', '{FollowUpKind.PAY.value}')"
    sql = _SHOWN.replace("{calls}", calls).replace("{where}", where).replace("{limit}", "10")
    return [_listed(row) for row in await _ask(sql, values)]


def _place(after: str) -> list[Any]:
    found = place(after, (int, str, int, str, str))
    if not found:
        return []
    try:
        return [found[0], date.fromisoformat(found[1]), *found[2:]]
    except ValueError:
        return []


def _masked(row: dict[str, Any], named: bool) -> dict[str, Any]:
    if named:
        return {**row, "worker": mask_name(row["worker"])}
    employer = public_employer_name(EmployerKind(row["employer_kind"]), row["employer"], row["title"])
    return {**row, "worker": public_worker(row["seeker_number"]), "employer": employer}


async def calls_about(scope: Scope, placement_id: int, today: date) -> list[dict[str, Any]]:
    """The call-backs to be made about one work by today, the soonest due first: as `due_calls`. None out of reach."""
    reach, reach_values = _reach(scope)
    calls, values = _calls(today, CallFilter(), f"{reach} AND p.id = {{}}", [*reach_values, placement_id])
    sql = _SHOWN.replace("{calls}", calls).replace("{where}", "").replace("{limit}", "10")
    return [_listed(row) for row in await _ask(sql, values)]


async def due_count(scope: Scope, today: date) -> int:
    """How many call-backs are to be made, counted up to 1000."""
    calls, values = _calls(today, CallFilter(), *_reach(scope))
    rows = await _ask(f"SELECT count(*) AS n FROM (SELECT 1 FROM ({calls}) AS calls LIMIT {MOST_COUNTED}) AS few", values)
    return int(rows[0]["n"])


async def late_counts(scope: Scope, today: date) -> dict[int, int]:
    """How many call-backs each station in reach is late with, by the station's id; stations without one are left out."""
    calls, values = _calls(today, CallFilter(), *_reach(scope))
    sql = f"SELECT calls.station, count(*) AS n FROM ({calls}) AS calls WHERE calls.due_on < {{}} GROUP BY calls.station"
    return {row["station"]: int(row["n"]) for row in await _ask(sql, [*values, today])}


_WORK: tuple[Any, ...] = (
    Placement.id,
    Placement.referral.as_alias("referral_id"),
    Placement.referral.number.as_alias("referral"),
    Placement.referral.state.as_alias("referral_state"),
    Placement.referral.job_version.as_alias("job_version"),
    Placement.job,
    Placement.job.number.as_alias("job_number"),
    Placement.job.title.as_alias("title"),
    Placement.job.headcount.as_alias("headcount"),
    Placement.job.settle_cycle.as_alias("settle_cycle"),
    Placement.job.employer.id.as_alias("employer_id"),
    Placement.job.employer.name.as_alias("employer"),
    Placement.job.employer.kind.as_alias("employer_kind"),
    Placement.seeker,
    Placement.seeker.number.as_alias("seeker_number"),
    Placement.seeker.name.as_alias("worker"),
    Placement.seeker.state.as_alias("seeker_state"),
    Placement.seeker.phone_owner.as_alias("phone_owner"),
    Placement.station,
    Placement.started_on,
    Placement.ended_on,
    Placement.ended_how,
    Placement.pay_due_fen,
    Placement.pay_due_on,
    Placement.disputed_at,
)


async def work_in(scope: Scope, referral: str) -> dict[str, Any] | None:
    """The work of a referral, when the placement's station lies in reach: `work` (its days), `made` (call-backs so far)."""
    return await _with_calls(
        await Placement.select(*_WORK).where(within(scope, Placement.station), Placement.referral.number == referral).first()
    )


async def work_of_seeker(seeker_id: int, referral: str) -> dict[str, Any] | None:
    """The work of a referral when it is this seeker's own, as `work_in` gives it."""
    return await _with_calls(
        await Placement.select(*_WORK).where(Placement.seeker == seeker_id, Placement.referral.number == referral).first()
    )


async def work_with_id(placement_id: int) -> dict[str, Any] | None:
    """The same by the placement's id, for actions, whose callers found it in scope."""
    return await _with_calls(await Placement.select(*_WORK).where(Placement.id == placement_id).first())


async def _with_calls(row: dict[str, Any] | None) -> dict[str, Any] | None:
    if row is None:
        return None
    settle = SettleCycle(row["settle_cycle"]) if row["settle_cycle"] in SettleCycle._value2member_map_ else None
    rows = await call_backs_of(row["id"])
    return {
        **row,
        "work": WorkDays(row["started_on"], row["ended_on"], row["pay_due_on"], settle),
        "made": tuple(_made(each) for each in rows),
        "call_backs": rows,
        "worker_gone": row["seeker_state"] in (SeekerState.CLOSED.value, SeekerState.ANONYMISED.value),
    }


def _made(row: dict[str, Any]) -> Made:
    pay = PayState(row["pay_state"]) if row["pay_state"] else None
    return Made(FollowUpKind(row["kind"]), Side(row["side"]), row["made_on"], row["answered"], pay)


_MADE: tuple[Any, ...] = (
    FollowUp.id,
    FollowUp.kind,
    FollowUp.side,
    FollowUp.attempt,
    FollowUp.due_on,
    FollowUp.method,
    FollowUp.answered,
    FollowUp.result,
    FollowUp.arrived,
    FollowUp.performance,
    FollowUp.pay_state,
    FollowUp.pay_fen,
    FollowUp.injured,
    FollowUp.disputed,
    FollowUp.fee_charged,
    FollowUp.agreement_got,
    FollowUp.satisfaction,
    FollowUp.again,
    FollowUp.spoken_with,
    FollowUp.complaint,
    FollowUp.legal_case,
    FollowUp.made_on,
    FollowUp.made_at,
    FollowUp.made_by.name.as_alias("made_by"),
)


async def call_backs_of(placement_id: int) -> list[dict[str, Any]]:
    """The call-backs made about a work, oldest first, without the notes. The caller has found the work in reach."""
    return await FollowUp.select(*_MADE).where(FollowUp.placement == placement_id).order_by(FollowUp.id).limit(100)


async def call_backs_made(scope: Scope, wanted: CallFilter, after: str = "", *, named: bool = True) -> Page:
    """Call-backs made, newest first, 50 to a page; `named` as in `due_calls`."""
    query = FollowUp.select(
        *_MADE,
        FollowUp.referral.number.as_alias("referral"),
        FollowUp.placement.job.number.as_alias("job_number"),
        FollowUp.placement.job.title.as_alias("title"),
        FollowUp.placement.job.employer.name.as_alias("employer"),
        FollowUp.placement.job.employer.kind.as_alias("employer_kind"),
        FollowUp.placement.seeker.name.as_alias("worker"),
        FollowUp.placement.seeker.number.as_alias("seeker_number"),
        FollowUp.station.name.as_alias("station_name"),
    ).where(within(scope, FollowUp.station))
    if wanted.kind:
        query = query.where(FollowUp.kind == wanted.kind)
    if wanted.side:
        query = query.where(FollowUp.side == wanted.side)
    if start := place(after, (int,)):
        query = query.where(FollowUp.id < start[0])
    page = page_of(await query.order_by(FollowUp.id, ascending=False).limit(DESK_ROWS + 1), DESK_ROWS, "id")
    return Page([_masked(row, named) for row in page.rows], page.next)


async def ended_before(day: date, states: list[str]) -> list[dict[str, Any]]:
    """Works that ended before `day` whose referral is still in one of `states`, oldest first; at most a thousand."""
    return (
        await Placement.select(Placement.id, Placement.referral.as_alias("referral_id"))
        .where(Placement.ended_on < day, Placement.referral.state.is_in(states))
        .order_by(Placement.id)
        .limit(1000)
    )


async def opened_answers_of(seeker_id: int) -> list[dict[str, Any]]:
    """What this person answered in call-backs, with the note, newest first, for the own copy. At most two hundred."""
    rows = (
        await FollowUp.select(*_MADE, FollowUp.note, FollowUp.placement.job.title.as_alias("title"))
        .where(FollowUp.placement.seeker == seeker_id, FollowUp.side == Side.WORKER.value, FollowUp.answered.eq(True))
        .order_by(FollowUp.id, ascending=False)
        .limit(200)
    )
    return [{**row, "note": vault().open("follow_up.note", str(row["id"]), row["note"]) if row["note"] else ""} for row in rows]


async def opened_people(work: dict[str, Any], side: Side) -> list[tuple[str, str]]:
    """Whom to call: (who, phone). Only after `db.actions.followups.begin_call` kept the look; [] for a closed record."""
    if side is Side.EMPLOYER:
        return await opened_post_phone(work["job"], work["job_version"], work["employer_id"])
    if work["worker_gone"]:
        return []
    return [(work["worker"], await opened_seeker_phone(work["seeker"]))]


async def opened_note(follow_up_id: int) -> str:
    """What was written down besides the answers; "" for nothing. The caller has found the work in reach."""
    row = await FollowUp.select(FollowUp.note).where(FollowUp.id == follow_up_id).first()
    return vault().open("follow_up.note", str(follow_up_id), row["note"]) if row and row["note"] else ""
