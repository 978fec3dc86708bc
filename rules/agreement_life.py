"""An agreement after the draft (domain reference 3.6): archived, completed, ended early, replaced, cancelled; in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rules.codes import OFFICIAL_TEXTS, SIGNED_STATES, AgreementEnding, AgreementState, AgreementType, NoticeWay, PaperKind
from rules.errors import RuleBroken
from rules.jobs import check_reason

IN_FORCE = frozenset({AgreementState.SIGNED, AgreementState.DELIVERED, AgreementState.ARCHIVED})
"""Signed, and neither performed nor ended: what may be amended or ended early."""

LONGEST_PLACE = 40
LONGEST_REASON = 200

STEPS: tuple[tuple[str, tuple[AgreementState, ...]], ...] = (
    ("起草核对", (AgreementState.DRAFT,)),
    ("双方签字", (AgreementState.PRINTED, AgreementState.E_SIGNING)),
    ("交给零工一份", (AgreementState.SIGNED,)),
    ("原件归档", (AgreementState.DELIVERED,)),
    ("履行完", (AgreementState.ARCHIVED,)),
)
"""The way of an agreement as the desk shows it: a step, and the states in which it is the next one."""

WORKER_WORDS: dict[AgreementState, str] = {
    AgreementState.DRAFT: "驿站正在写这份协议。",
    AgreementState.PRINTED: "协议写好了，等您和雇主签字。签以前先看清楚，不明白的请驿站读给您听。",
    AgreementState.E_SIGNING: "正在屏幕上签字。看清楚再签，不明白的请驿站读给您听。",
    AgreementState.SIGNED: "双方都签了。签好的协议您手里要有一份，没拿到的请找驿站要。",
    AgreementState.DELIVERED: "双方都签了，您那一份已经交给您。",
    AgreementState.ARCHIVED: "双方都签了，您那一份已经交给您，驿站也存了档。",
    AgreementState.COMPLETED: "活已经干完，这份协议履行完了。工钱没拿到的，请找驿站。",
    AgreementState.TERMINATED: "这份协议提前结束了。已经干的活要结清工钱，没拿到的请找驿站。",
    AgreementState.AMENDED: "这份协议换成了新的一份，以新的为准。",
    AgreementState.CANCELLED: "这份协议没有签，已经取消。",
    AgreementState.VOID: "这份协议作废了，不算数。",
}
"""What a state means, told to the worker."""

NEXT_WORDS: dict[AgreementState, str] = {
    AgreementState.DRAFT: "核对后打印",
    AgreementState.PRINTED: "双方签字，上传扫描件",
    AgreementState.E_SIGNING: "在屏幕上签完",
    AgreementState.SIGNED: "把一份交给零工",
    AgreementState.DELIVERED: "原件归档",
    AgreementState.ARCHIVED: "履行中",
}
"""The next step of an agreement, for lists; a state without one is over."""


def next_words(state: AgreementState, *, begun: bool, work_over: bool) -> str:
    """The next step of an agreement in words; "—" when nothing follows."""
    if state in (AgreementState.DELIVERED, AgreementState.ARCHIVED):
        if work_over:
            return "登记履行完"
        if not begun:
            return "开工后登记上岗"
    return NEXT_WORDS.get(state, "—")


def paper_kind(kind: AgreementType) -> PaperKind:
    """Which paper an agreement of this type is printed as: the text, the key points, or the checklist to the official text."""
    if kind in OFFICIAL_TEXTS:
        return PaperKind.CHECKLIST
    return PaperKind.KEY_POINTS if kind is AgreementType.KEY_POINTS else PaperKind.AGREEMENT


def check_archive_place(place: str) -> str:
    """Where the original is kept, without outer spaces. RuleBroken when nothing was said, or far too much."""
    place = place.strip()
    if not place:
        raise RuleBroken("请写明原件放在哪里，例如：2号柜第3格。", "place")
    if len(place) > LONGEST_PLACE:
        raise RuleBroken(f"存放处最多写{LONGEST_PLACE}个字。", "place")
    return place


def check_can_complete(*, work_over: bool, last_day: date | None, today: date) -> None:
    """The work is over, or the last agreed day has passed. RuleBroken says until when to wait."""
    if work_over:
        return
    if last_day is None:
        raise RuleBroken("这次活还没有登记完工。请先登记完工，再登记协议履行完。")
    if today <= last_day:
        raise RuleBroken(f"协议做到{last_day.month}月{last_day.day}日，还没有到期。提前不做了的，请登记提前结束。")


@dataclass(frozen=True, slots=True)
class Termination:
    """An end before its time: the last day, who ended it and why; for a notice when and how the other side was told."""

    ended_on: date
    ended_by: AgreementEnding
    reason: str
    notice_on: date | None = None
    notice_way: NoticeWay | None = None


def check_termination(
    ended_on: date | None,
    ended_by: AgreementEnding | None,
    reason: str,
    notice_on: date | None,
    notice_way: NoticeWay | None,
    *,
    signed_on: date,
    today: date,
) -> Termination:
    """The end as it is recorded. RuleBroken at its field: a day before the signing or to come, no reason, no notice facts.

    One side's end is told to the other: when and how is recorded for both their sakes (LCL 36, 37, 71; CC 565).
    """
    if ended_on is None:
        raise RuleBroken("请填写最后一天是哪天。", "ended_on")
    if ended_by is None:
        raise RuleBroken("请选择是谁提出结束的。", "ended_by")
    if ended_on < signed_on:
        raise RuleBroken("最后一天早于签订的日期，请核对。", "ended_on")
    if ended_on > today:
        raise RuleBroken("最后一天还没有到，到了那天再登记。", "ended_on")
    reason = check_reason(reason, "cause")
    if len(reason) > LONGEST_REASON:
        raise RuleBroken(f"原因最多写{LONGEST_REASON}个字。", "cause")
    if ended_by is AgreementEnding.BOTH:
        return Termination(ended_on, ended_by, reason)
    if notice_on is None:
        raise RuleBroken("一方提出结束的，请填写哪天通知对方的。", "notice_on")
    if notice_on > today:
        raise RuleBroken("通知的日期不能晚于今天，请核对。", "notice_on")
    if notice_way is None:
        raise RuleBroken("一方提出结束的，请选择怎么通知对方的。", "notice_how")
    return Termination(ended_on, ended_by, reason, notice_on, notice_way)


def check_can_amend(state: AgreementState) -> None:
    """Only what is signed and goes on is amended, in writing and by both (LCL 35; CC 543). RuleBroken says what to do instead."""
    if state in IN_FORCE:
        return
    if state in SIGNED_STATES:
        raise RuleBroken(f"这份协议{state.label}，不能再变更。")
    raise RuleBroken("还没有签的协议直接修改就可以，不用另起变更稿。")
