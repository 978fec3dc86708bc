"""Registering work besides referrals (活动记录): once, signed, journalled; afterwards it is corrected, never changed."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from db.actions.alerts import raise_alert
from db.actions.journal import record
from db.clock import CHINA, now, today
from db.ids import new_id
from db.numbers import next_number
from db.queries import activities as queries
from db.tables.activities import Activity
from db.transaction import action
from db.vault import vault
from rules.activities import SHAPES, NewActivity, check_activity, is_grave
from rules.codes import ActivityKind, AlertKind
from rules.errors import RuleBroken
from rules.journal import EventKind
from rules.numbers import activity_number
from rules.permissions import Actor


@action
async def record_activity(new: NewActivity, *, seeker: str = "", employer: str = "", actor: Actor) -> str:
    """Register one work of the actor's station; its number HD…, of an incident SJ…. A grave incident alerts those in charge.

    `seeker` is a seeker's number, `employer` a post's number or the employer's whole name, "" where it concerns nobody.
    RuleBroken: what `rules.activities.check_activity` refuses, an unknown number, or more than a day late without a reason.
    """
    check_activity(new, today())
    assert new.held_on is not None
    shape, station = SHAPES[new.kind], actor.station_id or 0
    seeker_id = await queries.seeker_meant(actor.scope, seeker) if seeker and shape.seeker else None
    employer_id = await queries.employer_meant(actor.scope, employer) if employer and shape.employer else None
    if seeker and shape.seeker and seeker_id is None:
        raise RuleBroken("本站没有这个求职编号，请核对；不涉及某个人的就空着。", "seeker")
    if employer and shape.employer and employer_id is None:
        raise RuleBroken("本站没有找到这个雇主，请填岗位编号或者登记的全名；不涉及的就空着。", "employer")
    incident = new.kind is ActivityKind.INCIDENT
    count = await next_number(f"{'incident' if incident else 'activity'}:{today():%y%m%d}")
    activity_id, number = new_id(), activity_number(today(), count, incident=incident)
    await Activity.insert(
        Activity(
            id=activity_id,
            number=number,
            station=station,
            kind=new.kind.value,
            held_on=new.held_on,
            topic=new.topic if shape.topics else "",
            title=new.title.strip(),
            people=(new.people or 0) if shape.people else 0,
            offered=new.offered if shape.heads else None,
            wanted=new.wanted if shape.heads else None,
            matched=new.matched if shape.heads else None,
            level=new.level if shape.level else "",
            outcome=new.outcome.strip(),
            place=new.place.strip(),
            note=vault().seal("activity.note", activity_id, new.note.strip()) if new.note.strip() else "",
            employer=employer_id,
            seeker=seeker_id,
            late_reason=new.late_reason.strip(),
            recorded_by=actor.id,
            recorded_at=now(),
        )
    )
    facts: dict[str, Any] = {"number": number, "activity_kind": new.kind.value, "held_on": new.held_on}
    facts |= {"people": new.people} if shape.people else {}
    facts |= {"incident_level": new.level} if shape.level else {}
    await record(
        EventKind.ACTIVITY_RECORDED,
        subject="activity",
        subject_id=activity_id,
        actor=actor,
        station_id=station,
        at=min(now(), datetime.combine(new.held_on, time(23, 59, 59), CHINA)),
        late_reason=new.late_reason.strip() or None,
        **facts,
    )
    if is_grave(new.kind, new.level):
        about: dict[str, Any] = {"number": number, "title": new.topic}
        await raise_alert(AlertKind.INCIDENT, station_id=station, subject="activity", subject_id=activity_id, actor=actor, **about)
    return number
