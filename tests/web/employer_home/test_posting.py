"""An employer posts from a phone: eight short pages, a check page, returned, corrected, published."""

import pytest

from db.actions.employer_standing import set_credit
from db.actions.jobs import approve_job, publish_job, reject_job, return_job, take_review, verify_job
from db.queries.jobs import job_in, opened_terms
from db.tables.accounts import Draft
from db.tables.jobs import Job, JobVersion
from db.tables.journal import JournalEntry
from db.vault import vault
from rules.codes import CreditState, RejectReason, VerifyMethod
from tests.cast import PEOPLE
from tests.web.employer_home.conftest import PAGES, fills_in, posts

ZHOU, CHEN = PEOPLE["zhou"], PEOPLE["chen"]
NEW = "/employer/jobs/new"


async def row_of(url: str) -> dict:
    number = url.rsplit("/", 1)[1]
    return await Job.select().where(Job.number == number).first()


async def kinds() -> list[str]:
    return [row["kind"] for row in await JournalEntry.select(JournalEntry.kind).order_by(JournalEntry.seq)]


async def test_an_employer_posts_is_returned_corrects_and_is_published(boss):
    phone = boss.visitor
    url = await posts(phone)
    page = await phone.reads(url)
    assert "待审核" in page.words("h1")
    assert "等驿站审核" in page.words(".way")
    row = await row_of(url)
    assert (row["source"], row["author"], row["employer"]) == ("EMPLOYER", boss.actor.id, boss.id)

    await take_review(row["id"], actor=ZHOU)
    await return_job(row["id"], {"duties": "请写明每件大约多重", "pay_fen": "工钱和电话里说的不一样"}, "有两处要改", actor=ZHOU)
    home = await phone.reads("/employer")
    assert "驿站退回" in home.words(".todo.now")
    page = await phone.reads(url)
    assert "请写明每件大约多重" in page.words(".notes")
    marked = await phone.reads(f"{url}/edit/marked")
    asked = [each["name"] for each in marked.select(".ask-form [name]") if each["name"] not in ("csrf_token", "go")]
    assert asked == ["duties", "pay_fen"], "exactly the marked fields"
    assert "工钱和电话里说的不一样" in marked.words(".ask-form")
    sheet = await phone.sends(f"{url}/edit/marked", duties="分拣包裹，按片区放好，每件5到15公斤。", pay_fen="240")
    assert sheet.headers["location"].endswith("/edit/check")
    await phone.sends(f"{url}/edit/check", page=f"{url}/edit/check", promise="y", then="submit")

    terms = await opened_terms(row["id"])
    assert (terms.pay_fen, terms.exact_address) == (24000, "宏图大道18号3号库2楼"), "what was not asked stays"
    await take_review(row["id"], actor=ZHOU)
    await verify_job(row["id"], VerifyMethod.PHONE, actor=ZHOU)
    await approve_job(row["id"], set(), actor=ZHOU)
    await publish_job(row["id"], ("WEBSITE",), actor=ZHOU)
    page = await phone.reads(url)
    assert "招工中" in page.words("h1")
    assert "退回，请修改后再提交" in page.words(".way")


async def test_every_page_works_without_script_and_fits_the_phone(boss):
    await fills_in(boss.visitor)
    for slug in (*PAGES, "check"):
        page = await boss.visitor.reads(f"{NEW}/{slug}")
        assert not page.select("script")
        assert len(str(page).encode()) < 30_000


async def test_back_and_forward_lose_nothing(boss):
    phone = boss.visitor
    await phone.reads(f"{NEW}/work")
    await phone.sends(f"{NEW}/work", **PAGES["work"])
    await phone.reads(f"{NEW}/people")
    sheet = await phone.sends(f"{NEW}/people", headcount="乱写", go="back")
    page = await phone.reads(sheet.headers["location"])
    assert page.select_one("#title")["value"] == "快递分拣日结"
    page = await phone.reads(f"{NEW}/people")
    assert page.select_one("#headcount")["value"] == "乱写"
    assert "没填完" in (await phone.reads("/employer")).words(".todo")


async def test_a_refused_page_keeps_the_typing_and_is_kept_for_later(boss):
    phone = boss.visitor
    await phone.reads(f"{NEW}/work")
    page = await phone.sends(f"{NEW}/work", status=422, title="", trade="C03", duties="短")
    assert "请填写" in page.words(".problems")
    assert page.select_one("#duties").text.strip() == "短"
    page = await phone.reads(f"{NEW}/work")
    assert page.select_one("#duties").text.strip() == "短"


async def test_forbidden_words_are_marked_on_their_own_page_with_what_to_write_instead(boss):
    phone = boss.visitor
    await phone.reads(f"{NEW}/people")
    page = await phone.sends(f"{NEW}/people", status=422, headcount="5", requirements="限男性，手脚麻利")
    assert "限男性" in page.words(".marked mark")
    assert "请改" in page.words("#requirements-error1")
    sheet = await phone.sends(f"{NEW}/people", headcount="5", requirements="手脚麻利，能搬15公斤")
    assert sheet.headers["location"] == f"{NEW}/when"


async def test_pay_below_the_minimum_is_refused_on_the_page_of_pay(boss):
    check = await fills_in(boss.visitor)
    await boss.visitor.reads(f"{NEW}/pay?then=check")
    page = await boss.visitor.sends(f"{NEW}/pay", status=422, pay_fen="80")
    assert "最低工资" in page.words("#pay_fen-error1")
    page = await boss.visitor.reads(check)
    assert "最低工资" in page.words(".problems"), "the check page says it, too"


async def test_a_warning_is_answered_on_the_check_page(boss):
    check = await fills_in(boss.visitor, care={"insurance": "", "benefits": []})
    page = await boss.visitor.reads(check)
    assert page.select_one("#answer-M07")
    page = await boss.visitor.sends(check, status=422, promise="y", then="submit")
    assert "请写明核实情况" in page.words("#answer-M07-error")
    sheet = await boss.visitor.sends(check, promise="y", then="submit", **{"answer-M07": "已联系保险公司，开工前买好"})
    row = await row_of(sheet.headers["location"])
    assert row["state"] == "SUBMITTED"


async def test_without_the_promise_nothing_is_handed_in(boss):
    check = await fills_in(boss.visitor)
    page = await boss.visitor.sends(check, status=422, page=check, then="submit")
    assert "同意后打勾" in page.words(".problems")
    assert not await Job.exists().where(Job.employer == boss.id)


async def test_the_second_click_posts_nothing_twice(boss):
    check = await fills_in(boss.visitor)
    first = await boss.visitor.sends(check, page=check, promise="y", then="submit")
    again = await boss.visitor.client.post(check, data=boss.visitor.last)
    assert again.headers["location"] == first.headers["location"]
    assert await Job.count().where(Job.employer == boss.id) == 1


async def test_a_newcomer_keeps_a_draft_and_reads_what_is_missing(newcomer):
    phone = newcomer.visitor
    home = await phone.reads("/employer")
    assert "待核验" in home.words("main")
    assert "营业执照" in home.words("main .note")
    check = await fills_in(phone)
    page = await phone.reads(check)
    assert "先到金银湖零工驿站核验" in page.words("main")
    sheet = await phone.sends(check, promise="y", then="submit")
    page = await phone.follows(sheet)
    assert "草稿" in page.words("h1")
    assert "先到驿站核验" in page.words("[role=status]")
    row = await row_of(sheet.headers["location"])
    assert (row["state"], row["title"]) == ("DRAFT", "快递分拣日结")
    assert "JOB_SUBMITTED" not in await kinds()


async def test_a_draft_is_handed_in_later(boss):
    check = await fills_in(boss.visitor)
    sheet = await boss.visitor.sends(check, page=check, then="keep")
    url = sheet.headers["location"]
    assert "草稿" in (await boss.visitor.reads(url)).words("h1")
    await boss.visitor.sends(f"{url}/edit/check", page=f"{url}/edit/check", promise="y", then="submit")
    assert (await row_of(url))["state"] == "SUBMITTED"


async def test_the_same_again_asks_for_the_new_days_only(boss):
    url = await posts(boss.visitor)
    await boss.visitor.reads(url)
    sheet = await boss.visitor.sends("/employer/jobs/copies", number=url.rsplit("/", 1)[1])
    page = await boss.visitor.follows(sheet)
    assert page.select_one("#start_date")["value"] == ""
    assert page.select_one("#start_time")["value"] == "08:00"
    await boss.visitor.sends(f"{NEW}/when", start_date="2026-12-08", end_date="2026-12-08")
    await boss.visitor.reads(f"{NEW}/contact?then=check")
    await boss.visitor.sends(f"{NEW}/contact", valid_to="2026-12-10")
    sheet = await boss.visitor.sends(f"{NEW}/check", page=f"{NEW}/check", promise="y", then="submit")
    row = await row_of(sheet.headers["location"])
    terms = await opened_terms(row["id"])
    assert (str(terms.start_date), terms.exact_address, terms.contact_phone) == ("2026-12-08", "宏图大道18号3号库2楼", "13900000001")


async def test_what_was_typed_lies_sealed_and_belongs_to_the_account(boss, rival):
    await fills_in(boss.visitor)
    row = await Draft.select().first()
    assert "快递分拣" not in row["answers"]
    assert "快递分拣" in vault().open("draft.answers", row["uid"], row["answers"])
    page = await rival.visitor.reads(f"{NEW}/work")
    assert page.select_one("#title")["value"] == ""


async def test_a_date_that_is_none_is_not_saved_silently(boss):
    check = await fills_in(boss.visitor)
    await boss.visitor.reads(f"{NEW}/when")
    await boss.visitor.sends(f"{NEW}/when", status=422, break_minutes="很久")
    sheet = await boss.visitor.sends(check, page=check, promise="y", then="submit")
    assert sheet.headers["location"] == f"{NEW}/when?then=check"
    assert not await Job.exists().where(Job.employer == boss.id)


async def test_a_published_post_goes_back_to_review_when_its_pay_changes(boss):
    url = await posts(boss.visitor)
    row = await row_of(url)
    await take_review(row["id"], actor=ZHOU)
    await verify_job(row["id"], VerifyMethod.PHONE, actor=ZHOU)
    await approve_job(row["id"], set(), actor=ZHOU)
    await publish_job(row["id"], ("WEBSITE",), actor=ZHOU)
    await boss.visitor.reads(f"{url}/edit/pay?then=check")
    await boss.visitor.sends(f"{url}/edit/pay", pay_fen="260", then="check")
    assert (await row_of(url))["version"] == 1, "nothing is saved before the check page"
    await boss.visitor.sends(f"{url}/edit/check", page=f"{url}/edit/check", promise="y", then="submit")
    row = await row_of(url)
    assert (row["state"], row["version"], row["listed"]) == ("SUBMITTED", 2, False)


async def test_another_employers_post_does_not_exist(boss, rival):
    url = await posts(boss.visitor)
    await rival.visitor.reads(url, status=404)
    for page in ("edit", "edit/check", "edit/pay", "extension", "ending", "outcome", "appeal", "candidates"):
        await rival.visitor.reads(f"{url}/{page}", status=404)
    await rival.visitor.reads("/employer")
    for step in ("pause", "resumption", "confirmation", "ending", "edit/check", "edit/pay", "extension"):
        await rival.visitor.sends(f"{url}/{step}", page="/employer", status=404)
    await rival.visitor.sends("/employer/jobs/copies", page="/employer", status=404, number=url.rsplit("/", 1)[1])
    assert url not in str(await rival.visitor.reads("/employer"))


@pytest.mark.parametrize("who", ["chen", "wu", "luo", "zheng", "admin"])
async def test_the_desk_has_no_employers_home(sit_down, who):
    visitor = await sit_down(who)
    await visitor.reads("/employer", status=403)


async def test_an_employer_has_no_desk(boss):
    for url in ("/desk", "/desk/jobs", "/supervision"):
        await boss.visitor.reads(url, status=403)


async def test_the_passer_by_is_sent_to_sign_in(passer_by):
    sheet = await passer_by.reads("/employer", status=303)
    assert sheet.headers["location"].startswith("/employer/sign-in")


async def test_staff_review_what_an_employer_wrote(boss, clerk, reviewer):
    url = await posts(boss.visitor)
    number = url.rsplit("/", 1)[1]
    page = await clerk.reads(f"/desk/jobs/{number}")
    assert "雇主自助" in page.words("dl.facts")
    await reviewer.reads(f"/desk/reviews/{number}")
    await reviewer.sends(f"/desk/reviews/{number}/taking")
    page = await reviewer.reads(f"/desk/reviews/{number}")
    assert page.select_one(f"form[action='/desk/reviews/{number}/approval']")
    assert (await job_in(ZHOU.scope, number))["reviewer"] == ZHOU.id


async def test_a_rejected_post_shows_reason_and_law(boss):
    url = await posts(boss.visitor)
    row = await row_of(url)
    await take_review(row["id"], actor=ZHOU)
    await reject_job(row["id"], RejectReason.FEE, "电话里要收押金", "《就业促进法》第66条", actor=ZHOU)
    page = await boss.visitor.reads(url)
    assert "电话里要收押金" in page.words(".todo.now")
    assert "《就业促进法》第66条" in page.words(".todo.now")
    assert page.select_one(f"a[href='{url}/appeal']")
    assert await JobVersion.count().where(JobVersion.job == row["id"]) == 1


async def test_a_blocked_employer_cannot_even_keep_a_draft(boss):
    check = await fills_in(boss.visitor)
    await set_credit(boss.id, CreditState.BLOCKED, "多次拖欠工钱，查实两次", actor=PEOPLE["sun"])
    page = await boss.visitor.sends(check, page=check, status=422, then="keep")
    assert "禁止发布" in page.words(".problems")
    assert not await Job.exists().where(Job.employer == boss.id)
    assert "没填完" in (await boss.visitor.reads("/employer")).words("main"), "what was typed is not lost"


async def test_what_the_trade_usually_needs_stands_open_and_first(boss):
    phone = boss.visitor
    await phone.reads(f"{NEW}/work")
    await phone.sends(f"{NEW}/work", title="叉车工", trade="C06", duties="在仓库里开叉车装货卸货，每天8小时。")
    page = await phone.reads(f"{NEW}/people")
    assert page.select_one("details[open] input[name=certificates]")["value"] == "T11"
    page = await phone.reads(f"{NEW}/safety")
    assert page.select_one("details[open] input[name=hazards]")["value"] == "VEHICLE"
