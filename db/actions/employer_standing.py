"""How an employer stands, and what is registered about it: changes that its posts follow at once, at every station."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from db.actions.employer_documents import undo_documents
from db.actions.employers import decide, employer_row, note, refuse_known
from db.actions.jobs.of_employers import relabel_posts, take_down_posts
from db.clock import today
from db.queries import employers as queries
from db.tables.accounts import Account
from db.tables.employers import Employer
from db.transaction import action
from db.vault import vault
from rules.codes import CreditState, EmployerKind, EmployerState
from rules.employers import (
    KEPT_WHEN_EMPTY,
    CreditGround,
    NewEmployer,
    changed_fields,
    check_credit,
    checked_employer,
    documents_undone,
    ends_verification,
)
from rules.errors import RuleBroken
from rules.jobs import check_reason
from rules.journal import EventKind
from rules.permissions import Actor
from rules.statistics.tables import organisation_of

_CREDIT_EVENTS = {
    CreditState.NORMAL: EventKind.EMPLOYER_RESTORED,
    CreditState.WATCH: EventKind.EMPLOYER_WATCHED,
    CreditState.BLOCKED: EventKind.EMPLOYER_BLOCKED,
}


@action
async def set_credit(
    employer_id: int,
    credit: CreditState,
    reason: str,
    *,
    actor: Actor,
    ground: CreditGround = CreditGround.OTHER,
    legal_basis: str = "",
) -> None:
    """Watch, block or restore an employer, with the reason and its legal basis (the ground's, where none is typed).

    Blocking takes the posts of every registration of the same document off the board at once, at every station; lifting
    the block does not put them back. RuleBroken: not this role's decision (3.2), or too short a reason.
    """
    row = await employer_row(employer_id)
    check_credit(actor.role, CreditState(row["credit"]), credit)
    why = check_reason(reason)
    basis = check_reason(legal_basis, "legal_basis") if legal_basis.strip() else ground.basis
    basis = basis if credit is not CreditState.NORMAL else ""
    await Employer.update({Employer.credit: credit.value, Employer.credit_reason: why}).where(Employer.id == employer_id)
    await decide(employer_id, credit.value, actor, reason=why, legal_basis=basis)
    await note(_CREDIT_EVENTS[credit], employer_id, row["station"], actor, before=row["credit"], reason=why, legal_basis=basis)
    if credit is CreditState.BLOCKED:
        same = await Employer.select(Employer.id).where(
            Employer.id_index.is_in(await queries.document_hashes(employer_id, row["id_index"]))
        )
        await take_down_posts([one["id"] for one in same], f"雇主被禁止发布：{why}", basis, actor=actor)


@action
async def watch_by_itself(employer_id: int, reason: str, *, ground: CreditGround) -> bool:
    """The system puts an employer in good standing on watch for what was found, until its manager lifts it; whether it did.

    One that is watched or blocked already stays as it is.
    """
    row = await employer_row(employer_id)
    if row["credit"] != CreditState.NORMAL.value:
        return False
    watched = CreditState.WATCH
    await Employer.update({Employer.credit: watched.value, Employer.credit_reason: reason}).where(Employer.id == employer_id)
    await decide(employer_id, watched.value, None, reason=reason, legal_basis=ground.basis)
    await note(EventKind.EMPLOYER_WATCHED, employer_id, row["station"], None, before=row["credit"], reason=reason, legal_basis=ground.basis)
    return True


@action
async def update_employer(employer_id: int, new: NewEmployer, reason: str, *, actor: Actor) -> list[str]:
    """Change what is registered about an employer; the names of the fields that changed. Its kind stays.

    Numbers, addresses and people are not shown again, so an empty one keeps what is stored. Another name, document number,
    representative or licence ends the verification; documents that proved what was before are withdrawn. RulesBroken as
    when registering; RuleBroken: nothing changed, no reason, or the number is known here.
    """
    why = check_reason(reason)
    row = await employer_row(employer_id)
    old = await queries.opened_registration(employer_id)
    kept = {name: getattr(new, name).strip() or getattr(old, name) for name in KEPT_WHEN_EMPTY}
    checked, warning = checked_employer(replace(new, kind=old.kind, **kept), today=today())
    changed = changed_fields(old, checked)
    if not changed:
        raise RuleBroken("内容没有改动，不用保存。")
    keys = vault()
    values: dict[Any, Any] = {
        getattr(Employer, name): getattr(checked, name) for name in changed if name not in ("kind", "id_number", "address", "phone")
    }
    for name in ("id_number", "address", "phone"):
        if name in changed:
            values[getattr(Employer, name)] = keys.seal(f"employer.{name}", employer_id, getattr(checked, name))
    if "id_number" in changed:
        await refuse_known(checked.id_number, row["station"], besides=employer_id)
        # A block follows the document; with a new number it must not be left behind.
        facts = await queries.employer_facts(employer_id)
        values |= {
            Employer.id_index: keys.index("id_number", checked.id_number),
            Employer.organisation: organisation_of(checked.kind is EmployerKind.UNIT, checked.id_number).value,
            Employer.id_warning: warning,
            Employer.credit: facts.credit.value,
        }
    if "phone" in changed:
        index = keys.index("phone", checked.phone)
        values[Employer.phone_index] = index
        await Account.update({Account.phone_index: index}).where(Account.employer == employer_id)
    anew = ends_verification(changed) and row["state"] != EmployerState.PENDING.value
    if anew:
        values |= {Employer.state: EmployerState.PENDING.value, Employer.verified_until: None}
    await Employer.update(values).where(Employer.id == employer_id)
    await undo_documents(employer_id, documents_undone(changed), "雇主登记有改动，要重新核对", actor=actor)
    if anew:
        await decide(employer_id, EmployerState.PENDING.value, actor, reason=why)
    await note(EventKind.EMPLOYER_UPDATED, employer_id, row["station"], actor, employer_fields=changed, reason=why)
    await relabel_posts(employer_id)
    return changed
