"""The batch of a morning: 300 demands of one to five hands and 3,000 people, from the kept record to the suggestions.

Beside it in the same run: walking down the waiting order and giving everybody the first place that suits (greedy), and one
plain assignment over every pair, each judged alone, with weights for place, waiting order and fit (plain). Plain finds the
same people, which is the check that ours is right; greedy is what a counter does by hand.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import time
from datetime import date, timedelta
from datetime import time as clock

import numpy as np
from scipy.optimize import linear_sum_assignment

from bench.report import Report, machine, median, table
from rules.ages import retirement_days
from rules.batch import Morning, OpenPost, WaitingPerson, judged, morning_from, record_of, suggestions_for
from rules.codes import SUBDISTRICTS, JobState, SeekerState, Slot
from rules.matching import Candidate, fit_of
from rules.referrals import PostFacts, SeekerFacts
from rules.schedule import Engagement, Shift
from rules.terms import JobTerms

TODAY = date(2026, 12, 1)
TRADES = {"C03": 9, "C01": 8, "C02": 7, "B01": 7, "C04": 6, "E02": 6, "D01": 5, "E01": 5, "A01": 5, "B03": 3, "C05": 3, "D02": 3}
TRADES |= {"C06": 2, "D03": 2, "D04": 2, "D07": 1, "B02": 1, "A03": 2}
"""Trades and how often they are asked for; the same trades are looked for."""
CERTIFICATES = {"C06": "T11", "D07": "T01", "D03": "T02", "B02": "T03", "E01": "C01"}
SHIFTS = ((clock(8), clock(17, 30)), (clock(7), clock(12)), (clock(13), clock(18)), (clock(18), clock(23)), (clock(20), clock(8)))
WEEK = [(day, slot) for day in range(7) for slot in Slot]


def a_morning(posts: int, people: int, seed: int = 1) -> Morning:
    """A morning of a whole district at one station: the same one for the same numbers."""
    dice = random.Random(seed)
    asked = tuple(_post(id, dice) for id in range(1, posts + 1))
    return Morning(TODAY, f"morning {seed}", asked, tuple(_person(id, dice) for id in range(1, people + 1)))


def _trade(dice: random.Random, many: int = 1) -> list[str]:
    return list(dict.fromkeys(dice.choices(list(TRADES), list(TRADES.values()), k=many)))


def _post(id: int, dice: random.Random) -> OpenPost:
    trade, (start, end) = _trade(dice)[0], dice.choices(SHIFTS, (60, 10, 10, 12, 8))[0]
    first = TODAY + timedelta(days=dice.random() < 0.4)
    terms = JobTerms(
        trade=trade,
        certificates=(CERTIFICATES[trade],) if trade in CERTIFICATES else (),
        subdistrict=dice.choice(list(SUBDISTRICTS)),
        landmark=dice.choice(["物流园地铁站", "宏图大道", "金银湖路", "走新路"]),
        start_date=first,
        end_date=first + timedelta(days=dice.choice([0, 0, 0, 2, 13])),
        start_time=start,
        end_time=end,
        weekly_days=dice.choice([0, 0, 6]),
    )
    places = dice.choices((1, 2, 3, 4, 5), (30, 25, 20, 15, 10))[0]
    return OpenPost(PostFacts(id, JobState.PUBLISHED, terms, places, TODAY), places, dice.random() < 0.8)


def _person(id: int, dice: random.Random) -> WaitingPerson:
    born = date(dice.randint(1962, 2005), dice.randint(1, 12), 5) if dice.random() < 0.98 else date(2009, 6, 1)
    trades = frozenset(_trade(dice, 4))
    held = tuple((CERTIFICATES[trade], date(2028, 5, 31)) for trade in sorted(trades) if trade in CERTIFICATES and dice.random() < 0.7)
    work = (Engagement(TODAY, TODAY + timedelta(days=3), Shift(clock(8), clock(12))),) if dice.random() < 0.05 else ()
    facts = SeekerFacts(id, SeekerState.ACTIVE, born, retirement_days(born, None), None, held, True, TODAY, None, work)
    slots = WEEK if dice.random() < 0.5 else [cell for cell in WEEK if dice.random() < 0.75]
    home, area = dice.choice(list(SUBDISTRICTS)), dice.choice(list(SUBDISTRICTS))
    waiting = TODAY - timedelta(days=dice.randint(0, 60))
    return WaitingPerson(
        Candidate(facts, trades, frozenset(slots), home, waiting, dice.choice(["物流园社区", "东方社区"]), area), dice.random() < 0.9
    )


def greedy(morning: Morning) -> list[int]:
    """The people placed when everybody in the waiting order gets the first place that suits, as columns."""
    allowed, _ = judged(morning)
    left = [each.places for each in morning.posts]
    placed = []
    for person in range(len(morning.people)):
        post = next((row for row in np.flatnonzero(allowed[:, person]) if left[row]), None)
        if post is not None:
            left[post] -= 1
            placed.append(person)
    return placed


def plain(morning: Morning) -> list[int]:
    """The people placed by one assignment over every pair, each judged alone, as columns."""
    people = morning.people
    rows, costs = [], []
    for each in morning.posts:
        row = np.full(len(people), np.inf)
        for column, person in enumerate(people):
            if not (each.own or person.own) or each.post.terms.trade not in person.candidate.trades:
                fits = False
            else:
                fits = fit_of(each.post, person.candidate, today=morning.day).fits
            if fits:
                row[column] = column
        rows += [len(costs)] * each.places
        costs.append(row)
    matrix = np.array(costs)[rows]
    unfilled = np.full((len(rows), len(rows)), np.inf)  # a place that stays open costs more than any waiting order can save
    np.fill_diagonal(unfilled, float(len(people) * (len(rows) + 1)))
    _, chosen = linear_sum_assignment(np.hstack([matrix, unfilled]))
    return sorted(int(column) for column in chosen if column < len(people))


def main() -> None:
    """Measure, compare, judge."""
    options = argparse.ArgumentParser(prog="script/bench matching", description=__doc__)
    options.add_argument("--posts", type=int, default=300)
    options.add_argument("--people", type=int, default=3000)
    options.add_argument("--rounds", type=int, default=5)
    wanted = options.parse_args()
    machine()
    report = Report("matching")
    morning = a_morning(wanted.posts, wanted.people)
    kept = json.dumps(record_of(morning))
    places = sum(each.places for each in morning.posts)
    pairs = int(judged(morning)[0].sum())

    rounds = [_timed(lambda: suggestions_for(morning_from(json.loads(kept)))) for _ in range(wanted.rounds)]
    ours, seconds = rounds[0][0], [each[1] for each in rounds]
    whole = [_in_a_worker(kept) for _ in range(wanted.rounds)]
    by_hand, by_hand_seconds = _timed(lambda: greedy(morning))
    one_by_one, plain_seconds = _timed(lambda: plain(morning))

    placed = [each.place - 1 for each in ours]
    rows = [
        ["ours, from the kept record", len(placed), f"{sum(placed):,}", f"{median(seconds):.2f}"],
        ["ours, with starting the worker process", len(placed), f"{sum(placed):,}", f"{median([wall for wall, _ in whole]):.2f}"],
        ["greedy down the waiting order", len(by_hand), f"{sum(by_hand):,}", f"{by_hand_seconds:.2f}"],
        ["plain assignment over every pair", len(one_by_one), f"{sum(one_by_one):,}", f"{plain_seconds:.2f}"],
    ]
    print(f"{wanted.posts} demands with {places} places, {wanted.people} people, {pairs:,} pairs that suit\n")
    table(("", "filled", "sum of waiting ranks", "seconds"), rows)
    busy = min(cpu for _, cpu in whole)
    report.must("a whole morning under 2 s of processor time, the worker process included", busy < 2)
    report.note("processor time of the worker process, the best of the rounds", f"{busy:.2f} s")
    report.must("the same people as the plain assignment", placed == one_by_one)
    report.must("the same suggestions every time", all(each[0] == ours for each in rounds))
    report.goal("filled places, ours to greedy", len(placed) / len(by_hand), 1)
    report.goal("time of the plain assignment to ours", plain_seconds / median(seconds), 5)
    scarce = a_morning(wanted.posts, places, seed=2)
    matched, in_line = len(suggestions_for(scarce)), len(greedy(scarce))
    table(("as many people as places", "filled"), [["ours", matched], ["greedy down the waiting order", in_line]])
    report.must("more places filled than greedy where people are scarce", matched > in_line)
    report.note("the record kept of a run", f"{len(kept) / 1e6:.2f} MB")
    report.figures |= {
        "posts": wanted.posts,
        "places": places,
        "people": wanted.people,
        "pairs": pairs,
        "filled": len(placed),
        "greedy_filled": len(by_hand),
        "scarce_filled": matched,
        "scarce_greedy_filled": in_line,
        "seconds": round(median(seconds), 3),
        "with_worker_seconds": round(median([wall for wall, _ in whole]), 3),
        "with_worker_processor_seconds": round(busy, 3),
        "plain_seconds": round(plain_seconds, 3),
    }
    report.end()


def _timed(work):  # type: ignore[no-untyped-def]
    began = time.perf_counter()
    done = work()
    return done, time.perf_counter() - began


def _in_a_worker(kept: str) -> tuple[float, float]:
    """Seconds and processor seconds as the application does it: a process of its own for the length of the run."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "web.match_worker"],
        input=kept.encode(),
        check=True,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
