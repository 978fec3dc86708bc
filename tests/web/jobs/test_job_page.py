"""One post on the desk: what may be done with it, and by whom. And the list."""

from datetime import date, timedelta

from db.actions.jobs import expire_jobs, pause_job
from db.clock import at, now
from db.search import newest_matches
from db.tables.jobs import Job, JobReview, LintRelease
from db.tables.journal import JournalEntry
from rules.search import query_tokens
from tests.cast import PEOPLE
from tests.web.posts_scene import FORM, put_draft, put_employer, put_in_review, put_published, put_submitted


async def state_of(ref):
    return (await Job.select(Job.state, Job.listed).where(Job.id == ref.id).first()).values()


async def step(person, ref, name, status=303, **fields):
    return await person.sends(f"/desk/jobs/{ref.number}/{name}", status=status, page=f"/desk/jobs/{ref.number}", **fields)


async def test_a_draft_is_submitted(clerk):
    ref = await put_draft()
    await step(clerk, ref, "submission")
    assert list(await state_of(ref)) == ["SUBMITTED", False]


async def test_a_block_refuses_the_submission_with_marks_in_the_text(clerk):
    ref = await put_draft(duties="分拣包裹，限男性，按片区放好，最重15公斤。")
    page = await step(clerk, ref, "submission", 422)
    assert "不得限定性别" in page.words(".problems")
    assert [mark.text for mark in page.select(".review mark")] == ["限男性"]
    assert list(await state_of(ref)) == ["DRAFT", False]


async def test_an_unverified_employer_blocks_the_submission(clerk):
    ref = await put_draft(employer=await put_employer(verified=False))
    page = await step(clerk, ref, "submission", 422)
    assert "雇主还没有核验" in page.words(".problems")


async def test_an_unanswered_warning_refuses_and_an_answer_passes(clerk):
    ref = await put_draft(insurance=None)
    page = await step(clerk, ref, "submission", 422)
    assert page.select_one("#answer-M07")["aria-invalid"] == "true"
    await clerk.sends(f"/desk/jobs/{ref.number}/submission", **{"answer-M07": "雇主下周投保"})
    assert list(await state_of(ref)) == ["SUBMITTED", False]


async def test_a_manager_releases_a_false_positive_and_the_clerk_may_not(clerk, manager):
    ref = await put_draft(duties="分拣包裹，限男性，按片区放好，最重15公斤。")
    await step(clerk, ref, "release", 403, rule="D01", words="限男性", reason="女职工禁忌劳动")
    page = await step(manager, ref, "release", 422, reason="是")
    assert "至少5个字" in page.words(".problems")
    await step(manager, ref, "release", reason="女职工禁忌劳动，每小时负重超过20公斤")
    assert await LintRelease.count() == 1
    await step(clerk, ref, "submission")
    entry = await JournalEntry.select().where(JournalEntry.kind == "LINT_RELEASED").first()
    assert "女职工禁忌劳动" in entry["body"]
    assert "限男性" not in entry["body"]


async def test_other_words_are_not_released_with_them(clerk, manager):
    ref = await put_draft(duties="分拣包裹，限男性，按片区放好，最重15公斤。")
    await step(manager, ref, "release", reason="女职工禁忌劳动，每小时负重超过20公斤")
    await clerk.sends(
        f"/desk/jobs/{ref.number}/edit",
        page=f"/desk/jobs/{ref.number}/edit",
        **{**FORM, "duties": "分拣包裹，只招男工，按片区放好，最重15公斤。"},
    )
    await step(clerk, ref, "submission", 422)


async def test_fraud_is_released_by_officers_only(manager, officer):
    ref = await put_draft(duties="刷单兼职，分拣包裹，按片区放好，轻松。")
    page = await manager.reads(f"/desk/jobs/{ref.number}")
    hit = next(tag for tag in page.select(".review mark"))
    rule = next(line for line in page.select(".hits .hint") if line.text.startswith("S")).text[:3]
    page = await step(manager, ref, "release", 422, rule=rule, words=hit.text, reason="确实不是刷单")
    assert "街道监管员" in page.words(".problems")
    await step(officer, ref, "release", rule=rule, words=hit.text, reason="确实不是刷单")


async def test_the_whole_way_to_the_board(clerk, reviewer):
    ref = await put_in_review()
    await reviewer.sends(f"/desk/reviews/{ref.number}/approval", page=f"/desk/reviews/{ref.number}")
    page = await step(reviewer, ref, "publication", 422, channels=[])
    assert "发布渠道" in page.words(".problems")
    await step(reviewer, ref, "publication", channels=["WEBSITE", "WECHAT"])
    job = await Job.select().where(Job.id == ref.id).first()
    assert (job["state"], job["listed"], job["published_version"], job["channels"]) == ("PUBLISHED", True, 1, "WEBSITE,WECHAT")
    assert job["employer_label"] == "武汉某物流公司"
    assert await newest_matches(query_tokens("快递分拣")) == [ref.id]
    kinds = [row["kind"] for row in await JournalEntry.select(JournalEntry.kind).order_by(JournalEntry.id)]
    assert kinds[-6:] == ["JOB_DRAFTED", "JOB_SUBMITTED", "JOB_VERIFIED", "JOB_REVIEW_TAKEN", "JOB_APPROVED", "JOB_PUBLISHED"]


async def test_a_unit_that_agreed_is_named_in_full(house):
    ref = await put_published(employer=await put_employer(name_public=True))
    assert (await Job.select(Job.employer_label).where(Job.id == ref.id).first())["employer_label"] == "武汉湖畔物流有限公司"


async def test_pause_and_resume(clerk):
    ref = await put_published()
    await step(clerk, ref, "pause")
    assert list(await state_of(ref)) == ["PAUSED", False]
    assert await newest_matches(query_tokens("分拣")) == []
    await step(clerk, ref, "resumption")
    assert list(await state_of(ref)) == ["PUBLISHED", True]
    assert await newest_matches(query_tokens("分拣")) == [ref.id]
    page = await step(clerk, ref, "resumption", 422)
    assert "不能恢复招工" in page.words(".problems")


async def test_the_employer_withdraws(clerk):
    ref = await put_published()
    await step(clerk, ref, "withdrawal", reason="已经招到人")
    assert list(await state_of(ref)) == ["WITHDRAWN", False]
    assert await newest_matches(query_tokens("分拣")) == []


async def test_a_post_is_taken_down_with_reason_and_basis(overseer, lawyer):
    ref = await put_published()
    await step(lawyer, ref, "takedown", 403, reason="内容不实，已查明", legal_basis="《就业促进法》第27条")
    page = await step(overseer, ref, "takedown", 422, reason="内容不实，已查明", legal_basis="")
    assert page.select_one("#takedown-basis-error1")
    assert "内容不实" in page.words("#takedown-reason")
    await step(overseer, ref, "takedown", reason="内容不实，已查明", legal_basis="《就业促进法》第27条")
    assert list(await state_of(ref)) == ["TAKEN_DOWN", False]
    assert (await JobReview.select().where(JobReview.decision == "TAKEN_DOWN").first())["legal_basis"] == "《就业促进法》第27条"


async def test_a_substantive_change_goes_back_to_review_and_the_old_version_stays(clerk):
    ref = await put_published()
    edit = f"/desk/jobs/{ref.number}/edit"
    page = await clerk.reads(edit)
    assert page.select_one("#contact_phone")["value"] == ""
    assert page.select_one("#title")["value"] == "快递分拣日结"
    await clerk.sends(edit, pay_fen="200", promise="y")
    job = await Job.select().where(Job.id == ref.id).first()
    assert (job["state"], job["listed"], job["version"], job["published_version"]) == ("SUBMITTED", False, 2, 1)
    assert job["pay_fen"] == 22000
    assert await newest_matches(query_tokens("分拣")) == []
    page = await clerk.reads(f"/desk/jobs/{ref.number}")
    assert "改了：单价" in page.words("aside")
    assert "220元" in page.words("del")
    assert "200元" in page.words("ins")
    old = await clerk.reads(f"/desk/jobs/{ref.number}?version=1")
    assert "220元/天" in old.words("dl")
    assert "已被后来的版本代替" in old.words()
    await clerk.reads(f"/desk/jobs/{ref.number}?version=9", status=404)


async def test_another_change_is_public_at_once(clerk):
    ref = await put_published()
    edit = f"/desk/jobs/{ref.number}/edit"
    await clerk.sends(edit, page=edit, valid_to="2026-12-25", promise="y")
    job = await Job.select().where(Job.id == ref.id).first()
    assert (job["state"], job["listed"], job["published_version"], job["valid_to"]) == ("PUBLISHED", True, 2, date(2026, 12, 25))
    page = await clerk.sends(edit, status=422, page=edit, promise="y")
    assert "没有改动" in page.words(".problems")


async def test_a_published_post_is_not_changed_past_the_checks(clerk):
    ref = await put_published()
    edit = f"/desk/jobs/{ref.number}/edit"
    page = await clerk.sends(edit, status=422, page=edit, valid_to="2027-06-01", promise="y")
    assert "有效期最长30天" in page.words("#valid_to-error1")
    assert (await Job.select(Job.version).where(Job.id == ref.id).first())["version"] == 1


async def test_a_passed_validity_is_swept_once(house):
    ref = await put_published()
    with at(now() + timedelta(days=25)):
        assert await expire_jobs() == 1
        assert list(await state_of(ref)) == ["EXPIRED", False]
        assert await newest_matches(query_tokens("分拣")) == []
        assert await expire_jobs() == 0


async def test_a_post_nobody_verifies_for_fifteen_days_is_hidden(house):
    ref = await put_published(valid_to=date(2026, 12, 30), end_date=date(2026, 12, 30), weekly_days=6)
    with at(now() + timedelta(days=16)):
        assert await expire_jobs() == 1
        assert list(await state_of(ref)) == ["PUBLISHED", False]


async def test_an_expired_post_is_renewed_through_a_review(clerk):
    ref = await put_published()
    await Job.update({Job.valid_to: date(2026, 11, 30)}).where(Job.id == ref.id)
    listed = await clerk.reads("/desk/jobs?state=EXPIRED")
    assert ref.number in listed.words("#jobs")
    assert ref.number not in (await clerk.reads("/desk/jobs?state=PUBLISHED")).words("#jobs")
    edit = f"/desk/jobs/{ref.number}/edit"
    await clerk.sends(edit, page=edit, valid_to="2026-12-28", promise="y")
    assert list(await state_of(ref)) == ["SUBMITTED", False]


async def test_another_station_s_post_does_not_exist(stranger, house):
    ref = await put_published()
    await stranger.reads(f"/desk/jobs/{ref.number}", status=404)
    await stranger.reads(f"/desk/jobs/{ref.number}/edit", status=404)
    await stranger.reads(f"/desk/jobs/{ref.number}/form.pdf", status=404)
    for name in ("submission", "verification", "publication", "pause", "resumption", "withdrawal", "takedown"):
        url = f"/desk/jobs/{ref.number}/{name}"
        await stranger.sends(url, status=404, page="/desk/jobs", reason="随便写的原因", legal_basis="随便写的", method="PHONE")
    assert list(await state_of(ref)) == ["PUBLISHED", True]


async def test_readers_see_the_post_and_no_forms(officer, lawyer, sit_down):
    ref = await put_published()
    operator = await sit_down("he")
    for reader in (lawyer, operator, officer):
        page = await reader.reads(f"/desk/jobs/{ref.number}")
        assert "139****0001" in page.words()
        assert "周晓明" not in str(page)
        assert not page.select("form[action$=pause], form[action$=withdrawal], form[action$=verification]")
        await reader.sends(f"/desk/jobs/{ref.number}/pause", status=403)
        await reader.reads(f"/desk/jobs/{ref.number}/edit", status=403)


async def test_a_double_click_pauses_once(clerk):
    ref = await put_published()
    await step(clerk, ref, "pause")
    again = await clerk.client.post(f"/desk/jobs/{ref.number}/pause", data=clerk.last)
    assert again.status_code == 303
    assert await JournalEntry.count().where(JournalEntry.kind == "JOB_PAUSED") == 1


async def test_the_list_is_narrowed_and_junk_is_dropped(clerk):
    ref = await put_published()
    other = await put_draft(
        employer=await put_employer(name="武汉金湖餐饮店", id_number="91420112MA4K00002B"), title="后厨洗碗", trade="E02"
    )
    page = await clerk.reads("/desk/jobs?trade=E02")
    assert other.number in page.words("#jobs")
    assert ref.number not in page.words("#jobs")
    page = await clerk.reads("/desk/jobs?word=金湖&state=JUNK&trade=%3Cb%3E&after=abc&page=abc")
    assert other.number in page.words("#jobs")
    assert ref.number not in page.words("#jobs")
    page = await clerk.reads(f"/desk/jobs?word={ref.number.lower()}")
    assert ref.number in page.words("#jobs")
    assert other.number not in page.words("#jobs")
    assert "没有符合条件的岗位" in (await clerk.reads("/desk/jobs?word=zzz")).words(".empty")
    part = await clerk.reads("/desk/jobs", fragment=True)
    assert part.select_one("#jobs")
    assert not part.select_one("html")


async def test_a_number_that_is_none_is_not_found(clerk):
    for number in ("G261201-019999", "abc", "G26%20", "X" * 300):
        await clerk.reads(f"/desk/jobs/{number}", status=404)


async def test_a_suspended_station_neither_registers_nor_publishes(clerk):
    from db.tables.stations import Station

    ref = await put_submitted()
    employer = (await Job.select(Job.employer).where(Job.id == ref.id).first())["employer"]
    await Station.update({Station.state: "SUSPENDED"}).where(Station.id == PEOPLE["chen"].station_id)
    page = await clerk.sends("/desk/jobs", status=422, page=f"/desk/jobs/new?employer={employer}", **FORM)
    assert "停业整改" in page.words(".problems")


async def test_a_paused_post_says_what_to_do_when_edited(clerk):
    ref = await put_published()
    await pause_job(ref.id, actor=PEOPLE["chen"])
    edit = f"/desk/jobs/{ref.number}/edit"
    page = await clerk.sends(edit, status=422, page=edit, pay_fen="250", promise="y")
    assert "请先恢复招工" in page.words(".problems")
    assert page.select_one("#pay_fen")["value"] == "250"
