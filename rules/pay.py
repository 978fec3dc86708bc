"""Pay: what an hour of any offer comes to, and what a whole engagement will cost."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from rules.codes import PayBasis, PayUnit
from rules.money import yuan
from rules.schedule import shift_of, working_days
from rules.terms import JobTerms

MONTH_HOURS = 174
"""Paid hours of a month of full-time work, as the checks count them (domain reference 6.5)."""

_PER_DAY = frozenset({PayUnit.DAY, PayUnit.NIGHT})
_PER_PIECE = frozenset({PayUnit.PIECE, PayUnit.JIN, PayUnit.MU, PayUnit.SQM})


@dataclass(frozen=True, slots=True)
class MinimumWage:
    """The minimum wage in force on some day, in fen: per hour for part-time work, per month for full-time work."""

    hour_fen: int
    month_fen: int

    @property
    def month_as_hour_fen(self) -> int:
        """The monthly minimum as fen per hour (÷ 174), rounded down: 2400 yuan → 13.79."""
        return self.month_fen // MONTH_HOURS

    @property
    def month_as_day_fen(self) -> int:
        """The monthly minimum as fen per day (÷ 21.75), rounded down: 2400 yuan → 110.34."""
        return self.month_fen * 100 // 2175


class Estimate(NamedTuple):
    """What one worker is expected to earn: whole pay units, and fen. Hours may be broken; see `quantity_text`."""

    quantity: int
    fen: int


def is_lump(terms: JobTerms) -> bool:
    """Whether the price is for the whole job: 次, or 单 that is not counted as piece work."""
    return terms.pay_unit is PayUnit.TIME or (terms.pay_unit is PayUnit.ORDER and (terms.pay_basis is not PayBasis.PIECE))


def _daily_minutes(terms: JobTerms) -> int:
    shift = shift_of(terms)
    return shift.paid_minutes if shift else 0


def hourly_equivalent(terms: JobTerms) -> int | None:
    """What one hour of the offered work pays, in fen, rounded down (domain reference 6.5).

    Day and night pay are divided by the net hours of the shift, month pay by 174; piece pay is multiplied with the
    normal output of an hour; a lump sum is divided by all net hours of the engagement. None where no hour can be told:
    live-in work, no hours, no output, no pay.
    """
    pay, unit = terms.pay_fen, terms.pay_unit
    if terms.live_in or pay <= 0 or unit is None:
        return None
    if unit is PayUnit.HOUR:
        return pay
    if unit is PayUnit.MONTH:
        return pay // MONTH_HOURS
    if unit in _PER_DAY or is_lump(terms):
        minutes = _daily_minutes(terms) * (1 if unit in _PER_DAY else working_days(terms))
        return pay * 60 // minutes if minutes > 0 else None
    return pay * terms.output_per_hour_milli // 1000 if terms.output_per_hour_milli else None


def estimated_total(terms: JobTerms) -> tuple[int, int] | None:
    """(quantity in pay units, fen) that one worker is expected to earn over the whole engagement.

    Days count as in `schedule.working_days`. Pieces are whole pieces of the expected output. Broken hours are paid to
    the minute (fen rounded down) while the quantity is rounded down; print `quantity_text` instead. None where the
    order does not say enough, and for month pay of a period that is not made of whole months.
    """
    pay, unit, worked = terms.pay_fen, terms.pay_unit, working_days(terms)
    if pay <= 0 or unit is None:
        return None
    if is_lump(terms):
        return Estimate(1, pay)
    if worked <= 0:
        return None
    minutes = worked * _daily_minutes(terms)
    if unit in _PER_DAY:
        return Estimate(worked, worked * pay)
    if unit is PayUnit.HOUR:
        return Estimate(minutes // 60, minutes * pay // 60) if minutes else None
    if unit is PayUnit.MONTH:
        months = _whole_months(terms.start_date, terms.end_date)
        return Estimate(months, months * pay) if months else None
    pieces = minutes * (terms.output_per_hour_milli or 0) // 60_000
    return Estimate(pieces, pieces * pay) if pieces else None


def quantity_text(terms: JobTerms) -> str | None:
    """The expected quantity with its unit, as the agreement prints it: "3天", "31.5小时"; None as `estimated_total`."""
    estimate = estimated_total(terms)
    if estimate is None or terms.pay_unit is None:
        return None
    quantity = str(estimate[0])
    if terms.pay_unit is PayUnit.HOUR:
        quantity = yuan(working_days(terms) * _daily_minutes(terms) * 100 // 60)
    return f"{quantity}{'个' if terms.pay_unit in (PayUnit.MONTH, PayUnit.NIGHT) else ''}{terms.pay_unit.label}"


def pay_text(terms: JobTerms) -> str:
    """The price as people say it: "220元/天"; empty while no pay is given."""
    if terms.pay_fen <= 0:
        return ""
    return f"{yuan(terms.pay_fen)}元/{terms.pay_unit.label}" if terms.pay_unit else f"{yuan(terms.pay_fen)}元"


def _whole_months(start: date | None, end: date | None) -> int:
    if start is None or end is None or end == date.max:
        return 0
    after = end + timedelta(days=1)
    months = (after.year - start.year) * 12 + after.month - start.month
    expected_day = min(start.day, monthrange(after.year, after.month)[1])
    return max(0, months) if after.day == expected_day else 0
