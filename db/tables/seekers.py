"""Job seekers (求职者), their trades, certificates and consent."""

from __future__ import annotations

from piccolo.columns import BigInt, Boolean, Date, Integer, Text, Varchar
from piccolo.table import Table

from db.tables.accounts import Account
from db.tables.columns import belongs_to, identity, moment
from db.tables.stations import Station
from db.vault import Sealed


class Seeker(Table):
    """A worker looking for gigs. Gender and birth date come from the ID number, or are typed where it does not tell them.

    `phone_tail` is the keyed hash of the last four digits, for finding somebody at the counter. `phone_owner` says
    whose phone it is when it is not the seeker's. `availability` is "weekday-slot" cells joined by commas. `asked_on` is
    the day on which the retention rules last had somebody who was silent for a year asked whether the record is still wanted.
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
    restricted_reason = Text(default="")
    source = Varchar(20, default="COUNTER")
    confirmed_by = belongs_to(Account, null=True)
    confirmed_how = Varchar(20, default="")
    identity_seen_by = belongs_to(Account, null=True)
    identity_seen_at = moment(null=True)
    suggestions = Boolean(default=True)
    asked_on = Date(null=True, default=None)
    closed_at = moment(null=True)
    closed_reason = Text(default="")
    anonymised_at = moment(null=True)
    merged_into = BigInt(null=True, default=None)
    changed_at = moment(null=True)
    created_by = belongs_to(Account)
    created_at = moment()


class SeekerVersion(Table):
    """A registration as it stood before a change, kept for ever (art. 23); `record` is sealed JSON, `changed` a JSON list."""

    id = identity()
    seeker = belongs_to(Seeker)
    number = Integer(default=1)
    record = Sealed()
    changed = Text()
    reason = Varchar(200, default="")
    author = belongs_to(Account)
    at = moment()


class RightsRequest(Table):
    """What a seeker asked for about their own data (PIPL 44-50): correct, export, delete, explain; answered in 15 days.

    `details` is sealed: what is wrong and what would be right. `by_proxy` says that staff wrote it down with the
    person present.
    """

    id = identity()
    seeker = belongs_to(Seeker)
    kind = Varchar(20)
    field = Varchar(40, default="")
    details = Sealed(default="")
    state = Varchar(20, index=True)
    by_proxy = Boolean(default=False)
    asked_by = belongs_to(Account)
    asked_at = moment()
    due_on = Date(default=None)
    answer = Text(default="")
    answered_by = belongs_to(Account, null=True)
    answered_at = moment(null=True)


class Reveal(Table):
    """Somebody looked at a person's full data: whose, which fields, what for (domain reference 9, rule 2)."""

    id = identity()
    account = belongs_to(Account)
    station = belongs_to(Station, null=True)
    subject = Varchar(20)
    subject_id = BigInt()
    fields = Varchar(120)
    purpose = Varchar(20)
    note = Varchar(200, default="")
    day = Date(default=None)
    at = moment()


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
    withdrawn_at = moment(null=True)
    withdrawn_by = belongs_to(Account, null=True)


class RefusalCount(Table):
    """How many registrations were refused for age on a day: a number, never who (PIPL 6, domain reference 10.5)."""

    id = identity()
    station = belongs_to(Station)
    day = Date(default=None)
    refusals = Integer(default=0)


class SeekerGroup(Table):
    """A group of domain reference 7.11 that a seeker belongs to, with the separate consent it needs (PIPL 29). Ended, never removed."""

    id = identity()
    seeker = belongs_to(Seeker)
    kind = Varchar(20)
    consent = belongs_to(Consent, null=True)
    proof = Varchar(100, default="")
    added_by = belongs_to(Account)
    added_at = moment()
    ended_by = belongs_to(Account, null=True)
    ended_at = moment(null=True)
    ended_reason = Varchar(200, default="")
