"""/employers/register: page after page on a phone, without scripts, nothing lost, nothing told about others."""

import io

import pytest
from PIL import Image

from db import archive
from db.queries.employer_documents import documents_of
from db.queries.employers import employer_facts, opened_employer
from db.tables.accounts import Account, Alert, Draft, Session
from db.tables.employers import Employer
from db.tables.journal import JournalEntry
from rules.codes import EmployerState
from tests.visitor import path_of
from tests.web.posts_scene import BAD_CODE, CODE, PERSON, put_employer

START = "/employers/register"
STATION = "ZD-420112015-01"
UNIT = {
    "station": {"station": STATION},
    "notice": {"consent": "y", "pledge": "y"},
    "kind": {"kind": "UNIT"},
    "name": {"name": "武汉湖畔物流有限公司"},
    "code": {"id_number": CODE},
    "people": {"legal_representative": "刘大海", "agent_name": "周晓明"},
    "authorisation": {"authorisation": "已有授权委托书，核验时带原件"},
    "phone": {"phone": "139 0000 0001"},
    "address": {"address": "宏图大道18号3号库"},
    "licences": {},
    "more": {"industry": "物流", "name_public": "y"},
    "licence-file": {},
    "password": {"new_password": "我家门口有三棵树一口井哦", "repeated_password": "我家门口有三棵树一口井哦"},
}
HOUSEHOLD = {
    "station": {"station": STATION},
    "notice": {"consent": "y", "pledge": "y"},
    "kind": {"kind": "INDIVIDUAL"},
    "name": {"name": "王芳"},
    "identity": {"id_number": PERSON, "id_type": "01"},
    "phone": {"phone": "13900000021"},
    "address": {"address": "环湖社区3栋"},
    "password": {"new_password": "我家门口有三棵树一口井哦", "repeated_password": "我家门口有三棵树一口井哦"},
}


async def fills(visitor, pages, until: str = "") -> str:
    """Go through the pages in their order, as they lead on; where the last one led."""
    where = f"{START}/station"
    for name, fields in pages.items():
        assert where == f"{START}/{name}", f"{name} comes next, not {where}"
        if name == until:
            return where
        where = path_of(await visitor.sends(where, page=where, **fields))
    return where


async def hands_in(visitor, pages=UNIT):
    assert await fills(visitor, pages) == f"{START}/check"
    return await visitor.sends(f"{START}/check", page=f"{START}/check")


async def test_a_unit_registers_alone_and_lands_on_its_own_page_waiting_to_be_verified(passer_by, clerk):
    answer = await hands_in(passer_by)
    assert path_of(answer) == "/employer"
    page = await passer_by.follows(answer)
    assert "武汉湖畔物流有限公司" in page.words()
    row = await Employer.select().first()
    assert (row["state"], row["source"], row["name_public"]) == ("PENDING", "SELF", True)
    account = await Account.select(Account.id, Account.role, Account.employer).where(Account.id == row["created_by"]).first()
    assert (account["role"], account["employer"]) == ("EMP", row["id"])
    alert = await Alert.select(Alert.kind, Alert.subject_id, Alert.station).first()
    assert alert == {"kind": "NEW_REGISTRATION", "subject_id": row["id"], "station": 1001}
    page = await clerk.reads(f"/desk/employers/{row['id']}")
    assert "网上登记" in page.words("h1")
    entry = await JournalEntry.select(JournalEntry.body).where(JournalEntry.kind == "EMPLOYER_REGISTERED").first()
    assert '"notice_version":"E1"' in entry["body"]
    assert "武汉湖畔" not in entry["body"]


async def test_a_household_is_asked_fewer_questions(passer_by):
    await hands_in(passer_by, HOUSEHOLD)
    row = await Employer.select(Employer.kind, Employer.agent_name, Employer.authorisation).first()
    assert row == {"kind": "INDIVIDUAL", "agent_name": "王芳", "authorisation": ""}


async def test_the_check_page_says_everything_again_and_leads_back_to_each_page(passer_by):
    await fills(passer_by, UNIT)
    page = await passer_by.reads(f"{START}/check")
    for said in ("金银湖零工驿站", "武汉湖畔物流有限公司", CODE, "周晓明", "宏图大道18号3号库", "已设好", "不上传，核验时带原件"):
        assert said in page.words()
    assert "我家门口" not in str(page)
    assert not page.select("script")
    change = f"{START}/address?then=check"
    assert page.select_one(f'a[href="{change}"]')
    answer = await passer_by.sends(f"{START}/address", page=change, address="宏图大道20号")
    assert path_of(answer) == f"{START}/check"
    await passer_by.sends(f"{START}/check", page=f"{START}/check")
    id = (await Employer.select(Employer.id).first())["id"]
    assert (await opened_employer(id))["address"] == "宏图大道20号"


async def test_a_network_that_drops_loses_nothing(passer_by, sit_down):
    where = await fills(passer_by, UNIT, until="phone")
    again = await sit_down(None)
    again.client.cookies.update(passer_by.client.cookies)
    page = await again.reads(START)
    assert page.select_one("a.go")["href"] == where
    page = await again.reads(f"{START}/people")
    assert page.select_one("#agent_name")["value"] == "周晓明"
    stored = (await Draft.select(Draft.answers).first())["answers"]
    assert str.startswith(stored, "s1.")


async def test_a_second_submit_does_nothing_twice(passer_by):
    first = await hands_in(passer_by)
    form = dict(passer_by.last)
    second = await passer_by.client.post(f"{START}/check", data=form)
    assert second.status_code in (303, 403)
    third = await passer_by.sends(f"{START}/check", page=START)
    assert path_of(first) == path_of(third) == "/employer"
    assert await Employer.count() == 1
    assert await Account.count().where(Account.role == "EMP") == 1


async def test_another_employer_is_registered_on_the_same_phone(passer_by):
    await hands_in(passer_by)
    answer = await passer_by.sends(f"{START}/anew", page=START)
    assert path_of(answer) == f"{START}/station"
    await hands_in(passer_by, HOUSEHOLD)
    assert await Employer.count() == 2


async def test_a_code_that_fails_its_check_is_asked_about_and_kept_for_the_counter(passer_by):
    await fills(passer_by, UNIT, until="code")
    page = await passer_by.sends(f"{START}/code", status=422, page=f"{START}/code", id_number=BAD_CODE)
    assert "校验没通过" in page.words(".problems")
    assert page.select_one("#id_number")["value"] == BAD_CODE
    await passer_by.sends(f"{START}/code", compared="y")
    for name in ("people", "authorisation", "phone", "address", "licences", "more", "licence-file", "password"):
        await passer_by.sends(f"{START}/{name}", page=f"{START}/{name}", **UNIT[name])
    await passer_by.sends(f"{START}/check", page=f"{START}/check")
    row = await Employer.select(Employer.id_warning, Employer.id_proof).first()
    assert "第18位不对" in row["id_warning"]
    assert "核验时看原件" in row["id_proof"]


@pytest.mark.parametrize(
    ("pages", "name", "fields", "said"),
    [
        (UNIT, "station", {"station": "ZD-420112099-01"}, "请在列表里选择"),
        (UNIT, "notice", {"consent": "y"}, "雇主承诺"),
        (UNIT, "kind", {}, "选择雇主类型"),
        (UNIT, "name", {"name": ""}, "请填写单位名称"),
        (UNIT, "code", {"id_number": "123"}, "应为18位"),
        (UNIT, "people", {"legal_representative": "刘大海"}, "请填写经办人"),
        (UNIT, "phone", {"phone": "123456"}, "手机号应为11位"),
        (UNIT, "licences", {"dispatch": "y"}, "劳务派遣经营许可证"),
        (UNIT, "password", {"new_password": "短", "repeated_password": "短"}, "至少12位"),
        (UNIT, "password", {"new_password": "我家门口有三棵树一口井哦", "repeated_password": "别的"}, "不一样"),
        (HOUSEHOLD, "identity", {"id_number": "110105194912310021", "id_type": "01"}, "第18位不对"),
    ],
)
async def test_what_is_wrong_is_said_on_its_own_page(passer_by, pages, name, fields, said):
    await fills(passer_by, pages, until=name)
    page = await passer_by.sends(f"{START}/{name}", status=422, page=f"{START}/{name}", **fields)
    assert said in page.words(".problems")
    assert "错误" in page.title.text


async def test_nobody_reaches_the_end_past_the_questions(passer_by):
    assert path_of(await passer_by.reads(f"{START}/check", status=303)) == f"{START}/station"
    await passer_by.reads(f"{START}/nonsense", status=404)
    await fills(passer_by, HOUSEHOLD, until="phone")
    await passer_by.reads(f"{START}/licences", status=404)


async def test_whoever_types_a_registered_number_learns_nothing_and_opens_nothing(passer_by, sit_down, clerk):
    known = await put_employer()
    other = await sit_down(None)
    fresh = {**UNIT, "code": {"id_number": "91420112MA4K00002B"}, "phone": {"phone": "13900000077"}}
    same, new = await hands_in(passer_by), await hands_in(other, fresh)
    assert path_of(same) == path_of(new) == "/employer"
    assert set(passer_by.client.cookies) == set(other.client.cookies)
    mine, theirs = await passer_by.follows(same), await other.follows(new)
    assert mine.words("main").replace("金银湖", "") == theirs.words("main").replace("金银湖", "")
    assert str(known) not in str(mine)
    twin = (await Employer.select(Employer.id).where(Employer.source == "SELF").order_by(Employer.id).first())["id"]
    page = await clerk.sends(
        f"/desk/employers/{twin}/verification",
        status=422,
        page=f"/desk/employers/{twin}",
        method="DOCUMENT",
        seen=["LICENCE", "AGENT_ID", "AUTHORISATION"],
    )
    assert "在本站已经登记过：武汉湖畔物流有限公司" in page.words(".problems")
    assert (await employer_facts(known)).state is EmployerState.VERIFIED
    await clerk.sends(f"/desk/employers/{twin}/rejection", page=f"/desk/employers/{twin}", reason="本站已经登记过同一证件")


async def test_a_refused_online_registration_does_not_keep_the_real_one_away(passer_by, clerk):
    await hands_in(passer_by)
    twin = (await Employer.select(Employer.id).first())["id"]
    await clerk.sends(f"/desk/employers/{twin}/rejection", page=f"/desk/employers/{twin}", reason="不是这家单位的人登记的")
    assert (await employer_facts(await put_employer())).state is EmployerState.VERIFIED


async def test_the_licence_waits_to_be_checked_and_its_picture_is_kept_once(passer_by, clerk):
    await fills(passer_by, UNIT, until="licence-file")
    body = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(body, "PNG")
    bad = {"scan": ("a.png", b"no picture", "image/png")}
    page = await passer_by.sends(f"{START}/licence-file", status=422, page=f"{START}/licence-file", files=bad)
    assert "不是PDF" in page.words("#scan-error1")
    good = {"scan": ("a.png", body.getvalue(), "image/png")}
    await passer_by.sends(f"{START}/licence-file", files=good)
    page = await passer_by.reads(f"{START}/licence-file")
    assert "照片已经上传" in page.words()
    await passer_by.sends(f"{START}/licence-file")
    await passer_by.sends(f"{START}/password", page=f"{START}/password", **UNIT["password"])
    page = await passer_by.reads(f"{START}/check")
    assert "照片已上传" in page.words()
    await passer_by.sends(f"{START}/check")
    id = (await Employer.select(Employer.id).first())["id"]
    (row,) = await documents_of(id)
    assert (row["kind"], row["checked_at"], row["original_seen"]) == ("LICENCE", None, False)
    page = await clerk.reads(f"/desk/employers/{id}")
    assert "等待核对" in page.words()
    await clerk.sends(f"/desk/employers/{id}/documents/{row['id']}/check", original_seen="y")
    (row,) = await documents_of(id)
    assert (row["checked_by"], row["original_seen"]) == ("陈小满", True)


async def test_whoever_begins_again_leaves_no_picture_behind(passer_by):
    await fills(passer_by, UNIT, until="licence-file")
    body = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(body, "PNG")
    before = {path.name for path in archive.folder().rglob("*.sealed")}
    await passer_by.sends(f"{START}/licence-file", page=f"{START}/licence-file", files={"scan": ("a.png", body.getvalue(), "image/png")})
    assert len({path.name for path in archive.folder().rglob("*.sealed")} - before) == 1
    await passer_by.sends(f"{START}/anew", page=START)
    assert {path.name for path in archive.folder().rglob("*.sealed")} == before
    assert not await Draft.exists()


async def test_one_address_registers_only_so_many_a_day(passer_by, monkeypatch):
    monkeypatch.setattr("db.actions.employer_accounts.PER_ADDRESS_A_DAY", 0)
    await fills(passer_by, HOUSEHOLD)
    await passer_by.sends(f"{START}/check", status=429, page=f"{START}/check")
    assert not await Employer.exists()


async def test_one_phone_registers_only_a_few(passer_by, monkeypatch):
    monkeypatch.setattr("db.actions.employer_accounts.PER_PHONE", 0)
    await fills(passer_by, HOUSEHOLD)
    page = await passer_by.sends(f"{START}/check", status=422, page=f"{START}/check")
    assert "到驿站窗口" in page.words(".problems")
    assert page.select_one(f'.problems a[href^="{START}/phone"]')


async def test_pages_are_small_private_and_without_scripts(passer_by):
    await fills(passer_by, UNIT, until="code")
    response = await passer_by.client.get(f"{START}/code", headers={"accept-encoding": "br"})
    assert int(response.headers["content-length"]) <= 8 * 1024
    assert response.headers["cache-control"] == "no-store"
    page = await passer_by.reads(f"{START}/code")
    assert not page.select("script")


async def test_somebody_at_the_desk_is_told_to_register_at_the_desk(clerk):
    page = await clerk.reads(START)
    assert page.select_one('a[href="/desk/employers/new"]')


async def test_the_session_belongs_to_the_employer_alone(passer_by):
    await hands_in(passer_by)
    assert await Session.count() == 1
    await passer_by.reads("/desk", status=403)
    await passer_by.reads("/me", status=403)
