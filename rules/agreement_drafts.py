"""From a referral both sides agreed to, and what was asked at the counter, to the values of the agreement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any

from rules.ages import age_standing
from rules.agreed_terms import at_the_form, terms_agreed, value_hits
from rules.agreement_checks import check_agreement
from rules.agreement_values import AgreementParties, values_from
from rules.agreements import AgreementText, agreed_text_hits, fill
from rules.checks import parameters_on
from rules.codes import NOT_IN_FORCE, SIGNED_STATES, AgreementState, EmployerKind, Labelled, PensionStatus
from rules.errors import RuleBroken, RulesBroken
from rules.lint import Hit, Severity
from rules.money import capitals, yuan
from rules.parameters import Parameter
from rules.terms import JobTerms
from rules.wordings import Wording

CHANGEABLE = ("start_date", "end_date", "start_time", "end_time", "pay_fen")
"""Terms of the post that the two sides may agree otherwise for this worker."""

MOST_TEXT = 2_000
"""Characters of one value: a longer one is no clause but an attachment."""


@dataclass(frozen=True, slots=True)
class AgreementSource:
    """What is known before anything is asked: the parties, the post's version, the worker's age, the legal parameters.

    `no_night_work`: the worker told so herself in the guidance (LL 61, 63).
    """

    parties: AgreementParties
    terms: JobTerms
    employer_kind: EmployerKind
    birth_date: date
    gender: str | None
    pension: PensionStatus | None
    wage_rows: tuple[Parameter, ...]
    no_night_work: bool = False


@dataclass(frozen=True, slots=True)
class Composed:
    """A draft: its text, the value of every place, what staff must look at (warnings and forbidden clauses alike)."""

    wording: Wording
    values: dict[str, str]
    hits: tuple[Hit, ...]


def compose(wording: Wording, source: AgreementSource, agreed: Mapping[str, str], changed: Mapping[str, Any], *, today: date) -> Composed:
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
            raise RuleBroken(f"{name}太长了，最多{MOST_TEXT}个字，请写在附页上。", wording.places[name].field)
    first_day = terms.start_date or today
    parameters = parameters_on(source.wage_rows, max(first_day, today))
    values = values_from(wording, source.parties, terms, agreed, hourly_minimum_fen=parameters.minimum_wage.hour_fen)
    judged = terms_agreed(wording, terms, agreed)
    hits = check_agreement(
        wording.type,
        judged,
        source.employer_kind,
        age_standing(source.birth_date, source.gender, first_day, source.pension),
        parameters=parameters,
        gender=source.gender,
        no_night_work=source.no_night_work,
        written=" ".join(text for name, text in agreed.items() if name in wording.places and wording.places[name].agreed),
    )
    own = value_hits(wording, values, parameters, judged)
    known = {(hit.rule, hit.field) for hit in own}
    others = [hit for each in hits if ((hit := at_the_form(wording, each)).rule, hit.field) not in known]
    return Composed(wording, values, (*others, *own, *agreed_text_hits(wording, values)))


def total_text(fen: int) -> str:
    """An amount in figures and capitals, as the agreement prints a total: 600元（大写：陆佰元整）."""
    return f"{yuan(fen)}元（大写：{capitals(fen)}）"


def missing(wording: Wording, values: Mapping[str, str]) -> list[RuleBroken]:
    """Each required place that is still open, with its form field, in the order of the text."""
    return [
        RuleBroken(f"请填写{name}。", place.field)
        for name, place in wording.places.items()
        if place.required and not place.default and not values.get(name, "").strip()
    ]


class Lack(Labelled):
    """What a draft lacks before it may be printed and signed, in words for lists."""

    MEND = "MEND", "先改好"
    FILL = "FILL", "填完"


def lack_of(composed: Composed) -> Lack | None:
    """What the draft lacks: something forbidden stands in it, or a place is open. None: it is to be checked and printed."""
    if any(hit.severity is Severity.BLOCK for hit in composed.hits):
        return Lack.MEND
    return Lack.FILL if missing(composed.wording, composed.values) else None


def check_complete(wording: Wording, values: Mapping[str, str], modules: tuple[str, ...]) -> AgreementText:
    """The text ready to print. Raises RulesBroken naming every open place and every forbidden clause."""
    return fill(wording, values, modules)


def preview(wording: Wording, values: Mapping[str, str], modules: tuple[str, ...]) -> AgreementText:
    """The text as far as it stands, for the screen: open places and forbidden clauses say what is to be done there.

    RuleBroken: a module that does not exist.
    """
    shown = dict(values)
    for hit in agreed_text_hits(wording, values):
        if hit.severity is Severity.BLOCK:
            shown[_name_of(wording, hit.field)] = f"〔要改：{hit.message}〕"
    for broken in missing(wording, values):
        shown[_name_of(wording, broken.field or "")] = f"〔{broken.message.rstrip('。')}〕"
    try:
        return fill(wording, shown, modules)
    except RulesBroken:  # a message that itself trips a clause rule: show the place as open
        for hit in agreed_text_hits(wording, shown):
            shown[_name_of(wording, hit.field)] = "〔这里的约定不能写，请修改〕"
        return fill(wording, shown, modules)


def _name_of(wording: Wording, field: str) -> str:
    return next(name for name, place in wording.places.items() if place.field == field)


def check_can_revise(state: AgreementState) -> None:
    """A draft may be changed, a printed one becomes the next version; a signed one is the two sides' own. RuleBroken."""
    if state in SIGNED_STATES:
        raise RuleBroken("双方已经签好的协议不能改。双方都同意要改的，请写明原因作废，再重新起草一份。")
    if state is AgreementState.E_SIGNING:
        raise RuleBroken("双方正在屏幕上签字。要改内容的，请先停止屏上签字。")
    if state in NOT_IN_FORCE:
        raise RuleBroken(f"这份协议{state.label}，请重新起草一份。")


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


def marked_texts(wording: Wording, values: Mapping[str, str], hits: Iterable[Hit]) -> list[tuple[str, list[tuple[str, str]]]]:
    """(placeholder name, marked pieces) of every text that a clause rule marks."""
    by_field: dict[str, list[Hit]] = {}
    for hit in hits:
        if hit.end > hit.start:
            by_field.setdefault(hit.field, []).append(hit)
    return [(name, marked(values.get(name, ""), found)) for field, found in by_field.items() if (name := _name_of(wording, field))]
