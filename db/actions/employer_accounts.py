"""Employers that come by themselves: registering online, signing in by phone and password, initial passwords at the counter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from db.actions.accounts import FAILURE_WINDOW, FAILURES_PER_ADDRESS, FAILURES_PER_NAME, TooManyTries, open_session
from db.actions.alerts import raise_alert
from db.actions.employer_documents import add_document
from db.actions.employers import insert_employer
from db.actions.journal import record
from db.actions.people import employer_account, insert_account
from db.actions.phone_codes import accept_code
from db.archive import KeptScan
from db.clock import now, today
from db.ids import new_id
from db.passwords import password_matches
from db.queries import employer_accounts as queries
from db.queries.accounts import actor_of, failures_since
from db.queries.employers import find_employers_by_id_number
from db.tables.accounts import Account, Session, SignInFailure
from db.tables.employers import Employer
from db.tables.stations import Station
from db.transaction import action
from db.vault import vault
from rules.codes import AlertKind, ConsentMethod, EmployerState, Origin, StationState
from rules.employer_documents import NewDocument
from rules.employers import NewEmployer, checked_employer
from rules.errors import RuleBroken
from rules.identity import parse_phone
from rules.journal import EventKind
from rules.masking import mask_name
from rules.permissions import Actor, Role
from rules.sessions import INITIAL_PASSWORD_FOR

PER_ADDRESS_A_DAY = 30
UPLOADS_PER_ADDRESS_A_DAY = 60
PER_PHONE = 3
"""One agent may register for more than one firm; somebody with a fourth goes to the counter."""

WRONG = "电话或密码不对，请检查后再试一次。"
RESET = "employer-password"
"""The purpose of the phone codes with which an employer sets a new password."""


class TooMany(Exception):
    """This address has registered, or sent files, too often today."""


class SelfRegistered(NamedTuple):
    """What an online registration gives: the employer, its account, and the cookie token of its first session."""

    employer_id: int
    actor: Actor
    token: str


async def _count(kind: str, address: str, most: int) -> None:
    key, moment = vault().index(kind, address or "unknown"), now()
    if await failures_since([key], moment - timedelta(days=1)) >= most:
        raise TooMany
    await SignInFailure.insert(SignInFailure(key=key, at=moment))


@action
async def count_upload(address: str) -> None:
    """Count a file sent before anybody is known. TooMany: this address has sent enough for today."""
    await _count("employer-upload", address, UPLOADS_PER_ADDRESS_A_DAY)


@action
async def register_self(
    new: NewEmployer,
    *,
    station_code: str,
    password_hash: str,
    notice_version: str,
    documents: Sequence[tuple[NewDocument, KeptScan]] = (),
    address: str = "",
    old_key: str | None = None,
) -> SelfRegistered:
    """Register an employer that does it alone online: waiting to be verified, with its own account, signed in.

    A document that is registered already is not said to be: this registration stands beside the other one, shows nothing
    of it, and cannot be verified; the station is told and resolves it. RulesBroken as of `checked_employer`; RuleBroken:
    no such station, or too many with this phone. TooMany.
    """
    await _count("employer-registration", address, PER_ADDRESS_A_DAY)
    station = await Station.select(Station.id, Station.state).where(Station.code == station_code).first()
    if station is None or station["state"] != StationState.OPERATING.value:
        raise RuleBroken("请选择一个正在营业的驿站。", "station")
    checked, warning = checked_employer(new, today=today())
    index = vault().index("phone", checked.phone)
    with_phone = await Account.count().where(Account.role == Role.EMPLOYER.value, Account.phone_index == index)
    if with_phone >= PER_PHONE:
        raise RuleBroken("这个电话登记的雇主太多了，请带证照到驿站窗口办理。", "phone")
    known = await find_employers_by_id_number(checked.id_number)
    employer_id = new_id()
    own = Actor(new_id(), mask_name(checked.agent_name), Role.EMPLOYER, f"emp-{employer_id}", station["id"], employer_id=employer_id)
    await insert_account(own, phone_index=index, actor=None, password_hash=password_hash)
    await insert_employer(employer_id, checked, warning, station_id=station["id"], author=own.id, source=Origin.SELF)
    await record(
        EventKind.EMPLOYER_REGISTERED,
        subject="employer",
        subject_id=employer_id,
        actor=own,
        station_id=station["id"],
        kind_of_employer=checked.kind.value,
        online=True,
        notice_version=notice_version,
        consent_method=ConsentMethod.ONLINE.value,
    )
    for document, scan in documents:
        await add_document(employer_id, document, scan, actor=own)
    await raise_alert(
        AlertKind.NEW_REGISTRATION,
        station_id=station["id"],
        subject="employer",
        subject_id=employer_id,
        duplicate=bool(known),
    )
    return SelfRegistered(employer_id, own, await open_session(own, old_key=old_key))


@action
async def give_initial_password(employer_id: int, *, password_hash: str, actor: Actor) -> None:
    """At the counter, documents in hand: the employer's account, with a password good for a day that must be changed.

    Opens the account where there is none; ends every session of one there is. RuleBroken: the verification failed.
    """
    row = await Employer.select(Employer.state, Employer.station).where(Employer.id == employer_id).first()
    if row is None:
        raise LookupError(employer_id)
    if row["state"] == EmployerState.REJECTED.value:
        raise RuleBroken("这个雇主核验没有通过，不能开通网上账号。请先改正登记、完成核验。")
    account = await queries.account_of_employer(employer_id)
    if account is None:
        account_id = (await employer_account(employer_id, password_hash=password_hash, actor=actor)).id
    else:
        account_id = account["id"]
        await Session.delete().where(Session.account == account_id)
    moment = now()
    await Account.update(
        {
            Account.password_hash: password_hash,
            Account.password_changed_at: moment,
            Account.password_expires_at: moment + INITIAL_PASSWORD_FOR,
            Account.active: True,
        }
    ).where(Account.id == account_id)
    await record(EventKind.PASSWORD_RESET, subject="account", subject_id=account_id, actor=actor, station_id=row["station"])


async def sign_in(typed_phone: str, password: str, *, address: str, old_key: str | None) -> str:
    """Check phone and password and open a session; gives the cookie token.

    A phone may belong to several employers: the account whose password matches is meant. One sentence fits an unknown
    phone and a wrong password alike. RuleBroken, TooManyTries.
    """
    phone = _readable(typed_phone)
    phone_key, address_key = vault().index("sign-in-phone", phone), vault().index("sign-in-address", address or "unknown")
    since = now() - FAILURE_WINDOW
    if await failures_since([phone_key], since) >= FAILURES_PER_NAME or await failures_since([address_key], since) >= FAILURES_PER_ADDRESS:
        raise TooManyTries
    candidates: list[dict[str, Any] | None] = [*await queries.accounts_with_phone(phone)]
    for account in candidates or [None]:
        if await password_matches(account["password_hash"] if account else None, password):
            assert account is not None
            if account["password_expires_at"] is not None and account["password_expires_at"] <= now():
                raise RuleBroken("初始密码已经过期，请带证件到驿站重新办理。")
            return await open_session(actor_of(account), old_key=old_key)
    await _note_failure(phone_key, address_key)
    raise RuleBroken(WRONG)


def _readable(typed: str) -> str:
    """The phone in its one form; what is no phone is looked up as it is and found nowhere."""
    try:
        return parse_phone(typed)
    except RuleBroken:
        return typed.strip()[:40]


@action
async def _note_failure(phone_key: str, address_key: str) -> None:
    moment = now()
    await SignInFailure.insert(SignInFailure(key=phone_key, at=moment), SignInFailure(key=address_key, at=moment))
    if await failures_since([phone_key], moment - FAILURE_WINDOW) == FAILURES_PER_NAME:
        await record(EventKind.SIGN_IN_LOCKED, subject="account", subject_id=0, actor=None, station_id=None)


async def reset_password(phone: str, code: str, *, bound_to: str, password_hash: str, old_key: str | None) -> str:
    """Set a new password for the employer whose phone got `code`; gives the cookie token of its new session.

    RuleBroken on `code`: wrong, late, or another browser's; or several employers share the phone, who go to the counter.
    """
    await accept_code(phone, RESET, code, bound_to=bound_to)
    return await _reset(phone, password_hash, old_key)


@action
async def _reset(phone: str, password_hash: str, old_key: str | None) -> str:
    accounts = await queries.accounts_with_phone(phone)
    if len(accounts) != 1:
        raise RuleBroken("这个电话不能在网上重设密码，请带证件到驿站办理。", "code")
    actor = actor_of(accounts[0])
    await Account.update(
        {Account.password_hash: password_hash, Account.password_changed_at: now(), Account.password_expires_at: None}
    ).where(Account.id == actor.id)
    await Session.delete().where(Session.account == actor.id)
    await record(EventKind.PASSWORD_RESET, subject="account", subject_id=actor.id, actor=actor, station_id=actor.station_id)
    return await open_session(actor, old_key=old_key)
