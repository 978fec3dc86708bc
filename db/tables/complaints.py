"""Complaints (投诉举报, domain reference 3.14) and cases of claimed rights (法律维权: pay not received)."""

from __future__ import annotations

from piccolo.columns import BigInt, Date, Integer, Varchar
from piccolo.table import Table

from db.tables.accounts import Account
from db.tables.columns import belongs_to, identity, moment
from db.tables.employers import Employer
from db.tables.referrals import Placement, Referral
from db.tables.seekers import Seeker
from db.tables.stations import Station
from db.vault import Sealed


class Complaint(Table):
    """A complaint. `route` says who answers it: the station, or past the station its supervising unit.

    `against_account` is a member of staff it is about: that person never sees or handles it (domain reference 9, rule 1).
    `follow_code` is the six digits with which whoever complained reads the answer; `misses` counts wrong ones.
    """

    id = identity()
    number = Varchar(20, unique=True)
    station = belongs_to(Station)
    kind = Varchar(20)
    level = Varchar(12)
    route = Varchar(12)
    source = Varchar(12)
    referral = belongs_to(Referral, null=True)
    follow_up_id = BigInt(null=True, default=None)
    seeker = belongs_to(Seeker, null=True)
    employer = belongs_to(Employer, null=True)
    against_account = belongs_to(Account, null=True)
    words = Sealed(default="")
    contact = Sealed(default="")
    state = Varchar(20)
    acknowledge_by = moment()
    reply_by = moment()
    decision = Varchar(20, default="")
    decided_by = belongs_to(Account, null=True)
    follow_code = Sealed(default="")
    misses = Integer(default=0)
    opened_by = belongs_to(Account, null=True)
    opened_at = moment()
    closed_at = moment(null=True)


class ComplaintStep(Table):
    """What was done about a complaint, appended: the new state and the words, sealed."""

    id = identity()
    complaint = belongs_to(Complaint)
    state = Varchar(20)
    words = Sealed(default="")
    by = belongs_to(Account, null=True)
    at = moment()


class LegalCase(Table):
    """A case of claimed rights; while one about unpaid work is open, the employer begins no new demand anywhere.

    `claim_fen` is what is said to be owed, `recovered_fen` what was paid in the end. `limit_on`: remind of the time limit.
    """

    id = identity()
    number = Varchar(20, unique=True)
    station = belongs_to(Station)
    kind = Varchar(20)
    referral = belongs_to(Referral, null=True)
    placement = belongs_to(Placement, null=True)
    follow_up_id = BigInt(null=True, default=None)
    employer = belongs_to(Employer)
    seeker = belongs_to(Seeker)
    facts = Sealed(default="")
    claim_fen = BigInt(null=True, default=None)
    recovered_fen = BigInt(null=True, default=None)
    state = Varchar(20)
    handler = belongs_to(Account, null=True)
    limit_on = Date(null=True, default=None)
    opened_by = belongs_to(Account)
    opened_at = moment()
    closed_at = moment(null=True)


class CaseStep(Table):
    """What was done about a case, appended: the state after it and the words, sealed."""

    id = identity()
    legal_case = belongs_to(LegalCase)
    state = Varchar(20)
    words = Sealed(default="")
    by = belongs_to(Account)
    at = moment()
