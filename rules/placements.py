"""Placements (推荐成功就业人次, domain reference 8.2): when one may be recorded, and how many a station owes a year."""

from __future__ import annotations

from datetime import date, timedelta

from rules.codes import StartEvidence
from rules.errors import RuleBroken
from rules.referrals import check_start_evidence


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
