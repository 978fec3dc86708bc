"""The second step at the counter: what work, when, where, for how much?"""

import pytest

from db.queries.jobs import opened_terms
from db.tables.jobs import Job, JobVersion
from db.tables.journal import JournalEntry
from tests.visitor import path_of
from tests.web.posts_scene import FORM, put_draft, put_employer

HOME = "/desk/jobs"


async def register(clerk, status=303, employer=None, **fields):
    employer = employer or await put_employer()
    url = f"/desk/jobs/new?employer={employer}"
    return await clerk.sends(HOME, status=status, page=url, **{**FORM, **fields})


async def test_a_demand_is_kept_as_a_numbered_draft(clerk):
    page = await clerk.follows(await register(clerk))
    job = await Job.select().first()
    assert job["number"] == "G261201-010001"
    assert job["state"] == "DRAFT"
    assert job["pay_fen"] == 22000
    assert job["settle_cycle"] == "DAILY"
    assert job["hourly_fen"] == 2750
    assert "220元/天" in page.words()
    assert "折合每小时27.50元" in page.words()
    assert "08:00–17:30" in page.words()


async def test_contact_and_exact_place_are_sealed_and_masked(clerk):
    page = await clerk.follows(await register(clerk, pickup_place="吴家山地铁站B口", pickup_time="6:30"))
    version = await JobVersion.select().first()
    for column in ("contact_name", "contact_phone", "exact_address", "pickup_place"):
        assert str.startswith(version[column], "s1.")
    assert "13900000001" not in version["terms"]
    assert "吴家山地铁站" not in version["terms"]
    for secret in ("13900000001", "周晓明", "3号库2楼", "吴家山地铁站"):
        assert secret not in str(page)
    assert "周*明" in page.words()
    assert "139****0001" in page.words()
    entry = await JournalEntry.select().where(JournalEntry.kind == "JOB_DRAFTED").first()
    assert "周晓明" not in entry["body"]
    assert "13900000001" not in entry["body"]


async def test_a_night_shift_crosses_midnight(clerk):
    page = await clerk.follows(
        await register(clerk, start_time="19:00", end_time="08:00", break_minutes="120", overtime_terms="超8小时按1.5倍")
    )
    assert "19:00–次日08:00" in page.words()


async def test_without_a_contact_the_agent_is_the_contact(clerk):
    await register(clerk, contact_name="", contact_phone="")
    terms = await opened_terms((await Job.select(Job.id).first())["id"])
    assert (terms.contact_name, terms.contact_phone) == ("周晓明", "13900000001")


async def test_the_employer_s_promise_must_be_ticked(clerk):
    page = await register(clerk, 422, promise=[])
    assert "雇主承诺" in page.words(".problems")
    assert page.select_one("#title")["value"] == "快递分拣日结"
    assert page.select_one("#start_time")["value"] == "8:00"
    assert page.select_one("input[name=benefits][value=LUNCH]").has_attr("checked")
    assert not await Job.exists()


async def test_an_incomplete_draft_is_kept_and_says_what_is_missing(clerk):
    page = await clerk.follows(await register(clerk, headcount="", pay_fen="", duties="分拣"))
    assert "请填写人数，至少1人" in page.words(".hits")
    assert "至少10个字" in page.words(".hits")


async def test_unlawful_words_refuse_the_submission_and_are_marked(clerk):
    page = await register(clerk, 422, then="submit", duties="分拣包裹，限男性，按片区放好，最重15公斤。")
    assert [mark.text for mark in page.select("#checks mark")] == ["限男性"]
    assert "限男性" in page.words("#duties")
    assert page.select_one("#duties-error1")
    assert not await Job.exists()


async def test_unlawful_words_may_be_kept_as_a_draft(clerk):
    page = await clerk.follows(await register(clerk, duties="分拣包裹，限男性，按片区放好，最重15公斤。"))
    assert "限男性" in [mark.text for mark in page.select(".review mark")]


async def test_pay_below_the_minimum_wage_in_force_is_refused(clerk):
    page = await register(clerk, 422, then="submit", pay_fen="100")
    assert "低于当前最低工资标准" in page.words("#pay_fen-error1")


async def test_a_warning_wants_an_answer_and_keeps_it(clerk):
    employer = await put_employer()
    page = await register(clerk, 422, employer, then="submit", insurance="")
    assert "请写明核实情况" in page.words(".problems")
    assert page.select_one("#answer-M07")
    answer = await clerk.sends(HOME, then="submit", **{"answer-M07": "雇主下周投保意外险"})
    assert (await Job.select(Job.state).first())["state"] == "SUBMITTED"
    page = await clerk.follows(answer)
    assert "雇主下周投保意外险" in page.words()


async def test_the_checks_answer_while_typing_and_save_nothing(clerk):
    employer = await put_employer()
    await clerk.reads(f"/desk/jobs/new?employer={employer}")
    values = {**clerk.filled(HOME), **FORM, "duties": "交押金200元，分拣包裹，按片区放好。", "pay_fen": "abc"}
    response = await clerk.client.post(f"{HOME}/checks", data=values, headers={"HX-Request": "true"})
    assert response.status_code == 200
    assert response.text.strip().startswith('<section id="checks"')
    assert "<mark>" in response.text
    assert "押金" in response.text
    assert not await Job.exists()


async def test_without_javascript_the_check_button_shows_the_whole_form(clerk):
    employer = await put_employer()
    page = await clerk.sends(f"{HOME}/checks", status=200, page=f"/desk/jobs/new?employer={employer}", employer=str(employer), **FORM)
    assert page.select_one("#title")["value"] == "快递分拣日结"
    assert "检查通过" in page.words("#checks")


async def test_a_second_submit_registers_once(clerk):
    employer = await put_employer()
    first = await register(clerk, employer=employer)
    again = await clerk.sends(HOME, form_token=clerk.last["form_token"], employer=str(employer), **FORM)
    assert path_of(first) == path_of(again)
    assert await Job.count() == 1


@pytest.mark.parametrize(
    "field", ["title", "duties", "requirements", "landmark", "contact_name", "remarks", "pay_fen", "headcount", "start_date"]
)
async def test_ten_thousand_characters_come_back_as_a_sentence(clerk, field):
    page = await register(clerk, 422, **{field: "长" * 10_000})
    assert page.select_one(f"#{field}-error1")
    assert page.select_one("#title")


async def test_a_script_tag_is_only_text(clerk):
    script = "<script>alert(1)</script>"
    page = await clerk.follows(await register(clerk, title=script, duties=f"{script}分拣包裹按片区放好👷"))
    assert script in page.words("h1")
    assert "👷" in page.words(".review")
    assert not [tag for tag in page.select("script") if "alert" in tag.text]


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("start_date", "二〇二六年", "没看懂"),
        ("start_time", "早上", "没看懂"),
        ("headcount", "-3", "整数"),
        ("pay_fen", "一百", "数字"),
        ("contact_phone", "12345678", "手机号"),
        ("trade", "X99", "请在列表里选择"),
        ("title", "", "请填写岗位名称"),
    ],
)
async def test_bad_input_is_a_sentence_at_its_field(clerk, field, typed, sentence):
    page = await register(clerk, 422, **{field: typed})
    assert sentence in page.words(f"#{field}-error1")


async def test_full_width_digits_are_digits(clerk):
    await register(clerk, pay_fen="２２０", headcount="５", start_date="２０２６年１２月３日", start_time="８：００")
    job = await Job.select().first()
    assert (job["pay_fen"], job["headcount"]) == (22000, 5)


async def test_dates_the_wrong_way_round_are_refused(clerk):
    page = await register(clerk, 422, then="submit", end_date="2026-12-02")
    assert "结束日期不能早于开始日期" in page.words("#end_date-error1")


async def test_two_stations_that_share_two_digits_get_different_numbers(clerk, stranger):
    await put_draft()
    await put_draft(who="lin")
    numbers = [row["number"] for row in await Job.select(Job.number).order_by(Job.number)]
    assert numbers == ["G261201-010001", "G261201-010002"]


async def test_without_an_employer_the_clerk_looks_for_one(clerk):
    await put_employer()
    page = await clerk.reads("/desk/jobs/new?word=湖畔")
    assert page.select_one('#employers a[href*="/desk/jobs/new?employer="]')
    part = await clerk.reads("/desk/jobs/new?word=没有", fragment=True)
    assert "登记新雇主" in part.words(".empty")
    assert not part.select_one("html")


async def test_another_station_s_employer_cannot_be_used(stranger, house):
    employer = await put_employer()
    await stranger.reads(f"/desk/jobs/new?employer={employer}", status=404)
    await stranger.sends(HOME, status=404, page="/desk/jobs", employer=str(employer), **FORM)
    assert not await Job.exists()


async def test_who_only_reads_may_not_register(officer, lawyer, house):
    employer = await put_employer()
    for reader in (officer, lawyer):
        await reader.reads(f"/desk/jobs/new?employer={employer}", status=403)
        await reader.sends(HOME, status=403, page="/desk/jobs", employer=str(employer), **FORM)
