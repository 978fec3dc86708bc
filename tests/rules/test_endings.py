"""Prolonging a post, ending it early, saying what came of it, appealing."""

from datetime import date

import pytest

from rules.codes import EndReason, FoundWhere, JobState, VerifyMethod
from rules.endings import (
    check_appeal,
    check_appeal_decider,
    check_extension,
    check_extension_proof,
    checked_outcome,
    end_reason_text,
    ended_state,
)
from rules.errors import RuleBroken

TODAY = date(2026, 12, 1)


def test_a_post_is_prolonged_to_a_later_day_within_thirty_days():
    check_extension(date(2026, 12, 10), date(2026, 12, 31), TODAY)
    check_extension(None, TODAY, TODAY)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (date(2026, 12, 10), date(2026, 12, 10), "2026年12月10日，请填更晚的日期"),
        (date(2026, 12, 10), date(2026, 12, 5), "更晚"),
        (date(2026, 12, 10), date(2027, 1, 1), "最长30天"),
        (None, date(2026, 11, 30), "已经过了"),
        (None, None, "请填写有效期"),
    ],
)
def test_a_wrong_last_day(old, new, said):
    with pytest.raises(RuleBroken, match=said) as refused:
        check_extension(old, new, TODAY)
    assert refused.value.field == "valid_to"


def test_staff_say_how_they_verified_and_the_employer_need_not():
    check_extension_proof(None, by_employer=True)
    check_extension_proof(VerifyMethod.PHONE, by_employer=False)
    for method in (None, VerifyMethod.REFERENCE):
        with pytest.raises(RuleBroken) as refused:
            check_extension_proof(method, by_employer=False)
        assert refused.value.field == "method"


@pytest.mark.parametrize(
    ("state", "why", "following"),
    [
        (JobState.PUBLISHED, EndReason.FOUND, JobState.FILLED),
        (JobState.PAUSED, EndReason.FOUND, JobState.FILLED),
        (JobState.PUBLISHED, EndReason.NOT_NEEDED, JobState.WITHDRAWN),
        (JobState.PAUSED, EndReason.OTHER, JobState.WITHDRAWN),
        (JobState.APPROVED, EndReason.FOUND, JobState.WITHDRAWN),
    ],
)
def test_how_a_post_ends(state, why, following):
    assert ended_state(state, why) is following


@pytest.mark.parametrize("state", [JobState.DRAFT, JobState.IN_REVIEW, JobState.FILLED, JobState.EXPIRED, JobState.TAKEN_DOWN])
def test_what_does_not_run_is_not_ended(state):
    for why in EndReason:
        with pytest.raises(RuleBroken):
            ended_state(state, why)


def test_the_reason_of_an_end():
    assert end_reason_text(EndReason.FOUND, "") == "招够人了"
    assert end_reason_text(EndReason.NOT_NEEDED, "  货 没到 ") == "不需要人了：货 没到"
    assert end_reason_text(EndReason.OTHER, "仓库要搬走了") == "仓库要搬走了"
    for why, note in ((None, "随便写点什么"), (EndReason.OTHER, "不")):
        with pytest.raises(RuleBroken):
            end_reason_text(why, note)


def test_an_outcome_that_makes_sense():
    told = checked_outcome(JobState.EXPIRED, 3, FoundWhere.STATION, "好")
    assert (told.found, told.where, told.note) == (3, FoundWhere.STATION, "好")
    assert checked_outcome(JobState.FILLED, None, FoundWhere.NOBODY).found == 0


@pytest.mark.parametrize(
    ("state", "found", "where", "field"),
    [
        (JobState.PUBLISHED, 3, FoundWhere.STATION, None),
        (JobState.TAKEN_DOWN, 3, FoundWhere.STATION, None),
        (JobState.EXPIRED, 3, None, "where"),
        (JobState.EXPIRED, 0, FoundWhere.STATION, "found"),
        (JobState.EXPIRED, None, FoundWhere.ELSEWHERE, "found"),
        (JobState.EXPIRED, 2, FoundWhere.NOBODY, "found"),
        (JobState.EXPIRED, 10_000, FoundWhere.STATION, "found"),
    ],
)
def test_an_outcome_that_makes_none(state, found, where, field):
    with pytest.raises(RuleBroken) as refused:
        checked_outcome(state, found, where)
    assert refused.value.field == field


def test_a_decision_is_appealed_once():
    for state in (JobState.TAKEN_DOWN, JobState.REJECTED):
        check_appeal(state, waiting=False, decided=False)
        with pytest.raises(RuleBroken, match="请等答复"):
            check_appeal(state, waiting=True, decided=True)
        with pytest.raises(RuleBroken, match="已经答复"):
            check_appeal(state, waiting=False, decided=True)
    with pytest.raises(RuleBroken, match="不用申诉"):
        check_appeal(JobState.PUBLISHED, waiting=False, decided=False)


def test_nobody_answers_the_appeal_against_their_own_decision():
    check_appeal_decider(1, 2)
    with pytest.raises(RuleBroken, match="别人答复"):
        check_appeal_decider(2, 2)
