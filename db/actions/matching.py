"""Batch matching (批量匹配): keeping a run with what went into it, and what a person decided about each suggestion."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from db.actions import referrals as referral_actions
from db.actions.journal import record
from db.actions.referrals import ReferralRef
from db.clock import now, today
from db.ids import new_id
from db.numbers import next_number
from db.queries import matching as queries
from db.tables.matching import MatchRun, Suggestion
from db.transaction import action
from db.vault import vault
from rules.batch import Suggested
from rules.codes import DropReason, MatchedPeople, SuggestionDecision
from rules.errors import RuleBroken
from rules.journal import EventKind
from rules.matching import check_drop
from rules.permissions import Actor

NOT_FOUND = "没有找到这条建议，请刷新页面看一看。"
NO_SUGGESTIONS = "本人现在不接受系统推荐，这条建议不能用。本人愿意的，请在岗位的“推荐零工”里直接找他。"


@action
async def keep_run(
    station_id: int,
    whom: MatchedPeople,
    inputs: Mapping[str, Any],
    made: Sequence[Suggested],
    milliseconds: int,
    *,
    actor: Actor,
) -> str:
    """Keep a run: its seed, what went in (`rules.batch.record_of`, sealed) and what it suggested; its number of the day."""
    run_id, day = new_id(), today()
    number = f"P{day:%y%m%d}-{await next_number(f'match:{station_id}:{day:%y%m%d}')}"
    posts, people = inputs["posts"], inputs["people"]
    places = sum(each["places"] for each in posts)
    await MatchRun.insert(
        MatchRun(
            id=run_id,
            station=station_id,
            number=number,
            day=day,
            seed=inputs["seed"],
            whom=whom.value,
            posts=len(posts),
            places=places,
            people=len(people),
            filled=len(made),
            milliseconds=milliseconds,
            inputs=vault().seal("match_run.inputs", str(run_id), json.dumps(inputs, ensure_ascii=False)),
            made_by=actor.id,
            made_at=now(),
        )
    )
    for start in range(0, len(made), 500):
        rows = [
            Suggestion(id=new_id(), run=run_id, job=each.post_id, seeker=each.seeker_id, place=each.place, reason=each.sentence)
            for each in made[start : start + 500]
        ]
        await Suggestion.insert(*rows)
    await record(
        EventKind.MATCH_RUN,
        subject="match_run",
        subject_id=run_id,
        actor=actor,
        station_id=station_id,
        match_run=number,
        match_seed=inputs["seed"],
        matched_people=whom.value,
        matched_posts=len(posts),
        matched_places=places,
        matched_count=len(people),
        matched_filled=len(made),
    )
    return number


@action
async def take_suggestion(suggestion_id: int, *, actor: Actor) -> ReferralRef:
    """Take a suggestion up: the person is proposed for the post, with every guard of a referral asked again.

    RuleBroken: decided before, the person wants no suggestions any more, or what `propose` refuses.
    """
    row = await _undecided(suggestion_id, actor)
    if not row["wanted"]:
        raise RuleBroken(NO_SUGGESTIONS)
    ref = await referral_actions.propose(row["job"], row["seeker"], actor=actor)
    await _decide(row, SuggestionDecision.TAKEN, {Suggestion.referral_number: ref.number}, actor, referral=ref.number)
    return ref


@action
async def drop_suggestion(suggestion_id: int, reason: DropReason | None, note: str, *, actor: Actor) -> None:
    """Do not take a suggestion up. RuleBroken: decided before, no reason, or one that discriminates."""
    row = await _undecided(suggestion_id, actor)
    said = check_drop(reason, note)
    await _decide(row, SuggestionDecision.DROPPED, {Suggestion.decided_reason: said}, actor, reason_code=str(reason))


async def _undecided(suggestion_id: int, actor: Actor) -> dict[str, Any]:
    row = await queries.suggestion_with_id(suggestion_id)
    if row is None or row["station"] != actor.station_id:
        raise RuleBroken(NOT_FOUND)
    if row["decision"]:
        label = SuggestionDecision.label_of(row["decision"])
        raise RuleBroken(f"这条建议{row['decided_by_name']}已经处理过了：{label}。")
    return row


async def _decide(row: dict[str, Any], decision: SuggestionDecision, values: Mapping[Any, Any], actor: Actor, **particulars: Any) -> None:
    await Suggestion.update(
        {Suggestion.decision: decision.value, Suggestion.decided_by: actor.id, Suggestion.decided_at: now(), **values}
    ).where(Suggestion.id == row["id"])
    kind = EventKind.SUGGESTION_TAKEN if decision is SuggestionDecision.TAKEN else EventKind.SUGGESTION_DROPPED
    await record(
        kind,
        subject="suggestion",
        subject_id=row["id"],
        actor=actor,
        station_id=row["station"],
        match_run=row["run_number"],
        job=row["job_number"],
        seeker=row["seeker_number"],
        **particulars,
    )
