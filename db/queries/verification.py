"""Questions about verification (核验): the runs, the heads signed daily, and whether tonight's run is due."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from piccolo.querystring import QueryString

from db.clock import CHINA, now
from db.ids import made_at
from db.paging import DESK_ROWS, Page, page_of, place
from db.queries.stations import stations_to_choose
from db.tables.journal import JournalEntry
from db.tables.verification import SignedHead, Verification
from piccolo_conf import DB
from rules.journal import DISTRICT, EventKind, chain_of, utc_text
from rules.permissions import Reach, Scope
from rules.verification import RunHow, SignedLine, night_began, record_state

_RUN = (
    Verification.id,
    Verification.how,
    Verification.ok,
    Verification.entries,
    Verification.ledgers,
    Verification.papers,
    Verification.message,
    Verification.began_at,
    Verification.ended_at,
)


async def last_run() -> dict[str, Any] | None:
    """The newest run over the whole record; it is of the installation, so everybody at a desk may know how it ended."""
    return await Verification.select(*_RUN).order_by(Verification.ended_at, ascending=False).limit(1).first()


async def runs(after: str = "", *, wrong: bool = False) -> Page:
    """The runs, newest first; `wrong`: only those that found a fault."""
    query = Verification.select(*_RUN).order_by(Verification.id, ascending=False).limit(DESK_ROWS + 1)
    if wrong:
        query = query.where(Verification.ok.eq(False))
    if start := place(after, (int,)):
        query = query.where(Verification.id < start[0])
    return page_of(await query, DESK_ROWS, "id")


async def first_entry_at() -> datetime | None:
    """When the first entry was really written, whatever day the demonstration gave it; None before it."""
    row = await JournalEntry.select(JournalEntry.id).order_by(JournalEntry.id).limit(1).first()
    return made_at(row["id"]) if row else None


async def night_is_due() -> bool:
    """Whether no nightly run has ended since it last fell due."""
    began = night_began(now().astimezone(CHINA))
    return not await Verification.exists().where(Verification.how == RunHow.NIGHTLY.value, Verification.ended_at >= began)


async def chains_in(scope: Scope) -> dict[str, str]:
    """The chains in the asker's reach, each with the name of its station; the district's own for those who see the whole."""
    rows = await stations_to_choose(scope)
    own = {DISTRICT: "区级"} if scope.reach is Reach.DISTRICT else {}
    return {**own, **{chain_of(row["id"]): row["name"] for row in rows}}


_HEAD = (SignedHead.id, SignedHead.day, SignedHead.chain, SignedHead.seq, SignedHead.hash, SignedHead.key_id, SignedHead.signature)


def _of(chains: Iterable[str]) -> Any:
    return SignedHead.chain.is_in(list(chains) or [""])


async def signed_heads(chains: Iterable[str], *, day: date | None = None, after: str = "") -> Page:
    """The signed heads of these chains (those in the asker's reach), newest first, narrowed to a day."""
    query = SignedHead.select(*_HEAD).where(_of(chains)).order_by(SignedHead.id, ascending=False).limit(DESK_ROWS + 1)
    if day:
        query = query.where(SignedHead.day == day)
    if start := place(after, (int,)):
        query = query.where(SignedHead.id < start[0])
    return page_of(await query, DESK_ROWS, "id")


async def heads_since(chains: Iterable[str], first: date) -> list[SignedLine]:
    """The signed heads of these chains from a day on, oldest first."""
    rows = await SignedHead.select(*_HEAD).where(_of(chains), SignedHead.day >= first).order_by(SignedHead.day).order_by(SignedHead.chain)
    return [SignedLine(row["chain"], row["seq"], row["hash"], row["day"], row["key_id"], row["signature"]) for row in rows]


async def last_signed_day() -> date | None:
    """The last day whose heads are signed."""
    row = await SignedHead.select(SignedHead.day).order_by(SignedHead.id, ascending=False).limit(1).first()
    return row["day"] if row else None


async def last_fetch(account_id: int) -> dict[str, Any] | None:
    """When this account last took the signed heads away, and up to which day (`until`)."""
    row = (
        await JournalEntry.select(JournalEntry.at, JournalEntry.body)
        .where(JournalEntry.account_id == account_id, JournalEntry.kind == EventKind.HEADS_FETCHED.value)
        .order_by(JournalEntry.at, ascending=False)
        .limit(1)
        .first()
    )
    if row is None:
        return None
    return {"at": row["at"], "until": date.fromisoformat(json.loads(row["body"])["particulars"]["until"])}


# Every chain by a skip through the index, where DISTINCT would read all of it.
_CHAINS = """WITH RECURSIVE names(chain) AS (
  SELECT min(chain) FROM journal_entry
  UNION ALL SELECT (SELECT min(e.chain) FROM journal_entry e WHERE e.chain > names.chain) FROM names WHERE names.chain IS NOT NULL
) SELECT chain FROM names WHERE chain IS NOT NULL"""


async def every_chain() -> list[str]:
    """The names of all chains."""
    return [row["chain"] for row in await DB.run_querystring(QueryString(_CHAINS))]


_STEP = 200


async def heads_at_end_of(days: Iterable[date]) -> Mapping[date, list[tuple[str, int, str]]]:
    """(chain, number, hash) of the last entry of every chain written down by the end of each day in China; empty chains are left out."""
    found: dict[date, list[tuple[str, int, str]]] = {}
    for chain in await every_chain():
        below = 2**62
        for day in sorted(days, reverse=True):
            head = await _last_before(chain, below, datetime.combine(day + timedelta(days=1), time(), CHINA))
            if head is None:
                break
            found.setdefault(day, []).append((chain, *head))
            below = head[0] + 1
    return found


async def _last_before(chain: str, below: int, moment: datetime) -> tuple[int, str] | None:
    """The last entry under a number that was entered before a moment: mostly one of the last few."""
    limit = utc_text(moment)
    while rows := (
        await JournalEntry.select(JournalEntry.seq, JournalEntry.hash, JournalEntry.body)
        .where(JournalEntry.chain == chain, JournalEntry.seq < below)
        .order_by(JournalEntry.seq, ascending=False)
        .limit(_STEP)
    ):
        for row in rows:
            if json.loads(row["body"])["entered_at"] < limit:
                return row["seq"], row["hash"]
        below = rows[-1]["seq"]
    return None


async def standing() -> dict[str, Any]:
    """How the record stands: `state` (RecordState), and of the last run `at`, `entries`, `message` (None, 0 and "" before the first)."""
    last = await last_run()
    state = record_state(
        ok=last["ok"] if last else None,
        ended_at=last["ended_at"] if last else None,
        began_at=None if last else await first_entry_at(),
        now=now(),
    )
    if last is None:
        return {"state": state, "at": None, "entries": 0, "message": ""}
    return {"state": state, "at": last["ended_at"], "entries": last["entries"], "message": last["message"]}
