"""Workers' phones: enrolled where they registered or at a counter with the card in hand, opened with a PIN, revoked when lost.

A phone number alone never opens anything: signing in takes an enrolled phone (its cookie) and the PIN. Wrong PINs pause the
phone, never the account, so that nobody can lock somebody else out (notes/security 3, option A).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from db.actions.accounts import open_session
from db.actions.alerts import raise_alert
from db.actions.journal import record
from db.actions.people import worker_account
from db.actions.seekers import station_code
from db.clock import now
from db.ids import new_id
from db.pins import hash_pin, pin_matches
from db.queries import devices as queries
from db.queries.accounts import account_with_id, actor_of, failures_since
from db.tables.accounts import Account, Device, EnrolmentTicket, Session, SignInFailure
from db.tables.seekers import Seeker
from db.transaction import action
from db.vault import vault
from rules.codes import AlertKind, SeekerState
from rules.errors import RuleBroken
from rules.journal import EventKind
from rules.permissions import Actor, Role
from rules.pins import PAUSE, TRIES_A_DAY, TRIES_BEFORE_PAUSE, WINDOW, check_pin

ENROLLED_FOR = timedelta(days=180)
QR_LASTS = timedelta(seconds=60)
MOST_A_DAY = 3
"""Workers enrolled on one phone in a day; one more is looked into (somebody may be enrolling others on their own phone)."""

PER_PHONE_A_DAY = 4
PER_ADDRESS_A_DAY = 60
"""A family shares a phone, and everybody at a station shares its address; more than this is nobody who looks for work."""

_GONE = "这个二维码已经用过或者过了时间，请让工作人员重新出一个。"


class Paused(RuleBroken):
    """Too many wrong PINs on this phone: it pauses, or must be enrolled again at a counter."""


class TooMany(Exception):
    """This phone or this address has registered too many people today."""


@dataclass(frozen=True, slots=True)
class TicketRef:
    """A QR on offer: `token` is what its address holds."""

    id: int
    token: str


def new_device_token() -> str:
    """A cookie for a phone: 256 bits."""
    return secrets.token_urlsafe(32)


@action
async def offer_device(seeker_id: int, *, actor: Actor) -> TicketRef:
    """Show a QR for this seeker's phone, the card in hand: one use, sixty seconds; earlier ones of the seeker end.

    RuleBroken when the registration is over or the card of a self-registration was not compared yet.
    """
    seeker = await Seeker.select(Seeker.number, Seeker.station, Seeker.state).where(Seeker.id == seeker_id).first()
    if seeker is None or seeker["state"] in queries.OVER:
        raise RuleBroken("这份登记已经注销，不能登记手机。")
    if seeker["state"] == SeekerState.SUBMITTED.value:
        raise RuleBroken("网上登记的人，请先核对证件，再登记手机。")
    moment, ticket_id = now(), new_id()
    await EnrolmentTicket.update({EnrolmentTicket.expires_at: moment}).where(
        EnrolmentTicket.seeker == seeker_id, EnrolmentTicket.expires_at > moment
    )
    await EnrolmentTicket.delete().where(EnrolmentTicket.issued_at < moment - timedelta(days=30))
    token = queries.ticket_token(ticket_id)
    await EnrolmentTicket.insert(
        EnrolmentTicket(
            id=ticket_id,
            key=queries.ticket_key(token),
            seeker=seeker_id,
            digits=f"{secrets.randbelow(90) + 10}",
            issued_by=actor.id,
            issued_at=moment,
            expires_at=moment + QR_LASTS,
        )
    )
    await record(
        EventKind.DEVICE_OFFERED,
        subject="seeker",
        subject_id=seeker_id,
        actor=actor,
        station_id=seeker["station"],
        seeker=seeker["number"],
        at_station=await station_code(actor.station_id),
    )
    return TicketRef(ticket_id, token)


async def confirm_digits(token: str, digits: str, *, browser: str) -> None:
    """The two digits of the counter's screen, tapped on the phone that scanned the QR; one try. RuleBroken ends the QR."""
    if not await _confirm_digits(token, digits, browser):
        raise RuleBroken("数字不对，这个二维码已经作废。请让工作人员重新出一个，再对照工作人员屏幕上的两位数字。")


@action
async def _confirm_digits(token: str, digits: str, browser: str) -> bool:
    """Whether they were right. Not in the journal: the enrolment that follows is."""
    moment = now()
    taken = (
        await EnrolmentTicket.update({EnrolmentTicket.opened_by: queries.device_key(browser), EnrolmentTicket.opened_at: moment})
        .where(
            EnrolmentTicket.key == queries.ticket_key(token),
            EnrolmentTicket.opened_by == "",
            EnrolmentTicket.expires_at > moment,
            EnrolmentTicket.used_at.is_null(),
        )
        .returning(EnrolmentTicket.id, EnrolmentTicket.digits)
    )
    if not taken:
        raise RuleBroken(_GONE)
    if not secrets.compare_digest(taken[0]["digits"].encode(), digits.encode()):
        return False
    await EnrolmentTicket.update({EnrolmentTicket.confirmed_at: moment}).where(EnrolmentTicket.id == taken[0]["id"])
    return True


async def enrol_by_ticket(token: str, pin: str, *, browser: str, label: str, old_key: str | None = None) -> str:
    """Make the phone of a confirmed QR the worker's, with this PIN; gives the session token.

    RuleBroken on `pin` for one that is too easy; without a field when the QR is over or was another phone's.
    """
    ticket = await queries.ticket_scanned(token)
    if ticket is None or ticket["confirmed_at"] is None:
        raise RuleBroken(_GONE)
    check_pin(pin, **await queries.opened_guesses(ticket["seeker"]))
    return await _enrol_by_ticket(ticket["id"], await hash_pin(pin), browser, label, old_key)


@action
async def _enrol_by_ticket(ticket_id: int, pin_hash: str, browser: str, label: str, old_key: str | None) -> str:
    moment = now()
    used = (
        await EnrolmentTicket.update({EnrolmentTicket.used_at: moment})
        .where(
            EnrolmentTicket.id == ticket_id,
            EnrolmentTicket.used_at.is_null(),
            EnrolmentTicket.confirmed_at > moment - queries.PIN_CHOSEN_WITHIN,
            EnrolmentTicket.opened_by == queries.device_key(browser),
        )
        .returning(EnrolmentTicket.seeker, EnrolmentTicket.issued_by)
    )
    if not used:
        raise RuleBroken(_GONE)
    seeker_id, clerk_id = used[0]["seeker"], used[0]["issued_by"]
    clerk = await account_with_id(clerk_id)
    worker = await worker_account(seeker_id, actor=actor_of(clerk) if clerk else None)
    await _set_pin(worker, pin_hash, actor=worker)
    await Session.delete().where(Session.account == worker.id)
    return await enrol(worker, browser=browser, label=label, by=clerk_id, old_key=old_key)


@action
async def enrol(worker: Actor, *, browser: str, label: str, by: int | None = None, old_key: str | None = None) -> str:
    """Make the phone with the cookie `browser` one of this worker's and sign them in; gives the session token.

    `by` is the account of the staff who saw the card, `old_key` the session this browser had until now. More than three
    workers on one phone within a day raise an alert.
    """
    moment, key = now(), queries.device_key(browser)
    device = await Device.select(Device.id).where(Device.key == key, Device.account == worker.id).first()
    fresh: dict[Any, Any] = {
        Device.label: label[:60],
        Device.enrolled_at: moment,
        Device.enrolled_by: by,
        Device.seen_at: moment,
        Device.expires_at: moment + ENROLLED_FOR,
        Device.failures: 0,
        Device.failed_since: None,
        Device.locked_until: None,
        Device.revoked_at: None,
    }
    device_id = device["id"] if device else new_id()
    if device:
        await Device.update(fresh).where(Device.id == device_id)
    else:
        values: dict[str, Any] = {column._meta.name: value for column, value in fresh.items()}
        await Device.insert(Device(id=device_id, key=key, account=worker.id, **values))
    await record(
        EventKind.DEVICE_ENROLLED,
        subject="seeker",
        subject_id=worker.seeker_id or 0,
        actor=worker,
        station_id=worker.station_id,
        device_id=device_id,
        label=label[:60],
        at_counter=by is not None,
    )
    people = await queries.enrolled_since(key, moment - timedelta(days=1))
    if people > MOST_A_DAY:
        await raise_alert(AlertKind.MANY_ENROLMENTS, station_id=worker.station_id, subject="device", subject_id=device_id, count=people)
    return await open_session(worker, old_key=old_key, device=device_id)


async def sign_in(browser: str, account_id: int, pin: str, *, old_key: str | None) -> str:
    """Open a session with the phone's cookie and the PIN; gives the session token.

    Paused after too many wrong ones; RuleBroken on `pin` for a wrong one, or when the phone is not this worker's. Each try is
    counted before it is looked at, so that many at once are not more tries.
    """
    device_id = await _count_try(queries.device_key(browser), account_id)
    account = await account_with_id(account_id)
    if not await pin_matches(account["password_hash"] if account and account["active"] else "", pin):
        raise await _wrong_pin(device_id, actor_of(account) if account else None)
    assert account is not None
    return await _pin_was_right(device_id, actor_of(account), old_key)


async def check_own_pin(device_id: int, worker: Actor, pin: str) -> None:
    """Whether the signed-in worker knows the PIN (to change it, or before something weighty); counted like a sign-in."""
    row = await Device.select(Device.key).where(Device.id == device_id, Device.account == worker.id).first()
    if row is None:
        raise RuleBroken("这部手机已经停用，请到驿站重新登记。")
    await _count_try(row["key"], worker.id)
    account = await account_with_id(worker.id)
    if not await pin_matches(account["password_hash"] if account else "", pin):
        raise await _wrong_pin(device_id, worker)
    await _forget_tries(device_id)


@action
async def _count_try(key: str, account_id: int) -> int:
    """Count one more try on this phone; gives the device row. Paused when there are none left for now."""
    moment = now()
    rows = await Device.select(Device.id, Device.account, Device.failures, Device.failed_since, Device.locked_until).where(
        Device.key == key, Device.revoked_at.is_null(), Device.expires_at > moment
    )
    own = next((row for row in rows if row["account"] == account_id), None)
    if own is None:
        raise RuleBroken("这部手机没有登记，请到驿站登记。", "pin")
    if any(row["locked_until"] and row["locked_until"] > moment for row in rows):
        raise Paused("这部手机输错太多次，请过15分钟再试。急用的，带身份证到任何一个驿站。", "pin")
    since = own["failed_since"] if own["failed_since"] and own["failed_since"] > moment - WINDOW else None
    count = own["failures"] + 1 if since else 1
    if count > TRIES_A_DAY:
        raise Paused("这部手机今天输错太多次，已经停用。请带身份证到任何一个驿站重新登记。", "pin")
    pause = moment + PAUSE if count % TRIES_BEFORE_PAUSE == 0 else None
    await Device.update({Device.failures: count, Device.failed_since: since or moment, Device.locked_until: pause}).where(
        Device.id == own["id"]
    )
    return own["id"]


@action
async def _wrong_pin(device_id: int, worker: Actor | None) -> RuleBroken:
    """Note what a wrong PIN led to; gives the sentence to raise."""
    row = await Device.select(Device.failures).where(Device.id == device_id).first()
    count = row["failures"] if row else 0
    if count >= TRIES_A_DAY:
        await Device.update({Device.revoked_at: now()}).where(Device.id == device_id)
        await Session.delete().where(Session.device == device_id)
    if count % TRIES_BEFORE_PAUSE == 0 and worker is not None:
        await record(
            EventKind.SIGN_IN_LOCKED,
            subject="seeker",
            subject_id=worker.seeker_id or 0,
            actor=None,
            station_id=worker.station_id,
            device_id=device_id,
            count=count,
        )
    if count >= TRIES_A_DAY:
        return Paused("输错10次，这部手机已经停用。请带身份证到任何一个驿站重新登记。", "pin")
    left = TRIES_BEFORE_PAUSE - count % TRIES_BEFORE_PAUSE
    if left == TRIES_BEFORE_PAUSE:
        return Paused("输错5次，这部手机停15分钟。忘了密码的，带身份证到任何一个驿站重设。", "pin")
    return RuleBroken(f"密码不对，还可以试{left}次。", "pin")


@action
async def _forget_tries(device_id: int) -> None:
    await Device.update({Device.failures: 0, Device.failed_since: None, Device.locked_until: None}).where(Device.id == device_id)


@action
async def _pin_was_right(device_id: int, worker: Actor, old_key: str | None) -> str:
    moment = now()
    await _forget_tries(device_id)
    await Device.update({Device.seen_at: moment, Device.expires_at: moment + ENROLLED_FOR}).where(Device.id == device_id)
    return await open_session(worker, old_key=old_key, device=device_id)


async def sign_in_by_phone(phone: str, pin: str, *, browser: str, label: str, old_key: str | None = None) -> str:
    """After a code sent to `phone` was right: the worker with this phone and this PIN, whose phone it becomes.

    RuleBroken on `pin`: nobody has this phone and PIN. The code is used up by then, so a thief of the number has five tries
    a day.
    """
    indexes = vault().index_all("phone", phone)
    seekers = await Seeker.select(Seeker.id).where(Seeker.phone_index.is_in(indexes), Seeker.state.not_in(list(queries.OVER))).limit(5)
    rows = []
    if seekers:
        ids = [row["id"] for row in seekers]
        rows = await Account.select().where(Account.seeker.is_in(ids), Account.active.eq(True), Account.password_hash != "").limit(5)
    right = None
    for row in rows or [{"password_hash": ""}]:
        if await pin_matches(row["password_hash"], pin):
            right = row
    if right is None:
        raise RuleBroken("验证码或者密码不对。请重新获取验证码；忘了密码的，带身份证到任何一个驿站重设。", "pin")
    return await enrol(actor_of(right), browser=browser, label=label, old_key=old_key)


async def known_phone(phone: str) -> bool:
    """Whether some worker with a PIN has this phone: only then a code is really sent."""
    indexes = vault().index_all("phone", phone)
    seekers = await Seeker.select(Seeker.id).where(Seeker.phone_index.is_in(indexes), Seeker.state.not_in(list(queries.OVER))).limit(5)
    if not seekers:
        return False
    return await Account.exists().where(
        Account.seeker.is_in([row["id"] for row in seekers]), Account.active.eq(True), Account.password_hash != ""
    )


async def change_pin(old: str, new: str, *, device_id: int, key: str, actor: Actor) -> None:
    """A new PIN after the old one; every other session ends. RuleBroken on `old_pin` or `pin`."""
    try:
        await check_own_pin(device_id, actor, old)
    except RuleBroken as broken:
        raise type(broken)(broken.message, "old_pin") from None
    check_pin(new, **await queries.opened_guesses(actor.seeker_id or 0))
    await _change_pin(await hash_pin(new), key, actor)


@action
async def _change_pin(pin_hash: str, key: str, actor: Actor) -> None:
    await _set_pin(actor, pin_hash, actor=actor)
    await Session.delete().where(Session.account == actor.id, Session.key != key)


async def _set_pin(worker: Actor, pin_hash: str, *, actor: Actor) -> None:
    await Account.update({Account.password_hash: pin_hash, Account.password_changed_at: now()}).where(Account.id == worker.id)
    await record(EventKind.PIN_SET, subject="seeker", subject_id=worker.seeker_id or 0, actor=actor, station_id=worker.station_id)


@action
async def revoke_device(handle: str, account_id: int, *, reason: str, by_proxy: bool = False, actor: Actor) -> None:
    """End a phone's enrolment and its sessions at once: by the worker, or by staff of any station for somebody present.

    `handle` as in `devices_of`. RuleBroken when it is over already.
    """
    moment = now()
    mine = await queries.devices_of(account_id)
    device = next((row for row in mine if row["handle"] == handle), None)
    if device is None:
        raise RuleBroken("这部手机已经停用了，请刷新页面看一看。")
    account = await account_with_id(account_id)
    assert account is not None
    await Device.update({Device.revoked_at: moment}).where(Device.id == device["id"])
    await Session.delete().where(Session.device == device["id"])
    elsewhere: dict[str, Any] = (
        {} if actor.role is Role.WORKER else {"at_station": await station_code(actor.station_id), "by_proxy": by_proxy}
    )
    await record(
        EventKind.DEVICE_REVOKED,
        subject="seeker",
        subject_id=account["seeker"] or 0,
        actor=actor,
        station_id=account["station"],
        device_id=device["id"],
        reason=reason,
        **elsewhere,
    )


@action
async def sign_out(key: str, *, actor: Actor) -> None:
    """End this session at once; the phone stays enrolled."""
    await Session.delete().where(Session.key == key)
    await record(EventKind.SIGNED_OUT, subject="account", subject_id=actor.id, actor=actor, station_id=actor.station_id)


async def count_registration(browser: str, address: str) -> None:
    """Count this registration for its phone and its address, under keyed hashes. TooMany beyond the limits of a day."""
    moment, cells = now(), vault()
    for key, most in (
        (cells.index("register-phone", browser), PER_PHONE_A_DAY),
        (cells.index("register-address", address or "unknown"), PER_ADDRESS_A_DAY),
    ):
        if await failures_since([key], moment - timedelta(days=1)) >= most:
            raise TooMany
        await SignInFailure.insert(SignInFailure(key=key, at=moment))
