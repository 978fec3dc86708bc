"""The desk in a real Chromium: no accessibility fault, no complaint of the browser, and a keyboard that does what it says."""

import io
import json
from datetime import datetime, timedelta

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from db.clock import CHINA
from rules.ledger import month_of
from tests.e2e.demo_station import DESK, complaints, faults, identity_number, look_at, sign_in

pytestmark = pytest.mark.browser

LAKE = "ZD-420112015-01"
LAST = month_of(datetime.now(CHINA).date().replace(day=1) - timedelta(days=1))
DEMAND = "#demands a[href*='/posts/']"
LISTS = ("employers", "jobs", "reviews", "seekers", "referrals", "agreements", "placements")
CLERK = [
    *("/desk", "/desk/account", "/desk/boards", "/desk/boards/flow", "/desk/search?q=%E6%B2%A1%E6%9C%89"),
    *(f"/desk/{room}" for room in LISTS),
    *("/desk/employers/new", "/desk/jobs/new", "/desk/seekers/new", "/desk/placements?month=2020-01"),
    *("/desk/employers >", "/desk/jobs?state=DRAFT >", "/desk/jobs?state=PUBLISHED >", "/desk/reviews >"),
    *("/desk/seekers >", "/desk/referrals?state=PROPOSED >", "/desk/referrals?state=PLACED >", "/desk/agreements >"),
    *("/desk/employers > a.go", "/desk/jobs?state=DRAFT > a[href$='/edit']", "/desk/jobs?state=PUBLISHED > a[href$='/candidates']"),
    "/desk/referrals?state=CONFIRMED > a[href$='/placement']",
    *("/desk/freshness", "/desk/freshness?kind=seekers", "/desk/pool", "/desk/pool?kind=seekers", "/desk/phones", "/desk/rights"),
    *("/desk/imports", "/desk/exports", "/desk/exports/new?list=seekers", "/desk/confirm"),
    *("/desk/seekers > a[href$='/edit']", "/desk/seekers > a[href$='/rights']", "/desk/seekers > a[href$='/phone']"),
    "/desk/employers > a[href$='/edit']",
    *("/desk/today", "/desk/today?days=later", f"/desk/today > {DEMAND}", "/desk/today/sign-ins", "/desk/orders", "/desk/orders >"),
    *("/desk/matching", "/desk/matching/suggestions", "/desk/calling", "/desk/calling/draws", "/desk/fairness", "/desk/kpi"),
    *("/desk/kpi/rows", "/desk/follow-ups", "/desk/follow-ups >", "/desk/follow-ups?state=made", "/desk/complaints"),
    *("/desk/complaints/new", "/desk/complaints >", "/desk/cases", "/desk/cases/new", "/desk/screens/notices"),
    *("/desk/referrals?state=PLACED > a[href$='/ending']", "/desk/ratings"),
    *("/desk/papers", "/desk/papers?kind=P9 >", "/desk/papers?number=ZZZ", "/desk/scans", "/desk/print-runs", "/desk/forms"),
    *("/desk/agreements?state=PRINTED >", "/desk/agreements?state=PRINTED > a[href$='/edit']"),
    *("/wordings", "/wordings >", "/wordings > a[href*='/versions/']", "/wordings/FIXED_TERM"),
    *("/desk/records", "/desk/records?show=incomplete", "/desk/corrections", "/desk/corrections >", "/desk/activities"),
    *("/desk/activities >", "/desk/activities/new", "/desk/activities/new?kind=TRAINING", "/desk/activities/new?kind=INCIDENT"),
    *("/desk/activities > a.correct", "/desk/seekers > a[href$='/groups']", "/desk/statistics", "/desk/statistics?table=target"),
    *("/desk/ledgers", "/desk/ledgers >", "/desk/ledgers > a[href$='show=words']", "/desk/ledgers > a[href*='figure=POSTS']"),
    *(f"/desk/ledgers/{LAST}", f"/desk/ledgers/{LAST}?show=3", f"/desk/ledgers/{LAST}?show=6", f"/desk/ledgers/{LAST}?show=9"),
    *(f"/desk/ledgers/{LAST}?show=steps", f"/desk/ledgers/{LAST}/versions/2"),
]
"""Pages by address. `>` opens the first row of the list, a selector after it the link on the page that comes."""
OTHERS = {
    "manager": [
        *("/desk", "/desk/journal", "/desk/accounts", "/desk/boards/flow", "/desk/jobs?state=PUBLISHED >"),
        *("/desk/alerts", "/desk/appeals", "/desk/appeals?answered=1", "/desk/duplicates", "/desk/duplicates?kind=employers"),
        *("/desk/duplicates?kind=posts", "/desk/accounts >", "/desk/exports"),
        *("/desk/complaints >", "/desk/calling", "/desk/screens", "/desk/fairness", "/desk/ratings"),
        *("/desk/records/people", "/desk/records/people >", "/desk/samples", "/desk/verification"),
    ],
    "district": [
        *("/supervision", "/supervision/retention", "/desk/alerts", "/supervision/accounts", "/desk/duplicates"),
        *(
            "/supervision/neighbours",
            f"/supervision/neighbours/{LAKE}",
            "/desk/complaints",
            "/desk/kpi",
            "/desk/fairness",
            "/desk/follow-ups",
        ),
        *("/desk/ratings", "/supervision/emblems", "/wordings/ONE_OFF_SERVICE/amend", "/wordings/FIXED_TERM"),
        *("/supervision/ledgers", f"/supervision/ledgers/{LAKE}/{LAST}", "/supervision/samples", "/supervision/statistics"),
        *("/supervision/statistics?table=ranking", "/supervision/statistics?table=people", "/supervision/heads", "/desk/corrections"),
    ],
    "lawyer": ["/desk", "/desk/agreements", "/desk/agreements >", "/desk/cases", "/desk/cases/new", "/desk/papers", "/wordings"],
    "operator": ["/supervision", "/desk/employers", "/desk/jobs", "/desk/placements", "/desk/kpi"],
    "street": [
        *("/supervision", "/desk/journal", "/desk/jobs?state=PUBLISHED >", "/desk/employers >"),
        *("/desk/orders", "/desk/orders >", "/desk/cases", "/desk/kpi/rows", "/desk/fairness"),
        *(f"/supervision/stations/{LAKE}?show={show}" for show in ("posts", "referrals", "agreements", "placements")),
    ],
    "admin": ["/supervision", "/desk/accounts", f"/supervision/stations/{LAKE}"],
}
PUBLIC = [
    *("/sign-in", "/stations", f"/stations/{LAKE}", f"/stations/{LAKE}/boards/flow", "/verify/XLW-2026-000001"),
    *("/verify/XLW-2026-999999", "/nowhere", "/register", "/register/station", "/employers/register", "/employers/register/station"),
    *("/me/sign-in", "/employer/sign-in", "/jobs/alerts", "/register/done"),
    *("/complaints", "/complaints/TS261123001", f"/stations/{LAKE}/calling", "/rate/nowhere", "/rate"),
    *("/wages", "/verify", "/jobs?trade=C01"),
]
FIRST_ROW = "main table tbody :is(a[href^='/desk/'], a[href^='/wordings/'])"


def _open(page: Page, way: str) -> None:
    address, *further = [step.strip() for step in way.split(">")]
    page.goto(address)
    if further:
        with page.expect_navigation():
            page.locator(FIRST_ROW).first.click()
    if further and further[0]:
        with page.expect_navigation():
            page.locator(f"main {further[0]}").first.click()


def _look(page: Page, ways: list[str], widths: tuple[int, ...]) -> None:
    """Open every page: no fault at the first width, no sideways scrolling at any, nothing said by the browser."""
    said = complaints(page)
    page.set_viewport_size({"width": widths[0], "height": 768})
    for way in ways:
        _open(page, way)
        look_at(page, way, widths)
        assert said == [], way


@pytest.fixture(scope="module")
def clerk(address: str, browser: Browser) -> Page:
    return sign_in(browser, address, "clerk")


def test_every_page_of_the_counter_is_without_fault(clerk: Page) -> None:
    _look(clerk, CLERK, DESK)


@pytest.mark.parametrize("login", OTHERS)
def test_the_pages_of_the_other_roles_are_without_fault(address: str, browser: Browser, login: str) -> None:
    page = sign_in(browser, address, login)
    _look(page, OTHERS[login], DESK)
    page.context.close()


def test_public_pages_and_error_pages_are_without_fault(address: str, browser: Browser) -> None:
    page = browser.new_page(base_url=address)
    _look(page, PUBLIC, (360, 320, 1366))
    page.close()


def test_a_forbidden_page_says_so_and_leads_back(address: str, browser: Browser) -> None:
    page = sign_in(browser, address, "lawyer")
    answer = page.goto("/desk/referrals")
    assert answer
    assert answer.status == 403
    assert faults(page) == []
    page.get_by_text("回到工作台").click()
    assert page.url == f"{address}/desk"
    page.context.close()


def _focus(page: Page) -> str:
    return page.evaluate("document.activeElement.id || document.activeElement.name || document.activeElement.className")


def test_a_walk_in_is_registered_with_the_keyboard_alone(address: str, browser: Browser) -> None:
    """From the front page to the saved registration; the reader types eighteen digits and Enter."""
    page = sign_in(browser, address, "clerk")
    page.goto("/desk")
    page.keyboard.press("Alt+2")
    page.wait_for_url("**/desk/seekers/new")
    assert _focus(page) == "id_number"
    keys = page.keyboard
    number = identity_number("42011219850314012")
    keys.type(number)
    keys.press("Enter")
    assert _focus(page) == "name"
    page.get_by_text("1985年3月14日").wait_for()
    for typed in ("何键盘", "19900008001", ""):
        keys.type(typed)
        keys.press("Enter")
    keys.press("ArrowDown")
    keys.press("Enter")
    assert _focus(page) == "community"
    keys.type("银湖社区")
    for _ in range(5):
        keys.press("Enter")
    assert _focus(page) == "trade1"
    keys.press("ArrowDown")
    for _ in range(6):
        keys.press("Enter")
    assert _focus(page) == "slots"
    for _ in range(3):
        keys.press("Space")
        keys.press("Tab")
    keys.press("Enter")
    assert _focus(page) == "certificate1", "the week is one step"
    page.locator("#original_seen").focus()
    for tick in ("original_seen", "pledge"):
        assert _focus(page) == tick
        keys.press("Space")
        keys.press("Enter")
    keys.press("Enter")
    assert _focus(page) == "consent"
    keys.press("Space")
    keys.press("Enter")
    keys.press("ArrowDown")
    keys.press("Control+Enter")
    page.wait_for_url("**/desk/seekers/Q*")
    assert "何键盘" in page.inner_text("h1")
    assert page.locator("a[href*='state=PUBLISHED']").count() >= 1, "the next step: posts of that trade"
    page.context.close()


def test_enter_moves_on_but_not_while_characters_are_composed(clerk: Page) -> None:
    clerk.goto("/desk/employers/new")
    clerk.locator("#name").focus()
    clerk.evaluate(
        """document.activeElement.dispatchEvent(
            new KeyboardEvent('keydown', {key: 'Enter', keyCode: 229, isComposing: true, bubbles: true, cancelable: true}))"""
    )
    assert _focus(clerk) == "name", "the Enter that picks a character stays in the field"
    clerk.keyboard.press("Enter")
    assert _focus(clerk) == "id_type"
    clerk.locator("input[name=kind]").first.focus()
    clerk.keyboard.press("Enter")
    assert _focus(clerk) == "name", "a group of radio buttons is one step"
    clerk.locator("#name").fill("")


def _drafts(page: Page) -> dict[str, str]:
    return {key: value for key, value in page.evaluate("({...sessionStorage})").items() if key.startswith("draft:")}


def _kept(page: Page, word: str) -> dict[str, str]:
    """The drafts once the word stands in one: they are written a moment after the last key."""
    page.wait_for_function("word => Object.values(sessionStorage).some(draft => draft.includes(word))", arg=word)
    return _drafts(page)


def test_control_and_enter_send_every_form_that_says_so(address: str, browser: Browser) -> None:
    """Forms without a draft, too: signing the day comes back with what is missing, without a hand at the mouse."""
    page = sign_in(browser, address, "clerk")
    page.goto(f"{address}/desk/records")
    page.fill("main input[name=remark]", "缺项明天补")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert "请填写您的密码" in page.inner_text(".problems")
    assert page.input_value("main input[name=remark]") == "缺项明天补"
    page.context.close()


def test_a_draft_survives_a_reload_without_private_fields_and_ends_with_the_save(address: str, browser: Browser) -> None:
    page = sign_in(browser, address, "clerk")
    page.goto("/desk/employers/new")
    number = identity_number("42011219790203041")
    page.check("input[name=kind][value=INDIVIDUAL]")
    page.fill("#name", "孙草稿")
    page.fill("#id_number", number)
    page.fill("#phone", "13900008002")
    page.fill("#address", "金银湖路8号")
    page.fill("#authorisation", "电话13900008002问过")
    page.fill("#industry", "家庭")
    kept = json.dumps(_kept(page, "家庭"), ensure_ascii=False)
    for private in (number, "13900008002", "孙草稿", "金银湖路8号"):
        assert private not in kept
    page.reload()
    assert page.input_value("#industry") == "家庭"
    assert page.is_checked("input[name=kind][value=INDIVIDUAL]")
    assert page.input_value("#id_number") == ""
    assert "放回来了" in page.inner_text("main [role=status]")
    page.fill("#name", "孙草稿")
    page.fill("#id_number", number)
    page.fill("#phone", "13900008002")
    page.fill("#address", "金银湖路8号")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: url.rsplit("/", 1)[1].isdigit())
    page.wait_for_timeout(600)
    assert _drafts(page) == {}
    page.goto("/desk/employers/new")
    assert page.input_value("#industry") == ""
    page.context.close()


def test_drafts_end_when_the_colleague_signs_out(address: str, browser: Browser) -> None:
    page = sign_in(browser, address, "clerk")
    page.goto("/desk/employers/new")
    page.fill("#industry", "餐饮")
    assert _kept(page, "餐饮")
    with page.expect_navigation():
        page.get_by_role("button", name="退出").click()
    assert _drafts(page) == {}
    page.context.close()


def test_a_double_click_saves_once(address: str, browser: Browser) -> None:
    page = sign_in(browser, address, "clerk")
    _open(page, "/desk/jobs?state=PUBLISHED >")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.select_option("form[action$='/verification'] select[name=method]", "PHONE")
    with page.expect_navigation():
        page.locator("form[action$='/verification'] button").dblclick()
    assert len(sent) == 1
    assert f"{(datetime.now(CHINA)):%Y年}" in page.inner_text("main")
    page.context.close()


def test_the_post_form_marks_refused_words_while_typing(clerk: Page) -> None:
    clerk.goto("/desk/jobs/new")
    with clerk.expect_navigation():
        clerk.locator("main a[href*='employer=']").first.click()
    said = complaints(clerk)
    clerk.fill("#title", "写字楼保洁")
    clerk.fill("#start_date", (datetime.now(CHINA).date() + timedelta(days=1)).isoformat())
    clerk.fill("#duties", "限女性，先交押金200元。")
    clerk.locator("#checks mark", has_text="押金").first.wait_for()
    assert faults(clerk) == []
    assert said == []


def test_a_turn_at_the_rush_hour_desk_with_the_keyboard_alone(address: str, browser: Browser) -> None:
    """Sign in by number, open the demand somebody waits for, call, give the place, and call the next when he does not come."""
    page = sign_in(browser, address, "clerk")
    said = complaints(page)
    page.goto("/desk/today/sign-ins")
    number = page.locator("#sign-ins tbody td").first.inner_text()
    page.goto("/desk/today")
    assert _focus(page) == "word"
    keys, post = page.keyboard, page.locator("#post")
    keys.type(number)
    keys.press("Enter")
    page.locator("#answer[data-outcome=signed]").wait_for()
    for key in range(1, page.locator("#demands tbody tr").count() + 1):
        title = page.locator("#demands tbody a").nth(key - 1).inner_text()
        keys.press(f"Alt+{key}")
        post.get_by_role("heading", name=title).wait_for()
        if post.locator("[data-key='5']").count():
            break
    ticket = post.locator(".turn .ticket").first.inner_text()
    keys.press("5")
    post.get_by_text(f"已叫{ticket}号。").wait_for()
    assert _focus(page) == "post", "the next key counts at once"
    keys.press("1")
    page.locator("#place-consent:checked").wait_for()
    who = page.locator("#place-answered-by")
    if who.input_value():
        keys.press("2")
    else:  # nobody of this employer has answered before
        who.focus()
        keys.type("李主管")
        keys.press("Enter")
    post.get_by_text(f"名额已给{ticket}号").wait_for()
    keys.press("7")
    page.locator("#replaced-reason:focus").wait_for()
    keys.type("电话里说来不了")
    keys.press("Enter")
    post.get_by_text("已记下未到岗").wait_for()
    keys.press("8")
    page.wait_for_timeout(200)  # two keys at once are a scanner
    keys.press("/")
    page.locator("#word:focus").wait_for()
    assert page.input_value("#word") == "", "a key that has nothing to do is not typed anywhere"
    keys.press("Escape")
    assert _focus(page) == "post"
    assert faults(page) == []
    assert said == []
    page.context.close()


def test_a_call_back_is_written_down_with_the_keyboard_alone(address: str, browser: Browser) -> None:
    page = sign_in(browser, address, "clerk")
    keys = page.keyboard
    page.goto("/desk/follow-ups")
    for _ in range(2):  # the first of the list, then the number
        with page.expect_navigation():
            keys.press("Enter")
    asked = page.locator("fieldset.ask").count()
    page.locator("fieldset.ask input:focus").wait_for()
    for _ in range(asked):
        keys.press("1")
    assert page.locator("fieldset.ask input:checked").count() == asked
    with page.expect_navigation():
        keys.press("Control+Enter")
    assert "已记下这次回访" in page.inner_text("main"), "and the next one is open"
    with page.expect_navigation():
        keys.press("Enter")
    with page.expect_navigation():
        keys.press("9")
    assert "没打通" in page.inner_text("main [role=status]")
    page.context.close()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_slips_are_printed_by_the_pile_while_the_page_counts(address: str, browser: Browser, script: bool) -> None:
    """The count moves by itself, with script or without, until the file is there."""
    page = sign_in(browser, address, "clerk", script=script)
    said = complaints(page)
    page.goto("/desk/print-runs?kind=REFERRAL_SLIPS")
    page.fill("#day", (datetime.now(CHINA).date() - timedelta(days=1)).isoformat())
    with page.expect_navigation():
        page.locator("form[action='/desk/print-runs'] button.go").click()
    if script:
        look_at(page, "a bulk print at work")
    page.locator("#progress form[action$='/file']").wait_for(timeout=90_000)
    assert "已完成" in page.inner_text("#progress h2")
    if script:
        look_at(page, "a bulk print that is done")
        _look(page, ["/desk/print-runs", "/desk/papers?kind=P7", "/desk/papers?kind=P7 >"], DESK)
    assert said == []
    page.context.close()


def test_a_scan_without_a_code_waits_for_hands(clerk: Page) -> None:
    blank = io.BytesIO()
    Image.new("RGB", (600, 800), "white").save(blank, "PNG")
    clerk.goto("/desk/scans")
    clerk.set_input_files("#scans-file", [{"name": "scan.png", "mimeType": "image/png", "buffer": blank.getvalue()}])
    clerk.check("#signatures_seen")
    with clerk.expect_navigation():
        clerk.locator("form[action='/desk/scans'] button.go").click()
    clerk.locator("#scans .tag", has_text="没有认出").wait_for()
    _look(clerk, ["/desk/scans", "/desk/scans >"], DESK)
