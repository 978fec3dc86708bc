"""Who fits a post, and why, in a sentence (art. 11: precise, orderly, fair; PIPL art. 24: explained, a person decides).

Gender, ethnicity and origin are never asked here. The order is: fits at all, certificates in order, time, the same
subdistrict, the longest wait.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from rules.codes import TRADES, WEEKDAYS, CertificateType, Slot
from rules.errors import RuleBroken, RulesBroken
from rules.referrals import PostFacts, SeekerFacts, check_referral
from rules.schedule import engagement_of
from rules.terms import JobTerms

_PARTS = {Slot.MORNING: (6 * 60, 12 * 60), Slot.AFTERNOON: (12 * 60, 18 * 60), Slot.NIGHT: (18 * 60, 30 * 60)}
_DAY = 24 * 60
_TOLERATED_MINUTES = 60


@dataclass(frozen=True, slots=True)
class Candidate:
    """A registered seeker as the matching sees one. `waiting_since` is the day of the registration or last placement."""

    facts: SeekerFacts
    trades: frozenset[str]
    slots: frozenset[tuple[int, Slot]]
    subdistrict: str
    waiting_since: date


@dataclass(frozen=True, slots=True)
class Fit:
    """What the matching says of one candidate: obstacles make the person unfit, warnings are for staff to mind."""

    reasons: tuple[str, ...]
    warnings: tuple[str, ...]
    obstacles: tuple[str, ...]
    order: tuple[int, int, int, int, int]

    @property
    def fits(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.obstacles

    @property
    def sentence(self) -> str:
        """Why, or why not, as one sentence."""
        return "；".join(self.reasons if self.fits else self.obstacles).replace("。；", "；").rstrip("。") + "。"


def needed_slots(terms: JobTerms) -> frozenset[Slot]:
    """The parts of the day a post needs; up to an hour at the edge does not count. Empty while the hours are open."""
    engagement = engagement_of(terms)
    if engagement is None or engagement.shift is None:
        return frozenset()
    start, end = engagement.shift.span
    found = set()
    for slot, (first, last) in _PARTS.items():
        shared = sum(max(0, min(end, last + k * _DAY) - max(start, first + k * _DAY)) for k in (-1, 0, 1))
        if shared > min(_TOLERATED_MINUTES, (end - start) // 2):
            found.add(slot)
    return frozenset(found)


def time_obstacle(terms: JobTerms, slots: frozenset[tuple[int, Slot]]) -> str:
    """Why the person's free time does not cover the post; "" when it does. `weekly_days` of the week are enough."""
    engagement = engagement_of(terms)
    if engagement is None:
        return ""
    length = (engagement.end_date - engagement.start_date).days
    weekdays = list(dict.fromkeys((engagement.start_date + timedelta(days=k)).weekday() for k in range(min(length, 6) + 1)))
    needed = needed_slots(terms)
    if needed:
        short = [day for day in weekdays if any((day, slot) not in slots for slot in needed)]
    else:
        free_days = {day for day, _ in slots}
        short = [day for day in weekdays if day not in free_days]
    enough = terms.weekly_days if 1 <= terms.weekly_days <= 6 else len(weekdays)
    if len(weekdays) - len(short) >= min(enough, len(weekdays)):
        return ""
    when = "、".join(slot.label for slot in Slot if slot in needed)
    return f"时间不合：{'、'.join(WEEKDAYS[day] for day in sorted(short))}{when}没有空"


def fit_of(post: PostFacts, candidate: Candidate, *, today: date) -> Fit:
    """Whether and why this person fits this post. The guards of a referral (`check_referral`) are asked as well."""
    terms, facts = post.terms, candidate.facts
    obstacles: list[str] = []
    warnings: list[str] = []
    trade = TRADES.get(terms.trade)
    skilled = terms.trade in candidate.trades
    if not skilled and trade is not None:
        warnings.append(f"没有登记想做{trade.label}，请先问本人。")
    try:
        warnings += check_referral(post, facts, today=today)
    except RulesBroken as several:
        obstacles += [one.message for one in several.broken]
    except RuleBroken as one:
        obstacles.append(one.message)
    late = time_obstacle(terms, candidate.slots)
    if late:
        obstacles.append(late)
    near = candidate.subdistrict == terms.subdistrict
    day = max(terms.start_date or today, today)
    waited = max(0, (today - candidate.waiting_since).days)
    order = (int(bool(obstacles)), int(not skilled), int(not _certified(terms, facts, day)), int(not near), -waited)
    return Fit(tuple(_reasons(terms, candidate, skilled, near, waited, today)), tuple(warnings), tuple(obstacles), order)


def _certified(terms: JobTerms, facts: SeekerFacts, day: date) -> bool:
    """Whether every certificate the post asks for is held and in force on the first day."""
    held = {code for code, end in facts.certificates if end is None or end >= day}
    return set(terms.certificates) <= held


def _reasons(terms: JobTerms, candidate: Candidate, skilled: bool, near: bool, waited: int, today: date) -> Iterable[str]:
    trade = TRADES.get(terms.trade)
    if trade is not None:
        yield f"想做{trade.label}" if skilled else f"本人找的是别的活，可以问问愿不愿意做{trade.label}"
    day = max(terms.start_date or today, today)
    wanted = dict.fromkeys((*terms.certificates, *(c.value for c in (trade.certificates if trade else ()))))
    for code in wanted:
        ends = [end for held, end in candidate.facts.certificates if held == code]
        if any(end is None for end in ends):
            yield f"有{CertificateType.label_of(code)}"
        elif ends and max(end for end in ends if end) >= day:
            best = max(end for end in ends if end)
            yield f"{CertificateType.label_of(code)}到{best.year}年{best.month}月{best.day}日有效"
    if engagement_of(terms) is not None:
        when = "、".join(slot.label for slot in Slot if slot in needed_slots(terms))
        yield f"用工那几天{when}有空" if when else "用工那几天有空"
        if candidate.facts.engagements:
            yield "和已答应的活不冲突"
    if near:
        yield "住在同一个街道"
    yield f"等了{waited}天" if waited else "今天刚登记"


def ranked(fits: Iterable[tuple[Candidate, Fit]]) -> list[tuple[Candidate, Fit]]:
    """Candidates in the published order: fit, trade, certificates in order, near, longest wait; then by registration."""
    return sorted(fits, key=lambda pair: (*pair[1].order, pair[0].facts.id))
