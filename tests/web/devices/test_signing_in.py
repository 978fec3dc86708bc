"""An enrolled phone and six digits: guesses are counted per phone, a phone number alone never opens anything."""

import asyncio
import dataclasses
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from db.clock import at, now
from db.tables.accounts import Account, Device, PhoneCode, Session
from db.tables.journal import JournalEntry
from db.tables.seekers import Seeker
from tests.visitor import Visitor, path_of
from tests.web.devices.conftest import OTHER_PIN, PIN, enrol
from tests.web.registration.conftest import register
from tests.web.registration.test_registering_oneself import resident

WRONG = "482915"


@pytest.fixture
async def enrolled(clerk, phone, seeker) -> Visitor:
    """周水生's phone, enrolled and signed out again."""
    await enrol(clerk, phone, seeker["number"])
    await phone.reads("/me/devices")
    assert path_of(await phone.sends("/me/sign-out")) == "/me/sign-in"
    return phone


async def guess(phone: Visitor, pin: str, status: int = 422):
    await phone.reads("/me/sign-in")
    return await phone.sends("/me/sign-in", status=status, page=None, pin=pin)


async def test_the_phone_greets_and_asks_for_six_digits_only(enrolled):
    page = await enrolled.reads("/me/sign-in")
    assert "周*生" in page.words("main")
    assert [box["name"] for box in page.select("main input:not([type=hidden])")] == ["pin"]
    assert path_of(await enrolled.sends("/me/sign-in", pin=PIN)) == "/me"
    await enrolled.reads("/me/devices")


async def test_it_goes_on_to_where_one_wanted(enrolled):
    answer = await enrolled.reads("/me/devices", status=303)
    await enrolled.reads(answer.headers["location"])
    assert path_of(await enrolled.sends("/me/sign-in", pin=PIN)) == "/me/devices"
    for elsewhere in ("//evil.example/", "https://evil.example/", "/\\evil.example"):
        await enrolled.sends("/me/sign-out", page="/me/devices")
        await enrolled.reads("/me/sign-in")
        assert path_of(await enrolled.sends("/me/sign-in", pin=PIN, next=elsewhere)) == "/me"


async def test_a_phone_that_is_not_enrolled_gets_no_form(other_phone):
    page = await other_phone.reads("/me/sign-in")
    assert not page.select("form[action='/me/sign-in']")
    assert "登记手机" in page.words("main")
    await other_phone.sends("/me/sign-in", page="/register/station", status=422, pin=PIN, person="1")


async def test_a_stolen_number_of_a_person_is_no_phone(enrolled, other_phone, clerk):
    """The account's row on somebody else's phone is not taken: it must be enrolled there."""
    device = await Device.select(Device.id).first()
    await other_phone.sends("/me/sign-in", page="/register/station", status=422, pin=PIN, person=str(device["id"]))
    assert not await Session.exists().where(Session.device == device["id"])


async def test_five_wrong_pause_the_phone_and_not_the_person(enrolled, clerk, other_phone, seeker):
    await enrol(clerk, other_phone, seeker["number"])
    await other_phone.sends("/me/sign-out", page="/me/devices")
    for left in (4, 3, 2, 1):
        assert f"还可以试{left}次" in (await guess(enrolled, WRONG)).words(".problems")
    assert "15分钟" in (await guess(enrolled, WRONG)).words(".problems")
    assert "15分钟" in (await guess(enrolled, PIN)).words(".problems"), "even the right one"
    await guess(other_phone, PIN, status=303)
    assert await JournalEntry.exists().where(JournalEntry.kind == "SIGN_IN_LOCKED")
    with at(now() + timedelta(minutes=15, seconds=1)):
        await guess(enrolled, PIN, status=303)


async def test_ten_wrong_in_a_day_end_the_enrolment(enrolled):
    moment = now()
    for tries in range(10):
        with at(moment + timedelta(minutes=16 * (tries // 5))):
            page = await guess(enrolled, WRONG)
    assert "驿站重新登记" in page.words(".problems")
    with at(moment + timedelta(hours=2)):
        assert not (await enrolled.reads("/me/sign-in")).select("#pin")


async def test_the_count_begins_again_after_a_day_and_after_the_right_one(enrolled):
    for _ in range(4):
        await guess(enrolled, WRONG)
    await guess(enrolled, PIN, status=303)
    await enrolled.sends("/me/sign-out", page="/me/devices")
    assert "还可以试4次" in (await guess(enrolled, WRONG)).words(".problems")
    with at(now() + timedelta(hours=25)):
        assert "还可以试4次" in (await guess(enrolled, WRONG)).words(".problems")


async def test_many_guesses_at_once_are_not_more_guesses(enrolled):
    await enrolled.reads("/me/sign-in")
    fields = {**enrolled.filled("/me/sign-in"), "pin": WRONG}
    answers = await asyncio.gather(*(enrolled.client.post("/me/sign-in", data=fields) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {422}
    assert (await Device.select(Device.failures).first())["failures"] == 5


async def test_a_family_shares_a_phone_with_a_pin_each(phone):
    await register(phone)
    await phone.sends("/register/anew", page="/register/done")
    mother = {"name": "李桂花", "id_number": resident("42019919850312902")}
    await register(phone, identity=mother, phone={"phone": "19900000102"}, pin={"pin": OTHER_PIN, "pin_again": OTHER_PIN})
    await phone.sends("/me/sign-out", page="/me/devices")
    page = await phone.reads("/me/sign-in")
    names = {label.text.strip(): label.input["value"] for label in page.select("#person label")}
    assert set(names) == {"周*生", "李*花"}
    await phone.sends("/me/sign-in", status=422, pin=PIN)
    await phone.sends("/me/sign-in", status=422, person=names["李*花"], pin=PIN)
    await phone.sends("/me/sign-in", person=names["李*花"], pin=OTHER_PIN)
    session = await Session.select(Session.account.name.as_alias("name"))
    assert [row["name"] for row in session] == ["李*花"], "the one before is signed out"


async def test_a_pin_is_changed_with_the_old_one(enrolled):
    await guess(enrolled, PIN, status=303)
    await enrolled.reads("/me/pin")
    page = await enrolled.sends("/me/pin", status=422, old_pin=WRONG, pin=OTHER_PIN, pin_again=OTHER_PIN)
    assert page.select_one(".problems a")["href"] == "#old_pin"
    page = await enrolled.sends("/me/pin", status=422, old_pin=PIN, pin="780312", pin_again="780312")
    assert "太容易" in page.words(".problems")
    await enrolled.sends("/me/pin", old_pin=PIN, pin=OTHER_PIN, pin_again=OTHER_PIN)
    await enrolled.sends("/me/sign-out", page="/me/devices")
    await guess(enrolled, PIN)
    await guess(enrolled, OTHER_PIN, status=303)


async def test_a_worker_gives_a_phone_up(enrolled, seeker):
    await guess(enrolled, PIN, status=303)
    page = await enrolled.reads("/me/devices")
    action = page.select_one("form[action$=revocation]")["action"]
    await enrolled.sends(action)
    assert path_of(await enrolled.reads("/me/devices", status=303)) == "/me/sign-in"


async def test_nobody_gives_up_somebody_elses_phone(enrolled, other_phone):
    await register(other_phone, identity={"id_number": resident("42019919850312902"), "name": "李桂花"}, phone={"phone": "19900000102"})
    device = await Device.select(Device.key).order_by(Device.id).first()
    await other_phone.reads("/me/devices")
    await other_phone.sends(f"/me/devices/{device['key'][:16]}/revocation", status=422)
    assert (await Device.select(Device.revoked_at).order_by(Device.id).first())["revoked_at"] is None


async def test_a_worker_has_no_desk(enrolled):
    await guess(enrolled, PIN, status=303)
    for url in ("/desk", "/desk/seekers", "/supervision", "/desk/phones"):
        await enrolled.reads(url, status=403)


@pytest.fixture
async def messages(app, house, tmp_path: Path):
    """An application that sends codes, and what it sent."""
    from web.app import create_app

    sending = create_app(dataclasses.replace(app.settings, sender="file", data_folder=tmp_path))
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app=sending), base_url="http://127.0.0.1:8000", follow_redirects=False)

    async def sent() -> list[str]:
        await asyncio.sleep(0.01)
        file = tmp_path / "messages.txt"
        return file.read_text().splitlines() if file.exists() else []

    yield Visitor(client), sent
    await client.aclose()


async def test_without_a_sender_no_code_is_offered(other_phone):
    assert not (await other_phone.reads("/me/sign-in")).select("a[href='/me/sign-in/phone']")
    page = await other_phone.reads("/me/sign-in/phone")
    assert not page.select("form[action='/me/sign-in/phone']")
    await other_phone.sends("/me/sign-in/phone", page="/register/station", status=422, phone="19900000101")
    assert not await PhoneCode.exists()


async def test_a_code_and_the_pin_together_open_a_new_phone(enrolled, messages):
    visitor, sent = messages
    await visitor.reads("/me/sign-in/phone")
    await visitor.sends("/me/sign-in/phone", status=200, phone="19900000101")
    code = (await sent())[0].split("验证码")[1][:6]
    page = await visitor.sends("/me/sign-in/code", status=422, code=code, pin=WRONG)
    assert page.select(".problems")
    assert not page.select_one("#pin").get("value")
    page = await visitor.sends("/me/sign-in/code", status=422, code=code, pin=PIN)
    assert page.select(".problems"), "a code is good once, so a PIN is guessed once"
    with at(now() + timedelta(seconds=61)):
        await visitor.reads("/me/sign-in/phone")
        await visitor.sends("/me/sign-in/phone", status=200, phone="19900000101")
        code = (await sent())[1].split("验证码")[1][:6]
        assert path_of(await visitor.sends("/me/sign-in/code", code=code, pin=PIN)) == "/me"
        assert len((await visitor.reads("/me/devices")).select(".said-so")) == 2


async def test_an_unknown_phone_gets_the_same_page_and_no_message(enrolled, messages):
    visitor, sent = messages
    pages = []
    for number in ("19900000101", "19900000999"):
        await visitor.reads("/me/sign-in/phone")
        page = await visitor.sends("/me/sign-in/phone", status=200, phone=number)
        pages.append(page.words("main"))
    assert pages[0] == pages[1]
    assert len(await sent()) == 1
    await visitor.sends("/me/sign-in/code", status=422, code="000000", pin=PIN)


async def test_a_code_is_good_in_the_browser_that_asked_for_it(enrolled, messages):
    visitor, sent = messages
    await visitor.reads("/me/sign-in/phone")
    await visitor.sends("/me/sign-in/phone", status=200, phone="19900000101")
    code = (await sent())[0].split("验证码")[1][:6]
    visitor.client.cookies.clear()
    await visitor.reads("/me/sign-in/phone")
    await visitor.sends("/me/sign-in/code", status=422, phone="19900000101", code=code, pin=PIN)


async def test_a_disabled_or_closed_registration_opens_nothing(enrolled, seeker):
    await Seeker.update({Seeker.state: "CLOSED"}).where(Seeker.id == seeker["id"])
    await Account.update({Account.active: False}).where(Account.seeker == seeker["id"])
    assert not (await enrolled.reads("/me/sign-in")).select("#pin")
