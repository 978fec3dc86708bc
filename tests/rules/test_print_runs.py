"""What may be printed many at a time, how it is remembered, and until when it can be fetched."""

from datetime import UTC, date, datetime, timedelta

import pytest

from rules.codes import Bundle, PrintRunKind, PrintRunState, SheetFinish
from rules.errors import RuleBroken
from rules.print_runs import (
    MAXIMUM,
    Wanted,
    can_be_fetched,
    can_cancel,
    can_go_on,
    check_count,
    check_open,
    check_wanted,
    counts_as_look,
    ended_as,
    progress_of,
    read_wanted,
)

TODAY = date(2026, 12, 1)


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(PrintRunKind.AGREEMENTS, Bundle.PDF, TODAY, True),
        Wanted(PrintRunKind.SEEKER_CARDS, Bundle.ZIP, TODAY),
        Wanted(PrintRunKind.BOARDS, Bundle.PDF, None, False, "A1", SheetFinish.SHOP),
    ],
)
def test_what_was_asked_for_is_read_back_as_it_was(wanted):
    assert read_wanted(wanted.kind.value, wanted.bundle.value, wanted.day, wanted.choice) == wanted
    assert check_wanted(wanted, TODAY) == wanted


def test_boards_have_no_day_and_papers_have_no_sheet():
    asked = Wanted(PrintRunKind.BOARDS, Bundle.PDF, TODAY, True, "A9", SheetFinish.SAVING)
    assert check_wanted(asked, TODAY) == Wanted(PrintRunKind.BOARDS, Bundle.PDF, None, False, "A3", SheetFinish.SAVING)
    assert check_wanted(Wanted(PrintRunKind.AGREEMENTS, Bundle.ZIP, TODAY, True), TODAY).duplex is False


@pytest.mark.parametrize(("day", "said"), [(None, "哪一天"), (date(2026, 12, 2), "还没到")])
def test_a_day_is_needed_and_it_has_come(day, said):
    with pytest.raises(RuleBroken, match=said):
        check_wanted(Wanted(PrintRunKind.AGREEMENTS, Bundle.PDF, day), TODAY)


@pytest.mark.parametrize("kind", PrintRunKind)
def test_nothing_and_too_much_are_refused(kind):
    for count in (0, MAXIMUM + 1):
        with pytest.raises(RuleBroken):
            check_count(kind, count)
    check_count(kind, MAXIMUM)
    with pytest.raises(RuleBroken, match="排队"):
        check_open(5)


def test_it_is_done_when_something_came_out_and_goes_on_when_something_is_missing():
    some = progress_of({"PRINTED": 2, "FAILED": 1, "SKIPPED": 1, "WAITING": 1})
    assert (some.total, some.dealt, some.missing) == (5, 4, 2)
    assert ended_as(some) is PrintRunState.DONE
    assert ended_as(progress_of({"FAILED": 3})) is PrintRunState.FAILED
    assert can_go_on(PrintRunState.DONE, some)
    assert not can_go_on(PrintRunState.RUNNING, some)
    assert not can_go_on(PrintRunState.DONE, progress_of({"PRINTED": 3}))
    assert can_cancel(PrintRunState.WAITING)
    assert not can_cancel(PrintRunState.DONE)


def test_the_file_is_kept_a_week():
    ended = datetime(2026, 12, 1, 9, tzinfo=UTC)
    assert can_be_fetched(PrintRunState.DONE, ended, ended + timedelta(days=7))
    assert not can_be_fetched(PrintRunState.DONE, ended, ended + timedelta(days=7, seconds=1))
    assert not can_be_fetched(PrintRunState.CANCELLED, ended, ended)


def test_the_days_own_papers_are_the_days_work():
    assert not counts_as_look(PrintRunKind.AGREEMENTS, TODAY, TODAY)
    assert counts_as_look(PrintRunKind.AGREEMENTS, date(2026, 11, 30), TODAY)
    assert not counts_as_look(PrintRunKind.BOARDS, None, TODAY)
