"""Questions about agreements (协议). Values stay sealed; only the `opened_*` functions open them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from db.paging import DESK_ROWS, Page, page_of, place
from db.queries import employers, jobs, seekers
from db.queries.documents import station_on_paper
from db.queries.guidance import opened_answers
from db.queries.parameters import legal_parameters
from db.queries.scope import within
from db.tables.agreements import Agreement, SignedScan
from db.tables.employers import Employer
from db.tables.referrals import Referral
from db.tables.seekers import Seeker
from db.vault import vault
from rules.agreement_drafts import AgreementSource, Lack, read_changes
from rules.agreement_life import next_words
from rules.agreement_values import AgreementParties, ThirdParty
from rules.codes import (
    NOT_IN_FORCE,
    SIGNED_STATES,
    SUBDISTRICTS,
    AgreementState,
    AgreementType,
    EmployerKind,
    EmployerState,
    IdType,
    PensionStatus,
    ReferralState,
)
from rules.errors import RuleBroken
from rules.guidance.answers import pension_of
from rules.permissions import Scope
from rules.referrals import BEGUN_STATES, CONTACT_STATES, ENDED_STATES

UNNUMBERED = "（保存后编号）"
"""Stands for the number of an agreement that is not saved yet."""

CREDIT_CODE_LABEL = "统一社会信用代码"

_OVER = [state.value for state in NOT_IN_FORCE]
_UNSIGNED = [state.value for state in (AgreementState.DRAFT, AgreementState.PRINTED, AgreementState.E_SIGNING)]

_ROW = (
    Agreement.id,
    Agreement.number,
    Agreement.type,
    Agreement.template_version,
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
    Agreement.signed_way,
    Agreement.archived_at,
    Agreement.archive_place,
    Agreement.ended_at,
    Agreement.ended_on,
    Agreement.end_reason,
    Agreement.ended_by,
    Agreement.notice_on,
    Agreement.notice_how,
    Agreement.voided_at,
    Agreement.void_reason,
    Agreement.amend_reason,
    Agreement.amends.as_alias("amends_id"),
    Agreement.amends.number.as_alias("amends"),
    Agreement.third_party.as_alias("third_party"),
    Agreement.guidance.number.as_alias("guidance"),
    Agreement.drafted_by.name.as_alias("drafter"),
    Agreement.delivered_by.name.as_alias("deliverer"),
    Agreement.referral.as_alias("referral_id"),
    Agreement.referral.number.as_alias("referral"),
    Agreement.referral.state.as_alias("referral_state"),
    Agreement.referral.job.number.as_alias("job"),
    Agreement.referral.job.title.as_alias("title"),
    Agreement.referral.job.end_date.as_alias("job_end"),
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
    """The row with `begun` (somebody started the work), `work_over` (it ended), `label` (the type) and `next` (the next step)."""
    if row:
        state = ReferralState(row["referral_state"])
        row["begun"], row["work_over"] = state in BEGUN_STATES, state in ENDED_STATES
        row["label"] = AgreementType.label_of(row["type"])
        row["next"] = next_words(AgreementState(row["state"]), begun=row["begun"], work_over=row["work_over"])
    return row


async def agreement_in(scope: Scope, number: str) -> dict[str, Any] | None:
    """The agreement with this number when its station lies in the asker's reach. Both sides said yes: names are open."""
    return _read(await Agreement.select(*_ROW).where(within(scope, Agreement.station), Agreement.number == number).first())


async def agreements_of(scope: Scope, state: AgreementState | None, after: str = "", kind: AgreementType | None = None) -> Page:
    """Agreements in reach, newest first, of one state or all and one type or all; a page of the desk."""
    wanted = [within(scope, Agreement.station)]
    if state:
        wanted.append(Agreement.state == state.value)
    if kind:
        wanted.append(Agreement.type == kind.value)
    if start := place(after, (int,)):
        wanted.append(Agreement.id < start[0])
    rows = await Agreement.select(*_ROW).where(*wanted).order_by(Agreement.id, ascending=False).limit(DESK_ROWS + 1)
    for row in rows:
        _read(row)
    return page_of(rows, DESK_ROWS, "id")


async def agreement_of_referral(referral_id: int) -> dict[str, Any] | None:
    """The agreement of a referral the caller found in scope: the signed one, else the newest; None when all are over.

    While an amendment is being drafted the signed one still holds.
    """
    query = Agreement.select(*_ROW).where(Agreement.referral == referral_id, Agreement.state.not_in(_OVER))
    rows = await query.order_by(Agreement.id, ascending=False)
    return _read(next((row for row in rows if AgreementState(row["state"]) in SIGNED_STATES), rows[0] if rows else None))


async def open_amendment(agreement_id: int) -> str:
    """The number of the draft or printed agreement that is to replace this one; "" when there is none."""
    row = (
        await Agreement.select(Agreement.number)
        .where(Agreement.amends == agreement_id, Agreement.state.is_in(_UNSIGNED))
        .order_by(Agreement.id, ascending=False)
        .first()
    )
    return row["number"] if row else ""


async def chain_of(row: dict[str, Any]) -> list[dict[str, Any]]:
    """Every agreement of the same referral, oldest first: number, type, state, what it amends, why, when signed."""
    rows = (
        await Agreement.select(
            Agreement.id,
            Agreement.number,
            Agreement.type,
            Agreement.state,
            Agreement.signed_at,
            Agreement.created_at,
            Agreement.amend_reason,
            Agreement.amends.number.as_alias("amends"),
        )
        .where(Agreement.referral == row["referral_id"])
        .order_by(Agreement.id)
    )
    return [{**each, "label": AgreementType.label_of(each["type"])} for each in rows]


async def last_day_of(agreement_id: int) -> date | None:
    """The last agreed day: as changed at the counter, else the post's; None for work without an agreed end."""
    row = (
        await Agreement.select(
            Agreement.referral.job.start_date.as_alias("start"),
            Agreement.referral.job.end_date.as_alias("end"),
        )
        .where(Agreement.id == agreement_id)
        .first()
    )
    changed = (await opened_draft(agreement_id)).changed
    if agreed := changed.get("end_date"):
        last_day: date = agreed
        return last_day
    if row is None:
        return None
    last: date | None = row["end"] or changed.get("start_date") or row["start"]
    return last


async def lenders_of(scope: Scope) -> list[dict[str, Any]]:
    """Verified units in reach that may lend a worker (共享用工), by name: id and name, at most 300."""
    return (
        await Employer.select(Employer.id, Employer.name)
        .where(
            within(scope, Employer.station),
            Employer.kind == EmployerKind.UNIT.value,
            Employer.state == EmployerState.VERIFIED.value,
            Employer.merged_into.is_null(),
        )
        .order_by(Employer.name)
        .limit(300)
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
        Agreement.referral.is_in([row["id"] for row in rows] or [0]), Agreement.state.not_in(_OVER)
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


async def opened_lacks(rows: Sequence[Mapping[str, Any]]) -> dict[int, Lack]:
    """What the drafts among these agreement rows lacked when they were saved, by id; whatever lacks nothing is left out."""
    drafts = [row["id"] for row in rows if row["state"] == AgreementState.DRAFT.value]
    if not drafts:
        return {}
    kept = await Agreement.select(Agreement.id, Agreement.values).where(Agreement.id.is_in(drafts))
    said = {row["id"]: json.loads(vault().open("agreement.values", str(row["id"]), row["values"])).get("lack") for row in kept}
    return {agreement_id: Lack(lack) for agreement_id, lack in said.items() if lack}


async def opened_source(
    referral_id: int, *, number: str, guide: str, third_party: int | None = None, guided: bool = True
) -> AgreementSource:
    """Everything that post, employer, worker and station already answer, in plain text.

    `guided`: what the worker answered in the newest guidance (pension, no night work) counts before the registration.

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
            Referral.job.number.as_alias("job_number"),
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
    answers = await opened_answers(referral_id) if guided else None
    terms = await jobs.opened_terms(referral["job"], referral["job_version"])
    employer = await _opened_employer(referral["employer"])
    worker = await _opened_worker(referral["seeker"])
    station = await station_on_paper(referral["station"])
    kind = EmployerKind(employer["kind"])
    pension = (answers and pension_of(answers)) or (PensionStatus(worker["pension"]) if worker["pension"] else None)
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
        worker_pension=pension,
        employer_verified=employer["state"] == EmployerState.VERIFIED.value,
        job_number=referral["job_number"],
        third=await _opened_third(third_party) if third_party else None,
    )
    return AgreementSource(
        parties=parties,
        terms=terms,
        employer_kind=kind,
        birth_date=worker["birth_date"],
        gender=worker["gender"] or None,
        pension=pension,
        wage_rows=tuple(await legal_parameters()),
        no_night_work=bool(answers and answers.no_night_work),
    )


async def _opened_third(employer_id: int) -> ThirdParty:
    third = await _opened_employer(employer_id)
    return ThirdParty(third["name"], third["id_number"], third["address"], third["phone"], third["legal_representative"])


async def _opened_employer(employer_id: int) -> dict[str, Any]:
    row = (
        await Employer.select(
            Employer.kind, Employer.state, Employer.name, Employer.id_type, Employer.agent_name, Employer.legal_representative
        )
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
            Agreement.type,
        )
        .where(Agreement.id == agreement_id)
        .first()
    )
