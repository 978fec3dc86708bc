"""What was said in a call-back (12.4): one answer per question, each with a key."""

from typing import Any

from wtforms import Form

from rules.codes import FollowUpKind, FollowUpMethod, FollowUpResult, HiresAgain, PayState, Performance, Side
from rules.followups import RESULTS, Answers, questions
from web.forms.base import Choice, Day, Given, Line, Lines, Money, PageForm, Whole

YES_NO = [("no", "没有"), ("yes", "有")]
SCORES = [("1", "很不满意"), ("2", "不满意"), ("3", "一般"), ("4", "满意"), ("5", "很满意")]
METHODS = [(each.value, each.label) for each in FollowUpMethod if each is not FollowUpMethod.OWN_PAGE]
_PAID_BY_EMPLOYER = [
    (PayState.PAID.value, "都付了"),
    (PayState.PARTLY.value, "付了一部分"),
    (PayState.UNPAID.value, "还没付"),
    (PayState.NOT_DUE.value, PayState.NOT_DUE.label),
]


def _radio(label: str, **given: Any) -> Choice:
    return Choice(label, radio=True, blank="", default="", width=6, **given)


class FollowUpForm(PageForm):
    """The questions of one call-back; `asked` are those of this kind and side, in the order of asking."""

    method = Choice("怎样问的", [Given()], options=METHODS, blank=None, default=FollowUpMethod.PHONE.value)
    made_on = Day("哪天问的", width=2, hint="不填就是今天")
    late_reason = Line("补记的原因", maximum=200, width=2, hint="一天以前问的才填")
    result = _radio("到岗了吗", table=FollowUpResult)
    arrived = Whole("来了几个人", least=0, most=999, width=2)
    performance = _radio("干得怎么样", table=Performance)
    pay = _radio("钱到手了吗", table=PayState)
    pay_fen = Money("拿到多少元", width=2)
    injured = _radio("有没有受伤", options=YES_NO)
    disputed = _radio("有没有纠纷", options=YES_NO)
    agreement_got = _radio("签协议了吗", options=[("yes", "签了，有一份在手里"), ("no", "没有")])
    fee_charged = _radio("有人收过您的钱吗", options=YES_NO)
    satisfaction = _radio("满意吗（1到5分）", options=SCORES)
    again = _radio("以后还用人吗", table=HiresAgain)
    spoken_with = Line("跟谁说的", maximum=40, width=2, hint="例如：现场的周师傅")
    note = Lines("说明", maximum=400, rows=2, width=6)

    def __init__(self, *args: Any, kind: FollowUpKind, side: Side, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = questions(kind, side)
        self.result.choices = [("", ""), *((each.value, each.label) for each in RESULTS[kind])]
        if side is Side.EMPLOYER:
            self.pay.choices = [("", ""), *_PAID_BY_EMPLOYER]
            self.pay.label.text, self.fee_charged.label.text = "报酬按期付了吗", "有人收过你们的钱吗"
            self.note.label.text = "意见和建议"
        elif kind is FollowUpKind.PAY:
            self.pay.choices = [pair for pair in self.pay.choices if pair[0] != PayState.NOT_DUE.value]
        else:
            self.note.label.text = "要帮什么忙、还有什么要说"

    @property
    def answers(self) -> Answers:
        """What was said; questions that are not asked of this side are left out."""
        said = {name: self._said(name) for name in self.asked}
        return Answers(method=FollowUpMethod(self.method.data), answered=True, **said)

    @property
    def in_vain(self) -> Answers:
        """A call nobody answered."""
        known = self.method.data in dict(METHODS)
        return Answers(method=FollowUpMethod(self.method.data) if known else FollowUpMethod.PHONE, answered=False)

    def _said(self, name: str) -> Any:
        data = self[name].data
        if name in ("injured", "disputed", "agreement_got", "fee_charged"):
            return {"yes": True, "no": False}.get(data or "")
        if name == "satisfaction":
            return int(data) if data else None
        if name in ("result", "performance", "pay", "again"):
            return self[name].chosen
        return data if name in ("arrived", "pay_fen") else data or ""


class OwnAnswerForm(FollowUpForm):
    """The same questions, answered by the worker on the own phone."""

    method = Choice("怎样答的", options=[(FollowUpMethod.OWN_PAGE.value, FollowUpMethod.OWN_PAGE.label)], blank=None)

    def __init__(self, *args: Any, kind: FollowUpKind, **kwargs: Any) -> None:
        super().__init__(*args, kind=kind, side=Side.WORKER, **kwargs)
        self.method.data = FollowUpMethod.OWN_PAGE.value
        self.note.label.text = "还有什么要说"

    @property
    def all_well(self) -> bool:
        """Whether nothing follows from the answers that the worker should be told about."""
        said = self.answers
        return not (said.fee_charged or said.injured or said.pay in (PayState.UNPAID, PayState.PARTLY))


class CallFilterForm(Form):
    """What the list of calls is narrowed to."""

    kind = Choice("回访", table=FollowUpKind, blank="全部")
    side = Choice("问哪一方", table=Side, blank="双方")
    late = Choice("期限", options=[("1", "只看超过期限的")], blank="全部")
