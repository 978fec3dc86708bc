"""The copy of everything kept about one person (我的信息, PIPL art. 45), as it is printed."""

from __future__ import annotations

from dataclasses import dataclass

from rules.documents import Paper


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCopy(Paper):
    """One section after the other: (title, rows), each row (label, value). For the person alone: it names nobody else."""

    made_on: str
    sections: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
