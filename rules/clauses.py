"""What no agreement may contain (domain reference 4.5): the rules of clauses.yaml, for every free text in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from rules.codes import LABOUR_CONTRACTS, AgreementType
from rules.lint import MAX_HITS, Hit, Severity, normalise

WINDOW = 16
"""Characters before (and after) a hit in which its exceptions are searched ("甲方不得收取押金" is clean)."""


@dataclass(frozen=True, slots=True)
class Wordings:
    """One way to say what a rule forbids: its pattern, and what excuses it before, inside and after the words found."""

    pattern: re.Pattern[str]
    before: tuple[re.Pattern[str], ...] = ()
    inside: re.Pattern[str] | None = None
    after: tuple[re.Pattern[str], ...] = ()
    types: frozenset[AgreementType] = frozenset()

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where it stands in the text, at most MAX_HITS times."""
        position, found = 0, 0
        while found < MAX_HITS and (match := self.pattern.search(text, position)) is not None:
            if self._excused(text, match):
                position = match.start() + 1
                continue
            yield match.span()
            found += 1
            position = max(match.end(), match.start() + 1)

    def _excused(self, text: str, match: re.Match[str]) -> bool:
        before = text[max(0, match.start() - WINDOW) : match.start()]
        if any(excuse.search(before) for excuse in self.before):
            return True
        if self.inside is not None and self.inside.search(match[0]):
            return True
        after = text[match.end() : match.end() + WINDOW]
        return any(excuse.search(after) for excuse in self.after)


@dataclass(frozen=True, slots=True)
class ClauseRule:
    """One forbidden clause; `service_severity` holds in agreements that are not labour contracts.

    `reference` is the pattern of domain reference 4.5, `wider` says the same in other words.
    """

    id: str
    name: str
    severity: Severity
    service_severity: Severity
    reference: Wordings
    basis: str
    message: str
    wider: tuple[Wordings, ...] = field(default=())


@cache
def clause_rules() -> tuple[ClauseRule, ...]:
    """Every rule of 4.5, in the order of the reference."""
    law: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "clauses.yaml").read_text(encoding="utf-8"))
    words: dict[str, str] = law["words"]

    def compiled(pattern: str) -> re.Pattern[str]:
        within = pattern.replace(".{", f"{words['S']}{{")  # the reference's dots stay within one sentence
        return re.compile(re.sub(r"<([A-Z]+)>", lambda name: words[name[1]], within))

    def each(*patterns: str | None) -> tuple[re.Pattern[str], ...]:
        return tuple(compiled(pattern) for pattern in patterns if pattern)

    def said(raw: Mapping[str, Any]) -> Wordings:
        return Wordings(
            pattern=compiled(raw["pattern"]),
            before=each(raw.get("except"), raw.get("excuse_more"), law["excused"]["except"]),
            inside=compiled(raw["inside"]) if raw.get("inside") else None,
            after=each(raw.get("after"), law["excused"]["after"]),
            types=frozenset(AgreementType(kind) for kind in raw.get("types", ())),
        )

    return tuple(
        ClauseRule(
            id=raw["id"],
            name=raw["name"],
            severity=Severity(raw["severity"]),
            service_severity=Severity(raw.get("service_severity", raw["severity"])),
            reference=said(raw),
            basis=raw["basis"],
            message=raw["message"],
            wider=tuple(said(more) for more in raw.get("wider", ())),
        )
        for raw in law["rules"]
    )


def _found(text: str, kind: AgreementType | None) -> Iterator[tuple[ClauseRule, tuple[int, int]]]:
    """Every find, the reference's words first: what one rule already marks, no other words mark again."""
    taken: list[tuple[int, int]] = []
    for rule in clause_rules():
        for span in rule.reference.spans(text):
            taken.append(span)
            yield rule, span
    for rule in clause_rules():
        count = 0
        for wordings in rule.wider:
            if wordings.types and kind not in wordings.types:
                continue
            for start, end in wordings.spans(text):
                if count < MAX_HITS and not any(start < other_end and other < end for other, other_end in taken):
                    taken.append((start, end))
                    count += 1
                    yield rule, (start, end)


def lint_clause(
    text: str, field: str = "special_terms", *, labour_contract: bool | None = None, kind: AgreementType | None = None
) -> list[Hit]:
    """Every place in the text that a rule objects to, marked in the text as typed; at most MAX_HITS per rule.

    `kind`: the type of the agreement, for what only some types forbid (a probation period in part-time work); a labour
    contract is told from it unless `labour_contract` says so. In a service agreement a penalty for leaving early only
    warns (C05); in a labour contract it blocks. Hits come in the order of the rules.
    """
    labour = kind in LABOUR_CONTRACTS if labour_contract is None else labour_contract
    form = normalise(text)[0]
    order = {rule.id: number for number, rule in enumerate(clause_rules())}
    hits: list[Hit] = []
    for rule, span in sorted(_found(form.text, kind), key=lambda found: (order[found[0].id], found[1])):
        severity = rule.severity if labour else rule.service_severity
        start, end = form.span(*span)
        hits.append(Hit(rule.id, severity, field, start, end, text[start:end], rule.name, "C", rule.message, rule.basis))
    return hits
