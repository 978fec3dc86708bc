"""Column shapes every table shares, so that nullability and deletion rules are always written out."""

from __future__ import annotations

from typing import Any

from piccolo.columns import BigInt, ForeignKey, OnDelete, Timestamptz

from db.ids import new_id


def identity() -> BigInt:
    """The application-made primary key: no reuse, roughly time-ordered, the same on both engines."""
    return BigInt(primary_key=True, default=new_id)


def belongs_to(table: Any, *, null: bool = False, index: bool = True) -> ForeignKey:
    """A reference that refuses to let the referenced row go: records are never deleted (art. 23)."""
    return ForeignKey(table, null=null, default=None, on_delete=OnDelete.restrict, index=index)


def moment(*, null: bool = False, index: bool = False) -> Timestamptz:
    """An aware UTC moment, always given by the action (never by the database's clock)."""
    return Timestamptz(null=null, default=None, index=index)
