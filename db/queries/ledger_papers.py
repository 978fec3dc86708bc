"""Questions about ledgers on paper: a signed version by the number that stands on it."""

from __future__ import annotations

from typing import Any

from db.queries.scope import within
from db.tables.ledger import LedgerVersion
from rules.permissions import Scope


async def version_numbered(scope: Scope, number: str) -> dict[str, Any] | None:
    """The signed version with this number, when its station lies in the asker's reach."""
    return (
        await LedgerVersion.select(
            LedgerVersion.id,
            LedgerVersion.number,
            LedgerVersion.version,
            LedgerVersion.month,
            LedgerVersion.station,
            LedgerVersion.station.code.as_alias("station_code"),
            LedgerVersion.station.name.as_alias("station_name"),
            LedgerVersion.archive_key,
            LedgerVersion.sha256,
            LedgerVersion.closed_at,
        )
        .where(within(scope, LedgerVersion.station), LedgerVersion.number == number)
        .first()
    )
