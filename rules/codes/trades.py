"""Job categories with the certificates, hazards and age limits of each (domain reference 7.4)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rules.codes.labelled import Labelled


class CertificateType(Labelled):
    """Certificates (domain reference 7.6). Issuers and validity rules marked as unchecked there are not kept."""

    WELDING = "T01", "焊接与热切割作业证"
    ELECTRICIAN = "T02", "低压/高压电工作业证"
    HEIGHT = "T03", "高处作业证"
    REFRIGERATION = "T04", "制冷与空调作业证"
    OTHER_SPECIAL = "T05", "其他特种作业证"
    FORKLIFT = "T11", "叉车司机证（N1）"
    CRANE = "T12", "起重机证（Q类）"
    CONSTRUCTION = "T21", "建筑施工特种作业证"
    HEALTH = "C01", "健康证"
    CARE = "C02", "母婴/育婴/养老护理证"
    DOMESTIC = "C03", "家政上门服务证"
    GUARD = "C04", "保安员证"
    DRIVING = "C05", "机动车驾驶证"
    COOK = "C06", "厨师/面点师技能证"
    OTHER = "C99", "其他证书"

    @property
    def special(self) -> bool:
        """Special operation or special equipment: nobody starts without a valid one (Work Safety Law art. 30)."""
        return self.value.startswith("T")


class Hazard(Labelled):
    """Hazard tags of job categories (domain reference 7.4); a tag demands a warning and protection (M05)."""

    WINDOW = "WINDOW", "登高擦窗"
    SCALD = "SCALD", "烫伤"
    LIFTING = "LIFTING", "搬抬"
    ELECTRIC = "ELECTRIC", "触电"
    CLIMBING = "CLIMBING", "登高"
    CONFINED = "CONFINED", "有限空间"
    CHEMICAL = "CHEMICAL", "化学清洁剂"
    HEIGHT = "HEIGHT", "高处"
    PESTICIDE = "PESTICIDE", "农药"
    MACHINE = "MACHINE", "机械"
    TRAFFIC = "TRAFFIC", "交通"
    LOAD = "LOAD", "负重"
    CONVEYOR = "CONVEYOR", "输送线"
    RACK = "RACK", "货架坠落"
    VEHICLE = "VEHICLE", "车辆伤害"
    FALLING = "FALLING", "坠物"
    DUST = "DUST", "粉尘"
    TOXIC = "TOXIC", "有毒"
    CUTTING = "CUTTING", "切割"
    BURN = "BURN", "灼烫"
    FIRE = "FIRE", "火灾"
    COLLAPSE = "COLLAPSE", "坍塌"
    KNIFE = "KNIFE", "刀具"
    CONFLICT = "CONFLICT", "冲突"
    HEAT = "HEAT", "高温"
    DROWNING = "DROWNING", "溺水"


class JuvenileRule(StrEnum):
    """May a 16 to 17 year old be referred to this trade (domain reference 7.4)?"""

    YES = "yes"
    LIMITED = "limited"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Trade:
    """One job category of domain reference 7.4.

    `certificates`: types of which a seeker must hold one (special ones block, others warn).
    `outdoor`: work in the open, for the heat rules. `site`: building-site labour (M09).
    """

    code: str
    label: str
    certificates: tuple[CertificateType, ...] = ()
    hazards: tuple[Hazard, ...] = ()
    juvenile: JuvenileRule = JuvenileRule.NO
    outdoor: bool = False
    site: bool = False
    platform: bool = False


_C, _H, _J = CertificateType, Hazard, JuvenileRule


TRADES: dict[str, Trade] = {
    trade.code: trade
    for trade in (
        Trade("A01", "家政保洁", (), (_H.WINDOW,), _J.YES),
        Trade("A02", "家政做饭", (_C.HEALTH,), (_H.SCALD,), _J.YES),
        Trade("A03", "老人照护/护工", (_C.HEALTH,), (_H.LIFTING,)),
        Trade("A04", "月嫂/育儿嫂", (_C.HEALTH, _C.CARE)),
        Trade("A05", "接送/陪护儿童"),
        Trade("A06", "家电维修/清洗", (_C.REFRIGERATION, _C.ELECTRICIAN), (_H.ELECTRIC, _H.CLIMBING)),
        Trade("A07", "管道疏通/开锁", (), (_H.CONFINED,)),
        Trade("B01", "单位保洁", (), (_H.CHEMICAL,), _J.YES),
        Trade("B02", "外墙/高空清洗", (_C.HEIGHT,), (_H.HEIGHT,), outdoor=True),
        Trade("B03", "绿化养护", (), (_H.PESTICIDE, _H.MACHINE), outdoor=True),
        Trade("B04", "环卫辅助", (), (_H.TRAFFIC,), outdoor=True),
        Trade("C01", "搬运", (), (_H.LOAD,)),
        Trade("C02", "装卸", (), (_H.LOAD,)),
        Trade("C03", "快递分拣", (), (_H.CONVEYOR,), _J.LIMITED),
        Trade("C04", "仓储理货", (), (_H.RACK,), _J.LIMITED),
        Trade("C05", "物流跟车/配送", (_C.DRIVING,), (_H.TRAFFIC,), outdoor=True),
        Trade("C06", "叉车", (_C.FORKLIFT,), (_H.VEHICLE,)),
        Trade("D01", "建筑小工", (), (_H.HEIGHT, _H.FALLING), outdoor=True, site=True),
        Trade("D02", "装修瓦工", (), (_H.DUST,)),
        Trade("D03", "装修水电", (_C.ELECTRICIAN,), (_H.ELECTRIC,)),
        Trade("D04", "装修油漆/腻子", (), (_H.DUST, _H.TOXIC)),
        Trade("D05", "装修木工", (), (_H.CUTTING,)),
        Trade("D06", "钢筋/混凝土/架子工", (_C.CONSTRUCTION,), (_H.HEIGHT,), outdoor=True, site=True),
        Trade("D07", "焊工", (_C.WELDING,), (_H.BURN, _H.FIRE)),
        Trade("D08", "拆除/清运", (), (_H.COLLAPSE,)),
        Trade("E01", "餐饮服务/传菜", (_C.HEALTH,), (_H.SCALD,), _J.YES),
        Trade("E02", "后厨/切配/洗碗", (_C.HEALTH,), (_H.KNIFE, _H.SCALD), _J.LIMITED),
        Trade("E03", "外卖骑手（平台）", (), (_H.TRAFFIC,), outdoor=True, platform=True),
        Trade("F01", "展会/会务", juvenile=_J.YES),
        Trade("F02", "促销/导购/盘点", juvenile=_J.YES),
        Trade("F03", "礼仪/发单", juvenile=_J.YES),
        Trade("F04", "客服/话务", juvenile=_J.YES),
        Trade("F05", "文员/录入", juvenile=_J.YES),
        Trade("F06", "直播/打包", juvenile=_J.YES),
        Trade("G01", "安保/秩序维护", (_C.GUARD,), (_H.CONFLICT,)),
        Trade("G02", "停车引导/值守", (), (_H.TRAFFIC,), outdoor=True),
        Trade("H01", "工厂普工/包装", (), (_H.MACHINE,), _J.LIMITED),
        Trade("H02", "缝纫/织补", (), (_H.MACHINE,), _J.YES),
        Trade("H03", "机械操作/数控", (), (_H.MACHINE,)),
        Trade("I01", "农业采摘/分拣", (), (_H.HEAT,), _J.YES, outdoor=True),
        Trade("I02", "农业种植/除草", (), (_H.PESTICIDE,), outdoor=True),
        Trade("I03", "水产/养殖", (), (_H.DROWNING,), outdoor=True),
        Trade("J01", "司机/代驾", (_C.DRIVING,), (_H.TRAFFIC,)),
        Trade("Z99", "其他"),
    )
}


def trade_choices() -> list[tuple[str, str]]:
    """(code, label) of every job category."""
    return [(trade.code, trade.label) for trade in TRADES.values()]
