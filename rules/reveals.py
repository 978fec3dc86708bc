"""Looking at full personal data (domain reference 9, rule 2): which fields, what for, how often before somebody asks why."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from rules.codes import RevealPurpose
from rules.errors import RuleBroken

ALARM_AFTER = 30
"""Looks of one account on one day after which its manager is told."""

MOST_A_DAY = 200
"""Looks of one account on one day after which no further one is opened."""

SHOWN_SECONDS = 120
"""How long the values stand on the page before it hides them again."""

OPENED_PAPER = "PAPER"
"""Stands for the purpose where nobody asked for one: a paper of the file was opened; the note names it."""


CALL_LIST = "CALL"
"""Stands for the purpose where the morning's call list opened a number."""

CALL_BACK = "CALL_BACK"
"""Stands for the purpose where the list of call-backs (回访) opened a number."""


class Subject(StrEnum):
    """Whose data were looked at."""

    SEEKER = "seeker"
    EMPLOYER = "employer"
    JOB = "job"
    COMPLAINT = "complaint"


FIELDS: dict[Subject, dict[str, str]] = {
    Subject.SEEKER: {"id_number": "证件号码", "phone": "电话", "guardian_phone": "监护人电话", "certificates": "证书编号"},
    Subject.EMPLOYER: {
        "id_number": "证件号码（信用代码）",
        "phone": "电话",
        "agent_name": "经办人姓名",
        "legal_representative": "法定代表人姓名",
        "address": "地址",
    },
    Subject.COMPLAINT: {"contact": "投诉人电话"},
    Subject.JOB: {"contact_name": "联系人姓名", "contact_phone": "联系电话", "exact_address": "详细地址", "pickup_place": "接送地点"},
}
"""What can be looked at of whom, in the order of the form."""

_NUMBERS = re.compile(r"[0-9０-９]{6}")


def field_labels(subject: str, fields: Sequence[str]) -> list[str]:
    """The Chinese labels of kept field names; names nobody knows any more are left out."""
    known = FIELDS[Subject(subject)] if subject in Subject._value2member_map_ else {}
    return [known[name] for name in fields if name in known]


def purpose_label(purpose: str, note: str) -> str:
    """A kept purpose as people read it: 签约, 其他：…, 打开协议."""
    if purpose == OPENED_PAPER:
        return f"打开{note}"
    if purpose == CALL_LIST:
        return "定期核实，打电话"
    if purpose == CALL_BACK:
        return "回访，打电话"
    if purpose == RevealPurpose.OTHER:
        return f"其他：{note}"
    return RevealPurpose.label_of(purpose) + (f"：{note}" if note else "")


def check_reveal(subject: Subject, fields: Sequence[str], purpose: RevealPurpose, note: str) -> tuple[tuple[str, ...], str]:
    """(fields in the order of the form, the note as it is kept). RuleBroken names what is missing.

    The note is kept for three years and shown to the person, so no number of anybody may stand in it.
    """
    chosen = tuple(name for name in FIELDS[subject] if name in fields)
    if not chosen or set(fields) - set(chosen):
        raise RuleBroken("请选择要看哪一项。", "fields")
    note = note.strip()
    if purpose is RevealPurpose.OTHER and len(note) < 4:
        raise RuleBroken("请写明要看完整信息做什么，至少4个字。", "note")
    if _NUMBERS.search(note):
        raise RuleBroken("用途里不要写电话和证件号码。", "note")
    return chosen, note


def refuse_too_many(looked_today: int) -> None:
    """RuleBroken when the account has looked as often today as anybody may."""
    if looked_today >= MOST_A_DAY:
        raise RuleBroken(f"今天查看完整信息已到{MOST_A_DAY}次，不能再看。确有需要，请联系驿站负责人。")
