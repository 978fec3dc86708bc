"""The working page of a referral: answers of both sides, who sees whose number when, how it ends."""

import json
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from db.actions.referrals import confirm, lapse_overdue, mark_placed, no_show, propose
from db.clock import at
from db.tables.journal import JournalEntry
from db.tables.referrals import Referral
from db.tables.seekers import Consent
from rules.journal import EventKind
from rules.terms import JobTerms
from tests.visitor import path_of
from tests.web.conftest import MORNING
from tests.web.referrals.conftest import CHEN, put_accepted, put_post, put_sample, state_of
from web.seeker_papers import report_time

YES = {"answer": "yes", "consent": "y", "method": "READ_ALOUD"}
WORKER_PHONE, EMPLOYER_PHONE = "19900000101", "13900000001"


async def both_agree(clerk, proposed):
    await clerk.sends(f"{proposed}/worker-answer", page=proposed, **YES)
    return await clerk.follows(await clerk.sends(f"{proposed}/employer-answer", page=proposed, answer="yes", answered_by="周经理"))


async def test_contacts_are_hidden_until_both_said_yes(clerk, proposed):
    page = await clerk.reads(proposed)
    assert WORKER_PHONE not in str(page)
    assert EMPLOYER_PHONE not in str(page)
    await clerk.sends(f"{proposed}/worker-answer", **YES)
    page = await clerk.reads(proposed)
    assert WORKER_PHONE not in str(page)
    page = await both_agree_after_worker(clerk, proposed)
    assert WORKER_PHONE in page.words()
    assert EMPLOYER_PHONE in page.words()


async def both_agree_after_worker(clerk, proposed):
    return await clerk.follows(await clerk.sends(f"{proposed}/employer-answer", page=proposed, answer="yes", answered_by="周经理"))


async def test_the_consent_names_employer_purpose_and_fields(clerk, proposed):
    words = "同意把我的姓名、电话、技能和证书情况提供给【武汉湖滨物流有限公司】，仅用于本次岗位【超市搬运工】的联系和签约。"
    assert words in (await clerk.reads(proposed)).words()
    await clerk.sends(f"{proposed}/worker-answer", **YES)
    consent = await Consent.select().where(Consent.purpose == "REFERRAL").first()
    assert (consent["wording"], consent["method"]) == (words, "READ_ALOUD")
    referral = await Referral.select().first()
    assert (referral["state"], referral["consent"]) == ("WORKER_ACCEPTED", consent["id"])


async def test_a_yes_without_consent_is_refused(clerk, proposed):
    page = await clerk.sends(f"{proposed}/worker-answer", page=proposed, status=422, answer="yes")
    assert "请先征得零工同意" in page.words(".problems")
    assert await Consent.count().where(Consent.purpose == "REFERRAL") == 0


async def test_the_employer_is_asked_after_the_worker(clerk, proposed):
    page = await clerk.sends(f"{proposed}/employer-answer", page=proposed, status=422, answer="yes", answered_by="周经理")
    assert "请先征得零工同意，再把联系方式提供给雇主。" in page.words(".problems")


async def test_a_worker_who_does_not_go_says_why(clerk, proposed):
    page = await clerk.sends(f"{proposed}/worker-answer", page=proposed, status=422, answer="no")
    assert "请选择原因" in page.words(".problems")
    page = await clerk.follows(await clerk.sends(f"{proposed}/worker-answer", answer="no", worker_reason="FAR", worker_note="没有车"))
    assert "太远：没有车" in page.words()
    assert "零工不去" in page.words("h1")


async def test_who_answered_for_the_employer_is_kept(clerk, proposed):
    await clerk.sends(f"{proposed}/worker-answer", page=proposed, **YES)
    page = await clerk.sends(f"{proposed}/employer-answer", page=proposed, status=422, answer="yes", answered_by="")
    assert "请填写雇主这边是谁答复的" in page.words(".problems")
    page = await both_agree_after_worker(clerk, proposed)
    assert "周经理答复" in page.words()


async def test_a_discriminatory_reason_is_marked_refused_and_noted(clerk, proposed):
    await clerk.sends(f"{proposed}/worker-answer", page=proposed, **YES)
    page = await clerk.sends(
        f"{proposed}/employer-answer", page=proposed, status=422, answer="no", employer_reason="OTHER", employer_note="只要男的，女的不要"
    )
    assert page.select("mark")
    assert "驿站负责人" in page.words(".note")
    assert page.select_one("#employer_note")["value"] == "只要男的，女的不要"
    assert (await Referral.select().first())["state"] == "WORKER_ACCEPTED"
    assert await JournalEntry.count().where(JournalEntry.kind == EventKind.REFERRAL_REASON_REFUSED.value) == 1


async def test_a_lawful_reason_ends_the_referral(clerk, proposed):
    await clerk.sends(f"{proposed}/worker-answer", page=proposed, **YES)
    page = await clerk.follows(
        await clerk.sends(f"{proposed}/employer-answer", page=proposed, answer="no", employer_reason="SKILL", employer_note="没开过叉车")
    )
    assert "技能不符：没开过叉车" in page.words()
    assert WORKER_PHONE not in str(page)


async def test_other_needs_words(clerk, proposed):
    page = await clerk.sends(f"{proposed}/worker-answer", page=proposed, status=422, answer="no", worker_reason="OTHER")
    assert "请写明原因" in page.words(".problems")


async def test_a_double_click_answers_once(clerk, proposed):
    await clerk.sends(f"{proposed}/worker-answer", page=proposed, **YES)
    again = await clerk.sends(f"{proposed}/worker-answer", **clerk.last)
    assert path_of(again) == proposed
    assert await Consent.count().where(Consent.purpose == "REFERRAL") == 1


async def test_after_a_day_without_an_answer_it_has_lapsed(clerk, proposed, sit_down):
    with at(MORNING + timedelta(hours=25)):
        clerk = await sit_down("zhou")
        page = await clerk.reads(proposed)
        assert "超时失效" in page.words("h1")
        page = await clerk.reads("/desk/referrals?state=LAPSED")
        assert "周水生" in page.words("#referrals")
        page = await clerk.reads("/desk/referrals?state=PROPOSED")
        assert "周水生" not in page.words("#referrals")
        assert await lapse_overdue() == 1
    assert (await Referral.select().first())["state"] == "LAPSED"
    assert await JournalEntry.count().where(JournalEntry.kind == EventKind.REFERRAL_LAPSED.value) == 1


async def test_a_lapsed_proposal_can_be_made_again(clerk, proposed, moving_job, mover):
    with at(MORNING + timedelta(hours=25)):
        ref = await propose(moving_job, mover.id, actor=CHEN)
    assert await state_of(ref.id) == "PROPOSED"
    assert sorted(row["state"] for row in await Referral.select(Referral.state)) == ["LAPSED", "PROPOSED"]


async def test_a_post_that_ended_supersedes_what_waits(clerk, proposed, moving_job):
    from db.tables.jobs import Job

    await Job.update({Job.state: "FILLED"}).where(Job.id == moving_job)
    page = await clerk.reads(proposed)
    assert "岗位已满" in page.words("h1")
    page = await clerk.sends(f"{proposed}/worker-answer", status=422, **YES)
    assert "岗位已满" in page.words(".problems")
    assert await lapse_overdue() == 1


async def test_no_show_and_cancellation_need_a_reason_and_free_the_place(clerk, proposed, moving_job):
    await both_agree(clerk, proposed)
    page = await clerk.sends(f"{proposed}/no-show", status=422, reason="没来")
    assert "至少5个字" in page.words(".problems")
    page = await clerk.follows(await clerk.sends(f"{proposed}/no-show", reason="电话打不通，人没到"))
    assert "未到岗" in page.words("h1")
    second = await put_sample("S03")
    assert await state_of(await put_accepted(moving_job, second.id)) == "EMPLOYER_ACCEPTED"
    number = (await Referral.select().where(Referral.seeker == second.id).first())["number"]
    page = await clerk.follows(
        await clerk.sends(f"/desk/referrals/{number}/cancellation", page=f"/desk/referrals/{number}", reason="下雨改期不用人了")
    )
    assert "雇主取消" in page.words("h1")


async def test_contacts_disappear_thirty_days_after_the_end(clerk, proposed, sit_down):
    await both_agree(clerk, proposed)
    for day, seen in ((2, True), (3, False)):
        with at(datetime(2027, 1, day, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))):
            visitor = await sit_down("wu" if seen else "zhou")
            assert (WORKER_PHONE in str(await visitor.reads(proposed))) is seen


async def test_the_slip_is_printed_only_after_both_said_yes(clerk, proposed):
    answer = await clerk.fetches(f"{proposed}/slip.pdf", status=422)
    assert "都同意后才能打印" in answer.text


async def test_the_slip_tells_both_sides_what_they_need(clerk, proposed, quick_printer):
    await both_agree(clerk, proposed)
    await clerk.fetches(f"{proposed}/slip.pdf")
    template, paper = quick_printer.printed[0]
    assert (template, paper.worker_phone, paper.employer_phone) == ("referral_slip", WORKER_PHONE, EMPLOYER_PHONE)
    assert (paper.post_title, paper.pay, paper.report_time) == ("超市搬运工", "220元/天", "12月3日（周四）　08:00–17:30")
    await clerk.sends(f"{proposed}/cancellation", page=proposed, reason="下雨改期不用人了")
    assert (await clerk.fetches(f"{proposed}/slip.pdf", status=422)) is not None


async def test_placing_follows_confirming(clerk, moving_job, mover):
    referral = await put_accepted(moving_job, mover.id)
    await confirm(referral, actor=CHEN)
    await mark_placed(referral, actor=CHEN)
    assert await state_of(referral) == "PLACED"


async def test_the_journal_tells_the_story_without_the_person(clerk, proposed):
    await both_agree(clerk, proposed)
    page = await clerk.reads(proposed)
    assert [item.text.split()[-1].removeprefix("陈小满") for item in page.select(".story li")] == ["推荐上岗", "零工同意", "雇主同意"]
    for entry in await JournalEntry.select().where(JournalEntry.subject == "referral"):
        text = json.dumps(json.loads(entry["body"]), ensure_ascii=False)
        assert "周水生" not in text
        assert WORKER_PHONE not in text


async def test_the_list_narrows_by_state_and_word(clerk, proposed):
    for query in (
        "",
        "?state=PROPOSED",
        "?word=周水",
        "?word=T26120100001",
        "?word=G261201-010001",
        "?word=搬运",
        "?state=junk&page=abc&after=junk",
    ):
        assert "周水生" in (await clerk.reads(f"/desk/referrals{query}")).words("#referrals"), query
    page = await clerk.reads("/desk/referrals?state=PLACED")
    assert "没有找到" in page.words(".empty")
    assert (await clerk.reads("/desk/referrals?word=周", fragment=True)).select_one("#referrals") is not None


async def test_another_station_cannot_tell_that_it_exists(stranger, proposed):
    for path in ("", "/slip.pdf"):
        await stranger.reads(f"{proposed}{path}", status=404)
    for path in ("worker-answer", "employer-answer", "no-show", "cancellation"):
        await stranger.sends(f"{proposed}/{path}", page="/desk/account", status=404, answer="yes", reason="不知道的原因")


async def test_who_may_not_look(lawyer, officer, overseer, passer_by, proposed):
    for visitor in (lawyer, officer, overseer):
        await visitor.reads(proposed, status=403)
        await visitor.reads("/desk/referrals", status=403)
    await passer_by.reads(proposed, status=303)


async def test_three_no_shows_are_pointed_out(clerk, mover):
    for n in range(3):
        job = await put_post("J02", f"G261201-01000{n + 3}", trade="C01", start_date=f"2026-12-0{n + 3}", end_date=f"2026-12-0{n + 3}")
        await no_show(await put_accepted(job, mover.id), "约好了没有来", actor=CHEN)
    page = await clerk.reads(f"/desk/seekers/{mover.number}")
    assert "3 次约好没到岗" in page.words(".note")


@pytest.mark.parametrize(
    ("issued_on", "words"),
    [
        (date(2026, 12, 1), "12月3日（周四）08:00报到；做到12月9日（周三），每天08:00–17:30"),
        (date(2026, 12, 5), "12月5日（周六）起，按说好的日子08:00报到；做到12月9日（周三），每天08:00–17:30"),
    ],
)
def test_the_slip_says_when_to_be_there_and_never_a_day_that_is_over(issued_on, words):
    terms = JobTerms(title="搬运", start_date=date(2026, 12, 3), end_date=date(2026, 12, 9), start_time=time(8, 0), end_time=time(17, 30))
    assert report_time(terms, issued_on) == words
