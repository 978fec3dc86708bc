"""Questions about job alerts (订阅新岗位): saved searches of people without an account."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from db.tables.jobs import JobAlert
from db.vault import vault


def alert_key(token: str) -> str:
    """What the table keeps of an unsubscribe token."""
    return hashlib.sha256(b"alert:" + token.encode()).hexdigest()


async def alert_with(token: str) -> dict[str, Any] | None:
    """The alert of an unsubscribe link, ended or not; None for a link we did not send."""
    row = (
        await JobAlert.select(JobAlert.id, JobAlert.search, JobAlert.created_at, JobAlert.ended_at)
        .where(JobAlert.key == alert_key(token))
        .first()
    )
    return {**row, "search": json.loads(row["search"])} if row else None


async def live_alerts_of(phone: str) -> int:
    """How many searches are saved for a phone."""
    return await JobAlert.count().where(JobAlert.phone_index.is_in(vault().index_all("phone", phone)), JobAlert.ended_at.is_null())


async def opened_live_alerts(after: int = 0, limit: int = 200) -> list[dict[str, Any]]:
    """Alerts in force in the order of their ids, with phone and token in plain, for sending."""
    rows = (
        await JobAlert.select(
            JobAlert.id, JobAlert.phone, JobAlert.token, JobAlert.search, JobAlert.last_published_at, JobAlert.last_sent_at
        )
        .where(JobAlert.ended_at.is_null(), JobAlert.id > after)
        .order_by(JobAlert.id)
        .limit(limit)
    )
    return [
        {
            **row,
            "phone": vault().open("job_alert.phone", row["id"], row["phone"]),
            "token": vault().open("job_alert.token", row["id"], row["token"]),
            "search": json.loads(row["search"]),
        }
        for row in rows
    ]
