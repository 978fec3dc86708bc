"""Signing in and out, passwords, and forms that were accepted once."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from db.actions.journal import record
from db.clock import now
from db.passwords import hash_password, password_matches
from db.queries import accounts as queries
from db.tables.accounts import Account, Session, SignInFailure, Submission
from db.transaction import action
from db.vault import vault
from rules.commitment import check_signature, commitment
from rules.errors import RuleBroken
from rules.journal import EventKind
from rules.passwords import check_password
from rules.permissions import PUBLIC_ROLES, Actor, Role
from rules.sessions import DESK, lifetime

IDLE = DESK.idle
ABSOLUTE = DESK.absolute
TOUCH = timedelta(seconds=30)
FAILURE_WINDOW = timedelta(minutes=5)
FAILURES_PER_NAME = 10
FAILURES_PER_ADDRESS = 50


class TooManyTries(Exception):
    """The name or the address was refused too often; nothing is looked at before the window is over."""


def session_key(token: str) -> str:
    """What the table keeps of a cookie: a stolen table opens nothing."""
    return hashlib.sha256(token.encode()).hexdigest()


@action
async def open_session(actor: Actor, *, old_key: str | None, kind: EventKind = EventKind.SIGNED_IN, device: int | None = None) -> str:
    """Open a session with a new id for as long as the role's may last; gives the cookie token.

    `kind` is SIGN_IN_BEGUN while a second factor is still to come. The password was just given, so it counts as confirmed.
    """
    token = secrets.token_urlsafe(32)
    moment = now()
    if old_key:
        await Session.delete().where(Session.key == old_key)
    await Session.delete().where(Session.expires_at < moment)
    await Session.insert(
        Session(
            key=session_key(token),
            account=actor.id,
            device=device,
            confirmed_at=moment,
            created_at=moment,
            seen_at=moment,
            expires_at=moment + lifetime(actor.role).absolute,
        )
    )
    await record(kind, subject="account", subject_id=actor.id, actor=actor, station_id=actor.station_id)
    return token


@action
async def _note_failure(name_key: str, address_key: str, account: dict[str, Any] | None) -> None:
    """Count a refused password; the one that reaches the limit is noted in the journal, whether the name is known or not."""
    moment = now()
    await SignInFailure.delete().where(SignInFailure.at < moment - timedelta(days=1))
    await SignInFailure.insert(SignInFailure(key=name_key, at=moment), SignInFailure(key=address_key, at=moment))
    if await queries.failures_since([name_key], moment - FAILURE_WINDOW) == FAILURES_PER_NAME:
        await record(
            EventKind.SIGN_IN_LOCKED,
            subject="account",
            subject_id=account["id"] if account else 0,
            actor=None,
            station_id=account["station"] if account else None,
        )


async def _check_password(account: dict[str, Any] | None, login: str, password: str, *, address: str) -> bool:
    """Whether the password is right. TooManyTries while name or address wait; a wrong one is counted under both.

    The password is hashed outside the transaction: 30 ms of work must not hold the writer. A worker or employer has no
    password here: theirs are asked by their own pages, with their own limits.
    """
    name_key = vault().index("sign-in", login)
    address_key = vault().index("sign-in-address", address or "unknown")
    since = now() - FAILURE_WINDOW
    if (
        await queries.failures_since([name_key], since) >= FAILURES_PER_NAME
        or await queries.failures_since([address_key], since) >= FAILURES_PER_ADDRESS
    ):
        raise TooManyTries
    ours = account if account and account["active"] and Role(account["role"]) not in PUBLIC_ROLES else None
    if await password_matches(ours["password_hash"] if ours else None, password):
        return True
    await _note_failure(name_key, address_key, account)
    return False


async def sign_in(login: str, password: str, *, address: str, old_key: str | None, second_factor: bool = False) -> str:
    """Check name and password and open a session with a new id; gives the cookie token.

    With `second_factor` the sign-in has only begun: the session opens nothing until the steps of rules/sessions.py are done.
    Raises TooManyTries, or RuleBroken with one sentence that fits a wrong name and a wrong password alike.
    """
    account = await queries.account_named(login.lower())
    if not await _check_password(account, login.lower(), password, address=address):
        raise RuleBroken("登录名或密码不对，请检查大小写后再试一次。")
    assert account is not None
    if account["password_expires_at"] is not None and account["password_expires_at"] <= now():
        raise RuleBroken("初始密码已经过期，请找给您开账号的人重置密码。")
    kind = EventKind.SIGN_IN_BEGUN if second_factor else EventKind.SIGNED_IN
    return await open_session(queries.actor_of(account), old_key=old_key, kind=kind)


async def confirm_password(password: str, *, key: str, actor: Actor, address: str) -> None:
    """The person gave the password again: for ten minutes this session may do what is sensitive.

    Raises TooManyTries, or RuleBroken on `own_password`; wrong ones count like refused sign-ins.
    """
    await _check_own(password, actor, address)
    await _note_given(EventKind.PASSWORD_CONFIRMED, {Session.confirmed_at: now()}, key, actor=actor)


async def unlock(password: str, *, key: str, actor: Actor, address: str) -> None:
    """Open a locked desk with its holder's password. Raises as `confirm_password`."""
    await _check_own(password, actor, address)
    await _note_given(EventKind.DESK_UNLOCKED, {Session.locked_at: None, Session.seen_at: now()}, key, actor=actor)


async def _check_own(password: str, actor: Actor, address: str) -> None:
    account = await queries.account_with_id(actor.id)
    if not await _check_password(account, actor.login, password, address=address):
        raise RuleBroken("密码不对，请再输一次。", "own_password")


@action
async def _note_given(kind: EventKind, values: dict[Any, Any], key: str, *, actor: Actor) -> None:
    await Session.update(values).where(Session.key == key)
    await record(kind, subject="account", subject_id=actor.id, actor=actor, station_id=actor.station_id)


@action
async def lock(key: str, *, actor: Actor) -> None:
    """Lock the desk now: an open page saw that nobody sits at it."""
    await Session.update({Session.locked_at: now()}).where(Session.key == key, Session.locked_at.is_null())
    await record(EventKind.DESK_LOCKED, subject="account", subject_id=actor.id, actor=actor, station_id=actor.station_id)


@action
async def sign_out(key: str, *, actor: Actor) -> None:
    """End this session at once."""
    await Session.delete().where(Session.key == key)
    await record(EventKind.SIGNED_OUT, subject="account", subject_id=actor.id, actor=actor, station_id=actor.station_id)


@action
async def end_sessions(keys: list[str], *, actor: Actor) -> None:
    """End these sessions of one's own account; without any nothing happens."""
    if not keys:
        return
    await Session.delete().where(Session.account == actor.id, Session.key.is_in(keys))
    await record(
        EventKind.SESSIONS_ENDED, subject="account", subject_id=actor.id, actor=actor, station_id=actor.station_id, count=len(keys)
    )


@action
async def touch_session(key: str, moment: datetime) -> None:
    """Note that the session is still in use; called at most every half minute, so that the lock comes when it should."""
    await Session.update({Session.seen_at: moment}).where(Session.key == key)


@action
async def sign_commitment(signed_name: str, *, actor: Actor) -> None:
    """The person signs the confidentiality commitment in force by typing the own name. RuleBroken on `signed_name`."""
    check_signature(signed_name, actor.name)
    text = commitment()
    await Account.update({Account.committed_at: now(), Account.commitment_version: text.version}).where(Account.id == actor.id)
    await record(
        EventKind.COMMITMENT_SIGNED,
        subject="account",
        subject_id=actor.id,
        actor=actor,
        station_id=actor.station_id,
        version=text.version,
        wording=text.fingerprint[:16],
    )


@action
async def _store_password(password_hash: str, key: str, *, actor: Actor) -> None:
    values: dict[Any, Any] = {
        Account.password_hash: password_hash,
        Account.password_changed_at: now(),
        Account.password_expires_at: None,
    }
    await Account.update(values).where(Account.id == actor.id)
    await Session.delete().where(Session.account == actor.id, Session.key != key)
    await record(EventKind.PASSWORD_CHANGED, subject="account", subject_id=actor.id, actor=actor, station_id=actor.station_id)


async def change_password(old: str, new: str, *, key: str, actor: Actor) -> None:
    """Set a new password and end every other session of the account. RuleBroken names the field."""
    account = await queries.account_with_id(actor.id)
    if not await password_matches(account["password_hash"] if account else None, old):
        raise RuleBroken("现在的密码不对，请再输一次。", "old_password")
    if new == old:
        raise RuleBroken("新密码和现在的一样，请换一个。", "new_password")
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
