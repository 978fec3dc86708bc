"""The calling order (art. 11 精准有序、公平公正): who is called first, derived each time from what the station published.

Nobody keeps places in a queue: from the method in force, the arrivals of the day and, for a draw, the published seed the
same order follows for everybody who works it out, on any machine and from paper.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone

from rules.codes import CallingMethod
from rules.errors import RuleBroken

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
EARLIEST_DRAW, LATEST_DRAW = time(5, 0), time(12, 0)
"""A draw belongs to the morning market: not before the first sign-ins, not after the morning."""
SHORTEST_REASON, LONGEST_REASON = 5, 200
FURTHEST_AHEAD = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the order may know of somebody who signed in: when they came and since when they wait. Nothing about the person.

    `ticket` counts the sign-ins of the day at the station from 1; `arrived_at` is aware; `waiting_since` the day since
    which this person has waited for work, as it was known on arrival.
    """

    ticket: int
    arrived_at: datetime
    waiting_since: date
    sign_in_id: int


@dataclass(frozen=True, slots=True)
class DrawnTicket:
    """One line of the published result: the place, the ticket, the text that was hashed and its SHA-256 in hex."""

    place: int
    ticket: int
    text: str
    digest: str


def order_of(
    method: CallingMethod, people: Sequence[Waiting], *, station_code: str, day: date, seed: str = "", tickets: int = 0
) -> list[Waiting]:
    """The people in the order they are called, first one first.

    ARRIVAL: by arrival to the second, as paper shows it, then ticket. ROTATION: who has waited most days first, then so.
    DRAW: the tickets 1 to `tickets` as `drawn` orders them, everybody after them by arrival; while the draw has not been
    held (no `seed` or `tickets` 0) by arrival. Who is left out of `people` moves nobody else past anybody.
    """
    match method:
        case CallingMethod.ROTATION:
            return sorted(people, key=lambda one: (one.waiting_since, one.arrived_at.replace(microsecond=0), one.ticket))
        case CallingMethod.DRAW if seed and tickets > 0:
            took_part = {
                one.sign_in_id: draw_digest(draw_text(station_code, day, seed, tickets, one.ticket))
                for one in people
                if 1 <= one.ticket <= tickets
            }
            first = sorted((one for one in people if one.sign_in_id in took_part), key=lambda one: (took_part[one.sign_in_id], one.ticket))
            return first + _by_arrival([one for one in people if one.sign_in_id not in took_part])
    return _by_arrival(people)


def _by_arrival(people: Sequence[Waiting]) -> list[Waiting]:
    return sorted(people, key=lambda one: (one.arrived_at.replace(microsecond=0), one.ticket))


def draw_text(station_code: str, day: date, seed: str, tickets: int | str, ticket: int | str) -> str:
    """The line whose SHA-256 places a ticket: station|day|seed|number of tickets|ticket; words in their place explain it.

    How many took part is in it, so that somebody who knows the published seed cannot tell which ticket will be first.
    """
    return f"{station_code}|{day.isoformat()}|{seed}|{tickets}|{ticket}"


def draw_digest(text: str) -> str:
    """What `printf '%s' 'text' | sha256sum` prints: the SHA-256 in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def drawn(station_code: str, day: date, seed: str, tickets: int) -> list[DrawnTicket]:
    """The result of a draw among the tickets 1 to `tickets`, first place first: ascending by hash."""
    lines = ((ticket, draw_text(station_code, day, seed, tickets, ticket)) for ticket in range(1, tickets + 1))
    ordered = sorted((draw_digest(text), ticket, text) for ticket, text in lines)
    return [DrawnTicket(place, ticket, text, digest) for place, (digest, ticket, text) in enumerate(ordered, start=1)]


def draw_command(station_code: str, day: date, seed: str, tickets: int) -> str:
    """One line for a shell that prints the whole result of a draw again: hash and ticket, first place first."""
    text = draw_text(station_code, day, seed, tickets, "$n")
    return f'for n in $(seq {tickets}); do echo "$(printf \'%s\' "{text}" | sha256sum | cut -c1-64) $n"; done | sort'


def draw_moment(day: date, draw_at: time) -> datetime:
    """The moment (UTC) at which the tickets of a draw are counted: who has a ticket by then takes part.

    The moment stands in the published rule, not in the hand of whoever presses the button: pressing earlier is refused,
    pressing later draws among the same tickets.
    """
    return datetime.combine(day, draw_at, CHINA).astimezone(UTC)


def check_new_rule(method: CallingMethod, draw_at: time | None, reason: str) -> None:
    """Raises RuleBroken (fields "draw_at", "reason") when a station may not publish this rule."""
    if method is CallingMethod.DRAW:
        if draw_at is None:
            raise RuleBroken("抽签的规则要写明几点抽签，如 06:30。", "draw_at")
        if not EARLIEST_DRAW <= draw_at <= LATEST_DRAW:
            raise RuleBroken("抽签时间要在早上 05:00 到中午 12:00 之间，请改一下。", "draw_at")
    if not SHORTEST_REASON <= len(reason.strip()) <= LONGEST_REASON:
        raise RuleBroken(f"请写明为什么这样定，{SHORTEST_REASON}到{LONGEST_REASON}个字，会写在公布的规则上。", "reason")


def check_first_day(effective_from: date, today: date, *, first: bool, signed_in_today: bool) -> None:
    """Raises RuleBroken (field "effective_from"): the rule of the running day is never changed.

    `first`: the station has published none before; its first one may begin today while nobody has signed in.
    """
    if effective_from > today + FURTHEST_AHEAD:
        raise RuleBroken("施行日期最多定在90天以内，请改近一点。", "effective_from")
    if effective_from > today or (first and effective_from == today and not signed_in_today):
        return
    if first and effective_from == today:
        raise RuleBroken("今天已经有人签到，今天的叫号办法不能再变，请从明天起施行。", "effective_from")
    raise RuleBroken("新规则最早从明天起施行，当天的叫号办法不能变，请改施行日期。", "effective_from")


_ALWAYS = (
    "到站先签到，一天签一次，领当天的号。同一天到过别的驿站，这里照样可以签到。",
    "叫到号就到服务台。不会做、时间不合、本人不去、叫了没来的，跳过要写明原因并记录在案，当天的位置保留。",
    "干完短工当天回来的，回到原来的位置接着等。雇主点名要人的，单独记录，按月公布次数。",
    "顺序由系统按本规则当场算出来，谁也不能改号、插队。不看性别、民族、籍贯，也不收一分钱。",
)


def rule_words(method: CallingMethod, draw_at: time | None) -> tuple[str, ...]:
    """How a rule works, in plain words for the wall: what decides the order, then what holds under every rule."""
    match method:
        case CallingMethod.ROTATION:
            first: tuple[str, ...] = (
                "等活天数多的先叫。等活天数从上一次经驿站派工上岗那天算起，没有派过工的从登记求职那天算起。",
                "天数一样的，先到站的先叫；同一秒到的，号小的先叫。",
            )
        case CallingMethod.DRAW:
            hour = f"{draw_at:%H:%M}" if draw_at else "公布的时间"
            first = (
                f"签到以前，系统先公布一串当天的“种子”。{hour}以前领到号的都参加抽签，{hour}公布结果。",
                "名次这样算：把“驿站编号|日期|种子|参加人数|号”算成SHA-256，谁的结果小谁排前面。",
                "任何人都能拿公示单上的种子和人数自己重算一遍，工作人员挑不了号，也改不了结果。",
                f"{hour}以后到的，排在抽签的人后面，先到先叫。没有事先公布种子的日子，当天按到站先后叫号。",
            )
        case _:
            first = ("先到站签到的先叫；同一秒签到的，号小的先叫。",)
    return first + _ALWAYS
