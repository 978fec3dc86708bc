"""Rows put straight into the tables, for pages that only look at what other rooms wrote."""

from datetime import date, timedelta

from db.clock import now
from db.search import index_name
from db.tables.agreements import Agreement
from db.tables.employers import Employer
from db.tables.jobs import Job
from db.tables.referrals import Placement, Referral
from db.tables.seekers import Seeker
from db.tables.stations import RuleBoard
from db.vault import vault
from rules.codes import AgreementState, JobState, ReferralState
from tests.cast import LAKE, PEOPLE

TODAY = date(2026, 12, 1)


async def put_employer(station: int = LAKE) -> int:
    """The one employer of a station; its id."""
    row = await Employer.select(Employer.id).where(Employer.station == station).first()
    if row:
        return row["id"]
    employer = Employer(
        station=station,
        kind="UNIT",
        name="武汉湖滨物流有限公司",
        id_type="USCC",
        id_index=f"employer-of-{station}",
        phone_index=f"phone-of-{station}",
        id_warning="",
        legal_representative="",
        agent_name="",
        authorisation="",
        industry="物流",
        licence_no="",
        state="VERIFIED",
        credit="NORMAL",
        credit_reason="",
        created_by=PEOPLE["chen"].id,
        created_at=now(),
    )
    for column in ("id_number", "address", "phone"):
        setattr(employer, column, vault().seal(f"employer.{column}", str(employer.id), "x"))
    await Employer.insert(employer)
    return employer.id


async def put_job(number: str, station: int = LAKE, state: JobState = JobState.PUBLISHED, **columns: object) -> int:
    """A post with this number; its id."""
    facts: dict = {
        "title": "卸货工",
        "trade": "C02",
        "subdistrict": "420112015",
        "landmark": "宏图大道",
        "headcount": 3,
        "pay_fen": 22000,
        "pay_unit": "DAY",
        "settle_cycle": "DAILY",
        "benefits": "",
        "certificates": "",
        "employer_label": "武汉某物流公司",
        "start_date": TODAY,
        "end_date": TODAY,
        "valid_to": TODAY,
        "submitted_at": now(),
        "changed_at": now(),
        "created_at": now(),
    }
    job = Job(
        number=number,
        station=station,
        employer=await put_employer(station),
        author=PEOPLE["chen"].id,
        source="COUNTER",
        state=state.value,
        **{**facts, **columns},
    )
    await Job.insert(job)
    return job.id


async def put_seeker(number: str = "Q26015000123", station: int = LAKE, name: str = "王小明") -> int:
    """A seeker with this number; the id."""
    seeker = Seeker(
        number=number,
        station=station,
        name=name,
        id_type="01",
        id_index=f"id-of-{number}",
        birth_date=date(1990, 1, 1),
        phone_index=f"phone-of-{number}",
        phone_tail="",
        subdistrict="420112015",
        community="",
        skills="[]",
        availability="",
        state="ACTIVE",
        confirmed_on=TODAY,
        created_by=PEOPLE["chen"].id,
        created_at=now(),
    )
    for column in ("id_number", "phone"):
        setattr(seeker, column, vault().seal(f"seeker.{column}", str(seeker.id), "x"))
    await Seeker.insert(seeker)
    await index_name(seeker.id, name, station)
    return seeker.id


async def put_referral(number: str, job: int, seeker: int, station: int = LAKE, state: ReferralState = ReferralState.PROPOSED) -> int:
    """A referral with this number; its id."""
    referral = Referral(
        number=number,
        job=job,
        seeker=seeker,
        station=station,
        created_by=PEOPLE["chen"].id,
        created_at=now(),
        state=state.value,
        warnings="[]",
        lapses_at=now() + timedelta(hours=24),
    )
    await Referral.insert(referral)
    return referral.id


async def put_placement(referral: int, job: int, seeker: int, station: int = LAKE, started_on: date = TODAY) -> int:
    """A worker who started; the id."""
    placement = Placement(
        referral=referral,
        job=job,
        seeker=seeker,
        station=station,
        started_on=started_on,
        evidence="RETURN_SLIP",
        evidence_note="",
        recorded_by=PEOPLE["chen"].id,
        recorded_at=now(),
    )
    await Placement.insert(placement)
    return placement.id


async def put_agreement(number: str, referral: int, station: int = LAKE, state: AgreementState = AgreementState.PRINTED) -> int:
    """An agreement with this number; its id."""
    agreement = Agreement(
        number=number,
        type="ONE_OFF_SERVICE",
        referral=referral,
        station=station,
        state=state.value,
        template_version="A-2026-11",
        drafted_by=PEOPLE["chen"].id,
        created_at=now(),
        changed_at=now(),
        printed_at=now(),
    )
    agreement.values = vault().seal("agreement.values", str(agreement.id), "{}")
    await Agreement.insert(agreement)
    return agreement.id


async def put_version(version: int, day: date, kind: str = "hygiene", station: int = LAKE) -> None:
    """A version of a rule board in force from `day`."""
    await RuleBoard.insert(
        RuleBoard(
            station=station,
            kind=kind,
            version=version,
            lines=f"第{version}种写法。\n每天打扫。\n保持通风。",
            effective_from=day,
            edited_by="吴站长",
            created_at=now(),
        )
    )
