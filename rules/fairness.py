"""Fairness of a month (art. 11 公平公正): how long people waited for a place, and whether anybody was called out of order."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date


def deciles(waited: Mapping[int, int]) -> tuple[int, ...]:
    """The waiting days within which 10 %, 20 %, … 100 % of the people got their place; empty when nobody did.

    `waited` is days waited → how many people; nearest rank, so each figure is the wait of somebody real.
    """
    people = sum(waited.values())
    if not people:
        return ()
    ranks = [-(-people * tenth // 10) for tenth in range(1, 11)]
    found: list[int] = []
    counted = 0
    for days in sorted(waited):
        counted += waited[days]
        while len(found) < len(ranks) and ranks[len(found)] <= counted:
            found.append(days)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Turn:
    """Something that happened to a ticket for one post (`job` None: for no post in particular): a call, or passed over.

    `made` grows with time. `before` are the tickets that stood in front and were eligible when a call was made. `passed`:
    this ticket had its turn for this post with it: skipped with a reason, did not come, or said no.
    """

    made: int
    day: date
    job: int | None
    ticket: int
    before: tuple[int, ...] = ()
    named: bool = False
    passed: bool = False


def out_of_order(turns: Collection[Turn]) -> list[int]:
    """The calls (`made`) before which somebody stood who had not had their turn for that post; must be empty.

    A call by name is not one of them: it is counted by itself. Nor is calling the same ticket for the same post once
    more: whose turn it was when first called keeps it, whoever has come back to the front since.
    """
    had_turn: dict[tuple[date, int | None, int], int] = {}
    called: dict[tuple[date, int | None, int], int] = {}
    for turn in turns:
        key, firsts = (turn.day, turn.job, turn.ticket), had_turn if turn.passed else called
        firsts[key] = min(turn.made, firsts.get(key, turn.made))
    return [
        turn.made
        for turn in turns
        if not turn.named
        and called.get((turn.day, turn.job, turn.ticket), turn.made) >= turn.made
        and any(had_turn.get((turn.day, turn.job, ticket), turn.made) >= turn.made for ticket in turn.before)
    ]
