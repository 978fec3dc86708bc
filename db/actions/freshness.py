"""The morning's calls (定期核实): the number is opened for the call, and every answer is one key and one entry."""

from __future__ import annotations

from typing import Any

from db.actions.jobs import verify_job, withdraw_job
from db.actions.journal import record
from db.actions.seekers import confirm_seeker
from db.clock import now, today
from db.tables.seekers import Reveal, Seeker
from db.transaction import action
from rules.codes import ConfirmedHow, SeekerState, VerifyMethod
from rules.errors import RuleBroken
from rules.journal import EventKind
from rules.permissions import Actor
from rules.reveals import CALL_LIST

_FIELDS = {"seeker": "phone", "job": "contact_name,contact_phone"}


@action
async def begin_call(subject: str, row: dict[str, Any], *, actor: Actor) -> None:
    """Keep that the number of a record on the list is opened to call it (`row` of `db.queries.freshness`).

    The list chooses whom to call, not the person at the desk, so these looks do not count towards the daily alarm.
    """
    await Reveal.insert(
        Reveal(
            account=actor.id,
            station=actor.station_id,
            subject=subject,
            subject_id=row["id"],
            fields=_FIELDS[subject],
            purpose=CALL_LIST,
            day=today(),
            at=now(),
        )
    )
    await record(
        EventKind.REVEALED,
        subject=subject,
        subject_id=row["id"],
        actor=actor,
        station_id=row["station"],
        number=row["number"],
        purpose=CALL_LIST,
        looked_at=_FIELDS[subject].split(","),
    )


@action
async def nobody_answered(subject: str, row: dict[str, Any], *, actor: Actor) -> None:
    """The call was in vain; the record stays on the list, behind those not called today."""
    entry = {"number": row["number"], "method": VerifyMethod.PHONE.value}
    await record(EventKind.FRESHNESS_CALLED, subject=subject, subject_id=row["id"], actor=actor, station_id=row["station"], **entry)


@action
async def still_wanted(row: dict[str, Any], *, actor: Actor) -> None:
    """The employer still looks for people: the post is verified by telephone and stands on the board again."""
    await verify_job(row["id"], VerifyMethod.PHONE, actor=actor)


@action
async def no_longer_wanted(row: dict[str, Any], *, actor: Actor) -> None:
    """The employer needs nobody any more: the post ends at the employer's word."""
    await withdraw_job(row["id"], actor=actor, reason="电话核实：雇主说不再招人。")


@action
async def still_looking(row: dict[str, Any], *, actor: Actor) -> None:
    """The person still looks for work: fresh for another 90 days."""
    await confirm_seeker(row["id"], actor=actor, how=ConfirmedHow.PHONE)


@action
async def not_looking(row: dict[str, Any], *, actor: Actor) -> None:
    """The person does not look for work now: the profile rests, unmatched, until they say so again (3.4)."""
    changed = (
        await Seeker.update({Seeker.state: SeekerState.DORMANT.value})
        .where(Seeker.id == row["id"], Seeker.state == row["state"])
        .returning(Seeker.id)
    )
    if not changed:
        raise RuleBroken("刚才有人改了这位求职者的登记，请刷新页面再记。")
    await record(
        EventKind.SEEKER_DORMANT,
        subject="seeker",
        subject_id=row["id"],
        actor=actor,
        station_id=row["station"],
        seeker=row["number"],
        reason="电话确认：本人现在不找活。",
    )
