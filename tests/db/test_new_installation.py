"""The first steps of a new installation: base data, a station, an account that can sign in, and nothing of the demo."""

import pytest
import yaml

from db.actions.accounts import sign_in
from db.actions.stations import open_station
from db.new_account import create
from db.open_station import station_of
from db.queries.parameters import legal_parameters
from db.seeds.base import load_base
from db.tables.accounts import Account
from db.tables.parameters import LegalParameter
from db.tables.stations import Subdistrict
from rules.errors import RuleBroken
from rules.permissions import Role

NOWHERE = {"station": "", "subdistrict": "", "operator": ""}


@pytest.fixture
async def installed(database):
    """An empty database with the base data."""
    await load_base()


async def test_the_base_data_come_once(installed):
    before = await LegalParameter.count()
    await load_base()
    assert await LegalParameter.count() == before == len(await legal_parameters())
    assert await Subdistrict.count() == 12
    assert await Account.count() == 0


async def test_the_station_file_of_the_docs_opens_a_station_and_its_clerk_signs_in(installed):
    with open("docs/station.yaml") as file:  # noqa: ASYNC230
        station = await open_station(station_of(yaml.safe_load(file)), actor=None)
    await create("Chen", "陈小满", Role.STAFF, "一句很长很好记的话就行了", **{**NOWHERE, "station": station.code})
    assert await sign_in("chen", "一句很长很好记的话就行了", address="127.0.0.1", old_key=None)


@pytest.mark.parametrize(
    ("role", "belongs", "sentence"),
    [
        (Role.STAFF, NOWHERE, "needs --station"),
        (Role.STAFF, {**NOWHERE, "station": "ZD-420112015-77"}, "no station"),
        (Role.SUBDISTRICT, {**NOWHERE, "subdistrict": "420112099"}, "no subdistrict"),
        (Role.OPERATOR, NOWHERE, "needs --operator"),
    ],
)
async def test_an_account_must_belong_somewhere(installed, role, belongs, sentence):
    with pytest.raises(SystemExit, match=sentence):
        await create("chen", "陈小满", role, "一句很长很好记的话就行了", **belongs)
    assert await Account.count() == 0


async def test_a_weak_password_and_a_taken_name_are_refused(installed):
    with pytest.raises(RuleBroken, match="至少12位"):
        await create("zheng", "郑科长", Role.DISTRICT, "short", **NOWHERE)
    await create("zheng", "郑科长", Role.DISTRICT, "一句很长很好记的话就行了", **NOWHERE)
    with pytest.raises(SystemExit, match="taken"):
        await create("ZHENG", "郑科长", Role.DISTRICT, "一句很长很好记的话就行了", **NOWHERE)
