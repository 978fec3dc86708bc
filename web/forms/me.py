"""The forms of a worker's own pages (我的): applying, answering, changing, asking, leaving."""

from rules.codes import RightsKind, WorkerDecline
from rules.wishes import NEEDS_CARD, SEEKER_FIELDS
from web.forms.base import Choice, Given, Line, Lines, PageForm, Tick

_YES = "yes"
_ASKABLE = [
    (RightsKind.CORRECT.value, "更正姓名、证件或者电话"),
    (RightsKind.EXPLAIN.value, "想知道为什么给我（没给我）介绍这个活"),
    (RightsKind.COPY.value, "要一份纸质的“我的信息”"),
]
REPLYING = (RightsKind.REPLY.value, "对暂停推荐，说明我的情况")


class ApplicationForm(PageForm):
    """The consent of its own that goes with an application (PIPL art. 23)."""

    consent = Tick("我同意", [Given("同意把联系方式提供给雇主，才能报名。看明白后请打勾。")])


class AnswerForm(PageForm):
    """Goes, with a consent of its own, or does not go, with a reason."""

    answer = Choice(
        "您去不去", [Given("请选择去还是不去。")], options=[(_YES, "去"), ("no", "不去")], blank="", default="", radio=True, width=6
    )
    consent = Tick("我同意上面这句话", width=6)
    worker_reason = Choice("不去的原因", table=WorkerDecline, width=6)
    worker_note = Line("想补充的话", maximum=100, width=6)

    @property
    def goes(self) -> bool:
        """Whether the worker said yes."""
        return self.answer.data == _YES

    def validate(self, extra_validators: object = None) -> bool:
        """A yes needs the ticked consent, a no its reason."""
        valid = super().validate()
        if self.goes and not self.consent.data:
            self.consent.errors = [*self.consent.errors, "要去的，请看明白上面这句话，同意后打勾。"]
            return False
        if self.answer.data and not self.goes and not self.worker_reason.data:
            self.worker_reason.errors = [*self.worker_reason.errors, "请选择不去的原因。"]
            return False
        return valid


class RequestForm(PageForm):
    """What the person wants done about the own data."""

    kind = Choice("要办什么", [Given()], options=[*_ASKABLE, REPLYING], radio=True, blank="", default="", width=6)
    field = Choice("哪一项不对", options=[(name, SEEKER_FIELDS[name]) for name in NEEDS_CARD], blank="不是更正，或者别的", width=6)
    details = Lines("请写明", maximum=500, rows=4, hint="更正的，写应该是什么；证件号码和电话到驿站带证件当面改，不用写在这里", width=6)

    @property
    def chosen(self) -> RightsKind | None:
        """The kind that was chosen; None for none, or for one that is not asked for here."""
        return RightsKind(self.kind.data) if self.kind.data in {value for value, _ in self.kind.choices} - {""} else None


class ClosingForm(PageForm):
    """The person has read what follows and wants it."""

    understood = Tick("我看明白了，要注销登记、撤回同意", [Given("请看明白上面的后果，确定要注销的请打勾。")], width=6)
    reason = Line("原因（可以不填）", maximum=100, width=6)


class WithdrawalForm(PageForm):
    """One consent is taken back."""

    understood = Tick("我看明白了，要撤回", [Given("请看明白后果，确定要撤回的请打勾。")], width=6)


class RequestBackForm(PageForm):
    """A request that is taken back."""

    request = Line("请求", [Given()], maximum=20)


class SuggestionsForm(PageForm):
    """Whether the system may suggest the person: 1 or 0."""

    wanted = Line("系统推荐", [Given()], maximum=1)
