"""Guided drafting at the counter: one question a page, what follows beside it, the choice, the record."""

import io

import pytest
from pypdf import PdfReader

from db.tables.accounts import Draft
from db.tables.agreements import Guidance
from db.tables.documents import Paper
from db.tables.journal import JournalEntry
from tests.visitor import path_of

AT = "/desk/referrals/T26120100001/guidance"
GIVEN = "/desk/guidance/Y2612010001"


async def presses(clerk, question, **fields):
    """Send one page as it stands, with these fields. (`sends` has a parameter of its own called status.)"""
    url = f"{AT}/{question}"
    response = await clerk.client.post(url, data=clerk.filled(url) | fields)
    assert response.status_code == 303, response.text[:2000]
    return clerk._sheet(response)


async def answers(clerk, question, value):
    """Open one page and press the button with this value."""
    await clerk.reads(f"{AT}/{question}")
    return await presses(clerk, question, **{question: value})


async def walk(clerk, **given):
    """Answer the questions as they come; where each one led."""
    seen, step = [], await clerk.reads(AT, status=303)
    while not path_of(step).endswith("/all"):
        await clerk.follows(step)
        name = path_of(step).rsplit("/", 1)[-1]
        assert name not in seen, "no question is asked twice"
        seen.append(name)
        step = await presses(clerk, name, **given.get(name, {}))
    await clerk.follows(step)
    return seen


async def test_the_referral_leads_to_the_questions(clerk, scene):
    page = await clerk.reads("/desk/referrals/T26120100001")
    assert page.select_one(f'a[href="{AT}"]').text == "起草协议"


async def test_an_evening_job_takes_two_questions_and_becomes_a_part_time_contract(clerk, evening):
    assert await walk(clerk, status={"status": "NONE"}, managed={"managed": "yes"}) == ["status", "managed"]
    page = clerk.page
    assert "建议：非全日制用工劳动合同" in page.words("form.card h2")
    assert "每天4小时、每周20小时" in page.words("form.card")
    assert "非全日制" in page.words(".sheet")
    sent = await clerk.sends(AT)
    assert sent.headers["location"].endswith("/desk/referrals/T26120100001/agreement?guidance=Y2612010001")
    row = await Guidance.select().first()
    assert (row["proposed_type"], row["proposed_by_row"], row["chosen_type"], row["override_reason"]) == ("PART_TIME", 7, "PART_TIME", "")
    assert "NONE" not in str.__str__(row["answers"])
    entry = await JournalEntry.select().where(JournalEntry.kind == "GUIDANCE_GIVEN").first()
    assert entry
    assert await Draft.count() == 0


async def test_the_hint_of_a_month_of_daily_work_names_what_is_proposed_in_the_end(clerk, cleaning):
    await answers(clerk, "status", "NONE")
    page = await clerk.reads(AT + "/managed")
    assert "会是固定期限劳动合同" in page.words("#follows")
    assert "完成一定工作任务" not in page.words("#follows")
    await presses(clerk, "managed", managed="yes")
    page = await clerk.reads(AT + "/duration")
    assert "会是固定期限劳动合同；" in page.words("#follows")
    await presses(clerk, "duration", task_end="no")
    assert "建议：固定期限劳动合同" in (await clerk.reads(AT + "/all")).words("form.card h2")


async def test_giving_it_twice_gives_one(clerk, evening):
    await walk(clerk, status={"status": "NONE"}, managed={"managed": "yes"})
    first = await clerk.sends(AT)
    again = await clerk.client.post(AT, data=clerk.last)
    assert again.headers["location"] == first.headers["location"]
    assert await Guidance.count() == 1


async def test_housework_is_asked_nothing(clerk, household):
    assert await walk(clerk) == []
    assert "建议：家政服务协议" in clerk.page.words("form.card h2")


async def test_the_page_of_a_question_offers_buttons_with_number_keys(clerk, evening):
    page = await clerk.reads(AT + "/status")
    keys = {button["data-key"]: button["value"] for button in page.select(".choose button")}
    assert keys["1"] == "NONE"
    assert page.select_one(".choose button[autofocus]")["value"] == "NONE"
    assert "还要问" in page.words("#follows")


async def test_going_back_and_coming_again_loses_nothing(clerk, reviewer, evening):
    await answers(clerk, "status", "EMPLOYED")
    page = await clerk.reads(AT + "/status")
    assert page.select_one('.choose button[value="EMPLOYED"]').select_one(".hint").text == "现在的回答"
    assert "和别的单位有劳动关系" in (await reviewer.reads(AT + "/all")).words("table")
    stored = await Draft.select(Draft.answers).first()
    assert "EMPLOYED" not in str.__str__(stored["answers"])


async def test_the_warning_stands_at_its_question_with_basis_and_cure(clerk, evening):
    await answers(clerk, "managed", "yes")
    await answers(clerk, "status", "NONE")
    await clerk.reads(AT + "/hours")
    page = await clerk.sends(AT + "/hours/look", status=200, **(clerk.filled(AT + "/hours") | {"settle": "MONTHLY"}))
    here = page.words("#here")
    assert "最长15天结算一次" in here
    assert "请改成周结或者半月结。" in here
    assert "《劳动合同法》第72条" in here
    assert page.select_one("#settle option[selected]")["value"] == "MONTHLY"
    page = await clerk.reads(AT + "/status")
    assert "15天" not in page.words("#here"), "looking keeps nothing"


async def _token(clerk, url):
    page = await clerk.reads(url)
    return {"csrf_token": page.select_one("input[name=csrf_token]")["value"], "form_token": ""}


async def test_the_look_is_a_fragment(clerk, evening):
    fields = await _token(clerk, AT + "/hours") | {"daily_minutes": "8", "days_a_week": "5", "paid_by": "HOUR", "settle": "WEEKLY"}
    response = await clerk.client.post(AT + "/hours/look", data=fields, headers={"HX-Request": "true"})
    assert response.status_code == 200
    assert "<html" not in response.text
    assert 'id="here" hx-swap-oob="innerHTML"' in response.text
    assert await Draft.count() == 0


@pytest.mark.parametrize("typed", ["abc", "25", "-1", "", "0"])
async def test_hours_that_cannot_be_are_refused_with_the_typing_kept(clerk, evening, typed):
    await clerk.reads(AT + "/hours")
    page = await clerk.sends(AT + "/hours", status=422, daily_minutes=typed, settle="MONTHLY")
    assert "每天几小时" in page.words(".problems")
    assert page.select_one("#daily_minutes")["value"] == typed
    assert page.select_one("#settle option[selected]")["value"] == "MONTHLY"


async def test_a_choice_that_is_none_is_refused(clerk, evening):
    await clerk.reads(AT + "/status")
    assert "请" in (await clerk.sends(AT + "/status", status=422)).words(".problems")
    token = await _token(clerk, AT + "/managed")
    assert (await clerk.client.post(AT + "/managed", data=token | {"managed": "PIRATE"})).status_code == 422


async def test_a_woman_near_the_retirement_age_is_asked_and_gets_the_over_age_agreement(clerk, sewing):
    page = await clerk.reads((await clerk.reads(AT, status=303)).headers["location"])
    assert page.words("h1") == "劳动者多大年纪？"
    assert "请核对是否已领取养老金" in page.words("#here")
    assert "请问本人领养老金了没有" in (await clerk.sends(AT + "/age", status=422)).words(".problems")
    done = await clerk.sends(AT + "/age", pension="YES")
    while not path_of(done).endswith("/all"):
        await clerk.follows(done)
        done = await presses(clerk, path_of(done).rsplit("/", 1)[-1], site="no")
    page = await clerk.follows(done)
    assert "建议：超龄用工协议" in page.words("form.card h2")
    assert "机械" in page.words("main")
    await clerk.sends(AT)
    assert (await Guidance.select(Guidance.chosen_type).first())["chosen_type"] == "OVER_AGE"
    assert "超龄用工协议" in (await clerk.reads("/desk/referrals/T26120100001/agreement?guidance=Y2612010001")).words("h1")


async def test_a_minor_needs_the_guardian(clerk, youth):
    asked = await walk(
        clerk,
        age={"guardian": "REFUSES", "registered": "no"},
        status={"status": "STUDENT"},
        managed={"managed": "yes"},
    )
    assert asked[0] == "age"
    page = await clerk.sends(AT, status=422)
    assert "监护人不同意" in page.words(".problems")
    assert await Guidance.count() == 0
    await clerk.reads(AT + "/age")
    await clerk.sends(AT + "/age", guardian="AGREES", registered="no")
    await clerk.reads(AT + "/all")
    await clerk.sends(AT)
    assert await Guidance.count() == 1


async def test_another_type_needs_a_reason_and_the_reason_prints(clerk, evening, quick_printer):
    await walk(clerk, status={"status": "NONE"}, managed={"managed": "yes"})
    page = await clerk.sends(AT, status=422, chosen="FIXED_TERM", reason="")
    assert "请写明原因" in page.words(".problems")
    assert page.select_one("form.card details").has_attr("open")
    assert page.select_one("#chosen option[selected]")["value"] == "FIXED_TERM"
    await clerk.sends(AT, chosen="FIXED_TERM", reason="单位愿意签长期的合同")
    page = await clerk.reads(GIVEN)
    assert "不按建议的原因：单位愿意签长期的合同" in page.words("main")
    await clerk.fetches(GIVEN + "/record.pdf")
    template, paper = quick_printer.printed[-1]
    assert (template, paper.reason, paper.chosen) == ("guidance_record", "单位愿意签长期的合同", "固定期限劳动合同")
    await clerk.fetches(GIVEN + "/record.pdf")
    assert await Paper.count().where(Paper.kind == "P26") == 1


async def test_the_wrong_paper_is_refused_whatever_the_reason(clerk, household):
    await clerk.reads(AT + "/all")
    page = await clerk.sends(AT, status=422, chosen="PART_TIME", reason="双方都要签劳动合同")
    assert "个人或家庭不是用人单位" in page.words(".problems")


async def test_an_internship_is_stopped(clerk, evening):
    await answers(clerk, "status", "INTERN")
    page = await clerk.reads(AT + "/all")
    assert "三方实习协议" in page.words(".urgent")
    assert page.select_one(f'form[action="{AT}"]') is None
    posted = await clerk.client.post(AT, data=await _token(clerk, AT + "/all") | {"chosen": "PART_TIME", "reason": "学校不给办协议"})
    assert posted.status_code == 422
    assert await Guidance.count() == 0


async def test_all_from_the_beginning(clerk, evening):
    await answers(clerk, "status", "EMPLOYED")
    await clerk.reads(AT + "/all")
    sent = await clerk.sends("/desk/referrals/T26120100001/guidance-again")
    assert path_of(sent) == AT
    assert await Draft.count() == 0


async def test_what_was_answered_otherwise_is_marked_in_the_text(clerk, evening):
    await walk(clerk, status={"status": "NONE"}, managed={"managed": "yes"})
    await clerk.reads(AT + "/hours")
    await clerk.sends(AT + "/hours", daily_minutes="3")
    page = await clerk.reads(AT + "/all")
    assert page.select(".sheet ins.fill"), "three hours instead of four stand out"


async def test_the_record_reads_as_it_was_given(clerk, evening, real_printer):
    await walk(clerk, status={"status": "NONE"}, managed={"managed": "yes"})
    await clerk.sends(AT)
    body = (await clerk.fetches(GIVEN + "/record.pdf")).content
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages).replace("\n", "").replace(" ", "")
    for words in ("签约指导记录", "非全日制用工劳动合同", "受不受单位管理", "没有下面这些情况", "Y2612010001", "陈小满"):
        assert words in text, words


async def test_strangers_and_readers_cannot(stranger, lawyer, officer, clerk, evening):
    for url in (AT, AT + "/status", AT + "/all"):
        await stranger.reads(url, status=404)
        await lawyer.reads(url, status=403)
        await officer.reads(url, status=403)
    await walk(clerk, status={"status": "NONE"}, managed={"managed": "yes"})
    await clerk.sends(AT)
    await stranger.reads(GIVEN, status=404)
    await stranger.reads(GIVEN + "/record.pdf", status=404)
    assert "非全日制" in (await lawyer.reads(GIVEN)).words("main")
    await clerk.reads(AT + "/nothing", status=404)
