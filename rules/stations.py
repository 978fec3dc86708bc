"""Stations (驿站): who supervises one (art. 22), and what opening one needs (arts 3, 9, 13, 14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rules.codes import BuildMode, Labelled, OperationMode
from rules.errors import RuleBroken, RulesBroken

SUSPENDED = "本站正在停业整改，暂停登记、发布和推荐。"
"""What a suspended station says to whoever wants to begin something new (3.1)."""

ANSWER_WORKDAYS = "15"
"""{答复工作日} of the privacy board: what a station promises. PIPL art. 50 says 及时; GB/T 35273 8.7 at most 30 days."""

PAGE_PAPERS = ("A3", "A2", "A1")
"""Sheets a rule board is printed on (domain reference 5); the first one is the ordinary one."""


@dataclass(frozen=True, slots=True)
class Office:
    """A public office with the phone it answers."""

    name: str
    phone: str


DISTRICT_BUREAU = Office("东西湖区人力资源和社会保障局", "12333")
"""The 区人社部门 of art. 22, reached through the national human-resources hotline."""


class Facility(Labelled):
    """What a visitor finds in the hall (art. 9); the public page lists it."""

    SCREEN = "screen", "信息发布屏"
    SEATING = "seating", "座椅"
    WATER = "water", "饮水"
    CHARGING = "charging", "手机充电"
    READING_RACK = "reading_rack", "书报"
    SUPPLIES = "epidemic_supplies", "卫生防护用品"
    WIFI = "free_wifi", "免费WIFI"
    COMPUTER = "computer", "电脑"
    CLIMATE = "climate_control", "空调"
    FIRST_AID = "first_aid", "急救箱"
    MICROWAVE = "microwave", "微波炉"
    UMBRELLA = "umbrella", "借雨伞"
    LOCKER = "locker", "储物柜"
    ACCESSIBLE = "accessible", "无障碍设施"


OPERATIONS: dict[BuildMode, tuple[OperationMode, ...]] = {
    BuildMode.DISTRICT_LED: (OperationMode.SELF_RUN, OperationMode.GOV_PURCHASED),
    BuildMode.SUBDISTRICT_LED: (OperationMode.SELF_RUN, OperationMode.GOV_PURCHASED),
    BuildMode.SELF_BUILT: (OperationMode.MARKET_RUN,),
}
"""Who may run a station of each build mode (arts 3, 13, 14)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStation:
    """A station that has passed its inspection and opens. Its supervising unit is computed, never given (art. 22)."""

    name: str
    build_mode: BuildMode
    operation_mode: OperationMode
    operator: str
    subdistrict: str
    community: str
    address: str
    landmark: str
    floor_area_m2: int
    opening_hours: str
    phone: str
    complaint_phone: str
    manager_name: str
    opened_on: date
    licence_no: str = ""
    plaque_no: str = ""
    legal_point: str = ""
    facilities: tuple[Facility, ...] = ()


def supervising_unit(build_mode: BuildMode | str, office: Office, bureau: Office = DISTRICT_BUREAU) -> Office:
    """Who supervises a station (art. 22): the district bureau what it built itself, the office of the subdistrict all else.

    `office` is the subdistrict office where the station lies. Raises ValueError for an unknown build mode.
    """
    return bureau if BuildMode(build_mode) is BuildMode.DISTRICT_LED else office


def check_station(new: NewStation, min_area_m2: int) -> None:
    """Refuse a station that may not open (arts 3, 9, 13, 14); raises RulesBroken with every reason."""
    broken = []
    if new.operation_mode not in OPERATIONS[new.build_mode]:
        allowed = "、".join(mode.label for mode in OPERATIONS[new.build_mode])
        broken.append(RuleBroken(f"{new.build_mode.label}的驿站只能是：{allowed}。", "operation_mode"))
    if new.floor_area_m2 < min_area_m2:
        broken.append(RuleBroken(f"建筑面积{new.floor_area_m2}平方米，不足{min_area_m2}平方米，不能开业。", "floor_area_m2"))
    if new.build_mode is BuildMode.SELF_BUILT and not new.licence_no.strip():
        broken.append(RuleBroken("机构自建的驿站要有人力资源服务许可证，请填写许可证编号。", "licence_no"))
    required = ("name", "operator", "address", "landmark", "opening_hours", "phone", "complaint_phone")
    broken += [RuleBroken("驿站的公开资料没有填全，请补齐。", field) for field in required if not getattr(new, field).strip()]
    if broken:
        raise RulesBroken(broken)
