"""Texts made comparable (domain reference 6.2), with the way back to every character as it was typed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

_LONGEST_RUN = 40
_LONGEST_CLUSTER = 8
_FEW = 30
_TO_DIGITS = {
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
_JOINERS = re.compile(r"[-.·_—~*/‐‒–―−─・•∙⋅〜]+")
_LOOKS_LIKE_ONE = re.compile(r"(?<![a-z])[li|](?=\d)")
_ONES = frozenset("li|")
_LONG_RUN = re.compile(rf"\d{{{_LONGEST_RUN + 1},}}")
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {
    chr(code) for code in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
}


@dataclass(frozen=True, slots=True)
class Normalised:
    """A text made comparable: `text`, and for each of its characters where it stood in the original.

    Character i of `text` came from original[starts[i]:ends[i]].
    """

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Positions in the original of text[start:end]; an empty match marks nothing."""
        if start >= end:
            return 0, 0
        return self.starts[start], self.ends[end - 1]


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    # A base character and its combining marks compose together; a long tail of marks is cut, it is never a word.
    start = 0
    for index in range(1, len(text) + 1):
        if index < len(text) and unicodedata.combining(text[index]) and index - start < _LONGEST_CLUSTER:
            continue
        if start < index:
            yield start, index
        start = index


@lru_cache(maxsize=16_384)
def _comparable(cluster: str) -> str:
    kept = []
    for char in unicodedata.normalize("NFKC", cluster).lower()[:_LONGEST_CLUSTER]:
        digit = unicodedata.digit(char, None)
        if digit is not None:
            kept.append(str(digit))
        elif not (char.isspace() or char in _INVISIBLE or unicodedata.category(char) in {"Cf", "Cc", "Me"}):
            kept.append(char)
    return "".join(kept)


def _replaced(text: str, table: dict[str, str]) -> str:
    # A few characters are quicker replaced one after the other than looked up for each place of the text.
    present = {char: new for char, new in table.items() if char in text}
    if len(present) > _FEW or any(char in present for new in present.values() for char in new):
        return text.translate({ord(char): new for char, new in present.items()})
    for char, new in present.items():
        text = text.replace(char, new)
    return text


def _of_characters(text: str) -> Normalised:
    # Nearly every character stays as it is: only the others cost more than a look in a table.
    table = {char: new for char in set(text) if (new := _comparable(char)) != char}
    comparable = _replaced(text, table)
    others = "".join(char for char, new in table.items() if len(new) != 1)
    if not others:
        return Normalised(comparable, range(len(text)), range(1, len(text) + 1))
    starts: list[int] = []
    position = 0
    for match in re.finditer(f"[{re.escape(others)}]", text):
        starts += range(position, match.start())
        starts += [match.start()] * len(table[match[0]])
        position = match.end()
    starts += range(position, len(text))
    return Normalised(comparable, starts, [start + 1 for start in starts])


def _of_clusters(text: str) -> Normalised:
    places = list(_clusters(text))
    clusters = [_comparable(text[start:end]) for start, end in places]
    starts = [start for (start, _), cluster in zip(places, clusters, strict=True) for _ in cluster]
    ends = [end for (_, end), cluster in zip(places, clusters, strict=True) for _ in cluster]
    return Normalised("".join(clusters), starts, ends)


def _without(form: Normalised, gaps: Iterable[tuple[int, int]]) -> Normalised:
    # The form with stretches of characters left out; what remains keeps its place in the original.
    texts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    position = 0
    for start, end in gaps:
        texts.append(form.text[position:start])
        starts += form.starts[position:start]
        ends += form.ends[position:start]
        position = end
    if not position:
        return form
    texts.append(form.text[position:])
    return Normalised("".join(texts), [*starts, *form.starts[position:]], [*ends, *form.ends[position:]])


def _shortened(form: Normalised) -> Normalised:
    # Digits without end make a pattern such as \d+栋 quadratic; nothing that is looked for has more than 40.
    half = _LONGEST_RUN // 2
    return _without(form, ((run.start() + half, run.end() - half) for run in _LONG_RUN.finditer(form.text)))


def _between_digits(text: str, start: int, end: int) -> bool:
    return text[start - 1 : start].isdecimal() and text[end : end + 1].isdecimal()


def _digit_form(form: Normalised) -> Normalised:
    worded = _replaced(form.text, _TO_DIGITS)
    if not _ONES.isdisjoint(worded):
        worded = _LOOKS_LIKE_ONE.sub("1", worded)
    joiners = (match.span() for match in _JOINERS.finditer(worded) if _between_digits(worded, *match.span()))
    return _without(Normalised(worded, form.starts, form.ends), joiners)


def normalise(text: str) -> tuple[Normalised, Normalised]:
    """The two forms of 6.2: t (NFKC, lower case, without white space and invisible characters) and d (t with digits).

    Wider than the reference where the same trick has another face: digits of every script and ring count as digits,
    and more dashes and dots are removed between digits.
    """
    combining = any(map(unicodedata.combining, set(text)))
    form = _shortened(_of_clusters(text) if combining else _of_characters(text))
    return form, _shortened(_digit_form(form))
