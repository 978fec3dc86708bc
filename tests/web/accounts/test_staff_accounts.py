"""Accounts of people at the desk: one account one person, opened and looked after by those who may."""

from datetime import timedelta

import pytest

from db.actions.staff_accounts import disable_account, open_account
from db.clock import at, now
from db.errors import ConstraintViolated
from db.tables.accounts import Account, Session
from db.tables.journal import JournalEntry
from rules.accounts import NewAccount
from rules.errors import RuleBroken
from rules.permissions import Role
from tests.cast import LAKE, LING, PEOPLE
from tests.web.accounts.conftest import PASSWORD, arrives, code_at, confirmed, enrolled, gives_password
from tests.web.conftest import MORNING

NEW = {"name": "黄小燕", "work_no": "JYH-09", "login": "huang-xy"}
DISTRICT = "/supervision/accounts"


@pytest.fixture
async def sure(house):
    """Everybody who signs in gave the password a moment ago."""

    async def confirm(*logins: str) -> None:
        for login in logins:
            await confirmed(login)

    return confirm


async def kept(login: str) -> dict:
    return await Account.select(Account.all_columns()).where(Account.login == login).first()


async def test_a_manager_opens_an_account_whose_password_is_shown_once_and_changed_at_first(manager, sure, passer_by):
    await sure("wu")
    await manager.reads("/desk/accounts/new")
    page = await manager.sends("/desk/accounts", status=200, **NEW)
    initial = page.words(".initial")
    assert len(initial) == 19
    row = await kept("huang-xy")
    assert (row["role"], row["station"], row["work_no"]) == ("STF", LAKE, "JYH-09")
    assert row["password_expires_at"] == now() + timedelta(hours=24)
    assert initial not in (await manager.reads(f"/desk/accounts/{row['id']}")).text
    again = await manager.client.post("/desk/accounts", data=manager.last)
    assert again.status_code == 303
    assert again.headers["location"] == f"/desk/accounts/{row['id']}"
    assert await Account.count().where(Account.login == "huang-xy") == 1
    page = await gives_password(passer_by, "huang-xy", initial)
    assert page.words("h1") == "设自己的密码"


async def test_opening_asks_for_the_password_first_and_keeps_what_was_typed(manager, sure, with_passwords):
    assert (await manager.reads("/desk/accounts/new", status=303)).headers["location"] == "/desk/confirm?next=/desk/accounts/new"
    await sure("wu")
    await manager.reads("/desk/accounts/new")
    for minutes in (6, 12):
        with at(MORNING + timedelta(minutes=minutes)):
            await manager.client.get("/desk/awake")
    with at(MORNING + timedelta(minutes=12)):
        await manager.sends("/desk/accounts", status=401, **NEW)
        assert await kept("huang-xy") is None
        page = await manager.sends("/desk/confirm", status=200, own_password=PASSWORD)
        assert page.words("h1") == "请再提交一次"
        assert (await manager.sends("/desk/accounts", status=200)).words("h1") == "初始密码：只显示这一次"


async def test_two_accounts_for_one_work_number_at_a_station_are_refused(manager, officer, sure):
    await sure("wu", "zheng")
    await manager.reads("/desk/accounts/new")
    page = await manager.sends("/desk/accounts", status=422, **{**NEW, "work_no": "2001"})
    assert "工号2001已经有账号了（陈小满，登录名chen）" in page.words("#work_no-error1")
    assert page.select_one("#name")["value"] == "黄小燕"
    await Account.update({Account.active: False}).where(Account.login == "chen")
    await manager.sends("/desk/accounts", status=422, **{**NEW, "work_no": "2001"})
    await officer.reads(f"{DISTRICT}/new")
    await officer.sends(DISTRICT, status=200, **{**NEW, "work_no": "2001"}, role="STF", station=str(LING))


async def test_the_database_itself_refuses_the_second_holder_of_a_work_number(house):
    with pytest.raises(ConstraintViolated):
        await Account.update({Account.work_no: "2001"}).where(Account.login == "zhou")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"login": "chen"}, "已经有人用了"),
        ({"login": "13900000001"}, "不要用手机号"),
        ({"login": "a13900000001"}, "不要用手机号"),
        ({"login": "wkr-q1"}, "姓名拼音"),
        ({"login": "黄小燕"}, "小写字母开头"),
        ({"name": ""}, "请填写姓名"),
        ({"work_no": ""}, "请填写工号"),
    ],
)
async def test_what_does_not_fit_is_said(manager, sure, fields, sentence):
    await sure("wu")
    await manager.reads("/desk/accounts/new")
    page = await manager.sends("/desk/accounts", status=422, **{**NEW, **fields})
    assert sentence in page.words(".problems")


@pytest.mark.parametrize("role", ["MGR", "LGL", "DST", "ADM", "SUB", "WKR", "EMP"])
async def test_a_manager_makes_staff_only(manager, sure, role):
    await sure("wu")
    await manager.reads("/desk/accounts/new")
    await manager.sends("/desk/accounts", status=422, **NEW, role=role, station=str(LING))
    assert await kept("huang-xy") is None
    with pytest.raises(RuleBroken, match="您不能开通"):
        await open_account(NewAccount("huang-xy", "黄小燕", "9", Role(role), LAKE), password_hash="", actor=PEOPLE["wu"])


async def test_a_managers_staff_belong_to_the_own_station_whatever_was_posted(manager, sure):
    await sure("wu")
    await manager.reads("/desk/accounts/new")
    await manager.sends("/desk/accounts", status=200, **NEW, station=str(LING))
    assert (await kept("huang-xy"))["station"] == LAKE


@pytest.mark.parametrize(
    ("role", "place", "sentence"),
    [
        ("MGR", {"station": str(LING)}, ""),
        ("LGL", {"station": str(LAKE)}, ""),
        ("SUB", {"subdistrict": "420112006"}, ""),
        ("OPR", {"operator": "武汉湖畔人力资源有限公司"}, ""),
        ("DST", {}, ""),
        ("MGR", {}, "要选所在的驿站"),
        ("SUB", {"station": str(LAKE)}, "要选所在的街道"),
        ("OPR", {}, "要填运营方全称"),
    ],
)
async def test_the_district_opens_the_business_roles(officer, sure, role, place, sentence):
    await sure("zheng")
    await officer.reads(f"{DISTRICT}/new")
    page = await officer.sends(DISTRICT, status=422 if sentence else 200, **NEW, role=role, **place)
    if sentence:
        assert sentence in page.words(".problems")
    else:
        assert (await kept("huang-xy"))["role"] == role


async def test_the_administrator_opens_technical_accounts_only(sit_down, sure):
    admin = await sit_down("admin")
    await sure("admin")
    page = await admin.reads(f"{DISTRICT}/new")
    assert [option["value"] for option in page.select("#role option")] == ["", "ADM"]
    await admin.sends(DISTRICT, status=422, **NEW, role="DST")
    await admin.reads(f"{DISTRICT}/new")
    await admin.sends(DISTRICT, status=200, **NEW, role="ADM")


async def test_switching_off_ends_every_session_at_once_and_on_again_works(manager, clerk, sure):
    await sure("wu")
    await clerk.reads("/desk")
    await manager.reads("/desk/accounts/2001")
    page = await manager.sends("/desk/accounts/2001/disabling", status=422, reason="")
    assert "请写明原因" in page.words(".problems")
    await manager.sends("/desk/accounts/2001/disabling", reason="离岗")
    await clerk.reads("/desk", status=303)
    assert not await Session.exists().where(Session.account == 2001)
    page = await manager.reads("/desk/accounts/2001")
    assert "已停用" in page.words(".headline")
    await manager.sends("/desk/accounts/2001/enabling", reason="返岗")
    assert (await kept("chen"))["active"]
    entries = await JournalEntry.select(JournalEntry.body).where(JournalEntry.kind == "ACCOUNT_CHANGED").order_by(JournalEntry.id)
    assert ["离岗" in entries[0]["body"], "返岗" in entries[1]["body"]] == [True, True]


async def test_nobody_touches_the_own_account_or_one_above(manager, officer, sure):
    await sure("wu", "zheng")
    page = await manager.reads("/desk/accounts/2003")
    assert not page.select("form[action^='/desk/accounts']")
    for step in ("disabling", "password", "second-factor"):
        page = await manager.sends(f"/desk/accounts/2003/{step}", status=422, reason="试一试")
        assert "不能在这里改自己的账号" in page.words(".problems")
        await manager.reads("/desk/accounts/2008")
        page = await manager.sends(f"/desk/accounts/2008/{step}", status=422, reason="试一试")
        assert "不归您管" in page.words(".problems")
    fields = {"name": "郑科长", "work_no": "2005", "role": "DST", "change_reason": "试一试"}
    await officer.reads(f"{DISTRICT}/2005")
    page = await officer.sends(f"{DISTRICT}/2005/edit", status=422, **fields)
    assert "不能在这里改自己的账号" in page.words(".problems")


async def test_the_last_manager_is_switched_off_by_the_district_alone(sit_down, officer, sure):
    admin = await sit_down("admin")
    await sure("admin", "zheng")
    await admin.reads(f"{DISTRICT}/2003")
    page = await admin.sends(f"{DISTRICT}/2003/disabling", status=422, reason="离岗")
    assert "最后一位在用的负责人" in page.words(".problems")
    await Account.update({Account.role: "MGR"}).where(Account.login == "zhou")
    await admin.reads(f"{DISTRICT}/2002")
    await admin.sends(f"{DISTRICT}/2002/disabling", reason="账号被人用过")
    await officer.reads(f"{DISTRICT}/2003")
    await officer.sends(f"{DISTRICT}/2003/disabling", reason="换人")
    assert not (await kept("wu"))["active"]


async def test_another_role_acts_at_once(officer, clerk, sure):
    await sure("zheng")
    await clerk.reads("/desk")
    await officer.reads(f"{DISTRICT}/2001")
    await officer.sends(f"{DISTRICT}/2001/edit", name="陈小满", work_no="2001", role="MGR", change_reason="升任负责人")
    await clerk.reads("/desk", status=303)
    assert (await kept("chen"))["role"] == "MGR"
    await officer.reads(f"{DISTRICT}/2001")
    await officer.sends(f"{DISTRICT}/2001/edit", status=422, name="陈小满", work_no="2001", role="SUB", change_reason="调走")


async def test_a_reset_password_is_new_random_and_for_a_day(manager, sure, with_passwords, passer_by):
    await sure("wu")
    await manager.reads("/desk/accounts/2001")
    page = await manager.sends("/desk/accounts/2001/password", status=200, reason="本人忘了")
    initial = page.words(".initial")
    await passer_by.reads("/sign-in")
    await passer_by.sends("/sign-in", status=422, login="chen", password=PASSWORD)
    page = await gives_password(passer_by, "chen", initial)
    assert page.words("h1") == "设自己的密码"
    assert "由吴站长重置" in page.words(".note")
    assert await JournalEntry.exists().where(JournalEntry.kind == "PASSWORD_RESET", JournalEntry.station_id == LAKE)


async def test_a_lost_telephone_is_reset_by_the_manager_and_set_up_anew(visitor, at_the_door, manager, sure):
    secret, _ = await enrolled(visitor, "chen")
    await sure("wu")
    await manager.reads("/desk/accounts/2001")
    await manager.sends("/desk/accounts/2001/second-factor", reason="手机丢了，本人在场")
    await visitor.reads("/desk", status=303)
    person = await at_the_door()
    page = await gives_password(person, "chen")
    assert "由吴站长重置" in page.words(".note")
    await person.sends("/sign-in/second-factor", status=422, one_time_password=code_at(secret))
    await manager.reads("/desk/accounts/2002")
    page = await manager.sends("/desk/accounts/2002/second-factor", status=422, reason="手机丢了")
    assert "还没有设动态口令" in page.words(".problems")


async def test_a_manager_finds_the_own_station_only_and_nobody_finds_workers(manager, officer, stranger, clerk):
    await Account.update({Account.role: "WKR"}).where(Account.login == "zhao")
    page = await manager.reads("/desk/accounts")
    assert {row.text for row in page.select("tbody th")} == {"陈小满", "周建国", "吴站长", "罗律师"}
    for url in ("/desk/accounts/2004", "/desk/accounts/999"):
        await manager.reads(url, status=404)
    page = await officer.reads(DISTRICT)
    assert "林静" in page.text
    assert "赵明" not in page.text
    await officer.reads(f"{DISTRICT}/2010", status=404)
    for person in (stranger, clerk):
        await person.reads("/desk/accounts", status=403)
        await person.reads("/desk/account")
        await person.sends("/desk/accounts/2002/disabling", status=403, reason="试一试")


async def test_the_list_filters_and_says_when_there_is_nothing(officer):
    assert [row.text for row in (await officer.reads(f"{DISTRICT}?word=%E9%99%88")).select("tbody th")] == ["陈小满"]
    assert [row.text for row in (await officer.reads(f"{DISTRICT}?word=2001")).select("tbody th")] == ["陈小满"]
    assert [row.text for row in (await officer.reads(f"{DISTRICT}?role=MGR&active=1")).select("tbody th")] == ["吴站长"]
    assert "没有符合条件的账号" in (await officer.reads(f"{DISTRICT}?active=0")).words(".empty")
    assert not (await officer.reads(f"{DISTRICT}?word=%25")).select("tbody th")
    part = await officer.reads(f"{DISTRICT}?role=SUB", fragment=True)
    assert not part.select("html")


async def test_a_page_holds_fifty_accounts(officer):
    moment = now()
    await Account.insert(
        *(
            Account(
                login=f"more-{n:03}",
                name="张三",
                work_no="",
                role="STF",
                password_hash="",
                station=LAKE,
                operator="",
                subdistrict="",
                created_at=moment,
                password_changed_at=moment,
            )
            for n in range(60)
        )
    )
    page = await officer.reads(DISTRICT)
    assert len(page.select("tbody tr")) == 50
    page = await officer.reads(page.select_one("a[rel=next]")["href"])
    assert len(page.select("tbody tr")) == 60 + 11 - 50


async def test_an_action_looks_again_at_who_asks(house):
    with pytest.raises(LookupError):
        await disable_account(2004, "试一试", actor=PEOPLE["wu"])
    with pytest.raises(RuleBroken):
        await disable_account(2002, "试一试", actor=PEOPLE["chen"])


async def test_the_new_account_of_a_strict_house_goes_all_the_way(manager, sure, at_the_door):
    await sure("wu")
    await manager.reads("/desk/accounts/new")
    initial = (await manager.sends("/desk/accounts", status=200, **NEW)).words(".initial")
    person = await at_the_door()
    await gives_password(person, "huang-xy", initial)
    own = "湖边的芦苇长得很高很高"
    await arrives(
        person, await person.sends("/sign-in/password", old_password=initial, new_password=own + "了", repeated_password=own + "了")
    )
    page = await arrives(person, await person.sends("/sign-in/commitment", read="y", signed_name="黄小燕"))
    await person.sends("/sign-in/second-factor", status=200, one_time_password=code_at(page.words(".secret").replace(" ", "")))
    await person.reads("/desk")
    page = await manager.reads("/desk/accounts")
    assert "在用" in next(row for row in page.select("tbody tr") if "黄小燕" in row.text).text
