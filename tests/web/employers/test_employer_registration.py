"""The first step at the counter: who is the employer?"""

import pytest

from db.tables.employers import Employer
from db.tables.journal import JournalEntry
from tests.visitor import path_of
from tests.web.posts_scene import BAD_CODE, CODE, PERSON, put_employer

NEW, HOME = "/desk/employers/new", "/desk/employers"
UNIT = {
    "kind": "UNIT",
    "name": "武汉湖畔物流有限公司",
    "id_number": "９１４２０１１２ＭＡ４Ｋ００００１８",
    "phone": "139 0000 0001",
    "address": "宏图大道18号3号库",
    "legal_representative": "刘大海",
    "agent_name": "周晓明",
    "authorisation": "授权委托书原件已核对",
}
HOUSEHOLD = {
    "kind": "INDIVIDUAL",
    "name": "王芳",
    "id_type": "01",
    "id_number": PERSON,
    "phone": "13900000021",
    "address": "环湖社区3栋",
}


async def register(clerk, status=303, **fields):
    return await clerk.sends(HOME, status=status, page=NEW, **fields)


async def test_a_unit_is_registered_sealed_and_masked(clerk):
    answer = await register(clerk, **UNIT)
    page = await clerk.follows(answer)
    assert "武汉湖畔物流有限公司" in page.words("h1")
    assert "91************0018" in page.words()
    assert "139****0001" in page.words()
    assert "宏图大道18号" not in page.words()
    assert CODE not in str(page)
    row = await Employer.select(Employer.id_number, Employer.phone, Employer.state).first()
    assert str.startswith(row["id_number"], "s1.")
    assert str.startswith(row["phone"], "s1.")
    entry = await JournalEntry.select().where(JournalEntry.kind == "EMPLOYER_REGISTERED").first()
    assert CODE not in entry["body"]
    assert "武汉湖畔" not in entry["body"]


async def test_a_household_needs_no_unit_fields(clerk):
    page = await clerk.follows(await register(clerk, **HOUSEHOLD))
    assert "110***********002X" in page.words()


async def test_a_wrong_id_check_digit_is_refused_and_the_typing_kept(clerk):
    page = await register(clerk, 422, **{**HOUSEHOLD, "id_number": "110105194912310021"})
    assert "身份证号第18位不对" in page.words("#id_number-error1")
    assert page.select_one("#name")["value"] == "王芳"
    assert page.select_one("#id_number")["value"] == "110105194912310021"
    assert not await Employer.exists()


async def test_a_wrong_credit_code_warns_and_takes_a_manual_proof(clerk):
    page = await register(clerk, 422, **{**UNIT, "id_number": BAD_CODE})
    assert page.select_one("#id_proof") is not None
    assert "第18位不对" in page.words("#duplicates")
    answer = await clerk.sends(HOME, id_proof="已看执照原件，代码一致")
    page = await clerk.follows(answer)
    assert "已看执照原件，代码一致" in page.words()


async def test_a_known_credit_code_is_refused_with_a_link(clerk):
    known = await put_employer()
    page = await register(clerk, 422, **UNIT)
    assert "已经登记过" in page.words(".problems")
    assert page.select_one(f'#duplicates a[href="/desk/employers/{known}"]')
    assert await Employer.count() == 1


async def test_duplicates_are_shown_while_typing(clerk):
    known = await put_employer()
    await clerk.reads(NEW)
    token = clerk.page.select_one("input[name=csrf_token]")["value"]
    headers = {"HX-Request": "true"}
    data = {"csrf_token": token, "kind": "UNIT", "id_number": CODE, "phone": "", "id_type": "01"}
    response = await clerk.client.post(f"{HOME}/duplicates", data=data, headers=headers)
    assert response.status_code == 200
    assert response.text.strip().startswith('<div id="duplicates"')
    assert f"/desk/employers/{known}" in response.text
    by_phone = await clerk.client.post(f"{HOME}/duplicates", data={**data, "id_number": "", "phone": "13900000001"}, headers=headers)
    assert "这个电话已经登记过" in by_phone.text
    wrong = await clerk.client.post(
        f"{HOME}/duplicates", data={**data, "kind": "INDIVIDUAL", "id_number": "110105194912310021"}, headers=headers
    )
    assert "第18位不对" in wrong.text


async def test_another_station_may_register_the_same_unit_and_hears_of_it(stranger, house):
    await put_employer()
    page = await stranger.sends(f"{HOME}/duplicates", status=200, page=NEW, **UNIT)
    assert "金银湖零工驿站也登记过这个雇主" in page.words("#duplicates")
    await stranger.sends(HOME, page=NEW, **UNIT)
    assert await Employer.count() == 2


async def test_a_second_submit_registers_once(clerk):
    first = await register(clerk, **UNIT)
    second = await clerk.sends(HOME, form_token=clerk.last["form_token"], **UNIT)
    assert path_of(first) == path_of(second)
    assert await Employer.count() == 1


@pytest.mark.parametrize("field", ["name", "address", "authorisation", "agent_name", "id_number", "phone"])
async def test_ten_thousand_characters_come_back_as_a_sentence(clerk, field):
    page = await register(clerk, 422, **{**UNIT, field: "长" * 10_000})
    assert page.select_one(f"#{field}-error1")


async def test_a_script_tag_is_only_text(clerk):
    page = await clerk.follows(await register(clerk, **{**UNIT, "name": "<script>alert(1)</script>"}))
    assert page.words("h1").startswith("<script>alert(1)</script>")
    assert not [tag for tag in page.select("script") if "alert" in tag.text]


async def test_today_s_employers_stand_beside_the_form(clerk):
    await put_employer()
    page = await clerk.reads(NEW)
    assert "武汉湖畔物流有限公司" in page.words("aside")


async def test_who_only_reads_may_not_register(officer, lawyer, house):
    await officer.reads(NEW, status=403)
    await lawyer.reads(NEW, status=403)
