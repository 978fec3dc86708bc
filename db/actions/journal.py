"""Writing the journal: every action ends with one `record`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from db import clock
from db.errors import ConstraintViolated, StorageConflict
from db.ids import new_id
from db.tables.journal import JournalEntry
from db.transaction import in_transaction, recall, remember
from rules.errors import RuleBroken
from rules.journal import LATE_AFTER, ZERO, EventKind, canonical, chain_of, link, refuse_personal

SYSTEM = "系统"


async def record(
    kind: EventKind,
    *,
    subject: str,
    subject_id: int,
    actor: Any,
    station_id: int | None = None,
    chain: str | None = None,
    at: datetime | None = None,
    late_reason: str | None = None,
    corrects: int | None = None,
    **particulars: Any,
) -> int:
    """Append one entry to the chain of `station_id` (None: of the district) in the current transaction; its id.

    `actor` has `.id` and `.name`; None is the system itself. `at` is when it happened, if that was not now.
    `corrects` is the id of the entry this one corrects, in the same chain. `particulars` are named fields:
    text, whole numbers, dates, lists and mappings of those; persons only as ids or sealed.

    RuleBroken: the event lies in the future, or more than a day back without `late_reason`.
    ValueError, TypeError: particulars the journal must not or cannot keep. RuntimeError: no transaction is open.
    """
    if not in_transaction():
        raise RuntimeError("record() belongs inside an action, in the transaction of what it records")
    refuse_personal(particulars)
    entered_at = clock.now()
    happened_at = at or entered_at
    if happened_at > entered_at:
        raise RuleBroken("发生时间不能晚于现在，请改正", "at")
    late = entered_at - happened_at > LATE_AFTER
    if late and not (late_reason or "").strip():
        raise RuleBroken("这件事已过去超过一天，请写明补记的原因", "late_reason")
    fields: dict[str, Any] = {
        "id": new_id(),
        "kind": str(kind),
        "subject": subject,
        "subject_id": subject_id,
        "station_id": station_id,
        "account_id": actor.id if actor is not None else None,
        "signed_name": actor.name if actor is not None else SYSTEM,
        "corrects": corrects,
    }
    body = {**fields, "at": happened_at, "entered_at": entered_at, "particulars": particulars}
    if late:  # what was in time needs no reason: an entry with one was late
        body["late_reason"] = late_reason
    text = canonical(body)
    chain = chain or chain_of(station_id)
    head = recall(("journal head", chain)) or (
        await JournalEntry.select(JournalEntry.seq, JournalEntry.hash)
        .where(JournalEntry.chain == chain)
        .order_by(JournalEntry.seq, ascending=False)
        .first()
    )
    seq, prev = (head["seq"] + 1, head["hash"]) if head else (1, ZERO)
    entry = JournalEntry(**fields, at=happened_at, chain=chain, seq=seq, prev=prev, hash=link(prev, chain, seq, text), body=text)
    try:
        await JournalEntry.insert(entry)
    except ConstraintViolated as error:
        if error.constraint in ("journal_entry.chain,seq", "journal_entry.hash"):
            raise StorageConflict("the chain has gone on") from error  # another transaction took the number
        raise
    remember(("journal head", chain), {"seq": seq, "hash": entry.hash})
    return int(fields["id"])
