"""Corrections (更正, art. 23): what stood, what is right, why, who, when. What was submitted stays legible for ever."""

from __future__ import annotations

from piccolo.columns import BigInt, Integer, Text, Varchar
from piccolo.table import Table

from db.tables.accounts import Account
from db.tables.columns import belongs_to, identity, moment
from db.tables.stations import Station
from db.vault import Sealed


class Correction(Table):
    """One field of one submitted record, corrected. Triggers refuse change and removal (db/ddl.py).

    `record` and `record_id` name the row ("placement"), `field` its column. `old_text` and `new_text` read as people
    read them; of a sealed column they are "" and the sealed ones hold them. `stored` is the new value exactly as the
    column keeps it, as text: without a row here that says so, the triggers refuse to change a submitted column.
    `month` is the month the record belongs to (202611). `replaces` is the earlier correction of the same field.
    `ledger` is the number of the ledger version that had closed the month ("" while it is open).
    """

    id = identity()
    number = Varchar(20, unique=True)
    station = belongs_to(Station)
    record = Varchar(30)
    record_id = BigInt()
    record_number = Varchar(30, default="")
    field = Varchar(40)
    old_text = Text(default="")
    new_text = Text(default="")
    old_sealed = Sealed(default="")
    new_sealed = Sealed(default="")
    stored = Text(default="")
    reason = Varchar(200)
    month = Integer(default=0)
    replaces = BigInt(null=True, default=None)
    entry = BigInt(null=True, default=None)
    ledger = Varchar(40, default="")
    made_by = belongs_to(Account)
    made_at = moment()


class CorrectionReview(Table):
    """What the manager said of a correction that staff made; appended."""

    id = identity()
    correction = belongs_to(Correction)
    verdict = Varchar(12)
    note = Varchar(200, default="")
    by = belongs_to(Account)
    at = moment()
