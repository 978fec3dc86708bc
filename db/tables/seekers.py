"""Job seekers (求职者), their trades, certificates and consent."""

from __future__ import annotations

from piccolo.columns import Boolean, Date, Integer, Text, Varchar
from piccolo.table import Table

from db.tables.accounts import Account
from db.tables.columns import belongs_to, identity, moment
from db.tables.stations import Station
from db.vault import Sealed


class Seeker(Table):
    """A worker looking for gigs. Gender and birth date come from the ID number, or are typed where it does not tell them.

    `phone_tail` is the keyed hash of the last four digits, for finding somebody at the counter. `phone_owner` says
    whose phone it is when it is not the seeker's. `availability` is "weekday-slot" cells joined by commas.
    """

    id = identity()
    number = Varchar(20, unique=True)
    station = belongs_to(Station)
    name = Varchar(40)
    id_type = Varchar(4)
    id_number = Sealed()
    id_index = Varchar(80, unique=True)
    birth_date = Date(default=None)
    gender = Varchar(1, default="")
    phone = Sealed()
    phone_index = Varchar(80, index=True)
    phone_tail = Varchar(80, index=True)
    phone_owner = Varchar(40, default="")
    subdistrict = Varchar(9)
    community = Varchar(40)
    education = Varchar(4, default="")
    skills = Text()
    availability = Varchar(200)
    pay_wish = Varchar(60, default="")
    max_km = Integer(null=True, default=None)
    pension = Varchar(10, default="")
    guardian_name = Varchar(40, default="")
    guardian_phone = Sealed(default="")
    guardian_consent = Boolean(default=False)
    training_wish = Varchar(100, default="")
    read_aloud = Boolean(default=False)
    by_proxy = Boolean(default=False)
    original_seen = Boolean(default=True)
    state = Varchar(20)
    confirmed_on = Date(default=None)
    restricted_until = Date(null=True, default=None)
    created_by = belongs_to(Account)
    created_at = moment()


class SeekerTrade(Table):
    """A trade the seeker looks for (at most five)."""

    id = identity()
    seeker = belongs_to(Seeker)
    trade = Varchar(3, index=True)


class SeekerCertificate(Table):
    """A certificate the counter saw. The number is sealed; `valid_to` None means it does not run out."""

    id = identity()
    seeker = belongs_to(Seeker)
    type = Varchar(3)
    number = Sealed(default="")
    valid_to = Date(null=True, default=None)
    recorded_at = moment()


class Consent(Table):
    """What a seeker agreed to, in which wording, when and how (PIPL 14, 17, 23)."""

    id = identity()
    seeker = belongs_to(Seeker)
    purpose = Varchar(20)
    notice_version = Varchar(20)
    wording = Text()
    method = Varchar(20)
    given_at = moment()
    recorded_by = belongs_to(Account)


class RefusalCount(Table):
    """How many registrations were refused for age on a day: a number, never who (PIPL 6, domain reference 10.5)."""

    id = identity()
    station = belongs_to(Station)
    day = Date(default=None)
    refusals = Integer(default=0)
