"""Call-backs and ratings (雇主回访, 零工回访, 服务评价; art. 11)."""

from __future__ import annotations

from piccolo.columns import BigInt, Boolean, Date, Integer, Text, Varchar
from piccolo.table import Table

from db.tables.accounts import Account
from db.tables.columns import belongs_to, identity, moment
from db.tables.referrals import Placement, Referral
from db.tables.stations import Station
from db.vault import Sealed


class FollowUp(Table):
    """One call-back as it went: appended, never changed. `answered` False is an attempt nobody answered.

    `made_on` is the day it was made, `made_at` when it was written down: attempts count once a day. `arrived` is how many people
    came, as the employer says. `pay_fen` is what the worker says to have received. `note` is sealed: people tell more than a
    list may show.
    `complaint` and `legal_case` are the numbers of what it opened.
    """

    id = identity()
    placement = belongs_to(Placement)
    referral = belongs_to(Referral)
    station = belongs_to(Station)
    kind = Varchar(12)
    side = Varchar(12)
    attempt = Integer(default=1)
    due_on = Date(default=None)
    method = Varchar(12)
    answered = Boolean(default=False)
    result = Varchar(20, default="")
    satisfaction = Integer(null=True, default=None)
    again = Varchar(12, default="")
    arrived = Integer(null=True, default=None)
    performance = Varchar(12, default="")
    pay_state = Varchar(12, default="")
    pay_fen = BigInt(null=True, default=None)
    fee_charged = Boolean(null=True, default=None)
    injured = Boolean(null=True, default=None)
    disputed = Boolean(null=True, default=None)
    agreement_got = Boolean(null=True, default=None)
    note = Sealed(default="")
    spoken_with = Varchar(40, default="")
    complaint = Varchar(20, default="")
    legal_case = Varchar(20, default="")
    made_by = belongs_to(Account)
    made_on = Date(default=None)
    made_at = moment()


class RatingTicket(Table):
    """A one-time link on a slip for rating without an account; `key` is the SHA-256 of what the QR carries.

    One per referral and side: a slip printed again carries the same.
    """

    id = identity()
    key = Varchar(64, unique=True)
    referral = belongs_to(Referral)
    side = Varchar(12)
    made_at = moment()
    expires_at = moment()
    used_at = moment(null=True)


class Rating(Table):
    """What one side said: of the station (four scores) or of the other side (tags). One of each per referral.

    Ratings of each other stay closed until both are in or seven days have passed since the end was written down
    (`rules.ratings.opened_at`). `words` and `reply` are sealed.
    """

    id = identity()
    referral = belongs_to(Referral)
    station = belongs_to(Station)
    side = Varchar(12)
    about = Varchar(12)
    attitude = Integer(null=True, default=None)
    speed = Integer(null=True, default=None)
    accuracy = Integer(null=True, default=None)
    surroundings = Integer(null=True, default=None)
    tags = Text(default="[]")
    words = Sealed(default="")
    how = Varchar(12)
    recorded_by = belongs_to(Account, null=True)
    given_at = moment()
    reply = Sealed(default="")
    replied_at = moment(null=True)
    replied_by = belongs_to(Account, null=True)
