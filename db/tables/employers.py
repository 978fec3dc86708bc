"""Employers: units and households (雇主)."""

from __future__ import annotations

from piccolo.columns import Boolean, Date, Text, Varchar
from piccolo.table import Table

from db.tables.accounts import Account
from db.tables.columns import belongs_to, identity, moment
from db.tables.stations import Station
from db.vault import Sealed


class Employer(Table):
    """Who offers work. ID number, phone and address are sealed; `*_index` finds them by keyed hash.

    A unit's `id_number` is its credit code; it is sealed all the same, so that both kinds are treated alike. The same
    number is registered once per station (unique index in db/ddl.py); `id_proof` says how a credit code whose check
    character fails was compared with the licence.
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
    created_by = belongs_to(Account)
    created_at = moment()
