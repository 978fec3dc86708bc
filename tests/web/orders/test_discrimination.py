"""A reason that discriminates: refused with marks, put before the manager, and the employer is on watch until the manager lifts it."""

import pytest

from db.actions.referrals import note_discrimination, worker_accepts
from db.tables.accounts import Alert
from db.tables.employers import Employer, EmployerDecision
from db.tables.journal import JournalEntry
from db.tables.referrals import Referral
from rules.codes import ConsentMethod
from tests.cast import LAKE
from tests.web.referrals.conftest import CHEN, mover, moving_job, proposed

__all__ = ["mover", "moving_job", "proposed"]

SAID = {"answer": "no", "employer_reason": "OTHER", "employer_note": "只要男的，女的不要"}


@pytest.fixture
async def asked(proposed) -> str:
    """The worker said yes; the employer is asked. The referral's address."""
    row = await Referral.select(Referral.id).first()
    await worker_accepts(row["id"], method=ConsentMethod.SIGNED_PAPER, actor=CHEN)
    return proposed


async def credit() -> str:
    return (await Employer.select(Employer.credit).first())["credit"]


async def test_the_reason_is_refused_the_manager_told_and_the_employer_watched(clerk, manager, asked):
    page = await clerk.sends(f"{asked}/employer-answer", page=asked, status=422, **SAID)
    assert "歧视" in page.words(".problems")
    assert page.select_one("#employer_note")["value"] == SAID["employer_note"]
    assert page.select("mark")
    assert await credit() == "WATCH"
    assert await Alert.select(Alert.kind, Alert.station, Alert.subject) == [
        {"kind": "DISCRIMINATION", "station": LAKE, "subject": "employer"}
    ]
    entry = await JournalEntry.select(JournalEntry.signed_name).where(JournalEntry.kind == "EMPLOYER_WATCHED").first()
    assert entry["signed_name"] == "系统"
    employer = (await Employer.select(Employer.id).first())["id"]
    page = await manager.reads("/desk/alerts")
    assert "雇主不用人的理由涉嫌歧视" in page.words("main")
    assert page.select_one(f'a[href="/desk/employers/{employer}"]')
    page = await manager.reads(f"/desk/employers/{employer}")
    assert "列为重点关注 系统" in page.words("main")
    assert "《就业促进法》第三条" in page.words("main")


async def test_said_again_it_changes_nothing_more(clerk, asked):
    for _ in range(2):
        await clerk.sends(f"{asked}/employer-answer", page=asked, status=422, **SAID)
    assert await Alert.count() == 1
    assert await EmployerDecision.count().where(EmployerDecision.decision == "WATCH") == 1
    assert await JournalEntry.count().where(JournalEntry.kind == "EMPLOYER_WATCHED") == 1


async def test_the_manager_lifts_the_watch_and_the_next_time_counts_again(clerk, manager, asked):
    await clerk.sends(f"{asked}/employer-answer", page=asked, status=422, **SAID)
    employer = (await Employer.select(Employer.id).first())["id"]
    page = f"/desk/employers/{employer}"
    await clerk.sends(f"{page}/credit", status=403, credit="NORMAL", reason="已经谈过话，雇主保证改正")
    await manager.sends(f"{page}/credit", page=page, credit="NORMAL", reason="已经谈过话，雇主保证改正")
    assert await credit() == "NORMAL"
    await clerk.sends(f"{asked}/employer-answer", page=asked, status=422, **SAID)
    assert await credit() == "WATCH"


async def test_a_lawful_reason_leaves_no_mark_on_the_employer(clerk, asked):
    row = await Referral.select(Referral.id).first()
    await note_discrimination(row["id"], "没开过叉车", actor=CHEN)
    await clerk.sends(f"{asked}/employer-answer", page=asked, answer="no", employer_reason="SKILL", employer_note="没开过叉车")
    assert await credit() == "NORMAL"
    assert await Alert.count() == 0
