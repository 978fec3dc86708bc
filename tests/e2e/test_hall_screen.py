"""The hall's television in a real Chromium: let in, called numbers within two seconds, and a server that goes away for minutes."""

import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.demo_station import free_port, on, sign_in

pytestmark = pytest.mark.browser

CODE = "ZD-420112015-01"
ROOT = Path(__file__).resolve().parents[2]
CALL = f"""
import asyncio
from datetime import timedelta
from db.clock import now, today
from db.tables.accounts import Account
from db.tables.attendance import Call, SignIn
from db.tables.seekers import Seeker
from db.tables.stations import Station
from piccolo_conf import DB

async def main():
    await DB.start_connection_pool()
    station = (await Station.select(Station.id).where(Station.code == "{CODE}").first())["id"]
    seeker = (await Seeker.select(Seeker.id).first())["id"]
    clerk = (await Account.select(Account.id).where(Account.station == station).first())["id"]
    common = dict(station=station, day=today())
    arrived = SignIn(ticket=12, seeker=seeker, how="CARD", arrived_at=now(), signed_at=now(), waiting_since=today(),
                     state="CALLED", state_at=now(), signed_by=clerk, **common)
    await SignIn.insert(arrived)
    await Call.insert(Call(sign_in=arrived.id, kind="CALL", counter="2", made_by=clerk, made_at=now(), **common))
    await DB.close_connection_pool()

asyncio.run(main())
"""


class Server:
    """The demo district on one port and one folder, that can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.environment = on(folder) | {"PORT": str(self.port)}
        self.address = f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start and wait until it answers."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "web.serve"], env=self.environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{self.address}/healthz", timeout=5).close()
                return
            except OSError:
                assert self.process.poll() is None, "the server ended"
                time.sleep(0.2)
        raise AssertionError("the server does not answer")

    def stop(self) -> None:
        """End it, as a power cut would."""
        self.process.terminate()
        self.process.wait(20)

    def calls_number_12(self) -> None:
        """What happens in the database when a clerk at counter 2 calls the ticket 012."""
        subprocess.run([sys.executable, "-c", CALL], env=self.environment, cwd=ROOT, check=True, capture_output=True)


@pytest.fixture(scope="module")
def server(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    started = Server(tmp_path_factory.mktemp("hall"))
    shutil.copytree(furnished, started.folder, dirs_exist_ok=True)
    started.start()
    yield started
    started.stop()


@pytest.fixture
def hall(server: Server, browser: Browser) -> Iterator[Page]:
    """A television that has just been let in."""
    context = browser.new_context(base_url=server.address, viewport={"width": 1920, "height": 1080})
    television = context.new_page()
    television.clock.install()
    television.goto(f"/screen/{CODE}")
    digits = re.sub(r"\D", "", television.locator(".digits").inner_text())
    manager = sign_in(browser, server.address, "manager")
    manager.goto("/desk/screens")
    manager.fill("#code", digits)
    manager.fill("#name", "大厅东墙")
    manager.locator("main .card button.go").click()
    television.locator("#feed .pg.on").wait_for(state="attached")
    manager.context.close()
    yield television
    context.close()


def turns(page: Page) -> int:
    return int(page.get_attribute("body", "data-turns") or 0)


def test_the_pages_turn_and_a_call_is_shown_within_two_seconds(server: Server, hall: Page) -> None:
    first = hall.locator("#title").inner_text()
    hall.clock.run_for(12_500)
    assert turns(hall) >= 2
    assert hall.locator("#title").inner_text() != first
    server.calls_number_12()
    expect(hall.locator("#banner.on")).to_contain_text("012", timeout=2000)
    assert hall.locator("#banner").inner_text().split("\n")[0].startswith("请012号到2号窗口")
    assert "012" in hall.locator("#calls").inner_text()
    assert hall.get_attribute("body", "data-errors") == "0"


def test_without_the_server_it_turns_says_how_old_it_is_and_recovers(server: Server, hall: Page) -> None:
    faults: list[str] = []
    hall.on("pageerror", lambda error: faults.append(str(error)))
    before = turns(hall)
    server.stop()
    try:
        hall.clock.run_for(5 * 60_000)
        expect(hall.locator("#state")).to_have_text(re.compile(r"^网络断开 [4-6] 分钟，显示的是 [0-9]{2}:[0-9]{2} 的信息$"))
        assert turns(hall) >= before + 20
        assert hall.locator("#feed .pg.on").count() == 1
    finally:
        server.start()
    hall.clock.run_for(40_000)
    expect(hall.locator("#state")).to_have_text(re.compile(r"^更新 [0-9]{2}:[0-9]{2}$"), timeout=10_000)
    assert hall.locator("#feed .pg.on").count() == 1
    assert faults == []
    assert hall.get_attribute("body", "data-errors") == "0"


def test_posts_that_are_over_go_while_the_network_is_away(hall: Page) -> None:
    hall.context.set_offline(True)
    gone = hall.locator("#feed li[data-until]").count()
    hall.evaluate("for (const row of document.querySelectorAll('#feed li[data-until]')) row.setAttribute('data-until', '1')")
    hall.clock.run_for(13_000)
    assert gone > 0
    assert hall.locator("#feed li[data-until]").count() == 0
    assert hall.locator("#feed .pg.on").count() == 1
    assert hall.get_attribute("body", "data-errors") == "0"


def test_it_is_black_outside_opening_hours(hall: Page) -> None:
    feed = "document.getElementById('feed').setAttribute('data-open', '{}')"
    hall.context.set_offline(True)
    hall.evaluate("document.getElementById('calls').textContent = ''")
    hall.evaluate(feed.format("0-9999999999"))
    hall.clock.run_for(11 * 60_000)  # calls of the other tests are over, too
    expect(hall.locator("#dark")).to_be_hidden()
    hall.evaluate(feed.format("1-2"))
    hall.clock.run_for(1500)
    expect(hall.locator("#dark")).to_be_visible()
    assert hall.evaluate("getComputedStyle(document.getElementById('dark')).backgroundColor") == "rgb(0, 0, 0)"


def test_switched_off_it_goes_back_to_the_pairing_code(server: Server, browser: Browser, hall: Page) -> None:
    manager = sign_in(browser, server.address, "manager")
    manager.goto("/desk/screens")
    manager.locator("main table form button").first.click()
    manager.context.close()
    hall.clock.run_for(3000)
    hall.locator(".digits").wait_for()
