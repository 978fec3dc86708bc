"""Which person to which place, over a whole morning: most places filled, and among all ways to do that the waiting order kept.

Rows are posts with a number of places, columns are people in their waiting order. Nothing about a person comes in but the
column: where they may go, how far each post is from what they can and want, and a drawn number.

The sets of people who can all have a place at once form a matroid, so walking down the waiting order and taking everybody who
can be placed together with those already taken gives the most places, and of all such sets the one that is best person by
person: nobody is left out for somebody who came later, unless both could not be placed anyway. Which of them goes where is
then one assignment with the least misfit, solved exactly by SciPy on whole numbers.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment

MOST_MISFIT = 63
TIE_BITS = 20
_EXACT = 1 << 53
"""Up to here every whole number is exact as the solver keeps it."""

Matrix = np.ndarray
"""Posts by people."""


def assign(
    allowed: Matrix, places: Sequence[int], misfit: Matrix, post_ties: Sequence[int], person_ties: Sequence[int]
) -> list[tuple[int, int]]:
    """(post, person) for every place that is filled, in the waiting order of the people.

    `allowed` says who may go where, `misfit` (0 to `MOST_MISFIT`) how badly it suits, the ties are drawn numbers below
    2^`TIE_BITS` that decide between ways that are equally good. ValueError: more than the solver can work out exactly.
    """
    chosen = placeable(allowed, places)
    if not chosen:
        return []
    rows = np.repeat(np.arange(len(places)), [min(count, len(chosen)) for count in places])
    shift = TIE_BITS + len(chosen).bit_length()
    if len(chosen) * ((MOST_MISFIT + 1) << shift) >= _EXACT:
        raise ValueError(f"{len(chosen)} places are too many for one exact assignment")
    # Of two ways with the same misfit the one with the smaller sum of drawn numbers: the shift keeps that sum below one misfit.
    people = np.array(chosen)
    drawn = np.bitwise_xor.outer(np.asarray(post_ties, dtype=np.int64), np.asarray(person_ties, dtype=np.int64)[people])
    weight = (misfit[:, people].astype(np.int64) << shift) + drawn
    cost = np.where(allowed[:, people], weight.astype(np.float64), np.inf)[rows]
    place, person = linear_sum_assignment(cost)
    pairs = {chosen[column]: int(rows[row]) for row, column in zip(place, person, strict=True)}
    return [(pairs[column], column) for column in chosen]


def placeable(allowed: Matrix, places: Sequence[int]) -> list[int]:
    """The people who get a place, in waiting order: as many as can be, and of all such sets the best one person by person."""
    free = sum(1 << post for post, count in enumerate(places) if count > 0)
    left = list(places)
    bits = np.packbits(allowed, axis=0, bitorder="little")
    may = [int.from_bytes(column.tobytes(), "little") for column in bits.T]
    there: list[set[int]] = [set() for _ in places]
    closed = 0  # full posts that no chain of moves can open again
    chosen = []
    for person in range(allowed.shape[1]):
        came_from: dict[int, tuple[int, int]] = {}
        seen, end, waiting = closed, -1, deque([(person, -1)])
        while waiting and end < 0:
            mover, away_from = waiting.popleft()
            reach = may[mover] & ~seen
            seen |= reach
            if open_ones := reach & free:
                end = (open_ones & -open_ones).bit_length() - 1
                came_from[end] = (mover, away_from)
                break
            while reach:
                post = (reach & -reach).bit_length() - 1
                reach &= reach - 1
                came_from[post] = (mover, away_from)
                waiting.extend((other, post) for other in there[post])
        if end < 0:
            closed = seen
            continue
        chosen.append(person)
        left[end] -= 1
        if not left[end]:
            free &= ~(1 << end)
        while end >= 0:  # everybody on the chain moves up by one
            mover, away_from = came_from[end]
            there[end].add(mover)
            if away_from >= 0:
                there[away_from].remove(mover)
            end = away_from
        if not free:
            break
    return chosen
