"""What every installation starts with: the subdistricts, the legal parameters that carry a source, the agreements' texts."""

from __future__ import annotations

from db.actions.parameters import set_parameter
from db.actions.wordings import load_product_wordings
from db.tables.parameters import LegalParameter
from db.tables.stations import Subdistrict
from db.transaction import action
from rules.codes import SUBDISTRICTS
from rules.parameters import LEGAL_PARAMETERS

HOTLINE = "12345"
"""Phone of a subdistrict's office until the district enters its own."""


@action
async def load_base() -> None:
    """Put all of it in where it is missing; what is there stays as it is."""
    if not await Subdistrict.exists():
        await Subdistrict.insert(
            *(Subdistrict(code=code, name=name, office=f"{name}办事处", phone=HOTLINE) for code, name in SUBDISTRICTS.items())
        )
    known = {row["code"] for row in await LegalParameter.select(LegalParameter.code)}
    for parameter in LEGAL_PARAMETERS:
        if parameter.code not in known:  # also one that came with a later version
            await set_parameter(parameter, actor=None)
    await load_product_wordings()
