"""Who fits a post, why, and in which order; and how long contact data may be seen."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from rules.ages import retirement_days
from rules.codes import DropReason, JobState, ReferralState, SeekerState, Slot
from rules.contacts import contact_visible, state_in_effect
from rules.errors import RuleBroken
from rules.matching import Candidate, check_drop, distance_of, fit_of, needed_slots, ranked, time_obstacle, trades_named
from rules.referrals import PostFacts, SeekerFacts
from tests.rules.job_samples import TODAY, terms_of

WEEK = frozenset((day, slot) for day in range(7) for slot in Slot)
TERMS = terms_of("J02", trade="C01", start_date="2026-12-03", end_date="2026-12-03")
POST = PostFacts(1, JobState.PUBLISHED, TERMS, 1, TODAY)
FACTS = SeekerFacts(7, SeekerState.ACTIVE, date(1985, 1, 1), retirement_days(date(1985, 1, 1), "M"), None, (), False, TODAY, None)
WORKER = Candidate(FACTS, frozenset({"C01"}), WEEK, "420112006", date(2026, 11, 21))


def test_a_fit_is_explained_in_a_sentence():
    fit = fit_of(POST, WORKER, today=TODAY)
    assert fit.fits
    assert fit.sentence == "想做搬运；用工那几天上午、下午有空；住在同一个街道；等了10天。"


def test_gender_changes_neither_fit_nor_order():
    woman = replace(WORKER, facts=replace(FACTS, retires=retirement_days(FACTS.birth_date, "F")))
    assert fit_of(POST, woman, today=TODAY) == fit_of(POST, WORKER, today=TODAY)


def test_an_hour_at_the_edge_needs_no_other_part_of_the_day():
    assert needed_slots(terms_of("J02", start_time="08:00", end_time="12:30")) == {Slot.MORNING}
    assert needed_slots(terms_of("J14")) == {Slot.NIGHT}


@pytest.mark.parametrize(("free", "fits"), [({0, 1, 2, 3, 4}, True), ({0, 1, 2, 3}, False)])
def test_five_days_of_a_week_are_enough_where_the_post_says_five(free, fits):
    slots = frozenset((day, Slot.NIGHT) for day in free)
    assert (time_obstacle(terms_of("J10"), slots) == "") is fits


def order_of(*people):
    return [candidate.facts.id for candidate, _ in ranked((each, fit_of(POST, each, today=TODAY)) for each in people)]


def person(id, **changes):
    return replace(WORKER, facts=replace(FACTS, id=id), **changes)


def test_the_order_is_skill_then_time_then_distance_then_the_longest_wait():
    far = person(1, subdistrict="420112001", waiting_since=date(2026, 1, 1))
    long = person(2, waiting_since=date(2026, 10, 1))
    other = person(3, trades=frozenset({"A01"}), waiting_since=date(2020, 1, 1))
    skilled = person(4, named=frozenset({"C01"}), subdistrict="420112001")
    next_door = person(5, community="物流园社区")
    same_station = person(6, subdistrict="420112001", area="420112006")
    people = (other, far, WORKER, long, same_station, skilled, next_door)
    assert order_of(*people) == order_of(*reversed(people)) == [4, 5, 2, 7, 6, 1, 3]


def test_a_week_that_is_free_throughout_comes_before_one_that_is_just_enough():
    week = replace(POST, terms=terms_of("J10", trade="C01"))
    nights = frozenset((day, Slot.NIGHT) for day in range(5))
    some, all_free = person(1, slots=nights, subdistrict=week.terms.subdistrict), person(2)
    fits = [(each, fit_of(week, each, today=TODAY)) for each in (some, all_free)]
    assert all(fit.fits for _, fit in fits)
    assert [each.facts.id for each, _ in ranked(fits)] == [2, 1]
    assert "周六、周日除外" in fits[0][1].sentence


def test_between_equals_the_seed_of_the_post_decides():
    """As anybody works it out: SHA-256 of "seed|id", the smaller one first. Another seed, another order."""
    people = [person(id) for id in range(1, 9)]
    orders = []
    for seed in ("a", "b"):
        post = replace(POST, tie_seed=seed)
        drawn = [each.facts.id for each, _ in ranked((each, fit_of(post, each, today=TODAY)) for each in people)]
        assert drawn == sorted(range(1, 9), key=lambda id: hashlib.sha256(f"{seed}|{id}".encode()).hexdigest())
        orders.append(drawn)
    assert orders[0] != orders[1]
    assert list(range(1, 9)) not in orders


@pytest.mark.parametrize(
    ("subdistrict", "community", "area", "far"),
    [
        ("420112006", "物流园社区", "", 0),
        ("420112006", "东方社区", "420112006", 1),
        ("420112006", "", "", 1),
        ("420112001", "物流园社区", "420112006", 2),
        ("420112001", "", "420112001", 3),
        ("", "", "", 3),
    ],
)
def test_how_far_the_record_can_tell(subdistrict, community, area, far):
    assert distance_of(TERMS, subdistrict, community, area) == far


def test_noted_skills_name_trades_in_the_words_of_the_table():
    assert trades_named("会开叉车，做过快递分拣两年") == {"C06", "C03"}
    assert trades_named("") == trades_named("什么都会") == frozenset()


@pytest.mark.parametrize(
    ("reason", "note", "words"), [(None, "", "请选择"), (DropReason.OTHER, " ", "请写明"), (DropReason.OTHER, "只要男的", "歧视")]
)
def test_a_suggestion_is_dropped_for_a_reason(reason, note, words):
    with pytest.raises(RuleBroken, match=words):
        check_drop(reason, note)
    assert check_drop(DropReason.ABSENT, " 打电话  没人接 ") == "本人不在或者联系不上：打电话 没人接"


NOON = datetime(2026, 12, 1, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "hours", "job", "expected"),
    [
        (ReferralState.PROPOSED, 1, JobState.PUBLISHED, ReferralState.PROPOSED),
        (ReferralState.PROPOSED, 0, JobState.PUBLISHED, ReferralState.LAPSED),
        (ReferralState.PROPOSED, 1, JobState.FILLED, ReferralState.SUPERSEDED),
        (ReferralState.WORKER_ACCEPTED, -30, JobState.PAUSED, ReferralState.WORKER_ACCEPTED),
        (ReferralState.WORKER_ACCEPTED, 1, JobState.WITHDRAWN, ReferralState.SUPERSEDED),
        (ReferralState.EMPLOYER_ACCEPTED, -30, JobState.FILLED, ReferralState.EMPLOYER_ACCEPTED),
    ],
)
def test_time_and_the_end_of_a_post_decide_what_a_state_means(state, hours, job, expected):
    assert state_in_effect(state, NOON + timedelta(hours=hours), job, NOON) is expected


@pytest.mark.parametrize(
    ("state", "last", "closed", "seen"),
    [
        (ReferralState.WORKER_ACCEPTED, TODAY, None, False),
        (ReferralState.EMPLOYER_ACCEPTED, None, None, True),
        (ReferralState.PLACED, TODAY - timedelta(days=30), None, True),
        (ReferralState.PLACED, TODAY - timedelta(days=31), None, False),
        (ReferralState.NO_SHOW, TODAY, TODAY - timedelta(days=30), True),
        (ReferralState.CANCELLED_BY_EMPLOYER, TODAY, TODAY - timedelta(days=31), False),
        (ReferralState.EMPLOYER_DECLINED, TODAY, TODAY, False),
    ],
)
def test_contacts_are_seen_from_the_second_yes_until_thirty_days_after_the_end(state, last, closed, seen):
    assert contact_visible(state, last, closed, TODAY) is seen


@pytest.mark.parametrize(
    ("state", "last", "first", "answered", "seen"),
    [
        # Both said yes, nothing was ever signed: it failed when the work should have begun, or with the answer.
        (ReferralState.EMPLOYER_ACCEPTED, 60, -30, -40, True),
        (ReferralState.EMPLOYER_ACCEPTED, 60, -31, -40, False),
        (ReferralState.EMPLOYER_ACCEPTED, None, None, -30, True),
        (ReferralState.EMPLOYER_ACCEPTED, None, None, -31, False),
        (ReferralState.EMPLOYER_ACCEPTED, None, -40, -29, True),
        (ReferralState.EMPLOYER_ACCEPTED, None, 5, -40, True),
        # Signed and open-ended, never begun.
        (ReferralState.CONFIRMED, None, -31, -31, False),
        (ReferralState.CONFIRMED, 0, -60, -60, True),
        # Begun and open-ended: the work goes on.
        (ReferralState.PLACED, None, -300, -300, True),
        (ReferralState.PLACED, -31, -60, -60, False),
    ],
)
def test_what_nobody_signed_or_began_stops_showing_contacts_thirty_days_later(state, last, first, answered, seen):
    def day(days: int | None) -> date | None:
        return None if days is None else TODAY + timedelta(days=days)

    assert contact_visible(state, day(last), None, TODAY, first_day=day(first), answered_on=day(answered)) is seen
