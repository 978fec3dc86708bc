"""Typed text: made clean once, at the door, so that everything behind it can trust what it reads."""

from __future__ import annotations

import re
import unicodedata

from rules.errors import RuleBroken

_LINE_BREAKS = re.compile("\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_SPACES = re.compile(r"\s+")
_BLANK_LINES = re.compile(r"\n{3,}")
_INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Cs"})
# Letters and symbols that print as nothing although Unicode does not call them format characters.
_INVISIBLE_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_HALF_WIDTH = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xFFE5: 0xA5, 0x3002: 0x2E}


def _is_noncharacter(char: str) -> bool:
    code = ord(char)
    return 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE


def _visible(text: str) -> str:
    # Unassigned code points stay: rare Chinese characters are younger than the Unicode tables of this Python.
    kept = (
        char
        for char in text
        if char == "\n" or not (unicodedata.category(char) in _INVISIBLE_CATEGORIES or char in _INVISIBLE_LETTERS or _is_noncharacter(char))
    )
    return unicodedata.normalize("NFC", "".join(kept))


def clean_line(typed: str) -> str:
    """One line of typed text: NFC, trimmed, inner white space as one space, nothing invisible.

    Dropped: controls, zero-width and bidirectional format characters, byte order marks, lone surrogates,
    noncharacters. Kept: private-use characters, which `has_private_use` reports, and variation selectors, which
    choose the written form of a rare character.
    """
    return _SPACES.sub(" ", _visible(_SPACES.sub(" ", _LINE_BREAKS.sub(" ", typed)))).strip()


def clean_text(typed: str) -> str:
    """Several lines of typed text, cleaned like `clean_line`.

    Line breaks become "\\n", spaces at line ends go, and at most one empty line stays between paragraphs.
    """
    lines = _visible(_LINE_BREAKS.sub("\n", typed).replace("\t", " ")).split("\n")
    return _BLANK_LINES.sub("\n\n", "\n".join(line.rstrip() for line in lines)).strip()


def has_private_use(text: str) -> bool:
    """Whether the text has a character that only one computer's font knows: another prints an empty box for it.

    Old input methods typed rare name characters that way; the person is asked to type the standard character.
    """
    return any(unicodedata.category(char) == "Co" for char in text)


def half_width(typed: str) -> str:
    """The same text with full-width letters, digits, signs and spaces as plain ASCII, and 。 as a dot."""
    return typed.translate(_HALF_WIDTH)


def limited(value: str, label: str, maximum: int, field: str | None = None) -> str:
    """The value itself when it has at most `maximum` characters.

    Raises RuleBroken that names how many characters are too many.
    """
    over = len(value) - maximum
    if over > 0:
        raise RuleBroken(f"{label}最多{maximum}个字，现在多了{over}个字，请删短一些。", field)
    return value
