"""Reading authorization.csv: the reviewed answer of every address to every role.

One row per address and method. `records` names what the address was asked for: LAKE and LING are the records of the two
stations (STF, MGR, OPR, LGL and SUB belong to LAKE, "elsewhere" to LING, DST and ADM to neither), missing is a
number nobody has; "-" is an address without a record. Each cell holds one status per record, in that order.
A post carries a valid token and no fields: 422 and 303 mean that the role may, and that nothing was applied.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("authorization.csv")


@dataclass(frozen=True)
class Row:
    """One address."""

    route: str
    method: str
    records: tuple[str, ...]
    cells: dict[str, str]

    def statuses(self, who: str) -> dict[str, int]:
        """The expected status by record. ValueError for a cell that does not fit its records."""
        return dict(zip(self.records, map(int, self.cells[who].split()), strict=True))


def table() -> dict[tuple[str, str], Row]:
    """Every row by address and method. ValueError for an address that stands there twice."""
    rows: dict[tuple[str, str], Row] = {}
    with FILE.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            route, method, records = line.pop("route"), line.pop("method"), tuple(line.pop("records").split())
            if (route, method) in rows:
                raise ValueError(f"{method} {route} stands twice in {FILE.name}")
            rows[route, method] = Row(route, method, records, line)
    return rows
