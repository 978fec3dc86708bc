"""Referrals (推荐) and placements (上岗)."""

from __future__ import annotations

from piccolo.columns import BigInt, Date, Integer, Text, Varchar
from piccolo.table import Table

from db.tables.accounts import Account
from db.tables.columns import belongs_to, identity, moment
from db.tables.jobs import Job
from db.tables.seekers import Consent, Seeker
from db.tables.stations import Station


class Referral(Table):
    """One worker proposed for one post, and what both sides answered.

    `station` is the post's; `seeker_station` the one that keeps the worker's record (None: the same). The worker's
    answer comes from the worker or from that station (domain reference 9, rule 7). `referred_by` is the station whose
    staff made the referral (None: the post's): the placement counts there (art. 10).
    """

    id = identity()
    number = Varchar(20, unique=True)
    job = belongs_to(Job)
    job_version = Integer(default=1)
    seeker = belongs_to(Seeker)
    station = belongs_to(Station)
    seeker_station = belongs_to(Station, null=True)
    referred_by = belongs_to(Station, null=True)
    source = Varchar(20, default="STAFF")
    created_by = belongs_to(Account)
    created_at = moment()
    state = Varchar(24, index=True)
    warnings = Text()
    lapses_at = moment()
    consent = belongs_to(Consent, null=True)
    worker_answered_at = moment(null=True)
    worker_reason = Varchar(200, default="")
    employer_answered_at = moment(null=True)
    employer_reason = Varchar(200, default="")
    employer_answered_by = Varchar(40, default="")
    closed_at = moment(null=True)
    close_reason = Varchar(200, default="")


class Placement(Table):
    """A worker who started, with the evidence. One row is one 推荐成功就业人次 (domain reference 8.2).

    `station` is where it counts: the station whose staff made the referral; `supplied_by` the post's when that is another
    one (供岗). How the work ended is written once: `ended_how`, hours in minutes or pieces, the pay due in fen and its day.
    """

    id = identity()
    referral = belongs_to(Referral)
    job = belongs_to(Job)
    seeker = belongs_to(Seeker)
    station = belongs_to(Station)
    started_on = Date(default=None)
    evidence = Varchar(30)
    evidence_note = Varchar(200)
    recorded_by = belongs_to(Account)
    recorded_at = moment()
    supplied_by = belongs_to(Station, null=True)
    ended_on = Date(null=True, default=None)
    ended_how = Varchar(20, default="")
    ended_by_side = Varchar(12, default="")
    ended_reason = Varchar(200, default="")
    worked_minutes = Integer(null=True, default=None)
    pieces = Integer(null=True, default=None)
    pay_due_fen = BigInt(null=True, default=None)
    pay_due_on = Date(null=True, default=None)
    ended_recorded_by = belongs_to(Account, null=True)
    ended_recorded_at = moment(null=True)
    disputed_at = moment(null=True)


class Evidence(Table):
    """What proves that a placement began, appended as it comes in: the first one counts it, later ones make it stronger."""

    id = identity()
    placement = belongs_to(Placement)
    kind = Varchar(30)
    note = Varchar(200, default="")
    recorded_by = belongs_to(Account)
    recorded_at = moment()
