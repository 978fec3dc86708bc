"""Issued papers: number, snapshot, hash (art. 16, 23); pictures on papers; papers printed many at a time."""

from __future__ import annotations

from piccolo.columns import BigInt, Date, Integer, Varchar
from piccolo.table import Table

from db.tables.accounts import Account
from db.tables.columns import belongs_to, identity, moment
from db.tables.stations import Station
from db.vault import Sealed


class Paper(Table):
    """One issued PDF. The bytes lie sealed in the archive under `archive_key`; `sha256` is of the plain bytes.

    With a station's certificate the kept bytes carry a signature, whose time differs from printing to printing:
    `unsigned_sha256` is then of the bytes before signing, which the snapshot gives again at any time ("" when unsigned).
    """

    id = identity()
    number = Varchar(30, index=True)
    kind = Varchar(4)
    copy_number = Integer(default=1)
    subject = Varchar(20)
    subject_id = BigInt(default=0, index=True)
    station = belongs_to(Station)
    snapshot = Sealed()
    sha256 = Varchar(64)
    unsigned_sha256 = Varchar(64, default="")
    archive_key = Varchar(80)
    size = Integer(default=0)
    issued_by = belongs_to(Account)
    issued_at = moment()
    voided_at = moment(null=True)
    voided_by = belongs_to(Account, null=True)
    void_reason = Varchar(200, default="")


class Emblem(Table):
    """A picture for papers and boards, uploaded by the district (art. 5): for every station, or for one. Newest counts."""

    id = identity()
    kind = Varchar(10, index=True)
    station = belongs_to(Station, null=True)
    media_type = Varchar(20)
    width = Integer(default=0)
    height = Integer(default=0)
    size = Integer(default=0)
    sha256 = Varchar(64)
    archive_key = Varchar(80)
    set_by = belongs_to(Account)
    set_at = moment()


class PrintRun(Table):
    """Papers printed many at a time (批量打印): asked for at the desk, worked on in the background, fetched as one file.

    `runner` is the task that works on it and `beat_at` when it last said so: one that fell silent is taken over.
    """

    id = identity()
    number = Varchar(20, unique=True)
    station = belongs_to(Station)
    kind = Varchar(20)
    day = Date(null=True, default=None)
    choice = Varchar(40, default="")
    bundle = Varchar(4)
    state = Varchar(12, index=True)
    total = Integer(default=0)
    asked_by = belongs_to(Account)
    asked_at = moment()
    started_at = moment(null=True)
    ended_at = moment(null=True)
    runner = Varchar(16, default="")
    beat_at = moment(null=True)
    message = Varchar(200, default="")
    pages = Integer(default=0)
    sha256 = Varchar(64, default="")
    archive_key = Varchar(80, default="")
    size = Integer(default=0)


class PrintItem(Table):
    """One paper of a bulk print; a paper the renderer dies on is tried again and then named, the others go on."""

    id = identity()
    run = belongs_to(PrintRun)
    position = Integer(default=0)
    subject = Varchar(20)
    subject_id = BigInt(default=0)
    number = Varchar(30)
    state = Varchar(12)
    tries = Integer(default=0)
    message = Varchar(200, default="")
    archive_key = Varchar(80, default="")
    sha256 = Varchar(64, default="")
    changed_at = moment()
