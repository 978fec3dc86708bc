"""Alerts (提醒): what the product tells a manager or officer by itself, once a day for each cause."""

from __future__ import annotations

import json
from typing import Any

from db.actions.journal import record
from db.clock import now, today
from db.tables.accounts import Alert
from db.transaction import action
from rules.codes import AlertKind
from rules.errors import RuleBroken
from rules.journal import EventKind
from rules.permissions import Actor


@action
async def raise_alert(
    kind: AlertKind,
    *,
    station_id: int | None,
    subject: str,
    subject_id: int | None,
    actor: Actor | None = None,
    above: bool = False,
    **details: Any,
) -> int | None:
    """Put the matter before the station's manager (`station_id` None: the district); None when today's already stands.

    `above`: past the station, before those who supervise it; the station's own record does not tell, either.
    `details` are numbers and words without personal data; they are shown and journalled.
    """
    day = today().isoformat()
    same = (
        await Alert.select(Alert.id)
        .where(
            Alert.kind == kind.value,
            Alert.subject == subject,
            Alert.day == day,
            Alert.above.eq(above),
            Alert.station == station_id if station_id is not None else Alert.station.is_null(),
            Alert.subject_id == subject_id if subject_id is not None else Alert.subject_id.is_null(),
        )
        .first()
    )
    if same:
        return None
    row = Alert(
        station=station_id,
        above=above,
        kind=kind.value,
        subject=subject,
        subject_id=subject_id,
        day=day,
        details=json.dumps(details, ensure_ascii=False),
        at=now(),
    )
    await Alert.insert(row)
    chain = None if above else station_id
    await record(EventKind.ALERT_RAISED, subject="alert", subject_id=row.id, actor=actor, station_id=chain, alert=kind.value, **details)
    return row.id


@action
async def clear_alert(alert_id: int, *, actor: Actor) -> None:
    """Somebody has dealt with it. RuleBroken when somebody else was faster, or when it is about the actor."""
    about_me = Alert.exists().where(Alert.id == alert_id, Alert.subject == "account", Alert.subject_id == actor.id)
    if await about_me:
        raise RuleBroken("这条提醒说的是您自己，请由街道或区里的监管人员来办。")
    cleared = (
        await Alert.update({Alert.cleared_at: now(), Alert.cleared_by: actor.id})
        .where(Alert.id == alert_id, Alert.cleared_at.is_null())
        .returning(Alert.id, Alert.station, Alert.kind, Alert.above)
    )
    if not cleared:
        raise RuleBroken("这条提醒已经有人办了，请刷新页面。")
    row = cleared[0]
    chain = None if row["above"] else row["station"]
    await record(EventKind.ALERT_CLEARED, subject="alert", subject_id=row["id"], actor=actor, station_id=chain, alert=row["kind"])
