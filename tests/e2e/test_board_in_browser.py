"""The board in a real Chromium: no accessibility fault at three widths, no complaint of the browser, paging either way."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.e2e.demo_station import complaints, faults, free_port

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
PAGES = ["/jobs", "/jobs?trade=G01&day=weekend", "/jobs/G2612-00011", "/jobs/G2612-00014"]
"""The board, an empty answer, a post, and a post that is over (the fourteenth, see board_server)."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The real application in a process of its own, with 38 posts on the board."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"STATION_DATA": str(tmp_path_factory.mktemp("board")), "PORT": str(port)}
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.board_server", str(port), "3"], cwd=ROOT, env=environment, start_new_session=True
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{url}/robots.txt", timeout=2).close()
                break
            except OSError:
                assert server.poll() is None, "the server ended"
                time.sleep(0.1)
        yield url
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(20)


@pytest.mark.parametrize("big", [False, True], ids=["normal", "large"])
@pytest.mark.parametrize("width", [320, 360, 1366])
def test_no_accessibility_fault_and_no_sideways_scrolling(address: str, browser: Browser, width: int, big: bool) -> None:
    context = browser.new_context(viewport={"width": width, "height": 768 if width > 900 else 640}, bypass_csp=True)
    if big:
        context.add_cookies([{"name": "big", "value": "1", "url": address}])
    page = context.new_page()
    for path in PAGES:
        page.goto(address + path)
        if path == PAGES[1] and width < 900:
            page.locator("summary").click()
        assert faults(page) == [], f"{path} at {width}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{path} at {width}"
    context.close()


def test_the_browser_has_nothing_to_complain_about(address: str, browser: Browser) -> None:
    """The strict content policy lets our styles, scripts and the job posting data stand."""
    page = browser.new_page()
    said = complaints(page)
    for path in PAGES:
        page.goto(address + path)
    page.goto(address + PAGES[2])
    assert page.evaluate("getComputedStyle(document.querySelector('.btn.call')).backgroundColor") == "rgb(6, 95, 44)"
    assert '"JobPosting"' in page.locator("script[type='application/ld+json']").text_content()
    assert said == []
    page.close()


def test_the_next_page_comes_alone_with_javascript(address: str, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 640})
    said = complaints(page)
    page.goto(f"{address}/jobs")
    first = page.locator(".job h2").all_text_contents()
    page.evaluate("window.sameDocument = true")
    page.locator("a[rel=next]").click()
    page.get_by_text("第2页").wait_for()
    assert page.evaluate("window.sameDocument") is True
    assert "page=" in page.url
    assert page.locator(".job h2").all_text_contents() != first
    assert page.evaluate("document.activeElement.id") == "results"
    assert page.locator("#say").text_content() == "已更新，这一页有18个岗位"
    page.go_back()
    page.get_by_text("第1页").wait_for()
    assert page.locator(".job h2").all_text_contents() == first
    assert said == []
    page.close()


def test_the_filter_changes_count_chips_and_list_together(address: str, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.goto(f"{address}/jobs")
    page.evaluate("window.sameDocument = true")
    page.locator("#settle").select_option("DAILY")
    page.locator(".fields .btn").click()
    page.get_by_text("找到 3 个岗位").wait_for()
    assert page.evaluate("window.sameDocument") is True
    assert page.locator(".chips [aria-current]").text_content() == "日结"
    assert page.locator(".job").count() == 3
    assert page.locator("details.filter").get_attribute("open") is not None
    assert page.title().startswith("找到3个岗位")
    page.close()


def test_everything_works_without_javascript(address: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 640})
    page = context.new_page()
    page.goto(f"{address}/jobs")
    page.locator("a[rel=next]").click()
    assert page.locator(".pager").text_content().strip().startswith("回到第1页第2页")
    page.locator("summary").click()
    page.locator("#q").fill("搬运")
    page.locator(".fields .btn").click()
    assert page.locator("h1").text_content() == "找到 6 个岗位"
    page.get_by_text("大字").click()
    assert page.evaluate("document.documentElement.className") == "big"
    assert "q=" in page.url
    page.locator(".job h2 a").first.click()
    assert page.locator("h1").text_content() == "展会引导加物料搬运3天"
    context.close()


def test_the_list_stays_when_the_network_goes(address: str, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 640})
    page = context.new_page()
    page.goto(f"{address}/jobs")
    context.set_offline(True)
    page.locator("a[rel=next]").click()
    page.get_by_text("网络不好，没有加载出来。请再点一次。").wait_for()
    assert page.locator(".job").count() == 20
    context.set_offline(False)
    page.locator("a[rel=next]").click()
    page.get_by_text("第2页").wait_for()
    assert page.locator("#neterr").count() == 0
    context.close()
