"""Which journal heads were signed, for anybody who types one from paper: with a month's ledger, or at the end of a day."""

from __future__ import annotations

from typing import Any

from db.tables.ledger import LedgerVersion
from db.tables.stations import Station
from db.tables.verification import SignedHead
from rules.journal import chain_of

MOST = 20

_VERSION = (
    LedgerVersion.id,
    LedgerVersion.number,
    LedgerVersion.version,
    LedgerVersion.month,
    LedgerVersion.head_hash,
    LedgerVersion.head_seq,
    LedgerVersion.closed_at,
    LedgerVersion.ledger.version.as_alias("newest"),
    LedgerVersion.ledger.state.as_alias("state"),
    LedgerVersion.station.code.as_alias("station_code"),
    LedgerVersion.station.name.as_alias("station_name"),
    LedgerVersion.station.phone.as_alias("station_phone"),
)


async def ledgers_with_head(digits: str) -> list[dict[str, Any]]:
    """The signed ledgers whose head begins with these hex digits, newest first: station, month, version, state, day; no person."""
    return (
        await LedgerVersion.select(*_VERSION)
        .where(LedgerVersion.head_hash >= digits, LedgerVersion.head_hash < f"{digits}g")
        .order_by(LedgerVersion.id, ascending=False)
        .limit(MOST)
    )


async def ledger_numbered(number: str) -> dict[str, Any] | None:
    """The signed ledger with this number, for anybody."""
    return await LedgerVersion.select(*_VERSION).where(LedgerVersion.number == number).first()


async def days_with_head(digits: str) -> list[dict[str, Any]]:
    """The daily signed heads that begin with these hex digits, newest first, each with its station ("" of the district's chain)."""
    columns = (SignedHead.day, SignedHead.chain, SignedHead.seq, SignedHead.hash, SignedHead.key_id, SignedHead.signed_at)
    rows = (
        await SignedHead.select(*columns)
        .where(SignedHead.hash >= digits, SignedHead.hash < f"{digits}g")
        .order_by(SignedHead.id, ascending=False)
        .limit(MOST)
    )
    if not rows:
        return []
    names = {chain_of(row["id"]): row["name"] for row in await Station.select(Station.id, Station.name)}
    for row in rows:
        row["station_name"] = names.get(row["chain"], "")
    return rows
