"""Nobody is promised to two works at the same time, at whichever stations they are, and two stations cannot win at once."""

import asyncio
from dataclasses import replace
from datetime import date, time

import pytest

from db.actions.placements import end_placement, place
from db.actions.referrals import employer_accepts, move_on
from db.queries.placements import placement_of_referral
from db.tables.referrals import Placement, Referral
from rules.codes import EndedHow, JobState, ReferralState, StartEvidence
from rules.errors import RuleBroken
from rules.referrals import ReferralEvent
from tests.cast import LAKE, LING, PEOPLE
from tests.web.agreement_scene import TERMS, put_scene, put_terms, state_of
from tests.web.rows import put_job, put_referral

CHEN, LIN = PEOPLE["chen"], PEOPLE["lin"]


async def put_elsewhere(scene, terms=TERMS, state=ReferralState.WORKER_ACCEPTED) -> int:
    """The same person referred to a post of 走马岭 station; the referral's id."""
    job = await put_job(
        "G261201-060001",
        station=LING,
        headcount=1,
        title=terms.title,
        start_date=terms.start_date,
        end_date=terms.end_date,
        verified_on=date(2026, 12, 1),
        published_version=1,
        state=JobState.PUBLISHED,
    )
    await put_terms(job, terms)
    return await put_referral("T26120100009", job, scene.seeker, LING, state)


@pytest.fixture
async def asked_twice(house):
    """Somebody who said yes to posts of two stations for the same days."""
    scene = await put_scene(state=ReferralState.WORKER_ACCEPTED)
    return scene, await put_elsewhere(scene)


async def test_the_second_station_is_refused(asked_twice):
    scene, other = asked_twice
    await employer_accepts(scene.referral, "周经理", actor=CHEN)
    with pytest.raises(RuleBroken, match="已答应的工作时间冲突"):
        await employer_accepts(other, "张师傅", actor=LIN)
    assert await state_of(other) == "WORKER_ACCEPTED"


async def test_of_two_stations_at_the_same_instant_exactly_one_wins(asked_twice):
    scene, other = asked_twice
    answers = await asyncio.gather(
        employer_accepts(scene.referral, "周经理", actor=CHEN),
        employer_accepts(other, "张师傅", actor=LIN),
        return_exceptions=True,
    )
    refused = [each for each in answers if each is not None]
    assert len(refused) == 1
    assert isinstance(refused[0], RuleBroken)
    assert "冲突" in refused[0].message
    assert sorted([await state_of(scene.referral), await state_of(other)]) == ["EMPLOYER_ACCEPTED", "WORKER_ACCEPTED"]


async def test_work_at_another_time_of_the_day_is_no_conflict(house):
    scene = await put_scene(state=ReferralState.WORKER_ACCEPTED)
    other = await put_elsewhere(scene, replace(TERMS, start_time=time(18), end_time=time(22), break_minutes=0))
    await employer_accepts(scene.referral, "周经理", actor=CHEN)
    await employer_accepts(other, "张师傅", actor=LIN)
    assert await state_of(other) == "EMPLOYER_ACCEPTED"


async def test_who_left_early_may_work_elsewhere_on_the_days_that_are_left(house):
    scene = await put_scene(state=ReferralState.CONFIRMED)
    placement = await place(scene.referral, StartEvidence.RETURN_SLIP, date(2026, 12, 1), "回执", actor=CHEN)
    other = await put_elsewhere(scene)
    with pytest.raises(RuleBroken, match="冲突"):
        await employer_accepts(other, "张师傅", actor=LIN)
    await end_placement(placement, EndedHow.COMPLETED, date(2026, 12, 1), None, "一天就做完了", 480, None, None, None, actor=CHEN)
    await employer_accepts(other, "张师傅", actor=LIN)
    assert await state_of(other) == "EMPLOYER_ACCEPTED"


async def test_an_end_is_written_once_even_at_the_same_instant(house):
    scene = await put_scene(state=ReferralState.CONFIRMED)
    placement = await place(scene.referral, StartEvidence.RETURN_SLIP, date(2026, 12, 1), "回执", actor=CHEN)

    async def end(minutes: int):
        return await end_placement(placement, EndedHow.COMPLETED, date(2026, 12, 1), None, "", minutes, None, None, None, actor=CHEN)

    answers = await asyncio.gather(end(480), end(420), return_exceptions=True)
    assert sorted(isinstance(each, RuleBroken) for each in answers) == [False, True]
    row = await placement_of_referral(scene.referral)
    assert row["pay_due_fen"] == 22000


async def test_the_station_that_made_the_referral_gets_the_count(house):
    scene = await put_scene(state=ReferralState.CONFIRMED)
    await Referral.update({Referral.referred_by: LING}).where(Referral.id == scene.referral)
    await place(scene.referral, StartEvidence.RETURN_SLIP, date(2026, 12, 1), "回执", actor=LIN)
    row = await Placement.select(Placement.station, Placement.supplied_by).first()
    assert row == {"station": LING, "supplied_by": LAKE}


async def test_the_referring_station_writes_start_and_end_down(stranger, house):
    scene = await put_scene(state=ReferralState.CONFIRMED)
    start, end = f"/desk/referrals/{scene.number}/placement", f"/desk/referrals/{scene.number}/ending"
    await stranger.reads(start, status=404)
    await Referral.update({Referral.referred_by: LING}).where(Referral.id == scene.referral)
    await stranger.sends(start, page=start, evidence="RETURN_SLIP", note="")
    await stranger.sends(end, page=end, pay_due="220", hours="8", reason="只做了一天")
    assert await state_of(scene.referral) == "COMPLETED"


async def test_the_steps_after_the_end_follow_each_other(house):
    scene = await put_scene(state=ReferralState.PLACED)
    with pytest.raises(RuleBroken, match="不能作已回访"):
        await move_on(scene.referral, ReferralEvent.FOLLOWED_UP, actor=CHEN)
    for event in (ReferralEvent.COMPLETE, ReferralEvent.FOLLOW_UP, ReferralEvent.FOLLOWED_UP, ReferralEvent.EVALUATED):
        await move_on(scene.referral, event, actor=None)
    assert await state_of(scene.referral) == "EVALUATED"
    with pytest.raises(ValueError, match="START"):
        await move_on((await put_scene_again()), ReferralEvent.START, actor=CHEN)


async def put_scene_again() -> int:
    job = await put_job("G261201-010009", headcount=1)
    row = await Referral.select(Referral.seeker).first()
    return await put_referral("T26120100019", job, row["seeker"], LAKE, ReferralState.CONFIRMED)
