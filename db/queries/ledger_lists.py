"""Part 2 of the monthly ledger (月度台账明细, domain reference 8.3): nine lists, each line signed, corrected values beside the new ones.

Everything is masked as it may leave the station, for everybody: the ledger goes to the supervising unit. One SQL per kind of
row, whatever the month's size. A record that a correction moved into another month stays here, struck through.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from piccolo.columns.combination import And, Or, WhereRaw

from db.clock import CHINA
from db.queries.ledger_figures import SOURCES, Span, masked_employer, spans_of
from db.tables.activities import Activity
from db.tables.agreements import Agreement
from db.tables.complaints import Complaint, LegalCase
from db.tables.corrections import Correction
from db.tables.followups import FollowUp
from db.tables.jobs import Job
from db.tables.referrals import Evidence, Placement
from db.tables.seekers import Seeker, SeekerTrade
from rules.activities import IncidentLevel
from rules.codes import (
    SUBDISTRICTS,
    TRADES,
    ActivityKind,
    AgreementState,
    AgreementType,
    CaseKind,
    CaseState,
    ComplaintDecision,
    ComplaintKind,
    ComplaintLevel,
    ComplaintRoute,
    ComplaintState,
    FollowUpKind,
    FollowUpMethod,
    FollowUpResult,
    Origin,
    PayState,
    PayUnit,
    SettleCycle,
    Side,
    StartEvidence,
    VerifyMethod,
)
from rules.corrections import RECORDS, field_of
from rules.journal import LATE_AFTER
from rules.journal_reading import without_contacts
from rules.ledger import COLUMNS, Cell, LedgerFigure, LedgerList, LedgerListKind, Line, month_label, month_of
from rules.masking import mask_address, mask_name
from rules.money import yuan

_K = LedgerListKind
_GENDERS = {"M": "男", "F": "女"}
HIDDEN = "（内容不在台账上显示）"
"""What stands in list ⑨ for words that are kept sealed."""


async def lists_of(station_id: int, month: int, today: date) -> tuple[LedgerList, ...]:
    """The nine lists of a station the caller found in scope, in order."""
    corrections = Corrections(await corrections_of(station_id, month))
    return tuple([await _list(kind, station_id, month, today, corrections) for kind in LedgerListKind])


async def list_of(kind: LedgerListKind, station_id: int, month: int, today: date) -> LedgerList:
    """One of them."""
    return await _list(kind, station_id, month, today, Corrections(await corrections_of(station_id, month)))


async def _list(kind: LedgerListKind, station_id: int, month: int, today: date, corrections: Corrections) -> LedgerList:
    span = spans_of(month)["month"]
    match kind:
        case _K.JOBS:
            lines = await _jobs(station_id, span, today, corrections)
        case _K.SEEKERS:
            lines = await _seekers(station_id, span)
        case _K.PLACEMENTS:
            lines = await _placements(station_id, month, span, corrections)
        case _K.FOLLOW_UPS:
            lines = await _follow_ups(station_id, span, corrections)
        case _K.CASES:
            consulted = await _activities(station_id, month, ActivityKind.CONSULTATION, corrections)
            lines = _by_day(await _cases(station_id, span, corrections), consulted)
        case _K.TRAININGS:
            lines = await _activities(station_id, month, ActivityKind.TRAINING, corrections)
        case _K.VISITS:
            lines = await _activities(station_id, month, ActivityKind.VISIT, corrections)
        case _K.INCIDENTS:
            incidents = await _activities(station_id, month, ActivityKind.INCIDENT, corrections)
            lines = _by_day(await _complaints(station_id, span), incidents)
        case _K.CORRECTIONS:
            lines = corrections.lines()
    return LedgerList(kind, COLUMNS[kind], tuple(lines))


_MOVED = """EXISTS (SELECT 1 FROM correction AS moved WHERE moved.record = "correction"."record"
  AND moved.record_id = "correction"."record_id" AND moved.field IN ('started_on', 'held_on')
  AND moved.stored >= {} AND moved.stored < {})"""
_CORRECTION = (
    *(Correction.id, Correction.number, Correction.record, Correction.record_id, Correction.record_number, Correction.field),
    *(Correction.old_text, Correction.new_text, Correction.reason, Correction.made_at, Correction.month),
    Correction.made_by.name.as_alias("maker"),
)


async def corrections_of(station_id: int, month: int) -> list[dict[str, Any]]:
    """The corrections of a month's records and of those that a correction moved into the month, in the order they were made."""
    span = spans_of(month)["month"]
    moved = WhereRaw(_MOVED, span.first.isoformat(), span.end.isoformat())
    return (
        await Correction.select(*_CORRECTION)
        .where(Correction.station == station_id, Or(Correction.month == month, moved))
        .order_by(Correction.id)
    )


class Corrections:
    """The corrections of a ledger: each has its number ①, ② … by its place in list ⑨."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self.rows = rows
        self.of: dict[tuple[str, int], list[tuple[int, dict[str, Any]]]] = defaultdict(list)
        for mark, row in enumerate(rows, 1):
            self.of[row["record"], row["record_id"]].append((mark, row))

    def cell(self, record: str, id: int, field: str, text: str, *, amount: int | None = None, money: bool = False) -> Cell:
        """The cell of a field as it stands now, with what stood there before."""
        found = [(mark, row) for mark, row in self.of.get((record, id), ()) if row["field"] == field]
        was = tuple(without_contacts(row["old_text"].removesuffix("元") if money else row["old_text"]) for _, row in found)
        return Cell(text, was, tuple(mark for mark, _ in found), amount, money)

    def number(self, record: str, id: int, text: str, *shown: str) -> Cell:
        """The cell of a record's number: it carries the marks of corrected fields that have no cell of their own (`shown`)."""
        return Cell(text, marks=tuple(mark for mark, row in self.of.get((record, id), ()) if row["field"] not in shown))

    def ids(self, record: str, field: str) -> list[int]:
        """The records of a kind of which this field was corrected."""
        return sorted({row["record_id"] for row in self.rows if row["record"] == record and row["field"] == field})

    def first(self, record: str, id: int, field: str) -> str:
        """What a field said before it was ever corrected; "" when it never was."""
        return next((row["old_text"] for _, row in self.of.get((record, id), ()) if row["field"] == field), "")

    def lines(self) -> list[Line]:
        """List ⑨."""
        return [_correction(row) for row in self.rows]


def _correction(row: Mapping[str, Any]) -> Line:
    known = field_of(row["record"], row["field"])
    sealed, person = (known[1].sealed, known[1].person) if known else (False, False)
    old, new = ("", "") if sealed else (row["old_text"], row["new_text"])
    if person:
        old, new = mask_name(old), mask_name(new)
    record = RECORDS[row["record"]].label if row["record"] in RECORDS else row["record"]
    texts = (
        f"{record} {row['record_number']}".strip(),
        known[1].label if known else row["field"],
        HIDDEN if sealed else without_contacts(old),
        HIDDEN if sealed else without_contacts(new),
        without_contacts(row["reason"]),
        moment_text(row["made_at"]),
        row["maker"],
    )
    return Line(tuple(Cell(text) for text in texts), row["number"], row["maker"], key=f"correction:{row['id']}")


def moment_text(moment: datetime) -> str:
    """A moment as the ledger writes it: 2026-12-01 09:00."""
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M}"


def _china(moment: datetime | None) -> date | None:
    return moment.astimezone(CHINA).date() if moment else None


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _yuan(fen: int | None) -> str:
    return "" if fen is None else yuan(fen)


def _trade(code: str) -> str:
    return TRADES[code].label if code in TRADES else code


def _by_day(*parts: Iterable[Line]) -> list[Line]:
    return sorted((line for part in parts for line in part), key=lambda line: (line.cells[0].text, line.key))


# ① -----------------------------------------------------------------------------------------------


async def _jobs(station_id: int, span: Span, today: date, corrections: Corrections) -> list[Line]:
    rows = (
        await Job.select(
            *(Job.id, Job.number, Job.title, Job.employer_label, Job.trade, Job.headcount, Job.pay_fen, Job.pay_unit, Job.settle_cycle),
            *(Job.verify_method, Job.verified_on, Job.created_at, Job.author.name.as_alias("author_name")),
            *(Job.employer.name.as_alias("employer"), Job.employer.kind.as_alias("employer_kind")),
        )
        .where(SOURCES[LedgerFigure.POSTS].rows(station_id, span, today))
        .order_by(Job.id)
    )
    return [_job(row, corrections) for row in rows]


def _job(row: Mapping[str, Any], corrections: Corrections) -> Line:
    id = row["id"]
    verified = f"{VerifyMethod.label_of(row['verify_method'])} {row['verified_on']:%m-%d}" if row["verified_on"] else "还没有"
    cells = (
        Cell(_iso(_china(row["created_at"]))),
        corrections.number("job", id, row["number"], "title", "headcount", "pay_fen"),
        corrections.cell("job", id, "title", without_contacts(row["title"])),
        Cell(masked_employer(row)),
        Cell(_trade(row["trade"])),
        corrections.cell("job", id, "headcount", str(row["headcount"]), amount=row["headcount"]),
        corrections.cell("job", id, "pay_fen", pay_of(row)),
        Cell(verified),
    )
    return Line(cells, row["number"], row["author_name"], key=f"job:{id}")


def pay_of(row: Mapping[str, Any]) -> str:
    """What a post pays: 220元/天 日结."""
    return f"{yuan(row['pay_fen'])}元/{PayUnit.label_of(row['pay_unit'])} {SettleCycle.label_of(row['settle_cycle'])}".strip()


# ② -----------------------------------------------------------------------------------------------


async def _seekers(station_id: int, span: Span) -> list[Line]:
    here: Any = And(Seeker.station == station_id, span.of(Seeker.created_at, moments=True))
    rows = (
        await Seeker.select(
            *(Seeker.id, Seeker.number, Seeker.name, Seeker.gender, Seeker.birth_date, Seeker.subdistrict, Seeker.community),
            *(Seeker.source, Seeker.merged_into, Seeker.created_at, Seeker.created_by.name.as_alias("creator")),
        )
        .where(here)
        .order_by(Seeker.id)
    )
    trades: dict[int, list[str]] = defaultdict(list)
    for each in (
        await SeekerTrade.select(SeekerTrade.seeker, SeekerTrade.trade)
        .where(SeekerTrade.seeker.is_in(Seeker.select(Seeker.id).where(here)))
        .order_by(SeekerTrade.id)
    ):
        trades[each["seeker"]].append(_trade(each["trade"]))
    return [_seeker(row, trades[row["id"]]) for row in rows]


def _seeker(row: Mapping[str, Any], trades: list[str]) -> Line:
    cells = (
        *(_iso(_china(row["created_at"])), row["number"], mask_name(row["name"]) or "已匿名", _GENDERS.get(row["gender"], "")),
        *(f"{row['birth_date'].year}年" if row["birth_date"] else "",),
        *(mask_address(SUBDISTRICTS.get(row["subdistrict"], ""), row["community"]), "、".join(trades), Origin.label_of(row["source"])),
    )
    void = "重复登记，已并入另一份登记" if row["merged_into"] else ""
    return Line(tuple(Cell(text) for text in cells), row["number"], row["creator"], void=void, key=f"seeker:{row['id']}")


# ③ -----------------------------------------------------------------------------------------------


async def _placements(station_id: int, month: int, span: Span, corrections: Corrections) -> list[Line]:
    started: Any = span.of(Placement.started_on, moments=False)
    if moved := corrections.ids("placement", "started_on"):
        started = Or(started, Placement.id.is_in(moved))
    here: Any = And(Placement.station == station_id, started)
    rows = (
        await Placement.select(
            *(Placement.id, Placement.started_on, Placement.evidence, Placement.evidence_note, Placement.recorded_at),
            *(Placement.pay_due_fen, Placement.recorded_by.name.as_alias("recorder"), Placement.referral.as_alias("referral_id")),
            *(Placement.referral.number.as_alias("referral"), Placement.seeker.name.as_alias("worker")),
            *(Placement.job.number.as_alias("job"), Placement.job.title.as_alias("title"), Placement.job.trade.as_alias("trade")),
            *(Placement.job.pay_fen.as_alias("pay_fen"), Placement.job.pay_unit.as_alias("pay_unit")),
            *(Placement.job.settle_cycle.as_alias("settle_cycle"), Placement.job.employer_label.as_alias("employer_label")),
            *(Placement.job.employer.name.as_alias("employer"), Placement.job.employer.kind.as_alias("employer_kind")),
        )
        .where(here)
        .order_by(Placement.started_on)
        .order_by(Placement.id)
    )
    these = Placement.select(Placement.id).where(here)
    agreements, proofs, calls = await _agreements(here), await _proofs(these), await _calls(these)
    return [
        _placement(row, month, corrections, agreements.get(row["referral_id"], ""), proofs.get(row["id"], []), calls.get(row["id"], ""))
        for row in rows
    ]


async def _agreements(here: Any) -> dict[int, str]:
    """Type and number of the agreement of each referral: of several the newest that was not cancelled."""
    out = [AgreementState.VOID.value, AgreementState.CANCELLED.value]
    rows = (
        await Agreement.select(Agreement.referral, Agreement.number, Agreement.type)
        .where(Agreement.referral.is_in(Placement.select(Placement.referral).where(here)), Agreement.state.not_in(out))
        .order_by(Agreement.id)
    )
    return {row["referral"]: f"{AgreementType.label_of(row['type'])} {row['number']}" for row in rows}


async def _proofs(these: Any) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = await Evidence.select(Evidence.placement, Evidence.kind).where(Evidence.placement.is_in(these)).order_by(Evidence.id)
    for row in rows:
        found[row["placement"]].append(row["kind"])
    return found


async def _calls(these: Any) -> dict[int, str]:
    """What the last call-back of each placement came to."""
    rows = (
        await FollowUp.select(FollowUp.placement, FollowUp.side, FollowUp.kind, FollowUp.answered, FollowUp.result)
        .where(FollowUp.placement.is_in(these))
        .order_by(FollowUp.id)
    )
    return {row["placement"]: f"{Side.label_of(row['side'])}：{_result(row)}" for row in rows}


def _result(row: Mapping[str, Any]) -> str:
    if not row["answered"]:
        return "没接通"
    return FollowUpResult.label_of(row["result"]) if row["result"] else "已回访"


def _placement(row: Mapping[str, Any], month: int, corrections: Corrections, agreement: str, proofs: list[str], call: str) -> Line:
    id = row["id"]
    kinds = list(dict.fromkeys([row["evidence"], *proofs]))
    note = without_contacts(row["evidence_note"])
    proof = "、".join(StartEvidence.label_of(kind) for kind in kinds) + (f"：{note}" if note else "")
    now = month_of(row["started_on"])
    due = row["pay_due_fen"]
    cells = (
        Cell(_iso(_china(row["recorded_at"]))),
        corrections.number("placement", id, row["referral"], "started_on", "evidence_note", "pay_due_fen"),
        Cell(row["job"]),
        Cell(masked_employer(row)),
        Cell(mask_name(row["worker"])),
        Cell(_trade(row["trade"])),
        Cell(pay_of(row)),
        corrections.cell("placement", id, "pay_due_fen", _yuan(due), amount=due if now == month else None, money=True),
        corrections.cell("placement", id, "started_on", _iso(row["started_on"])),
        Cell(agreement or "没有"),
        corrections.cell("placement", id, "evidence_note", proof),
        Cell(call or "还没有"),
    )
    said = corrections.first("placement", id, "started_on")
    started = date.fromisoformat(said) if said else row["started_on"]
    late = f"补录：{note or '没有写原因'}" if _late(started, row["recorded_at"]) else ""
    void = "" if now == month else f"到岗日期更正后，计入{month_label(now)}"
    return Line(cells, row["referral"], row["recorder"], late=late, void=void, key=f"placement:{id}")


def _late(day: date, recorded_at: datetime) -> bool:
    """Whether something of that day was written down more than 24 hours after it was over, as the journal says it."""
    return recorded_at - datetime.combine(day, time(23, 59, 59), CHINA).astimezone(UTC) > LATE_AFTER


# ④ -----------------------------------------------------------------------------------------------


async def _follow_ups(station_id: int, span: Span, corrections: Corrections) -> list[Line]:
    rows = (
        await FollowUp.select(
            *(FollowUp.id, FollowUp.made_on, FollowUp.kind, FollowUp.side, FollowUp.attempt, FollowUp.method, FollowUp.answered),
            *(FollowUp.result, FollowUp.satisfaction, FollowUp.pay_state, FollowUp.pay_fen, FollowUp.complaint, FollowUp.legal_case),
            *(FollowUp.due_on, FollowUp.referral.number.as_alias("referral"), FollowUp.made_by.name.as_alias("maker")),
        )
        .where(FollowUp.station == station_id, span.of(FollowUp.made_on, moments=False))
        .order_by(FollowUp.made_on)
        .order_by(FollowUp.id)
    )
    return [_follow_up(row, corrections) for row in rows]


def _follow_up(row: Mapping[str, Any], corrections: Corrections) -> Line:
    def cell(field: str, text: str, **more: Any) -> Cell:
        return corrections.cell("follow_up", row["id"], field, text, **more)

    led_to = [text for text in (row["complaint"] and f"投诉 {row['complaint']}", row["legal_case"] and f"维权 {row['legal_case']}") if text]
    late = ["超过期限"] if row["made_on"] > row["due_on"] else []
    cells = (
        Cell(_iso(row["made_on"])),
        corrections.number("follow_up", row["id"], row["referral"], "method", "result", "satisfaction", "pay_state", "pay_fen"),
        Cell(FollowUpKind.label_of(row["kind"])),
        Cell(Side.label_of(row["side"])),
        cell("method", FollowUpMethod.label_of(row["method"])),
        cell("result", _result(row) if row["answered"] else f"第{row['attempt']}次没接通"),
        cell("satisfaction", str(row["satisfaction"] or "")),
        cell("pay_state", PayState.label_of(row["pay_state"]) if row["pay_state"] else ""),
        cell("pay_fen", _yuan(row["pay_fen"]), amount=row["pay_fen"], money=True),
        Cell("；".join(late + led_to)),
    )
    return Line(cells, row["referral"], row["maker"], key=f"follow_up:{row['id']}")


# ⑤ -----------------------------------------------------------------------------------------------


async def _cases(station_id: int, span: Span, corrections: Corrections) -> list[Line]:
    within: Any = Or(span.of(LegalCase.opened_at, moments=True), span.of(LegalCase.closed_at, moments=True))
    rows = (
        await LegalCase.select(
            *(LegalCase.id, LegalCase.number, LegalCase.kind, LegalCase.state, LegalCase.claim_fen, LegalCase.recovered_fen),
            *(LegalCase.opened_at, LegalCase.closed_at, LegalCase.seeker.name.as_alias("worker")),
            *(LegalCase.employer.name.as_alias("employer"), LegalCase.employer.kind.as_alias("employer_kind")),
            *(LegalCase.opened_by.name.as_alias("opener"), LegalCase.handler.name.as_alias("handler_name")),
        )
        .where(LegalCase.station == station_id, within)
        .order_by(LegalCase.id)
    )
    return [_case(row, span, corrections) for row in rows]


def _case(row: Mapping[str, Any], span: Span, corrections: Corrections) -> Line:
    id, closed = row["id"], _china(row["closed_at"])
    this_month = closed is not None and span.first <= closed < span.end
    cells = (
        Cell(_iso(_china(row["opened_at"]))),
        corrections.number("legal_case", id, row["number"], "claim_fen", "recovered_fen"),
        Cell(CaseKind.label_of(row["kind"])),
        Cell(f"{mask_name(row['worker'])}　{masked_employer({**row, 'title': ''})}"),
        Cell(""),
        corrections.cell("legal_case", id, "claim_fen", _yuan(row["claim_fen"]), amount=row["claim_fen"], money=True),
        Cell(CaseState.label_of(row["state"])),
        Cell(_iso(closed)),
        corrections.cell(
            "legal_case", id, "recovered_fen", _yuan(row["recovered_fen"]), amount=row["recovered_fen"] if this_month else None, money=True
        ),
    )
    void = CaseState.MISTAKEN.label if row["state"] == CaseState.MISTAKEN.value else ""
    return Line(cells, row["number"], row["handler_name"] or row["opener"], void=void, key=f"legal_case:{id}")


# ⑤ ⑥ ⑦ ⑧ -----------------------------------------------------------------------------------------


async def _activities(station_id: int, month: int, kind: ActivityKind, corrections: Corrections) -> list[Line]:
    span = spans_of(month)["month"]
    held: Any = span.of(Activity.held_on, moments=False)
    if moved := corrections.ids("activity", "held_on"):
        held = Or(held, Activity.id.is_in(moved))
    rows = (
        await Activity.select(
            *(Activity.id, Activity.number, Activity.held_on, Activity.title, Activity.people, Activity.level, Activity.outcome),
            *(Activity.place, Activity.late_reason, Activity.recorded_by.name.as_alias("recorder"), Activity.topic),
            *(Activity.employer.name.as_alias("employer"), Activity.employer.kind.as_alias("employer_kind")),
        )
        .where(Activity.station == station_id, Activity.kind == kind.value, held)
        .order_by(Activity.held_on)
        .order_by(Activity.id)
    )
    return [_activity(row, kind, month, corrections) for row in rows]


def _activity(row: Mapping[str, Any], kind: ActivityKind, month: int, corrections: Corrections) -> Line:
    id, now = row["id"], month_of(row["held_on"])

    def cell(field: str, text: str, **more: Any) -> Cell:
        return corrections.cell("activity", id, field, without_contacts(text), **more)

    day = cell("held_on", _iso(row["held_on"]))
    people = cell("people", str(row["people"]), amount=row["people"] if now == month else None)
    title, place, outcome = cell("title", row["title"]), cell("place", row["place"]), cell("outcome", row["outcome"])

    def number(*shown: str) -> Cell:
        return corrections.number("activity", id, row["number"], "held_on", "title", "outcome", *shown)

    cells: tuple[Cell, ...]
    match kind:
        case ActivityKind.TRAINING:
            cells = (day, number("people", "place"), title, place, people, outcome)
        case ActivityKind.VISIT:
            cells = (day, number("place"), title, place, Cell(masked_employer({**row, "title": ""})), outcome)
        case ActivityKind.INCIDENT:
            cells = (day, number(), Cell(kind.label), title, Cell(IncidentLevel.label_of(row["level"])), outcome, Cell(""))
        case _:
            who = Cell(masked_employer({**row, "title": ""}))
            cells = (day, number("people"), title, who, people, Cell(""), outcome, Cell(""), Cell(""))
    late = f"补录：{without_contacts(row['late_reason'])}" if row["late_reason"] else ""
    void = "" if now == month else f"日期更正后，计入{month_label(now)}"
    return Line(cells, row["number"], row["recorder"], late=late, void=void, key=f"activity:{id}")


async def _complaints(station_id: int, span: Span) -> list[Line]:
    within: Any = Or(span.of(Complaint.opened_at, moments=True), span.of(Complaint.closed_at, moments=True))
    rows = (
        await Complaint.select(
            *(Complaint.id, Complaint.number, Complaint.kind, Complaint.level, Complaint.state, Complaint.decision),
            *(Complaint.opened_at, Complaint.closed_at, Complaint.opened_by.name.as_alias("opener")),
            Complaint.decided_by.name.as_alias("decider"),
        )
        .where(Complaint.station == station_id, Complaint.route == ComplaintRoute.STATION.value, within)
        .order_by(Complaint.id)
    )
    return [_complaint(row) for row in rows]


def _complaint(row: Mapping[str, Any]) -> Line:
    decided = f"：{ComplaintDecision.label_of(row['decision'])}" if row["decision"] else ""
    texts = (
        *(_iso(_china(row["opened_at"])), row["number"], "投诉", ComplaintKind.label_of(row["kind"])),
        *(ComplaintLevel.label_of(row["level"]), ComplaintState.label_of(row["state"]) + decided, _iso(_china(row["closed_at"]))),
    )
    return Line(
        tuple(Cell(text) for text in texts), row["number"], row["decider"] or row["opener"] or "网上收到", key=f"complaint:{row['id']}"
    )
