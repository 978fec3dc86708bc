"""How a post is prolonged, ended, reported on and disputed (domain reference 3.3): the employer's side of its last days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rules.codes import EndReason, FoundWhere, JobState, VerifyMethod
from rules.errors import RuleBroken
from rules.jobs import JobEvent, check_reason, check_validity, next_state
from rules.publication import check_post_verification

OVER_STATES: frozenset[JobState] = frozenset({JobState.FILLED, JobState.EXPIRED, JobState.WITHDRAWN})
"""States of a post that was public and has come to its end without a dispute: the employer is asked what came of it."""

DISPUTED_STATES: frozenset[JobState] = frozenset({JobState.TAKEN_DOWN, JobState.REJECTED})
"""States against which the employer may appeal."""

MOST_FOUND = 9999


def check_extension(old: date | None, new: date | None, today: date) -> None:
    """A running post gets a later last day, at most 30 days from today. Raises RuleBroken on `valid_to`."""
    check_validity(new, today)
    if new is not None and old is not None and new <= old:
        raise RuleBroken(f"现在的有效期到{old.year}年{old.month}月{old.day}日，请填更晚的日期。", "valid_to")


def check_extension_proof(method: VerifyMethod | None, *, by_employer: bool) -> None:
    """Staff who prolong a post have just spoken with the employer, so it counts as verified and they say how (7.13).

    The employer's own word proves nothing. Raises RuleBroken on `method`.
    """
    if by_employer:
        return
    if method is None:
        raise RuleBroken("请选择怎样核实的。", "method")
    check_post_verification(method)


def ended_state(state: JobState, why: EndReason) -> JobState:
    """The state of a post its employer ends before its last day: 已招满 when people were found, else 已撤回.

    Raises RuleBroken when the post cannot be ended in this state. An approved post that was never public is withdrawn.
    """
    if why is EndReason.FOUND and state in (JobState.PUBLISHED, JobState.PAUSED):
        return next_state(state, JobEvent.FILL)
    return next_state(state, JobEvent.WITHDRAW)


def end_reason_text(why: EndReason | None, note: str) -> str:
    """The reason as kept. Raises RuleBroken on `why` without one, on `note` where 其他 lacks words."""
    if why is None:
        raise RuleBroken("请选择为什么不招了。", "why")
    said = " ".join(note.split())[:200]
    if why is EndReason.OTHER:
        return check_reason(said, "note")
    return f"{why.label}：{said}" if said else why.label


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an employer says after a post ended: how many were found, and where most of them came from."""

    found: int
    where: FoundWhere
    note: str = ""


def checked_outcome(state: JobState, found: int | None, where: FoundWhere | None, note: str = "") -> Outcome:
    """The outcome when it makes sense. Raises RuleBroken: the post still runs, no answer, or number and place disagree."""
    if state not in OVER_STATES:
        raise RuleBroken(f"岗位现在是“{state.label}”，结束以后再说招工结果。")
    if where is None:
        raise RuleBroken("请选择人是从哪里招到的。", "where")
    if where is FoundWhere.NOBODY:
        if found:
            raise RuleBroken("选了“没有找到人”，招到的人数请填0。", "found")
        return Outcome(0, where, note)
    if not found:
        raise RuleBroken("请填写招到了几个人；一个也没招到的，请选“没有找到人”。", "found")
    if found > MOST_FOUND:
        raise RuleBroken(f"招到的人数最多填{MOST_FOUND}。", "found")
    return Outcome(found, where, note)


def check_appeal(state: JobState, *, waiting: bool, decided: bool) -> None:
    """Whether the employer may appeal now. `waiting`: an appeal is open; `decided`: this decision's appeal was answered.

    Every decision may be appealed once; the answer is final (3.3). Raises RuleBroken.
    """
    if state not in DISPUTED_STATES:
        raise RuleBroken(f"岗位现在是“{state.label}”，不用申诉。只有被驳回或者被下架的岗位可以申诉。")
    if waiting:
        raise RuleBroken("已经申诉过了，请等答复。")
    if decided:
        raise RuleBroken("这次处理的申诉已经答复，不能再申诉。需要的话请重新登记。")


def check_appeal_decider(decider_id: int, decided_by: int) -> None:
    """Nobody answers the appeal against their own decision. Raises RuleBroken."""
    if decider_id == decided_by:
        raise RuleBroken("这是您自己作的处理，申诉请由别人答复。")
