"""The hall's screens (信息发布屏, domain reference 10.6): paired devices, and notices typed for them."""

from __future__ import annotations

from piccolo.columns import Date, Integer, Varchar
from piccolo.table import Table

from db.tables.accounts import Account
from db.tables.columns import belongs_to, identity, moment
from db.tables.stations import Station


class Screen(Table):
    """A screen: first it shows a pairing code, then a manager names it. `key` is the SHA-256 of the device's token."""

    id = identity()
    station = belongs_to(Station)
    key = Varchar(64, unique=True)
    code = Varchar(6)
    name = Varchar(30, default="")
    asked_at = moment()
    expires_at = moment()
    tries = Integer(default=0)
    paired_by = belongs_to(Account, null=True)
    paired_at = moment(null=True)
    seen_at = moment(null=True)
    revoked_by = belongs_to(Account, null=True)
    revoked_at = moment(null=True)


class ScreenNotice(Table):
    """A line somebody typed for the screens: courses, recruiting events, weather. `station` None: for the whole district."""

    id = identity()
    station = belongs_to(Station, null=True)
    kind = Varchar(20)
    words = Varchar(120)
    first_day = Date(default=None)
    last_day = Date(default=None)
    made_by = belongs_to(Account)
    made_at = moment()
    ended_by = belongs_to(Account, null=True)
    ended_at = moment(null=True)
