"""People who sign in, their sessions, and failed attempts."""

from __future__ import annotations

from piccolo.columns import BigInt, Boolean, Integer, Text, Varchar
from piccolo.table import Table

from db.tables.columns import belongs_to, identity, moment
from db.tables.stations import Station
from db.vault import Sealed


class Account(Table):
    """One person who signs in; the role decides what, the station or subdistrict how far.

    Workers and employers (roles WKR, EMP) have accounts, too: `seeker` or `employer` is the id of their record (no
    foreign key, because those records name the account that made them), `name` is masked, `password_hash` of a worker is
    the PIN's. `phone_index` finds an employer that signs in with its phone. `totp_step` is the last time step whose
    code was accepted, so that no code counts twice. `committed_at` is when the person signed the confidentiality
    commitment; `password_expires_at` is set for an initial password, which must be changed.
    """

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
    password_expires_at = moment(null=True)
    seeker = BigInt(null=True, default=None, index=True)
    employer = BigInt(null=True, default=None, index=True)
    phone_index = Varchar(80, default="", index=True)
    totp_secret = Sealed(default="")
    totp_since = moment(null=True)
    totp_step = BigInt(default=0)
    committed_at = moment(null=True)
    commitment_version = Varchar(20, default="")


class RecoveryCode(Table):
    """A code for somebody whose authenticator is lost: hashed, good once."""

    id = identity()
    account = belongs_to(Account)
    code_hash = Varchar(200, secret=True)
    created_at = moment()
    used_at = moment(null=True)


class Device(Table):
    """A worker's enrolled phone: `key` is the SHA-256 of its cookie. Wrong PINs lock the device, never the account.

    A phone that a family shares has one row for each of them, under the same key.
    """

    id = identity()
    key = Varchar(64, index=True)
    account = belongs_to(Account)
    label = Varchar(60)
    enrolled_at = moment()
    enrolled_by = belongs_to(Account, null=True)
    seen_at = moment()
    expires_at = moment()
    failures = Integer(default=0)
    failed_since = moment(null=True)
    locked_until = moment(null=True)
    revoked_at = moment(null=True)


class EnrolmentTicket(Table):
    """The QR a worker scans at the counter, card in hand: one use, sixty seconds, two digits shown on both screens."""

    id = identity()
    key = Varchar(64, unique=True)
    seeker = BigInt(index=True)
    digits = Varchar(2)
    issued_by = belongs_to(Account)
    issued_at = moment()
    expires_at = moment()
    opened_by = Varchar(64, default="")
    opened_at = moment(null=True)
    confirmed_at = moment(null=True)
    used_at = moment(null=True)


class PhoneCode(Table):
    """A six-digit code sent to a phone: bound to the browser that asked and to what it asked for; five tries."""

    id = identity()
    phone_index = Varchar(80, index=True)
    purpose = Varchar(20)
    bound_to = Varchar(64)
    code_hash = Varchar(64, secret=True)
    sent_at = moment()
    expires_at = moment()
    tries = Integer(default=0)
    used_at = moment(null=True)


class Draft(Table):
    """What somebody has typed so far on the question pages: `key` is the SHA-256 of the browser's draft cookie.

    `answers` is sealed JSON. `location` is where the finished registration led, so that a second submit goes there too.
    """

    key = Varchar(64, primary_key=True)
    uid = BigInt()
    kind = Varchar(20)
    answers = Sealed(default="")
    created_at = moment()
    changed_at = moment(index=True)
    location = Varchar(200, default="")


class Alert(Table):
    """Something a manager or officer must look at; `day` and the subject keep it to one row a day.

    `above` is what goes past the station: only those who supervise it see it (domain reference 3.14).
    """

    id = identity()
    station = belongs_to(Station, null=True)
    above = Boolean(default=False)
    kind = Varchar(30)
    subject = Varchar(20)
    subject_id = BigInt(null=True, default=None)
    day = Varchar(10)
    details = Text()
    at = moment()
    cleared_at = moment(null=True)
    cleared_by = belongs_to(Account, null=True)


class Session(Table):
    """A signed-in browser: `key` is the SHA-256 of the cookie, so the table alone opens nothing.

    `second_factor_at` is when the second factor was given (None: still missing), `locked_at` when the desk locked
    itself, `confirmed_at` when the person last gave the password again for something sensitive.
    """

    key = Varchar(64, primary_key=True)
    account = belongs_to(Account)
    device = belongs_to(Device, null=True)
    second_factor_at = moment(null=True)
    locked_at = moment(null=True)
    confirmed_at = moment(null=True)
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
