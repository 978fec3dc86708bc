"""Call-backs (回访): the number is opened for the call, what was said is kept once, and what follows from it follows at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from db.actions.alerts import raise_alert
from db.actions.complaints import open_case, open_complaint
from db.actions.journal import record
from db.actions.referrals import move_on
from db.clock import CHINA, now, today
from db.ids import new_id
from db.queries import followups as queries
from db.tables.followups import FollowUp
from db.tables.referrals import Placement
from db.tables.seekers import Reveal
from db.transaction import action
from db.vault import vault
from rules.codes import (
    AlertKind,
    CaseKind,
    ComplaintKind,
    ComplaintLevel,
    ComplaintRoute,
    ComplaintSource,
    FollowUpKind,
    FollowUpResult,
    ReferralState,
    Side,
)
from rules.errors import RuleBroken
from rules.followups import (
    Answers,
    Consequence,
    Made,
    both_ends_done,
    check_answers,
    check_made_on,
    check_open,
    consequences,
    due_on,
    is_call,
    pay_day,
    still_owed,
)
from rules.journal import EventKind
from rules.permissions import Actor, Reach, Role, Scope
from rules.referrals import ReferralEvent
from rules.reveals import CALL_BACK

_ENDED = (ReferralState.COMPLETED, ReferralState.ENDED_EARLY)


@dataclass(frozen=True, slots=True)
class FollowUpRef:
    """A call-back that was kept: its id, what it opened, and the number of the case when it opened one."""

    id: int
    opened: frozenset[Consequence]
    case: str = ""


@action
async def begin_call(work: dict[str, Any], side: Side, *, actor: Actor) -> None:
    """Keep that the number of this side is opened to call it back (`work` of `db.queries.followups`).

    The list chooses whom to call, not the person at the desk, so these looks do not count towards the daily alarm.
    """
    if side is Side.EMPLOYER:
        subject, subject_id, number, fields = "job", work["job"], work["job_number"], "contact_name,contact_phone"
    else:
        subject, subject_id, number, fields = "seeker", work["seeker"], work["seeker_number"], "phone"
    await Reveal.insert(
        Reveal(
            account=actor.id,
            station=actor.station_id,
            subject=subject,
            subject_id=subject_id,
            fields=fields,
            purpose=CALL_BACK,
            day=today(),
            at=now(),
        )
    )
    await record(
        EventKind.REVEALED,
        subject=subject,
        subject_id=subject_id,
        actor=actor,
        station_id=work["station"],
        number=number,
        purpose="回访，打电话",
        looked_at=fields.split(","),
    )


@action
async def record_follow_up(
    placement_id: int,
    kind: FollowUpKind,
    side: Side,
    answers: Answers,
    *,
    made_on: date | None = None,
    late_reason: str = "",
    actor: Actor,
) -> FollowUpRef:
    """Keep one call-back and do what follows from it, in one transaction.

    `made_on` is the day it was made when that was not today; more than a day back it needs `late_reason`.

    Pay that is owed opens a case (which freezes new demands of that employer), an injury another one. Somebody who took
    money opens a complaint that goes past the station: the words go there only, and nothing about it stays in the
    station's journal (T21). "Never came" or a dispute marks the placement and alerts the manager; nothing is rewritten.
    When the end calls of both sides are through, the referral is followed up.
    RuleBroken (RulesBroken for several): not due yet, answered before, or an answer is missing.
    """
    work = await _found(placement_id, kind, side, actor)
    day, days, made = made_on or today(), work["work"], work["made"]
    check_made_on(day, late_reason, today=today())
    check_open(kind, side, days, made, today=day)
    check_answers(kind, side, answers, days, today=day)
    opened = consequences(side, answers, days, today=day)
    follow_up_id = new_id()
    case = await _cases(work, side, answers, opened, follow_up_id, actor)
    complaint = await _complaint(work, side, answers, follow_up_id, actor) if Consequence.FEE_COMPLAINT in opened else ""
    note = "" if complaint else answers.note.strip()
    due = due_on(kind, days)
    await FollowUp.insert(
        FollowUp(
            id=follow_up_id,
            placement=placement_id,
            referral=work["referral_id"],
            station=work["station"],
            kind=kind.value,
            side=side.value,
            attempt=1 + sum(one.kind is kind and one.side is side for one in made),
            due_on=due,
            method=answers.method.value,
            **_columns(answers),
            note=vault().seal("follow_up.note", str(follow_up_id), note) if note and answers.answered else "",
            complaint=complaint,
            legal_case=case,
            made_by=actor.id,
            made_on=day,
            made_at=now(),
        )
    )
    await record(
        EventKind.FOLLOW_UP_MADE,
        subject="placement",
        subject_id=placement_id,
        actor=actor,
        station_id=work["station"],
        at=min(now(), datetime.combine(day, time(23, 59, 59), CHINA)),
        late_reason=late_reason.strip() or None,
        referral=work["referral"],
        call_kind=kind.value,
        side=side.value,
        call_method=answers.method.value,
        answered=answers.answered,
        call_result=(answers.result if answers.answered else FollowUpResult.UNREACHED) or "",
        pay_state=answers.pay.value if answers.pay and answers.answered else "",
        call_due=due,
        legal_case=case,
    )
    if Consequence.DISPUTE in opened:
        await _dispute(work, kind, side, actor)
    after = Made(kind, side, day, answers.answered, answers.pay)
    if kind is FollowUpKind.END and both_ends_done(days, (*made, after), worker_gone=work["worker_gone"]):
        await _followed_up(work, actor)
    return FollowUpRef(follow_up_id, opened, case)


async def _found(placement_id: int, kind: FollowUpKind, side: Side, actor: Actor) -> dict[str, Any]:
    """The work; a worker answers only for himself, and an employer is called by staff."""
    work = await queries.work_with_id(placement_id)
    own = actor.role is Role.WORKER and side is Side.WORKER and work is not None and work["seeker"] == actor.seeker_id
    if work is None or not is_call(kind, side) or actor.role is Role.EMPLOYER or (actor.role is Role.WORKER and not own):
        raise RuleBroken("没有找到这次上岗，请刷新页面。")
    return work


def _columns(answers: Answers) -> dict[str, Any]:
    """The answers as they are kept; of a call in vain only that it was one."""
    if not answers.answered:
        return {"answered": False, "result": FollowUpResult.UNREACHED.value}
    return {
        "answered": True,
        "result": answers.result.value if answers.result else "",
        "satisfaction": answers.satisfaction,
        "again": answers.again.value if answers.again else "",
        "arrived": answers.arrived,
        "performance": answers.performance.value if answers.performance else "",
        "pay_state": answers.pay.value if answers.pay else "",
        "pay_fen": answers.pay_fen,
        "fee_charged": answers.fee_charged,
        "injured": answers.injured,
        "disputed": answers.disputed,
        "agreement_got": answers.agreement_got,
        "spoken_with": answers.spoken_with.strip()[:40],
    }


async def _cases(
    work: dict[str, Any], side: Side, answers: Answers, opened: frozenset[Consequence], follow_up_id: int, actor: Actor
) -> str:
    """The number of the case that was opened (or goes on), the one about pay before the one about an injury."""
    who = side.label
    said = "" if Consequence.FEE_COMPLAINT in opened or not answers.note.strip() else f"还说：{answers.note.strip()}"
    common: dict[str, Any] = {
        "station_id": work["station"],
        "employer_id": work["employer_id"],
        "seeker_id": work["seeker"],
        "referral_id": work["referral_id"],
        "placement_id": work["id"],
        "follow_up_id": follow_up_id,
        "actor": actor,
    }
    numbers = []
    if Consequence.UNPAID_CASE in opened:
        assert answers.pay is not None
        facts = f"回访时{who}说工钱{answers.pay.label}。{said}"
        claim = still_owed(work["pay_due_fen"], answers.pay_fen)
        numbers.append(await open_case(kind=CaseKind.UNPAID, claim_fen=claim, facts=facts, since=pay_day(work["work"]), **common))
    if Consequence.INJURY_CASE in opened:
        numbers.append(await open_case(kind=CaseKind.INJURY, facts=f"回访时{who}说干活受了伤。{said}", **common))
    return numbers[0] if numbers else ""


async def _complaint(work: dict[str, Any], side: Side, answers: Answers, follow_up_id: int, actor: Actor) -> str:
    """A complaint about a fee is the supervising unit's alone, whoever was paid (T21)."""
    return await open_complaint(
        station_id=work["station"],
        kind=ComplaintKind.FEE,
        level=ComplaintLevel.HIGH,
        route=ComplaintRoute.SUPERVISOR,
        source=ComplaintSource.FOLLOW_UP,
        words=f"回访时{side.label}说有人收了钱。{answers.note.strip()}",
        referral_id=work["referral_id"],
        follow_up_id=follow_up_id,
        seeker_id=work["seeker"] if side is Side.WORKER else None,
        employer_id=work["employer_id"],
        actor=actor,
    )


async def _dispute(work: dict[str, Any], kind: FollowUpKind, side: Side, actor: Actor) -> None:
    """Mark the placement once, and put it before the manager: the record stays as it was written (art. 23)."""
    if work["disputed_at"] is None:
        await Placement.update({Placement.disputed_at: now()}).where(Placement.id == work["id"])
        await record(
            EventKind.PLACEMENT_DISPUTED,
            subject="placement",
            subject_id=work["id"],
            actor=actor,
            station_id=work["station"],
            referral=work["referral"],
            call_kind=kind.value,
            side=side.value,
        )
    await raise_alert(
        AlertKind.START_DISPUTED,
        station_id=work["station"],
        subject="placement",
        subject_id=work["id"],
        actor=actor,
        referral=work["referral"],
        side=side.value,
    )


async def _followed_up(work: dict[str, Any], actor: Actor | None) -> None:
    state = ReferralState(work["referral_state"])
    if state in _ENDED:
        await move_on(work["referral_id"], ReferralEvent.FOLLOW_UP, actor=actor)
    if state in (*_ENDED, ReferralState.FOLLOW_UP):
        await move_on(work["referral_id"], ReferralEvent.FOLLOWED_UP, actor=actor)


@action
async def begin_due(*, actor: Actor | None = None) -> int:
    """Write down what time has decided: works that ended wait for their call-backs from the next day on. Gives how many.

    One whose end calls are through meanwhile (both sides came by themselves) is followed up at once.
    """
    rows = await queries.ended_before(today(), [state.value for state in _ENDED])
    for row in rows:
        await move_on(row["referral_id"], ReferralEvent.FOLLOW_UP, actor=actor)
        work = await queries.work_with_id(row["id"])
        if work and both_ends_done(work["work"], work["made"], worker_gone=work["worker_gone"]):
            await _followed_up(work, actor)
    return len(rows)


@action
async def alert_late(*, actor: Actor | None = None) -> int:
    """Tell each station's manager once a day how many call-backs are overdue; how many alerts."""
    raised = 0
    for station_id, count in (await queries.late_counts(Scope(Reach.DISTRICT), today())).items():
        alert = await raise_alert(
            AlertKind.FOLLOW_UP_OVERDUE, station_id=station_id, subject="station", subject_id=station_id, actor=actor, count=count
        )
        raised += alert is not None
    return raised
