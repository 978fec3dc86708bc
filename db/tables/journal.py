"""The journal (工作记录): one append-only record of everything (art. 23)."""

from __future__ import annotations

from piccolo.columns import BigInt, Text, Varchar
from piccolo.table import Table

from db.tables.columns import identity, moment


class JournalEntry(Table, tablename="journal_entry"):
    """One entry of one chain. The hash covers `body`; every other column is a copy of a field of it.

    Triggers refuse change and removal, and any entry that does not continue its chain (db/ddl.py).
    There are no foreign keys: what an entry says must not depend on another table.
    """

    id = identity()
    chain = Varchar(40)
    seq = BigInt()
    prev = Varchar(64)
    hash = Varchar(64)
    at = moment()
    kind = Varchar(40)
    subject = Varchar(30)
    subject_id = BigInt()
    station_id = BigInt(null=True, default=None)
    account_id = BigInt(null=True, default=None)
    signed_name = Varchar(40)
    corrects = BigInt(null=True, default=None)
    body = Text()
