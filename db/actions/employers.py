"""Registering employers, verifying them and refusing to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from db.actions.employer_documents import see_originals
from db.actions.journal import record
from db.clock import now, today
from db.ids import new_id
from db.queries import employers as queries
from db.queries.employer_documents import held_documents, verified_since
from db.queries.parameters import legal_parameters
from db.tables.employers import Employer, EmployerDecision
from db.tables.stations import Station
from db.transaction import action, asked_once
from db.vault import vault
from rules.codes import CreditState, EmployerDocumentKind, EmployerKind, EmployerState, Origin, StationState, VerifyMethod
from rules.employer_documents import check_documents, missing_documents, required_documents, vouched_until
from rules.employers import (
    NewEmployer,
    check_verification,
    checked_employer,
    verified_until,
)
from rules.errors import RuleBroken
from rules.jobs import check_reason
from rules.journal import EventKind
from rules.parameters import whole
from rules.permissions import Actor
from rules.statistics.tables import organisation_of


@asked_once
async def check_station_works(station_id: int | None) -> None:
    """A station under rectification, without plaque or closed registers and publishes nothing (art. 25). RuleBroken."""
    row = await Station.select(Station.state).where(Station.id == (station_id or 0)).first()
    if row is None:
        raise RuleBroken("您的账号不属于任何驿站，不能登记。")
    if row["state"] != StationState.OPERATING.value:
        label = StationState.label_of(row["state"])
        raise RuleBroken(f"本站{label}，暂停登记、发布和推荐。")


@action
async def register_employer(new: NewEmployer, *, actor: Actor) -> int:
    """Register an employer at the actor's station; its id. It must still be verified (PENDING).

    RulesBroken: what is missing or wrong (12.1). RuleBroken on `id_number`: this station has it already.
    """
    await check_station_works(actor.station_id)
    checked, warning = checked_employer(new, today=today())
    await refuse_known(checked.id_number, actor.station_id)
    id = new_id()
    await insert_employer(id, checked, warning, station_id=actor.station_id, author=actor.id, source=Origin.COUNTER)
    await note(EventKind.EMPLOYER_REGISTERED, id, actor.station_id, actor, kind_of_employer=checked.kind.value)
    return id


async def refuse_known(id_number: str, station_id: int | None, *, besides: int = 0) -> None:
    """A document is registered once per station; an online registration that was refused is no registration."""
    for known in await queries.find_employers_by_id_number(id_number):
        refused = known["source"] == Origin.SELF and known["state"] == EmployerState.REJECTED
        if known["station"] == station_id and known["id"] != besides and not refused:
            raise RuleBroken(f"这个证件已经登记过：{known['name']}。请直接使用原来的登记，不要重复登记。", "id_number")


async def insert_employer(id: int, checked: NewEmployer, warning: str, *, station_id: int | None, author: int, source: Origin) -> None:
    """Inside a registration: the row of an employer that passed `checked_employer`, waiting to be verified."""
    keys = vault()
    await Employer.insert(
        Employer(
            id=id,
            station=station_id,
            kind=checked.kind.value,
            name=checked.name,
            id_type=checked.id_type,
            id_number=keys.seal("employer.id_number", id, checked.id_number),
            id_index=keys.index("id_number", checked.id_number),
            id_warning=warning,
            id_proof=checked.id_proof,
            address=keys.seal("employer.address", id, checked.address),
            legal_representative=checked.legal_representative,
            agent_name=checked.agent_name,
            phone=keys.seal("employer.phone", id, checked.phone),
            phone_index=keys.index("phone", checked.phone),
            authorisation=checked.authorisation,
            industry=checked.industry,
            organisation=organisation_of(checked.kind is EmployerKind.UNIT, checked.id_number).value,
            agency=checked.agency,
            dispatch=checked.dispatch,
            licence_no=checked.licence_no,
            name_public=checked.name_public,
            state=EmployerState.PENDING.value,
            credit=CreditState.NORMAL.value,
            credit_reason="",
            source=source.value,
            created_by=author,
            created_at=now(),
        )
    )


@action
async def verify_employer(
    employer_id: int, method: VerifyMethod, *, actor: Actor, seen: Collection[EmployerDocumentKind] | None = None
) -> None:
    """Note that the employer was verified today this way; valid for the months of `employer_reverify_months`, and no
    longer than its documents. To verify it again, its documents are looked at again.

    `seen`: the originals that the actor held in the hand just now; None stands for all that this employer must show.
    RulesBroken on `seen`: a required document was not checked. RuleBroken on `method`: an acquaintance alone, or a
    failing credit code without the licence.
    """
    row = await employer_row(employer_id)
    check_verification(method, row["id_warning"])
    await _refuse_twin(employer_id, row)
    day = today()
    needed = required_of(row)
    since = await verified_since(employer_id)
    lacking = [kind for kind, _ in missing_documents(needed, await held_documents(employer_id, since=since), day)]
    await see_originals(employer_id, [kind for kind in lacking if seen is None or kind in seen], actor=actor)
    held = await held_documents(employer_id, since=since)
    check_documents(needed, held, day)
    until = verified_until(day, whole(await legal_parameters(), "employer_reverify_months", day))
    until = vouched_until(until, needed, held, day)
    documents = [kind.value for kind in needed]
    await Employer.update(
        {
            Employer.state: EmployerState.VERIFIED.value,
            Employer.verify_method: method.value,
            Employer.verified_by: actor.id,
            Employer.verified_on: day,
            Employer.verified_until: until,
            Employer.reject_reason: "",
        }
    ).where(Employer.id == employer_id)
    await decide(employer_id, EmployerState.VERIFIED.value, actor, method=method.value, documents=",".join(documents), until=until)
    await note(
        EventKind.EMPLOYER_VERIFIED,
        employer_id,
        row["station"],
        actor,
        method=method.value,
        verified_until=until,
        documents=documents,
    )


async def _refuse_twin(employer_id: int, row: dict[str, Any]) -> None:
    """Of two registrations of one document at a station only one is verified. RuleBroken names the other one."""
    twins = await Employer.select(Employer.name, Employer.state, Employer.source).where(
        Employer.station == row["station"], Employer.id_index == row["id_index"], Employer.id != employer_id
    )
    for twin in twins:
        if twin["source"] != Origin.SELF or twin["state"] == EmployerState.VERIFIED:
            raise RuleBroken(
                f"这个证件在本站已经登记过：{twin['name']}。请在原来的登记上核验，把这一条登记为核验不通过；"
                "雇主要网上办理的，在原来的登记上开通网上账号。"
            )


@action
async def reject_employer(employer_id: int, reason: str, *, actor: Actor) -> None:
    """Refuse the verification, with the reason. RuleBroken: too short a reason, or not waiting for verification."""
    row = await employer_row(employer_id)
    why = check_reason(reason)
    if row["state"] != EmployerState.PENDING.value:
        raise RuleBroken("只有待核验的雇主可以核验不通过。已核验的雇主有问题，请列为重点关注。")
    await Employer.update({Employer.state: EmployerState.REJECTED.value, Employer.reject_reason: why}).where(Employer.id == employer_id)
    await decide(employer_id, EmployerState.REJECTED.value, actor, reason=why)
    await note(EventKind.EMPLOYER_REJECTED, employer_id, row["station"], actor, reason=why)


def required_of(row: dict[str, Any]) -> tuple[EmployerDocumentKind, ...]:
    """What the employer of this row must show (`rules.employer_documents.required_documents`)."""
    return required_documents(
        EmployerKind(row["kind"]),
        agent_name=row["agent_name"],
        legal_representative=row["legal_representative"],
        agency=row["agency"],
        dispatch=row["dispatch"],
    )


async def employer_row(employer_id: int) -> dict[str, Any]:
    """What decisions about an employer look at. LookupError when there is none."""
    row = (
        await Employer.select(
            Employer.station,
            Employer.kind,
            Employer.state,
            Employer.credit,
            Employer.id_index,
            Employer.id_warning,
            Employer.agent_name,
            Employer.legal_representative,
            Employer.agency,
            Employer.dispatch,
        )
        .where(Employer.id == employer_id)
        .first()
    )
    if row is None:
        raise LookupError(employer_id)
    return row


async def decide(
    employer_id: int,
    decision: str,
    actor: Actor | None,
    *,
    method: str = "",
    documents: str = "",
    reason: str = "",
    legal_basis: str = "",
    until: date | None = None,
) -> None:
    """Inside a decision: keep it for ever, beside the journal, for the employer's page. `actor` None: the system's own."""
    await EmployerDecision.insert(
        EmployerDecision(
            employer=employer_id,
            decision=decision,
            method=method,
            documents=documents,
            reason=reason,
            legal_basis=legal_basis,
            until=until,
            by=actor.id if actor else None,
            at=now(),
        )
    )


async def note(kind: EventKind, employer_id: int, station_id: int | None, actor: Actor | None, **particulars: Any) -> None:
    """The journal entry of what was done to an employer, in its station's chain."""
    await record(kind, subject="employer", subject_id=employer_id, actor=actor, station_id=station_id, **particulars)
