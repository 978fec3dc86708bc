"""The monthly ledger (月度工作台账, art. 23; domain reference 3.7, 8.3): its states, its due day, and what one version says.

A version is frozen as a `LedgerContent`: gathered from the cabinet when the month is closed, kept as sealed JSON, printed
(P12) and exported from that alone. A corrected value stands beside what it replaced, in every form.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rules.codes import AgreementType, BuildMode, Labelled, LedgerState, LedgerStepKind, PersonGroup
from rules.complaints import supervising_role
from rules.errors import RuleBroken, RulesBroken
from rules.permissions import Actor

GRACE_DAYS = 5
"""Days after the month's end for entries that come late; the ledger is due on the last of them (domain reference 3.7)."""

FOOTER = "更改处以删除线保留原记录，更改内容、原因、日期及更改人见第⑨表。"


class Unit(Labelled):
    """In what a figure is counted."""

    DAYS = "天", "天"
    TIMES = "人次", "人次"
    PERSONS = "人", "人"
    ROWS = "条", "条"
    HOUSES = "家", "家"
    OCCASIONS = "次", "次"
    CASES = "件", "件"
    SESSIONS = "场", "场"
    COPIES = "份", "份"
    MONEY = "元", "元"
    RATE = "%", "%"


class LedgerFigure(Labelled):
    """The figures of part 1 (domain reference 8.3), in the order of the sheet. `AGREEMENTS_*` and `GROUP_*` follow as rows of their own."""

    OPEN_DAYS = "OPEN_DAYS", "开放天数"
    VISITS = "VISITS", "接待人次"
    EMPLOYERS = "EMPLOYERS", "新增雇主数"
    POSTS = "POSTS", "新增岗位条数"
    HEADCOUNT = "HEADCOUNT", "招工人数"
    SEEKERS = "SEEKERS", "新增求职登记人数"
    POSTS_VERIFIED = "POSTS_VERIFIED", "核实岗位数"
    POSTS_PUBLISHED = "POSTS_PUBLISHED", "发布条数"
    POSTS_TAKEN_DOWN = "POSTS_TAKEN_DOWN", "下架条数"
    ORDERS_TAKEN = "ORDERS_TAKEN", "接单数"
    REFERRALS = "REFERRALS", "推荐人次"
    PLACED = "PLACED", "推荐成功就业人次"
    PERSONS = "PERSONS", "就业人数"
    AGREEMENTS = "AGREEMENTS", "灵活用工协议指导份数"
    CALLS_DUE = "CALLS_DUE", "应回访雇主次数"
    CALLS = "CALLS", "按时回访雇主次数"
    CALL_RATE = "CALL_RATE", "回访率"
    RATINGS = "RATINGS", "评价数"
    SATISFIED = "SATISFIED", "满意的评价数"
    SATISFACTION = "SATISFACTION", "满意度"
    TRAININGS = "TRAININGS", "培训场次"
    TRAINED = "TRAINED", "培训人次"
    CONSULTED = "CONSULTED", "政策咨询人次"
    CASES = "CASES", "法律咨询件数"
    CASES_CLOSED = "CASES_CLOSED", "法律咨询办结件数"
    SETTLED = "SETTLED", "调解成功数"
    RECOVERED = "RECOVERED", "为零工追回报酬金额"
    INSURED = "INSURED", "保险引导人次"
    SURPLUS = "SURPLUS", "余缺调剂富余人数"
    SHORTAGE = "SHORTAGE", "余缺调剂缺工人数"
    SHARED = "SHARED", "余缺调剂撮合人数"
    COMPLAINTS = "COMPLAINTS", "投诉数"
    COMPLAINTS_CLOSED = "COMPLAINTS_CLOSED", "投诉办结数"
    INCIDENTS = "INCIDENTS", "事件数"
    PUBLICITY = "PUBLICITY", "宣传条数"
    CASE_STORIES = "CASE_STORIES", "典型案例数"
    CHECKS = "CHECKS", "安全卫生检查次数"

    @property
    def unit(self) -> Unit:
        """In what it is counted."""
        return _UNITS.get(self, Unit.ROWS)

    @property
    def adds_up(self) -> bool:
        """Whether the year so far is the sum of its months: not for rates, nor for persons (one person counts once)."""
        return self not in (LedgerFigure.CALL_RATE, LedgerFigure.SATISFACTION, LedgerFigure.PERSONS)


_F = LedgerFigure
_UNITS: dict[LedgerFigure, Unit] = {
    _F.OPEN_DAYS: Unit.DAYS,
    **dict.fromkeys((_F.VISITS, _F.REFERRALS, _F.PLACED, _F.TRAINED, _F.CONSULTED, _F.INSURED), Unit.TIMES),
    **dict.fromkeys((_F.HEADCOUNT, _F.SEEKERS, _F.PERSONS, _F.SURPLUS, _F.SHORTAGE, _F.SHARED), Unit.PERSONS),
    **dict.fromkeys((_F.CASES, _F.CASES_CLOSED, _F.SETTLED, _F.COMPLAINTS, _F.COMPLAINTS_CLOSED, _F.INCIDENTS), Unit.CASES),
    **dict.fromkeys((_F.CALL_RATE, _F.SATISFACTION), Unit.RATE),
    _F.EMPLOYERS: Unit.HOUSES,
    **dict.fromkeys((_F.CALLS_DUE, _F.CALLS, _F.CHECKS), Unit.OCCASIONS),
    _F.TRAININGS: Unit.SESSIONS,
    _F.AGREEMENTS: Unit.COPIES,
    _F.RECOVERED: Unit.MONEY,
}

PART_AND_WHOLE: dict[LedgerFigure, tuple[LedgerFigure, LedgerFigure]] = {
    _F.CALL_RATE: (_F.CALLS, _F.CALLS_DUE),
    _F.SATISFACTION: (_F.SATISFIED, _F.RATINGS),
}
"""Rates are worked out from two figures wherever they stand, never kept."""


class LedgerListKind(Labelled):
    """The lists of part 2 (domain reference 8.3)."""

    JOBS = "1", "岗位登记明细"
    SEEKERS = "2", "求职登记明细"
    PLACEMENTS = "3", "推荐上岗明细"
    FOLLOW_UPS = "4", "回访明细"
    CASES = "5", "咨询维权明细"
    TRAININGS = "6", "培训明细"
    VISITS = "7", "走访采集明细"
    INCIDENTS = "8", "事件投诉明细"
    CORRECTIONS = "9", "更改记录"

    @property
    def mark(self) -> str:
        """① to ⑨."""
        return "①②③④⑤⑥⑦⑧⑨"[int(self.value) - 1]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as people read it. `was`: what stood there before, oldest first; `marks`: the numbers of its corrections in list ⑨.

    `amount` is the number behind the text where there is one (people, pieces, or fen with `money`), for the workbook.
    """

    text: str
    was: tuple[str, ...] = ()
    marks: tuple[int, ...] = ()
    amount: int | None = None
    money: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list, signed: `record` is the public number of what it is about, `signed` the name of who did it.

    `late` ("补录：…") and `void` ("作废：…") are "" for an ordinary line; a void one is shown struck through and counts nowhere.
    `key` tells the line from all others of its list, in every version ("placement:123").
    """

    cells: tuple[Cell, ...]
    record: str
    signed: str
    late: str = ""
    void: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list: its heading, its share of the sheet's width in hundredths, and whether its amounts are added up."""

    label: str
    share: int
    summed: bool = False


@dataclass(frozen=True, slots=True)
class LedgerList:
    """One list of part 2. Paper and workbook put 序号 (1, 2, …) before the columns and 经办人 (`Line.signed`) behind them.

    `Line.record` of ③ is the referral's number. ⑨ has exactly CORRECTION_COLUMNS; correction ① is its first line.
    The columns are COLUMNS[kind], and every line has a cell for each.
    """

    kind: LedgerListKind
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]

    @property
    def counted(self) -> int:
        """How many lines count: all but the void ones."""
        return sum(not line.void for line in self.lines)


CORRECTION_COLUMNS = (
    Column("记录", 16),
    Column("项目", 12),
    Column("原记", 16),
    Column("更正为", 16),
    Column("原因", 20),
    Column("更正时间", 12),
    Column("更正人", 8),
)
"""The columns of list ⑨: the strip under a corrected line is made of them (更正① 原记…更正为…；原因…；更正时间…；经手人…)."""

_K = LedgerListKind
COLUMNS: dict[LedgerListKind, tuple[Column, ...]] = {
    _K.JOBS: (
        *(Column("登记日期", 9), Column("岗位编号", 14), Column("岗位", 17), Column("雇主", 18), Column("工种", 11)),
        *(Column("招工人数", 7, summed=True), Column("报酬", 14), Column("核实", 10)),
    ),
    _K.SEEKERS: (
        *(Column("登记日期", 10), Column("求职编号", 16), Column("姓名", 10), Column("性别", 6), Column("出生年份", 8)),
        *(Column("住址", 20), Column("想做的工种", 20), Column("登记方式", 10)),
    ),
    _K.PLACEMENTS: (
        *(Column("日期", 6), Column("推荐单号", 9), Column("岗位编号", 9), Column("雇主", 13), Column("零工", 7), Column("工种", 7)),
        *(Column("报酬", 8), Column("应付报酬（元）", 6, summed=True), Column("到岗日期", 6)),
        *(Column("协议类型/编号", 9), Column("佐证", 13), Column("回访结果", 7)),
    ),
    _K.FOLLOW_UPS: (
        *(Column("回访日期", 9), Column("推荐单号", 12), Column("哪次回访", 9), Column("问的哪一方", 8), Column("方式", 7)),
        *(Column("结果", 10), Column("满意度", 7), Column("工钱", 12), Column("实收（元）", 9, summed=True), Column("说明", 17)),
    ),
    _K.CASES: (
        *(Column("日期", 9), Column("编号", 12), Column("事项", 13), Column("当事人", 14), Column("人次", 6, summed=True)),
        *(Column("说欠多少（元）", 10, summed=True), Column("办理结果", 16), Column("办结日期", 9), Column("追回（元）", 11, summed=True)),
    ),
    _K.TRAININGS: (
        *(Column("日期", 10), Column("编号", 14), Column("培训内容", 34), Column("地点", 16), Column("人次", 8, summed=True)),
        Column("结果", 18),
    ),
    _K.VISITS: (
        *(Column("日期", 10), Column("编号", 14), Column("走访内容", 28), Column("地点", 16), Column("雇主", 18)),
        Column("结果", 14),
    ),
    _K.INCIDENTS: (
        *(Column("日期", 10), Column("编号", 13), Column("类别", 9), Column("事项", 24), Column("等级", 8), Column("处理结果", 24)),
        Column("办结日期", 12),
    ),
    _K.CORRECTIONS: CORRECTION_COLUMNS,
}
"""The columns of each list. The place of a line in list ⑨ (from 1) is the number of its correction in `Cell.marks`."""


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One figure: this month, since January, the same month last year (None: nothing kept of then).

    Money is in fen, rates are in tenths of a percent.

    `key` is a LedgerFigure value, "AGREEMENTS_" + an agreement type, or "GROUP_" + a person group.
    """

    key: str
    label: str
    unit: str
    month: int | None
    year: int | None
    year_before: int | None
    indent: bool = False


@dataclass(frozen=True, slots=True)
class LedgerHeader:
    """What stands on top (domain reference 8.3)."""

    station: str
    station_code: str
    build_mode: str
    operation_mode: str
    operator: str
    month: int
    filled_by: str
    manager: str
    supervising_unit: str
    version: int
    number: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LedgerContent:
    """A whole month as it is signed: header, part 1, part 2, part 3, and the journal's head just before it."""

    header: LedgerHeader
    summary: tuple[SummaryRow, ...]
    lists: tuple[LedgerList, ...]
    main_work: str
    problems: str
    plans: str
    head_chain: str
    head_seq: int
    head_hash: str
    made_at: str


def agreements_key(kind: AgreementType) -> str:
    """The summary row of one type of agreement."""
    return f"AGREEMENTS_{kind.value}"


def group_key(group: PersonGroup) -> str:
    """The summary row of one person group."""
    return f"GROUP_{group.value}"


def month_of(day: date) -> int:
    """202611 for any day of November 2026."""
    return day.year * 100 + day.month


def first_day(month: int) -> date:
    """The first day of 202611. ValueError when it is no month."""
    return date(month // 100, month % 100, 1)


def next_month(month: int) -> int:
    """202612 after 202611, 202701 after 202612."""
    return month + 1 if month % 100 < 12 else month + 89


def last_day(month: int) -> date:
    """The last day of 202611."""
    return first_day(next_month(month)) - timedelta(days=1)


def due_on(month: int) -> date:
    """The day on which a month's ledger is due: the 5th of the next one (domain reference 3.7)."""
    return last_day(month) + timedelta(days=GRACE_DAYS)


def month_label(month: int) -> str:
    """2026年11月."""
    return f"{month // 100}年{month % 100}月"


def ledger_number(month: int, station_code: str, version: int) -> str:
    """L202611-ZD-420112015-01-v1 (domain reference 7.12)."""
    return f"L{month}-{station_code}-v{version}"


def is_overdue(submitted_on: date | None, due: date, today: date) -> bool:
    """Whether a month should have been submitted by now and never was: no state, a flag (domain reference 3.7)."""
    return submitted_on is None and today > due


def was_late(submitted_on: date | None, due: date, today: date) -> bool:
    """Whether a month was submitted for the first time after its due day, or is overdue now."""
    return submitted_on > due if submitted_on else is_overdue(submitted_on, due, today)


def state_on(state: LedgerState, month: int, today: date) -> LedgerState:
    """OPEN becomes CLOSABLE when the month is over: the manager may close it then, and should within the days of grace."""
    return LedgerState.CLOSABLE if state is LedgerState.OPEN and today > last_day(month) else state


_STEPS: dict[LedgerStepKind, tuple[frozenset[LedgerState], LedgerState]] = {
    LedgerStepKind.CLOSED: (frozenset({LedgerState.CLOSABLE}), LedgerState.CLOSED),
    LedgerStepKind.SUBMITTED: (frozenset({LedgerState.CLOSED, LedgerState.CORRECTED}), LedgerState.SUBMITTED),
    LedgerStepKind.QUERIED: (frozenset({LedgerState.SUBMITTED}), LedgerState.QUERIED),
    LedgerStepKind.ANSWERED: (frozenset({LedgerState.QUERIED}), LedgerState.SUBMITTED),
    LedgerStepKind.ACCEPTED: (frozenset({LedgerState.SUBMITTED}), LedgerState.ACCEPTED),
    LedgerStepKind.CORRECTED: (
        frozenset({LedgerState.CLOSED, LedgerState.SUBMITTED, LedgerState.QUERIED, LedgerState.ACCEPTED, LedgerState.CORRECTED}),
        LedgerState.CORRECTED,
    ),
}

_REFUSED: dict[LedgerStepKind, str] = {
    LedgerStepKind.CLOSED: "这个月还没过完，或者已经结账，现在不能结账",
    LedgerStepKind.SUBMITTED: "请先结账，再报送",
    LedgerStepKind.QUERIED: "只有已报送、还没接收的台账可以退回核实",
    LedgerStepKind.ANSWERED: "只有退回核实的台账才需要答复",
    LedgerStepKind.ACCEPTED: "只有已报送的台账可以接收",
    LedgerStepKind.CORRECTED: "这个月还没有结账，直接更正就可以，不需要出新版",
}


def after(step: LedgerStepKind, state: LedgerState) -> LedgerState:
    """The state after `step`. RuleBroken with what to do instead when the step does not follow from `state`."""
    allowed, then = _STEPS[step]
    if state not in allowed:
        raise RuleBroken(_REFUSED[step])
    return then


WORDS_MOST = 1000
"""Characters each text of part 3 may have; the three together are meant to come to about 300 (domain reference 8.3)."""

WORDS = {"main_work": "主要工作", "problems": "问题", "plans": "下月打算"}
"""The texts of part 3."""

WORDED_IN = frozenset({LedgerState.OPEN, LedgerState.CLOSABLE, LedgerState.QUERIED})
"""While part 3 may be written: until the month is closed, and again when the supervising unit has queried it."""


def check_words_open(state: LedgerState) -> None:
    """RuleBroken unless part 3 may still be written."""
    if state not in WORDED_IN:
        raise RuleBroken("台账已经结账，文字总结不能再改；监督单位退回核实后可以补写，再出新版。")


def check_closable(state: LedgerState, words: dict[str, str], *, typed_name: str, actor_name: str, unfinished: bool, seen: bool) -> None:
    """RulesBroken with everything that stands in the way of closing.

    `words` are the texts of part 3, `typed_name` is the signature, `unfinished` says that days are unsigned or records
    incomplete, `seen` that whoever signs has ticked that they know it.
    """
    after(LedgerStepKind.CLOSED, state)
    broken: list[RuleBroken] = []
    if missing := [label for name, label in WORDS.items() if not words[name].strip()]:
        broken.append(RuleBroken(f"文字总结还没写：{'、'.join(missing)}。请先写好保存，再结账。"))
    if "".join(typed_name.split()) != actor_name:
        broken.append(RuleBroken(f"请写您自己的姓名“{actor_name}”作为签名。", "signed_name"))
    if unfinished and not seen:
        broken.append(RuleBroken("还有没签认的工作日或没填全的记录。请先补上；确实补不了的，勾选后再结账。", "seen"))
    if broken:
        raise RulesBroken(broken)


def may_decide(actor: Actor, build_mode: BuildMode | str) -> bool:
    """Whether this person belongs to the unit that supervises such a station in their reach (art. 22): it accepts and queries."""
    return actor.role is supervising_role(build_mode)


def check_decides(actor: Actor, build_mode: BuildMode | str, unit: str) -> None:
    """RuleBroken unless this person's unit supervises the station. `unit` is the name of the one that does."""
    if not may_decide(actor, build_mode):
        raise RuleBroken(f"这个驿站由{unit}监督，台账由它接收或者退回；您可以查看。")


def rate(part: int | None, whole: int | None) -> int | None:
    """A share in tenths of a percent, rounded down; None while there is nothing to share."""
    return part * 1000 // whole if part is not None and whole else None


def figure_text(value: int | None, unit: str) -> str:
    """A figure of part 1 as people read it: 1,234.00 for money, 87.5 for a rate, — for none."""
    if value is None:
        return "—"
    if unit == Unit.MONEY.label:
        return f"{value // 100}.{value % 100:02d}"
    if unit == Unit.RATE.label:
        return f"{value // 10}.{value % 10}"
    return str(value)


LEDGER_GROUPS: dict[PersonGroup, tuple[PersonGroup, ...]] = {
    **{
        group: (group,)
        for group in (
            *(PersonGroup.OUT_OF_POVERTY, PersonGroup.DISABLED, PersonGroup.AGE_4050, PersonGroup.VETERAN),
            *(PersonGroup.GRADUATE, PersonGroup.MIGRANT_RURAL, PersonGroup.MIN_LIVING),
        )
    },
    PersonGroup.OTHER_HARD: (
        *(PersonGroup.ZERO_EMP_FAMILY, PersonGroup.MIN_LIVING_EDGE, PersonGroup.RIGID_EXPENSE, PersonGroup.LONG_UNEMP),
        *(PersonGroup.LAND_LOST, PersonGroup.RETIRED_FISHER, PersonGroup.RELEASED, PersonGroup.OTHER_HARD),
    ),
}
"""The eight rows of part 1 about person groups, and which groups each counts; somebody in two of them counts in both."""


def year_before(month: int) -> int:
    """202511 for 202611."""
    return month - 100


def months_since(opened_on: date, today: date) -> Sequence[int]:
    """The months of a station's ledger, newest first: from the one it opened in to this one."""
    found = [month_of(max(opened_on, date(2020, 1, 1)))]
    while found[-1] < month_of(today):
        found.append(next_month(found[-1]))
    return found[::-1] if found[0] <= month_of(today) else []
