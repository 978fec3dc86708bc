"""Work of a station besides referrals (活动记录, domain reference 3.11-3.13, 7.13, 8.3): what is asked of each kind, what is refused.

Registered once, by who did it, within a day or with the reason why later (art. 23); never changed, only corrected. Nothing
here has a price: training, advice and visits are free (art. 21).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from rules.codes import ActivityKind, Channel, Labelled
from rules.errors import RuleBroken

MAX_TITLE = 80
MAX_OUTCOME = 200
MAX_PLACE = 60
MAX_NOTE = 1000
MAX_PEOPLE = 5000


class IncidentLevel(Labelled):
    """How grave an incident is (domain reference 7.13); a grave one is reported within the hour (rule board 5.9)."""

    NORMAL = "一般", "一般"
    SERIOUS = "较大", "较大"
    GRAVE = "重大", "重大"


@dataclass(frozen=True, slots=True)
class Shape:
    """What is asked about one kind, in its words; "" is not asked. `topics` are kept as they read.

    `heads`: offered, wanted and matched are asked instead of people. `seeker`, `employer`: it may concern one of them.
    """

    title: str
    outcome: str
    people: str = ""
    topic: str = ""
    topics: tuple[str, ...] = ()
    heads: bool = False
    level: bool = False
    seeker: bool = False
    employer: bool = False
    hint: str = ""


_K = ActivityKind
SHAPES: dict[ActivityKind, Shape] = {
    _K.TRAINING: Shape(
        "培训内容",
        "效果",
        "参加多少人次",
        "培训类别",
        ("职业技能", "安全生产", "法律维权", "求职面试", "创业", "文明服务", "其他"),
        seeker=True,
        employer=True,
        hint="一场记一条。只有一个人单独培训的，可以写上求职编号。驿站的培训都不收费。",
    ),
    _K.CONSULTATION: Shape(
        "问了什么",
        "怎样答复的",
        "咨询多少人次",
        "咨询事项",
        (
            *("社保补贴", "灵活就业参保", "就业困难认定", "培训补贴", "创业担保贷款", "求职", "用工合规", "工伤/意外险"),
            *("劳动维权", "退休", "其他"),
        ),
        seeker=True,
        employer=True,
        hint="要办案的，到“维权”立案。",
    ),
    _K.VISIT: Shape(
        "走访了谁、哪里",
        "采集到什么",
        "见到多少人次",
        "走访目的",
        ("采集用工需求", "采集求职意愿", "核实信息", "政策上门", "其他"),
        seeker=True,
        employer=True,
        hint="采集到的岗位和求职，另外登记到岗位和零工里。",
    ),
    _K.PUBLICITY: Shape(
        "宣传了什么", "效果", "覆盖多少人次", "宣传渠道", tuple(label for _, label in Channel.choices()), hint="发一条信息记一条。"
    ),
    _K.CASE_STORY: Shape("案例题目", "案例要点", hint="写给外面看的案例，不写真名；原文放在补充说明里。"),
    _K.SAFETY_CHECK: Shape(
        "检查了什么",
        "发现的问题和整改",
        "",
        "检查类别",
        ("消防", "用电", "卫生", "设施设备", "防暑防寒", "综合"),
        hint="没有问题的，写“没有发现问题”。",
    ),
    _K.INSURANCE: Shape(
        "给谁讲了什么",
        "结果",
        "引导多少人次",
        "保险类别",
        ("工伤保险", "雇主责任险", "雇主代买意外险", "自愿自购", "职业伤害保障(平台)", "未投保(已提示)"),
        seeker=True,
        employer=True,
        hint="只讲清楚，不代卖，不代收保费。",
    ),
    _K.SHARED_LABOUR: Shape("哪些单位之间、什么工种", "结果", heads=True, employer=True, hint="缺工和富余都按人数填；不以营利为目的。"),
    _K.INCIDENT: Shape(
        "发生了什么",
        "怎样处置的",
        "涉及多少人",
        "事件类别",
        (
            *("赌博", "欺行霸市", "强迫交易", "诈骗", "斗殴", "盗窃", "传销/非法中介", "工伤/意外", "突发疾病", "火情"),
            *("停电停水", "信息泄露", "群体性事件", "涉疫", "其他"),
        ),
        level=True,
        seeker=True,
        employer=True,
        hint="重大事件一小时内报告监督管理单位：保存后系统马上提醒，请同时打电话。",
    ),
}
"""What each kind asks. Topics of training, visits and checks are this system's own; the others are domain reference 7.13 and 3.13."""

# Words of a course that costs something; 免学费 and 不收学费 say the opposite.
_PRICED = re.compile(r"(?<!免)(?<!不收)(?<!不交)(?:学费|报名费|培训费|培训贷|招转培|贷款(?:培训|学习)|先(?:学|培训)后付)")


@dataclass(frozen=True, slots=True)
class NewActivity:
    """What the form says of one work. `people`, `offered`, `wanted`, `matched` are None where nothing was typed."""

    kind: ActivityKind
    held_on: date | None
    title: str
    outcome: str = ""
    topic: str = ""
    people: int | None = None
    offered: int | None = None
    wanted: int | None = None
    matched: int | None = None
    level: str = ""
    place: str = ""
    note: str = ""
    late_reason: str = ""


def check_activity(new: NewActivity, today: date) -> None:
    """RuleBroken, with its field, for what may not be registered: without a day, in the future, without what its kind needs."""
    shape = SHAPES[new.kind]
    if new.held_on is None:
        raise RuleBroken("请填写哪天做的。", "held_on")
    if new.held_on > today:
        raise RuleBroken("还没到这一天，做过以后再登记。", "held_on")
    if not new.title.strip():
        raise RuleBroken(f"请填写{shape.title}。", "title")
    if shape.topics and new.topic not in shape.topics:
        raise RuleBroken(f"请选择{shape.topic}。", "topic")
    if not new.outcome.strip():
        raise RuleBroken(f"请填写{shape.outcome}。", "outcome")
    if shape.level and new.level not in IncidentLevel._value2member_map_:
        raise RuleBroken("请选择事件等级。", "level")
    _check_numbers(new, shape)
    if new.kind is ActivityKind.TRAINING and _PRICED.search(f"{new.title} {new.outcome} {new.note}"):
        raise RuleBroken("驿站组织、推介的培训不收费，也不能先贷款再培训。请核实这场培训；收费的不能组织，请去掉或者换成免费的。", "title")


def _check_numbers(new: NewActivity, shape: Shape) -> None:
    incident = new.kind is ActivityKind.INCIDENT
    if shape.people and (new.people is None or (new.people < 1 and not incident)):
        raise RuleBroken(f"请填写{shape.people}" + ("，没有就填0。" if incident else "，至少1。"), "people")
    if not shape.heads:
        return
    if not any((new.offered, new.wanted, new.matched)):
        raise RuleBroken("请填写富余、缺工或者撮合的人数，至少一项。", "offered")
    if (new.matched or 0) > min(new.offered or MAX_PEOPLE, new.wanted or MAX_PEOPLE):
        raise RuleBroken("撮合的人数不能比富余或者缺工的人数多。", "matched")


def is_grave(kind: ActivityKind, level: str) -> bool:
    """Whether the supervising unit is told at once: a grave incident (rule board 5.9, item 11)."""
    return kind is ActivityKind.INCIDENT and level == IncidentLevel.GRAVE.value
