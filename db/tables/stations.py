"""Stations, the subdistrict-level units they lie in, and their rule boards."""

from __future__ import annotations

from piccolo.columns import Date, Integer, Text, Time, Varchar
from piccolo.table import Table

from db.tables.columns import belongs_to, identity, moment


class Subdistrict(Table):
    """A subdistrict-level unit (domain reference 7.7); its office supervises stations (art. 22)."""

    code = Varchar(9, primary_key=True)
    name = Varchar(20)
    office = Varchar(60)
    phone = Varchar(20)


class Station(Table):
    """A station (零工驿站) as the public page, papers and boards know it."""

    id = identity()
    code = Varchar(20, unique=True)
    name = Varchar(60)
    build_mode = Varchar(20)
    operation_mode = Varchar(20)
    operator = Varchar(80)
    licence_no = Varchar(40)
    subdistrict = belongs_to(Subdistrict)
    community = Varchar(40)
    address = Varchar(120)
    landmark = Varchar(60)
    floor_area_m2 = Integer(default=0)
    opening_hours = Varchar(80)
    opens_at = Time(null=True, default=None)
    closes_at = Time(null=True, default=None)
    closed_weekdays = Varchar(20, default="")
    phone = Varchar(20)
    complaint_phone = Varchar(20)
    manager_name = Varchar(30)
    supervising_unit = Varchar(60)
    supervising_phone = Varchar(20)
    plaque_no = Varchar(20)
    legal_point = Varchar(120)
    facilities = Text()
    state = Varchar(20)
    opened_on = Date(default=None)
    created_at = moment()


class RuleBoard(Table):
    """One version of one of the ten boards of a station (art. 12); versions are kept, never changed."""

    id = identity()
    station = belongs_to(Station)
    kind = Varchar(20)
    version = Integer(default=1)
    lines = Text()
    effective_from = Date(default=None)
    edited_by = Varchar(40)
    created_at = moment()
