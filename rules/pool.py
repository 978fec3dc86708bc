"""The district as one pool (art. 10 余缺调剂; domain reference 9, rule 7): which station does what for a referral across stations."""

from __future__ import annotations

from rules.errors import RuleBroken
from rules.permissions import PUBLIC_ROLES, Actor


def asks_worker(station_id: int | None, post_station: int, seeker_station: int | None) -> bool:
    """Whether this station keeps the worker's record, and so speaks with the worker."""
    return station_id == (seeker_station or post_station)


def check_asks_worker(actor: Actor, post_station: int, seeker_station: int | None, *, present: bool = False) -> None:
    """The worker's answer is written down by the worker, or by the station that keeps the record. Raises RuleBroken.

    `present`: the worker signed in at the actor's station today and stands at its counter, so he is asked there.
    """
    if actor.role not in PUBLIC_ROLES and not present and not asks_worker(actor.station_id, post_station, seeker_station):
        raise RuleBroken("这位零工在别的驿站登记，去不去由那个驿站或者本人答复，请等一等或者打电话问。")


def asks_employer(station_id: int | None, post_station: int, taken_by_station: int | None = None) -> bool:
    """Whether this station speaks with the employer: it keeps the post, or it took the order (接单)."""
    return station_id is not None and station_id in (post_station, taken_by_station)


def check_asks_employer(actor: Actor, post_station: int, taken_by_station: int | None = None) -> None:
    """The employer's answer, and how it ended, is written down by the station that keeps the post, or that took the order.

    Raises RuleBroken.
    """
    if actor.role not in PUBLIC_ROLES and not asks_employer(actor.station_id, post_station, taken_by_station):
        raise RuleBroken("这个岗位在别的驿站登记，雇主要不要由那个驿站答复，请等一等或者打电话问。")


def check_pair(actor: Actor, post_station: int, seeker_station: int, *, present: bool = False, taken_by_station: int | None = None) -> None:
    """A station proposes its own people, and who is `present` at its counter, for any post of the district, and anybody for
    its own posts and those it took the order of. Raises RuleBroken."""
    if not present and actor.station_id not in (post_station, seeker_station, taken_by_station):
        raise RuleBroken("没有找到这位求职者，请核对编号。", "seeker")
