"""Complaining in public and at the counter, the steps of a complaint, and cases of claimed rights."""

from collections.abc import Iterable, Mapping
from typing import Any, Self

from wtforms import Form

from rules.codes import CaseKind, CaseState, ComplaintDecision, ComplaintKind, ComplaintLevel
from rules.complaints import CASE_STEPS, MAX_WORDS, ComplaintEvent
from web.forms.base import Choice, Day, Given, Line, Lines, Money, PageForm, Tick


class PublicComplaintForm(PageForm):
    """What anybody may complain about, with or without a phone."""

    station = Choice("哪个驿站的事", [Given()], width=6)
    kind = Choice("投诉什么", [Given()], table=ComplaintKind, width=6)
    words = Lines("经过（什么时候、在哪里、谁、多少钱）", [Given("请写清楚经过。")], maximum=MAX_WORDS, rows=5, width=6)
    contact = Line("您的电话（可以不填）", maximum=30, width=6, hint="不填也受理，只是不能打电话问您；加密保存，只给办理的人看")
    past = Tick("不要经过驿站，请监督单位直接办理", width=6)

    @classmethod
    def about(cls, stations: Iterable[Mapping[str, Any]], typed: Any = None, **data: Any) -> Self:
        """The form with the stations to choose from."""
        form = cls(typed, data=data)
        form.station.choices = [("", "请选择"), *((row["code"], row["name"]) for row in stations)]
        return form


class CodeForm(PageForm):
    """The follow code of a complaint."""

    code = Line("查询码（6位数字）", [Given()], maximum=12, width=6)


class ReactionForm(PageForm):
    """Whether the reply is enough; `code` proves who asks when nobody is signed in."""

    code = Line("查询码", maximum=12)
    word = Choice(
        "对答复",
        [Given("请选择满意还是不满意。")],
        options=[(ComplaintEvent.SATISFIED.value, "满意，可以结束"), (ComplaintEvent.DISSATISFIED.value, "不满意，请监督单位复核")],
        radio=True,
        blank="",
        width=6,
    )
    words = Lines("还想说什么（可以不填；填的话至少5个字）", maximum=MAX_WORDS, rows=2, width=6)


class DeskComplaintForm(PageForm):
    """A complaint written down at the counter, as the person says it."""

    kind = Choice("投诉什么", [Given()], table=ComplaintKind)
    level = Choice("缓急", table=ComplaintLevel, blank=None, default=ComplaintLevel.NORMAL.value, width=1)
    referral = Line("推荐单号（有关的话）", maximum=20, hint="如 T26120100001，没有就空着")
    contact = Line("投诉人电话（可以不填）", maximum=30, width=2, hint="可以匿名")
    against = Choice("说的是哪位工作人员", blank="不是说某个人", hint="选了的，由监督单位办理，本人看不到")
    words = Lines("投诉人怎么说", [Given("请写清楚经过。")], maximum=MAX_WORDS, rows=4, width=6)
    past = Tick("投诉人要求由监督单位直接办理", width=6)

    @classmethod
    def about(cls, people: Iterable[Mapping[str, Any]], typed: Any = None) -> Self:
        """The form with the staff to choose from."""
        form = cls(typed)
        form.against.choices = [("", "不是说某个人"), *((str(row["id"]), row["name"]) for row in people)]
        return form


EVENT_LABELS: dict[ComplaintEvent, str] = {
    ComplaintEvent.ACKNOWLEDGE: "受理，并告诉投诉人",
    ComplaintEvent.INVESTIGATE: "记下调查情况",
    ComplaintEvent.DECIDE: "下结论",
    ComplaintEvent.REPLY: "答复投诉人",
    ComplaintEvent.SATISFIED: "投诉人满意，结束",
    ComplaintEvent.DISSATISFIED: "投诉人不满意，转监督单位复核",
    ComplaintEvent.REVIEW: "开始复核",
    ComplaintEvent.FINISH: "复核结论，最终结束",
}


class ComplaintStepForm(PageForm):
    """The next step of a complaint."""

    event = Choice("这一步", [Given("请选择办哪一步。")], radio=True, blank="", width=6)
    decision = Choice("结论", table=ComplaintDecision, hint="下结论时选")
    words = Lines("写明情况", maximum=MAX_WORDS, rows=4, width=6, hint="答复的话投诉人看得到；不要写证件号码和电话")

    @classmethod
    def about(cls, events: list[ComplaintEvent], typed: Any = None) -> Self:
        """The form with the steps that may follow now; a single one is chosen already.

        What was `typed` may be any step: a form sent twice is answered as the first time, and the action knows the rest.
        """
        form = cls(typed, data={"event": events[0].value} if len(events) == 1 else {})
        form.offer(list(ComplaintEvent) if typed is not None else events)
        return form

    def offer(self, events: list[ComplaintEvent]) -> None:
        """Show these steps to choose from."""
        self.event.choices = [("", ""), *((event.value, EVENT_LABELS[event]) for event in events)]


class AccusedForm(PageForm):
    """Which member of staff a complaint turns out to be about."""

    account = Choice("说的是哪位工作人员", [Given()], width=3)

    @classmethod
    def about(cls, people: Iterable[Mapping[str, Any]], typed: Any = None) -> Self:
        """The form with the staff to choose from."""
        form = cls(typed)
        form.account.choices = [("", "请选择"), *((str(row["id"]), row["name"]) for row in people)]
        return form


class ComplaintFilterForm(Form):
    """Narrowing the list of complaints."""

    state = Line("办理")
    kind = Line("事项")
    word = Line("编号", maximum=20)


class CaseFilterForm(Form):
    """Narrowing the list of cases."""

    state = Line("办理")
    kind = Line("事项")
    word = Line("编号或雇主", maximum=40)


class CaseForm(PageForm):
    """Opening a case at the counter for somebody who worked."""

    referral = Line("推荐单号", [Given()], maximum=20, hint="在推荐单、上岗单上")
    kind = Choice("什么事", [Given()], table=CaseKind)
    claim_fen = Money("说欠多少钱（元）", hint="不清楚就空着")
    since = Day("从哪天算起", hint="该付钱没付的那天；空着按今天")
    facts = Lines("经过、有什么凭据", [Given("请写清楚经过。")], maximum=MAX_WORDS, rows=4, width=6, hint="不要写证件号码和电话")


class CaseStepForm(PageForm):
    """What was done about a case."""

    state = Choice("办到哪一步", [Given("请选择办到哪一步。")], radio=True, blank="", width=6)
    recovered_fen = Money("零工实际拿到（元）", hint="已解决的才填")
    words = Lines(
        "做了什么、结果怎样",
        [Given("请写明做了什么。")],
        maximum=MAX_WORDS,
        rows=3,
        width=6,
        hint="联系了谁、转给哪个部门（劳动监察、仲裁、法律援助、调解）、什么时候回话；不要写证件号码和电话",
    )

    @classmethod
    def about(cls, state: CaseState, typed: Any = None) -> Self:
        """The form with the states that may follow; what was `typed` may be any, as in `ComplaintStepForm`."""
        form = cls(typed)
        form.offer(list(CaseState) if typed is not None else CASE_STEPS.get(state, ()))
        return form

    def offer(self, states: Iterable[CaseState]) -> None:
        """Show these states to choose from."""
        self.state.choices = [("", ""), *((to.value, to.label) for to in states)]


class HandlerForm(PageForm):
    """Who works on a case."""

    handler = Choice("承办人", [Given()], width=3)

    @classmethod
    def about(cls, people: Iterable[Mapping[str, Any]], typed: Any = None, **data: Any) -> Self:
        """The form with the people to choose from."""
        form = cls(typed, data=data)
        form.handler.choices = [("", "请选择"), *((str(row["id"]), row["name"]) for row in people)]
        return form
