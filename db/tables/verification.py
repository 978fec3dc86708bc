"""Proof that the record is as it was written: what each run found, and the heads signed every day."""

from __future__ import annotations

from piccolo.columns import BigInt, Boolean, Date, Integer, Text, Varchar
from piccolo.table import Table

from db.tables.columns import identity, moment


class Verification(Table):
    """One run over journal, ledger versions and issued papers; append-only. `message` names the first thing wrong ("": nothing)."""

    id = identity()
    how = Varchar(12)
    ok = Boolean(default=False)
    entries = BigInt(default=0)
    ledgers = Integer(default=0)
    papers = Integer(default=0)
    message = Text(default="")
    began_at = moment()
    ended_at = moment(index=True)


class SignedHead(Table):
    """The head of one chain at the end of one day, signed (Ed25519) and handed to the district; append-only."""

    id = identity()
    day = Date(default=None)
    chain = Varchar(40)
    seq = BigInt()
    hash = Varchar(64, index=True)
    key_id = Varchar(16)
    signature = Varchar(128)
    signed_at = moment()
