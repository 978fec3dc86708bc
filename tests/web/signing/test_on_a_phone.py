"""Worker and employer sign on their own phones with the code that the counter's screen shows."""

from datetime import timedelta

from db.clock import at, now
from db.tables.agreements import Signature
from tests.web.me.conftest import put_worker
from tests.web.signing.conftest import HERE, MINE, OTHER_NAME, THEIRS, codes, signs, state


async def test_the_own_front_page_leads_to_it_and_shows_the_own_code(opened):
    page = await opened.worker.reads("/me")
    assert page.select_one(f'a[href="{MINE}"]')
    page = await opened.worker.reads(MINE)
    kept = await codes()
    assert page.words(".digits").replace(" ", "") == kept["WORKER"]
    assert kept["ROOM"] not in page.text
    assert kept["EMPLOYER"] not in page.text
    assert "卸货、码垛" in page.words("article")
    page = await opened.boss.reads("/employer")
    assert page.select_one(f'a[href="{THEIRS}"]')
    page = await opened.boss.reads(THEIRS)
    assert page.words(".digits").replace(" ", "") == kept["EMPLOYER"]


async def test_the_page_is_small(opened):
    await opened.worker.reads(MINE)
    answer = await opened.worker.fetches(MINE)
    assert len(answer.content) < 20_480


async def test_both_sign_on_their_phones(clerk, opened, quick_printer):
    room = (await codes())["ROOM"]
    await opened.worker.reads(MINE)
    await signs(opened.worker, "WORKER", MINE, code=f"{room[:3]} {room[3:]}")
    page = await opened.worker.reads(MINE)
    assert "等另一方签" in page.words("main")
    page = await clerk.reads(HERE)
    assert "在本人手机签了" in page.words(".who-signs")
    await opened.boss.reads(THEIRS)
    await signs(opened.boss, "EMPLOYER", THEIRS, code=room, strokes=OTHER_NAME)
    assert await state() == "SIGNED"
    assert {row["place"] for row in await Signature.select(Signature.place)} == {"PHONE"}
    page = await opened.boss.reads(THEIRS)
    assert (await opened.boss.fetches(page.select_one("a.go")["href"])).headers["content-type"] == "application/pdf"
    page = await opened.worker.reads(MINE)
    assert (await opened.worker.fetches(page.select_one("a.go")["href"])).headers["content-type"] == "application/pdf"
    assert [hand.place for hand in quick_printer.printed[-1][1].handwriting] == ["本人手机", "本人手机"]


async def test_one_at_the_counter_the_other_on_the_phone(clerk, opened):
    await signs(clerk, "EMPLOYER")
    await opened.worker.reads(MINE)
    await signs(opened.worker, "WORKER", MINE, code=(await codes())["ROOM"])
    assert await state() == "SIGNED"


async def test_the_own_code_does_not_prove_being_in_the_room(opened):
    await opened.worker.reads(MINE)
    page = await signs(opened.worker, "WORKER", MINE, status=422)
    assert "验证码不对" in page.words(".problems")
    assert page.select_one("input[name=strokes]")["value"]
    assert await Signature.count() == 0


async def test_nobody_signs_for_the_other_side(opened):
    """Whatever the form says: the page of the worker signs for the worker."""
    await opened.worker.reads(MINE)
    await signs(opened.worker, "EMPLOYER", MINE, code=(await codes())["ROOM"])
    assert [row["side"] for row in await Signature.select(Signature.side)] == ["WORKER"]


async def test_without_a_sitting_there_is_nothing_to_sign(at_counter):
    await at_counter.worker.reads(MINE, status=404)
    await at_counter.boss.reads(THEIRS, status=404)
    page = await at_counter.worker.reads("/me")
    assert "驿站请您签协议" not in page.words()


async def test_a_sitting_that_ran_out_is_over_on_the_phone(opened):
    await opened.worker.reads(MINE)
    fields = {"agreed": "y", "strokes": OTHER_NAME, "code": (await codes())["ROOM"]}
    with at(now() + timedelta(minutes=31)):
        page = await opened.worker.sends(MINE, status=422, **fields)
        assert "重新开始" in page.words(".problems")
        assert "过了时间" in page.words("main")
    assert await Signature.count() == 0


async def test_other_people_do_not_find_it(sit_down, clerk, opened, passer_by):
    other = await put_worker(sit_down, "S07")
    await other.visitor.reads(MINE, status=404)
    await other.visitor.sends(MINE, status=404, page="/me")
    await opened.worker.reads(THEIRS, status=403)
    await opened.boss.reads(MINE, status=403)
    await clerk.reads(MINE, status=403)
    await passer_by.reads(MINE, status=303)
    await opened.boss.fetches("/employer/agreements/XLW-2026-000001/paper.pdf", status=404)
