"""The ten rule boards on a station's wall (art. 12): their texts, and filling in what differs from station to station."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import yaml

from rules.codes import BoardKind
from rules.errors import RuleBroken

PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class BoardGroup:
    """Numbered lines under an optional heading; only the phrases board has headings (文明用语, 服务忌语)."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BoardText:
    """The text of one board. `basis` names the articles behind it; lines may hold {placeholders}."""

    kind: BoardKind
    title: str
    groups: tuple[BoardGroup, ...]
    basis: str

    @property
    def placeholders(self) -> tuple[str, ...]:
        """Names of the values the text asks for, each once, in reading order."""
        text = "".join(line for group in self.groups for line in group.lines)
        return tuple(dict.fromkeys(PLACEHOLDER.findall(text)))


@cache
def _texts() -> dict[BoardKind, BoardText]:
    source = yaml.safe_load((Path(__file__).parent / "boards.yaml").read_text(encoding="utf-8"))
    return {
        kind: BoardText(
            kind=kind,
            title=source[kind.value]["title"],
            groups=tuple(BoardGroup(group["heading"], tuple(group["lines"])) for group in source[kind.value]["groups"]),
            basis=source[kind.value]["basis"],
        )
        for kind in BoardKind
    }


def board_text(kind: BoardKind | str) -> BoardText:
    """The text a station starts from (domain reference 5), by kind or its stored value. Raises KeyError for another."""
    return _texts()[kind]  # type: ignore[index]  # a BoardKind equals its stored value


def fill_board(text: BoardText, values: Mapping[str, str]) -> BoardText:
    """The text with every placeholder replaced, ready to print.

    Raises RuleBroken naming the values that are missing or empty: a wall never shows a hole.
    """
    missing = [name for name in text.placeholders if not values.get(name, "").strip()]
    if missing:
        raise RuleBroken(f"《{text.title}》还缺：{'、'.join(missing)}。请先在驿站资料里填好，再打印。")
    return replace(
        text,
        groups=tuple(
            replace(group, lines=tuple(PLACEHOLDER.sub(lambda m: values[m[1]].strip(), line) for line in group.lines))
            for group in text.groups
        ),
    )
