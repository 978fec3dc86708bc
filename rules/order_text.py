"""How each field of a job order reads, for detail pages, differences and the printed form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from rules.codes import SUBDISTRICTS, TRADES, Benefit, CertificateType, Hazard, Labelled
from rules.jobs import FIELD_LABELS, changes
from rules.money import yuan
from rules.publication import SEALED_FIELDS
from rules.terms import JobTerms

_TABLES: Mapping[str, type[Labelled]] = {"benefits": Benefit, "certificates": CertificateType, "hazards": Hazard}
_SUFFIXES = {"headcount": "人", "break_minutes": "分钟", "weekly_days": "天"}
HIDDEN = "已登记（不公开）"
"""What the desk shows of a sealed field that is filled."""


def day_text(day: date) -> str:
    """2026年12月3日."""
    return f"{day.year}年{day.month}月{day.day}日"


def field_text(terms: JobTerms, name: str) -> str:
    """The value of one field as people read it; "" when nothing was given. Sealed fields come as they are."""
    value: Any = getattr(terms, name)
    if name == "trade":
        return TRADES[value].label if value in TRADES else value
    if name == "subdistrict":
        return SUBDISTRICTS.get(value, value)
    if name == "pay_fen":
        return f"{yuan(value)}元" if value else ""
    if name == "output_per_hour_milli":
        return f"{value / 1000:g}" if value else ""
    if name in _TABLES:
        return "、".join(_TABLES[name].label_of(each) for each in value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Labelled):
        return value.label
    if isinstance(value, date):
        return day_text(value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, int):
        return f"{value}{_SUFFIXES.get(name, '')}" if value else ""
    return value or ""


def shown_fields(terms: JobTerms) -> list[tuple[str, str, str]]:
    """(field, label, text) of everything that was filled, in form order; sealed fields only say that they are there."""
    rows = []
    for name, label in FIELD_LABELS.items():
        text = field_text(terms, name)
        if text and not (name == "live_in" and not terms.live_in):
            rows.append((name, label, HIDDEN if name in SEALED_FIELDS else text))
    return rows


def differences(old: JobTerms, new: JobTerms) -> list[tuple[str, str, str, str]]:
    """(field, label, old text, new text) of every difference, in form order; sealed texts only say that they changed."""
    rows = []
    for name in changes(old, new):
        before, after = field_text(old, name), field_text(new, name)
        if name in SEALED_FIELDS:
            before, after = ("原内容（不公开）" if before else ""), ("已修改（不公开）" if after else "")
        rows.append((name, FIELD_LABELS[name], before, after))
    return rows
