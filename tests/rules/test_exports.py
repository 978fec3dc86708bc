"""A list leaves with a purpose and a second person's yes."""

from datetime import UTC, datetime, timedelta

import pytest

from rules.codes import ExportPurpose, ExportState
from rules.errors import RuleBroken
from rules.exports import MAXIMUM_ROWS, can_be_fetched, check_decider, check_purpose, check_size, decision_reason, marked_line
from tests.cast import PEOPLE

MADE = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)


def test_another_purpose_is_written_down():
    assert check_purpose(ExportPurpose.OTHER, "  街道 开会 ") == "街道 开会"
    assert check_purpose(ExportPurpose.WORK, "") == ""
    with pytest.raises(RuleBroken) as refused:
        check_purpose(ExportPurpose.OTHER, "看")
    assert refused.value.field == "note"


@pytest.mark.parametrize("rows", [0, MAXIMUM_ROWS + 1])
def test_nothing_and_too_much_are_refused(rows):
    with pytest.raises(RuleBroken):
        check_size(rows)
    check_size(MAXIMUM_ROWS)


@pytest.mark.parametrize(("login", "may"), [("wu", True), ("sun", True), ("zheng", True), ("chen", False), ("he", False), ("luo", False)])
def test_who_may_decide(login, may):
    if may:
        check_decider(PEOPLE[login], 1, ExportState.ASKED)
    else:
        with pytest.raises(RuleBroken):
            check_decider(PEOPLE[login], 1, ExportState.ASKED)


def test_never_ones_own_and_only_once():
    wu = PEOPLE["wu"]
    with pytest.raises(RuleBroken, match="不能自己批"):
        check_decider(wu, wu.id, ExportState.ASKED)
    with pytest.raises(RuleBroken, match="已经有人批过"):
        check_decider(wu, 1, ExportState.MADE)


def test_a_refusal_says_why_an_agreement_may():
    assert decision_reason(True, "") == ""
    with pytest.raises(RuleBroken):
        decision_reason(False, "不")


def test_a_file_can_be_fetched_for_seven_days():
    assert can_be_fetched(ExportState.MADE, MADE, MADE + timedelta(days=7))
    assert not can_be_fetched(ExportState.MADE, MADE, MADE + timedelta(days=7, seconds=1))
    assert not can_be_fetched(ExportState.APPROVED, None, MADE)
    assert not can_be_fetched(ExportState.REFUSED, MADE, MADE)


def test_the_mark_says_who_when_and_what_for():
    line = marked_line(export_id=7, who="陈小满", where="金银湖零工驿站", when="2026-12-01 09:00", purpose="本站工作", mark="ab12")
    for part in ("陈小满", "金银湖零工驿站", "2026-12-01 09:00", "本站工作", "7", "ab12"):
        assert part in line
