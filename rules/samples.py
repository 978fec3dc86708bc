"""Placements drawn at random for a check on the spot (随机抽查): which ones follows from what was published, for everybody.

The supervising side publishes a seed the server made, for a month that is closed; with it the version of the ledger and the
number of its lines in list ③ are fixed. Only then it draws. The lines of list ③ are ordered by the SHA-256 of

    station|month|seed|number of lines|line

and the first `size` of them are checked. Nobody can pick a line, and drawing more keeps those drawn with fewer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rules.calling_order import draw_digest
from rules.codes import SampleVerdict
from rules.documents import Paper
from rules.errors import RuleBroken
from rules.ledger_papers import fitted, least_tall, unbroken, unbroken_width

MOST_DRAWN = 100
"""Lines a check on the spot may have: more than that is no sample any more."""
LONGEST_NOTE = 200
SHEET_WIDTH = 163.0
"""mm of the sheet that the columns of the ledger have."""
SAMPLE_STATES = {"published": "已公布种子，还没抽", "drawn": "已抽取"}
"""What a list of checks can be narrowed to."""

_MONTH = re.compile(r"(20[0-9]{2})[-年/]?(0[1-9]|1[0-2]|[1-9])月?")


def month_read(typed: str) -> int | None:
    """202611 of 2026-11, 2026年11月 or 202611; None for anything else."""
    found = _MONTH.fullmatch("".join(typed.split()))
    return int(found[1]) * 100 + int(found[2]) if found else None


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """A line of list ③ by its number there, with the text and the hash that put it where it is."""

    place: int
    line: int
    text: str
    digest: str


def sample_text(station_code: str, month: int, seed: str, population: int | str, line: int | str) -> str:
    """The text whose SHA-256 places a line: station|month|seed|number of lines|line; words in their place explain it."""
    return f"{station_code}|{month}|{seed}|{population}|{line}"


def sampled(station_code: str, month: int, seed: str, population: int, size: int) -> list[DrawnLine]:
    """The `size` lines that are checked among 1 to `population`, ascending by hash; all of them when there are fewer."""
    texts = ((line, sample_text(station_code, month, seed, population, line)) for line in range(1, population + 1))
    ordered = sorted((draw_digest(text), line, text) for line, text in texts)
    return [DrawnLine(place, line, text, digest) for place, (digest, line, text) in enumerate(ordered[:size], start=1)]


def sample_command(station_code: str, month: int, seed: str, population: int, size: int) -> str:
    """One line for a shell that prints the drawn lines again: hash and line number, first place first."""
    text = sample_text(station_code, month, seed, population, "$n")
    hashed = f'echo "$(printf \'%s\' "{text}" | sha256sum | cut -c1-64) $n"'
    return f"for n in $(seq {population}); do {hashed}; done | sort | head -n {size}"


def check_size(size: int, population: int) -> None:
    """RuleBroken (field "size") unless between one line and all of them, and no more than a sample has."""
    most = min(population, MOST_DRAWN)
    if not 1 <= size <= most:
        raise RuleBroken(f"请填写抽几条，1到{most}条（这个月一共{population}条）。", "size")


def check_verdict(verdict: SampleVerdict, note: str) -> str:
    """The note, cleaned. RuleBroken (field "note") when something is not as written and nobody says what."""
    note = note.strip()
    if verdict is not SampleVerdict.GENUINE and not note:
        raise RuleBroken("请写明核查的情况：哪里不一样，或者怎么没联系上。", "note")
    if len(note) > LONGEST_NOTE:
        raise RuleBroken(f"核查情况最多{LONGEST_NOTE}个字，请写短一些。", "note")
    return note


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleSheet(Paper):
    """随机抽查表 (P31): the drawn lines, masked, with boxes and room for the pen, and everything the draw follows from.

    `lines`: (place, line of list ③, its cells as `labels` name them, the first digits of its hash).
    """

    month: str
    ledger: str
    seed: str
    published: str
    drawn: str
    population: int
    size: int
    text: str
    command: str
    labels: tuple[str, ...]
    lines: tuple[tuple[int, int, tuple[str, ...], str], ...]
    verdicts: tuple[str, ...]
    officer: str
    verify_url: str = ""

    @property
    def widths(self) -> tuple[float, ...]:
        """The widths of the labelled columns in mm."""
        longest = [max((unbroken(cells[place]) for _, _, cells, _ in self.lines), default=0) for place in range(len(self.labels))]
        usual = fitted([1] * len(self.labels), longest, SHEET_WIDTH)
        return least_tall(self.labels, [cells for _, _, cells, _ in self.lines], usual, [unbroken_width(length) for length in longest])
