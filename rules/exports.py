"""Exports (导出): a list leaves the product as a file only with a purpose and a second person's decision (domain 9, rule 3)."""

from __future__ import annotations

from datetime import datetime, timedelta

from rules.codes import ExportPurpose, ExportState
from rules.errors import RuleBroken
from rules.jobs import check_reason
from rules.permissions import Actor, Permission

MAXIMUM_ROWS = 10_000
FETCHED_WITHIN = timedelta(days=7)
MIN_NOTE = 4

NOT_YOURSELF = "自己申请的导出不能自己批，请另一位有权限的人审批。"


def check_purpose(purpose: ExportPurpose, note: str) -> str:
    """The note without outer spaces. RuleBroken on `note`: another purpose that is not written down."""
    plain = " ".join(note.split())
    if purpose is ExportPurpose.OTHER and len(plain) < MIN_NOTE:
        raise RuleBroken(f"请写明用途，至少{MIN_NOTE}个字。", "note")
    return plain


def check_size(rows: int) -> None:
    """Nothing to export, or too much at once. RuleBroken."""
    if rows == 0:
        raise RuleBroken("这个筛选下没有内容，不用导出。")
    if rows > MAXIMUM_ROWS:
        raise RuleBroken(f"一次最多导出{MAXIMUM_ROWS:,}行。请先把清单筛小，再导出。")


def check_decider(actor: Actor, asked_by: int, state: ExportState) -> None:
    """A second person who may decide, once. RuleBroken otherwise."""
    if asked_by == actor.id or not actor.may(Permission.EXPORTS_DECIDE):
        raise RuleBroken(NOT_YOURSELF)
    if state is not ExportState.ASKED:
        raise RuleBroken("这个申请已经有人批过了，请刷新页面。")


def decision_reason(approve: bool, typed: str) -> str:
    """The reason as it is kept: a refusal says why. RuleBroken on `reason`."""
    return " ".join(typed.split()) if approve else check_reason(typed)


def can_be_fetched(state: ExportState, made_at: datetime | None, now: datetime) -> bool:
    """Whether the asker can still get the file: seven days from when it was made."""
    return state is ExportState.MADE and made_at is not None and now <= made_at + FETCHED_WITHIN


def marked_line(*, export_id: int, who: str, where: str, when: str, purpose: str, mark: str) -> str:
    """The watermark: who got which list when, what for, and the random mark that is in the journal."""
    return f"{who}（{where}）{when} 导出　用途：{purpose}　导出编号：{export_id}　标记：{mark}　内部资料，已脱敏，不得外传"
