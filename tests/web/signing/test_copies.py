"""The worker takes the signed copy along by link and code."""

import json
from datetime import timedelta

import pytest

from db.clock import at, now
from db.tables.agreements import Agreement, CopyLink
from db.tables.journal import JournalEntry
from tests.visitor import path_of
from tests.web.signing.conftest import ONE, state

COPY = ONE + "/copy"


async def given(clerk) -> tuple[str, str]:
    """(path of the link, code), as the counter shows them once."""
    page = await clerk.sends(COPY, status=200, page=COPY)
    url = page.words(".copy-url")
    return url.removeprefix("http://127.0.0.1:8000"), page.words(".room-code").replace(" ", "")


async def fetched() -> int:
    return await JournalEntry.count().where(JournalEntry.kind == "AGREEMENT_COPY_FETCHED")


async def test_the_counter_shows_link_and_code_once(clerk, signed):
    where, code = await given(clerk)
    assert where.startswith("/copies/")
    assert len(code) == 6
    page = await clerk.reads(COPY)
    assert where not in page.text
    assert code not in page.text
    assert "还没取" in page.words("main")
    row = await CopyLink.select().first()
    assert code not in json.dumps(row, default=str)
    assert where.rsplit("/", 1)[1] not in json.dumps(row, default=str)


async def test_link_and_code_give_the_paper_and_count_as_delivered(clerk, passer_by, signed):
    where, code = await given(clerk)
    page = await passer_by.reads(where)
    for name in ("李小明", "湖滨", "XLW"):
        assert name not in page.text
    assert page.headers["cache-control"] == "no-store"
    opened = await passer_by.sends(where, code=f"{code[:3]} {code[3:]}")
    answer = await passer_by.fetches(path_of(opened))
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert await state() == "DELIVERED"
    row = await Agreement.select(Agreement.delivered_how, Agreement.delivered_by).first()
    assert row == {"delivered_how": "本人用链接和验证码取走电子版", "delivered_by": None}
    assert await fetched() == 1
    await passer_by.fetches(path_of(opened))
    assert await fetched() == 2
    page = await clerk.reads(COPY)
    assert "共2次" in page.words("main")
    page = await clerk.reads(ONE)
    assert "本人用链接和验证码取走电子版" in page.words("aside")


async def test_the_address_of_the_paper_works_for_ten_minutes(clerk, passer_by, signed):
    where, code = await given(clerk)
    opened = path_of(await passer_by.sends(where, page=where, code=code))
    with at(now() + timedelta(minutes=11)):
        assert path_of(await passer_by.reads(opened, status=303)) == where
    for wrong in (where + "/1-" + "0" * 40, where + "/junk", opened[:-1] + ("0" if opened[-1] != "0" else "1")):
        assert path_of(await passer_by.reads(wrong, status=303)) == where
    assert await fetched() == 0


async def test_five_wrong_codes_end_the_link(clerk, passer_by, signed):
    where, code = await given(clerk)
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(5):
        page = await passer_by.sends(where, page=where if _ == 0 else None, status=422, code=wrong)
        assert "验证码不对" in page.words(".problems")
    page = await passer_by.sends(where, status=410, code=code)
    assert "输错太多次" in page.words("main")
    await passer_by.reads(where, status=410)
    assert await state() == "SIGNED"


@pytest.mark.parametrize("token", ["x", "a" * 32, "é" * 30, "..%2f..%2fetc"])
async def test_an_unknown_link_is_404(passer_by, signed, token):
    await passer_by.reads(f"/copies/{token}", status=404)
    await passer_by.reads(f"/copies/{token}/1-2", status=404)


async def test_a_link_ends_after_thirty_days_and_when_a_new_one_is_given(clerk, passer_by, signed):
    where, _ = await given(clerk)
    newer, code = await given(clerk)
    page = await passer_by.reads(where, status=410)
    assert "换了新的" in page.words("main")
    await passer_by.reads(newer)
    with at(now() + timedelta(days=30)):
        await passer_by.reads(newer, status=410)
    assert code


async def test_a_voided_agreement_gives_no_copy(clerk, passer_by, signed):
    where, _ = await given(clerk)
    await clerk.sends(ONE + "/voiding", page=ONE, reason="双方改了日期，重新签")
    await passer_by.reads(where, status=410)
    page = await clerk.sends(COPY, page=COPY, status=422)
    assert page.select_one(".problems")


async def test_before_it_is_signed_there_is_no_copy(clerk, opened):
    page = await clerk.sends(COPY, page=COPY, status=422)
    assert "签好以后" in page.words(".problems")
    assert await CopyLink.count() == 0


async def test_of_a_paper_signed_by_hand_the_original_is_handed_over(clerk, signed):
    await Agreement.update({Agreement.signed_way: "PAPER"}, force=True)
    page = await clerk.sends(COPY, page=COPY, status=422)
    assert "在纸上签" in page.words(".problems")
