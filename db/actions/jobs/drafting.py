"""Registering the demand, changing it, handing it in for review. Every saved change is a version that is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from piccolo.query import Insert

from db.actions.employers import check_station_works
from db.actions.jobs.steps import (
    by_proxy,
    check_goes_on,
    check_own,
    employer_on_post,
    job_as_of_today,
    list_on_board,
    move,
    note,
    public_columns,
    refuse_frozen,
)
from db.clock import now, today
from db.ids import new_id
from db.numbers import next_number
from db.queries.employers import employer_facts, opened_employer
from db.queries.jobs import opened_terms, released_pairs, version_of
from db.queries.post_checks import post_hits
from db.tables.jobs import Job, JobVersion
from db.tables.stations import Station
from db.transaction import action, asked_once, together
from db.vault import vault
from rules.checks import check_nothing_blocks
from rules.codes import JobState, PostSource, VerifyMethod
from rules.endings import check_extension, check_extension_proof
from rules.errors import RuleBroken
from rules.identity import parse_phone
from rules.jobs import JobEvent, changes, check_reason, next_state, substantive_changes, terms_to_record
from rules.journal import EventKind
from rules.lint import Hit
from rules.numbers import job_number, station_number
from rules.permissions import Actor, Permission, Role
from rules.publication import (
    MANAGER_ONLY,
    SEALED_FIELDS,
    check_answers,
    check_not_blocked,
    check_watched,
    cleaned_answers,
    hits_to_record,
    unreleased,
)
from rules.terms import JobTerms


class JobRef(NamedTuple):
    """A post's id and its public number."""

    id: int
    number: str


@action
async def draft_job(
    employer_id: int,
    terms: JobTerms,
    *,
    source: PostSource,
    actor: Actor,
    answers: Mapping[str, str] | None = None,
) -> JobRef:
    """Keep the demand as a draft (version 1) at the actor's station. Without a contact, the employer's agent is it.

    The checks run and are kept; they refuse nothing yet. RuleBroken: no title, a telephone number that is none, the
    station does not work, the employer belongs to another station.
    """
    check_own(employer_id, actor)
    await check_station_works(actor.station_id)
    employer = await employer_on_post(employer_id)
    check_goes_on(employer)
    check_not_blocked((await employer_facts(employer_id)).credit)
    if employer["station"] != actor.station_id:
        raise RuleBroken("这个雇主登记在别的驿站，请先在本站登记雇主。")
    if not terms.contact_name:
        terms = replace(terms, contact_name=employer["agent_name"])
    if not terms.contact_phone:
        terms = replace(terms, contact_phone=(await opened_employer(employer_id))["phone"])
    terms = _in_one_form(terms)
    # Two stations may share the last two digits of their code, so they share the counter as well.
    digits = station_number(await _station_code(actor.station_id))
    day = today()
    number = job_number(day, digits, await next_number(f"job:{day.isoformat()}:{digits}"))
    id, moment = new_id(), now()
    hits = await post_hits(employer_id, terms)
    job = Job.insert(
        Job(
            {
                Job.id: id,
                Job.number: number,
                Job.station: actor.station_id,
                Job.employer: employer_id,
                Job.author: actor.id,
                Job.source: source.value,
                Job.state: JobState.DRAFT.value,
                Job.created_at: moment,
                Job.changed_at: moment,
                **public_columns(terms, employer),
            }
        )
    )
    await together(job, _version(id, 1, terms, [], hits, cleaned_answers(answers or {}), actor))
    row = {"id": id, "number": number, "station": actor.station_id, "version": 1}
    await note(row, EventKind.JOB_DRAFTED, actor, state=JobState.DRAFT.value, source=source.value, employer=employer_id)
    return JobRef(id, number)


@asked_once
async def _station_code(station_id: int | None) -> str:
    row = await Station.select(Station.code).where(Station.id == station_id).first()
    return row["code"] if row else ""


@action
async def revise_job(job_id: int, terms: JobTerms, *, actor: Actor, answers: Mapping[str, str] | None = None) -> JobState:
    """Keep changed terms as the next version; the state afterwards. Empty sealed fields keep what is stored.

    A draft stays a draft. A published post passes the checks again: a substantive change sends it back to review and
    off the board, another one is public at once (3.3). An expired post is renewed and goes to review.
    RulesBroken: the checks refuse, or a warning is unanswered. RuleBroken: nothing changed, or not in this state.
    """
    row = await job_as_of_today(job_id)
    check_own(row["employer"], actor)
    state: JobState = row["state"]
    old = await opened_terms(job_id, row["version"])
    kept = {name: getattr(terms, name) or getattr(old, name) for name in SEALED_FIELDS}
    terms = _in_one_form(replace(terms, **kept))
    changed = changes(old, terms)
    latest = await version_of(job_id, row["version"])
    given = {**(latest["answers"] if latest else {}), **cleaned_answers(answers or {})}
    hits = await post_hits(row["employer"], terms, job_id=job_id)
    employer = await employer_on_post(row["employer"])
    if state is JobState.DRAFT:
        if not changed:
            await _keep_answers(job_id, row["version"], hits, given)
            return state
        columns = {} if row["published_version"] else public_columns(terms, employer)
        await _next_version(row, terms, changed, hits, given, actor, columns)
        return state
    in_force = old if row["published_version"] is None else await opened_terms(job_id, row["published_version"])
    # Whatever changes in a public post of an employer under watch, the manager sees it first (3.2).
    unseen = any(hit.rule == MANAGER_ONLY for hit in hits) and not actor.may(Permission.WATCHED_APPROVE)
    substantive = bool(substantive_changes(in_force, terms)) or unseen
    event = JobEvent.RENEW if state is JobState.EXPIRED else JobEvent.EDIT_SUBSTANTIVE
    following = next_state(state, event)
    if not changed:
        raise RuleBroken("内容没有改动，不用保存。")
    if terms.headcount < row["placed_count"]:
        raise RuleBroken(f"已经有{row['placed_count']}人上岗，人数不能再少。", "headcount")
    await _refuse_open_hits(job_id, hits, given)
    if event is JobEvent.RENEW or substantive:
        await refuse_frozen(row["employer"], actor)
        values = {Job.submitted_at: now(), Job.reviewer: None, Job.review_taken_at: None}
        await _next_version(row, terms, changed, hits, given, actor, values, to=following)
        return following
    columns = {Job.published_version: row["version"] + 1, **public_columns(terms, employer)}
    await _next_version(row, terms, changed, hits, given, actor, columns)
    return state


@action
async def extend_job(
    job_id: int,
    valid_to: date | None,
    reason: str,
    *,
    actor: Actor,
    method: VerifyMethod | None = None,
    start_date: date | None = None,
    end_date: date | None = None,
    answers: Mapping[str, str] | None = None,
) -> JobState:
    """Give a post a later last day as its next version; the state afterwards.

    A running post stays public, an expired one is renewed (new working days may be given) and goes to review (3.3).
    Staff have spoken with the employer and say how (`method`): that counts as verification. The employer's own
    extension verifies nothing. RuleBroken or RulesBroken: too late a day, no reason, or the checks refuse.
    """
    row = await job_as_of_today(job_id)
    check_own(row["employer"], actor)
    state: JobState = row["state"]
    renewed = state not in (JobState.PUBLISHED, JobState.PAUSED)
    following = next_state(state, JobEvent.RENEW) if renewed else state
    check_goes_on(await employer_on_post(row["employer"]))
    check_extension(None if renewed else row["valid_to"], valid_to, today())
    why = check_reason(reason)
    check_extension_proof(method, by_employer=actor.role is Role.EMPLOYER)
    await refuse_frozen(row["employer"], actor)
    terms = replace(await opened_terms(job_id, row["version"]), valid_to=valid_to)
    old = terms
    if renewed:
        terms = replace(terms, start_date=start_date or terms.start_date, end_date=end_date or terms.end_date)
    latest = await version_of(job_id, row["version"])
    given = {**(latest["answers"] if latest else {}), **cleaned_answers(answers or {})}
    hits = await post_hits(row["employer"], terms, job_id=job_id)
    await _refuse_open_hits(job_id, hits, given)
    watched = any(hit.rule == MANAGER_ONLY for hit in hits)
    check_watched(watched, may_approve=renewed or actor.may(Permission.WATCHED_APPROVE))
    version = row["version"] + 1
    await _keep_version(job_id, version, terms, ["valid_to", *changes(old, terms)], hits, given, actor)
    values: dict[Any, Any] = {Job.version: version, Job.ended_at: None, Job.ended_reason: ""}
    if renewed:
        values |= {Job.submitted_at: now(), Job.reviewer: None, Job.review_taken_at: None}
    else:
        values |= {Job.published_version: version, **public_columns(terms, await employer_on_post(row["employer"]))}
    if method is not None:
        values |= {Job.verify_method: method.value, Job.verified_by: actor.id, Job.verified_on: today()}
    particulars: dict[str, Any] = {"before": row["valid_to"], "valid_to": valid_to, "reason": why, **by_proxy(actor)}
    if method is not None:
        particulars["method"] = method.value
    await move({**row, "version": version}, following, EventKind.JOB_EXTENDED, actor, values, **particulars)
    await list_on_board(job_id)
    return following


@action
async def submit_job(job_id: int, answers: dict[str, str], *, actor: Actor) -> None:
    """Hand a draft in for review. RulesBroken: the checks refuse (with marks), or a warning is unanswered."""
    row = await job_as_of_today(job_id)
    check_own(row["employer"], actor)
    following = next_state(row["state"], JobEvent.SUBMIT)
    await check_station_works(row["station"])
    await refuse_frozen(row["employer"], actor)
    latest = await version_of(job_id, row["version"])
    given = {**(latest["answers"] if latest else {}), **cleaned_answers(answers)}
    hits = await post_hits(row["employer"], await opened_terms(job_id, row["version"]), job_id=job_id)
    await _refuse_open_hits(job_id, hits, given)
    await _keep_answers(job_id, row["version"], hits, given)
    values = {Job.submitted_at: now(), Job.reviewer: None, Job.review_taken_at: None}
    await move(row, following, EventKind.JOB_SUBMITTED, actor, values)


async def _refuse_open_hits(job_id: int, hits: list[Hit], answers: Mapping[str, str]) -> None:
    check_nothing_blocks(unreleased(hits, await released_pairs(job_id)))
    check_answers(hits, answers)


def _in_one_form(terms: JobTerms) -> JobTerms:
    if not terms.title.strip():
        raise RuleBroken("请填写岗位名称。", "title")
    if not terms.contact_phone:
        return terms
    return replace(terms, contact_phone=parse_phone(terms.contact_phone, field="contact_phone"))


async def _next_version(
    row: dict[str, Any],
    terms: JobTerms,
    changed: list[str],
    hits: list[Hit],
    answers: Mapping[str, str],
    actor: Actor,
    values: dict[Any, Any],
    *,
    to: JobState | None = None,
) -> None:
    version = row["version"] + 1
    await _keep_version(row["id"], version, terms, changed, hits, answers, actor)
    values = {**values, Job.version: version}
    after = {**row, "version": version}
    if to is not None:
        await move(after, to, EventKind.JOB_REVISED, actor, values, changed=changed)
        return
    await Job.update({**values, Job.changed_at: now()}).where(Job.id == row["id"])
    await note(after, EventKind.JOB_REVISED, actor, state=row["state"].value, changed=changed)


async def _keep_version(
    job_id: int,
    number: int,
    terms: JobTerms,
    changed: list[str],
    hits: list[Hit],
    answers: Mapping[str, str],
    actor: Actor,
) -> None:
    await _version(job_id, number, terms, changed, hits, answers, actor)


def _version(
    job_id: int,
    number: int,
    terms: JobTerms,
    changed: list[str],
    hits: list[Hit],
    answers: Mapping[str, str],
    actor: Actor,
) -> Insert[JobVersion]:
    id, keys = new_id(), vault()
    record = terms_to_record(terms)
    sealed: dict[str, Any] = {name: keys.seal(f"job_version.{name}", id, record.pop(name)) for name in SEALED_FIELDS}
    return JobVersion.insert(
        JobVersion(
            id=id,
            job=job_id,
            number=number,
            terms=json.dumps(record, ensure_ascii=False),
            changed=json.dumps(changed),
            checks=json.dumps(hits_to_record(hits), ensure_ascii=False),
            answers=json.dumps(dict(answers), ensure_ascii=False),
            author=actor.id,
            created_at=now(),
            **sealed,
        )
    )


async def _keep_answers(job_id: int, version: int, hits: list[Hit], answers: Mapping[str, str]) -> None:
    await JobVersion.update(
        {
            JobVersion.checks: json.dumps(hits_to_record(hits), ensure_ascii=False),
            JobVersion.answers: json.dumps(dict(answers), ensure_ascii=False),
        }
    ).where(JobVersion.job == job_id, JobVersion.number == version)
