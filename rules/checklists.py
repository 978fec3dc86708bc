"""Checklists to the official model texts (合同要点核对表, domain reference 4.2, 4.4): what must stand in the contract.

The contract is the official text that the district uploads; the product prints only this list, filled with what post,
employer and worker answer. It has the shape of a wording, so that it is drafted, previewed and printed like one.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from rules.codes import AgreementType
from rules.wordings import Wording, read_wording


@cache
def checklist(kind: AgreementType) -> Wording:
    """The checklist of a type whose text is the official model. KeyError for a type with a text of its own."""
    bodies = yaml.safe_load((Path(__file__).parent / "checklists.yaml").read_text(encoding="utf-8"))
    body = bodies[kind.value]
    return read_wording(kind, body["version"], body)
