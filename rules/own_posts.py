"""What an employer is told about a post of their own: its way so far in plain words, and when to say that it still stands."""

from __future__ import annotations

from datetime import date

from rules.codes import JobState
from rules.journal import EventKind
from rules.lint import lint_text, marked_pieces

CONFIRM_AFTER = 10
"""Days without a word from anybody after which the employer is asked 还在招吗: five days before the post goes stale."""

STEPS: dict[str, str] = {
    EventKind.JOB_DRAFTED: "已填好草稿",
    EventKind.JOB_REVISED: "改过内容",
    EventKind.JOB_SUBMITTED: "已提交，等驿站审核",
    EventKind.JOB_REVIEW_TAKEN: "驿站正在审核",
    EventKind.JOB_RETURNED: "退回，请修改后再提交",
    EventKind.JOB_REJECTED: "没有通过",
    EventKind.JOB_APPROVED: "审核通过",
    EventKind.JOB_PUBLISHED: "已发布，开始招工",
    EventKind.JOB_VERIFIED: "驿站核实过",
    EventKind.JOB_CONFIRMED: "您说还在招",
    EventKind.JOB_PAUSED: "暂停招工",
    EventKind.JOB_RESUMED: "恢复招工",
    EventKind.JOB_FILLED: "招满了",
    EventKind.JOB_REOPENED: "有人没来，重新招工",
    EventKind.JOB_EXTENDED: "延长了有效期",
    EventKind.JOB_EXPIRED: "到期，不再公开",
    EventKind.JOB_ENDED_EARLY: "提前结束",
    EventKind.JOB_WITHDRAWN: "已撤回",
    EventKind.JOB_TAKEN_DOWN: "被下架",
    EventKind.JOB_APPEALED: "已申诉，等答复",
    EventKind.JOB_APPEAL_DECIDED: "申诉已答复",
    EventKind.JOB_OUTCOME_TOLD: "已反馈招工结果",
}
"""Journal kind → what the employer reads. Kinds without a line here are the station's own business."""

STATE_SAYS: dict[JobState, str] = {
    JobState.DRAFT: "还没有提交。改好以后请提交审核。",
    JobState.SUBMITTED: "已提交，驿站会在24小时内审核。",
    JobState.IN_REVIEW: "驿站正在审核，请留意电话。",
    JobState.REJECTED: "没有通过。原因在下面，不同意的可以申诉。",
    JobState.APPROVED: "审核通过，驿站发布后就能看到。",
    JobState.PUBLISHED: "正在招工，零工能看到。",
    JobState.PAUSED: "暂停中，零工看不到。",
    JobState.FILLED: "已经招满，不再公开。",
    JobState.EXPIRED: "有效期过了，不再公开。还要招的请续期。",
    JobState.WITHDRAWN: "已经结束，不再公开。",
    JobState.TAKEN_DOWN: "被下架，不再公开。原因在下面，不同意的可以申诉。",
}
"""What a state means to the employer and what comes next."""


def confirmation_due(state: JobState, verified_on: date | None, confirmed_on: date | None, today: date) -> bool:
    """Whether the employer is asked if the post still stands: public, and nobody said so for ten days."""
    if state is not JobState.PUBLISHED:
        return False
    last = max((day for day in (verified_on, confirmed_on) if day is not None), default=None)
    return last is None or (today - last).days >= CONFIRM_AFTER


def skills_shown(skills: str) -> str:
    """A worker's own words as an employer may read them before both said yes: without contact data (6.1: group P)."""
    kept = "".join("…" if hits else piece for piece, hits in marked_pieces(skills, lint_text("skills", skills, groups="P")))
    return kept if kept.strip("… ") else ""
