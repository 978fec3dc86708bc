"""When the last backup was made, out of the record itself."""

from __future__ import annotations

from datetime import datetime

from db.tables.journal import JournalEntry
from rules.journal import EventKind


async def last_backup() -> datetime | None:
    """When the record says that the last backup was made; None when it never was. For everybody: it names nobody."""
    row = await (
        JournalEntry.select(JournalEntry.at)
        .where(JournalEntry.subject == "backup", JournalEntry.kind == EventKind.BACKUP_MADE.value)
        .order_by(JournalEntry.at, ascending=False)
        .first()
    )
    return row["at"] if row else None
