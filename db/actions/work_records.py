"""Signing one's work of a day (签认, art. 23 有操作者签名): what was read is fixed by its hashes, and kept for ever."""

from __future__ import annotations

from datetime import date

from db.actions.journal import record
from db.clock import now, today
from db.errors import ConstraintViolated
from db.ids import new_id
from db.queries import work_records as queries
from db.tables.records import SignedDay
from db.transaction import action
from rules.errors import RuleBroken
from rules.journal import ZERO, EventKind, chain_of
from rules.permissions import Actor
from rules.work_records import check_signing, entries_sha256, missing_json, words_sha256


@action
async def sign_day(day: date, *, read: bool, seen: str, remark: str = "", actor: Actor) -> int:
    """Sign everything the actor did on a day, as the next round; gives the round.

    `seen` is `rules.work_records.entries_sha256` of what the page showed; the caller has checked the password. RuleBroken:
    a day to come, nothing new to sign, not read, or entries came in after the page was shown.
    """
    work = await queries.work_of(actor.id, day, today(), reader=actor.id)
    before = await queries.signatures_of(actor.id, day)
    check_signing(day, today(), entries=len(work.entries), signed_entries=max((row["entries"] for row in before), default=0), read=read)
    digest = entries_sha256(entry["hash"] for entry in work.entries)
    if seen != digest:
        raise RuleBroken("您看的时候又记了新的内容，请把下面新的记录也看一遍，再签认。", "read")
    station_id, number = actor.station_id or 0, len(before) + 1
    head = await queries.chain_head(chain_of(station_id))
    signed_id = new_id()
    remark, missing = " ".join(remark.split())[:200], missing_json(work.missing)
    try:
        await SignedDay.insert(
            SignedDay(
                id=signed_id,
                station=station_id,
                account=actor.id,
                day=day,
                round=number,
                entries=len(work.entries),
                late=work.quality.late,
                incomplete=work.quality.incomplete,
                missing=missing,
                entries_sha256=digest,
                head_seq=head["seq"],
                head_hash=head["hash"] or ZERO,
                remark=remark,
                signed_name=actor.name,
                signed_at=now(),
            )
        )
    except ConstraintViolated as violated:
        if violated.kind == "unique":
            raise RuleBroken("这一天刚刚已经签认过了，请刷新页面。") from violated
        raise
    await record(
        EventKind.DAY_SIGNED,
        subject="signed_day",
        subject_id=signed_id,
        actor=actor,
        station_id=station_id,
        day=day,
        signing_round=number,
        count=len(work.entries),
        late_entries=work.quality.late,
        incomplete_records=work.quality.incomplete,
        sha256=digest,
        text_sha256=words_sha256(remark, missing),
    )
    return number
