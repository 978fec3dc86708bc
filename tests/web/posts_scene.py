"""Employers and posts made through the actions, for the tests of the rooms employers, jobs and reviews."""

from dataclasses import replace
from datetime import date, time
from typing import Any

from db.actions.employers import register_employer, verify_employer
from db.actions.jobs import (
    JobRef,
    approve_job,
    draft_job,
    publish_job,
    submit_job,
    take_review,
    verify_job,
)
from rules.codes import (
    EmployerKind,
    InsuranceState,
    PayBasis,
    PayMethod,
    PayUnit,
    PostSource,
    SettleCycle,
    VerifyMethod,
)
from rules.employers import NewEmployer
from rules.terms import JobTerms
from tests.cast import PEOPLE

CODE, OTHER_CODE, BAD_CODE = "91420112MA4K000018", "91420112MA4K00002B", "91420112MA4K000010"
"""Two credit codes that pass the check, one that does not."""

PERSON = "11010519491231002X"

UNIT = NewEmployer(
    kind=EmployerKind.UNIT,
    name="武汉湖畔物流有限公司",
    id_type="",
    id_number=CODE,
    address="宏图大道18号3号库",
    legal_representative="刘大海",
    agent_name="周晓明",
    phone="13900000001",
    authorisation="授权委托书原件已核对",
    industry="物流",
)

TERMS = JobTerms(
    title="快递分拣日结",
    trade="C03",
    headcount=5,
    duties="分拣包裹，按片区放好，最重不超过15公斤。",
    subdistrict="420112015",
    landmark="宏图大道地铁站",
    exact_address="宏图大道18号3号库2楼",
    start_date=date(2026, 12, 3),
    end_date=date(2026, 12, 4),
    start_time=time(8),
    end_time=time(17, 30),
    break_minutes=90,
    pay_basis=PayBasis.TIME,
    pay_fen=22000,
    pay_unit=PayUnit.DAY,
    settle_cycle=SettleCycle.DAILY,
    pay_method=PayMethod.CASH,
    benefits=("LUNCH",),
    insurance=InsuranceState.EMPLOYER_ACCIDENT,
    valid_to=date(2026, 12, 20),
    contact_name="周晓明",
    contact_phone="13900000001",
)

FORM: dict[str, Any] = {
    "title": "快递分拣日结",
    "trade": "C03",
    "headcount": "5",
    "relation": "UNDECIDED",
    "source": "COUNTER",
    "duties": "分拣包裹，按片区放好，最重不超过15公斤。",
    "requirements": "",
    "subdistrict": "420112015",
    "landmark": "宏图大道地铁站",
    "exact_address": "宏图大道18号3号库2楼",
    "contact_name": "周晓明",
    "contact_phone": "139 0000 0001",
    "start_date": "2026-12-03",
    "end_date": "2026-12-04",
    "start_time": "8:00",
    "end_time": "17:30",
    "break_minutes": "90",
    "weekly_days": "",
    "valid_to": "2026-12-20",
    "pay_basis": "TIME",
    "pay_fen": "220",
    "pay_unit": "DAY",
    "output_per_hour_milli": "",
    "settle_cycle": "DAILY",
    "pay_method": "CASH",
    "insurance": "EMPLOYER_ACCIDENT",
    "benefits": ["LUNCH"],
    "pickup_place": "",
    "pickup_time": "",
    "hazard_notice": "",
    "protection": "",
    "heat_measures": "",
    "overtime_terms": "",
    "remarks": "",
    "juvenile_ok": "no",
    "promise": "y",
}
"""The registration form as 小陈 fills it."""


async def put_employer(*, verified: bool = True, who: str = "chen", **changes: Any) -> int:
    """A unit employer at the station of `who`."""
    id = await register_employer(replace(UNIT, **changes), actor=PEOPLE[who])
    if verified:
        await verify_employer(id, VerifyMethod.DOCUMENT, actor=PEOPLE[who])
    return id


async def put_draft(*, employer: int | None = None, who: str = "chen", **changes: Any) -> JobRef:
    """A draft registered by `who`, of an employer that is made when none is given."""
    employer = employer or await put_employer(who=who)
    return await draft_job(employer, replace(TERMS, **changes), source=PostSource.COUNTER, actor=PEOPLE[who])


async def put_submitted(*, answers: dict[str, str] | None = None, **changes: Any) -> JobRef:
    """A post of 小陈 that waits for its review."""
    ref = await put_draft(**changes)
    await submit_job(ref.id, answers or {}, actor=PEOPLE["chen"])
    return ref


async def put_in_review(**changes: Any) -> JobRef:
    """A post of 小陈 in the hands of 老周, verified by telephone."""
    ref = await put_submitted(**changes)
    await verify_job(ref.id, VerifyMethod.PHONE, actor=PEOPLE["chen"])
    await take_review(ref.id, actor=PEOPLE["zhou"])
    return ref


async def put_published(**changes: Any) -> JobRef:
    """A post of 小陈 that 老周 approved and published."""
    ref = await put_in_review(**changes)
    await approve_job(ref.id, set(), actor=PEOPLE["zhou"])
    await publish_job(ref.id, ("WEBSITE", "SCREEN"), actor=PEOPLE["zhou"])
    return ref
