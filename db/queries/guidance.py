"""Questions about guided drafting (签约指导). What was answered stays sealed; only `opened_guidance` opens it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from db.queries.scope import within
from db.tables.agreements import Guidance
from db.vault import vault
from rules.guidance.answers import Answers, from_record
from rules.permissions import Scope

REMOVED = "劳动者的个人信息已按规定删除，这次指导的回答不再保存。"
"""What stands in place of the reason once the person was anonymised without an agreement."""

_ROW = (
    Guidance.id,
    Guidance.number,
    Guidance.station,
    Guidance.proposed_type,
    Guidance.proposed_by_row,
    Guidance.chosen_type,
    Guidance.override_reason,
    Guidance.given_at,
    Guidance.given_by.name.as_alias("guide"),
    Guidance.referral.as_alias("referral_id"),
    Guidance.referral.number.as_alias("referral"),
    Guidance.referral.job.title.as_alias("title"),
    Guidance.referral.job.employer.name.as_alias("employer"),
    Guidance.referral.seeker.name.as_alias("worker"),
)


@dataclass(frozen=True, slots=True)
class GuidanceGiven:
    """What was said at the counter: (question, answer) lines, why the type was proposed, notes, warnings, changed terms.

    `changed` are terms of the post answered otherwise, as `rules.agreement_drafts.read_changes` reads them;
    `warnings` are (message, what to do, basis).
    """

    answers: dict[str, Any]
    lines: list[tuple[str, str]]
    why: str
    notes: list[str]
    warnings: list[tuple[str, str, str]]
    changed: dict[str, Any]


async def guidance_in(scope: Scope, number: str) -> dict[str, Any] | None:
    """The guidance with this number when its station lies in the asker's reach: chosen type, referral, who gave it."""
    return await Guidance.select(*_ROW).where(within(scope, Guidance.station), Guidance.number == number).first()


async def guidance_by_id(guidance_id: int) -> dict[str, Any] | None:
    """The guidance of an agreement the caller found in scope."""
    return await Guidance.select(*_ROW).where(Guidance.id == guidance_id).first()


async def last_guidance(referral_id: int) -> dict[str, Any] | None:
    """The newest guidance of a referral the caller found in scope; None when none was given."""
    return await Guidance.select(*_ROW).where(Guidance.referral == referral_id).order_by(Guidance.id, ascending=False).first()


async def opened_answers(referral_id: int) -> Answers | None:
    """What was answered in the newest guidance of a referral; None when none was given."""
    row = await last_guidance(referral_id)
    return from_record((await opened_guidance(row["id"])).answers) if row else None


async def opened_guidance(guidance_id: int) -> GuidanceGiven:
    """What was answered and shown, in plain text. LookupError when there is none."""
    row = await Guidance.select(Guidance.answers).where(Guidance.id == guidance_id).first()
    if row is None:
        raise LookupError(guidance_id)
    if not row["answers"]:
        return GuidanceGiven({}, [], REMOVED, [], [], {})
    kept = json.loads(vault().open("guidance.answers", str(guidance_id), row["answers"]))
    return GuidanceGiven(
        answers=kept["answers"],
        lines=[(question, answer) for question, answer in kept["lines"]],
        why=kept["why"],
        notes=kept["notes"],
        warnings=[(message, advice, basis) for message, advice, basis in kept["warnings"]],
        changed=kept["changed"],
    )
