"""Person groups (帮扶类别): told, agreed to and recorded one by one; ended, never removed. The journal says that, never which."""

from __future__ import annotations

from typing import Any

from db.actions.journal import record
from db.clock import now
from db.ids import new_id
from db.queries import person_groups as queries
from db.tables.seekers import Consent, Seeker, SeekerGroup
from db.transaction import action
from rules.codes import ConsentMethod, PersonGroup, SeekerState
from rules.errors import RuleBroken
from rules.journal import EventKind
from rules.permissions import Actor, Permission
from rules.person_groups import CONSENT_VERSION, GUARDED, GroupEnd, check_addition, check_ending, consent_sentence
from rules.seekers import ConsentPurpose

_GONE = "没有找到这个帮扶类别，或者已经取消了，请刷新页面。"


@action
async def add_group(
    seeker_id: int, group: PersonGroup | None, proof: str, method: ConsentMethod | None, *, agreed: bool, actor: Actor
) -> int:
    """Record that a seeker of the actor's station is in a group, with the consent given for exactly this one (PIPL 29); its id.

    RuleBroken: what `rules.person_groups.check_addition` refuses, another station's person, or a registration that is over.
    """
    seeker = await Seeker.select(Seeker.id, Seeker.number, Seeker.station, Seeker.state).where(Seeker.id == seeker_id).first()
    if seeker is None or seeker["station"] != actor.station_id:
        raise RuleBroken("没有找到这个人，请刷新页面。")
    if seeker["state"] in (SeekerState.CLOSED.value, SeekerState.ANONYMISED.value):
        raise RuleBroken("这份登记已经注销，不能再登记帮扶类别。")
    held = await queries.held_groups(seeker_id)
    guarded = actor.may(Permission.GROUPS_GUARDED)
    said = check_addition(group, proof, method, agreed=agreed, held=held, guarded=guarded)
    assert group is not None
    assert method is not None
    moment, consent_id, group_id = now(), new_id(), new_id()
    await Consent.insert(
        Consent(
            id=consent_id,
            seeker=seeker_id,
            purpose=ConsentPurpose.GROUP.value,
            notice_version=CONSENT_VERSION,
            wording=consent_sentence(group),
            method=method.value,
            given_at=moment,
            recorded_by=actor.id,
        )
    )
    await SeekerGroup.insert(
        SeekerGroup(id=group_id, seeker=seeker_id, kind=group.value, consent=consent_id, proof=said, added_by=actor.id, added_at=moment)
    )
    await record(
        EventKind.SEEKER_GROUP_ADDED,
        subject="seeker",
        subject_id=seeker_id,
        actor=actor,
        station_id=seeker["station"],
        seeker=seeker["number"],
        group_id=group_id,
        consent_id=consent_id,
        consent_method=method.value,
    )
    return group_id


@action
async def end_group(group_id: int, why: GroupEnd | None, *, actor: Actor, by_proxy: bool = False) -> None:
    """A person is in this group no more, from now on; a consent that is taken back ends it at once (PIPL 15).

    By staff of the person's station, or by the person. RuleBroken: nothing to end, not theirs, or no reason.
    """
    row = await queries.group_with_id(group_id)
    if row is None or row["ended_at"] is not None or not _may_end(row, actor):
        raise RuleBroken(_GONE)
    reason = check_ending(why)
    await _end([row], reason, actor)
    await record(
        EventKind.SEEKER_GROUP_ENDED,
        subject="seeker",
        subject_id=row["seeker"],
        actor=actor,
        station_id=row["station"],
        seeker=row["seeker_number"],
        group_id=group_id,
        reason=reason.label,
        by_proxy=by_proxy,
    )


def _may_end(row: dict[str, Any], actor: Actor) -> bool:
    if actor.seeker_id is not None:
        return bool(row["seeker"] == actor.seeker_id)
    if row["station"] != actor.station_id or not actor.may(Permission.GROUPS_RECORD):
        return False
    return PersonGroup(row["kind"]) not in GUARDED or actor.may(Permission.GROUPS_GUARDED)


async def _end(rows: list[dict[str, Any]], why: GroupEnd, actor: Actor) -> None:
    """End these groups and, whatever the reason, the consents they rest on: nothing is used any more."""
    moment = now()
    ended: dict[Any, Any] = {SeekerGroup.ended_at: moment, SeekerGroup.ended_by: actor.id, SeekerGroup.ended_reason: why.label}
    await SeekerGroup.update(ended).where(SeekerGroup.id.is_in([row["id"] for row in rows]), SeekerGroup.ended_at.is_null())
    consents = [row["consent"] for row in rows if row["consent"] is not None]
    if consents:
        withdrawn: dict[Any, Any] = {Consent.withdrawn_at: moment, Consent.withdrawn_by: actor.id}
        await Consent.update(withdrawn).where(Consent.id.is_in(consents), Consent.withdrawn_at.is_null())


async def end_all_groups(seeker_id: int, why: GroupEnd, *, actor: Actor) -> int:
    """End every group of somebody, within the action that closes or anonymises the registration and records it; how many."""
    rows = await _live(seeker_id)
    if rows:
        await _end(rows, why, actor)
    return len(rows)


async def blank_groups(seeker_id: int, *, actor: Actor) -> None:
    """For somebody made anonymous: groups ended, and what was seen forgotten. Which groups they were counts on."""
    await end_all_groups(seeker_id, GroupEnd.ANONYMISED, actor=actor)
    await SeekerGroup.update({SeekerGroup.proof: ""}).where(SeekerGroup.seeker == seeker_id)


async def move_groups(keep: int, drop: int, *, actor: Actor) -> None:
    """Of two records of the same person, what the dropped one is in the kept one is in, too, by the same consent."""
    held = await queries.held_groups(keep)
    rows = await _live(drop)
    moved = [row for row in rows if PersonGroup(row["kind"]) not in held]
    if not rows:
        return
    moment = now()
    ended: dict[Any, Any] = {SeekerGroup.ended_at: moment, SeekerGroup.ended_by: actor.id, SeekerGroup.ended_reason: GroupEnd.MERGED.label}
    await SeekerGroup.update(ended).where(SeekerGroup.seeker == drop, SeekerGroup.ended_at.is_null())
    for row in moved:
        columns = {name: row[name] for name in ("kind", "consent", "proof", "added_at")}
        await SeekerGroup.insert(SeekerGroup(id=new_id(), seeker=keep, added_by=row["added_by"], **columns))


async def _live(seeker_id: int) -> list[dict[str, Any]]:
    return (
        await SeekerGroup.select(
            SeekerGroup.id, SeekerGroup.kind, SeekerGroup.consent, SeekerGroup.proof, SeekerGroup.added_by, SeekerGroup.added_at
        )
        .where(SeekerGroup.seeker == seeker_id, SeekerGroup.ended_at.is_null())
        .order_by(SeekerGroup.id)
    )
