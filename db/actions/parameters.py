"""Setting legal parameters."""

from __future__ import annotations

from db.actions.journal import record
from db.tables.parameters import LegalParameter
from db.transaction import action
from rules.journal import EventKind
from rules.parameters import Parameter
from rules.permissions import Actor


@action
async def set_parameter(parameter: Parameter, *, actor: Actor | None) -> int:
    """Keep a value with its dates and basis; earlier values stay in force until it begins."""
    row = LegalParameter(
        code=parameter.code,
        value=parameter.value,
        unit=parameter.unit,
        valid_from=parameter.valid_from,
        valid_to=parameter.valid_to,
        basis=parameter.basis,
    )
    await LegalParameter.insert(row)
    await record(
        EventKind.PARAMETER_SET,
        subject="parameter",
        subject_id=row.id,
        actor=actor,
        station_id=None,
        code=parameter.code,
        value=parameter.value,
        valid_from=parameter.valid_from.isoformat(),
    )
    return row.id
