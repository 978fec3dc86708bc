"""The one error a rule raises."""

from __future__ import annotations


class RuleBroken(Exception):
    """A rule of the product refuses what was asked.

    `message` is plain Chinese that says what to do; `field` names the form field it belongs to
    (None: the whole form). `marks` lists (field, start, end) spans of the words to mark.
    """

    def __init__(self, message: str, field: str | None = None, marks: tuple[tuple[str, int, int], ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.marks = marks


class RulesBroken(RuleBroken):
    """Several rules refuse at once; `broken` keeps each, so that a form can show every message at its field."""

    def __init__(self, broken: list[RuleBroken]) -> None:
        super().__init__(broken[0].message, broken[0].field, broken[0].marks)
        self.broken = broken
