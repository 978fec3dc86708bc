"""Drafting: filled from the post, asked for what is missing, previewed, refused where the law says no."""

from dataclasses import replace
from datetime import date

import pytest

from db.tables.agreements import Agreement
from db.tables.journal import JournalEntry
from rules.codes import EmployerKind, ReferralState
from tests.visitor import path_of
from tests.web.agreement_scene import TERMS, WORKER_ID, put_guidance, put_scene

NEW = "/desk/referrals/T26120100001/agreement?guidance=Y2612010001"
PREVIEW = "/desk/referrals/T26120100001/agreement/preview?guidance=Y2612010001"


async def test_the_form_comes_filled_from_post_and_people(clerk, scene):
    page = await clerk.reads(NEW)
    typed = clerk.filled(NEW)
    assert typed["work_place"] == "金银湖街道宏图大道18号3号库"
    assert (typed["start_date"], typed["end_date"]) == ("2026-12-01", "2026-12-03")
    assert (typed["unit_price"], typed["protection"]) == ("220", "手套、护腰")
    assert typed["modules"] == ["A-搬运装修"]
    preview = page.words("#preview")
    assert "陆佰陆拾元整" in preview
    assert WORKER_ID not in preview, "nobody needs the full number before anything is saved"
    assert "9017" in preview
    assert "武汉湖滨物流有限公司" in preview


async def test_a_unit_is_told_about_labour_relations_with_the_cure(clerk, scene):
    page = await clerk.reads(NEW)
    assert "可能被认定为劳动关系" in page.words("#preview .looks")
    assert "改签劳动合同" in page.words("#preview .looks")


async def test_a_household_is_not(clerk, house):
    await put_guidance(await put_scene(kind=EmployerKind.INDIVIDUAL))
    page = await clerk.reads(NEW)
    assert "劳动关系" not in page.words("#preview")


async def test_without_guidance_the_questions_come_first(clerk, house):
    scene = await put_scene()
    page = await clerk.reads(f"/desk/referrals/{scene.number}/agreement", status=303)
    assert path_of(page) == f"/desk/referrals/{scene.number}/guidance"
    for url in (f"/desk/referrals/{scene.number}/agreement", f"/desk/referrals/{scene.number}/agreement/preview"):
        assert path_of(await clerk.sends(url, page="/desk/agreements")) == f"/desk/referrals/{scene.number}/guidance"
    await clerk.sends(f"/desk/referrals/{scene.number}/agreement?guidance=Y2612019999", status=404, page="/desk/agreements")


async def test_saving_makes_a_numbered_draft_and_a_journal_entry(clerk, scene):
    saved = await clerk.sends(NEW, page=NEW, quality="码齐", emergency_name="李大明", emergency_phone="１９９００００００１８")
    assert path_of(saved) == "/desk/agreements/XLW-2026-000001"
    page = await clerk.follows(saved)
    assert "XLW-2026-000001" in page.words("h1")
    assert "李大明 19900000018" in page.words(".sheet")
    assert await JournalEntry.exists().where(JournalEntry.kind == "AGREEMENT_DRAFTED")
    row = await Agreement.select(Agreement.values).first()
    assert "李小明" not in str.__str__(row["values"])
    assert row["values"].startswith("s1.")


async def test_submitting_twice_makes_one_draft(clerk, scene):
    first = await clerk.sends(NEW, page=NEW)
    again = await clerk.client.post(NEW, data=clerk.last)
    assert again.status_code == 303
    assert again.headers["location"] == first.headers["location"]
    assert await Agreement.count() == 1


async def test_a_second_draft_of_the_referral_leads_to_the_first(clerk, reviewer, scene):
    await reviewer.reads(NEW)
    await clerk.sends(NEW, page=NEW)
    page = await reviewer.sends(NEW, status=422)
    assert "已经有协议XLW-2026-000001" in page.words(".problems")
    assert path_of(await clerk.reads(NEW, status=303)) == "/desk/agreements/XLW-2026-000001"


async def test_the_preview_is_a_fragment_and_marks_what_was_filled_in(clerk, scene):
    await clerk.reads(NEW)
    fields = clerk.filled(NEW) | {"quality": "每托码四层", "special_terms": "乙方入职交押金200元"}
    response = await clerk.client.post(PREVIEW, data=fields, headers={"HX-Request": "true"})
    assert response.status_code == 200
    assert "<html" not in response.text
    assert '<del>无</del><ins class="fill">每托码四层</ins>' in response.text
    assert '<span class="fill">仓库卸货' in response.text
    assert "<mark>押金</mark>" in response.text


async def test_the_preview_works_as_a_button_and_keeps_the_typing(clerk, scene):
    await clerk.reads(NEW)
    page = await clerk.sends(PREVIEW, status=200, **(clerk.filled(NEW) | {"quality": "每托码四层"}))
    assert page.select_one("#quality")["value"] == "每托码四层"
    assert "每托码四层" in page.words(".sheet")
    assert await Agreement.count() == 0


async def test_a_changed_price_changes_the_capitals(clerk, scene):
    await clerk.reads(NEW)
    page = await clerk.sends(PREVIEW, status=200, **(clerk.filled(NEW) | {"unit_price": "300", "end_date": "2026-12-01"}))
    assert "叁佰元整" in page.words(".sheet")


async def test_pay_under_the_minimum_is_said(clerk, scene):
    await clerk.reads(NEW)
    page = await clerk.sends(PREVIEW, status=200, **(clerk.filled(NEW) | {"unit_price": "80"}))
    assert "低于当前最低工资标准" in page.words("#preview")


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("unit_price", "很多", "金额"),
        ("unit_price", "", "单价"),
        ("start_date", "2026-13-45", "开始日期没看懂"),
        ("end_date", "2026-11-01", "结束日期早于开始日期"),
        ("special_terms", "约" * 10_000, "最多1000个字"),
        ("emergency_phone", "12", "11位"),
        ("modules", "A-没有", "补充约定"),
        ("quality", "😀码齐", "打印不出来"),
        ("quantity", "2天", "预计合计"),
        ("insurance", "", "保险约定"),
        ("copies", "九", "份数"),
    ],
)
async def test_bad_input_comes_back_as_a_sentence_with_the_typing_kept(clerk, scene, field, typed, words):
    page = await clerk.sends(NEW, page=NEW, status=422, **{"protection": "安全帽", field: typed})
    assert words in page.words(".problems")
    assert page.select_one("#protection")["value"] == "安全帽"
    assert await Agreement.count() == 0


async def test_a_draft_that_says_what_nobody_may_agree_is_sent_back_to_the_form_not_to_the_printer(clerk, scene):
    one = "/desk/agreements/XLW-2026-000001"
    await clerk.sends(NEW, page=NEW, special_terms="身份证由甲方保管")
    page = await clerk.reads(one)
    assert "不能这样写" in page.words(".said")
    assert "不能打印，也不能签字" in page.words("aside .urgent")
    assert page.select(f"form[action='{one}/paper'], a[href='{one}/signing']") == []
    assert page.words("aside a.go") == "去改"
    assert (await clerk.reads("/desk/agreements")).words("tbody td:last-child") == "先改好"
    await clerk.sends(one + "/edit", page=one + "/edit", special_terms="自带手套")
    page = await clerk.reads(one)
    assert page.words(".said") == "协议草稿已保存，请核对后打印。"
    assert page.words(f"form[action='{one}/paper'] button") == "打印存档"
    assert (await clerk.reads("/desk/agreements")).words("tbody td:last-child") == "核对后打印"


async def test_script_tags_are_only_letters(clerk, scene):
    saved = await clerk.sends(NEW, page=NEW, quality="<script>alert(1)</script>")
    page = await clerk.follows(saved)
    assert "<script>alert(1)</script>" in page.words(".sheet")
    assert not [tag for tag in page.select("script") if "alert" in tag.text]


async def test_over_age_with_a_unit_is_the_wrong_paper(clerk, scene):
    from db.tables.seekers import Seeker

    await Seeker.update({Seeker.birth_date: date(1950, 3, 12)}).where(Seeker.id == scene.seeker)
    page = await clerk.reads(NEW, status=422)
    assert "超龄用工协议" in page.words()


@pytest.mark.parametrize("state", [ReferralState.PROPOSED, ReferralState.WORKER_ACCEPTED, ReferralState.EMPLOYER_DECLINED])
async def test_before_both_said_yes_there_is_nothing_to_see(clerk, house, state):
    await put_guidance(await put_scene(state=state))
    page = await clerk.reads(NEW, status=422)
    assert "都同意" in page.words()
    assert WORKER_ID not in page.text


async def test_another_station_cannot_tell_the_referral_exists(stranger, scene):
    await stranger.reads(NEW, status=404)
    await stranger.sends(NEW, status=404, page="/desk/agreements")
    await stranger.sends(PREVIEW, status=404, page="/desk/agreements")


async def test_who_may_read_may_not_draft(lawyer, officer, passer_by, scene):
    await lawyer.reads("/desk/agreements")
    await lawyer.reads(NEW, status=403)
    await officer.reads("/desk/agreements", status=403)
    await passer_by.reads(NEW, status=303)


async def test_editing_keeps_what_was_agreed(clerk, scene):
    saved = await clerk.sends(NEW, page=NEW, quality="码齐", unit_price="250", start_time="09:30")
    edit = path_of(saved) + "/edit"
    await clerk.reads(edit)
    typed = clerk.filled(edit)
    assert (typed["quality"], typed["unit_price"], typed["start_time"]) == ("码齐", "250", "09:30")
    await clerk.sends(edit, quality="码五层")
    page = await clerk.reads(path_of(saved))
    assert "码五层" in page.words(".sheet")
    assert "柒佰伍拾元整" in page.words(".sheet")


async def test_the_list_says_what_waits_and_what_comes_next(clerk, stranger, scene):
    page = await clerk.reads("/desk/agreements")
    assert "李小明" in page.words("aside")
    assert "还没有协议" in page.words(".empty")
    assert page.select_one(".headline a[href^='/desk/print-runs']"), "a day's agreements are printed from their list"
    await clerk.sends(NEW, page=NEW)
    page = await clerk.reads("/desk/agreements?state=DRAFT&after=junk")
    assert "XLW-2026-000001" in page.words("tbody")
    assert "核对后打印" in page.words("tbody")
    page = await clerk.reads("/desk/agreements?state=NONSENSE")
    assert "XLW-2026-000001" in page.words("tbody")
    page = await clerk.reads("/desk/agreements?state=VOID")
    assert page.select_one(".empty")
    page = await stranger.reads("/desk/agreements")
    assert "XLW-2026-000001" not in page.words()


async def test_a_missing_answer_is_named_and_blocks_printing(clerk, house):
    await put_guidance(await put_scene(terms=replace(TERMS, insurance=None)))
    page = await clerk.reads(NEW)
    assert "保险约定" in page.words("#preview .note")
    await clerk.sends(NEW, status=422)
