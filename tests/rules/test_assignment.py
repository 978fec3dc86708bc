"""Most places are filled, and among all ways to do that the waiting order is kept: held against trying every way."""

import itertools
import random

import numpy as np
import pytest

from rules.assignment import MOST_MISFIT, TIE_BITS, assign, placeable


def every_way(allowed, places):
    """Every assignment of people to posts, as a tuple of a post or None for each person."""
    posts = range(len(places))
    choices = [[None, *(post for post in posts if allowed[post][person])] for person in range(allowed.shape[1])]
    for way in itertools.product(*choices):
        if all(way.count(post) <= places[post] for post in posts):
            yield way


def morning(dice: random.Random):
    posts, people = dice.randint(1, 4), dice.randint(1, 6)
    allowed = np.array([[dice.random() < 0.4 for _ in range(people)] for _ in range(posts)])
    misfit = np.array([[dice.randint(0, 3) for _ in range(people)] for _ in range(posts)])
    places = [dice.randint(0, 2) for _ in range(posts)]
    ties = [dice.getrandbits(20) for _ in range(posts)], [dice.getrandbits(20) for _ in range(people)]
    return allowed, places, misfit, ties


@pytest.mark.parametrize("seed", range(150))
def test_no_other_way_fills_more_keeps_the_order_better_or_fits_better(seed):
    allowed, places, misfit, ties = morning(random.Random(seed))
    ways = list(every_way(allowed, places))
    most = max(sum(post is not None for post in way) for way in ways)
    full = [way for way in ways if sum(post is not None for post in way) == most]
    first = max(tuple(post is not None for post in way) for way in full)
    kept = [way for way in full if tuple(post is not None for post in way) == first]
    least = min(sum(int(misfit[post][person]) for person, post in enumerate(way) if post is not None) for way in kept)

    pairs = assign(allowed, places, misfit, *ties)
    assert len(pairs) == most
    assert [person for _, person in pairs] == [person for person, placed in enumerate(first) if placed]
    assert all(allowed[post][person] for post, person in pairs)
    assert all(sum(post == each for each, _ in pairs) <= count for post, count in enumerate(places))
    assert sum(int(misfit[post][person]) for post, person in pairs) == least


def test_who_waits_longest_is_moved_rather_than_left_out():
    """The first could take either post, the second only the first one: both go, and a third who came later does not."""
    allowed = np.array([[True, True, True], [True, False, False]])
    assert placeable(allowed, [1, 1]) == [0, 1]
    pairs = assign(allowed, [1, 1], np.zeros((2, 3), dtype=int), [0, 0], [0, 0, 0])
    assert pairs == [(1, 0), (0, 1)]


def test_the_drawn_numbers_decide_between_equal_ways():
    allowed, misfit = np.ones((2, 2), dtype=bool), np.zeros((2, 2), dtype=int)
    ways = {tuple(assign(allowed, [1, 1], misfit, [0, 1 << 19], ties)) for ties in ([1, 0], [1 << 19, 0], [0, 1 << 19])}
    assert ways == {((0, 0), (1, 1)), ((1, 0), (0, 1))}


@pytest.mark.parametrize("places", [[], [0, 0]])
def test_nothing_to_fill_is_no_assignment(places):
    allowed = np.zeros((len(places), 3), dtype=bool)
    assert assign(allowed, places, allowed.astype(int), [0] * len(places), [0, 0, 0]) == []


def test_a_whole_market_stays_exact():
    """Two thousand places with the worst misfit everywhere: the weights stay below what the solver keeps exactly."""
    with pytest.raises(ValueError, match="too many"):
        assign(np.ones((1, 20_000), dtype=bool), [20_000], np.full((1, 20_000), MOST_MISFIT), [0], [0] * 20_000)
    assert placeable(np.ones((1, 2000), dtype=bool), [2000]) == list(range(2000))
    assert 2000 * ((MOST_MISFIT + 1) << (TIE_BITS + 11)) < 2**53
