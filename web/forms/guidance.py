"""The pages of guided drafting: one question each, and the choice at the end."""

from dataclasses import replace
from typing import Any, Self

from rules.ages import AgeStanding
from rules.agreement_checks import MOST_ONE_OFF_DAYS
from rules.codes import AgreementType, PensionStatus, SettleCycle
from rules.errors import RuleBroken
from rules.guidance.answers import (
    ANSWERS_OF,
    Answers,
    Duration,
    GuardianAnswer,
    Known,
    PaidBy,
    Question,
    WorkerStatus,
    needs_guardian,
    offered_sides,
    standing_of,
)
from rules.guidance.interview import works_at_night
from web.forms.base import Choice, Given, Lines, PageForm, Thousandths, Tick, Whole

YES, NO = "yes", "no"
_YES_NO = [(YES, "是"), (NO, "不是")]
_LONGEST_DAY = 24
_LONGEST_ONCE = 60


class Hours(Thousandths):
    """Hours of a day as people type them, 7.5; kept as minutes."""

    def parse(self, typed: str) -> int:
        """Minutes. RuleBroken: no number, or more than a day has."""
        minutes = super().parse(typed) * 60 // 1000
        if not 0 < minutes <= _LONGEST_DAY * 60:
            raise RuleBroken(f"{self.label.text}请填0到{_LONGEST_DAY}之间的数，如 7.5。", self.name)
        return minutes

    def show(self, value: int) -> str:
        """Hours without trailing zeros."""
        return f"{value / 60:.2f}".rstrip("0").rstrip(".")


class QuestionForm(PageForm):
    """One page. `answers` is what the page says, `to_record`-like; a field that the page does not ask is not there."""

    @classmethod
    def about(cls, known: Known, answers: Answers, typed: Any = None) -> Self:
        """The page as it was answered so far, or as it was posted."""
        given = {name: _raw(value) for name in ANSWERS_OF[cls.question] if (value := getattr(answers, name)) is not None}
        form = cls(typed, data=given)
        form.fit(known, answers)
        return form

    question: Question

    def fit(self, known: Known, answers: Answers) -> None:
        """Leave out what is not asked of these two."""

    @property
    def answers(self) -> dict[str, Any]:
        """What was answered, as it is stored."""
        return {name: value for name in ANSWERS_OF[self.question] if name in self._fields and (value := self._read(name)) is not None}

    def _read(self, name: str) -> Any:
        value = self._fields[name].data
        if isinstance(self._fields[name], Choice):
            return {YES: True, NO: False}.get(value, value or None)
        return value


def _raw(value: Any) -> Any:
    return {True: YES, False: NO}[value] if isinstance(value, bool) else value


class EmployerForm(QuestionForm):
    """Q1."""

    question = Question.EMPLOYER
    employer = Choice("雇主", [Given("请选择雇主是谁。")], blank="")

    def fit(self, known: Known, answers: Answers) -> None:
        """Only what the registration allows."""
        self.employer.choices = [("", ""), *((side.value, side.label) for side in offered_sides(known))]


class AgeForm(QuestionForm):
    """Q2: computed; asks about the pension, and about a minor's guardian and registration."""

    question = Question.AGE
    pension = Choice("领养老金了没有，办退休了没有？", table=PensionStatus, radio=True, blank="", width=6)
    guardian = Choice("监护人同意吗？", [Given("请问监护人同不同意。")], table=GuardianAnswer, radio=True, blank="", width=6)
    registered = Choice(
        "单位已经安排体检，并办好未成年工登记了吗？",
        [Given("请问单位办了没有。")],
        options=[(YES, "办好了"), (NO, "还没有，已提醒单位上岗前办好")],
        radio=True,
        blank="",
        width=6,
    )

    def fit(self, known: Known, answers: Answers) -> None:
        """The pension near the retirement age only; guardian and registration of minors only, the latter with a unit."""
        if not needs_guardian(known, answers):
            del self.guardian
        if not (needs_guardian(known, answers) and answers.unit):
            del self.registered
        by_birth = standing_of(known, replace(answers, pension=None, status=None))
        if by_birth not in {AgeStanding.MAYBE_OVER_AGE, AgeStanding.OVER_AGE} and answers.pension is None:
            del self.pension
        elif by_birth is AgeStanding.MAYBE_OVER_AGE and answers.unit:
            self.pension.validators = [Given("请问本人领养老金了没有、办退休了没有。")]


class StatusForm(QuestionForm):
    """Q3."""

    question = Question.STATUS
    status = Choice("身份", [Given("请选择劳动者是什么身份。")], table=WorkerStatus, blank="")


class SiteForm(QuestionForm):
    """Q8 of the table."""

    question = Question.SITE
    site = Choice("建筑工地", [Given("请选择是不是建筑工地。")], options=_YES_NO, blank="")


class HoursForm(QuestionForm):
    """Q6."""

    question = Question.HOURS
    daily_minutes = Hours("每天几小时（不算休息）", [Given()], width=3)
    days_a_week = Whole("每周几天", [Given()], least=1, most=7, width=3)
    paid_by = Choice("按什么算钱", [Given()], table=PaidBy, width=3)
    settle = Choice("多久结一次", table=SettleCycle, width=3)
    no_night_work = Tick("本人说明依法不能上夜班（只记本人自己说的，不要追问）", width=6)

    def fit(self, known: Known, answers: Answers) -> None:
        """The tick only where somebody who may not work at night would have to."""
        self.no_night_work.data = self.no_night_work.data not in (False, None, NO)
        if not works_at_night(known, answers) or known.gender == "M":
            del self.no_night_work


class ManagedForm(QuestionForm):
    """Q7."""

    question = Question.MANAGED
    managed = Choice("受单位管理", [Given("请选择受不受单位管理。")], options=_YES_NO, blank="")


class DurationForm(QuestionForm):
    """Q5."""

    question = Question.DURATION
    duration = Choice("做多久", [Given("请选择做多久。")], table=Duration, radio=True, blank="", width=6)
    days = Whole("从第一天到最后一天一共几天", [Given()], least=1, most=3660, width=6)
    task_end = Choice(
        "有没有明确的完成点？",
        [Given("请选择有没有明确的完成点。")],
        options=[(YES, "有，做完这件事就结束"), (NO, "没有，按期限算")],
        radio=True,
        blank="",
        width=6,
    )

    def fit(self, known: Known, answers: Answers) -> None:
        """The end of the task matters for a unit's own people only."""
        if not answers.unit or answers.managed is False:
            del self.task_end

    def validate(self, extra_validators: Any = None) -> bool:
        """Once, and longer than a one-off job is: one of the two is wrong."""
        sound = super().validate(extra_validators)
        if sound and self.duration.data == Duration.ONCE.value and (self.days.data or 0) > _LONGEST_ONCE:
            self.days.errors = [f"一次做完的活不会有这么多天。请核对天数，或者改选别的；{MOST_ONE_OFF_DAYS}天以内才按一次性的活办。"]
            sound = False
        return sound


class ResultForm(QuestionForm):
    """Q4."""

    question = Question.RESULT
    result = Choice("交成果", [Given("请选择是不是交成果。")], options=_YES_NO, blank="")


FORMS: dict[Question, type[QuestionForm]] = {
    form.question: form for form in (EmployerForm, AgeForm, StatusForm, SiteForm, HoursForm, ManagedForm, DurationForm, ResultForm)
}
"""The page of each question."""

BY_BUTTON = frozenset({Question.EMPLOYER, Question.STATUS, Question.SITE, Question.MANAGED, Question.RESULT})
"""Questions answered by one press: each choice is a button with its number key."""


class ChoiceForm(PageForm):
    """Which agreement is signed; another one than proposed needs a reason, which prints on the record."""

    chosen = Choice("签哪种", [Given("请选择签哪种协议。")], table=AgreementType, width=6)
    reason = Lines("为什么不按建议（至少5个字，会印在签约指导记录上）", maximum=300, rows=2, width=6)
