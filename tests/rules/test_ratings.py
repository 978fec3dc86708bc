"""What can be said in a rating, when tags of each other open, and that nothing of it reaches the matching."""

import dataclasses
import inspect
from datetime import UTC, datetime, timedelta

import pytest

from rules import matching
from rules.codes import RatingAbout, ReferralState, Side
from rules.errors import RuleBroken, RulesBroken
from rules.lint import lint_text
from rules.ratings import (
    TAGS,
    Said,
    Score,
    Tag,
    average,
    check_reply,
    check_said,
    check_tags,
    is_open,
    may_reply,
    obstacle,
    opened_at,
    tags_about,
    words_remark,
)

NOON = datetime(2026, 12, 4, 4, tzinfo=UTC)
DAY = timedelta(days=1)
GOOD = dict.fromkeys(Score, 5)


@pytest.mark.parametrize("tag", list(Tag))
def test_a_tag_is_about_the_work_and_not_about_the_person(tag):
    """No rule of public texts objects: nothing about sex, age, origin, health; nothing that could be a fee."""
    assert lint_text("requirements", tag.label) == []


def test_every_tag_can_be_said_about_exactly_one_side():
    said = [tag for about in TAGS for tag in tags_about(about)]
    assert sorted(said) == sorted(Tag)
    assert all(len(good) == len(bad) for good, bad in TAGS.values())


def test_tags_open_with_the_second_of_the_two_or_seven_days_after_the_end():
    assert opened_at(None, NOON, None) is None
    assert opened_at(None, NOON, NOON + DAY) == NOON + DAY
    assert opened_at(NOON, None, None) == NOON + 7 * DAY
    assert opened_at(NOON, NOON, NOON + DAY) == NOON + DAY
    assert not is_open(NOON, NOON, None, NOON + 7 * DAY - timedelta(seconds=1))
    assert is_open(NOON, NOON, None, NOON + 7 * DAY)


def test_every_score_and_the_question_about_money_must_be_answered():
    with pytest.raises(RulesBroken) as several:
        check_said(Said(scores={Score.SPEED: 3, Score.ATTITUDE: 6}), Side.WORKER, tags_wanted=True)
    assert [one.field for one in several.value.broken] == ["attitude", "accuracy", "surroundings", "fee"]


def test_honest_criticism_is_kept_whatever_it_says():
    said = Said(scores=dict.fromkeys(Score, 1), words="态度太差了，等了两个小时，没人管", fee=False)
    assert check_said(said, Side.WORKER, tags_wanted=True) == ()


@pytest.mark.parametrize("words", ["那个人就是混蛋", "打我电话13900000001"])
def test_insults_and_contacts_are_remarked_on_once_and_kept_when_they_are_meant(words):
    said = Said(scores=GOOD, words=words, fee=False)
    with pytest.raises(RuleBroken) as refused:
        check_said(said, Side.WORKER, tags_wanted=True)
    assert refused.value.field == "words"
    assert check_said(dataclasses.replace(said, meant=True), Side.WORKER, tags_wanted=True) == ()


def test_tags_of_the_other_side_only_and_none_that_contradict():
    assert check_tags(["PAID_LATE", "AS_DESCRIBED"], RatingAbout.EMPLOYER) == (Tag.AS_DESCRIBED, Tag.PAID_LATE)
    for wrong in (["GOOD_WORK"], ["PAID_ON_TIME", "PAID_LATE"], ["nonsense"]):
        with pytest.raises(RuleBroken):
            check_tags(wrong, RatingAbout.EMPLOYER)


def test_only_begun_work_that_is_not_evaluated_can_be_rated():
    assert obstacle(ReferralState.PLACED) == ""
    assert obstacle(ReferralState.FOLLOWED_UP) == ""
    assert "上岗以后" in obstacle(ReferralState.CONFIRMED)
    assert "时间已经过了" in obstacle(ReferralState.EVALUATED)


def test_a_reply_once_within_fourteen_days_of_the_opening():
    assert check_reply(" 那天下雨，晚了10分钟 ", NOON, None, NOON + DAY) == "那天下雨，晚了10分钟"
    assert may_reply(NOON, None, NOON + 14 * DAY)
    for opened, replied, moment in ((None, None, NOON), (NOON, NOON, NOON), (NOON, None, NOON + 15 * DAY), (NOON + DAY, None, NOON)):
        assert not may_reply(opened, replied, moment)
        with pytest.raises(RuleBroken):
            check_reply("那天下雨", opened, replied, moment)


@pytest.mark.parametrize("words", ["", "你这个混蛋", "有事打13900000001"])
def test_a_reply_that_insults_or_tells_a_number_is_refused(words):
    with pytest.raises(RuleBroken) as refused:
        check_reply(words, NOON, None, NOON)
    assert refused.value.field == "words"


def test_few_ratings_have_no_average():
    assert average(20, 4) == ""
    assert average(22, 5) == "4.4"
    assert words_remark("") == ""


def test_ratings_are_no_parameter_of_the_matching():
    """Nothing the matching takes or knows of people and posts is called after ratings, tags or scores."""
    names = set()
    for _, thing in inspect.getmembers(matching):
        if inspect.isfunction(thing) and thing.__module__ == matching.__name__:
            names |= set(inspect.signature(thing).parameters)
        if dataclasses.is_dataclass(thing):
            names |= {field.name for field in dataclasses.fields(thing)}
    assert names
    assert not [name for name in names if any(word in name for word in ("rating", "tag", "praise", "satisf", "evaluat"))]
    assert "ratings" not in inspect.getsource(matching)
