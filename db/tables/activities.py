"""Work of a station besides referrals (培训, 政策咨询, 走访采集, 宣传, …): what the monthly ledger counts (domain reference 8.3)."""

from __future__ import annotations

from piccolo.columns import BigInt, Date, Integer, Varchar
from piccolo.table import Table

from db.tables.accounts import Account
from db.tables.columns import belongs_to, identity, moment
from db.tables.employers import Employer
from db.tables.seekers import Seeker
from db.tables.stations import Station
from db.vault import Sealed


class Activity(Table):
    """One thing done, with the people it reached. `note` is sealed: people tell more than a list may show.

    `people` counts 人次. For 余缺调剂 `offered`, `wanted` and `matched` are heads. `level` is that of an incident.
    """

    id = identity()
    number = Varchar(20, unique=True)
    station = belongs_to(Station)
    kind = Varchar(20)
    held_on = Date(default=None)
    topic = Varchar(20, default="")
    title = Varchar(80)
    people = Integer(default=0)
    offered = Integer(null=True, default=None)
    wanted = Integer(null=True, default=None)
    matched = Integer(null=True, default=None)
    level = Varchar(12, default="")
    outcome = Varchar(200, default="")
    place = Varchar(60, default="")
    note = Sealed(default="")
    amount_fen = BigInt(null=True, default=None)
    employer = belongs_to(Employer, null=True)
    seeker = belongs_to(Seeker, null=True)
    late_reason = Varchar(200, default="")
    recorded_by = belongs_to(Account)
    recorded_at = moment()
