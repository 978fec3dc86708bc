"""What an employer is told about a post, and when they are asked whether it still stands."""

from datetime import date

import pytest

from rules.codes import JobState
from rules.journal import EventKind
from rules.own_posts import STATE_SAYS, STEPS, confirmation_due, skills_shown

TODAY = date(2026, 12, 20)


@pytest.mark.parametrize(
    ("state", "verified", "confirmed", "due"),
    [
        (JobState.PUBLISHED, date(2026, 12, 11), None, False),
        (JobState.PUBLISHED, date(2026, 12, 10), None, True),
        (JobState.PUBLISHED, date(2026, 12, 1), date(2026, 12, 15), False),
        (JobState.PUBLISHED, date(2026, 12, 1), date(2026, 12, 10), True),
        (JobState.PUBLISHED, None, None, True),
        (JobState.PAUSED, date(2026, 12, 1), None, False),
        (JobState.EXPIRED, date(2026, 12, 1), None, False),
    ],
)
def test_after_ten_days_without_a_word_the_employer_is_asked(state, verified, confirmed, due):
    assert confirmation_due(state, verified, confirmed, TODAY) is due


def test_every_state_says_something_and_every_step_is_a_kind_of_entry():
    assert set(STATE_SAYS) == set(JobState)
    assert set(STEPS) <= set(EventKind)
    assert all(text for text in (*STEPS.values(), *STATE_SAYS.values()))


def test_skills_are_shown_without_contact_data():
    assert skills_shown("开叉车8年") == "开叉车8年"
    assert "19900000101" not in skills_shown("开叉车8年，电话19900000101")
    assert "开叉车8年" in skills_shown("开叉车8年，电话19900000101")
    assert skills_shown("") == ""
