"""From a referral both sides agreed to, and what was asked at the counter, to the values of the agreement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any

from rules.ages import age_standing
from rules.agreement_values import AgreementParties, check_agreement, values_from
from rules.agreements import PLACEHOLDERS, AgreementText, agreed_text_hits, fill
from rules.codes import AgreementState, EmployerKind, PensionStatus
from rules.errors import RuleBroken, RulesBroken
from rules.lint import Hit, Severity
from rules.money import capitals, yuan
from rules.parameters import Parameter, minimum_wage
from rules.terms import JobTerms

CHANGEABLE = ("start_date", "end_date", "start_time", "end_time", "pay_fen")
"""Terms of the post that the two sides may agree otherwise for this worker."""

MOST_TEXT = 2_000
"""Characters of one value: a longer one is no clause but an attachment."""


@dataclass(frozen=True, slots=True)
class AgreementSource:
    """What is known before anything is asked: the parties, the post's version, the worker's age, the wage law."""

    parties: AgreementParties
    terms: JobTerms
    employer_kind: EmployerKind
    birth_date: date
    gender: str | None
    pension: PensionStatus | None
    wage_rows: tuple[Parameter, ...]


@dataclass(frozen=True, slots=True)
class Composed:
    """A draft: the value of every place, and what staff must look at (warnings and forbidden clauses alike)."""

    values: dict[str, str]
    hits: tuple[Hit, ...]


def compose(source: AgreementSource, agreed: Mapping[str, str], changed: Mapping[str, Any], *, today: date) -> Composed:
    """The values of the agreement from the post and from what was agreed at the counter.

    `agreed`: placeholder name → text, empty ones ignored. `changed`: terms of CHANGEABLE agreed otherwise. Raises
    RuleBroken where this paper is the wrong one or the work is not allowed (4.2), for a work period that ends before
    it begins, and for a text that is far too long.
    """
    terms = replace(source.terms, **{name: value for name, value in changed.items() if value is not None})
    if terms.start_date and terms.end_date and terms.end_date < terms.start_date:
        raise RuleBroken("结束日期早于开始日期，请核对。", "end_date")
    for name, text in agreed.items():
        if len(text) > MOST_TEXT:
            raise RuleBroken(f"{name}太长了，最多{MOST_TEXT}个字，请写在附页上。", PLACEHOLDERS[name].field)
    first_day = terms.start_date or today
    standing = age_standing(source.birth_date, source.gender, first_day, source.pension)
    hits = check_agreement(terms, source.employer_kind, standing, minimum_wage=minimum_wage(source.wage_rows, max(first_day, today)))
    values = values_from(source.parties, terms, agreed)
    return Composed(values, (*hits, *agreed_text_hits(values)))


def total_text(fen: int) -> str:
    """An amount in figures and capitals, as the agreement prints a total: 600元（大写：陆佰元整）."""
    return f"{yuan(fen)}元（大写：{capitals(fen)}）"


def missing(values: Mapping[str, str]) -> list[RuleBroken]:
    """Each required place that is still open, with its form field, in the order of the text."""
    return [
        RuleBroken(f"请填写{name}。", place.field)
        for name, place in PLACEHOLDERS.items()
        if place.required and not place.default and not values.get(name, "").strip()
    ]


def check_complete(values: Mapping[str, str], modules: tuple[str, ...]) -> AgreementText:
    """The text ready to print. Raises RulesBroken naming every open place and every forbidden clause."""
    return fill(values, modules)


def preview(values: Mapping[str, str], modules: tuple[str, ...]) -> AgreementText:
    """The text as far as it stands, for the screen: open places and forbidden clauses say what is to be done there.

    RuleBroken: a module that does not exist.
    """
    shown = dict(values)
    for hit in agreed_text_hits(values):
        if hit.severity is Severity.BLOCK:
            shown[_name_of(hit.field)] = f"〔要改：{hit.message}〕"
    for broken in missing(values):
        shown[_name_of(broken.field or "")] = f"〔{broken.message.rstrip('。')}〕"
    try:
        return fill(shown, modules)
    except RulesBroken:  # a message that itself trips a clause rule: show the place as open
        for hit in agreed_text_hits(shown):
            shown[_name_of(hit.field)] = "〔这里的约定不能写，请修改〕"
        return fill(shown, modules)


def _name_of(field: str) -> str:
    return next(name for name, place in PLACEHOLDERS.items() if place.field == field)


def check_can_revise(state: AgreementState) -> None:
    """A draft may be changed, a printed one becomes the next version; a signed one is the two sides' own. RuleBroken."""
    if state in (AgreementState.SIGNED, AgreementState.DELIVERED):
        raise RuleBroken("双方已经签好的协议不能改。双方都同意要改的，请写明原因作废，再重新起草一份。")
    if state is AgreementState.VOID:
        raise RuleBroken("这份协议已经作废，请重新起草一份。")


def stored_changes(changed: Mapping[str, Any]) -> dict[str, Any]:
    """Changed terms as JSON values; None is left out."""
    return {
        name: value.isoformat() if isinstance(value, date | time) else value
        for name, value in changed.items()
        if name in CHANGEABLE and value is not None
    }


def read_changes(stored: Mapping[str, Any]) -> dict[str, Any]:
    """The changed terms of a stored draft."""
    readers = {"start_date": date.fromisoformat, "end_date": date.fromisoformat} | {
        "start_time": time.fromisoformat,
        "end_time": time.fromisoformat,
    }
    return {name: readers[name](value) if name in readers else value for name, value in stored.items() if name in CHANGEABLE}


def marked(text: str, hits: Iterable[Hit]) -> list[tuple[str, str]]:
    """The text in pieces, each with the severity of the hit it belongs to ("" for clean), for marking on a page."""
    pieces: list[tuple[str, str]] = []
    position = 0
    for hit in sorted((hit for hit in hits if hit.end > hit.start), key=lambda hit: (hit.start, -hit.end)):
        if hit.start < position:
            continue
        if hit.start > position:
            pieces.append((text[position : hit.start], ""))
        pieces.append((text[hit.start : hit.end], hit.severity.value))
        position = hit.end
    if position < len(text):
        pieces.append((text[position:], ""))
    return pieces


def marked_texts(values: Mapping[str, str], hits: Iterable[Hit]) -> list[tuple[str, list[tuple[str, str]]]]:
    """(placeholder name, marked pieces) of every text that a clause rule marks."""
    by_field: dict[str, list[Hit]] = {}
    for hit in hits:
        if hit.end > hit.start:
            by_field.setdefault(hit.field, []).append(hit)
    return [(_name_of(field), marked(values.get(_name_of(field), ""), found)) for field, found in by_field.items()]
