"""The district as one pool (art. 10 余缺调剂; domain reference 9, rule 7): which station does what for a referral across stations."""

from __future__ import annotations

from rules.errors import RuleBroken
from rules.permissions import PUBLIC_ROLES, Actor


def asks_worker(station_id: int | None, post_station: int, seeker_station: int | None) -> bool:
    """Whether this station keeps the worker's record, and so speaks with the worker."""
    return station_id == (seeker_station or post_station)


def check_asks_worker(actor: Actor, post_station: int, seeker_station: int | None) -> None:
    """The worker's answer is written down by the worker, or by the station that keeps the record. Raises RuleBroken."""
    if actor.role not in PUBLIC_ROLES and not asks_worker(actor.station_id, post_station, seeker_station):
        raise RuleBroken("这位零工在别的驿站登记，去不去由那个驿站或者本人答复，请等一等或者打电话问。")


def check_asks_employer(actor: Actor, post_station: int) -> None:
    """The employer's answer, and how it ended, is written down by the station that keeps the post. Raises RuleBroken."""
    if actor.role not in PUBLIC_ROLES and actor.station_id != post_station:
        raise RuleBroken("这个岗位在别的驿站登记，雇主要不要由那个驿站答复，请等一等或者打电话问。")


def check_pair(actor: Actor, post_station: int, seeker_station: int) -> None:
    """A station proposes its own people for any post of the district, and anybody for its own posts. Raises RuleBroken."""
    if actor.station_id not in (post_station, seeker_station):
        raise RuleBroken("没有找到这位求职者，请核对编号。", "seeker")
