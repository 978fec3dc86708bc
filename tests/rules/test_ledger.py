"""The monthly ledger: states, due day, who decides, the months of a station, versions as bytes and what differs."""

from dataclasses import replace
from datetime import date

import pytest

from rules.codes import BuildMode, LedgerState, LedgerStepKind
from rules.errors import RuleBroken, RulesBroken
from rules.ledger import (
    COLUMNS,
    Cell,
    LedgerContent,
    LedgerHeader,
    LedgerList,
    LedgerListKind,
    Line,
    SummaryRow,
    after,
    check_closable,
    check_decides,
    check_words_open,
    due_on,
    figure_text,
    is_overdue,
    last_day,
    ledger_number,
    may_decide,
    month_of,
    months_since,
    next_month,
    rate,
    state_on,
    was_late,
)
from rules.ledger_versions import Difference, differences, from_bytes, summary_record, to_bytes
from tests.cast import PEOPLE

S, K = LedgerState, LedgerStepKind
WRITTEN = {"main_work": "做了", "problems": "有", "plans": "打算"}


def test_months():
    assert month_of(date(2026, 11, 30)) == 202611
    assert next_month(202612) == 202701
    assert last_day(202602) == date(2026, 2, 28)
    assert due_on(202611) == date(2026, 12, 5)
    assert due_on(202612) == date(2027, 1, 5)
    assert ledger_number(202611, "ZD-420112015-01", 2) == "L202611-ZD-420112015-01-v2"


def test_a_station_has_ledgers_since_it_opened():
    assert list(months_since(date(2026, 10, 31), date(2026, 12, 1))) == [202612, 202611, 202610]
    assert list(months_since(date(2026, 12, 2), date(2026, 12, 1))) == [202612]
    assert list(months_since(date(2027, 1, 1), date(2026, 12, 1))) == []


def test_a_month_can_be_closed_when_it_is_over():
    assert state_on(S.OPEN, 202611, date(2026, 11, 30)) is S.OPEN
    assert state_on(S.OPEN, 202611, date(2026, 12, 1)) is S.CLOSABLE
    assert state_on(S.CLOSED, 202611, date(2026, 12, 1)) is S.CLOSED


def test_late_is_what_was_first_submitted_after_the_due_day():
    due = date(2026, 12, 5)
    assert not is_overdue(None, due, due)
    assert is_overdue(None, due, date(2026, 12, 6))
    assert not was_late(due, due, date(2026, 12, 20))
    assert was_late(date(2026, 12, 6), due, date(2026, 12, 20))


@pytest.mark.parametrize(
    ("step", "state", "then"),
    [
        (K.CLOSED, S.CLOSABLE, S.CLOSED),
        (K.SUBMITTED, S.CLOSED, S.SUBMITTED),
        (K.SUBMITTED, S.CORRECTED, S.SUBMITTED),
        (K.QUERIED, S.SUBMITTED, S.QUERIED),
        (K.ANSWERED, S.QUERIED, S.SUBMITTED),
        (K.ACCEPTED, S.SUBMITTED, S.ACCEPTED),
        (K.CORRECTED, S.ACCEPTED, S.CORRECTED),
        (K.CORRECTED, S.SUBMITTED, S.CORRECTED),
    ],
)
def test_the_steps_of_a_month(step, state, then):
    assert after(step, state) is then


@pytest.mark.parametrize(
    ("step", "state"),
    [
        (K.CLOSED, S.OPEN),
        (K.CLOSED, S.ACCEPTED),
        (K.SUBMITTED, S.CLOSABLE),
        (K.ACCEPTED, S.CLOSED),
        (K.ACCEPTED, S.CORRECTED),
        (K.QUERIED, S.ACCEPTED),
        (K.CORRECTED, S.OPEN),
    ],
)
def test_steps_that_do_not_follow(step, state):
    with pytest.raises(RuleBroken):
        after(step, state)


def test_what_stands_in_the_way_of_closing_is_said_at_once():
    with pytest.raises(RulesBroken) as broken:
        check_closable(S.CLOSABLE, WRITTEN | {"plans": " "}, typed_name="", actor_name="吴站长", unfinished=True, seen=False)
    assert [one.field for one in broken.value.broken] == [None, "signed_name", "seen"]
    check_closable(S.CLOSABLE, WRITTEN, typed_name=" 吴 站长", actor_name="吴站长", unfinished=True, seen=True)


def test_words_are_closed_with_the_month():
    for state in (S.OPEN, S.CLOSABLE, S.QUERIED):
        check_words_open(state)
    for state in (S.CLOSED, S.SUBMITTED, S.ACCEPTED, S.CORRECTED):
        with pytest.raises(RuleBroken):
            check_words_open(state)


def test_the_supervising_unit_decides_and_no_other_officer():
    street, district = PEOPLE["sun"], PEOPLE["zheng"]
    assert may_decide(district, BuildMode.DISTRICT_LED)
    assert not may_decide(street, BuildMode.DISTRICT_LED)
    for mode in (BuildMode.SUBDISTRICT_LED, BuildMode.SELF_BUILT):
        check_decides(street, mode, "金银湖街道办事处")
        with pytest.raises(RuleBroken, match="金银湖街道办事处"):
            check_decides(district, mode, "金银湖街道办事处")


def test_figures_as_people_read_them():
    assert figure_text(None, "人") == "—"
    assert figure_text(875, "%") == "87.5"
    assert figure_text(123456, "元") == "1234.56"
    assert rate(7, 8) == 875
    assert rate(0, 0) is None


def content(**changes) -> LedgerContent:
    header = LedgerHeader(
        *("金银湖零工驿站", "ZD-420112015-01", "SELF_BUILT", "SELF_RUN", "某公司", 202611),
        *("陈小满", "吴站长", "金银湖街道办事处", 1, "L202611-ZD-420112015-01-v1"),
    )
    line = Line((Cell("2026-11-10"), Cell("T1", marks=(1,)), *[Cell("x")] * 10), "T1", "陈小满", late="补录：忙", key="placement:1")
    lists = tuple(LedgerList(kind, COLUMNS[kind], (line,) if kind is LedgerListKind.PLACEMENTS else ()) for kind in LedgerListKind)
    summary = (SummaryRow("PLACED", "推荐成功就业人次", "人次", 1, 1, None),)
    made = LedgerContent(header, summary, lists, "做了", "有", "打算", "station:1", 7, "0" * 64, "2026-12-01 09:00")
    return replace(made, **changes)


def test_a_version_comes_back_as_it_was_kept():
    assert from_bytes(to_bytes(content())) == content()
    assert to_bytes(content()) == to_bytes(from_bytes(to_bytes(content())))
    assert '"late":1' in summary_record(content())


def test_every_list_has_columns_that_fill_the_sheet():
    assert all(sum(column.share for column in columns) == 100 for columns in COLUMNS.values())


def test_what_differs_between_two_versions():
    assert differences(content(), content(head_seq=8, made_at="2026-12-02 09:00")) == []
    placed = next(each for each in content().lists if each.kind is LedgerListKind.PLACEMENTS)
    was = placed.lines[0]
    moved = replace(was, cells=(*was.cells[:2], Cell("y", was=("x",), marks=(1,)), *was.cells[3:]), void="")
    added = replace(was, record="T2", key="placement:2")
    lists = tuple(replace(each, lines=(moved, added)) if each is placed or each.kind is placed.kind else each for each in content().lists)
    newer = content(lists=lists, plans="换了", summary=(replace(content().summary[0], month=2),))
    found = differences(content(), newer)
    assert found[0] == Difference("汇总", "推荐成功就业人次（本月）", "1", "2")
    assert found[1] == Difference("③推荐上岗明细", "T1 岗位编号", "x", "y")
    assert (found[2].what, found[2].before) == ("T2", "没有")
    assert found[3] == Difference("文字总结", "下月打算", "打算", "换了")
    assert differences(newer, content())[2].now == "没有"
