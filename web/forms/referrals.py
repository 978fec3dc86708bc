"""Proposing a seeker, and what worker and employer answered."""

from typing import Any

from wtforms import Form

from rules.codes import ConsentMethod, EmployerDecline, ReferralState, WorkerDecline
from rules.text import clean_line
from web.forms.base import Choice, Given, Line, PageForm, Tick

_YES = "yes"


class ProposeForm(PageForm):
    """One button per candidate: the seeker's number."""

    seeker = Line("求职者编号", [Given()], maximum=20)


class WorkerAnswerForm(PageForm):
    """Goes, with a consent of its own, or does not go, with a reason."""

    answer = Choice(
        "零工怎么说",
        [Given("请选择零工去还是不去。")],
        options=[(_YES, "去"), ("no", "不去")],
        blank="",
        default="",
        radio=True,
        id="worker-answer",
    )
    method = Choice("怎样同意的", options=[(each.value, each.label) for each in ConsentMethod if each is not ConsentMethod.ONLINE])
    consent = Tick("本人听过（看过）上面这句话，同意")
    worker_reason = Choice("不去的原因", table=WorkerDecline)
    worker_note = Line("说明", maximum=100)

    @property
    def goes(self) -> bool:
        """Whether the worker said yes."""
        return self.answer.data == _YES

    def validate(self, extra_validators: object = None) -> bool:
        """A yes needs the ticked consent and how it was given."""
        valid = super().validate()
        if self.goes and not self.consent.data:
            self.consent.errors = [*self.consent.errors, "请先征得零工同意，再把联系方式提供给雇主。同意后请打勾。"]
            valid = False
        if self.goes and not self.method.data:
            self.method.errors = [*self.method.errors, "请选择本人是怎样同意的。"]
            valid = False
        return valid


class EmployerAnswerForm(PageForm):
    """Takes the worker (who answered), or does not, with a reason."""

    answer = Choice(
        "雇主怎么说",
        [Given("请选择雇主要还是不要。")],
        options=[(_YES, "要"), ("no", "不要")],
        blank="",
        default="",
        radio=True,
        id="employer-answer",
    )
    answered_by = Line("雇主那边谁答复的", maximum=40)
    employer_reason = Choice("不要的原因", table=EmployerDecline)
    employer_note = Line("说明", maximum=100)

    @property
    def takes(self) -> bool:
        """Whether the employer said yes."""
        return self.answer.data == _YES


class CancellationForm(PageForm):
    """Why the employer cancelled after both had said yes."""

    reason = Line("雇主取消的原因", [Given()], maximum=150, id="cancellation-reason")


class NoShowForm(PageForm):
    """What is known about the worker who did not come."""

    reason = Line("未到岗的情况", [Given()], maximum=150, id="no-show-reason")


class ReferralFilterForm(Form):
    """What the list is narrowed to; unknown values are dropped."""

    word = Line("姓名、岗位、雇主或编号", maximum=40)
    state = Choice("状态", table=ReferralState, blank="全部")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.state.data not in {value for value, _ in self.state.choices}:
            self.state.data = ""
        self.word.data = clean_line(self.word.data or "")[:40]
