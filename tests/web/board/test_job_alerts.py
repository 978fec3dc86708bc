"""Job alerts: a search saved for a phone that proved itself, told about new posts, ended by the link of any message."""

import re
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from db.clock import at, now
from db.tables.jobs import JobAlert
from tests.visitor import Visitor
from tests.web.board.posts import put_post
from tests.web.conftest import MORNING
from web.app import create_app
from web.job_alerts import send_alerts
from web.senders import FileSender, NoSender

PHONE = "13900000017"


@pytest.fixture
async def phone_user(app, house, tmp_path):
    """Somebody with a phone, where messages go to a file."""
    station = create_app(replace(app.settings, sender="file", data_folder=tmp_path))
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app=station), base_url="http://127.0.0.1:8000", follow_redirects=False)
    yield Visitor(client)
    await client.aclose()


def messages(folder):
    """The texts that were sent, in order."""
    path = folder / "messages.txt"
    return [line.split("\t")[2] for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def code_sent(folder):
    """The code of the last message."""
    return re.search(r"\d{6}", messages(folder)[-1])[0]


async def subscribed(user, folder, search="/jobs/alerts?trade=B01"):
    """Save a search with the code that was sent; the address of the subscription."""
    await user.reads(search)
    await user.follows(await user.sends("/jobs/alerts", phone=PHONE))
    return (await user.sends("/jobs/alerts/code", code=code_sent(folder))).headers["location"]


async def test_a_search_is_saved_after_the_code_and_told_once(phone_user, tmp_path):
    where = await subscribed(phone_user, tmp_path)
    page = await phone_user.reads(where)
    assert "正在订阅" in page.words("h1")
    with at(MORNING + timedelta(minutes=5)):
        await put_post(title="展馆保洁", trade="B01", published_at=now() - timedelta(minutes=1))
        await put_post(title="叉车司机", trade="C06", published_at=now() - timedelta(minutes=1))
        sender = FileSender(tmp_path / "messages.txt")
        assert await send_alerts(sender, "http://x") == 1
        assert await send_alerts(sender, "http://x") == 0
    told = messages(tmp_path)[-1]
    assert "有1个新岗位，220元/天 日结 展馆保洁。" in told
    assert f"http://x{where}" in told


async def test_nobody_is_woken_and_nobody_is_told_every_ten_minutes(phone_user, tmp_path):
    await subscribed(phone_user, tmp_path)
    sender = FileSender(tmp_path / "messages.txt")
    with at(MORNING.replace(hour=22)):
        await put_post(trade="B01", published_at=now() - timedelta(minutes=1))
        assert await send_alerts(sender, "http://x") == 0
    with at(MORNING.replace(day=2, hour=7)):
        assert await send_alerts(sender, "http://x") == 1
        await put_post(trade="B01", published_at=now() - timedelta(seconds=1))
        assert await send_alerts(sender, "http://x") == 0
    with at(MORNING.replace(day=2, hour=10)):
        assert await send_alerts(sender, "http://x") == 1


async def test_a_wrong_code_saves_nothing_and_the_fifth_try_is_the_last(phone_user, tmp_path):
    await phone_user.reads("/jobs/alerts")
    await phone_user.follows(await phone_user.sends("/jobs/alerts", phone=PHONE))
    code = code_sent(tmp_path)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(5):
        page = await phone_user.sends("/jobs/alerts/code", status=422, code=wrong)
        assert "验证码不对" in page.words(".problems")
    await phone_user.sends("/jobs/alerts/code", status=422, code=code)
    assert await JobAlert.count() == 0


async def test_a_code_asked_for_in_another_browser_is_no_good(phone_user, passer_by, tmp_path):
    await phone_user.reads("/jobs/alerts")
    await phone_user.sends("/jobs/alerts", phone=PHONE)
    await passer_by.reads("/sign-in")
    sheet = await passer_by.sends("/jobs/alerts/code", code=code_sent(tmp_path))
    assert sheet.headers["location"] == "/jobs/alerts"
    assert await JobAlert.count() == 0


async def test_a_second_message_within_a_minute_is_refused_with_the_typing_kept(phone_user, tmp_path):
    await phone_user.reads("/jobs/alerts?trade=B01")
    await phone_user.sends("/jobs/alerts", phone=PHONE)
    await phone_user.reads("/jobs/alerts?trade=B01")
    page = await phone_user.sends("/jobs/alerts", status=422, phone=PHONE)
    assert "请等一分钟" in page.words(".problems")
    assert page.select_one("#phone")["value"] == PHONE
    assert page.select_one("input[name=trade]")["value"] == "B01"
    assert len(messages(tmp_path)) == 1


@pytest.mark.parametrize("typed", ["", "123", "027-83000015", "1390000001x"])
async def test_what_is_no_mobile_number_is_refused_with_a_sentence(phone_user, typed):
    await phone_user.reads("/jobs/alerts")
    page = await phone_user.sends("/jobs/alerts", status=422, phone=typed)
    assert page.words(".problems")


async def test_the_link_ends_it_and_the_phone_is_gone(phone_user, passer_by, tmp_path):
    where = await subscribed(phone_user, tmp_path)
    await passer_by.reads(where)
    page = await passer_by.follows(await passer_by.sends(f"{where}/end"))
    assert page.words("h1") == "已经退订"
    kept = await JobAlert.select(JobAlert.phone, JobAlert.phone_index).first()
    assert kept["phone"] == kept["phone_index"] == ""
    await passer_by.reads("/jobs/alerts/somebody-elses-token", status=404)


async def test_the_phone_stands_in_no_address_and_no_page(phone_user, tmp_path):
    await phone_user.reads("/jobs/alerts")
    sheet = await phone_user.sends("/jobs/alerts", phone=PHONE)
    assert PHONE not in sheet.headers["location"]
    assert PHONE not in str(await phone_user.follows(sheet))


async def test_a_phone_saves_five_searches_at_most(phone_user, tmp_path):
    for days, trade in enumerate(("A01", "A02", "A03", "B01", "B02")):
        with at(MORNING + timedelta(days=days)):
            await subscribed(phone_user, tmp_path, f"/jobs/alerts?trade={trade}")
    with at(MORNING + timedelta(days=20)):
        await phone_user.reads("/jobs/alerts?trade=C06")
        await phone_user.follows(await phone_user.sends("/jobs/alerts", phone=PHONE))
        page = await phone_user.sends("/jobs/alerts/code", status=422, code=code_sent(tmp_path))
        assert "最多订阅5个" in page.words(".problems")


async def test_without_a_sender_the_feed_is_offered_and_nothing_is_sent(passer_by):
    page = await passer_by.reads("/jobs/alerts?q=%E4%BF%9D%E6%B4%81")
    assert page.select_one("#phone") is None
    assert page.select_one("a[href^='/jobs.atom?q=']")
    assert await send_alerts(NoSender(), "http://x") == 0
