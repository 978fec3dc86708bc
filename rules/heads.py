"""Checking a printed ledger (art. 23): what somebody types at /verify, read as a journal head, a ledger's or a paper's number.

The head of the journal stands on every signed ledger. Typed again it finds the month it was signed with, and nobody can
have changed the journal before it without the head becoming another one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rules.errors import RuleBroken
from rules.numbers import normal

LEAST_DIGITS, DIGITS = 16, 64
"""So many digits of a head must be typed at least, and so many it has; sixteen cannot be guessed."""

_LEDGER = re.compile(r"L(20[0-9]{2}(?:0[1-9]|1[0-2]))-(ZD-[0-9]{9}-[0-9]{2})-V([1-9][0-9]{0,3})")
_NUMBER = re.compile(r"(?=.*[0-9])[A-Z][A-Z0-9-]*")


@dataclass(frozen=True, slots=True)
class Typed:
    """Either the (first) digits of a head, or a number; the other one is ""."""

    digits: str = ""
    number: str = ""


def ledger_number_of(typed: str) -> str | None:
    """A ledger's number as it is printed (L202611-ZD-420112015-01-v1), however it was typed; None for any other number."""
    found = _LEDGER.fullmatch(normal(typed[:60]))
    return f"L{found[1]}-{found[2]}-v{found[3]}" if found else None


def read_typed(text: str) -> Typed:
    """What was typed, spaces and dashes between groups allowed. RuleBroken (field "code") says what to type."""
    plain = normal(text[:200])
    digits = plain.replace("-", "").lower()
    if re.fullmatch(rf"[0-9a-f]{{{LEAST_DIGITS},{DIGITS}}}", digits):
        return Typed(digits=digits)
    if number := ledger_number_of(plain):
        return Typed(number=number)
    if len(plain) <= 30 and _NUMBER.fullmatch(plain):
        return Typed(number=plain)
    if re.fullmatch(r"[0-9a-f]{1,15}", digits):
        raise RuleBroken("核验码至少输入前16位（4组），请对照纸上再输一次。", "code")
    if re.fullmatch(r"[0-9a-f]{65,}", digits):
        raise RuleBroken("核验码一共64位，您输多了，请对照纸上再输一次。", "code")
    raise RuleBroken("没看懂。请输入台账上的核验码（只有数字和字母a到f），或者纸上的编号。", "code")
