"""Signing in with an enrolled phone and a PIN, and enrolling phones at the counter."""

from wtforms import Form, HiddenField

from rules.errors import RuleBroken
from rules.identity import is_mobile, parse_phone
from web.forms.base import Choice, Given, Line, PageForm, Tick
from web.forms.registration import DIGITS, PHONE, NewPinForm, Pin


class SignInForm(PageForm):
    """Whose PIN it is, on a phone that several people share, and the PIN."""

    person = Choice("您是谁", [Given("请点一下您是谁。")], radio=True)
    pin = Pin("6位数字密码", [Given("请输入6位数字密码。")])


class AskCodeForm(PageForm):
    """The phone a code is sent to."""

    phone = Line("登记时留的手机号", [Given()], maximum=30, render_kw=PHONE)

    def number(self) -> str:
        """The mobile number in one form. RuleBroken on `phone`."""
        number = parse_phone(self.phone.data or "")
        if not is_mobile(number):
            raise RuleBroken("只有手机能收短信，请填11位手机号；没有手机的，请到驿站。", "phone")
        return number


class CodeForm(PageForm):
    """The code that came by message, and the PIN."""

    phone = HiddenField()
    code = Line("短信里的6位验证码", [Given()], maximum=10, render_kw=DIGITS)
    pin = Pin("6位数字密码", [Given("请输入6位数字密码。")])


class ChangePinForm(NewPinForm):
    """The old PIN once, the new one twice."""

    old_pin = Pin("现在的密码", [Given("请输入现在的密码。")])


class FindPersonForm(Form):
    """A number, or a whole phone or document number: never part of one, never a name."""

    word = Line("求职编号、证件号码或者电话", maximum=40)


class OfferForm(PageForm):
    """Before a QR is shown."""

    card_seen = Tick("已看身份证原件，和本人一致", [Given("请看过身份证原件再打勾。")])


class IdentitySeenForm(PageForm):
    """The card of somebody who registered alone, read again at the counter."""

    id_number = Line("照身份证输入号码（可刷读卡器）", [Given("请照身份证输入证件号码。")], maximum=40)
    card_seen = Tick("已看身份证原件，和本人一致", [Given("请看过身份证原件再打勾。")])


class RevokeForm(PageForm):
    """Why a phone is no longer the worker's."""

    reason = Choice(
        "为什么停用",
        [Given()],
        options=[(each, each) for each in ("手机丢了", "换了手机", "不是本人的手机", "忘了密码", "本人要求")],
        blank=None,
        default="手机丢了",
    )
