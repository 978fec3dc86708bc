"""The worker's own code: a scanner at any desk reads the seeker number from the phone."""

import base64
from urllib.parse import unquote_to_bytes

from tests.web.me.conftest import put_worker


async def test_the_phone_shows_a_code_and_the_number_and_no_name(sit_down):
    worker = await put_worker(sit_down)
    page = await worker.visitor.reads("/me/code")
    picture = page.select_one("main img")
    assert picture["src"].startswith("data:image/svg+xml")
    body = picture["src"].partition(",")[2]
    assert b"<svg" in (base64.b64decode(body) if ";base64" in picture["src"] else unquote_to_bytes(body))
    assert worker.ref.number in page.words("main")
    assert "周水生" not in page.words("main")
    assert (await worker.visitor.reads("/me")).select_one("a[href='/me/code']")


async def test_staff_have_no_such_page(clerk):
    await clerk.reads("/me/code", status=403)
