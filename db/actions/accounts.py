"""Signing in and out, passwords, and forms that were accepted once."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from db.actions.journal import record
from db.clock import now
from db.passwords import hash_password, password_matches
from db.queries import accounts as queries
from db.tables.accounts import Account, Session, SignInFailure, Submission
from db.transaction import action
from db.vault import vault
from rules.errors import RuleBroken
from rules.journal import EventKind
from rules.passwords import check_password
from rules.permissions import Actor, Role

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
TOUCH = timedelta(minutes=2)
FAILURE_WINDOW = timedelta(minutes=5)
FAILURES_PER_NAME = 10
FAILURES_PER_ADDRESS = 50


class TooManyTries(Exception):
    """The name or the address was refused too often; nothing is looked at before the window is over."""


def session_key(token: str) -> str:
    """What the table keeps of a cookie: a stolen table opens nothing."""
    return hashlib.sha256(token.encode()).hexdigest()


@action
async def _open_session(account_id: int, actor: Actor, old_key: str | None) -> str:
    token = secrets.token_urlsafe(32)
    moment = now()
    if old_key:
        await Session.delete().where(Session.key == old_key)
    await Session.delete().where(Session.expires_at < moment)
    await Session.insert(
        Session(
            key=session_key(token),
            account=account_id,
            created_at=moment,
            seen_at=moment,
            expires_at=moment + ABSOLUTE,
        )
    )
    await record(EventKind.SIGNED_IN, subject="account", subject_id=account_id, actor=actor, station_id=actor.station_id)
    return token


@action
async def _note_failure(keys: list[str]) -> None:
    moment = now()
    await SignInFailure.delete().where(SignInFailure.at < moment - timedelta(days=1))
    for key in keys:
        await SignInFailure.insert(SignInFailure(key=key, at=moment))


async def sign_in(login: str, password: str, *, address: str, old_key: str | None) -> str:
    """Check name and password and open a session with a new id; gives the cookie token.

    Raises TooManyTries, or RuleBroken with one sentence that fits a wrong name and a wrong password alike.
    The password is hashed outside the transaction: 30 ms of work must not hold the writer.
    """
    name_key = vault().index("sign-in", login.lower())
    address_key = vault().index("sign-in-address", address or "unknown")
    since = now() - FAILURE_WINDOW
    if (
        await queries.failures_since([name_key], since) >= FAILURES_PER_NAME
        or await queries.failures_since([address_key], since) >= FAILURES_PER_ADDRESS
    ):
        raise TooManyTries
    account = await queries.account_named(login.lower())
    usable = account["password_hash"] if account and account["active"] else None
    if not await password_matches(usable, password):
        await _note_failure([name_key, address_key])
        raise RuleBroken("登录名或密码不对，请检查大小写后再试一次。")
    assert account is not None
    return await _open_session(account["id"], queries.actor_of(account), old_key)


@action
async def sign_out(key: str, *, actor: Actor) -> None:
    """End this session at once."""
    await Session.delete().where(Session.key == key)
    await record(EventKind.SIGNED_OUT, subject="account", subject_id=actor.id, actor=actor, station_id=actor.station_id)


@action
async def touch_session(key: str, moment: datetime) -> None:
    """Note that the session is still in use; called at most every two minutes."""
    await Session.update({Session.seen_at: moment}).where(Session.key == key)


@action
async def _store_password(password_hash: str, key: str, *, actor: Actor) -> None:
    await Account.update({Account.password_hash: password_hash, Account.password_changed_at: now()}).where(Account.id == actor.id)
    await Session.delete().where(Session.account == actor.id, Session.key != key)
    await record(EventKind.PASSWORD_CHANGED, subject="account", subject_id=actor.id, actor=actor, station_id=actor.station_id)


async def change_password(old: str, new: str, *, key: str, actor: Actor) -> None:
    """Set a new password and end every other session of the account. RuleBroken names the field."""
    account = await queries.account_with_id(actor.id)
    if not await password_matches(account["password_hash"] if account else None, old):
        raise RuleBroken("现在的密码不对，请再输一次。", "old_password")
    check_password(new, login=actor.login)
    await _store_password(await hash_password(new), key, actor=actor)


async def create_account(
    *,
    login: str,
    name: str,
    role: Role,
    password: str,
    work_no: str = "",
    station_id: int | None = None,
    operator: str = "",
    subdistrict: str = "",
    actor: Actor | None,
) -> int:
    """A new account with its role and reach; gives its id. Used by set-up and seeds; `actor` None is the system."""
    return await _insert_account(
        Account(
            login=login.lower(),
            name=name,
            work_no=work_no,
            role=role.value,
            password_hash=await hash_password(password),
            station=station_id,
            operator=operator,
            subdistrict=subdistrict,
            created_at=now(),
            password_changed_at=now(),
        ),
        actor=actor,
    )


@action
async def _insert_account(account: Account, *, actor: Actor | None) -> int:
    await Account.insert(account)
    await record(
        EventKind.ACCOUNT_CREATED,
        subject="account",
        subject_id=account.id,
        actor=actor,
        station_id=account.station,
        role=account.role,
        login=account.login,
    )
    return account.id


@action
async def remember_submission(token: str, location: str, *, actor: Actor | None) -> None:
    """Keep where an accepted form led, in the same transaction as what it did. A repeated token is a unique violation."""
    await Submission.insert(Submission(token=token, account=actor.id if actor else None, location=location, at=now()))
