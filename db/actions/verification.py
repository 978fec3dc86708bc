"""Keeping what a run over the record found, signing the heads of every day, and handing them to the district (art. 23)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from db.actions.alerts import raise_alert
from db.actions.journal import record
from db.clock import now, today
from db.ids import new_id
from db.queries import verification as queries
from db.signed_heads import SigningKey, known_public_keys, signing_key
from db.tables.verification import SignedHead, Verification
from db.transaction import action
from rules.codes import AlertKind
from rules.errors import RuleBroken
from rules.journal import EventKind
from rules.permissions import Actor
from rules.verification import RunHow, SignedLine, days_to_sign, head_file, lines_sha256

if TYPE_CHECKING:
    from db.verify_record import Result

MESSAGE_MOST = 2000


@action
async def keep_run(result: Result, *, how: RunHow, began_at: datetime) -> int:
    """Keep what a run found; of a fault the district is told, and the manager and officers of each station it is about."""
    found = list(result.found.values())
    row = Verification(
        id=new_id(),
        how=how.value,
        ok=not found,
        entries=result.entries,
        ledgers=result.ledgers,
        papers=result.papers,
        message="\n".join(each.shown for each in found)[:MESSAGE_MOST],
        began_at=began_at,
        ended_at=now(),
    )
    await Verification.insert(row)
    await record(
        EventKind.RECORD_VERIFIED,
        subject="verification",
        subject_id=row.id,
        actor=None,
        verified_how=how.value,
        verified_well=not found,
        verified_entries=result.entries,
        verified_ledgers=result.ledgers,
        verified_papers=result.papers,
        faults=[each.part.value for each in found],
    )
    if found:
        stations = sorted({each.station_id for each in found if each.station_id is not None})
        for station_id in (None, *stations):
            theirs = [each.shown for each in found if station_id is None or each.station_id == station_id]
            await raise_alert(
                AlertKind.RECORD_WRONG, station_id=station_id, subject="verification", subject_id=row.id, found_wrong=theirs[0][:200]
            )
    return row.id


async def sign_due_heads() -> int:
    """Sign the heads of yesterday, and of days missed before; how many. SigningKeyError: the key cannot be used."""
    days = days_to_sign(await queries.last_signed_day(), today())
    heads = await queries.heads_at_end_of(days) if days else {}
    if not heads:
        return 0
    key, count = signing_key(), 0
    for day in sorted(heads):
        count += await sign_heads([key.sign(chain, seq, digest, day) for chain, seq, digest in sorted(heads[day])], day, key)
    return count


@action
async def sign_heads(lines: list[SignedLine], day: date, key: SigningKey) -> int:
    """Keep the signed heads of one day, once; how many (0: somebody else was faster)."""
    if await SignedHead.exists().where(SignedHead.day == day):
        return 0
    moment = now()
    rows = [
        SignedHead(
            id=new_id(),
            day=day,
            chain=line.chain,
            seq=line.seq,
            hash=line.hash,
            key_id=line.key_id,
            signature=line.signature,
            signed_at=moment,
        )
        for line in lines
    ]
    await SignedHead.insert(*rows)
    await record(
        EventKind.HEADS_SIGNED,
        subject="signed_head",
        subject_id=rows[0].id,
        actor=None,
        day=day,
        count=len(lines),
        sha256=lines_sha256(lines),
        key_name=key.key_id,
        public_key=key.public[key.key_id],
    )
    return len(lines)


@action
async def fetch_heads(first: date, *, actor: Actor) -> str:
    """The file of signed heads in the actor's reach from a day on; the taking is journalled. RuleBroken: there is none."""
    lines = await queries.heads_since(await queries.chains_in(actor.scope), first)
    if not lines:
        raise RuleBroken("这一天起还没有签署的链头。链头每天零点以后自动签署，请选早一点的日期，或者明天再来。", "since")
    await record(
        EventKind.HEADS_FETCHED,
        subject="signed_head",
        subject_id=0,
        actor=actor,
        station_id=actor.station_id,
        since=first,
        until=lines[-1].day,
        count=len(lines),
        sha256=lines_sha256(lines),
    )
    return head_file(lines, known_public_keys())
