"""An agreement found by its guidance, drafted with the keyboard and signed on screens in a real Chromium: the employer with the
pen of the counter, the worker on a small phone. Every page on the way is without fault."""

import io
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from tests.e2e.demo_station import DESK, ROOT, complaints, demo_server, look_at, on, sign_in

pytestmark = pytest.mark.browser

PHONE = (360, 320)
SCENE = """
import asyncio
from datetime import timedelta
from db.actions.accounts import session_key
from db.actions.people import employer_account, worker_account
from db.clock import now
from db.queries.accounts import actor_of
from db.tables.accounts import Account, Session
from db.tables.agreements import Agreement
from db.tables.referrals import Referral
from piccolo_conf import DB

async def main():
    await DB.start_connection_pool()
    drafted = [row["referral"] for row in await Agreement.select(Agreement.referral)]
    row = await Referral.select(
        Referral.number, Referral.id, Referral.seeker, Referral.station, Referral.job.employer.as_alias("employer")
    ).where(Referral.state == "EMPLOYER_ACCEPTED", Referral.id.not_in(drafted or [0])).first()
    clerk = actor_of(await Account.select().where(Account.station == row["station"], Account.role == "STF").first())
    worker = await worker_account(row["seeker"], actor=None)
    known = await Account.select().where(Account.employer == row["employer"]).first()
    boss = actor_of(known) if known else await employer_account(row["employer"], password_hash="", actor=None)
    for token, who in (("token-of-the-worker-for-this-test", worker), ("token-of-the-boss-for-this-test", boss)):
        await Session.insert(Session(key=session_key(token), account=who.id, created_at=now(), seen_at=now(),
                                     expires_at=now() + timedelta(hours=2)))
    print(row["number"], clerk.login)
    await DB.close_connection_pool()

asyncio.run(main())
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where this station keeps its data."""
    return tmp_path_factory.mktemp("signing")


@pytest.fixture(scope="module")
def address(folder: Path, furnished: Path) -> Iterator[str]:
    """A demo district of its own: agreements of the shared one are counted elsewhere."""
    with demo_server(folder, furnished) as url:
        yield url


@pytest.fixture(scope="module")
def agreed(address: str, folder: Path) -> tuple[str, str]:
    """A referral that both agreed to and that both have a phone for: its number, and the login of a clerk of its station."""
    done = subprocess.run([sys.executable, "-c", SCENE], env=on(folder), cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    number, login = done.stdout.split()[-2:]
    return number, login


def on_a_phone(browser: Browser, address: str, token: str) -> Page:
    """A phone of 360 by 640 with somebody's session."""
    context = browser.new_context(base_url=address, viewport={"width": 360, "height": 640}, locale="zh-CN")
    context.add_cookies([{"name": "sid", "value": token, "url": address}])
    return context.new_page()


def write(page: Page, strokes: list[list[tuple[float, float]]]) -> None:
    """Draw on the pad with the pointer; places are parts of its width and height."""
    page.locator("canvas").scroll_into_view_if_needed()
    box = page.locator("canvas").bounding_box()
    assert box
    for (x, y), *rest in strokes:
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
        page.mouse.down()
        for u, v in rest:
            page.mouse.move(box["x"] + u * box["width"], box["y"] + v * box["height"], steps=8)
        page.mouse.up()


def ink(page: Page) -> int:
    """How many points of the pad are black."""
    count: int = page.evaluate(
        "() => { const c = document.querySelector('canvas'), d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
        " let n = 0; for (let i = 3; i < d.length; i += 4) n += d[i] > 128; return n }"
    )
    return count


ZHOU = [
    [(0.20, 0.25), (0.20, 0.55), (0.16, 0.80)],
    [(0.20, 0.25), (0.40, 0.24), (0.40, 0.80), (0.36, 0.76)],
    [(0.24, 0.38), (0.36, 0.38)],
    [(0.30, 0.30), (0.30, 0.50)],
    [(0.24, 0.50), (0.36, 0.50)],
    [(0.25, 0.60), (0.25, 0.74), (0.35, 0.74), (0.35, 0.60), (0.25, 0.60)],
    [(0.55, 0.30), (0.70, 0.28), (0.85, 0.30)],
    [(0.70, 0.20), (0.69, 0.50), (0.56, 0.82)],
    [(0.70, 0.46), (0.78, 0.66), (0.88, 0.80)],
]


ANSWERS = {"status": "1", "managed": "2"}
"""The number keys of the questions that nothing answers yet: none of the other lives; not managed by the unit."""


def drafted_with_the_keyboard(clerk: Page, referral: str) -> str:
    """From the referral to a saved draft, as the guidance proposes; the number of the agreement."""
    keys = clerk.keyboard
    clerk.goto(f"/desk/referrals/{referral}")
    with clerk.expect_navigation():
        clerk.locator("a[href$='/guidance']").press("Enter")
    while (step := clerk.url.rsplit("/", 1)[1]) != "all":
        look_at(clerk, f"guidance: {step}")
        assert step != "managed" or clerk.evaluate("document.activeElement === document.body"), (
            "an answer nobody gave is not one Enter away"
        )
        with clerk.expect_navigation():
            keys.press(ANSWERS.get(step, "Enter"))
    look_at(clerk, "guidance: the proposal")
    assert "建议：零工劳务协议" in clerk.inner_text("main")
    with clerk.expect_navigation():
        keys.press("Enter")
    look_at(clerk, "the draft's form")
    with clerk.expect_navigation():
        keys.press("Control+Enter")
    number = re.search(r"XLW-\d{4}-\d{6}", clerk.url)
    assert number, clerk.inner_text("main")
    look_at(clerk, "the draft")
    return number[0]


def test_both_sign_on_screens_and_the_worker_takes_a_copy(address: str, browser: Browser, agreed: tuple[str, str], tmp_path: Path) -> None:
    referral, login = agreed
    clerk = sign_in(browser, address, login)
    heard = complaints(clerk)
    number = drafted_with_the_keyboard(clerk, referral)
    clerk.goto(f"/desk/agreements/{number}/signing")
    look_at(clerk, "before the signing")
    clerk.check("#both_present")
    clerk.check("#read_aloud")
    clerk.locator("main form button.go").first.click()
    assert clerk.locator(".sign-side").count(), clerk.inner_text("main")

    boss = on_a_phone(browser, address, "token-of-the-boss-for-this-test")
    boss.goto("/employer")
    boss.locator("a[href$='/signature']").click()
    code = boss.inner_text(".digits").replace(" ", "")

    look_at(clerk, "the employer's turn at the counter", DESK)

    # The employer writes; undo takes one stroke, clear all; a wrong code keeps what was written.
    assert clerk.locator(".pad-none").is_hidden()
    write(clerk, ZHOU[:2])
    much = ink(clerk)
    assert much > 500
    clerk.click("[data-pad-undo]")
    assert 0 < ink(clerk) < much
    clerk.click("[data-pad-clear]")
    assert ink(clerk) == 0
    write(clerk, ZHOU)
    written = ink(clerk)
    clerk.check("#agreed")
    clerk.fill("#code", "000000" if code != "000000" else "111111")
    clerk.locator("form[action$='/signatures'] button.go").click()
    assert "验证码不对" in clerk.inner_text(".problems")
    assert abs(ink(clerk) - written) < written / 50, "what was written is there again"
    clerk.fill("#code", code)
    with clerk.expect_navigation():
        clerk.keyboard.press("Enter")
    assert clerk.inner_text(".sign-side").startswith("乙方"), clerk.inner_text("main")
    room = clerk.inner_text(".room-code").replace(" ", "")

    # The worker on the own phone, from the front page.
    phone = on_a_phone(browser, address, "token-of-the-worker-for-this-test")
    said = complaints(phone)
    phone.goto("/me")
    with phone.expect_navigation():
        phone.locator("a[href$='/signature']").click()
    look_at(phone, "the worker's turn on the phone", PHONE)
    phone.check("#agreed")
    write(phone, ZHOU)
    phone.fill("#code", room)
    phone.locator("form[action$='/signature'] button.go").click()
    assert "双方都签好了" in phone.inner_text("main"), phone.inner_text("main")

    # The paper: both names as lines.
    clerk.goto(f"/desk/agreements/{number}")
    paper = clerk.request.get(f"/desk/agreements/{number}/paper.pdf").body()
    (tmp_path / "paper.pdf").write_bytes(paper)
    reader = PdfReader(io.BytesIO(paper))
    assert "".join("".join(sheet.extract_text() for sheet in reader.pages).split()).count("手写签名") == 2
    assert len({image.data for sheet in reader.pages for image in sheet.images}) == 1, "the code to scan is the only picture"

    # The copy by link and code.
    clerk.goto(f"/desk/agreements/{number}/copy")
    clerk.locator("main form button.go").click()
    look_at(clerk, "link and code of a copy")
    where = re.search(r"/copies/\S+", clerk.inner_text(".copy-url"))
    assert where
    visitor = browser.new_context(base_url=address, viewport={"width": 360, "height": 640}).new_page()
    visitor.goto(where[0])
    look_at(visitor, "the code of a copy", PHONE)
    token = visitor.locator("input[name=csrf_token]").get_attribute("value") or ""
    answer = visitor.request.post(
        where[0],
        form={"csrf_token": token, "code": clerk.inner_text(".room-code").replace(" ", "")},
        headers={"origin": address},
    )
    assert answer.body() == paper
    clerk.goto(f"/desk/agreements/{number}")
    assert "本人用链接和验证码取走电子版" in clerk.inner_text("main")
    look_at(clerk, "the signed agreement")
    assert not [line for line in heard if "Canvas2D" not in line], heard  # that is about our counting of its points
    assert not said
