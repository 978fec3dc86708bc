"""Signing in at a station and being called in turn (domain reference 3.5; art. 11 精准有序、公平公正): what counts, what is refused."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rules.calling_order import CHINA
from rules.codes import CallAnswer, CallingMethod, SeekerState, SignInHow, SignInState, SkipReason
from rules.errors import RuleBroken
from rules.numbers import NumberKind, kind_of, normal

LATE_AFTER = timedelta(minutes=1)
"""A sign-in that reaches the server later than this after it was keyed is marked as late."""
CLOCK_TOLERANCE = timedelta(seconds=90)
"""How far a desk's clock may run ahead: such a moment counts as now; anything beyond it lies in the future."""
SHOWN_IN_FRONT = 5
QR_PREFIX = "QR:"
"""What the code on a worker's phone says before the seeker number, so that a scan of it is told from a scanned card."""

_GONE = (SeekerState.CLOSED, SeekerState.ANONYMISED)
_WRONG_STATE = {
    SignInState.WAITING: "{}号正在等活，不用再办。",
    SignInState.CALLED: "{}号正在被叫，请先记下叫号结果。",
    SignInState.OUT: "{}号今天已派工，回站等活的请先点“回站”。",
    SignInState.LEFT: "{}号已离站，回来了的请先点“回站”。",
}


def ticket_text(ticket: int) -> str:
    """A ticket as people say and read it: 012号."""
    return f"{ticket:03d}号"


def scanned(word: str) -> str:
    """What was typed or scanned, without the mark of a phone's code."""
    plain = " ".join(word.split())
    return plain[len(QR_PREFIX) :].strip() if normal(plain).startswith(QR_PREFIX) else plain


def recognised_by(word: str) -> SignInHow:
    """How the person was recognised, told from what was typed or scanned."""
    plain = normal(word)
    if plain.startswith(QR_PREFIX):
        return SignInHow.QR
    if kind_of(plain) is NumberKind.SEEKER:
        return SignInHow.CARD
    digits = re.sub(r"[\s+-]", "", plain)
    if re.fullmatch(r"\d{4}|\d{7,13}", digits):
        return SignInHow.PHONE
    return SignInHow.ID_CARD if re.fullmatch(r"[A-Z]{0,3}[0-9()]{6,17}[0-9X]?", digits) else SignInHow.NAME


def arrival(keyed_at: datetime | None, moment: datetime) -> tuple[datetime, bool]:
    """When the person arrived, and whether the server learns of it late. `keyed_at` None: just now.

    RuleBroken: keyed in the future, or on another day than today (Asia/Shanghai).
    """
    if keyed_at is None:
        return moment, False
    if keyed_at > moment + CLOCK_TOLERANCE:
        raise RuleBroken("签到时间比现在还晚，这台电脑的时钟不对。请对好时钟，再请本人重新签到。", "word")
    if keyed_at.astimezone(CHINA).date() != moment.astimezone(CHINA).date():
        raise RuleBroken("这是以前某一天没发送的签到，不能算今天的。本人在站里的，请重新签到。", "word")
    return min(keyed_at, moment), moment - keyed_at > LATE_AFTER


def check_may_sign_in(state: SeekerState) -> None:
    """Raises RuleBroken for a registration that has ended."""
    if state in _GONE:
        raise RuleBroken("这份求职登记已注销，请先重新登记，再签到。", "word")


def arrival_warning(state: SeekerState, restricted_until: date | None) -> str:
    """What the clerk must know of somebody who signed in, in one line; "" when there is nothing. `state` as it counts now."""
    match state:
        case SeekerState.SUBMITTED:
            return "网上登记的，证件还没核对：先核对身份证原件，再派工。"
        case SeekerState.DORMANT:
            return "超过90天没有联系：请当面问还找不找活。"
        case SeekerState.RESTRICTED:
            until = f"到{restricted_until.month}月{restricted_until.day}日" if restricted_until else ""
            return f"暂停推荐{until}：可以签到，不能派工。有意见的请负责人处理。"
    return ""


def check_called(state: SignInState, ticket: int, *, again: bool, caller: str = "") -> None:
    """Only who waits can be called; who is being called can be called `again` by the same desk. Raises RuleBroken."""
    if state is SignInState.CALLED and not again:
        raise RuleBroken(f"{ticket_text(ticket)}刚被{caller or '同事'}叫了，请看下一位。", "ticket")
    if state not in (SignInState.WAITING, SignInState.CALLED):
        raise RuleBroken(_WRONG_STATE[state].format(f"{ticket:03d}"), "ticket")


def check_skip(state: SignInState, ticket: int, reason: SkipReason | None, note: str) -> str:
    """The note as kept. RuleBroken: no coded reason, "other" or a named request without words, nobody who waits."""
    if reason is None:
        raise RuleBroken("请选择跳过的原因。", "reason")
    if state is not SignInState.WAITING:
        raise RuleBroken(_WRONG_STATE[state].format(f"{ticket:03d}"), "ticket")
    said = " ".join(note.split())[:200]
    if reason is SkipReason.OTHER and len(said) < 4:
        raise RuleBroken("选了“其他”的，请写明原因（至少4个字），月底会公布。", "note")
    if reason is SkipReason.NAMED and len(said) < 2:
        raise RuleBroken("雇主点名的，请写明雇主那边是谁提的。", "note")
    return said


def check_named(asked_by: str) -> str:
    """Who at the employer asked for this person by name, as kept. RuleBroken without it."""
    said = " ".join(asked_by.split())[:200]
    if len(said) < 2:
        raise RuleBroken("雇主点名的，请写明雇主那边是谁提的。", "note")
    return said


def check_returns(state: SignInState, ticket: int) -> None:
    """Only who went out or left can come back. Raises RuleBroken."""
    if state not in (SignInState.OUT, SignInState.LEFT):
        raise RuleBroken(_WRONG_STATE[state].format(f"{ticket:03d}"))


def check_leaves(state: SignInState, ticket: int) -> None:
    """Raises RuleBroken for somebody who has left already."""
    if state is SignInState.LEFT:
        raise RuleBroken(_WRONG_STATE[state].format(f"{ticket:03d}"))


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody who waits, as one demand sees them. `passed`: why they were passed over for it today; `obstacle`: why they do not fit.

    `other_trade`: they look for other work; that is no obstacle when the person agrees, so it may be called all the same.
    """

    sign_in_id: int
    ticket: int
    seeker_id: int
    waits: bool = True
    passed: str = ""
    obstacle: str = ""
    other_trade: bool = False

    @property
    def unasked(self) -> bool:
        """Whether nothing is known against this person but that they look for other work."""
        return self.other_trade and self.waits and not self.passed

    @property
    def eligible(self) -> bool:
        """Whether nobody behind may be called for this demand without a reason."""
        return self.waits and not self.passed and not self.obstacle and not self.other_trade


def in_front(turns: Sequence[Turn], sign_in_id: int) -> list[Turn]:
    """Who is eligible and stands before this person in the calling order (`turns`)."""
    front: list[Turn] = []
    for turn in turns:
        if turn.sign_in_id == sign_in_id:
            break
        if turn.eligible:
            front.append(turn)
    return front


def next_turn(turns: Sequence[Turn]) -> Turn | None:
    """The first who is eligible; None when nobody is."""
    return next((turn for turn in turns if turn.eligible), None)


def check_turn(front: Sequence[Turn]) -> None:
    """Nobody is called past people in front of him who fit and were not passed over with a reason (art. 11). RuleBroken names them."""
    if not front:
        return
    named = "、".join(ticket_text(turn.ticket) for turn in front[:SHOWN_IN_FRONT])
    more = f"等{len(front)}人" if len(front) > SHOWN_IN_FRONT else ""
    raise RuleBroken(f"还没轮到：前面{named}{more}也合适。请先叫前面的，或者逐个写明跳过的原因。", "ticket")


def why_next(turns: Sequence[Turn], chosen: Turn, method: CallingMethod, arrived_at: datetime, waited: int) -> str:
    """Why this person is next, in a sentence for whoever asks."""
    place = next(place for place, turn in enumerate(turns, 1) if turn.sign_in_id == chosen.sign_in_id)
    there = arrived_at.astimezone(CHINA)
    fact = {
        CallingMethod.ARRIVAL: f"{there.hour}:{there.minute:02d}到站",
        CallingMethod.ROTATION: f"等活{waited}天",
        CallingMethod.DRAW: "按抽签结果",
    }[method]
    before = turns[: place - 1]
    counted = Counter(_passing(turn) for turn in before)
    left_out = "，".join(f"{count}人{words}" for words, count in counted.most_common())
    return f"{method.label}排第{place}（{fact}）。" + (f"前面{len(before)}人：{left_out}。" if before else "前面没有人。")


def _passing(turn: Turn) -> str:
    if turn.passed:
        return "已跳过（写明原因）"
    if not turn.waits:
        return "正在被叫"
    return "没登记想做这种活" if turn.other_trade else "条件不合"


def passed_words(answer: str, reason: str) -> str:
    """Why somebody was passed over, from a skip's reason or a call's answer."""
    return SkipReason.label_of(reason) if reason else CallAnswer.label_of(answer)
