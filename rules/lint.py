"""What a text of a job post may not say (domain reference 6.1-6.3): the rules of lint.yaml, found and marked in place.

Each rule is searched twice: by its pattern of the reference (lint.yaml), and in other words, as slots (lint_slots.yaml).
Text is normalised first, so that full-width letters, circled digits, zero-width characters and spaced-out numbers hide
nothing; every hit points back at the words in the text as it was typed.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import yaml

from rules.lint_slots import Encoded, Intervals, SlotRule, encode, slot_law
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
    "read_law",
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

_LINE_ENDS = re.compile("[\r\n\u2028\u2029]")
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
    """One pattern of the law: where it is searched, what excuses it, what it says.

    `needs`: words of which every find holds at least one.
    """

    id: str
    name: str
    severity: Severity
    form: str
    pattern: re.Pattern[str]
    excuses: tuple[re.Pattern[str], ...]
    whole_document: bool
    basis: str
    message: str
    needs: tuple[str, ...]

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
            needs=tuple(raw["needs"].split()),
        )
        for raw in _law()["rules"]
    )


def _excused(rule: TextRule, window: str) -> bool:
    return any(excuse.search(window) for excuse in rule.excuses)


def _literal_spans(rule: TextRule, pattern: re.Pattern[str], text: str, excused: Intervals) -> Iterator[tuple[int, int]]:
    position = 0
    while (match := pattern.search(text, position)) is not None:
        window = text[max(0, match.start() - WINDOW) : match.end() + WINDOW]
        if excused.touch(*match.span()) or (not rule.whole_document and _excused(rule, window)):
            position = match.start() + 1
            continue
        yield match.span()
        position = max(match.end(), match.start() + 1)


@dataclass(frozen=True, slots=True)
class _Reading:
    """One field of a document, made ready for the rules."""

    field: str
    text: str
    words: Normalised
    digits: Normalised
    slots: Encoded
    excused: dict[int, list[tuple[int, int]]]

    @classmethod
    def of(cls, field: str, text: str) -> _Reading:
        """Normalise, and read the words as slots; a line break ends a sentence although white space is not kept."""
        words, digits = normalise(text)
        breaks = [bisect_left(words.starts, match.start()) for match in _LINE_ENDS.finditer(text)]
        return cls(field, text, words, digits, encode(words.text, breaks), {})

    def excuses(self, rule: str, literal: bool) -> Intervals:
        """Where finds of a rule are innocent; `literal` for those of lint.yaml. Each excuse is looked for once per field."""
        spans: list[tuple[int, int]] = []
        for number, excuse in slot_law().excuses_for(rule):
            if literal or not excuse.literal:
                if number not in self.excused:
                    self.excused[number] = [span for phrase in excuse.phrases for span in phrase.spans(self.slots)]
                spans += self.excused[number]
        return Intervals.of(spans)

    def form(self, name: str) -> Normalised:
        """The form that a rule searches: "t" or "d"."""
        return self.words if name == "t" else self.digits


@dataclass(frozen=True, slots=True)
class _Words:
    """A text asked for many words, of which it holds few."""

    text: str
    characters: frozenset[str]

    def any_of(self, words: Sequence[str]) -> bool:
        """Does it hold any of the words? Most are ruled out by their characters, without a search."""
        possible = self.characters.issuperset
        return any(possible(word) and word in self.text for word in words)


@dataclass(frozen=True, slots=True)
class _Document:
    """All fields together, in both forms; `may` names the rules whose pattern may find something."""

    words: _Words
    digits: _Words
    may: frozenset[str]

    @classmethod
    def of(cls, readings: Sequence[_Reading]) -> _Document:
        """Most rules need words that a post does not hold: asked once for all fields."""
        forms = [_BOUNDARY.join(reading.form(form).text for reading in readings) for form in "td"]
        words, digits = (_Words(text, frozenset(text)) for text in forms)
        may = frozenset(rule.id for rule in text_rules() if (words if rule.form == "t" else digits).any_of(rule.needs))
        return cls(words, digits, may)

    def form(self, name: str) -> _Words:
        """The form that a rule searches: "t" or "d"."""
        return self.words if name == "t" else self.digits


def _found(rule: TextRule, reading: _Reading, document: _Document) -> list[tuple[int, int, SlotRule | None]]:
    """Marks in the text as typed: the patterns of lint.yaml first, then other words where those found nothing."""
    if rule.whole_document and _excused(rule, document.words.text):
        return []
    form, missing = reading.form(rule.form), reading.slots.missing
    literal = rule.id in document.may and rule.pattern.search(form.text) is not None
    sequences = [
        (slot, phrase)
        for slot, phrase in slot_law().phrases.get(rule.id, ())
        if not phrase.needs & missing and phrase.pattern.search(reading.slots.symbols)
    ]
    patterns = [
        (name, pattern)
        for name, needs, pattern in slot_law().patterns.get(rule.id, ())
        if document.form(name).any_of(needs) and pattern.search(reading.form(name).text)
    ]
    if not (literal or sequences or patterns):
        return []
    everywhere = reading.excuses(rule.id, False)
    marks: list[tuple[int, int, SlotRule | None]] = []
    if literal:
        excused = reading.excuses(rule.id, True) if rule.form == "t" else Intervals()
        marks += [(*form.span(*span), None) for span in islice(_literal_spans(rule, rule.pattern, form.text, excused), MAX_HITS)]
    for name, pattern in patterns:
        other, excused = reading.form(name), everywhere if name == "t" else Intervals()
        more = islice(_literal_spans(rule, pattern, other.text, excused), MAX_HITS)
        marks = _with_new(marks, [(*other.span(*span), None) for span in more])
    new: list[tuple[int, int, SlotRule | None]] = []
    for slot, phrase in sequences:
        guilty = (span for span in phrase.spans(reading.slots) if slot.sure or not everywhere.touch(*span))
        new += [(*reading.words.span(*span), slot) for span in islice(guilty, MAX_HITS)]
    return _with_new(marks, new)[:MAX_HITS]


def _with_new(
    marks: list[tuple[int, int, SlotRule | None]], more: list[tuple[int, int, SlotRule | None]]
) -> list[tuple[int, int, SlotRule | None]]:
    # A place is marked once, by the first that found it; new finds that overlap become one mark.
    taken = Intervals.of((start, end) for start, end, _ in marks)
    joined: list[tuple[int, int, SlotRule | None]] = []
    for start, end, slot in sorted((mark for mark in more if not taken.touch(*mark[:2])), key=lambda mark: mark[:2]):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]), joined[-1][2])
        else:
            joined.append((start, end, slot))
    return marks + joined


def structured_hit(rule: str, severity: Severity, field: str, name: str, message: str, basis: str = "design") -> Hit:
    """A hit of a check that marks no words."""
    return Hit(rule, severity, field, 0, 0, "", name, rule[0], message, basis)


def advice_for(group: str) -> str:
    """What somebody should do about a hit of this group, in Chinese; empty for an unknown group."""
    return _law()["groups"].get(group, {}).get("advice", "")


def group_name(group: str) -> str:
    """The Chinese name of a group of rules; the letter itself when unknown."""
    return _law()["groups"].get(group, {}).get("name", group)


def _lint(reading: _Reading, groups: str, document: _Document) -> Iterator[Hit]:
    for rule in text_rules():
        if rule.group not in groups:
            continue
        for start, end, slot in _found(rule, reading, document):
            yield Hit(
                rule=rule.id,
                severity=Severity(slot.severity) if slot and slot.severity else rule.severity,
                field=reading.field,
                start=start,
                end=end,
                words=reading.text[start:end],
                name=rule.name,
                group=rule.group,
                message=slot.message if slot and slot.message else rule.message,
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
    readings = [_Reading.of(field, text) for field, text in texts.items()]
    document = _Document.of(readings)
    hits: list[Hit] = []
    for reading in readings:
        asked = groups if isinstance(groups, str) else groups.get(reading.field, ALL_GROUPS)
        hits += _lint(reading, asked, document)
    return hits


def read_law() -> None:
    """Read and compile the rules now, half a second of work, so that the first post is not slow."""
    lint_text("duties", "年满18周岁，男女不限，不收押金，做完当天结钱。")


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
