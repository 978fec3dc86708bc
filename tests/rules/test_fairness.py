"""Waiting days by decile, and calls that passed somebody without a reason."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from rules.fairness import Turn, deciles, out_of_order

DAY = date(2026, 12, 1)


def test_ten_people_give_their_ten_waits():
    assert deciles(dict.fromkeys(range(1, 11), 1)) == tuple(range(1, 11))
    assert deciles({}) == ()
    assert deciles({3: 1}) == (3,) * 10
    assert deciles({0: 95, 40: 5}) == (0,) * 9 + (40,)


@given(st.dictionaries(st.integers(0, 90), st.integers(1, 500), min_size=1))
def test_deciles_rise_and_end_with_the_longest_wait(waited):
    found = deciles(waited)
    assert len(found) == 10
    assert list(found) == sorted(found)
    assert found[-1] == max(waited)
    people = sum(waited.values())
    for tenth, days in enumerate(found, start=1):
        assert sum(count for wait, count in waited.items() if wait <= days) * 10 >= people * tenth


def test_a_call_is_in_order_when_everybody_before_had_their_turn_for_this_post():
    skipped = Turn(1, DAY, 7, 4, passed=True)
    call = Turn(2, DAY, 7, 5, before=(4,))
    assert out_of_order([skipped, call]) == []
    assert out_of_order([call]) == [2]
    assert out_of_order([Turn(1, DAY, 8, 4, passed=True), call]) == [2], "a skip for another post is none for this one"
    assert out_of_order([call, Turn(3, DAY, 7, 4, passed=True)]) == [2], "a reason given afterwards is no reason"
    assert out_of_order([Turn(2, DAY, 7, 5, before=(4,), named=True)]) == []
    assert out_of_order([Turn(1, DAY, 7, 5), Turn(2, DAY, 7, 5, before=(4,))]) == [], "called once more for the same post"
