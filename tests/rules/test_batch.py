"""The batch of a morning: judged as one post is, the same record gives the same suggestions, nobody passed over."""

import dataclasses
import inspect
import json
import random
import typing
from dataclasses import replace
from datetime import date, time, timedelta

import numpy as np
import pytest

from rules import assignment, batch, matching
from rules.ages import retirement_days
from rules.batch import Morning, OpenPost, WaitingPerson, judged, morning_from, record_of, suggestions_for
from rules.codes import JobState, PensionStatus, SeekerState, Slot
from rules.matching import Candidate, fit_of
from rules.referrals import PostFacts, SeekerFacts
from rules.schedule import Engagement, Shift
from rules.terms import JobTerms

TODAY = date(2026, 12, 1)
TRADES = ("C01", "C03", "C06", "E01")
PLACES = ("420112006", "420112015")


def a_post(id: int, dice: random.Random) -> OpenPost:
    start = TODAY + timedelta(days=dice.randint(0, 1))
    hours = dice.choice([(time(8), time(17, 30)), (time(18), time(23)), (time(22), time(6)), (None, None)])
    terms = JobTerms(
        trade=dice.choice(TRADES),
        subdistrict=dice.choice(PLACES),
        landmark=dice.choice(["物流园地铁站", "宏图大道"]),
        certificates=dice.choice([(), (), ("C01",), ("T11",)]),
        start_date=start,
        end_date=start + timedelta(days=dice.choice([0, 0, 5])),
        start_time=hours[0],
        end_time=hours[1],
        weekly_days=dice.choice([0, 0, 5]),
        live_in=dice.random() < 0.1,
        juvenile_ok=dice.random() < 0.5,
    )
    state = dice.choice([JobState.PUBLISHED] * 9 + [JobState.PAUSED])
    places = dice.randint(0, 3)
    return OpenPost(PostFacts(id, state, terms, places, TODAY - timedelta(days=dice.choice([0, 3, 20]))), places, dice.random() < 0.7)


def a_person(id: int, dice: random.Random) -> WaitingPerson:
    born = date(dice.randint(1960, 2005), dice.randint(1, 12), 5) if dice.random() < 0.9 else date(2009, 12, dice.randint(1, 3))
    work = Engagement(TODAY, TODAY + timedelta(days=1), dice.choice([None, Shift(time(18), time(23))]))
    facts = SeekerFacts(
        id,
        dice.choice([SeekerState.ACTIVE] * 6 + [SeekerState.ENGAGED, SeekerState.RESTRICTED]),
        born,
        retirement_days(born, dice.choice(["M", "F", None])),
        dice.choice([None, PensionStatus.YES]),
        dice.choice([(), (), (("T11", None),), (("T11", date(2026, 6, 30)), ("C01", TODAY))]),
        dice.random() < 0.5,
        TODAY - timedelta(days=dice.choice([0, 10, 100])),
        None,
        (work,) if dice.random() < 0.3 else (),
        (1,) if dice.random() < 0.2 else (),
    )
    slots = frozenset((day, slot) for day in range(7) for slot in Slot if dice.random() < 0.8)
    return WaitingPerson(
        Candidate(
            facts,
            frozenset(dice.sample(TRADES, 2)),
            slots,
            dice.choice(PLACES),
            TODAY - timedelta(days=dice.randint(0, 90)),
            dice.choice(["", "物流园社区"]),
            dice.choice(PLACES),
            frozenset(dice.sample(TRADES, 1)),
        ),
        dice.random() < 0.7,
        (2,) if dice.random() < 0.2 else (),
    )


def a_morning(seed: int, posts: int = 12, people: int = 60) -> Morning:
    dice = random.Random(seed)
    return Morning(
        TODAY,
        f"seed {seed}",
        tuple(a_post(id, dice) for id in range(1, posts + 1)),
        tuple(a_person(id, dice) for id in range(1, people + 1)),
    )


@pytest.mark.parametrize("seed", range(30))
def test_everybody_is_judged_as_for_one_post(seed):
    morning = a_morning(seed)
    allowed, misfit = judged(morning)
    for row, each in enumerate(morning.posts):
        for column, person in enumerate(morning.people):
            fit = fit_of(each.post, person.candidate, today=TODAY)
            wanted = each.post.terms.trade in person.candidate.trades
            expected = each.places > 0 and wanted and fit.fits and (each.own or person.own) and each.post.id not in person.passed
            assert allowed[row, column] == expected, (each.post.terms, person.candidate, fit)
            if expected:
                skill, short, distance = fit.order[1:4]
                assert misfit[row, column] == 16 * skill + 4 * min(short, 3) + distance


def test_some_of_these_people_fit_and_most_do_not():
    shares = [judged(a_morning(seed))[0].mean() for seed in range(30)]
    assert 0.02 < np.mean(shares) < 0.5


@pytest.mark.parametrize("seed", range(10))
def test_a_run_is_worked_out_again_from_what_was_kept(seed):
    morning = a_morning(seed)
    kept = json.dumps(record_of(morning))
    assert suggestions_for(morning_from(json.loads(kept))) == suggestions_for(morning)
    assert record_of(morning_from(json.loads(kept))) == json.loads(kept)


def test_a_run_kept_before_the_calls_went_in_is_still_worked_out():
    """Nobody was passed over in it."""
    kept = record_of(a_morning(4))
    for each in kept["people"]:
        del each["passed"]
    assert not any(each.passed for each in morning_from(kept).people)


def test_nobody_is_suggested_twice_and_no_post_too_often():
    morning = a_morning(3, posts=20, people=200)
    made = suggestions_for(morning)
    assert made
    assert len({each.seeker_id for each in made}) == len(made)
    for each in morning.posts:
        assert sum(one.post_id == each.post.id for one in made) <= each.places
    assert [each.place for each in made] == sorted(each.place for each in made)


def test_a_suggestion_says_its_place_in_the_order_and_why():
    morning = a_morning(3, posts=20, people=200)
    first = suggestions_for(morning)[0]
    assert first.sentence.startswith(f"等候顺序第{first.place}位；想做")
    assert "等了" in first.sentence


def test_the_seed_decides_between_people_who_fit_equally():
    """Two like each other, two posts like each other: which goes where is drawn, and nothing else changes."""
    morning = a_morning(3)
    post = replace(morning.posts[0], places=1, own=True, post=replace(morning.posts[0].post, state=JobState.PUBLISHED, verified_on=TODAY))
    terms = replace(post.post.terms, trade="C01", certificates=(), start_date=TODAY, end_date=TODAY, live_in=False)
    posts = tuple(replace(post, post=replace(post.post, id=id, terms=terms, free_places=1)) for id in (1, 2))
    free = frozenset((day, slot) for day in range(7) for slot in Slot)
    one = morning.people[0].candidate
    facts = replace(
        one.facts, state=SeekerState.ACTIVE, birth_date=date(1980, 1, 1), engagements=(), open_referral_jobs=(), confirmed_on=TODAY
    )
    people = tuple(WaitingPerson(replace(one, facts=replace(facts, id=id), trades=frozenset({"C01"}), slots=free)) for id in (7, 8))
    ways = {tuple((each.post_id, each.seeker_id) for each in suggestions_for(Morning(TODAY, str(k), posts, people))) for k in range(20)}
    assert ways == {((1, 7), (2, 8)), ((2, 7), (1, 8))}


NEVER = ("gender", "sex", "ethnic", "nation", "religion", "belief", "origin", "native", "hukou", "marital", "family", "spouse", "child")
NEVER += ("health", "disab", "disease", "name", "phone", "id_number", "id_card", "identity")
ALLOWED = {"child_age", "juvenile_age", "named", "trades_named"}
"""Words that hold one of those and mean something else: legal ages, trades that the noted skills name."""


def names_reached(kind: object, seen: set[object]) -> set[str]:
    """The names of every field that a value of this type carries, however deep."""
    if kind in seen:
        return set()
    seen.add(kind)
    found: set[str] = set()
    for inner in typing.get_args(kind):
        found |= names_reached(inner, seen)
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        for field in dataclasses.fields(kind):
            found |= {field.name} | names_reached(hints[field.name], seen)
    return found


@pytest.mark.parametrize("module", [matching, assignment, batch])
def test_what_must_not_count_is_not_even_a_parameter(module):
    """Of no function, and of no value handed to one. What a post says (JobTerms) describes the work, not the person."""
    for name, function in inspect.getmembers(module, inspect.isfunction):
        if function.__module__ != module.__name__:
            continue
        hints = typing.get_type_hints(function)
        hints.pop("return", None)
        said = set(inspect.signature(function).parameters)
        for kind in hints.values():
            said |= names_reached(kind, {JobTerms})
        for word in said - ALLOWED:
            assert not any(never in word.lower() for never in NEVER), f"{name} takes {word}"


def test_the_look_for_forbidden_parameters_finds_one():
    @dataclasses.dataclass
    class Person:
        gender: str

    @dataclasses.dataclass
    class Crowd:
        people: tuple[Person, ...]

    assert "gender" in names_reached(Crowd, set())
    assert {"pension", "trades", "retires"} <= names_reached(Morning, {JobTerms})


def test_what_is_kept_of_a_run_says_nothing_that_must_not_count():
    kept = record_of(a_morning(1))["people"][0]
    assert set(kept) == {
        *("id", "own", "state", "born", "certificates", "guardian", "confirmed_on", "engagements", "asked", "passed"),
        *("trades", "named", "free", "subdistrict", "community", "area", "waiting_since"),
    }


def test_men_and_women_are_suggested_alike():
    """Everybody's retirement days, the only thing that follows from being a man or a woman, exchanged: nothing changes."""
    morning = a_morning(5, posts=20, people=200)
    turned = []
    for each in morning.people:
        facts = each.candidate.facts
        man = retirement_days(facts.birth_date, "M")
        other = retirement_days(facts.birth_date, "F") if facts.retires == man else man
        turned.append(replace(each, candidate=replace(each.candidate, facts=replace(facts, retires=other))))
    assert turned != list(morning.people)
    assert suggestions_for(replace(morning, people=tuple(turned))) == suggestions_for(morning)
