"""What is kept of a guidance: as long as the agreement that follows it, else no longer than the person."""

from datetime import timedelta

import pytest

from db import archive
from db.actions.agreements import draft_agreement
from db.actions.guidance import give_guidance
from db.actions.retention import carry_out, try_run
from db.clock import at
from db.queries.agreements import opened_source
from db.queries.guidance import last_guidance, opened_answers, opened_guidance
from db.tables.agreements import Guidance
from db.tables.documents import Paper
from db.tables.referrals import Referral
from db.tables.seekers import Seeker
from rules.codes import AgreementType, PensionStatus, ReferralState
from rules.errors import RuleBroken
from rules.guidance.answers import Answers
from tests.cast import PEOPLE
from tests.web.conftest import MORNING

CHEN, OFFICER = PEOPLE["chen"], PEOPLE["zheng"]
GIVEN = {"status": "NONE", "managed": True}


async def anonymise(scene) -> None:
    await Referral.update({Referral.state: ReferralState.CANCELLED_BY_EMPLOYER.value}).where(Referral.id == scene.referral)
    await Seeker.update({Seeker.state: "CLOSED", Seeker.closed_at: MORNING}).where(Seeker.id == scene.seeker)
    with at(MORNING + timedelta(days=15)):
        await carry_out(await try_run(actor=OFFICER), actor=OFFICER)


async def test_a_guidance_without_an_agreement_goes_with_the_person(clerk, evening, quick_printer):
    given = await give_guidance(evening.referral, GIVEN, AgreementType.FIXED_TERM, "单位愿意签长期的", actor=CHEN)
    await clerk.fetches(f"/desk/guidance/{given.number}/record.pdf")
    paper = await Paper.select(Paper.archive_key, Paper.sha256).where(Paper.kind == "P26").first()
    await anonymise(evening)
    row = await Guidance.select().first()
    assert (row["answers"], row["override_reason"]) == ("", "")
    with pytest.raises(archive.ArchiveDamaged):
        await archive.opened(paper["archive_key"], paper["sha256"])
    assert "已按规定删除" in (await opened_guidance(given.id)).why
    assert await opened_answers(evening.referral) == Answers()


async def test_with_an_agreement_it_stays_as_long_as_that(evening):
    given = await give_guidance(evening.referral, GIVEN, AgreementType.PART_TIME, actor=CHEN)
    await draft_agreement(evening.referral, {}, kind=AgreementType.PART_TIME, guidance_id=given.id, actor=CHEN)
    await anonymise(evening)
    assert (await opened_guidance(given.id)).why


async def test_what_was_answered_counts_before_the_registration(sewing):
    assert (await opened_source(sewing.referral, number="", guide="")).pension is None
    await give_guidance(sewing.referral, {"pension": "YES", "status": "NONE"}, AgreementType.OVER_AGE, actor=CHEN)
    assert (await opened_source(sewing.referral, number="", guide="")).pension is PensionStatus.YES
    assert (await opened_source(sewing.referral, number="", guide="", guided=False)).pension is None


async def test_the_newest_guidance_counts_and_the_older_one_stays(evening):
    await give_guidance(evening.referral, GIVEN, AgreementType.PART_TIME, actor=CHEN)
    second = await give_guidance(evening.referral, {**GIVEN, "status": "EMPLOYED"}, AgreementType.PART_TIME, actor=CHEN)
    assert (await last_guidance(evening.referral))["number"] == second.number == "Y2612010002"
    assert (await opened_answers(evening.referral)).status.value == "EMPLOYED"
    assert await Guidance.count() == 2


async def test_a_refused_guidance_uses_no_number(evening):
    with pytest.raises(RuleBroken, match="还没有问完"):
        await give_guidance(evening.referral, {"status": "NONE"}, AgreementType.PART_TIME, actor=CHEN)
    assert (await give_guidance(evening.referral, GIVEN, AgreementType.PART_TIME, actor=CHEN)).number == "Y2612010001"


async def test_its_number_typed_at_the_desk_opens_it(evening, clerk, stranger):
    given = await give_guidance(evening.referral, GIVEN, AgreementType.PART_TIME, actor=CHEN)
    found = await clerk.reads(f"/desk/search?q={given.number}", status=303)
    assert found.headers["location"] == f"/desk/guidance/{given.number}"
    await stranger.reads(f"/desk/search?q={given.number}", status=422)
