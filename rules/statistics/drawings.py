"""Plots as marks on a sheet: what stands where, in which shade, with which words. The page and the paper draw the same."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark: a bar, a line or words, in units of the drawing. `dash` draws it interrupted, so that black and white tells it apart."""

    kind: str
    x: int
    y: int
    x2: int = 0
    y2: int = 0
    text: str = ""
    shade: str = "full"
    anchor: str = "start"
    dash: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """A plot: what it is called, what it says in a sentence (for whoever cannot see it), and its marks in a box."""

    key: str
    title: str
    says: str
    width: int
    height: int
    marks: tuple[Mark, ...]
