"""Employers: units and households (雇主)."""

from __future__ import annotations

from piccolo.columns import BigInt, Boolean, Date, Integer, Text, Varchar
from piccolo.table import Table

from db.tables.accounts import Account
from db.tables.columns import belongs_to, identity, moment
from db.tables.stations import Station
from db.vault import Sealed


class Employer(Table):
    """Who offers work. ID number, phone and address are sealed; `*_index` finds them by keyed hash.

    A unit's `id_number` is its credit code; it is sealed all the same, so that both kinds are treated alike. The same
    number is registered once per station (unique index in db/ddl.py); `id_proof` says how a credit code whose check
    character fails was compared with the licence. `organisation` is the sort of employer that the number tells
    (`rules.statistics.tables.Organisation`), for the statistics: the number itself is sealed.
    """

    id = identity()
    station = belongs_to(Station)
    kind = Varchar(20)
    name = Varchar(80)
    id_type = Varchar(4)
    id_number = Sealed()
    id_index = Varchar(80, index=True)
    id_warning = Varchar(200)
    id_proof = Varchar(200)
    address = Sealed()
    legal_representative = Varchar(40)
    agent_name = Varchar(40)
    phone = Sealed()
    phone_index = Varchar(80, index=True)
    authorisation = Varchar(200)
    industry = Varchar(40)
    organisation = Varchar(12, default="")
    agency = Boolean(default=False)
    dispatch = Boolean(default=False)
    licence_no = Varchar(60)
    name_public = Boolean(default=False)
    state = Varchar(20)
    verify_method = Varchar(20, default="")
    verified_by = belongs_to(Account, null=True)
    verified_on = Date(null=True, default=None)
    verified_until = Date(null=True, default=None)
    credit = Varchar(20)
    credit_reason = Text()
    source = Varchar(20, default="COUNTER")
    reject_reason = Text(default="")
    merged_into = BigInt(null=True, default=None)
    created_by = belongs_to(Account)
    created_at = moment()


class EmployerDocument(Table):
    """A document of an employer: the licence as a sealed file in the archive, or that the original was seen.

    Images of a person's ID card are never kept (IDC 15; domain reference 10.1): `archived` is empty for those.
    """

    id = identity()
    employer = belongs_to(Employer)
    kind = Varchar(30)
    number = Sealed(default="")
    valid_to = Date(null=True, default=None)
    archived = Varchar(120, default="")
    sha256 = Varchar(64, default="")
    media_type = Varchar(40, default="")
    size = Integer(default=0)
    original_seen = Boolean(default=False)
    note = Varchar(200, default="")
    added_by = belongs_to(Account)
    added_at = moment()
    checked_by = belongs_to(Account, null=True)
    checked_at = moment(null=True)
    withdrawn_at = moment(null=True)
    withdrawn_by = belongs_to(Account, null=True)
    withdrawn_reason = Varchar(200, default="")


class EmployerDecision(Table):
    """One decision about an employer, kept for ever: verified, refused, watched, blocked, lifted (domain reference 3.2).

    `by` is None where the system watches by itself.
    """

    id = identity()
    employer = belongs_to(Employer)
    decision = Varchar(20)
    method = Varchar(20, default="")
    documents = Text(default="")
    reason = Text(default="")
    legal_basis = Varchar(200, default="")
    until = Date(null=True, default=None)
    by = belongs_to(Account, null=True)
    at = moment()
