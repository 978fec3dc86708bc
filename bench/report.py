"""What a measurement says: a table to read, goals that are met or missed, and one JSON object as the last line."""

from __future__ import annotations

import json
import platform
import sqlite3
import statistics
import sys
import unicodedata
from collections.abc import Sequence
from typing import Any


def width(text: str) -> int:
    """Columns a text takes on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def table(heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print rows under their heads; the first column is left-aligned, the others right-aligned."""
    texts = [[str(cell) for cell in row] for row in (heads, *rows)]
    widths = [max(width(row[index]) for row in texts) for index in range(len(heads))]
    for number, row in enumerate(texts):
        cells = [
            (cell + " " * (size - width(cell)) if index == 0 else " " * (size - width(cell)) + cell)
            for index, (cell, size) in enumerate(zip(row, widths, strict=True))
        ]
        print("  ".join(cells).rstrip())
        if number == 0:
            print("  ".join("-" * size for size in widths))
    print(flush=True)


def machine() -> None:
    """Print what this ran on, because absolute figures mean nothing without it."""
    import os

    print(
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}, {platform.system()} {platform.machine()}\n",
        flush=True,
    )


def median(values: Sequence[float]) -> float:
    """The median."""
    return statistics.median(values)


class Report:
    """Figures and goals of one measurement."""

    def __init__(self, name: str) -> None:
        self.figures: dict[str, Any] = {"bench": name}
        self.missed: list[str] = []
        self._lines: list[str] = []

    def goal(self, words: str, value: float, least: float) -> None:
        """A ratio that must reach `least`."""
        self._verdict(words, value >= least, f"{value:.2f}, goal at least {least:g}")

    def most(self, words: str, value: float, most: float) -> None:
        """A ratio that must not exceed `most`."""
        self._verdict(words, value <= most, f"{value:.2f}, goal at most {most:g}")

    def must(self, words: str, holds: bool) -> None:
        """Something that must be so: nothing lost, same HTML."""
        self._verdict(words, holds, "yes" if holds else "NO")

    def note(self, words: str, value: str) -> None:
        """A figure for orientation, which depends on the machine."""
        self._lines.append(f"note    {words}: {value}")

    def _verdict(self, words: str, holds: bool, value: str) -> None:
        self._lines.append(f"{'met   ' if holds else 'MISSED'}  {words}: {value}")
        if not holds:
            self.missed.append(words)

    def end(self) -> None:
        """Print the goals and the JSON line and leave: exit 1 when a goal was missed."""
        print("\n".join(self._lines), flush=True)
        print(json.dumps({**self.figures, "missed": self.missed}, ensure_ascii=False), flush=True)
        sys.exit(1 if self.missed else 0)
