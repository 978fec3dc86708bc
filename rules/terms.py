"""What a job order says: the frozen value that forms fill, rules check, versions keep and papers print."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from rules.codes import (
    CreditState,
    EmployerKind,
    EmployerState,
    InsuranceState,
    PayBasis,
    PayMethod,
    PayUnit,
    Relation,
    SettleCycle,
)


@dataclass(frozen=True, slots=True)
class JobTerms:
    """One version of a job order (招工用工登记, domain reference 12.1).

    Money is integer fen per `pay_unit`. `end_time` before or equal to `start_time` means the shift crosses midnight.
    `output_per_hour_milli` is the normal output of one hour in thousandths of the pay unit (piece pay).
    `landmark` is public; `exact_address`, `contact_name`, `contact_phone` and the pick-up place never are.
    None or "" means "not given": the rules say what is missing, the form does not.
    """

    title: str = ""
    trade: str = ""
    headcount: int = 0
    duties: str = ""
    requirements: str = ""
    subdistrict: str = ""
    landmark: str = ""
    exact_address: str = ""
    start_date: date | None = None
    end_date: date | None = None
    start_time: time | None = None
    end_time: time | None = None
    break_minutes: int = 0
    weekly_days: int = 0
    live_in: bool = False
    overtime_terms: str = ""
    pay_basis: PayBasis | None = None
    pay_fen: int = 0
    pay_unit: PayUnit | None = None
    output_per_hour_milli: int | None = None
    settle_cycle: SettleCycle | None = None
    pay_method: PayMethod | None = None
    benefits: tuple[str, ...] = ()
    pickup_place: str = ""
    pickup_time: time | None = None
    certificates: tuple[str, ...] = ()
    hazards: tuple[str, ...] = ()
    hazard_notice: str = ""
    protection: str = ""
    heat_measures: str = ""
    insurance: InsuranceState | None = None
    juvenile_ok: bool = False
    relation: Relation = Relation.UNDECIDED
    valid_to: date | None = None
    remarks: str = ""
    contact_name: str = ""
    contact_phone: str = ""


@dataclass(frozen=True, slots=True)
class EmployerFacts:
    """What the checks need to know about the employer of a post."""

    kind: EmployerKind
    state: EmployerState
    credit: CreditState
    verified_until: date | None = None
    agency: bool = False
    dispatch: bool = False
    licence_no: str = ""
