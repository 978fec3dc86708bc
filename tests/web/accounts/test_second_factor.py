"""Signing in with a second factor: first time, every time, without the telephone, and what refuses."""

import asyncio
import re
from datetime import timedelta

import pytest

from db.actions import second_factor
from db.actions.accounts import TooManyTries, session_key
from db.clock import at, now
from db.tables.accounts import Account, RecoveryCode, Session, SignInFailure
from db.tables.journal import JournalEntry
from rules.permissions import Permission, Role
from tests.cast import PEOPLE
from tests.web.accounts.conftest import PASSWORD, arrives, code_at, enrolled, gives_password, secret_on
from tests.web.conftest import MORNING
from web.guards import doors

CHEN = PEOPLE["chen"]
LATER = MORNING + timedelta(minutes=2)


async def kinds() -> list[str]:
    return [row["kind"] for row in await JournalEntry.select(JournalEntry.kind).order_by(JournalEntry.id)]


async def test_the_first_time_an_authenticator_is_set_up_and_ten_codes_are_shown_once(visitor):
    secret, codes = await enrolled(visitor, "chen")
    assert len(secret) == 32
    assert len(set(codes)) == 10
    await visitor.reads("/desk")
    assert codes[0] not in (await visitor.reads("/desk/account")).text
    assert await kinds() == ["SIGN_IN_BEGUN", "SECOND_FACTOR_SET", "SIGNED_IN"]
    row = await Account.select(Account.totp_secret).where(Account.id == CHEN.id).first()
    assert row["totp_secret"].startswith("s1.")
    stored = [row["code_hash"] for row in await RecoveryCode.select(RecoveryCode.code_hash)]
    assert all(each.startswith("$argon2id$") for each in stored)


async def test_the_second_time_the_code_is_asked_and_leads_where_the_person_was_going(visitor, at_the_door):
    secret, _ = await enrolled(visitor, "chen")
    with at(LATER):
        again = await at_the_door()
        await again.reads("/sign-in?next=/desk/jobs")
        page = await arrives(again, await again.sends("/sign-in", login="chen", password=PASSWORD))
        assert page.words("h1") == "登录第二步：动态口令"
        before = again.client.cookies["sid"]
        sent = await again.sends("/sign-in/code", one_time_password=code_at(secret))
        assert again.client.cookies["sid"] != before
        assert (await arrives(again, sent)).words("h1") == "岗位"
        assert not await Session.exists().where(Session.key == session_key(before))


async def test_after_the_password_alone_nothing_opens(visitor, at_the_door, strict_app):
    """Every address of the house that asks who one is: the half-signed-in person is nobody there."""
    await enrolled(visitor, "wu")
    with at(LATER):
        half = await at_the_door()
        page = await gives_password(half, "wu")
        token = page.select_one("input[name=csrf_token]")["value"]
        asked = 0
        for route in strict_app.litestar.routes:
            for handler in getattr(route, "route_handlers", ()):
                if not handler.guards or doors(handler) == [None] or any(getattr(door, "unfinished", False) for door in handler.guards):
                    continue
                url = re.sub(r"\{\w+:\w+\}", "1", route.path)
                asked += 1
                if "GET" in handler.http_methods:
                    response = await half.client.get(url)
                    assert (response.status_code, response.headers.get("location", "").split("?")[0]) == (303, "/sign-in/code"), url
                else:
                    assert (await half.client.post(url, data={"csrf_token": token})).status_code == 401, url
        assert asked > 60
        await half.sends("/sign-in/code", status=422, one_time_password="000000")


async def test_only_the_pages_of_signing_in_open_to_an_unfinished_sign_in(strict_app):
    unfinished = {
        route.path
        for route in strict_app.litestar.routes
        for handler in getattr(route, "route_handlers", ())
        if any(getattr(door, "unfinished", False) for door in handler.guards or ())
    }
    steps = {f"/sign-in/{step}" for step in ("code", "password", "commitment", "second-factor")}
    unfinished -= {"/employer/password", "/employer/sign-out"}  # an employer's first own password
    assert unfinished == {*steps, "/sign-out", "/desk/lock"}


async def test_a_code_counts_once(visitor, at_the_door):
    secret, _ = await enrolled(visitor, "chen")
    with at(LATER):
        first, second = await at_the_door(), await at_the_door()
        code = code_at(secret)
        for each in (first, second):
            await gives_password(each, "chen")
        await first.sends("/sign-in/code", one_time_password=code)
        page = await second.sends("/sign-in/code", status=422, one_time_password=code)
        assert "已经用过" in page.words(".problems")
        assert page.select_one("#one_time_password")["value"] == ""


async def test_an_earlier_step_is_refused_once_a_later_one_was_taken(visitor, at_the_door):
    secret, _ = await enrolled(visitor, "chen")
    with at(LATER):
        person = await at_the_door()
        await gives_password(person, "chen")
        await person.sends("/sign-in/code", one_time_password=code_at(secret, now() + timedelta(seconds=30)))
        other = await at_the_door()
        await gives_password(other, "chen")
        await other.sends("/sign-in/code", status=422, one_time_password=code_at(secret))


async def test_of_many_equal_codes_at_once_exactly_one_counts(visitor, at_the_door):
    secret, _ = await enrolled(visitor, "chen")
    with at(LATER):
        keys = []
        for number in range(5):
            keys.append(f"{number}" * 64)
            moment = now()
            await Session.insert(
                Session(key=keys[-1], account=CHEN.id, created_at=moment, seen_at=moment, expires_at=moment + timedelta(hours=1))
            )

        async def give(key: str) -> bool:
            try:
                return bool(await second_factor.give_second_factor(code_at(secret), key=key, actor=CHEN))
            except Exception:
                return False

        assert sum(await asyncio.gather(*(give(key) for key in keys))) == 1


@pytest.mark.parametrize("seconds", [-60, 60, 600])
async def test_a_code_of_another_minute_is_refused(visitor, at_the_door, seconds):
    secret, _ = await enrolled(visitor, "chen")
    with at(LATER):
        person = await at_the_door()
        await gives_password(person, "chen")
        await person.sends("/sign-in/code", status=422, one_time_password=code_at(secret, now() + timedelta(seconds=seconds)))


async def test_five_wrong_codes_in_five_minutes_and_twenty_in_an_hour(visitor, at_the_door):
    secret, _ = await enrolled(visitor, "chen")
    for block in range(4):
        with at(LATER + timedelta(minutes=6 * block)):
            person = await at_the_door()
            await gives_password(person, "chen")
            for _ in range(5):
                await person.reads("/sign-in/code")
                await person.sends("/sign-in/code", status=422, one_time_password="000000")
            await person.sends("/sign-in/code", status=429, one_time_password=code_at(secret))
    with at(LATER + timedelta(minutes=30)):
        person = await at_the_door()
        await gives_password(person, "chen")
        await person.sends("/sign-in/code", status=429, one_time_password=code_at(secret))
    assert await JournalEntry.count().where(JournalEntry.kind == "SIGN_IN_LOCKED", JournalEntry.subject_id == CHEN.id) == 4
    with at(LATER + timedelta(minutes=75)):
        person = await at_the_door()
        await gives_password(person, "chen")
        await person.sends("/sign-in/code", one_time_password=code_at(secret))


async def test_a_burst_of_guesses_gets_no_more_than_five(visitor):
    await enrolled(visitor, "chen")
    with at(LATER):

        async def guess() -> str:
            try:
                await second_factor.give_second_factor("000000", key="0" * 64, actor=CHEN)
            except Exception as error:
                return type(error).__name__
            return "in"

        answers = await asyncio.gather(*(guess() for _ in range(20)))
        assert answers.count(TooManyTries.__name__) == 15
        assert await SignInFailure.count() == 5


async def test_a_recovery_code_opens_once_and_few_left_are_said(visitor, at_the_door):
    _, codes = await enrolled(visitor, "chen")
    ids = [row["id"] for row in await RecoveryCode.select(RecoveryCode.id).order_by(RecoveryCode.id)]
    await RecoveryCode.update({RecoveryCode.used_at: now()}).where(RecoveryCode.id.is_in(ids[4:]))
    with at(LATER):
        person = await at_the_door()
        await gives_password(person, "chen")
        page = await arrives(person, await person.sends("/sign-in/code", one_time_password=codes[0].upper().replace("-", " ")))
        assert "备用码只剩3个" in page.words(".said")
        assert "RECOVERY_CODE_USED" in await kinds()
        other = await at_the_door()
        await gives_password(other, "chen")
        refused = await other.sends("/sign-in/code", status=422, one_time_password=codes[0])
        assert "备用码不对或者已经用过" in refused.words(".problems")
        assert "请重新生成" in (await person.reads("/desk/account")).words()


async def test_the_secret_of_an_unfinished_sign_in_is_worth_nothing_in_the_next(visitor, at_the_door):
    """Whoever knew the password and looked at the QR code once does not hold the second factor afterwards."""
    secret = secret_on(await gives_password(visitor, "chen"))
    assert secret == secret_on(await visitor.reads("/sign-in/second-factor"))
    person = await at_the_door()
    page = await gives_password(person, "chen")
    assert secret_on(page) != secret
    await person.sends("/sign-in/second-factor", status=422, one_time_password=code_at(secret))
    assert (await Account.select(Account.totp_since).where(Account.id == CHEN.id).first())["totp_since"] is None


async def test_an_unfinished_sign_in_ends_after_a_quarter_of_an_hour(visitor):
    await gives_password(visitor, "chen")
    with at(MORNING + timedelta(minutes=16)):
        assert (await visitor.reads("/sign-in/second-factor", status=303)).headers["location"].startswith("/sign-in?next=")


async def test_new_recovery_codes_ask_for_the_password_and_end_the_old_ones(visitor, at_the_door):
    _, codes = await enrolled(visitor, "chen")
    with at(MORNING + timedelta(minutes=9)):
        await visitor.reads("/desk/account")
    with at(MORNING + timedelta(minutes=12)):
        await visitor.reads("/desk/account")
        page = await visitor.sends("/desk/account/recovery-codes", status=401)
        assert page.words("h1") == "请再输一次密码"
        assert "密码不对" in (await visitor.sends("/desk/confirm", status=422, own_password="no")).words(".problems")
        page = await visitor.sends("/desk/confirm", status=200, own_password=PASSWORD)
        assert page.words("h1") == "请再提交一次"
        page = await visitor.sends("/desk/account/recovery-codes", status=200)
        fresh = [one.text for one in page.select(".codes li code")]
        assert len(fresh) == 10
        person = await at_the_door()
        await gives_password(person, "chen")
        await person.sends("/sign-in/code", status=422, one_time_password=codes[1])
        await person.sends("/sign-in/code", one_time_password=fresh[1])
    again = await visitor.client.post("/desk/account/recovery-codes", data=visitor.last)
    assert again.status_code in (303, 401)


async def test_another_telephone_replaces_the_authenticator_and_ends_the_other_sessions(visitor, at_the_door):
    old, codes = await enrolled(visitor, "chen")
    with at(LATER):
        other = await at_the_door()
        await gives_password(other, "chen")
        await other.sends("/sign-in/code", one_time_password=code_at(old))
        page = await visitor.reads("/desk/account/second-factor")
        new = secret_on(page)
        assert new != old
        await visitor.sends("/desk/account/second-factor", status=422, one_time_password=code_at(old))
        await visitor.sends("/desk/account/second-factor", status=200, one_time_password=code_at(new))
        await visitor.reads("/desk")
        await other.reads("/desk", status=303)
    with at(LATER + timedelta(minutes=2)):
        person = await at_the_door()
        await gives_password(person, "chen")
        await person.sends("/sign-in/code", status=422, one_time_password=code_at(old))
        await person.sends("/sign-in/code", status=422, one_time_password=codes[0])
        await person.sends("/sign-in/code", one_time_password=code_at(new))


async def test_every_desk_role_is_asked_and_nobody_else(visitor, at_the_door):
    for login, actor in PEOPLE.items():
        if login in ("zhao", "qian"):
            continue
        person = await at_the_door()
        assert (await gives_password(person, login)).words("h1") == "设动态口令", actor.role
    assert {Role.WORKER, Role.EMPLOYER} == {role for role in Role if not _asked(role)}


def _asked(role: Role) -> bool:
    from rules.permissions import GRANTED

    return Permission.OWN_ACCOUNT in GRANTED[role]


async def test_a_workers_name_and_pin_do_not_open_the_desk_door(visitor):
    await Account.update({Account.role: Role.WORKER.value}).where(Account.login == "lin")
    await visitor.reads("/sign-in")
    await visitor.sends("/sign-in", status=422, login="lin", password=PASSWORD)
