"""Guided drafting (签约指导, domain reference 4.2): eight questions, and the table that says which agreement fits.

The table is read from the top: the first row that holds decides. A row may be undecided while an answer is missing; then
the first missing answer is the next question, so nothing is asked that changes nothing. Staff decide, not the table: they
may choose another type with a reason, except where the law stops the matter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from rules.ages import AgeStanding, age_on, age_standing
from rules.agreement_checks import LABOUR_WARNING, MOST_ONE_OFF_DAYS, WRONG_PAPER, agreement_hits, refuse_wrong_paper
from rules.agreement_drafts import AgreementSource
from rules.checks import parameters_on
from rules.codes import TRADES, AgreementType, EmployerKind, Labelled, PayBasis, PayUnit, PensionStatus, Relation, SettleCycle, Trade
from rules.errors import RuleBroken
from rules.jobs import check_reason
from rules.lint import Hit, Severity
from rules.money import yuan
from rules.pay_checks import CheckParameters
from rules.schedule import days, shift_of
from rules.terms import JobTerms

DOMESTIC_TRADES = frozenset({"A01", "A02", "A03", "A04", "A05"})
"""Work in a household (4.2 row 12; the trades of the module A-家政)."""

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
    row = _first_open_or_holding(known, answers)
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


def _first_open_or_holding(known: Known, answers: Answers) -> Row:
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


def needs_guardian(known: Known, answers: Answers) -> bool:
    """Whether somebody of 16 or 17 signs: a guardian is asked for (CC 19, 145)."""
    return standing_of(known, answers) is AgeStanding.JUVENILE


def next_question(known: Known, answers: Answers) -> Question | None:
    """What to ask next; None when the table has its answer and a minor's guardian was asked for."""
    row = _first_open_or_holding(known, answers)
    if row.blocked and row.holds(known, answers):
        return None
    if needs_guardian(known, answers) and (answers.guardian is None or (answers.unit and answers.registered is None)):
        return Question.EMPLOYER if answers.employer is None else Question.AGE
    return row.missing(known, answers)


def asked_questions(known: Known, answers: Answers) -> list[Question]:
    """The questions that mattered so far, in order; the others change nothing for these two."""
    used = {Question.EMPLOYER, Question.AGE}
    for row in ROWS:
        for condition in row.conditions:
            used.add(condition.question)
            if condition.holds(known, answers) is not True:
                break
        if row.holds(known, answers) is not False:
            break
    return [question for question in Question if question in used]


def answered(known: Known, answers: Answers, question: Question) -> bool:
    """Whether the question has an answer."""
    if question is Question.AGE:
        waits = standing_of(known, answers) is AgeStanding.MAYBE_OVER_AGE and answers.unit
        minor = needs_guardian(known, answers) and (answers.guardian is None or (answers.unit and answers.registered is None))
        return not waits and not minor
    first = {Question.HOURS: ("daily_minutes", "days_a_week", "paid_by"), Question.DURATION: ("duration", "days")}
    return all(getattr(answers, name) is not None for name in first.get(question, ANSWERS_OF[question]))


def terms_as_answered(known: Known, answers: Answers) -> JobTerms:
    """The post's terms with what was answered otherwise, for the checks."""
    record, changes = prefilled(known), changed_terms(known, answers)
    if answers.days_a_week and answers.days_a_week != record.days_a_week:
        changes["weekly_days"] = answers.days_a_week
    if answers.settle and answers.settle is not record.settle:
        changes["settle_cycle"] = answers.settle
    return replace(known.terms, **changes)


def works_at_night(known: Known, answers: Answers) -> bool:
    """Whether the shift, as answered, touches the hours between 22:00 and 06:00."""
    shift = shift_of(terms_as_answered(known, answers))
    return bool(shift and shift.night_minutes)


def changed_terms(known: Known, answers: Answers) -> dict[str, Any]:
    """Terms answered otherwise than the post says, of those an agreement may change: last day, hours of the day."""
    terms, record = known.terms, prefilled(known)
    changes: dict[str, Any] = {}
    if answers.days and answers.days != record.days and terms.start_date:
        changes["end_date"] = terms.start_date + timedelta(days=answers.days - 1)
    if answers.daily_minutes and answers.daily_minutes != record.daily_minutes and not terms.live_in:
        start = terms.start_time or time(8)
        end = datetime.combine(known.first_day, start) + timedelta(minutes=answers.daily_minutes + terms.break_minutes)
        changes |= {"start_time": start, "end_time": end.time()}
    return changes


_AT_FIELD = {
    "worker": _Q.AGE,
    "end_date": _Q.DURATION,
    "special_terms": _Q.DURATION,
    "heat_measures": _Q.DURATION,
    "hazard_notice": _Q.AGE,
    "insurance": _Q.STATUS,
    "status": _Q.STATUS,
}
_AT_RULE = {"A06": _Q.SITE, "A22": _Q.AGE, "A23": _Q.EMPLOYER, "A24": _Q.EMPLOYER, "A25": _Q.AGE, "A01": _Q.MANAGED, "A07": _Q.MANAGED}


def question_of(hit: Hit) -> Question:
    """The question whose answer causes the hit."""
    return _AT_RULE.get(hit.rule) or _AT_FIELD.get(hit.field, Question.HOURS)


def guidance_hits(known: Known, answers: Answers, kind: AgreementType | None) -> list[Hit]:
    """What staff must look at if an agreement of `kind` were signed; None: as far as the answers lean.

    While the type is open, what speaks against a type is left out.
    """
    likely = kind or leaning(known, answers)
    found = list(_status_hits(answers))
    if likely is None:
        return found
    unit = answers.employer is not EmployerSide.INDIVIDUAL if answers.employer else known.employer_kind is EmployerKind.UNIT
    hits = agreement_hits(
        likely,
        terms_as_answered(known, answers),
        EmployerKind.UNIT if unit else EmployerKind.INDIVIDUAL,
        standing_of(known, answers),
        parameters=known.parameters,
        gender=known.gender,
        no_night_work=bool(answers.no_night_work),
    )
    if kind is None:
        hits = [hit for hit in hits if hit.rule not in WRONG_PAPER - {"A20", "A21"} | {"A01", "A07"}]
    if answers.guardian is GuardianAnswer.REFUSES and needs_guardian(known, answers):
        message, advice = "监护人不同意或者联系不上，不能签协议。", "请先联系到监护人；本人靠自己的劳动收入生活的，请改选那一项。"
        found.append(_hit("A26", Severity.BLOCK, "worker", "监护人", message, advice, "CC 19, 145"))
    return [*hits, *found]


def _hit(rule: str, severity: Severity, field: str, name: str, message: str, advice: str, basis: str) -> Hit:
    return Hit(rule, severity, field, 0, 0, "", name, rule[0], message, basis, advice)


def _status_hits(answers: Answers) -> list[Hit]:
    if answers.status is WorkerStatus.STUDENT:
        message, advice = "劳动者是在校学生。", "请核对上班不影响上课；学校安排的实习请改选“学校安排的实习”；未满18周岁的按未成年工保护。"
        return [_hit("A16", Severity.WARN, "status", "在校学生", message, advice, "design")]
    if answers.status is WorkerStatus.EMPLOYED:
        message, advice = (
            "劳动者和别的单位有劳动关系，新的工作不得影响原来的合同。",
            "请本人核对原单位的合同和上班时间；由原单位派来的，请改选“借用另一单位的员工”。",
        )
        return [_hit("A17", Severity.WARN, "status", "另有劳动关系", message, advice, "LCL 69")]
    if answers.status is WorkerStatus.DISPATCHED:
        message, advice = (
            "劳动者是劳务派遣公司的员工，劳动合同由派遣公司签。",
            "请先看派遣公司的合同和许可证；不是派来这个岗位的，按和别的单位有劳动关系办。",
        )
        return [_hit("A18", Severity.WARN, "status", "劳务派遣", message, advice, "LCL 58")]
    return []


HINTS: dict[Question, str] = {
    Question.EMPLOYER: "按雇主登记。平台派单的、借别家员工的，请改选。",
    Question.AGE: "按证件上的出生日期和开工那天算，不用问年纪。",
    Question.STATUS: "请问本人。领养老金的、上学的、另有单位的，适用的规定不一样。",
    Question.SITE: "总包或者分包单位在工地上用工算；住户自己请人装修不算。",
    Question.HOURS: "按岗位登记填好了，和双方说好的不一样就改。",
    Question.MANAGED: "单位排班、考勤、奖惩，干的是单位日常的业务，选“是”。自己安排时间、干完就走，选“不是”。",
    Question.DURATION: "完成点：一件事做完就结束，比如一个展会、一批货、一项装修。",
    Question.RESULT: "自带工具、自己定怎么做、按做成的东西结算，选“是”；按时间、听安排干活，选“不是”。",
}
"""How staff ask: one plain sentence under each question."""


def check_choice(known: Known, answers: Answers, chosen: AgreementType, reason: str) -> Proposal:
    """The proposal that the choice follows, or departs from with a reason of at least five characters.

    RuleBroken: a question is open, the law stops the matter (rows 1 and 6, a guardian's refusal), or `chosen` is the
    wrong paper for these two (`rules.agreement_checks.WRONG_PAPER`).
    """
    if answers.employer is not None and answers.employer not in offered_sides(known):
        raise RuleBroken("雇主是谁，要和雇主登记一致。登记错了的，请先更正雇主登记。")
    proposal = propose(known, answers)
    if proposal is not None and proposal.blocked:
        raise RuleBroken(f"不能签协议：{proposal.why}")
    question = next_question(known, answers)
    if proposal is None or question is not None:
        raise RuleBroken(f"还没有问完，请先回答：{question.label if question else '前面的问题'}")
    hits = guidance_hits(known, answers, chosen)
    refuse_wrong_paper([replace(hit, field="chosen") if hit.field == "agreement_type" else hit for hit in hits])
    refused = next((hit for hit in hits if hit.rule == "A26"), None)
    if refused:
        raise RuleBroken(refused.message + refused.advice)
    if chosen is not proposal.kind:
        if not reason.strip():
            raise RuleBroken("没有按建议选类型，请写明原因。", "reason")
        check_reason(reason)
    return proposal


def age_text(known: Known, answers: Answers) -> str:
    """The worker's age on the first day and what follows from it, without the birth date."""
    words = {
        AgeStanding.UNDER_16: "未满16周岁，不得用工",
        AgeStanding.JUVENILE: "未成年工（16至18周岁）",
        AgeStanding.NORMAL: "未到法定退休年龄",
        AgeStanding.MAYBE_OVER_AGE: "可能已到退休年龄，要问养老金",
        AgeStanding.OVER_AGE: "超过法定退休年龄，或者已领养老金",
    }
    return f"开工时{age_on(known.birth_date, known.first_day)}周岁，{words[standing_of(known, answers)]}"


def answer_text(known: Known, answers: Answers, question: Question) -> str:
    """The answer to a question in words, "" where there is none."""
    yes = {True: "是", False: "不是"}
    match question:
        case Question.EMPLOYER:
            return answers.employer.label if answers.employer else ""
        case Question.AGE:
            parts = [age_text(known, answers)]
            if answers.pension:
                parts.append(answers.pension.label)
            if answers.guardian and needs_guardian(known, answers):
                parts.append(answers.guardian.label)
            if answers.registered is not None and needs_guardian(known, answers):
                parts.append("已体检并登记" if answers.registered else "还没体检登记，已提醒单位上岗前办好")
            return "；".join(parts)
        case Question.STATUS:
            return answers.status.label if answers.status else ""
        case Question.HOURS:
            return "，".join(_hours_words(answers))
        case Question.DURATION:
            return "，".join(_duration_words(answers))
        case Question.SITE | Question.MANAGED | Question.RESULT:
            given = getattr(answers, ANSWERS_OF[question][0])
            return "" if given is None else yes[given]
    return ""


def _hours_words(answers: Answers) -> list[str]:
    words = []
    if answers.daily_minutes is not None:
        words.append(f"每天{hours_text(answers.daily_minutes)}")
    if answers.days_a_week is not None:
        words.append(f"每周{answers.days_a_week}天")
    words += [each.label for each in (answers.paid_by, answers.settle) if each]
    return [*words, "本人说明不能上夜班"] if answers.no_night_work else words


def _duration_words(answers: Answers) -> list[str]:
    words = [answers.duration.label] if answers.duration else []
    if answers.days is not None:
        words.append(f"{answers.days}天")
    if answers.task_end is not None:
        words.append("有明确的完成点" if answers.task_end else "没有明确的完成点")
    return words
