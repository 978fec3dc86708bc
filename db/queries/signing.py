"""Questions about signing on a screen: the sitting, who has signed, the codes, and the links to signed copies."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db.clock import now
from db.queries.accounts import account_with_id, actor_of
from db.queries.agreements import modules_of, opened_draft
from db.queries.employers import opened_employer
from db.queries.seekers import opened_seeker
from db.queries.wordings import wording_of
from db.tables.accounts import Account
from db.tables.agreements import Agreement, CopyLink, Signature, Signing
from db.vault import vault
from rules.agreement_drafts import check_complete
from rules.agreements import AgreementText
from rules.codes import AgreementSide, AgreementState, EmployerKind
from rules.masking import mask_phone
from rules.permissions import Actor
from rules.signing import Strokes, read_strokes

_SITTING = (
    Signing.id,
    Signing.agreement,
    Signing.version,
    Signing.text_sha256,
    Signing.wrong_codes,
    Signing.opened_by.as_alias("opened_by_id"),
    Signing.opened_by.name.as_alias("opener"),
    Signing.opened_at,
    Signing.expires_at,
    Signing.ended_at,
    Signing.end_reason,
)
_LINK = (
    CopyLink.id,
    CopyLink.agreement,
    CopyLink.agreement.number.as_alias("number"),
    CopyLink.agreement.station.as_alias("station"),
    CopyLink.agreement.state.as_alias("state"),
    CopyLink.code_hash,
    CopyLink.wrong_codes,
    CopyLink.made_at,
    CopyLink.expires_at,
    CopyLink.first_fetched_at,
    CopyLink.fetches,
    CopyLink.paper.archive_key.as_alias("archive_key"),
    CopyLink.paper.sha256.as_alias("sha256"),
    CopyLink.paper.voided_at.as_alias("voided_at"),
)


@dataclass(frozen=True, slots=True)
class Codes:
    """The one-time codes of a sitting by key (a side, or `rules.signing.ROOM`), and until when they count."""

    until: datetime
    codes: dict[str, str]


@dataclass(frozen=True, slots=True)
class Channel:
    """How one side gets its code: by an account of its own, by a message to a telephone; `masked` is that telephone."""

    side: AgreementSide
    name: str
    has_account: bool
    masked: str


async def sitting_of(agreement_id: int) -> dict[str, Any] | None:
    """The sitting of an agreement that was opened and not ended (it may have run out of time); None when there is none."""
    return await Signing.select(*_SITTING).where(Signing.agreement == agreement_id, Signing.ended_at.is_null()).first()


async def last_sitting_of(agreement_id: int) -> dict[str, Any] | None:
    """The newest sitting of an agreement, ended or not; None when there was none."""
    return await Signing.select(*_SITTING).where(Signing.agreement == agreement_id).order_by(Signing.id, ascending=False).first()


async def sitting_with_id(signing_id: int) -> dict[str, Any] | None:
    """A sitting, ended or not."""
    return await Signing.select(*_SITTING).where(Signing.id == signing_id).first()


async def guide_of(signing_id: int) -> Actor:
    """Who opened the sitting and saw both sides sign. LookupError: no such sitting."""
    row = await Signing.select(Signing.opened_by).where(Signing.id == signing_id).first()
    account = await account_with_id(row["opened_by"]) if row else None
    if account is None:
        raise LookupError(signing_id)
    return actor_of(account)


async def overdue_sittings() -> list[dict[str, Any]]:
    """Sittings whose time ran out and that nobody ended, oldest first."""
    query = Signing.select(Signing.id).where(Signing.ended_at.is_null(), Signing.expires_at <= now())
    return await query.order_by(Signing.id).limit(200)


async def signatures_of(signing_id: int) -> list[dict[str, Any]]:
    """Who has signed in a sitting, in the order of signing; never what they wrote."""
    return (
        await Signature.select(Signature.id, Signature.side, Signature.place, Signature.signed_at, Signature.strokes_sha256)
        .where(Signature.signing == signing_id)
        .order_by(Signature.id)
    )


async def opened_strokes(signing_id: int) -> list[tuple[dict[str, Any], Strokes]]:
    """Every signature of a sitting with what was written, in the order of signing."""
    rows = (
        await Signature.select(Signature.id, Signature.side, Signature.place, Signature.signed_at, Signature.strokes)
        .where(Signature.signing == signing_id)
        .order_by(Signature.id)
    )
    return [(row, read_strokes(vault().open("signature.strokes", str(row["id"]), row["strokes"]))) for row in rows]


async def opened_codes(signing_id: int) -> Codes | None:
    """The codes of a sitting; None once it has ended."""
    row = await Signing.select(Signing.codes).where(Signing.id == signing_id).first()
    if row is None or not row["codes"]:
        return None
    kept = json.loads(vault().open("signing.codes", str(signing_id), row["codes"]))
    return Codes(datetime.fromisoformat(kept["until"]), kept["codes"])


async def opened_text(agreement: dict[str, Any]) -> AgreementText:
    """The text of an agreement row as it stands now, complete. RulesBroken where it is not."""
    draft = await opened_draft(agreement["id"])
    return check_complete(await wording_of(agreement), draft.values, modules_of(agreement))


async def _of_agreement(agreement_id: int) -> dict[str, Any]:
    row = (
        await Agreement.select(
            Agreement.referral.seeker.as_alias("seeker"),
            Agreement.referral.seeker.name.as_alias("worker"),
            Agreement.referral.job.employer.as_alias("employer"),
            Agreement.referral.job.employer.name.as_alias("employer_name"),
            Agreement.referral.job.employer.kind.as_alias("employer_kind"),
            Agreement.referral.job.employer.agent_name.as_alias("agent"),
        )
        .where(Agreement.id == agreement_id)
        .first()
    )
    if row is None:
        raise LookupError(agreement_id)
    return row


async def opened_channels(agreement_id: int) -> dict[AgreementSide, tuple[Channel, str]]:
    """For employer and worker: how the code reaches them, and the telephone in plain ("" for none)."""
    row = await _of_agreement(agreement_id)
    phones = {
        AgreementSide.EMPLOYER: (await opened_employer(row["employer"]))["phone"],
        AgreementSide.WORKER: (await opened_seeker(row["seeker"]))["phone"],
    }
    accounts = {
        AgreementSide.EMPLOYER: await Account.exists().where(Account.employer == row["employer"], Account.active.eq(True)),
        AgreementSide.WORKER: await Account.exists().where(Account.seeker == row["seeker"], Account.active.eq(True)),
    }
    names = {AgreementSide.EMPLOYER: row["employer_name"], AgreementSide.WORKER: row["worker"]}
    return {
        side: (Channel(side, names[side], accounts[side], mask_phone(phones[side]) if phones[side] else ""), phones[side]) for side in names
    }


async def signers(agreement_id: int) -> dict[AgreementSide, str]:
    """Who writes for each side: the worker, the household, or for a unit its name with 法定代表人或经办人."""
    row = await _of_agreement(agreement_id)
    unit = row["employer_kind"] == EmployerKind.UNIT.value
    by = f"（{row['agent']}代签）" if row["agent"] else "（法定代表人或经办人）"
    return {AgreementSide.EMPLOYER: row["employer_name"] + (by if unit else ""), AgreementSide.WORKER: row["worker"]}


async def own_sittings(*, seeker_id: int | None = None, employer_id: int | None = None) -> list[dict[str, Any]]:
    """Agreements that wait on a screen for this worker or this employer: number and what work it is."""
    mine: Any = Agreement.referral.seeker == (seeker_id or 0) if employer_id is None else Agreement.referral.job.employer == employer_id
    rows = (
        await Agreement.select(Agreement.id, Agreement.number, Agreement.referral.job.title.as_alias("title"))
        .where(mine, Agreement.state == AgreementState.E_SIGNING.value)
        .order_by(Agreement.id, ascending=False)
        .limit(20)
    )
    open_ones = await Signing.select(Signing.agreement).where(
        Signing.agreement.is_in([row["id"] for row in rows] or [0]), Signing.ended_at.is_null(), Signing.expires_at > now()
    )
    waiting = {row["agreement"] for row in open_ones}
    return [row for row in rows if row["id"] in waiting]


async def agreement_of_employer(employer_id: int, number: str) -> dict[str, Any] | None:
    """The agreement with this number when it is about a post of this employer and is being signed or was."""
    return (
        await Agreement.select(
            Agreement.id,
            Agreement.number,
            Agreement.type,
            Agreement.template_version,
            Agreement.station,
            Agreement.state,
            Agreement.version,
            Agreement.modules,
            Agreement.signed_at,
            Agreement.signed_way,
            Agreement.referral.job.title.as_alias("title"),
        )
        .where(
            Agreement.referral.job.employer == employer_id,
            Agreement.number == number,
            Agreement.state.not_in([AgreementState.DRAFT.value, AgreementState.CANCELLED.value]),
        )
        .first()
    )


def token_hash(token: str) -> str:
    """What the table keeps of the secret of a link."""
    return hashlib.sha256(b"copy:" + token.encode()).hexdigest()


def code_hash(token: str, code: str) -> str:
    """What the table keeps of the code: it cannot be guessed from the table, because the link's secret is not there."""
    return hashlib.sha256(f"copy:{token}:{code}".encode()).hexdigest()


async def copy_link(token: str) -> dict[str, Any] | None:
    """The link with this secret, with the paper it leads to; None for one that never was."""
    if not 20 <= len(token) <= 64 or not token.isascii():
        return None
    return await CopyLink.select(*_LINK).where(CopyLink.token_hash == token_hash(token)).first()


async def copy_links_of(agreement_id: int) -> list[dict[str, Any]]:
    """The links given out for an agreement, newest first."""
    return (
        await CopyLink.select(*_LINK, CopyLink.made_by.name.as_alias("maker"))
        .where(CopyLink.agreement == agreement_id)
        .order_by(CopyLink.id, ascending=False)
        .limit(50)
    )


async def signed_paper_of(agreement_id: int) -> int | None:
    """The paper that carries the handwriting: the one the agreement points at, when it is not void."""
    row = await Agreement.select(Agreement.paper).where(Agreement.id == agreement_id, Agreement.paper.voided_at.is_null()).first()
    return row["paper"] if row else None
