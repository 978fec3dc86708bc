"""Saving a search for a phone: the number, then the code that was sent to it."""

from rules.errors import RuleBroken
from rules.identity import is_mobile, parse_phone
from web.forms.base import Line, PageForm


class AlertForm(PageForm):
    """The phone that wants to be told."""

    phone = Line("手机号", maximum=20)

    def number(self) -> str:
        """The phone in its one form. RuleBroken on `phone` when it is not a mobile number."""
        phone = parse_phone(self.phone.data or "")
        if not is_mobile(phone):
            raise RuleBroken("请填手机号，座机收不到短信。", "phone")
        return phone


class CodeForm(PageForm):
    """The six digits of the message."""

    code = Line("验证码", maximum=10)
