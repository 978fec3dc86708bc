"""The record in a real browser: a day is signed, a month closed, submitted and accepted; and, without JavaScript, an accepted
month is corrected and comes again as a new version. Every page on the way is without fault."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from db.clock import CHINA
from rules.ledger import month_of
from tests.e2e.demo_station import PASSWORD, complaints, demo_server, look_at, sign_in

pytestmark = pytest.mark.browser

LAST = month_of(datetime.now(CHINA).date().replace(day=1) - timedelta(days=1))
LAKE, DEPOT = "ZD-420112015-01", "ZD-420112006-01"


@pytest.fixture(scope="module")
def address(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demo district of its own: months that are closed here stay closed."""
    with demo_server(tmp_path_factory.mktemp("record"), furnished) as url:
        yield url


def _press(page: Page, text: str) -> None:
    with page.expect_navigation():
        page.locator("main button", has_text=text).first.click()
    assert not page.locator(".problems").count(), page.inner_text("main")


def _state(page: Page) -> str:
    return page.locator("h1 .tag").first.inner_text()


def test_a_day_is_signed_and_last_month_closed_submitted_and_accepted(address: str, browser: Browser) -> None:
    clerk = sign_in(browser, address, "clerk")
    said = complaints(clerk)
    clerk.goto("/desk")
    with clerk.expect_navigation():
        clerk.locator("main a[href*='/desk/records?day=']").first.click()
    look_at(clerk, "a day that is not signed")
    clerk.check("#read")
    clerk.fill("#own_password", PASSWORD)
    _press(clerk, "签认这一天的")
    assert "第1次签认" in clerk.inner_text("#signing"), clerk.inner_text("#signing")
    assert "与记录一致" in clerk.inner_text("#signing")
    look_at(clerk, "a day that is signed")

    writer = sign_in(browser, address, "zou-clerk")
    writer.goto(f"/desk/ledgers/{LAST}?show=words")
    for name, words in (("main_work", "登记岗位和零工，推荐上岗。"), ("difficulties", "早市人手不够。"), ("plans", "办一场培训。")):
        writer.fill(f"#{name}", words)
    _press(writer, "保存")

    manager = sign_in(browser, address, "zou-reviewer")
    heard = complaints(manager)
    manager.goto(f"/desk/ledgers/{LAST}")
    look_at(manager, "a month that may be closed")
    manager.fill("#signed_name", "田保国")
    if manager.locator("#seen").count():
        manager.check("#seen")
    _press(manager, "签名结账")
    assert _state(manager) == "已结账"
    _press(manager, "报送第1版")
    assert _state(manager) == "已报送"
    look_at(manager, "a month that was submitted")

    district = sign_in(browser, address, "district")
    district.goto(f"/supervision/ledgers/{DEPOT}/{LAST}")
    assert _state(district) == "已报送"
    officer = sign_in(browser, address, "street")
    noted = complaints(officer)
    officer.goto("/supervision/ledgers")
    look_at(officer, "the stations' months")
    with officer.expect_navigation():
        officer.locator(f"a[href='/supervision/ledgers/{LAKE}/{LAST}']").click()
    look_at(officer, "a month to accept")
    _press(officer, "接收第2版")
    assert _state(officer) == "已接收"
    assert said == heard == noted == []


def test_an_accepted_month_is_corrected_and_comes_again_without_script(address: str, browser: Browser) -> None:
    officer = sign_in(browser, address, "street", script=False)
    officer.goto(f"/supervision/ledgers/{LAKE}/{LAST}")
    version = int(re.findall(r"-v(\d+)", officer.inner_text(".ledger-head"))[0])
    if _state(officer) == "已报送":
        _press(officer, f"接收第{version}版")
    assert _state(officer) == "已接收"

    manager = sign_in(browser, address, "manager", script=False)
    manager.goto(f"/desk/ledgers/{LAST}?show=6")
    activity = re.findall(r"HD\d{9}", manager.inner_text(".ledger-list"))[0]
    manager.goto(f"/desk/activities/{activity}")
    with manager.expect_navigation():
        manager.locator("a.correct[href*='field=people']").click()
    assert "已经结账" in manager.inner_text("aside")
    manager.fill("#new", "29")
    manager.fill("#reason", "签到表背面还有一个人，今天核对时看到")
    with manager.expect_navigation():
        manager.locator("main button", has_text="更正").first.click()
    if manager.locator("#own_password").count():
        manager.fill("#own_password", PASSWORD)
        with manager.expect_navigation():
            manager.locator("main form button.go").click()
    assert not manager.locator(".problems").count(), manager.inner_text("main")
    manager.goto(f"/desk/ledgers/{LAST}/versions/{version + 1}")
    assert f"比第{version}版改了" in manager.inner_text("main")
    assert manager.locator(".scroll del").count(), "the old value stands struck through"
    manager.goto(f"/desk/ledgers/{LAST}")
    _press(manager, f"报送第{version + 1}版")

    officer.goto(f"/supervision/ledgers/{LAKE}/{LAST}")
    assert _state(officer) == "已报送"
    _press(officer, f"接收第{version + 1}版")
    officer.goto("/supervision/ledgers")
    assert f"第{version + 1}版" in officer.inner_text("#matrix")
