"""Call-backs (雇主回访, 零工回访; art. 11, domain reference 8.2, 12.4): when which one is due, and what an answer leads to.

The work's start and end are asked of both sides; the day after pay was due the worker is asked 钱到手了吗. Nothing here
is kept: which calls are open follows from the work's days and from the call-backs made so far.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from rules.codes import (
    FollowUpKind,
    FollowUpMethod,
    FollowUpResult,
    HiresAgain,
    PayState,
    Performance,
    SettleCycle,
    Side,
)
from rules.errors import RuleBroken, RulesBroken

START_DAYS = 3
"""Days after the start by which both sides are called [design]."""

END_DAYS = 7
"""Days after the end by which both sides are called [design]."""

PAY_DAYS = 1
"""Days after pay was due on which the worker is asked whether it came [design]."""

MOST_ATTEMPTS = 3
"""Days with a call in vain after which a call-back is given up [design]."""

LISTED_DAYS = 90
"""Days after the day it is about for which a call-back stands on the list: nobody is called about last year [design]."""

CALLS: tuple[tuple[FollowUpKind, Side], ...] = (
    (FollowUpKind.START, Side.EMPLOYER),
    (FollowUpKind.START, Side.WORKER),
    (FollowUpKind.END, Side.EMPLOYER),
    (FollowUpKind.END, Side.WORKER),
    (FollowUpKind.PAY, Side.WORKER),
)
"""Every call-back there is: the employer is not asked whether the pay arrived."""

DAYS: dict[FollowUpKind, int] = {FollowUpKind.START: START_DAYS, FollowUpKind.END: END_DAYS, FollowUpKind.PAY: PAY_DAYS}
"""Days from the day a call-back is about to the day by which it is due."""

RESULTS: dict[FollowUpKind, tuple[FollowUpResult, ...]] = {
    FollowUpKind.START: (FollowUpResult.STARTED, FollowUpResult.NOT_STARTED, FollowUpResult.LEFT),
    FollowUpKind.END: (FollowUpResult.FINISHED, FollowUpResult.LEFT, FollowUpResult.NOT_STARTED),
    FollowUpKind.PAY: (),
}
"""What can be answered to the first question; being out of reach is no answer."""

_FIRST_PAY_DAYS: dict[SettleCycle, int] = {
    SettleCycle.DAILY: 0,
    SettleCycle.WEEKLY: 7,
    SettleCycle.HALF_MONTH: 15,
    SettleCycle.MONTHLY: 31,
}
"""Days after the start on which the first pay of a running work is due at the latest [design]."""

_QUESTIONS: dict[Side, tuple[str, ...]] = {
    Side.EMPLOYER: (
        *("result", "arrived", "performance", "pay", "injured", "disputed", "fee_charged", "satisfaction", "again"),
        *("spoken_with", "note"),
    ),
    Side.WORKER: ("result", "pay", "pay_fen", "injured", "agreement_got", "fee_charged", "satisfaction", "note"),
}
_PAY_QUESTIONS = ("pay", "pay_fen", "fee_charged", "note")


@dataclass(frozen=True, slots=True)
class WorkDays:
    """The days of a work that call-backs follow; `pay_due_on` as it was agreed when the work ended, if it was."""

    started_on: date
    ended_on: date | None = None
    pay_due_on: date | None = None
    settle: SettleCycle | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A call-back made earlier: which, on which day, whether somebody answered, and what a worker said of the pay."""

    kind: FollowUpKind
    side: Side
    made_on: date
    answered: bool
    pay: PayState | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What was said (12.4). `answered` False: nobody could be reached, and nothing else is looked at. Money in fen."""

    method: FollowUpMethod
    answered: bool
    result: FollowUpResult | None = None
    arrived: int | None = None
    performance: Performance | None = None
    pay: PayState | None = None
    pay_fen: int | None = None
    injured: bool | None = None
    disputed: bool | None = None
    fee_charged: bool | None = None
    agreement_got: bool | None = None
    satisfaction: int | None = None
    again: HiresAgain | None = None
    spoken_with: str = ""
    note: str = ""


class Consequence(StrEnum):
    """What an answer opens by itself, in the same transaction."""

    UNPAID_CASE = "UNPAID_CASE"
    INJURY_CASE = "INJURY_CASE"
    FEE_COMPLAINT = "FEE_COMPLAINT"
    DISPUTE = "DISPUTE"


def is_call(kind: FollowUpKind, side: Side) -> bool:
    """Whether there is such a call-back."""
    return (kind, side) in CALLS


def questions(kind: FollowUpKind, side: Side) -> tuple[str, ...]:
    """The fields of `Answers` that are asked, in the order of asking."""
    return _PAY_QUESTIONS if kind is FollowUpKind.PAY else _QUESTIONS[side]


def about_day(kind: FollowUpKind, work: WorkDays) -> date | None:
    """The day a call-back is about; None while there is none (still at work, pay not agreed)."""
    match kind:
        case FollowUpKind.START:
            return work.started_on
        case FollowUpKind.END:
            return work.ended_on
    return work.pay_due_on


def due_on(kind: FollowUpKind, work: WorkDays) -> date | None:
    """The last day on which the call-back is in time; None while nothing is due."""
    day = about_day(kind, work)
    return day + timedelta(days=DAYS[kind]) if day else None


def is_late(due: date, today: date) -> bool:
    """Whether a call-back that was due on `due` is overdue."""
    return today > due


def listed_from(kind: FollowUpKind, work: WorkDays) -> date | None:
    """The first day on which the list of calls shows it: the day after what it is about."""
    day = about_day(kind, work)
    return day + timedelta(days=1) if day else None


def listed_since(today: date) -> date:
    """Call-backs about this day or a later one stand on today's list; who tells of an older work is still heard."""
    return today - timedelta(days=LISTED_DAYS)


def is_asked_at_end(kind: FollowUpKind, work: WorkDays, today: date) -> bool:
    """Whether this is the start call of a work that is over: the end call asks all of it, so that one call is enough."""
    return kind is FollowUpKind.START and work.ended_on is not None and work.ended_on < today


def is_listed(kind: FollowUpKind, side: Side, work: WorkDays, made: Sequence[Made], *, today: date) -> bool:
    """Whether this call-back stands on the list of a day."""
    day, first = about_day(kind, work), listed_from(kind, work)
    if day is None or first is None or not listed_since(today) <= day or today < first:
        return False
    return is_open(kind, side, work, made) and not is_asked_at_end(kind, work, today)


def listed_due(kind: FollowUpKind, side: Side, work: WorkDays, made: Sequence[Made], *, today: date) -> date | None:
    """The last day on which a call on the list is in time: an end call that asks about the start, too, has the start's day.

    Board 9: both sides are asked within three days of the start, however soon the work was over. None while nothing is due.
    """
    start = FollowUpKind.START
    asks_both = kind is FollowUpKind.END and is_asked_at_end(start, work, today) and listed_since(today) <= work.started_on
    return due_on(start if asks_both and is_open(start, side, work, made) else kind, work)


def is_settled(kind: FollowUpKind, side: Side, work: WorkDays, made: Sequence[Made]) -> bool:
    """Whether it was answered. An answered end call asks all that the start call asks, so it settles that one, too.

    The question of the pay is settled by its own call, by a worker who had everything at the end, and by one who said
    after the day of pay that it had not come.
    """
    answered = [one for one in made if one.answered and one.side is side]
    if any(one.kind is kind for one in answered):
        return True
    ends = [one for one in answered if one.kind is FollowUpKind.END]
    if kind is FollowUpKind.START:
        return bool(ends)
    if kind is FollowUpKind.PAY:
        return any(one.pay is PayState.PAID or (_owed(one.pay) and _past(work.pay_due_on, one.made_on)) for one in ends)
    return False


def is_given_up(kind: FollowUpKind, side: Side, made: Sequence[Made]) -> bool:
    """Whether nobody was reached on three different days."""
    return len({one.made_on for one in made if one.kind is kind and one.side is side and not one.answered}) >= MOST_ATTEMPTS


def is_open(kind: FollowUpKind, side: Side, work: WorkDays, made: Sequence[Made]) -> bool:
    """Whether this call-back is still to be made (whatever the day)."""
    return about_day(kind, work) is not None and not is_settled(kind, side, work, made) and not is_given_up(kind, side, made)


def check_open(kind: FollowUpKind, side: Side, work: WorkDays, made: Sequence[Made], *, today: date) -> None:
    """RuleBroken, with what to do, when this call-back cannot be written down now.

    It may be made from the very day it is about (people come by themselves), the question of the pay one day later. One
    that was given up may still be answered: whoever calls back is heard.
    """
    day = about_day(kind, work)
    if day is None:
        what = "还没登记付钱的日子，等登记完工以后再问。" if kind is FollowUpKind.PAY else "还没登记完工，先登记完工再回访。"
        raise RuleBroken(what)
    if kind is FollowUpKind.PAY and today <= day:
        raise RuleBroken(f"约定{day.month}月{day.day}日付钱，第二天起再问。")
    if today < day:
        raise RuleBroken(f"这份活{day.month}月{day.day}日才{'完工' if kind is FollowUpKind.END else '开工'}，到时候再回访。")
    if is_settled(kind, side, work, made):
        raise RuleBroken("这次回访已经做过了，不用再打。请看已做的回访。")


def pay_day(work: WorkDays) -> date | None:
    """The day by which some pay must have come: as agreed, else the end of the work, else the first settling of the cycle."""
    if work.pay_due_on or work.ended_on:
        return work.pay_due_on or work.ended_on
    days = _FIRST_PAY_DAYS.get(work.settle) if work.settle else None
    return work.started_on + timedelta(days=days) if days is not None else None


def is_owed(pay: PayState | None, work: WorkDays, today: date) -> bool:
    """Whether the worker's word means that pay is owed: not all of it came, and its day is past."""
    return _owed(pay) and _past(pay_day(work), today)


def check_made_on(made_on: date, late_reason: str, *, today: date) -> None:
    """The day a call-back was made: not to come, and more than a day back only with a reason (art. 23). RuleBroken."""
    if made_on > today:
        raise RuleBroken("回访的日子不能晚于今天，请核对。", "made_on")
    if made_on < today - timedelta(days=1) and not late_reason.strip():
        raise RuleBroken("回访已过去超过一天，请写明补记的原因。", "late_reason")


def check_answers(kind: FollowUpKind, side: Side, answers: Answers, work: WorkDays, *, today: date) -> None:
    """What must be asked was asked. RulesBroken puts each missing answer at its field.

    Who never came to work is asked only whether somebody took money. A worker who had a part says how much.
    """
    if not answers.answered:
        return
    broken = [RuleBroken(sentence, field) for field, sentence in _missing(kind, side, answers)]
    if side is Side.WORKER and (sentence := _pay_obstacle(kind, answers, work, today)):
        broken.append(RuleBroken(sentence, "pay"))
    if broken:
        raise broken[0] if len(broken) == 1 else RulesBroken(broken)


def _missing(kind: FollowUpKind, side: Side, answers: Answers) -> list[tuple[str, str]]:
    missing = []
    asked = questions(kind, side)
    if "result" in asked and answers.result not in RESULTS[kind]:
        missing.append(("result", "请点到岗情况。"))
    never_came = answers.result is FollowUpResult.NOT_STARTED
    if not never_came:
        if answers.pay is None:
            missing.append(("pay", "请点工钱拿到没有。" if side is Side.WORKER else "请点报酬付了没有。"))
        if side is Side.WORKER and answers.pay is PayState.PARTLY and answers.pay_fen is None:
            missing.append(("pay_fen", "只拿到一部分的，请填写拿到了多少元。"))
        if "injured" in asked and answers.injured is None:
            missing.append(("injured", "请点有没有受伤。"))
    if answers.fee_charged is None:
        missing.append(("fee_charged", "请点有没有人收过钱。"))
    return missing


def _pay_obstacle(kind: FollowUpKind, answers: Answers, work: WorkDays, today: date) -> str:
    day = pay_day(work)
    if kind is FollowUpKind.PAY and answers.pay is PayState.NOT_DUE:
        return "约定付钱的日子已经过了，请点拿到没有；另外约了日子的，写在说明里。"
    if _owed(answers.pay) and not _past(day, today):
        when = f"约定付钱的日子是{day.month}月{day.day}日，还没过" if day else "这份活还没完工，没到付钱的日子"
        return f"{when}，请点“{PayState.NOT_DUE.label}”。"
    return ""


def consequences(side: Side, answers: Answers, work: WorkDays, *, today: date) -> frozenset[Consequence]:
    """What these answers open: a case of unpaid work (worker's word, after its day), of injury, a complaint about a fee
    (either side; past the station, T21), a dispute about a start that was recorded and never happened."""
    if not answers.answered:
        return frozenset()
    found = {
        Consequence.UNPAID_CASE: side is Side.WORKER and is_owed(answers.pay, work, today),
        Consequence.INJURY_CASE: bool(answers.injured),
        Consequence.FEE_COMPLAINT: bool(answers.fee_charged),
        Consequence.DISPUTE: answers.result is FollowUpResult.NOT_STARTED or bool(answers.disputed),
    }
    return frozenset(each for each, opened in found.items() if opened)


def still_owed(pay_due_fen: int | None, pay_fen: int | None) -> int | None:
    """What is claimed, in fen: the pay due less what came; None when nobody wrote down what was due."""
    if pay_due_fen is None:
        return None
    return max(0, pay_due_fen - (pay_fen or 0)) or None


def both_ends_done(work: WorkDays, made: Sequence[Made], *, worker_gone: bool = False) -> bool:
    """Whether the end calls of both sides were answered or given up (FOLLOWED_UP, 3.5).

    `worker_gone`: the person had the record closed, so nobody may call any more.
    """
    sides = (Side.EMPLOYER,) if worker_gone else (Side.EMPLOYER, Side.WORKER)
    return work.ended_on is not None and not any(is_open(FollowUpKind.END, side, work, made) for side in sides)


def _owed(pay: PayState | None) -> bool:
    return pay in (PayState.UNPAID, PayState.PARTLY)


def _past(day: date | None, today: date) -> bool:
    return day is not None and today > day
