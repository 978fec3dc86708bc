"""The monthly ledger on paper (月度工作台账, P12; art. 23): its lines as they are printed, and its booklets when it is long.

Old values stand struck through beside the new ones, and under the line a strip says why, when and by whom, with room for
the pen. Everything follows from the frozen `LedgerContent`; nothing here is typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import ceil

from rules.codes import BuildMode, OperationMode
from rules.documents import Paper
from rules.ledger import (
    CORRECTION_COLUMNS,
    FOOTER,
    WORDS,
    Cell,
    LedgerContent,
    LedgerList,
    LedgerListKind,
    Line,
    SummaryRow,
    figure_text,
    month_label,
)
from rules.money import yuan

WHOLE_LINES = 150
"""Lines up to which a ledger is one document, tagged and archival; a longer one is printed in booklets and bound."""
BOOKLET_LINES = 200
"""Lines of one booklet: a few seconds of printing, so that one that fails costs little."""
FIRST_PAGE_ROWS = 46
"""Figures that stand beside each other on the first page, under the header."""
PREVIEW_LINES = 30
"""Lines of each list in the preview of a month that is not closed: enough to see what it will look like."""
LOOKED_AT = 250
"""Lines that the widths of a list's columns are chosen by."""
OLD_COLUMN = [column.label for column in CORRECTION_COLUMNS].index("原记")
"""The column of list ⑨ whose values are struck through."""
NOT_CLOSED = "未结账"
LIST_WIDTH = 241.8
"""mm that 序号 and 经办人 leave to the columns of a list."""
LETTER, PADDING, LONGEST_RUN = 1.82, 2.3, 16
"""mm of a digit in a list (9 pt) and beside it; longer runs than so many may break."""
CHARACTER, WORD, TALLEST = 3.175, 4, 6
"""mm of a Chinese character in a list; characters of a name, which is not broken; rows a line may have when columns are made to fit."""
_RUN = re.compile(r"[0-9A-Za-z-]+")
_CLOSING = "，。；：、？！）》”…%"
_PIECE = re.compile(rf"(?:[0-9A-Za-z-]+|[（《“]*.)[{_CLOSING}]*")


def circled(number: int) -> str:
    """① to ⑳, then (21): the mark of a correction, as list ⑨ numbers it."""
    return chr(0x245F + number) if 1 <= number <= 20 else f"({number})"


def grouped(text: str) -> str:
    """Sixty-four hex digits in groups of four, as people compare them."""
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def total_of(listed: LedgerList, place: int) -> int:
    """The sum of a column's amounts (fen for money); a voided line does not count."""
    return sum(line.cells[place].amount or 0 for line in listed.lines if not line.void)


def is_money(listed: LedgerList, place: int) -> bool:
    """Whether the amounts of a column are fen."""
    return any(line.cells[place].money for line in listed.lines)


def total_shown(listed: LedgerList, place: int) -> str:
    """The total under a column; "" under one that is not added up."""
    if not listed.columns[place].summed:
        return ""
    total = total_of(listed, place)
    return yuan(total) if is_money(listed, place) else str(total)


def unbroken(text: str) -> int:
    """Letters, digits and dashes of the longest run that should not be broken over two lines: numbers and dates."""
    return max((len(run) for run in _RUN.findall(text)), default=0)


def unbroken_width(letters: int) -> float:
    """mm that a column needs for a run of so many letters and digits."""
    return min(letters, LONGEST_RUN) * LETTER + PADDING if letters else 0.0


def fitted(shares: Sequence[int], longest: Sequence[int], width: float) -> tuple[float, ...]:
    """Column widths in mm, in proportion to their shares, but wide enough for their longest numbers where there is room."""
    needs = [unbroken_width(length) for length in longest]
    wide = [share * width / (sum(shares) or 1) for share in shares]
    tight: set[int] = set()
    while more := {place for place, need in enumerate(needs) if place not in tight and need > wide[place]}:
        tight |= more
        left = width - sum(needs[place] for place in tight)
        rest = sum(share for place, share in enumerate(shares) if place not in tight)
        if not rest or left < width / 4:
            break
        wide = [needs[place] if place in tight else share * left / rest for place, share in enumerate(shares)]
    return tuple(round(each, 2) for each in wide)


def text_width(text: str) -> float:
    """mm of a text in a list when it stands in one row."""
    return sum(LETTER if char < "\u2e80" else CHARACTER for char in text)


@lru_cache(maxsize=20_000)
def rows_of(text: str, width: float) -> int:
    """Rows of a text in a column of `width` mm: numbers are not broken, and no row begins with a closing mark."""
    room = width - PADDING
    rows, filled = 1, 0.0
    for piece in _PIECE.findall(text) if text_width(text) > room else ():
        size = text_width(piece)
        if filled and filled + size > room:
            rows, filled = rows + 1, 0.0
        filled += size
    return rows


def least_tall(heads: Sequence[str], texts: Sequence[Sequence[str]], usual: tuple[float, ...], needs: Sequence[float]) -> tuple[float, ...]:
    """Column widths in mm with which the lines (`texts`) take the fewest rows: a busy month is many sheets of paper.

    `usual` are the widths the columns have anyhow, kept unless others take less; `needs` is what each must have for its numbers.
    """
    room = sum(usual)
    columns = [sorted(column, key=text_width) for column in zip(*texts, strict=True)] or [[] for _ in heads]
    least = [max(need, _word_width(column)) for need, column in zip(needs, columns, strict=True)]
    found, rows = usual, _rows(texts, usual)
    for high in range(1, TALLEST + 1):
        for share in (1.0, 0.8):  # of the lines: one long remark must not widen its column for all
            wanted = [
                _wide_enough(column[: ceil(len(column) * share)], high, max(need, _head_width(head, high)))
                for head, need, column in zip(heads, least, columns, strict=True)
            ]
            left = room - sum(wanted)
            if left < 0:
                continue
            widths = tuple(round(want + left * width / room, 2) for want, width in zip(wanted, usual, strict=True))
            if (taken := _rows(texts, widths)) < rows:
                found, rows = widths, taken
    return found


def _wide_enough(texts: Sequence[str], high: int, least: float) -> float:
    """mm in which each text, the longest last, takes no more rows than that; never below `least`."""
    if not texts:
        return least
    width = max(least, text_width(texts[-1]) / high + PADDING)
    while any(rows_of(text, width) > high for text in set(texts)):
        width += CHARACTER / 4
    return width


def _head_width(head: str, high: int) -> float:
    """mm of a heading over lines so high: short ones in one row, longer ones in two, the longest in three."""
    rows = 1 if len(head) <= (4 if high == 1 else 3) else 2 if len(head) <= 6 else 3
    return ceil(len(head) / rows) * CHARACTER + 1.2


def _word_width(texts: Sequence[str]) -> float:
    """mm of the longest of a column's texts that are as short as a name."""
    short = max((size for size in map(text_width, texts) if size <= WORD * CHARACTER), default=0.0)
    return short + PADDING if short else 0.0


def _rows(texts: Sequence[Sequence[str]], widths: Sequence[float]) -> int:
    """Rows that the lines take together."""
    return sum(max(map(rows_of, line, widths)) for line in texts)


@dataclass(frozen=True, slots=True)
class Strip:
    """What stands under a line: 更正①, 作废 or 补录, its words, and whose signatures are left room for.

    `old` is the part of the words that a correction strikes through.
    """

    title: str
    words: str
    pens: tuple[str, ...] = ()
    old: str = ""

    @property
    def struck(self) -> tuple[str, str, str]:
        """The words before what is struck through, that itself, and the words after it."""
        before, quote, rest = self.words.partition(f"“{self.old}”") if self.old else (self.words, "", "")
        return (f"{before}“", self.old, f"”{rest}") if quote else (self.words, "", "")


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line with its number in the list and the strips under it."""

    number: int
    line: Line
    strips: tuple[Strip, ...]


@dataclass(frozen=True, slots=True)
class PrintedList:
    """A list, or the part of one that stands in a booklet; totals only where the list ends."""

    listed: LedgerList
    lines: tuple[PrintedLine, ...]
    total: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        """③ 推荐上岗明细."""
        return f"{self.listed.kind.mark} {self.listed.kind.label}"

    @property
    def old_column(self) -> int | None:
        """The column of list ⑨ whose values are struck through: 原记."""
        return OLD_COLUMN if self.listed.kind is LedgerListKind.CORRECTIONS else None

    @property
    def widths(self) -> tuple[float, ...]:
        """The columns' widths in mm beside 序号 and 经办人; the same on every page and in every booklet of the list."""
        longest = [0] * len(self.listed.columns)
        for line in self.listed.lines:
            for place, cell in enumerate(line.cells):
                longest[place] = max(longest[place], unbroken(cell.text) + 2 * len(cell.marks), *(unbroken(text) for text in cell.was))
        usual = fitted([column.share for column in self.listed.columns], longest, LIST_WIDTH)
        some = self.listed.lines[:: len(self.listed.lines) // LOOKED_AT + 1]
        texts = [[" ".join((*cell.was, cell.text)) + "〇" * len(cell.marks) for cell in line.cells] for line in some]
        return least_tall([column.label for column in self.listed.columns], texts, usual, [unbroken_width(length) for length in longest])


@dataclass(frozen=True, slots=True)
class Booklet:
    """One of the documents a long ledger is bound from. `part`: "summary", a list's number, or "closing".

    `number` of `of` booklets of this list, with the lines from `first` (0-based) on, `count` of them.
    """

    part: str
    number: int = 1
    of: int = 1
    first: int = 0
    count: int = 0

    @property
    def label(self) -> str:
        """What stands before the page number."""
        if self.part == "summary":
            return "汇总"
        if self.part == "closing":
            return "文字总结和签名"
        mark = LedgerListKind(self.part).mark
        return f"{mark} 第{self.number}册（共{self.of}册）" if self.of > 1 else mark


def booklets_of(content: LedgerContent) -> tuple[Booklet, ...]:
    """The booklets of a long ledger in their order: part 1, each list in pieces, part 3 with the signatures."""
    pieces = [Booklet("summary")]
    for listed in content.lists:
        starts = range(0, max(len(listed.lines), 1), BOOKLET_LINES)
        pieces += [
            Booklet(listed.kind.value, number, len(starts), start, min(BOOKLET_LINES, len(listed.lines) - start))
            for number, start in enumerate(starts, start=1)
        ]
    return (*pieces, Booklet("closing"))


def lines_in(content: LedgerContent) -> int:
    """How many lines all lists have together."""
    return sum(len(listed.lines) for listed in content.lists)


def shortened(content: LedgerContent) -> LedgerContent:
    """The same month with the first lines of each list only, for a preview."""
    return replace(content, lists=tuple(replace(each, lines=each.lines[:PREVIEW_LINES]) for each in content.lists))


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerSheet(Paper):
    """月度工作台账 (P12). What is kept with its number names the frozen content in the archive (`content_key`, SHA-256).

    `content` is there while it is printed. `note` stands under the title of a preview. `booklet` is set while one of
    several documents is printed.
    """

    content: LedgerContent | None = None
    content_key: str = ""
    content_sha256: str = ""
    public_url: str = ""
    note: str = ""
    booklet: Booklet | None = None

    @property
    def verify_url(self) -> str:
        """Where anybody checks this paper; "" for a preview."""
        return f"{self.public_url}/verify/{self.number}" if self.public_url and not self.watermark else ""

    @property
    def said(self) -> LedgerContent:
        """The content, while it is printed. LookupError when it was not opened."""
        if self.content is None:
            raise LookupError("the content of this ledger is in the archive")
        return self.content

    @property
    def month(self) -> str:
        """2026年11月."""
        return month_label(self.said.header.month)

    @property
    def modes(self) -> tuple[str, str]:
        """How the station was built and who runs it, in words."""
        header = self.said.header
        return BuildMode.label_of(header.build_mode), OperationMode.label_of(header.operation_mode)

    @property
    def footer(self) -> str:
        """The sentence on every page (art. 23)."""
        return FOOTER

    @property
    def words(self) -> tuple[tuple[str, str], ...]:
        """Part 3: (title, text)."""
        return tuple((label, getattr(self.said, name)) for name, label in WORDS.items())

    @property
    def has_summary(self) -> bool:
        """Whether this document begins with header and part 1."""
        return self.booklet is None or self.booklet.part == "summary"

    @property
    def has_closing(self) -> bool:
        """Whether this document ends with part 3 and the signatures."""
        return self.booklet is None or self.booklet.part == "closing"

    @property
    def page_label(self) -> str:
        """What stands before 第 x 页 共 y 页."""
        return f"{self.booklet.label}　" if self.booklet else ""

    @property
    def head_groups(self) -> tuple[str, ...]:
        """The journal's head in groups of four digits."""
        return tuple(grouped(self.said.head_hash).split())

    @property
    def contents(self) -> tuple[tuple[str, str, int, int], ...]:
        """(mark, name, lines, booklets) of each list: what belongs to this ledger."""
        booklets = booklets_of(self.said)
        return tuple(
            (each.kind.mark, each.kind.label, len(each.lines), sum(one.part == each.kind.value for one in booklets))
            for each in self.said.lists
        )

    @property
    def figures(self) -> tuple[tuple[tuple[SummaryRow, SummaryRow | None], ...], ...]:
        """Part 1 in two columns, read down the left one first: the rows of the first page, then the others."""
        rows = self.said.summary
        return tuple(_columns(each) for each in (rows[:FIRST_PAGE_ROWS], rows[FIRST_PAGE_ROWS:]) if each)

    @property
    def lists(self) -> tuple[PrintedList, ...]:
        """The lists of this document with their strips and totals."""
        return tuple(self._printed())

    def _printed(self) -> Iterator[PrintedList]:
        corrections = next((each for each in self.said.lists if each.kind is LedgerListKind.CORRECTIONS), None)
        for listed in self.said.lists:
            if self.booklet and self.booklet.part != listed.kind.value:
                continue
            first = self.booklet.first if self.booklet else 0
            last = first + self.booklet.count if self.booklet else len(listed.lines)
            lines = tuple(
                PrintedLine(number, line, strips_of(line, listed, corrections))
                for number, line in enumerate(listed.lines[first:last], start=first + 1)
            )
            summed = last >= len(listed.lines) and listed.lines and any(column.summed for column in listed.columns)
            totals = tuple(total_shown(listed, place) for place in range(len(listed.columns))) if summed else ()
            yield PrintedList(listed, lines, totals)

    def circled(self, number: int) -> str:
        """The mark of a correction beside its value."""
        return circled(number)

    def show(self, row: SummaryRow, which: str) -> str:
        """A figure of part 1: `which` is month, year or year_before."""
        return figure_text(getattr(row, which), row.unit)


def _columns(rows: Sequence[SummaryRow]) -> tuple[tuple[SummaryRow, SummaryRow | None], ...]:
    half = (len(rows) + 1) // 2
    return tuple((rows[place], rows[place + half] if place + half < len(rows) else None) for place in range(half))


def strips_of(line: Line, listed: LedgerList, corrections: LedgerList | None) -> tuple[Strip, ...]:
    """What stands under a line: why it came late, what was corrected, why it does not hold; list ⑨ says it in its lines."""
    strips = [Strip("补录", line.late.removeprefix("补录："))] if line.late else []
    if listed.kind is not LedgerListKind.CORRECTIONS and corrections is not None:
        marks = sorted({mark for cell in line.cells for mark in cell.marks})
        for mark in marks:
            if 1 <= mark <= len(corrections.lines):
                cells = corrections.lines[mark - 1].cells
                strips.append(Strip(f"更正{circled(mark)}", correction_words(cells), ("经手人签名", "当事人签名"), cells[OLD_COLUMN].text))
    if line.void:
        strips.append(Strip("作废", line.void.removeprefix("作废："), ("经手人签名",)))
    return tuple(strips)


def correction_words(cells: Sequence[Cell]) -> str:
    """A line of list ⑨ (CORRECTION_COLUMNS) as a sentence."""
    _record, field, old, new, reason, moment, who = (cell.text for cell in cells[:7])
    return f"{field}：原记“{old}”更正为“{new}”；原因：{reason.rstrip('。；')}；更正时间：{moment}；经手人：{who}"
