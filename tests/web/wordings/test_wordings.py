"""The texts of agreements: everybody who drafts reads them, the district amends them, papers keep the text they were printed with."""

import io
import zipfile
from datetime import datetime, timedelta

import pytest

from db.actions.agreements import draft_agreement
from db.actions.wordings import amend_wording, load_product_wordings
from db.clock import at, now, today
from db.queries.agreements import agreement_in, opened_draft
from db.queries.wordings import official_text, wording_in_force, wording_of
from db.tables.agreements import AgreementWording, OfficialText
from db.tables.journal import JournalEntry
from rules.codes import OFFICIAL_TEXTS, AgreementType
from rules.errors import RuleBroken
from rules.wordings import built_in_body
from tests.cast import PEOPLE
from tests.web.agreement_scene import put_company, put_scene
from tests.web.agreements.conftest import blank_pdf

SERVICE = AgreementType.ONE_OFF_SERVICE
PAGE = "/wordings/ONE_OFF_SERVICE"
AMEND = f"{PAGE}/amend"
OFFICIAL = "/wordings/FIXED_TERM/official"
FOURTH = "按{结算周期}结算，甲方最迟在{支付日期}前以{支付方式}当面付给乙方本人。甲方不得用实物抵付，不得以尚未收到他人款项为由拖延。"


def tomorrow() -> str:
    return (today() + timedelta(days=1)).isoformat()


def morning_after(days: int) -> datetime:
    return now() + timedelta(days=days)


@pytest.fixture
async def texts(house):
    await load_product_wordings()


async def amends(officer, *, status: int = 303, **fields):
    fields = {"article_3": FOURTH, "in_force_from": tomorrow(), "note": "写明当面付给本人"} | fields
    return await officer.sends(AMEND, page=AMEND, status=status, **fields)


async def test_everybody_who_drafts_or_supervises_reads_the_texts(clerk, officer, overseer, lawyer, texts):
    for person in (clerk, officer, overseer, lawyer):
        page = await person.reads("/wordings")
        assert "非全日制用工劳动合同" in page.words()
        assert "B-2026-11" in page.words()
        assert "还没有上传" in page.words()
        assert "乙方签收确认" in (await person.reads("/wordings/PART_TIME/versions/B-2026-11")).words()
    assert "系统自带" in (await clerk.reads("/wordings/DOMESTIC")).words()


async def test_nobody_without_an_account_reads_them_and_no_type_is_invented(passer_by, clerk, sit_down, texts):
    await passer_by.reads("/wordings", status=303)
    await (await sit_down("admin")).reads("/wordings", status=403)
    await clerk.reads("/wordings/SLAVERY", status=404)
    await clerk.reads(f"{PAGE}/versions/A-1999-01", status=404)
    await clerk.reads(f"{PAGE}/versions/A-2026-11?against=B-2026-11", status=404)


async def test_only_the_district_amends(clerk, overseer, lawyer, texts):
    for person in (clerk, overseer, lawyer):
        assert "修订文本" not in (await person.reads(PAGE)).words()
        await person.reads(AMEND, status=403)
        await person.sends(AMEND, status=403, note="写得更清楚")
        await person.sends(f"{AMEND}/preview", status=403)
        await person.sends(OFFICIAL, status=403, title="劳动合同")


async def test_the_district_amends_a_text_from_a_coming_day(officer, clerk, texts):
    page = await officer.follows(await amends(officer))
    assert "新文本已保存" in page.words(".said")
    assert "A-2026-11+1" in page.words("h1")
    assert "当面付给乙方本人" in page.words(".sheet")
    assert "还没起用" in (await clerk.reads(PAGE)).words("tbody tr:first-child")
    assert (await wording_in_force(SERVICE)).version == "A-2026-11"
    with at(morning_after(1)):
        assert (await wording_in_force(SERVICE)).version == "A-2026-11+1"
    assert await JournalEntry.count().where(JournalEntry.kind == "WORDING_SET", JournalEntry.account_id == PEOPLE["zheng"].id) == 1


async def test_two_versions_are_compared(officer, clerk, texts):
    await amends(officer)
    page = await clerk.reads(f"{PAGE}/versions/A-2026-11+1?against=A-2026-11")
    assert page.words("td ins") == "当面"
    assert "有改动" in page.words("tbody tr:nth-child(5)")
    back = await clerk.reads(f"{PAGE}/versions/A-2026-11?against=A-2026-11%2B1")
    assert back.words("td del") == "当面"


async def test_saved_twice_is_one_version(officer, texts):
    await officer.reads(AMEND)
    typed = officer.filled(AMEND) | {"article_3": FOURTH, "in_force_from": tomorrow(), "note": "写明当面付给本人"}
    for _ in range(2):
        await officer.sends(AMEND, **typed)
    assert await AgreementWording.count().where(AgreementWording.origin == "DISTRICT") == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"article_3": FOURTH + "乙方须交押金200元。"}, "“押金”不能写进协议文本"),
        ({"article_3": "甲方按{结算周期}付给乙方本人。"}, "付款期限和方式"),
        ({"article_7": "各自小心。"}, "{保险约定}"),
        ({"article_3": FOURTH + "{甲方星座}"}, "没有“{甲方星座}”这个填写项"),
        ({"article_13": "本协议一式{份数}份。"}, "特别约定"),
        ({"footer": "双方各执一份。"}, "驿站不是协议当事人"),
        ({"in_force_from": "2026-01-01"}, "最早从明天起用"),
        ({"note": "改"}, "请写明为什么改"),
        ({"default_cancel_hours": "900"}, "请填0到72的整数"),
        ({"article_2_number": "第二条"}, "重复了"),
    ],
)
async def test_a_wrong_amendment_is_refused_with_its_reason_and_the_typing_kept(officer, texts, typed, words):
    page = await amends(officer, status=422, **typed)
    assert words in page.words(".problems")
    for name, value in typed.items():
        field = page.select_one(f"[name={name}]")
        assert (field.get("value") or field.text.removeprefix("\n")) == value
    assert await AgreementWording.count().where(AgreementWording.origin == "DISTRICT") == 0


async def test_forbidden_words_are_marked_in_their_article(officer, texts):
    page = await amends(officer, status=422, article_3=FOURTH + "乙方须交押金200元。")
    assert page.words("mark") == "押金"
    assert page.select_one("#article_3")["aria-invalid"] == "true"


@pytest.mark.parametrize("kind", [kind for kind in AgreementType if kind not in OFFICIAL_TEXTS], ids=lambda kind: kind.value)
async def test_the_text_of_every_type_can_be_amended(officer, texts, kind):
    amend = f"/wordings/{kind.value}/amend"
    before = (await wording_in_force(kind)).footer
    since = {"in_force_from": tomorrow(), "note": "页脚写得更清楚"}
    page = await officer.sends(amend, page=amend, status=422, **since)
    assert page.words(".problems").endswith("没有改动，不用保存。"), "the form gives back the text it was given"
    await officer.sends(amend, page=amend, footer=before + "有不懂的请问驿站。", **since)
    with at(morning_after(2)):
        assert (await wording_in_force(kind)).footer == before + "有不懂的请问驿站。"


async def test_nothing_changed_is_nothing_saved(officer, texts):
    await officer.reads(AMEND)
    page = await officer.sends(AMEND, status=422, in_force_from=tomorrow(), note="什么都没有改")
    assert "没有改动" in page.words(".problems")


async def test_an_article_may_be_added_and_taken_out(officer, clerk, texts):
    added = {"article_14_number": "第十五条", "article_14_heading": "天气", "article_14": "下雨停工的，顺延。"}
    await amends(officer, **added, article_9="", article_9_heading="")
    page = await clerk.reads(f"{PAGE}/versions/A-2026-11+1")
    assert "第十五条 天气" in page.words(".sheet")
    assert "互相尊重与保密" not in page.words(".sheet")


async def test_whoever_amends_an_old_text_is_told(officer, texts):
    await officer.reads(AMEND)
    typed = officer.filled(AMEND) | {"article_3": FOURTH, "in_force_from": tomorrow(), "note": "写明当面付给本人"}
    body = built_in_body(SERVICE)
    articles = [each | {"text": each["text"].replace("完好、安全", "完好、安全、清洁")} for each in body["articles"]]
    await amend_wording(
        SERVICE,
        "A-2026-11",
        body | {"articles": articles},
        in_force_from=today() + timedelta(days=1),
        note="另一个人先改",
        actor=PEOPLE["zheng"],
    )
    page = await officer.sends(AMEND, status=422, **typed)
    assert "现在最新的是A-2026-11+1" in page.words(".problems")
    assert page.select_one("#article_3").text.removeprefix("\n") == FOURTH


async def test_the_preview_shows_the_typed_text(officer, texts):
    await officer.reads(AMEND)
    fields = officer.filled(AMEND) | {"article_3": FOURTH}
    answer = await officer.client.post(f"{AMEND}/preview", data=fields, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert "甲方示例" in answer.text
    assert "当面付给" in answer.text
    wrong = await officer.client.post(f"{AMEND}/preview", data=fields | {"article_3": "{没有的}"}, headers={"HX-Request": "true"})
    assert "现在还看不到样子" in wrong.text


async def test_agreements_keep_the_text_they_were_drafted_with(officer, texts):
    scene = await put_scene()
    first = await draft_agreement(scene.referral, {}, actor=PEOPLE["chen"], kind=SERVICE)
    await amends(officer)
    with at(morning_after(2)):
        row = await agreement_in(PEOPLE["chen"].scope, first.number)
        assert (await wording_of(row)).version == row["template_version"] == "A-2026-11"
        assert (await wording_in_force(SERVICE)).version == "A-2026-11+1"


async def test_the_second_amendment_builds_on_the_first(officer, texts):
    await amends(officer)
    page = await officer.reads(AMEND)
    assert "在 A-2026-11+1 上改，保存为 A-2026-11+2" in page.words()
    assert page.select_one("#article_3").text.removeprefix("\n") == FOURTH
    with pytest.raises(RuleBroken, match="没有改动"):
        await amend_wording(SERVICE, "A-2026-11+1", {}, in_force_from=today(), note="没有改什么", actor=PEOPLE["zheng"])


# Official model texts


def docx(*more: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name in ("[Content_Types].xml", "word/document.xml", *more):
            file.writestr(zipfile.ZipInfo(name), "<x/>")  # with no time of today: the same bytes every time
    return out.getvalue()


async def uploads(officer, body: bytes, *, status: int = 303, **fields):
    fields = {"title": "劳动合同（通用）", "issued_by": "人力资源和社会保障部", "in_force_from": today().isoformat()} | fields
    return await officer.sends(OFFICIAL, page="/wordings/FIXED_TERM", status=status, files={"scan": ("a.bin", body, "image/png")}, **fields)


@pytest.mark.parametrize(("body", "ending"), [(blank_pdf(), "pdf"), (docx(), "docx")])
async def test_the_official_text_is_uploaded_and_handed_out(officer, clerk, texts, body, ending):
    page = await officer.follows(await uploads(officer, body))
    assert "示范文本已上传" in page.words(".said")
    assert "人力资源和社会保障部" in page.words("tbody")
    row = await official_text(AgreementType.FIXED_TERM)
    page = await clerk.reads("/wordings")
    assert "劳动合同（通用）" in page.words()
    answer = await clerk.fetches(page.select_one(f'a[href^="{OFFICIAL}/"]')["href"])
    assert answer.content == body
    assert answer.headers["content-disposition"].endswith(f'.{ending}"')
    assert answer.headers["content-security-policy"] == "sandbox"
    await clerk.fetches(f"/wordings/FIXED_TASK/official/{row['version']}", status=404)
    await clerk.fetches(f"{OFFICIAL}/{row['id']}", status=404)
    assert await JournalEntry.count().where(JournalEntry.kind == "OFFICIAL_TEXT_SET") == 1


async def test_a_contract_of_that_type_leads_to_the_official_text(officer, clerk, texts):
    scene = await put_scene()
    made = await draft_agreement(scene.referral, {}, actor=PEOPLE["chen"], kind=AgreementType.FIXED_TERM)
    page = await clerk.reads(f"/desk/agreements/{made.number}")
    assert "还没有上传" in page.words("main")
    later = today() + timedelta(days=5)
    await uploads(officer, blank_pdf(), in_force_from=later.isoformat())
    words = (await clerk.reads(f"/desk/agreements/{made.number}")).words("main")
    assert f"从{later.month}月{later.day}日" in words
    assert "还没有上传" not in words
    await uploads(officer, docx())
    page = await clerk.reads(f"/desk/agreements/{made.number}")
    link = page.select_one(f'a[href^="{OFFICIAL}/"]')
    assert link.text == "下载示范文本"
    assert (await clerk.fetches(link["href"])).content == docx()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "请先选择文件"),
        (b"MZ executable", "这不是PDF或DOCX文件"),
        (b"\xd0\xcf\x11\xe0 old doc", "老的DOC请另存为DOCX"),
        (b"%PDF-1.7 broken", "打不开"),
        (b"PK\x03\x04 broken", "打不开"),
        (docx("word/vbaProject.bin"), "有宏"),
        (b"%PDF-" + b"0" * (10 * 1024 * 1024), "超过10 MB"),
    ],
)
async def test_another_file_is_refused_and_the_typing_kept(officer, texts, body, words):
    files = {"scan": ("a.pdf", body, "application/pdf")} if body else None
    fields = {"title": "劳动合同", "issued_by": "人社部", "in_force_from": today().isoformat()}
    page = await officer.sends(OFFICIAL, page="/wordings/FIXED_TERM", status=422, files=files, **fields)
    assert words in page.words(".problems")
    assert page.select_one("#title")["value"] == "劳动合同"
    assert await OfficialText.count() == 0


async def test_a_file_without_a_name_is_refused_and_the_same_twice(officer, texts):
    assert "请填写文本全称" in (await uploads(officer, docx(), status=422, title="")).words(".problems")
    await uploads(officer, docx())
    assert "已经上传过" in (await uploads(officer, docx(), status=422)).words(".problems")


async def test_everything_that_is_missing_is_said_at_once(officer, texts):
    page = await officer.sends(OFFICIAL, page="/wordings/FIXED_TERM", status=422, title="劳动合同")
    for words in ("请填写发布单位", "请填写从哪天起用", "请先选择文件"):
        assert words in page.words(".problems"), words
    assert "把文件再选一次" in page.words("#scan-again")


async def test_a_text_for_later_says_from_when_stations_have_it(officer, clerk, texts):
    later = today() + timedelta(days=5)
    page = await officer.follows(await uploads(officer, docx(), in_force_from=later.isoformat()))
    assert f"从{later.year}年{later.month}月{later.day}日起各驿站可以下载" in page.words(".said")
    assert (await clerk.reads("/wordings")).select_one(f'a[href^="{OFFICIAL}/"]') is None


async def test_a_type_with_a_text_of_its_own_takes_no_upload(officer, texts):
    page = await officer.reads(PAGE)
    assert page.select_one("input[type=file]") is None
    typed = {"title": "劳动合同", "issued_by": "人社部", "in_force_from": today().isoformat()}
    files = {"scan": ("a.pdf", docx(), "application/pdf")}
    assert "不用上传" in (await officer.sends(f"{PAGE}/official", status=422, files=files, **typed)).words(".problems")
    await officer.reads("/wordings/FIXED_TERM/amend", status=404)


@pytest.mark.parametrize(
    "kind",
    [AgreementType.PART_TIME, AgreementType.SHARED_LABOUR_3P, AgreementType.WORK_RESULT, AgreementType.DOMESTIC, AgreementType.KEY_POINTS],
)
async def test_a_draft_of_every_type_is_filled_from_the_record(house, kind):
    scene = await put_scene()
    drafted = await draft_agreement(scene.referral, {}, actor=PEOPLE["chen"], kind=kind)
    values = (await opened_draft(drafted.id)).values
    for name, place in (await wording_in_force(kind)).places.items():
        assert place.asked or not place.required or values[name], f"{name} is neither asked nor known"


async def test_the_registered_lender_is_the_first_party(house):
    scene = await put_scene()
    lender = await put_company("武汉东湖电子有限公司")
    drafted = await draft_agreement(scene.referral, {}, actor=PEOPLE["chen"], kind=AgreementType.SHARED_LABOUR_3P, third_party=lender)
    values = (await opened_draft(drafted.id)).values
    assert values["甲方名称"] == "武汉东湖电子有限公司"
    assert values["丙方姓名"] == "李小明"
