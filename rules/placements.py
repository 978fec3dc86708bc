"""Placements (推荐成功就业人次, domain reference 8.2): when one may be recorded, how it ends, how many a station owes a year."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from rules.codes import EndedHow, Labelled, PayUnit, SettleCycle, Side, StartEvidence
from rules.errors import RuleBroken, RulesBroken
from rules.money import yuan
from rules.pay import estimated_total, is_lump
from rules.referrals import check_start_evidence
from rules.schedule import days, shift_of, working_days
from rules.terms import JobTerms


class Strength(Labelled):
    """How much a start's evidence proves, strongest first."""

    STRONG = "STRONG", "强"
    MEDIUM = "MEDIUM", "中"
    WEAK = "WEAK", "弱"


STRENGTHS: dict[StartEvidence, Strength] = {
    # The employer's own signature; somebody's word to the station; a paper from before the work began.
    StartEvidence.RETURN_SLIP: Strength.STRONG,
    StartEvidence.EMPLOYER_CONFIRMATION: Strength.MEDIUM,
    StartEvidence.WORKER_AND_CALL: Strength.MEDIUM,
    StartEvidence.SIGNED_AGREEMENT: Strength.WEAK,
}
"""How much each kind of evidence proves [design]."""


def strength_of(kinds: Iterable[str]) -> Strength:
    """What all evidence of a start proves together: as much as its best, and both sides' words are as good as a paper."""
    held = {StartEvidence(kind) for kind in kinds}
    if {StartEvidence.EMPLOYER_CONFIRMATION, StartEvidence.WORKER_AND_CALL} <= held:
        return Strength.STRONG
    found = {STRENGTHS[kind] for kind in held}
    return next((strength for strength in Strength if strength in found), Strength.WEAK)


def annual_target(whole_year: int, opened_on: date, year: int) -> int:
    """Placements a station owes in `year` of the `whole_year` target (art. 11), pro rata from the day it opened.

    The opening day counts; a part of a placement counts as a whole one (T15: 500 from 1 October is 127). 0 before
    the station opened.
    """
    first, end = date(year, 1, 1), date(year + 1, 1, 1)
    open_days = (end - max(first, opened_on)).days
    if open_days <= 0:
        return 0
    return -(-whole_year * open_days // (end - first).days)


def due_by(whole_year: int, opened_on: date, day: date) -> int:
    """How many of them should be there by `day` (included) at an even pace; on 31 December as many as `annual_target`."""
    first, end = date(day.year, 1, 1), date(day.year + 1, 1, 1)
    open_days = max(0, (day - max(first, opened_on)).days + 1)
    return -(-whole_year * open_days // (end - first).days)


def check_start(
    evidence: StartEvidence | None,
    started_on: date | None,
    note: str,
    *,
    agreement_signed: bool,
    referred_on: date,
    agreed_start: date | None,
    today: date,
) -> None:
    """A worker's start may be recorded: with evidence, not in the future, not before the referral (3.5, art. 23).

    A start more than a day back needs a note that says why it is entered late. "Signed agreement" as evidence needs
    the agreed first day to have come. Raises RuleBroken with the field.
    """
    if started_on is None:
        raise RuleBroken("请填写到岗日期。", "started_on")
    if started_on > today:
        raise RuleBroken("到岗日期不能晚于今天；还没开工的，等开工后再登记。", "started_on")
    if started_on < referred_on:
        raise RuleBroken("到岗日期早于推荐的日期，请核对。", "started_on")
    if started_on < today - timedelta(days=1) and not note.strip():
        raise RuleBroken("到岗已超过一天，请在“依据说明”里写明补登的原因。", "note")
    first_day = started_on
    if evidence is StartEvidence.SIGNED_AGREEMENT and agreed_start is not None:
        first_day = max(started_on, agreed_start)
    check_start_evidence(evidence, agreement_signed, first_day, today)


def check_note(evidence: StartEvidence | None, note: str) -> None:
    """What the evidence is must be said where the choice alone does not: who confirmed, and when. Raises RuleBroken."""
    if evidence is StartEvidence.EMPLOYER_CONFIRMATION and not note.strip():
        raise RuleBroken("请在“依据说明”里写明雇主方谁、什么时候、怎么确认的。", "note")
    if evidence is StartEvidence.WORKER_AND_CALL and not note.strip():
        raise RuleBroken("请在“依据说明”里写明打电话核实的时间和结果。", "note")


def check_more_evidence(evidence: StartEvidence, note: str, held: Iterable[Mapping[str, object]]) -> None:
    """What is added must be new: RuleBroken for the same kind with the same words, or a second time without any."""
    said = note.strip()
    for each in held:
        if each["kind"] == evidence.value and (not said or each["note"] == said):
            raise RuleBroken("这项依据已经登记过了；有新情况的，请在“依据说明”里写明。", "note")


_PIECES = frozenset({PayUnit.PIECE, PayUnit.ORDER, PayUnit.JIN, PayUnit.MU, PayUnit.SQM})


@dataclass(frozen=True, slots=True)
class WorkDone:
    """What somebody worked: first and last day, minutes (None: not told), pieces in whole units (None: not told)."""

    started_on: date
    ended_on: date
    minutes: int | None = None
    pieces: int | None = None


def counts_pieces(terms: JobTerms) -> bool:
    """Whether the pay is reckoned by pieces, so that their number must be told at the end."""
    return terms.pay_unit in _PIECES and not is_lump(terms)


def expected_minutes(terms: JobTerms, started_on: date, ended_on: date) -> int | None:
    """The minutes of work that the agreed hours give for these days; None while the hours were left open."""
    shift = shift_of(terms)
    if shift is None or terms.live_in:
        return None
    return working_days(_on(terms, started_on, ended_on)) * shift.paid_minutes


def pay_due(terms: JobTerms, done: WorkDone, how: EndedHow) -> int | None:
    """The pay due in fen by the agreed price for what was done; None where it does not follow and must be typed.

    Days and nights count as in `schedule.working_days`, hours to the minute (rounded up to the fen). A lump sum is due for
    finished work only; month pay only for whole months.
    """
    price, unit = terms.pay_fen, terms.pay_unit
    if price <= 0 or unit is None:
        return None
    agreed = _on(terms, done.started_on, done.ended_on)
    if is_lump(terms):
        return price if how is EndedHow.COMPLETED else None
    if unit is PayUnit.HOUR:
        return -(-price * done.minutes // 60) if done.minutes is not None else None
    if unit in _PIECES:
        return price * done.pieces if done.pieces is not None else None
    estimate = estimated_total(agreed)
    return estimate[1] if estimate else None


def pay_due_day(terms: JobTerms, ended_on: date) -> date | None:
    """The day by which the last pay must have come, by the agreed settlement; None by stages: it must be typed.

    As `rules.agreement_values.payment_deadline` prints it: each day (after a night the next one), Sunday, the 15th and the
    last of the month, the last of the month.
    """
    month_end = ended_on.replace(day=monthrange(ended_on.year, ended_on.month)[1])
    shift = shift_of(terms)
    overnight = shift is not None and shift.crosses_midnight and shift.end != time(0)
    match terms.settle_cycle:
        case SettleCycle.DAILY | SettleCycle.PER_JOB:
            return ended_on + timedelta(days=int(overnight))
        case SettleCycle.WEEKLY:
            return ended_on + timedelta(days=6 - ended_on.weekday())
        case SettleCycle.HALF_MONTH:
            return ended_on.replace(day=15) if ended_on.day <= 15 else month_end
        case SettleCycle.MONTHLY:
            return month_end
    return None


@dataclass(frozen=True, slots=True)
class Settled:
    """What is due for a work that ended: fen, and the day by which it must be paid."""

    pay_due_fen: int
    pay_due_on: date


def settle(
    terms: JobTerms,
    done: WorkDone,
    how: EndedHow | None,
    side: Side | None,
    reason: str,
    pay_due_fen: int | None,
    pay_due_on: date | None,
    *,
    today: date,
) -> Settled:
    """What is due when a work ends (3.5). None for pay and day means: as agreed.

    RulesBroken: the last day in the future or before the first, or more than a day back without a reason (art. 23 记录及时);
    an early end without side and reason; no pieces for piece pay, no hours for hourly pay, more hours than the days have;
    pay or day that differ from what was agreed without a reason; pay that does not follow from the agreement and was not typed.
    """
    broken = [*_end_obstacles(done, how, side, reason, today=today), *_measure_obstacles(terms, done)]
    if broken or how is None:
        raise RulesBroken(broken) if len(broken) > 1 else broken[0]
    agreed, day = pay_due(terms, done, how), pay_due_day(terms, done.ended_on)
    due, on = (agreed if pay_due_fen is None else pay_due_fen), (pay_due_on or day)
    said = len(reason.strip()) >= 2
    if due is None:
        broken.append(RuleBroken("按约定算不出应付多少工钱，请与双方核对后填写金额。", "pay_due"))
    elif agreed is not None and due != agreed and not said:
        broken.append(RuleBroken(f"按约定应付{yuan(agreed)}元，填的不一样，请在“说明”里写明原因。", "reason"))
    if on is None:
        broken.append(RuleBroken("按进度结算的，请填写约定付清工钱的日子。", "pay_due_on"))
    elif on < done.started_on:
        broken.append(RuleBroken("付钱的日子早于到岗日期，请核对。", "pay_due_on"))
    elif day is not None and on != day and not said:
        broken.append(RuleBroken(f"按约定{day.month}月{day.day}日付清，填的不一样，请在“说明”里写明原因。", "reason"))
    if broken or due is None or on is None:
        raise RulesBroken(broken) if len(broken) > 1 else broken[0]
    return Settled(due, on)


def _end_obstacles(done: WorkDone, how: EndedHow | None, side: Side | None, reason: str, *, today: date) -> list[RuleBroken]:
    broken = []
    if how is None:
        broken.append(RuleBroken("请选择是做完了，还是中途结束。", "how"))
    if done.ended_on > today:
        broken.append(RuleBroken("最后一天不能晚于今天；还在做的，等做完再登记。", "ended_on"))
    if done.ended_on < done.started_on:
        broken.append(RuleBroken(f"最后一天早于到岗日期（{done.started_on.month}月{done.started_on.day}日），请核对。", "ended_on"))
    if how is EndedHow.QUIT_EARLY and side is None:
        broken.append(RuleBroken("中途结束的，请选择是哪一方提出的。", "side"))
    if how is EndedHow.QUIT_EARLY and len(reason.strip()) < 2:
        broken.append(RuleBroken("中途结束的，请在“说明”里写明原因。", "reason"))
    elif done.ended_on < today - timedelta(days=1) and not reason.strip():
        broken.append(RuleBroken("最后一天已过去超过一天，请在“说明”里写明补登的原因。", "reason"))
    return broken


def _measure_obstacles(terms: JobTerms, done: WorkDone) -> list[RuleBroken]:
    broken = []
    if counts_pieces(terms) and done.pieces is None:
        broken.append(RuleBroken("这个活按件算工钱，请填写做了多少件（单、次）。", "pieces"))
    if terms.pay_unit is PayUnit.HOUR and not is_lump(terms) and done.minutes is None:
        broken.append(RuleBroken("这个活按小时算工钱，请填写一共做了多少小时。", "hours"))
    if done.minutes is not None and done.ended_on >= done.started_on:
        most = (days(done.started_on, done.ended_on) + 1) * 24 * 60  # a night shift ends on the day after
        if done.minutes > most:
            broken.append(RuleBroken("小时数比这几天的时间还多，请核对。", "hours"))
    return broken


def _on(terms: JobTerms, started_on: date, ended_on: date) -> JobTerms:
    """The same terms for the days that were really worked."""
    return replace(terms, start_date=started_on, end_date=ended_on)
