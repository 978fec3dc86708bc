"""The review desk: somebody else than the author looks, and decides."""

from datetime import timedelta

from db.actions.employer_standing import set_credit
from db.actions.jobs import alert_overdue_reviews
from db.clock import at, now
from db.tables.accounts import Account, Alert
from db.tables.jobs import Job, JobReview
from db.tables.journal import JournalEntry
from rules.codes import CreditState
from tests.cast import PEOPLE
from tests.web.conftest import MORNING
from tests.web.posts_scene import FORM, put_employer, put_in_review, put_published, put_submitted


async def state_of(ref):
    return (await Job.select(Job.state).where(Job.id == ref.id).first())["state"]


async def decide(person, ref, name, status=303, **fields):
    url = f"/desk/reviews/{ref.number}"
    return await person.sends(f"{url}/{name}", status=status, page=url, **fields)


async def test_the_queue_shows_the_longest_wait_first(reviewer):
    with at(now() - timedelta(hours=30)):
        old = await put_submitted()
    employer = (await Job.select(Job.employer).first())["employer"]
    new = await put_submitted(employer=employer, title="仓库理货日结")
    page = await reviewer.reads("/desk/reviews")
    rows = [row.get_text() for row in page.select("#queue tbody tr")]
    assert old.number in rows[0]
    assert "超过24小时" in rows[0]
    assert "30小时" in rows[0]
    assert new.number in rows[1]
    assert "超过24小时" not in rows[1]


async def test_an_empty_queue_says_so_also_as_a_fragment(reviewer):
    assert "没有等待审核的岗位" in (await reviewer.reads("/desk/reviews")).words(".empty")
    part = await reviewer.reads("/desk/reviews", fragment=True)
    assert part.select_one("#queue")
    assert not part.select_one("html")


async def test_the_author_does_not_review_it(clerk):
    ref = await put_submitted()
    assert not (await clerk.reads("/desk/reviews")).select("form[action$=taking]")
    page = await decide(clerk, ref, "taking", 422)
    assert "不能自己审核" in page.words(".problems")
    assert await state_of(ref) == "SUBMITTED"


async def test_where_nobody_else_works_the_author_may(clerk):
    ref = await put_submitted()
    await Account.update({Account.active: False}).where(Account.station == PEOPLE["chen"].station_id, Account.id != PEOPLE["chen"].id)
    await decide(clerk, ref, "taking")
    assert await state_of(ref) == "IN_REVIEW"


async def test_whoever_took_it_decides_and_a_colleague_may_take_over(reviewer, manager):
    ref = await put_in_review()
    page = await decide(manager, ref, "approval", 422)
    assert "由别的同事在审核" in page.words(".problems")
    await decide(manager, ref, "taking")
    await decide(manager, ref, "approval")
    assert await state_of(ref) == "APPROVED"


async def test_a_second_reviewer_who_edited_the_draft_is_an_author_too(reviewer, clerk, manager):
    ref = await put_submitted()
    await decide(manager, ref, "taking")
    await decide(manager, ref, "return", reason="请补充招用条件")
    edit = f"/desk/jobs/{ref.number}/edit"
    await reviewer.sends(edit, page=edit, then="submit", **{**FORM, "requirements": "能搬15公斤"})
    page = await decide(reviewer, ref, "taking", 422)
    assert "不能自己审核" in page.words(".problems")
    page = await decide(clerk, ref, "taking", 422)
    assert "不能自己审核" in page.words(".problems")
    await decide(manager, ref, "taking")


async def test_a_returned_post_says_what_to_change_where(reviewer, clerk):
    ref = await put_in_review()
    page = await decide(reviewer, ref, "return", 422, reason="", **{"note-duties": "写清楚多重"})
    assert "请写明原因" in page.words("#return-reason-error1")
    assert page.select_one("#note-duties")["value"] == "写清楚多重"
    await reviewer.sends(f"/desk/reviews/{ref.number}/return", reason="内容不够清楚", **{"note-duties": "写清楚多重"})
    assert await state_of(ref) == "DRAFT"
    page = await clerk.reads(f"/desk/jobs/{ref.number}/edit")
    assert "内容不够清楚" in page.words(".note")
    assert "写清楚多重" in page.words(".note")
    assert page.select_one('.note a[href="#duties"]')


async def test_the_next_review_shows_what_changed(reviewer, clerk):
    ref = await put_in_review()
    await decide(reviewer, ref, "return", reason="内容不够清楚")
    edit = f"/desk/jobs/{ref.number}/edit"
    await clerk.sends(edit, page=edit, then="submit", **{**FORM, "pay_fen": "230", "contact_phone": "13900000009"})
    await decide(reviewer, ref, "taking")
    page = await reviewer.reads(f"/desk/reviews/{ref.number}")
    assert "220元" in page.words(".review del")
    assert "230元" in page.words(".review ins")
    assert "已修改（不公开）" in page.words(".review")
    assert "13900000009" not in str(page)


async def test_a_ready_made_reason_stands_for_itself(reviewer, clerk):
    ref = await put_in_review()
    await decide(reviewer, ref, "return", template="HOURS", reason="比如8点到17点。")
    page = await clerk.reads(f"/desk/jobs/{ref.number}/edit")
    assert "上下班时间、休息时间没写清楚，请写明几点到几点、中间休息多久。比如8点到17点。" in page.words(".note")


async def test_a_rejection_by_class_brings_its_text_and_its_law(reviewer):
    ref = await put_in_review()
    await decide(reviewer, ref, "rejection", code="FEE", reason="", legal_basis="")
    assert await state_of(ref) == "REJECTED"
    row = await JobReview.select().first()
    assert (row["reason_code"], row["legal_basis"]) == ("FEE", "《劳动合同法》第9、84条；《东西湖区零工驿站管理办法》第21条")
    assert row["reason"].startswith("向求职者收取押金")


async def test_a_rejection_of_another_class_needs_reason_and_basis_in_words(reviewer):
    ref = await put_in_review()
    page = await decide(reviewer, ref, "rejection", 422, code="OTHER", reason="情况不属实", legal_basis="")
    assert page.select_one("#rejection-basis-error1")
    assert page.words("#rejection-reason") == "情况不属实"
    assert page.select_one("#rejection-code option[selected]")["value"] == "OTHER"
    await reviewer.sends(f"/desk/reviews/{ref.number}/rejection", code="OTHER", reason="冒用他人执照", legal_basis="《就业促进法》第41条")
    assert await state_of(ref) == "REJECTED"
    row = await JobReview.select().first()
    assert (row["reason_code"], row["legal_basis"]) == ("OTHER", "《就业促进法》第41条")


async def test_a_post_that_waits_for_a_day_is_put_before_the_manager_once(house):
    ref = await put_in_review()
    assert await alert_overdue_reviews() == 0
    with at(MORNING + timedelta(hours=25)):
        assert await alert_overdue_reviews() == 1
        assert await alert_overdue_reviews() == 0
    row = await Alert.select().first()
    assert (row["kind"], row["subject_id"]) == ("REVIEW_OVERDUE", ref.id)


async def test_every_warning_must_be_ticked(reviewer):
    ref = await put_in_review(insurance=None, answers={"M07": "下周投保"})
    page = await decide(reviewer, ref, "approval", 422)
    assert "还没有勾“已核实”" in page.words(".problems")
    assert "下周投保" in page.words("aside")
    await reviewer.sends(f"/desk/reviews/{ref.number}/approval", confirmed=["M07"])
    assert await state_of(ref) == "APPROVED"
    assert (await JobReview.select(JobReview.answers).first())["answers"] == '["M07"]'


async def test_a_post_nobody_verified_is_not_approved(reviewer):
    ref = await put_submitted()
    await decide(reviewer, ref, "taking")
    page = await decide(reviewer, ref, "approval", 422)
    assert "还没有核实" in page.words(".problems")
    await reviewer.sends(f"/desk/jobs/{ref.number}/verification", page=f"/desk/jobs/{ref.number}", method="PHONE")
    await decide(reviewer, ref, "approval")


async def test_an_employer_under_watch_needs_the_manager(reviewer, manager):
    employer = await put_employer()
    await set_credit(employer, CreditState.WATCH, "多次投诉欠薪", actor=PEOPLE["wu"])
    ref = await put_in_review(employer=employer, answers={"M14": "已与雇主谈话"})
    page = await decide(reviewer, ref, "approval", 422, confirmed=["M14"])
    assert "须由驿站负责人审核" in page.words(".problems")
    await decide(manager, ref, "taking")
    await decide(manager, ref, "approval", confirmed=["M14"])
    assert await state_of(ref) == "APPROVED"


async def test_an_employer_blocked_meanwhile_stops_the_approval(reviewer):
    employer = await put_employer()
    ref = await put_in_review(employer=employer)
    await set_credit(employer, CreditState.BLOCKED, "欠薪已经查实", actor=PEOPLE["zheng"])
    page = await decide(reviewer, ref, "approval", 422)
    assert "禁止发布" in page.words(".problems")


async def test_words_are_marked_in_their_place(reviewer):
    ref = await put_submitted(duties="分拣包裹，按片区放好，面试通过就上岗，做五休二，会说武汉话优先。")
    page = await reviewer.reads(f"/desk/reviews/{ref.number}")
    assert "面试通过就上岗" in page.words(".review")


async def test_a_post_that_is_not_in_review_offers_no_decision(reviewer):
    ref = await put_published()
    page = await reviewer.reads(f"/desk/reviews/{ref.number}")
    assert not page.select("form[action$=approval]")
    assert "不在审核中" in page.words(".note")
    page = await decide(reviewer, ref, "approval", 422)
    assert "不能审核通过" in page.words(".problems")


async def test_a_second_click_approves_once(reviewer):
    ref = await put_in_review()
    await decide(reviewer, ref, "approval")
    again = await reviewer.client.post(f"/desk/reviews/{ref.number}/approval", data=reviewer.last)
    assert again.status_code == 303
    assert await JournalEntry.count().where(JournalEntry.kind == "JOB_APPROVED") == 1


async def test_a_script_tag_is_only_text(reviewer):
    ref = await put_submitted(title="<script>alert(1)</script>分拣")
    page = await reviewer.reads(f"/desk/reviews/{ref.number}")
    assert "<script>alert(1)</script>分拣" in page.words("h1")
    assert not [tag for tag in page.select("script") if "alert" in tag.text]


async def test_ten_thousand_characters_come_back_as_a_sentence(reviewer):
    ref = await put_in_review()
    long = "长" * 10_000
    page = await decide(reviewer, ref, "return", 422, reason=long, **{"note-duties": long})
    assert page.select_one("#return-reason-error1")
    page = await decide(reviewer, ref, "return", 422, reason="内容不够清楚", **{"note-duties": long})
    assert "修改意见最多200个字" in page.words(".problems")


async def test_strangers_and_readers_stay_outside(stranger, officer, lawyer, house):
    ref = await put_in_review()
    await stranger.reads(f"/desk/reviews/{ref.number}", status=404)
    assert ref.number not in (await stranger.reads("/desk/reviews")).words()
    for name in ("taking", "approval", "return", "rejection"):
        await stranger.sends(f"/desk/reviews/{ref.number}/{name}", status=404, page="/desk/reviews", reason="随便写的原因")
        await officer.sends(f"/desk/reviews/{ref.number}/{name}", status=403, page="/desk/jobs")
    await lawyer.reads("/desk/reviews", status=403)
    assert await state_of(ref) == "IN_REVIEW"
