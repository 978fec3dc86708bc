"""Watched, blocked, out of date: what each means for the posts of an employer, at every station."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from db.actions.employer_standing import set_credit
from db.actions.jobs import approve_job, draft_job, publish_job, reopen_place, resume_job, revise_job, verify_job
from db.clock import at
from db.queries.jobs import opened_terms, reviews_of
from db.tables.employers import Employer, EmployerDecision
from db.tables.jobs import Job
from db.tables.journal import JournalEntry
from db.transaction import writing
from rules.codes import CreditState, PostSource, VerifyMethod
from rules.employers import CreditGround
from rules.errors import RuleBroken, RulesBroken
from tests.cast import LAKE, LING, PEOPLE
from tests.web.conftest import MORNING
from tests.web.posts_scene import TERMS, put_draft, put_employer, put_in_review, put_published


async def state_of(ref) -> tuple[str, bool]:
    row = await Job.select(Job.state, Job.listed).where(Job.id == ref.id).first()
    return row["state"], row["listed"]


async def block(id: int) -> None:
    await set_credit(id, CreditState.BLOCKED, "欠薪已经查实", ground=CreditGround.UNPAID, actor=PEOPLE["zheng"])


async def test_a_block_takes_the_posts_down_at_every_station_with_reason_and_basis(officer, passer_by):
    here = await put_published()
    there = await put_employer(who="lin")
    url = f"/desk/employers/{there}/credit"
    page = await officer.sends(url, status=422, page=f"/desk/employers/{there}", credit="BLOCKED", reason="欠薪已经查实，拒不改正")
    assert "请选择依据哪一条" in page.words(".problems")
    assert page.words("#credit-reason") == "欠薪已经查实，拒不改正"
    await officer.sends(url, ground="UNPAID")
    assert await state_of(here) == ("TAKEN_DOWN", False)
    (decision, *_) = await reviews_of(here.id)
    assert (decision["decision"], decision["legal_basis"]) == ("TAKEN_DOWN", "《劳动法》第五十条")
    assert "欠薪已经查实" in decision["reason"]
    entries = await JournalEntry.select(JournalEntry.kind, JournalEntry.station_id).order_by(JournalEntry.id)
    assert [(one["kind"], one["station_id"]) for one in entries[-2:]] == [("EMPLOYER_BLOCKED", LING), ("JOB_TAKEN_DOWN", LAKE)]
    assert here.number not in str(await passer_by.reads("/jobs"))


async def test_the_decision_stands_on_the_employers_page_with_its_basis(officer):
    id = await put_employer()
    await officer.sends(f"/desk/employers/{id}/credit", page=f"/desk/employers/{id}", credit="WATCH", ground="FEE", reason="多人投诉收押金")
    page = await officer.reads(f"/desk/employers/{id}")
    assert "列为重点关注 郑科长（区级管理员） 多人投诉收押金 《劳动合同法》第九条、第八十四条" in page.words()


async def test_another_ground_needs_its_law_in_writing(manager):
    id = await put_employer()
    url = f"/desk/employers/{id}/credit"
    page = await manager.sends(url, status=422, page=f"/desk/employers/{id}", credit="WATCH", ground="OTHER", reason="多次联系不上")
    assert "请写明法律依据" in page.words(".problems")
    await manager.sends(url, legal_basis="《人力资源市场暂行条例》第二十七条")
    assert (await EmployerDecision.select(EmployerDecision.legal_basis).order_by(EmployerDecision.id, ascending=False).first())[
        "legal_basis"
    ] == "《人力资源市场暂行条例》第二十七条"


async def test_lifting_a_block_leads_to_watch_and_puts_nothing_back(officer):
    ref = await put_published()
    id = (await Employer.select(Employer.id).first())["id"]
    await block(id)
    page = await officer.reads(f"/desk/employers/{id}")
    assert [option["value"] for option in page.select("#credit-state option")] == ["WATCH"]
    await officer.sends(f"/desk/employers/{id}/credit", credit="WATCH", ground="UNPAID", reason="工资已经全部补发")
    assert await state_of(ref) == ("TAKEN_DOWN", False)


async def test_a_blocked_employer_gets_no_draft_at_any_station(house):
    here, there = await put_employer(), await put_employer(who="lin")
    await block(there)
    with pytest.raises(RuleBroken, match="禁止发布"):
        await put_draft(employer=here)
    with pytest.raises(RuleBroken, match="禁止发布"):
        await draft_job(here, TERMS, source=PostSource.EMPLOYER, actor=PEOPLE["wu"])


async def test_a_paused_post_of_a_blocked_employer_does_not_come_back(reviewer):
    ref = await put_published()
    await reviewer.sends(f"/desk/jobs/{ref.number}/pause", page=f"/desk/jobs/{ref.number}")
    await block((await Employer.select(Employer.id).first())["id"])
    assert await state_of(ref) == ("TAKEN_DOWN", False)
    with pytest.raises(RuleBroken):
        await resume_job(ref.id, actor=PEOPLE["zhou"])


async def test_a_place_given_back_does_not_put_a_blocked_employers_post_on_the_board(house):
    ref = await put_published()
    await Job.update({Job.state: "FILLED", Job.listed: False, Job.placed_count: 5}).where(Job.id == ref.id)
    await block((await Employer.select(Employer.id).first())["id"])
    async with writing():
        await reopen_place(ref.id)
    assert (await state_of(ref))[1] is False


async def test_the_review_page_says_who_must_approve_a_watched_employers_post(reviewer, manager):
    id = await put_employer()
    await set_credit(id, CreditState.WATCH, "多次投诉欠薪", actor=PEOPLE["wu"])
    ref = await put_in_review(employer=id, answers={"M14": "已与雇主谈话"})
    page = await reviewer.reads(f"/desk/reviews/{ref.number}")
    assert "须由驿站负责人审核通过" in page.words()
    assert not page.select("form[action$=approval] button.go")
    await manager.sends(f"/desk/reviews/{ref.number}/taking", page=f"/desk/reviews/{ref.number}")
    page = await manager.reads(f"/desk/reviews/{ref.number}")
    assert page.select("form[action$=approval] button.go")


async def test_watched_after_the_approval_the_manager_publishes(house):
    ref = await put_in_review()
    id = (await Employer.select(Employer.id).first())["id"]
    await approve_job(ref.id, set(), actor=PEOPLE["zhou"])
    await set_credit(id, CreditState.WATCH, "多次投诉欠薪", actor=PEOPLE["wu"])
    with pytest.raises(RuleBroken, match="负责人"):
        await publish_job(ref.id, ("WEBSITE",), actor=PEOPLE["zhou"])
    await publish_job(ref.id, ("WEBSITE",), actor=PEOPLE["wu"])
    assert (await state_of(ref))[0] == "PUBLISHED"


async def test_no_change_to_a_watched_employers_post_is_public_unseen(house):
    ref = await put_published()
    id = (await Employer.select(Employer.id).first())["id"]
    await set_credit(id, CreditState.WATCH, "多次投诉欠薪", actor=PEOPLE["wu"])
    changed = replace(await opened_terms(ref.id), remarks="请自带水杯。")
    await revise_job(ref.id, changed, actor=PEOPLE["chen"], answers={"M14": "已与雇主谈话"})
    assert await state_of(ref) == ("SUBMITTED", False)


async def test_a_verification_that_ran_out_stops_freshness_and_renewal_and_is_shown(clerk):
    ref = await put_published()
    id = (await Employer.select(Employer.id).first())["id"]
    await Employer.update({Employer.verified_until: date(2026, 11, 30)}).where(Employer.id == id)
    page = await clerk.reads(f"/desk/jobs/{ref.number}")
    assert "雇主核验已经过期" in page.words()
    page = await clerk.sends(f"/desk/jobs/{ref.number}/verification", status=422, method="PHONE")
    assert "请先重新核验雇主" in page.words()
    with at(MORNING + timedelta(days=25)):
        terms = await opened_terms(ref.id)
        renewed = replace(terms, valid_to=date(2027, 1, 10), start_date=date(2026, 12, 28), end_date=date(2026, 12, 30))
        with pytest.raises(RulesBroken, match="核验已经过期"):
            await revise_job(ref.id, renewed, actor=PEOPLE["chen"])


async def test_a_draft_may_still_be_verified_before_its_employer_is(house):
    ref = await put_draft(employer=await put_employer(verified=False))
    await verify_job(ref.id, VerifyMethod.PHONE, actor=PEOPLE["chen"])


async def test_the_desk_counts_and_lists_who_must_be_verified_again_two_weeks_ahead(clerk):
    soon = await put_employer(name="武汉快到期公司")
    await Employer.update({Employer.verified_until: date(2026, 12, 15)}).where(Employer.id == soon)
    later = await put_employer(name="武汉还早公司", id_number="91420112MA4K00002B")
    await Employer.update({Employer.verified_until: date(2026, 12, 16)}).where(Employer.id == later)
    desk = await clerk.reads("/desk")
    tile = desk.select_one('.tile[href="/desk/employers?state=DUE"]')
    assert tile.b.text == "1"
    page = await clerk.reads("/desk/employers?state=DUE")
    assert "武汉快到期公司" in page.words("#employers")
    assert "快到期" in page.words("#employers .tag")
    assert "武汉还早公司" not in page.words("#employers")
