"""Questions about legal parameters."""

from __future__ import annotations

from db.tables.parameters import LegalParameter
from db.transaction import asked_once
from rules.parameters import Parameter


@asked_once
async def legal_parameters() -> list[Parameter]:
    """Every legal parameter with its dates; `rules.parameters` picks the one in force on a day."""
    rows = await LegalParameter.select(
        LegalParameter.code,
        LegalParameter.value,
        LegalParameter.unit,
        LegalParameter.valid_from,
        LegalParameter.valid_to,
        LegalParameter.basis,
    ).order_by(LegalParameter.code, LegalParameter.valid_from)
    return [
        Parameter(
            code=row["code"],
            value=row["value"],
            unit=row["unit"],
            valid_from=row["valid_from"],
            valid_to=row["valid_to"],
            basis=row["basis"],
        )
        for row in rows
    ]
