"""Agreements (协议): their wordings, the guidance given, what was agreed, the printed paper, signatures and signed scans."""

from __future__ import annotations

from piccolo.columns import Boolean, Date, Integer, Text, Varchar
from piccolo.table import Table

from db.tables.accounts import Account
from db.tables.columns import belongs_to, identity, moment
from db.tables.documents import Paper
from db.tables.employers import Employer
from db.tables.referrals import Referral
from db.tables.stations import Station
from db.vault import Sealed


class AgreementWording(Table):
    """One version of one type's text, as JSON (`rules.wordings`). Never changed: an amendment is the next version."""

    id = identity()
    type = Varchar(20, index=True)
    version = Varchar(20)
    origin = Varchar(10)
    body = Text()
    in_force_from = Date()
    note = Varchar(200, default="")
    set_by = belongs_to(Account, null=True)
    set_at = moment()


class OfficialText(Table):
    """An official model text (示范文本) that the district uploaded for a type; the newest in force is handed out."""

    id = identity()
    type = Varchar(20, index=True)
    version = Varchar(20)
    title = Varchar(80)
    issued_by = Varchar(80)
    in_force_from = Date()
    media_type = Varchar(100)
    size = Integer(default=0)
    sha256 = Varchar(64)
    archive_key = Varchar(80)
    uploaded_by = belongs_to(Account)
    uploaded_at = moment()


class Guidance(Table):
    """One guided drafting (签约指导): the answers, what the decision table proposed, what was chosen and why.

    Never changed; guidance given again is a further row. `answers` tell about a person and are sealed.
    """

    id = identity()
    number = Varchar(20, unique=True)
    referral = belongs_to(Referral)
    station = belongs_to(Station)
    answers = Sealed()
    proposed_type = Varchar(20, default="")
    proposed_by_row = Integer(default=0)
    chosen_type = Varchar(20)
    override_reason = Varchar(300, default="")
    given_by = belongs_to(Account)
    given_at = moment()


class Agreement(Table):
    """One agreement of one referral. `values` (every placeholder as typed) holds personal data and is sealed."""

    id = identity()
    number = Varchar(20, unique=True)
    type = Varchar(20)
    referral = belongs_to(Referral)
    station = belongs_to(Station)
    state = Varchar(20, index=True)
    version = Integer(default=1)
    template_version = Varchar(20)
    modules = Varchar(60, default="")
    values = Sealed()
    guidance = belongs_to(Guidance, null=True)
    third_party = belongs_to(Employer, null=True)
    amends = belongs_to("self", null=True)
    amend_reason = Varchar(200, default="")
    paper = belongs_to(Paper, null=True)
    drafted_by = belongs_to(Account)
    created_at = moment()
    changed_at = moment()
    printed_at = moment(null=True)
    signed_at = moment(null=True)
    signed_way = Varchar(10, default="")
    delivered_at = moment(null=True)
    delivered_how = Varchar(60, default="")
    delivered_by = belongs_to(Account, null=True)
    archived_at = moment(null=True)
    archive_place = Varchar(40, default="")
    ended_at = moment(null=True)
    ended_on = Date(null=True, default=None)
    end_reason = Varchar(200, default="")
    ended_by = Varchar(10, default="")
    notice_on = Date(null=True, default=None)
    notice_how = Varchar(10, default="")
    voided_at = moment(null=True)
    void_reason = Text(default="")


class SignedScan(Table):
    """An uploaded scan of the signed paper; a second upload is a second row, the first stays."""

    id = identity()
    agreement = belongs_to(Agreement)
    media_type = Varchar(40)
    size = Integer(default=0)
    sha256 = Varchar(64)
    archive_key = Varchar(80)
    uploaded_by = belongs_to(Account)
    uploaded_at = moment()


class IncomingScan(Table):
    """A scan uploaded without saying which agreement it is: the QR codes on it do (`read_number`)."""

    id = identity()
    station = belongs_to(Station)
    media_type = Varchar(40)
    size = Integer(default=0)
    pages = Integer(default=1)
    sha256 = Varchar(64)
    archive_key = Varchar(80)
    state = Varchar(12, index=True)
    read_number = Varchar(20, default="")
    why = Varchar(200, default="")
    agreement = belongs_to(Agreement, null=True)
    uploaded_by = belongs_to(Account)
    uploaded_at = moment()
    settled_by = belongs_to(Account, null=True)
    settled_at = moment(null=True)


class Signing(Table):
    """One sitting in which an agreement is signed on a screen, opened at the counter with both sides present.

    `text_sha256` is of the plain text that everybody sees; `codes` (side → one-time code) are sealed.
    """

    id = identity()
    agreement = belongs_to(Agreement)
    version = Integer(default=1)
    text_sha256 = Varchar(64)
    both_present = Boolean(default=False)
    read_aloud = Boolean(default=False)
    codes = Sealed()
    wrong_codes = Integer(default=0)
    opened_by = belongs_to(Account)
    opened_at = moment()
    expires_at = moment()
    ended_at = moment(null=True)
    end_reason = Varchar(200, default="")


class Signature(Table):
    """What one side wrote by hand: strokes as points, sealed. One row per side of a sitting, never changed."""

    id = identity()
    signing = belongs_to(Signing)
    agreement = belongs_to(Agreement)
    side = Varchar(10)
    place = Varchar(10)
    strokes = Sealed()
    strokes_sha256 = Varchar(64)
    text_sha256 = Varchar(64)
    code_checked_at = moment()
    signed_at = moment()
    witnessed_by = belongs_to(Account)


class CopyLink(Table):
    """A link with a code by which the worker fetches the signed copy without an account; only hashes are kept."""

    id = identity()
    agreement = belongs_to(Agreement)
    paper = belongs_to(Paper)
    token_hash = Varchar(64, unique=True)
    code_hash = Varchar(64)
    wrong_codes = Integer(default=0)
    made_by = belongs_to(Account)
    made_at = moment()
    expires_at = moment()
    first_fetched_at = moment(null=True)
    fetches = Integer(default=0)
