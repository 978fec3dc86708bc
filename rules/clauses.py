"""What no agreement may contain (domain reference 4.5): the rules of clauses.yaml, for every free text in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rules.lint import MAX_HITS, Hit, Severity, normalise, read_rules

WINDOW = 16
"""Characters before a hit in which its exception is searched ("甲方不得收取押金" is clean)."""


@dataclass(frozen=True, slots=True)
class ClauseRule:
    """One forbidden clause; `service_severity` holds in agreements that are not labour contracts."""

    id: str
    name: str
    severity: Severity
    service_severity: Severity
    pattern: re.Pattern[str]
    excuse: re.Pattern[str] | None
    basis: str
    message: str


@cache
def clause_rules() -> tuple[ClauseRule, ...]:
    """Every rule of 4.5, in the order of the reference."""
    return tuple(
        ClauseRule(
            id=raw["id"],
            name=raw["name"],
            severity=Severity(raw["severity"]),
            service_severity=Severity(raw.get("service_severity", raw["severity"])),
            pattern=re.compile(raw["pattern"]),
            excuse=re.compile(raw["except"]) if raw.get("except") else None,
            basis=raw["basis"],
            message=raw["message"],
        )
        for raw in read_rules(Path(__file__).parent / "clauses.yaml")
    )


def _spans(rule: ClauseRule, text: str) -> Iterator[tuple[int, int]]:
    position, found = 0, 0
    while found < MAX_HITS and (match := rule.pattern.search(text, position)) is not None:
        before = text[max(0, match.start() - WINDOW) : match.start()]
        if rule.excuse is not None and rule.excuse.search(before):
            position = match.start() + 1
            continue
        yield match.span()
        found += 1
        position = match.end()


def lint_clause(text: str, field: str = "special_terms", *, labour_contract: bool = False) -> list[Hit]:
    """Every place in the text that a rule objects to, marked in the text as typed; at most MAX_HITS per rule.

    In a service agreement a penalty for leaving early only warns (C05); in a labour contract it blocks.
    """
    form = normalise(text)[0]
    hits: list[Hit] = []
    for rule in clause_rules():
        severity = rule.severity if labour_contract else rule.service_severity
        for span in _spans(rule, form.text):
            start, end = form.span(*span)
            hits.append(Hit(rule.id, severity, field, start, end, text[start:end], rule.name, "C", rule.message, rule.basis))
    return hits
