"""Forms of the register of issued papers."""

from rules.codes import PaperKind
from web.forms.base import Choice, Given, Line, Lines, PageForm


class PaperFilterForm(PageForm):
    """Which papers the register shows."""

    kind = Choice("文书", table=PaperKind, blank="全部")
    day = Line("出具日期", maximum=10, hint="")
    number = Line("编号", maximum=30)
    state = Choice("状态", options=[("valid", "有效"), ("void", "已作废")], blank="全部")


class VoidPaperForm(PageForm):
    """Why an issued paper is void."""

    reason = Lines("作废原因", [Given()], maximum=200, rows=2, width=6, hint="至少5个字，例如：报到地点印错了，改好重新打印")
