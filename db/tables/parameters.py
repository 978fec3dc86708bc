"""Legal parameters with effective dates, and the counters public numbers are drawn from."""

from __future__ import annotations

from piccolo.columns import BigInt, Date, Text, Varchar
from piccolo.table import Table

from db.tables.columns import identity


class LegalParameter(Table):
    """A value with a legal basis, in force from `valid_from` to `valid_to` (domain reference 0.4)."""

    id = identity()
    code = Varchar(40)
    value = Varchar(40)
    unit = Varchar(20)
    valid_from = Date(default=None)
    valid_to = Date(null=True, default=None)
    basis = Text()


class Counter(Table):
    """The last number given out under a name, e.g. the posts of one day at one station."""

    name = Varchar(60, primary_key=True)
    value = BigInt(default=0)
