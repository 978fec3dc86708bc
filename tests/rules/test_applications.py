"""What a worker is told: the guards' refusals spoken to the person, the state of a referral, until when an answer counts."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from rules.applications import STATE_WORDS, told_to_worker, until_words
from rules.codes import ReferralState
from rules.errors import RuleBroken, RulesBroken

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("about", "spoken"),
    [
        ("岗位已经招满，请换一个岗位。", "这个活已经招满了，请看看别的活。"),
        ("岗位现在是“暂停招工”，只能推荐到招工中的岗位。", "这个活现在不招人，请看看别的活。"),
        ("该求职者未满18周岁，这个岗位不用16至17周岁的人。请换一个岗位。", "您未满18周岁，这个岗位不用16至17周岁的人。请看看别的活。"),
        (
            "与该求职者已答应的工作时间冲突（2026年12月4日至2026年12月4日），请换一个岗位。",
            "和您已经答应的活时间冲突（2026年12月4日至2026年12月4日），请看看别的活。",
        ),
        ("已经向这个岗位推荐过该求职者，正在等结果，请勿重复推荐。", "您已经报过这个活了，正在等结果。"),
    ],
)
def test_a_refusal_speaks_to_the_worker(about, spoken):
    assert told_to_worker(RuleBroken(about, "seeker")).message == spoken


def test_several_refusals_stay_several_with_their_fields():
    told = told_to_worker(
        RulesBroken([RuleBroken("岗位已经招满，请换一个岗位。", "job"), RuleBroken("该求职者的档案已注销，请先重新登记。", "seeker")])
    )
    assert isinstance(told, RulesBroken)
    assert [(one.field, "该求职者" in one.message) for one in told.broken] == [("job", False), ("seeker", False)]


def test_every_state_has_its_words():
    assert set(STATE_WORDS) == set(ReferralState)


@pytest.mark.parametrize(
    ("hours", "words"), [(5, "今天 14:00 前"), (24, "明天 9:00 前"), (48, "后天 9:00 前"), (24 * 5, "12月6日 9:00 前"), (-1, "已过时间")]
)
def test_until_when_an_answer_counts(hours, words):
    assert until_words(NOW + timedelta(hours=hours), NOW) == words
