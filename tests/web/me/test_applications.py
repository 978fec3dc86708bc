"""我要报名 and answering on the phone: it works, it is refused in plain words, and only for oneself."""

from datetime import date

import pytest

from db.actions.applications import identity_seen
from db.actions.referrals import employer_accepts, propose
from db.tables.journal import JournalEntry
from db.tables.referrals import Referral
from db.tables.seekers import Consent, Seeker
from rules.codes import SeekerState
from rules.journal import EventKind
from tests.visitor import path_of
from tests.web.me.conftest import APPLY, JOB, put_public, put_worker
from tests.web.referrals.conftest import CHEN, put_accepted, put_sample, state_of


async def test_somebody_not_signed_in_is_shown_the_way_and_back(passer_by, job):
    page = await passer_by.reads(APPLY)
    links = [link["href"] for link in page.select("main a")]
    assert f"/me/sign-in?next={APPLY}" in links
    assert f"/register?next={APPLY}" in links
    await passer_by.reads("/jobs/G261201-019999/application", status=404)


async def test_staff_are_told_that_this_is_for_workers(clerk, job):
    assert "不是零工的账号" in (await clerk.reads(APPLY)).words()
    await clerk.sends(APPLY, page="/desk/account", status=403)


async def test_applying_names_the_employer_by_its_public_label_and_keeps_the_consent(shui, job):
    page = await shui.visitor.reads(APPLY)
    assert "提供给【武汉某物流公司】，仅用于本次岗位【超市搬运工】" in page.words()
    page = await shui.visitor.sends(APPLY, status=422)
    assert "看明白后请打勾" in page.words(".problems")
    page = await shui.visitor.follows(await shui.visitor.sends(APPLY, consent="y"))
    assert "正在问雇主" in page.words()
    row = await Referral.select().first()
    assert (row["state"], row["source"], row["seeker"]) == ("WORKER_ACCEPTED", "APPLICATION", shui.ref.id)
    consent = await Consent.select().where(Consent.id == row["consent"]).first()
    assert (consent["method"], consent["recorded_by"]) == ("ONLINE", shui.actor.id)
    assert await JournalEntry.count().where(JournalEntry.kind == EventKind.REFERRAL_APPLIED.value) == 1


async def test_a_second_tap_applies_once_and_a_second_visit_leads_to_the_first(shui, job):
    await shui.visitor.sends(APPLY, page=APPLY, consent="y")
    again = await shui.visitor.sends(APPLY, **shui.visitor.last)
    assert path_of(again).startswith("/me/referrals/T")
    assert await Referral.count() == 1
    page = await shui.visitor.reads(APPLY)
    assert "您已经报过这个活了" in page.words("main")
    assert page.select_one(f'form[action="{APPLY}"]') is None


async def test_staff_see_the_application_as_a_worker_who_said_yes(shui, job, clerk):
    await shui.visitor.sends(APPLY, page=APPLY, consent="y")
    number = (await Referral.select().first())["number"]
    page = await clerk.reads(f"/desk/referrals/{number}")
    assert "零工已同意" in page.words("h1")
    assert "本人在手机上阅读后勾选" in page.words()


@pytest.mark.parametrize(
    ("who", "post", "words"),
    [
        ("S05", {"post_id": "J02"}, "您未满18周岁"),
        ("S07", {"post_id": "J02", "trade": "C06", "certificates": ("T11",)}, "您没有登记叉车司机证（N1）"),
        ("S01", {"post_id": "J02", "start_date": "2026-11-20", "end_date": "2026-11-21"}, "这个活的日子已经过了"),
    ],
)
async def test_the_guards_refuse_in_words_to_the_worker(sit_down, house, who, post, words):
    await put_public(**post)
    worker = await put_worker(sit_down, who)
    page = await worker.visitor.sends(APPLY, page=APPLY, status=422, consent="y")
    assert words in page.words(".problems")
    assert "该求职者" not in page.words()
    assert page.select_one("input[name=consent]").has_attr("checked")
    assert await Referral.count() == 0


async def test_full_stale_and_overlapping_posts_are_refused(shui, job):
    from db.tables.jobs import Job

    second = await put_sample("S03")
    await put_accepted(job, second.id)
    page = await shui.visitor.sends(APPLY, page=APPLY, status=422, consent="y")
    assert "已经招满" in page.words(".problems")
    other = await put_public(number="G261201-010002")
    await put_accepted(other, shui.ref.id)
    third = "/jobs/G261201-010003/application"
    stale = await put_public(number="G261201-010003")
    await Job.update({Job.verified_on: date(2026, 11, 1)}).where(Job.id == stale)
    page = await shui.visitor.sends(third, page=third, status=422, consent="y")
    assert "好" not in page.words("h1")
    assert "有一阵子没有核实" in page.words(".problems")
    assert "和您已经答应的活时间冲突" in page.words(".problems")


async def test_restricted_and_closed_workers_cannot_apply(sit_down, job):
    worker = await put_worker(
        sit_down, state=SeekerState.RESTRICTED.value, restricted_until=date(2026, 12, 20), restricted_reason="约好没来"
    )
    page = await worker.visitor.sends(APPLY, page=APPLY, status=422, consent="y")
    assert "您现在暂停推荐到2026年12月20日" in page.words(".problems")
    await Seeker.update({Seeker.state: SeekerState.CLOSED.value}).where(Seeker.id == worker.ref.id)
    page = await worker.visitor.sends(APPLY, page=APPLY, status=422, consent="y")
    assert "您的登记已经注销" in page.words(".problems")


async def test_somebody_asleep_wakes_by_applying(sit_down, job):
    worker = await put_worker(sit_down, confirmed_on=date(2026, 8, 1))
    await worker.visitor.sends(APPLY, page=APPLY, consent="y")
    assert (await Seeker.select().first())["confirmed_on"] == date(2026, 12, 1)


async def test_an_application_waits_until_the_card_was_seen(sit_down, job):
    worker = await put_worker(sit_down, state=SeekerState.SUBMITTED.value)
    assert "还没有核对" in (await worker.visitor.reads(APPLY)).words(".note")
    page = await worker.visitor.follows(await worker.visitor.sends(APPLY, consent="y"))
    assert "请带身份证到驿站核对" in page.words()
    assert "武汉湖滨物流有限公司" not in page.words()
    referral = (await Referral.select().first())["id"]
    assert await state_of(referral) == "APPLIED"
    await Seeker.update({Seeker.state: SeekerState.ACTIVE.value}).where(Seeker.id == worker.ref.id)
    assert await identity_seen(worker.ref.id, actor=CHEN) == 1
    assert await state_of(referral) == "WORKER_ACCEPTED"


async def test_a_waiting_application_ends_where_the_place_is_gone(sit_down, job):
    worker = await put_worker(sit_down, state=SeekerState.SUBMITTED.value)
    await worker.visitor.sends(APPLY, page=APPLY, consent="y")
    second = await put_sample("S03")
    await put_accepted(job, second.id)
    assert await identity_seen(worker.ref.id, actor=CHEN) == 0
    row = await Referral.select().where(Referral.seeker == worker.ref.id).first()
    assert (row["state"], "招满" in row["close_reason"]) == ("LAPSED", True)


async def test_an_application_is_taken_back_while_nothing_was_passed_on(shui, job):
    await shui.visitor.sends(APPLY, page=APPLY, consent="y")
    row = await Referral.select().first()
    here = f"/me/referrals/{row['number']}"
    page = await shui.visitor.reads(here)
    assert "收回报名" in page.words("summary")
    page = await shui.visitor.sends(f"{here}/answer", status=422, answer="no")
    assert "请选择不去的原因" in page.words(".problems")
    page = await shui.visitor.follows(await shui.visitor.sends(f"{here}/answer", answer="no", worker_reason="FOUND"))
    assert "您说不去了" in page.words()
    assert await state_of(row["id"]) == "WORKER_DECLINED"


async def test_a_proposal_is_answered_on_the_phone_with_a_consent_of_its_own(shui, job):
    ref = await propose(job, shui.ref.id, actor=CHEN)
    here = f"/me/referrals/{ref.number}"
    page = await shui.visitor.reads("/me")
    assert "请在明天 9:00 前答复" in page.words(".note")
    page = await shui.visitor.reads(here)
    assert "提供给【武汉湖滨物流有限公司】" in page.words()
    page = await shui.visitor.sends(f"{here}/answer", status=422, answer="yes")
    assert "同意后打勾" in page.words(".problems")
    await shui.visitor.sends(f"{here}/answer", answer="yes", consent="y")
    consent = await Consent.select().where(Consent.purpose == "REFERRAL").first()
    assert (consent["method"], await state_of(ref.id)) == ("ONLINE", "WORKER_ACCEPTED")


async def test_the_employers_number_and_the_slip_come_after_both_said_yes(shui, job, quick_printer):
    await shui.visitor.sends(APPLY, page=APPLY, consent="y")
    row = await Referral.select().first()
    here = f"/me/referrals/{row['number']}"
    assert "13900000001" not in str(await shui.visitor.reads(here))
    await shui.visitor.fetches(f"{here}/slip.pdf", status=422)
    await employer_accepts(row["id"], "周经理", actor=CHEN)
    page = await shui.visitor.reads(here)
    assert "13900000001" in page.words()
    assert "雇主要您了" in page.words()
    await shui.visitor.fetches(f"{here}/slip.pdf")
    assert quick_printer.printed[0][0] == "referral_slip"


async def test_another_workers_things_do_not_exist(shui, other, job):
    ref = await propose(job, shui.ref.id, actor=CHEN)
    here = f"/me/referrals/{ref.number}"
    await other.visitor.reads(here, status=404)
    await other.visitor.reads(f"{here}/slip.pdf", status=404)
    await other.visitor.reads(f"/me/consents/{ref.number}", status=404)
    for action in (f"{here}/answer", f"/me/consents/{ref.number}/withdrawal"):
        await other.visitor.sends(action, page="/me", status=404, answer="yes", consent="y", understood="y")
    assert await state_of(ref.id) == "PROPOSED"
    assert "搬运" not in (await other.visitor.reads("/me/referrals")).words("main")


async def test_the_list_is_narrowed_and_says_what_to_do_when_empty(shui, job):
    assert "还没有报过名" in (await shui.visitor.reads("/me/referrals")).words(".note")
    await shui.visitor.sends(APPLY, page=APPLY, consent="y")
    for part, seen in (("", True), ("running", True), ("waiting", False), ("over", False), ("junk", True)):
        assert ("超市搬运工" in (await shui.visitor.reads(f"/me/referrals?part={part}")).words("main")) is seen, part
    await shui.visitor.reads("/me/referrals?after=junk")


async def test_staff_have_no_place_of_their_own_here(clerk, officer, passer_by, job):
    for visitor in (clerk, officer):
        await visitor.reads("/me", status=403)
        await visitor.reads("/me/referrals", status=403)
    answer = await passer_by.reads("/me", status=303)
    assert answer.headers["location"].startswith("/me/sign-in")
    assert JOB


async def test_a_post_of_another_station_keeps_both_stations(shui, job, stranger):
    from db.tables.jobs import Job
    from tests.cast import LAKE, LING

    await Job.update({Job.station: LING}).where(Job.id == job)
    await shui.visitor.sends(APPLY, page=APPLY, consent="y")
    row = await Referral.select().first()
    assert (row["station"], row["seeker_station"]) == (LING, LAKE)
    assert "正在问雇主" in (await shui.visitor.reads(f"/me/referrals/{row['number']}")).words()
    assert "零工…001" in (await stranger.reads(f"/desk/referrals/{row['number']}")).words("h1")


async def test_a_suspended_station_takes_no_applications(shui, job):
    from db.tables.stations import Station

    await Station.update({Station.state: "SUSPENDED"}).where(Station.code == "ZD-420112015-01")
    page = await shui.visitor.sends(APPLY, page=APPLY, status=422, consent="y")
    assert "停业整改" in page.words(".problems")
