"""The questions of guided drafting, and what record and people answer to them (domain reference 4.2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from rules.ages import AgeStanding, age_standing
from rules.agreement_checks import MOST_ONE_OFF_DAYS
from rules.agreement_drafts import AgreementSource
from rules.checks import parameters_on
from rules.codes import TRADES, EmployerKind, Labelled, PayBasis, PayUnit, PensionStatus, Relation, SettleCycle, Trade
from rules.pay_checks import CheckParameters
from rules.schedule import days, shift_of
from rules.terms import JobTerms

_MONTH = 28
"""Calendar days from which work counts as going on for a month."""


class Question(Labelled):
    """The questions in the order in which they are asked; the value stands in the address of its page."""

    EMPLOYER = "employer", "雇主是谁？"
    AGE = "age", "劳动者多大年纪？"
    STATUS = "status", "劳动者是什么身份？"
    SITE = "site", "是不是在建筑工地干活（总包或者分包单位用工）？"
    HOURS = "hours", "每天几小时，怎么算钱，多久结一次？"
    MANAGED = "managed", "受不受单位管理，是不是单位业务的一部分？"
    DURATION = "duration", "做多久，有没有明确的完成点？"
    RESULT = "result", "是不是交“成果”？"

    @property
    def short(self) -> str:
        """The question in a word, for the row of steps."""
        return _SHORT[self.value]


_SHORT = {
    "employer": "雇主",
    "age": "年龄",
    "status": "身份",
    "site": "工地",
    "hours": "工时工钱",
    "managed": "受谁管",
    "duration": "做多久",
    "result": "成果",
}


class EmployerSide(Labelled):
    """Q1. Who asks for the work."""

    UNIT = "UNIT", "单位（企业、个体户、组织）"
    INDIVIDUAL = "INDIVIDUAL", "个人或者家庭"
    PLATFORM = "PLATFORM", "平台，或者平台的合作企业"
    BORROWED = "BORROWED", "单位借用另一单位的员工"


class WorkerStatus(Labelled):
    """Q3. What else the worker is."""

    NONE = "NONE", "没有下面这些情况"
    STUDENT = "STUDENT", "在校学生，课余自己找的活"
    INTERN = "INTERN", "在校学生，学校安排的实习"
    PENSION = "PENSION", "已领养老金，或者已办退休（含提前退休）"
    EMPLOYED = "EMPLOYED", "和别的单位有劳动关系"
    DISPATCHED = "DISPATCHED", "劳务派遣公司派来的"


class GuardianAnswer(Labelled):
    """Q2, for 16 and 17 years: who consents (CC 18, 19)."""

    AGREES = "AGREES", "监护人同意，会到场签名"
    OWN_INCOME = "OWN_INCOME", "本人以自己的劳动收入为主要生活来源"
    REFUSES = "REFUSES", "监护人不同意，或者联系不上"


class Duration(Labelled):
    """Q5. How long the work lasts."""

    ONCE = "ONCE", "一次，做完就结束"
    ON_AND_OFF = "ON_AND_OFF", "断断续续，有活再来"
    CONTINUOUS = "CONTINUOUS", "连续一个月以上"


class PaidBy(Labelled):
    """Q6. What the pay is reckoned by."""

    HOUR = "HOUR", "按小时"
    DAY = "DAY", "按天或者按夜班"
    PIECE = "PIECE", "计件"
    LUMP = "LUMP", "包干"
    MONTH = "MONTH", "按月"


@dataclass(frozen=True, slots=True)
class Known:
    """What post, employer and worker already say. `today` counts where the post has no first day."""

    terms: JobTerms
    employer_kind: EmployerKind
    birth_date: date
    gender: str | None
    pension: PensionStatus | None
    today: date
    parameters: CheckParameters

    @property
    def first_day(self) -> date:
        """The day on which the worker's age counts (4.3)."""
        return self.terms.start_date or self.today

    @property
    def span(self) -> int | None:
        """Calendar days of the post; None without a first day."""
        start = self.terms.start_date
        return days(start, self.terms.end_date or start) if start else None

    @property
    def daily_minutes(self) -> int | None:
        """Paid minutes of a day of the post; None where the post says no hours."""
        shift = shift_of(self.terms)
        return shift.paid_minutes if shift and not self.terms.live_in else None


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered so far; None is not answered. `days` are calendar days, `daily_minutes` paid minutes of a day."""

    employer: EmployerSide | None = None
    pension: PensionStatus | None = None
    guardian: GuardianAnswer | None = None
    registered: bool | None = None
    status: WorkerStatus | None = None
    site: bool | None = None
    daily_minutes: int | None = None
    days_a_week: int | None = None
    paid_by: PaidBy | None = None
    settle: SettleCycle | None = None
    no_night_work: bool | None = None
    managed: bool | None = None
    duration: Duration | None = None
    days: int | None = None
    task_end: bool | None = None
    result: bool | None = None

    @property
    def unit(self) -> bool | None:
        """Whether the employer is a unit that hires for itself."""
        return None if self.employer is None else self.employer is EmployerSide.UNIT


_READERS: dict[str, Callable[[Any], Any]] = {
    "employer": EmployerSide,
    "pension": PensionStatus,
    "guardian": GuardianAnswer,
    "status": WorkerStatus,
    "paid_by": PaidBy,
    "settle": SettleCycle,
    "duration": Duration,
    "daily_minutes": int,
    "days_a_week": int,
    "days": int,
}


def known_of(source: AgreementSource, today: date) -> Known:
    """What the record says about one referral. ParameterMissing where no legal value is in force on the first day."""
    first_day = source.terms.start_date or today
    return Known(
        terms=source.terms,
        employer_kind=source.employer_kind,
        birth_date=source.birth_date,
        gender=source.gender,
        pension=source.pension,
        today=today,
        parameters=parameters_on(source.wage_rows, max(first_day, today)),
    )


ANSWERS_OF: dict[Question, tuple[str, ...]] = {
    Question.EMPLOYER: ("employer",),
    Question.AGE: ("pension", "guardian", "registered"),
    Question.STATUS: ("status",),
    Question.SITE: ("site",),
    Question.HOURS: ("daily_minutes", "days_a_week", "paid_by", "settle", "no_night_work"),
    Question.MANAGED: ("managed",),
    Question.DURATION: ("duration", "days", "task_end"),
    Question.RESULT: ("result",),
}
"""Which answers each question fills."""


def to_record(answers: Answers) -> dict[str, Any]:
    """The answers given, as JSON values."""
    given = {field.name: getattr(answers, field.name) for field in fields(answers)}
    return {name: value.value if isinstance(value, Labelled) else value for name, value in given.items() if value is not None}


def from_record(record: Mapping[str, Any]) -> Answers:
    """Stored answers. What no longer reads (an older list of choices) counts as not answered."""
    read: dict[str, Any] = {}
    for field in fields(Answers):
        value = record.get(field.name)
        try:
            read[field.name] = None if value is None else _READERS.get(field.name, bool)(value)
        except ValueError:
            read[field.name] = None
    return Answers(**read)


_PAID_BY = {
    PayUnit.HOUR: PaidBy.HOUR,
    PayUnit.DAY: PaidBy.DAY,
    PayUnit.NIGHT: PaidBy.DAY,
    PayUnit.MONTH: PaidBy.MONTH,
    PayUnit.TIME: PaidBy.LUMP,
}


def _paid_by(terms: JobTerms) -> PaidBy | None:
    if terms.pay_unit is None:
        return None
    if terms.pay_basis is PayBasis.LUMP_SUM:
        return PaidBy.LUMP
    return _PAID_BY.get(terms.pay_unit, PaidBy.PIECE)


def offered_sides(known: Known) -> tuple[EmployerSide, ...]:
    """The answers to Q1 that the employer's registration allows."""
    if known.employer_kind is EmployerKind.INDIVIDUAL:
        return (EmployerSide.INDIVIDUAL,)
    return (EmployerSide.UNIT, EmployerSide.PLATFORM, EmployerSide.BORROWED)


def with_record(known: Known, given: Mapping[str, Any]) -> Answers:
    """What a person answered (stored, see `to_record`), and for the rest what the record answers."""
    return from_record({**to_record(prefilled(known)), **given})


def prefilled(known: Known) -> Answers:
    """What the record answers by itself: nobody is asked twice."""
    terms, trade = known.terms, TRADES.get(known.terms.trade)
    paid_by, span = _paid_by(terms), known.span
    side = EmployerSide.UNIT if known.employer_kind is EmployerKind.UNIT else EmployerSide.INDIVIDUAL
    building = trade is None or trade.code.startswith("D") or trade.code == "Z99"
    return Answers(
        employer=EmployerSide.PLATFORM if trade and trade.platform and side is EmployerSide.UNIT else side,
        pension=known.pension,
        status=WorkerStatus.PENSION if known.pension is PensionStatus.YES else None,
        site=None if building else False,
        daily_minutes=known.daily_minutes,
        days_a_week=terms.weekly_days or (min(span, 7) if span else None),
        paid_by=paid_by,
        settle=terms.settle_cycle,
        duration=_duration(span),
        days=span,
        # Paid for time, not for what is handed over: no contract for a result.
        result=False if paid_by in {PaidBy.HOUR, PaidBy.DAY, PaidBy.MONTH} else None,
    )


def _duration(span: int | None) -> Duration | None:
    if span is None or MOST_ONE_OFF_DAYS < span < _MONTH:
        return None
    return Duration.ONCE if span <= MOST_ONE_OFF_DAYS else Duration.CONTINUOUS


def suggested(known: Known) -> Answers:
    """Likely answers to what nobody knows yet: offered first, never taken without a person."""
    relation, trade = known.terms.relation, TRADES.get(known.terms.trade)
    managed = {
        Relation.PART_TIME: True,
        Relation.FIXED: True,
        Relation.OVER_AGE: True,
        Relation.ONE_OFF_SERVICE: False,
        Relation.WORK_RESULT: False,
    }
    return Answers(
        status=WorkerStatus.NONE,
        site=bool(trade and trade.site),
        managed=managed.get(relation),
        result=True if relation is Relation.WORK_RESULT else None,
        duration=Duration.ON_AND_OFF,
        task_end=_likely_task_end(known, trade),
    )


def _likely_task_end(known: Known, trade: Trade | None) -> bool | None:
    """Work of a month and more that is paid for time goes by the term; what is built may end with the thing built."""
    by_time = _paid_by(known.terms) in {PaidBy.HOUR, PaidBy.DAY, PaidBy.MONTH}
    goes_on = _duration(known.span) is Duration.CONTINUOUS
    return False if by_time and goes_on and trade and not trade.code.startswith("D") else None


def standing_of(known: Known, answers: Answers) -> AgeStanding:
    """How the law treats the worker on the first day. Who draws a pension is over age at any age (OVER 2)."""
    return age_standing(known.birth_date, known.gender, known.first_day, pension_of(answers))


def pension_of(answers: Answers) -> PensionStatus | None:
    """Whether a pension is drawn, from both questions that may tell it; None where nobody asked."""
    if answers.status is WorkerStatus.PENSION and answers.pension is not PensionStatus.DELAYED:
        return PensionStatus.YES
    return answers.pension


def needs_guardian(known: Known, answers: Answers) -> bool:
    """Whether somebody of 16 or 17 signs: a guardian is asked for (CC 19, 145)."""
    return standing_of(known, answers) is AgeStanding.JUVENILE
