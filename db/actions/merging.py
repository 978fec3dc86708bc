"""Merging duplicates: one record goes on, the other is closed and points at it; nothing of either is lost (art. 23)."""

from __future__ import annotations

from typing import Any

from db.actions.jobs import withdraw_job
from db.actions.journal import record
from db.actions.person_groups import move_groups
from db.clock import now
from db.tables.accounts import Account, Session
from db.tables.employers import Employer
from db.tables.jobs import Job
from db.tables.referrals import Referral
from db.tables.seekers import Seeker
from db.transaction import action
from rules.codes import JobState, SeekerState
from rules.duplicates import check_merge
from rules.errors import RuleBroken
from rules.jobs import check_reason
from rules.journal import EventKind
from rules.permissions import Actor
from rules.referrals import OPEN_STATES

_OPEN_JOBS = [
    JobState.DRAFT.value,
    JobState.SUBMITTED.value,
    JobState.IN_REVIEW.value,
    JobState.APPROVED.value,
    JobState.PUBLISHED.value,
    JobState.PAUSED.value,
]
_GONE = "这两条登记已经有人处理过了，请刷新页面。"


@action
async def merge_seekers(keep: int, drop: int, reason: str, *, actor: Actor) -> None:
    """The profile `drop` is closed and points at `keep`; its referrals and papers stay where they are and can be read there.

    Its phones are signed out. RuleBroken: the same record twice, something open at `drop`, or merged already.
    """
    rows = await _both(Seeker, keep, drop, Seeker.number)
    why = check_reason(reason)
    open_referrals = await Referral.count().where(Referral.seeker == drop, Referral.state.is_in([state.value for state in OPEN_STATES]))
    check_merge(keep, drop, open_referrals, rows[drop]["number"])
    await Seeker.update(
        {
            Seeker.merged_into: keep,
            Seeker.state: SeekerState.CLOSED.value,
            Seeker.closed_at: now(),
            Seeker.closed_reason: f"与 {rows[keep]['number']} 重复，已合并",
        }
    ).where(Seeker.id == drop)
    await move_groups(keep, drop, actor=actor)
    for account in await Account.select(Account.id).where(Account.seeker == drop):
        await Account.update({Account.active: False}).where(Account.id == account["id"])
        await Session.delete().where(Session.account == account["id"])
    await _record(EventKind.SEEKERS_MERGED, "seeker", rows, keep, drop, actor, why)


@action
async def merge_employers(keep: int, drop: int, reason: str, *, actor: Actor) -> None:
    """The employer `drop` points at `keep`; what it posted stays under its name and can be read there.

    RuleBroken: the same record twice, posts not ended at `drop`, or merged already.
    """
    rows = await _both(Employer, keep, drop, Employer.name)
    why = check_reason(reason)
    open_jobs = await Job.count().where(Job.employer == drop, Job.state.is_in(_OPEN_JOBS))
    check_merge(keep, drop, open_jobs, "要合并掉的雇主")
    await Employer.update({Employer.merged_into: keep}).where(Employer.id == drop)
    for account in await Account.select(Account.id).where(Account.employer == drop):
        await Account.update({Account.active: False}).where(Account.id == account["id"])
        await Session.delete().where(Session.account == account["id"])
    await _record(EventKind.EMPLOYERS_MERGED, "employer", rows, keep, drop, actor, why)


@action
async def merge_posts(keep: int, drop: int, reason: str, *, actor: Actor) -> None:
    """Of two posts that say the same, `drop` is withdrawn and its journal names `keep`.

    RuleBroken: the same post twice, or somebody was referred to `drop` and the answer is open.
    """
    rows = {row["id"]: row for row in await Job.select(Job.id, Job.number).where(Job.id.is_in([keep, drop]))}
    if len(rows) != 2:
        raise RuleBroken(_GONE if keep != drop else "请选两条不同的登记。")
    why = check_reason(reason)
    open_referrals = await Referral.count().where(Referral.job == drop, Referral.state.is_in([state.value for state in OPEN_STATES]))
    check_merge(keep, drop, open_referrals, rows[drop]["number"])
    await withdraw_job(drop, actor=actor, reason=f"与 {rows[keep]['number']} 重复：{why}")


async def _both(table: Any, keep: int, drop: int, label: Any) -> dict[int, dict[str, Any]]:
    rows = {
        row["id"]: row
        for row in await table.select(table.id, table.station, label).where(table.id.is_in([keep, drop]), table.merged_into.is_null())
    }
    if keep == drop:
        raise RuleBroken("请选两条不同的登记。")
    if len(rows) != 2:
        raise RuleBroken(_GONE)
    return rows


async def _record(kind: EventKind, subject: str, rows: dict[int, dict[str, Any]], keep: int, drop: int, actor: Actor, reason: str) -> None:
    numbers = {"number": rows[drop]["number"], "kept_number": rows[keep]["number"]} if subject == "seeker" else {}
    await record(
        kind,
        subject=subject,
        subject_id=drop,
        actor=actor,
        station_id=rows[drop]["station"],
        kept_id=keep,
        reason=reason,
        **numbers,
    )
