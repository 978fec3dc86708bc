"""Taking orders (接单, domain reference 3.5, art. 10): how far a published demand rings, until when it is to be done, what ends it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from rules.codes import JobState, OrderRing, OrderShortfall, OrderState
from rules.errors import RuleBroken
from rules.permissions import Actor, Role

NEIGHBOURS_AFTER = timedelta(minutes=30)
"""How long a demand is its own station's alone. [design]"""

DISTRICT_AFTER = timedelta(hours=2)
"""How long after its publication a demand that is not filled is open to every station of the district. [design]"""

HANDLED_WITHIN = timedelta(hours=24)
"""How long whoever took a demand has for it; then it goes back and the manager is told. [design] (3.5)"""

RUNNING = frozenset({JobState.PUBLISHED, JobState.PAUSED})
"""States of a post in which somebody can be taking care of it; with any other its order is closed."""


def ring_of(published_at: datetime, now: datetime) -> OrderRing:
    """How far a demand that nobody has taken has come by now."""
    waited = now - published_at
    if waited >= DISTRICT_AFTER:
        return OrderRing.DISTRICT
    return OrderRing.NEIGHBOURS if waited >= NEIGHBOURS_AFTER else OrderRing.OWN


def ring_for(station_id: int, post_station: int, neighbours: Collection[int], published_at: datetime, now: datetime) -> OrderRing | None:
    """As what the demand of `post_station` reaches this station by now; None when it does not yet.

    `neighbours`: the stations its demands come to before the whole district.
    """
    if station_id == post_station:
        return OrderRing.OWN
    reached = ring_of(published_at, now)
    if reached is not OrderRing.OWN and station_id in neighbours:
        return OrderRing.NEIGHBOURS
    return OrderRing.DISTRICT if reached is OrderRing.DISTRICT else None


def order_in_effect(state: OrderState, deadline: datetime, job_state: JobState, places_left: int, now: datetime) -> OrderState:
    """The state of a take as it counts now: the end of its post closes it, its deadline sends it back unless nothing is left to do."""
    if state is not OrderState.TAKEN:
        return state
    if job_state not in RUNNING:
        return OrderState.CLOSED
    if deadline > now:
        return state
    return OrderState.RETURNED if places_left > 0 else OrderState.HANDLED


def left_text(deadline: datetime, now: datetime) -> str:
    """还剩 3 小时 20 分, to the minute; 已超过 2 小时 after the deadline."""
    seconds = int((deadline - now).total_seconds())
    hours, minutes = divmod(abs(seconds) // 60, 60)
    said = f"{hours}小时{minutes}分" if hours and minutes else f"{hours}小时" if hours else f"{minutes}分钟"
    return f"还剩{said}" if seconds >= 0 else f"已超过{said}"


@dataclass(frozen=True, slots=True)
class Take:
    """A live take, as far as the rules ask: who took it, at which station."""

    taken_by: int
    name: str
    station_id: int


def check_takes(live: Take | None, when: str, actor: Actor) -> None:
    """One person takes care of a demand at a time. Raises RuleBroken, which names who was faster; `when`: the hour."""
    if live is None:
        return
    if live.taken_by == actor.id:
        raise RuleBroken(f"这个需求您{when}已经接了，请接着办。")
    raise RuleBroken(f"这个需求{when}被{live.name}先接了，由他办理。请接别的需求。")


def check_in_hand(live: Take | None, actor: Actor) -> None:
    """Only who took it, or the manager of that station, goes on with it. Raises RuleBroken."""
    if live is None:
        raise RuleBroken("这个需求现在没有人接着办，要办请先接单。")
    manages = actor.role is Role.MANAGER and actor.station_id == live.station_id
    if live.taken_by != actor.id and not manages:
        raise RuleBroken(f"这个需求是{live.name}接的，请他本人或者那个驿站的负责人来办。")


def handled_reason(places_left: int, shortfall: OrderShortfall | None, note: str) -> str:
    """Why it is done, as it is kept: "" when every place is promised. Raises RuleBroken without a reason where one is needed."""
    if places_left <= 0:
        return ""
    if shortfall is None:
        raise RuleBroken(f"还有{places_left}个名额没有答应人，请选择为什么先办到这里；只是本站没有合适的人，请点“交回”。", "shortfall")
    said = " ".join(note.split())
    if shortfall is OrderShortfall.OTHER and not said:
        raise RuleBroken("选了“其他”的，请写明原因。", "note")
    return f"{shortfall.label}：{said}" if said else shortfall.label
