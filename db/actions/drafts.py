"""Drafts (草稿): what somebody has typed so far on the question pages, kept sealed until they hand it in or leave it."""

from __future__ import annotations

import json
import secrets
from typing import Any

from db.clock import now
from db.ids import new_id
from db.queries.drafts import KEPT, draft_key
from db.tables.accounts import Draft
from db.transaction import action
from db.vault import vault


@action
async def begin_draft(kind: str) -> str:
    """A new empty draft; gives the cookie token. Drafts that nobody came back to are removed on the way."""
    token, uid, moment = secrets.token_urlsafe(24), new_id(), now()
    await Draft.delete().where(Draft.changed_at < moment - KEPT)
    await Draft.insert(
        Draft(
            key=draft_key(token),
            uid=uid,
            kind=kind,
            answers=vault().seal("draft.answers", uid, "{}"),
            created_at=moment,
            changed_at=moment,
        )
    )
    return token


@action
async def keep_draft(token: str, kind: str, answers: dict[str, Any]) -> None:
    """Keep what was typed on one page beside the other pages' answers; nothing of it is in the journal (not handed in)."""
    row = await Draft.select(Draft.uid).where(Draft.key == draft_key(token), Draft.kind == kind).first()
    if row is None:
        return
    sealed = vault().seal("draft.answers", row["uid"], json.dumps(answers, ensure_ascii=False))
    await Draft.update({Draft.answers: sealed, Draft.changed_at: now()}).where(Draft.key == draft_key(token))


@action
async def finish_draft(token: str, location: str) -> None:
    """The registration was handed in: the typing is removed, and a second submit is led to `location`."""
    await Draft.update({Draft.answers: "", Draft.location: location, Draft.changed_at: now()}).where(Draft.key == draft_key(token))


@action
async def keep_named_draft(token: str, kind: str, answers: dict[str, Any]) -> None:
    """Keep what a signed-in person typed under a token that names them and the thing (not a cookie): made when new."""
    moment = now()
    await Draft.delete().where(Draft.changed_at < moment - KEPT)
    if await Draft.select(Draft.uid).where(Draft.key == draft_key(token), Draft.kind == kind).first():
        await keep_draft(token, kind, answers)
        return
    uid = new_id()
    sealed = vault().seal("draft.answers", uid, json.dumps(answers, ensure_ascii=False))
    await Draft.insert(Draft(key=draft_key(token), uid=uid, kind=kind, answers=sealed, created_at=moment, changed_at=moment))


@action
async def drop_draft(token: str, kind: str) -> None:
    """Delete the draft with everything typed in it."""
    await Draft.delete().where(Draft.key == draft_key(token), Draft.kind == kind)
