"""Orders taken (接单): which member of staff takes care of a published demand, and until when."""

from __future__ import annotations

from piccolo.columns import Integer, Varchar
from piccolo.table import Table

from db.tables.accounts import Account
from db.tables.columns import belongs_to, identity, moment
from db.tables.jobs import Job
from db.tables.stations import Station


class OrderTake(Table):
    """One time that somebody took a demand. Without a live one the order is open; one is live at a time (db/ddl.py).

    `station` is the taker's; `ring` says how far the order had come by then.
    """

    id = identity()
    job = belongs_to(Job)
    station = belongs_to(Station)
    round = Integer(default=1)
    ring = Varchar(12)
    state = Varchar(12)
    taken_by = belongs_to(Account)
    taken_at = moment()
    deadline = moment()
    ended_at = moment(null=True)
    ended_by = belongs_to(Account, null=True)
    ended_reason = Varchar(200, default="")


class Neighbour(Table):
    """A station whose unfilled demands come to another one first, before the whole district (art. 10 余缺调剂)."""

    id = identity()
    station = belongs_to(Station)
    neighbour = belongs_to(Station)
    set_by = belongs_to(Account)
    set_at = moment()
    ended_at = moment(null=True)
