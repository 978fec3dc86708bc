"""A person's rights over their own data (PIPL arts 15, 16, 44-50; domain reference 10.1, 10.5) and the pause of referrals (3.4)."""

from __future__ import annotations

from datetime import date, timedelta

from rules.codes import RestrictReason, RightsKind, RightsState, SeekerState
from rules.errors import RuleBroken

ANSWER_DAYS = 15
"""Days within which a request is answered, and within which data are deleted after the consent was withdrawn."""

REMIND_DAYS = 3
"""So many days before the last day the manager is reminded."""

RESTRICT_DAYS = 30
"""How long referrals of a person may be paused at once."""

NO_SHOWS = 3
NO_SHOW_DAYS = 90
"""So many agreed works not come to, in so many days, may pause referrals."""

MOST_OPEN = 10
"""Open requests of one person; more are told to come to the counter."""

CLOSE_CONSEQUENCES = (
    "马上停用您的登记：不再给您介绍活，雇主和别的驿站也找不到您。",
    "还没有结果的报名和推荐，马上结束。已经签好的协议继续有效。",
    "15天内删除您的姓名、证件号码、电话等信息。",
    "法律规定要保存的服务记录（上岗、协议、工作记录）会保存到期，这期间只保存，不使用。",
    "15天内后悔的，带身份证到驿站可以恢复。",
)
"""What withdrawing the consent, or asking for deletion, brings about (PIPL art. 47): read before it is confirmed."""

_OVER = frozenset({SeekerState.CLOSED, SeekerState.ANONYMISED})
_ASKED_FOR: dict[RightsKind, str] = {
    RightsKind.CORRECT: "请写明哪里不对，应该是什么。",
    RightsKind.EXPLAIN: "请写明想问哪一次推荐，或者想问什么。",
    RightsKind.REPLY: "请写明当时的情况。",
}


def due_on(asked: date) -> date:
    """The last day for the answer to a request made on `asked`."""
    return asked + timedelta(days=ANSWER_DAYS)


def remind_from(today: date) -> date:
    """Requests due on this day or earlier are brought to the manager's mind today."""
    return today + timedelta(days=REMIND_DAYS)


def days_left(due: date, today: date) -> int:
    """Days until the last day; negative once it is over."""
    return (due - today).days


def check_alive(state: SeekerState) -> None:
    """RuleBroken for a registration that was closed or made anonymous."""
    if state in _OVER:
        raise RuleBroken("这份登记已经注销，不能再改。要找活，请带身份证到驿站恢复登记。")


def check_request(kind: RightsKind | None, details: str, open_now: int) -> str:
    """The words of a request as they are kept. RuleBroken: no kind, no words where they are needed, too many at once."""
    if kind is None:
        raise RuleBroken("请选择要办什么。", "kind")
    said = details.strip()
    if kind in _ASKED_FOR and len(said) < 4:
        raise RuleBroken(_ASKED_FOR[kind], "details")
    if open_now >= MOST_OPEN:
        raise RuleBroken(f"还有{open_now}件请求没有答复，请等答复，或者到驿站当面办。")
    return said


def check_answer(state: RightsState | None, answer: str, current: RightsState) -> str:
    """The answer as it is kept and shown to the person. RuleBroken: answered already, no decision, fewer than five characters."""
    if current is not RightsState.ASKED:
        raise RuleBroken(f"这件请求已经是“{current.label}”，请刷新页面。")
    if state not in (RightsState.DONE, RightsState.REFUSED):
        raise RuleBroken("请选择办了还是没同意。", "state")
    said = answer.strip()
    if len(said) < 5:
        what = "没同意的原因和依据" if state is RightsState.REFUSED else "办了什么"
        raise RuleBroken(f"请写明{what}，至少5个字，本人看得到。", "answer")
    return said


def check_restriction(state: SeekerState, reason: RestrictReason | None, note: str, no_shows: int) -> str:
    """Why referrals are paused, as the person will read it. RuleBroken: no reason, not so, or no words (3.4)."""
    if state not in (SeekerState.ACTIVE, SeekerState.ENGAGED, SeekerState.DORMANT):
        raise RuleBroken(f"该求职者现在是“{state.label}”，不能暂停推荐。")
    if reason is None:
        raise RuleBroken("请选择为什么暂停推荐。", "reason")
    if reason is RestrictReason.NO_SHOW and no_shows < NO_SHOWS:
        raise RuleBroken(f"{NO_SHOW_DAYS}天内只记了{no_shows}次未到岗，满{NO_SHOWS}次才能以这个原因暂停。", "reason")
    said = " ".join(note.split())
    if len(said) < 5:
        raise RuleBroken("请写明情况，至少5个字，本人看得到。", "note")
    return f"{reason.label}：{said}"[:300]


def check_lift(state: SeekerState, note: str) -> str:
    """Why the pause ends. RuleBroken when there is none, or without words."""
    if state is not SeekerState.RESTRICTED:
        raise RuleBroken("现在没有暂停推荐，不用恢复。")
    said = " ".join(note.split())
    if len(said) < 5:
        raise RuleBroken("请写明为什么恢复，至少5个字。", "note")
    return said
