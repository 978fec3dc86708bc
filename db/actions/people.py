"""Accounts of workers and employers: made when they register by themselves or get a phone enrolled at the counter."""

from __future__ import annotations

from db.actions.journal import record
from db.clock import now
from db.ids import new_id
from db.queries.accounts import actor_of_seeker
from db.tables.accounts import Account
from db.tables.employers import Employer
from db.tables.seekers import Seeker
from db.transaction import action
from rules.journal import EventKind
from rules.masking import mask_name
from rules.permissions import Actor, Role


@action
async def worker_account(seeker_id: int, *, actor: Actor | None) -> Actor:
    """The account with which this seeker signs in, made now when there is none. `actor` None: the seeker's own doing.

    LookupError: no such seeker.
    """
    if existing := await actor_of_seeker(seeker_id):
        return existing
    seeker = await Seeker.select(Seeker.number, Seeker.name, Seeker.station).where(Seeker.id == seeker_id).first()
    if seeker is None:
        raise LookupError(seeker_id)
    made = Actor(
        new_id(), mask_name(seeker["name"]), Role.WORKER, f"wkr-{seeker['number'].lower()}", seeker["station"], seeker_id=seeker_id
    )
    await insert_account(made, phone_index="", actor=actor)
    return made


@action
async def employer_account(employer_id: int, *, password_hash: str, actor: Actor | None) -> Actor:
    """A new account with which this employer signs in by phone and password. LookupError: no such employer."""
    employer = await Employer.select(Employer.agent_name, Employer.station, Employer.phone_index).where(Employer.id == employer_id).first()
    if employer is None:
        raise LookupError(employer_id)
    made = Actor(
        new_id(), mask_name(employer["agent_name"]), Role.EMPLOYER, f"emp-{employer_id}", employer["station"], employer_id=employer_id
    )
    await insert_account(made, phone_index=employer["phone_index"], password_hash=password_hash, actor=actor)
    return made


async def insert_account(made: Actor, *, phone_index: str, actor: Actor | None, password_hash: str = "") -> None:
    """Write the account of `made`, in the transaction of the record it belongs to. `actor` None: the person's own doing."""
    moment = now()
    await Account.insert(
        Account(
            id=made.id,
            login=made.login,
            name=made.name,
            work_no="",
            role=made.role.value,
            password_hash=password_hash,
            station=made.station_id,
            operator="",
            subdistrict="",
            seeker=made.seeker_id,
            employer=made.employer_id,
            phone_index=phone_index,
            created_at=moment,
            password_changed_at=moment,
        )
    )
    await record(
        EventKind.ACCOUNT_CREATED,
        subject="account",
        subject_id=made.id,
        actor=actor or made,
        station_id=made.station_id,
        role=made.role.value,
        login=made.login,
    )
