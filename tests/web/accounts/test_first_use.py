"""The first use of an account: initial password, confidentiality commitment, authenticator, in this order and never skipped."""

from datetime import timedelta

import pytest

from db.actions.second_factor import forget_second_factor
from db.clock import at, now
from db.tables.accounts import Account
from db.tables.documents import Paper
from db.tables.journal import JournalEntry
from rules.commitment import commitment
from tests.cast import PEOPLE
from tests.web.accounts.conftest import PASSWORD, arrives, code_at, enrolled, gives_password, secret_on
from tests.web.conftest import MORNING

CHEN = PEOPLE["chen"]
OWN = "另外一句很长的好记的话吧"
NEW = {"old_password": PASSWORD, "new_password": OWN, "repeated_password": OWN}


async def fresh(login: str = "chen") -> None:
    """The account was opened a moment ago: an initial password, nothing signed."""
    await Account.update(
        {
            Account.password_expires_at: now() + timedelta(hours=24),
            Account.committed_at: None,
            Account.commitment_version: "",
        }
    ).where(Account.login == login)


async def test_a_new_clerk_goes_through_all_steps_once(visitor, at_the_door):
    await fresh()
    page = await gives_password(visitor, "chen")
    assert page.words("h1") == "设自己的密码"
    page = await arrives(visitor, await visitor.sends("/sign-in/password", **NEW))
    assert page.words("h1") == "保密承诺书"
    assert all(promise in page.text for promise in commitment().promises)
    page = await arrives(visitor, await visitor.sends("/sign-in/commitment", read="y", signed_name="陈 小满"))
    assert page.words("h1") == "设动态口令"
    assert page.select_one("img.qr")["src"].startswith("data:image/svg+xml")
    page = await visitor.sends("/sign-in/second-factor", status=200, one_time_password=code_at(secret := secret_on(page)))
    assert (await visitor.reads("/sign-in", status=303)).headers["location"] == "/desk"
    await visitor.reads("/desk")
    signed = await JournalEntry.select(JournalEntry.body).where(JournalEntry.kind == "COMMITMENT_SIGNED").first()
    assert commitment().fingerprint[:16] in signed["body"]
    with at(MORNING + timedelta(minutes=2)):
        person = await at_the_door()
        await gives_password(person, "chen", OWN)
        assert (await arrives(person, await person.sends("/sign-in/code", one_time_password=code_at(secret)))).words("h1") != "保密承诺书"


async def test_without_the_switch_password_and_commitment_are_asked_all_the_same(with_passwords, passer_by):
    await fresh()
    page = await gives_password(passer_by, "chen")
    assert page.words("h1") == "设自己的密码"
    await passer_by.reads("/desk", status=303)
    page = await arrives(passer_by, await passer_by.sends("/sign-in/password", **NEW))
    assert page.words("h1") == "保密承诺书"
    await arrives(passer_by, await passer_by.sends("/sign-in/commitment", read="y", signed_name="陈小满"))
    await passer_by.reads("/desk")


async def test_the_initial_password_is_worth_a_day(with_passwords, passer_by):
    await fresh()
    with at(MORNING + timedelta(hours=24, minutes=1)):
        await passer_by.reads("/sign-in")
        page = await passer_by.sends("/sign-in", status=422, login="chen", password=PASSWORD)
        assert "初始密码已经过期" in page.words(".problems")
        wrong = await passer_by.sends("/sign-in", status=422, login="chen", password="something else")
        assert "登录名或密码不对" in wrong.words(".problems")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"old_password": "no"}, "现在的密码不对"),
        ({"new_password": PASSWORD, "repeated_password": PASSWORD}, "新密码和现在的一样"),
        ({"new_password": "short", "repeated_password": "short"}, "至少12位"),
        ({"repeated_password": "不一样的另外一句话啊啊"}, "不一样"),
    ],
)
async def test_the_first_own_password_is_refused_with_a_reason(visitor, fields, sentence):
    await fresh()
    await gives_password(visitor, "chen")
    page = await visitor.sends("/sign-in/password", status=422, **{**NEW, **fields})
    assert sentence in page.words(".problems")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"read": "y", "signed_name": "陈小美"}, "请输入“陈小满”"),
        ({"signed_name": "陈小满"}, "请先勾选"),
        ({"read": "y"}, "请输入您的姓名"),
    ],
)
async def test_the_commitment_is_signed_with_ones_own_name(visitor, fields, sentence):
    await Account.update({Account.commitment_version: ""}).where(Account.login == "chen")
    await gives_password(visitor, "chen")
    page = await visitor.sends("/sign-in/commitment", status=422, **fields)
    assert sentence in page.words(".problems")
    assert (await Account.select(Account.commitment_version).where(Account.login == "chen").first())["commitment_version"] == ""


async def test_a_changed_text_is_asked_again_even_in_the_middle_of_a_session(clerk):
    await clerk.reads("/desk")
    await Account.update({Account.commitment_version: "0"}).where(Account.login == "chen")
    sent = await clerk.reads("/desk/jobs", status=303)
    assert sent.headers["location"] == "/sign-in/commitment?next=/desk/jobs"
    page = await arrives(clerk, sent)
    assert page.words("h1") == "保密承诺书"
    assert (await arrives(clerk, await clerk.sends("/sign-in/commitment", read="y", signed_name="陈小满"))).words("h1") == "岗位"


async def test_nobody_jumps_ahead_of_a_step(visitor):
    await fresh()
    await gives_password(visitor, "chen")
    for step in ("code", "commitment", "second-factor"):
        await visitor.reads(f"/sign-in/{step}", status=303)
        await visitor.reads("/sign-in/password")
        await visitor.sends(f"/sign-in/{step}", one_time_password="123456", read="y", signed_name="陈小满")
    row = await Account.select(Account.committed_at, Account.totp_since).where(Account.login == "chen").first()
    assert row["committed_at"] is None
    assert row["totp_since"] is None


async def test_somebody_whose_authenticator_was_reset_reads_who_did_it(visitor, at_the_door):
    await enrolled(visitor, "chen")
    await forget_second_factor(CHEN.id, "手机丢了", station_id=CHEN.station_id, actor=PEOPLE["wu"])
    await visitor.reads("/desk", status=303)
    person = await at_the_door()
    page = await gives_password(person, "chen")
    assert page.words("h1") == "设动态口令"
    assert "由吴站长重置" in page.words(".note")


async def test_a_password_somebody_reset_does_not_get_past_the_authenticator(visitor, at_the_door):
    secret, _ = await enrolled(visitor, "chen")
    await Account.update({Account.password_expires_at: now() + timedelta(hours=24)}).where(Account.id == CHEN.id)
    with at(MORNING + timedelta(minutes=2)):
        person = await at_the_door()
        assert (await gives_password(person, "chen")).words("h1") == "登录第二步：动态口令"
        page = await arrives(person, await person.sends("/sign-in/code", one_time_password=code_at(secret)))
        assert page.words("h1") == "设自己的密码"


@pytest.mark.parametrize("login", ["chen", "sun", "zheng", "he", "admin"])
async def test_the_commitment_prints_for_everybody(sit_down, login, app):
    printer = app.litestar.state.printer
    await printer.start()
    try:
        person = await sit_down(login)
        response = await person.fetches("/desk/account/commitment.pdf")
        assert response.content.startswith(b"%PDF")
        assert (await person.fetches("/desk/account/commitment.pdf")).content == response.content
    finally:
        await printer.stop()
    assert await Paper.count() == (1 if login == "chen" else 0)
