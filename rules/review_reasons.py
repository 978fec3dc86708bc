"""Ready-made reasons for the review desk (domain reference 3.3, 7.13): chosen by a reviewer, completed in own words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import yaml

from rules.errors import RuleBroken
from rules.lint import basis_text

Step = Literal["return", "reject", "take_down"]


@dataclass(frozen=True, slots=True)
class ReasonTemplate:
    """One reason: its code, what is said, and the law as people read it ("" where none is needed)."""

    code: str
    text: str
    basis: str = ""


@cache
def reason_templates(step: Step) -> tuple[ReasonTemplate, ...]:
    """The templates of a step, in the order they are offered."""
    raw = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))[step]
    return tuple(ReasonTemplate(each["code"], each["text"], basis_text(each.get("basis", ""))) for each in raw)


def composed(step: Step, code: str, own_words: str, own_basis: str = "") -> tuple[str, str]:
    """The reason and its legal basis: the template's text, then the reviewer's own words; an own basis goes first.

    RuleBroken on `template` for an unknown code. Without a template the own words stand alone.
    """
    chosen = next((each for each in reason_templates(step) if each.code == code), None)
    if code and chosen is None:
        raise RuleBroken("请在列表里选择原因模板。", "template")
    own = own_words.strip()
    parts = [chosen.text if chosen else "", own if not chosen or own != chosen.text else ""]
    return "".join(part for part in parts if part), own_basis.strip() or (chosen.basis if chosen else "")
