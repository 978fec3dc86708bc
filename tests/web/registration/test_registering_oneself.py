"""Somebody registers alone on a phone: unverified until the card was seen, and a stranger learns nothing of who is registered."""

from datetime import timedelta

import pytest

from db.actions.devices import PER_PHONE_A_DAY
from db.clock import at, now
from db.queries.drafts import draft_key
from db.tables.accounts import Account, Alert, Device, Draft, Session
from db.tables.journal import JournalEntry
from db.tables.seekers import Consent, RefusalCount, Seeker
from tests.cast import LAKE
from tests.visitor import path_of
from tests.web.registration.conftest import ID_NUMBER, PHONE, PIN, register, walk
from tests.web.seekers.conftest import typed


def resident(first_seventeen: str) -> str:
    from stdnum.cn import ric

    return first_seventeen + ric.calc_check_digit(first_seventeen + "0")


async def test_a_new_person_waits_for_the_card_and_is_signed_in_on_this_phone(phone):
    assert await register(phone) == "/register/done"
    seeker = await Seeker.select().first()
    assert (seeker["state"], seeker["source"], seeker["original_seen"], seeker["station"]) == ("SUBMITTED", "SELF", False, LAKE)
    account = await Account.select().where(Account.seeker == seeker["id"]).first()
    assert (account["role"], account["name"], seeker["created_by"]) == ("WKR", "周*生", account["id"])
    assert PIN not in account["password_hash"]
    device, session = await Device.select().first(), await Session.select().where(Session.account == account["id"]).first()
    assert device["account"] == account["id"]
    assert session["device"] == device["id"]
    assert phone.client.cookies["dev"] not in str(device)
    page = await phone.reads("/register/done")
    assert "已收到您的登记" in page.words("h1")
    assert "带身份证" in page.words("main")


async def test_the_consent_is_kept_in_its_own_words(phone):
    await register(phone)
    consent = await Consent.select().first()
    assert consent["method"] == "ONLINE"
    assert "金银湖零工驿站" in consent["wording"]
    kinds = [row["kind"] for row in await JournalEntry.select(JournalEntry.kind).order_by(JournalEntry.seq)]
    assert {"ACCOUNT_CREATED", "SEEKER_REGISTERED", "DEVICE_ENROLLED", "SIGNED_IN"} <= set(kinds)
    assert not [row for row in await JournalEntry.select(JournalEntry.body) if ID_NUMBER in row["body"] or PHONE in row["body"]]


async def test_a_child_is_refused_and_nothing_is_kept(phone):
    at_identity = await walk(phone, until="identity")
    await phone.reads(at_identity)
    token = phone.client.cookies["draft-worker"]
    answer = await phone.sends(at_identity, status=200, name="小明", id_number=resident("42019920120312901"), id_type="01")
    assert "未满16周岁" in answer.words("[role=alert]")
    assert not await Draft.exists().where(Draft.key == draft_key(token))
    assert (await RefusalCount.select().first())["refusals"] == 1
    assert not await Seeker.exists()
    assert not [row for row in await JournalEntry.select(JournalEntry.body) if "小明" in row["body"]]


async def test_a_child_sent_twice_counts_once(phone):
    at_identity = await walk(phone, until="identity")
    await phone.reads(at_identity)
    fields = {**phone.filled(at_identity), "name": "小明", "id_number": resident("42019920120312901"), "id_type": "01"}
    cookies = dict(phone.client.cookies)
    await phone.client.post(at_identity, data=fields)
    phone.client.cookies.update(cookies)
    await phone.client.post(at_identity, data=fields)
    assert (await RefusalCount.select().first())["refusals"] == 1


async def test_sixteen_and_seventeen_name_a_guardian(phone):
    card = resident("42019920091115901")
    guardian = {"guardian_name": "周大山", "guardian_phone": "19900000909", "guardian_consent": "y"}
    await phone.reads(await walk(phone, until="guardian", identity={"id_number": card}))
    refused = await phone.sends("/register/guardian", status=422, guardian_name="周大山")
    assert "监护人电话" in refused.words(".problems")
    assert await register(phone, identity={"id_number": card}, guardian=guardian) == "/register/done"
    assert (await Seeker.select().first())["guardian_consent"]


async def test_trades_that_need_a_certificate_ask_for_it(phone):
    certificate = {"certificate1": "T11", "certificate1_number": "TS6LWUH0001", "certificate1_valid_to": "2028-05-31"}
    await phone.reads(await walk(phone, until="certificates", trades={"trades": ["C06"]}))
    refused = await phone.sends("/register/certificates", status=422, **{**certificate, "certificate1": "T01"})
    assert "须持证上岗" in refused.words(".problems")
    assert await register(phone, trades={"trades": ["C06"]}, certificates=certificate) == "/register/done"


@pytest.mark.parametrize("pin", ["123456", "780312", "000101", "129017", "777777", "12345", "abcdef"])
async def test_an_easy_pin_is_refused(phone, pin):
    where = await walk(phone, until="pin")
    await phone.reads(where)
    page = await phone.sends(where, status=422, pin=pin, pin_again=pin)
    assert page.select_one("#pin").get("value") is None, "a PIN is never shown again"
    assert page.select(".problems")


async def test_a_pin_that_became_easy_by_a_later_answer_is_asked_again(phone):
    await phone.reads(await walk(phone))
    await phone.reads("/register/phone?then=check")
    await phone.sends("/register/phone", phone=f"19900{PIN}")
    await phone.reads("/register/check")
    page = await phone.sends("/register/check", status=422)
    assert page.select_one(".problems a")["href"] == "/register/pin?then=check"
    assert not await Seeker.exists()


async def test_a_document_that_is_registered_gets_the_same_answer_and_opens_nothing(phone, other_phone, clerk):
    await clerk.sends("/desk/seekers", page="/desk/seekers/new", **typed())
    await phone.reads(await walk(phone))
    known = await phone.sends("/register/check")
    await other_phone.reads(await walk(other_phone, identity={"id_number": resident("42019919790312901")}))
    fresh = await other_phone.sends("/register/check")
    assert path_of(known) == path_of(fresh) == "/register/done"

    def set_names(sheet):
        return sorted(value.split("=")[0] for key, value in sheet.headers.multi_items() if key == "set-cookie")

    assert set_names(known) == set_names(fresh)
    words = [(await visitor.reads("/register/done")).words("main") for visitor in (phone, other_phone)]
    assert words[0] == words[1]
    assert await Seeker.count() == 2, "one at the counter, one new"
    assert not await Device.exists().where(Device.account.seeker.is_null())
    assert await Device.count() == 1
    assert path_of(await phone.reads("/me/devices", status=303)) == "/me/sign-in"
    alert = await Alert.select().first()
    assert (alert["kind"], alert["station"]) == ("NEW_REGISTRATION", LAKE)
    assert PHONE not in alert["details"]


async def test_a_phone_number_that_somebody_has_is_not_told(phone, other_phone):
    await register(phone)
    other = resident("42019919790312901")
    assert await register(other_phone, identity={"id_number": other, "name": "周大水"}) == "/register/done"
    assert await Seeker.count() == 2


async def test_one_phone_registers_only_so_many_a_day(phone):
    for person in range(PER_PHONE_A_DAY):
        assert await register(phone, identity={"id_number": resident(f"4201991978031290{person}")}) == "/register/done"
        await phone.sends("/register/anew", page="/register/done")
    await phone.reads(await walk(phone, identity={"id_number": resident("42019919780312909")}))
    await phone.sends("/register/check", status=429)
    assert await Seeker.count() == PER_PHONE_A_DAY
    assert await Alert.exists().where(Alert.kind == "MANY_ENROLMENTS")
    with at(now() + timedelta(days=1, minutes=1)):
        assert path_of(await phone.sends("/register/check", page="/register/check")) == "/register/done"


async def test_a_closed_station_takes_nobody(phone):
    from db.tables.stations import Station

    await phone.reads(await walk(phone))
    await Station.update({Station.state: "SUSPENDED"}).where(Station.id == LAKE)
    page = await phone.sends("/register/check", status=422)
    assert page.select_one(".problems a")["href"] == "/register/station?then=check"


async def test_the_counter_sees_that_somebody_waits(phone, clerk, manager, stranger):
    await register(phone)
    page = await clerk.reads("/desk")
    tile = page.select_one('a.tile[href="/desk/seekers?state=SUBMITTED"]')
    assert tile.b.text == "1"
    assert "周水生" in (await clerk.reads("/desk/seekers?state=SUBMITTED")).words("#seekers")
    assert "周水生" not in str(await stranger.reads("/desk/seekers?state=SUBMITTED"))


async def test_confirming_by_phone_does_not_replace_seeing_the_card(phone, clerk):
    await register(phone)
    number = (await Seeker.select(Seeker.number).first())["number"]
    await clerk.reads(f"/desk/seekers/{number}")
    await clerk.sends(f"/desk/seekers/{number}/confirmation", status=422)
    assert (await Seeker.select(Seeker.state).first())["state"] == "SUBMITTED"
