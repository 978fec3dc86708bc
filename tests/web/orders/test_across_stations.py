"""The station that took an order speaks with its employer and gives its places; the district says who is whose neighbour (art. 10)."""

from datetime import timedelta

import pytest

from db.actions import orders as actions
from db.actions.referrals import employer_accepts, propose, worker_accepts
from db.clock import at, now
from db.queries.orders import neighbours_of, ringing_at, station_taking
from db.tables.accounts import Session
from db.tables.jobs import Job
from db.tables.journal import JournalEntry
from db.tables.orders import Neighbour
from db.tables.referrals import Referral
from rules.codes import ConsentMethod, OrderShortfall
from rules.errors import RuleBroken
from tests.cast import LAKE, LING, PEOPLE
from tests.web.conftest import MORNING
from tests.web.orders.conftest import NEAR
from tests.web.pool.test_pool import person
from tests.web.rows import put_job

CHEN, LIN = PEOPLE["chen"], PEOPLE["lin"]
LATER = MORNING + timedelta(hours=3)
HOME = "/supervision/neighbours"
LAKE_CODE, LING_CODE = "ZD-420112015-01", "ZD-420112006-01"


async def job_of(number: str) -> int:
    return (await Job.select(Job.id).where(Job.number == number).first())["id"]


async def test_the_station_that_took_the_order_writes_down_the_employers_answer(sit_down, demand):
    job = await job_of(demand)
    with at(LATER):
        worker = await person("lin")
        ref = await propose(job, worker["id"], actor=LIN)
        await worker_accepts(ref.id, method=ConsentMethod.SIGNED_PAPER, actor=LIN)
        with pytest.raises(RuleBroken, match="由那个驿站答复"):
            await employer_accepts(ref.id, "周经理", actor=LIN)
        await actions.take_order(job, actor=LIN)
        lin, home = await sit_down("lin"), f"/desk/referrals/{ref.number}"
        page = await lin.reads(home)
        assert page.select_one(f'form[action="{home}/employer-answer"]')
        await lin.sends(f"{home}/employer-answer", answer="yes", answered_by="周经理")
    row = await Referral.select(Referral.state, Referral.station).first()
    assert row == {"state": "EMPLOYER_ACCEPTED", "station": LAKE}


async def test_done_it_still_answers_handed_back_it_does_not(demand):
    job = await job_of(demand)
    with at(LATER):
        worker = await person("lin")
        ref = await propose(job, worker["id"], actor=LIN)
        await worker_accepts(ref.id, method=ConsentMethod.SIGNED_PAPER, actor=LIN)
        await actions.take_order(job, actor=LIN)
        await actions.handle_order(job, OrderShortfall.LATER, actor=LIN)
        assert await station_taking(job) == LING
        await actions.take_order(job, actor=LIN)
        await actions.hand_back(job, "本站没有合适的人了", actor=LIN)
        await actions.take_order(job, actor=CHEN)
        assert await station_taking(job) == LAKE
        with pytest.raises(RuleBroken, match="由那个驿站答复"):
            await employer_accepts(ref.id, "周经理", actor=LIN)
        await employer_accepts(ref.id, "周经理", actor=CHEN)


async def test_who_took_the_order_may_propose_anybody_of_the_district(near, sit_down, demand):
    job = await job_of(demand)
    with at(LATER):
        worker = await person("chen")
        third = await put_job("G261201-150077", NEAR, published_version=1)
        with pytest.raises(RuleBroken, match="没有找到这位求职者"):
            await propose(third, worker["id"], actor=LIN)
        await actions.take_order(job, actor=LIN)
        lin = await sit_down("lin")
        await lin.sends(f"/desk/pool/jobs/{demand}/referrals", page=f"/desk/pool/jobs/{demand}", seeker=worker["number"])
        row = await Referral.select(Referral.number, Referral.seeker_station, Referral.referred_by).first()
        assert (row["seeker_station"], row["referred_by"]) == (LAKE, LING)
        page = await lin.reads(f"/desk/referrals/{row['number']}")
    assert worker["name"] not in page.text
    assert "由那里问他去不去" in page.words("main")


async def test_neighbours_are_the_same_subdistricts_until_the_district_says_so(near, officer):
    assert [row["id"] for row in await neighbours_of(LAKE)] == [NEAR]
    assert await ringing_at(NEAR) == [LAKE]
    assert await ringing_at(LING) == []
    page = await officer.reads(HOME)
    assert "同一个街道" in page.words("table")
    url = f"{HOME}/{LAKE_CODE}"
    page = await officer.sends(url, status=422, page=url, neighbours=["nonsense"])
    assert "请在列表里选择" in page.words(".problems")
    sheet = await officer.sends(url, page=url, neighbours=[LING_CODE])
    page = await officer.follows(sheet)
    assert "走马岭零工驿站 区里选的" in page.words("table")
    assert [row["id"] for row in await neighbours_of(LAKE)] == [LING]
    assert await ringing_at(LING) == [LAKE]
    assert await ringing_at(NEAR) == []
    page = await officer.sends(url, status=422, page=url, neighbours=[LING_CODE])
    assert "没有改动" in page.words(".problems")
    await officer.sends(url, neighbours=[])
    assert [row["id"] for row in await neighbours_of(LAKE)] == [NEAR]
    assert await Neighbour.count() == 1
    assert await JournalEntry.count().where(JournalEntry.kind == "NEIGHBOUR_SET") == 2


async def test_only_the_district_sets_neighbours(manager, overseer, officer):
    for who in (manager, overseer):
        await who.reads(HOME, status=403)
        await who.reads(f"{HOME}/{LAKE_CODE}", status=403)
    await officer.reads(f"{HOME}/ZD-000000000-99", status=404)


async def test_setting_neighbours_twice_is_once(near, officer):
    url = f"{HOME}/{LAKE_CODE}"
    await officer.sends(url, page=url, neighbours=[LING_CODE])
    await officer.sends(url, **officer.last)
    assert await Neighbour.count() == 1


async def test_only_the_station_that_has_the_order_in_hand_sees_whom_to_call(sit_down, demand):
    job = await job_of(demand)
    with at(LATER):
        lin, url = await sit_down("lin"), f"/desk/orders/{demand}"
        await Session.update({Session.confirmed_at: now()}).where(Session.account == LIN.id)
        await lin.reads(f"{url}/reveal", status=404)
        await actions.take_order(job, actor=LIN)
        page = await lin.reads(url)
        assert page.select_one(f'a.look[href="{url}/reveal?field=contact_phone"]')
        assert "13900000001" not in page.text
        page = await lin.reads(f"{url}/reveal?field=contact_phone")
        assert "详细地址" not in page.words("form")
        page = await lin.sends(f"{url}/reveal", status=200, purpose="REFERRAL")
        assert "13900000001" in page.words(".full").replace(" ", "")
        await actions.hand_back(job, "本站没有合适的人了", actor=LIN)
        await lin.reads(f"{url}/reveal", status=404)
    assert await JournalEntry.count().where(JournalEntry.kind == "REVEALED") == 1
