"""What the board says about a post, and what a search finds it by."""

from datetime import date, time

import pytest

from rules.board import days_text, hourly_text, hours_text, search_facets, search_tokens, start_text, weekend
from rules.jobs import terms_to_record
from rules.publication import post_tokens
from rules.search import found_in, query_tokens
from rules.terms import JobTerms

TUESDAY = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (1, 1, "今天"),
        (1, 9, "今天起"),
        (1, None, "今天"),
        (2, 2, "明天"),
        (3, 5, "后天起"),
        (5, 5, "12月5日周六"),
    ],
)
def test_the_first_day_is_told_from_today(start, end, words):
    assert start_text(date(2026, 12, start), end and date(2026, 12, end), TUESDAY) == words


def test_work_that_began_earlier_can_be_started_today():
    assert start_text(date(2026, 11, 20), date(2026, 12, 1), TUESDAY) == "今天"
    assert start_text(date(2026, 11, 20), date(2026, 12, 5), TUESDAY) == "今天起"


def test_another_year_is_named():
    assert start_text(date(2027, 1, 4), None, TUESDAY) == "2027年1月4日周一"
    assert days_text(date(2026, 12, 30), date(2027, 1, 2)) == "12月30日（周三）到2027年1月2日（周六）"


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (time(8), time(17, 30), "8:00–17:30"),
        (time(20), time(4), "20:00–次日4:00"),
        (time(10, 5), time(0), "10:05–24:00"),
        (time(9), None, "9:00起"),
        (None, None, ""),
    ],
)
def test_hours_are_written_as_people_say_them(start, end, words):
    assert hours_text(start, end) == words


def test_pay_by_the_hour_needs_no_equivalent():
    assert hourly_text("DAY", 2750) == "约27.5元/小时"
    assert hourly_text("DAY", 2758) == "约27.5元/小时"
    assert hourly_text("HOUR", 3500) == ""
    assert hourly_text("MONTH", None) == ""


def test_the_weekend_is_what_is_left_of_it():
    assert weekend(TUESDAY) == (date(2026, 12, 5), date(2026, 12, 6))
    assert weekend(date(2026, 12, 5)) == (date(2026, 12, 5), date(2026, 12, 6))
    assert weekend(date(2026, 12, 6)) == (date(2026, 12, 6), date(2026, 12, 6))


ORDER = JobTerms(
    title="仓库叉车司机",
    trade="C06",
    subdistrict="420112005",
    landmark="慈惠大道",
    duties="夜班顶岗",
    requirements="会开N1",
    benefits=("DINNER",),
    certificates=("T11",),
    exact_address="秘密大厦",
    contact_name="欧阳",
)


@pytest.mark.parametrize("words", ["叉", "叉车司机", "慈惠街道", "夜班", "会开", "管晚饭", "n1"])
def test_a_post_is_found_by_every_public_word(words):
    assert set(query_tokens(words)) <= set(search_tokens(terms_to_record(ORDER)))


@pytest.mark.parametrize("words", ["秘密", "欧阳", "司慈"])
def test_a_post_is_not_found_by_sealed_words_nor_across_fields(words):
    assert not set(query_tokens(words)) <= set(search_tokens(terms_to_record(ORDER)))


def test_what_publishing_puts_into_the_index_is_what_the_board_asks_for():
    kept = set(post_tokens(ORDER))
    assert kept == set(search_tokens(terms_to_record(ORDER)))
    assert set(search_facets(trade="C06", subdistrict="420112005", meals=True)) <= kept
    assert not set(search_facets(trade="C05")) & kept


def test_no_typed_word_is_a_facet():
    assert query_tokens("trade_c06 meals_yes") == ["trade", "c06", "meals", "yes"]


def test_a_false_hit_is_told_from_a_true_one():
    assert found_in("搬运工", "找搬运工两名")
    assert not found_in("搬运工", "运工和搬运")
    assert found_in("Ｎ１ 叉车", "叉车司机要n1证")
    assert found_in("叉车司机夜班顶岗另外再加很多字", "叉车司机夜班顶岗")
