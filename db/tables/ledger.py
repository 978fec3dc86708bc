"""The monthly ledger (月度台账, art. 23): where a month stands, every version that was signed, every step; and samples."""

from __future__ import annotations

from piccolo.columns import BigInt, Date, Integer, Text, Varchar
from piccolo.table import Table

from db.tables.accounts import Account
from db.tables.columns import belongs_to, identity, moment
from db.tables.referrals import Placement
from db.tables.stations import Station


class Ledger(Table):
    """One month of one station. `month` is 202611; `state` a rules.codes.LedgerState; `version` the newest signed one (0: none).

    `main_work`, `problems` and `plans` are part 3 while it is being written; a version keeps its own. `submitted_at`: the
    first time; later ones are in the steps.
    """

    id = identity()
    station = belongs_to(Station)
    month = Integer()
    state = Varchar(12)
    version = Integer(default=0)
    due_on = Date(default=None)
    main_work = Text(default="")
    problems = Text(default="")
    plans = Text(default="")
    words_by = belongs_to(Account, null=True)
    submitted_at = moment(null=True)
    changed_at = moment()


class LedgerVersion(Table):
    """A month as it was signed; append-only. The content lies sealed in the archive under `archive_key`, `sha256` is of it.

    `head_chain`, `head_seq`, `head_hash`: the journal as it stood just before it was signed. `summary` is part 1 as JSON.
    """

    id = identity()
    ledger = belongs_to(Ledger)
    station = belongs_to(Station)
    month = Integer()
    number = Varchar(40, unique=True)
    version = Integer(default=1)
    summary = Text()
    main_work = Text(default="")
    problems = Text(default="")
    plans = Text(default="")
    archive_key = Varchar(80)
    sha256 = Varchar(64)
    size = Integer(default=0)
    head_chain = Varchar(40)
    head_seq = BigInt(default=0)
    head_hash = Varchar(64, index=True)
    reason = Varchar(200, default="")
    filled_by = Varchar(40, default="")
    closed_by = belongs_to(Account)
    signed_name = Varchar(40)
    closed_at = moment()


class LedgerStep(Table):
    """What was done with a month, appended: closed, submitted, queried, answered, accepted, corrected."""

    id = identity()
    ledger = belongs_to(Ledger)
    version = Integer(default=0)
    kind = Varchar(12)
    note = Varchar(400, default="")
    by = belongs_to(Account, null=True)
    at = moment()


class Sample(Table):
    """Placements of a month drawn at random for a check on the spot. The seed is published before anything is drawn.

    Which lines were drawn follows from station, month, seed, `population` and `size` alone (rules/samples.py). With the seed
    the signed version is fixed; `population` is the number of lines in its list ③.
    """

    id = identity()
    number = Varchar(30, unique=True)
    station = belongs_to(Station)
    month = Integer()
    ledger_version = belongs_to(LedgerVersion)
    seed = Varchar(64)
    published_by = belongs_to(Account)
    published_at = moment()
    size = Integer(default=0)
    population = Integer(default=0)
    drawn_by = belongs_to(Account, null=True)
    drawn_at = moment(null=True)


class SampleLine(Table):
    """One drawn placement and what the check found; checked once. `position` is its place in the draw, `line` in list ③."""

    id = identity()
    sample = belongs_to(Sample)
    position = Integer(default=0)
    line = Integer(default=0)
    placement = belongs_to(Placement)
    verdict = Varchar(12, default="")
    note = Varchar(200, default="")
    checked_by = belongs_to(Account, null=True)
    checked_on = Date(null=True, default=None)
    checked_at = moment(null=True)
