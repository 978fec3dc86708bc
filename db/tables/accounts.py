"""People who sign in, their sessions, and failed attempts."""

from __future__ import annotations

from piccolo.columns import Boolean, Varchar
from piccolo.table import Table

from db.tables.columns import belongs_to, identity, moment
from db.tables.stations import Station


class Account(Table):
    """One person who signs in at a desk; the role decides what, the station or subdistrict how far."""

    id = identity()
    login = Varchar(40, unique=True)
    name = Varchar(40)
    work_no = Varchar(20)
    role = Varchar(3)
    password_hash = Varchar(200, secret=True)
    station = belongs_to(Station, null=True)
    operator = Varchar(80)
    subdistrict = Varchar(9)
    active = Boolean(default=True)
    created_at = moment()
    password_changed_at = moment()


class Session(Table):
    """A signed-in browser: `key` is the SHA-256 of the cookie, so the table alone opens nothing."""

    key = Varchar(64, primary_key=True)
    account = belongs_to(Account)
    created_at = moment()
    seen_at = moment()
    expires_at = moment()


class SignInFailure(Table):
    """A refused sign-in, under a keyed hash of the typed name or of the sender's address."""

    id = identity()
    key = Varchar(64, index=True)
    at = moment()


class Submission(Table):
    """A form that was accepted once: its token and where the person was sent, so a second click does nothing twice."""

    token = Varchar(40, primary_key=True)
    account = belongs_to(Account, null=True)
    location = Varchar(200)
    at = moment()
