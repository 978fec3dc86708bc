"""The walls: which rows an asker can find at all."""

from __future__ import annotations

from typing import Any

from piccolo.columns import ForeignKey
from piccolo.columns.combination import WhereRaw

from rules.permissions import Reach, Scope


def within(scope: Scope, station: ForeignKey) -> Any:
    """The condition that `station` (a foreign key to Station) lies in the asker's reach."""
    match scope.reach:
        case Reach.STATION:
            return station == scope.station_id
        case Reach.OPERATOR:
            return station.operator == scope.operator
        case Reach.SUBDISTRICT:
            return station.subdistrict == scope.subdistrict
        case Reach.DISTRICT:
            return WhereRaw("1 = 1")
        case _:  # a worker's or employer's own pages ask by their own id
            return WhereRaw("1 = 0")
