"""What the list of corrections says (更改记录清单, P17; art. 23): old beside new, why, when, who, for one month of one station."""

from __future__ import annotations

from dataclasses import dataclass

from rules.documents import Paper


@dataclass(frozen=True, slots=True)
class CorrectedLine:
    """One correction as it is printed; `ledger` is the number of the version it came after ("" while the month was open)."""

    number: str
    record: str
    field: str
    old: str
    new: str
    reason: str
    when: str
    who: str
    review: str = ""
    ledger: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionSheet(Paper):
    """更改记录清单 (P17)."""

    month: str
    lines: tuple[CorrectedLine, ...]
