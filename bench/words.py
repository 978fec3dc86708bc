"""What the posts of a filled database say: trades, places and sentences in proportions like those of a real board."""

from __future__ import annotations

import random

COMMON = "搬运上架轻拿轻放"
"""Stands in every sixth post; so do its beginnings of one to seven characters, in this many or more."""
RARE = "鹭岛观鸟栈道东门"
"""Stands in a handful of posts, whatever their number."""
MISSING = "鳄鱼驯养场夜班工"
"""Stands in no post, nor does any beginning of it."""
SCATTERED = "工地上货"
"""Stands in no post, but all its pairs (工地, 地上, 上货) stand in thousands: the worst a search for pairs can meet."""

TRADE_WEIGHTS = {
    **{"A01": 9, "A02": 3, "A03": 4, "A04": 2, "A05": 1, "A06": 2, "A07": 1, "B01": 6, "B02": 1, "B03": 3, "B04": 2},
    **{"C01": 12, "C02": 8, "C03": 11, "C04": 7, "C05": 4, "C06": 2, "D01": 6, "D02": 2, "D03": 2, "D04": 2, "D05": 2},
    **{"D06": 1, "D07": 1, "D08": 2, "E01": 7, "E02": 5, "E03": 2, "F01": 3, "F02": 4, "F03": 2, "F04": 1, "F05": 1},
    **{"F06": 2, "G01": 4, "G02": 2, "H01": 8, "H02": 1, "H03": 1, "I01": 2, "I02": 1, "I03": 1, "J01": 2, "Z99": 2},
}

_BEFORE = (
    "",
    "",
    "",
    "急招",
    "周末",
    "明早",
    "夜班",
    "白班",
    "物流园",
    "小区",
    "厂房",
    "超市",
    "酒店",
    "商场",
    "写字楼",
    "学校",
    "医院",
    "园区",
)
_AFTER = ("", "", "工", "日结", "临时工", "帮手", "几个人", "做三天", "做一周", "长期要人", "包吃", "当天结")
_ROADS = (
    *("宏图", "环湖", "金山", "银湖", "马池", "九通", "团结", "新沟", "走新", "高桥", "五环", "三店", "田园", "径河"),
    *("慈惠", "革新", "东吴", "啤酒", "吴北", "吴祁", "汉江", "张柏", "临空", "柏泉", "辛安", "石榴红", "东山", "常青"),
    *("长青", "将军", "机场", "七雄", "食品", "台商", "海峡", "码头潭", "府河", "郁金香", "三秀", "兴工"),
)
_SPOTS = ("大道地铁站", "路口", "大道北门", "路菜市场", "大道物流园", "路公交站", "一路", "二路", "西路工业园", "东路小区")

_SENTENCES = (
    "工作不重，听安排就行",
    "每件不超过25公斤",
    "扫码枪扫一下按区放",
    "中间休息一个半钟头",
    "做完当场结算",
    "工具我们提供",
    "自带手套和水杯",
    "要细心，手脚麻利",
    "做过的优先，没做过的可以学",
    "服从现场负责人安排",
    "在工地上干活要戴安全帽",
    "上货下货都有叉车帮忙",
    "地铁站走路十分钟",
    "有班车接送到园区门口",
    "进场要实名登记",
    "按货架标签摆放整齐",
    "打扫楼道、大厅和卫生间",
    "洗菜切菜、收拾台面",
    "传菜撤台，翻台时帮忙",
    "打包贴单，核对数量",
    "递料清渣，不登高",
    "浇水除草，修剪枝叶",
    "引导车辆停放，登记出入",
    "发放资料，引导观众",
    "做几天都可以，提前说一声",
    "晚到半小时请先打电话",
    "年满18周岁，身体能适应",
    "衣服有油污，请穿旧衣服",
    "冬天库房里有点冷，请多穿",
    "表格录入，会用电脑",
)
_REQUIREMENTS = ("", "", "能站得住，能上夜班更好", "会说普通话", "有健康证的优先", "能连续做三天", "吃苦耐劳")


def title(dice: random.Random, trade: str) -> str:
    """A title around one of the words of the trade's label."""
    return f"{dice.choice(_BEFORE)}{dice.choice(trade.split('/'))}{dice.choice(_AFTER)}"


def landmark(dice: random.Random) -> str:
    """A public place of some four hundred."""
    return dice.choice(_ROADS) + dice.choice(_SPOTS)


def duties(dice: random.Random, trade: str, number: int, every: int) -> str:
    """About seventy characters; `COMMON` in every sixth post, `RARE` in every `every`-th."""
    parts = [trade.split("/")[0], *dice.sample(_SENTENCES, 6)]
    if dice.random() < 1 / 6:
        parts.insert(2, COMMON)
    if number % every == every // 2:
        parts.append(f"地点在{RARE}旁边")
    return "，".join(parts) + "。"


def requirements(dice: random.Random) -> str:
    """What the post asks for; often nothing."""
    return dice.choice(_REQUIREMENTS)
