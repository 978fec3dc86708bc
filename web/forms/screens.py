"""Forms of the screens room: pairing a screen, a notice for the screens."""

from rules.codes import NoticeKind
from rules.screens import LONGEST_NAME, LONGEST_NOTICE
from web.forms.base import Choice, Day, Given, Line, Lines, PageForm


class PairingForm(PageForm):
    """The six digits on the screen, and where it hangs."""

    code = Line("屏幕上的6位配对码", [Given("请填写屏幕上的6位数字。")], maximum=12, width=2)
    name = Line("屏幕挂在哪里", [Given("请写屏幕挂在哪里，如“大厅东墙”。")], maximum=LONGEST_NAME, hint="如：大厅东墙", width=2)

    @property
    def digits(self) -> str:
        """The code without the space people type in the middle; "" when it is not six digits."""
        typed = (self.code.data or "").replace(" ", "")
        return typed if len(typed) == 6 and typed.isascii() and typed.isdigit() else ""


class NoticeForm(PageForm):
    """One line for the screens."""

    kind = Choice("类别", [Given()], table=NoticeKind, width=2)
    first_day = Day("从哪天起", [Given()], width=2)
    last_day = Day("到哪天为止", [Given()], width=2)
    words = Lines(
        "通知内容",
        [Given("请填写通知内容。")],
        maximum=LONGEST_NOTICE,
        rows=2,
        width=6,
        hint="信息屏上所有人都看得到：不写姓名、电话、微信和门牌号，写“请问服务台”。",
    )


class NothingForm(PageForm):
    """Only the token: for a button."""
