"""The rules of the hall's screen: when it shines, what leaves it by itself, what it may say."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from rules.errors import RuleBroken
from rules.screens import (
    CALLS_BYTES,
    CHINA,
    Hours,
    calls_answer,
    check_notice,
    count_text,
    counter_text,
    in_pages,
    is_urgent,
    last_moment,
    lines_in_pages,
    may_be_shown,
    on_duty_text,
    open_times,
    station_hours,
)

DAY = date(2026, 12, 1)  # a Tuesday


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("每天 6:00–18:00", Hours(time(6), time(18))),
        ("周一至周六 6:30–17:30", Hours(time(6, 30), time(17, 30), frozenset({6}))),
        ("周一至周五 8：00-12：00，14：00-17：30", Hours(time(8), time(17, 30), frozenset({5, 6}))),
        ("每天6点到18点30，周日休息", Hours(time(6), time(18, 30), frozenset({6}))),
        ("周六到周一 7:00-12:00", Hours(time(7), time(12), frozenset({1, 2, 3, 4}))),
        ("24小时", None),
        ("", None),
    ],
)
def test_hours_are_read_from_what_the_public_page_says(text, hours):
    assert station_hours(None, None, "", text) == hours


def test_the_fields_of_the_station_come_before_its_text():
    assert station_hours(time(5), time(13), "67", "每天 6:00–18:00") == Hours(time(5), time(13), frozenset({5, 6}))
    assert station_hours(time(5), None, "7", "每天 6:00–18:00") == Hours(time(6), time(18), frozenset({6}))


def test_a_week_of_opening_times_leaves_the_closed_days_out():
    times = open_times(Hours(time(6), time(18), frozenset({6})), DAY)
    assert len(times) == 7
    assert times[0] == (datetime(2026, 12, 1, 6, tzinfo=CHINA), datetime(2026, 12, 1, 18, tzinfo=CHINA))
    assert date(2026, 12, 6) not in {start.date() for start, _ in times}


def test_a_night_market_closes_on_the_next_day():
    (start, end), *_ = open_times(Hours(time(20), time(2)), DAY)
    assert end - start == timedelta(hours=6)


def test_a_post_goes_after_its_last_valid_or_last_working_day():
    assert last_moment({"valid_to": DAY, "end_date": None}) == datetime(2026, 12, 2, tzinfo=CHINA)
    assert last_moment({"valid_to": date(2026, 12, 9), "end_date": DAY}) == datetime(2026, 12, 2, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("start", "at", "urgent"),
    [
        (DAY, time(13), True),
        (date(2026, 12, 2), time(9), True),
        (date(2026, 12, 2), time(9, 1), False),
        (DAY, time(8), False),
        (None, None, False),
    ],
)
def test_urgent_is_what_starts_within_a_day(start, at, urgent):
    assert is_urgent({"start_date": start, "start_time": at}, datetime(2026, 12, 1, 1, 0, tzinfo=UTC)) is urgent


@pytest.mark.parametrize("title", ["搬运工限男性", "分拣加微信abc12345", "保洁电话13900000001", "保洁员宏图大道18号楼3单元502室"])
def test_words_that_may_not_hang_in_a_hall(title):
    assert not may_be_shown(title, "金银湖街道·宏图大道附近")


@pytest.mark.parametrize("title", ["周末男装导购", "女士内衣专柜闭店盘点", "明早搬家要2个人"])
def test_words_that_only_look_like_it(title):
    assert may_be_shown(title, "金银湖街道·宏图大道附近")


def test_few_are_not_counted():
    assert [count_text(n) for n in (0, 4, 5, 120)] == ["少于5", "少于5", "5", "120"]


def test_people_on_duty_have_a_surname_and_a_number():
    assert on_duty_text("陈小满", "2001") == "陈（工号2001）"
    assert on_duty_text("欧阳小华", "") == "欧阳"


def test_counters():
    assert [counter_text(each) for each in ("2", "A1", "服务台", "")] == ["2号窗口", "A1号窗口", "服务台", "服务台"]


def test_the_answer_with_the_calls_stays_small_whatever_is_in_it():
    call = {"ticket": 123, "counter": "西边第二个靠窗柜台", "title": "快" * 60, "called_at": datetime(2026, 12, 1, tzinfo=UTC)}
    for count in range(6):
        assert len(calls_answer([call] * count)) <= CALLS_BYTES


def test_pages():
    assert in_pages([]) == []
    assert [len(page) for page in in_pages(list(range(13)))] == [6, 6, 1]
    assert [len(page) for page in lines_in_pages(["一" * 26] * 10 + ["二" * 52], 26, 9)] == [9, 2]
    assert lines_in_pages(["长" * 900], 26, 9) == [["长" * 900]]


@pytest.mark.parametrize("words", ["限35岁以下参加招聘会", "先交押金才能报名", "加微信abc12345报名", "详情打027-83000015"])
def test_a_notice_is_checked_like_a_post(words):
    with pytest.raises(RuleBroken) as refused:
        check_notice(words, DAY, DAY, DAY)
    assert refused.value.field == "words"
    assert refused.value.marks


def test_a_good_notice_stands():
    check_notice("12月5日上午9点家政培训，不收任何费用，请到服务台报名。", DAY, DAY + timedelta(days=60), DAY)
