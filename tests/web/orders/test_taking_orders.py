"""A published demand waits for somebody, is taken by one, and comes back when it is not done (domain 3.5, art. 10)."""

import asyncio
from datetime import date, timedelta

import pytest

from db.actions import orders as actions
from db.actions.jobs import withdraw_job
from db.clock import at
from db.queries.orders import OrderFilter, order_in, orders_of, taker_of
from db.tables.accounts import Alert
from db.tables.jobs import Job
from db.tables.journal import JournalEntry
from db.tables.orders import OrderTake
from rules.codes import OrderShortfall, OrderState, ReferralState
from rules.errors import RuleBroken
from tests.cast import LAKE, LING, PEOPLE
from tests.web.conftest import MORNING
from tests.web.orders.conftest import GAO, NEAR, minutes_later
from tests.web.posts_scene import put_published
from tests.web.rows import put_job, put_referral, put_seeker

CHEN, ZHOU, WU, LIN = (PEOPLE[name] for name in ("chen", "zhou", "wu", "lin"))


async def job_of(number: str) -> int:
    return (await Job.select(Job.id).where(Job.number == number).first())["id"]


async def states() -> list[str]:
    return [row["state"] for row in await OrderTake.select(OrderTake.state).order_by(OrderTake.id)]


async def kinds() -> list[str]:
    rows = await JournalEntry.select(JournalEntry.kind).where(JournalEntry.kind.like("ORDER_%")).order_by(JournalEntry.id)
    return [row["kind"] for row in rows]


async def put_referral_held(job: int, people: int) -> None:
    for each in range(people):
        seeker = await put_seeker(f"Q2601500{each:04}")
        await put_referral(f"T261201-{each:04}", job, seeker, state=ReferralState.EMPLOYER_ACCEPTED)


async def test_the_clerk_takes_what_waits_and_sees_until_when(clerk, sit_down, demand):
    page = await clerk.reads("/desk/orders")
    assert demand in page.words("#orders")
    assert "本站" in page.words("#orders .tag")
    url = f"/desk/orders/{demand}"
    page = await clerk.follows(await clerk.sends(f"{url}/taking"))
    assert "已接单" in page.words(".said")
    assert "陈小满（金银湖零工驿站）" in page.words("main")
    assert "还剩24小时" in page.words("main")
    assert demand not in (await clerk.reads("/desk/orders")).words("#main")
    assert demand in (await clerk.reads("/desk/orders?state=TAKEN")).words("#orders")
    assert "陈小满（金银湖零工驿站）在办" in (await clerk.reads(f"/desk/jobs/{demand}")).words("aside")
    assert await kinds() == ["ORDER_TAKEN"]
    with at(MORNING + timedelta(hours=20, minutes=40)):
        colleague = await sit_down("zhou")
        assert "还剩3小时20分" in (await colleague.reads("/desk/orders?state=TAKEN")).words("#orders")


async def test_a_double_click_takes_once(clerk, demand):
    url = f"/desk/orders/{demand}/taking"
    await clerk.sends(url, page=f"/desk/orders/{demand}")
    again = await clerk.sends(url, **clerk.last)
    assert again.headers["location"].endswith(demand)
    assert await states() == ["TAKEN"]


async def test_who_comes_second_reads_who_was_faster(clerk, reviewer, demand):
    await reviewer.reads(f"/desk/orders/{demand}")
    await clerk.sends(f"/desk/orders/{demand}/taking", page=f"/desk/orders/{demand}")
    page = await reviewer.sends(f"/desk/orders/{demand}/taking", status=422)
    assert "09:00被陈小满（金银湖零工驿站）先接了" in page.words(".problems")
    assert await states() == ["TAKEN"]


async def test_of_several_at_the_same_instant_one_takes_it(demand):
    job = await job_of(demand)
    answers = await asyncio.gather(*(actions.take_order(job, actor=who) for who in (CHEN, ZHOU, WU)), return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, RuleBroken)]
    assert len(refused) == 2
    assert all("先接了" in one.message for one in refused)
    assert await OrderTake.count().where(OrderTake.state == "TAKEN") == 1


async def test_neighbours_hear_after_half_an_hour_and_the_district_after_two(near, sit_down, demand):
    assert await order_in(near.scope, demand) is None
    with at(minutes_later(31)):
        gao, stranger = await sit_down(near), await sit_down("zhao")
        page = await gao.reads("/desk/orders")
        assert demand in page.words("#orders")
        assert "邻近驿站" in page.words("#orders .tag")
        assert "武汉湖畔物流有限公司" not in page.text
        await stranger.reads(f"/desk/orders/{demand}", status=404)
        assert "没有等着接的需求" in (await stranger.reads("/desk/orders")).words(".empty")
        for step in ("taking", "handover", "return", "completion"):
            await stranger.sends(f"/desk/orders/{demand}/{step}", status=404, page="/desk")
    with at(minutes_later(121)):
        stranger = await sit_down("lin")
        page = await stranger.reads("/desk/orders")
        assert demand in page.words("#orders")
        assert "全区" in page.words("#orders .tag")
        await stranger.sends(f"/desk/orders/{demand}/taking")
        assert "林静（走马岭零工驿站）" in (await stranger.reads(f"/desk/orders/{demand}")).words("main")
    entry = await JournalEntry.select(JournalEntry.chain).where(JournalEntry.kind == "ORDER_TAKEN").first()
    assert entry["chain"] == f"station:{LAKE}"


async def test_a_station_out_of_ring_cannot_take_it_by_address(demand, near):
    job = await job_of(demand)
    with pytest.raises(RuleBroken, match="没有轮到本站"):
        await actions.take_order(job, actor=GAO)
    with at(minutes_later(30)):
        await actions.take_order(job, actor=GAO)


async def test_ones_own_first_then_the_neighbours_then_the_soonest_start(near):
    lake = await put_published(start_date=date(2026, 12, 8), end_date=date(2026, 12, 8))
    employer = (await Job.select(Job.employer).where(Job.id == lake.id).first())["employer"]
    sooner = await put_published(employer=employer, title="明天就要的")
    far = await put_job("G261201-060001", LING, listed=True, published_version=1, published_at=MORNING, start_date=date(2026, 12, 2))
    near_by = await put_job("G261201-150099", NEAR, listed=True, published_version=1, published_at=MORNING)
    with at(minutes_later(121)):
        seen, after = [], ""
        for _ in range(4):
            page = await orders_of(CHEN.scope, OrderFilter(), after, 1)
            seen += [(row["id"], row["ring"].value) for row in page.rows]
            after = page.next or ""
    assert seen == [(sooner.id, "OWN"), (lake.id, "OWN"), (near_by, "NEIGHBOURS"), (far, "DISTRICT")]
    assert after == ""


async def test_the_list_is_narrowed_and_says_when_nothing_is_there(clerk, demand):
    assert demand in (await clerk.reads("/desk/orders?trade=C03&ring=OWN")).words("#orders")
    assert "没有符合条件" in (await clerk.reads("/desk/orders?ring=DISTRICT")).words(".empty")
    assert "没有符合条件" in (await clerk.reads("/desk/orders?trade=A01")).words(".empty")
    for state in ("TAKEN", "HANDLED", "HANDED_BACK", "RETURNED", "CLOSED"):
        assert "没有符合条件" in (await clerk.reads(f"/desk/orders?state={state}")).words(".empty")


async def test_the_fragment_stands_alone(clerk, demand):
    sheet = await clerk.reads("/desk/orders", fragment=True)
    assert demand in sheet.words("#orders")
    assert sheet.select_one("html") is None


async def test_the_tile_counts_what_waits(clerk, demand):
    page = await clerk.reads("/desk")
    tile = next(tile for tile in page.select("a.tile") if tile["href"] == "/desk/orders")
    assert tile.select_one("b").text == "1"


async def test_it_goes_over_to_a_colleague_with_the_same_deadline(clerk, reviewer, demand):
    url = f"/desk/orders/{demand}"
    await clerk.sends(f"{url}/taking", page=url)
    page = await clerk.sends(f"{url}/handover", status=422, page=url, colleague=str(LIN.id))
    assert "请在列表里选择" in page.words(".problems")
    await clerk.sends(f"{url}/handover", colleague=str(ZHOU.id))
    page = await reviewer.reads(url)
    assert "周建国（金银湖零工驿站）" in page.words("main")
    assert "已转交" in page.words("main")
    first, second = await OrderTake.select(OrderTake.deadline, OrderTake.taken_by).order_by(OrderTake.id)
    assert first["deadline"] == second["deadline"]
    assert second["taken_by"] == ZHOU.id
    assert await kinds() == ["ORDER_TAKEN", "ORDER_HANDED_OVER"]


async def test_it_goes_back_with_a_reason_and_waits_again(clerk, demand):
    url = f"/desk/orders/{demand}"
    await clerk.sends(f"{url}/taking", page=url)
    page = await clerk.sends(f"{url}/return", status=422, page=url, reason="没人")
    assert "至少" in page.words(".problems") or "5" in page.words(".problems")
    assert page.select_one("#hand-back-reason")["value"] == "没人"
    await clerk.sends(f"{url}/return", reason="本站没有会开叉车的人")
    assert await states() == ["HANDED_BACK"]
    assert demand in (await clerk.reads("/desk/orders")).words("#orders")
    assert "本站没有会开叉车的人" in (await clerk.reads(f"/desk/jobs/{demand}")).words("aside")


async def test_done_needs_every_place_promised_or_a_reason(clerk, demand):
    url = f"/desk/orders/{demand}"
    await clerk.sends(f"{url}/taking", page=url)
    page = await clerk.sends(f"{url}/completion", status=422, page=url, note="雇主说再看看")
    assert "还有5个名额没有答应人" in page.words(".problems")
    assert page.select_one("#handled-note")["value"] == "雇主说再看看"
    await clerk.sends(f"{url}/completion", shortfall="LATER", note="雇主说再看看")
    assert await states() == ["HANDLED"]
    assert demand not in (await clerk.reads("/desk/orders")).words("#main")
    assert demand in (await clerk.reads("/desk/orders?state=HANDLED")).words("#orders")
    assert (await taker_of(await job_of(demand)))["state_now"] is OrderState.HANDLED


async def test_with_every_place_promised_it_is_simply_done_and_no_longer_waits(clerk, demand):
    url, job = f"/desk/orders/{demand}", await job_of(demand)
    await clerk.sends(f"{url}/taking", page=url)
    await put_referral_held(job, 5)
    await clerk.sends(f"{url}/completion", page=url)
    assert await states() == ["HANDLED"]
    assert demand not in (await clerk.reads("/desk/orders")).words("#main")


async def test_a_colleague_does_not_go_on_with_anothers_order_but_the_manager_may(reviewer, manager, demand):
    url, job = f"/desk/orders/{demand}", await job_of(demand)
    await actions.take_order(job, actor=CHEN)
    page = await reviewer.reads(url)
    assert page.select_one(f'form[action="{url}/return"]') is None
    page = await reviewer.sends(f"{url}/return", status=422, reason="我觉得该交回")
    assert "陈小满" in page.words(".problems")
    await manager.sends(f"{url}/return", page=url, reason="小陈今天请假了")
    assert await states() == ["HANDED_BACK"]


async def test_after_a_day_it_goes_back_and_the_manager_is_told_once(sit_down, demand):
    job = await job_of(demand)
    await actions.take_order(job, actor=CHEN)
    with at(MORNING + timedelta(hours=23)):
        assert await actions.return_overdue() == 0
    with at(MORNING + timedelta(hours=24, minutes=1)):
        with pytest.raises(RuleBroken, match="超过24小时"):
            await actions.handle_order(job, OrderShortfall.LATER, actor=CHEN)
        rows = (await orders_of(CHEN.scope, OrderFilter())).rows
        assert rows[0]["take"]["state_now"] is OrderState.RETURNED
        assert await actions.return_overdue() == 1
        assert await actions.return_overdue() == 0
        assert await states() == ["RETURNED"]
        alerts = await Alert.select(Alert.kind, Alert.station)
        assert alerts == [{"kind": "ORDER_UNHANDLED", "station": LAKE}]
        entry = await JournalEntry.select(JournalEntry.signed_name).where(JournalEntry.kind == "ORDER_RETURNED").first()
        assert entry["signed_name"] == "系统"
        await actions.take_order(job, actor=ZHOU)
        manager = await sit_down("wu")
        page = await manager.reads("/desk/alerts")
        assert demand in page.words("main")
        assert page.select_one(f'a[href="/desk/orders/{demand}"]')


async def test_another_stations_manager_is_told_beside_the_posts(demand):
    with at(minutes_later(130)):
        await actions.take_order(await job_of(demand), actor=LIN)
    with at(minutes_later(130 + 24 * 60)):
        assert await actions.return_overdue() == 1
    assert {row["station"] for row in await Alert.select(Alert.station)} == {LAKE, LING}


async def test_what_was_done_in_time_raises_no_alert(demand):
    job = await job_of(demand)
    await actions.take_order(job, actor=CHEN)
    await put_referral_held(job, 5)
    with at(minutes_later(24 * 60)):
        assert await actions.return_overdue() == 1
    assert await states() == ["HANDLED"]
    assert await Alert.count() == 0


async def test_the_end_of_the_post_closes_it(clerk, demand):
    job = await job_of(demand)
    await actions.take_order(job, actor=CHEN)
    await withdraw_job(job, actor=CHEN, reason="不要人了")
    page = await clerk.reads(f"/desk/orders/{demand}")
    assert "已关闭" in page.words("main")
    page = await clerk.sends(f"/desk/orders/{demand}/return", status=422, reason="岗位撤回了")
    assert "接单已经关闭" in page.words(".problems")
    assert await actions.return_overdue() == 1
    assert await states() == ["CLOSED"]
    assert await kinds() == ["ORDER_TAKEN", "ORDER_CLOSED"]


async def test_officers_read_and_do_not_take(officer, overseer, lawyer, sit_down, demand):
    for who in (officer, overseer):
        assert demand in (await who.reads("/desk/orders")).words("#orders")
        page = await who.reads(f"/desk/orders/{demand}")
        assert page.select_one("form[action$=taking]") is None
        await who.sends(f"/desk/orders/{demand}/taking", status=403)
    await lawyer.reads("/desk/orders", status=403)
    elsewhere = await sit_down("qian")
    await elsewhere.reads(f"/desk/orders/{demand}", status=404)


async def test_junk_in_the_address_is_the_first_page(clerk, demand):
    for junk in ("?after=xx", "?state=NO&ring=X&trade=9", "?after=WzAsIngiLDFd", "?after=WzAsIjIwMjYtMTItMDMiLDFd"):
        await clerk.reads(f"/desk/orders{junk}")
    await clerk.reads("/desk/orders/nonsense", status=404)


async def test_a_post_whose_days_are_over_waits_for_nobody(clerk, demand):
    with at(MORNING + timedelta(days=4)):
        assert (await orders_of(CHEN.scope, OrderFilter())).rows == []
        with pytest.raises(RuleBroken, match="用工日期已经过了"):
            await actions.take_order(await job_of(demand), actor=CHEN)


async def test_a_stale_or_full_post_is_not_taken(demand):
    job = await job_of(demand)
    await Job.update({Job.listed: False}).where(Job.id == job)
    with pytest.raises(RuleBroken, match="没有核实"):
        await actions.take_order(job, actor=CHEN)
    await Job.update({Job.listed: True}).where(Job.id == job)
    await put_referral_held(job, 5)
    with pytest.raises(RuleBroken, match="都答应出去了"):
        await actions.take_order(job, actor=CHEN)


async def test_a_demand_nobody_takes_for_a_day_is_told_to_its_manager_once_a_day(manager, demand):
    with at(MORNING + timedelta(hours=23)):
        assert await actions.alert_untaken() == 0
    with at(MORNING + timedelta(hours=25)):
        assert await actions.alert_untaken() == 1
        assert await actions.alert_untaken() == 0
        rows = await Alert.select(Alert.kind, Alert.station, Alert.subject)
        assert rows == [{"kind": "ORDER_UNHANDLED", "station": LAKE, "subject": "station"}]


async def test_a_demand_that_somebody_took_is_not_among_them(demand):
    await actions.take_order(await job_of(demand), actor=CHEN)
    with at(MORNING + timedelta(hours=23)):
        assert await actions.alert_untaken() == 0
