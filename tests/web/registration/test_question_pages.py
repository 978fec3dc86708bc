"""One question a page: nothing typed is lost, forward or back, and a second submit does nothing twice."""

import brotli

from db.tables.accounts import Draft
from db.tables.seekers import Seeker
from tests.visitor import path_of
from tests.web.registration.conftest import ID_NUMBER, PAGES, PIN, register, walk

MOST_BYTES = 8 * 1024


async def test_every_page_fits_a_cheap_phone_and_needs_no_script(phone):
    await walk(phone)
    for name in (*PAGES, "check"):
        async with phone.client.stream("GET", f"/register/{name}", headers={"accept-encoding": "br"}) as response:
            body = b"".join([chunk async for chunk in response.aiter_raw()])
        text = brotli.decompress(body).decode()
        assert len(body) <= MOST_BYTES, (name, len(body))
        assert "<script" not in text
        assert response.headers["cache-control"] == "no-store"


async def test_the_way_is_counted_and_leads_to_the_check_page(phone):
    assert await walk(phone) == "/register/check"
    page = await phone.reads("/register/trades")
    assert "第5步，共10步" in page.words(".step")
    page = await phone.reads("/register/check")
    for said in ("周水生", "搬运、装卸", "走马岭街道", "搬运10年", "周一至周日上午、下午", "金银湖零工驿站", "已设好"):
        assert said in page.words("main"), said
    assert PIN not in str(page)


async def test_what_was_typed_is_there_when_somebody_comes_back(phone):
    await walk(phone, until="home")
    page = await phone.reads("/register/trades")
    assert [box["value"] for box in page.select("input[name=trades][checked]")] == ["C01", "C02"]
    page = await phone.reads("/register/identity")
    assert page.select_one("#name")["value"] == "周水生"


async def test_back_keeps_half_typed_answers_without_asking_for_more(phone):
    at = await walk(phone, until="phone")
    await phone.reads(at)
    assert path_of(await phone.sends(at, phone="1990000", go="back")) == "/register/identity"
    page = await phone.reads(at)
    assert page.select_one("#phone")["value"] == "1990000"


async def test_a_refused_page_keeps_the_typing_and_says_what_to_do(phone):
    at = await walk(phone, until="phone")
    await phone.reads(at)
    page = await phone.sends(at, status=422, phone="123456789012")
    assert "手机号" in page.words(".problems")
    assert page.select_one("#phone")["value"] == "123456789012"
    assert (await phone.reads(at)).select_one("#phone")["value"] == "123456789012", "and again after the network dropped"


async def test_a_page_cannot_be_skipped(phone):
    await walk(phone, until="phone")
    assert path_of(await phone.reads("/register/pin", status=303)) == "/register/phone"
    assert path_of(await phone.reads("/register/check", status=303)) == "/register/phone"
    await phone.reads("/register/nonsense", status=404)


async def test_changing_from_the_check_page_leads_back_to_it(phone):
    await phone.reads(await walk(phone))
    change = next(link["href"] for link in phone.page.select("a.change") if "/home" in link["href"])
    await phone.reads(change)
    assert path_of(await phone.sends("/register/home", community="金湖社区")) == "/register/check"
    assert "金湖社区" in (await phone.reads("/register/check")).words("main")


async def test_an_answer_that_leads_to_another_question_asks_it_before_the_check_page(phone):
    await phone.reads(await walk(phone))
    await phone.reads("/register/identity?then=check")
    juvenile = "420199200911159016"
    from rules.identity import ric

    juvenile = juvenile[:17] + ric.calc_check_digit(juvenile)
    answer = await phone.sends("/register/identity", id_number=juvenile)
    assert answer.headers["location"] == "/register/guardian?then=check"


async def test_a_second_submit_does_nothing_twice(phone):
    await phone.reads(await walk(phone))
    values = phone.filled("/register/check")
    first = await phone.client.post("/register/check", data=values)
    second = await phone.client.post("/register/check", data=values)
    assert first.headers["location"] == second.headers["location"] == "/register/done"
    assert await Seeker.count() == 1


async def test_after_the_end_every_page_leads_to_the_result(phone):
    assert await register(phone) == "/register/done"
    for name in ("station", "trades", "check"):
        assert path_of(await phone.reads(f"/register/{name}", status=303)) == "/register/done"
    assert not await Draft.select(Draft.answers).where(Draft.answers != "").first(), "nothing of the typing is left"


async def test_somebody_else_may_register_on_the_same_phone(phone):
    await register(phone)
    await phone.reads("/register/done")
    assert path_of(await phone.sends("/register/anew")) == "/register/station"
    assert not (await phone.reads("/register/station")).select("input[checked]")


async def test_a_browser_without_cookies_is_told_so(phone):
    await phone.reads("/register/station")
    values = phone.filled("/register/station")
    phone.client.cookies.clear()
    response = await phone.client.post("/register/station", data={**values, **PAGES["station"]})
    assert response.status_code == 403
    assert "Cookie" in response.text


async def test_the_draft_is_sealed(phone):
    await walk(phone, until="pin")
    row = await Draft.select(Draft.answers).first()
    assert str.startswith(row["answers"], "s1.")
    assert ID_NUMBER not in str(await Draft.raw("SELECT * FROM draft"))


async def test_whoever_came_from_a_post_is_led_back_to_it(phone):
    await phone.reads("/register?next=/jobs/G261201-010001/application")
    await register(phone)
    page = await phone.reads("/register/done")
    assert page.select_one("a.go")["href"] == "/jobs/G261201-010001/application"


async def test_nobody_is_led_to_another_site(phone):
    await phone.reads("/register?next=//evil.example/")
    await register(phone)
    assert (await phone.reads("/register/done")).select_one("a.go")["href"] == "/jobs"
