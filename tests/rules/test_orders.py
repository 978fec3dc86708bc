"""How far a demand rings, until when somebody has it, and who may go on with it."""

from datetime import UTC, datetime, timedelta

import pytest

from rules.codes import JobState, OrderRing, OrderShortfall, OrderState
from rules.errors import RuleBroken
from rules.orders import HANDLED_WITHIN, Take, check_in_hand, check_takes, handled_reason, left_text, order_in_effect, ring_for, ring_of
from rules.permissions import Actor, Role

NINE = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
CHEN = Actor(1, "陈小满", Role.STAFF, "chen", 11)
ZHOU = Actor(2, "周建国", Role.STAFF, "zhou", 11)
WU = Actor(3, "吴站长", Role.MANAGER, "wu", 11)
OTHER_MANAGER = Actor(4, "别站长", Role.MANAGER, "bie", 12)
HERS = Take(1, "陈小满（金银湖零工驿站）", 11)


@pytest.mark.parametrize(
    ("minutes", "ring"),
    [(0, OrderRing.OWN), (29, OrderRing.OWN), (30, OrderRing.NEIGHBOURS), (119, OrderRing.NEIGHBOURS), (120, OrderRing.DISTRICT)],
)
def test_a_demand_rings_wider_with_time(minutes, ring):
    assert ring_of(NINE, NINE + timedelta(minutes=minutes)) is ring


@pytest.mark.parametrize(
    ("station", "minutes", "ring"),
    [
        (11, 0, OrderRing.OWN),
        (11, 500, OrderRing.OWN),
        (12, 29, None),
        (12, 30, OrderRing.NEIGHBOURS),
        (12, 500, OrderRing.NEIGHBOURS),
        (13, 119, None),
        (13, 120, OrderRing.DISTRICT),
    ],
)
def test_a_station_hears_of_it_in_its_turn(station, minutes, ring):
    assert ring_for(station, 11, {12}, NINE, NINE + timedelta(minutes=minutes)) is ring


@pytest.mark.parametrize(
    ("state", "job", "places", "hours", "now_is"),
    [
        (OrderState.TAKEN, JobState.PUBLISHED, 2, 23, OrderState.TAKEN),
        (OrderState.TAKEN, JobState.PAUSED, 2, 23, OrderState.TAKEN),
        (OrderState.TAKEN, JobState.PUBLISHED, 2, 24, OrderState.RETURNED),
        (OrderState.TAKEN, JobState.PUBLISHED, 0, 24, OrderState.HANDLED),
        (OrderState.TAKEN, JobState.FILLED, 0, 1, OrderState.CLOSED),
        (OrderState.TAKEN, JobState.WITHDRAWN, 2, 30, OrderState.CLOSED),
        (OrderState.HANDLED, JobState.FILLED, 0, 30, OrderState.HANDLED),
    ],
)
def test_time_and_the_end_of_the_post_end_a_take(state, job, places, hours, now_is):
    assert order_in_effect(state, NINE + HANDLED_WITHIN, job, places, NINE + timedelta(hours=hours)) is now_is


@pytest.mark.parametrize(
    ("minutes", "words"), [(1440, "还剩24小时"), (200, "还剩3小时20分"), (59, "还剩59分钟"), (0, "还剩0分钟"), (-125, "已超过2小时5分")]
)
def test_the_deadline_counts_down_in_words(minutes, words):
    assert left_text(NINE + timedelta(minutes=minutes), NINE) == words


def test_the_slower_one_reads_who_was_faster():
    check_takes(None, "", ZHOU)
    with pytest.raises(RuleBroken, match="09:02被陈小满（金银湖零工驿站）先接了"):
        check_takes(HERS, "09:02", ZHOU)
    with pytest.raises(RuleBroken, match="您09:02已经接了"):
        check_takes(HERS, "09:02", CHEN)


def test_who_took_it_or_the_manager_of_that_station_goes_on():
    check_in_hand(HERS, CHEN)
    check_in_hand(HERS, WU)
    for other in (ZHOU, OTHER_MANAGER):
        with pytest.raises(RuleBroken, match="陈小满"):
            check_in_hand(HERS, other)
    with pytest.raises(RuleBroken, match="请先接单"):
        check_in_hand(None, CHEN)


def test_done_with_places_left_needs_a_coded_reason():
    assert handled_reason(0, None, "") == ""
    assert handled_reason(2, OrderShortfall.LATER, " 下周再说 ") == "雇主要推后再招：下周再说"
    with pytest.raises(RuleBroken, match="还有2个名额") as refused:
        handled_reason(2, None, "")
    assert refused.value.field == "shortfall"
    with pytest.raises(RuleBroken, match="写明原因"):
        handled_reason(2, OrderShortfall.OTHER, "")
