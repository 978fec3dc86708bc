"""Correcting what was submitted (更正, art. 23): the law asked again, the row changed, old beside new kept, the month's ledger renewed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from typing import Any

from db.actions import ledger as ledger_actions
from db.actions.journal import record as journal
from db.clock import now, today
from db.errors import ConstraintViolated
from db.ids import new_id
from db.numbers import next_number
from db.queries import corrections as queries
from db.queries.correctable_records import PLACES, day_of
from db.queries.jobs import job_terms
from db.queries.parameters import legal_parameters
from db.tables.accounts import Account
from db.tables.complaints import LegalCase
from db.tables.corrections import Correction, CorrectionReview
from db.tables.jobs import Job
from db.tables.referrals import Placement
from db.transaction import action
from db.vault import vault
from rules.codes import (
    CaseKind,
    CorrectionVerdict,
    EndedHow,
    FollowUpKind,
    FollowUpResult,
    PayState,
    PayUnit,
    Side,
    StartEvidence,
)
from rules.corrections import (
    CLOSED,
    MEANWHILE,
    OVER_STATES,
    TO_FORM,
    CorrectableField,
    Value,
    check_changed,
    check_end_corrected,
    check_hours_corrected,
    check_reason,
    check_start_corrected,
    field_of,
    kept_sha256,
    number_of,
    shown,
    stored,
)
from rules.errors import RuleBroken
from rules.followups import RESULTS, questions
from rules.journal import EventKind
from rules.ledger import month_label, month_of
from rules.parameters import whole
from rules.pay import hourly_equivalent, is_lump
from rules.permissions import Actor, Permission, Role
from rules.placements import check_note, check_start, counts_pieces
from rules.referrals import decline_reason_hits
from rules.schedule import Engagement, overlaps, shift_of
from rules.text import clean_line

NOT_FOUND = "没有找到这条记录，请刷新页面。"
TWICE = "同一个人同一天在同一个岗位已经登记过上岗，只算一次，请核对日期。"
NOT_WRITTEN = "这一项还没有登记过，不用更正，请在原来的页面登记。"
_PLAIN = ("date", "whole", "money", "hours", "code")
"""Kinds whose values the journal keeps in plain; texts stay in the correction alone: people are named in them."""

Row = dict[str, Any]


@action
async def correct(record: str, number: str, row_id: int | None, name: str, seen: str, new: Value, reason: str, *, actor: Actor) -> str:
    """Correct one field of a submitted record in the actor's reach; gives the correction's number.

    `number` is the record's public number, `row_id` names the row where several stand under one number, `seen` is
    `rules.corrections.mark_of` the value the person saw. The row changes with it, unless the field stands `beside`.
    In a month that was closed the station's manager alone corrects, and its ledger gets a new version, told to the supervisor.

    RuleBroken: no such record or field, nothing changes, changed meanwhile, no reason, or whatever the action that first
    recorded it would refuse.
    """
    named = field_of(record, name)
    found = await queries.record_in(actor, record, number, row_id)
    if named is None or found is None or not queries.may_correct(actor, record):
        raise RuleBroken(NOT_FOUND)
    field = named[1]
    if record == "job" and found["state"] not in OVER_STATES:
        raise RuleBroken(TO_FORM)
    why = check_reason(reason)
    before = await queries.opened_value(found, field)
    if before in (None, "") and not _may_be_missing(found, field):
        raise RuleBroken(NOT_WRITTEN)
    check_changed(before, seen, new)
    await _check(found, field, new)
    months = _months(found, field, new)
    ledgers = await queries.closed_ledgers(found["station"], months)
    if ledgers and not actor.may(Permission.LEDGER_CLOSE):
        raise RuleBroken(CLOSED.format(month=month_label(ledgers[0]["month"])))
    kept = await _keep(found, field, before, new, why, ledgers[0]["number"] if ledgers else "", actor)
    await _change(found, field, new)
    for ledger in ledgers:
        await ledger_actions.corrected(ledger, actor=actor, reason=f"{kept}：{named[0].label}{number}，{field.label}"[:200])
    return kept


def _may_be_missing(found: Row, field: CorrectableField) -> bool:
    """Whether a field that holds nothing may be corrected to something: the part of the record it belongs to was written."""
    if found["record"] == "placement" and field.name != "evidence_note":
        return field.empty and found["values"]["ended_on"] is not None
    return field.empty


def _months(found: Row, field: CorrectableField, new: Value) -> tuple[int, ...]:
    """The months whose figures it touches: the record's own and, when its day moves, the one it moves to."""
    if field.name == PLACES[found["record"]].day and isinstance(new, date):
        return (found["month"], month_of(new))
    if found["record"] == "legal_case" and field.name == "recovered_fen" and found["closed_at"]:
        return (found["month"], month_of(day_of(found["closed_at"])))
    return (found["month"],)


async def _keep(found: Row, field: CorrectableField, before: Value, new: Value, reason: str, ledger: str, actor: Actor) -> str:
    """The journal entry, which names the one it corrects, and the correction beside the record; its number."""
    correction_id = new_id()
    number = number_of(today(), await next_number(f"correction:{today():%y%m%d}"))
    last = await queries.last_correction(found["record"], found["id"], field.name)
    old_text, new_text = shown(field, before), shown(field, new)
    plain: dict[str, Any] = {"old_value": old_text, "new_value": new_text} if field.kind.value in _PLAIN and not field.sealed else {}
    lies = PLACES[found["record"]]
    kept: Row = {
        "id": correction_id,
        "number": number,
        "record": found["record"],
        "record_id": found["id"],
        "record_number": found["number"],
        "field": field.name,
        "old_text": "" if field.sealed else old_text,
        "new_text": "" if field.sealed else new_text,
        "stored": "" if field.sealed else stored(new),
        "reason": reason,
        "month": found["month"],
        "replaces": last["id"] if last else None,
        "ledger": ledger,
        "made_by": actor.id,
    }
    entry = await journal(
        EventKind.CORRECTED,
        subject=lies.subject,
        subject_id=found[lies.about],
        actor=actor,
        station_id=found["station"],
        corrects=(last["entry"] if last else None) or await queries.entry_of(found, field.name),
        number=number,
        record=found["record"],
        record_number=found["number"],
        corrected_field=field.label,
        **plain,
        reason=reason,
        values_sha256=kept_sha256(kept),
    )
    keys = vault()
    sealed: dict[str, Any] = {
        f"{name}_sealed": keys.seal(f"correction.{name}_sealed", correction_id, text)
        for name, text in (("old", old_text), ("new", new_text))
        if field.sealed
    }
    try:
        await Correction.insert(Correction(**kept, **sealed, station=found["station"], entry=entry, made_at=now()))
    except ConstraintViolated as violated:
        if violated.kind == "unique":
            raise RuleBroken(MEANWHILE, "new") from violated
        raise
    return number


async def _change(found: Row, field: CorrectableField, new: Value) -> None:
    """The current row follows, with what is worked out from the value."""
    if field.beside:
        return
    table: Any = PLACES[found["record"]].table
    values: dict[Any, Any] = {getattr(table, field.name): new}
    if found["record"] == "job" and field.name == "pay_fen":
        terms = await job_terms(found["id"])
        values[Job.hourly_fen] = hourly_equivalent(replace(terms, pay_fen=int(str(new))))
    try:
        await table.update(values).where(table.id == found["id"])
    except ConstraintViolated as violated:
        if violated.kind == "unique":
            raise RuleBroken(TWICE, "new") from violated
        raise


# ---- the law, asked as the action that first recorded it asked it


async def _check(found: Row, field: CorrectableField, new: Value) -> None:
    check = _CHECKS.get((found["record"], field.name)) or _CHECKS.get((found["record"], ""))
    if check is None:
        return
    try:
        await check(found, field, new)
    except RuleBroken as broken:
        raise RuleBroken(broken.message, "new") from broken


async def _start(found: Row, field: CorrectableField, new: Value) -> None:
    assert isinstance(new, date)
    child_age = whole(await legal_parameters(), "child_age", new)
    check_start(
        StartEvidence(found["evidence"]),
        new,
        "更正",
        agreement_signed=True,
        referred_on=day_of(found["referred_at"]),
        agreed_start=found["agreed_start"],
        today=today(),
    )
    check_start_corrected(
        new,
        referred_on=day_of(found["referred_at"]),
        today=today(),
        ended_on=found["values"]["ended_on"],
        born=found["born"],
        least_age=child_age,
    )
    twice = await Placement.exists().where(
        Placement.seeker == found["seeker"], Placement.job == found["job"], Placement.started_on == new, Placement.id != found["id"]
    )
    if twice:
        raise RuleBroken(TWICE)
    await _free(found, new, found["values"]["ended_on"])


async def _end(found: Row, field: CorrectableField, new: Value) -> None:
    assert isinstance(new, date)
    started_on = found["values"]["started_on"]
    check_end_corrected(new, started_on=started_on, pay_due_on=found["values"]["pay_due_on"], today=today())
    await _free(found, started_on, new)


async def _free(found: Row, first: date, last: date | None) -> None:
    """RuleBroken when the person worked somewhere else in these hours on one of these days."""
    mine = await _engagement(found["job"], found["job_version"], first, last)
    others = await Placement.select(
        Placement.job,
        Placement.started_on,
        Placement.ended_on,
        Placement.referral.number.as_alias("number"),
        Placement.referral.job_version.as_alias("job_version"),
    ).where(Placement.seeker == found["seeker"], Placement.id != found["id"])
    for other in others:
        theirs = await _engagement(other["job"], other["job_version"], other["started_on"], other["ended_on"])
        if overlaps(mine, theirs):
            when = f"{theirs.start_date.isoformat()}至{theirs.end_date.isoformat()}"
            raise RuleBroken(f"和本人另一份活（{other['number']}，{when}）的时间冲突，请核对。")


async def _engagement(job_id: int, version: int, first: date, last: date | None) -> Engagement:
    terms = await job_terms(job_id, version)
    return Engagement(first, max(last or terms.end_date or first, first), None if terms.live_in else shift_of(terms))


async def _hours(found: Row, field: CorrectableField, new: Value) -> None:
    terms = await job_terms(found["job"], found["job_version"])
    by_hour = terms.pay_unit is PayUnit.HOUR and not is_lump(terms)
    values = found["values"]
    check_hours_corrected(
        None if new is None else int(str(new)), started_on=values["started_on"], ended_on=values["ended_on"], by_hour=by_hour
    )


async def _pieces(found: Row, field: CorrectableField, new: Value) -> None:
    if new is None and counts_pieces(await job_terms(found["job"], found["job_version"])):
        raise RuleBroken("这个活按件算工钱，请填写做了多少件（单、次）。")


async def _pay_day(found: Row, field: CorrectableField, new: Value) -> None:
    if isinstance(new, date) and new < found["values"]["started_on"]:
        raise RuleBroken("付钱的日子早于到岗日期，请核对。")


async def _evidence_note(found: Row, field: CorrectableField, new: Value) -> None:
    check_note(StartEvidence(found["evidence"] if found["record"] == "placement" else found["kind"]), str(new or ""))


async def _ended_reason(found: Row, field: CorrectableField, new: Value) -> None:
    if found["ended_how"] == EndedHow.QUIT_EARLY.value and len(str(new or "").strip()) < 2:
        raise RuleBroken("中途结束的，请在“说明”里写明原因。")


async def _employer_reason(found: Row, field: CorrectableField, new: Value) -> None:
    if decline_reason_hits(str(new), "new"):
        raise RuleBroken("这个理由涉嫌就业歧视，不能这样写；请写和干活有关的真实原因。")


_ASKED = {"pay_state": "pay"}


async def _call_back(found: Row, field: CorrectableField, new: Value) -> None:
    """Only what this call-back asks; who says that pay is missing gets a case first."""
    kind, side = FollowUpKind(found["kind"]), Side(found["side"])
    if field.name == "method":
        return
    if not found["answered"]:
        raise RuleBroken("这次没有打通，没有问到什么，不用更正；问到了请另外登记一次回访。")
    if _ASKED.get(field.name, field.name) not in questions(kind, side):
        raise RuleBroken("这次回访没有问这一项，请核对要更正的是哪一项。")
    if field.name == "result" and FollowUpResult(str(new)) not in RESULTS[kind]:
        raise RuleBroken("这次回访不能选这一项，请核对。")
    unpaid = field.name == "pay_state" and side is Side.WORKER and new in (PayState.UNPAID.value, PayState.PARTLY.value)
    case = LegalCase.exists().where(LegalCase.referral == found["referral"], LegalCase.kind == CaseKind.UNPAID.value)
    if unpaid and not await case:
        raise RuleBroken("改成这样就是拖欠工钱，先要立案：请到“维权”里办理立案，再来更正。")


async def _agreement_end(found: Row, field: CorrectableField, new: Value) -> None:
    if isinstance(new, date) and found["signed_at"] and new < day_of(found["signed_at"]):
        raise RuleBroken("最后一天早于签协议的日子，请核对。")


async def _limit(found: Row, field: CorrectableField, new: Value) -> None:
    if isinstance(new, date) and new < found["day"]:
        raise RuleBroken("时效的日子早于立案的日子，请核对。")


async def _held(found: Row, field: CorrectableField, new: Value) -> None:
    if isinstance(new, date) and new > today():
        raise RuleBroken("日期不能晚于今天。")


async def _headcount(found: Row, field: CorrectableField, new: Value) -> None:
    if int(str(new)) < found["placed_count"]:
        raise RuleBroken(f"已经有{found['placed_count']}人上岗，招工人数不能比这少。")


async def _job_pay(found: Row, field: CorrectableField, new: Value) -> None:
    if int(str(new)) <= 0:
        raise RuleBroken("工钱要大于0。")


async def _job_days(found: Row, field: CorrectableField, new: Value) -> None:
    first, last = found["values"]["start_date"], found["values"]["end_date"]
    first, last = (new, last) if field.name == "start_date" else (first, new)
    if isinstance(first, date) and isinstance(last, date) and last < first:
        raise RuleBroken("最后一天早于第一天，请核对。")


_CHECKS: dict[tuple[str, str], Callable[[Row, CorrectableField, Value], Awaitable[None]]] = {
    ("placement", "started_on"): _start,
    ("placement", "ended_on"): _end,
    ("placement", "worked_minutes"): _hours,
    ("placement", "pieces"): _pieces,
    ("placement", "pay_due_on"): _pay_day,
    ("placement", "evidence_note"): _evidence_note,
    ("placement", "ended_reason"): _ended_reason,
    ("evidence", "note"): _evidence_note,
    ("referral", "employer_reason"): _employer_reason,
    ("follow_up", ""): _call_back,
    ("agreement", "ended_on"): _agreement_end,
    ("legal_case", "limit_on"): _limit,
    ("activity", "held_on"): _held,
    ("job", "headcount"): _headcount,
    ("job", "pay_fen"): _job_pay,
    ("job", "start_date"): _job_days,
    ("job", "end_date"): _job_days,
}


@action
async def review_correction(correction_id: int, verdict: CorrectionVerdict | None, note: str, *, actor: Actor) -> None:
    """The manager says whether a correction by staff is right; appended, once.

    RuleBroken: no verdict, one's own correction, a manager's, looked over before, or 不属实 without saying what is wrong.
    """
    row = (
        await Correction.select(Correction.id, Correction.number, Correction.station, Correction.made_by, Correction.record_number)
        .where(Correction.id == correction_id)
        .first()
    )
    if row is None:
        raise RuleBroken(NOT_FOUND)
    if verdict is None:
        raise RuleBroken("请选择属实还是不属实。", "verdict")
    if row["made_by"] == actor.id:
        raise RuleBroken("自己做的更正不能自己复核。")
    maker = await Account.select(Account.role).where(Account.id == row["made_by"]).first()
    if maker is None or maker["role"] != Role.STAFF.value:
        raise RuleBroken("负责人自己做的更正不用复核。")
    if await CorrectionReview.exists().where(CorrectionReview.correction == correction_id):
        raise RuleBroken("这次更正已经复核过了，请刷新页面。")
    said = clean_line(note)[:200]
    if verdict is CorrectionVerdict.OBJECTED and len(said) < 4:
        raise RuleBroken("不属实的，请写明哪里不对、应该是什么，经办人好再更正。", "note")
    await CorrectionReview.insert(CorrectionReview(correction=correction_id, verdict=verdict.value, note=said, by=actor.id, at=now()))
    await journal(
        EventKind.CORRECTION_REVIEWED,
        subject="correction",
        subject_id=correction_id,
        actor=actor,
        station_id=row["station"],
        number=row["number"],
        record_number=row["record_number"],
        correction_verdict=verdict.value,
    )
