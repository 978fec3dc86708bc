"""How long a sign-in lasts, when the desk locks itself, and what a sign-in still lacks (domain reference 9 rule 4, art. 18)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from rules.permissions import PUBLIC_ROLES, Role

LOCK_AFTER = timedelta(minutes=10)
"""Domain reference 9 rule 4: the screen of a desk that nobody used for ten minutes shows no personal data (art. 18)."""

CONFIRMED_FOR = timedelta(minutes=10)
"""How long a password that was given again opens sensitive steps: revealing, exporting, changing accounts."""

UNFINISHED_FOR = timedelta(minutes=15)
"""How long a sign-in may wait between its steps: time to read the commitment and to set up an authenticator."""

INITIAL_PASSWORD_FOR = timedelta(hours=24)
"""An initial password travels from hand to hand, so it is worth something for one day only."""

FEW_CODES = 3
"""With so many recovery codes left, or fewer, the person is told to make new ones."""


class Step(StrEnum):
    """What a sign-in still lacks; the value is the last part of its page's address under /sign-in."""

    CODE = "code"
    PASSWORD = "password"  # noqa: S105
    COMMITMENT = "commitment"
    SECOND_FACTOR = "second-factor"


@dataclass(frozen=True, slots=True)
class Lifetime:
    """When a session ends: unused for `idle`, or `absolute` after it began."""

    idle: timedelta
    absolute: timedelta


DESK = Lifetime(timedelta(minutes=30), timedelta(hours=12))
_LIFETIMES = {
    Role.DISTRICT: Lifetime(timedelta(minutes=15), timedelta(hours=8)),
    Role.ADMIN: Lifetime(timedelta(minutes=15), timedelta(hours=8)),
    Role.WORKER: Lifetime(timedelta(days=7), timedelta(days=30)),
    Role.EMPLOYER: Lifetime(timedelta(hours=12), timedelta(days=7)),
}
"""Who reaches the whole district is signed in for a shorter time; a worker's enrolled phone keeps its owner for longer, and
an employer, whose own posts are all that opens, for a working day at a time."""


def lifetime(role: Role) -> Lifetime:
    """How long a session of this role lasts."""
    return _LIFETIMES.get(role, DESK)


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a session and its account when a request arrives."""

    role: Role
    seen_at: datetime
    second_factor_at: datetime | None
    locked_at: datetime | None
    confirmed_at: datetime | None
    enrolled: bool
    initial_password: bool
    commitment_version: str


def next_step(standing: Standing, *, second_factor: bool, commitment: str) -> Step | None:
    """What this sign-in lacks next; None when it is complete. Workers have no steps; employers only change an initial password.

    An authenticator that is set up is asked first, so that a password somebody reset opens nothing by itself;
    `second_factor` is whether this installation asks for one, `commitment` the version in force.
    """
    if standing.role is Role.EMPLOYER and standing.initial_password:
        return Step.PASSWORD
    if standing.role in PUBLIC_ROLES:
        return None
    if second_factor and standing.enrolled and standing.second_factor_at is None:
        return Step.CODE
    if standing.initial_password:
        return Step.PASSWORD
    if standing.commitment_version != commitment:
        return Step.COMMITMENT
    if second_factor and not standing.enrolled:
        return Step.SECOND_FACTOR
    return None


def is_locked(standing: Standing, now: datetime) -> bool:
    """Whether the desk has locked itself: nobody asked for anything for ten minutes. Only desks lock."""
    return standing.role not in PUBLIC_ROLES and (standing.locked_at is not None or now - standing.seen_at > LOCK_AFTER)


def is_over(standing: Standing, now: datetime, *, unfinished: bool) -> bool:
    """Whether nobody used the session for so long that it has ended; an unfinished sign-in waits less."""
    return now - standing.seen_at >= (UNFINISHED_FOR if unfinished else lifetime(standing.role).idle)


def is_confirmed(confirmed_at: datetime | None, now: datetime) -> bool:
    """Whether the password was given again lately enough for something sensitive."""
    return confirmed_at is not None and now - confirmed_at <= CONFIRMED_FOR
