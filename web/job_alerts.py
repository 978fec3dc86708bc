"""Telling saved searches about new posts: one short message, by day, at most every two hours."""

from datetime import timedelta

from db.actions.job_alerts import note_sent
from db.clock import CHINA, now, today
from db.queries import board
from db.queries.job_alerts import opened_live_alerts
from rules.board import pay_words
from web.forms.board import BoardSearch
from web.senders import Sender, SendingFailed

GAP = timedelta(hours=2)
FIRST_HOUR, LAST_HOUR = 6, 20
"""Nobody is woken: messages go out from six in the morning until eight in the evening."""


async def send_alerts(sender: Sender, public_url: str) -> int:
    """Send what is new to every saved search; gives how many messages went out. Nothing without a working sender."""
    moment = now()
    if not sender.works or not FIRST_HOUR <= moment.astimezone(CHINA).hour < LAST_HOUR:
        return 0
    subdistricts = (await board.places()).subdistricts
    sent, after = 0, 0
    while alerts := await opened_live_alerts(after):
        for alert in alerts:
            after = alert["id"]
            if alert["last_sent_at"] and moment - alert["last_sent_at"] < GAP:
                continue
            search = BoardSearch(alert["search"], today=today(), subdistricts=subdistricts)
            rows = await board.newest_posts(search.filter, today(), since=alert["last_published_at"], limit=20)
            if not rows:
                continue
            count = f"{len(rows)}个" if len(rows) < 20 else "20多个"
            text = (
                f"零工驿站：有{count}新岗位，{pay_words(rows[0])} {rows[0]['title']}"
                f"{'等' if len(rows) > 1 else ''}。看：{public_url}{search.url()} 不想收了：{public_url}/jobs/alerts/{alert['token']}"
            )
            try:
                await sender.send(alert["phone"], text)
            except SendingFailed:
                continue
            await note_sent(alert["id"], rows[0]["published_at"])
            sent += 1
    return sent
