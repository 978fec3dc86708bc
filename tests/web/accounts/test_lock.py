"""The desk that locks itself, and the password given again."""

from datetime import timedelta

import pytest

from db.actions import accounts as actions
from db.clock import at
from db.tables.accounts import Session
from db.tables.journal import JournalEntry
from tests.cast import PEOPLE
from tests.web.accounts.conftest import PASSWORD, confirmed
from tests.web.conftest import MORNING

UNUSED = MORNING + timedelta(minutes=11)
FIELDS = {"kind": "INDIVIDUAL", "name": "诸葛小强", "address": "金港工业园7栋", "own_note": ""}


async def test_after_ten_minutes_the_page_asks_for_the_password_and_comes_back(with_passwords, clerk):
    await clerk.reads("/desk/jobs?state=PUBLISHED")
    with at(UNUSED):
        page = await clerk.reads("/desk/jobs?state=PUBLISHED", status=401)
        assert page.words("h1") == "屏幕已锁"
        assert "陈小满" in page.words(".say")
        assert not page.select("header nav")
        assert "密码不对" in (await clerk.sends("/desk/lock", status=422, own_password="no")).words(".problems")
        sent = await clerk.sends("/desk/lock", own_password=PASSWORD)
        assert sent.headers["location"] == "/desk/jobs?state=PUBLISHED"
        await clerk.reads("/desk/jobs?state=PUBLISHED")
    assert await JournalEntry.exists().where(JournalEntry.kind == "DESK_UNLOCKED")


async def test_just_ten_minutes_do_not_lock(clerk):
    await clerk.reads("/desk")
    with at(MORNING + timedelta(minutes=10)):
        await clerk.reads("/desk")


async def test_what_was_typed_is_kept_and_sent_again(with_passwords, clerk):
    await clerk.reads("/desk/employers/new")
    with at(UNUSED):
        page = await clerk.sends("/desk/employers", status=401, **FIELDS)
        assert page.words("h1") == "屏幕已锁"
        page = await clerk.sends("/desk/lock", status=422, own_password="no")
        page = await clerk.sends("/desk/lock", status=200, own_password=PASSWORD)
        assert page.words("h1") == "请再提交一次"
        page = await clerk.sends("/desk/employers", status=422)
        assert page.select_one("[name=name]")["value"] == "诸葛小强"
        assert page.select_one("[name=address]")["value"] == "金港工业园7栋"


@pytest.mark.parametrize("minutes", [1, 11])
async def test_the_open_page_that_locks_itself_takes_its_typing_along(with_passwords, clerk, minutes):
    await clerk.reads("/desk/employers/new")
    with at(MORNING + timedelta(minutes=minutes)):
        kept = {"kept-name": "诸葛小强", "kept-kind": "INDIVIDUAL", "resume": "/desk/employers", "back": "/desk/employers/new"}
        page = await clerk.sends("/desk/lock", status=200, nobody="1", **kept)
        assert not page.select("header nav, .problems")
        await clerk.reads("/desk", status=401, fragment=True)
        page = await clerk.sends("/desk/lock", status=200, own_password=PASSWORD)
        page = await clerk.sends("/desk/employers", status=422)
        assert page.select_one("[name=name]")["value"] == "诸葛小强"


async def test_a_locked_desk_shows_and_does_nothing(clerk, manager):
    await clerk.reads("/desk")
    await manager.reads("/desk")
    with at(UNUSED):
        for url in ("/desk", "/desk/seekers", "/desk/account", "/desk/confirm", "/desk/awake", "/desk/account/commitment.pdf"):
            assert (await clerk.client.get(url)).status_code == 401, url
        for url in ("/desk/account/sessions", "/desk/confirm"):
            assert (await clerk.client.post(url)).status_code == 401, url
        answer = await clerk.reads("/desk", status=401, fragment=True, **{"HX-Current-URL": "http://127.0.0.1:8000/desk/jobs?page=2"})
        assert answer.headers["hx-redirect"] == "/desk/lock?next=/desk/jobs%3Fpage%3D2"
        await clerk.reads("/jobs")


async def test_this_is_not_me_signs_out(clerk):
    await clerk.reads("/desk")
    with at(UNUSED):
        await clerk.reads("/desk", status=401)
        sent = await clerk.sends("/sign-out")
        assert sent.headers["location"] == "/sign-in"
        assert not await Session.exists().where(Session.account == PEOPLE["chen"].id)


async def test_wrong_passwords_at_the_lock_count_like_refused_sign_ins(with_passwords, clerk):
    await clerk.reads("/desk")
    with at(UNUSED):
        await clerk.reads("/desk", status=401)
        for _ in range(actions.FAILURES_PER_NAME):
            await clerk.reads("/desk/lock")
            await clerk.sends("/desk/lock", status=422, own_password="wrong")
        await clerk.sends("/desk/lock", status=429, own_password=PASSWORD)
        assert await JournalEntry.count().where(JournalEntry.kind == "SIGN_IN_LOCKED") == 1


async def test_a_page_that_asks_by_itself_does_not_keep_the_desk_open(clerk):
    await clerk.reads("/desk")
    for minutes in (3, 6, 9):
        with at(MORNING + timedelta(minutes=minutes)):
            await clerk.reads("/desk", fragment=True, **{"X-Polling": "1"})
    with at(UNUSED):
        await clerk.reads("/desk", status=401)


async def test_somebody_who_types_keeps_the_desk_open(clerk):
    await clerk.reads("/desk/employers/new")
    for minutes in (5, 10, 15):
        with at(MORNING + timedelta(minutes=minutes)):
            await clerk.reads("/desk/awake", status=204)
    with at(MORNING + timedelta(minutes=20)):
        await clerk.reads("/desk")


async def test_a_locked_desk_ends_when_nobody_comes_back(with_passwords, clerk):
    await clerk.reads("/desk")
    with at(MORNING + timedelta(minutes=31)):
        assert (await clerk.reads("/desk", status=303)).headers["location"].startswith("/sign-in?next=")


async def test_who_reaches_the_whole_district_is_signed_in_for_a_shorter_time(officer, sit_down):
    admin = await sit_down("admin")
    for person in (officer, admin):
        await person.reads("/supervision")
    with at(MORNING + timedelta(minutes=14)):
        await officer.reads("/supervision", status=401)
    with at(MORNING + timedelta(minutes=16)):
        for person in (officer, admin):
            await person.reads("/supervision", status=303)


async def test_an_officers_session_is_over_after_eight_hours(with_passwords, passer_by):
    await passer_by.reads("/sign-in")
    await passer_by.sends("/sign-in", login="zheng", password=PASSWORD)
    row = await Session.select(Session.created_at, Session.expires_at).first()
    assert row["expires_at"] - row["created_at"] == timedelta(hours=8)


async def test_a_lock_page_without_a_lock_goes_on(clerk):
    assert (await clerk.reads("/desk/lock?next=/desk/jobs", status=303)).headers["location"] == "/desk/jobs"
    assert (await clerk.reads("/desk/lock?next=https://evil.example", status=303)).headers["location"] == "/sign-in"


@pytest.mark.parametrize("where", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:1"])
async def test_unlocking_leads_nowhere_else(with_passwords, clerk, where):
    await clerk.reads("/desk")
    with at(UNUSED):
        await clerk.reads("/desk", status=401)
        sent = await clerk.sends("/desk/lock", own_password=PASSWORD, back=where)
        assert sent.headers["location"] == "/desk"
        await clerk.reads("/desk")
        page = await clerk.sends("/desk/confirm", page="/desk/confirm", own_password=PASSWORD, resume=where, **{"kept-a": "b"})
        assert page.headers["location"] == "/desk"


async def test_the_password_given_again_is_good_for_ten_minutes(with_passwords, clerk):
    assert (await clerk.reads("/desk/account/second-factor", status=303)).headers["location"] == (
        "/desk/confirm?next=/desk/account/second-factor"
    )
    await clerk.reads("/desk/confirm?next=/desk/account/second-factor")
    assert (await clerk.sends("/desk/confirm", own_password=PASSWORD)).headers["location"] == "/desk/account/second-factor"
    with at(MORNING + timedelta(minutes=9)):
        await clerk.reads("/desk/account/second-factor")
    with at(MORNING + timedelta(minutes=11)):
        await clerk.reads("/desk/account/second-factor", status=303)
    assert await JournalEntry.exists().where(JournalEntry.kind == "PASSWORD_CONFIRMED")


async def test_one_ends_ones_other_sessions_and_nobody_elses(with_passwords, clerk, manager, passer_by):
    await passer_by.reads("/sign-in")
    await passer_by.sends("/sign-in", login="chen", password=PASSWORD)
    await passer_by.reads("/desk")
    await manager.reads("/desk")
    page = await clerk.reads("/desk/account")
    handle = page.select_one("button[name=session]")["value"]
    await manager.reads("/desk/account")
    await manager.sends("/desk/account/sessions", session=handle)
    await passer_by.reads("/desk")
    await clerk.sends("/desk/account/sessions", session=handle)
    await passer_by.reads("/desk", status=303)
    await clerk.reads("/desk")
    await manager.reads("/desk")


async def test_a_confirmed_session_is_confirmed_for_itself_only(with_passwords, clerk, passer_by):
    await confirmed("chen")
    await passer_by.reads("/sign-in")
    await passer_by.sends("/sign-in", login="chen", password=PASSWORD)
    with at(MORNING + timedelta(minutes=9)):
        await passer_by.reads("/desk")
        await clerk.reads("/desk")
    with at(MORNING + timedelta(minutes=12)):
        await passer_by.sends("/desk/confirm", page="/desk/confirm", own_password=PASSWORD)
        await passer_by.reads("/desk/account/second-factor")
        await clerk.reads("/desk/account/second-factor", status=303)
