"""Every question page, filled wrongly in every field: answered in Chinese, nothing typed is lost, nothing breaks."""

import pytest

from tests.web.bad_input.sweep import Desired, Sweep
from tests.web.registration.conftest import PAGES, walk

GUARDIAN = {"guardian_name": "周大山", "guardian_phone": "19900000909", "guardian_consent": "y"}
CERTIFICATE = {"certificate1": "T11", "certificate1_number": "TS6LWUH0001", "certificate1_valid_to": "2028-05-31"}


async def swept(visitor, name, filling, accepted=(303, 422)):
    sweep = Sweep(visitor, Desired(f"/register/{name}", f"/register/{name}", filling, accepted))
    await sweep.open()
    await sweep.together()
    await sweep.alone(4)
    await sweep.below()
    await sweep.undecodable()
    assert not sweep.complaints, "\n".join(sweep.complaints[:40])


@pytest.mark.parametrize("name", [name for name in PAGES if name != "pin"])
async def test_a_question_page(phone, name):
    await walk(phone, until=name)
    await swept(phone, name, PAGES[name])


async def test_the_guardian_page(phone):
    from tests.web.registration.test_registering_oneself import resident

    await walk(phone, until="guardian", identity={"id_number": resident("42019920091115901")})
    await swept(phone, "guardian", GUARDIAN)


async def test_the_certificate_page(phone):
    await walk(phone, until="certificates", trades={"trades": ["C06"]})
    await swept(phone, "certificates", CERTIFICATE)


async def test_the_pension_page(phone):
    from tests.web.registration.test_registering_oneself import resident

    await walk(phone, until="pension", identity={"id_number": resident("42019919580312901")})
    await swept(phone, "pension", {"pension": "NO"})
