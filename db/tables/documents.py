"""Issued papers: number, snapshot, hash (art. 16, 23)."""

from __future__ import annotations

from piccolo.columns import BigInt, Integer, Varchar
from piccolo.table import Table

from db.tables.accounts import Account
from db.tables.columns import belongs_to, identity, moment
from db.tables.stations import Station
from db.vault import Sealed


class Paper(Table):
    """One issued PDF. The bytes lie sealed in the archive under `archive_key`; `sha256` is of the plain bytes."""

    id = identity()
    number = Varchar(30, index=True)
    kind = Varchar(4)
    copy_number = Integer(default=1)
    subject = Varchar(20)
    subject_id = BigInt(default=0, index=True)
    station = belongs_to(Station)
    snapshot = Sealed()
    sha256 = Varchar(64)
    archive_key = Varchar(80)
    size = Integer(default=0)
    issued_by = belongs_to(Account)
    issued_at = moment()
    voided_at = moment(null=True)
    voided_by = belongs_to(Account, null=True)
    void_reason = Varchar(200, default="")
