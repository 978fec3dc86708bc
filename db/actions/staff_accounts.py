"""Accounts of people at the desk: one account one person. Opened, changed, switched off and on, password and authenticator reset."""

from __future__ import annotations

from typing import Any

from db.actions.journal import record
from db.actions.second_factor import forget_second_factor
from db.clock import now
from db.queries import accounts as queries
from db.tables.accounts import Account, Session
from db.transaction import action
from rules.accounts import NewAccount, check_manager_stays, check_new, check_other, check_reason, check_work_no, may_disable, may_give
from rules.errors import RuleBroken
from rules.journal import EventKind
from rules.permissions import Actor, Role
from rules.sessions import INITIAL_PASSWORD_FOR

NOT_YOURS = "这个账号不归您管，请找有权限的人办。"


async def _refuse_taken(new: NewAccount, *, besides: int = 0) -> None:
    holder = await queries.holder_of_work_no(
        new.work_no, station_id=new.station_id, subdistrict=new.subdistrict, operator=new.operator, besides=besides
    )
    if holder:
        raise RuleBroken(
            f"工号{new.work_no}已经有账号了（{holder['name']}，登录名{holder['login']}）。一个人只用一个账号，停用了的可以重新启用。",
            "work_no",
        )


@action
async def open_account(new: NewAccount, *, password_hash: str, actor: Actor) -> int:
    """Open an account with an initial password that is good for a day and must be changed; gives its id.

    A manager's new account always belongs to the manager's station. RuleBroken names the field.
    """
    if actor.role is Role.MANAGER:
        new = NewAccount(new.login, new.name, new.work_no, new.role, actor.station_id)
    check_new(new, actor=actor)
    if await queries.account_named(new.login):
        raise RuleBroken("这个登录名已经有人用了，请换一个，比如后面加上数字。", "login")
    await _refuse_taken(new)
    moment = now()
    account = Account(
        login=new.login,
        name=new.name,
        work_no=new.work_no,
        role=new.role.value,
        password_hash=password_hash,
        station=new.station_id,
        operator=new.operator,
        subdistrict=new.subdistrict,
        created_at=moment,
        password_changed_at=moment,
        password_expires_at=moment + INITIAL_PASSWORD_FOR,
    )
    await Account.insert(account)
    await record(
        EventKind.ACCOUNT_CREATED,
        subject="account",
        subject_id=account.id,
        actor=actor,
        station_id=new.station_id,
        role=new.role.value,
        login=new.login,
        work_no=new.work_no,
    )
    return account.id


async def _others(account_id: int, *, actor: Actor) -> dict[str, Any]:
    """Somebody else's account in reach, read inside the transaction. LookupError, or RuleBroken for one's own."""
    row = await queries.account_in(actor.scope, account_id)
    if row is None:
        raise LookupError(account_id)
    check_other(actor, account_id)
    return row


async def _looked_after(account_id: int, *, actor: Actor) -> dict[str, Any]:
    row = await _others(account_id, actor=actor)
    if not may_give(actor, Role(row["role"])):
        raise RuleBroken(NOT_YOURS)
    return row


@action
async def change_account(account_id: int, *, name: str, work_no: str, role: Role, reason: str, actor: Actor) -> None:
    """Correct name or work number, or give another role of the same kind of place; another role ends the person's sessions."""
    row, reason = await _looked_after(account_id, actor=actor), check_reason(reason)
    old = Role(row["role"])
    place = (row["station"], row["operator"] or "", row["subdistrict"] or "")
    if role is not old:
        check_new(NewAccount(row["login"], name, work_no, role, *place), actor=actor)
        if row["active"] and old is Role.MANAGER and row["station"]:
            check_manager_stays(old, await queries.managers_in_use(row["station"], besides=account_id), actor=actor)
        await Session.delete().where(Session.account == account_id)
    check_work_no(work_no)
    await _refuse_taken(NewAccount(row["login"], name, work_no, role, *place), besides=account_id)
    await Account.update({Account.name: name, Account.work_no: work_no, Account.role: role.value}).where(Account.id == account_id)
    await record(
        EventKind.ACCOUNT_CHANGED,
        subject="account",
        subject_id=account_id,
        actor=actor,
        station_id=row["station"],
        login=row["login"],
        work_no=work_no,
        role=role.value,
        reason=reason,
    )


@action
async def disable_account(account_id: int, reason: str, *, actor: Actor) -> None:
    """Switch an account off: its sessions end at once. RuleBroken for one's own, or for a station's last manager."""
    row, reason = await _others(account_id, actor=actor), check_reason(reason)
    role = Role(row["role"])
    if not may_disable(actor, role):
        raise RuleBroken(NOT_YOURS)
    if not row["active"]:
        raise RuleBroken("这个账号已经停用了。")
    if role is Role.MANAGER and row["station"]:
        check_manager_stays(role, await queries.managers_in_use(row["station"], besides=account_id), actor=actor)
    await Session.delete().where(Session.account == account_id)
    await _set_active(row, False, reason, actor=actor)


@action
async def enable_account(account_id: int, reason: str, *, actor: Actor) -> None:
    """Switch an account on again, with the password and authenticator it had."""
    row, reason = await _looked_after(account_id, actor=actor), check_reason(reason)
    if row["active"]:
        raise RuleBroken("这个账号正在用，不用再启用。")
    await _set_active(row, True, reason, actor=actor)


async def _set_active(row: dict[str, Any], active: bool, reason: str, *, actor: Actor) -> None:
    await Account.update({Account.active: active}).where(Account.id == row["id"])
    await record(
        EventKind.ACCOUNT_CHANGED,
        subject="account",
        subject_id=row["id"],
        actor=actor,
        station_id=row["station"],
        login=row["login"],
        active=active,
        reason=reason,
    )


@action
async def reset_password(account_id: int, reason: str, *, password_hash: str, actor: Actor) -> None:
    """Give somebody a new initial password for a day; their sessions end. The authenticator is still asked for."""
    row, reason = await _looked_after(account_id, actor=actor), check_reason(reason)
    moment = now()
    values: dict[Any, Any] = {
        Account.password_hash: password_hash,
        Account.password_changed_at: moment,
        Account.password_expires_at: moment + INITIAL_PASSWORD_FOR,
    }
    await Account.update(values).where(Account.id == account_id)
    await Session.delete().where(Session.account == account_id)
    await record(EventKind.PASSWORD_RESET, subject="account", subject_id=account_id, actor=actor, station_id=row["station"], reason=reason)


@action
async def reset_second_factor(account_id: int, reason: str, *, actor: Actor) -> None:
    """Take a lost authenticator away from somebody else's account; the owner reads at the next sign-in who did it and when."""
    row, reason = await _looked_after(account_id, actor=actor), check_reason(reason)
    if row["totp_since"] is None:
        raise RuleBroken("这个账号还没有设动态口令，不用重置。")
    await forget_second_factor(account_id, reason, station_id=row["station"], actor=actor)
