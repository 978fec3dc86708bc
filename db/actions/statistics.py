"""Statistics that leave the product as a file: who took which table along is kept (art. 23)."""

from __future__ import annotations

from db.actions.journal import record
from db.transaction import action
from rules.journal import EventKind
from rules.permissions import Actor
from rules.statistics.periods import Period
from rules.statistics.tables import StatTable


@action
async def note_export(tables: list[StatTable], period: Period, narrowed: str, form: str, *, actor: Actor) -> None:
    """Keep that somebody took these tables as a workbook or paper (`form`: "xlsx", "pdf"); `narrowed` as in the address."""
    await record(
        EventKind.STATISTICS_EXPORTED,
        subject="account",
        subject_id=actor.id,
        actor=actor,
        station_id=actor.station_id,
        statistics=[table.value for table in tables],
        period=period.label,
        counted_stations=narrowed,
        file_form=form,
    )
