"""招工用工登记表 (P4, domain reference 12.1): what the printed form says of one version of an order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta, timezone
from typing import Any

from rules.codes import (
    Benefit,
    EmployerKind,
    IdType,
    InsuranceState,
    Labelled,
    PayBasis,
    PayMethod,
    SettleCycle,
    VerifyMethod,
)
from rules.documents import JobOrderForm, StationImprint, ticks
from rules.employers import CREDIT_CODE
from rules.masking import public_place
from rules.order_text import day_text, field_text
from rules.pay import pay_text
from rules.schedule import shift_of
from rules.terms import JobTerms

_CHINA = timezone(timedelta(hours=8))
AUTHORISATIONS = [("own", "法定代表人本人经办"), ("agent", "有授权委托书"), ("household", "个人雇主，不需要")]
"""授权委托 as the form asks for it: value and label."""

_NOTHING = "无"


def _joined(*parts: str) -> str:
    """The parts that say something, as one text: each without its own full stop."""
    return "；".join(part.strip().rstrip("。；") for part in parts if part.strip())


def _chosen(value: Labelled | None) -> tuple[str, ...]:
    return (value.value,) if value is not None else ()


def job_order_form(
    station: StationImprint,
    employer: Mapping[str, Any],
    job: Mapping[str, Any],
    version: Mapping[str, Any],
    terms: JobTerms,
    *,
    verify_url: str = "",
) -> JobOrderForm:
    """The form of one version; `employer` carries the plain number, address and phone, `terms` the plain contact.

    What nobody registered reads 无 or 不需要: the form is signed, so it leaves no box to be filled in afterwards.
    """
    unit = employer["kind"] == EmployerKind.UNIT.value
    return JobOrderForm(
        station=station,
        number=job["number"],
        created=version["created_at"],
        version=version["number"],
        employer_kinds=ticks(EmployerKind.choices(), (employer["kind"],)),
        employer_name=employer["name"],
        id_type="统一社会信用代码" if employer["id_type"] == CREDIT_CODE else IdType.label_of(employer["id_type"]),
        id_number=employer["id_number"],
        employer_address=employer["address"],
        legal_representative=employer["legal_representative"] if unit else "不适用",
        agent=employer["agent_name"],
        agent_phone=employer["phone"],
        authorisation=ticks(AUTHORISATIONS, (_authorised(unit, employer["authorisation"]),)),
        title=terms.title,
        trade=f"{field_text(terms, 'trade')}（{terms.trade}）" if terms.trade else "",
        headcount=field_text(terms, "headcount"),
        duties=terms.duties,
        requirements=terms.requirements or "没有特别要求",
        exact_place=_exact_place(terms),
        public_place=public_place(field_text(terms, "subdistrict"), terms.landmark),
        period=_period(terms),
        hours=_hours(terms),
        breaks=_breaks(terms),
        pay_basis=ticks(PayBasis.choices(), _chosen(terms.pay_basis)),
        pay=pay_text(terms),
        settlement=ticks(SettleCycle.choices(), _chosen(terms.settle_cycle)),
        pay_method=ticks(PayMethod.choices(), _chosen(terms.pay_method)),
        benefits=ticks(Benefit.choices(), terms.benefits),
        certificates=field_text(terms, "certificates") or "不需要",
        hazards=_joined(field_text(terms, "hazards"), terms.hazard_notice) or _NOTHING,
        protection=_joined(terms.protection, terms.heat_measures) or _NOTHING,
        insurance=ticks(InsuranceState.choices(), _chosen(terms.insurance)),
        juvenile=ticks([("yes", "可以"), ("no", "不可以")], ("yes" if terms.juvenile_ok else "no",)),
        valid_to=day_text(terms.valid_to) if terms.valid_to else "",
        remarks=_joined(terms.overtime_terms, terms.remarks) or _NOTHING,
        registrar=version["author_name"],
        registered_on=day_text(version["created_at"].astimezone(_CHINA).date()),
        verification=ticks(VerifyMethod.choices(), (job["verify_method"],) if job["verify_method"] else ()),
        verifier=job["verified_by"] or "",
        verified_on=day_text(job["verified_on"]) if job["verified_on"] else "",
        verify_url=verify_url,
    )


def _authorised(unit: bool, authorisation: str) -> str:
    if not unit:
        return "household"
    return "agent" if authorisation else "own"


def _exact_place(terms: JobTerms) -> str:
    pickup = ""
    if terms.pickup_place:
        at = f"{terms.pickup_time:%H:%M}" if terms.pickup_time else ""
        pickup = f"接送：{at}{terms.pickup_place}"
    contact = f"联系人：{terms.contact_name} {terms.contact_phone}".rstrip()
    return _joined(terms.exact_address, pickup, contact)


def _period(terms: JobTerms) -> str:
    if terms.start_date is None:
        return ""
    if terms.end_date is None or terms.end_date == terms.start_date:
        return day_text(terms.start_date)
    return f"{day_text(terms.start_date)}至{day_text(terms.end_date)}"


def _hours(terms: JobTerms) -> str:
    shift = shift_of(terms)
    return shift.label() if shift else ("住家" if terms.live_in else "")


def _breaks(terms: JobTerms) -> str:
    parts = [f"每周{terms.weekly_days}天"] if terms.weekly_days else []
    if terms.break_minutes:
        parts.append(f"休息{terms.break_minutes}分钟")
    return "，".join(parts)
