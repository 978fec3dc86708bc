"""Registering employers, verifying them, and what happens when one loses the station's trust."""

from __future__ import annotations

from typing import Any

from db.actions.journal import record
from db.clock import now, today
from db.ids import new_id
from db.queries import employers as queries
from db.queries.parameters import legal_parameters
from db.tables.employers import Employer
from db.tables.stations import Station
from db.transaction import action
from db.vault import vault
from rules.codes import CreditState, EmployerState, StationState, VerifyMethod
from rules.employers import NewEmployer, check_credit, check_verification, checked_employer, verified_until
from rules.errors import RuleBroken
from rules.jobs import check_reason
from rules.journal import EventKind
from rules.parameters import whole
from rules.permissions import Actor

_CREDIT_EVENTS = {
    CreditState.NORMAL: EventKind.EMPLOYER_RESTORED,
    CreditState.WATCH: EventKind.EMPLOYER_WATCHED,
    CreditState.BLOCKED: EventKind.EMPLOYER_BLOCKED,
}


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
    for known in await queries.find_employers_by_id_number(checked.id_number):
        if known["station"] == actor.station_id:
            raise RuleBroken(f"这个证件已经登记过：{known['name']}。请直接使用原来的登记，不要重复登记。", "id_number")
    id, keys = new_id(), vault()
    await Employer.insert(
        Employer(
            id=id,
            station=actor.station_id,
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
            agency=checked.agency,
            dispatch=checked.dispatch,
            licence_no=checked.licence_no,
            name_public=checked.name_public,
            state=EmployerState.PENDING.value,
            credit=CreditState.NORMAL.value,
            credit_reason="",
            created_by=actor.id,
            created_at=now(),
        )
    )
    await _note(EventKind.EMPLOYER_REGISTERED, id, actor.station_id, actor, kind_of_employer=checked.kind.value)
    return id


@action
async def verify_employer(employer_id: int, method: VerifyMethod, *, actor: Actor) -> None:
    """Note that the employer was verified today this way; valid for the months of `employer_reverify_months`.

    RuleBroken on `method`: an acquaintance alone, or a failing credit code without the licence.
    """
    row = await _row(employer_id)
    check_verification(method, row["id_warning"])
    day = today()
    until = verified_until(day, whole(await legal_parameters(), "employer_reverify_months", day))
    await Employer.update(
        {
            Employer.state: EmployerState.VERIFIED.value,
            Employer.verify_method: method.value,
            Employer.verified_by: actor.id,
            Employer.verified_on: day,
            Employer.verified_until: until,
        }
    ).where(Employer.id == employer_id)
    await _note(EventKind.EMPLOYER_VERIFIED, employer_id, row["station"], actor, method=method.value, verified_until=until)


@action
async def reject_employer(employer_id: int, reason: str, *, actor: Actor) -> None:
    """Refuse the verification, with the reason. RuleBroken: too short a reason, or not waiting for verification."""
    row = await _row(employer_id)
    why = check_reason(reason)
    if row["state"] != EmployerState.PENDING.value:
        raise RuleBroken("只有待核验的雇主可以核验不通过。已核验的雇主有问题，请列为重点关注。")
    await Employer.update({Employer.state: EmployerState.REJECTED.value}).where(Employer.id == employer_id)
    await _note(EventKind.EMPLOYER_REJECTED, employer_id, row["station"], actor, reason=why)


@action
async def set_credit(employer_id: int, credit: CreditState, reason: str, *, actor: Actor) -> None:
    """Watch, block or restore an employer, with the reason. RuleBroken: not this role's decision (3.2)."""
    row = await _row(employer_id)
    check_credit(actor.role, CreditState(row["credit"]), credit)
    why = check_reason(reason)
    await Employer.update({Employer.credit: credit.value, Employer.credit_reason: why}).where(Employer.id == employer_id)
    await _note(_CREDIT_EVENTS[credit], employer_id, row["station"], actor, before=row["credit"], reason=why)


async def _row(employer_id: int) -> dict[str, Any]:
    row = (
        await Employer.select(Employer.station, Employer.kind, Employer.state, Employer.credit, Employer.id_warning)
        .where(Employer.id == employer_id)
        .first()
    )
    if row is None:
        raise LookupError(employer_id)
    return row


async def _note(kind: EventKind, employer_id: int, station_id: int | None, actor: Actor, **particulars: Any) -> None:
    await record(kind, subject="employer", subject_id=employer_id, actor=actor, station_id=station_id, **particulars)
