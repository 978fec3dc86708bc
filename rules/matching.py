"""Who fits a post, and why, in a sentence (art. 11: precise, orderly, fair; PIPL art. 24: explained, a person decides).

The order of suggestions: fits at all (`check_referral`, free time), skill, time, distance, the longest wait, and between
people who are equal in all of that a draw: the SHA-256 of the post's seed and the person's id. Whether somebody is a man or a
woman, where somebody comes from, family, belief or health are never asked: no function here takes them, and changing them in
the database changes neither who is suggested nor the order. Only the notice for the agreement about the retirement age may
differ, which keeps nobody out. Legally assisted groups (EPL art. 52) would be put forward with the reason shown; the product
registers no groups yet, so nobody is.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from rules.codes import TRADES, WEEKDAYS, CertificateType, DropReason, Slot
from rules.errors import RuleBroken, RulesBroken
from rules.referrals import Held, PostFacts, SeekerFacts, check_referral, decline_reason_hits
from rules.schedule import engagement_of
from rules.terms import JobTerms

_PARTS = {Slot.MORNING: (6 * 60, 12 * 60), Slot.AFTERNOON: (12 * 60, 18 * 60), Slot.NIGHT: (18 * 60, 30 * 60)}
_DAY = 24 * 60
_TOLERATED_MINUTES = 60
_SLOTS = list(Slot)
_BITS = {(day, slot): 1 << (day * len(_SLOTS) + k) for day in range(7) for k, slot in enumerate(_SLOTS)}
DISCRIMINATORY_DROP = "说明里有歧视内容（已标出），不能作为不采用的原因。请按能不能去、会不会做来写。"
FARTHEST = 3
"""The last step of `distance_of`."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A registered seeker as the matching sees one.

    `waiting_since` is the day of the registration, the last start or the last promised place. `community` is where the person lives now,
    `area` the subdistrict of the station that keeps the record, `named` the trades that the noted skills name.
    """

    facts: SeekerFacts
    trades: frozenset[str]
    slots: frozenset[tuple[int, Slot]]
    subdistrict: str
    waiting_since: date
    community: str = ""
    area: str = ""
    named: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Fit:
    """What the matching says of one candidate: obstacles make the person unfit, warnings are for staff to mind.

    `barred`: a guard of the referral is among the obstacles, so that no referral can be made whatever anybody says.
    """

    reasons: tuple[str, ...]
    warnings: tuple[str, ...]
    obstacles: tuple[str, ...]
    order: tuple[int, int, int, int, int, int]
    barred: bool = False

    @property
    def fits(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.obstacles

    @property
    def sentence(self) -> str:
        """Why, or why not, as one sentence."""
        return "；".join(self.reasons if self.fits else self.obstacles).replace("。；", "；").rstrip("。") + "。"


@dataclass(frozen=True, slots=True)
class Hours:
    """The free time a post asks for: for each of its weekdays the cells of the week (`free_cells`), and how many days do.

    `whole`: every cell is needed; otherwise, while the hours are open, one of the day is enough.
    """

    days: tuple[tuple[int, int], ...]
    whole: bool
    enough: int


def free_cells(slots: Iterable[tuple[int, Slot]]) -> int:
    """Free time as one number: a bit for each part of each weekday."""
    cells = 0
    for cell in slots:
        cells |= _BITS[cell]
    return cells


def cells_free(cells: int) -> frozenset[tuple[int, Slot]]:
    """The parts of the week of a number of `free_cells`."""
    return frozenset(cell for cell, bit in _BITS.items() if cells & bit)


@lru_cache(maxsize=2048)
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


@lru_cache(maxsize=2048)
def hours_of(terms: JobTerms) -> Hours | None:
    """The free time a post asks for; None without a first day. `weekly_days` of the week are enough."""
    engagement = engagement_of(terms)
    if engagement is None:
        return None
    length = (engagement.end_date - engagement.start_date).days
    weekdays = list(dict.fromkeys((engagement.start_date + timedelta(days=k)).weekday() for k in range(min(length, 6) + 1)))
    needed = needed_slots(terms)
    days = tuple((day, free_cells((day, slot) for slot in (needed or _SLOTS))) for day in weekdays)
    enough = terms.weekly_days if 1 <= terms.weekly_days <= 6 else len(weekdays)
    return Hours(days, bool(needed), min(enough, len(weekdays)))


def lacking(hours: Hours, cells: int, free: Any) -> Any:
    """Whether `free` (`free_cells`, or an array of many people's) does not cover the cells of a day."""
    return (free & cells) != cells if hours.whole else (free & cells) == 0


def time_obstacle(terms: JobTerms, slots: frozenset[tuple[int, Slot]]) -> str:
    """Why the person's free time does not cover the post; "" when it does."""
    hours = hours_of(terms)
    short = _short_days(hours, slots)
    if hours is None or len(hours.days) - len(short) >= hours.enough:
        return ""
    when = "、".join(slot.label for slot in Slot if slot in needed_slots(terms))
    return f"时间不合：{'、'.join(WEEKDAYS[day] for day in sorted(short))}{when}没有空"


def _short_days(hours: Hours | None, slots: Iterable[tuple[int, Slot]]) -> list[int]:
    """The weekdays of the post on which the person is not free."""
    free = free_cells(slots)
    return [day for day, cells in hours.days if lacking(hours, cells, free)] if hours else []


def skill_misfit(terms: JobTerms, held: Held, day: date, *, named: bool) -> int:
    """How far the skill of somebody who looks for this trade is from the post, 0 to 3: certificates, then noted skills."""
    return 2 * (not _certified(terms, held, day)) + (not named)


def _certified(terms: JobTerms, held: Held, day: date) -> bool:
    """Whether the certificates of post and trade are held and in force on the first day."""
    in_force = {code for code, end in held if end is None or end >= day}
    trade = TRADES.get(terms.trade)
    usual = {certificate.value for certificate in trade.certificates} if trade else set()
    return set(terms.certificates) <= in_force and (not usual or bool(usual & in_force))


def distance_of(terms: JobTerms, subdistrict: str, community: str, area: str) -> int:
    """How far off the work is, as far as the record tells, 0 to `FARTHEST`.

    0: the post's landmark names the community; 1: the same subdistrict; 2: the station that keeps the record stands in the
    post's subdistrict; 3: farther.
    """
    name = community.removesuffix("社区").removesuffix("村")
    if subdistrict == terms.subdistrict:
        return 0 if len(name) > 1 and name in terms.landmark else 1
    return 2 if area and area == terms.subdistrict else FARTHEST


def tie_of(seed: str, seeker_id: int) -> int:
    """The draw between people who fit equally well, the smaller number first: SHA-256 of "seed|id", whoever works it out."""
    return int.from_bytes(hashlib.sha256(f"{seed}|{seeker_id}".encode()).digest()[:8])


def seed_of(post: PostFacts) -> str:
    """The seed drawn when the post was first published; posts from before seeds were drawn have their id."""
    return post.tie_seed or str(post.id)


def trades_named(skills: str) -> frozenset[str]:
    """The trades that a person's noted skills name in the words of the table of trades."""
    return frozenset(code for found in _NAMED.findall(skills) for code in _WORDS[found])


_WORDS: dict[str, list[str]] = {}
for _code, _trade in TRADES.items():
    for _word in _trade.label.partition("（")[0].split("/"):
        if len(_word) > 1:
            _WORDS.setdefault(_word, []).append(_code)
_NAMED = re.compile("|".join(sorted(map(re.escape, _WORDS), key=len, reverse=True)))


def first_day(terms: JobTerms, today: date) -> date:
    """The day that ages and certificates count on: the first working day, today when it is past or not given."""
    return max(terms.start_date or today, today)


def fit_of(post: PostFacts, candidate: Candidate, *, today: date) -> Fit:
    """Whether and why this person fits this post. The guards of a referral (`check_referral`) are asked as well."""
    terms, facts = post.terms, candidate.facts
    obstacles: list[str] = []
    warnings: list[str] = []
    trade = TRADES.get(terms.trade)
    wanted, named = terms.trade in candidate.trades, terms.trade in candidate.named
    if not wanted and trade is not None:
        warnings.append(f"没有登记想做{trade.label}，请先问本人。")
    try:
        warnings += check_referral(post, facts, today=today)
    except RulesBroken as several:
        obstacles += [one.message for one in several.broken]
    except RuleBroken as one:
        obstacles.append(one.message)
    barred = bool(obstacles)
    late = time_obstacle(terms, candidate.slots)
    if late:
        obstacles.append(late)
    distance = distance_of(terms, candidate.subdistrict, candidate.community, candidate.area)
    waited = max(0, (today - candidate.waiting_since).days)
    short = _short_days(hours_of(terms), candidate.slots)
    order = (
        int(bool(obstacles)),
        4 * (not wanted) + skill_misfit(terms, facts.certificates, first_day(terms, today), named=named),
        len(short),
        distance,
        -waited,
        tie_of(seed_of(post), facts.id),
    )
    return Fit(tuple(_reasons(terms, candidate, short, distance, waited, today)), tuple(warnings), tuple(obstacles), order, barred)


def _reasons(terms: JobTerms, candidate: Candidate, short: list[int], distance: int, waited: int, today: date) -> Iterator[str]:
    trade = TRADES.get(terms.trade)
    if trade is not None:
        wanted = terms.trade in candidate.trades
        yield f"想做{trade.label}" if wanted else f"本人找的是别的活，可以问问愿不愿意做{trade.label}"
    if terms.trade in candidate.named:
        yield "技能里写了会做"
    day = first_day(terms, today)
    codes = dict.fromkeys((*terms.certificates, *(c.value for c in (trade.certificates if trade else ()))))
    for code in codes:
        ends = [end for held, end in candidate.facts.certificates if held == code]
        if any(end is None for end in ends):
            yield f"有{CertificateType.label_of(code)}"
        elif ends and max(end for end in ends if end) >= day:
            best = max(end for end in ends if end)
            yield f"{CertificateType.label_of(code)}到{best.year}年{best.month}月{best.day}日有效"
    if engagement_of(terms) is not None:
        when = "、".join(slot.label for slot in Slot if slot in needed_slots(terms))
        except_for = f"（{'、'.join(WEEKDAYS[each] for each in sorted(short))}除外）" if short else ""
        yield f"用工那几天{when}有空{except_for}"
        if candidate.facts.engagements:
            yield "和已答应的活不冲突"
    if distance < FARTHEST:
        yield ("就住在旁边", "住在同一个街道", "在这个街道的驿站登记")[distance]
    yield f"等了{waited}天" if waited else "今天开始等活"


def ranked(fits: Iterable[tuple[Candidate, Fit]]) -> list[tuple[Candidate, Fit]]:
    """Candidates in the published order: fit, skill, time, distance, the longest wait, then the draw."""
    return sorted(fits, key=lambda pair: pair[1].order)


def check_drop(reason: DropReason | None, note: str) -> str:
    """The reason a suggestion is not taken up, as kept. Raises RuleBroken: none given, or one that discriminates (6.1 D)."""
    if reason is None:
        raise RuleBroken("请选择不采用的原因。", "reason")
    said = " ".join(note.split())
    if hits := decline_reason_hits(said, "note"):
        raise RuleBroken(DISCRIMINATORY_DROP, "note", tuple((hit.field, hit.start, hit.end) for hit in hits))
    if reason is DropReason.OTHER and not said:
        raise RuleBroken("选了“其他”的，请写明原因。", "note")
    return (f"{reason.label}：{said}" if said else reason.label)[:200]
