"""The rush-hour desk in a real Chromium: scanner and keyboard alone, and a network that goes away for a while."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.demo_station import faults, sideways, sign_in

pytestmark = pytest.mark.browser

TODAY = "/desk/today"
LIST = f"{TODAY}/sign-ins"


@pytest.fixture(scope="module")
def numbers(address: str, browser: Browser) -> list[str]:
    """Seeker numbers of the district, as they stand on cards, of people who have not signed in at the station today."""
    page = sign_in(browser, address, "clerk")
    here = signed_in(page)
    found: dict[str, None] = {}
    for where in ("/desk/seekers", "/desk/pool?kind=seekers"):
        page.goto(where)
        found.update(dict.fromkeys(number for number in re.findall(r"Q\d{11}", page.inner_text("main")) if number not in here))
    page.context.close()
    assert len(found) >= 6
    return list(found)


@pytest.fixture
def desk(address: str, browser: Browser) -> Page:
    page = sign_in(browser, address, "clerk")
    page.goto(TODAY)
    yield page
    page.context.close()


def scan(page: Page, number: str) -> None:
    """What a scanner types: the number and Enter, faster than any answer comes."""
    page.keyboard.type(number)
    page.keyboard.press("Enter")


def signed_in(page: Page) -> list[str]:
    """Every seeker number on the list of today, once for each sign-in."""
    page.goto(LIST)
    return re.findall(r"Q\d{11}", page.inner_text("#sign-ins")) if page.locator("#sign-ins table").count() else []


def kept(page: Page) -> list[str]:
    return page.evaluate("Object.keys(localStorage).filter(function (k) { return k.indexOf('today:') === 0; })")


def test_cards_are_scanned_one_after_the_other_without_waiting_and_without_the_mouse(desk: Page, numbers: list[str]) -> None:
    before = signed_in(desk)
    desk.goto(TODAY)
    for number in (numbers[0], numbers[1], numbers[0]):
        scan(desk, number)
    expect(desk.locator("#answer")).to_contain_text("今天已经签过")
    expect(desk.locator("#waiting")).to_contain_text(f"今天签到{len(before) + 2}")
    assert desk.evaluate("document.activeElement.id") == "word"
    assert kept(desk) == []
    assert sorted(signed_in(desk)) == sorted([*before, *numbers[:2]])


def test_a_scan_finds_its_way_from_wherever_the_focus_is(desk: Page, numbers: list[str]) -> None:
    desk.keyboard.press("Escape")
    assert desk.evaluate("document.activeElement.id") == "post"
    scan(desk, numbers[0])
    expect(desk.locator("#answer")).to_contain_text("今天已经签过")


def test_what_is_keyed_while_the_network_is_gone_is_kept_shown_and_sent_once(desk: Page, numbers: list[str]) -> None:
    before = signed_in(desk)
    desk.goto(TODAY)
    desk.context.set_offline(True)
    for number in (numbers[2], numbers[3], numbers[2]):
        scan(desk, number)
    unsent = desk.locator("#unsent")
    expect(unsent).to_contain_text("还没发送 3 条")
    assert numbers[2] not in unsent.inner_text(), "masked"
    assert numbers[2][-4:] in unsent.inner_text()
    expect(desk.locator("#offline")).to_contain_text("连不上服务器")
    assert len(kept(desk)) == 3
    desk.context.set_offline(False)
    expect(unsent).to_be_hidden(timeout=15000)
    expect(desk.locator("#offline")).to_be_hidden()
    assert kept(desk) == []
    assert sorted(signed_in(desk)) == sorted([*before, numbers[2], numbers[3]])


def test_it_survives_a_reload_and_what_the_server_refuses_is_left_to_the_clerk(desk: Page, numbers: list[str]) -> None:
    before = signed_in(desk)
    desk.goto(TODAY)
    desk.context.route("**/desk/today/sign-ins", lambda route: route.abort())
    scan(desk, "19955566677")
    scan(desk, numbers[4])
    expect(desk.locator("#unsent")).to_contain_text("还没发送 2 条")
    desk.reload()
    expect(desk.locator("#unsent")).to_contain_text("还没发送 2 条")
    desk.context.unroute("**/desk/today/sign-ins")
    expect(desk.locator("#unsent")).to_contain_text("没办成 1 条", timeout=15000)
    expect(desk.locator("#unsent")).to_contain_text("没有找到这个人")
    desk.get_by_role("button", name="已处理，删掉").click()
    expect(desk.locator("#unsent")).to_be_hidden()
    assert kept(desk) == []
    assert sorted(signed_in(desk)) == sorted([*before, numbers[4]])


def test_an_identity_number_is_never_kept_in_the_browser(desk: Page) -> None:
    desk.context.set_offline(True)
    scan(desk, "420112198503140128")
    expect(desk.locator("#offline")).to_contain_text("身份证号不能存")
    assert desk.input_value("#word") == "420112198503140128"
    assert kept(desk) == []
    desk.context.set_offline(False)


def test_signing_out_forgets_what_was_not_sent_after_asking(desk: Page, numbers: list[str]) -> None:
    desk.context.route("**/desk/today/sign-ins", lambda route: route.abort())
    scan(desk, numbers[5])
    expect(desk.locator("#unsent")).to_contain_text("还没发送 1 条")
    asked: list[str] = []
    desk.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    desk.get_by_role("button", name="退出").click()
    desk.wait_for_url("**/sign-in")
    assert "没有发送" in asked[0]
    assert kept(desk) == []


def test_a_step_that_was_not_sent_says_that_nothing_was_done(desk: Page) -> None:
    links = desk.locator("#demands th a")
    if not links.count():
        desk.goto(f"{TODAY}?days=later")
    links.first.click()
    expect(desk.locator("#post-title")).to_be_visible()
    calling = desk.get_by_role("button", name="点名叫")
    desk.locator("#post summary", has_text="叫别的号").click()
    desk.fill("#named-ticket", "1")
    desk.context.set_offline(True)
    calling.click()
    expect(desk.locator("#offline")).to_contain_text("没有办成")
    expect(calling).to_be_enabled()
    desk.context.set_offline(False)


def test_the_desk_is_without_fault(desk: Page) -> None:
    for where in (TODAY, LIST):
        desk.goto(where)
        for width in (1366, 900, 360):
            desk.set_viewport_size({"width": width, "height": 768})
            assert not sideways(desk), f"{where} at {width}"
        desk.set_viewport_size({"width": 1366, "height": 768})
        assert faults(desk) == [], where
