"""Calling in the published order, passing over with a reason, giving the place: nobody is called past people in front."""

import asyncio
import json
from datetime import timedelta

import pytest

from db.actions import dispatch
from db.actions.attendance import come_back, sign_in
from db.actions.referrals import propose, worker_accepts
from db.clock import now, today
from db.queries.attendance import called_now, sign_in_at
from db.tables.attendance import Call, SignIn
from db.tables.jobs import Job
from db.tables.journal import JournalEntry
from db.tables.orders import OrderTake
from db.tables.referrals import Referral
from db.tables.seekers import Consent
from rules.codes import CallAnswer, ConsentMethod, SignInHow, SkipReason
from rules.errors import RuleBroken
from tests.cast import LAKE, LING, PEOPLE
from tests.web.attendance.conftest import CHEN, MOVERS, PLACE, TODAY, ZHOU, put_today, state_of
from tests.web.referrals.conftest import put_accepted, put_post

HOURS = timedelta(hours=4)


async def give(ref, post, actor=CHEN):
    """Give the place as the counter does it."""
    return await dispatch.give_place(ref.id, post, method=ConsentMethod.READ_ALOUD, answered_by="周经理", actor=actor)


async def kinds(least=4):
    """The kinds of the newest journal entries, oldest first."""
    rows = await JournalEntry.select(JournalEntry.kind).order_by(JournalEntry.id, ascending=False).limit(least)
    return [row["kind"] for row in reversed(rows)]


async def test_the_next_in_the_order_is_called_and_it_says_why(clerk, post, queue):
    page = await clerk.reads(MOVERS)
    assert "001" in page.words("#post .turn .ticket")
    assert "按到站先后排第1" in page.words("#post .turn .hint")
    page = await clerk.follows(await clerk.sends(f"{MOVERS}/calls", ticket="1", counter="2", again="", named=""))
    assert "正在叫" in page.words("#post .turn.calling")
    assert "2号窗口" in page.words("#post .turn.calling")
    assert await state_of(1) == "CALLED"
    assert (await kinds())[-1] == "CALLED"
    assert await called_now(LAKE, now()) == [{"ticket": 1, "counter": "2", "title": "超市搬运工", "called_at": now()}]


async def test_who_looks_for_other_work_is_left_out_and_counted(clerk, post, queue):
    for ref in queue[:3]:
        await dispatch.skip(ref.id, post, SkipReason.TIME, "", actor=CHEN)
    page = await clerk.reads(MOVERS)
    assert "没有合适的人在等" in page.words("#post .empty")
    welder = queue[3]
    called = await dispatch.call(welder.id, post, actor=CHEN)
    assert called.ticket == 4, "with nobody in front who fits, somebody may be asked"


async def test_nobody_is_called_past_people_in_front(clerk, post, queue):
    page = await clerk.sends(f"{MOVERS}/calls", status=422, page=MOVERS, ticket="3", counter="7", again="", named="")
    assert "前面001号、002号也合适" in page.words("#post .problems")
    assert page.select_one("#call-ticket")["value"] == "3"
    assert page.select_one("#call-counter")["value"] == "7"
    assert await Call.count() == 0


async def test_a_skip_with_a_reason_opens_the_way(clerk, post, queue):
    page = await clerk.sends(f"{MOVERS}/skips", status=422, page=MOVERS, ticket="1", reason="", note="")
    assert "请选择跳过的原因" in page.words("#post .problems")
    page = await clerk.sends(f"{MOVERS}/skips", status=422, page=MOVERS, ticket="1", reason="OTHER", note="不")
    assert "请写明原因" in page.words("#post .problems")
    assert page.select_one("#skip-note")["value"] == "不"
    await clerk.sends(f"{MOVERS}/skips", page=MOVERS, ticket="1", reason="UNFIT_TODAY", note="")
    assert (await kinds())[-1] == "SKIPPED"
    page = await clerk.reads(MOVERS)
    assert "002" in page.words("#post .turn .ticket")
    assert "1人已跳过" in page.words("#post .turn .hint")
    with pytest.raises(RuleBroken, match="已经跳过"):
        await dispatch.skip(queue[0].id, post, SkipReason.TIME, "", actor=CHEN)


async def test_when_nobody_fits_the_desk_says_why_of_each_and_counts_who_looks_for_other_work(clerk, post, queue):
    for ref in queue[:3]:
        await dispatch.skip(ref.id, post, SkipReason.TIME, "", actor=CHEN)
    page = await clerk.reads(MOVERS)
    reasons = [" ".join(line.text.split()) for line in page.select("#post .empty + details li")]
    assert [line[:8] for line in reasons[:3]] == ["001号 已跳过", "002号 已跳过", "003号 已跳过"]
    assert reasons[3:] == ["另外1人没登记想做这种活"]


async def test_a_skip_counts_for_this_demand_only(post, queue):
    other = await put_post("J02", number="G261201-010002", trade="C01", title="搬家工", start_date="2026-12-01", end_date="2026-12-01")
    await dispatch.skip(queue[0].id, post, SkipReason.TIME, "", actor=CHEN)
    with pytest.raises(RuleBroken, match="001号"):
        await dispatch.call(queue[1].id, other, actor=CHEN)


async def test_a_named_request_is_recorded_with_who_stood_in_front(clerk, post, queue):
    page = await clerk.sends(f"{MOVERS}/calls", status=422, page=MOVERS, ticket="3", named="y", note="", again="")
    assert "请写明雇主那边是谁提的" in page.words("#post .problems")
    assert page.select_one("#named-ticket")["value"] == "3"
    await clerk.sends(f"{MOVERS}/calls", page=MOVERS, ticket="3", named="y", note="周经理来电", again="")
    row = await Call.select(Call.named, Call.reason, Call.before, Call.note).first()
    assert row == {"named": True, "reason": "NAMED", "before": "[1, 2]", "note": "周经理来电"}
    entry = await JournalEntry.select(JournalEntry.body).order_by(JournalEntry.id, ascending=False).first()
    assert json.loads(entry["body"])["particulars"]["named"] is True


async def test_two_clerks_do_not_call_the_same_person(post, queue):
    await dispatch.call(queue[0].id, post, actor=ZHOU)
    with pytest.raises(RuleBroken, match="001号刚被周建国叫了"):
        await dispatch.call(queue[0].id, post, actor=CHEN)
    await dispatch.call(queue[0].id, post, again=True, actor=CHEN)
    assert len(await called_now(LAKE, now())) == 1


async def test_the_list_says_for_what_and_by_whom_somebody_is_called(clerk, post, queue):
    """A second clerk sees it in the row, and need not open one demand after the other."""
    await Job.update({Job.title: "超市夜间搬运和理货工"}).where(Job.id == post)
    await dispatch.call(queue[0].id, post, actor=ZHOU)
    await dispatch.call(queue[3].id, None, actor=CHEN)
    first, second, _, last = [" ".join(row.text.split()) for row in (await clerk.reads(TODAY)).select("#waiting tbody tr")]
    assert first.endswith("已叫号 超市夜间搬运和…，周建国")
    assert last.endswith("已叫号 到窗口，陈小满")
    assert second.endswith("等活")
    other = await put_post("J02", number="G261201-010002", trade="C01", title="搬家工", start_date="2026-12-01", end_date="2026-12-01")
    await dispatch.answer_call((await Call.select(Call.id).order_by(Call.id).first())["id"], CallAnswer.DECLINES, actor=ZHOU)
    assert "超市" not in (await clerk.reads(TODAY)).words("#waiting"), "who does not go waits on"
    await dispatch.call(queue[0].id, other, actor=CHEN)
    assert "搬家工，陈小满" in (await clerk.reads(TODAY)).words("#waiting"), "the newest call counts"


async def test_called_and_does_not_go_waits_on_and_the_next_ones_turn_comes(clerk, post, queue):
    await dispatch.call(queue[0].id, post, actor=CHEN)
    page = await clerk.follows(await clerk.sends(f"{MOVERS}/answers", page=MOVERS, ticket="1", answer="DECLINES"))
    assert await state_of(1) == "WAITING"
    assert "002" in page.words("#post .turn .ticket")
    await clerk.sends(f"{MOVERS}/answers", status=422, page=MOVERS, ticket="1", answer="ABSENT")


async def test_the_place_is_given_with_everything_that_belongs_to_it(clerk, post, queue):
    await clerk.sends(f"{MOVERS}/calls", page=MOVERS, ticket="1", again="", named="")
    page = await clerk.reads(MOVERS)
    assert "同意把我的姓名、电话" in page.words("#post .say")
    page = await clerk.follows(await clerk.sends(f"{MOVERS}/places", ticket="1", **PLACE))
    referral = await Referral.select(Referral.state, Referral.employer_answered_by, Referral.number, Referral.consent).first()
    assert referral["state"] == "EMPLOYER_ACCEPTED"
    assert referral["employer_answered_by"] == "周经理"
    consent = await Consent.select(Consent.method).where(Consent.id == referral["consent"]).first()
    assert consent["method"] == "READ_ALOUD"
    assert await state_of(1) == "OUT"
    assert await Call.select(Call.answer, Call.referral_number) == [{"answer": "GOES", "referral_number": referral["number"]}]
    assert (await kinds())[-4:] == ["REFERRAL_PROPOSED", "REFERRAL_WORKER_ACCEPTED", "REFERRAL_EMPLOYER_ACCEPTED", "PLACE_GIVEN"]
    assert page.select_one(f"#post a[href='/desk/referrals/{referral['number']}/slip.pdf']")
    assert "最后一个名额刚被陈小满给了001号，人定满了" in page.words("#post .note")
    assert "另找" not in page.words("#post"), "nobody stands at the counter for whom another demand is to be found"


async def test_without_consent_or_a_name_nothing_is_given_and_the_typing_is_kept(clerk, post, queue):
    await dispatch.call(queue[0].id, post, actor=CHEN)
    page = await clerk.sends(f"{MOVERS}/places", status=422, page=MOVERS, ticket="1", method="SIGNED_PAPER", answered_by="周经理")
    assert "同意后打勾" in page.words("#post .problems")
    assert page.select_one("#place-answered-by")["value"] == "周经理"
    assert page.select_one("select[name=method] option[selected]")["value"] == "SIGNED_PAPER"
    await clerk.sends(f"{MOVERS}/places", status=422, page=MOVERS, ticket="1", **{**PLACE, "answered_by": ""})
    assert await Referral.count() == 0
    assert await state_of(1) == "CALLED"


async def test_sending_the_form_twice_gives_one_place(clerk, post, queue):
    await dispatch.call(queue[0].id, post, actor=CHEN)
    await clerk.sends(f"{MOVERS}/places", page=MOVERS, ticket="1", **PLACE)
    await clerk.sends(f"{MOVERS}/places", **clerk.last)
    assert await Referral.count() == 1


async def test_a_guard_of_the_referral_stands_in_the_way_and_nothing_is_kept(post, queue):
    await give(queue[0], post)
    other = await put_post("J02", number="G261201-010002", trade="C01", title="搬家工", start_date="2026-12-01", end_date="2026-12-01")
    await come_back(queue[0].id, actor=CHEN)
    with pytest.raises(RuleBroken, match="冲突"):
        await give(queue[0], other)
    assert await Referral.count() == 1
    assert await Call.count() == 1
    assert (await give(queue[1], other)).number, "who has other work at the time is not in the way of the next"


async def test_an_application_is_gone_on_with(post, people, queue):
    begun = await propose(post, people[0].id, actor=CHEN)
    assert (await give(queue[0], post)).id == begun.id
    assert (await Referral.select(Referral.state).first())["state"] == "EMPLOYER_ACCEPTED"


async def test_the_slower_clerk_reads_who_was_faster_and_keeps_the_typing(clerk, post, queue):
    await dispatch.call(queue[0].id, post, actor=CHEN)
    await clerk.reads(MOVERS)
    await dispatch.skip(queue[1].id, post, SkipReason.TIME, "", actor=ZHOU)
    await give(queue[2], post, actor=ZHOU)
    page = await clerk.sends(f"{MOVERS}/places", status=422, ticket="1", **PLACE)
    assert "最后一个名额刚被周建国给了003号" in page.words("#post .problems")
    assert page.select_one("#place-answered-by")["value"] == "周经理"


@pytest.mark.parametrize("turned", [False, True])
async def test_the_last_place_goes_to_exactly_one(post, queue, turned):
    await dispatch.call(queue[0].id, post, actor=CHEN)
    await dispatch.call(queue[1].id, post, actor=ZHOU)
    pairs = [(queue[0], CHEN), (queue[1], ZHOU)]
    answers = await asyncio.gather(*(give(ref, post, who) for ref, who in (reversed(pairs) if turned else pairs)), return_exceptions=True)
    lost = [one for one in answers if isinstance(one, RuleBroken)]
    assert len(lost) == 1
    assert "最后一个名额刚被" in lost[0].message
    assert await Referral.count() == 1
    states = sorted(row["state"] for row in await SignIn.select(SignIn.state).where(SignIn.ticket.is_in([1, 2])))
    assert states == ["CALLED", "OUT"]


async def test_who_did_not_come_is_replaced_by_the_next(clerk, post, queue):
    reference = await give(queue[0], post)
    page = await clerk.sends(f"{MOVERS}/replacements", status=422, page=MOVERS, referral=reference.number, reason="没")
    assert page.select_one("#replaced-reason")["value"] == "没"
    page = await clerk.follows(
        await clerk.sends(f"{MOVERS}/replacements", page=MOVERS, referral=reference.number, reason="七点半还没到，电话不接", counter="1")
    )
    assert (await Referral.select(Referral.state).first())["state"] == "NO_SHOW"
    assert await state_of(1) == "LEFT"
    assert await state_of(2) == "CALLED"
    assert "002" in page.words("#post .turn.calling")
    await clerk.sends(f"{MOVERS}/replacements", status=422, page=MOVERS, referral=reference.number, reason="七点半还没到，电话不接")


async def test_a_replacement_with_nobody_left_only_writes_it_down(post, people):
    ref = await put_today(people[0])
    reference = await give(ref, post)
    assert await dispatch.replace_no_show(reference.id, post, "没来，电话不接", actor=CHEN) is None


async def test_a_place_promised_on_the_telephone_is_replaced_as_well(clerk, post, people):
    referral = await put_accepted(post, people[0].id)
    await put_today(people[1])
    called = await dispatch.replace_no_show(referral, post, "没来，电话不接", actor=CHEN)
    assert called is not None
    assert called.ticket == 1


async def test_a_taken_order_of_another_station_is_on_the_desk(stranger, post, people):
    await stranger.reads(MOVERS, status=404)
    await OrderTake.insert(
        OrderTake(job=post, station=LING, ring="DISTRICT", state="TAKEN", taken_by=PEOPLE["lin"].id, taken_at=now(), deadline=now() + HOURS)
    )
    page = await stranger.reads(TODAY)
    assert "金银湖零工驿站的单" in page.words("#demands")
    await stranger.reads(MOVERS)


async def test_staff_where_somebody_stands_may_write_the_answer_down(post, people):
    referral = await propose(post, people[0].id, actor=CHEN)
    lin = PEOPLE["lin"]
    with pytest.raises(RuleBroken, match="在别的驿站登记"):
        await worker_accepts(referral.id, method=ConsentMethod.READ_ALOUD, actor=lin)
    await sign_in(LING, people[0].id, SignInHow.CARD, actor=lin)
    await worker_accepts(referral.id, method=ConsentMethod.READ_ALOUD, actor=lin)
    assert (await Referral.select(Referral.state).first())["state"] == "WORKER_ACCEPTED"


async def test_who_may_not_call_cannot(lawyer, officer, post, queue):
    for visitor in (lawyer, officer):
        await visitor.reads(MOVERS, status=403)
        for what in ("calls", "skips", "answers", "places", "replacements"):
            await visitor.sends(f"{MOVERS}/{what}", status=403, page="/desk/account", ticket="1")
    assert await Call.count() == 0


async def test_another_stations_demand_does_not_exist(stranger, post, queue):
    for what in ("calls", "skips", "answers", "places", "replacements"):
        await stranger.sends(f"{MOVERS}/{what}", status=404, page=TODAY, ticket="1")
    with pytest.raises(RuleBroken, match="没有这个号"):
        await dispatch.call(queue[0].id, post, actor=PEOPLE["lin"])


async def test_a_number_nobody_has_is_refused(clerk, post, queue):
    page = await clerk.sends(f"{MOVERS}/calls", status=422, page=MOVERS, ticket="99", again="", named="")
    assert "没有这个号" in page.words("#post .problems")
    page = await clerk.sends(f"{MOVERS}/calls", status=422, page=MOVERS, ticket="abc", again="", named="")
    assert page.select_one("#post .problems")


async def test_the_demand_alone(clerk, post, queue):
    fragment = await clerk.reads(MOVERS, fragment=True)
    assert fragment.select_one("#post")
    assert not fragment.select_one("h1")
    await clerk.reads(f"{TODAY}/posts/G261201-019999", status=404)


async def test_script_gets_the_demand_again_and_the_lists_a_hint(clerk, post, queue):
    page = await clerk.reads(MOVERS)
    token = page.select_one("input[name=csrf_token]")["value"]
    response = await clerk.client.post(f"{MOVERS}/calls", data={"csrf_token": token, "ticket": "1"}, headers={"HX-Request": "true"})
    assert response.status_code == 200
    assert response.headers["hx-trigger"] == "today-changed"
    assert "已叫001号" in response.text
    assert "<h1" not in response.text


async def test_an_answer_that_goes_is_kept_until_the_place_is_given(post, queue):
    called = await dispatch.call(queue[0].id, post, actor=CHEN)
    await dispatch.answer_call(called.id, CallAnswer.GOES, actor=CHEN)
    await give(queue[0], post)
    assert await Call.count() == 1
    assert (await sign_in_at(LAKE, today(), 1))["state"] == "OUT"


async def test_a_place_given_to_who_stood_there_is_no_call_for_the_screen(post, queue):
    await give(queue[0], post)
    assert await called_now(LAKE, now()) == []


async def test_called_to_the_counter_without_a_demand(post, queue):
    await dispatch.call(queue[2].id, None, counter="3", actor=CHEN)
    assert [row["ticket"] for row in await called_now(LAKE, now())] == [3]


async def test_the_station_that_took_an_order_gives_the_place_and_finds_the_referral(stranger, post, people):
    lin = PEOPLE["lin"]
    await OrderTake.insert(
        OrderTake(job=post, station=LING, ring="DISTRICT", state="TAKEN", taken_by=lin.id, taken_at=now(), deadline=now() + HOURS)
    )
    ref = await sign_in(LING, people[0].id, SignInHow.CARD, actor=lin)
    reference = await give(ref, post, actor=lin)
    assert (await Referral.select(Referral.state, Referral.referred_by).first()) == {"state": "EMPLOYER_ACCEPTED", "referred_by": LING}
    await stranger.reads(f"/desk/referrals/{reference.number}")
