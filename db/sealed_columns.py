"""Every cell that depends on a key, derived from the tables: the sealed columns, and the keyed hashes that find them.

Key rotation (`db.rotate_keys`) and anonymising (`db.actions.retention`) walk these lists, so that a new column cannot
be forgotten: tests fail for one that neither knows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from piccolo.columns import Column
from piccolo.table import Table

from db.tables.accounts import Account, PhoneCode
from db.tables.employers import Employer
from db.tables.jobs import JobAlert
from db.tables.seekers import Seeker
from db.vault import Sealed, Vault


@dataclass(frozen=True)
class SealedTable:
    """A table with sealed columns, and the column whose value its cells are bound to."""

    table: type[Table]
    columns: tuple[Column, ...]
    bound_to: Column

    @property
    def name(self) -> str:
        """The table's name, as it stands in what cells are bound to."""
        return self.table._meta.tablename

    @property
    def key(self) -> Column:
        """The primary key."""
        return self.table._meta.primary_key

    def where(self, column: Column) -> str:
        """The first half of what a cell is bound to: "seeker.phone"."""
        return f"{self.name}.{column._meta.name}"


def sealed_tables() -> list[SealedTable]:
    """Every table of the application with sealed columns. A cell is bound to the column `uid`, else to the primary key."""
    from db.piccolo_app import APP_CONFIG

    found = []
    for table in APP_CONFIG.table_classes:
        columns = tuple(column for column in table._meta.columns if isinstance(column, Sealed))
        if columns:
            uid = next((column for column in table._meta.columns if column._meta.name == "uid"), table._meta.primary_key)
            found.append(SealedTable(table, columns, uid))
    return found


@dataclass(frozen=True)
class Index:
    """A column that keeps a keyed hash, and the sealed column of the same row it is made from."""

    column: Column
    kind: str
    source: Column
    scope: Column | None = None
    tail: bool = False

    def value(self, keys: Vault, row: dict[str, Any], plain: str) -> str:
        """The hash under the active index key."""
        if self.tail:
            return keys.index(self.kind, "".join(letter for letter in plain if letter.isdigit())[-4:], "tail")
        return keys.index(self.kind, plain, row[self.scope._meta.name] if self.scope is not None else "")


INDEXES: tuple[Index, ...] = (
    Index(Seeker.id_index, "id_number", Seeker.id_number, scope=Seeker.id_type),
    Index(Seeker.phone_index, "phone", Seeker.phone),
    Index(Seeker.phone_tail, "phone", Seeker.phone, tail=True),
    Index(Employer.id_index, "id_number", Employer.id_number),
    Index(Employer.phone_index, "phone", Employer.phone),
    Index(JobAlert.phone_index, "phone", JobAlert.phone),
)
"""Hashes that can be made anew from their own row."""

BORROWED: tuple[Column, ...] = (Account.phone_index,)
"""Hashes of a phone that another row keeps sealed: an employer's account has its employer's (`db.rotate_keys`)."""

SHORT_LIVED: tuple[Column, ...] = (PhoneCode.phone_index,)
"""Hashes nobody asks for after a few minutes; rows that keep one are gone before a key is retired."""


def indexes_of(table: type[Table]) -> Iterator[Index]:
    """The indexes that lie in this table."""
    return (index for index in INDEXES if index.column._meta.table is table)


def key_of_index(value: str) -> str:
    """The id of the key a hash was made with; "" for what is no hash (an anonymised row's place holder)."""
    key, dot, digest = value.partition(".")
    return key if dot and len(digest) == 32 else ""
