"""The demo district on a port of its own, and what a person at its counter does: used by browser tests and screens."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, Playwright

PASSWORD = "station-demo-2026"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def free_port() -> int:
    """A loopback port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def demo_server(folder: Path) -> Iterator[str]:
    """The address of the server as `script/server` runs it, on an empty folder, with the demo district."""
    port = free_port()
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    environment |= {"STATION_DATA": str(folder), "PORT": str(port)}
    log = folder / "log"
    with log.open("w") as output:
        server = subprocess.Popen([sys.executable, "-m", "web.serve"], env=environment, stdout=output, stderr=output)
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


def identity_number(first_seventeen: str) -> str:
    """The seventeen digits with their check digit (GB 11643)."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return first_seventeen + "10X98765432"[sum(int(d) * w for d, w in zip(first_seventeen, weights, strict=True)) % 11]
