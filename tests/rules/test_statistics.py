"""Periods, totals, medians and small cells of the statistics."""

from datetime import date

import pytest

from rules.statistics.cells import Column, PartSpec, Shape, laid_out, mean, median, share, shown, times
from rules.statistics.periods import PeriodKind, day_typed, period_on
from rules.statistics.tables import PARTS, Organisation, StatTable, organisation_of, steps_of
from rules.statistics.tables import AgeBand as Ages

DAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("kind", "first", "last", "label", "code"),
    [
        ("day", date(2026, 11, 23), date(2026, 11, 23), "2026年11月23日", "D261123"),
        ("week", date(2026, 11, 23), date(2026, 11, 29), "2026年第48周（11月23日至11月29日）", "W26-48"),
        ("month", date(2026, 11, 1), date(2026, 11, 30), "2026年11月", "M2611"),
        ("quarter", date(2026, 10, 1), date(2026, 12, 31), "2026年第4季度", "Q26-4"),
        ("half", date(2026, 7, 1), date(2026, 12, 31), "2026年下半年", "H26-2"),
        ("year", date(2026, 1, 1), date(2026, 12, 31), "2026年", "Y2026"),
    ],
)
def test_a_day_lies_in_a_period_of_each_length(kind, first, last, label, code):
    period = period_on(PeriodKind(kind), DAY)
    assert (period.first, period.last, period.label, period.code) == (first, last, label, code)
    assert period.previous.last < period.first
    assert period.next.first > period.last
    assert period.next.previous == period


def test_weeks_belong_to_the_year_of_their_thursday():
    assert period_on(PeriodKind.WEEK, date(2027, 1, 1)).label == "2026年第53周（12月28日至1月3日）"
    assert period_on(PeriodKind.WEEK, date(2027, 1, 4)).code == "W27-01"


def test_february_of_a_leap_year_and_months_of_a_period():
    assert period_on(PeriodKind.MONTH, date(2028, 2, 3)).last == date(2028, 2, 29)
    assert period_on(PeriodKind.QUARTER, DAY).months == (date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1))


@pytest.mark.parametrize("typed", ["", "junk", "2026-13-01", "1850-01-01", "2026-11-23x", "２０２６"])
def test_what_is_no_day_is_today(typed):
    assert day_typed(typed, DAY) == DAY


def test_a_day_a_month_or_a_year_may_be_typed():
    assert day_typed("2026-10-05", DAY) == date(2026, 10, 5)
    assert day_typed("2026-10", DAY) == date(2026, 10, 1)
    assert day_typed("2025", DAY) == date(2025, 1, 1)


def test_rates_round_down_ratios_half_up_and_nothing_is_divided_by_nothing():
    assert (share(2, 3), share(1, 0), share(3, 3)) == (666, None, 1000)
    assert (times(9, 8), times(1, 0), times(0, 5)) == (113, None, 0)
    assert (mean(5, 2), mean(1, 0)) == (25, None)
    assert (median([1, 3, 4, 10]), median([7]), median([])) == (3, 7, None)
    assert [shown(shape, 125) for shape in (Shape.COUNT, Shape.MONEY, Shape.RATE, Shape.RATIO, Shape.DAYS)] == [
        "125",
        "1.25",
        "12.5%",
        "1.25",
        "12.5",
    ]
    assert shown(Shape.COUNT, None) == "—"


def column_of(amounts: list[int], *, totalled: bool = True, personal: bool = True) -> list[str]:
    spec = PartSpec("p", "p", "p", (Column("n", "n"),), personal=personal, totalled=totalled)
    part = laid_out(spec, [(str(n), str(n)) for n in range(len(amounts))], {"n": {str(n): amount for n, amount in enumerate(amounts)}})
    cells = [*(row.cells[0] for row in part.rows), *([part.total.cells[0]] if part.total else [])]
    assert all(cell.amount is None and not cell.opens for cell in cells if cell.hidden)
    return [cell.text for cell in cells]


@pytest.mark.parametrize(
    ("amounts", "texts"),
    [
        ([9, 6, 0], ["9", "6", "0", "15"]),
        ([9, 3, 0], ["＊", "<5", "0", "12"]),
        ([9, 7, 3], ["9", "＊", "<5", "19"]),
        ([9, 3, 2], ["9", "<5", "<5", "14"]),  # 5 together: 1 and 4, 2 and 3
        ([9, 1, 1], ["＊", "<5", "<5", "11"]),  # 2 together could only be 1 and 1
        ([9, 4, 4], ["＊", "<5", "<5", "17"]),  # 8 together could only be 4 and 4
        ([9, 8, 5, 1], ["9", "＊", "＊", "<5", "23"]),  # 6 together could only be 5 and 1: one more
        ([2, 0, 1], ["<5", "<5", "<5", "<5"]),
        ([0, 0], ["0", "0", "0"]),
        ([4], ["<5", "<5"]),
    ],
)
def test_a_small_cell_cannot_be_worked_out(amounts, texts):
    assert column_of(amounts) == texts


def test_without_a_total_only_the_small_cells_hide():
    assert column_of([9, 3, 0], totalled=False) == ["9", "<5", "0"]


def test_posts_are_no_persons():
    assert column_of([9, 3, 0], personal=False) == ["9", "3", "0", "12"]


def test_nothing_of_a_column_opens_while_something_of_it_hides():
    spec = PartSpec("p", "p", "p", (Column("n", "n"), Column("m", "m")), personal=True)
    part = laid_out(spec, [("a", "a"), ("b", "b")], {"n": {"a": 9, "b": 3}, "m": {"a": 9, "b": 8}})
    assert part.total is not None
    assert [cell.opens for row in (*part.rows, part.total) for cell in row.cells] == [False, True, False, True, False, True]


def test_twelve_tables_in_their_order():
    assert [table.number for table in StatTable] == list(range(1, 13))
    assert set(PARTS) == set(StatTable)
    keys = [spec.key for specs in PARTS.values() for spec in specs]
    assert len(keys) == len(set(keys))
    for specs in PARTS.values():
        for spec in specs:
            columns = {column.key for column in spec.columns}
            assert all(column.part in columns and column.whole in columns for column in spec.columns if column.part)
    assert {spec.key for specs in PARTS.values() for spec in specs if spec.personal} == {"groups", "ages", "genders", "educations"}


def test_the_sort_of_an_employer_is_told_by_its_code():
    assert organisation_of(True, "91420112MA4KXXXX0X") is Organisation.ENTERPRISE
    assert organisation_of(True, "92420112MA4KXXXX0X") is Organisation.SOLE_TRADER
    assert organisation_of(True, "93420112MA4KXXXX0X") is Organisation.COOPERATIVE
    assert organisation_of(True, "11420112MA4KXXXX0X") is Organisation.PUBLIC
    assert organisation_of(True, "420112000000000") is Organisation.OTHER
    assert organisation_of(False, "420112199001011234") is Organisation.HOUSEHOLD


def test_steps_begin_where_they_say():
    assert steps_of(Ages)[:2] == (("16", 16), ("18", 18))
