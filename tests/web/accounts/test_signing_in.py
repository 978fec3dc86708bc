"""Signing in and out: what works, what is refused, and what a stolen or stale thing is worth."""

from datetime import timedelta

import pytest

from db.actions import accounts as actions
from db.clock import at, now
from db.tables.accounts import Account, Session
from db.tables.journal import JournalEntry
from tests.cast import PEOPLE
from tests.web.accounts.conftest import PASSWORD
from tests.web.conftest import MORNING


async def test_the_right_password_opens_the_desk(with_passwords, passer_by):
    await passer_by.reads("/sign-in")
    answer = await passer_by.sends("/sign-in", login="chen", password=PASSWORD)
    assert answer.headers["location"] == "/sign-in"
    home = await passer_by.reads("/sign-in", status=303)
    assert home.headers["location"] == "/desk"
    page = await passer_by.reads("/desk/account")
    assert "陈小满" in page.words()
    assert await JournalEntry.exists().where(JournalEntry.kind == "SIGNED_IN")


async def test_an_officer_lands_on_supervision(with_passwords, passer_by):
    await passer_by.reads("/sign-in")
    await passer_by.sends("/sign-in", login="ZHENG", password=PASSWORD)
    assert (await passer_by.reads("/sign-in", status=303)).headers["location"] == "/supervision"


async def test_an_officer_who_came_to_the_desk_lands_on_supervision_too(with_passwords, passer_by):
    door = (await passer_by.reads("/desk", status=303)).headers["location"]
    await passer_by.reads(door)
    answer = await passer_by.sends("/sign-in", login="ZHENG", password=PASSWORD)
    assert (await passer_by.reads(answer.headers["location"], status=303)).headers["location"] == "/supervision"


async def test_unknown_name_and_wrong_password_look_the_same(with_passwords, passer_by):
    pages = []
    for login, password in (("chen", "wrong password"), ("nobody", PASSWORD)):
        await passer_by.reads("/sign-in")
        page = await passer_by.sends("/sign-in", status=422, login=login, password=password)
        assert page.select_one("#login")["value"] == login
        pages.append(page.words(".problems"))
    assert pages[0] == pages[1]
    assert "登录名或密码不对" in pages[0]


async def test_empty_fields_are_named(with_passwords, passer_by):
    await passer_by.reads("/sign-in")
    page = await passer_by.sends("/sign-in", status=422, login="", password="")
    assert page.words("#login-error1") == "请填写登录名。"
    assert page.words("#password-error1") == "请填写密码。"


async def test_a_disabled_account_does_not_get_in_and_is_thrown_out(with_passwords, passer_by, clerk):
    await clerk.reads("/desk/account")
    await Account.update({Account.active: False}).where(Account.login == "chen")
    await clerk.reads("/desk/account", status=303)
    await passer_by.reads("/sign-in")
    await passer_by.sends("/sign-in", status=422, login="chen", password=PASSWORD)


async def test_after_ten_wrong_tries_even_the_right_password_waits(with_passwords, passer_by):
    for _ in range(actions.FAILURES_PER_NAME):
        await passer_by.reads("/sign-in")
        await passer_by.sends("/sign-in", status=422, login="chen", password="wrong")
    page = await passer_by.sends("/sign-in", status=429, login="chen", password=PASSWORD)
    assert "5分钟" in page.words()
    with at(MORNING + timedelta(minutes=6)):
        await passer_by.reads("/sign-in")
        await passer_by.sends("/sign-in", login="chen", password=PASSWORD)


async def test_an_id_the_visitor_chose_is_never_adopted(with_passwords, passer_by):
    passer_by.client.cookies.set("sid", "chosen-by-an-attacker")
    await passer_by.reads("/sign-in")
    answer = await passer_by.sends("/sign-in", login="chen", password=PASSWORD)
    cookies = answer.headers.get_list("set-cookie")
    assert any(cookie.startswith("sid=") and "chosen" not in cookie for cookie in cookies)
    assert not await Session.exists().where(Session.key == actions.session_key("chosen-by-an-attacker"))


async def test_the_cookie_itself_is_not_in_the_table(with_passwords, passer_by):
    await passer_by.reads("/sign-in")
    await passer_by.sends("/sign-in", login="chen", password=PASSWORD)
    token = passer_by.client.cookies["sid"]
    keys = [row["key"] for row in await Session.select(Session.key)]
    assert token not in keys
    assert actions.session_key(token) in keys


async def test_a_visitor_leaves_nothing_behind(house, passer_by):
    for _ in range(3):
        await passer_by.reads("/sign-in")
    assert await Session.count() == 0
    assert await JournalEntry.count() == 0


async def test_signing_out_ends_the_session(clerk):
    await clerk.reads("/desk/account")
    answer = await clerk.sends("/sign-out")
    assert answer.headers["location"] == "/sign-in"
    clerk.client.cookies.set("sid", "token-of-chen")
    await clerk.reads("/desk/account", status=303)


async def test_an_idle_session_ends(clerk):
    await clerk.reads("/desk/account")
    with at(MORNING + actions.IDLE + timedelta(minutes=1)):
        answer = await clerk.reads("/desk/account", status=303)
        assert answer.headers["location"].startswith("/sign-in?next=")


async def test_a_session_in_use_stays_but_not_for_ever(clerk):
    for minutes in range(9, 12 * 60, 9):
        with at(MORNING + timedelta(minutes=minutes)):
            await clerk.reads("/desk/account")
    with at(MORNING + actions.ABSOLUTE + timedelta(minutes=1)):
        await clerk.reads("/desk/account", status=303)


@pytest.mark.parametrize("next_page", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:1", "/a\nb"])
async def test_signing_in_leads_nowhere_else(with_passwords, passer_by, next_page):
    await passer_by.reads("/sign-in")
    answer = await passer_by.sends("/sign-in", login="chen", password=PASSWORD, next=next_page)
    assert answer.headers["location"] == "/sign-in"


async def test_signing_in_leads_back_to_the_page(with_passwords, passer_by):
    await passer_by.reads("/sign-in?next=/desk/account")
    answer = await passer_by.sends("/sign-in", login="chen", password=PASSWORD)
    assert answer.headers["location"] == "/desk/account"


async def test_a_new_password_ends_the_other_sessions(with_passwords, clerk):
    moment = now()
    await Session.insert(
        Session(key="0" * 64, account=PEOPLE["chen"].id, created_at=moment, seen_at=moment, expires_at=moment + timedelta(hours=1))
    )
    await clerk.reads("/desk/account")
    fields = {"old_password": PASSWORD, "new_password": "另外一句很长的好记的话", "repeated_password": "另外一句很长的好记的话"}
    short = await clerk.sends("/desk/account/password", status=422, **{**fields, "new_password": "short", "repeated_password": "short"})
    assert "至少12位" in short.words("#new_password-error1")
    wrong = await clerk.sends("/desk/account/password", status=422, **{**fields, "old_password": "no"})
    assert "现在的密码不对" in wrong.words("#old_password-error1")
    fields = {**fields, "new_password": "另外一句很长的好记的话吧", "repeated_password": "另外一句很长的好记的话吧"}
    await clerk.sends("/desk/account/password", **fields)
    assert await Session.count() == 1
    await clerk.reads("/desk/account")
