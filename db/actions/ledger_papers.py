"""What leaves the product of a month's ledger: a workbook is kept in the journal before it is given."""

from __future__ import annotations

from typing import Any

from db.actions.journal import record
from db.transaction import action
from rules.journal import EventKind
from rules.ledger import month_label
from rules.permissions import Actor


@action
async def note_exported(station_id: int, month: int, version: dict[str, Any] | None, *, actor: Actor) -> None:
    """Keep that somebody took a month's ledger along as a workbook: a signed version (its row), or the preview (None)."""
    await record(
        EventKind.LEDGER_EXPORTED,
        subject="ledger_version" if version else "station",
        subject_id=version["id"] if version else station_id,
        actor=actor,
        station_id=station_id,
        ledger=version["number"] if version else f"{month_label(month)}（未结账）",
        ledger_format="xlsx",
    )
