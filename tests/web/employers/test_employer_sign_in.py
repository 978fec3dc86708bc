"""Employers sign in by phone and password; the counter gives an initial one; a message may help where messages are sent."""

import asyncio
from datetime import timedelta

import pytest

from db.actions.employer_accounts import give_initial_password
from db.actions.people import employer_account
from db.clock import at
from db.passwords import hash_password
from db.tables.accounts import Account, PhoneCode, Session
from db.tables.journal import JournalEntry
from tests.cast import PEOPLE
from tests.visitor import path_of
from tests.web.conftest import MORNING
from tests.web.posts_scene import OTHER_CODE, put_employer

SIGN_IN = "/employer/sign-in"
OWN = "我家门口有三棵树一口井哦"
OTHER = "另一家公司的密码也很长很长"


async def put_account(password: str = OWN, **changes):
    id = await put_employer(**changes)
    return await employer_account(id, password_hash=await hash_password(password), actor=None)


async def test_phone_and_password_open_the_employers_own_page(passer_by):
    await put_account()
    answer = await passer_by.sends(SIGN_IN, page=SIGN_IN, phone="139 0000 0001", password=OWN)
    assert path_of(answer) == "/employer"
    page = await passer_by.follows(answer)
    assert "武汉湖畔物流有限公司" in page.words()
    assert path_of(await passer_by.reads(SIGN_IN, status=303)) == "/employer"
    answer = await passer_by.sends("/employer/sign-out", page="/employer/password")
    assert path_of(answer) == SIGN_IN
    assert path_of(await passer_by.reads("/employer", status=303)) == SIGN_IN
    kinds = {row["kind"] for row in await JournalEntry.select(JournalEntry.kind)}
    assert {"SIGNED_IN", "SIGNED_OUT"} <= kinds


async def test_an_unknown_phone_and_a_wrong_password_are_answered_alike(passer_by, sit_down):
    await put_account()
    other = await sit_down(None)
    wrong = await passer_by.sends(SIGN_IN, status=422, page=SIGN_IN, phone="13900000001", password="不是这个密码啊不是的")
    unknown = await other.sends(SIGN_IN, status=422, page=SIGN_IN, phone="13911111111", password="不是这个密码啊不是的")
    assert wrong.words("main") == unknown.words("main")
    assert wrong.select_one("#phone")["value"] == "13900000001"
    assert not wrong.select_one("#password").get("value")
    assert not await Session.exists()


async def test_one_phone_of_two_firms_opens_the_one_whose_password_it_is(passer_by):
    await put_account()
    await put_account(OTHER, name="武汉另一家公司", id_number=OTHER_CODE)
    page = await passer_by.follows(await passer_by.sends(SIGN_IN, page=SIGN_IN, phone="13900000001", password=OTHER))
    assert "武汉另一家公司" in page.words()


async def test_too_many_tries_must_wait_even_with_the_right_password(passer_by):
    await put_account()
    for _ in range(10):
        await passer_by.sends(SIGN_IN, status=422, page=SIGN_IN, phone="13900000001", password="不是这个密码啊不是的")
    await passer_by.sends(SIGN_IN, status=429, page=SIGN_IN, phone="13900000001", password=OWN)
    with at(MORNING + timedelta(minutes=6)):
        await passer_by.sends(SIGN_IN, page=SIGN_IN, phone="13900000001", password=OWN)
    assert await JournalEntry.exists().where(JournalEntry.kind == "SIGN_IN_LOCKED")


async def test_a_worker_or_clerk_of_the_same_phone_is_no_employer(passer_by):
    await Account.update({Account.phone_index: "x", Account.password_hash: await hash_password(OWN)}).where(Account.id == PEOPLE["chen"].id)
    await passer_by.sends(SIGN_IN, status=422, page=SIGN_IN, phone="13900000001", password=OWN)
    await passer_by.sends("/sign-in", status=422, page="/sign-in", login="emp-1", password=OWN)


async def test_the_counter_gives_an_initial_password_that_opens_nothing_but_its_own_change(clerk, passer_by):
    id = await put_employer()
    url = f"/desk/employers/{id}/account"
    page = await clerk.sends(url, status=422, page=f"/desk/employers/{id}")
    assert "请先核对证件原件" in page.words(".problems")
    page = await clerk.sends(url, status=200, agent_seen="y")
    initial = page.words(".digits")
    assert len(initial) > 12
    form = dict(clerk.last)
    again = await clerk.client.post(url, data=form)
    assert (again.status_code, initial in again.text) == (303, False)
    answer = await passer_by.sends(SIGN_IN, page=SIGN_IN, phone="13900000001", password=initial)
    assert path_of(answer) == "/employer"
    for closed in ("/employer", "/employer/jobs/new", SIGN_IN):
        assert path_of(await passer_by.reads(closed, status=303)) == "/employer/password"
    page = await passer_by.reads("/employer/password")
    assert "先换成自己的密码" in page.words("h1")
    page = await passer_by.sends("/employer/password", status=422, old_password=initial, new_password="太短", repeated_password="太短")
    assert "至少12位" in page.words(".problems")
    await passer_by.sends("/employer/password", old_password=initial, new_password=OWN, repeated_password=OWN)
    await passer_by.reads("/employer")
    kinds = [row["kind"] for row in await JournalEntry.select(JournalEntry.kind).order_by(JournalEntry.id)]
    assert kinds.count("PASSWORD_RESET") == 1
    assert initial not in "".join(row["body"] for row in await JournalEntry.select(JournalEntry.body))


async def test_an_initial_password_is_good_for_a_day(passer_by, house):
    id = await put_employer()
    await give_initial_password(id, password_hash=await hash_password(OWN), actor=PEOPLE["chen"])
    with at(MORNING + timedelta(hours=25)):
        page = await passer_by.sends(SIGN_IN, status=422, page=SIGN_IN, phone="13900000001", password=OWN)
    assert "初始密码已经过期" in page.words(".problems")


async def test_a_new_initial_password_ends_what_was_open(clerk, sit_down):
    account = await put_account()
    employer = await sit_down(account)
    await employer.reads("/employer")
    id = account.employer_id
    await clerk.sends(f"/desk/employers/{id}/account", status=200, page=f"/desk/employers/{id}", agent_seen="y")
    await employer.reads("/employer", status=303)


async def test_changing_the_password_ends_every_other_session(sit_down, passer_by):
    account = await put_account()
    await passer_by.sends(SIGN_IN, page=SIGN_IN, phone="13900000001", password=OWN)
    here = await sit_down(account)
    page = await here.sends(
        "/employer/password", status=422, page="/employer/password", old_password="不对的密码", new_password=OTHER, repeated_password=OTHER
    )
    assert "现在的密码不对" in page.words(".problems")
    await here.sends("/employer/password", old_password=OWN, new_password=OTHER, repeated_password=OTHER)
    await here.reads("/employer")
    await passer_by.reads("/employer", status=303)


async def test_an_employer_is_signed_in_for_half_a_day_of_silence(passer_by):
    await put_account()
    await passer_by.sends(SIGN_IN, page=SIGN_IN, phone="13900000001", password=OWN)
    with at(MORNING + timedelta(hours=11)):
        await passer_by.reads("/employer")
    with at(MORNING + timedelta(hours=24)):
        await passer_by.reads("/employer", status=303)


async def test_another_station_gives_no_account(stranger, officer):
    id = await put_employer()
    await stranger.sends(f"/desk/employers/{id}/account", status=404, page="/desk/employers/new", agent_seen="y")
    await officer.reads(f"/desk/employers/{id}")
    await officer.sends(f"/desk/employers/{id}/account", status=403, agent_seen="y")


async def test_without_messages_the_counter_is_the_way(passer_by):
    page = await passer_by.reads("/employer/sign-in/phone")
    assert not page.select("form[action='/employer/sign-in/phone']")
    assert "工作人员核对后给您一个初始密码" in page.words()


@pytest.fixture
def messages(app, monkeypatch, tmp_path):
    """A sender that keeps the messages."""
    sent: list[tuple[str, str]] = []

    class Kept:
        works = True

        async def send(self, phone: str, text: str) -> None:
            sent.append((phone, text))

    monkeypatch.setattr("web.request.sender_named", lambda name, folder: Kept())
    return sent


async def test_a_forgotten_password_is_set_anew_with_a_code(passer_by, messages):
    await put_account()
    await passer_by.sends("/employer/sign-in/phone", status=200, page="/employer/sign-in/phone", phone="13900000001")
    await asyncio.sleep(0.05)
    ((_, text),) = messages
    code = "".join(ch for ch in text.split("，")[0] if ch.isdigit())
    wrong = "000000" if code != "000000" else "111111"
    page = await passer_by.sends("/employer/sign-in/code", status=422, code=wrong, new_password=OTHER, repeated_password=OTHER)
    assert "验证码不对" in page.words(".problems")
    answer = await passer_by.sends("/employer/sign-in/code", code=code, new_password=OTHER, repeated_password=OTHER)
    assert path_of(answer) == "/employer"
    await passer_by.reads("/employer")


async def test_an_unknown_phone_gets_the_same_page_and_no_message(passer_by, messages):
    page = await passer_by.sends("/employer/sign-in/phone", status=200, page="/employer/sign-in/phone", phone="13911111111")
    assert page.select_one("form[action='/employer/sign-in/code']")
    assert not messages
    assert await PhoneCode.count() == 1
