"""The second step of signing in: one-time passwords, recovery codes, setting up and resetting an authenticator."""

from __future__ import annotations

import asyncio
import secrets
from datetime import datetime, timedelta
from typing import Any

from db.actions.accounts import TooManyTries, session_key
from db.actions.journal import record
from db.clock import now
from db.passwords import hash_password, password_matches
from db.queries import accounts as queries
from db.second_factor import as_typed, is_totp, matching_step, new_recovery_codes, pending_secret
from db.tables.accounts import Account, RecoveryCode, Session, SignInFailure
from db.transaction import action
from db.vault import vault
from rules.errors import RuleBroken
from rules.journal import EventKind
from rules.permissions import Actor
from rules.sessions import FEW_CODES

LIMITS = ((timedelta(minutes=5), 5), (timedelta(hours=1), 20))
"""Tries an account may have within each span: of a million codes three are right at a time, so guessing stays hopeless."""

WRONG = "动态口令不对、过期了或者已经用过。请等手机上换出新的一组，再输一次；手机时间要设成自动。"


@action
async def _claim_try(actor: Actor) -> int:
    """Count a try before it is looked at, so that many at once gain nothing; gives its id. TooManyTries at a limit."""
    moment, key = now(), vault().index("second-factor", str(actor.id))
    for span, most in LIMITS:
        if await queries.failures_since([key], moment - span) >= most:
            raise TooManyTries
    tried = SignInFailure(key=key, at=moment)
    await SignInFailure.insert(tried)
    if await queries.failures_since([key], moment - LIMITS[0][0]) == LIMITS[0][1]:
        await record(EventKind.SIGN_IN_LOCKED, subject="account", subject_id=actor.id, actor=None, station_id=actor.station_id)
    return tried.id


async def give_second_factor(typed: str, *, key: str, actor: Actor) -> str:
    """Take a code of the authenticator or a recovery code; gives the new cookie token of the session.

    Raises TooManyTries, or RuleBroken on `one_time_password`: wrong, too old, or used before.
    """
    typed = as_typed(typed)
    tried = await _claim_try(actor)
    if is_totp(typed):
        step = matching_step(await queries.opened_totp(actor.id), typed, now())
        token = await _accept_step(step, key, tried, actor=actor) if step else None
    else:
        code = await _matching_code(actor.id, typed)
        token = await _accept_code(code, key, tried, actor=actor) if code else None
    if token is None:
        raise RuleBroken(WRONG if is_totp(typed) else "备用码不对或者已经用过，请换一个。", "one_time_password")
    return token


@action
async def _accept_step(step: int, key: str, tried: int, *, actor: Actor) -> str | None:
    """One UPDATE decides which of two equal codes came first: a step counts once and never goes back."""
    won = await Account.update({Account.totp_step: step}).where(Account.id == actor.id, Account.totp_step < step).returning(Account.id)
    return await _complete(key, tried, "动态口令", actor=actor) if won else None


@action
async def _accept_code(code_id: int, key: str, tried: int, *, actor: Actor) -> str | None:
    won = (
        await RecoveryCode.update({RecoveryCode.used_at: now()})
        .where(RecoveryCode.id == code_id, RecoveryCode.used_at.is_null())
        .returning(RecoveryCode.id)
    )
    if not won:
        return None
    left = await queries.codes_left(actor.id)
    await record(EventKind.RECOVERY_CODE_USED, subject="account", subject_id=actor.id, actor=actor, station_id=actor.station_id, left=left)
    return await _complete(key, tried, "备用码", actor=actor)


async def _complete(key: str, tried: int, factor: str, *, actor: Actor) -> str:
    """The sign-in is complete: the session gets a new id, and the try that was right is no failure."""
    await SignInFailure.delete().where(SignInFailure.id == tried)
    token, moment = secrets.token_urlsafe(32), now()
    values: dict[Any, Any] = {Session.key: session_key(token), Session.second_factor_at: moment, Session.seen_at: moment}
    await Session.update(values).where(Session.key == key)
    await record(EventKind.SIGNED_IN, subject="account", subject_id=actor.id, actor=actor, station_id=actor.station_id, factor=factor)
    return token


async def _matching_code(account_id: int, typed: str) -> int | None:
    for row in await queries.unused_codes(account_id):
        if await password_matches(row["code_hash"], typed):
            return int(row["id"])
    return None


async def offered_secret(*, key: str, actor: Actor) -> str:
    """The secret this session offers for an authenticator; nothing is stored until a code of it is typed."""
    return pending_secret(key, (await queries.security_of(actor.id))["totp_since"])


async def set_second_factor(typed: str, *, key: str, actor: Actor, signing_in: bool) -> tuple[str, list[str]]:
    """Set the offered authenticator up, confirmed by one of its codes; gives the session's new token and ten recovery codes.

    With `signing_in` only where none was set up yet: a second factor is never replaced without giving the first.
    Raises TooManyTries, or RuleBroken on `one_time_password`.
    """
    tried = await _claim_try(actor)
    since = (await queries.security_of(actor.id))["totp_since"]
    secret = pending_secret(key, since)
    step = matching_step(secret, as_typed(typed), now())
    if step is None:
        raise RuleBroken("口令不对。请用手机上刚出现的6位数字再试；手机时间要设成自动。", "one_time_password")
    if signing_in and since is not None:
        raise RuleBroken("动态口令刚才已经设好了，请重新登录。", "one_time_password")
    codes = new_recovery_codes()
    hashes = await _hashed(codes)
    return await _store(secret, step, since, hashes, key, tried, actor=actor, signing_in=signing_in), codes


@action
async def _store(
    secret: str, step: int, since: datetime | None, hashes: list[str], key: str, tried: int, *, actor: Actor, signing_in: bool
) -> str:
    moment = now()
    won = (
        await Account.update(
            {
                Account.totp_secret: vault().seal("account.totp_secret", actor.id, secret),
                Account.totp_since: moment,
                Account.totp_step: step,
            }
        )
        .where(Account.id == actor.id, Account.totp_since.is_null() if since is None else Account.totp_since == since)
        .returning(Account.id)
    )
    if not won:
        raise RuleBroken("动态口令刚才已经设好了，请刷新页面看一看。", "one_time_password")
    await _replace_codes(actor.id, hashes)
    await Session.delete().where(Session.account == actor.id, Session.key != key)
    await record(EventKind.SECOND_FACTOR_SET, subject="account", subject_id=actor.id, actor=actor, station_id=actor.station_id)
    if signing_in:
        return await _complete(key, tried, "动态口令", actor=actor)
    await SignInFailure.delete().where(SignInFailure.id == tried)
    token = secrets.token_urlsafe(32)
    await Session.update({Session.key: session_key(token), Session.second_factor_at: moment}).where(Session.key == key)
    return token


async def _hashed(codes: list[str]) -> list[str]:
    return list(await asyncio.gather(*(hash_password(as_typed(code)) for code in codes)))


async def _replace_codes(account_id: int, hashes: list[str]) -> None:
    moment = now()
    await RecoveryCode.delete().where(RecoveryCode.account == account_id)
    await RecoveryCode.insert(*(RecoveryCode(account=account_id, code_hash=each, created_at=moment) for each in hashes))


async def make_recovery_codes() -> tuple[list[str], list[str]]:
    """Ten new recovery codes and their hashes, hashed outside any transaction; `replace_recovery_codes` stores them."""
    codes = new_recovery_codes()
    return codes, await _hashed(codes)


@action
async def replace_recovery_codes(hashes: list[str], *, actor: Actor) -> None:
    """The old recovery codes are worth nothing from now on. RuleBroken while no authenticator is set up."""
    if (await queries.security_of(actor.id))["totp_since"] is None:
        raise RuleBroken("还没有设动态口令，用不着备用码。请先设动态口令。")
    await _replace_codes(actor.id, hashes)
    await record(EventKind.RECOVERY_CODES_MADE, subject="account", subject_id=actor.id, actor=actor, station_id=actor.station_id)


@action
async def forget_second_factor(account_id: int, reason: str, *, station_id: int | None, actor: Actor) -> None:
    """Take somebody's authenticator away and end their sessions: at the next sign-in a new one is set up.

    Called by `db.actions.staff_accounts.reset_second_factor`, which knows who may.
    """
    empty = {Account.totp_secret: "", Account.totp_since: None, Account.totp_step: 0}
    await Account.update(empty).where(Account.id == account_id)
    await RecoveryCode.delete().where(RecoveryCode.account == account_id)
    await Session.delete().where(Session.account == account_id)
    await record(EventKind.SECOND_FACTOR_RESET, subject="account", subject_id=account_id, actor=actor, station_id=station_id, reason=reason)


def few_codes(left: int) -> bool:
    """Whether the person should be told to make new recovery codes."""
    return left <= FEW_CODES
