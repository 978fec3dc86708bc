"""Texts made comparable (domain reference 6.2), with the way back to every character as it was typed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_LONGEST_RUN = 40
_LONGEST_CLUSTER = 8
_DIGIT_WORDS = {
    word: digit
    for digit, words in {
        "0": "〇零o",
        "1": "一幺壹",
        "2": "二两贰",
        "3": "三叁",
        "4": "四肆",
        "5": "五伍",
        "6": "六陆",
        "7": "七柒",
        "8": "八捌",
        "9": "九玖",
    }.items()
    for word in words
}
# The reference names - . · _ — ~ * /; the other dashes, dots and waves are the same trick in another font.
_BETWEEN_DIGITS = frozenset("-.·_—~*/‐‒–―−─・•∙⋅〜")
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {
    chr(code) for code in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
}


@dataclass(frozen=True, slots=True)
class Normalised:
    """A text made comparable: `text`, and for each of its characters where it stood in the original.

    Character i of `text` came from original[starts[i]:ends[i]].
    """

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Positions in the original of text[start:end]; an empty match marks nothing."""
        if start >= end:
            return 0, 0
        return self.starts[start], self.ends[end - 1]


_Glyph = tuple[str, int, int]


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    # A base character and its combining marks compose together; a long tail of marks is cut, it is never a word.
    start = 0
    for index in range(1, len(text) + 1):
        if index < len(text) and unicodedata.combining(text[index]) and index - start < _LONGEST_CLUSTER:
            continue
        if start < index:
            yield start, index
        start = index


def _comparable(char: str) -> str:
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    if char.isspace() or char in _INVISIBLE or unicodedata.category(char) in {"Cf", "Cc", "Me"}:
        return ""
    return char


def _shorten_runs(glyphs: list[_Glyph]) -> list[_Glyph]:
    # Digits without end make a pattern such as \d+栋 quadratic; nothing that is looked for has more than 40.
    kept: list[_Glyph] = []
    index = 0
    while index < len(glyphs):
        stop = index
        while stop < len(glyphs) and glyphs[stop][0].isdigit():
            stop += 1
        if stop - index > _LONGEST_RUN:
            kept += glyphs[index : index + _LONGEST_RUN // 2] + glyphs[stop - _LONGEST_RUN // 2 : stop]
        else:
            kept += glyphs[index:stop]
        if stop < len(glyphs):
            kept.append(glyphs[stop])
        index = stop + 1
    return kept


def _normalised(glyphs: list[_Glyph]) -> Normalised:
    glyphs = _shorten_runs(glyphs)
    return Normalised(
        "".join(char for char, _, _ in glyphs),
        tuple(start for _, start, _ in glyphs),
        tuple(end for _, _, end in glyphs),
    )


def _digit_form(glyphs: list[_Glyph]) -> list[_Glyph]:
    worded = [(_DIGIT_WORDS.get(char, char), start, end) for char, start, end in glyphs]
    ones: list[_Glyph] = []
    for index, (char, start, end) in enumerate(worded):
        before = worded[index - 1][0] if index else ""
        after = worded[index + 1][0] if index + 1 < len(worded) else ""
        looks_like_one = char in "li|" and after.isdigit() and not ("a" <= before <= "z")
        ones.append(("1" if looks_like_one else char, start, end))
    kept: list[_Glyph] = []
    after_digit = [False] * len(ones)
    last_solid = ""
    for index, (char, _, _) in enumerate(ones):
        after_digit[index] = last_solid.isdigit()
        if char not in _BETWEEN_DIGITS:
            last_solid = char
    next_solid = ""
    for index in reversed(range(len(ones))):
        char = ones[index][0]
        if char in _BETWEEN_DIGITS:
            if not (after_digit[index] and next_solid.isdigit()):
                kept.append(ones[index])
        else:
            kept.append(ones[index])
            next_solid = char
    kept.reverse()
    return kept


def normalise(text: str) -> tuple[Normalised, Normalised]:
    """The two forms of 6.2: t (NFKC, lower case, without white space and invisible characters) and d (t with digits).

    Wider than the reference where the same trick has another face: digits of every script and ring count as digits,
    and more dashes and dots are removed between digits.
    """
    glyphs: list[_Glyph] = []
    for start, end in _clusters(text):
        for char in unicodedata.normalize("NFKC", text[start:end]).lower()[:_LONGEST_CLUSTER]:
            comparable = _comparable(char)
            if comparable:
                glyphs.append((comparable, start, end))
    return _normalised(glyphs), _normalised(_digit_form(glyphs))
