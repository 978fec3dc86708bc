"""Recording starts: once per worker, post and day, and the last place is given once."""

import asyncio
import json
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from db.actions.placements import place
from db.clock import at
from db.queries.placements import years_of_stations
from db.tables.journal import JournalEntry
from db.tables.referrals import Placement, Referral
from rules.codes import ReferralState, StartEvidence
from rules.errors import RuleBroken
from tests.cast import PEOPLE, move_in
from tests.web.agreement_scene import places_of, put_scene, put_second, state_of

TODAY = date(2026, 12, 1)
CHEN = PEOPLE["chen"]
SLIP = StartEvidence.RETURN_SLIP


@pytest.fixture
async def house(database):
    with at(datetime(2026, 12, 1, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))):
        await move_in()
        yield


async def confirmed(**changes):
    return await put_scene(state=ReferralState.CONFIRMED, **changes)


async def start(referral: int, started_on: date = TODAY, evidence=SLIP, note: str = "回执已交回"):
    return await place(referral, evidence, started_on, note, actor=CHEN)


async def test_a_start_takes_the_place_and_ends_the_referral(house):
    scene = await confirmed()
    await start(scene.referral)
    assert await state_of(scene.referral) == "PLACED"
    assert await places_of(scene.job) == ("FILLED", 1)
    kinds = [row["kind"] for row in await JournalEntry.select(JournalEntry.kind).order_by(JournalEntry.seq)]
    assert {"PLACEMENT_STARTED", "REFERRAL_PLACED", "JOB_FILLED"} <= set(kinds)


async def test_the_journal_names_the_evidence_and_no_person(house):
    scene = await confirmed()
    await start(scene.referral)
    row = await JournalEntry.select(JournalEntry.body).where(JournalEntry.kind == "PLACEMENT_STARTED").first()
    body = json.loads(row["body"])
    assert body["particulars"] == {"evidence": "RETURN_SLIP", "referral": scene.number, "started_on": "2026-12-01"}


async def test_the_same_worker_post_and_day_counts_once(house):
    scene = await confirmed(headcount=3)
    await start(scene.referral)
    with pytest.raises(RuleBroken, match="只算一次"):
        await start(scene.referral)
    await Referral.insert(
        Referral(
            id=77,
            number="T26120100009",
            job=scene.job,
            seeker=scene.seeker,
            station=CHEN.station_id,
            created_by=CHEN.id,
            created_at=datetime(2026, 12, 1, 1, tzinfo=ZoneInfo("UTC")),
            state="CONFIRMED",
            warnings="[]",
            lapses_at=datetime(2026, 12, 2, 1, tzinfo=ZoneInfo("UTC")),
        )
    )
    with pytest.raises(RuleBroken, match="只算一次"):
        await start(77)
    assert await Placement.count() == 1
    assert await places_of(scene.job) == ("PUBLISHED", 1)
    years = await years_of_stations(CHEN.scope, 2026, 500)
    assert [(one.count, one.persons) for one in years] == [(1, 1)]


async def test_two_clerks_cannot_give_the_last_place_twice(house):
    first = await confirmed(headcount=1)
    second = await put_second(first, ReferralState.CONFIRMED)
    outcomes = await asyncio.gather(start(first.referral), start(second.referral), return_exceptions=True)
    refused = [each for each in outcomes if isinstance(each, RuleBroken)]
    assert len(refused) == 1, outcomes
    assert "名额已满" in refused[0].message
    assert await Placement.count() == 1
    assert await places_of(first.job) == ("FILLED", 1)


async def test_two_clicks_at_once_record_one_start(house):
    scene = await confirmed(headcount=2)
    outcomes = await asyncio.gather(start(scene.referral), start(scene.referral), return_exceptions=True)
    assert sum(isinstance(each, RuleBroken) for each in outcomes) == 1, outcomes
    assert await places_of(scene.job) == ("PUBLISHED", 1)


async def test_when_the_post_is_full_what_nobody_promised_ends(house):
    scene = await confirmed(headcount=1)
    waiting = await put_second(scene, ReferralState.WORKER_ACCEPTED)
    await start(scene.referral)
    assert await state_of(waiting.referral) == "SUPERSEDED"
    assert await JournalEntry.exists().where(JournalEntry.kind == "REFERRAL_SUPERSEDED", JournalEntry.subject_id == waiting.referral)


async def test_while_places_are_free_the_others_go_on(house):
    scene = await confirmed(headcount=2)
    waiting = await put_second(scene, ReferralState.WORKER_ACCEPTED)
    await start(scene.referral)
    assert await state_of(waiting.referral) == "WORKER_ACCEPTED"


@pytest.mark.parametrize("state", [ReferralState.EMPLOYER_ACCEPTED, ReferralState.PROPOSED, ReferralState.NO_SHOW])
async def test_nobody_starts_without_a_signed_agreement(house, state):
    scene = await put_scene(state=state)
    with pytest.raises(RuleBroken):
        await start(scene.referral)
    assert await Placement.count() == 0
    assert await places_of(scene.job) == ("PUBLISHED", 0)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"evidence": None}, "依据"),
        ({"started_on": date(2026, 12, 2)}, "不能晚于今天"),
        ({"started_on": date(2026, 11, 30)}, "早于推荐"),
        ({"evidence": StartEvidence.EMPLOYER_CONFIRMATION, "note": ""}, "谁"),
        ({"evidence": StartEvidence.SIGNED_AGREEMENT}, "签好的协议"),
    ],
)
async def test_a_refused_start_leaves_nothing_behind(house, changes, words):
    scene = await confirmed()
    with pytest.raises(RuleBroken, match=words):
        await start(scene.referral, **changes)
    assert await state_of(scene.referral) == "CONFIRMED"
    assert await places_of(scene.job) == ("PUBLISHED", 0)
    assert not await JournalEntry.exists().where(JournalEntry.kind == "PLACEMENT_STARTED")
