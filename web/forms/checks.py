"""The result of the checks as a page shows it: what refuses, what asks, and the words marked in their texts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from rules.checks import EMPLOYER
from rules.jobs import FIELD_LABELS
from rules.lint import Hit, Severity, basis_text, first_of_each, marked_pieces, release_role
from rules.publication import SEALED_FIELDS
from rules.terms import JobTerms

_AROUND = 14
"""Characters of unmarked text that an excerpt keeps beside a mark."""

Piece = tuple[str, str]
"""A piece of text and how it is marked: "" not at all, else BLOCK, WARN or INFO."""


@dataclass(frozen=True)
class CheckSheet:
    """Hits on one version, for the templates. `released` holds (rule, words) pairs, `answers` rule → text."""

    terms: JobTerms
    hits: Sequence[Hit]
    answers: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    released: Collection[tuple[str, str]] = ()

    def is_released(self, hit: Hit) -> bool:
        """Whether this place was released as a false positive."""
        return (hit.rule, hit.words[:200]) in self.released

    def of(self, severity: str) -> list[Hit]:
        """One hit per rule, field and words of this severity."""
        seen: dict[tuple[str, str, str], Hit] = {}
        for hit in self.hits:
            if hit.severity.value == severity:
                seen.setdefault((hit.rule, hit.field, hit.words), hit)
        return list(seen.values())

    @property
    def blocks(self) -> list[Hit]:
        """What refuses the post."""
        return [hit for hit in self.of("BLOCK") if not self.is_released(hit)]

    @property
    def missing(self) -> list[Hit]:
        """The refusing hits whose field is simply empty: a page may name them in one line."""
        return [hit for hit in self.blocks if hit.rule in ("M02", "M04") and not getattr(self.terms, hit.field, True)]

    @property
    def released_hits(self) -> list[Hit]:
        """What would refuse and was released."""
        return [hit for hit in self.of("BLOCK") if self.is_released(hit)]

    @property
    def warnings(self) -> list[Hit]:
        """One hit per warning rule: the author answers each once, the reviewer ticks each once."""
        rules: dict[str, Hit] = {}
        for hit in first_of_each(self.hits):
            if hit.severity is Severity.WARN:
                rules.setdefault(hit.rule, hit)
        return list(rules.values())

    @property
    def notes(self) -> list[Hit]:
        """What is only shown."""
        return first_of_each([hit for hit in self.hits if hit.severity is Severity.INFO])

    def label(self, hit: Hit) -> str:
        """The Chinese name of the field."""
        return "雇主" if hit.field == EMPLOYER else FIELD_LABELS.get(hit.field, hit.field)

    def basis(self, hit: Hit) -> str:
        """The law behind the rule, "" where the rule is our own."""
        return "" if hit.basis in ("", "design") else basis_text(hit.basis)

    def roles(self, hit: Hit) -> set[str]:
        """Role codes that may release this hit."""
        return release_role(hit.rule)

    def pieces(self, name: str) -> list[Piece]:
        """The whole text of a field in pieces, marked where the rules object."""
        text = getattr(self.terms, name)
        if not isinstance(text, str) or name in SEALED_FIELDS:
            return []
        return [(piece, _worst(hits)) for piece, hits in marked_pieces(text, self._open(name))]

    def excerpts(self) -> list[tuple[str, str, list[Piece]]]:
        """(field, label, pieces) of every text with a mark, the unmarked stretches shortened."""
        rows = []
        for name in dict.fromkeys(hit.field for hit in self.hits if hit.end > hit.start):
            pieces = self.pieces(name)
            if any(mark for _, mark in pieces):
                rows.append((name, FIELD_LABELS.get(name, name), [_shortened(piece) for piece in pieces]))
        return rows

    def _open(self, name: str) -> list[Hit]:
        return [hit for hit in self.hits if hit.field == name and not self.is_released(hit)]


def _worst(hits: Sequence[Hit]) -> str:
    order = list(Severity)
    return min((hit.severity for hit in hits), key=order.index).value if hits else ""


def _shortened(piece: Piece) -> Piece:
    text, mark = piece
    if mark or len(text) <= 2 * _AROUND + 2:
        return piece
    return f"{text[:_AROUND]}……{text[-_AROUND:]}", mark
