"""From counted figures to a table: totals, rates, and small cells that must not show (domain reference 8.4, PIPL 73).

Amounts are whole numbers throughout: people and pieces as they are, money in fen, rates in tenths of a percent, ratios in
hundredths, days in tenths.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from rules.money import yuan

SMALL = 5
"""A cell of a personal breakdown below this is not shown (domain reference 8.4, table 4)."""

LITTLE, KEPT_BACK, NOTHING = "<5", "＊", "—"
"""How a small cell reads, one that is kept back so that the small one cannot be worked out, and one with nothing to say."""


class Shape(StrEnum):
    """What an amount is."""

    COUNT = "count"
    MONEY = "money"
    HOURLY = "hourly"
    RATE = "rate"
    RATIO = "ratio"
    DAYS = "days"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `adds` says that its total is the sum of the rows, else the total is counted on its own.

    `part` and `whole` name the columns a rate or ratio is worked out from. `opens`: its figures lead to their rows.
    """

    key: str
    label: str
    unit: str = ""
    shape: Shape = Shape.COUNT
    adds: bool = True
    opens: bool = True
    part: str = ""
    whole: str = ""

    @property
    def heading(self) -> str:
        """新增岗位（条）."""
        return f"{self.label}（{self.unit}）" if self.unit else self.label


@dataclass(frozen=True, slots=True)
class PartSpec:
    """One breakdown of a table: what its rows are, its columns, whether it is about persons, whether it has a total."""

    key: str
    title: str
    rows: str
    columns: tuple[Column, ...]
    personal: bool = False
    totalled: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure as people read it. `amount` None: nothing to say, or `hidden`. `opens`: it leads to its rows."""

    text: str
    amount: int | None = None
    opens: bool = False
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row: `key` is what its rows are found by."""

    key: str
    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A breakdown with its figures."""

    key: str
    title: str
    rows_of: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: Row | None
    personal: bool = False
    note: str = ""

    @property
    def hides(self) -> bool:
        """Whether anything in it is kept back."""
        return any(cell.hidden for row in self.rows for cell in row.cells)


ALL = "all"
"""The key of the total row."""

Figures = Mapping[str, Mapping[str, int | None]]


def shown(shape: Shape, amount: int | None) -> str:
    """An amount as people read it; — for none."""
    if amount is None:
        return NOTHING
    match shape:
        case Shape.MONEY | Shape.HOURLY:
            return yuan(amount)
        case Shape.RATE:
            return f"{amount // 10}.{amount % 10}%" if amount % 10 else f"{amount // 10}%"
        case Shape.RATIO:
            return f"{amount // 100}.{amount % 100:02d}"
        case Shape.DAYS:
            return f"{amount // 10}.{amount % 10}"
    return str(amount)


def share(part: int, whole: int) -> int | None:
    """`part` in `whole` in tenths of a percent, rounded down; None while there is nothing to share."""
    return part * 1000 // whole if whole > 0 else None


def times(part: int, whole: int) -> int | None:
    """How many times `whole` goes into `part`, in hundredths, rounded half up (求人倍率); None without a whole."""
    return (part * 200 + whole) // (whole * 2) if whole > 0 else None


def mean(total: int, count: int) -> int | None:
    """A mean in tenths, rounded half up; None of nothing."""
    return (total * 20 + count) // (count * 2) if count > 0 else None


def median(ordered: Sequence[int]) -> int | None:
    """The middle of ordered values, between the two middle ones rounded down; None of nothing."""
    count = len(ordered)
    return (ordered[(count - 1) // 2] + ordered[count // 2]) // 2 if count else None


def laid_out(
    spec: PartSpec, rows: Sequence[tuple[str, str]], figures: Figures, totals: Mapping[str, int | None] | None = None, *, opens: bool = True
) -> Part:
    """The breakdown with its figures (column key → row key → amount); `totals` holds those that are no sums.

    Rates and ratios are worked out here, small cells of persons are kept back, and what is kept back opens nowhere.
    """
    amounts = {
        column.key: [
            figures.get(column.key, {}).get(key, None if not column.adds and column.shape is not Shape.COUNT else 0) for key, _ in rows
        ]
        for column in spec.columns
        if not column.part
    }
    last = {
        key: sum(each or 0 for each in column) if _column(spec, key).adds else (totals or {}).get(key) for key, column in amounts.items()
    }
    cells = {column.key: _cells(spec, column, amounts, last, opens=opens) for column in spec.columns}
    made = tuple(Row(key, label, tuple(cells[column.key][n] for column in spec.columns)) for n, (key, label) in enumerate(rows))
    total = Row(ALL, "合计", tuple(cells[column.key][-1] for column in spec.columns)) if spec.totalled else None
    return Part(spec.key, spec.title, spec.rows, spec.columns, made, total, spec.personal, spec.note)


def _column(spec: PartSpec, key: str) -> Column:
    return next(column for column in spec.columns if column.key == key)


def _cells(
    spec: PartSpec, column: Column, amounts: Mapping[str, list[int | None]], last: Mapping[str, int | None], *, opens: bool
) -> list[Cell]:
    """The cells of a column from top to bottom, its total last."""
    if column.part:
        work_out = times if column.shape is Shape.RATIO else share
        parts = [*amounts[column.part], last[column.part]]
        wholes = [*amounts[column.whole], last[column.whole]]
        values = [work_out(part or 0, whole or 0) for part, whole in zip(parts, wholes, strict=True)]
        return [Cell(shown(column.shape, value), value) for value in values]
    values = [*amounts[column.key], last[column.key]]
    made = [Cell(shown(column.shape, value), value, opens=bool(opens and column.opens and value)) for value in values]
    return _kept_back(made, totalled=spec.totalled) if spec.personal and column.shape is Shape.COUNT else made


def _kept_back(cells: list[Cell], *, totalled: bool) -> list[Cell]:
    """A column of persons with its small cells hidden; while its total shows, so many more that none can be worked out."""
    *rows, total = cells
    small = [n for n, cell in enumerate(rows) if cell.amount and cell.amount < SMALL]
    if totalled and total.amount and total.amount < SMALL:  # how these few are spread would show, too
        return [_hide(cell, LITTLE) for cell in cells]
    hidden = dict.fromkeys(small, LITTLE)
    if totalled:
        for n in _others_to_hide([cell.amount or 0 for cell in rows], small):
            hidden[n] = KEPT_BACK
    if not hidden:
        return cells
    if not totalled:
        return [*(_hide(cell, LITTLE) if n in hidden else cell for n, cell in enumerate(rows)), total]
    # Nothing of the column opens: lists of the shown cells, taken from the list of all, would leave the hidden ones.
    kept = [_hide(cell, hidden[n]) if n in hidden else replace(cell, opens=False) for n, cell in enumerate(rows)]
    return [*kept, replace(total, opens=False)]


def _others_to_hide(amounts: list[int], small: list[int]) -> list[int]:
    """Rows to keep back beside the small ones, smallest first, until what all hidden ones come to fits several ways.

    Whoever reads knows the sum of the hidden cells (the total less those that show), that a small one is 1 to 4, and that
    one kept back is at least 5.
    """
    if not small or (len(small) > 1 and len(small) < sum(amounts[n] for n in small) < (SMALL - 1) * len(small)):
        return []
    kept: list[int] = []
    for _, n in sorted((amount, n) for n, amount in enumerate(amounts) if amount >= SMALL):
        kept.append(n)
        if sum(amounts[each] for each in (*small, *kept)) > len(small) + SMALL * len(kept):
            break
    return kept


def _hide(cell: Cell, text: str) -> Cell:
    return Cell(text, None, hidden=True) if cell.amount is not None else cell
