"""The batch of a morning (批量匹配): every open place of a station and everybody who waits there, matched in one go.

What goes in is frozen as a record, and the same record gives the same suggestions again, on any machine. Who may go where is
judged exactly as for one post (`rules.matching.fit_of`); only the work is shared between people who are alike in what counts.
Suggestions are suggestions: a person decides about each one (PIPL art. 24).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any

import numpy as np

from rules.ages import age_on
from rules.assignment import TIE_BITS, Matrix, assign
from rules.codes import JobState, PensionStatus, SeekerState
from rules.errors import RuleBroken
from rules.matching import (
    Candidate,
    Hours,
    cells_free,
    distance_of,
    first_day,
    fit_of,
    free_cells,
    hours_of,
    lacking,
    skill_misfit,
    tie_of,
)
from rules.referrals import PostFacts, SeekerFacts, certificate_obstacles, check_referral, post_obstacles, standing_obstacles
from rules.schedule import Engagement, Shift, engagement_of, overlaps
from rules.terms import JobTerms

_GROWN_UP = 18
_TIMES = 3
"""More days of a week on which somebody is not free than this count as this."""


@dataclass(frozen=True, slots=True)
class OpenPost:
    """A post with the places to fill; `own`: registered at the station that matches, not taken over from another one."""

    post: PostFacts
    places: int
    own: bool = True


@dataclass(frozen=True, slots=True)
class WaitingPerson:
    """Somebody who waits; `own`: the station that matches keeps the record. A station proposes its own or for its own.

    `passed`: the posts for which this person was passed over today, or called and did not go: no more today, as at the desk.
    """

    candidate: Candidate
    own: bool = True
    passed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Morning:
    """What goes into a run: the day, the drawn seed, the posts, and the people in their waiting order."""

    day: date
    seed: str
    posts: tuple[OpenPost, ...]
    people: tuple[WaitingPerson, ...]


@dataclass(frozen=True, slots=True)
class Suggested:
    """This person for that post; `place` is the place in the waiting order, from 1; `sentence` says why."""

    post_id: int
    seeker_id: int
    place: int
    sentence: str


def suggestions_for(morning: Morning) -> list[Suggested]:
    """The suggestions of a morning in the waiting order: most places filled, longest waiting first, best fit.

    Everybody is suggested at most once, and only for a trade they look for. Nobody is passed over who could be placed
    without leaving out somebody before them (`rules.assignment`).
    """
    allowed, misfit = judged(morning)
    posts, people = morning.posts, morning.people
    pairs = assign(
        allowed,
        [each.places for each in posts],
        misfit,
        [_drawn(morning.seed, each.post.id) for each in posts],
        [_drawn(morning.seed, each.candidate.facts.id) for each in people],
    )
    return [_suggested(morning, post, person) for post, person in pairs]


def _drawn(seed: str, id: int) -> int:
    return tie_of(seed, id) >> (64 - TIE_BITS)


def _suggested(morning: Morning, post: int, person: int) -> Suggested:
    facts, candidate = morning.posts[post].post, morning.people[person].candidate
    why = fit_of(facts, candidate, today=morning.day).sentence
    return Suggested(facts.id, candidate.facts.id, person + 1, f"等候顺序第{person + 1}位；{why}")


def judged(morning: Morning) -> tuple[Matrix, Matrix]:
    """Who may go where, and how badly it suits (0 to 63), as two arrays of posts by people."""
    crowd = _Crowd(morning.people, morning.day)
    shape = (len(morning.posts), len(morning.people))
    allowed, misfit = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=np.int64)
    for row, each in enumerate(morning.posts):
        if each.places <= 0 or next(post_obstacles(each.post, morning.day), ""):
            continue
        fits, suits = crowd.for_post(each.post)
        allowed[row] = fits if each.own else fits & crowd.own
        misfit[row] = suits
    return allowed, misfit


class _Crowd:
    """The people as columns. What several of them share is judged once: certificates, hours, where they live."""

    def __init__(self, people: Sequence[WaitingPerson], day: date) -> None:
        self.day = day
        self.candidates = [each.candidate for each in people]
        self.own = np.array([each.own for each in people], dtype=bool)
        self.free = np.array([free_cells(each.slots) for each in self.candidates], dtype=np.int64)
        self.awake = np.array([not next(standing_obstacles(each.facts, day), "") for each in self.candidates], dtype=bool)
        facts = [(column, each.facts) for column, each in enumerate(self.candidates)]
        self.minors = [column for column, each in facts if age_on(each.birth_date, day) < _GROWN_UP]
        self.engaged = [column for column, each in facts if each.engagements]
        self.asked: dict[int, list[int]] = {}
        for column, fact in facts:
            for job in fact.open_referral_jobs:
                self.asked.setdefault(job, []).append(column)
        for column, one in enumerate(people):
            for job in one.passed:
                self.asked.setdefault(job, []).append(column)
        self.held, self.held_by = _kinds([each.facts.certificates for each in self.candidates])
        self.homes, self.home_of = _kinds([(each.subdistrict, each.community, each.area) for each in self.candidates])
        self._remembered: dict[Any, Any] = {}

    def for_post(self, post: PostFacts) -> tuple[Matrix, Matrix]:
        """Whom the post suits, and how badly."""
        terms, day = post.terms, first_day(post.terms, self.day)
        enough, short = self._once(("hours", hours_of(terms)), lambda: self._hours(hours_of(terms)))
        admitted, lacks = self._once(("certificates", terms.certificates, terms.trade, day), lambda: self._certificates(terms, day))
        named = self._once(("named", terms.trade), lambda: self._has(terms.trade, "named"))
        fits = self._once(("trade", terms.trade), lambda: self._has(terms.trade, "trades")) & self.awake & enough & admitted
        self._engaged_out(terms, fits)
        fits[self.asked.get(post.id, [])] = False
        for column in self.minors:  # few, and the law asks much
            fits[column] = fits[column] and self._admitted(post, column)
        where = ("homes", terms.subdistrict, terms.landmark)
        distance = self._once(where, lambda: np.array([distance_of(terms, *home) for home in self.homes])[self.home_of])
        return fits, 16 * (lacks + ~named) + 4 * np.minimum(short, _TIMES) + distance

    def _admitted(self, post: PostFacts, column: int) -> bool:
        try:
            check_referral(post, self.candidates[column].facts, today=self.day)
        except RuleBroken:
            return False
        return True

    def _once(self, key: Any, ask: Any) -> Any:
        if key not in self._remembered:
            self._remembered[key] = ask()
        return self._remembered[key]

    def _hours(self, hours: Hours | None) -> tuple[Matrix, Matrix]:
        short = np.zeros(len(self.candidates), dtype=np.int64)
        if hours is None:
            return np.ones(len(self.candidates), dtype=bool), short
        for _, cells in hours.days:
            short += lacking(hours, cells, self.free)
        return len(hours.days) - short >= hours.enough, short

    def _certificates(self, terms: JobTerms, day: date) -> tuple[Matrix, Matrix]:
        """Whose certificates admit to the work, and 2 for whom some usual one is missing."""
        admitted = np.array([not next(certificate_obstacles(terms, each, day, []), "") for each in self.held], dtype=bool)
        lacks = np.array([skill_misfit(terms, each, day, named=True) for each in self.held], dtype=np.int64)
        return admitted[self.held_by], lacks[self.held_by]

    def _has(self, trade: str, which: str) -> Matrix:
        return np.array([trade in getattr(each, which) for each in self.candidates], dtype=bool)

    def _engaged_out(self, terms: JobTerms, fits: Matrix) -> None:
        """Leave out whoever has agreed to other work at the same time. A post without hours is only asked about (4.3)."""
        wanted = engagement_of(terms)
        if wanted is None or (wanted.shift is None and not terms.live_in):
            return
        for column in self.engaged:
            others = self.candidates[column].facts.engagements
            fits[column] = fits[column] and not any(overlaps(wanted, other) for other in others)


def _kinds(values: Sequence[Any]) -> tuple[list[Any], Matrix]:
    """The different values, and for each place which of them stands there."""
    numbers: dict[Any, int] = {}
    which = [numbers.setdefault(value, len(numbers)) for value in values]
    return list(numbers), np.array(which, dtype=np.int64)


# What is kept of a run: only what the judgement reads, so that nothing else about anybody is stored a second time.


def record_of(morning: Morning) -> dict[str, Any]:
    """What went into a run, as JSON values; `morning_from` gives the same morning back."""
    return {
        "day": morning.day.isoformat(),
        "seed": morning.seed,
        "posts": [_post_record(each) for each in morning.posts],
        "people": [_person_record(each) for each in morning.people],
    }


def morning_from(record: Mapping[str, Any]) -> Morning:
    """The morning of a record."""
    return Morning(
        date.fromisoformat(record["day"]),
        record["seed"],
        tuple(_post_from(each) for each in record["posts"]),
        tuple(_person_from(each) for each in record["people"]),
    )


def _post_record(each: OpenPost) -> dict[str, Any]:
    post, terms = each.post, each.post.terms
    return {
        "id": post.id,
        "places": each.places,
        "own": each.own,
        "state": post.state.value,
        "verified_on": post.verified_on.isoformat(),
        "trade": terms.trade,
        "certificates": list(terms.certificates),
        "hazards": list(terms.hazards),
        "subdistrict": terms.subdistrict,
        "landmark": terms.landmark,
        "start_date": _text(terms.start_date),
        "end_date": _text(terms.end_date),
        "start_time": _text(terms.start_time),
        "end_time": _text(terms.end_time),
        "break_minutes": terms.break_minutes,
        "weekly_days": terms.weekly_days,
        "live_in": terms.live_in,
        "juvenile_ok": terms.juvenile_ok,
    }


def _post_from(record: Mapping[str, Any]) -> OpenPost:
    terms = JobTerms(
        trade=record["trade"],
        certificates=tuple(record["certificates"]),
        hazards=tuple(record["hazards"]),
        subdistrict=record["subdistrict"],
        landmark=record["landmark"],
        start_date=_day(record["start_date"]),
        end_date=_day(record["end_date"]),
        start_time=_clock(record["start_time"]),
        end_time=_clock(record["end_time"]),
        break_minutes=record["break_minutes"],
        weekly_days=record["weekly_days"],
        live_in=record["live_in"],
        juvenile_ok=record["juvenile_ok"],
    )
    places = record["places"]
    post = PostFacts(record["id"], JobState(record["state"]), terms, places, date.fromisoformat(record["verified_on"]))
    return OpenPost(post, places, record["own"])


def _person_record(each: WaitingPerson) -> dict[str, Any]:
    one, facts = each.candidate, each.candidate.facts
    return {
        "id": facts.id,
        "own": each.own,
        "state": facts.state.value,
        "born": facts.birth_date.isoformat(),
        "certificates": [[code, _text(end)] for code, end in facts.certificates],
        "guardian": facts.guardian_consent,
        "confirmed_on": facts.confirmed_on.isoformat(),
        "engagements": [_engagement_record(work) for work in facts.engagements],
        "asked": list(facts.open_referral_jobs),
        "passed": list(each.passed),
        "trades": sorted(one.trades),
        "named": sorted(one.named),
        "free": free_cells(one.slots),
        "subdistrict": one.subdistrict,
        "community": one.community,
        "area": one.area,
        "waiting_since": one.waiting_since.isoformat(),
    }


def _person_from(record: Mapping[str, Any]) -> WaitingPerson:
    never = date.max
    facts = SeekerFacts(
        id=record["id"],
        state=SeekerState(record["state"]),
        birth_date=date.fromisoformat(record["born"]),
        retires=(never, never),  # a notice for the agreement, which a suggestion does not give
        pension=PensionStatus.DELAYED,
        certificates=tuple((code, _day(end)) for code, end in record["certificates"]),
        guardian_consent=record["guardian"],
        confirmed_on=date.fromisoformat(record["confirmed_on"]),
        restricted_until=None,
        engagements=tuple(_engagement_from(work) for work in record["engagements"]),
        open_referral_jobs=tuple(record["asked"]),
    )
    candidate = Candidate(
        facts,
        frozenset(record["trades"]),
        cells_free(record["free"]),
        record["subdistrict"],
        date.fromisoformat(record["waiting_since"]),
        record["community"],
        record["area"],
        frozenset(record["named"]),
    )
    return WaitingPerson(candidate, record["own"], tuple(record.get("passed", ())))  # runs of earlier versions have none


def _engagement_record(work: Engagement) -> list[Any]:
    shift = work.shift
    hours = [_text(shift.start), _text(shift.end), shift.break_minutes] if shift else None
    return [work.start_date.isoformat(), work.end_date.isoformat(), hours]


def _engagement_from(record: Sequence[Any]) -> Engagement:
    start, end, hours = record
    shift = Shift(time.fromisoformat(hours[0]), time.fromisoformat(hours[1]), hours[2]) if hours else None
    return Engagement(date.fromisoformat(start), date.fromisoformat(end), shift)


def _text(value: date | time | None) -> str:
    return value.isoformat() if value else ""


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _clock(text: str) -> time | None:
    return time.fromisoformat(text) if text else None


def with_places(post: PostFacts, places: int, *, own: bool) -> OpenPost:
    """The post with so many places to fill in a run."""
    return OpenPost(replace(post, free_places=places), places, own)
