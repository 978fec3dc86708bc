"""One referral both sides agreed to, with everything an agreement needs, at 金银湖 station."""

import json
from dataclasses import dataclass
from datetime import date, time

from db.clock import now
from db.ids import new_id
from db.tables.agreements import Guidance
from db.tables.employers import Employer
from db.tables.jobs import Job, JobVersion
from db.tables.referrals import Referral
from db.tables.seekers import Seeker
from db.vault import vault
from rules.codes import (
    AgreementType,
    EmployerKind,
    IdType,
    InsuranceState,
    JobState,
    PayBasis,
    PayMethod,
    PayUnit,
    ReferralState,
    SettleCycle,
)
from rules.jobs import terms_to_record
from rules.terms import JobTerms
from tests.cast import LAKE, PEOPLE
from tests.web.rows import put_employer, put_job, put_referral, put_seeker

SEALED = ("exact_address", "contact_name", "contact_phone", "pickup_place")
WORKER_ID, WORKER_PHONE = "420199197803129017", "19900000017"
CODE = "91420199MADXH0011F"

TERMS = JobTerms(
    title="仓库卸货",
    trade="C02",
    headcount=1,
    duties="卸货、码垛，每件不超过25公斤",
    subdistrict="420112015",
    landmark="宏图大道地铁站",
    exact_address="金银湖街道宏图大道18号3号库",
    start_date=date(2026, 12, 1),
    end_date=date(2026, 12, 3),
    start_time=time(8),
    end_time=time(17),
    break_minutes=60,
    pay_basis=PayBasis.TIME,
    pay_fen=22000,
    pay_unit=PayUnit.DAY,
    settle_cycle=SettleCycle.DAILY,
    pay_method=PayMethod.WECHAT,
    benefits=("LUNCH",),
    hazards=("LOAD",),
    hazard_notice="搬重物注意腰",
    protection="手套、护腰",
    insurance=InsuranceState.EMPLOYER_ACCIDENT,
    contact_name="周经理",
    contact_phone="13900000001",
)


@dataclass(frozen=True)
class Scene:
    """Ids and numbers of what was put in."""

    job: int
    seeker: int
    referral: int
    number: str


async def put_terms(job: int, terms: JobTerms) -> None:
    """Version 1 of the post, as it was typed."""
    record = terms_to_record(terms)
    sealed = {name: record.pop(name) for name in SEALED}
    version = JobVersion(
        job=job,
        number=1,
        terms=json.dumps(record, ensure_ascii=False),
        checks="[]",
        answers="{}",
        changed="[]",
        author=PEOPLE["chen"].id,
        created_at=now(),
    )
    for name, text in sealed.items():
        setattr(version, name, vault().seal(f"job_version.{name}", str(version.id), text))
    await JobVersion.insert(version)


async def put_worker(number: str = "Q26015000123", name: str = "李小明") -> int:
    """A worker with an ID number and a phone that open."""
    seeker = await put_seeker(number, name=name)
    await Seeker.update(
        {
            Seeker.id_number: vault().seal("seeker.id_number", str(seeker), WORKER_ID),
            Seeker.phone: vault().seal("seeker.phone", str(seeker), WORKER_PHONE),
            Seeker.birth_date: date(1978, 3, 12),
            Seeker.gender: "M",
            Seeker.community: "示范社区",
            Seeker.skills: "",
        }
    ).where(Seeker.id == seeker)
    return seeker


async def put_company(name: str = "武汉湖滨物流有限公司", kind: EmployerKind = EmployerKind.UNIT) -> int:
    """The employer of the station, with numbers that open."""
    employer = await put_employer()
    await Employer.update(
        {
            Employer.name: name,
            Employer.kind: kind.value,
            Employer.id_type: IdType.RESIDENT.value if kind is EmployerKind.INDIVIDUAL else "USCC",
            Employer.id_number: vault().seal("employer.id_number", str(employer), CODE),
            Employer.address: vault().seal("employer.address", str(employer), "武汉市东西湖区示范路8号"),
            Employer.phone: vault().seal("employer.phone", str(employer), "13900000002"),
            Employer.legal_representative: "周大海",
        }
    ).where(Employer.id == employer)
    return employer


async def put_scene(
    *,
    worker: str = "李小明",
    kind: EmployerKind = EmployerKind.UNIT,
    state: ReferralState = ReferralState.EMPLOYER_ACCEPTED,
    number: str = "T26120100001",
    headcount: int = 1,
    terms: JobTerms = TERMS,
) -> Scene:
    """Employer, published post, worker and referral in `state`."""
    await put_company(kind=kind)
    job = await put_job(
        "G261201-010001",
        headcount=headcount,
        title=terms.title,
        start_date=terms.start_date,
        end_date=terms.end_date,
        verified_on=date(2026, 12, 1),
        published_version=1,
        state=JobState.PUBLISHED,
    )
    await put_terms(job, terms)
    seeker = await put_worker(name=worker)
    referral = await put_referral(number, job, seeker, LAKE, state)
    return Scene(job, seeker, referral, number)


async def put_second(scene: Scene, state: ReferralState) -> Scene:
    """Another worker, referred to the same post."""
    seeker = await put_worker("Q26015000124", "赵大力")
    referral = await put_referral("T26120100002", scene.job, seeker, LAKE, state)
    return Scene(scene.job, seeker, referral, "T26120100002")


async def state_of(referral: int) -> str:
    """The stored state of a referral."""
    row = await Referral.select(Referral.state).where(Referral.id == referral).first()
    assert row
    return row["state"]


async def places_of(job: int) -> tuple[str, int]:
    """State and taken places of a post."""
    row = await Job.select(Job.state, Job.placed_count).where(Job.id == job).first()
    assert row
    return row["state"], row["placed_count"]


async def put_guidance(
    scene: Scene, kind: AgreementType = AgreementType.ONE_OFF_SERVICE, number: str = "Y2612010001", changed: dict | None = None
) -> str:
    """A guidance that chose this type for the scene's referral; gives the address of its draft."""
    return await put_guidance_of(scene.number, kind, number, changed)


async def put_guidance_of(
    referral: str, kind: AgreementType = AgreementType.ONE_OFF_SERVICE, number: str = "Y2612010001", changed: dict | None = None
) -> str:
    """The same for the referral with this number."""
    row = await Referral.select(Referral.id, Referral.station).where(Referral.number == referral).first()
    assert row
    guidance = new_id()
    said = {"answers": {}, "lines": [], "why": "", "notes": [], "warnings": [], "changed": changed or {}}
    await Guidance.insert(
        Guidance(
            id=guidance,
            number=number,
            referral=row["id"],
            station=row["station"],
            answers=vault().seal("guidance.answers", str(guidance), json.dumps(said)),
            proposed_type=kind.value,
            proposed_by_row=11,
            chosen_type=kind.value,
            given_by=PEOPLE["chen"].id,
            given_at=now(),
        )
    )
    return f"/desk/referrals/{referral}/agreement?guidance={number}"
