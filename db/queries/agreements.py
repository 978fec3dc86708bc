"""Questions about agreements (协议). Values stay sealed; only the `opened_*` functions open them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from db.paging import DESK_ROWS, Page, page_of, place
from db.queries import employers, jobs, seekers
from db.queries.documents import station_on_paper
from db.queries.parameters import legal_parameters
from db.queries.scope import within
from db.tables.agreements import Agreement, SignedScan
from db.tables.employers import Employer
from db.tables.referrals import Referral
from db.tables.seekers import Seeker
from db.vault import vault
from rules.agreement_drafts import AgreementSource, read_changes
from rules.agreement_values import AgreementParties
from rules.codes import SUBDISTRICTS, AgreementState, EmployerKind, IdType, PensionStatus, ReferralState
from rules.errors import RuleBroken
from rules.permissions import Scope
from rules.referrals import BEGUN_STATES, CONTACT_STATES

UNNUMBERED = "（保存后编号）"
"""Stands for the number of an agreement that is not saved yet."""

CREDIT_CODE_LABEL = "统一社会信用代码"

_ROW = (
    Agreement.id,
    Agreement.number,
    Agreement.type,
    Agreement.station,
    Agreement.state,
    Agreement.version,
    Agreement.modules,
    Agreement.created_at,
    Agreement.changed_at,
    Agreement.printed_at,
    Agreement.signed_at,
    Agreement.delivered_at,
    Agreement.delivered_how,
    Agreement.voided_at,
    Agreement.void_reason,
    Agreement.drafted_by.name.as_alias("drafter"),
    Agreement.delivered_by.name.as_alias("deliverer"),
    Agreement.referral.as_alias("referral_id"),
    Agreement.referral.number.as_alias("referral"),
    Agreement.referral.state.as_alias("referral_state"),
    Agreement.referral.job.number.as_alias("job"),
    Agreement.referral.job.title.as_alias("title"),
    Agreement.referral.job.employer.name.as_alias("employer"),
    Agreement.referral.job.employer.kind.as_alias("employer_kind"),
    Agreement.referral.seeker.name.as_alias("worker"),
    Agreement.referral.seeker.number.as_alias("seeker"),
)


@dataclass(frozen=True, slots=True)
class Draft:
    """What an agreement says: every place, what was agreed at the counter, terms agreed otherwise than the post."""

    values: dict[str, str]
    agreed: dict[str, str]
    changed: dict[str, Any]


def _read(row: dict[str, Any] | None) -> dict[str, Any] | None:
    """The row, `begun` when somebody started the work it is about."""
    if row:
        row["begun"] = ReferralState(row["referral_state"]) in BEGUN_STATES
    return row


async def agreement_in(scope: Scope, number: str) -> dict[str, Any] | None:
    """The agreement with this number when its station lies in the asker's reach. Both sides said yes: names are open."""
    return _read(await Agreement.select(*_ROW).where(within(scope, Agreement.station), Agreement.number == number).first())


async def agreements_of(scope: Scope, state: AgreementState | None, after: str = "") -> Page:
    """Agreements in reach, newest first, of one state or all; a page of the desk."""
    wanted = [within(scope, Agreement.station)]
    if state:
        wanted.append(Agreement.state == state.value)
    if start := place(after, (int,)):
        wanted.append(Agreement.id < start[0])
    rows = await Agreement.select(*_ROW).where(*wanted).order_by(Agreement.id, ascending=False).limit(DESK_ROWS + 1)
    for row in rows:
        _read(row)
    return page_of(rows, DESK_ROWS, "id")


async def agreement_of_referral(referral_id: int) -> dict[str, Any] | None:
    """The agreement in force of a referral the caller found in scope; None when none was drafted or all are void."""
    return _read(
        await Agreement.select(*_ROW).where(Agreement.referral == referral_id, Agreement.state != AgreementState.VOID.value).first()
    )


async def ready_referrals(scope: Scope) -> list[dict[str, Any]]:
    """Referrals both sides agreed to that still wait for an agreement, oldest first, at most 20."""
    rows = (
        await Referral.select(
            Referral.id,
            Referral.number,
            Referral.job.title.as_alias("title"),
            Referral.seeker.name.as_alias("worker"),
            Referral.employer_answered_at,
        )
        .where(within(scope, Referral.station), Referral.state == ReferralState.EMPLOYER_ACCEPTED.value)
        .order_by(Referral.id)
        .limit(60)
    )
    drafted = await Agreement.select(Agreement.referral).where(
        Agreement.referral.is_in([row["id"] for row in rows] or [0]), Agreement.state != AgreementState.VOID.value
    )
    taken = {row["referral"] for row in drafted}
    return [row for row in rows if row["id"] not in taken][:20]


async def scans_of(agreement_id: int) -> list[dict[str, Any]]:
    """The uploaded scans, newest first."""
    return (
        await SignedScan.select(
            SignedScan.id,
            SignedScan.media_type,
            SignedScan.size,
            SignedScan.sha256,
            SignedScan.archive_key,
            SignedScan.uploaded_at,
            SignedScan.uploaded_by.name.as_alias("uploader"),
        )
        .where(SignedScan.agreement == agreement_id)
        .order_by(SignedScan.id, ascending=False)
    )


def modules_of(row: dict[str, Any]) -> tuple[str, ...]:
    """The keys of the optional modules of an agreement row."""
    return tuple(key for key in row["modules"].split(",") if key)


async def opened_draft(agreement_id: int) -> Draft:
    """What the agreement says, in plain text. LookupError when there is none."""
    row = await Agreement.select(Agreement.values).where(Agreement.id == agreement_id).first()
    if row is None:
        raise LookupError(agreement_id)
    kept = json.loads(vault().open("agreement.values", str(agreement_id), row["values"]))
    return Draft(kept["values"], kept["agreed"], read_changes(kept["changed"]))


async def opened_source(referral_id: int, *, number: str, guide: str) -> AgreementSource:
    """Everything that post, employer, worker and station already answer, in plain text.

    RuleBroken before both sides said yes, and after the referral ended: nothing is opened then (10.4). LookupError:
    no such referral.
    """
    referral = (
        await Referral.select(
            Referral.state,
            Referral.job,
            Referral.job_version,
            Referral.seeker,
            Referral.station,
            Referral.job.employer.as_alias("employer"),
        )
        .where(Referral.id == referral_id)
        .first()
    )
    if referral is None:
        raise LookupError(referral_id)
    state = ReferralState(referral["state"])
    if state not in CONTACT_STATES:
        raise RuleBroken(f"这次推荐现在是“{state.label}”。零工和雇主都同意以后才能起草协议。")
    terms = await jobs.opened_terms(referral["job"], referral["job_version"])
    employer = await _opened_employer(referral["employer"])
    worker = await _opened_worker(referral["seeker"])
    station = await station_on_paper(referral["station"])
    kind = EmployerKind(employer["kind"])
    parties = AgreementParties(
        number=number,
        employer_kind=kind,
        employer_name=employer["name"],
        employer_id_type=IdType.label_of(employer["id_type"]) if kind is EmployerKind.INDIVIDUAL else CREDIT_CODE_LABEL,
        employer_id_number=employer["id_number"],
        employer_address=employer["address"],
        employer_contact=terms.contact_name or employer["agent_name"] or employer["name"],
        employer_phone=terms.contact_phone or employer["phone"],
        worker_name=worker["name"],
        worker_id_number=worker["id_number"],
        worker_address=SUBDISTRICTS.get(worker["subdistrict"], "") + worker["community"],
        worker_phone=worker["phone"],
        station_name=station["name"],
        station_phone=station["phone"],
        guide=guide,
        legal_representative=employer["legal_representative"],
    )
    return AgreementSource(
        parties=parties,
        terms=terms,
        employer_kind=kind,
        birth_date=worker["birth_date"],
        gender=worker["gender"] or None,
        pension=PensionStatus(worker["pension"]) if worker["pension"] else None,
        wage_rows=tuple(await legal_parameters()),
    )


async def _opened_employer(employer_id: int) -> dict[str, Any]:
    row = (
        await Employer.select(Employer.kind, Employer.name, Employer.id_type, Employer.agent_name, Employer.legal_representative)
        .where(Employer.id == employer_id)
        .first()
    )
    return {**(row or {}), **await employers.opened_employer(employer_id)}


async def _opened_worker(seeker_id: int) -> dict[str, Any]:
    row = (
        await Seeker.select(Seeker.name, Seeker.birth_date, Seeker.gender, Seeker.pension, Seeker.subdistrict, Seeker.community)
        .where(Seeker.id == seeker_id)
        .first()
    )
    return {**(row or {}), **await seekers.opened_seeker(seeker_id)}


async def parties_to_verify(agreement_id: int) -> dict[str, Any] | None:
    """Kinds and numbers from which the public page builds masked parties."""
    return (
        await Agreement.select(
            Agreement.referral.job.employer.name.as_alias("employer"),
            Agreement.referral.job.employer.kind.as_alias("employer_kind"),
            Agreement.referral.job.trade.as_alias("trade"),
            Agreement.referral.seeker.number.as_alias("seeker"),
        )
        .where(Agreement.id == agreement_id)
        .first()
    )
