"""Who supervises a station, and what opening one needs."""

from dataclasses import replace
from datetime import date

import pytest

from rules.codes import SUBDISTRICTS, BuildMode, OperationMode
from rules.errors import RulesBroken
from rules.stations import NewStation, Office, check_station, supervising_unit

OFFICE = Office(f"{SUBDISTRICTS['420112015']}办事处", "027-83000099")
BUREAU = Office("区人社局", "12333")
OPENING = NewStation(
    name="金银湖零工驿站",
    build_mode=BuildMode.SELF_BUILT,
    operation_mode=OperationMode.MARKET_RUN,
    operator="武汉湖畔人力资源有限公司",
    subdistrict="420112015",
    community="示范社区",
    address="宏图大道18号",
    landmark="宏图大道",
    floor_area_m2=68,
    opening_hours="每天 6:00–18:00",
    phone="027-83000015",
    complaint_phone="027-83000016",
    manager_name="吴站长",
    opened_on=date(2026, 1, 2),
    licence_no="(鄂)人服证字〔2024〕第0100000115号",
)


def test_t16_a_self_built_station_is_supervised_by_the_subdistrict_where_it_lies():
    assert supervising_unit(BuildMode.SELF_BUILT, OFFICE).name == "金银湖街道办事处"


@pytest.mark.parametrize(
    ("mode", "unit"),
    [(BuildMode.DISTRICT_LED, BUREAU), (BuildMode.SUBDISTRICT_LED, OFFICE), (BuildMode.SELF_BUILT, OFFICE)],
)
def test_who_built_a_station_decides_who_supervises_it(mode, unit):
    assert supervising_unit(mode, OFFICE, BUREAU) == unit


def test_an_unknown_build_mode_is_no_subdistrict_station():
    with pytest.raises(ValueError, match="FRANCHISE"):
        supervising_unit("FRANCHISE", OFFICE)


def test_a_complete_station_may_open():
    check_station(OPENING, 50)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"floor_area_m2": 49}, "floor_area_m2"),
        ({"licence_no": " "}, "licence_no"),
        ({"operation_mode": OperationMode.SELF_RUN}, "operation_mode"),
        ({"build_mode": BuildMode.DISTRICT_LED}, "operation_mode"),
        ({"complaint_phone": ""}, "complaint_phone"),
    ],
)
def test_a_station_that_lacks_something_may_not_open(change, field):
    with pytest.raises(RulesBroken) as refused:
        check_station(replace(OPENING, **change), 50)
    assert [each.field for each in refused.value.broken] == [field]


def test_everything_missing_is_said_at_once():
    with pytest.raises(RulesBroken) as refused:
        check_station(replace(OPENING, floor_area_m2=10, licence_no="", phone=""), 50)
    assert {each.field for each in refused.value.broken} == {"floor_area_m2", "licence_no", "phone"}
