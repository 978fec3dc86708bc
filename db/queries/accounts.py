"""Questions about accounts and sessions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from piccolo.columns.combination import WhereRaw

from db.paging import DESK_ROWS, Page, page_of, place
from db.queries.scope import within
from db.tables.accounts import Account, RecoveryCode, Session, SignInFailure, Submission
from db.tables.journal import JournalEntry
from db.vault import vault
from rules.journal import EventKind
from rules.permissions import PUBLIC_ROLES, Actor, Role, Scope
from rules.sessions import Standing, is_over

_PUBLIC = [role.value for role in sorted(PUBLIC_ROLES)]

_ACTOR = (
    Account.id,
    Account.login,
    Account.name,
    Account.role,
    Account.station,
    Account.operator,
    Account.subdistrict,
    Account.seeker,
    Account.employer,
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
        seeker_id=row["seeker"],
        employer_id=row["employer"],
        station_name=row.get("station_name") or "",
    )


@dataclass(frozen=True, slots=True)
class SessionInForce:
    """A session that has not ended: who holds it, and what is known of it. It may be unfinished or locked."""

    actor: Actor
    standing: Standing


# Asked before every page of a signed-in person: written out, because putting it together takes longer than answering it.
_IN_FORCE = """SELECT session.seen_at AS seen_at, session.second_factor_at AS second_factor_at, session.locked_at AS locked_at,
session.confirmed_at AS confirmed_at, account.id AS id, account.name AS name, account.role AS role, account.login AS login,
account.station AS station, account.operator AS operator, account.subdistrict AS subdistrict, account.seeker AS seeker,
account.employer AS employer, station.name AS station_name, account.totp_since AS totp_since,
account.password_expires_at AS password_expires_at, account.commitment_version AS commitment_version
FROM session JOIN account ON account.id = session.account LEFT JOIN station ON station.id = account.station
WHERE session.key = {} AND session.expires_at > {} AND account.active = {}"""


async def session_in_force(key: str, now: datetime) -> SessionInForce | None:
    """The session `key`; None when unknown, idle for longer than its role may be, ended, or its account disabled."""
    rows = await Session.raw(_IN_FORCE, key, now, True)
    row = rows[0] if rows else None
    if row is None:
        return None
    standing = _standing(row)
    return None if is_over(standing, now, unfinished=False) else SessionInForce(actor_of(row), standing)


def _standing(row: dict[str, Any]) -> Standing:
    return Standing(
        role=Role(row["role"]),
        seen_at=row["seen_at"],
        second_factor_at=row["second_factor_at"],
        locked_at=row["locked_at"],
        confirmed_at=row["confirmed_at"],
        enrolled=row["totp_since"] is not None,
        initial_password=row["password_expires_at"] is not None,
        commitment_version=row["commitment_version"],
    )


async def sessions_of(account_id: int, now: datetime) -> list[dict[str, Any]]:
    """The sessions of an account that have not reached their end, the one used last first."""
    return (
        await Session.select(Session.key, Session.created_at, Session.seen_at, Session.expires_at)
        .where(Session.account == account_id, Session.expires_at > now)
        .order_by(Session.seen_at, ascending=False)
        .limit(50)
    )


async def security_of(account_id: int) -> dict[str, Any]:
    """What one's own page says of one's account: work number, authenticator, commitment, password, station's name."""
    row = (
        await Account.select(
            Account.id,
            Account.name,
            Account.login,
            Account.role,
            Account.work_no,
            Account.station,
            Account.operator,
            Account.subdistrict,
            Account.totp_since,
            Account.committed_at,
            Account.commitment_version,
            Account.password_changed_at,
            Account.password_expires_at,
            Account.station.name.as_alias("station_name"),
        )
        .where(Account.id == account_id)
        .first()
    )
    if row is None:
        raise LookupError(account_id)
    return row


async def opened_totp(account_id: int) -> str:
    """The secret of the account's authenticator; "" while none is set up."""
    row = await Account.select(Account.totp_secret, Account.totp_since).where(Account.id == account_id).first()
    if row is None or row["totp_since"] is None:
        return ""
    return vault().open("account.totp_secret", account_id, row["totp_secret"])


async def unused_codes(account_id: int) -> list[dict[str, Any]]:
    """The recovery codes that are still good: id and hash."""
    return (
        await RecoveryCode.select(RecoveryCode.id, RecoveryCode.code_hash)
        .where(RecoveryCode.account == account_id, RecoveryCode.used_at.is_null())
        .order_by(RecoveryCode.id)
    )


async def codes_left(account_id: int) -> int:
    """How many recovery codes are still good."""
    return await RecoveryCode.count().where(RecoveryCode.account == account_id, RecoveryCode.used_at.is_null())


async def latest_reset(account_id: int, kind: EventKind) -> dict[str, Any] | None:
    """When and by whom this account's password or authenticator was last reset: (at, signed_name), for its owner to see."""
    return (
        await JournalEntry.select(JournalEntry.at, JournalEntry.signed_name)
        .where(JournalEntry.subject == "account", JournalEntry.subject_id == account_id, JournalEntry.kind == kind.value)
        .order_by(JournalEntry.id, ascending=False)
        .first()
    )


_LISTED = (
    Account.id,
    Account.login,
    Account.name,
    Account.work_no,
    Account.role,
    Account.station,
    Account.operator,
    Account.subdistrict,
    Account.active,
    Account.created_at,
    Account.password_expires_at,
    Account.totp_since,
    Account.committed_at,
)


_FOUND_BY = """("account"."name" LIKE {} ESCAPE '!' OR "account"."login" LIKE {} ESCAPE '!' OR "account"."work_no" LIKE {} ESCAPE '!')"""


async def accounts_in(scope: Scope, *, word: str = "", role: Role | None = None, active: bool | None = None, after: str = "") -> Page:
    """The desk accounts in the asker's reach by sign-in name; never a password hash, never a worker's or employer's.

    `word` is found in name, sign-in name and work number.
    """
    query = (
        Account.select(*_LISTED, Account.station.name.as_alias("station_name"))
        .where(within(scope, Account.station), Account.role.not_in(_PUBLIC))
        .order_by(Account.login)
        .limit(DESK_ROWS + 1)
    )
    if word:
        matching = f"%{word.replace('!', '!!').replace('%', '!%').replace('_', '!_')}%"
        query = query.where(WhereRaw(_FOUND_BY, matching, matching.lower(), matching))
    if role is not None:
        query = query.where(Account.role == role.value)
    if active is not None:
        query = query.where(Account.active.eq(active))
    if start := place(after, (str,)):
        query = query.where(Account.login > start[0])
    return page_of(await query, DESK_ROWS, "login")


async def account_in(scope: Scope, account_id: int) -> dict[str, Any] | None:
    """The desk account when it lies in the asker's reach; None otherwise."""
    return (
        await Account.select(*_LISTED, Account.station.name.as_alias("station_name"))
        .where(within(scope, Account.station), Account.role.not_in(_PUBLIC), Account.id == account_id)
        .first()
    )


async def holder_of_work_no(
    work_no: str, *, station_id: int | None, subdistrict: str, operator: str, besides: int = 0
) -> dict[str, Any] | None:
    """The desk account that has this work number at the same station (or office), whether in use or not."""
    return (
        await Account.select(Account.id, Account.login, Account.name)
        .where(
            Account.work_no == work_no,
            Account.station == station_id if station_id is not None else Account.station.is_null(),
            Account.subdistrict == subdistrict,
            Account.operator == operator,
            Account.role.not_in(_PUBLIC),
            Account.id != besides,
        )
        .first()
    )


async def managers_in_use(station_id: int, *, besides: int) -> int:
    """How many managers of the station can sign in, apart from this account."""
    return await Account.count().where(
        Account.station == station_id, Account.role == Role.MANAGER.value, Account.active.eq(True), Account.id != besides
    )


async def account_named(login: str) -> dict[str, Any] | None:
    """The account with this sign-in name, with its password hash; None when there is none."""
    return (
        await Account.select(*_ACTOR, Account.password_hash, Account.password_expires_at, Account.active)
        .where(Account.login == login)
        .first()
    )


async def account_with_id(account_id: int) -> dict[str, Any] | None:
    """The account row by id, with its password hash."""
    return (
        await Account.select(*_ACTOR, Account.password_hash, Account.password_expires_at, Account.active)
        .where(Account.id == account_id)
        .first()
    )


async def actor_of_seeker(seeker_id: int) -> Actor | None:
    """The account with which this seeker signs in; None when there is none yet."""
    row = await Account.select(*_ACTOR).where(Account.seeker == seeker_id, Account.active.eq(True)).first()
    return actor_of(row) if row else None


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
