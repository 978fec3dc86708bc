"""Questions about drafts (草稿)."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any

from db.clock import now
from db.tables.accounts import Draft
from db.vault import vault

KEPT = timedelta(days=7)
"""How long a draft nobody hands in is kept (PIPL 19: no longer than needed)."""


def draft_key(token: str) -> str:
    """What the table keeps of the draft cookie."""
    return hashlib.sha256(b"draft:" + token.encode()).hexdigest()


async def opened_draft(token: str, kind: str) -> tuple[dict[str, Any], str] | None:
    """The answers so far and where the finished registration led ("" while unfinished); None when there is no draft."""
    if not 20 <= len(token) <= 100:
        return None
    row = (
        await Draft.select(Draft.uid, Draft.answers, Draft.location)
        .where(Draft.key == draft_key(token), Draft.kind == kind, Draft.changed_at > now() - KEPT)
        .first()
    )
    if row is None:
        return None
    return json.loads(vault().open("draft.answers", row["uid"], row["answers"]) or "{}"), row["location"]
