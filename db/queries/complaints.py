"""Questions about complaints (投诉举报) and cases of claimed rights (法律维权). What goes past a station does not exist for it."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from piccolo.columns.combination import And, Or

from db.clock import now, today
from db.paging import DESK_ROWS, Page, page_of, place
from db.queries.employers import document_hashes
from db.queries.scope import within
from db.tables.accounts import Account
from db.tables.complaints import CaseStep, Complaint, ComplaintStep, LegalCase
from db.tables.employers import Employer
from db.tables.referrals import Placement, Referral
from db.tables.stations import Station
from db.transaction import asked_once
from db.vault import vault
from rules.codes import CaseKind, ComplaintKind, ComplaintRoute, ComplaintState, EmployerKind, StationState
from rules.complaints import CLOSED_COMPLAINTS, LIMIT_SOON_DAYS, MOST_MISSES, OPEN_CASES, overdue
from rules.masking import mask_name
from rules.numbers import NumberKind, kind_of, normal
from rules.permissions import Actor, Permission, Reach, Role, Scope

_OPEN = [state.value for state in OPEN_CASES]
_CLOSED = [state.value for state in CLOSED_COMPLAINTS]
_UNANSWERED = [
    state.value for state in (ComplaintState.RECEIVED, ComplaintState.ACKNOWLEDGED, ComplaintState.INVESTIGATING, ComplaintState.DECIDED)
]

COMPLAINT_STATES = {"open": "没办完的", "overdue": "超过期限的", "closed": "办完的", "all": "全部"}
CASE_STATES = {"open": "没办结的", "limit": "快到时效的", "closed": "办结的", "all": "全部"}

_COMPLAINT = (
    Complaint.id,
    Complaint.number,
    Complaint.station,
    Complaint.station.name.as_alias("station_name"),
    Complaint.station.build_mode.as_alias("build_mode"),
    Complaint.kind,
    Complaint.level,
    Complaint.route,
    Complaint.source,
    Complaint.state,
    Complaint.acknowledge_by,
    Complaint.reply_by,
    Complaint.decision,
    Complaint.decided_by,
    Complaint.against_account,
    Complaint.against_account.name.as_alias("against_name"),
    Complaint.opened_at,
    Complaint.closed_at,
    Complaint.referral.number.as_alias("referral_number"),
    Complaint.seeker.number.as_alias("seeker_number"),
    Complaint.employer,
    Complaint.opened_by.name.as_alias("opened_by_name"),
    Complaint.opened_by.role.as_alias("opened_by_role"),
)
_CASE = (
    LegalCase.id,
    LegalCase.number,
    LegalCase.station,
    LegalCase.station.name.as_alias("station_name"),
    LegalCase.kind,
    LegalCase.state,
    LegalCase.claim_fen,
    LegalCase.recovered_fen,
    LegalCase.limit_on,
    LegalCase.handler,
    LegalCase.handler.name.as_alias("handler_name"),
    LegalCase.opened_by.name.as_alias("opened_by_name"),
    LegalCase.opened_at,
    LegalCase.closed_at,
    LegalCase.employer,
    LegalCase.employer.name.as_alias("employer_name"),
    LegalCase.employer.kind.as_alias("employer_kind"),
    LegalCase.seeker,
    LegalCase.seeker.number.as_alias("seeker_number"),
    LegalCase.seeker.name.as_alias("worker_name"),
    LegalCase.referral.number.as_alias("referral_number"),
    LegalCase.referral.job.title.as_alias("title"),
    LegalCase.placement,
)


@dataclass(frozen=True, slots=True)
class ComplaintFilter:
    """What a list of complaints is narrowed to; "all" or "" leaves a side open. `word` is a number."""

    state: str = "open"
    kind: str = ""
    word: str = ""

    @classmethod
    def of(cls, state: str = "open", kind: str = "", word: str = "") -> ComplaintFilter:
        """The filter as typed; values that are in no table are dropped."""
        return cls(
            state if state in COMPLAINT_STATES else "open", kind if kind in ComplaintKind._value2member_map_ else "", normal(word)[:20]
        )


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What a list of cases is narrowed to; "all" or "" leaves a side open. `word`: a number, or part of the employer's name."""

    state: str = "open"
    kind: str = ""
    word: str = ""

    @classmethod
    def of(cls, state: str = "open", kind: str = "", word: str = "") -> CaseFilter:
        """The filter as typed; values that are in no table are dropped."""
        return cls(
            state if state in CASE_STATES else "open", kind if kind in CaseKind._value2member_map_ else "", " ".join(word.split())[:40]
        )


def _visible(actor: Actor) -> Any:
    """The complaints this person may find: in reach, not past their station, not about themselves (3.14; 9, rule 1)."""
    not_me: Any = Or(Complaint.against_account.is_null(), Complaint.against_account != actor.id)
    reach: Any = within(actor.scope, Complaint.station)
    if actor.scope.reach in (Reach.SUBDISTRICT, Reach.DISTRICT):
        return And(reach, not_me)
    return And(And(reach, Complaint.route == ComplaintRoute.STATION.value), not_me)


def complaints_seen_by(actor: Actor) -> Any:
    """The condition on complaints that this person may find them, for questions that begin elsewhere."""
    return _visible(actor)


def _complaints(actor: Actor, chosen: ComplaintFilter) -> Any:
    query = Complaint.select(*_COMPLAINT).where(_visible(actor))
    if chosen.state == "open":
        query = query.where(Complaint.state.not_in(_CLOSED))
    elif chosen.state == "closed":
        query = query.where(Complaint.state.is_in(_CLOSED))
    elif chosen.state == "overdue":
        late: Any = And(Complaint.state == ComplaintState.RECEIVED.value, Complaint.acknowledge_by < now())
        query = query.where(Or(late, And(Complaint.state.is_in(_UNANSWERED), Complaint.reply_by < now())))
    if chosen.kind:
        query = query.where(Complaint.kind == chosen.kind)
    if chosen.word:
        query = query.where(Complaint.number == chosen.word)
    return query


def _read(row: dict[str, Any]) -> dict[str, Any]:
    late = overdue(ComplaintState(row["state"]), row["acknowledge_by"], row["reply_by"], now())
    return {**row, "overdue": late, "open": row["state"] not in _CLOSED}


async def complaints_for(actor: Actor, chosen: ComplaintFilter, after: str = "") -> Page:
    """The complaints this person may find, newest first, 50 to a page; `overdue` and `open` in each row, no words."""
    query = _complaints(actor, chosen)
    if start := place(after, (int,)):
        query = query.where(Complaint.id < start[0])
    rows = await query.order_by(Complaint.id, ascending=False).limit(DESK_ROWS + 1)
    return page_of([_read(row) for row in rows], DESK_ROWS, "id")


async def complaint_for(actor: Actor, number: str) -> dict[str, Any] | None:
    """One complaint by its number; None out of reach, past the asker's station, or about the asker. No words."""
    row = await Complaint.select(*_COMPLAINT).where(_visible(actor), Complaint.number == number).first()
    return _read(row) if row else None


async def past_station(station_id: int) -> dict[str, int]:
    """What a manager may know of complaints past the station: how many there are, and how many are not closed."""
    here: Any = And(Complaint.station == station_id, Complaint.route == ComplaintRoute.SUPERVISOR.value)
    return {"all": await Complaint.count().where(here), "open": await Complaint.count().where(here, Complaint.state.not_in(_CLOSED))}


async def opened_complaint(complaint_id: int) -> dict[str, Any]:
    """The plain `words` and `contact` of a complaint and its `steps` with theirs, oldest first."""
    row = await Complaint.select(Complaint.words, Complaint.contact).where(Complaint.id == complaint_id).first()
    keys = vault()
    texts = {name: keys.open(f"complaint.{name}", complaint_id, row[name]) for name in ("words", "contact")} if row else {}
    steps = (
        await ComplaintStep.select(
            ComplaintStep.id, ComplaintStep.state, ComplaintStep.words, ComplaintStep.at, ComplaintStep.by.name.as_alias("by_name")
        )
        .where(ComplaintStep.complaint == complaint_id)
        .order_by(ComplaintStep.id)
    )
    return {**texts, "steps": [{**step, "words": keys.open("complaint_step.words", step["id"], step["words"])} for step in steps]}


async def opened_follow_code(number: str) -> str:
    """The follow code of a complaint that was just opened, to be shown once; "" when there is none."""
    row = await Complaint.select(Complaint.id, Complaint.follow_code).where(Complaint.number == number).first()
    return vault().open("complaint.follow_code", row["id"], row["follow_code"]) if row else ""


async def complaint_by_code(number: str, code: str) -> tuple[int | None, dict[str, Any] | None]:
    """(id, the complaint with its reply) for whoever holds number and code; (id, None) for a wrong code, (None, None) for no such one.

    The reply is the words of the steps after the decision; what was found out on the way stays inside.
    """
    columns = (*_COMPLAINT, Complaint.follow_code, Complaint.misses, Complaint.station.phone.as_alias("station_phone"))
    unit = (Complaint.station.supervising_unit.as_alias("unit"), Complaint.station.supervising_phone.as_alias("unit_phone"))
    row = await Complaint.select(*columns, *unit).where(Complaint.number == number).first()
    if row is None:
        return None, None
    if row["misses"] >= MOST_MISSES or not row["follow_code"]:
        return None, None
    right = vault().open("complaint.follow_code", row["id"], row["follow_code"])
    if not hmac.compare_digest(right.encode(), code.encode()):
        return row["id"], None
    return row["id"], await _told(row)


async def _told(row: dict[str, Any]) -> dict[str, Any]:
    shown = (ComplaintState.REPLIED.value, ComplaintState.FINAL.value)
    steps = (await opened_complaint(row["id"]))["steps"]
    return {**_read(row), "replies": [step for step in steps if step["state"] in shown], "waits_for_word": row["state"] == shown[0]}


async def own_complaints(account_id: int) -> list[dict[str, Any]]:
    """The complaints a worker or employer made while signed in, newest first, with the replies (own pages)."""
    columns = (*_COMPLAINT, Complaint.station.phone.as_alias("station_phone"))
    rows = await Complaint.select(*columns).where(Complaint.opened_by == account_id).order_by(Complaint.id, ascending=False).limit(20)
    return [await _told(row) for row in rows]


async def waiting_complaints() -> list[dict[str, Any]]:
    """Every complaint without its reply whose first promised day is over, of all stations."""
    return await Complaint.select(
        Complaint.id,
        Complaint.number,
        Complaint.station,
        Complaint.route,
        Complaint.state,
        Complaint.acknowledge_by,
        Complaint.reply_by,
    ).where(Complaint.state.is_in(_UNANSWERED), Complaint.acknowledge_by < now())


async def people_of(station_id: int) -> list[dict[str, Any]]:
    """The staff and managers of a station, for saying which of them a complaint is about: `id`, `name`, `role`."""
    roles = [Role.STAFF.value, Role.MANAGER.value]
    return (
        await Account.select(Account.id, Account.name, Account.role)
        .where(Account.station == station_id, Account.role.is_in(roles))
        .order_by(Account.name)
    )


async def stations_to_name() -> list[dict[str, Any]]:
    """The stations a complaint can be about: `id`, `code`, `name`, by name."""
    return (
        await Station.select(Station.id, Station.code, Station.name)
        .where(Station.state.is_in([StationState.OPERATING.value, StationState.SUSPENDED.value]))
        .order_by(Station.code)
    )


# ---- cases


def _cases(scope: Scope, chosen: CaseFilter) -> Any:
    query = LegalCase.select(*_CASE).where(within(scope, LegalCase.station))
    if chosen.state in ("open", "limit"):
        query = query.where(LegalCase.state.is_in(_OPEN))
    elif chosen.state == "closed":
        query = query.where(LegalCase.state.not_in(_OPEN))
    if chosen.state == "limit":
        query = query.where(LegalCase.limit_on <= today() + timedelta(days=LIMIT_SOON_DAYS))
    if chosen.kind:
        query = query.where(LegalCase.kind == chosen.kind)
    if chosen.word:
        number = normal(chosen.word)
        by_number = kind_of(number) is NumberKind.CASE
        query = query.where(LegalCase.number == number if by_number else LegalCase.employer.name.like(f"%{_plain(chosen.word)}%"))
    return query


def _plain(word: str) -> str:
    """The word without the signs a LIKE would read as something else."""
    return word.replace("%", "").replace("_", "").replace("\\", "")


def _case_read(actor: Actor, row: dict[str, Any]) -> dict[str, Any]:
    """The row as this person reads it: who only looks on sees a surname; an employer that is a person is never named."""
    if not actor.may(Permission.CASES_WORK):
        row["worker_name"] = mask_name(row["worker_name"])
    if row["employer_kind"] != EmployerKind.UNIT.value:
        row["employer_name"] = mask_name(row["employer_name"])
    is_open = row["state"] in _OPEN
    days = (row["limit_on"] - today()).days if row["limit_on"] else None
    return {**row, "open": is_open, "limit_days": days, "limit_soon": is_open and days is not None and days <= LIMIT_SOON_DAYS}


async def cases_for(actor: Actor, chosen: CaseFilter, after: str = "") -> Page:
    """The cases in this person's reach, newest first, 50 to a page; names as far as they may be read."""
    query = _cases(actor.scope, chosen)
    if start := place(after, (int,)):
        query = query.where(LegalCase.id < start[0])
    rows = await query.order_by(LegalCase.id, ascending=False).limit(DESK_ROWS + 1)
    return page_of([_case_read(actor, row) for row in rows], DESK_ROWS, "id")


async def case_for(actor: Actor, number: str) -> dict[str, Any] | None:
    """One case by its number, when its station lies in this person's reach. No words."""
    row = await LegalCase.select(*_CASE).where(within(actor.scope, LegalCase.station), LegalCase.number == number).first()
    return _case_read(actor, row) if row else None


async def case_on_paper(scope: Scope, number: str) -> dict[str, Any] | None:
    """One case with both parties' names in full, for the form they sign; only for those who work on cases. No words."""
    return await LegalCase.select(*_CASE).where(within(scope, LegalCase.station), LegalCase.number == number).first()


async def opened_case(case_id: int) -> dict[str, Any]:
    """The plain `facts` of a case and its `steps` with their words, oldest first."""
    row = await LegalCase.select(LegalCase.facts).where(LegalCase.id == case_id).first()
    keys = vault()
    steps = (
        await CaseStep.select(CaseStep.id, CaseStep.state, CaseStep.words, CaseStep.at, CaseStep.by.name.as_alias("by_name"))
        .where(CaseStep.legal_case == case_id)
        .order_by(CaseStep.id)
    )
    return {
        "facts": keys.open("legal_case.facts", case_id, row["facts"]) if row else "",
        "steps": [{**step, "words": keys.open("case_step.words", step["id"], step["words"])} for step in steps],
    }


async def open_case_of(referral_id: int, kind: CaseKind) -> dict[str, Any] | None:
    """The open case of this kind about one referral; None when there is none."""
    return (
        await LegalCase.select(LegalCase.id, LegalCase.number, LegalCase.station, LegalCase.state)
        .where(LegalCase.referral == referral_id, LegalCase.kind == kind.value, LegalCase.state.is_in(_OPEN))
        .first()
    )


async def case_workers(station_id: int) -> list[dict[str, Any]]:
    """Who may work on a station's cases: its staff, managers and legal people. `id`, `name`, `role`."""
    roles = [Role.STAFF.value, Role.MANAGER.value, Role.LEGAL.value]
    return (
        await Account.select(Account.id, Account.name, Account.role)
        .where(Account.station == station_id, Account.active.eq(True), Account.role.is_in(roles))
        .order_by(Account.name)
    )


async def work_behind(scope: Scope, number: str) -> dict[str, Any] | None:
    """The referral a case would be about, by its number: employer, worker, post, placement and the day pay was due.

    In reach are referrals of the asker's posts, of its people, and those its staff made.
    """
    reach = Or(Or(within(scope, Referral.station), within(scope, Referral.seeker_station)), within(scope, Referral.referred_by))
    row = (
        await Referral.select(
            Referral.id,
            Referral.number,
            Referral.state,
            Referral.seeker,
            Referral.seeker.name.as_alias("worker_name"),
            Referral.seeker.number.as_alias("seeker_number"),
            Referral.job.employer.as_alias("employer"),
            Referral.job.employer.name.as_alias("employer_name"),
            Referral.job.employer.kind.as_alias("employer_kind"),
            Referral.job.title.as_alias("title"),
        )
        .where(reach, Referral.number == normal(number))
        .first()
    )
    if row is None:
        return None
    placed = (
        await Placement.select(Placement.id, Placement.started_on, Placement.pay_due_fen, Placement.pay_due_on)
        .where(Placement.referral == row["id"])
        .order_by(Placement.id, ascending=False)
        .first()
    )
    empty: dict[str, date | int | None] = {"id": None, "started_on": None, "pay_due_fen": None, "pay_due_on": None}
    placement = placed or empty
    return {**row, "placement": placement["id"], **{name: placement[name] for name in ("started_on", "pay_due_fen", "pay_due_on")}}


@asked_once
async def frozen_by(employer_id: int) -> dict[str, Any] | None:
    """The open case of unpaid work that keeps this employer from new demands: of any registration of the same document.

    `number`, `station_name`, `station_phone`; None when there is none. LookupError: no such employer.
    """
    own = await Employer.select(Employer.id_index).where(Employer.id == employer_id).first()
    if own is None:
        raise LookupError(employer_id)
    same: Any = LegalCase.employer == employer_id
    if own["id_index"]:
        same = Or(same, LegalCase.employer.id_index.is_in(await document_hashes(employer_id, own["id_index"])))
    return (
        await LegalCase.select(
            LegalCase.number, LegalCase.station.name.as_alias("station_name"), LegalCase.station.phone.as_alias("station_phone")
        )
        .where(same, LegalCase.kind == CaseKind.UNPAID.value, LegalCase.state.is_in(_OPEN))
        .order_by(LegalCase.id)
        .first()
    )
