"""Backups in the record: that one was made, and that the station goes on from one."""

from __future__ import annotations

from datetime import datetime

from db.actions.journal import record
from db.ids import new_id
from db.transaction import action
from rules.journal import EventKind


@action
async def note_backup(name: str, size: int, sha256: str, files: int) -> None:
    """Record a backup that was made: the name of its file, bytes, SHA-256, and how many archived files are in it."""
    await record(
        EventKind.BACKUP_MADE, subject="backup", subject_id=new_id(), actor=None, backup=name, size=size, sha256=sha256, archived=files
    )


@action
async def note_restored(name: str, made_at: datetime, sha256: str) -> None:
    """Record that the station goes on from a backup: what happened between `made_at` and now is not in the record."""
    await record(
        EventKind.BACKUP_RESTORED,
        subject="backup",
        subject_id=new_id(),
        actor=None,
        backup=name,
        made_at=made_at.isoformat(),
        sha256=sha256,
    )
