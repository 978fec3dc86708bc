"""Corrections (更正, art. 23): what of a submitted record may be corrected, how a typed value is read, and what both values say.

A correction stands beside what it corrects: old and new value, reason, who, when. Most fields change in their row in the
same transaction; a field marked `beside` never does (evidence, steps, sealed words): there the correction is the value.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from rules import codes
from rules.codes import Labelled
from rules.errors import RuleBroken
from rules.masking import mask_name
from rules.money import parse_yuan, yuan
from rules.permissions import Actor, Permission
from rules.text import clean_line, clean_text, limited

Value = date | int | str | None

REASON_LEAST, REASON_MOST = 4, 200
SAME = "改后的内容和现在的一样，不用更正。"
MEANWHILE = "刚才有人先更正了这一项，现在的内容已经变了。请看清楚现在的内容，再决定要不要更正。"
CLOSED = "{month}的月度台账已经结账，里面的记录只能由驿站负责人更正。请告诉负责人：哪一项、原来是什么、应该是什么、为什么。"
TO_FORM = "这个岗位还没有结束，不用更正：请在岗位页点“修改”，改好后重新提交审核。"
OVER_STATES = ("FILLED", "EXPIRED", "WITHDRAWN", "TAKEN_DOWN")


class FieldKind(StrEnum):
    """How a value is typed and kept."""

    DATE = "date"
    LINE = "line"
    TEXT = "text"
    WHOLE = "whole"
    MONEY = "money"
    HOURS = "hours"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class CorrectableField:
    """One field. `beside`: the row keeps what was typed first. `sealed`: both values of the correction are sealed.

    `table` is that of a CODE; `empty` says that nothing is a value, too; `person` that it names somebody, and only the
    station's own people read it in full.
    """

    name: str
    label: str
    kind: FieldKind
    table: type[Labelled] | None = None
    least: int = 0
    most: int = 999_999
    length: int = 200
    empty: bool = False
    beside: bool = False
    sealed: bool = False
    person: bool = False


@dataclass(frozen=True, slots=True)
class CorrectableRecord:
    """One kind of record: its name in the database, what people call it, who may correct it and read it, its fields."""

    name: str
    label: str
    corrected_by: Permission
    read_by: Permission
    fields: tuple[CorrectableField, ...]

    def field(self, name: str) -> CorrectableField | None:
        """The field of that name, or None when it is not corrected here."""
        return next((field for field in self.fields if field.name == name), None)


_F, _K, _P = CorrectableField, FieldKind, Permission


def _words(name: str, label: str) -> CorrectableField:
    return CorrectableField(name, label, FieldKind.TEXT, length=1000, beside=True, sealed=True)


RECORDS: dict[str, CorrectableRecord] = {
    record.name: record
    for record in (
        CorrectableRecord(
            "placement",
            "上岗",
            _P.PLACEMENTS_RECORD,
            _P.PLACEMENTS_READ,
            (
                _F("started_on", "到岗日期", _K.DATE),
                _F("evidence_note", "依据说明", _K.LINE, empty=True),
                _F("ended_on", "最后一天", _K.DATE),
                _F("ended_reason", "结束说明", _K.LINE, empty=True),
                _F("worked_minutes", "一共做了几小时", _K.HOURS, most=999_999, empty=True),
                _F("pieces", "一共做了多少件", _K.WHOLE, empty=True),
                _F("pay_due_fen", "应付工钱（元）", _K.MONEY),
                _F("pay_due_on", "付清的日子", _K.DATE),
            ),
        ),
        CorrectableRecord(
            "evidence", "上岗依据", _P.PLACEMENTS_RECORD, _P.PLACEMENTS_READ, (_F("note", "依据说明", _K.LINE, empty=True, beside=True),)
        ),
        CorrectableRecord(
            "referral",
            "推荐",
            _P.REFERRALS_PROPOSE,
            _P.REFERRALS_READ,
            (
                _F("employer_answered_by", "雇主方答复人", _K.LINE, length=40, empty=True, person=True),
                _F("employer_reason", "雇主不要的原因", _K.LINE),
                _F("worker_reason", "零工不去的原因", _K.LINE),
                _F("close_reason", "结束的原因", _K.LINE),
            ),
        ),
        CorrectableRecord(
            "follow_up",
            "回访",
            _P.FOLLOW_UPS_RECORD,
            _P.FOLLOW_UPS_RECORD,
            (
                _F("method", "回访方式", _K.CODE, codes.FollowUpMethod),
                _F("result", "到岗情况", _K.CODE, codes.FollowUpResult),
                _F("arrived", "来了几人", _K.WHOLE, most=9999, empty=True),
                _F("performance", "干得怎么样", _K.CODE, codes.Performance, empty=True),
                _F("satisfaction", "满意度（1到5）", _K.WHOLE, least=1, most=5, empty=True),
                _F("pay_state", "工钱", _K.CODE, codes.PayState, empty=True),
                _F("pay_fen", "拿到多少（元）", _K.MONEY, empty=True),
                _F("spoken_with", "和谁通的话", _K.LINE, length=40, beside=True, sealed=True, person=True),
                _words("note", "说明"),
            ),
        ),
        CorrectableRecord(
            "agreement",
            "协议",
            _P.AGREEMENTS_DRAFT,
            _P.AGREEMENTS_READ,
            (
                _F("archive_place", "原件存放处", _K.LINE, length=40),
                _F("ended_on", "最后一天", _K.DATE),
                _F("end_reason", "结束的原因", _K.LINE),
            ),
        ),
        CorrectableRecord(
            "legal_case",
            "维权",
            _P.CASES_WORK,
            _P.CASES_READ,
            (
                _F("claim_fen", "说欠多少（元）", _K.MONEY, empty=True),
                _F("recovered_fen", "拿到多少（元）", _K.MONEY),
                _F("limit_on", "时效提示", _K.DATE),
                _words("facts", "事情"),
            ),
        ),
        CorrectableRecord("case_step", "维权办理经过", _P.CASES_WORK, _P.CASES_READ, (_words("words", "经过"),)),
        CorrectableRecord("complaint", "投诉", _P.COMPLAINTS_OPEN, _P.COMPLAINTS_READ, (_words("words", "投诉内容"),)),
        CorrectableRecord("complaint_step", "投诉办理经过", _P.COMPLAINTS_OPEN, _P.COMPLAINTS_READ, (_words("words", "经过"),)),
        CorrectableRecord(
            "activity",
            "活动记录",
            _P.ACTIVITIES_RECORD,
            _P.ACTIVITIES_READ,
            (
                _F("held_on", "日期", _K.DATE),
                _F("title", "名称", _K.LINE, length=80),
                _F("people", "人次", _K.WHOLE),
                _F("outcome", "结果", _K.LINE, empty=True),
                _F("place", "地点", _K.LINE, length=60, empty=True),
                _F("offered", "富余人数", _K.WHOLE, empty=True),
                _F("wanted", "缺工人数", _K.WHOLE, empty=True),
                _F("matched", "撮合人数", _K.WHOLE, empty=True),
                _F("amount_fen", "金额（元）", _K.MONEY, empty=True),
                _words("note", "说明"),
            ),
        ),
        CorrectableRecord(
            "sign_in", "到站签到", _P.ATTENDANCE_SIGN_IN, _P.ATTENDANCE_READ, (_F("how", "怎样认出本人", _K.CODE, codes.SignInHow),)
        ),
        CorrectableRecord(
            "job",
            "岗位",
            _P.JOBS_REGISTER,
            _P.JOBS_READ,
            (
                _F("title", "岗位名称", _K.LINE, length=60),
                _F("headcount", "招工人数", _K.WHOLE, least=1, most=9999),
                _F("pay_fen", "工钱（元）", _K.MONEY),
                _F("start_date", "第一天", _K.DATE),
                _F("end_date", "最后一天", _K.DATE, empty=True),
                _F("duties", "工作内容", _K.TEXT, length=1000, beside=True),
            ),
        ),
    )
}
"""Every record that is corrected here. What has versions of its own (employers, seekers, live posts) is changed there."""


def field_of(record: str, name: str) -> tuple[CorrectableRecord, CorrectableField] | None:
    """Record and field, or None where there is no such field to correct."""
    kind = RECORDS.get(record)
    field = kind.field(name) if kind else None
    return (kind, field) if kind and field else None


def choices(field: CorrectableField) -> list[tuple[str, str]]:
    """The choices of a CODE."""
    return field.table.choices() if field.table else []


def read(field: CorrectableField, typed: str) -> Value:
    """The value of what was typed: a date, whole number, fen, minutes, code or text; None for nothing where that is a value.

    RuleBroken (field "new") with a sentence that says how to write it.
    """
    text = (clean_text if field.kind is FieldKind.TEXT else clean_line)(typed)
    if not text:
        if field.empty:
            return "" if field.kind in (FieldKind.LINE, FieldKind.TEXT, FieldKind.CODE) else None
        verb = "请选择" if field.kind is FieldKind.CODE else "请填写"
        raise RuleBroken(f"{verb}改后的{field.label}。", "new")
    plain = unicodedata.normalize("NFKC", text)
    match field.kind:
        case FieldKind.DATE:
            return _day(field, plain)
        case FieldKind.MONEY:
            return parse_yuan(text, field="new")
        case FieldKind.WHOLE:
            return _whole(field, plain)
        case FieldKind.HOURS:
            return _minutes(field, plain)
        case FieldKind.CODE:
            if text not in {value for value, _ in choices(field)}:
                raise RuleBroken(f"请在列表里选择{field.label}。", "new")
            return text
    return limited(text, field.label, field.length, "new")


def _day(field: CorrectableField, plain: str) -> date:
    parts = "".join(letter if letter.isascii() and letter.isdigit() else " " for letter in plain).split()
    if len(parts) == 1 and len(parts[0]) == 8:
        parts = [parts[0][:4], parts[0][4:6], parts[0][6:]]
    try:
        year, month, day = (int(part) for part in parts)
        found = date(year, month, day)
    except (ValueError, OverflowError):
        raise RuleBroken(f"{field.label}没看懂，请写成 2026-12-01 这样。", "new") from None
    if not 2000 <= found.year <= 2100:
        raise RuleBroken(f"{field.label}的年份不对，请核对。", "new")
    return found


def _whole(field: CorrectableField, plain: str) -> int:
    if not (plain.isascii() and plain.isdigit() and len(plain) <= 9 and field.least <= int(plain) <= field.most):
        raise RuleBroken(f"{field.label}请填{field.least}到{field.most}的整数。", "new")
    return int(plain)


def _minutes(field: CorrectableField, plain: str) -> int:
    whole, _, part = plain.partition(".")
    if not ((whole + part).isdigit() and plain.isascii() and len(whole) <= 4 and len(part) <= 3):
        raise RuleBroken(f"{field.label}请填数字，最多三位小数。", "new")
    return (int(whole or "0") * 60_000 + int((part + "000")[:3]) * 60 + 500) // 1000


def stored(value: Value) -> str:
    """The value exactly as its column reads as text, on both engines; "" for nothing."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


def restored(field: CorrectableField, text: str) -> Value:
    """The value back from `stored`."""
    if text == "":
        return "" if field.kind in (FieldKind.LINE, FieldKind.TEXT, FieldKind.CODE) else None
    match field.kind:
        case FieldKind.DATE:
            return date.fromisoformat(text)
        case FieldKind.WHOLE | FieldKind.MONEY | FieldKind.HOURS:
            return int(text)
    return text


def shown(field: CorrectableField, value: Value) -> str:
    """The value as people read it: 2026-11-28, 220元, 8小时, the label of a code; 没有填 for nothing."""
    if value is None or value == "":
        return "没有填"
    match field.kind:
        case FieldKind.DATE:
            return value.isoformat() if isinstance(value, date) else str(value)
        case FieldKind.MONEY:
            return f"{yuan(int(str(value)))}元"
        case FieldKind.HOURS:
            return f"{int(str(value)) / 60:.3f}".rstrip("0").rstrip(".") + "小时"
        case FieldKind.CODE:
            return field.table.label_of(str(value)) if field.table else str(value)
    return str(value)


def typed(field: CorrectableField, value: Value) -> str:
    """The value as it stands in an input."""
    if value is None:
        return ""
    match field.kind:
        case FieldKind.MONEY:
            return yuan(int(str(value)))
        case FieldKind.HOURS:
            return f"{int(str(value)) / 60:.3f}".rstrip("0").rstrip(".")
    return stored(value)


def mark_of(value: Value) -> str:
    """What a form carries to know later whether the value is still the one the person saw; tells nothing of it."""
    return hashlib.sha256(f"correction:{stored(value)}".encode()).hexdigest()[:20]


def check_reason(reason: str) -> str:
    """The reason, cleaned. RuleBroken: none, or too short to tell why (art. 23: 注明更改原因)."""
    said = clean_line(reason)
    if len(said) < REASON_LEAST:
        raise RuleBroken(f"请写明更正的原因（至少{REASON_LEAST}个字）：原来为什么记错，现在凭什么改。", "reason")
    return limited(said, "更正的原因", REASON_MOST, "reason")


def check_changed(now: Value, seen: str, new: Value) -> None:
    """RuleBroken: somebody corrected it meanwhile (`seen` is the mark the form carried), or nothing changes."""
    if mark_of(now) != seen:
        raise RuleBroken(MEANWHILE, "new")
    if stored(now) == stored(new):
        raise RuleBroken(SAME, "new")


def read_by(actor: Actor, field: CorrectableField, text: str) -> str:
    """One of the two values as this person may read it: who only looks on sees no names."""
    if field.person and text and not actor.may(Permission.CORRECTIONS_MAKE):
        return mask_name(text)
    return text


def kept_sha256(row: Mapping[str, Any]) -> str:
    """The hash of what a correction keeps unsealed, as its journal entry repeats it; `row` is one of the table, raw or not.

    Sealed values are not in it: they are bound to their row, and nobody without the keys can make another one.
    """
    names = ("id", "number", "record", "record_id", "record_number", "field", "old_text", "new_text", "stored", "reason", "month")
    kept = [row[name] for name in (*names, "replaces", "ledger", "made_by")]
    return hashlib.sha256(json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def number_of(day: date, n: int) -> str:
    """The n-th correction of that day: GZ261201-0003."""
    if not 0 < n < 10_000:
        raise ValueError(f"counter {n} does not fit into 4 digits")
    return f"GZ{day:%y%m%d}-{n:04d}"


def circled(n: int) -> str:
    """① to ⑳, then (21): the sign that stands at a corrected value and before its line."""
    return chr(0x2460 + n - 1) if 1 <= n <= 20 else f"({n})"


# ---- what each record may say, checked again as the action that first wrote it did


def check_start_corrected(
    started_on: date,
    *,
    referred_on: date,
    today: date,
    ended_on: date | None,
    born: date | None,
    least_age: int,
) -> None:
    """A start may be moved to this day (3.5, 4.3): not in the future, not before the referral or after the end, not a child's."""
    if started_on > today:
        raise RuleBroken("到岗日期不能晚于今天。", "new")
    if started_on < referred_on:
        raise RuleBroken(f"到岗日期早于推荐的日期（{referred_on.month}月{referred_on.day}日），请核对。", "new")
    if ended_on is not None and started_on > ended_on:
        raise RuleBroken(f"到岗日期晚于最后一天（{ended_on.month}月{ended_on.day}日）。最后一天也记错了的，请先更正最后一天。", "new")
    if born is not None and _birthday(born, least_age) > started_on:
        raise RuleBroken(f"那一天本人还没有满{least_age}周岁，不能登记上岗。", "new")


def _birthday(born: date, years: int) -> date:
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


def check_end_corrected(ended_on: date, *, started_on: date, pay_due_on: date | None, today: date) -> None:
    """The last day may be moved to this one: not in the future, not before the first."""
    if ended_on > today:
        raise RuleBroken("最后一天不能晚于今天。", "new")
    if ended_on < started_on:
        raise RuleBroken(f"最后一天早于到岗日期（{started_on.month}月{started_on.day}日），请核对。", "new")


def check_hours_corrected(minutes: int | None, *, started_on: date, ended_on: date, by_hour: bool) -> None:
    """The hours fit into the days; work paid by the hour keeps its hours."""
    if minutes is None:
        if by_hour:
            raise RuleBroken("这个活按小时算工钱，请填写一共做了多少小时。", "new")
        return
    if minutes > ((ended_on - started_on).days + 2) * 24 * 60:  # a night shift ends on the day after
        raise RuleBroken("小时数比这几天的时间还多，请核对。", "new")
