"""Data in and out in bulk: uploaded workbooks, requested exports, and the runs of the retention rules."""

from __future__ import annotations

from piccolo.columns import BigInt, Boolean, Integer, Text, Varchar
from piccolo.table import Table

from db.tables.accounts import Account
from db.tables.columns import belongs_to, identity, moment
from db.tables.stations import Station
from db.vault import Sealed


class Import(Table):
    """One uploaded workbook (`kind`: jobs or seekers): tried first, then confirmed, then done row by row.

    `source` names the sealed file in the archive until it was read, `result` the sealed file with what each row came
    to; both go when they are no longer needed. `checked`, `fresh`, `duplicate`, `wrong`, `children` and `saved` count
    rows. `findings` is sealed JSON: the first rows that cannot be registered, and why. `runner` and `beat_at` say which
    process works on it and when it last said so.
    """

    id = identity()
    station = belongs_to(Station)
    kind = Varchar(20)
    state = Varchar(20, index=True)
    filename = Varchar(120)
    source = Varchar(120)
    sha256 = Varchar(64)
    size = Integer(default=0)
    result = Varchar(120, default="")
    result_sha256 = Varchar(64, default="")
    total = Integer(default=0)
    checked = Integer(default=0)
    fresh = Integer(default=0)
    duplicate = Integer(default=0)
    wrong = Integer(default=0)
    children = Integer(default=0)
    saved = Integer(default=0)
    problem = Text(default="")
    findings = Sealed(default="")
    runner = Varchar(40, default="")
    beat_at = moment(null=True)
    by = belongs_to(Account)
    at = moment()
    confirmed_at = moment(null=True)
    ended_at = moment(null=True)


class ImportRow(Table):
    """One confirmed row that was dealt with, so that none is registered twice: the record it became, or why it did not."""

    id = identity()
    batch = belongs_to(Import)
    row = Integer(default=0)
    number = Varchar(20, default="")
    field = Varchar(40, default="")
    reason = Sealed(default="")


class Export(Table):
    """A list somebody wants as a file: asked for with a purpose, decided by a second person, marked, journalled.

    `search` is the JSON of the list's filter, `mark` the random id that stands in the file, `made` the archived file.
    `rows` is what the server counted when it was asked for, then what the file holds.
    """

    id = identity()
    station = belongs_to(Station, null=True)
    kind = Varchar(30)
    search = Text()
    purpose = Varchar(20)
    note = Varchar(200, default="")
    full = Boolean(default=False)
    state = Varchar(20, index=True)
    asked_by = belongs_to(Account)
    asked_at = moment()
    decided_by = belongs_to(Account, null=True)
    decided_at = moment(null=True)
    decision_reason = Varchar(200, default="")
    mark = Varchar(40, default="")
    made = Varchar(120, default="")
    made_sha256 = Varchar(64, default="")
    rows = Integer(default=0)
    size = BigInt(default=0)
    made_at = moment(null=True)
    fetched_at = moment(null=True)


class RetentionRun(Table):
    """One run of the retention rules: a dry run, or what was then done; counts by rule as JSON (domain reference 10.5)."""

    id = identity()
    dry = Boolean(default=True)
    counts = Text()
    confirmed = BigInt(null=True, default=None)
    by = belongs_to(Account, null=True)
    at = moment()
