"""The hall's screens: asking for a pairing code, pairing by a manager, switching off; the notices on them."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from typing import Any

from db.actions.journal import record
from db.clock import now, today
from db.queries import screens as queries
from db.tables.screens import Screen, ScreenNotice
from db.transaction import action
from rules.codes import NoticeKind
from rules.errors import RuleBroken
from rules.journal import EventKind
from rules.permissions import Actor
from rules.screens import ASKS_AN_HOUR, PAIRING_LASTS, SEEN_EVERY, WRONG_CODES, check_name, check_notice

_FORGOTTEN_AFTER = timedelta(days=1)
"""A device that asked and was never paired is dropped then; the journal keeps that it asked."""


def new_screen_token() -> str:
    """A cookie for a screen: 256 bits."""
    return secrets.token_urlsafe(32)


@action
async def ask_to_pair(station_id: int, key: str) -> str:
    """A new pairing code for the device with this key, for ten minutes; gives the six digits.

    RuleBroken when the station has given out too many in the last hour, or the device is paired or was switched off.
    """
    moment = now()
    await Screen.delete().where(Screen.station == station_id, Screen.paired_at.is_null(), Screen.asked_at < moment - _FORGOTTEN_AFTER)
    waiting = await Screen.select(Screen.code, Screen.key, Screen.asked_at, Screen.expires_at).where(
        Screen.station == station_id, Screen.paired_at.is_null()
    )
    known = await queries.screen_with_key(key)
    if known is not None and (known["paired_at"] is not None or known["station"] != station_id):
        raise RuleBroken("这块屏幕已经配对过。请刷新这一页。")
    if sum(row["asked_at"] > moment - timedelta(hours=1) for row in waiting if row["key"] != key) >= ASKS_AN_HOUR:
        raise RuleBroken("申请配对的屏幕太多了，请过一小时再试。")
    taken = {row["code"] for row in waiting if row["expires_at"] > moment}
    code = next(code for code in iter(lambda: f"{secrets.randbelow(1_000_000):06d}", "") if code not in taken)
    fresh: dict[Any, Any] = {Screen.code: code, Screen.asked_at: moment, Screen.expires_at: moment + PAIRING_LASTS, Screen.tries: 0}
    if known is not None:
        screen_id = known["id"]
        await Screen.update(fresh).where(Screen.id == screen_id)
    else:
        row = Screen(station=station_id, key=key, code=code, asked_at=moment, expires_at=moment + PAIRING_LASTS)
        await Screen.insert(row)
        screen_id = row.id
    await record(EventKind.SCREEN_ASKED, subject="screen", subject_id=screen_id, actor=None, station_id=station_id)
    return code


@action
async def count_wrong_code(station_id: int) -> bool:
    """Somebody typed a code no screen shows. After five of them every code on show ends (True); screens ask for new ones."""
    moment = now()
    waiting = (
        await Screen.update({Screen.tries: Screen.tries + 1})
        .where(Screen.station == station_id, Screen.paired_at.is_null(), Screen.expires_at > moment)
        .returning(Screen.tries)
    )
    if not any(row["tries"] >= WRONG_CODES for row in waiting):
        return False
    await Screen.update({Screen.expires_at: moment}).where(
        Screen.station == station_id, Screen.paired_at.is_null(), Screen.expires_at > moment
    )
    return True


@action
async def pair_screen(station_id: int, code: str, name: str, *, actor: Actor) -> int:
    """Let the screen that shows this code in, under a name to find it by; gives its id. From now on its cookie counts.

    RuleBroken (fields "name", "code") without a name, or when no screen of the station shows the code any more.
    """
    check_name(name)
    moment = now()
    paired = (
        await Screen.update({Screen.name: name.strip(), Screen.paired_by: actor.id, Screen.paired_at: moment, Screen.expires_at: moment})
        .where(Screen.station == station_id, Screen.code == code, Screen.paired_at.is_null(), Screen.expires_at > moment)
        .returning(Screen.id)
    )
    if not paired:
        raise RuleBroken("没有屏幕正在显示这个配对码，请看着屏幕重新输入。", "code")
    screen_id = int(paired[0]["id"])
    await record(EventKind.SCREEN_PAIRED, subject="screen", subject_id=screen_id, actor=actor, station_id=station_id, screen=name.strip())
    return screen_id


@action
async def revoke_screen(screen_id: int, *, actor: Actor) -> None:
    """Switch a screen off: its cookie opens nothing any more. RuleBroken when it is off already."""
    revoked = (
        await Screen.update({Screen.revoked_at: now(), Screen.revoked_by: actor.id})
        .where(Screen.id == screen_id, Screen.paired_at.is_not_null(), Screen.revoked_at.is_null())
        .returning(Screen.station, Screen.name)
    )
    if not revoked:
        raise RuleBroken("这块屏幕已经停用了，请刷新页面。")
    row = revoked[0]
    await record(
        EventKind.SCREEN_REVOKED, subject="screen", subject_id=screen_id, actor=actor, station_id=row["station"], screen=row["name"]
    )


async def note_seen(screen_id: int, seen_at: datetime | None) -> None:
    """Write down that a screen is alive, at most every five minutes. No entry: it is the same as a session's last use."""
    moment = now()
    if seen_at is None or moment - seen_at > SEEN_EVERY:
        await Screen.update({Screen.seen_at: moment}).where(Screen.id == screen_id)


@action
async def set_notice(kind: NoticeKind, words: str, first_day: date, last_day: date, *, actor: Actor) -> int:
    """Put a line onto the screens of the actor's station from one day to another (both included); gives its id.

    RuleBroken (fields "words", "first_day", "last_day") as `rules.screens.check_notice`.
    """
    check_notice(words, first_day, last_day, today())
    row = ScreenNotice(
        station=actor.station_id,
        kind=kind.value,
        words=words.strip(),
        first_day=first_day,
        last_day=last_day,
        made_by=actor.id,
        made_at=now(),
    )
    await ScreenNotice.insert(row)
    await record(
        EventKind.SCREEN_NOTICE_SET,
        subject="screen_notice",
        subject_id=row.id,
        actor=actor,
        station_id=actor.station_id,
        notice_kind=kind.value,
        words=words.strip(),
        first_day=first_day,
        last_day=last_day,
    )
    return int(row.id)


@action
async def end_notice(notice_id: int, *, actor: Actor) -> None:
    """Take a notice off the screens before its last day. RuleBroken when it is off already."""
    ended = (
        await ScreenNotice.update({ScreenNotice.ended_at: now(), ScreenNotice.ended_by: actor.id})
        .where(ScreenNotice.id == notice_id, ScreenNotice.ended_at.is_null(), ScreenNotice.last_day >= today())
        .returning(ScreenNotice.station, ScreenNotice.words)
    )
    if not ended:
        raise RuleBroken("这条通知已经不在屏幕上了，请刷新页面。")
    row = ended[0]
    await record(
        EventKind.SCREEN_NOTICE_ENDED,
        subject="screen_notice",
        subject_id=notice_id,
        actor=actor,
        station_id=row["station"],
        words=row["words"],
    )
