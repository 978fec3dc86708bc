"""What a text of a job post may not say (domain reference 6.1-6.3): the rules of lint.yaml, found and marked in place.

Text is normalised first, so that full-width letters, circled digits, zero-width characters and spaced-out numbers hide
nothing; every hit points back at the words in the text as it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from rules.normal_form import Normalised, normalise

__all__ = [
    "ALL_GROUPS",
    "Hit",
    "Normalised",
    "Severity",
    "TextRule",
    "advice_for",
    "basis_text",
    "first_of_each",
    "group_name",
    "lint_fields",
    "lint_text",
    "marked_pieces",
    "normalise",
    "read_rules",
    "release_role",
    "structured_hit",
    "text_rules",
]

ALL_GROUPS = "DFSWHP"
"""Discrimination, fees, fraud, pay and hours, minors and certificates, personal data."""

WINDOW = 8
"""Characters left and right of a hit in which an exception is searched (6.2)."""

MAX_HITS = 20
"""Marked places per rule and field: more would not help the author and would make a page of junk heavy."""

_BOUNDARY = "\n"  # never inside a normalised text, and no pattern's dot runs across it


class Severity(StrEnum):
    """What a hit does: BLOCK refuses, WARN must be answered, INFO is only shown (6.1)."""

    BLOCK = "BLOCK"
    WARN = "WARN"
    INFO = "INFO"

    @property
    def label(self) -> str:
        """The severity as people read it."""
        return {"BLOCK": "必须修改", "WARN": "需要说明", "INFO": "提示"}[self.value]


@dataclass(frozen=True, slots=True)
class Hit:
    """One rule found in one field.

    `start` and `end` are positions in the text as typed, `words` is what stands there; a structured check
    (rules/checks.py) marks nothing: 0, 0 and "". `field` is the name of the JobTerms field. `message` says what is
    wrong, `advice` (may be empty) what to do; `basis` holds source keys, see `basis_text`.
    """

    rule: str
    severity: Severity
    field: str
    start: int
    end: int
    words: str
    name: str
    group: str
    message: str
    basis: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class TextRule:
    """One pattern of the law: where it is searched, what excuses it, what it says."""

    id: str
    name: str
    severity: Severity
    form: str
    pattern: re.Pattern[str]
    excuses: tuple[re.Pattern[str], ...]
    whole_document: bool
    basis: str
    message: str

    @property
    def group(self) -> str:
        """The letter of the rule's group."""
        return self.id[0]


def read_rules(path: Path) -> list[dict[str, Any]]:
    """The raw rules of one of our own YAML files."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]


@cache
def _law() -> dict[str, Any]:
    return yaml.safe_load((Path(__file__).parent / "lint.yaml").read_text(encoding="utf-8"))


@cache
def text_rules() -> tuple[TextRule, ...]:
    """Every text rule of 6.3, in the order of the reference."""
    return tuple(
        TextRule(
            id=raw["id"],
            name=raw["name"],
            severity=Severity(raw["severity"]),
            form=raw["field"],
            pattern=re.compile(raw["pattern"]),
            excuses=tuple(re.compile(excuse) for excuse in raw.get("except", ())),
            whole_document=raw.get("except_scope") == "document",
            basis=raw["basis"],
            message=raw["message"],
        )
        for raw in _law()["rules"]
    )


def _excused(rule: TextRule, window: str) -> bool:
    return any(excuse.search(window) for excuse in rule.excuses)


def _rule_spans(rule: TextRule, text: str, document: str) -> Iterator[tuple[int, int]]:
    if rule.whole_document and _excused(rule, document):
        return
    position, found = 0, 0
    while found < MAX_HITS and (match := rule.pattern.search(text, position)) is not None:
        window = text[max(0, match.start() - WINDOW) : match.end() + WINDOW]
        if not rule.whole_document and _excused(rule, window):
            position = match.start() + 1
            continue
        yield match.span()
        found += 1
        position = max(match.end(), match.start() + 1)


def structured_hit(rule: str, severity: Severity, field: str, name: str, message: str, basis: str = "design") -> Hit:
    """A hit of a check that marks no words."""
    return Hit(rule, severity, field, 0, 0, "", name, rule[0], message, basis)


def advice_for(group: str) -> str:
    """What somebody should do about a hit of this group, in Chinese; empty for an unknown group."""
    return _law()["groups"].get(group, {}).get("advice", "")


def group_name(group: str) -> str:
    """The Chinese name of a group of rules; the letter itself when unknown."""
    return _law()["groups"].get(group, {}).get("name", group)


def _lint(field: str, text: str, forms: tuple[Normalised, Normalised], groups: str, document: str) -> Iterator[Hit]:
    for rule in text_rules():
        if rule.group not in groups:
            continue
        form = forms[0] if rule.form == "t" else forms[1]
        for span in _rule_spans(rule, form.text, document):
            start, end = form.span(*span)
            yield Hit(
                rule=rule.id,
                severity=rule.severity,
                field=field,
                start=start,
                end=end,
                words=text[start:end],
                name=rule.name,
                group=rule.group,
                message=rule.message,
                basis=rule.basis,
                advice=advice_for(rule.group),
            )


def lint_text(field: str, text: str, groups: str = ALL_GROUPS) -> list[Hit]:
    """Every place in one text that a rule of these groups objects to, at most MAX_HITS per rule."""
    return lint_fields({field: text}, groups)


def lint_fields(texts: Mapping[str, str], groups: str | Mapping[str, str] = ALL_GROUPS) -> list[Hit]:
    """Every place in the texts of one document, in the order of the fields and rules.

    `groups` may name other groups per field. Rule H02 (a trade that needs a certificate) is excused by a certificate
    named in any of the fields.
    """
    forms = {field: normalise(text) for field, text in texts.items()}
    document = _BOUNDARY.join(form[0].text for form in forms.values())
    hits: list[Hit] = []
    for field, text in texts.items():
        asked = groups if isinstance(groups, str) else groups.get(field, ALL_GROUPS)
        hits += _lint(field, text, forms[field], asked, document)
    return hits


def first_of_each(hits: Iterable[Hit]) -> list[Hit]:
    """One hit per rule and field: for lists of messages, where every marked place would repeat the sentence."""
    seen: dict[tuple[str, str], Hit] = {}
    for hit in hits:
        seen.setdefault((hit.rule, hit.field), hit)
    return list(seen.values())


def release_role(rule_id: str) -> set[str]:
    """Codes of the roles that may release a false positive of this rule: "MGR", or "SUB" and "DST" (6.1).

    Empty for rules that only warn, and for structured checks: those are answered by correcting what was filled in.
    """
    rule = next((rule for rule in text_rules() if rule.id == rule_id), None)
    if rule is None:
        return set()
    law = _law()
    return set(law["release"].get(rule_id, law["groups"][rule.group]["release"]))


def basis_text(basis: str) -> str:
    """The legal basis as people read it: "WRL 43; LL 13" → "《妇女权益保障法》第43条；《劳动法》第13条"."""
    laws: dict[str, str] = _law()["laws"]
    parts = []
    for part in re.sub(r" \([^)]*\)", "", basis).split("; "):
        key, _, rest = part.partition(" ")
        title = laws.get(key.split("(")[0])
        numbers = rest.removeprefix("art. ")
        if title is None:
            if not part.isascii():  # a law named in full; the rest are remarks for developers
                parts.append(part)
        elif numbers[:1].isdigit():
            parts.append(f"{title}第{numbers.replace(', ', '、').replace('-', '至')}条")
        else:
            parts.append(title)
    return "；".join(parts)


def marked_pieces(text: str, hits: Sequence[Hit]) -> list[tuple[str, tuple[Hit, ...]]]:
    """The text in pieces, each with the hits that cover it: what a template needs to mark words in place."""
    inside = [hit for hit in hits if hit.start < hit.end <= len(text)]
    cuts = sorted({0, len(text), *(hit.start for hit in inside), *(hit.end for hit in inside)})
    return [(text[start:end], tuple(hit for hit in inside if hit.start <= start and end <= hit.end)) for start, end in pairwise(cuts)]
