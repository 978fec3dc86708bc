"""Questions of the hall's screens: which device this is, what it shows now, and the lists at the desk.

What a screen shows is asked here by named public columns; nothing of a person is selected except surname and work number
of the staff on duty.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime, time, timedelta
from typing import Any

from db.paging import DESK_ROWS, Page, page_of, place
from db.queries.places import held_sql
from db.queries.scope import within
from db.tables.accounts import Session
from db.tables.jobs import Job
from db.tables.screens import Screen, ScreenNotice
from db.tables.stations import Station
from rules.permissions import Role, Scope
from rules.screens import CHINA

ON_DUTY_FOR = timedelta(hours=1)
"""Who has used the desk within this time is on duty."""

_SCREEN = (
    Screen.id,
    Screen.station,
    Screen.name,
    Screen.code,
    Screen.expires_at,
    Screen.paired_at,
    Screen.seen_at,
    Screen.revoked_at,
)


def screen_key(token: str) -> str:
    """Under which a device is kept: the SHA-256 of its cookie, so the table alone opens nothing."""
    return hashlib.sha256(token.encode()).hexdigest()


async def screen_with_key(key: str) -> dict[str, Any] | None:
    """The device with this key, paired, waiting or switched off."""
    return await Screen.select(*_SCREEN).where(Screen.key == key).first()


async def station_of_screen(key: str, code: str) -> int | None:
    """The id of the station with this code when the device with this key is one of its screens; None for any other device."""
    row = (
        await Screen.select(Screen.station)
        .where(Screen.key == key, Screen.station.code == code, Screen.paired_at.is_not_null(), Screen.revoked_at.is_null())
        .first()
    )
    return row["station"] if row else None


async def waiting_with(station_id: int, code: str, moment: datetime) -> dict[str, Any] | None:
    """The screen of a station that shows this pairing code now."""
    return (
        await Screen.select(*_SCREEN)
        .where(Screen.station == station_id, Screen.code == code, Screen.paired_at.is_null(), Screen.expires_at > moment)
        .first()
    )


async def screen_in(scope: Scope, screen_id: int) -> dict[str, Any] | None:
    """A paired screen in the asker's reach."""
    return (
        await Screen.select(*_SCREEN).where(within(scope, Screen.station), Screen.id == screen_id, Screen.paired_at.is_not_null()).first()
    )


async def screens_in(scope: Scope, *, revoked: bool = False, after: str = "") -> Page:
    """The paired screens in the asker's reach, the newest first; or those switched off."""
    query = (
        Screen.select(
            *_SCREEN,
            Screen.paired_by.name.as_alias("paired_by_name"),
            Screen.revoked_by.name.as_alias("revoked_by_name"),
        )
        .where(
            within(scope, Screen.station),
            Screen.paired_at.is_not_null(),
            Screen.revoked_at.is_not_null() if revoked else Screen.revoked_at.is_null(),
        )
        .order_by(Screen.id, ascending=False)
        .limit(DESK_ROWS + 1)
    )
    if start := place(after, (int,)):
        query = query.where(Screen.id < start[0])
    return page_of(await query, DESK_ROWS, "id")


async def hours_of(station_id: int) -> dict[str, Any]:
    """The opening hours of a station: `opens_at`, `closes_at`, `closed_weekdays` and the public text."""
    row = (
        await Station.select(Station.opens_at, Station.closes_at, Station.closed_weekdays, Station.opening_hours)
        .where(Station.id == station_id)
        .first()
    )
    if row is None:
        raise LookupError(station_id)
    return row


_PROMISED = held_sql("j")
_POSTS = """SELECT j.number, j.title, j.subdistrict, j.landmark, j.start_date, j.end_date, j.start_time, j.end_time, j.pay_fen, j.pay_unit,
  j.hourly_fen, j.settle_cycle, j.benefits, j.certificates, j.headcount, j.placed_count, j.valid_to, j.verify_method,
  s.name AS station_name, <PROMISED> AS promised
FROM job j JOIN station s ON s.id = j.station
WHERE j.listed AND j.headcount > <PROMISED>
  AND j.valid_to >= {} AND (j.end_date IS NULL OR j.end_date >= {}) AND j.channels LIKE {} AND j.station <WHOSE> {}
ORDER BY CASE WHEN j.start_date IS NULL THEN 2 WHEN j.start_date <= {} THEN 0 ELSE 1 END,
  CASE WHEN j.start_date > {} THEN j.start_date END, CASE WHEN j.start_time IS NULL THEN 1 ELSE 0 END, j.start_time, j.id DESC
LIMIT {}"""


async def posts_for(station_id: int, today: date, *, own: bool, limit: int) -> list[dict[str, Any]]:
    """The posts on the board that were published for screens, soonest start first, then newest (domain reference 10.6).

    `own`: those of the station, else those of all the others. `promised` places are given away: nobody in the hall should
    queue for them, so a post whose places are all promised is left out until one comes free again.
    """
    sql = _POSTS.replace("<WHOSE>", "=" if own else "<>").replace("<PROMISED>", _PROMISED)
    return await Job.raw(sql, today, today, "%SCREEN%", station_id, today, today, limit)


_COUNTS = """SELECT
(SELECT count(*) FROM (SELECT 1 FROM job WHERE station = {} AND published_at >= {} LIMIT 1000) AS a) AS posts,
(SELECT count(*) FROM (SELECT 1 FROM referral WHERE coalesce(referred_by, station) = {} AND created_at >= {} LIMIT 1000) AS b) AS referrals,
(SELECT count(*) FROM (SELECT 1 FROM placement WHERE station = {} AND started_on = {} LIMIT 1000) AS c) AS placements"""


async def counts_of(station_id: int, today: date) -> dict[str, int]:
    """What a station did today: posts published, referrals made, people who started. Numbers only."""
    begin = datetime.combine(today, time(0), CHINA)
    rows = await Job.raw(_COUNTS, station_id, begin, station_id, begin, station_id, today)
    return {name: int(n) for name, n in rows[0].items()}


async def on_duty(station_id: int, moment: datetime) -> list[dict[str, Any]]:
    """Staff of a station who used the desk within the last hour: `name` and `work_no`, each once, by work number."""
    rows = (
        await Session.select(Session.account.name.as_alias("name"), Session.account.work_no.as_alias("work_no"))
        .where(
            Session.account.station == station_id,
            Session.account.active.eq(True),
            Session.account.role.is_in([Role.STAFF.value, Role.MANAGER.value]),
            Session.seen_at >= moment - ON_DUTY_FOR,
            Session.expires_at > moment,
        )
        .limit(50)
    )
    each = {(row["work_no"], row["name"]): row for row in rows}
    return [each[key] for key in sorted(each)][:6]


async def notices_on(station_id: int, day: date) -> list[dict[str, Any]]:
    """What stands on the screens of a station that day: its own notices and the district's, newest first."""
    return (
        await ScreenNotice.select(ScreenNotice.kind, ScreenNotice.words)
        .where(
            (ScreenNotice.station == station_id) | ScreenNotice.station.is_null(),
            ScreenNotice.first_day <= day,
            ScreenNotice.last_day >= day,
            ScreenNotice.ended_at.is_null(),
        )
        .order_by(ScreenNotice.id, ascending=False)
        .limit(20)
    )


_NOTICE = (
    ScreenNotice.id,
    ScreenNotice.station,
    ScreenNotice.kind,
    ScreenNotice.words,
    ScreenNotice.first_day,
    ScreenNotice.last_day,
    ScreenNotice.made_at,
    ScreenNotice.made_by.name.as_alias("made_by_name"),
    ScreenNotice.ended_at,
    ScreenNotice.ended_by.name.as_alias("ended_by_name"),
)


async def notices_in(scope: Scope, day: date, *, over: bool = False, kind: str = "", after: str = "") -> Page:
    """The notices in the asker's reach, newest first: those that stand or will stand on the screens, or those that are over."""
    ended = ScreenNotice.ended_at.is_not_null() | (ScreenNotice.last_day < day)
    standing = ScreenNotice.ended_at.is_null() & (ScreenNotice.last_day >= day)
    query = (
        ScreenNotice.select(*_NOTICE)
        .where(within(scope, ScreenNotice.station), ended if over else standing)
        .order_by(ScreenNotice.id, ascending=False)
        .limit(DESK_ROWS + 1)
    )
    if kind:
        query = query.where(ScreenNotice.kind == kind)
    if start := place(after, (int,)):
        query = query.where(ScreenNotice.id < start[0])
    return page_of(await query, DESK_ROWS, "id")


async def notice_in(scope: Scope, notice_id: int) -> dict[str, Any] | None:
    """A notice in the asker's reach."""
    return await ScreenNotice.select(*_NOTICE).where(within(scope, ScreenNotice.station), ScreenNotice.id == notice_id).first()
