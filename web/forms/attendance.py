"""The rush-hour desk: signing in, calling, passing over, giving a place, replacing somebody who did not come."""

from datetime import datetime
from typing import Any

from wtforms import Form

from rules.codes import CallAnswer, ConsentMethod, SignInState, SkipReason
from web.forms.base import Choice, Given, Line, PageForm, Tick, Whole

HELD = 9999


class SignInForm(PageForm):
    """What was scanned or typed; `choice` the seeker number chosen of several; `keyed_at` and `token` of one that was kept offline."""

    word = Line("扫求职卡、手机码，或输入电话、后四位、姓名", maximum=40)
    choice = Line("求职编号", maximum=20)
    keyed_at = Line("签到时间", maximum=40)
    token = Line("签到标记", maximum=40)

    def validate(self, extra_validators: object = None) -> bool:
        """Somebody must be named."""
        valid = super().validate()
        if valid and not self.word.data and not self.choice.data:
            self.word.errors = ["请扫卡，或者输入电话、姓名。"]
            return False
        return valid

    @property
    def arrived_at(self) -> datetime | None:
        """The moment it was keyed, when the desk could not send it at once. ValueError for what is no moment."""
        if not self.keyed_at.data:
            return None
        moment = datetime.fromisoformat(self.keyed_at.data.replace("Z", "+00:00"))
        if moment.tzinfo is None:
            raise ValueError(self.keyed_at.data)
        return moment


class TicketForm(PageForm):
    """Somebody of today, by ticket."""

    ticket = Whole("号码", [Given()], least=1, most=HELD, id="ticket")


class CallForm(TicketForm):
    """Calling somebody: by turn, again, or because the employer asked for this person."""

    ticket = Whole("号码", [Given()], least=1, most=HELD, id="call-ticket")
    counter = Line("窗口", maximum=10, id="call-counter")
    again = Tick("再叫一遍", id="call-again")
    named = Tick("雇主点名", id="call-named")
    note = Line("雇主那边谁点的名", maximum=60, id="call-note")


class NamedCallForm(CallForm):
    """The same, as the page asks for a named person."""

    ticket = Whole("点名要几号", [Given()], least=1, most=HELD, id="named-ticket")
    counter = Line("窗口", maximum=10, id="named-counter")
    again = Tick("再叫一遍", id="named-again")
    named = Tick("雇主点名", id="named-named")
    note = Line("雇主那边谁点的名", maximum=60, id="named-note")


class SkipForm(TicketForm):
    """Passing somebody over for this demand today."""

    ticket = Whole("跳过几号", [Given()], least=1, most=HELD, id="skip-ticket")
    reason = Choice("跳过的原因", [Given()], table=SkipReason, id="skip-reason")
    note = Line("说明", maximum=100, id="skip-note")


class PlaceForm(TicketForm):
    """The worker agreed, read aloud, that this employer learns of him; and who at the employer said yes."""

    ticket = Whole("给几号", [Given()], least=1, most=HELD, id="place-ticket")
    method = Choice(
        "怎样同意的",
        [Given()],
        options=[(each.value, each.label) for each in ConsentMethod if each is not ConsentMethod.ONLINE],
        blank=None,
        default=ConsentMethod.READ_ALOUD.value,
        id="place-method",
    )
    consent = Tick("上面这句话读给本人听了，本人同意", id="place-consent")
    answered_by = Line("雇主那边谁答复的", [Given()], maximum=40, id="place-answered-by")

    def validate(self, extra_validators: object = None) -> bool:
        """Without the ticked consent nothing goes to the employer (PIPL art. 23)."""
        valid = super().validate()
        if not self.consent.data:
            self.consent.errors = [*self.consent.errors, "请先把上面这句话读给本人听，同意后打勾。"]
            return False
        return valid


class CallAnswerForm(TicketForm):
    """What came of a call, each answer a button with a key."""

    answer = Choice("叫号结果", [Given("请点一个结果。")], table=CallAnswer, id="call-answer")


class ReplacementForm(PageForm):
    """Who had a place and did not come."""

    referral = Line("推荐单号", [Given()], maximum=20, id="replaced")
    reason = Line("未到岗的情况", [Given()], maximum=150, id="replaced-reason")
    counter = Line("窗口", maximum=10, id="replaced-counter")


class SignInFilterForm(Form):
    """What the list of sign-ins is narrowed to; unknown values are dropped."""

    state = Choice("现在", table=SignInState, blank="全部")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.state.data not in {value for value, _ in self.state.choices}:
            self.state.data = ""
