"""Signing in and being called in turn: pure rules."""

from datetime import UTC, date, datetime, timedelta

import pytest

from rules.attendance import (
    Turn,
    arrival,
    arrival_warning,
    check_turn,
    in_front,
    next_turn,
    recognised_by,
    scanned,
    why_next,
)
from rules.codes import CallingMethod, SeekerState, SignInHow
from rules.errors import RuleBroken

NOON = datetime(2026, 12, 1, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("word", "how"),
    [
        ("Q26015000123", SignInHow.CARD),
        (" q26015000123 ", SignInHow.CARD),
        ("QR:Q26015000123", SignInHow.QR),
        ("qr:q26015000123", SignInHow.QR),
        ("199 0000 0101", SignInHow.PHONE),
        ("+8619900000101", SignInHow.PHONE),
        ("0101", SignInHow.PHONE),
        ("420199197803129017", SignInHow.ID_CARD),
        ("42019920091105909x", SignInHow.ID_CARD),
        ("周水生", SignInHow.NAME),
        ("", SignInHow.NAME),
    ],
)
def test_what_was_scanned_tells_how_somebody_was_recognised(word, how):
    assert recognised_by(word) is how


def test_the_mark_of_a_phones_code_is_no_part_of_the_number():
    assert scanned("QR:Q26015000123") == "Q26015000123"
    assert scanned("qr: q26015000123") == "q26015000123"
    assert scanned("周 水生") == "周 水生"


@pytest.mark.parametrize(("minutes", "late"), [(0, False), (1, False), (2, True), (200, True)])
def test_a_sign_in_that_comes_more_than_a_minute_later_is_late(minutes, late):
    keyed = NOON - timedelta(minutes=minutes)
    assert arrival(keyed, NOON) == (keyed, late)


def test_a_clock_that_is_a_little_ahead_counts_as_now_and_an_hour_is_refused():
    assert arrival(NOON + timedelta(seconds=60), NOON) == (NOON, False)
    with pytest.raises(RuleBroken, match="比现在还晚"):
        arrival(NOON + timedelta(hours=1), NOON)


def test_the_day_is_the_day_in_china():
    midnight = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)
    assert arrival(midnight, NOON) == (midnight, True)
    with pytest.raises(RuleBroken, match="不能算今天的"):
        arrival(midnight - timedelta(seconds=1), NOON)


@pytest.mark.parametrize("state", [SeekerState.ACTIVE, SeekerState.ENGAGED])
def test_who_may_be_referred_needs_no_warning(state):
    assert arrival_warning(state, None) == ""


@pytest.mark.parametrize("state", [SeekerState.SUBMITTED, SeekerState.DORMANT, SeekerState.RESTRICTED])
def test_everybody_else_comes_with_one(state):
    assert arrival_warning(state, date(2026, 12, 9))


def turn(ticket, **changes):
    return Turn(ticket, ticket, ticket, **changes)


QUEUE = [turn(1, passed="时间不合"), turn(2, obstacle="证书已过期。"), turn(3, other_trade=True), turn(4, waits=False), turn(5), turn(6)]


def test_the_next_is_the_first_whom_nothing_keeps():
    assert next_turn(QUEUE) == QUEUE[4]
    assert next_turn(QUEUE[:4]) is None


def test_only_who_fits_and_waits_stands_in_front():
    assert in_front(QUEUE, 5) == []
    assert in_front(QUEUE, 6) == [QUEUE[4]]
    check_turn(in_front(QUEUE, 5))
    with pytest.raises(RuleBroken, match="005号"):
        check_turn(in_front(QUEUE, 6))


def test_many_in_front_are_counted_not_all_named():
    with pytest.raises(RuleBroken, match="005号等8人"):
        check_turn([turn(ticket) for ticket in range(1, 9)])


@pytest.mark.parametrize(
    ("method", "fact"), [(CallingMethod.ARRIVAL, "5:41到站"), (CallingMethod.ROTATION, "等活9天"), (CallingMethod.DRAW, "按抽签结果")]
)
def test_why_somebody_is_next_says_the_method_the_place_and_who_was_left_out(method, fact):
    said = why_next(QUEUE, QUEUE[4], method, datetime(2026, 11, 30, 21, 41, tzinfo=UTC), 9)
    assert fact in said
    assert "排第5" in said
    for words in ("1人已跳过", "1人条件不合", "1人没登记想做这种活", "1人正在被叫"):
        assert words in said
    assert why_next(QUEUE[5:], QUEUE[5], method, NOON, 0).endswith("前面没有人。")
