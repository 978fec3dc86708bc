"""Questions about accounts and sessions."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from db.tables.accounts import Account, Session, SignInFailure, Submission
from rules.permissions import Actor, Role

_ACTOR = (
    Account.id,
    Account.login,
    Account.name,
    Account.role,
    Account.station,
    Account.operator,
    Account.subdistrict,
)


def actor_of(row: dict[str, Any]) -> Actor:
    """The account row as the Actor that actions and the journal know."""
    return Actor(
        id=row["id"],
        name=row["name"],
        role=Role(row["role"]),
        login=row["login"],
        station_id=row["station"],
        operator=row["operator"] or None,
        subdistrict=row["subdistrict"] or None,
    )


async def session_in_force(key: str, now: datetime, idle: timedelta) -> tuple[Actor, datetime] | None:
    """Who holds the session `key` and when it was last seen; None when unknown, idle too long, ended or disabled."""
    row = (
        await Session.select(
            Session.seen_at,
            Session.account.id.as_alias("id"),
            Session.account.login.as_alias("login"),
            Session.account.name.as_alias("name"),
            Session.account.role.as_alias("role"),
            Session.account.station.as_alias("station"),
            Session.account.operator.as_alias("operator"),
            Session.account.subdistrict.as_alias("subdistrict"),
        )
        .where(
            Session.key == key,
            Session.expires_at > now,
            Session.seen_at > now - idle,
            Session.account.active.eq(True),
        )
        .first()
    )
    return (actor_of(row), row["seen_at"]) if row else None


async def account_named(login: str) -> dict[str, Any] | None:
    """The account with this sign-in name, with its password hash; None when there is none."""
    return await Account.select(*_ACTOR, Account.password_hash, Account.active).where(Account.login == login).first()


async def account_with_id(account_id: int) -> dict[str, Any] | None:
    """The account row by id, with its password hash."""
    return await Account.select(*_ACTOR, Account.password_hash, Account.active).where(Account.id == account_id).first()


async def failures_since(keys: list[str], since: datetime) -> int:
    """How many refused sign-ins lie under the worst of `keys` since then."""
    worst = 0
    for key in keys:
        worst = max(worst, await SignInFailure.count().where(SignInFailure.key == key, SignInFailure.at > since))
    return worst


async def earlier_location(token: str) -> str | None:
    """Where the form with this token was sent on to, if it was accepted before."""
    row = await Submission.select(Submission.location).where(Submission.token == token).first()
    return row["location"] if row else None


async def actor_with_login(login: str) -> Actor:
    """The account as an Actor, for seeds and command-line work. Raises LookupError when there is none."""
    row = await account_named(login)
    if row is None:
        raise LookupError(login)
    return actor_of(row)
