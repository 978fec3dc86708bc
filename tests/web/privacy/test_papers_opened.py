"""A paper with full data opened after its first day, or by somebody else than its maker, leaves a look; its maker's first day does not."""

from datetime import timedelta

import pytest

from db import archive
from db.actions.agreements import draft_agreement
from db.clock import at, now
from db.queries.reveals import looks_at
from db.tables.agreements import Agreement, SignedScan
from db.tables.documents import Paper
from db.tables.jobs import Job
from db.tables.journal import JournalEntry
from db.tables.referrals import Referral
from db.tables.seekers import Reveal
from rules.reveals import MOST_A_DAY
from tests.cast import LAKE, PEOPLE
from tests.web.agreement_scene import put_scene
from tests.web.conftest import MORNING

NUMBER = "XLW-2026-000001"


@pytest.fixture
async def file(desk, quick_printer) -> dict:
    """An agreement drafted by 陈小满 with its paper and a scan, beside the registrations; address → whose data."""
    await Job.update({Job.number: "G261201-010009"}).where(Job.id == desk.job)
    scene = await put_scene()
    await Referral.update({Referral.employer_answered_at: now()}).where(Referral.id == scene.referral)
    drafted = await draft_agreement(scene.referral, {}, actor=PEOPLE["chen"])
    assert drafted.number == NUMBER
    agreement = drafted.id
    chen = PEOPLE["chen"].id
    kept = await archive.keep(b"%PDF")
    await SignedScan.insert(
        SignedScan(
            agreement=agreement,
            media_type="application/pdf",
            size=4,
            sha256=kept.sha256,
            archive_key=kept.key,
            uploaded_by=chen,
            uploaded_at=now(),
        )
    )
    paper = Paper(
        number=NUMBER,
        kind="P9",
        subject="agreement",
        subject_id=agreement,
        station=LAKE,
        sha256=kept.sha256,
        archive_key=kept.key,
        issued_by=chen,
        issued_at=now(),
    )
    await Paper.insert(paper)
    scan = (await SignedScan.select(SignedScan.id).first())["id"]
    return {
        f"{desk.home}/form.pdf": ("seeker", desk.seeker),
        "/desk/jobs/G261201-010009/form.pdf": ("employer", desk.employer),
        f"/desk/referrals/{scene.number}/slip.pdf": ("seeker", scene.seeker),
        f"/desk/agreements/{NUMBER}/paper.pdf": ("seeker", scene.seeker),
        f"/desk/agreements/{NUMBER}/scans/{scan}": ("seeker", scene.seeker),
    }


async def revealed() -> int:
    return await JournalEntry.count().where(JournalEntry.kind == "REVEALED")


async def test_its_maker_works_with_it_on_the_first_day_without_a_look(clerk, file):
    for url in file:
        await clerk.fetches(url)
    assert await revealed() == 0


async def test_somebody_else_leaves_a_look_with_the_person_concerned_once_a_day(sit_down, file):
    reviewer = await sit_down("zhou")
    for done, (url, whose) in enumerate(file.items(), start=1):
        before = len(await looks_at(*whose))
        await reviewer.fetches(url)
        await reviewer.fetches(url)
        looks = await looks_at(*whose)
        assert len(looks) == before + 1, url
        assert looks[0]["who"] == "金银湖零工驿站 驿站工作人员 周*"
        assert looks[0]["purpose"].startswith("打开")
        assert await revealed() == done


async def test_on_the_next_day_its_maker_leaves_a_look_too(sit_down, file):
    with at(MORNING + timedelta(days=1)):
        clerk = await sit_down("chen")
        for done, url in enumerate(file, start=1):
            await clerk.fetches(url)
            assert await revealed() == done, url


async def test_the_page_of_an_agreement_is_a_look_and_the_lawyer_is_seen(lawyer, clerk, file):
    await clerk.reads(f"/desk/agreements/{NUMBER}")
    assert await revealed() == 0
    await lawyer.reads(f"/desk/agreements/{NUMBER}")
    await lawyer.reads(f"/desk/agreements/{NUMBER}")
    assert await revealed() == 1
    row = await Reveal.select(Reveal.account, Reveal.fields, Reveal.purpose).first()
    assert row == {"account": PEOPLE["luo"].id, "fields": "id_number,phone", "purpose": "PAPER"}
    assert await Agreement.count() == 1


async def test_papers_count_towards_the_days_limit(sit_down, file):
    chen = await sit_down("zhou")
    await Reveal.insert(
        *(
            Reveal(account=PEOPLE["zhou"].id, station=LAKE, subject="seeker", subject_id=n, purpose="PAPER", day=now().date(), at=now())
            for n in range(MOST_A_DAY)
        )
    )
    answer = await chen.client.get(next(iter(file)))
    assert answer.status_code == 422
    assert "已到200次" in answer.text
