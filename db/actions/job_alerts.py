"""Job alerts (订阅新岗位): a search saved for a phone whose holder gave the code, ended by the link in every message."""

from __future__ import annotations

import json
import secrets
from datetime import datetime

from db.actions.journal import record
from db.clock import now
from db.ids import new_id
from db.queries.job_alerts import alert_key, live_alerts_of
from db.tables.jobs import JobAlert
from db.transaction import action
from db.vault import vault
from rules.errors import RuleBroken
from rules.journal import EventKind

PER_PHONE = 5


@action
async def set_alert(phone: str, search: dict[str, str]) -> str:
    """Save a search for a phone that proved itself by a code; gives the unsubscribe token.

    RuleBroken on `phone` when five searches are saved for it already.
    """
    if await live_alerts_of(phone) >= PER_PHONE:
        raise RuleBroken(f"一个号码最多订阅{PER_PHONE}个。请先用短信里的链接退订一个。", "phone")
    token, alert_id, moment = secrets.token_urlsafe(16), new_id(), now()
    await JobAlert.insert(
        JobAlert(
            id=alert_id,
            key=alert_key(token),
            token=vault().seal("job_alert.token", alert_id, token),
            phone=vault().seal("job_alert.phone", alert_id, phone),
            phone_index=vault().index("phone", phone),
            search=json.dumps(search, ensure_ascii=False, sort_keys=True),
            created_at=moment,
            last_published_at=moment,
        )
    )
    await record(EventKind.JOB_ALERT_SET, subject="job_alert", subject_id=alert_id, actor=None)
    return token


@action
async def end_alert(token: str) -> None:
    """Unsubscribe: nothing more is sent, and the phone is removed at once (PIPL 47). Doing it twice is fine."""
    ended = (
        await JobAlert.update({JobAlert.ended_at: now(), JobAlert.phone: "", JobAlert.phone_index: ""})
        .where(JobAlert.key == alert_key(token), JobAlert.ended_at.is_null())
        .returning(JobAlert.id)
    )
    for row in ended:
        await record(EventKind.JOB_ALERT_ENDED, subject="job_alert", subject_id=row["id"], actor=None)


@action
async def note_sent(alert_id: int, published_at: datetime) -> None:
    """Remember up to which publication the phone was told. Not journalled: the message is no act on a record."""
    await JobAlert.update({JobAlert.last_published_at: published_at, JobAlert.last_sent_at: now()}).where(JobAlert.id == alert_id)
