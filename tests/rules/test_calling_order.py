"""The calling order is derived, the same for everybody, and a draw can be recomputed with a shell."""

import subprocess
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.calling_order import (
    Waiting,
    check_first_day,
    check_new_rule,
    draw_command,
    draw_moment,
    draw_text,
    drawn,
    order_of,
    rule_words,
)
from rules.codes import CallingMethod
from rules.errors import RuleBroken

DAY = date(2026, 12, 1)
CODE = "ZD-420112015-01"
SEED = "9f2c4b6d8e0a1c3e5f7a9b1d3f5e7a9c"
OPENS = datetime(2026, 11, 30, 21, 30, tzinfo=UTC)


@st.composite
def mornings(draw):
    """People with tickets 1 to n in any order of arrival."""
    n = draw(st.integers(0, 40))
    seconds = draw(st.lists(st.integers(0, 600), min_size=n, max_size=n))
    waited = draw(st.lists(st.integers(0, 90), min_size=n, max_size=n))
    people = [
        Waiting(ticket, OPENS + timedelta(seconds=second, microseconds=ticket * 37 % 1000), DAY - timedelta(days=days), 9000 + ticket)
        for ticket, (second, days) in enumerate(zip(seconds, waited, strict=True), start=1)
    ]
    return draw(st.permutations(people))


def order(method, people, **draw):
    return [one.ticket for one in order_of(method, people, station_code=CODE, day=DAY, **draw)]


@given(mornings(), st.sampled_from(CallingMethod), st.integers(0, 45))
def test_an_order_is_a_permutation_and_does_not_depend_on_how_it_was_asked(people, method, tickets):
    found = order(method, people, seed=SEED, tickets=tickets)
    assert sorted(found) == sorted(one.ticket for one in people)
    assert found == order(method, sorted(people, key=lambda one: one.ticket), seed=SEED, tickets=tickets)


@given(mornings(), st.sampled_from(CallingMethod), st.integers(0, 45), st.sets(st.integers(1, 40)))
def test_who_leaves_moves_nobody_past_anybody(people, method, tickets, gone):
    whole = order(method, people, seed=SEED, tickets=tickets)
    left = [one for one in people if one.ticket not in gone]
    assert order(method, left, seed=SEED, tickets=tickets) == [ticket for ticket in whole if ticket not in gone]


@given(mornings(), st.integers(1, 30))
def test_later_sign_ins_never_move_those_who_were_drawn(people, tickets):
    early = [one for one in people if one.ticket <= tickets]
    assert order(CallingMethod.DRAW, people, seed=SEED, tickets=tickets)[: len(early)] == order(
        CallingMethod.DRAW, early, seed=SEED, tickets=tickets
    )


@given(mornings())
def test_what_stands_on_paper_is_enough_to_sort_by(people):
    """Arrival to the second, ticket and the day since which somebody waits: nothing finer decides."""
    arrival = sorted(people, key=lambda one: (f"{one.arrived_at:%H:%M:%S}", one.ticket))
    assert order(CallingMethod.ARRIVAL, people) == [one.ticket for one in arrival]
    rotation = sorted(people, key=lambda one: (one.waiting_since, f"{one.arrived_at:%H:%M:%S}", one.ticket))
    assert order(CallingMethod.ROTATION, people) == [one.ticket for one in rotation]


def test_before_the_draw_is_held_arrival_decides():
    people = [Waiting(ticket, OPENS - timedelta(minutes=ticket), DAY, ticket) for ticket in (1, 2, 3)]
    assert order(CallingMethod.DRAW, people, seed=SEED, tickets=0) == [3, 2, 1]
    assert order(CallingMethod.DRAW, people, seed="", tickets=3) == [3, 2, 1]


def test_a_draw_is_recomputed_by_the_command_on_the_sheet():
    printed = subprocess.run(["bash", "-c", draw_command(CODE, DAY, SEED, 57)], capture_output=True, text=True, check=True).stdout
    result = drawn(CODE, DAY, SEED, 57)
    assert [line.split() for line in printed.splitlines()] == [[each.digest, str(each.ticket)] for each in result]
    people = [Waiting(ticket, OPENS, DAY, ticket) for ticket in range(1, 58)]
    assert order(CallingMethod.DRAW, people, seed=SEED, tickets=57) == [each.ticket for each in result]
    assert result[0].text == f"ZD-420112015-01|2026-12-01|{SEED}|57|{result[0].ticket}"


def test_one_more_person_makes_another_result_so_no_ticket_is_known_to_be_good_beforehand():
    first = {drawn(CODE, DAY, SEED, tickets)[0].ticket for tickets in range(20, 60)}
    assert len(first) > 10


def test_every_place_is_equally_likely_for_every_ticket():
    places = [0] * 10
    for n in range(2000):
        seed = f"{n:032x}"
        places[next(each.place for each in drawn(CODE, DAY, seed, 10) if each.ticket == 7) - 1] += 1
    assert min(places) > 140
    assert max(places) < 260


def test_the_hour_of_the_draw_is_the_station_s_own():
    assert draw_moment(DAY, time(6, 30)) == datetime(2026, 11, 30, 22, 30, tzinfo=UTC)
    assert draw_text(CODE, DAY, "s", 3, 2) == "ZD-420112015-01|2026-12-01|s|3|2"


@pytest.mark.parametrize(
    ("method", "draw_at", "reason", "field"),
    [
        (CallingMethod.DRAW, None, "人多时更公平", "draw_at"),
        (CallingMethod.DRAW, time(4, 59), "人多时更公平", "draw_at"),
        (CallingMethod.DRAW, time(12, 1), "人多时更公平", "draw_at"),
        (CallingMethod.ARRIVAL, None, "试一试", "reason"),
        (CallingMethod.ARRIVAL, None, "长" * 201, "reason"),
    ],
)
def test_a_rule_must_be_complete(method, draw_at, reason, field):
    with pytest.raises(RuleBroken) as refused:
        check_new_rule(method, draw_at, reason)
    assert refused.value.field == field


def test_the_rule_of_the_running_day_stands():
    check_first_day(DAY + timedelta(days=1), DAY, first=False, signed_in_today=True)
    check_first_day(DAY, DAY, first=True, signed_in_today=False)
    for first, signed_in in ((False, False), (True, True)):
        with pytest.raises(RuleBroken):
            check_first_day(DAY, DAY, first=first, signed_in_today=signed_in)
    for day in (DAY - timedelta(days=1), DAY + timedelta(days=91)):
        with pytest.raises(RuleBroken):
            check_first_day(day, DAY, first=True, signed_in_today=False)


def test_every_method_is_explained_and_free():
    for method in CallingMethod:
        words = rule_words(method, time(6, 30) if method is CallingMethod.DRAW else None)
        assert "不收一分钱" in words[-1]
        assert ("06:30" in "".join(words)) == (method is CallingMethod.DRAW)
