"""Two newcomers with a cheap phone and no script: a worker registers, applies and is taken; an employer registers, posts, is
given the post back, corrects it and sees it on the board. What the counter does stands beside it."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from db.clock import CHINA
from tests.e2e.demo_station import identity_number, sign_in

TODAY = datetime.now(CHINA).date()
PIN, SECRET = "582903", "湖边一家物流的长密码2026"


def on_a_phone(browser: Browser, address: str) -> Page:
    """A browser of 360 by 640 points that runs no script."""
    context = browser.new_context(base_url=address, java_script_enabled=False, viewport={"width": 360, "height": 640}, locale="zh-CN")
    return context.new_page()


def fill(page: Page, answers: dict[str, Any]) -> None:
    """Fill whatever of `answers` this page asks for: text, choice, or a list of ticks."""
    for name, value in answers.items():
        field = page.locator(f"main form [name='{name}']").locator("visible=true")
        if not field.count():
            continue
        kind = field.first.evaluate("e => e.tagName + ':' + e.type")
        if kind.startswith("SELECT"):
            field.first.select_option(value)
        elif kind.endswith((":checkbox", ":radio")):
            for each in [value] if isinstance(value, str) else value:
                page.check(f"main form [name='{name}'][value='{each}']")
        else:
            field.first.fill(value)


def walk(page: Page, answers: dict[str, Any], *, until: str, most: int = 24) -> None:
    """Answer one page after the other with its big button until the address holds `until`."""
    for _ in range(most):
        if until in page.url:
            return
        fill(page, answers)
        before = page.url
        page.locator("main form button.go").last.click()
        assert not page.locator(".problems").count(), f"{before}: {page.inner_text('.problems')}"
    raise AssertionError(f"still at {page.url}")


def narrow(page: Page) -> None:
    """Nothing is wider than the phone."""
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 360, page.url


WORKER = {
    "station": "ZD-420112015-01",
    "consent": "y",
    "pledge": "y",
    "name": "赵大勇",
    "id_number": identity_number("42019919900307901"),
    "phone": "19900000778",
    "trades": ["C03", "C04"],
    "when": "ANY",
    "subdistrict": "420112015",
    "community": "示范社区",
    "pin": PIN,
    "pin_again": PIN,
}


@pytest.mark.browser
def test_a_worker_registers_applies_and_is_taken(address: str, browser: Browser) -> None:
    phone = on_a_phone(browser, address)
    phone.goto("/register")
    phone.locator("main a.go").click()
    when = phone.locator("[name=when]")
    walk(phone, {**WORKER, "pin": "123456", "pin_again": "123456"}, until="/register/pin")
    assert not when.count()
    fill(phone, {"pin": "123456", "pin_again": "123456"})
    phone.locator("main form button.go").click()
    assert phone.locator(".problems").count(), "a PIN everybody guesses is refused"
    phone.goto("/register/identity")
    assert phone.input_value("[name=name]") == "赵大勇", "what was typed is still there"
    phone.goto("/register/pin")
    walk(phone, WORKER, until="/register/check")
    narrow(phone)
    assert "赵大勇" in phone.inner_text("main")
    walk(phone, {}, until="/register/done")
    narrow(phone)

    # Work is found on the board and applied for, though the card was not seen yet.
    phone.goto("/jobs?subdistrict=420112015")
    posts = phone.locator("ul.jobs h2 a")
    addresses = [posts.nth(place).get_attribute("href") for place in range(posts.count())]
    for post in filter(None, addresses):
        phone.goto(f"{post}/application")
        if phone.locator("main form[method=post] button.go").count():
            fill(phone, {"consent": "y", "agree": "y"})
            phone.locator("main form[method=post] button.go").click()
            if "/me/referrals/" in phone.url:
                break
    assert "/me/referrals/" in phone.url, phone.inner_text("main")
    narrow(phone)
    assert "待核验证件" in phone.inner_text("main") or "身份证" in phone.inner_text("main")
    referral = phone.url.rsplit("/", 1)[1].partition("?")[0]

    # At the counter the card is seen, and the application goes on to the employer.
    clerk = sign_in(browser, address, "clerk")
    clerk.goto("/desk/seekers?state=SUBMITTED")
    clerk.locator("#seekers a", has_text=re.compile(r"^Q\d+")).first.click()
    clerk.locator("a[href$='/phone']").first.click()
    seen = clerk.locator("form[action$='/identity-seen']")
    for tick in seen.locator("input[type=checkbox]").all():
        tick.check()
    number = seen.locator("input[name=id_number]")
    if number.count():
        number.fill(WORKER["id_number"])
    seen.locator("button").first.click()
    clerk.goto(f"/desk/referrals/{referral}")
    assert "零工已同意" in clerk.inner_text("main"), clerk.inner_text("main")
    clerk.check("form[action$='/employer-answer'] input[name=answer][value=yes]")
    clerk.fill("#answered_by", "周经理")
    clerk.locator("form[action$='/employer-answer'] button.go").click()

    # Now both said yes: the worker reads whom to call.
    phone.goto(f"/me/referrals/{referral}")
    assert re.search(r"1[3-9]\d{9}|0\d{2,3}-\d{7,8}", phone.inner_text("main")), phone.inner_text("main")
    phone.goto("/me/looks")
    narrow(phone)

    # Signed out, only the PIN opens it again on this phone.
    phone.goto("/me")
    phone.locator("form[action='/me/sign-out'] button").click()
    phone.goto("/me/sign-in")
    phone.fill("[name=pin]", "111222")
    phone.locator("main form button.go").click()
    assert phone.locator(".problems").count()
    phone.fill("[name=pin]", PIN)
    phone.locator("main form button.go").click()
    assert phone.url.endswith("/me"), phone.url


EMPLOYER = {
    "station": "ZD-420112015-01",
    "consent": "y",
    "pledge": "y",
    "kind": "INDIVIDUAL",
    "name": "高文慧",
    "id_number": identity_number("42019919910304925"),
    "phone": "13900000781",
    "address": "金银湖湖景花园9栋1101室",
    "new_password": SECRET,
    "repeated_password": SECRET,
}
POST = {
    "title": "搬家打包帮手",
    "trade": "C01",
    "duties": "帮忙搬家打包，冰箱洗衣机和二十个纸箱，做完当场付钱。",
    "headcount": "2",
    "start_date": (TODAY + timedelta(days=1)).isoformat(),
    "end_date": (TODAY + timedelta(days=1)).isoformat(),
    "start_time": "08:00",
    "end_time": "17:00",
    "break_minutes": "60",
    "subdistrict": "420112015",
    "landmark": "宏图大道",
    "exact_address": "湖景花园9栋1101室",
    "pay_basis": "TIME",
    "pay_fen": "260",
    "pay_unit": "DAY",
    "settle_cycle": "DAILY",
    "pay_method": "WECHAT",
    "insurance": "VOLUNTARY",
    "hazard_notice": "重物两人抬，当心脚下。",
    "protection": "提供手套和护腰。",
    "valid_to": (TODAY + timedelta(days=10)).isoformat(),
    "promise": "y",
}


def hand_in(phone: Page) -> None:
    """Answer the questions of the check page, promise, hand in."""
    for answer in phone.locator("main input[name^='answer-'], main textarea[name^='answer-']").all():
        answer.fill("已经核对过，情况属实。")
    fill(phone, {"promise": "y"})
    phone.locator("main form button.go").last.click()


@pytest.mark.browser
def test_an_employer_posts_is_returned_corrects_and_is_published(address: str, browser: Browser) -> None:
    phone = on_a_phone(browser, address)
    phone.goto("/employers/register")
    phone.locator("main a.go").click()
    walk(phone, EMPLOYER, until="/employers/register/check")
    narrow(phone)
    phone.locator("main form button.go").last.click()
    assert phone.url.endswith("/employer"), phone.inner_text("main")
    assert "核验" in phone.inner_text("main")
    narrow(phone)

    # Verified at the counter, with the card in hand.
    clerk = sign_in(browser, address, "clerk")
    clerk.goto("/desk/employers?state=PENDING")
    clerk.locator("main table a", has_text="高文慧").first.click()
    page_of_employer = clerk.url
    clerk.locator("details:has(form[action$='/documents']) > summary").first.click()
    seen = clerk.locator("form[action$='/documents']")
    seen.locator("select[name=kind]").select_option("OWNER_ID")
    for tick in seen.locator("input[name=original_seen]").all():
        tick.check()
    seen.locator("button").first.click()
    clerk.goto(page_of_employer)
    for _ in range(3):  # a document that was only handed in is checked first
        check = clerk.locator("form[action$='/check'] button")
        if not check.count():
            break
        check.first.click()
        clerk.goto(page_of_employer)
    clerk.select_option("form[action$='/verification'] select[name=method]", "DOCUMENT")
    clerk.locator("form[action$='/verification'] button").first.click()
    assert "已核验" in clerk.inner_text("main"), clerk.inner_text("main")

    # The demand, page by page; a text the law refuses is marked where it stands.
    phone.goto("/employer/jobs/new")
    fill(phone, {**POST, "duties": "限男性，搬家打包，先交押金100元。"})
    phone.locator("main form button.go").last.click()
    assert "押金" in " ".join(mark.inner_text() for mark in phone.locator("mark").all())
    narrow(phone)
    walk(phone, POST, until="/check")
    narrow(phone)
    hand_in(phone)
    number = re.search(r"G\d{6}-\d{6}", phone.url)
    assert number, phone.inner_text("main")
    phone.goto(f"/employer/jobs/{number[0]}")
    assert "待审核" in phone.inner_text("main") or "已提交" in phone.inner_text("main")

    # Given back with one field marked; the employer sees exactly that field first.
    reviewer = sign_in(browser, address, "reviewer")
    reviewer.goto(f"/desk/reviews/{number[0]}")
    reviewer.locator("form[action$='/taking'] button").click()
    reviewer.fill("#note-landmark", "请写是哪个路口")
    reviewer.select_option("#return-template", "PLACE")
    reviewer.locator("#return button").click()
    phone.goto(f"/employer/jobs/{number[0]}")
    assert "请写是哪个路口" in phone.inner_text("main")
    phone.goto(f"/employer/jobs/{number[0]}/edit")
    assert phone.locator("main [name=landmark]").count() == 1
    assert not phone.locator("main [name=title]").count(), "only what was marked is asked"
    phone.fill("main [name=landmark]", "宏图大道金山大道路口")
    phone.locator("main form button.go").last.click()
    walk(phone, POST, until="/check")
    hand_in(phone)

    # Verified by telephone, approved, published, on the board.
    reviewer.goto(f"/desk/jobs/{number[0]}")
    reviewer.select_option("#post-verify-method", "PHONE")
    reviewer.locator("form[action$='/verification'] button").first.click()
    reviewer.goto(f"/desk/reviews/{number[0]}")
    reviewer.locator("form[action$='/taking'] button").click()
    for tick in reviewer.locator("input[name=confirmed]").all():
        tick.check()
    reviewer.locator("form[action$='/approval'] button").click()
    reviewer.goto(f"/desk/jobs/{number[0]}")
    reviewer.locator("form[action$='/publication'] button").first.click()
    phone.goto(f"/jobs/{number[0]}")
    assert "宏图大道金山大道路口" in phone.inner_text("main")
    assert "湖景花园" not in phone.content(), "the door number is not public"
    phone.goto("/employer")
    assert "招工中" in phone.inner_text("main")
    narrow(phone)
