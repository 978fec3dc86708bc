"""One afternoon at the station with a record in every state, and saves that are rehearsed: done, then undone."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from db import archive
from db.actions.agreements import attach_scan, mark_printed
from db.actions.jobs import take_review, verify_job
from db.actions.referrals import employer_accepts, propose, worker_accepts
from db.queries.agreements import agreement_of_referral
from db.tables.agreements import Agreement
from db.transaction import transact
from rules.codes import ConsentMethod, VerifyMethod
from tests.cast import PEOPLE
from tests.visitor import Visitor
from tests.web.agreement_scene import put_guidance_of
from tests.web.agreements.conftest import QuickPrinter, blank_pdf
from tests.web.posts_scene import OTHER_CODE, put_draft, put_employer, put_in_review, put_published, put_submitted
from tests.web.referrals.conftest import put_sample
from web.boards import SHEETS
from web.documents.renderer import Printer

CHEN, ZHOU, WU = PEOPLE["chen"], PEOPLE["zhou"], PEOPLE["wu"]


class Rehearsed(Exception):
    """Everything was written; now undo it."""


async def rehearse(save: Callable[[], Awaitable[Any]]) -> Any:
    """Run a save inside its transaction to the last statement, undo it, and answer as if it had been kept."""
    answers = []

    async def once() -> None:
        answers.append(await save())
        raise Rehearsed

    try:
        await transact(once)
    except Rehearsed:
        return answers[-1]


@dataclass(frozen=True)
class Desk:
    """Numbers and ids of what lies on the desk."""

    employer: int
    unverified: int
    draft: str
    asking: str
    blocked: str
    submitted: str
    in_review: str
    approved: str
    published: str
    proposed: str
    worker_yes: str
    both_yes: str
    confirmed: str
    drafted: str
    printed: str
    signed: str
    seeker: str


@pytest.fixture
def quick_printer(app, monkeypatch) -> QuickPrinter:
    """A printer that answers at once."""
    printer = QuickPrinter()
    monkeypatch.setitem(app.litestar.state, "printer", printer)
    SHEETS.forget()
    return printer


@pytest.fixture
async def real_printer(app, monkeypatch) -> AsyncIterator[Printer]:
    """A printer that prints; ask for it after `desk`."""
    printer = Printer(workers=1)
    monkeypatch.setitem(app.litestar.state, "printer", printer)
    await printer.start()
    yield printer
    await printer.stop()


GUIDED = "Y2612019999"
"""The guidance of the referral that both said yes to."""


@pytest.fixture
async def rehearsed(monkeypatch) -> None:
    """Accepted forms change nothing, so that one scene serves the whole sweep."""
    monkeypatch.setattr("web.submission.transact", rehearse)


async def _accepted(job: int, seeker: int) -> tuple[int, str]:
    ref = await propose(job, seeker, actor=CHEN)
    await worker_accepts(ref.id, method=ConsentMethod.SIGNED_PAPER, actor=CHEN)
    await employer_accepts(ref.id, "周经理", actor=CHEN)
    return ref.id, ref.number


async def _agreement(clerk: Visitor, referral: tuple[int, str]) -> dict[str, Any]:
    new = await put_guidance_of(referral[1], number=f"Y{referral[1][1:7]}{referral[1][-4:]}")
    await clerk.sends(new, page=new)
    row = await agreement_of_referral(referral[0])
    assert row
    return row


async def _printed(agreement: dict[str, Any], copy: int) -> None:
    row = await Agreement.select(Agreement.id, Agreement.changed_at).where(Agreement.number == agreement["number"]).first()
    kept = await archive.keep(blank_pdf() + f"%{copy}".encode())
    await mark_printed(row["id"], snapshot="{}", kept=kept, drafted_at=row["changed_at"], actor=CHEN)


@pytest.fixture
async def desk(clerk: Visitor, quick_printer: QuickPrinter) -> Desk:
    """Posts, people, referrals and agreements in every state a form starts from."""
    employer = await put_employer()
    unverified = await put_employer(verified=False, name="武汉市示范搬运有限公司", id_number=OTHER_CODE, phone="13900000003")
    post: dict[str, Any] = {"employer": employer}
    draft = await put_draft(**post, title="分拣甲")
    asking = await put_draft(**post, title="护工", duties="照顾卧床奶奶，找女护工，每天帮忙翻身擦洗。")
    blocked = await put_draft(**post, title="分拣乙", duties="分拣包裹，限男性，按片区放好，最重15公斤。")
    submitted = await put_submitted(**post, title="分拣丙", landmark="吴家山")
    in_review = await put_submitted(**post, title="分拣丁", landmark="走马岭")
    await verify_job(in_review.id, VerifyMethod.PHONE, actor=CHEN)
    await take_review(in_review.id, actor=WU)
    approved = await put_approved(**post, title="分拣戊", landmark="将军路")
    first = await put_published(**post, title="分拣己", landmark="新沟镇", trade="C01")
    second = await put_published(
        **post, title="分拣庚", landmark="柏泉", trade="C01", start_date=date(2026, 12, 7), end_date=date(2026, 12, 8)
    )
    seekers = [await put_sample(who) for who in ("S01", "S03", "S07")]
    asked = await propose(first.id, seekers[0].id, actor=CHEN)
    told = await propose(first.id, seekers[1].id, actor=CHEN)
    await worker_accepts(told.id, method=ConsentMethod.SIGNED_PAPER, actor=CHEN)
    both = await _accepted(first.id, seekers[2].id)
    await put_guidance_of(both[1], number=GUIDED)
    late = [await _accepted(second.id, seeker.id) for seeker in seekers]
    drafted, printed, signed = [await _agreement(clerk, each) for each in late]
    await _printed(printed, 1)
    await _printed(signed, 2)
    await attach_scan(signed["id"], blank_pdf(), "signed.pdf", actor=CHEN)
    return Desk(
        employer,
        unverified,
        draft.number,
        asking.number,
        blocked.number,
        submitted.number,
        in_review.number,
        approved,
        first.number,
        asked.number,
        told.number,
        both[1],
        late[2][1],
        drafted["number"],
        printed["number"],
        signed["number"],
        seekers[0].number,
    )


async def put_approved(**changes: Any) -> str:
    """A post of 小陈 that 老周 approved and nobody has published."""
    from db.actions.jobs import approve_job

    ref = await put_in_review(**changes)
    await approve_job(ref.id, set(), actor=ZHOU)
    return ref.number
