"""The forms of the counter and of /me for phones and PINs, filled wrongly: answered in Chinese, nothing breaks."""

from tests.web.bad_input.sweep import Desired, Sweep
from tests.web.devices.conftest import PIN, enrol
from tests.web.registration.conftest import register


async def swept(visitor, wanted: Desired):
    sweep = Sweep(visitor, wanted)
    await sweep.open()
    await sweep.together()
    await sweep.alone(4)
    await sweep.below()
    await sweep.undecodable()
    assert not sweep.complaints, "\n".join(sweep.complaints[:40])


async def test_the_forms_of_the_counter(clerk, phone, seeker):
    url = f"/desk/seekers/{seeker['number']}"
    await swept(clerk, Desired(f"{url}/phone", f"{url}/phone", {"card_seen": "y"}))
    await swept(clerk, Desired("/desk/phones", "/desk/phones", {"word": seeker["number"]}, (200, 303)))
    await enrol(clerk, phone, seeker["number"])
    page = await clerk.reads(f"{url}/phone")
    action = page.select_one("form.device")["action"]
    await swept(clerk, Desired(f"{url}/phone", action, {"reason": "不在表里的"}))


async def test_seeing_the_card(clerk, phone):
    from db.tables.seekers import Seeker

    await register(phone)
    number = (await Seeker.select(Seeker.number).first())["number"]
    url = f"/desk/seekers/{number}"
    await swept(clerk, Desired(f"{url}/phone", f"{url}/identity-seen", {"id_number": "420199197803129018", "card_seen": "y"}))
    assert (await Seeker.select(Seeker.state).first())["state"] == "SUBMITTED"


async def test_a_pin_that_is_no_pin(clerk, phone, seeker):
    await enrol(clerk, phone, seeker["number"])
    for junk in ("", "１２３４５６７", "null", "<b>", "0" * 5000, "七三零六一五", "73 06 15"):
        await phone.reads("/me/pin")
        page = await phone.sends("/me/pin", status=422, old_pin=junk, pin=junk, pin_again=junk)
        assert junk not in str(page.select(".ask-form")) or not junk
    await phone.sends("/me/sign-out", page="/me/devices")
    await phone.reads("/me/sign-in")
    await phone.sends("/me/sign-in", status=422, person="1 OR 1=1", pin=PIN)
    await phone.sends("/me/sign-in", status=422, person="99999999999999999999", pin=PIN)
