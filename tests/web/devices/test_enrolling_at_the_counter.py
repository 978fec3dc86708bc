"""The QR at the counter, card in hand: one use, sixty seconds, two digits on both screens; lost phones; the card."""

import asyncio
from datetime import timedelta

from db.clock import at, now
from db.tables.accounts import Account, Alert, Device, EnrolmentTicket, Session
from db.tables.documents import Paper
from db.tables.journal import JournalEntry
from db.tables.seekers import Seeker
from tests.visitor import path_of
from tests.web.devices.conftest import OTHER_PIN, PIN, enrol, offer
from tests.web.registration.conftest import ID_NUMBER, register
from tests.web.seekers.conftest import typed


async def test_a_phone_is_enrolled_with_the_card_in_hand(clerk, phone, seeker):
    where, url, digits = await offer(clerk, seeker["number"])
    page = await phone.reads(url)
    assert "周*生" in page.words("h1")
    assert "199****0101" in page.words("main")
    assert "周水生" not in str(page)
    assert digits in [button["value"] for button in page.select("button[name=digits]")]
    assert len(page.select("button[name=digits]")) == 4
    await phone.sends(url, digits=digits)
    assert "数字对上了" in (await clerk.reads(where)).words("#ticket")
    await phone.reads(url)
    assert path_of(await phone.sends(f"{url}/pin", pin=PIN, pin_again=PIN)) == "/me"
    assert "已登记" in (await clerk.reads(where, fragment=True)).words("#ticket")
    account = await Account.select().where(Account.seeker == seeker["id"]).first()
    device = await Device.select().first()
    assert (device["account"], device["enrolled_by"]) == (account["id"], clerk.account.id)
    assert path_of(await phone.reads("/me/sign-in", status=303)) == "/me"


async def test_the_offer_needs_the_card_and_is_written_down(clerk, seeker):
    await clerk.reads(f"/desk/seekers/{seeker['number']}/phone")
    page = await clerk.sends(f"/desk/seekers/{seeker['number']}/phone", status=422)
    assert "身份证原件" in page.words(".problems")
    await offer(clerk, seeker["number"])
    assert await JournalEntry.exists().where(JournalEntry.kind == "DEVICE_OFFERED", JournalEntry.subject_id == seeker["id"])


async def test_the_code_works_once(clerk, phone, other_phone, seeker):
    _, url, digits = await offer(clerk, seeker["number"])
    await other_phone.reads(url)
    await phone.reads(url)
    await phone.sends(url, digits=digits)
    await other_phone.sends(url, status=410, digits=digits)
    await other_phone.reads(url, status=410)
    await phone.reads(url)
    await phone.sends(f"{url}/pin", pin=PIN, pin_again=PIN)
    await phone.reads(url, status=410)
    assert await Device.count() == 1


async def test_two_phones_at_once_enrol_one(clerk, phone, other_phone, seeker):
    _, url, digits = await offer(clerk, seeker["number"])
    for each in (phone, other_phone):
        await each.reads(url)
    answers = await asyncio.gather(*(each.client.post(url, data={**each.filled(url), "digits": digits}) for each in (phone, other_phone)))
    assert sorted(answer.status_code for answer in answers) == [303, 410]


async def test_a_minute_later_it_is_over(clerk, phone, seeker):
    where, url, digits = await offer(clerk, seeker["number"])
    await phone.reads(url)
    with at(now() + timedelta(seconds=61)):
        await phone.sends(url, status=410, digits=digits)
        await phone.reads(url, status=410)
        assert "过了时间" in (await clerk.reads(where)).words("#ticket")


async def test_wrong_digits_end_the_code(clerk, phone, seeker):
    where, url, digits = await offer(clerk, seeker["number"])
    page = await phone.reads(url)
    wrong = next(button["value"] for button in page.select("button[name=digits]") if button["value"] != digits)
    await phone.sends(url, status=410, digits=wrong)
    await phone.reads(url, status=410)
    assert "数字不对" in (await clerk.reads(where)).words("#ticket")
    assert not await Device.exists()


async def test_a_new_code_ends_the_one_before(clerk, phone, seeker):
    _, first, digits = await offer(clerk, seeker["number"])
    await phone.reads(first)
    await offer(clerk, seeker["number"])
    await phone.sends(first, status=410, digits=digits)


async def test_the_table_holds_no_code_and_nobody_else_sees_it(clerk, stranger, reviewer, seeker):
    where, url, _ = await offer(clerk, seeker["number"])
    assert url.rsplit("/", 1)[1] not in str(await EnrolmentTicket.select())
    await stranger.reads(where, status=404)
    await reviewer.reads(where, status=404)


async def test_an_easy_pin_is_refused_with_the_reason(clerk, phone, seeker):
    _, url, digits = await offer(clerk, seeker["number"])
    await phone.reads(url)
    await phone.sends(url, digits=digits)
    await phone.reads(url)
    page = await phone.sends(f"{url}/pin", status=422, pin="780312", pin_again="780312")
    assert "太容易" in page.words(".problems")
    page = await phone.sends(f"{url}/pin", status=422, pin=PIN, pin_again=OTHER_PIN)
    assert "不一样" in page.words(".problems")
    assert path_of(await phone.sends(f"{url}/pin", pin=PIN, pin_again=PIN)) == "/me"


async def test_any_station_of_the_district_does_it_masked(stranger, phone, seeker):
    await stranger.reads("/desk/phones")
    assert path_of(await stranger.sends("/desk/phones", word=ID_NUMBER)) == f"/desk/seekers/{seeker['number']}/phone"
    page = await stranger.reads(f"/desk/seekers/{seeker['number']}/phone")
    assert "周*生" in page.words("h1")
    for private in ("周水生", ID_NUMBER, "19900000101"):
        assert private not in str(page)
    await enrol(stranger, phone, seeker["number"])
    entry = await JournalEntry.select().where(JournalEntry.kind == "DEVICE_OFFERED").first()
    assert entry["chain"] == "station:1001", "in the chain of the station that keeps the record"
    assert "ZD-420112006-01" in entry["body"]


async def test_parts_of_numbers_and_names_find_nobody(clerk, seeker):
    for word in ("0101", "周水生", "1990000", ""):
        await clerk.reads("/desk/phones")
        assert not (await clerk.sends("/desk/phones", status=200, word=word)).select("tbody tr")


async def test_a_forgotten_pin_is_set_anew_and_ends_the_old_sign_ins(clerk, phone, other_phone, seeker):
    await enrol(clerk, phone, seeker["number"])
    await enrol(clerk, other_phone, seeker["number"], OTHER_PIN)
    assert path_of(await phone.reads("/me/devices", status=303)) == "/me/sign-in"
    await phone.reads("/me/sign-in")
    await phone.sends("/me/sign-in", status=422, pin=PIN)
    await phone.sends("/me/sign-in", pin=OTHER_PIN)


async def test_a_lost_phone_is_ended_at_any_counter(clerk, stranger, phone, seeker):
    await enrol(clerk, phone, seeker["number"])
    page = await stranger.reads(f"/desk/seekers/{seeker['number']}/phone")
    action = page.select_one("form.device")["action"]
    await stranger.sends(action, reason="手机丢了")
    assert path_of(await phone.reads("/me/devices", status=303)) == "/me/sign-in"
    page = await phone.reads("/me/sign-in")
    assert not page.select("#pin")
    assert "停用" in page.words("main")
    entry = await JournalEntry.select(JournalEntry.body).where(JournalEntry.kind == "DEVICE_REVOKED").first()
    assert '"by_proxy":true' in entry["body"]
    await stranger.sends(action, status=422, page=f"/desk/seekers/{seeker['number']}/phone", reason="手机丢了")


async def test_a_browser_of_the_desk_never_becomes_a_workers_phone(clerk, reviewer, seeker):
    _, url, digits = await offer(clerk, seeker["number"])
    assert "工作台" in (await reviewer.reads(url, status=410)).words("main")
    await reviewer.sends(url, page="/desk", status=410, digits=digits)
    assert "工作台" in (await reviewer.reads("/register")).words("main")
    assert path_of(await reviewer.reads("/register/station", status=303)) == "/register"
    assert not await Device.exists()


async def test_who_may_not(clerk, lawyer, officer, seeker):
    for visitor in (lawyer, officer):
        await visitor.reads(f"/desk/seekers/{seeker['number']}/phone", status=403)
        await visitor.reads("/desk/phones", status=403)
    await clerk.reads("/desk/seekers/Q99999999999/phone", status=404)


async def test_many_people_on_one_phone_are_looked_into(clerk, phone):
    from tests.web.registration.test_registering_oneself import resident

    for person in range(4):
        fields = typed(id_number=resident(f"4201991978031290{person}"), phone_shared="y")
        await clerk.sends("/desk/seekers", page="/desk/seekers/new", **fields)
    for row in await Seeker.select(Seeker.number).order_by(Seeker.id):
        assert not await Alert.exists()
        await enrol(clerk, phone, row["number"])
    alert = await Alert.select().first()
    assert (alert["kind"], alert["station"]) == ("MANY_ENROLMENTS", 1001)


async def test_the_card_of_a_self_registration_is_compared_number_by_number(phone, stranger, clerk):
    await register(phone)
    number = (await Seeker.select(Seeker.number).first())["number"]
    where = f"/desk/seekers/{number}"
    page = await stranger.reads(f"{where}/phone")
    assert not page.select("button:-soup-contains('出二维码')")
    page = await stranger.sends(f"{where}/identity-seen", status=422, id_number=ID_NUMBER)
    assert "原件" in page.words(".problems")
    page = await stranger.sends(f"{where}/identity-seen", status=422, id_number="420199197903129015", card_seen="y")
    assert page.select(".problems")
    assert (await Seeker.select(Seeker.state).first())["state"] == "SUBMITTED"
    await stranger.sends(f"{where}/identity-seen", id_number=ID_NUMBER, card_seen="y")
    seeker = await Seeker.select().first()
    assert (seeker["state"], seeker["original_seen"], seeker["identity_seen_by"]) == ("ACTIVE", True, stranger.account.id)
    entry = await JournalEntry.select().where(JournalEntry.kind == "SEEKER_IDENTITY_SEEN").first()
    assert entry["chain"] == "station:1001"
    assert "ZD-420112006-01" in entry["body"]
    assert "求职中" in (await clerk.reads(where)).words("h1")
    await clerk.reads(f"{where}/phone")


async def test_the_card_seen_twice_counts_once(phone, clerk):
    await register(phone)
    number = (await Seeker.select(Seeker.number).first())["number"]
    await clerk.reads(f"/desk/seekers/{number}/phone")
    action = f"/desk/seekers/{number}/identity-seen"
    fields = {**clerk.filled(action), "id_number": ID_NUMBER, "card_seen": "y"}
    answers = [await clerk.client.post(action, data=fields) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert await JournalEntry.count().where(JournalEntry.kind == "SEEKER_IDENTITY_SEEN") == 1


async def test_the_printed_card_names_nobody(clerk, stranger, quick_printer, seeker):
    await clerk.fetches(f"/desk/seekers/{seeker['number']}/card.pdf")
    template, paper = quick_printer.printed[-1]
    assert template == "seeker_card"
    assert "周水生" not in str(paper)
    assert paper.number == seeker["number"]
    assert (await Paper.select().first())["kind"] == "P20"
    await stranger.fetches(f"/desk/seekers/{seeker['number']}/card.pdf", status=404)


async def test_scanning_the_card_leads_to_the_person(clerk, stranger, seeker):
    await clerk.reads("/desk/seekers")
    assert path_of(await clerk.sends("/desk/seekers/search", word=seeker["number"].lower())) == f"/desk/seekers/{seeker['number']}"
    await stranger.reads("/desk/seekers")
    assert path_of(await stranger.sends("/desk/seekers/search", word=seeker["number"])) == "/desk/seekers"


async def test_no_session_outlives_its_phone(clerk, phone, seeker):
    await enrol(clerk, phone, seeker["number"])
    session = await Session.select().where(Session.device.is_not_null()).first()
    assert session["expires_at"] - session["created_at"] == timedelta(days=30)
    with at(now() + timedelta(days=6, hours=23)):
        await phone.reads("/me/devices")
    with at(now() + timedelta(days=15)):
        await phone.reads("/me/devices", status=303)
