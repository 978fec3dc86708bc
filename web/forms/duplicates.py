"""Merging two records that are the same."""

from web.forms.base import Choice, Given, Line, PageForm


class MergeForm(PageForm):
    """Which of the two goes on, and why they are the same."""

    keep = Choice("保留哪一条", [Given("请选择保留哪一条。")], options=[("a", "前一条"), ("b", "后一条")], radio=True, blank=None)
    reason = Line("怎样确认是同一个（同一家）", [Given()], maximum=200, hint="例如：看了本人身份证，两次登记是同一人")
