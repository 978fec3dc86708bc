"""Forms of the calling order: a new version of the rule, and the day whose seed is published."""

from wtforms import HiddenField

from rules.calling_order import LONGEST_REASON
from rules.codes import CallingMethod
from web.forms.base import Choice, Clock, Day, Given, Line, PageForm


class CallingRuleForm(PageForm):
    """How the station calls from a day on, and why."""

    method = Choice("叫号办法", [Given()], table=CallingMethod, radio=True, blank=None, width=6)
    draw_at = Clock("几点抽签", width=2, hint="只在选抽签时填写，如 06:30")
    effective_from = Day("从哪天起施行", [Given()], width=2, hint="最早明天；当天的规则不变")
    reason = Line("为什么这样定", [Given()], maximum=LONGEST_REASON, width=6, hint="印在公布的规则上，至少5个字")
    based_on = HiddenField()

    @property
    def version_seen(self) -> int:
        """The version the person had before them; 0 before the first one, -1 for junk, which no rule has."""
        typed = self.based_on.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 7 else -1


class SeedForm(PageForm):
    """The day whose seed is published now."""

    day = Day("日期", [Given()], width=2)


class DrawForm(PageForm):
    """Holding the draw: nothing to fill in, the published hour and the tickets decide."""
