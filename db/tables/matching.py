"""Batch matching (岗位匹配): a run with its stored seed, and what it suggested. A person decides about each suggestion."""

from __future__ import annotations

from piccolo.columns import Date, Integer, Text, Varchar
from piccolo.table import Table

from db.tables.accounts import Account
from db.tables.columns import belongs_to, identity, moment
from db.tables.jobs import Job
from db.tables.seekers import Seeker
from db.tables.stations import Station
from db.vault import Sealed


class MatchRun(Table):
    """One run over a morning's demands and people.

    `number` counts the runs of a day at the station. `inputs` is sealed JSON of what went in (`rules.batch.record_of`), enough
    to do it again. `whom`: HERE or REGISTERED.
    """

    id = identity()
    station = belongs_to(Station)
    number = Varchar(12)
    day = Date(default=None)
    seed = Varchar(64)
    whom = Varchar(12)
    posts = Integer(default=0)
    places = Integer(default=0)
    people = Integer(default=0)
    filled = Integer(default=0)
    milliseconds = Integer(default=0)
    inputs = Sealed()
    made_by = belongs_to(Account)
    made_at = moment()


class Suggestion(Table):
    """This person for that post, why in a sentence, and what staff decided. `place` is the place in the waiting order of the run."""

    id = identity()
    run = belongs_to(MatchRun)
    job = belongs_to(Job)
    seeker = belongs_to(Seeker)
    place = Integer(default=0)
    reason = Text()
    decision = Varchar(12, default="")
    decided_by = belongs_to(Account, null=True)
    decided_at = moment(null=True)
    decided_reason = Varchar(200, default="")
    referral_number = Varchar(20, default="")
