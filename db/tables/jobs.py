"""Job orders and posts (岗位): the current row, its kept versions, its reviews."""

from __future__ import annotations

from piccolo.columns import BigInt, Boolean, Date, Integer, Text, Time, Varchar
from piccolo.table import Table

from db.tables.accounts import Account
from db.tables.columns import belongs_to, identity, moment
from db.tables.employers import Employer
from db.tables.stations import Station
from db.vault import Sealed


class Job(Table):
    """A job order and, once published, the public post.

    The public columns (title … employer_label) are a copy of the published version, made when it is published;
    before that they follow the latest version. `listed` is true while the post may stand on the board:
    published, places free, not stale. Whether it is still in time is asked with the date. `confirmed_on` is the day
    the employer last said that the post still stands; it verifies nothing (docs/decisions). `tie_seed` is drawn at the first
    publication: between people who fit equally well it decides, the same way for whoever looks.
    """

    id = identity()
    number = Varchar(20, unique=True)
    station = belongs_to(Station)
    employer = belongs_to(Employer)
    author = belongs_to(Account)
    source = Varchar(20)
    state = Varchar(20, index=True)
    version = Integer(default=1)
    published_version = Integer(null=True, default=None)
    listed = Boolean(default=False)
    headcount = Integer(default=0)
    placed_count = Integer(default=0)
    title = Varchar(60)
    trade = Varchar(3)
    subdistrict = Varchar(9)
    landmark = Varchar(60)
    start_date = Date(null=True, default=None)
    end_date = Date(null=True, default=None)
    start_time = Time(null=True, default=None)
    end_time = Time(null=True, default=None)
    pay_fen = BigInt(default=0)
    pay_unit = Varchar(10)
    settle_cycle = Varchar(12)
    hourly_fen = BigInt(null=True, default=None)
    benefits = Varchar(200)
    certificates = Varchar(80)
    employer_label = Varchar(80)
    valid_to = Date(null=True, default=None)
    verify_method = Varchar(20, default="")
    verified_by = belongs_to(Account, null=True)
    verified_on = Date(null=True, default=None)
    confirmed_on = Date(null=True, default=None)
    reviewer = belongs_to(Account, null=True)
    review_taken_at = moment(null=True)
    submitted_at = moment(null=True)
    published_at = moment(null=True)
    channels = Varchar(120, default="")
    ended_at = moment(null=True)
    ended_reason = Text(default="")
    text_hash = Varchar(64, default="", index=True)
    tie_seed = Varchar(32, default="")
    created_at = moment()
    changed_at = moment()


class JobVersion(Table):
    """One version of the order as it was typed, kept for ever. Contact and exact place are sealed.

    `terms` is the JSON of `rules.jobs.terms_to_record` without the sealed fields; `changed` the JSON list of the fields
    that differ from the version before; `checks` the JSON of every hit of the checks that ran on it; `answers` what the
    author answered to each warning.
    """

    id = identity()
    job = belongs_to(Job)
    number = Integer(default=1)
    terms = Text()
    exact_address = Sealed()
    contact_name = Sealed()
    contact_phone = Sealed()
    pickup_place = Sealed()
    changed = Text()
    checks = Text()
    answers = Text()
    author = belongs_to(Account)
    created_at = moment()


class JobReview(Table):
    """One decision about one version: returned with marked fields, rejected, approved or taken down."""

    id = identity()
    job = belongs_to(Job)
    version = Integer(default=1)
    decision = Varchar(20)
    reason_code = Varchar(20, default="")
    reason = Text()
    legal_basis = Varchar(200, default="")
    marked_fields = Text()
    answers = Text()
    reviewer = belongs_to(Account)
    at = moment()


class JobAppeal(Table):
    """An employer's or author's objection to a take-down or a rejection, and what came of it (domain reference 3.3)."""

    id = identity()
    job = belongs_to(Job)
    reason = Text()
    asked_by = belongs_to(Account)
    asked_at = moment()
    decision = Varchar(20, default="")
    decision_reason = Text(default="")
    decided_by = belongs_to(Account, null=True)
    decided_at = moment(null=True)


class JobOutcome(Table):
    """What an employer said after a post ended: how many people were found, and where."""

    id = identity()
    job = belongs_to(Job)
    found = Integer(default=0)
    where = Varchar(20)
    note = Varchar(200, default="")
    by = belongs_to(Account)
    at = moment()


class JobAlert(Table):
    """A search somebody saved to be told about new posts, without an account (`key`: SHA-256 of the unsubscribe token)."""

    id = identity()
    key = Varchar(64, unique=True)
    token = Sealed()
    phone = Sealed()
    phone_index = Varchar(80, index=True)
    search = Text()
    created_at = moment()
    last_published_at = moment()
    last_sent_at = moment(null=True)
    ended_at = moment(null=True)


class LintRelease(Table):
    """A blocking hit that an authorised person released as a false positive, with the reason (domain reference 6.1)."""

    id = identity()
    job = belongs_to(Job)
    version = Integer(default=1)
    rule = Varchar(10)
    words = Varchar(200)
    reason = Text()
    released_by = belongs_to(Account)
    at = moment()
