"""The demo district on a port of its own, and what a person at its counter does: used by browser tests and screens."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Playwright

PASSWORD = "station-demo-2026"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
DESK = (1366, 900, 360)
"""The widths of a page of the desk: the counter's screen, half of it, a phone."""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ROOT = Path(__file__).resolve().parents[2]
PREPARE = "import asyncio; from web.serve import prepare; from web.settings import load_settings; asyncio.run(prepare(load_settings()))"


def free_port() -> int:
    """A loopback port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def on(folder: Path) -> dict[str, str]:
    """The environment of whatever works on the station in `folder`, on SQLite."""
    return {key: value for key, value in os.environ.items() if key != "DATABASE_URL"} | {"STATION_DATA": str(folder)}


def furnish(folder: Path) -> None:
    """Put the demo district into an empty folder, as the first start of a server does. It takes half a minute: do it once."""
    done = subprocess.run([sys.executable, "-c", PREPARE], env=on(folder), cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


@contextmanager
def demo_server(folder: Path, furnished: Path | None = None) -> Iterator[str]:
    """The address of the server as `script/server` runs it, on an empty folder, with the demo district: loaded, or a copy."""
    if furnished:
        shutil.copytree(furnished, folder, dirs_exist_ok=True)
    port = free_port()
    environment = on(folder) | {"PORT": str(port)}
    log = folder / "log"
    with log.open("w") as output:
        server = subprocess.Popen([sys.executable, "-m", "web.serve"], env=environment, cwd=ROOT, stdout=output, stderr=output)
    try:
        deadline = time.monotonic() + 120
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()
                break
            except OSError:
                assert server.poll() is None, log.read_text()[-2000:]
                assert time.monotonic() < deadline, log.read_text()[-2000:]
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


def chromium(playwright: Playwright) -> Browser:
    """Debian's Chromium."""
    return playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)


def complaints(page: Page) -> list[str]:
    """What the browser says about the page from now on; an answer 4xx of the page itself is no complaint."""
    said: list[str] = []

    def hear(kind: str, text: str) -> None:
        if kind in ("error", "warning") and "status of 4" not in text:
            said.append(text)

    page.on("console", lambda message: hear(message.type, message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def faults(page: Page) -> list[tuple[str, list[str]]]:
    """What axe finds on the page as it stands. Only faults cross over to us: the passed checks of a page are megabytes."""
    page.evaluate(Axe().axe_script)
    options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    found = page.evaluate("options => axe.run(options).then(results => results.violations)", options)
    return [(fault["id"], [node["html"][:120] for node in fault["nodes"]]) for fault in found]


def sideways(page: Page) -> bool:
    """Whether the page is wider than its window."""
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def look_at(page: Page, what: str, widths: tuple[int, ...] = DESK) -> None:
    """The page as it stands, at the first width, is without fault and at none too wide; it has the first again afterwards."""
    assert faults(page) == [], what
    height = (page.viewport_size or {"height": 768})["height"]
    for width in (*widths[1:], widths[0]):
        page.set_viewport_size({"width": width, "height": height})
        assert not sideways(page), f"{what} at {width}"


def sign_in(browser: Browser, address: str, login: str, *, script: bool = True, width: int = 1366, height: int = 768) -> Page:
    """A page of the demo account, signed in, in a browser context of its own."""
    context = browser.new_context(base_url=address, java_script_enabled=script, viewport={"width": width, "height": height}, locale="zh-CN")
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("#login", login)
    page.fill("#password", PASSWORD)
    page.click("button.go")
    assert "/sign-in" not in page.url, page.inner_text("body")
    return page


def guided(page: Page) -> None:
    """Answer the guidance as the page says it is likely, no where it says nothing, and go on to the draft of its proposal."""
    while not page.url.endswith("/guidance/all"):
        likely = page.locator("form.guided .choose .go")
        for asked in page.locator("form.guided fieldset:not(:has(:checked))").all():
            asked.locator("input").last.check()
        press = likely if likely.count() else page.locator("form.guided .choose button, form.guided .acts .go").last
        with page.expect_navigation():
            press.click()
        assert not page.locator(".problems").count(), page.inner_text("main")
    with page.expect_navigation():
        page.locator("form[action$='/guidance'] button.go").click()


def identity_number(first_seventeen: str) -> str:
    """The seventeen digits with their check digit (GB 11643)."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return first_seventeen + "10X98765432"[sum(int(d) * w for d, w in zip(first_seventeen, weights, strict=True)) % 11]
