"""Posts and seekers of the domain reference's samples at 金银湖 station, ready to be brought together."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from db.actions.referrals import employer_accepts, propose, worker_accepts
from db.actions.seekers import SeekerRef, register_seeker
from db.tables.referrals import Referral
from rules.codes import CertificateType, ConsentMethod, IdType, JobState, PensionStatus
from rules.seekers import HeldCertificate, NewSeeker, slot_values
from tests.cast import LAKE, PEOPLE
from tests.rules.job_samples import terms_of
from tests.web.agreement_scene import put_terms
from tests.web.agreements.conftest import QuickPrinter
from tests.web.rows import put_job

CHEN = PEOPLE["chen"]
EVERY_SLOT = tuple(value for value, _ in slot_values())
FORKLIFT = HeldCertificate(CertificateType.FORKLIFT, "TS6LWUH0001", date(2028, 5, 31))

SEEKERS: dict[str, dict[str, Any]] = {
    "S01": {
        "name": "周水生",
        "id_number": "420199197803129017",
        "phone": "19900000101",
        "trades": ("C01", "C06"),
        "certificates": (FORKLIFT,),
    },
    "S03": {"name": "王德厚", "id_number": "420199196909189056", "phone": "19900000103", "trades": ("C01",), "pension": PensionStatus.NO},
    "S05": {
        "name": "刘小川",
        "id_number": "42019920091105909X",
        "phone": "19900000105",
        "trades": ("E01", "F02"),
        "guardian_name": "刘大川",
        "guardian_phone": "19900000195",
        "guardian_consent": True,
    },
    "S07": {"name": "孙玉兰", "id_number": "420199199002149121", "phone": "19900000107", "trades": ("C01",)},
    "S13": {
        "name": "马铁柱",
        "id_number": "420199198808089258",
        "phone": "19900000113",
        "trades": ("D07",),
        "certificates": (HeldCertificate(CertificateType.WELDING, "T420199", date(2026, 6, 30)),),
    },
}


async def put_sample(who: str, **changes: Any) -> SeekerRef:
    """Register one of the sample seekers at 金银湖 station."""
    facts: dict[str, Any] = {
        "id_type": IdType.RESIDENT,
        "subdistrict": "420112006",
        "community": "物流园社区",
        "slots": EVERY_SLOT,
        "consent_method": ConsentMethod.SIGNED_PAPER,
        **SEEKERS[who],
        **changes,
    }
    return await register_seeker(NewSeeker(**facts), actor=changes.get("actor", CHEN))


async def put_post(post_id: str, number: str = "G261201-010001", headcount: int = 1, **changes: Any) -> int:
    """One of the sample posts, published and verified at 金银湖 station."""
    terms = replace(terms_of(post_id, **changes), headcount=headcount)
    job = await put_job(
        number,
        LAKE,
        JobState.PUBLISHED,
        title=terms.title,
        trade=terms.trade,
        headcount=headcount,
        published_version=1,
        start_date=terms.start_date,
        end_date=terms.end_date,
        start_time=terms.start_time,
        end_time=terms.end_time,
        valid_to=date(2026, 12, 20),
        verified_on=date(2026, 12, 1),
    )
    await put_terms(job, terms)
    return job


async def put_accepted(job: int, seeker: int) -> int:
    """A referral both sides agreed to; its id."""
    ref = await propose(job, seeker, actor=CHEN)
    await worker_accepts(ref.id, method=ConsentMethod.SIGNED_PAPER, actor=CHEN)
    await employer_accepts(ref.id, "周经理", actor=CHEN)
    return ref.id


async def state_of(referral: int) -> str:
    return (await Referral.select(Referral.state).where(Referral.id == referral).first())["state"]


@pytest.fixture
async def moving_job(house: None) -> int:
    """装卸搬运, one day, one place (trade C01)."""
    return await put_post("J02", trade="C01", title="超市搬运工", start_date="2026-12-03", end_date="2026-12-03")


@pytest.fixture
async def mover(house: None) -> SeekerRef:
    """周水生, who wants to carry things and has a forklift licence."""
    return await put_sample("S01")


@pytest.fixture
async def proposed(clerk, moving_job: int, mover: SeekerRef) -> str:
    """周水生 proposed for the moving job by the clerk; the referral's address."""
    ref = await propose(moving_job, mover.id, actor=CHEN)
    return f"/desk/referrals/{ref.number}"


@pytest.fixture
def quick_printer(app, monkeypatch) -> QuickPrinter:
    """A printer that answers at once and remembers the papers."""
    printer = QuickPrinter()
    monkeypatch.setitem(app.litestar.state, "printer", printer)
    return printer
