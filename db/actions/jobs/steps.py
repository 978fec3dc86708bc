"""What every step of a post shares: the row, its way onto the board and off it, the journal entry."""

from __future__ import annotations

from typing import Any

from db.actions.journal import record
from db.clock import now, today
from db.queries.complaints import frozen_by
from db.queries.employers import employer_facts
from db.queries.jobs import job_terms
from db.search import index_job, remove_job
from db.tables.employers import Employer
from db.tables.jobs import Job
from db.transaction import asked_once
from rules.codes import TRADES, CreditState, EmployerKind, EmployerState, JobState
from rules.duplicates import post_fingerprint
from rules.errors import RuleBroken
from rules.journal import EventKind
from rules.masking import public_employer_name
from rules.pay import hourly_equivalent
from rules.permissions import Actor, Role
from rules.publication import check_not_frozen, is_stale, post_tokens, shown_state
from rules.terms import JobTerms

_COLUMNS = (
    Job.id,
    Job.number,
    Job.station,
    Job.employer,
    Job.author,
    Job.state,
    Job.version,
    Job.published_version,
    Job.listed,
    Job.headcount,
    Job.placed_count,
    Job.valid_to,
    Job.verified_on,
    Job.confirmed_on,
    Job.published_at,
    Job.ended_at,
    Job.reviewer,
    Job.tie_seed,
)


async def job_row(job_id: int) -> dict[str, Any]:
    """The post as it is now, `state` as a JobState. LookupError when there is none."""
    row = await Job.select(*_COLUMNS).where(Job.id == job_id).first()
    if row is None:
        raise LookupError(job_id)
    row["state"] = JobState(row["state"])
    return row


async def job_as_of_today(job_id: int) -> dict[str, Any]:
    """The post with its lapse of time caught up: one whose last valid day has passed is expired here and now."""
    row = await job_row(job_id)
    if shown_state(row["state"], row["valid_to"], today()) is not row["state"]:
        await expire(row, actor=None)
        row = await job_row(job_id)
    return row


def check_own(employer_id: int, actor: Actor | None) -> None:
    """An employer acts on posts of their own only; staff act within the scope in which they found the post.

    Raises RuleBroken, which tells a stranger nothing about the post.
    """
    if actor is not None and actor.role is Role.EMPLOYER and actor.employer_id != employer_id:
        raise RuleBroken("没有找到这个岗位，请刷新页面。")


async def refuse_frozen(employer_id: int, actor: Actor) -> None:
    """RuleBroken while a case of unpaid work keeps this employer, at whatever station, from new demands."""
    check_not_frozen(await frozen_by(employer_id), own=actor.role is Role.EMPLOYER)


def by_proxy(actor: Actor) -> dict[str, bool]:
    """The particular 代办 of a step that belongs to the employer, when somebody else takes it for them."""
    return {} if actor.role is Role.EMPLOYER else {"by_proxy": True}


async def expire(row: dict[str, Any], *, actor: Actor | None) -> None:
    """End a post whose last valid day has passed."""
    await move(row, JobState.EXPIRED, EventKind.JOB_EXPIRED, actor)


async def move(
    row: dict[str, Any],
    state: JobState,
    kind: EventKind,
    actor: Actor | None,
    values: dict[Any, Any] | None = None,
    **particulars: Any,
) -> None:
    """Put the post into `state`, take it off the board unless it is published, and record it."""
    await Job.update({Job.state: state.value, Job.changed_at: now(), **(values or {})}).where(Job.id == row["id"])
    if state is not JobState.PUBLISHED:
        await unlist(row)
    await note(row, kind, actor, state=state.value, **particulars)


async def note(row: dict[str, Any], kind: EventKind, actor: Actor | None, **particulars: Any) -> None:
    """The journal entry of a step, with the post's number and version."""
    entry = {"number": row["number"], "version": row["version"], **particulars}
    await record(kind, subject="job", subject_id=row["id"], actor=actor, station_id=row["station"], **entry)


async def list_on_board(job_id: int) -> None:
    """Put a published post onto the board and into the search, when it is in time, verified lately and has places."""
    row = await job_row(job_id)
    fits = (
        row["state"] is JobState.PUBLISHED
        and not row["listed"]
        and row["placed_count"] < row["headcount"]
        and not is_stale(row["verified_on"], today())
        and shown_state(row["state"], row["valid_to"], today()) is JobState.PUBLISHED
    )
    if fits and (await employer_facts(row["employer"])).credit is not CreditState.BLOCKED:
        await Job.update({Job.listed: True}).where(Job.id == job_id)
        await index_job(job_id, post_tokens(await job_terms(job_id, row["published_version"])))


async def unlist(row: dict[str, Any]) -> None:
    """Take a post off the board and out of the search; nothing happens to one that is not there."""
    if row["listed"]:
        await Job.update({Job.listed: False}).where(Job.id == row["id"])
        await remove_job(row["id"], post_tokens(await job_terms(row["id"], row["published_version"])))


def public_columns(terms: JobTerms, employer: dict[str, Any]) -> dict[Any, Any]:
    """The columns of Job that copy these terms; `employer` has kind, name, name_public and state."""
    return {
        Job.headcount: terms.headcount,
        Job.title: terms.title,
        Job.text_hash: post_fingerprint(terms),
        Job.trade: terms.trade,
        Job.subdistrict: terms.subdistrict,
        Job.landmark: terms.landmark,
        Job.start_date: terms.start_date,
        Job.end_date: terms.end_date,
        Job.start_time: terms.start_time,
        Job.end_time: terms.end_time,
        Job.pay_fen: terms.pay_fen,
        Job.pay_unit: terms.pay_unit.value if terms.pay_unit else "",
        Job.settle_cycle: terms.settle_cycle.value if terms.settle_cycle else "",
        Job.hourly_fen: hourly_equivalent(terms),
        Job.benefits: ",".join(terms.benefits),
        Job.certificates: ",".join(terms.certificates),
        Job.employer_label: employer_label(employer, terms.trade),
        Job.valid_to: terms.valid_to,
    }


def employer_label(employer: dict[str, Any], trade: str) -> str:
    """The employer's name as the public reads it (10.3): in full only when it agreed and is verified."""
    if employer["name_public"] and employer["state"] == EmployerState.VERIFIED.value:
        return employer["name"]
    known = TRADES.get(trade)
    return public_employer_name(EmployerKind(employer["kind"]), employer["name"], known.label if known else "其他")


@asked_once
async def employer_on_post(employer_id: int) -> dict[str, Any]:
    """What `public_columns` asks about the employer, and its station. LookupError when there is none."""
    row = (
        await Employer.select(
            Employer.kind,
            Employer.name,
            Employer.name_public,
            Employer.state,
            Employer.station,
            Employer.agent_name,
            Employer.merged_into,
        )
        .where(Employer.id == employer_id)
        .first()
    )
    if row is None:
        raise LookupError(employer_id)
    return row


def check_goes_on(employer: dict[str, Any]) -> None:
    """An employer that was merged into another registration begins nothing new under the old one. Raises RuleBroken."""
    if employer["merged_into"] is not None:
        raise RuleBroken("这个雇主是重复登记，已合并到另一条，请打开保留的那一条登记招工。")
