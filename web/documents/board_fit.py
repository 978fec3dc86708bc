"""How large the text of a board can stand on its sheet: computed from the widths of its letters, then laid out to be sure.

Laying a sheet out is the dear part, and finding the size by trying took some twenty layouts. The breaking of the lines
follows simple rules (clauses stay whole where they can), so it is computed here instead; the layout then only confirms it,
and says by how much the computation was off.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from PIL import ImageFont

from rules.codes import SheetFinish
from rules.documents import BoardPaper
from web.documents.fonts import FOLDER
from web.documents.typesetting import clauses, lead, led

SHEET_SCALE = {"A3": 1.0, "A2": 2**0.5, "A1": 2.0}
"""How much larger than A3 a sheet is; one rem is 10 points of A3."""

HEIGHT = 119.055
"""An A3 sheet in rem."""

BLEED = "10mm"
"""Room around a sheet for a print shop: the frame runs 3.5 mm into it, the marks where to cut stand in the rest."""

LINE_POINTS = (24.0, 36.0)
"""Least and largest text size of a board's lines on A3 in points; reading distance in a hall asks for 24."""
LINE_STEP = 0.25
TITLE_POINTS, TITLE_ROOM = 60.0, 730.0
"""Least title size, and the width it has, on A3."""
TIGHTNESS = ((84, 1.5, 1.0), (72, 1.42, 0.8), (66, 1.36, 0.6), (60, 1.28, 0.45))
"""Title points, line height and margin factor, roomy first: a long board gives up these before its text gets smaller."""
LEAST_SHARE, MOST_SHARE = 0.34, 1.6
"""Gap between lines, of the text size: at least (times the margin factor) and at most."""
GIVEN_UP = 3.6
"""Points of text size that may be given up so that fewer lines end in a single character."""
STUMP = 3
"""A last line with so few characters looks lost."""

Laid = Any
"""A document of WeasyPrint, which only the worker process imports."""

_MEDIUM, _BLACK = "NotoSansSC_500Medium.ttf", "NotoSansSC_900Black.ttf"
_GRAIN = 1000
"""Size the letters are measured at."""
_NEVER_FIRST = frozenset("，。、；：！？”’）》】…")
_MAIN, _NUMBER, _COLUMN_GAP = 71.789, 1.95, 2.4
"""Width of the text in rem, room of a number in em, rem between two columns, as board.css says."""
_EMBLEM_ROW, _NAME_ROW = 5.6, 2.86
_SPARE = 0.05
_ALLOWED_OFF = 0.5
"""Rem of empty sheet that nobody sees."""
_LAYOUTS = 5


@dataclass(frozen=True, slots=True)
class Setting:
    """One way to set a board: sizes in points of A3, `margin` a factor, `gap` in points."""

    title: float
    height: float
    margin: float
    line: float
    gap: float

    def css(self, paper: BoardPaper) -> str:
        """The variables board.css is written for, and the sheet."""
        cut = f" bleed: {BLEED}; marks: crop;" if paper.finish is SheetFinish.SHOP else ""
        return (
            f"@page {{ size: {paper.paper};{cut} }} :root {{ font-size: {10 * SHEET_SCALE[paper.paper]:.4f}pt;"
            f" --title: {self.title / 10:.3f}rem; --line: {self.line / 10:.3f}rem; --height: {self.height};"
            f" --gap: {self.gap / 10:.3f}rem; --room: {self.margin}rem }}"
        )


@dataclass(frozen=True, slots=True)
class Clause:
    """Words that stay on one line where they can: the advance of each letter in em, and the letters."""

    letters: str
    widths: tuple[float, ...]

    @property
    def width(self) -> float:
        """Em."""
        return sum(self.widths)


Paragraph = tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Numbered lines; `columns` stand two by two."""

    heading: bool
    columns: bool
    paragraphs: tuple[Paragraph, ...]


@cache
def _face(name: str) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FOLDER / name), _GRAIN, layout_engine=ImageFont.Layout.BASIC)


@cache
def _advance(letter: str, face: str) -> float:
    """How wide a letter is, in em."""
    return _face(face).getlength(letter) / _GRAIN


def _clause(text: str, face: str = _MEDIUM) -> Clause:
    text = text.strip()
    return Clause(text, tuple(_advance(letter, face) for letter in text))


def groups_of(paper: BoardPaper) -> tuple[Group, ...]:
    """The board's lines as its template sets them."""
    groups = []
    for index, group in enumerate(paper.groups):
        marked = led(group.lines)
        paragraphs = []
        for line in group.lines:
            word, rest = lead(line) if marked else ("", line)
            first = (_clause(f"{word}：", _BLACK),) if word else ()
            paragraphs.append(first + tuple(_clause(each) for each in clauses(rest)))
        groups.append(Group(bool(group.heading), bool(group.heading) and index > 0, tuple(paragraphs)))
    return tuple(groups)


def _letters_set(clause: Clause, room: float) -> tuple[int, int]:
    """Lines of a clause that is longer than a line, and the letters on its last one."""
    lines, used, last = 1, 0.0, 0
    for letter, width in zip(clause.letters, clause.widths, strict=True):
        if used + width > room and used:
            carried = letter in _NEVER_FIRST
            lines, used, last = lines + 1, width + carried, 1 + carried
        else:
            used, last = used + width, last + 1
    return lines, last


def lines_set(paragraph: Paragraph, room: float) -> tuple[int, int]:
    """(lines, lines that end with a stump) of a paragraph in `room` em."""
    lines, used, last, rows, stumps = 1, 0.0, 0, 1, 0
    for clause in paragraph:
        if used and used + clause.width > room:
            lines, rows, used, last = lines + 1, rows + 1, 0.0, 0
        if clause.width > room:
            inner, inner_last = _letters_set(clause, room)
            lines, used, last = lines + inner - 1, room, len(clause.letters)
            stumps += inner_last <= STUMP
        else:
            used, last = used + clause.width, last + len(clause.letters)
    return lines, stumps + (rows > 1 and last <= STUMP)


def title_points(paper: BoardPaper, most: float) -> float:
    """The size of the title, which stays on one line while it can keep its least size."""
    characters = len(paper.title)
    return min(most, max(TITLE_POINTS, TITLE_ROOM / (characters * (1.16 if characters <= 8 else 1.04))))


def needed(paper: BoardPaper, groups: Sequence[Group], setting: Setting) -> tuple[float, float, int]:
    """(rem of height the board takes, by how much that grows with each point of gap, stumps)."""
    line, gap, room = setting.line / 10, setting.gap / 10, setting.margin
    rows = 2 if len(paper.title) > 11 else 1
    name = _EMBLEM_ROW if paper.emblem else _NAME_ROW
    band = 3.25 + 1.6 + 1.3 + 3.2 * room + name + 0.5 + 0.7 * room + setting.title / 10 * 1.12 * rows + 0.5
    fixed, gaps, stumps = band, 0.0, 0
    start = 1 + room * 1.2
    wide = _MAIN / line - _NUMBER
    narrow = (_MAIN - _COLUMN_GAP) / 2 / line - _NUMBER
    for index, group in enumerate(groups):
        if group.heading:
            gaps += 1.0 if index == 0 else 1.9
            fixed += 1.24 * line * 1.38 + 0.14
        counted = [lines_set(each, narrow if group.columns else wide) for each in group.paragraphs]
        stumps += sum(bad for _, bad in counted)
        if group.columns:
            high, many = _in_columns([lines * setting.height * line for lines, _ in counted], 0.6 * gap)
            fixed += high
            gaps += 0.4 + 0.6 * many
        else:
            fixed += sum(lines for lines, _ in counted) * setting.height * line
            gaps += len(counted)
    # the first margin of the text and the margin above it are one, the larger of the two
    fixed, gaps = (fixed + start, gaps - 1) if start > gap else (fixed, gaps)
    return fixed + 17.3 + (gaps + 1.1) * gap, (gaps + 1.1) / 10, stumps


def _in_columns(heights: Sequence[float], gap: float) -> tuple[float, int]:
    """Height of the lines in the higher of two balanced columns, without its gaps, and how many gaps it has."""
    best = (float("inf"), 0)
    for cut in range(1, len(heights) + 1):
        sides = [(sum(side), len(side)) for side in (heights[:cut], heights[cut:]) if side]
        worst = max(sides, key=lambda side: side[0] + side[1] * gap)
        if worst[0] + worst[1] * gap < best[0] + best[1] * gap:
            best = worst
    return best


def planned(paper: BoardPaper, groups: Sequence[Group], height: float) -> Setting | None:
    """The roomiest setting that should fit into `height`, its text as large as can be; None when even the tightest does not."""
    least, most = LINE_POINTS
    for title, spacing, margin in TIGHTNESS:
        share = LEAST_SHARE * margin
        sizes = [least + LINE_STEP * step for step in range(int((most - least) / LINE_STEP) + 1)]
        tried = {}
        for size in sizes:
            setting = Setting(title_points(paper, title), spacing, margin, size, size * share)
            rem, _, stumps = needed(paper, groups, setting)
            if rem <= height:
                tried[size] = (setting, stumps)
        if not tried:
            continue
        largest = max(tried)
        near = [size for size in tried if size >= largest - GIVEN_UP]
        chosen, _ = tried[min(near, key=lambda size: (tried[size][1], -size))]
        return _spread(paper, groups, chosen, height)
    return None


def _spread(paper: BoardPaper, groups: Sequence[Group], setting: Setting, height: float) -> Setting:
    """The setting with the gaps that use up the height."""
    least, most = setting.gap, setting.line * MOST_SHARE
    for _ in range(24):
        middle = (least + most) / 2
        if needed(paper, groups, replace(setting, gap=middle))[0] <= height:
            least = middle
        else:
            most = middle
    return replace(setting, gap=least)


def fit_board(lay_out: Callable[[str], Laid], paper: BoardPaper) -> Laid | None:
    """The board filling exactly one sheet; None when the text does not fit at its least size.

    Usually one or two layouts: the computed one, and one that makes up for what the computation was off.
    """
    groups = groups_of(paper)
    height, kept = HEIGHT - _SPARE, None
    for attempt in range(_LAYOUTS):
        setting = planned(paper, groups, height)
        if setting is None:
            return kept or (None if attempt else _tightest(lay_out, paper))
        document = lay_out(setting.css(paper))
        over = _over(document, paper.paper)
        if over <= 0:
            kept = document
            if over >= -_ALLOWED_OFF or setting.gap >= setting.line * MOST_SHARE - 0.01:
                break
            height += -over - 0.1
        elif kept:
            break
        else:
            height -= over + 0.1
    return kept


def _tightest(lay_out: Callable[[str], Laid], paper: BoardPaper) -> Laid | None:
    """The smallest setting there is, in case the computation was too strict."""
    title, spacing, margin = TIGHTNESS[-1]
    least = LINE_POINTS[0]
    document = lay_out(Setting(title_points(paper, title), spacing, margin, least, least * LEAST_SHARE * margin).css(paper))
    return document if len(document.pages) == 1 else None


def _over(document: Laid, paper: str) -> float:
    """By how many rem the text ends below its place; negative when it ends above."""
    rem = 10 * SHEET_SCALE[paper] * 4 / 3
    if len(document.pages) > 1:
        return max(0.5, *(bottom / rem for bottom in _bottoms(document.pages[1])), 0.5)
    return float((max(_bottoms(document.pages[0])) - document.pages[0].height) / rem)


def _bottoms(page: Any) -> list[float]:
    """Where the room above the foot ends, which is the last thing that flows."""
    boxes = [box for box in page._page_box.descendants() if getattr(box, "element", None) is not None]
    return [box.position_y + box.height for box in boxes if box.element.get("class") == "spacer"]
