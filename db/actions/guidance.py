"""Giving guidance (签约指导): what was answered, what the table proposed, what was chosen and why. Never changed afterwards."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from db.actions.journal import record
from db.clock import now, today
from db.ids import new_id
from db.numbers import next_number
from db.queries import agreements
from db.tables.agreements import Guidance
from db.tables.referrals import Referral
from db.transaction import action
from db.vault import vault
from rules.agreement_drafts import stored_changes
from rules.codes import AgreementType
from rules.errors import RuleBroken
from rules.guidance.answers import known_of, to_record, with_record
from rules.guidance.choice import check_choice, guidance_hits
from rules.guidance.interview import answer_text, asked_questions, changed_terms
from rules.journal import EventKind
from rules.lint import basis_text
from rules.numbers import guidance_number
from rules.permissions import Actor


@dataclass(frozen=True, slots=True)
class GuidanceRef:
    """The row and the public number of a guidance."""

    id: int
    number: str


@action
async def give_guidance(
    referral_id: int, given: Mapping[str, Any], chosen: AgreementType, reason: str = "", *, actor: Actor
) -> GuidanceRef:
    """Keep one guided drafting for a referral both sides agreed to, in the number circle of its day.

    `given`: what a person answered (`rules.guidance.to_record`); the rest the record answers. RuleBroken: a question is
    open, the law stops the matter, `chosen` is the wrong paper, or it departs from the proposal without a reason.
    """
    referral = await Referral.select(Referral.number, Referral.station).where(Referral.id == referral_id).first()
    if referral is None:
        raise RuleBroken("没有找到这次推荐，请刷新页面。")
    source = await agreements.opened_source(referral_id, number=agreements.UNNUMBERED, guide=actor.name, guided=False)
    known = known_of(source, today())
    answers = with_record(known, given)
    proposal = check_choice(known, answers, chosen, reason)
    followed = chosen is proposal.kind
    guidance_id, moment = new_id(), now()
    number = guidance_number(today(), await next_number(f"guidance {today():%y%m%d}"))
    kept = {
        "answers": to_record(answers),
        "lines": [(question.label, answer_text(known, answers, question)) for question in asked_questions(known, answers)],
        "why": proposal.why,
        "notes": proposal.notes,
        "warnings": [(hit.message, hit.advice, basis_text(hit.basis)) for hit in guidance_hits(known, answers, chosen)],
        "changed": stored_changes(changed_terms(known, answers)),
    }
    await Guidance.insert(
        Guidance(
            id=guidance_id,
            number=number,
            referral=referral_id,
            station=referral["station"],
            answers=vault().seal("guidance.answers", str(guidance_id), json.dumps(kept, ensure_ascii=False, sort_keys=True)),
            proposed_type=proposal.kind.value if proposal.kind else "",
            proposed_by_row=proposal.row,
            chosen_type=chosen.value,
            override_reason="" if followed else reason.strip()[:300],
            given_by=actor.id,
            given_at=moment,
        )
    )
    await record(
        EventKind.GUIDANCE_GIVEN,
        subject="guidance",
        subject_id=guidance_id,
        actor=actor,
        station_id=referral["station"],
        guidance=number,
        referral=referral["number"],
        agreement_type=chosen.value,
        proposed_type=proposal.kind.value if proposal.kind else "",
        proposed_by_row=proposal.row,
        reason="" if followed else reason.strip()[:300],
    )
    return GuidanceRef(guidance_id, number)
