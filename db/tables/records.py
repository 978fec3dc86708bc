"""Signed days (签认, art. 23 有操作者签名): somebody read what they did on a day and signed it with their password."""

from __future__ import annotations

from piccolo.columns import BigInt, Date, Integer, Text, Varchar
from piccolo.table import Table

from db.tables.accounts import Account
from db.tables.columns import belongs_to, identity, moment
from db.tables.stations import Station


class SignedDay(Table):
    """One signature under one person's work of one day; append-only. Entered later: signed again with the next `round`.

    `entries` of that person's journal entries were read, `late` of them entered late, `incomplete` records lacked
    something. `entries_sha256` is over the hashes of exactly these entries, in order; `head_seq` and `head_hash` are
    the station's chain as it stood.
    """

    id = identity()
    station = belongs_to(Station)
    account = belongs_to(Account)
    day = Date(default=None)
    round = Integer(default=1)
    entries = Integer(default=0)
    late = Integer(default=0)
    incomplete = Integer(default=0)
    missing = Text(default="[]")
    entries_sha256 = Varchar(64)
    head_seq = BigInt(default=0)
    head_hash = Varchar(64)
    remark = Varchar(200, default="")
    signed_name = Varchar(40)
    signed_at = moment()
