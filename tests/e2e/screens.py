"""The pictures of docs/screens, made from the demo district: `python -m tests.e2e.screens [FOLDER]`.

Every picture is the first view of a page at its width, reduced to a palette and below 150 KB.
"""

import io
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from db.clock import CHINA
from rules.codes import TRADES
from tests.e2e.demo_station import PASSWORD, chromium, demo_server, identity_number, sign_in
from tests.e2e.test_on_a_cheap_phone import WORKER, walk

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screens"
LARGEST = 150 * 1024
TELEVISION: ViewportSize = {"width": 1920, "height": 1080}
"""The television asks every second and never falls silent."""
STATION, SCREEN = "/stations/ZD-420112015-01", "/screen/ZD-420112015-01"
FIRST_ROW = "main table tbody a[href^='/desk/']"
CODES = {trade.label: code for code, trade in TRADES.items()}
BAD_DUTIES = "写字楼日常保洁，限女性，形象气质好，上岗先交押金200元，包吃。"


def keep(page: Page, name: str, folder: Path) -> None:
    """Write what the page shows as NAME.png. SystemExit when it does not fit into 150 KB."""
    page.wait_for_load_state("networkidle" if page.viewport_size != TELEVISION else "load")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    for colours in (256, 128, 64):
        file = io.BytesIO()
        picture.quantize(colours, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
        if len(file.getvalue()) < LARGEST:
            (folder / f"{name}.png").write_bytes(file.getvalue())
            print(f"{name}.png {len(file.getvalue()) // 1024} KB")
            return
    sys.exit(f"{name}.png does not fit into {LARGEST} bytes")


def public_pages(browser: Browser, address: str, folder: Path) -> None:
    """Board, post and station as a worker sees them."""
    phone = browser.new_page(base_url=address, viewport={"width": 360, "height": 640}, device_scale_factor=1)
    phone.goto("/jobs")
    keep(phone, "board-360", folder)
    phone.locator(".job h2 a").first.click()
    keep(phone, "job-360", folder)
    phone.goto(STATION)
    keep(phone, "station-360", folder)
    desk = browser.new_page(base_url=address, viewport={"width": 1366, "height": 768})
    desk.goto("/jobs")
    keep(desk, "board-1366", folder)


def own_places(browser: Browser, address: str, folder: Path) -> None:
    """A worker who registers on a phone, and the places that are theirs and the employer's."""
    phone = browser.new_page(base_url=address, viewport={"width": 360, "height": 640}, device_scale_factor=1)
    phone.goto("/register")
    phone.locator("main a.go").click()
    walk(phone, WORKER, until="/register/trades")
    keep(phone, "register-360", folder)
    walk(phone, WORKER, until="/register/done")
    phone.goto("/me")
    keep(phone, "me-360", folder)
    boss = browser.new_page(base_url=address, viewport={"width": 360, "height": 640}, device_scale_factor=1)
    boss.goto("/employer/sign-in")
    boss.fill("[name=phone]", "13900000019")
    boss.fill("[name=password]", PASSWORD)
    boss.locator("main form button.go").click()
    keep(boss, "employer-360", folder)


def post_form(page: Page, folder: Path) -> None:
    """The demand of an employer while it is typed, with the words it may not say."""
    page.goto("/desk/jobs/new")
    page.locator("main a[href*='employer=']", has_text="登记招工").last.click()
    day = datetime.now(CHINA).date() + timedelta(days=1)
    typed = {
        "title": "写字楼保洁",
        "headcount": "2",
        "duties": BAD_DUTIES,
        "landmark": "宏图大道路口",
        "start_date": day.isoformat(),
        "end_date": (day + timedelta(days=6)).isoformat(),
        "start_time": "7:00",
        "end_time": "16:00",
        "break_minutes": "60",
        "weekly_days": "6",
        "pay_fen": "120",
    }
    for name, value in typed.items():
        page.fill(f"#{name}", value)
    page.select_option("#trade", CODES["单位保洁"])
    page.select_option("#subdistrict", label="金银湖街道")
    page.select_option("#pay_basis", "TIME")
    page.select_option("#pay_unit", "DAY")
    page.select_option("#settle_cycle", "DAILY")
    page.locator("#checks mark", has_text="押金").first.wait_for()
    keep(page, "job-form-1366", folder)


def review(page: Page, folder: Path) -> None:
    """A post taken for review, a field marked."""
    page.goto("/desk/reviews")
    page.locator(FIRST_ROW).first.click()
    page.get_by_role("button", name="开始审核").click()
    page.fill("#note-duties", "改成“着装整洁”")
    keep(page, "review-1366", folder)


def seeker_form(page: Page, folder: Path) -> None:
    """A registration: the document is read at once."""
    page.goto("/desk/seekers/new")
    page.fill("#name", "何秀英")
    page.fill("#phone", "19900000888")
    page.fill("#community", "银湖社区")
    page.select_option("#subdistrict", label="金银湖街道")
    page.fill("#id_number", identity_number("42011219790812032"))
    page.locator("#id_number").dispatch_event("change")
    page.get_by_text("1979年8月12日").wait_for()
    for name, trade in (("trade1", "家政保洁"), ("trade2", "家政做饭")):
        page.select_option(f"#{name}", CODES[trade])
    for slot in page.locator("input[name=slots]").all()[:14]:
        slot.check()
    page.fill("#skills", "家政8年，会做面食")
    keep(page, "seeker-form-1366", folder)


def counter(page: Page, folder: Path) -> None:
    """What the clerk works with: today, candidates, referral, agreement, placements."""
    page.goto("/desk")
    keep(page, "today-1366", folder)
    page.goto("/desk/jobs?state=PUBLISHED&word=%E5%9C%B0%E5%BA%93")
    page.locator(FIRST_ROW).first.click()
    page.locator("a[href$='/candidates']").click()
    keep(page, "candidates-1366", folder)
    page.goto("/desk/referrals?state=PROPOSED")
    page.locator(FIRST_ROW).first.click()
    keep(page, "referral-1366", folder)
    page.goto("/desk/agreements")
    page.locator(FIRST_ROW).first.click()
    keep(page, "agreement-1366", folder)
    page.goto("/desk/papers")
    keep(page, "papers-1366", folder)
    page.goto("/desk/placements")
    keep(page, "placements-1366", folder)


def drafting(page: Page, folder: Path) -> None:
    """An agreement begun by questions, what they led to, and filled in beside its text. A clerk of the market's station."""
    page.goto("/desk/referrals?state=EMPLOYER_ACCEPTED")
    page.locator("main tbody a[href^='/desk/referrals/']").first.click()
    page.locator("main a[href$='/guidance']").click()
    while page.locator("form.guided").count():
        asked, likely = page.url, page.locator("form.guided button.go")
        (likely if likely.count() else page.locator("form.guided [data-key='2']")).first.click()
        page.wait_for_url(lambda url, asked=asked: url != asked)
    keep(page, "guidance-1366", folder)
    page.get_by_role("button", name="就签这种，去填写").click()
    keep(page, "drafting-1366", folder)


def working_day(page: Page, folder: Path) -> None:
    """The morning at the counter: a batch, calling, orders, a call-back, the figures of the year and of the month."""
    page.goto("/desk/matching")
    page.check("input[name=whom][value=REGISTERED]")
    page.get_by_role("button", name="匹配").click()
    page.wait_for_url("**/desk/matching/runs/*")
    keep(page, "matching-1366", folder)
    page.goto("/desk/today")
    page.locator("#demands tr a").first.click()
    page.locator("#post .turn").first.wait_for()
    keep(page, "calling-1366", folder)
    page.check("#place-consent")
    page.get_by_role("button", name="去，给名额").click()
    page.locator("#post", has_text="还没到岗的").wait_for()
    page.goto("/desk/orders")
    keep(page, "orders-1366", folder)
    page.goto("/desk/follow-ups")
    page.locator("main table a", has_text="回访").first.click()
    keep(page, "follow-up-1366", folder)
    page.goto("/desk/kpi")
    keep(page, "kpi-1366", folder)
    page.goto("/desk/fairness")
    keep(page, "fairness-1366", folder)


def the_record(browser: Browser, clerk: Page, address: str, folder: Path) -> None:
    """A day before it is signed, last month's ledger, the stations' months and a table of the statistics as officers see them."""
    clerk.goto("/desk/records")
    keep(clerk, "records-1366", folder)
    clerk.goto("/desk/ledgers")
    with clerk.expect_navigation():
        clerk.locator("#months tbody tr").nth(1).locator("th a").click()
    keep(clerk, "ledger-1366", folder)
    officer = sign_in(browser, address, "district")
    officer.goto("/supervision/ledgers")
    keep(officer, "ledgers-1366", folder)
    officer.goto("/supervision/statistics")
    keep(officer, "statistics-1366", folder)


def hall_screen(browser: Browser, clerk: Page, manager: Page, address: str, folder: Path) -> None:
    """The television of the hall, let in by the manager, with a number called by the clerk; the public page of the rule."""
    television = browser.new_page(base_url=address, viewport=TELEVISION)
    television.goto(SCREEN)
    shown = television.locator(".digits")
    shown.wait_for()
    manager.goto("/desk/screens")
    manager.fill("[name=code]", "".join(shown.inner_text().split()))
    manager.fill("[name=name]", "大厅东墙")
    manager.get_by_role("button", name="配对").click()
    manager.get_by_role("rowheader", name="大厅东墙").wait_for()
    television.locator("body:not(.pairing)").wait_for()
    clerk.goto("/desk/today")
    clerk.locator("#demands tr a", has_text="地库").first.click()
    clerk.get_by_role("button", name="叫下一位").click()
    clerk.locator("#post .turn.calling").wait_for()
    television.locator("#banner.on").wait_for()
    television.wait_for_timeout(500)
    keep(television, "hall-call-1920", folder)
    television.locator("#banner:not(.on)").wait_for(state="attached")
    television.locator("#feed .pg.on li[data-until]").nth(5).wait_for(timeout=120_000)
    keep(television, "hall-1920", folder)
    phone = browser.new_page(base_url=address, viewport={"width": 360, "height": 640}, device_scale_factor=1)
    phone.goto(f"{STATION}/calling")
    keep(phone, "calling-360", folder)


def main() -> None:
    """Start a station of its own, walk through it, write the pictures."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as station, demo_server(Path(station)) as address, sync_playwright() as playwright:
        browser = chromium(playwright)
        public_pages(browser, address, folder)
        own_places(browser, address, folder)
        clerk = sign_in(browser, address, "clerk")
        counter(clerk, folder)
        working_day(clerk, folder)
        drafting(sign_in(browser, address, "wu-clerk"), folder)
        hall_screen(browser, clerk, sign_in(browser, address, "manager"), address, folder)
        post_form(clerk, folder)
        seeker_form(clerk, folder)
        review(sign_in(browser, address, "reviewer"), folder)
        the_record(browser, clerk, address, folder)
        officer = sign_in(browser, address, "district")
        officer.goto("/supervision")
        keep(officer, "supervision-1366", folder)
        browser.close()


if __name__ == "__main__":
    main()
