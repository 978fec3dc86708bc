"""The places of agreement texts (domain reference 4.7): {甲方名称}, the form field that fills it, whether it may stay open.

A form is made from the places of a text (`Wording.places`): each place says in which shape it is asked, how long an
answer may be, between what one chooses, and in which part of the form it stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rules.codes import PayMethod

NOTHING = "无"
"""What an optional place prints when nothing was agreed (4.7)."""

CROSSED_OUT = "／"
"""What a place prints that does not apply: the end of an engagement that has none."""


class Shape(StrEnum):
    """How a place is asked. Printed: DAY 2026年12月3日, CLOCK 08:00, MONEY 220 (yuan), HOURS 3.5, WHOLE 4, CHOICE its value."""

    LINE = "LINE"
    LINES = "LINES"
    DAY = "DAY"
    CLOCK = "CLOCK"
    MONEY = "MONEY"
    HOURS = "HOURS"
    WHOLE = "WHOLE"
    CHOICE = "CHOICE"


class Group(StrEnum):
    """The part of the form in which a place is asked, in the order of the form."""

    WORK = "干什么"
    TIME = "时间"
    PAY = "报酬"
    SAFETY = "安全和保险"
    PARTIES = "各方"
    OTHER = "其他"


@dataclass(frozen=True, slots=True)
class Placeholder:
    """One place of a text: its name there, the form field that fills it, and whether it may stay open.

    `default` fills a place that is usually the same (a wording may give its own); `agreed` marks free text that passes
    the clause rules (4.5). `asked`: False where the record answers and nobody types (a wording may ask all the same).
    `label` and `hint` are what the form says; `longest` in characters, 0 for what is no text; `choices` are
    (printed text, label) of a CHOICE; `least` and `most` limit a WHOLE or HOURS; `total`: a MONEY that prints as
    600元（大写：陆佰元整）, not as bare figures.
    """

    name: str
    field: str
    required: bool = True
    default: str = ""
    agreed: bool = False
    shape: Shape = Shape.LINE
    group: Group = Group.OTHER
    asked: bool = True
    label: str = ""
    hint: str = ""
    longest: int = 60
    choices: tuple[tuple[str, str], ...] = ()
    least: int = 0
    most: int = 0
    total: bool = False

    @property
    def caption(self) -> str:
        """What the form calls the place."""
        return self.label or self.name


def _known(name: str, field: str, group: Group = Group.PARTIES, *, required: bool = True) -> Placeholder:
    """A place that the record answers."""
    return Placeholder(name, field, required=required, asked=False, group=group, longest=120)


def _day(name: str, field: str, group: Group = Group.TIME, label: str = "") -> Placeholder:
    return Placeholder(name, field, shape=Shape.DAY, group=group, label=label, longest=20)


def _whole(name: str, field: str, group: Group, label: str, least: int, most: int, default: str = "", hint: str = "") -> Placeholder:
    return Placeholder(
        name, field, shape=Shape.WHOLE, group=group, label=label, least=least, most=most, default=default, hint=hint, longest=4
    )


_EITHER = (("甲方", "甲方"), ("乙方", "乙方"))
_PENSION = ("□已领取基本养老金　□尚未领取", "■已领取基本养老金　□尚未领取", "□已领取基本养老金　■尚未领取")

_WORK = (
    Placeholder("岗位名称", "post_title", agreed=True, group=Group.WORK, longest=40),
    Placeholder("工作内容", "work_content", agreed=True, shape=Shape.LINES, group=Group.WORK, longest=600),
    Placeholder("工作地点", "work_place", agreed=True, group=Group.WORK, longest=120),
    Placeholder("质量要求", "quality", required=False, agreed=True, group=Group.WORK, longest=200, hint="做到什么样算好"),
    Placeholder("验收标准", "acceptance", agreed=True, group=Group.WORK, longest=200, hint="例如：按图纸、按样品、当场试用"),
    _whole("验收天数", "acceptance_days", Group.WORK, "几天内验收", 0, 30, "3", "交付以后甲方最多几天验收完，当场验收填0"),
    Placeholder("保修约定", "warranty", required=False, agreed=True, group=Group.WORK, longest=120, hint="例如：三个月内漏水免费返工"),
    Placeholder("材料约定", "materials", agreed=True, group=Group.WORK, longest=200, hint="谁出材料、什么牌子或者规格、剩下的归谁"),
    Placeholder(
        "工具材料提供方",
        "tools_by",
        default="甲方",
        agreed=True,
        shape=Shape.CHOICE,
        group=Group.WORK,
        label="工具材料谁出",
        choices=(*_EITHER, ("双方", "双方各出一些")),
        longest=10,
    ),
    Placeholder(
        "服务对象",
        "cared_for",
        agreed=True,
        required=False,
        group=Group.WORK,
        longest=200,
        hint="要照看的老人、孩子、病人，身体和生活能不能自理；不写姓名",
    ),
    Placeholder("任务", "task", required=False, agreed=True, group=Group.WORK, label="做完什么就结束", longest=80),
)

_TIME = (
    Placeholder(
        "期限方式",
        "term_kind",
        shape=Shape.CHOICE,
        group=Group.TIME,
        label="做到什么时候",
        choices=(("1", "做到约定的结束日期"), ("2", "没有结束日期，任何一方通知后终止")),
        longest=2,
    ),
    _day("开始日期", "start_date"),
    _day("结束日期", "end_date"),
    Placeholder("开始时间", "start_time", shape=Shape.CLOCK, group=Group.TIME, label="上班", longest=10),
    Placeholder("结束时间", "end_time", shape=Shape.CLOCK, group=Group.TIME, label="下班", longest=10),
    Placeholder("休息安排", "breaks", required=False, agreed=True, group=Group.TIME, label="中间休息", longest=60),
    Placeholder("班次安排", "shifts", agreed=True, shape=Shape.LINES, group=Group.TIME, longest=200, hint="哪几天、几点到几点"),
    Placeholder(
        "日工时", "daily_hours", shape=Shape.HOURS, group=Group.TIME, label="每天几小时", hint="可以写3.5", least=1, most=24, longest=5
    ),
    Placeholder("周工时", "weekly_hours", shape=Shape.HOURS, group=Group.TIME, label="每周几小时", least=1, most=84, longest=5),
    _whole("周休日", "weekly_rest", Group.TIME, "每周休息几天", 1, 6, "1"),
    Placeholder(
        "工时制度",
        "hours_system",
        default="标准工时制",
        shape=Shape.CHOICE,
        group=Group.TIME,
        choices=(
            ("标准工时制", "标准工时制"),
            ("经批准的综合计算工时制", "综合计算工时制（已批准）"),
            ("经批准的不定时工作制", "不定时工作制（已批准）"),
        ),
        longest=20,
    ),
    _whole("提前通知天数", "notice_days", Group.TIME, "提前几天通知", 0, 60, "3"),
    _whole("取消提前时间", "cancel_hours", Group.TIME, "取消提前（小时）", 0, 72, "4"),
)

_PAY = (
    _known("计酬方式", "pay_basis", Group.PAY),
    _known("计量单位", "pay_unit", Group.PAY),
    Placeholder("单价", "unit_price", shape=Shape.MONEY, group=Group.PAY, label="单价（元）", longest=14),
    Placeholder("小时工资", "hourly_pay", shape=Shape.MONEY, group=Group.PAY, label="每小时工资（元）", longest=14),
    _known("小时最低工资", "hourly_minimum", Group.PAY),
    Placeholder(
        "报酬标准", "pay_rate", agreed=True, group=Group.PAY, longest=100, hint="写明多少钱一小时、一天或者一个月，例如：每小时25元"
    ),
    Placeholder("预计数量", "quantity", agreed=True, group=Group.PAY, longest=30, hint="改了数量，请把预计合计一起填上"),
    Placeholder(
        "报酬合计大写",
        "total",
        shape=Shape.MONEY,
        group=Group.PAY,
        label="预计合计（元）",
        hint="不填就按单价和时间算",
        longest=100,
        total=True,
    ),
    _known("结算周期", "settle_cycle", Group.PAY),
    _whole("结算天数", "settle_days", Group.PAY, "几天结一次", 1, 15, hint="最多15天"),
    Placeholder(
        "支付周期",
        "pay_period",
        shape=Shape.CHOICE,
        group=Group.PAY,
        label="多久付一次",
        choices=(("日", "每日"), ("周", "每周"), ("半月", "每半月"), ("月", "每月"), ("次完工后", "每次完工")),
        longest=10,
    ),
    Placeholder("支付日期", "pay_deadline", agreed=True, group=Group.PAY, label="最迟哪天付钱", longest=60),
    Placeholder(
        "支付方式",
        "pay_method",
        shape=Shape.CHOICE,
        group=Group.PAY,
        label="怎么付",
        choices=tuple((each.label, each.label) for each in PayMethod),
        longest=20,
    ),
    Placeholder("预付约定", "advance_pay", required=False, agreed=True, group=Group.PAY, longest=120, hint="开工前先付多少、什么时候付"),
    Placeholder("食宿交通约定", "board_and_travel", required=False, agreed=True, group=Group.PAY, label="食宿交通", longest=120),
    Placeholder("误工补偿", "lost_time_yuan", default="30", shape=Shape.MONEY, group=Group.PAY, label="误工补偿（元）", longest=14),
    Placeholder("终止结清约定", "final_pay", default="在当日或者次日", agreed=True, group=Group.PAY, label="终止时何时结清", longest=40),
    Placeholder(
        "发放主体",
        "paid_by",
        default="甲方",
        shape=Shape.CHOICE,
        group=Group.PAY,
        label="由谁发工资",
        choices=(("甲方", "甲方（原企业）"), ("乙方", "乙方（缺工企业）")),
        longest=10,
    ),
    _whole("发放日", "pay_day", Group.PAY, "每月几日前发", 1, 31),
    _whole("核对日", "attendance_day", Group.PAY, "每月几日前交考勤", 1, 31),
    Placeholder(
        "结算标准",
        "settlement_rate",
        agreed=True,
        group=Group.PAY,
        label="两家企业按什么结算",
        longest=120,
        hint="只结实际用工成本，例如：丙方实发工资加单位应缴社会保险费",
    ),
    _whole("结算日", "settlement_day", Group.PAY, "每月几日结清", 1, 31),
    Placeholder(
        "逾期利率说明",
        "late_interest",
        default="逾期付款时中国人民银行授权公布的一年期贷款市场报价利率(LPR)",
        agreed=True,
        group=Group.PAY,
        label="逾期利息按什么算",
        longest=80,
    ),
)

_SAFETY = (
    Placeholder("防护用品", "protection", agreed=True, required=False, group=Group.SAFETY, longest=200),
    Placeholder("危险告知", "hazard_notice", agreed=True, required=False, group=Group.SAFETY, longest=300),
    Placeholder("保险约定", "insurance", agreed=True, group=Group.SAFETY, longest=120),
    Placeholder(
        "社保约定",
        "social_insurance",
        required=False,
        agreed=True,
        group=Group.SAFETY,
        longest=120,
        hint="还没领养老金、要继续缴费的，写明谁缴多少",
    ),
    _whole("通报时限", "report_hours", Group.SAFETY, "受伤几小时内通知原企业", 1, 48, "2"),
    Placeholder("工伤补偿办法", "injury_refund", agreed=True, group=Group.SAFETY, longest=120, hint="例如：甲方实际支出的全额"),
)

_PARTIES = (
    _known("协议编号", "number"),
    _known("岗位编号", "job_number"),
    _known("甲方名称", "employer_name"),
    _known("是否已核验", "verified"),
    _known("甲方证件类型", "employer_id_type"),
    _known("甲方证件号", "employer_id_number"),
    Placeholder(
        "甲方法定代表人", "legal_representative", required=False, group=Group.PARTIES, longest=40, label="法定代表人", hint="甲方是单位的填"
    ),
    _known("甲方地址", "employer_address"),
    _known("甲方联系人", "employer_contact"),
    _known("甲方电话", "employer_phone"),
    _known("乙方企业名称", "borrower_name"),
    _known("乙方企业证件号", "borrower_id_number"),
    _known("乙方企业地址", "borrower_address"),
    _known("乙方企业电话", "borrower_phone"),
    _known("乙方姓名", "worker_name"),
    _known("乙方证件号", "worker_id_number"),
    Placeholder("乙方住址", "worker_address", group=Group.PARTIES, longest=120),
    _known("乙方电话", "worker_phone", required=False),
    Placeholder("乙方紧急联系人", "emergency_name", required=False, group=Group.PARTIES, label="紧急联系人", longest=40),
    Placeholder("乙方紧急电话", "emergency_phone", required=False, group=Group.PARTIES, label="紧急联系电话", longest=20),
    Placeholder(
        "领取声明",
        "pension_statement",
        default=_PENSION[0],
        shape=Shape.CHOICE,
        group=Group.PARTIES,
        label="乙方的养老金",
        choices=((_PENSION[0], "签字时由本人勾选"), (_PENSION[1], "已领取基本养老金"), (_PENSION[2], "尚未领取")),
        longest=20,
    ),
    _known("丙方姓名", "lent_worker_name"),
    _known("丙方证件号", "lent_worker_id_number"),
    _known("丙方电话", "lent_worker_phone", required=False),
    _day("原合同到期日", "contract_end", Group.PARTIES, "与原企业的劳动合同到哪天"),
    Placeholder("家政公司名称", "agency_name", required=False, group=Group.PARTIES, longest=60, hint="由家政公司派来的才填"),
    Placeholder("家政公司证件号", "agency_id_number", required=False, group=Group.PARTIES, label="家政公司信用代码", longest=18),
    Placeholder("家政公司地址", "agency_address", required=False, group=Group.PARTIES, longest=120),
    Placeholder("家政公司电话", "agency_phone", required=False, group=Group.PARTIES, longest=20),
)

_OTHER = (
    Placeholder(
        "特别约定",
        "special_terms",
        required=False,
        agreed=True,
        shape=Shape.LINES,
        group=Group.OTHER,
        longest=1000,
        hint="收押金、扣证件、“出事自负”这类话不能写",
    ),
    Placeholder(
        "份数",
        "copies",
        default="贰",
        shape=Shape.CHOICE,
        group=Group.OTHER,
        choices=(("贰", "贰份"), ("叁", "叁份"), ("肆", "肆份")),
        longest=2,
    ),
    Placeholder("管辖法院", "court", default="乙方所在地有管辖权的人民法院", agreed=True, group=Group.OTHER, longest=40),
    _known("驿站名称", "station_name", Group.OTHER),
    _known("驿站电话", "station_phone", Group.OTHER),
    _known("指导人", "guide", Group.OTHER),
)

PLACEHOLDERS: dict[str, Placeholder] = {place.name: place for place in (*_PARTIES, *_WORK, *_TIME, *_PAY, *_SAFETY, *_OTHER)}
"""Every place a text may have, by its name in the text."""
