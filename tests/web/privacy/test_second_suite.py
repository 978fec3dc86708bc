"""SM4: what is sealed with the second suite is found, masked and revealed on the pages like anything else."""

import pytest

from db import rotate_keys
from db.tables.seekers import Seeker
from db.vault import vault
from tests.web.privacy.conftest import ID_NUMBER, PHONE
from tests.web.seekers.conftest import typed


@pytest.fixture
async def own_keys(monkeypatch, tmp_path):
    """Keys of this test alone, so that no other one meets the second suite."""
    monkeypatch.setenv("STATION_DATA", str(tmp_path))
    await rotate_keys.activate(await rotate_keys.add(), "m")


async def test_a_registration_sealed_with_sm4_goes_through_the_pages(database, own_keys, clerk):
    await clerk.sends("/desk/seekers", page="/desk/seekers/new", **typed(id_number=ID_NUMBER, phone=PHONE))
    row = await Seeker.select(Seeker.number, Seeker.id_number, Seeker.phone).first()
    for column in ("id_number", "phone"):
        assert str.startswith(row[column], f"s1.m.{vault().active}.")
    home = f"/desk/seekers/{row['number']}"
    assert "420***********9017" in (await clerk.reads(home)).words()
    searched = {"word": PHONE, "csrf_token": clerk.filled("/sign-out")["csrf_token"]}
    found = await clerk.client.post("/desk/seekers/search", data=searched, headers={"HX-Request": "true"})
    assert row["number"] in found.text
    await clerk.reads(f"{home}/reveal?field=id_number")
    shown = await clerk.sends(f"{home}/reveal", status=200, purpose="IDENTITY")
    assert ID_NUMBER in shown.words(".full")
    refused = await clerk.sends("/desk/seekers", status=422, page="/desk/seekers/new", **typed(id_number=ID_NUMBER, phone=PHONE))
    assert "已经登记过" in refused.text
