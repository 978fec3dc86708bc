"""Who came today (到站签到), the published calling rules and draws, and every call. Positions are never kept: the order is derived."""

from __future__ import annotations

from piccolo.columns import Boolean, Date, Integer, Text, Time, Varchar
from piccolo.table import Table

from db.tables.accounts import Account
from db.tables.columns import belongs_to, identity, moment
from db.tables.jobs import Job
from db.tables.seekers import Seeker
from db.tables.stations import Station


class CallingRule(Table):
    """One version of how a station calls people: kept for ever, in force from its day on. `draw_at`: when a draw is held."""

    id = identity()
    station = belongs_to(Station)
    version = Integer(default=1)
    method = Varchar(20)
    draw_at = Time(null=True, default=None)
    reason = Varchar(200, default="")
    effective_from = Date(default=None)
    decided_by = belongs_to(Account)
    decided_at = moment()


class Draw(Table):
    """The draw of one day at one station: the seed published before anybody signs in, then how many tickets took part.

    The order of the tickets 1 to `tickets` follows from station, day, seed and `tickets` alone (rules/calling_order.py).
    """

    id = identity()
    station = belongs_to(Station)
    day = Date(default=None)
    seed = Varchar(64)
    published_at = moment()
    published_by = belongs_to(Account, null=True)
    tickets = Integer(default=0)
    held_at = moment(null=True)
    held_by = belongs_to(Account, null=True)


class SignIn(Table):
    """One person at one station on one day. `ticket` counts the arrivals of the day; nothing here is a place in the order.

    `arrived_at` is when it was keyed, `signed_at` when the server had it (later after a network cut: `late`).
    `waiting_since` is the day this person has waited from, as it was known on arrival. `token` is the desk's own mark of
    what was keyed, so that it is sent once. `returned_at`: back on the same day after a short job, to the old place.
    """

    id = identity()
    station = belongs_to(Station)
    day = Date(default=None)
    ticket = Integer(default=0)
    seeker = belongs_to(Seeker)
    how = Varchar(12)
    arrived_at = moment()
    signed_at = moment()
    late = Boolean(default=False)
    waiting_since = Date(default=None)
    state = Varchar(12)
    state_at = moment()
    returned_at = moment(null=True)
    token = Varchar(40, default="")
    signed_by = belongs_to(Account)


class Call(Table):
    """A person called, or passed over with a coded reason; appended, and answered once.

    `named`: the employer asked for this person by name. `before` keeps the
    tickets that stood in front and were eligible when this call was made, as JSON, so that the choice can be checked.
    """

    id = identity()
    station = belongs_to(Station)
    day = Date(default=None)
    sign_in = belongs_to(SignIn)
    job = belongs_to(Job, null=True)
    kind = Varchar(12)
    reason = Varchar(20, default="")
    note = Varchar(200, default="")
    named = Boolean(default=False)
    before = Text(default="[]")
    counter = Varchar(10, default="")
    made_by = belongs_to(Account)
    made_at = moment()
    answer = Varchar(12, default="")
    answered_at = moment(null=True)
    referral_number = Varchar(20, default="")
