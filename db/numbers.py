"""Counters for the public numbers (domain reference 7.12)."""

from __future__ import annotations

from db.tables.parameters import Counter


async def next_number(name: str) -> int:
    """The next number under `name`, starting at 1; inside a transaction, so that a refused action leaves no gap."""
    rows = await Counter.raw(
        "INSERT INTO counter (name, value) VALUES ({}, 1) ON CONFLICT (name) DO UPDATE SET value = counter.value + 1 RETURNING value",
        name,
    )
    return int(rows[0]["value"])
