"""Asking for an export and deciding about one."""

from rules.codes import ExportPurpose
from web.forms.base import Choice, Given, Line, PageForm


class ExportForm(PageForm):
    """What the list is for; which list and which filter come with it as hidden fields."""

    purpose = Choice("用途", [Given()], table=ExportPurpose, width=2)
    note = Line("说明", maximum=200, width=4, hint="选“其他”的要写明")


class DecisionForm(PageForm):
    """Yes or no, and why not."""

    decision = Choice("决定", [Given()], options=[("yes", "同意"), ("no", "不同意")], blank=None, radio=True)
    reason = Line("不同意的原因", maximum=200, width=6, hint="不同意的要写明，至少5个字")
