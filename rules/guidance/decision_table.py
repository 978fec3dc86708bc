"""The decision table (domain reference 4.2): the first row that holds says which agreement fits, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rules.ages import AgeStanding
from rules.agreement_checks import LABOUR_WARNING, MOST_ONE_OFF_DAYS
from rules.codes import AgreementType
from rules.guidance.answers import (
    Answers,
    Duration,
    EmployerSide,
    Known,
    PaidBy,
    Question,
    WorkerStatus,
    from_record,
    standing_of,
    suggested,
    to_record,
)
from rules.money import yuan

DOMESTIC_TRADES = frozenset({"A01", "A02", "A03", "A04", "A05"})
"""Work in a household (4.2 row 12; the trades of the module A-家政)."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing a row asks: the question that answers it, and whether it holds (None: not answered yet)."""

    question: Question
    holds: Callable[[Known, Answers], bool | None]


def _is(question: Question, name: str, value: Any) -> Condition:
    def holds(_: Known, answers: Answers) -> bool | None:
        given = getattr(answers, name)
        return None if given is None else given == value

    return Condition(question, holds)


def _under_16(known: Known, answers: Answers) -> bool | None:
    return standing_of(known, answers) is AgeStanding.UNDER_16


def _age_settled(known: Known, answers: Answers) -> bool | None:
    return None if standing_of(known, answers) is AgeStanding.MAYBE_OVER_AGE else True


def _over_age(known: Known, answers: Answers) -> bool | None:
    standing = standing_of(known, answers)
    if standing is AgeStanding.OVER_AGE:
        return True
    # Who retired early cannot be told from the birth date.
    unknown = standing is AgeStanding.MAYBE_OVER_AGE or (answers.status is None and answers.pension is None)
    return None if unknown else False


def _few_hours(known: Known, answers: Answers) -> bool | None:
    if answers.daily_minutes is None:
        return None
    return answers.daily_minutes <= known.parameters.part_time_daily_hours * 60


def _few_hours_a_week(known: Known, answers: Answers) -> bool | None:
    if answers.daily_minutes is None or answers.days_a_week is None:
        return None
    return answers.daily_minutes * answers.days_a_week <= known.parameters.part_time_weekly_hours * 60


def _short(_: Known, answers: Answers) -> bool | None:
    return None if answers.days is None else answers.days <= MOST_ONE_OFF_DAYS


def _domestic(known: Known, _: Answers) -> bool | None:
    return known.terms.trade in DOMESTIC_TRADES


_Q, _T = Question, AgreementType

_UNIT = _is(_Q.EMPLOYER, "employer", EmployerSide.UNIT)

_HOUSEHOLD = _is(_Q.EMPLOYER, "employer", EmployerSide.INDIVIDUAL)

_MANAGED = _is(_Q.MANAGED, "managed", True)

_FREE = _is(_Q.MANAGED, "managed", False)

_A_RESULT = _is(_Q.RESULT, "result", True)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the decision table. `why` completes one sentence; `blocked` rows stop the matter."""

    number: int
    kind: AgreementType | None
    conditions: tuple[Condition, ...]
    why: str
    notes: tuple[str, ...] = ()
    blocked: bool = False

    def holds(self, known: Known, answers: Answers) -> bool | None:
        """True, False, or None while an answer that it needs is missing."""
        truths = [condition.holds(known, answers) for condition in self.conditions]
        if False in truths:
            return False
        return None if None in truths else True

    def missing(self, known: Known, answers: Answers) -> Question | None:
        """The first question that keeps the row undecided."""
        return next((condition.question for condition in self.conditions if condition.holds(known, answers) is None), None)


ROWS: tuple[Row, ...] = (
    Row(
        1,
        None,
        (Condition(_Q.AGE, _under_16),),
        "劳动者到开工那天未满16周岁，不得招用未满16周岁人员。",
        ("请停止办理。有困难的，可以联系社区。",),
        blocked=True,
    ),
    Row(
        2,
        _T.SHARED_LABOUR_3P,
        (_is(_Q.EMPLOYER, "employer", EmployerSide.BORROWED),),
        "一家单位借用另一家单位的员工，原单位、借用单位和劳动者三方要一起签。",
        ("三方都要到场签字；劳动关系还在原单位，工资和社会保险由原单位负责，借用单位不得从中收费。",),
    ),
    Row(
        3,
        _T.PLATFORM_WRITTEN,
        (_is(_Q.EMPLOYER, "employer", EmployerSide.PLATFORM),),
        "由平台派单、由平台管理，但又不完全像单位员工，所以签新就业形态书面协议。",
        ("请用人社部门发布的文本，本系统打印要点核对表。", "完全按员工管理的（固定上下班、服从全部安排），应当签劳动合同。"),
    ),
    Row(
        4,
        _T.FIXED_TASK,
        (_UNIT, _is(_Q.SITE, "site", True)),
        "建筑工地的总包或者分包单位用工，应当签劳动合同，通常以完成一定工作任务为期限。",
        ("进场前要实名登记；工资由专用账户按月发到本人。",),
    ),
    Row(
        5,
        _T.OVER_AGE,
        (_UNIT, Condition(_Q.AGE, _age_settled), Condition(_Q.STATUS, _over_age)),
        "单位招用超过法定退休年龄（或者已领养老金）的人员，应当签书面的超龄用工协议。",
        ("必须书面签订，单位要为本人参加工伤保险。", "一般不安排加班，不安排危险作业。"),
    ),
    Row(
        6,
        None,
        (_UNIT, _is(_Q.STATUS, "status", WorkerStatus.INTERN)),
        "学校安排的实习要签学校、单位和学生的三方实习协议，驿站不提供。",
        ("请让学生找学校办理；未满16周岁的一律不得用工。",),
        blocked=True,
    ),
    Row(
        7,
        _T.PART_TIME,
        (
            _UNIT,
            _is(_Q.HOURS, "paid_by", PaidBy.HOUR),
            Condition(_Q.HOURS, _few_hours),
            Condition(_Q.HOURS, _few_hours_a_week),
            _MANAGED,
        ),
        "受单位管理，每天{每天}、每周{每周}，按小时计酬，没有超过每天{日限}小时、每周{周限}小时，所以签非全日制用工劳动合同。",
        ("工钱不低于每小时{小时最低工资}元；最长{结算天数}天结一次；不能约定试用期。",),
    ),
    Row(
        8,
        _T.FIXED_TASK,
        (_UNIT, _MANAGED, _is(_Q.DURATION, "task_end", True)),
        "受单位管理，又有明确的完成点，所以签以完成一定工作任务为期限的劳动合同。",
        ("不能约定试用期；请用官方示范文本，本系统打印要点核对表。",),
    ),
    Row(
        9,
        _T.FIXED_TERM,
        (_UNIT, _MANAGED),
        "受单位管理，做的是单位业务的一部分，工时或者计酬方式又不是小时工，所以签固定期限劳动合同。",
        ("工资不低于每月{月最低工资}元；单位要缴社会保险；请用官方示范文本，本系统打印要点核对表。",),
    ),
    Row(
        10,
        _T.WORK_RESULT,
        (_UNIT, _A_RESULT, _FREE),
        "自带工具、自己安排怎么做、按成果结算，不受单位管理，所以签承揽协议。",
    ),
    Row(
        11,
        _T.ONE_OFF_SERVICE,
        (_UNIT, _FREE, _is(_Q.DURATION, "duration", Duration.ONCE), Condition(_Q.DURATION, _short)),
        "单位一次性的活，不超过{天限}天，不受单位管理，所以签零工劳务协议。",
        (LABOUR_WARNING,),
    ),
    Row(
        12,
        _T.DOMESTIC,
        (_HOUSEHOLD, Condition(_Q.EMPLOYER, _domestic)),
        "家庭请人做家务、照顾人，所以签家政服务协议。",
        ("家政公司派人来的，请公司也一起签。",),
    ),
    Row(
        13,
        _T.WORK_RESULT,
        (_HOUSEHOLD, _A_RESULT),
        "个人请人交一件成果，对方自带工具、自己安排怎么做，所以签承揽协议。",
    ),
    Row(
        14,
        _T.ONE_OFF_SERVICE,
        (_HOUSEHOLD,),
        "个人或者家庭请人干活，所以签零工劳务协议。",
        ("干活时伤了别人，由接受劳务的一方先承担责任；干活的人自己受伤，按双方各自的过错承担。建议买意外险。",),
    ),
    Row(
        15,
        None,
        (),
        "前面的情况都不符合，要由工作人员和法律服务点一起定用哪种协议。",
        ("请先联系法律服务点；定好以后在下面选类型并写明原因。",),
    ),
)
"""The decision table of 4.2: the first row that holds decides."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the table says. `kind` None: no type is proposed; with `blocked` nothing may be signed here at all."""

    kind: AgreementType | None
    row: int
    why: str
    notes: tuple[str, ...] = ()
    blocked: bool = False


def propose(known: Known, answers: Answers) -> Proposal | None:
    """The proposal, or None while an answer is missing that the table needs."""
    row = first_open_or_holding(known, answers)
    if row.holds(known, answers) is None:
        return None
    words = _words(known, answers)
    return Proposal(row.kind, row.number, _filled(row.why, words), tuple(_filled(note, words) for note in row.notes), row.blocked)


def leanings(known: Known, answers: Answers) -> tuple[AgreementType, ...]:
    """The types it may still come to if the likely answers are right, in the order of the table. For hints and warnings only."""
    likely = from_record({**to_record(suggested(known)), **to_record(answers)})
    found: list[AgreementType] = []
    for row in ROWS:
        holds = row.holds(known, likely)
        if holds is not False and row.kind and row.kind not in found:
            found.append(row.kind)
        if holds:
            break
    return tuple(found)


def leaning(known: Known, answers: Answers) -> AgreementType | None:
    """The first of `leanings`: the type whose warnings are given while the type is open; None where no type is left."""
    return next(iter(leanings(known, answers)), None)


def first_open_or_holding(known: Known, answers: Answers) -> Row:
    """The first row that holds or is not decided yet; the last row always holds."""
    return next(row for row in ROWS if row.holds(known, answers) is not False)


def _filled(text: str, words: Mapping[str, str]) -> str:
    for name, word in words.items():
        text = text.replace(f"{{{name}}}", word)
    return text


def _words(known: Known, answers: Answers) -> dict[str, str]:
    limits = known.parameters
    daily, weekly = answers.daily_minutes or 0, (answers.daily_minutes or 0) * (answers.days_a_week or 0)
    return {
        "每天": hours_text(daily),
        "每周": hours_text(weekly),
        "日限": str(limits.part_time_daily_hours),
        "周限": str(limits.part_time_weekly_hours),
        "结算天数": str(limits.part_time_cycle_days),
        "小时最低工资": yuan(limits.minimum_wage.hour_fen),
        "月最低工资": yuan(limits.minimum_wage.month_fen),
        "天限": str(MOST_ONE_OFF_DAYS),
    }


def hours_text(minutes: int) -> str:
    """Minutes as people say them: "4小时", "3.5小时"."""
    return f"{minutes / 60:.2f}".rstrip("0").rstrip(".") + "小时"
