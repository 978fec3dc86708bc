"""Complaints and cases of claimed rights (domain reference 3.14, 3.10, 5.8; HRMR 29, 40; seed arts 22, 24).

Who answers a complaint, until when, which step follows which; and what a case of unpaid work goes through.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum

from rules.codes import BuildMode, CaseKind, CaseState, ComplaintDecision, ComplaintKind, ComplaintRoute, ComplaintState
from rules.errors import RuleBroken
from rules.permissions import Actor, Reach, Role

ACKNOWLEDGE_DAYS = 1
REPLY_DAYS = 5
"""Working days for saying that it is taken up, and for the reply, as the rule board on the wall promises (5.8)."""

WORKING_DAYS_NOTE = "工作日按周一到周五算，没有算进法定节假日和调休；碰上节假日的，期限顺延。"
"""Said wherever such a deadline is shown: the product does not know the calendar of public holidays."""

MIN_WORDS = 5
MAX_WORDS = 1000
"""Characters of what somebody says in a complaint, a step or a case."""

FOLLOW_CODE_DIGITS = 6
MOST_MISSES = 10
"""So many wrong follow codes close the status page of a complaint; the counter or the supervisor still tells."""

PAST_STATION = frozenset({ComplaintKind.FEE, ComplaintKind.STAFF, ComplaintKind.STATION, ComplaintKind.UNFAIR_CALLING})
"""About the station or its people: answered by its supervising unit, and the station sees nothing of it (3.14, 5.8)."""

CLAIM_YEARS = "labour_arbitration_years"
"""The parameter: years within which labour arbitration is asked for (LDMA art. 27), the shorter of a case's limits."""

LIMIT_SOON_DAYS = 30
"""So many days before the time limit a case is marked."""

OPEN_CASES = (CaseState.OPEN, CaseState.HANDLING, CaseState.PASSED_ON)
"""States in which a case of unpaid work keeps its employer from new demands."""

CLOSED_COMPLAINTS = (ComplaintState.SATISFIED, ComplaintState.FINAL)


class ComplaintEvent(StrEnum):
    """What moves a complaint on."""

    ACKNOWLEDGE = "acknowledge"
    INVESTIGATE = "investigate"
    DECIDE = "decide"
    REPLY = "reply"
    SATISFIED = "satisfied"
    DISSATISFIED = "dissatisfied"
    REVIEW = "review"
    FINISH = "finish"


_S, _E = ComplaintState, ComplaintEvent
TRANSITIONS: dict[tuple[ComplaintState, ComplaintEvent], ComplaintState] = {
    (_S.RECEIVED, _E.ACKNOWLEDGE): _S.ACKNOWLEDGED,
    (_S.ACKNOWLEDGED, _E.INVESTIGATE): _S.INVESTIGATING,
    (_S.INVESTIGATING, _E.INVESTIGATE): _S.INVESTIGATING,
    (_S.INVESTIGATING, _E.DECIDE): _S.DECIDED,
    (_S.DECIDED, _E.REPLY): _S.REPLIED,
    (_S.REPLIED, _E.SATISFIED): _S.SATISFIED,
    (_S.REPLIED, _E.DISSATISFIED): _S.DISSATISFIED,
    (_S.DISSATISFIED, _E.REVIEW): _S.SUPERVISOR_REVIEW,
    (_S.SUPERVISOR_REVIEW, _E.FINISH): _S.FINAL,
}
"""Domain reference 3.14; an investigation may be written down in several steps."""


def next_state(state: ComplaintState, event: ComplaintEvent) -> ComplaintState:
    """The state after `event`. RuleBroken when it does not follow, as after somebody else was faster."""
    if (state, event) not in TRANSITIONS:
        raise RuleBroken(f"这件投诉现在是“{state.label}”，不能这样办，请刷新页面。")
    return TRANSITIONS[state, event]


def events_of(state: ComplaintState) -> list[ComplaintEvent]:
    """What may follow now."""
    return [event for held, event in TRANSITIONS if held is state]


def route_of(kind: ComplaintKind, *, wanted: ComplaintRoute, against_account: bool = False) -> ComplaintRoute:
    """Who answers: past the station whatever is about it or its people, and whatever the complainant wants past it."""
    if kind in PAST_STATION or against_account:
        return ComplaintRoute.SUPERVISOR
    return wanted


def supervising_role(build_mode: BuildMode | str) -> Role:
    """Whose officers supervise a station (art. 22): the district's for what it built itself, else the subdistrict's."""
    return Role.DISTRICT if BuildMode(build_mode) is BuildMode.DISTRICT_LED else Role.SUBDISTRICT


def sees_words(actor: Actor, route: ComplaintRoute, against_account: int | None) -> bool:
    """Whether this person may see a complaint in their reach at all: not one past their station, never one about themselves."""
    if against_account == actor.id:
        return False
    return route is ComplaintRoute.STATION or actor.scope.reach in (Reach.SUBDISTRICT, Reach.DISTRICT)


def check_answers(
    actor: Actor,
    event: ComplaintEvent,
    *,
    route: ComplaintRoute,
    build_mode: BuildMode | str,
    against_account: int | None,
    decided_by: int | None,
) -> None:
    """RuleBroken unless this person may take the step.

    The station answers what is routed to it, the supervising unit what goes past the station; the district may do what the
    subdistrict may. A review is taken by those who supervise, and not by who decided. Nobody answers for himself.
    """
    if against_account == actor.id:
        raise RuleBroken("这件投诉说的是您自己，请由别人办理。")
    officer = actor.role in (Role.SUBDISTRICT, Role.DISTRICT)
    if event in (_E.REVIEW, _E.FINISH):
        if not officer:
            raise RuleBroken("对答复不满意的投诉，由监督单位复核，驿站不能自己复核。")
        if decided_by == actor.id:
            raise RuleBroken("原来的结论是您下的，复核请由另一位监管人员办理。")
        return
    if event in (_E.SATISFIED, _E.DISSATISFIED):
        return
    if route is ComplaintRoute.STATION:
        if officer:
            raise RuleBroken("这件投诉由驿站办理，您可以查看进度；对答复不满意的，才由监督单位复核。")
        return
    if not officer or (actor.role is Role.SUBDISTRICT and supervising_role(build_mode) is Role.DISTRICT):
        raise RuleBroken("这件投诉由驿站的监督单位办理。")


def check_words(words: str, field: str = "words") -> str:
    """What is written, without outer spaces. RuleBroken: fewer than five or more than a thousand characters."""
    said = words.strip()
    if len("".join(said.split())) < MIN_WORDS:
        raise RuleBroken(f"请写清楚，至少{MIN_WORDS}个字。", field)
    if len(said) > MAX_WORDS:
        raise RuleBroken(f"最多写{MAX_WORDS}个字，请写短一些，其他的当面说。", field)
    return said


def check_decision(decision: ComplaintDecision | None) -> ComplaintDecision:
    """RuleBroken when nothing was chosen."""
    if decision is None:
        raise RuleBroken("请选择结论。", "decision")
    return decision


def working_days_after(day: date, days: int) -> date:
    """The last day of a deadline of so many working days that begins on the day after `day` (Monday to Friday)."""
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day


def deadlines(opened_at: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    """Until when a complaint is taken up and until when it is answered: the end of those days where the station is."""
    opened = opened_at.astimezone(zone).date()
    ends = (working_days_after(opened, days) for days in (ACKNOWLEDGE_DAYS, REPLY_DAYS))
    acknowledge, reply = (datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=zone) for day in ends)
    return acknowledge, reply


def overdue(state: ComplaintState, acknowledge_by: datetime, reply_by: datetime, now: datetime) -> bool:
    """Whether a promise of the rule board is broken: not taken up in a working day, or not answered in five."""
    if state is _S.RECEIVED:
        return now > acknowledge_by
    return state in (_S.ACKNOWLEDGED, _S.INVESTIGATING, _S.DECIDED) and now > reply_by


CASE_STEPS: dict[CaseState, tuple[CaseState, ...]] = {
    CaseState.OPEN: (CaseState.HANDLING, CaseState.PASSED_ON, CaseState.SETTLED, CaseState.CLOSED, CaseState.MISTAKEN),
    CaseState.HANDLING: (CaseState.HANDLING, CaseState.PASSED_ON, CaseState.SETTLED, CaseState.CLOSED, CaseState.MISTAKEN),
    CaseState.PASSED_ON: (CaseState.PASSED_ON, CaseState.SETTLED, CaseState.CLOSED, CaseState.MISTAKEN),
}
"""Which states a step may lead to; a closed case stays closed."""

LIFTS_WITHOUT_PAY = frozenset({CaseState.CLOSED, CaseState.MISTAKEN})
"""Ends that free the employer although nobody was paid: not a clerk's decision."""


def check_case_step(state: CaseState, to: CaseState | None, recovered_fen: int | None, kind: CaseKind, *, role: Role) -> CaseState:
    """The state after a step. RuleBroken: nothing chosen, closed already, no amount, or not this role's decision."""
    if to is None:
        raise RuleBroken("请选择办到哪一步。", "state")
    if to not in CASE_STEPS.get(state, ()):
        raise RuleBroken(f"这件维权现在是“{state.label}”，不能再办成“{to.label}”，请刷新页面。")
    if to in LIFTS_WITHOUT_PAY and role not in (Role.MANAGER, Role.LEGAL):
        raise RuleBroken(f"“{to.label}”会让雇主恢复招工，请由驿站负责人或法律服务人员来定。", "state")
    if to is CaseState.SETTLED and kind is CaseKind.UNPAID and not recovered_fen:
        raise RuleBroken("解决了的，请填写零工实际拿到多少钱。", "recovered_fen")
    if to is not CaseState.SETTLED and recovered_fen:
        raise RuleBroken("已经拿到钱的，请把这一步选成“已解决”；没有拿到的，不要填金额。", "recovered_fen")
    return to


def limit_on(since: date, years: int) -> date:
    """Until when arbitration can be asked for if the claim arose on `since` (`years` of the parameter `CLAIM_YEARS`)."""
    try:
        return since.replace(year=since.year + years)
    except ValueError:  # 29 February
        return since.replace(year=since.year + years, day=28)


def check_handler(handler: int, allowed: Collection[int]) -> None:
    """RuleBroken when the chosen person may not work on cases here."""
    if handler not in allowed:
        raise RuleBroken("请在列表里选择承办人。", "handler")
