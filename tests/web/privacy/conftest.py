"""A seeker, an employer and its order at 金银湖 station, registered by 陈小满 through the actions."""

from dataclasses import dataclass
from datetime import date

import pytest

from db.actions.employers import register_employer, verify_employer
from db.actions.jobs import draft_job
from db.actions.seekers import register_seeker
from db.clock import now
from db.tables.accounts import Session
from rules.codes import CertificateType, ConsentMethod, IdType, PostSource, VerifyMethod
from rules.seekers import HeldCertificate, NewSeeker
from tests.cast import PEOPLE
from tests.web.agreements.conftest import QuickPrinter
from tests.web.posts_scene import TERMS, UNIT
from tests.web.security.scene import EVERY_SLOT

ID_NUMBER, PHONE, CERTIFICATE = "420199197803129017", "19900000101", "TS6LWUH0001"


@dataclass(frozen=True)
class Desk:
    """Ids and numbers of what was put in."""

    seeker: int
    number: str
    employer: int
    job: int
    job_number: str

    @property
    def home(self) -> str:
        """The seeker's page."""
        return f"/desk/seekers/{self.number}"


def zhou(**changes) -> NewSeeker:
    """周水生 of the domain reference (S01)."""
    facts = {
        "name": "周水生",
        "id_type": IdType.RESIDENT,
        "id_number": ID_NUMBER,
        "phone": PHONE,
        "subdistrict": "420112015",
        "community": "物流园社区",
        "trades": ("C01",),
        "slots": EVERY_SLOT,
        "consent_method": ConsentMethod.SIGNED_PAPER,
        "certificates": (HeldCertificate(CertificateType.FORKLIFT, CERTIFICATE, date(2028, 5, 31)),),
    }
    return NewSeeker(**{**facts, **changes})


@pytest.fixture
async def sit_down(sit_down):
    """Everybody here has given the password a moment ago, except where a test takes that back."""

    async def sit(login):
        visitor = await sit_down(login)
        if visitor.account is not None:
            await Session.update({Session.confirmed_at: now()}).where(Session.account == visitor.account.id)
        return visitor

    return sit


@pytest.fixture
async def desk(house) -> Desk:
    """The records, made on the test morning."""
    chen = PEOPLE["chen"]
    seeker = await register_seeker(zhou(), actor=chen)
    employer = await register_employer(UNIT, actor=chen)
    await verify_employer(employer, VerifyMethod.DOCUMENT, actor=chen)
    job = await draft_job(employer, TERMS, source=PostSource.COUNTER, actor=chen)
    return Desk(seeker.id, seeker.number, employer, job.id, job.number)


@pytest.fixture
def quick_printer(app, monkeypatch) -> QuickPrinter:
    """A printer that answers at once and remembers the papers."""
    printer = QuickPrinter()
    monkeypatch.setitem(app.litestar.state, "printer", printer)
    return printer
