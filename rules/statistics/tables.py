"""The twelve tables of domain reference 8.4 as data: their breakdowns, columns and totals. What each counts is in db/queries/statistics."""

from __future__ import annotations

from rules.codes import Labelled
from rules.statistics.cells import Column, PartSpec, Shape


class StatTable(Labelled):
    """The standard tables, in the order of domain reference 8.4."""

    SUPPLY = "supply", "供求总表"
    TRADES = "trades", "工种分布"
    GROUPS = "groups", "群体帮扶表"
    PEOPLE = "people", "年龄、性别、学历"
    EMPLOYERS = "employers", "雇主类型和行业"
    PAY = "pay", "报酬水平和结算周期"
    AGREEMENTS = "agreements", "协议类型和保险"
    RIGHTS = "rights", "维权"
    RANKING = "ranking", "驿站排名"
    TARGET = "target", "年度目标进度"
    QUALITY = "quality", "数据质量"
    SHARING = "sharing", "余缺调剂"

    @property
    def number(self) -> int:
        """1 to 12."""
        return list(StatTable).index(self) + 1


_POSTS = Column("posts", "新增岗位", "条")
_HEADS = Column("headcount", "招工人数", "人")
_SEEKERS = Column("seekers", "求职登记", "人")
_REFERRED = Column("referred", "推荐", "人次")
_PLACED = Column("placed", "推荐成功就业", "人次")
_PERSONS = Column("persons", "就业人数", "人")
_RATIO = Column("ratio", "求人倍率", shape=Shape.RATIO, part="headcount", whole="seekers")
_STATION = "驿站"

_OWN_TOTAL = Column("persons", "就业人数", "人", adds=False)

PARTS: dict[StatTable, tuple[PartSpec, ...]] = {
    StatTable.SUPPLY: (
        PartSpec(
            "supply",
            "供求总表",
            _STATION,
            (_POSTS, _HEADS, _SEEKERS, _REFERRED, _PLACED, _OWN_TOTAL, _RATIO),
            note="求人倍率 = 招工人数 ÷ 求职登记人数。就业人数一个人只算一次，所以合计可能小于各站相加。",
        ),
        PartSpec("supply_months", "按月", "月份", (_POSTS, _HEADS, _SEEKERS, _REFERRED, _PLACED, _RATIO)),
        PartSpec(
            "waiting",
            "上岗的人等了几天",
            "等活天数",
            (_PLACED,),
            note="从上一次上岗那天算起；第一次上岗的，从登记那天算起。",
        ),
    ),
    StatTable.TRADES: (
        PartSpec(
            "trades",
            "工种分布",
            "工种",
            (
                _POSTS,
                _HEADS,
                Column("seekers", "求职登记", "人", adds=False),
                _PLACED,
                Column("pay", "每小时报酬中位数", "元", shape=Shape.HOURLY, adds=False, opens=False),
            ),
            note="一个人可以登记几个工种，求职登记的合计一个人只算一次。报酬按岗位折合，不到5个岗位的不列。",
        ),
    ),
    StatTable.GROUPS: (
        PartSpec(
            "groups",
            "群体帮扶表",
            "群体",
            (
                Column("registered", "登记", "人"),
                _REFERRED,
                _PLACED,
                Column("trained", "培训", "人次"),
            ),
            personal=True,
            totalled=False,
            note="只统计本人单独同意登记的；大龄按出生日期算。一个人可以属于几类，所以没有合计。小于5的不列出。",
        ),
    ),
    StatTable.PEOPLE: tuple(
        PartSpec(
            key,
            title,
            title,
            (_SEEKERS, _REFERRED, _PLACED, _PERSONS),
            personal=True,
            note="小于5的不列出；标＊的是为了不让小于5的数被推算出来。" + ("年龄按统计期的最后一天算。" if key == "ages" else ""),
        )
        for key, title in (("ages", "年龄段"), ("genders", "性别"), ("educations", "学历"))
    ),
    StatTable.EMPLOYERS: (
        PartSpec(
            "organisations",
            "雇主类型",
            "类型",
            (
                Column("employers", "新增雇主", "家"),
                _POSTS,
                _HEADS,
                _PLACED,
                Column("platform", "其中平台用工岗位", "条"),
            ),
            note="单位的类型按统一社会信用代码的前两位分。",
        ),
        PartSpec("industries", "行业", "行业", (Column("employers", "新增雇主", "家"), _POSTS, _HEADS, _PLACED)),
    ),
    StatTable.PAY: (
        PartSpec("pay_bands", "报酬水平", "折合每小时", (_POSTS, _HEADS, _PLACED), note="包干、计件等折合不出每小时的，列在“折合不出”。"),
        PartSpec("settle_cycles", "结算周期", "结算周期", (_POSTS, _HEADS, _PLACED)),
        PartSpec(
            "below_minimum", "低于最低工资", _STATION, (Column("blocked", "检查拦下的岗位", "条"), Column("refused", "因报酬驳回", "次"))
        ),
    ),
    StatTable.AGREEMENTS: (
        PartSpec(
            "agreement_types",
            "协议类型",
            "协议",
            (
                Column("made", "起草", "份"),
                Column("signed", "已签", "份"),
                Column("delivered", "已交付零工", "份"),
                Column("guided", "附签约指导记录", "份"),
                Column("guided_share", "附记录的占比", shape=Shape.RATE, part="guided", whole="made"),
            ),
            note="作废和取消的不算。起草的每一份都经驿站指导（台账的协议指导份数）；附签约指导记录的，是逐题问过、另打印了记录的。",
        ),
        PartSpec("insurance", "岗位写明的保险", "保险", (_POSTS, _HEADS)),
        PartSpec(
            "cover",
            "工伤、意外险覆盖",
            _STATION,
            (
                _POSTS,
                Column("covered", "其中写明有工伤或意外险", "条"),
                Column("covered_share", "覆盖率", shape=Shape.RATE, part="covered", whole="posts"),
            ),
        ),
    ),
    StatTable.RIGHTS: (
        PartSpec(
            "case_kinds",
            "维权",
            "类型",
            (
                Column("opened", "新增", "件"),
                Column("opened_closed", "其中已办结", "件"),
                Column("closed_share", "办结率", shape=Shape.RATE, part="opened_closed", whole="opened"),
                Column("closed", "本期办结", "件"),
                Column("days", "平均办结天数", "天", shape=Shape.DAYS, adds=False, opens=False),
                Column("recovered", "追回报酬", "元", shape=Shape.MONEY),
            ),
            note="误报撤销的不算。",
        ),
    ),
    StatTable.RANKING: (
        PartSpec(
            "ranking",
            "驿站排名",
            _STATION,
            (
                Column("place", "名次", shape=Shape.PLACE, adds=False, opens=False),
                _PLACED,
                Column("due", "应回访雇主", "次"),
                Column("called", "按时回访雇主", "次"),
                Column("call_share", "回访率", shape=Shape.RATE, part="called", whole="due"),
                Column("ratings", "服务评价", "条"),
                Column("satisfied", "满意的评价", "条"),
                Column("satisfaction", "满意度", shape=Shape.RATE, part="satisfied", whole="ratings"),
            ),
            note="按推荐成功就业人次从多到少；一样多的名次相同。",
        ),
    ),
    StatTable.TARGET: (
        PartSpec(
            "target",
            "年度目标进度",
            _STATION,
            (
                _PLACED,
                Column("due", "到这一天应有", "人次", opens=False),
                Column("target", "全年任务", "人次", opens=False),
                Column("done_share", "完成率", shape=Shape.RATE, part="placed", whole="target"),
                Column("projected", "年底预计", "人次", opens=False),
            ),
            note="从1月1日数到统计期的最后一天（最晚到今天）；全年任务按开业天数折算。",
        ),
        PartSpec(
            "target_months",
            "各月上岗",
            "月份",
            (
                _PLACED,
                Column("so_far", "累计", "人次", adds=False, opens=False),
                Column("due", "到月底应有", "人次", adds=False, opens=False),
            ),
        ),
    ),
    StatTable.QUALITY: (
        PartSpec(
            "quality",
            "数据质量",
            _STATION,
            (
                Column("corrections", "更正", "条"),
                Column("late", "补录", "条"),
                Column("returned", "退回修改", "次"),
                Column("rejected", "驳回岗位", "次"),
                Column("open_posts", "现在招工中的岗位", "条"),
                Column("stale", "其中核实已过期", "条"),
                Column("stale_share", "过期率", shape=Shape.RATE, part="stale", whole="open_posts"),
            ),
            note="补录：发生后超过24小时才记的。岗位的核实15天有效；这三栏是现在的情况。",
        ),
        PartSpec("reject_reasons", "驳回的原因", "原因", (Column("rejected", "驳回岗位", "次"),)),
        PartSpec("corrected_records", "更正了什么", "记录", (Column("corrections", "更正", "条"),)),
    ),
    StatTable.SHARING: (
        PartSpec(
            "sharing",
            "余缺调剂",
            _STATION,
            (
                Column("rounds", "调剂", "次"),
                Column("offered", "富余", "人"),
                Column("wanted", "缺工", "人"),
                Column("matched", "撮合", "人"),
                Column("taken", "推荐到别站岗位", "人次"),
                Column("supplied", "供岗给别站", "人次"),
            ),
            note="推荐到别站岗位：本站的人推荐上岗，岗位在别的驿站登记。供岗：岗位在本站登记，别的驿站推荐上岗。",
        ),
    ),
}
"""The breakdowns of each table."""


class PayBand(Labelled):
    """Hourly pay in steps [design]; the value is the first yuan of the step."""

    BELOW_15 = "0", "15元以下"
    FROM_15 = "15", "15–18元"
    FROM_18 = "18", "18–20元"
    FROM_20 = "20", "20–25元"
    FROM_25 = "25", "25–30元"
    FROM_30 = "30", "30–40元"
    FROM_40 = "40", "40–50元"
    FROM_50 = "50", "50元起"
    UNKNOWN = "unknown", "折合不出"


class AgeBand(Labelled):
    """Age in the steps of domain reference 8.4; the value is the youngest age."""

    YOUNG = "16", "16–17岁"
    FROM_18 = "18", "18–24岁"
    FROM_25 = "25", "25–34岁"
    FROM_35 = "35", "35–44岁"
    FROM_45 = "45", "45–54岁"
    FROM_55 = "55", "55–59岁"
    FROM_60 = "60", "60岁及以上"


class WaitBand(Labelled):
    """Days waited in steps [design]; the value is the fewest days."""

    SAME_DAY = "0", "当天"
    NEXT_DAY = "1", "1天"
    FROM_2 = "2", "2–3天"
    FROM_4 = "4", "4–7天"
    FROM_8 = "8", "8–14天"
    FROM_15 = "15", "15–30天"
    FROM_31 = "31", "31天及以上"


class Gender(Labelled):
    """As the identity number tells it."""

    MALE = "M", "男"
    FEMALE = "F", "女"
    UNKNOWN = "none", "没有登记"


class Organisation(Labelled):
    """What sort of employer (domain reference 8.4, table 5), told from the first two characters of the credit code."""

    ENTERPRISE = "ENTERPRISE", "企业"
    SOLE_TRADER = "SOLE_TRADER", "个体工商户"
    HOUSEHOLD = "HOUSEHOLD", "个人或家庭"
    COOPERATIVE = "COOPERATIVE", "农民专业合作社"
    PUBLIC = "PUBLIC", "机关事业单位"
    OTHER = "OTHER", "其他组织"


_BY_CODE = {"91": Organisation.ENTERPRISE, "92": Organisation.SOLE_TRADER, "93": Organisation.COOPERATIVE}


def organisation_of(unit: bool, id_number: str) -> Organisation:
    """The sort of an employer from its document: GB 32100 gives the registering authority and the kind in two characters."""
    if not unit:
        return Organisation.HOUSEHOLD
    if id_number[:1] == "1":
        return Organisation.PUBLIC
    return _BY_CODE.get(id_number[:2], Organisation.OTHER) if len(id_number) == 18 else Organisation.OTHER


def steps_of(table: type[Labelled]) -> tuple[tuple[str, int], ...]:
    """(value, where it begins) of a table of steps, the lowest first; what is no step is left out."""
    return tuple((step.value, int(step.value)) for step in table if step.value.isdecimal())
