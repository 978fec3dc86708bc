"""Agreements (协议): what was agreed, the printed paper, the signed scan."""

from __future__ import annotations

from piccolo.columns import Integer, Text, Varchar
from piccolo.table import Table

from db.tables.accounts import Account
from db.tables.columns import belongs_to, identity, moment
from db.tables.documents import Paper
from db.tables.referrals import Referral
from db.tables.stations import Station
from db.vault import Sealed


class Agreement(Table):
    """One agreement of one referral. `values` (every placeholder as typed) holds personal data and is sealed."""

    id = identity()
    number = Varchar(20, unique=True)
    type = Varchar(20)
    referral = belongs_to(Referral)
    station = belongs_to(Station)
    state = Varchar(20, index=True)
    version = Integer(default=1)
    template_version = Varchar(20)
    modules = Varchar(60, default="")
    values = Sealed()
    paper = belongs_to(Paper, null=True)
    drafted_by = belongs_to(Account)
    created_at = moment()
    changed_at = moment()
    printed_at = moment(null=True)
    signed_at = moment(null=True)
    delivered_at = moment(null=True)
    delivered_how = Varchar(60, default="")
    delivered_by = belongs_to(Account, null=True)
    voided_at = moment(null=True)
    void_reason = Text(default="")


class SignedScan(Table):
    """An uploaded scan of the signed paper; a second upload is a second row, the first stays."""

    id = identity()
    agreement = belongs_to(Agreement)
    media_type = Varchar(40)
    size = Integer(default=0)
    sha256 = Varchar(64)
    archive_key = Varchar(80)
    uploaded_by = belongs_to(Account)
    uploaded_at = moment()
